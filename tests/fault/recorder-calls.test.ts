/**
 * Goal: whatever single system call kills or fails while a recorder is handed over or checked out, the change is there
 * as a whole or not at all, nothing that was said to be done is missing, and the same command can be given again.
 * `scripts/test` tries some moments, `scripts/lab faults` every one (EVIDOCK_FAULTS=all).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { FaultPoint } from '../support/call-faults.ts';
import { jsonLines } from '../support/cli.ts';
import { FaultBench, testFaults } from '../support/fault-bench.ts';
import { recordsOf } from '../support/store-check.ts';

const bench = new FaultBench();
const { data } = bench;

beforeAll(async () => {
  mkdirSync(data);
  const tables = {
    roster:
      '姓名,执法证号,单位,岗位,有效期至,证件状态,在岗\n张三,1401,一大队,路面执法,2030-01-01,有效,是\n李四,1402,一大队,路面执法,2030-01-01,有效,是\n',
    recorders: '记录仪编号,型号,状态\nR001,M,在用\nR002,M,在用\n',
    assignments: '执法证号,记录仪编号,起始,截止,方式\n1401,R001,2026-01-01,,个人\n',
  };
  for (const [kind, text] of Object.entries(tables)) {
    const file = join(bench.folder, `${kind}.csv`);
    writeFileSync(file, text);
    const { code, stderr } = await bench.run(kind, 'import', file, '--effective', '2026-01-01');
    expect(code, stderr).toBe(0);
  }
  bench.keep();
});
afterAll(() => bench.end());

const points: readonly FaultPoint[] = [
  { call: 'write', most: 6, kills: [1], errors: [1], path: 'ledger/records/000000.jsonl' },
  { call: 'write', most: 6, kills: [1], errors: [1], path: 'ledger/documents/000000.jsonl' },
  { call: 'fdatasync', most: 12, kills: [3], errors: [3] },
  { call: 'fsync', most: 20, kills: [], errors: [5] },
  { call: 'pwrite64', most: 40, kills: [12], errors: [12] },
];

interface Holder {
  readonly certificateNo: string;
}

/** Who has R001 now: the assignment, and the check-out. */
async function whoHas(serial: string): Promise<readonly [string[], string | undefined]> {
  const said = await bench.run('recorders', 'list', '--json');
  expect(said.code, said.stderr).toBe(0);
  const row = jsonLines(said.stdout).find((one) => one.serial === serial) as unknown as {
    holders: readonly Holder[];
    checkOut: Holder | null;
  };
  return [row.holders.map(({ certificateNo }) => certificateNo), row.checkOut?.certificateNo];
}

const trials = [
  {
    words: ['recorders', 'swap', 'R001', '1402'],
    type: 'assignment-changed',
    serial: 'R001',
    before: [['1401'], undefined],
    after: [['1402'], undefined],
    event: '"swapped"',
    actions: ['KILL', 'EIO'],
  },
  {
    words: ['recorders', 'check-out', 'R002', '1402'],
    type: 'recorder-checked-out',
    serial: 'R002',
    before: [[], undefined],
    after: [[], '1402'],
    event: '"checked-out"',
    actions: ['KILL'],
  },
] as const;

for (const { words, type, serial, before, after, event, actions } of trials) {
  describe(`${words.join(' ')}, interrupted at one system call, is done whole or not at all`, () => {
    testFaults(
      points,
      async (fault) => {
        bench.begin();
        const said = await bench.withFault([...words, '--json'], fault);
        const isThere = (await whoHas(serial)).toString() === after.toString();
        if (!isThere) expect(await whoHas(serial)).toEqual(before);
        expect(recordsOf(data).filter((record) => record.type === type)).toHaveLength(isThere ? 1 : 0);
        if (said.stdout.includes(event)) expect(isThere).toBe(true);
        const again = await bench.run(...words, '--json');
        expect(again.code, again.stderr).toBe(isThere ? 1 : 0);
        expect(await whoHas(serial)).toEqual(after);
        expect(await bench.findings()).toEqual([]);
      },
      actions,
    );
  });
}
