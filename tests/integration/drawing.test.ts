/**
 * Goal: the list stands in the ledger before its seed is known; the draw is the one that anybody computes from them;
 * every round stays; a deleted case is forgotten and the draw stays repeatable; the registry rebuilt says the same.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { parseNote } from '../../src/formats/signed-note.ts';
import type { ShownDrawing } from '../../src/station/drawing-desk.ts';
import { systemActor } from '../../src/station/station-context.ts';
import { Station } from '../../src/station.ts';
import { Witness } from '../../src/witness/witness.ts';
import { WitnessFolder } from '../../src/witness/witness-folder.ts';
import { runFsck } from '../support/checked-store.ts';
import { evidock, jsonLines } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { recordsOf } from '../support/store-check.ts';

let root: string;
let data: string;
const run = (...words: string[]) => evidock([...words, '--data', data]);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const number = (at: number): string => `晋交罚〔2026〕${at}号`;

async function shown(...words: string[]): Promise<ShownDrawing> {
  const { code, stdout, stderr } = await run('drawing', ...words, '--json');
  expect(code, stderr).toBe(0);
  return jsonLines(stdout)[0] as unknown as ShownDrawing;
}

beforeAll(async () => {
  root = makeDiskFolder();
  data = join(root, 'data');
  mkdirSync(data);
  const rows = Array.from(
    { length: 11 },
    (_, at) => `${number(at)},一般程序,一大队,2026-01-10,,1001,已结案,2026-02-${10 + at}`,
  );
  const other = ['晋交许〔2026〕1号,行政许可,一大队,2026-01-10,,1001,已结案,2026-02-10'];
  const later = [`${number(90)},一般程序,一大队,2026-01-10,,1001,已结案,2026-03-01`];
  const table = ['案号,案件类型,单位,开始,结束,执法人员,状态,结案日期', ...rows, ...other, ...later].join('\n');
  writeFileSync(join(root, 'cases.csv'), `${table}\n`);
  const { code, stderr } = await run('cases', 'import', join(root, 'cases.csv'), '--effective', '2026-01-01');
  expect(code, stderr).toBe(0);
});
afterAll(() => removeFolder(root));

it('draws by a public number that two people type, draws again on the record, and keeps what was said', async () => {
  expect((await run('drawing', 'list-month', '2026-02')).stderr).toContain('--public');
  const closed = await shown('list-month', '2026-02', '--public', '福利彩票双色球 2026128 期');
  expect(closed).toMatchObject({ count: 11, percent: 20 });
  expect(closed.cases.map((one) => one.number).sort()).toEqual(
    Array.from({ length: 11 }, (_, at) => number(at)).sort(),
  );
  expect(closed.sha256).toBe(sha256(closed.cases.map(({ key }) => `${key}\n`).join('')));
  const { list } = closed;

  expect((await run('drawing', 'draw', list)).code).toBe(1);
  const typed = ['--number', '03 11 17', '--by', '张三', '--again', '０３ 11  17'];
  expect((await run('drawing', 'draw', list, ...typed, '--and', '张 三')).code).toBe(2);
  const other = [...typed.slice(0, 5), '03 11 18', '--and', '李四'];
  expect((await run('drawing', 'draw', list, ...other)).code).toBe(2);
  expect((await run('drawing', 'redraw', list, '--reason', 'r', '--by', 'a', '--approved-by', 'b')).code).toBe(1);

  const drawn = await shown('draw', list, ...typed, '--and', '李四');
  const keys = drawn.cases.map(({ key }) => key);
  const expected = keys.toSorted((a, b) => (sha256(`03 11 17\n${a}`) < sha256(`03 11 17\n${b}`) ? -1 : 1)).slice(0, 3);
  expect(drawn.rounds[0]?.result).toMatchObject({ keys: expected, seed: '03 11 17', typedBy: ['张三', '李四'] });
  expect((await run('drawing', 'draw', list, ...typed, '--and', '李四')).code).toBe(1);

  const again = ['redraw', list, '--reason', '号码期次有误', '--public', '2026129 期', '--by', '张三'];
  expect((await run('drawing', ...again, '--approved-by', '张三')).code).toBe(1);
  await shown(...again, '--approved-by', '王五');
  const second = await shown('draw', list, '--number', '8', '--by', '张三', '--again', '8', '--and', '李四');
  expect(second.rounds.map(({ result }) => result?.seed)).toEqual(['03 11 17', '8']);
  expect(second.rounds[1]?.details).toMatchObject({ reason: '号码期次有误', approvedBy: '王五' });

  const picked = drawn.cases.find(({ key }) => key === expected[0])?.number as string;
  const drawnKeys = new Set(second.rounds.flatMap(({ result }) => result?.keys ?? []));
  const left = drawn.cases.find(({ key }) => !drawnKeys.has(key as never))?.number as string;
  const said = ['--means', 'phone', '--by', '赵六', '--on', '2026-03-05', '--satisfaction', 'fair'];
  const words = [...said, '--opinion', '等候太久', '--handling', '已转交大队'];
  expect((await run('drawing', 'follow-up', list, left, ...words)).code).toBe(1);
  expect((await run('drawing', 'follow-up', list, picked, ...words)).code).toBe(0);

  const text = (await run('drawing', 'show', list, '--lang', 'zh')).stdout;
  for (const part of ['号码期次有误', '等候太久', '基本满意', '第 2 轮', 'sha256sum', '03 11 17']) {
    expect(text).toContain(part);
  }
  const sheet = join(root, 'sheet.html');
  expect((await run('drawing', 'show', list, '--html', '--out', sheet)).code).toBe(0);
  expect(readFileSync(sheet, 'utf8')).toContain('等候太久');

  // Nothing that was typed or names a case stands in a record's body.
  const bodies = JSON.stringify(recordsOf(data));
  for (const word of [picked, '张三', '03 11 17', '等候太久']) expect(bodies).not.toContain(word);

  const before = await shown('show', list);
  expect((await run('rebuild')).code).toBe(0);
  expect(await shown('show', list)).toEqual(before);

  const consent = ['--rule', 'PIPL 47', '--reason', 'over', '--requested-by', '李四', '--approved-by', '王五'];
  const deleted = await run('delete', 'case', picked, ...consent);
  expect(deleted.code, deleted.stderr).toBe(0);
  const after = await shown('show', list);
  expect(after.cases.find(({ key }) => key === expected[0])).toEqual({ key: expected[0], case: null, number: null });
  expect(after.followUps).toMatchObject([{ key: expected[0], details: null }]);
  expect(after.rounds).toEqual(before.rounds);
  expect((await run('rebuild')).code).toBe(0);
  expect(await shown('show', list)).toEqual(after);
  expect((await runFsck(data)).findings).toEqual([]);
}, 240_000);

it('draws by itself from the first cosignature over the list, and not before', async () => {
  const home = join(root, 'witness');
  await WitnessFolder.make(home, 'witness.example/w1');
  const { signer } = await WitnessFolder.open(home);
  writeFileSync(join(home, 'logs'), readFileSync(join(data, 'ledger/keys/log.vkey')));
  const policy = join(root, 'policy');
  const key = Buffer.from(signer.rawKey).toString('hex');
  writeFileSync(policy, `witness w1 ${key}\nquorum w1\n`);
  writeFileSync(join(data, 'config.yaml'), `ledger: { policyFile: ${policy} }\n`);
  const configuration = loadConfiguration({ dataFolder: data });
  const log = pino({ level: 'silent' });
  const station = await Station.open({ dataFolder: data, configuration, log, command: 'test', version: 'test' });
  try {
    const request = { month: '2026-03', percent: 20, kinds: [], source: undefined, actor: systemActor };
    const witness = new Witness(await WitnessFolder.open(home), () => 1_800_000_000);
    const cosign = async (): Promise<void> => {
      const asked = (await station.witnesses.requestsForStick([])).map(({ text }) => text);
      for (const text of asked) {
        const answer = await witness.addCheckpoint(text);
        if (answer.status !== 200) continue;
        expect(await station.witnesses.takeAnswer(text, answer.lines)).toEqual({ name: 'w1' });
        await station.drawings.idle();
        return;
      }
      throw new Error('the witness signed nothing');
    };
    // A cosignature from before the list is no seed.
    await cosign();
    const { list, seq } = await station.drawings.listMonth(request, '2026-11-22');
    await expect(station.drawings.draw(list, undefined, systemActor)).rejects.toMatchObject({
      code: 'drawing-seed-missing',
    });
    await cosign();
    const [round] = station.drawings.show(list).rounds;
    expect(round?.result?.keys).toHaveLength(1);
    expect(round?.size).toBeGreaterThan(seq);
    const note = parseNote(round?.result?.checkpoint ?? '');
    if (typeof note === 'string') throw new Error(note);
    const line = note.signatures.find(({ name }) => name === 'witness.example/w1');
    expect(round?.result?.seed).toBe(line?.signature.subarray(8).toString('hex'));
    await cosign();
    expect(station.drawings.show(list).rounds).toHaveLength(1);
    await expect(station.drawings.draw(list, undefined, systemActor)).rejects.toMatchObject({
      code: 'drawing-drawn-already',
    });
  } finally {
    await station.close();
  }
  expect((await runFsck(data)).findings).toEqual([]);
}, 120_000);

it('lists a month once, and later only what was entered late', async () => {
  const listing = ['drawing', 'list-month', '2026-02', '--public', '福利彩票双色球 2026130 期'];
  const before = jsonLines((await run('drawing', 'list', '--json')).stdout).filter(({ month }) => month === '2026-02');
  if (before.length === 0) await run(...listing);
  const refused = await run(...listing);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('drawing-month-listed')]);
  const late = join(root, 'late.csv');
  const head = '案号,案件类型,单位,开始,结束,执法人员,状态,结案日期';
  writeFileSync(late, `${head}\n${number(95)},一般程序,一大队,2026-01-10,,1001,已结案,2026-02-27\n`);
  const { code, stderr } = await run('cases', 'import', late, '--effective', '2026-03-01');
  expect(code, stderr).toBe(0);
  const added = await shown(...listing.slice(1));
  expect(added.cases.map((one) => one.number)).toEqual([number(95)]);
});
