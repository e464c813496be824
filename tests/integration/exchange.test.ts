/**
 * Goal: a month leaves a real station as files that are what their schema and manifest say, stands in the ledger by
 * digest without a name, reads the same page by page, and taken in by a second station gives the same facts.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExchangeRow, exchangeTables } from '../../src/domain/exchange-columns.ts';
import { type CalendarDate, getCalendarDate } from '../../src/domain/people-facts.ts';
import { dayAfter } from '../../src/domain/station-time.ts';
import type { ImportKind } from '../../src/domain/subject-kinds.ts';
import type { ExchangeManifest } from '../../src/reporting/exchange-files.ts';
import { ExchangePages } from '../../src/station/exchange-pages.ts';
import { systemActor } from '../../src/station/station-context.ts';
import type { Station } from '../../src/station.ts';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { evidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { InProcess } from '../support/in-process.ts';
import { preparedDayOf, takeIn } from '../support/prepared-day.ts';

const folder = makeDiskFolder();
const out = join(folder, 'month');
const day = preparedDayOf({ seed: 7, officers: 20, cases: 12, clips: 24 });
const zone = 'engine: { kind: portable }\n';
let one: InProcess;
let today: CalendarDate;
let month: string;

const roster = [
  '执法证号,姓名,单位,单位编码,上级单位,岗位,在岗,原因,证件状态,状态起始日期,有效期至,人员编号,发证日期,人员类别',
  'ZB0001,王=建国,直属一大队,140501,140500,-,是,,有效,,2030-12-31,P1,2024-03-01,执法人员',
  'ZB0002,=1+1,直属一大队,140501,140500,路面执法,否,产假,暂扣,2026-05-01,2030-12-31,P2,,辅助人员',
].join('\n');
const recorders = [
  '记录仪编号,型号,状态,状态日期,公用单位',
  'TA10001,DSJ-K9,在用,,',
  'TA20001,"DSJ,""K9""",维修,2026-02-03 08:30,140501',
].join('\n');

async function take(station: Station, kind: ImportKind, bytes: Buffer, effective: string): Promise<void> {
  const { reading } = await station.people.import({
    kind,
    bytes,
    effective: getCalendarDate(effective),
    dryRun: false,
    allowPartial: false,
    actor: systemActor,
    onProgress: () => undefined,
  });
  expect(reading.problems).toEqual([]);
}

beforeAll(async () => {
  mkdirSync(join(folder, 'one'));
  one = await InProcess.open(join(folder, 'one'), zone);
  await takeIn(one.station, day);
  await take(one.station, 'officers', Buffer.from(roster), '2026-02-01');
  await take(one.station, 'recorders', Buffer.from(recorders), '2026-02-01');
  today = one.station.today();
  month = today.slice(0, 7);
});

afterAll(async () => {
  await one?.close();
  removeFolder(folder);
});

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const file = (name: string): Buffer => readFileSync(join(out, name));
const rowsOf = (table: string): ExchangeRow[] => JSON.parse(file(`${table}.json`).toString()).rows;

describe('a month', () => {
  test('leaves as files that are what the manifest says, and stands in the ledger without a name', async () => {
    const said = await one.run(['exchange', '--month', month, '--out', out, '--json']);
    expect(said).toMatchObject({ code: 0, stderr: '' });
    const { seq, manifestSha256 } = JSON.parse(said.stdout);
    const manifest = JSON.parse(file('exchange.json').toString()) as ExchangeManifest;
    expect(digest(file('exchange.json'))).toBe(manifestSha256);
    expect(manifest).toMatchObject({ month, as_of: today, known_at: seq - 1, schema_version: 1 });
    expect(readdirSync(out).sort()).toEqual([...manifest.files.map(({ name }) => name), 'exchange.json'].sort());
    expect(manifest.files).toHaveLength(13);
    for (const { name, bytes, sha256 } of manifest.files) {
      expect([name, statSync(join(out, name)).size, digest(file(name))]).toEqual([name, bytes, sha256]);
    }
    for (const { table, rows } of manifest.tables) expect([table, rowsOf(table).length]).toEqual([table, rows]);
    await one.station.checkpoint();
    const records = readdirSync(join(folder, 'one/ledger/records'));
    const lines = records.flatMap((name) =>
      readFileSync(join(folder, 'one/ledger/records', name), 'utf8')
        .split('\n')
        .filter(Boolean),
    );
    const record = JSON.parse(lines.find((line) => line.includes('"exchange-made"')) ?? '{}');
    expect(record).toMatchObject({ seq, actor: { kind: 'person', id: 'os-user:0' } });
    expect(record.body).toMatchObject({ manifestSha256, month, asOf: today, rows: { officers: 22, assignments: 30 } });
    expect(JSON.stringify(record)).not.toMatch(/建国|ZB0001|大队/u);
  });

  test('every row is what the schema says, and the files hold what the station knows', () => {
    const { $defs } = JSON.parse(file('schema.json').toString());
    for (const table of exchangeTables) {
      const check = Compile($defs[table]);
      const rows = rowsOf(table);
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect([row, check.Errors(row)]).toEqual([row, []]);
    }
    const officers = new Map(rowsOf('officers').map((row) => [row.certificate_no, row]));
    expect(officers.get('ZB0002')).toMatchObject({
      ...{ name: '=1+1', unit_code: '140501', parent_unit: '140500', on_duty: false, duty_reason: '产假' },
      ...{ certificate_status: 'suspended', status_from: '2026-05-01', category: 'auxiliary', person_no: 'P2' },
    });
    expect(rowsOf('recorders')).toMatchObject([
      { recorder_serial: 'TA10001', state: 'in-service', holder_certificate_no: 'JX1001', holder_mode: 'personal' },
      { recorder_serial: 'TA20001', state: 'repair', state_since: '2026-02-03T08:30:00', pool_unit: '140501' },
    ]);
    expect(rowsOf('cases').map((row) => row.case_number)).toEqual(day.cases.map(({ number }) => number).sort());
    const links = rowsOf('links');
    expect(links.map((row) => row.clip_id).sort()).toEqual(day.clips.map(({ id }) => id).sort());
    for (const row of links) {
      const linked = one.station.links.linksOf(String(row.clip_id));
      expect(row).toMatchObject({
        case_basis: linked.case?.basis ?? null,
        officer_certificate_no: linked.officer?.number ?? null,
        officer_basis: linked.officer?.basis ?? null,
      });
    }
    expect(links.some((row) => row.case_number !== null && row.corrected_earliest !== null)).toBe(true);
  });

  test('coverage is what the station answers, of every profile, both figures', async () => {
    for (const profile of one.station.people.profiles.keys()) {
      const { answer } = await one.station.coverage.report({ profile, asOf: today, unit: undefined });
      const [all, ...units] = rowsOf('coverage').filter((row) => row.profile === profile);
      expect(all).toMatchObject({
        ...{ scope: 'all', population: answer.population, covered: answer.covered, rate: answer.rate },
        covered_personally: answer.coveredPersonally,
        covered_including_shared: answer.coveredIncludingShared,
        clause: answer.profile.clause,
      });
      expect(units.map((row) => [row.unit_key, row.covered])).toEqual(
        answer.units.map(({ unitKey, covered }) => [unitKey, covered]),
      );
    }
  });

  test.each(['csv', 'json'] as const)('taken in by a second station as %s it gives the same facts', async (format) => {
    const data = join(folder, `two-${format}`);
    mkdirSync(data);
    const two = await InProcess.open(data, zone);
    try {
      for (const kind of ['officers', 'recorders', 'assignments', 'cases'] as const) {
        await take(two.station, kind, file(`${kind}.${format}`), today);
      }
      const again = join(folder, `again-${format}`);
      expect(await two.run(['exchange', '--month', month, '--out', again])).toMatchObject({ code: 0 });
      for (const table of ['officers', 'recorders', 'assignments', 'cases', 'coverage']) {
        const rows: ExchangeRow[] = JSON.parse(readFileSync(join(again, `${table}.json`), 'utf8')).rows;
        expect(rows.map(shared)).toEqual(rowsOf(table).map(shared));
      }
    } finally {
      await two.close();
    }
    const { code, stdout } = await evidock(['fsck', '--data', data]);
    expect([code, stdout]).toEqual([0, expect.anything()]);
  });

  test('is refused where it cannot be told, and leaves nothing behind', async () => {
    const before = one.station.context.ledger.size;
    expect(await one.run(['exchange', '--month', month, '--out', out])).toMatchObject({ code: 1 });
    const elsewhere = join(folder, 'never');
    const asked = ['exchange', '--out', elsewhere, '--month'];
    expect(await one.run([...asked, '2999-01'])).toMatchObject({ code: 1 });
    expect(await one.run([...asked, month, '--as-of', dayAfter(today)])).toMatchObject({ code: 1 });
    expect(await one.run([...asked, '2026-13'])).toMatchObject({ code: 2 });
    expect(await one.run([...asked, month, '--only', 'people'])).toMatchObject({ code: 2 });
    expect(readdirSync(folder).filter((name) => name.startsWith('never'))).toEqual([]);
    expect(one.station.context.ledger.size).toBe(before);
  });

  test('one table in one format, as known before anything was', async () => {
    const some = join(folder, 'some');
    const words = ['exchange', '--month', month, '--only', 'officers', '--format', 'csv', '--known-at', '0'];
    expect(await one.run([...words, '--out', some])).toMatchObject({ code: 0 });
    expect(readdirSync(some).sort()).toEqual(['exchange.json', 'officers.csv', 'schema.json']);
    expect(readFileSync(join(some, 'officers.csv'), 'utf8').split('\r\n')).toHaveLength(2);
    // Its answer would be another one once that time has come.
    for (const later of ['2999-01-01', '2999-01-01T08:00']) {
      const refused = await one.run([...words.slice(0, -1), later, '--out', join(folder, 'later')]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('not-yet-known');
    }
  });
});

/** Person ids are each station's own, and what was known since when. */
const shared = ({ person_id: _id, effective_from: _from, ...row }: ExchangeRow): ExchangeRow => row;

describe('the API', () => {
  test('gives the files’ rows page by page, the schema, and refuses what it does not understand', async () => {
    const pages = new ExchangePages(one.station.exchange, { timeZone: 'Asia/Shanghai', pageRows: 7 });
    const app = buildWebApp({
      station: { exchange: pages, timeZone: 'Asia/Shanghai' } as never,
      log: { error: () => undefined, warn: () => undefined },
    });
    const get = (url: string) => app.inject({ url, headers: { host: 'localhost' } });
    expect((await get('/api/exchange/schema')).json()).toEqual(JSON.parse(file('schema.json').toString()));
    const { known_at } = JSON.parse(file('exchange.json').toString()) as ExchangeManifest;
    for (const table of exchangeTables) {
      const rows: ExchangeRow[] = [];
      const lines: string[] = [];
      const visited: string[] = [];
      for (let url = `/api/exchange/${table}?month=${month}&known_at=${known_at}`; url !== ''; ) {
        const json = (await get(url)).json();
        expect(json).toMatchObject({ format: 'evidock-exchange/1', table, month, known_at });
        rows.push(...json.rows);
        const csv = await get(url.replace('format=json&', '').concat('&format=csv'));
        lines.push(
          ...csv.body
            .replace(/^\ufeff/u, '')
            .split('\r\n')
            .slice(1, -1),
        );
        visited.push(url);
        url = json.next ?? '';
      }
      expect(rows).toEqual(rowsOf(table));
      expect(lines).toEqual(file(`${table}.csv`).toString().split('\r\n').slice(1, -1));
      // A page in the middle, asked for on its own.
      const [, second] = visited;
      if (second !== undefined) expect((await get(second)).json().rows).toEqual(rows.slice(7, 14));
    }
    for (const wrong of ['', '?month=2026-13', `?month=${month}&format=xml`, `?month=${month}&page=0`]) {
      expect((await get(`/api/exchange/officers${wrong}`)).statusCode).toBe(400);
    }
    const late = await get('/api/exchange/officers?month=2999-01');
    expect([late.statusCode, late.json().code]).toEqual([409, 'month-to-come']);
    const post = await app.inject({ method: 'POST', url: '/api/exchange/officers', headers: { host: 'localhost' } });
    expect(post.statusCode).toBe(405);
    await app.close();
  });
});
