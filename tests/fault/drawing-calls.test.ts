/**
 * Goal: whatever single system call kills or fails while a month is listed for drawing, drawn from or followed up, the
 * list is there as a whole or not at all, a round is drawn once and as anybody computes it, what was told is so, and fsck
 * has no finding. `scripts/test` tries some moments, `scripts/lab faults` every one (EVIDOCK_FAULTS=all).
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { ShownDrawing } from '../../src/station/drawing-desk.ts';
import type { FaultPoint } from '../support/call-faults.ts';
import { jsonLines } from '../support/cli.ts';
import { FaultBench, testFaults } from '../support/fault-bench.ts';
import { recordsOf } from '../support/store-check.ts';

const bench = new FaultBench();
const { data } = bench;
/** More than the documents of one record. */
const cases = 130;
const listing = ['drawing', 'list-month', '2026-02', '--public', '福利彩票双色球 2026128 期', '--json'];
const typed = ['--number', '03 11 17', '--by', '张三', '--again', '03 11 17', '--and', '李四', '--json'];
let list: string;

beforeAll(async () => {
  mkdirSync(data);
  const rows = Array.from(
    { length: cases },
    (_, at) => `晋交罚〔2026〕${at}号,一般程序,一大队,2026-01-10,,1001,已结案,2026-02-${10 + (at % 18)}`,
  );
  const csv = join(bench.folder, 'cases.csv');
  writeFileSync(csv, ['案号,案件类型,单位,开始,结束,执法人员,状态,结案日期', ...rows, ''].join('\n'));
  const { code, stderr } = await bench.run('cases', 'import', csv, '--effective', '2026-01-01');
  expect(code, stderr).toBe(0);
  bench.keep('cases');
  list = (jsonLines((await bench.run(...listing)).stdout)[0] as unknown as ShownDrawing).list;
  bench.keep('list');
  await bench.run('drawing', 'draw', list, ...typed);
  bench.keep('drawn');
});

afterAll(() => bench.end());

const count = (type: string): number => recordsOf(data).filter((record) => record.type === type).length;
const shown = async (of: string): Promise<ShownDrawing> =>
  jsonLines((await bench.run('drawing', 'show', of, '--json')).stdout)[0] as unknown as ShownDrawing;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const records = 'ledger/records/000000.jsonl';
const documents = 'ledger/documents/000000.jsonl';

describe('a month whose listing is interrupted at one system call is listed whole, or can be listed again', () => {
  const points: readonly FaultPoint[] = [
    { call: 'write', most: 4, kills: [1], errors: [1], path: records },
    { call: 'write', most: 3, kills: [1], errors: [], path: documents },
    { call: 'fdatasync', most: 10, kills: [2], errors: [1] },
  ];
  testFaults(points, async (fault) => {
    bench.begin('cases');
    const said = await bench.withFault(listing, fault);
    const closed = count('drawing-list-closed');
    if (said.stdout !== '') expect(closed).toBe(1);
    // A part without its end counts for nothing; a month that stands on a list is not listed twice.
    const again = await bench.run(...listing);
    expect(again.code, again.stderr).toBe(closed);
    const lines = jsonLines((await bench.run('drawing', 'list', '--json')).stdout);
    expect(lines).toHaveLength(1);
    for (const line of lines) {
      const { cases: listed, sha256: digest } = await shown(String(line.list));
      expect([line.month, listed.length]).toEqual(['2026-02', cases]);
      expect(digest).toBe(sha256(listed.map(({ key }) => `${key}\n`).join('')));
    }
    expect(await bench.findings()).toEqual([]);
  });
});

const single: readonly FaultPoint[] = [
  { call: 'write', most: 2, kills: [1], errors: [1], path: records },
  { call: 'fdatasync', most: 6, kills: [2], errors: [1] },
];

describe('a draw that is interrupted at one system call is drawn, once, or was not', () => {
  testFaults(single, async (fault) => {
    bench.begin('list');
    const said = await bench.withFault(['drawing', 'draw', list, ...typed], fault);
    const drawn = count('drawing-drawn');
    if (said.stdout !== '') expect(drawn).toBe(1);
    const again = await bench.run('drawing', 'draw', list, ...typed);
    expect(again.code, again.stderr).toBe(drawn === 1 ? 1 : 0);
    expect(count('drawing-drawn')).toBe(1);
    const { rounds, cases: listed } = await shown(list);
    const order = (key: string): string => sha256(`03 11 17\n${key}`);
    const expected = listed.map(({ key }) => key).sort((a, b) => (order(a) < order(b) ? -1 : 1));
    expect(rounds.map(({ result }) => result?.keys)).toEqual([expected.slice(0, cases / 5)]);
    expect(await bench.findings()).toEqual([]);
  });
});

describe('a follow-up that is interrupted at one system call is there or never was', () => {
  testFaults(single, async (fault) => {
    bench.begin('drawn');
    const [key = ''] = (await shown(list)).rounds[0]?.result?.keys ?? [];
    const found = ['--means', 'phone', '--by', '赵六', '--on', '2026-03-05', '--satisfaction', 'satisfied'];
    const said = await bench.withFault(
      ['drawing', 'follow-up', list, key, ...found, '--opinion', '好', '--handling', '无'],
      fault,
    );
    const { followUps } = await shown(list);
    expect(followUps).toHaveLength(count('case-followed-up'));
    if (said.code === 0) expect(followUps).toHaveLength(1);
    expect(await bench.findings()).toEqual([]);
  });
});
