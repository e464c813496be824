// Goal: the keeper gives every recorder its turn and nobody a false "may be pulled out": recorders that go in the
// middle, docks that fail or stay silent, dockings that fail, volumes that will not be let go, listeners that throw.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DockKeeper, type DockKeeperParts } from '../../src/dock/dock-keeper.ts';
import type { Dock, DockedRecorder, DockingSummary, SlotView, TakeControl } from '../../src/domain/dock.ts';
import { StationError } from '../../src/domain/errors.ts';
import { SimulatedSlots } from '../../src/simulator/simulated-dock-slots.ts';

const nothing = (): void => undefined;
const log = { info: nothing, warn: nothing, error: nothing };
const summary: DockingSummary = {
  docking: 'd-1',
  sealed: 1,
  held: 0,
  skipped: 0,
  refused: 0,
  failed: 0,
  cancelled: false,
};

let folder: string;
let dock: SimulatedSlots;
let keepers: DockKeeper[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidock-keeper-'));
  dock = new SimulatedSlots(join(folder, 'dock'), 6);
  keepers = [];
});
afterEach(async () => {
  for (const keeper of keepers) await keeper.stop();
  await dock.stop();
  rmSync(folder, { recursive: true, force: true });
});

function keep(take: DockKeeperParts['take'], changes: Partial<DockKeeperParts> = {}): DockKeeper {
  const config = { parallelRecorders: 4, scanMilliseconds: 100 };
  const keeper = new DockKeeper({ docks: [dock], config, take, log, now: Date.now, ...changes });
  keepers.push(keeper);
  keeper.start();
  return keeper;
}

function plugIn(serial: string, slot: string, clips = 3) {
  const card = join(folder, 'away', serial);
  mkdirSync(card, { recursive: true });
  for (let clip = 0; clip < clips; clip += 1) writeFileSync(join(card, `${clip}.mp4`), `${serial} ${clip}`);
  return dock.plugIn({ serial, card }, slot);
}

async function until(right: () => boolean): Promise<void> {
  while (!right()) await sleep(10);
}
const slot = (keeper: DockKeeper, name: string): SlotView => {
  const view = keeper.slots().find((candidate) => candidate.slot === name);
  if (view === undefined) throw new Error(`no slot ${name}`);
  return view;
};
const untilState = (keeper: DockKeeper, name: string, state: SlotView['state']): Promise<void> =>
  until(() => slot(keeper, name).state === state);

/** Reads the whole card as a docking does, and reports; what is gone counts as failed. */
async function readAll(recorder: DockedRecorder, control: TakeControl): Promise<DockingSummary> {
  const docking = `d-${recorder.generation}`;
  control.onStarted(docking);
  const names = await readdir(Buffer.from(recorder.root));
  let failed = 0;
  for (const [index, name] of names.entries()) {
    if (control.signal.aborted) return { ...summary, docking, sealed: index - failed, failed, cancelled: true };
    await readFile(join(Buffer.from(recorder.root).toString(), name)).catch(() => {
      failed += 1;
    });
    control.onProgress({ filesDone: index + 1, files: names.length, bytesDone: index + 1, bytes: names.length });
    await sleep(20);
  }
  control.onFinishing();
  await sleep(20);
  return { ...summary, docking, sealed: names.length - failed, failed };
}

/** Takings that end when the test says so. */
function heldTakes() {
  const begun: { recorder: DockedRecorder; control: TakeControl; end: (result?: DockingSummary) => void }[] = [];
  const take: DockKeeperParts['take'] = (recorder, control) =>
    new Promise((resolve) => begun.push({ recorder, control, end: (result = summary) => resolve(result) }));
  return { begun, take };
}

/** The dock with some of its verbs replaced, as a faulty one would behave. */
function faulty(changes: Partial<Dock>): Dock {
  const { kind, slots } = dock;
  const onHint: Dock['onHint'] = (listener) => dock.onHint(listener);
  return {
    kind,
    slots,
    onHint,
    scan: () => dock.scan(),
    release: (r) => dock.release(r),
    stop: async () => {},
    ...changes,
  };
}

describe('a docking', () => {
  test('goes from waiting to done, and may be pulled only then', async () => {
    const keeper = keep(readAll);
    const seen: SlotView[] = [];
    keeper.onChange(() => seen.push(slot(keeper, '2')));
    expect(keeper.slots().map((view) => [view.slot, view.state, view.mayPull])).toEqual(
      ['1', '2', '3', '4', '5', '6'].map((name) => [name, 'empty', true]),
    );
    const visit = await plugIn('TA00001', '2', 60);
    await visit.released;
    await untilState(keeper, '2', 'done');
    expect(slot(keeper, '2')).toMatchObject({
      kind: 'simulated',
      mayPull: true,
      serial: 'TA00001',
      filesDone: 60,
      files: 60,
      counts: { sealed: 60, held: 0, skipped: 0, refused: 0, failed: 0 },
      docking: 'd-visit-1',
      problem: null,
      secondsLeft: null,
    });
    const busy = seen.filter(({ state }) => !['empty', 'done'].includes(state));
    expect(busy.map(({ state }) => state)).toContain('copying');
    expect(busy.every(({ mayPull }) => !mayPull)).toBe(true);
    expect(busy.find(({ state }) => state === 'copying')?.docking).toBe('d-visit-1');
    await dock.takeOut(visit);
    await untilState(keeper, '2', 'empty');
    expect(slot(keeper, '2')).toMatchObject({ serial: null, files: 0, counts: null, docking: null });
  });

  test('begins by itself for a recorder that was docked before the start', async () => {
    await plugIn('TA00001', '1');
    await untilState(keep(readAll), '1', 'done');
  });

  test('of more recorders than may be read at once waits for its turn, in order of arrival', async () => {
    const { begun, take } = heldTakes();
    const keeper = keep(take, { config: { parallelRecorders: 2, scanMilliseconds: 100 } });
    for (const [index, name] of ['1', '2', '3', '4', '5'].entries()) {
      await plugIn(`TA0000${name}`, name);
      await until(() => slot(keeper, name).state === (index < 2 ? 'listing' : 'waiting'));
    }
    expect(begun.map(({ recorder }) => recorder.slot)).toEqual(['1', '2']);
    for (let done = 0; done < 5; done += 1) {
      await until(() => begun.length === Math.min(5, done + 2));
      begun[done]?.end();
    }
    await until(() => keeper.slots().filter(({ state }) => state === 'done').length === 5);
    expect(begun.map(({ recorder }) => recorder.slot)).toEqual(['1', '2', '3', '4', '5']);
  });

  test('that only finishes has been read: the next recorder gets its turn', async () => {
    const { begun, take } = heldTakes();
    const keeper = keep(take, { config: { parallelRecorders: 1, scanMilliseconds: 100 } });
    for (const name of ['1', '2', '3']) {
      await plugIn(`TA0000${name}`, name);
      await until(() => slot(keeper, name).state !== 'empty');
    }
    begun[0]?.control.onFinishing();
    begun[0]?.control.onFinishing();
    await until(() => begun.length === 2);
    expect(keeper.slots().map(({ state }) => state)).toEqual([
      'finishing',
      'listing',
      'waiting',
      'empty',
      'empty',
      'empty',
    ]);
    begun[0]?.end();
    await untilState(keeper, '1', 'done');
    expect(begun).toHaveLength(2);
    begun[1]?.end();
    await until(() => begun.length === 3);
    begun[2]?.end();
    await untilState(keeper, '3', 'done');
  });

  test('that left something behind asks for attention; one that fails says its code', async () => {
    const { begun, take } = heldTakes();
    const failing: DockKeeperParts['take'] = async (recorder, control) => {
      if (recorder.slot === '2') throw new StationError('vault-full', 'the disk is full');
      if (recorder.slot === '3') throw new Error('nobody expected this');
      return take(recorder, control);
    };
    const keeper = keep(failing);
    await plugIn('TA00001', '1');
    await plugIn('TA00002', '2');
    await plugIn('TA00003', '3');
    await until(() => begun.length === 1);
    begun[0]?.end({ ...summary, failed: 2 });
    await untilState(keeper, '1', 'attention');
    await untilState(keeper, '2', 'failed');
    await untilState(keeper, '3', 'failed');
    expect(slot(keeper, '1')).toMatchObject({ mayPull: true, counts: { failed: 2 } });
    expect(slot(keeper, '2')).toMatchObject({ mayPull: true, problem: 'vault-full' });
    expect(slot(keeper, '3')).toMatchObject({ mayPull: true, problem: 'unknown' });
  });
});

describe('a recorder that is taken out', () => {
  test('in the middle ends as pulled, and can be taken in another slot', async () => {
    const keeper = keep(readAll);
    const visit = await plugIn('TA00001', '1', 200);
    await untilState(keeper, '1', 'copying');
    await dock.takeOut(visit);
    await untilState(keeper, '1', 'pulled');
    await until(() => slot(keeper, '1').counts !== null);
    expect(slot(keeper, '1')).toMatchObject({ mayPull: true, problem: 'recorder-pulled', serial: 'TA00001' });
    const again = await dock.plugIn(visit.recorder, '4');
    await until(() => slot(keeper, '4').filesDone > 3);
    expect(slot(keeper, '1').state).toBe('pulled');
    await dock.takeOut(again);
  });

  test('while it waits is pulled too, and never gets a turn', async () => {
    const { begun, take } = heldTakes();
    const keeper = keep(take, { config: { parallelRecorders: 1, scanMilliseconds: 100 } });
    await plugIn('TA00001', '1');
    await untilState(keeper, '1', 'listing');
    const visit = await plugIn('TA00002', '2');
    await untilState(keeper, '2', 'waiting');
    await dock.takeOut(visit);
    await untilState(keeper, '2', 'pulled');
    begun[0]?.end();
    await untilState(keeper, '1', 'done');
    expect(begun).toHaveLength(1);
  });

  test('unnoticed, while its card looks empty, is never called done', async () => {
    const { begun, take } = heldTakes();
    let recorders: Promise<readonly DockedRecorder[]> = Promise.resolve([]);
    const keeper = keep(take, { docks: [faulty({ onHint: () => nothing, scan: () => recorders })] });
    await plugIn('TA00001', '1');
    recorders = dock.scan();
    await until(() => begun.length === 1);
    // The next scan, which the end asks for, is the first to see it.
    recorders = Promise.resolve([]);
    begun[0]?.end({ ...summary, sealed: 0 });
    await untilState(keeper, '1', 'pulled');
    expect(begun[0]?.control.signal.aborted).toBe(true);
  });

  test('and swapped for another between two scans: each is a docking of its own', async () => {
    const { begun, take } = heldTakes();
    const keeper = keep(take);
    const visit = await plugIn('TA00001', '1');
    await until(() => begun.length === 1);
    await dock.takeOut(visit);
    await plugIn('TA00002', '1');
    await until(() => begun.length === 2);
    begun[0]?.control.onProgress({ filesDone: 9, files: 9, bytesDone: 9, bytes: 9 });
    begun[0]?.end();
    expect(slot(keeper, '1')).toMatchObject({ serial: 'TA00002', state: 'listing', files: 0 });
    begun[1]?.end({ ...summary, docking: 'd-2' });
    await untilState(keeper, '1', 'done');
    expect(slot(keeper, '1').docking).toBe('d-2');
  });
});

describe('a dock that fails', () => {
  test('is shown as a problem, ends nothing, and is asked again', async () => {
    const { begun, take } = heldTakes();
    let broken = false;
    const scan = async (): Promise<readonly DockedRecorder[]> => {
      if (broken) throw new StationError('import-folder-unreadable', 'gone');
      return dock.scan();
    };
    const keeper = keep(take, { docks: [faulty({ scan })] });
    await plugIn('TA00001', '1');
    await until(() => begun.length === 1);
    broken = true;
    await until(() => keeper.problems().length === 1);
    expect(keeper.problems()).toMatchObject([{ kind: 'simulated', code: 'import-folder-unreadable' }]);
    expect(slot(keeper, '1').state).toBe('listing');
    expect(begun[0]?.control.signal.aborted).toBe(false);
    begun[0]?.end();
    await sleep(150);
    expect(slot(keeper, '1').mayPull).toBe(false);
    broken = false;
    await untilState(keeper, '1', 'done');
    expect(keeper.problems()).toEqual([]);
  });

  test('for good leaves a docking that ended in doubt', async () => {
    const { begun, take } = heldTakes();
    let broken = false;
    const scan = async (): Promise<readonly DockedRecorder[]> => {
      if (broken) throw new StationError('usb-missing', 'gone');
      return dock.scan();
    };
    const keeper = keep(take, { docks: [faulty({ scan })] });
    await plugIn('TA00001', '1');
    await until(() => begun.length === 1);
    broken = true;
    begun[0]?.end();
    await untilState(keeper, '1', 'failed');
    expect(slot(keeper, '1').problem).toBe('usb-missing');
  });

  test('to let a volume go keeps the recorder where it is, and says why', async () => {
    let attempts = 0;
    const release = async (): Promise<void> => {
      attempts += 1;
      throw Object.assign(new Error('busy'), { code: 'EBUSY' });
    };
    const keeper = keep(readAll, { docks: [faulty({ release })] });
    await plugIn('TA00001', '1');
    await untilState(keeper, '1', 'failed');
    expect(slot(keeper, '1')).toMatchObject({ mayPull: false, problem: 'EBUSY' });
    expect(attempts).toBe(3);
  });
});

test('listeners hear at most four times a second, hear of the last change, and harm nobody', async () => {
  const { begun, take } = heldTakes();
  const keeper = keep(take);
  const heard: number[] = [];
  keeper.onChange(() => {
    throw new Error('a page that went away');
  });
  keeper.onChange(() => heard.push(slot(keeper, '1').bytesDone));
  const leave = keeper.onChange(() => {
    throw new Error('must not be called');
  });
  leave();
  await plugIn('TA00001', '1');
  await until(() => begun.length === 1);
  const beganMs = performance.now();
  const before = heard.length;
  for (let bytesDone = 1; bytesDone <= 1000; bytesDone += 1) {
    begun[0]?.control.onProgress({ filesDone: 0, files: 1, bytesDone, bytes: 1000 });
    if (bytesDone % 10 === 0) await sleep(5);
  }
  await until(() => heard.at(-1) === 1000);
  expect(heard.length - before).toBeLessThanOrEqual(2 + (performance.now() - beganMs) / 250);
  begun[0]?.end();
  await untilState(keeper, '1', 'done');
});

test('stopping aborts what is under way and settles after it has ended and was let go', async () => {
  const keeper = keep(readAll);
  const first = await plugIn('TA00001', '1', 500);
  await plugIn('TA00002', '2', 500);
  await untilState(keeper, '1', 'copying');
  await keeper.stop();
  expect(slot(keeper, '1')).toMatchObject({ state: 'attention', mayPull: true });
  await first.released;
  await keeper.stop();
});
