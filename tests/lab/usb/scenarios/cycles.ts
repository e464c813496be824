/**
 * The same few recorders dock and go, hundreds of times, in eight sockets at once. What the daemon and its helper hold
 * then is compared with what they held when they were warm: memory, descriptors by kind, threads, mounts.
 */

import { changedImages, makeRecorder, type SampleRecorder, sampleFiles, serialOf } from '../sample-recorders.ts';
import type { Lab } from '../scenario.ts';
import type { ProcessFigures } from '../station-process.ts';
import {
  cardMounts,
  comparedClips,
  fileLines,
  type StationPlace,
  type StationTrial,
  secondsSince,
  settledStates,
} from '../station-scenario.ts';

const sockets = 8;
const warmCycles = 40;
/** A warm daemon may still grow so far: garbage that is not collected yet, pages of the registry. */
const daemonGrowthKibMax = 48 * 1024;
const helperGrowthKibMax = 512;
/** Descriptors come and go with a checkpoint that is being written, say. */
const descriptorSlack = 2;
const cycleSecondsMax = 180;

export const cyclesTrial: StationTrial = {
  name: 'cycles',
  goal: 'after 200 dockings the daemon and its helper hold no more memory, descriptors, threads or mounts than when warm',
  secondsMax: 5400,
  sockets: 8,
  shares: true,
  run: runCycles,
};

async function runCycles(lab: Lab, place: StationPlace): Promise<void> {
  const recorders: SampleRecorder[] = [];
  for (let at = 400; at < 400 + sockets; at += 1) {
    const serial = serialOf(at);
    recorders.push(await makeRecorder(lab.folder, { at, serial, files: sampleFiles(serial, 10_000) }));
  }
  const before = place.ledger.dockings.length;
  const started = performance.now();
  const bad: string[] = [];
  let warm: ReturnType<typeof place.daemon.figures> | undefined;
  let done = 0;
  // Each socket at its own pace.
  await Promise.all(
    recorders.map(async (recorder, at) => {
      for (let round = 0; done < lab.wish.cycles && bad.length === 0; round += 1) {
        done += 1;
        const now = done;
        const trouble = await cycle(lab, place, { recorder, socket: at });
        if (trouble !== undefined) bad.push(`cycle ${now}, round ${round}: ${trouble}`);
        if (now % 20 === 0)
          lab.step('cycles', true, { begun: now, afterSeconds: secondsSince(started), ...place.daemon.figures() });
        if (now >= Math.min(warmCycles, lab.wish.cycles / 2)) warm ??= place.daemon.figures();
      }
    }),
  );
  lab.step('every cycle ends done, then empty', bad.length === 0, {
    cycles: done,
    seconds: secondsSince(started),
    bad,
  });
  const mounts = cardMounts();
  lab.step('nothing is mounted', mounts.length === 0, { mounts });
  await compareFigures(lab, place, warm);

  const expected = recorders.flatMap(({ serial, card }) => fileLines(serial, card.files));
  const { same, facts } = comparedClips(place.ledger, expected);
  lab.step('every file is sealed once, however often it came', same, facts);
  const dockings = place.ledger.dockings.slice(before);
  const whole = dockings.filter(
    ({ end, listed, outcomes, sealed }) => end === 'ended' && listed.length === outcomes.size + sealed.length,
  );
  lab.step(
    'each cycle is one docking that accounts for its whole inventory',
    whole.length === done && dockings.length === done,
    {
      dockings: dockings.length,
      whole: whole.length,
    },
  );
  const changed = await changedImages(recorders);
  lab.step('no image has changed', changed.length === 0, { changed });
}

/** What went wrong, undefined when nothing did. */
async function cycle(
  lab: Lab,
  place: StationPlace,
  { recorder, socket }: { readonly recorder: SampleRecorder; readonly socket: number },
): Promise<string | undefined> {
  const shown = (): string => place.daemon.wall.card(socket + 1)?.state ?? 'unknown';
  recorder.gadget.dock(socket);
  const settled = await lab.eventually(() => (settledStates.includes(shown()) ? shown() : undefined), cycleSecondsMax);
  if (settled !== 'done') return `${recorder.serial} is ${settled ?? shown()}`;
  recorder.gadget.undock();
  const empty = await lab.eventually(() => (shown() === 'empty' ? true : undefined), cycleSecondsMax);
  return empty === true ? undefined : `slot ${socket + 1} is ${shown()} without a recorder`;
}

async function compareFigures(
  lab: Lab,
  place: StationPlace,
  warm: ReturnType<typeof place.daemon.figures> | undefined,
): Promise<void> {
  // Looked at a few times, because the last ones may still be let go.
  const calm = await lab.eventually(() => {
    const end = place.daemon.figures();
    return warm !== undefined && moreDescriptors(warm.daemon, end.daemon) <= descriptorSlack ? end : undefined;
  }, 60);
  const end = calm ?? place.daemon.figures();
  lab.step('figures', true, { warm, end, listeners: place.daemon.wall.events });
  if (warm?.helper === undefined || end.helper === undefined) {
    lab.step('daemon and helper can be looked at', false, { warm, end });
    return;
  }
  const growth = {
    daemonKib: end.daemon.rssKib - warm.daemon.rssKib,
    helperKib: end.helper.rssKib - warm.helper.rssKib,
  };
  lab.step('memory stays', growth.daemonKib <= daemonGrowthKibMax && growth.helperKib <= helperGrowthKibMax, growth);
  const descriptors = {
    daemon: moreDescriptors(warm.daemon, end.daemon),
    helper: moreDescriptors(warm.helper, end.helper),
  };
  lab.step('open descriptors stay', descriptors.daemon <= descriptorSlack && descriptors.helper <= 0, descriptors);
  const threads = {
    daemon: end.daemon.threads - warm.daemon.threads,
    helper: end.helper.threads - warm.helper.threads,
  };
  lab.step('threads stay', threads.daemon <= 2 && threads.helper <= 0, threads);
}

const sum = ({ descriptors }: ProcessFigures): number => Object.values(descriptors).reduce((all, one) => all + one, 0);
const moreDescriptors = (before: ProcessFigures, after: ProcessFigures): number => sum(after) - sum(before);
