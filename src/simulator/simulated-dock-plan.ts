/**
 * What befalls simulated recorders, drawn from the seed alone: the same seed gives the same faults, cards and delays
 * for each recorder and visit. Which slot is free when depends on how fast the station is.
 */
import { seededNumbers } from './footage-bytes.ts';
import type { FootageSort } from './footage-names.ts';

/**
 * - `pulled-early`: taken out in the middle, every third visit;
 * - `still-recording`: goes on writing to its last clip while it is docked;
 * - `absurd-clock`: its clock fell back, so its names do not tell the truth;
 * - `battery-loss`: many clips were never closed, or end in zeros;
 * - `default-serial`: has lost its settings and calls itself 0000000.
 */
export type RecorderFault = 'pulled-early' | 'still-recording' | 'absurd-clock' | 'battery-loss' | 'default-serial';

const faultsByWeight: readonly RecorderFault[] = [
  'pulled-early',
  'still-recording',
  'absurd-clock',
  'battery-loss',
  'default-serial',
];

/** The fault of each recorder, at most one each; `share` (0..1) of the recorders have one, as long as there are some. */
export function planFaults(seed: number, recorders: number, share: number): readonly (RecorderFault | undefined)[] {
  const random = seededNumbers(seed);
  const order = Array.from({ length: recorders }, (_, index) => ({ index, rank: random() }));
  order.sort((a, b) => a.rank - b.rank);
  const faults = new Array<RecorderFault | undefined>(recorders).fill(undefined);
  const faulty = order.slice(0, Math.floor(recorders * share));
  for (const [at, { index }] of faulty.entries()) faults[index] = faultsByWeight[at];
  return faults;
}

export interface VisitPlan {
  /** Seeds the new footage. */
  readonly footageSeed: number;
  readonly newClips: number;
  readonly mix: Partial<Record<FootageSort, number>> | undefined;
  /** Days before the last one that recorders know; cards grow older footage first. */
  readonly daysBack: number;
  /** Day by the recorder's clock where that is absurd. */
  readonly absurdDay: string | undefined;
  /** From being ready to being plugged in. */
  readonly shiftMs: number;
  /** 0..1 over the slots. */
  readonly slotDraw: number;
  /** Taken out so long after plugging in, released or not. */
  readonly pulledAfterMs: number | undefined;
  readonly stillRecording: boolean;
  /** Left in its slot after it was released. */
  readonly lingerMs: number;
}

export interface VisitInput {
  readonly seed: number;
  readonly recorder: number;
  /** From 0. */
  readonly visit: number;
  readonly fault: RecorderFault | undefined;
  readonly clips: { readonly min: number; readonly max: number };
}

/** The first recorders come with sound, tracks and logs only, which are made in a moment. */
const quickRecorders = 3;
const quickMix = { wav: 3, track: 1, log: 1 };
const quickClips = 4;
const batteryMix = { h264: 3, 'never-closed': 2, 'zero-tail': 1 };
const absurdDays = ['1970-01-01', '2000-01-01', '2013-01-01'] as const;
const firstDaysBack = 20;

export function planVisit({ seed, recorder, visit, fault, clips }: VisitInput): VisitPlan {
  const random = seededNumbers(Math.imul(seed, 31) + recorder * 7919 + visit * 104_729);
  // A clock that fell back stays where it is.
  const ofRecorder = seededNumbers(Math.imul(seed, 31) + recorder * 7919 + 1);
  const absurdDay = absurdDays[Math.floor(ofRecorder() * absurdDays.length)];
  const quick = visit === 0 && recorder < quickRecorders;
  const drawn = clips.min + Math.floor(random() * (clips.max - clips.min + 1));
  return {
    footageSeed: Math.floor(random() * 2 ** 31),
    newClips: quick ? Math.min(quickClips, clips.max) : drawn,
    mix: quick ? quickMix : fault === 'battery-loss' ? batteryMix : undefined,
    daysBack: Math.max(0, firstDaysBack - visit),
    absurdDay: fault === 'absurd-clock' ? absurdDay : undefined,
    shiftMs: visit === 0 ? 300 + 700 * random() : shiftMs(visit, random()),
    slotDraw: random(),
    pulledAfterMs: fault === 'pulled-early' && visit % 3 === 1 ? 300 + 900 * random() : undefined,
    stillRecording: fault === 'still-recording',
    lingerMs: 4_000 + 6_000 * random(),
  };
}

/** The longer a demonstration runs the calmer it gets, so that it does not fill the disk over night. */
function shiftMs(visit: number, draw: number): number {
  return Math.min(240_000, (6_000 + 12_000 * draw) * (1 + visit / 4));
}
