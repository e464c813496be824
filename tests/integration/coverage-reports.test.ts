/**
 * Goal: what is handed in and told about coverage stands in the ledger and nowhere else: a report is known again by its
 * bytes and only by them, earlier figures stay apart, an alert is raised once and reaches a real webhook with no person in
 * it, and the registry rebuilt from the ledger says the same.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import readExcelFile from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import type { ReportFileName } from '../../src/domain/coverage-records.ts';
import { newCoverageReportId, newDocumentId, type Sha256Hex } from '../../src/domain/ids.ts';
import { getCalendarDate as day } from '../../src/domain/people-facts.ts';
import type { RecordEnvelope } from '../../src/domain/records.ts';
import { Registry } from '../../src/registry/registry.ts';
import type { HandedInReport } from '../../src/station/coverage-book-desk.ts';
import { sumsFile } from '../../src/station/coverage-report-files.ts';
import { random, systemActor } from '../../src/station/station-context.ts';
import { Station } from '../../src/station.ts';
import { coverageForms } from '../../src/web/web-coverage.ts';
import { checkout } from '../support/disk-folder.ts';

const dataFolder = mkdtempSync(join(tmpdir(), 'evidock-coverage-reports-'));
const heard: { body: string; signature: string | undefined }[] = [];
let answers: number[] = [];
let server: Server;
let station: Station;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      heard.push({ body, signature: request.headers['x-evidock-signature'] as string | undefined });
      response.writeHead(answers.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  writeFileSync(join(dataFolder, 'secret'), 'a secret of sixteen bytes');
  writeFileSync(
    join(dataFolder, 'config.yaml'),
    `alerts:
  webhookUrl: http://127.0.0.1:${(server.address() as AddressInfo).port}/hook
  webhookSecretFile: ${join(dataFolder, 'secret')}
  webhookAttempts: 1
`,
  );
  const configuration = loadConfiguration({ dataFolder });
  const log = pino({ level: 'silent' });
  station = await Station.open({ dataFolder, configuration, log, command: 'test', version: 'test' });
  for (const [kind, file] of [
    ['officers', 'roster'],
    ['recorders', 'recorders'],
    ['assignments', 'assignments'],
  ] as const) {
    await importTable(kind, readFileSync(join(checkout, `fixtures/people/${file}.csv`)), '2025-01-01');
  }
});

afterAll(async () => {
  await station?.close();
  server?.close();
  rmSync(dataFolder, { recursive: true, force: true });
});

const importTable = (kind: 'officers' | 'recorders' | 'assignments', bytes: Buffer, effective: string) =>
  station.people.import({
    kind,
    bytes,
    effective: day(effective),
    dryRun: false,
    allowPartial: false,
    actor: systemActor,
    onProgress: () => undefined,
  } as never);

const today = day('2026-11-22');
const ask = (more: object = {}) => ({
  profile: 'ministry',
  month: '2026-10',
  unit: undefined,
  handedInBy: '张三',
  handedInTo: '市交通运输局',
  language: 'zh' as const,
  actor: systemActor,
  ...more,
});

const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex') as Sha256Hex;
const textOf = ({ files }: HandedInReport, name: ReportFileName): string =>
  files.find((file) => file.name === name)?.bytes.toString() ?? expect.fail(`no ${name}`);

async function bodyAt(seq: number): Promise<RecordEnvelope['body']> {
  for await (const { record } of station.context.ledger.replay(seq)) return record.body;
  return expect.fail(`no record ${seq}`);
}

describe('a monthly report', () => {
  it('is known again by the exact bytes of each of its files, and by nothing else', async () => {
    const made = await station.coverageBook.report(ask(), today);
    const { row } = made;
    expect(row).toMatchObject({ month: '2026-10', asOf: '2026-10-31', profile: 'ministry', population: 7, covered: 2 });
    const figures = textOf(made, 'figures.json');
    expect(JSON.parse(figures)).toMatchObject({ population: 7, covered: 2, gap: 5, known_at: row.knownAt, unit: null });
    expect(figures).not.toMatch(/[王李张]/u);
    expect(made.files.map(({ name }) => name)).toEqual(['figures.json', 'list.csv', 'report.xlsx', 'report.html']);
    for (const { name, bytes } of made.files) {
      const known = await station.coverageBook.check(sha256(bytes));
      expect(known).toMatchObject([{ name, isReproduced: true, row: { report: row.report } }]);
      expect(await station.coverageBook.check(sha256(`${bytes} `))).toEqual([]);
    }
    // What the ledger itself says, whatever becomes of the registry.
    expect((await bodyAt(row.seq)).files).toEqual(
      made.files.map(({ name, bytes }) => ({ name, sha256: sha256(bytes), bytes: bytes.length })),
    );
  });

  it('has every changed, missing and foreign file of its folder named', async () => {
    const { row, files } = await station.coverageBook.report(ask({ month: '2026-08', language: 'en' }), today);
    const whole = new Map<string, string>(files.map(({ name, bytes }) => [name, sha256(bytes)]));
    whole.set('SHA256SUMS', sha256(sumsFile(row.details?.files ?? [])));
    const states = (digests: ReadonlyMap<string, string>, report?: string) => {
      const checked = station.coverageBook.checkFolder(digests, report);
      expect(checked?.row.report).toBe(row.report);
      return checked?.files.filter(({ state }) => state !== 'same').map(({ name, state }) => [name, state]);
    };
    expect(states(whole)).toEqual([]);
    for (const name of whole.keys()) {
      expect(states(new Map(whole).set(name, sha256('altered')))).toEqual([[name, 'changed']]);
      const without = new Map(whole);
      without.delete(name);
      expect(states(without)).toEqual(name === 'SHA256SUMS' ? [] : [[name, 'missing']]);
    }
    expect(states(new Map(whole).set('more.txt', sha256('more')))).toEqual([['more.txt', 'not-of-report']]);
    const altered = new Map([...whole.keys()].map((name) => [name, sha256('altered')]));
    expect(station.coverageBook.checkFolder(altered, undefined)).toBeUndefined();
    expect(states(altered, row.report)).toEqual([...whole.keys()].map((name) => [name, 'changed']));
  });

  it('of before files were recorded one by one is checked by what was recorded then', async () => {
    const { row, files } = await station.coverageBook.report(ask({ month: '2026-07' }), today);
    const report = newCoverageReportId(random);
    const { files: _, ...body } = await bodyAt(row.seq);
    const { unit, handedInBy, handedInTo, figures } = row.details ?? expect.fail('no document');
    await station.context.ledger.append({
      type: 'coverage-reported',
      actor: systemActor,
      subject: report,
      body: { ...body, report },
      documents: [{ id: newDocumentId(random), body: { unit, handedInBy, handedInTo, figures } }],
    });
    const digests = new Map<string, string>(files.map(({ name, bytes }) => [name, sha256(bytes)]));
    expect(station.coverageBook.checkFolder(digests, report)?.files.map(({ name, state }) => [name, state])).toEqual([
      ['figures.json', 'same'],
      ['list.csv', 'same'],
      ['report.xlsx', 'not-recorded'],
      ['report.html', 'not-recorded'],
    ]);
    const list = files[1]?.bytes ?? expect.fail('no list');
    expect((await station.coverageBook.check(sha256(list))).map(({ row: found }) => found.report)).toContain(report);
    expect(textOf(await station.coverageBook.reproduce(report, 'zh'), 'figures.json')).toBe(figures);
  });

  it('stays what it was when a later list corrects the day that it speaks of', async () => {
    const made = await station.coverageBook.report(ask({ month: '2026-09' }), today);
    const recorders = readFileSync(join(checkout, 'fixtures/people/recorders.csv'), 'utf8');
    await importTable(
      'recorders',
      Buffer.from(recorders.replace('R001,DSJ-K9,在用', 'R001,DSJ-K9,报废')),
      '2026-09-01',
    );
    const after = await station.coverageBook.report(ask({ month: '2026-09' }), today);
    expect(after.row.covered).toBe(made.row.covered - 1);
    for (const { bytes } of made.files) {
      expect(await station.coverageBook.check(sha256(bytes))).toMatchObject([{ isReproduced: true }]);
    }
    const again = await station.coverageBook.reproduce(made.row.report, 'en');
    expect(again.files.map(({ bytes }) => sha256(bytes))).toEqual(made.files.map(({ bytes }) => sha256(bytes)));
  });

  it('names nobody in its record, and is of one unit where one is asked', async () => {
    const { row } = await station.coverageBook.report(ask({ unit: '一大队' }), today);
    expect(row.details).toMatchObject({ unit: '一大队', handedInBy: '张三' });
    const records = readdirSync(join(dataFolder, 'ledger/records'));
    const text = records.map((name) => readFileSync(join(dataFolder, 'ledger/records', name), 'utf8')).join('');
    expect(text).toContain('coverage-reported');
    expect(text).not.toMatch(/张三|一大队/u);
  });

  it('of a month that has not begun is refused', async () => {
    await expect(station.coverageBook.report(ask({ month: '2026-12' }), today)).rejects.toMatchObject({
      code: 'month-to-come',
    });
  });
});

describe('figures from before the installation', () => {
  const table = (rows: string): Buffer => Buffer.from(`年度,口径,单位,应配人数,已配人数,来源文件\n${rows}`);
  const take = (rows: string) =>
    station.coverageBook.importBaseline({ bytes: table(rows), source: undefined, dryRun: false, actor: systemActor });

  it('stand beside computed years and are never compared with them', async () => {
    await take('2023,ministry,,120,60,县交〔2024〕3号\n2024年末,ministry,全部,120,80,县交〔2025〕2号\n');
    const { years } = await station.coverageAnswers.overTime({ profile: 'ministry', asOf: today, unit: undefined });
    expect(years.map(({ year, origin, rise, source }) => [year, origin, rise, source])).toEqual([
      [2023, 'handed-in', 'not-comparable', '县交〔2024〕3号'],
      [2024, 'handed-in', 'rose', '县交〔2025〕2号'],
      [2025, 'computed', 'not-comparable', null],
      [2026, 'computed', 'fell', null],
    ]);
  });

  it('with a mistake are refused whole, each mistake with its reason', async () => {
    const before = station.context.ledger.size;
    const { problems } = await take('2022,ministry,,10,11,x\n2022,ministry,一大队,many,1,x\n2021,ministry,,5,5,\n');
    expect(problems.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'more-than-all'],
      [3, 'not-a-count'],
      [4, 'empty'],
    ]);
    expect(station.context.ledger.size).toBe(before);
  });
});

describe('alerts', () => {
  const kinds = (): string[] => station.coverageAlerts.open('ministry').map(({ kind }) => kind);

  it('are raised once, and reach the webhook signed and without a person', async () => {
    // Two at once are one after the other, as when somebody asks while the station itself looks.
    const { coverageAlerts } = station;
    const [first, second] = await Promise.all([coverageAlerts.look(), coverageAlerts.look()]);
    expect(first.length).toBeGreaterThan(0);
    expect(second).toEqual([]);
    expect(kinds()).toContain('roster-old');
    expect(kinds()).toHaveLength(new Set(kinds()).size);
    expect(await coverageAlerts.look()).toEqual([]);
    answers = [503];
    await Promise.all([coverageAlerts.send(), coverageAlerts.send()]);
    const [refused, ...others] = coverageAlerts.alerts().reverse();
    expect(refused).toMatchObject({ delivery: 'not-sent', status: '503' });
    expect(others.every(({ delivery }) => delivery === 'sent')).toBe(true);
    expect(heard.length).toBe(others.length + 1);
    for (const { body, signature } of heard) {
      expect(signature).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/u);
      expect(body).not.toMatch(/1405\d{4,}|王建国|李秀英/u);
    }
    await coverageAlerts.send();
    expect(heard.length).toBe(others.length + 1);
  });

  it('tell of a gap that is new, with its unit and count', async () => {
    const recorders = readFileSync(join(checkout, 'fixtures/people/recorders.csv'), 'utf8');
    const gone = recorders.replaceAll('在用', '丢失');
    await importTable('recorders', Buffer.from(gone), station.today());
    const raised = await station.coverageAlerts.look();
    expect(raised.map(({ kind }) => kind)).toContain('new-gap');
    const alert = raised.find(({ kind, key }) => kind === 'new-gap' && key.startsWith('ministry'));
    expect(alert?.units.reduce((sum, { count }) => sum + count, 0)).toBe(alert?.count);
  });
});

describe('forms', () => {
  it.each(coverageForms)('%s is made as paper and as a spreadsheet', async (form) => {
    const asked = { profile: 'ministry', asOf: today, unit: undefined };
    const paper = await station.coverageAnswers.form(form, asked, 'html', 'zh');
    expect(Buffer.from(paper.bytes).toString()).toContain('@page{size:A4 landscape');
    const sheet = await station.coverageAnswers.form(form, asked, 'xlsx', 'zh');
    const [read] = await readExcelFile(Buffer.from(sheet.bytes));
    expect(read?.data.flat()).toContain('序号');
  });

  it('a look-back that begins after its last day is refused', async () => {
    const asked = { profile: 'ministry', asOf: today, unit: undefined, from: day('2026-11-23') };
    await expect(station.coverageAnswers.formOf('look-back', asked, 'zh')).rejects.toMatchObject({
      code: 'look-back-empty',
    });
    const { sheets } = await station.coverageAnswers.formOf('look-back', { ...asked, from: today }, 'zh');
    expect(sheets[0]?.rows).not.toEqual([]);
  });

  it('the rectification list has a line for each gap, as 其他问题, with wording and due day', async () => {
    const asked = { profile: 'ministry', asOf: today, unit: undefined };
    const { sheets } = await station.coverageAnswers.formOf('rectification', asked, 'zh');
    const figures = await station.coverage.figures(asked);
    expect(sheets[0]?.rows).toHaveLength(figures.missing);
    for (const row of sheets[0]?.rows ?? []) {
      expect(row[1]).toBe('其他问题');
      expect(row[2]).toMatch(/未配备执法记录仪：.+（交办法〔2024〕25号 二\(四\)3）。$/u);
      expect(row[5]).toBe('2026-12-31');
    }
  });
});

it('the registry rebuilt from the ledger says the same', async () => {
  const again = Registry.open(':memory:');
  const { ledger, registry } = station.context;
  await again.replay(ledger.replay(0), ledger.size);
  expect(registry.differencesFrom(again)).toEqual([]);
  again.close();
});

describe('the report on paper', () => {
  const paper = async (unit: string | undefined) => {
    const asked = { profile: 'ministry', asOf: today, unit };
    return Buffer.from((await station.coverageAnswers.file(asked, 'html', 'zh')).bytes).toString();
  };

  it('names the unit in words and says since when each gap is open', async () => {
    const more =
      '执法证号,姓名,单位,单位编码,岗位,在岗,证件状态,有效期至\n14052299999,赵敏,水上大队,140599,一线,是,有效,2029-12-31\n';
    await importTable('officers', Buffer.from(more), '2026-10-08');
    const text = await paper('140599');
    expect(text).toContain('<li>单位：水上大队</li>');
    expect(text).toContain('缺口起始');
    expect(text).toContain('<td class="day">2026-10-08</td>');
  });

  it('is one of all units where no single one is above the others', async () => {
    expect(await paper(undefined)).toContain('<li>单位：全部单位</li>');
  });
});
