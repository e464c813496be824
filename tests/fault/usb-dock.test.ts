/**
 * Goal: whatever single system call of the dock's room, in the daemon or in its privileged helper, kills its process or
 * fails, no card is changed, nothing wrong is called sealed, what the slots show is clear, and the next run finishes
 * the work with nothing left mounted. Real daemon, helper and mounts on the stage. A slice of all points;
 * `scripts/lab faults` goes through every one (EVIDOCK_FAULTS=all).
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type CallFault,
  everyMoment,
  type FaultPoint,
  faultName,
  faultsOf,
  programUnder,
  startWithFault,
  straceWords,
} from '../support/call-faults.ts';
import { type RunningCli, startEvidock } from '../support/cli.ts';
import { removeFolder } from '../support/disk-folder.ts';
import { helperProgram, run } from '../support/dock-helper-stage.ts';
import { type DockStationStage, openDockStationStage, type StageCard } from '../support/dock-station-stage.ts';
import { clipsHere } from '../support/in-process.ts';
import { readSlotWall, type SeenWall, type WallCard } from '../support/slot-wall.ts';
import { storeTroubles } from '../support/store-check.ts';

/** A helper that died is started again, and a visit that failed is begun anew after ten seconds. */
const settledMsMax = 90_000;
/** A dock that says for so long that it cannot be looked at will go on saying so. */
const lastingTroubleMs = 12_000;
const testMsMax = 200_000;

const cards: readonly StageCard[] = ['TA00716', 'TA00717'].map((serial, at) => ({
  serial,
  files: new Map(
    ['20260804100000.MOV', '20260804100500.MOV'].map((name, index) => [
      `DCIM/100MEDIA/${serial}_JX0227_${name}`,
      Buffer.alloc(200_000 + index, at * 2 + index + 1),
    ]),
  ),
}));
const digests = cards.flatMap(({ files }) =>
  [...files.values()].map((content) => createHash('sha256').update(content).digest('hex')),
);

let stage: DockStationStage;
let untouched: readonly string[];

beforeAll(async () => {
  run('scripts/build-native', []);
  stage = await openDockStationStage(cards);
  untouched = stage.imageDigests();
});
afterAll(() => stage?.end());

/** Calls that only the helper makes: mounting, locking, mount places, reading a signature, allowing interfaces. */
const ofHelper: readonly FaultPoint[] = [
  { call: 'mount', most: 1, kills: [1], errors: [1] },
  { call: 'umount2', most: 3, kills: [1], errors: [] },
  { call: 'ioctl', most: 6, kills: [1], errors: [1], path: '/dev/sda' },
  { call: 'mkdirat', most: 2, kills: [], errors: [] },
  { call: 'rmdir', most: 2, kills: [], errors: [1] },
  { call: 'openat', most: 4, kills: [], errors: [], path: '/dev/sda' },
  { call: 'pread64', most: 3, kills: [1], errors: [], path: '/dev/sda' },
];
/** Calls of the daemon: looking at the kernel's tree, starting the helper. */
const ofDaemon: readonly FaultPoint[] = [
  { call: 'openat', most: 4, kills: [], errors: [3], path: '/sys/bus/usb/devices' },
  { call: 'getdents64', most: 4, kills: [], errors: [], path: '/sys/bus/usb/devices' },
  { call: 'openat', most: 4, kills: [], errors: [1], path: '/sys/block' },
  { call: 'socketpair', most: 1, kills: [1], errors: [] },
];
// From some moment on every call fails: nothing can be let go, or looked at.
const noUnmount: CallFault = { call: 'umount2', action: 'EIO', when: '1+' };
const noLook: CallFault = { call: 'getdents64', action: 'EIO', when: '2+', path: '/sys/bus/usb/devices' };

const hasSettled = ({ state }: WallCard): boolean => ['done', 'attention', 'failed'].includes(state);

/** The wall once each slot has come to an end or the dock says why it cannot be looked at; or as it was at last. */
async function settledWall(running: RunningCli): Promise<SeenWall> {
  let [wall, over, troubledSinceMs]: [SeenWall, boolean, number] = [{ cards: [], troubles: [] }, false, Infinity];
  void running.result.then(() => {
    over = true;
  });
  for (const untilMs = performance.now() + settledMsMax; !over && performance.now() < untilMs; await pause(250)) {
    wall = await readSlotWall(stage.port);
    if (wall.cards.length === cards.length && wall.cards.every(hasSettled)) break;
    troubledSinceMs = wall.troubles.length === 0 ? Infinity : Math.min(troubledSinceMs, performance.now());
    if (performance.now() - troubledSinceMs > lastingTroubleMs) break;
  }
  return wall;
}

const startStation = (data: string, ...more: string[]): RunningCli =>
  startEvidock(['run', '--data', data, ...more], { before: stage.enter });

/** What strace says of the calls of faulty helpers. */
const faultyCalls = (): string => join(stage.folder, 'faulty-calls');

/** Only the helper is traced: the configuration names a program in its place that puts the fault in. */
function startWithFaultyHelper(data: string, fault: CallFault): RunningCli {
  const [program, config] = [join(stage.folder, 'faulty-helper'), join(stage.folder, 'faulty-helper.yaml')];
  // With -D the helper stays the daemon's child; with -A what was said of an earlier helper stays.
  const words = [...straceWords(fault, data, faultyCalls()), '-A', '-D', helperProgram];
  writeFileSync(program, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(' ')} "$@"\n`, { mode: 0o755 });
  writeFileSync(config, readFileSync(join(data, 'config.yaml'), 'utf8').replace(helperProgram, program));
  return startStation(data, '--config', config);
}

const startWithFaultyDaemon = (data: string, fault: CallFault): RunningCli =>
  startWithFault(['run', '--data', data], { fault, data }, { before: stage.enter });

async function expectClear(running: RunningCli, data: string): Promise<void> {
  const { cards: shown, troubles } = await settledWall(running);
  endStation(running);
  const { stderr, signal } = await running.result;
  const clear = shown.length === 0 || shown.every(hasSettled) || troubles.length > 0 || signal !== null;
  expect(clear, `${JSON.stringify(shown)} ${stderr}`).toBe(true);
  for (const { sha256 } of await clipsHere(data)) expect(digests).toContain(sha256);
  expect(stage.imageDigests()).toEqual(untouched);
}

/** strace passes no signal on: the daemon itself is told, unless the fault ended it. */
function endStation({ pid, child }: RunningCli): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  process.kill(programUnder(pid) ?? pid, 'SIGTERM');
}

async function expectFinished(data: string): Promise<void> {
  const running = startStation(data);
  const wall = await settledWall(running);
  running.child.kill('SIGTERM');
  const { code, stderr } = await running.result;
  expect([code, wall.cards.map(({ state }) => state)], stderr).toEqual([0, ['done', 'done']]);
  expect((await clipsHere(data)).map(({ sha256 }) => sha256).sort()).toEqual([...digests].sort());
  expect(await storeTroubles(data)).toEqual([]);
  expect([stage.mounts(), stage.imageDigests()]).toEqual([[], untouched]);
  removeFolder(data);
}

function testFaults(faults: readonly CallFault[], start: (data: string, fault: CallFault) => RunningCli): void {
  for (const fault of faults) {
    test(
      faultName(fault),
      async () => {
        const data = stage.newDataFolder('data');
        await expectClear(start(data, fault), data);
        await expectFinished(data);
      },
      testMsMax,
    );
  }
}

describe('a call of the helper kills it or fails, and the next run finishes', () => {
  beforeEach(() => removeFolder(faultyCalls()));
  // A moment that stands for the rest must come, or it proves nothing.
  afterEach(async () => {
    if (!everyMoment) {
      await expect.poll(() => readFileSync(faultyCalls(), 'latin1')).toMatch(/INJECTED|killed by SIGKILL/);
    }
  });
  testFaults([...faultsOf(ofHelper, 'KILL'), ...faultsOf(ofHelper, 'EIO'), noUnmount], startWithFaultyHelper);
});

describe('a call of the daemon kills it or fails, and the next run finishes', () => {
  testFaults([...faultsOf(ofDaemon, 'KILL'), ...faultsOf(ofDaemon, 'EIO'), noLook], startWithFaultyDaemon);
});
