// Goal: a recorder in a USB slot is writable only for the moment of a clearing, on the very device that was read; every
// volume is let go before and after, and whatever goes wrong leaves nothing mounted and nothing writable.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadRecorderTable } from '../../src/config/recorder-table.ts';
import { parseSlotMap } from '../../src/dock/usb/slot-map.ts';
import { UsbDock } from '../../src/dock/usb/usb-dock.ts';
import type { DockedRecorder } from '../../src/domain/dock.ts';
import { errorCode, StationError } from '../../src/domain/errors.ts';
import { SimulatedUsb } from '../../src/simulator/simulated-usb.ts';

let folder: string;
let usb: SimulatedUsb;
let dock: UsbDock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidock-usb-clearing-'));
  usb = new SimulatedUsb(join(folder, 'usb'));
  const nothing = (): void => undefined;
  dock = new UsbDock({
    tree: usb,
    helper: usb,
    slots: parseSlotMap('slots: { 1: [platform/simulated.1/usb2/1] }', 'test'),
    table: loadRecorderTable(),
    readName: () => undefined,
    isRegistered: () => false,
    openDriver: () => undefined,
    passwords: [],
    timeOffsetMinutes: () => 480,
    timeZone: 'Asia/Shanghai',
    setsClock: true,
    recordClock: async () => undefined,
    onFinding: nothing,
    log: { info: nothing, warn: nothing, error: nothing },
    now: Date.now,
    monotonicMs: () => performance.now(),
    limits: { pollMs: 5, cardWaitMs: 200, resetMs: 100, reappearMs: 400, retryMs: 50 },
  });
});
afterEach(async () => {
  await dock.stop();
  rmSync(folder, { recursive: true, force: true });
});

const cards = ['internal', 'card'];
const clipOf = (card: string): string => join(folder, 'away', card, 'DCIM', 'clip.mp4');

async function docked(): Promise<DockedRecorder> {
  for (const card of cards) {
    mkdirSync(join(folder, 'away', card, 'DCIM'), { recursive: true });
    writeFileSync(clipOf(card), card);
  }
  await usb.plugIn('1-1', { serial: 'TA00716', volumes: cards.map((card) => ({ card: join(folder, 'away', card) })) });
  for (;;) {
    const [recorder] = await dock.scan();
    if (recorder !== undefined) return recorder;
    await sleep(5);
  }
}
const rootOf = (recorder: DockedRecorder, volume: number): Uint8Array =>
  [recorder.root, ...(recorder.moreRoots ?? [])][volume] as Uint8Array;
const remove = async ({ root }: { root: Uint8Array }): Promise<void> =>
  unlink(join(Buffer.from(root).toString(), 'DCIM/clip.mp4'));
const isReadOnly = async (): Promise<boolean> =>
  (await usb.devices())?.every(({ disks }) => disks.every(({ readOnly }) => readOnly)) === true;

test('everything is let go, one volume is writable, and it is read-only again afterwards', async () => {
  const recorder = await docked();
  const before = usb.calls.length;
  let during: readonly string[] = [];
  await dock.writable(recorder, rootOf(recorder, 1), async (volume) => {
    during = usb.mounts;
    expect(await isReadOnly()).toBe(false);
    await remove(volume);
  });
  expect(during).toHaveLength(1);
  expect(usb.mounts).toEqual([]);
  expect(await isReadOnly()).toBe(true);
  const verbs = usb.calls.slice(before).map((call) => call.split(' ')[0]);
  expect(verbs).toEqual(['unmount', 'unmount', 'setWritable', 'mount', 'unmount']);
  // The other volume after the first, as a recorder with two cards is cleared.
  await dock.writable(recorder, rootOf(recorder, 0), remove);
  await dock.release(recorder);
  await usb.takeOut('1-1');
  expect(cards.map((card) => existsSync(clipOf(card)))).toEqual([false, false]);
});

test('another device in the socket is never written to', async () => {
  const recorder = await docked();
  await usb.takeOut('1-1');
  mkdirSync(join(folder, 'away', 'other', 'DCIM'), { recursive: true });
  await usb.plugIn('1-1', { serial: 'TA00717', volumes: [{ card: join(folder, 'away', 'other') }] });
  await expect(dock.writable(recorder, recorder.root, remove)).rejects.toMatchObject({ code: 'recorder-pulled' });
  expect(usb.calls.some((call) => call.startsWith('setWritable'))).toBe(false);
});

test('taken out while it is cleared: said, and nothing stays mounted', async () => {
  const recorder = await docked();
  const cleared = dock.writable(recorder, recorder.root, async () => usb.takeOut('1-1'));
  await expect(cleared).rejects.toMatchObject({ code: 'recorder-pulled' });
  expect(usb.mounts).toEqual([]);
});

test.each(['setWritable', 'mount'] as const)('%s fails: nothing is written, and it is read-only', async (verb) => {
  const recorder = await docked();
  usb.fail(verb, 'helper-failed');
  const work = async (): Promise<void> => Promise.reject(new Error('this must not be called'));
  await expect(dock.writable(recorder, recorder.root, work)).rejects.toMatchObject({ code: 'helper-failed' });
  expect(usb.mounts).toEqual([]);
  expect(await isReadOnly()).toBe(true);
});

test('a card that did not confirm its last writes is told apart from one that cannot be unmounted', async () => {
  const recorder = await docked();
  const cause = Object.assign(new Error('fsync'), { code: 'flush-failed' });
  usb.failWith('unmount', undefined, undefined, new StationError('helper-failed', 'not all was written', { cause }));
  const error: unknown = await dock.writable(recorder, recorder.root, remove).catch((reason: unknown) => reason);
  expect(errorCode(error)).toBe('flush-failed');
});
