/**
 * Recorders are pulled out too early, at points drawn by lot, and come back, half of the time in another slot. Nothing
 * that is sealed has other bytes than its card, each interrupted docking names what it did not take, no card changes,
 * and in the end everything is sealed exactly once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom, type SeededRandom } from '../../../support/random.ts';
import type { CardFile } from '../card-image.ts';
import { imageDigest } from '../card-image.ts';
import type { LedgerDocking } from '../ledger-view.ts';
import { changedImages, makeRecorder, type SampleRecorder, sampleFiles, serialOf } from '../sample-recorders.ts';
import type { Lab } from '../scenario.ts';
import {
  clipLines,
  comparedClips,
  fileLines,
  type StationPlace,
  type StationTrial,
  secondsSince,
  settledStates,
  slotOf,
} from '../station-scenario.ts';

const recordersMax = 4;
/** Many small clips: each pull seals some, and there must be some left for the next ones. */
const clipsEach = 14;
const bytesEach = 750_000;
const stateSecondsMax = 300;
/** So many of the pulls must have met a docking that runs, else the trial proves little. */
const interruptedShareMin = 0.4;

export const undockingTrial: StationTrial = {
  name: 'undocking',
  goal: 'pulled out at random points and docked again, half of it elsewhere: nothing wrong is sealed, all is in the end',
  secondsMax: 5400,
  sockets: 8,
  shares: true,
  run: runUndocking,
};

interface Recorder extends SampleRecorder {
  readonly at: number;
  /** In which of its two sockets it sat last. */
  isRight: boolean;
}

/** Drawn before, so that the same seed draws the same whatever the others do. */
interface Pull {
  readonly elsewhere: boolean;
  /** Of what is not sealed yet, how much may be read before it is pulled; below 0: while it is being opened. */
  readonly share: number;
  readonly delayMs: number;
  readonly awayMs: number;
}

async function runUndocking(lab: Lab, place: StationPlace): Promise<void> {
  const { seed, undocks } = lab.wish;
  const random = randomFrom(seed);
  const recorders: Recorder[] = [];
  for (let at = 0; at < Math.min(recordersMax, lab.recorders, undocks); at += 1) {
    const serial = serialOf(500 + at);
    const made = await makeRecorder(lab.folder, { at: 500 + at, serial, files: manyFiles(serial) });
    recorders.push({ ...made, at, isRight: false });
  }
  const pulls = Array.from({ length: undocks }, () => drawPull(random));
  lab.step('what is drawn by lot is drawn', true, { seed, undocks, recorders: recorders.length });
  const before = place.ledger.dockings.length;
  const started = performance.now();
  const troubles: string[] = [];
  await Promise.all(
    recorders.map(async (recorder) => {
      const own = pulls.filter((_, number) => number % recorders.length === recorder.at);
      for (const pull of own) troubles.push(...(await pullEarly(lab, place, { recorder, pull })));
    }),
  );
  lab.step('each pull leaves a slot that can be used again and the card as it was', troubles.length === 0, {
    seconds: secondsSince(started),
    troubles,
  });
  const expected = recorders.flatMap(({ serial, card }) => fileLines(serial, card.files));
  const soFar = clipLines(place.ledger).filter((line) => recorders.some(({ serial }) => line.startsWith(`${serial} `)));
  const wrong = soFar.filter((line) => !expected.includes(line));
  lab.step('nothing wrong is called sealed', wrong.length === 0, { sealed: soFar.length, wrong });

  await dockToTheEnd(lab, place, recorders);
  const { same, facts } = comparedClips(place.ledger, expected);
  lab.step('in the end everything is sealed exactly once', same, facts);
  await compareInventories(lab, place, { undocks, before });
}

/** As sampleFiles, on several days. */
function manyFiles(serial: string): CardFile[] {
  return Array.from({ length: clipsEach }, (_, number) => {
    const [file] = sampleFiles(`${serial}/${number}`, bytesEach);
    if (file === undefined) throw new Error('no sample files');
    const day = String(number + 1).padStart(2, '0');
    return { ...file, path: `DCIM/100MEDIA/${serial}_JX0227_202608${day}100000.MOV` };
  });
}

function drawPull(random: SeededRandom): Pull {
  return {
    elsewhere: random.next() < 0.5,
    share: random.next() < 0.15 ? -1 : Math.round(random.next() * 35) / 100,
    delayMs: Math.round(random.next() * 150),
    awayMs: Math.round(50 + random.next() * 2500),
  };
}

/** Docks, waits for the point, pulls; what was not as it should be. */
async function pullEarly(
  lab: Lab,
  place: StationPlace,
  { recorder, pull }: { readonly recorder: Recorder; readonly pull: Pull },
): Promise<string[]> {
  const { gadget, serial, digest, card } = recorder;
  const socket = nextSocket(recorder, pull.elsewhere);
  gadget.dock(socket);
  const shown = (): string => place.daemon.wall.card(socket + 1)?.state ?? 'unknown';
  const sealedBefore = clipLines(place.ledger).filter((line) => line.startsWith(serial)).length / card.files.length;
  const target = sealedBefore + (1 - sealedBefore) * pull.share;
  const reached = await lab.eventually(() => {
    const view = place.daemon.wall.card(socket + 1);
    if (view === undefined || settledStates.includes(view.state)) return view?.state;
    if (pull.share < 0) return view.state === 'waiting' ? view.state : undefined;
    return view.state === 'copying' && Number(view.permille ?? 0) >= target * 1000 ? view.state : undefined;
  }, stateSecondsMax);
  await sleep(pull.delayMs);
  const atPull = shown();
  gadget.undock();
  const free = await lab.eventually(() => (['pulled', 'empty'].includes(shown()) ? shown() : undefined), 60);
  lab.step('pulled', true, { serial, slot: socket + 1, ...pull, reached, atPull, after: free });
  const troubles: string[] = [];
  if (reached === undefined) troubles.push(`${serial} came to nothing in slot ${socket + 1}: ${atPull}`);
  if (free === undefined) troubles.push(`slot ${socket + 1} shows ${shown()} without a recorder`);
  if ((await imageDigest(card.image)) !== digest) troubles.push(`the card of ${serial} has changed`);
  await sleep(pull.awayMs);
  return troubles;
}

/** Each recorder has two sockets of its own, so that none is ever in the way of another. */
function nextSocket(recorder: Recorder, elsewhere: boolean): number {
  if (elsewhere) recorder.isRight = !recorder.isRight;
  return recorder.at * 2 + (recorder.isRight ? 1 : 0);
}

async function dockToTheEnd(lab: Lab, place: StationPlace, recorders: readonly Recorder[]): Promise<void> {
  for (const recorder of recorders) recorder.gadget.dock(nextSocket(recorder, true));
  const states = (): string[] =>
    recorders.map(({ gadget }) => place.daemon.wall.card(slotOf(gadget))?.state ?? 'unknown');
  await lab.eventually(
    () => states().every((state) => settledStates.includes(state)) || undefined,
    stateSecondsMax * 2,
  );
  const seen = states();
  lab.step(
    'left in peace each is done',
    seen.every((state) => state === 'done'),
    { states: seen },
  );
  const changed = await changedImages(recorders);
  lab.step('no image has changed', changed.length === 0, { changed });
}

/** What `evidock dockings ID` names as not taken is what the ledger's own files say. */
async function compareInventories(
  lab: Lab,
  place: StationPlace,
  { undocks, before }: { readonly undocks: number; readonly before: number },
): Promise<void> {
  const dockings = place.ledger.dockings.slice(before);
  const short = dockings.filter((docking) => missingOf(docking).length > 0);
  const different: object[] = [];
  for (const docking of dockings) {
    const { lines } = await place.daemon.ask('dockings', {}, [docking.docking]);
    const [head, ...entries] = lines;
    const taken = ['sealed', 'already-held', 'skipped'];
    const named = entries.filter(({ outcome }) => !taken.includes(String(outcome))).map(({ path }) => path);
    const missing = missingOf(docking);
    const same = String([...named].sort()) === String(missing) && head?.missing === missing.length;
    if (!same) different.push({ docking: docking.docking, end: docking.end, says: head?.missing, named, missing });
  }
  lab.step('each docking names what it did not take', different.length === 0, {
    dockings: dockings.length,
    short: short.length,
    ends: Object.fromEntries(
      ['ended', 'cancelled', 'interrupted', 'open'].map((end) => [
        end,
        dockings.filter((one) => one.end === end).length,
      ]),
    ),
    different,
  });
  const share = short.length / undocks;
  lab.step('enough of the pulls met a docking that ran', share >= interruptedShareMin, {
    short: short.length,
    undocks,
  });
}

function missingOf({ listed, sealed, outcomes }: LedgerDocking): string[] {
  const taken = new Set(sealed.map(({ path }) => path));
  return listed
    .filter((path) => !taken.has(path) && !['already-held', 'skipped'].includes(outcomes.get(path) ?? ''))
    .sort();
}
