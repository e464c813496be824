// Goal: what the keeper relies on holds for every dock: scans tell levels, each visit has a generation of its own,
// gone means gone, and letting go is safe at any time.
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadRecorderTable } from '../../src/config/recorder-table.ts';
import { ImportFolder } from '../../src/dock/import-folder.ts';
import { parseSlotMap } from '../../src/dock/usb/slot-map.ts';
import { UsbDock } from '../../src/dock/usb/usb-dock.ts';
import type { Dock, DockedRecorder } from '../../src/domain/dock.ts';
import { SimulatedSlots, type SimulatedVisit } from '../../src/simulator/simulated-dock-slots.ts';
import { SimulatedUsb } from '../../src/simulator/simulated-usb.ts';

/** A dock, and hands that plug recorders A and B in and take them out. */
interface Bench {
  readonly dock: Dock;
  plugIn(recorder: 'A' | 'B'): Promise<void>;
  takeOut(recorder: 'A' | 'B'): Promise<void>;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidock-dock-'));
  for (const name of ['A', 'B']) {
    mkdirSync(join(folder, 'away', name, 'DCIM'), { recursive: true });
    writeFileSync(join(folder, 'away', name, 'DCIM', 'clip.mp4'), `clip of ${name}`);
  }
});

function importFolder(): Bench {
  mkdirSync(join(folder, 'import'));
  const nothing = (): void => undefined;
  const dock = new ImportFolder({
    folder: join(folder, 'import'),
    settleMs: 200,
    limits: { maxFiles: 100, maxDepth: 8 },
    wasTaken: () => false,
    log: { info: nothing, warn: nothing, error: nothing },
    monotonicMs: () => performance.now(),
  });
  return {
    dock,
    plugIn: async (name) => renameSync(join(folder, 'away', name), join(folder, 'import', name)),
    takeOut: async (name) => renameSync(join(folder, 'import', name), join(folder, 'away', name)),
  };
}

function simulated(): Bench {
  const dock = new SimulatedSlots(join(folder, 'dock'), 3);
  const visits = new Map<string, SimulatedVisit>();
  return {
    dock,
    plugIn: async (name) => {
      const recorder = { serial: name, card: join(folder, 'away', name) };
      visits.set(name, await dock.plugIn(recorder, dock.freeSlots()[0] ?? ''));
    },
    takeOut: async (name) => {
      const visit = visits.get(name);
      if (visit !== undefined) await dock.takeOut(visit);
    },
  };
}

function usbDock(): Bench {
  const nothing = (): void => undefined;
  const usb = new SimulatedUsb(join(folder, 'usb'));
  const ports = { A: '1-1', B: '1-2' };
  const dock = new UsbDock({
    tree: usb,
    helper: usb,
    slots: parseSlotMap('slots: { 1: [platform/simulated.1/usb2/1], 2: [platform/simulated.1/usb2/2] }', 'test'),
    table: loadRecorderTable(),
    readName: () => undefined,
    isRegistered: () => false,
    openDriver: () => undefined,
    passwords: [],
    timeZone: 'Asia/Shanghai',
    setsClock: true,
    recordClock: async () => undefined,
    timeOffsetMinutes: () => 480,
    onFinding: nothing,
    log: { info: nothing, warn: nothing, error: nothing },
    now: Date.now,
    monotonicMs: () => performance.now(),
    limits: { pollMs: 10 },
  });
  return {
    dock,
    plugIn: (name) =>
      usb.plugIn(ports[name], { serial: `SERIAL-${name}`, volumes: [{ card: join(folder, 'away', name) }] }),
    takeOut: (name) => usb.takeOut(ports[name]),
  };
}

const benches: readonly (readonly [string, () => Bench])[] = [
  ['import folder', importFolder],
  ['simulated dock', simulated],
  ['USB dock', usbDock],
];

describe.each(benches)('%s', (_name, open) => {
  let bench: Bench;
  beforeEach(() => {
    bench = open();
  });
  afterEach(async () => {
    await bench.dock.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function scanUntil(count: number): Promise<readonly DockedRecorder[]> {
    for (;;) {
      const recorders = await bench.dock.scan();
      if (recorders.length === count) return recorders;
      await sleep(30);
    }
  }
  async function docked(): Promise<DockedRecorder> {
    const [recorder] = await scanUntil(1);
    if (recorder === undefined) throw new Error('nobody is docked');
    return recorder;
  }

  test('an empty dock has nobody, and as many slots as it says', async () => {
    expect(await bench.dock.scan()).toEqual([]);
    expect(new Set(bench.dock.slots).size).toBe(bench.dock.slots.length);
  });

  test('a docked recorder can be read below its root, and every scan says the same', async () => {
    await bench.plugIn('A');
    const recorder = await docked();
    expect(recorder.kind).toBe(bench.dock.kind);
    const clip = Buffer.concat([recorder.root, Buffer.from('/DCIM/clip.mp4')]);
    expect(readFileSync(clip, 'utf8')).toBe('clip of A');
    for (let again = 0; again < 3; again += 1) expect(await bench.dock.scan()).toEqual([recorder]);
  });

  test('two recorders sit in two slots', async () => {
    await bench.plugIn('A');
    await bench.plugIn('B');
    const recorders = await scanUntil(2);
    expect(new Set(recorders.map(({ slot }) => slot)).size).toBe(2);
    expect(new Set(recorders.map(({ generation }) => generation)).size).toBe(2);
  });

  test('a recorder that was docked before anyone looked is found', async () => {
    await bench.plugIn('B');
    await sleep(300);
    expect((await docked()).root).toBeInstanceOf(Uint8Array);
  });

  test('plugging in and taking out are hinted at; a listener that left hears nothing', async () => {
    let hints = 0;
    let unheard = 0;
    bench.dock.onHint(() => {
      hints += 1;
    });
    bench.dock.onHint(() => {
      unheard += 1;
    })();
    await bench.dock.scan();
    await sleep(200);
    await bench.plugIn('A');
    while (hints === 0) await sleep(20);
    await bench.dock.release(await docked());
    // What hints about plugging in may still be under way.
    await sleep(500);
    const before = hints;
    await bench.takeOut('A');
    while (hints === before) await sleep(20);
    expect(await scanUntil(0)).toEqual([]);
    expect(unheard).toBe(0);
  });

  test('each visit has another generation', async () => {
    const generations = new Set<string>();
    for (let visit = 0; visit < 3; visit += 1) {
      await bench.plugIn('A');
      const recorder = await docked();
      generations.add(recorder.generation);
      await bench.dock.release(recorder);
      await bench.takeOut('A');
      await scanUntil(0);
    }
    expect(generations.size).toBe(3);
  });

  test('gone means gone at the next scan, also in the middle of reading', async () => {
    await bench.plugIn('A');
    const recorder = await docked();
    await bench.takeOut('A');
    expect(await bench.dock.scan()).toEqual([]);
    expect(() => readFileSync(Buffer.concat([recorder.root, Buffer.from('/DCIM/clip.mp4')]))).toThrow(/ENOENT/);
  });

  test('letting go is safe twice, after the recorder is gone, and while another one sits there', async () => {
    await bench.plugIn('A');
    const first = await docked();
    await bench.dock.release(first);
    await bench.dock.release(first);
    expect(await bench.dock.scan()).toEqual([first]);
    await bench.takeOut('A');
    await bench.dock.release(first);
    await bench.plugIn('A');
    const second = await docked();
    await bench.dock.release(first);
    expect(await bench.dock.scan()).toEqual([second]);
  });

  test('a dock that is watched and full can be stopped, twice', async () => {
    bench.dock.onHint(() => undefined);
    await bench.plugIn('A');
    await bench.dock.scan();
    await bench.dock.stop();
    await expect(bench.dock.stop()).resolves.toBeUndefined();
  });
});
