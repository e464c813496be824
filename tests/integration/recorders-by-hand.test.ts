/**
 * Goal: the commands about recorders in people's hands, as people call them: what is refused says why and changes
 * nothing, what is taken is one record, any past day and any past knowledge can be asked, a person's deletion leaves
 * nothing of them, and fsck and rebuild agree throughout.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getCalendarDate } from '../../src/domain/people-facts.ts';
import { filesOf, runFsck } from '../support/checked-store.ts';
import { type CliResult, clipsOf, evidock, ingest, jsonLines, startEvidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { InProcess } from '../support/in-process.ts';
import { recordsOf } from '../support/store-check.ts';

const consent = ['--rule', 'PIPL 47', '--reason', 'period over', '--requested-by', '李四', '--approved-by', '王五'];
let root: string;
let data: string;
let clip: string;

/** Commands run in this process on one open station, as over the local socket; later ones as processes. */
let inProcess: InProcess | undefined;
const run = (...words: string[]): Promise<Pick<CliResult, 'code' | 'stdout' | 'stderr'>> =>
  inProcess?.run(words) ?? evidock([...words, '--data', data]);
const records = (type: string) => recordsOf(data).filter((record) => record.type === type);
async function holders(serial: string, ...more: string[]): Promise<string[]> {
  const rows = jsonLines((await run('recorders', 'list', '--json', ...more)).stdout);
  const row = rows.find((one) => one.serial === serial) as unknown as { holders: { certificateNo: string }[] };
  return row.holders.map(({ certificateNo }) => certificateNo);
}
async function expectRefused(code: string, ...words: string[]): Promise<void> {
  const before = recordsOf(data).length;
  const said = await run(...words);
  expect([said.code, said.stdout]).toEqual([1, '']);
  expect(said.stderr).toContain(`[${code}]`);
  expect(said.stderr).toMatch(/next: \S/);
  expect(recordsOf(data)).toHaveLength(before);
}
async function expectTaken(type: string, ...words: string[]): Promise<void> {
  const before = recordsOf(data).length;
  const said = await run(...words);
  expect([said.code, said.stderr]).toEqual([0, '']);
  expect(
    recordsOf(data)
      .slice(before)
      .map((record) => record.type),
  ).toEqual([type]);
}

beforeAll(async () => {
  root = makeDiskFolder();
  data = join(root, 'data');
  const card = join(root, 'card');
  for (const folder of [data, card]) mkdirSync(folder);
  writeFileSync(join(card, 'a.bin'), Buffer.alloc(5000, 1));
  await ingest(card, data, ['--recorder', 'R009']);
  clip = (await clipsOf(data))[0]?.clip as string;
  inProcess = await InProcess.open(data);
  const tables = {
    roster:
      '姓名,执法证号,单位,岗位,有效期至,证件状态,在岗\n张三,1401,一大队,路面执法,2030-01-01,有效,是\n李四,1402,一大队,路面执法,2030-01-01,有效,是\n王五,1403,二大队,路面执法,2030-01-01,暂扣,是\n',
    recorders: '记录仪编号,型号,状态\nR001,M,在用\nR002,M,在用\nR003,M,维修\nR009,M,在用\n',
    assignments: '执法证号,记录仪编号,起始,截止,方式\n1401,R001,2026-01-01,,个人\n',
  };
  for (const [kind, text] of Object.entries(tables)) {
    writeFileSync(join(root, `${kind}.csv`), text);
    const { code, stderr } = await run(kind, 'import', join(root, `${kind}.csv`), '--effective', '2026-01-01');
    expect(code, stderr).toBe(0);
  }
});
afterAll(async () => {
  await inProcess?.close();
  removeFolder(root);
});

describe('assignments', () => {
  it('that are nonsense are refused, each with its reason and a next step', async () => {
    await expectRefused('recorder-not-listed', 'recorders', 'assign', 'R999', '1402');
    await expectRefused('officer-unknown', 'recorders', 'assign', 'R002', '9999');
    await expectRefused('assigned-already', 'recorders', 'assign', 'R001', '1401');
    await expectRefused('recorder-held', 'recorders', 'assign', 'R001', '1402');
    await expectRefused('second-personal-recorder', 'recorders', 'assign', 'R002', '1401');
    await expectRefused('certificate-not-valid', 'recorders', 'assign', 'R002', '1403');
    await expectRefused('recorder-not-in-service', 'recorders', 'assign', 'R003', '1402');
    await expectRefused('recorder-not-assigned', 'recorders', 'return', 'R002');
    await expectRefused('swap-unknown', 'recorders', 'swap', 'R001', '9999');
    await expectRefused('recorder-not-assigned', 'recorders', 'swap', 'R002', '1402');
    await expectRefused('unit-unknown', 'recorders', 'pool', 'R002', '三大队');
    for (const words of [
      ['assign', 'R001'],
      ['assign', 'R 1', '1401'],
      ['assign', 'R002', '1402', '--from', '2026-02-30'],
      ['state', 'R001', 'broken'],
      ['state', 'R001', 'lost', '--on', 'yesterday'],
      ['list', '--known-at', '-1'],
    ])
      expect((await run('recorders', ...words)).code, words.join(' ')).toBe(2);
  });

  it('are handed over, exchanged and returned, back-dated too, and any day and any knowledge can be asked', async () => {
    const before = recordsOf(data).at(-1)?.seq as number;
    await expectTaken('assignment-changed', 'recorders', 'swap', 'R001', '1402', '--on', '2026-06-01');
    const swapped = recordsOf(data).at(-1)?.seq as number;
    await expectTaken(
      'assignment-changed',
      'recorders',
      'swap',
      'R001',
      'R002',
      '--on',
      '2026-09-01',
      '--state',
      'repair',
    );
    await expectTaken('assignment-changed', 'recorders', 'return', 'R002', '--on', '2026-10-31');
    expect(await holders('R001', '--as-of', '2026-05-31')).toEqual(['1401']);
    expect(await holders('R001', '--as-of', '2026-06-01')).toEqual(['1402']);
    expect(await holders('R001', '--as-of', '2026-06-01', '--known-at', String(before))).toEqual(['1401']);
    expect(await holders('R001', '--as-of', '2026-09-01')).toEqual([]);
    expect(await holders('R001', '--as-of', '2026-09-01', '--known-at', String(swapped))).toEqual(['1402']);
    expect(await holders('R002', '--as-of', '2026-09-01')).toEqual(['1402']);
    expect(await holders('R002', '--as-of', '2026-10-31')).toEqual(['1402']);
    expect(await holders('R002')).toEqual([]);
    // Entered afterwards, for a time in between: the correction holds, and what was known stays as it was.
    await expectTaken('assignment-changed', 'recorders', 'assign', 'R009', '1401', '--from', '2026-07-01');
    await expectTaken('assignment-changed', 'recorders', 'return', 'R009', '--on', '2026-07-31');
    expect((await run('recorders', 'list', '--as-of', '2026-07-15')).stdout).toContain('until 2026-07-31');
    // Once is enough: the same said again is a mistake, and so is a later day; an earlier one corrects it.
    await expectRefused('returned-already', 'recorders', 'return', 'R009', '--on', '2026-07-31');
    await expectRefused('recorder-not-assigned', 'recorders', 'return', 'R009', '--on', '2026-08-01');
    await expectTaken('assignment-changed', 'recorders', 'return', 'R009', '--on', '2026-07-30');
    expect(await holders('R009', '--as-of', '2026-07-15')).toEqual(['1401']);
    expect(await holders('R009', '--as-of', '2026-08-01')).toEqual([]);
    const asOf = getCalendarDate('2026-07-15');
    const figures = await inProcess?.station.coverage.figures({ profile: undefined, unit: undefined, asOf });
    expect(figures?.covered).toBe(2);
  });

  it('against which something speaks are taken with a reason, which stands in a document', async () => {
    await expectTaken(
      'assignment-changed',
      'recorders',
      'assign',
      'R002',
      '1403',
      '--even-so',
      '特批',
      '--from',
      '2026-11-01',
    );
    expect(
      filesOf(data, 'ledger/documents')
        .map((file) => readFileSync(join(data, file), 'utf8'))
        .join(''),
    ).toContain('certificate-not-valid: 特批');
    const found = await run('recorders', 'findings', '--json', '--as-of', '2026-11-02');
    expect(found.code).toBe(1);
    expect(jsonLines(found.stdout)).toContainEqual({
      code: 'holder-not-valid',
      serial: 'R002',
      certificateNo: '1403',
      standing: 'suspended',
    });
  });
});

it('states are dated by day or time; a later entry that goes on holding is said', async () => {
  const state = async (serial: string, day: string) =>
    jsonLines((await run('recorders', 'list', '--json', '--as-of', day)).stdout).find((one) => one.serial === serial)
      ?.state;
  await expectTaken('recorder-changed', 'recorders', 'state', 'R003', 'in-service', '--on', '2026-10-01T08:30');
  expect([await state('R003', '2026-09-30'), await state('R003', '2026-10-01')]).toEqual(['repair', 'in-service']);
  await expectRefused('recorder-in-state', 'recorders', 'state', 'R003', 'in-service', '--on', '2026-10-01 08:30');
  const said = await run('recorders', 'state', 'R003', 'lost', '--on', '2026-08-01', '--reason', '翻车');
  expect([said.code, said.stderr]).toEqual([0, expect.stringContaining('2026-10-01')]);
  expect([await state('R003', '2026-08-01'), await state('R003', '2026-10-01')]).toEqual(['lost', 'in-service']);
  const listed = jsonLines((await run('recorders', 'list', '--json', '--idle')).stdout).map(({ serial }) => serial);
  expect(listed).toEqual(['R003', 'R009']);
});

describe('check-outs', () => {
  it('are handed out, returned, entered afterwards and withdrawn; nobody has it twice', async () => {
    await expectTaken('recorder-checked-out', 'recorders', 'check-out', 'R009', '1401');
    await expectRefused('checked-out-already', 'recorders', 'check-out', 'R009', '1401');
    await expectRefused('recorder-checked-out', 'recorders', 'check-out', 'R009', '1402');
    await expectTaken('recorder-checked-out', 'recorders', 'check-out', 'R009', '1402', '--even-so', '换班');
    await expectTaken('recorder-returned', 'recorders', 'check-in', 'R009');
    await expectRefused('recorder-not-out', 'recorders', 'check-in', 'R009');
    await expectRefused('checkout-overlaps', 'recorders', 'check-out', 'R009', '1401', '--at', '2026-11-20T08:00');
    const shift = ['--at', '2026-11-20T08:00', '--returned', '2026-11-20T16:00'];
    await expectTaken('recorder-checked-out', 'recorders', 'check-out', 'R009', '1401', ...shift);
    await expectRefused('checkout-overlaps', 'recorders', 'check-out', 'R009', '1402', ...shift);
    await expectRefused('checkout-in-future', 'recorders', 'check-out', 'R009', '1402', '--at', '2999-01-01T00:00');
    const shown = jsonLines((await run('recorders', 'show', 'R009', '--json')).stdout)[0] as unknown as {
      checkOuts: { checkout: string; certificateNo: string; outAt: string; returnBasis: string }[];
    };
    expect(shown.checkOuts.map(({ certificateNo, returnBasis }) => [certificateNo, returnBasis])).toEqual([
      ['1402', 'by-hand'],
      ['1401', 'next-check-out'],
      ['1401', 'by-hand'],
    ]);
    expect(shown.checkOuts.at(-1)?.outAt).toBe('2026-11-20T00:00:00.000Z');
    const wrong = shown.checkOuts.at(-1)?.checkout as string;
    await expectTaken('checkout-withdrawn', 'recorders', 'withdraw', wrong, '--reason', '记错人');
    await expectRefused('checkout-unknown', 'recorders', 'withdraw', wrong, '--reason', '再来');
    await expectTaken('recorder-checked-out', 'recorders', 'check-out', 'R009', '1402', ...shift);
  });

  it('carry the self-check of the last docking', async () => {
    const said = await run('recorders', 'check-out', 'R009', '1401', '--json');
    const { checks } = jsonLines(said.stdout)[0] as unknown as { checks: unknown };
    expect(checks).toEqual([
      { point: 'battery', state: 'unknown' },
      { point: 'space', state: 'unknown' },
      { point: 'clock', state: 'unknown' },
      { point: 'card', state: 'warn', figure: 1 },
    ]);
    await run('recorders', 'check-in', 'R009');
  });
});

it('claims stand beside each other and change no link', async () => {
  const before = (await run('clips', '--json')).stdout;
  await expectTaken('clip-claimed', 'claim', clip, '1401', '--statement', '是我录的');
  await expectTaken('clip-claimed', 'claim', clip, '1402');
  await expectRefused('claim-repeated', 'claim', clip, '1402');
  await expectRefused('officer-unknown', 'claim', clip, '9999');
  await expectRefused('clip-unknown', 'claim', 'c-0', '1401');
  expect((await run('clips', '--json')).stdout).toBe(before);
});

it('commands reach the station that owns the folder', async () => {
  await inProcess?.close();
  inProcess = undefined;
  writeFileSync(join(data, 'config.yaml'), 'web: { port: 0 }\n');
  const running = startEvidock(['run', '--data', data]);
  await running.said('http://127.0.0.1');
  const said = await run('recorders', 'list', '--json', '--state', 'repair');
  expect(jsonLines(said.stdout).map(({ serial }) => serial)).toEqual(['R001']);
  expect((await run('recorders', 'check-out', 'R009', '1401')).code).toBe(0);
  expect((await run('recorders', 'check-in', 'R009')).code).toBe(0);
  running.child.kill('SIGTERM');
  await running.result;
});

it('records hold no personal data, fsck has no finding, and a rebuild gives the same rows', async () => {
  const lines = filesOf(data, 'ledger/records')
    .map((file) => readFileSync(join(data, file), 'utf8'))
    .join('');
  for (const word of ['1401', '1402', '张三', '特批', '翻车', '是我录的']) expect(lines).not.toContain(`"${word}`);
  expect(lines).not.toContain('换班');
  expect((await runFsck(data)).findings).toEqual([]);
  const shown = (await run('recorders', 'show', 'R009', '--json')).stdout;
  expect((await run('rebuild')).code).toBe(0);
  const after = await runFsck(data);
  expect([after.findings, after.checked.registryCompared]).toEqual([[], true]);
  expect((await run('recorders', 'show', 'R009', '--json')).stdout).toBe(shown);
});

it('a forgotten person is gone from check-outs, claims and what was entered by hand', async () => {
  const said = await run('delete', 'person', '1402', ...consent);
  expect([said.code, said.stderr]).toEqual([0, '']);
  const everything = filesOf(data, '.')
    // What the coverage room keeps beside the ledger is its own to forget.
    .filter((file) => !/^(?:vault|coverage)\/|config\.yaml$/.test(file))
    .map((file) => readFileSync(join(data, file), 'latin1'))
    .join('\n');
  expect(everything).not.toMatch(/\b1402\b/);
  expect(everything).not.toContain(Buffer.from('换班').toString('latin1'));
  expect(await holders('R001', '--as-of', '2026-06-15')).toEqual([]);
  expect(await holders('R001', '--as-of', '2026-05-31')).toEqual(['1401']);
  const shown = jsonLines((await run('recorders', 'show', 'R009', '--json')).stdout)[0] as unknown as {
    checkOuts: { certificateNo: string }[];
  };
  expect(new Set(shown.checkOuts.map(({ certificateNo }) => certificateNo))).toEqual(new Set(['1401']));
  expect((await runFsck(data)).findings).toEqual([]);
  expect((await run('rebuild')).code).toBe(0);
  expect((await runFsck(data)).findings).toEqual([]);
});

it('its records are counted: each change was one', () => {
  expect(records('checkout-withdrawn')).toHaveLength(1);
  expect(records('clip-claimed')).toHaveLength(2);
});
