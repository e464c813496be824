/**
 * Goal: whatever single system call kills or fails while a recorder is handed over or checked out, the change is there
 * as a whole or not at all, nothing that was said to be done is missing, and the same command can be given again.
 * `scripts/test` tries some moments, `scripts/lab faults` every one (EVIDOCK_FAULTS=all).
 */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CallFault, type FaultPoint, faultName, faultsOf, straceWords } from '../support/call-faults.ts';
import { runFsck } from '../support/checked-store.ts';
import { evidock, jsonLines, startEvidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { recordsOf } from '../support/store-check.ts';

const folder = makeDiskFolder();
const data = join(folder, 'data');
const template = join(folder, 'template');

beforeAll(async () => {
  mkdirSync(data);
  const tables = {
    roster:
      '姓名,执法证号,单位,岗位,有效期至,证件状态,在岗\n张三,1401,一大队,路面执法,2030-01-01,有效,是\n李四,1402,一大队,路面执法,2030-01-01,有效,是\n',
    recorders: '记录仪编号,型号,状态\nR001,M,在用\nR002,M,在用\n',
    assignments: '执法证号,记录仪编号,起始,截止,方式\n1401,R001,2026-01-01,,个人\n',
  };
  for (const [kind, text] of Object.entries(tables)) {
    writeFileSync(join(folder, `${kind}.csv`), text);
    const file = join(folder, `${kind}.csv`);
    const { code, stderr } = await evidock([kind, 'import', file, '--effective', '2026-01-01', '--data', data]);
    expect(code, stderr).toBe(0);
  }
  cpSync(data, template, { recursive: true });
});
afterAll(() => removeFolder(folder));

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
  const said = await evidock(['recorders', 'list', '--data', data, '--json']);
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
    const faults: readonly CallFault[] = actions.flatMap((action) => faultsOf(points, action));
    for (const fault of faults) {
      test(faultName(fault), async () => {
        removeFolder(data);
        cpSync(template, data, { recursive: true });
        const said = await startEvidock([...words, '--data', data, '--json'], {
          env: { UV_THREADPOOL_SIZE: '1' },
          before: straceWords(fault, data),
        }).result;
        const isThere = (await whoHas(serial)).toString() === after.toString();
        if (!isThere) expect(await whoHas(serial)).toEqual(before);
        expect(recordsOf(data).filter((record) => record.type === type)).toHaveLength(isThere ? 1 : 0);
        if (said.stdout.includes(event)) expect(isThere).toBe(true);
        const again = await evidock([...words, '--data', data, '--json']);
        expect(again.code, again.stderr).toBe(isThere ? 1 : 0);
        expect(await whoHas(serial)).toEqual(after);
        expect((await runFsck(data)).findings).toEqual([]);
      });
    }
  });
}
