/**
 * Goal: whatever single system call kills or fails while the station decides about links, nothing wrong is claimed: the
 * next pass ends with the same links as one that nothing disturbed, and fsck has no finding.
 */
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { Station } from '../../src/station.ts';
import { type FaultPoint, faultName, faultsOf, straceWords } from '../support/call-faults.ts';
import { runFsck } from '../support/checked-store.ts';
import { evidock, startEvidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { preparedDayOf, takeIn } from '../support/prepared-day.ts';

const folder = makeDiskFolder();
const data = join(folder, 'data');
const template = join(folder, 'template');
let undisturbed: string;

const deciding: readonly FaultPoint[] = [
  { call: 'fdatasync', most: 20, kills: [3, 6], errors: [4] },
  { call: 'write', most: 12, kills: [2], errors: [3], path: 'ledger/records/000000.jsonl' },
  { call: 'pwrite64', most: 60, kills: [20], errors: [15] },
];

beforeAll(async () => {
  mkdirSync(template);
  const station = await Station.open({
    dataFolder: template,
    configuration: parseConfiguration('engine: { kind: portable }\n', 'test'),
    log: pino({ level: 'silent' }),
    command: 'test',
    version: 'test',
  });
  await takeIn(station, preparedDayOf({ seed: 11, clips: 60, cases: 20 }));
  await station.close();
  begin();
  undisturbed = await decided();
});
afterAll(() => removeFolder(folder));

function begin(): void {
  removeFolder(data);
  cpSync(template, data, { recursive: true });
}

/** Which clip is linked to which case. */
async function decided(): Promise<string> {
  expect((await evidock(['queue', '--json', '--data', data])).code).toBe(0);
  const { stdout } = await evidock(['clips', '--json', '--data', data]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  const links = lines.map((line) => JSON.parse(line) as { clip: string; case: string | null; officer: string | null });
  return JSON.stringify(links.map((one) => [one.clip, one.case, one.officer]));
}

describe.each(['KILL', 'EIO'] as const)('%s', (action) => {
  test.each(faultsOf(deciding, action).map((fault) => [faultName(fault), fault] as const))(
    '%s',
    async (_name, fault) => {
      begin();
      await startEvidock(['queue', '--json', '--data', data], {
        env: { UV_THREADPOOL_SIZE: '1' },
        before: straceWords(fault, data),
      }).result;
      expect(await decided()).toBe(undisturbed);
      const { findings, checked } = await runFsck(data);
      expect(checked).toBeDefined();
      // The prepared clips have records and no originals: exactly that is found, and nothing else.
      expect(findings.filter(({ code }) => code !== 'original-missing')).toEqual([]);
      expect(findings.length).toBeGreaterThan(0);
    },
  );
});
