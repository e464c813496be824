/**
 * Goal: whatever single system call kills or fails while the station decides about links, nothing wrong is claimed: the
 * next pass ends with the same links as one that nothing disturbed, and fsck has no finding.
 */
import { mkdirSync } from 'node:fs';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { Station } from '../../src/station.ts';
import type { FaultPoint } from '../support/call-faults.ts';
import { FaultBench, testFaults } from '../support/fault-bench.ts';
import { preparedDayOf, takeIn } from '../support/prepared-day.ts';

const bench = new FaultBench();
let undisturbed: string;

const deciding: readonly FaultPoint[] = [
  { call: 'fdatasync', most: 20, kills: [3, 6], errors: [4] },
  { call: 'write', most: 12, kills: [2], errors: [3], path: 'ledger/records/000000.jsonl' },
  { call: 'pwrite64', most: 60, kills: [20], errors: [15] },
];

beforeAll(async () => {
  mkdirSync(bench.data);
  const station = await Station.open({
    dataFolder: bench.data,
    configuration: parseConfiguration('engine: { kind: portable }\n', 'test'),
    log: pino({ level: 'silent' }),
    command: 'test',
    version: 'test',
  });
  await takeIn(station, preparedDayOf({ seed: 11, clips: 60, cases: 20 }));
  await station.close();
  bench.keep();
  undisturbed = await decided();
});
afterAll(() => bench.end());

/** Which clip is linked to which case. */
async function decided(): Promise<string> {
  expect((await bench.run('queue', '--json')).code).toBe(0);
  return JSON.stringify((await bench.clips()).map((one) => [one.clip, one.case, one.officer]));
}

describe('a pass that is interrupted at one system call leaves the links that the next one ends with', () => {
  testFaults(deciding, async (fault) => {
    bench.begin();
    await bench.withFault(['queue', '--json'], fault);
    expect(await decided()).toBe(undisturbed);
    // The prepared clips have records and no originals: exactly that is found, and nothing else.
    const codes = (await bench.findings()).map(({ code }) => code);
    expect([...new Set(codes)]).toEqual(['original-missing']);
  });
});
