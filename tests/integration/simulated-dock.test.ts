// Goal: the simulated dock keeps a rhythm that one can watch: the first recorders soon, all of them again and again,
// cards that grow, faults where the seed puts them, the same for the same seed. Real footage, life sped up.
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { DockKeeper } from '../../src/dock/dock-keeper.ts';
import type { DockingSummary } from '../../src/domain/dock.ts';
import { FootageScenes } from '../../src/simulator/footage-scenes.ts';
import { createSimulatedDock } from '../../src/simulator/simulated-dock.ts';
import { planFaults, planVisit } from '../../src/simulator/simulated-dock-plan.ts';

const folder = mkdtempSync(join(tmpdir(), 'evidock-simulated-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const nothing = (): void => undefined;
const log = { info: nothing, warn: nothing, error: nothing };

interface Seen {
  readonly serial: string | undefined;
  readonly slot: string;
  readonly names: readonly string[];
}

async function watchRhythm(seed: number, enough: (seen: readonly Seen[], pulled: number) => boolean) {
  const recorders = ['TA00001', 'TA00002', 'TA00003', 'TA00004'].map((serial, index) => ({
    serial,
    officer: `JX000${index}`,
    make: 'serial-first' as const,
  }));
  const said: string[] = [];
  const dock = createSimulatedDock({
    folder: join(folder, `run-${seed}`),
    scenes: new FootageScenes(join(folder, 'scenes')),
    slots: 3,
    recorders,
    seed,
    tempo: 25,
    clips: { min: 1, max: 2 },
    log: {
      info: (facts, message) => said.push(`${message} ${JSON.stringify(facts)}`),
      warn: (facts, message) => said.push(`${message} ${JSON.stringify(facts)}`),
    },
  });
  const seen: Seen[] = [];
  let pulled = 0;
  const take = async ({ root, slot, serial }: { root: Uint8Array; slot: string; serial: string | undefined }) => {
    const names = await readdir(Buffer.from(root).toString(), { recursive: true }).catch(() => []);
    seen.push({ serial, slot, names: names.filter((name) => /\.\w+$/.test(name)).sort() });
    await sleep(150);
    return { docking: 'd', sealed: 1, held: 0, skipped: 0, refused: 0, failed: 0, cancelled: false } as DockingSummary;
  };
  const config = { parallelRecorders: 2, scanMilliseconds: 100 };
  const keeper = new DockKeeper({ docks: [dock], config, take, log, now: Date.now });
  keeper.onChange(() => {
    pulled += keeper.slots().filter(({ state }) => state === 'pulled').length;
  });
  keeper.start();
  dock.start();
  while (!enough(seen, pulled)) await sleep(50);
  await keeper.stop();
  await dock.stop();
  return { seen, said, faults: dock.faults };
}

test('recorders come, go and come again in other slots, with more on their cards, and one is pulled early', async () => {
  const visits = (seen: readonly Seen[], serial: string): Seen[] => seen.filter((visit) => visit.serial === serial);
  const { seen, said, faults } = await watchRhythm(7, (all, pulled) => {
    const serials = ['TA00001', 'TA00002', 'TA00003', 'TA00004'];
    return pulled > 0 && serials.every((serial) => visits(all, serial).length >= 3);
  });
  expect(said[0]).toContain('"seed":7');
  expect(faults.filter((fault) => fault !== undefined).sort()).toEqual(['pulled-early', 'still-recording']);
  const own = visits(seen, 'TA00001');
  expect(new Set(own.map(({ slot }) => slot)).size).toBeGreaterThan(1);
  expect(own[2]?.names).toEqual(expect.arrayContaining([...(own[0]?.names ?? ['missing'])]));
  expect(own[2]?.names.length).toBeGreaterThan(own[0]?.names.length ?? 0);
  expect(own[0]?.names[0]).toMatch(/^DCIM\/100MEDIA\/TA00001_JX0000_\d{14}/);
});

test('faults and visits follow from the seed alone', () => {
  const visit = { seed: 3, recorder: 1, visit: 2, fault: undefined, clips: { min: 6, max: 14 } };
  expect(planVisit(visit)).toEqual(planVisit(visit));
  expect(planVisit(visit)).not.toEqual(planVisit({ ...visit, seed: 4 }));
  expect(planFaults(3, 8, 0.5)).toEqual(planFaults(3, 8, 0.5));
  expect(planFaults(3, 8, 0.5).filter((fault) => fault !== undefined)).toHaveLength(4);
  expect(planFaults(3, 8, 0)).toEqual(new Array(8).fill(undefined));
  expect(new Set(planFaults(3, 12, 1)).size).toBe(6);
});

test('each fault shows in its plan', () => {
  const plan = (fault: Parameters<typeof planVisit>[0]['fault'], visit: number) =>
    planVisit({ seed: 9, recorder: 4, visit, fault, clips: { min: 6, max: 14 } });
  expect([0, 1, 2, 3, 4].map((visit) => plan('pulled-early', visit).pulledAfterMs !== undefined)).toEqual([
    false,
    true,
    false,
    false,
    true,
  ]);
  expect(plan('absurd-clock', 0).absurdDay).toMatch(/^(1970|2000|2013)-/);
  expect(plan('absurd-clock', 5).absurdDay).toBe(plan('absurd-clock', 0).absurdDay);
  expect(plan('still-recording', 0).stillRecording).toBe(true);
  expect(Object.keys(plan('battery-loss', 0).mix ?? {})).toContain('zero-tail');
  expect(plan(undefined, 1)).toMatchObject({ pulledAfterMs: undefined, absurdDay: undefined, stillRecording: false });
});
