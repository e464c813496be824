/**
 * Goal: whatever single system call kills or fails while a deletion run is carried out, or a hold is placed, nothing is
 * gone that no record approves, the same command goes on to the end, and fsck has no finding. `scripts/test` tries some
 * moments, `scripts/lab faults` every one (EVIDOCK_FAULTS=all).
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { FaultPoint } from '../support/call-faults.ts';
import { jsonLines } from '../support/cli.ts';
import { FaultBench, testFaults } from '../support/fault-bench.ts';
import { sealThen } from '../support/old-station.ts';
import { recordsOf } from '../support/store-check.ts';

const bench = new FaultBench();
const { data } = bench;
const names = ['20240105080000', '20240106080000', '20240107080000'].map((time) => `TA00716_JX0227_${time}.LOG`);
const originals = new Map<string, string>();
let run: string;
let held: string;

beforeAll(async () => {
  await sealThen({ data, card: join(bench.folder, 'card'), names, sealedAt: new Date('2024-01-10T02:00:00Z') });
  const roster = join(bench.folder, 'roster.csv');
  writeFileSync(
    roster,
    '姓名,执法证号,单位,岗位,有效期至,证件状态,在岗\n赵六,JX0227,一大队,路面执法,2028-01-01,有效,是\n',
  );
  await bench.run('roster', 'import', roster, '--effective', '2024-01-01');
  const proposed = await bench.run('keeping', 'run', '--by', '李四', '--reason', '到期', '--json');
  const last = jsonLines(proposed.stdout).at(-1);
  expect(last, proposed.stderr).toMatchObject({ event: 'run-proposed', clips: 3 });
  run = last?.run as string;
  for (const { clip, sha256 } of await bench.clips()) {
    originals.set(clip as string, `vault/originals/${sha256?.slice(0, 2)}/${sha256}`);
  }
  held = [...originals.keys()][1] as string;
  bench.keep();
});
afterAll(() => bench.end());

const records = 'ledger/records/000000.jsonl';
const documents = 'ledger/documents/000000.jsonl';
const carrying: readonly FaultPoint[] = [
  { call: 'unlink', most: 30, kills: [9], errors: [] },
  { call: 'fsync', most: 40, kills: [], errors: [12] },
  { call: 'fdatasync', most: 30, kills: [], errors: [] },
  { call: 'pwrite64', most: 12, kills: [5], errors: [], path: documents },
  { call: 'write', most: 12, kills: [3], errors: [4], path: records },
  { call: 'rename', most: 16, kills: [4], errors: [] },
];

/** What the records approve is gone, and nothing else; each clip of the run was decided at most once. */
async function expectOnlyApproved(): Promise<void> {
  const listed = (await bench.clips()).map(({ clip }) => clip as string);
  const approved = recordsOf(data)
    .filter(({ type }) => type === 'deletion-approved')
    .flatMap(({ body }) => body.clips as string[]);
  expect(new Set(approved).size).toBe(approved.length);
  for (const [clip, original] of originals) {
    expect(listed.includes(clip), clip).toBe(!approved.includes(clip));
    expect(existsSync(join(data, original)), original).toBe(!approved.includes(clip));
  }
}

describe('a run that is cut off or fails at one system call deletes nothing else, and goes on', () => {
  testFaults(carrying, async (fault) => {
    bench.begin();
    const approve = ['keeping', 'approve', run, '--approved-by', '王五', '--json'];
    const said = await bench.withFault(approve, fault);
    await expectOnlyApproved();
    const state = async (): Promise<unknown> =>
      jsonLines((await bench.run('keeping', 'runs', run, '--json')).stdout)[0]?.state;
    if (said.code === 0) expect(await state()).toBe('ended');
    if ((await state()) !== 'ended') {
      const again = await bench.run(...approve);
      expect(again.code, again.stdout + again.stderr).toBe(0);
    }
    await expectOnlyApproved();
    expect(await bench.clips()).toEqual([]);
    expect(recordsOf(data).filter(({ type }) => type === 'deletion-run-ended')).toMatchObject([
      { body: { run, deleted: 3, kept: 0 } },
    ]);
    expect(existsSync(join(data, 'erasing.json'))).toBe(false);
    expect(await bench.findings()).toEqual([]);
  });
});

const placing: readonly FaultPoint[] = [
  { call: 'write', most: 4, kills: [1], errors: [], path: records },
  { call: 'write', most: 4, kills: [], errors: [], path: documents },
  { call: 'fdatasync', most: 8, kills: [], errors: [1] },
];

describe('a hold that is cut off either stands and holds, or was never placed', () => {
  testFaults(placing, async (fault) => {
    bench.begin();
    const words = ['hold', 'place', '--kind', '诉讼', '--number', '1', '--by', '张三', '--clip', held, '--json'];
    const said = await bench.withFault(words, fault);
    const holds = jsonLines((await bench.run('hold', 'list', '--json')).stdout);
    if (said.stdout.includes('hold-placed')) expect(holds).toHaveLength(1);
    await bench.run('keeping', 'approve', run, '--approved-by', '王五');
    expect((await bench.clips()).map(({ clip }) => clip)).toEqual(holds.length === 0 ? [] : [held]);
    expect(await bench.findings()).toEqual([]);
  });
});
