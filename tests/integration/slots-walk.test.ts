/**
 * The walk along the dock, on the reader of the kernel's USB tree: a recorder plugged in slot after slot, the same
 * socket twice, two at once, the wrong order mended by walking again, and ending it by hand.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walkSlots } from '../../src/control/slots-walk.ts';
import { loadSlotMap, saveSlotMap, socketText } from '../../src/dock/usb/slot-map.ts';
import { SysfsTree } from '../../src/dock/usb/sysfs-tree.ts';
import { deviceAttributes, SysfsFolder, storageInterface } from '../support/sysfs-folder.ts';

const pollMs = 5;
const controller = 'platform/dummy_hcd.0';
let folder: string;
let sysfs: SysfsFolder;
let said: string[];
let devices: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidock-walk-'));
  sysfs = new SysfsFolder(join(folder, 'sys'));
  sysfs.addBus(2, controller, 480);
  said = [];
  devices = 2;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function plug(portPath: string): void {
  devices += 1;
  sysfs.add({ portPath, attributes: deviceAttributes({ devnum: `${devices}` }), interfaces: [storageInterface] });
}

/** Walks in the background; `until` waits for what it says. */
function walk(first: number, last: number, ending = new AbortController()) {
  const done = walkSlots({
    tree: new SysfsTree({ root: sysfs.root }),
    first,
    last,
    pollMs,
    signal: ending.signal,
    ask: (slot) => said.push(`ask ${slot}`),
    alreadyLearnt: (slot) => said.push(`had ${slot}`),
    learnt: async (slot, sockets) => {
      await saveSlotMap(folder, (await loadSlotMap(folder)).with(slot, sockets));
      said.push(`learnt ${slot}`);
    },
  });
  const until = (words: string): Promise<void> => expect.poll(() => said.at(-1), { timeout: 20_000 }).toBe(words);
  return { done, until, ending };
}

const ports = async (): Promise<object> => {
  const { sockets } = await loadSlotMap(folder);
  return Object.fromEntries([...sockets].map(([slot, own]) => [slot, own.map(socketText)]));
};
const port = (number: number): string[] => [`${controller}/usb2/${number}`];

/** The walk looks at what is there before it waits; a device that comes earlier would not be new. */
const settle = (): Promise<void> => sleep(20 * pollMs);

test('slot after slot, with a recorder left in the dock and one that was there before', async () => {
  plug('2-7');
  const { done, until } = walk(1, 3);
  for (const [slot, at] of [
    [1, 4],
    [2, 1],
    [3, 2],
  ] as const) {
    await until(`ask ${slot}`);
    await settle();
    plug(`2-${at}`);
  }
  await done;
  expect(said).toEqual(['ask 1', 'learnt 1', 'ask 2', 'learnt 2', 'ask 3', 'learnt 3']);
  expect(await ports()).toEqual({ 1: port(4), 2: port(1), 3: port(2) });
});

test('the same socket twice is told, and the slot that was asked for is still learnt', async () => {
  const { done, until } = walk(1, 2);
  await until('ask 1');
  await settle();
  plug('2-1');
  await until('ask 2');
  sysfs.remove('2-1');
  await settle();
  plug('2-1');
  await until('had 1');
  sysfs.remove('2-1');
  await settle();
  plug('2-2');
  await done;
  expect(await ports()).toEqual({ 1: port(1), 2: port(2) });
});

test('two at once say nothing: it waits until one comes alone', async () => {
  const real = new SysfsTree({ root: sysfs.root });
  // One look sees both, however slow the machine is: the second is plugged in before the tree is read.
  let looks = 0;
  const tree = {
    devices: () => {
      looks += 1;
      if (looks === 2) for (const at of ['2-1', '2-2']) plug(at);
      if (looks === 5) plug('2-3');
      return real.devices();
    },
    socketsAt: (portPath: string) => real.socketsAt(portPath),
  };
  const learnt: string[] = [];
  await walkSlots({
    ...{ tree, first: 5, last: 5, pollMs, signal: new AbortController().signal },
    ask: () => undefined,
    alreadyLearnt: () => undefined,
    learnt: async (slot, sockets) => void learnt.push(`${slot} ${sockets.map(socketText).join()}`),
  });
  expect(learnt).toEqual([`5 ${port(3)}`]);
});

test('the wrong order is mended by walking again: each socket belongs to one slot', async () => {
  for (const order of [
    [2, 1],
    [1, 2],
  ]) {
    said = [];
    for (const at of [1, 2]) sysfs.remove(`2-${at}`);
    const { done, until } = walk(1, 2);
    for (const [index, at] of order.entries()) {
      await until(`ask ${index + 1}`);
      await settle();
      plug(`2-${at}`);
    }
    await done;
  }
  expect(await ports()).toEqual({ 1: port(1), 2: port(2) });
});

test('ended by hand it keeps what it has learnt', async () => {
  const { done, until, ending } = walk(1, 9);
  const outcome = expect(done).rejects.toMatchObject({ name: 'AbortError' });
  await until('ask 1');
  await settle();
  plug('2-3');
  await until('ask 2');
  ending.abort();
  await outcome;
  expect(await ports()).toEqual({ 1: port(3) });
});
