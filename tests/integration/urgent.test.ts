// Goal: whoever needs a recorder at once gets it within three seconds in any state, nothing is half sealed, what was not
// taken is named, and the next docking takes it. Real station, real files, copying as slow as a card.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SlotState, SlotView } from '../../src/domain/dock.ts';
import { pacedEngine } from '../../src/simulator/paced-engine.ts';
import { UrgentDesk } from '../../src/station/urgent-desk.ts';
import { ClearingBench, filesOn } from '../support/clearing-bench.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';

const base = 'engine: { kind: native }\nlog: { level: fatal }\n';
const mayPullMsMax = 3_000;
const actor = { kind: 'person', id: 'kiosk' } as const;

let folder: string;
let bench: ClearingBench;
let urgent: UrgentDesk;
beforeEach(() => {
  folder = makeDiskFolder();
});
afterEach(async () => {
  await bench.close();
  expect(await bench.fsck()).toEqual([]);
  removeFolder(folder);
});

async function open(config: string, bytesPerSecond: number): Promise<void> {
  bench = await ClearingBench.open({
    folder,
    config,
    aroundEngine: (engine) => pacedEngine(engine, { folder, bytesPerSecond }),
  });
  urgent = new UrgentDesk(bench.station.context);
  urgent.serve(bench.keeper);
}

/** So many clips of 100 000 bytes. */
function clips(count: number): { [path: string]: Uint8Array } {
  const names = Array.from({ length: count }, (_, at) => `DCIM/TA00716_JX0227_20261121${String(100_000 + at)}.MP4`);
  return Object.fromEntries(names.map((name, at) => [name, Buffer.alloc(100_000, at + 1)]));
}

async function askIn(slot: string, state: SlotState): Promise<{ view: SlotView; ms: number }> {
  await bench.until(slot, [state]);
  if (state === 'copying') while (bench.view(slot).filesDone < 2) await sleep(5);
  const started = performance.now();
  const asked = await urgent.request({ slot, actor });
  expect(asked.state).toBe(state);
  const { signal } = new AbortController();
  await urgent.mayPull(asked, signal);
  const ms = Math.round(performance.now() - started);
  process.stderr.write(`urgent while ${state}: may be pulled after ${ms} ms\n`);
  expect(ms).toBeLessThan(mayPullMsMax);
  return { view: await urgent.settled(asked, signal), ms };
}

describe('a recorder that is needed at once', () => {
  test('while it is copied: what is not taken is named, and the next docking takes exactly that', async () => {
    await open(base, 400_000);
    bench.card('TA00716', clips(20));
    const visit = await bench.plugIn('TA00716');
    const { view } = await askIn('1', 'copying');
    expect(view).toMatchObject({ state: 'attention', mayPull: true, problem: 'taken-urgently' });
    const { sealed = 0, notTaken = 0 } = view.counts ?? {};
    expect(sealed).toBeGreaterThan(1);
    expect(sealed + notTaken).toBe(20);
    expect(bench.records('urgent-requested')[0]).toMatchObject({
      subject: view.docking,
      body: { slot: '1', state: 'copying', docking: view.docking },
    });
    const named = Object.values(bench.entries('outcomes-listed'));
    expect(named).toHaveLength(notTaken);
    expect(new Set(named.map(({ outcome, reason }) => `${outcome} ${reason}`))).toEqual(
      new Set(['not-taken taken-urgently']),
    );
    expect(bench.records('docking-ended')[0]?.body).toMatchObject({ cancelled: true, sealed, notTaken });
    await visit.released;
    await bench.slots.takeOut(visit);
    await bench.until('1', ['empty']);
    const again = await bench.visit('TA00716');
    expect(again).toMatchObject({ state: 'done', counts: { sealed: notTaken, held: sealed, notTaken: 0 } });
  });

  test('while it waits for its turn: it is let go at once, and there is no docking', async () => {
    await open(base, 400_000);
    for (const [at, serial] of ['TA00001', 'TA00002', 'TA00003'].entries()) {
      bench.card(serial, clips(12));
      await bench.plugIn(serial, String(at + 1));
      if (at < 2) await bench.until(String(at + 1), ['copying']);
    }
    const { view } = await askIn('3', 'waiting');
    expect(view).toMatchObject({ state: 'attention', docking: null, problem: 'taken-urgently' });
    expect(bench.records('urgent-requested')[0]).toMatchObject({ subject: 'slot-3', body: { docking: null } });
    // The others go on.
    await bench.until('1', ['done']);
    await bench.until('2', ['done']);
  });

  test('while it is listed: a card of many files is let go as well', async () => {
    await open(base, 400_000);
    bench.card('TA00716', Object.fromEntries(Array.from({ length: 6000 }, (_, at) => [`d${at % 60}/${at}.MP4`, 'x'])));
    await bench.plugIn('TA00716');
    const { view } = await askIn('1', 'listing');
    expect(view.mayPull).toBe(true);
    expect(bench.records('clip-sealed').length + (view.counts?.notTaken ?? 0)).toBeLessThanOrEqual(6000);
  });

  test('while it is cleared: the file under way stays or is gone, the others stay, and all are sealed', async () => {
    await open(`${base}clearing: { policy: after-seal }\n`, 400_000);
    const card = bench.card('TA00716', clips(12));
    const visit = await bench.plugIn('TA00716');
    await bench.until('1', ['clearing']);
    while (bench.view('1').filesDone < 2) await sleep(2);
    const { view } = await askIn('1', 'clearing');
    expect(view).toMatchObject({ state: 'done', mayPull: true, problem: null });
    const { cleared = 0 } = view.counts ?? {};
    expect(cleared).toBeGreaterThan(0);
    expect(cleared).toBeLessThan(12);
    expect(bench.records('clearing-ended')[0]?.body).toMatchObject({
      cleared,
      stopped: 'taken-urgently',
      flushed: true,
    });
    await visit.released;
    await bench.slots.takeOut(visit);
    await bench.until('1', ['empty']);
    expect(filesOn(card)).toHaveLength(12 - cleared);
    // The next docking takes nothing twice, and clears the rest.
    expect((await bench.visit('TA00716')).counts).toMatchObject({
      sealed: 0,
      held: 12 - cleared,
      cleared: 12 - cleared,
    });
  });

  test('with ten thousand files still to take: naming them all does not hold it up', async () => {
    await open(base, 40_000_000);
    bench.card('TA00716', {
      ...clips(40),
      ...Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`late${at % 40}/${at}.MP4`, `clip ${at}`])),
    });
    await bench.plugIn('TA00716');
    const { view } = await askIn('1', 'copying');
    expect(view.counts?.notTaken).toBeGreaterThan(9000);
    expect(Object.keys(bench.entries('outcomes-listed'))).toHaveLength(view.counts?.notTaken ?? 0);
  });
});

test('a slot where nothing is under way has nothing to stop, and says so; asking twice changes nothing', async () => {
  await open(base, 400_000);
  await expect(urgent.request({ slot: '1', actor })).rejects.toMatchObject({ code: 'slot-not-busy' });
  bench.card('TA00716', clips(6));
  await bench.plugIn('TA00716');
  await bench.until('1', ['copying']);
  expect(bench.view('1').urgent).toBe('offered');
  await urgent.request({ slot: '1', actor });
  await expect(urgent.request({ slot: '1', actor })).rejects.toMatchObject({ code: 'slot-not-busy' });
  expect((await bench.until('1', ['attention'])).urgent).toBeUndefined();
  await expect(urgent.request({ slot: '1', actor })).rejects.toMatchObject({ code: 'slot-not-busy' });
  expect(bench.records('urgent-requested')).toHaveLength(1);
});
