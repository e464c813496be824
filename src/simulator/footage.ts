/**
 * Fills a folder the way a recorder fills its card: real video, sound, pictures, tracks and logs under real names,
 * some of them broken, the same for the same seed. It knows nothing of docks or dockings, and the station never
 * sees this list: what it says of a card it has to find out by itself.
 */
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  deviceLog,
  markedJpeg,
  markedMp4,
  markedWav,
  neverClosedMp4,
  nmeaTrack,
  preallocatedMp4,
  seededNumbers,
} from './footage-bytes.ts';
import { type FootageSort, footageName, type Make, makes } from './footage-names.ts';
import { type FootageScenes, type SceneSort, scenesOf } from './footage-scenes.ts';

export interface CardWish {
  /** Absolute path of the card's root; made if it is not there. */
  readonly folder: string;
  /** Seven characters on GA/T 947 recorders. */
  readonly serial: string;
  /** As set on the recorder; left out when nobody set it (`000000`). */
  readonly officer?: string;
  /** `YYYY-MM-DD` by the recorder's clock. */
  readonly day: string;
  readonly seed: number;
  readonly clips: number;
  /** How often each sort occurs relative to the others; default `usualMix`. */
  readonly mix?: Partial<Record<FootageSort, number>>;
  /** Default: drawn by the seed. */
  readonly make?: Make;
  /** Put into some names by makes that know cases. */
  readonly caseNumber?: string;
  /** Each video and sound is so many times as long (and as large); default 1. */
  readonly repeat?: number;
  /** The recorder's clock against UTC; default 480 (Asia/Shanghai). */
  readonly utcOffsetMinutes?: number;
}

export interface FootageFile {
  /** Relative to the card's root, components joined by `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sort: FootageSort;
  /** `YYYY-MM-DDTHH:MM:SS` by the recorder's clock. */
  readonly localTime: string;
  readonly important: boolean;
}

export const usualMix: Readonly<Record<FootageSort, number>> = {
  h264: 50,
  h265: 20,
  wav: 5,
  aac: 5,
  picture: 10,
  track: 4,
  log: 3,
  'never-closed': 2,
  'zero-tail': 1,
};

/**
 * Writes the card and lists it in order of time. Scenes are shared between cards and encoded once.
 * @throws Error when ffmpeg or the disk fails.
 */
export async function makeCard(scenes: FootageScenes, wish: CardWish): Promise<FootageFile[]> {
  const random = seededNumbers(wish.seed ^ textNumber(wish.serial));
  const make = wish.make ?? pick(makes, random);
  const mix = Object.entries(wish.mix ?? usualMix) as [FootageSort, number][];
  const offsetMs = (wish.utcOffsetMinutes ?? 480) * 60_000;
  // Recorders disagree about what an MP4's own time means: UTC, local, or nothing.
  const ownTime = pick(['utc', 'local', 'none'] as const, random);
  let localMs = Date.parse(`${wish.day}T08:00:00Z`) + Math.floor(random() * 3_600_000);
  const files: FootageFile[] = [];
  for (let clip = 0; clip < wish.clips; clip += 1) {
    localMs += 20_000 + Math.floor(random() * Math.min(400_000, 36_000_000 / wish.clips));
    const localTime = new Date(localMs).toISOString().slice(0, 19);
    const important = random() < 0.08;
    const sort = pickWeighted(mix, random);
    const path = footageName({
      make,
      sort,
      serial: wish.serial,
      officer: wish.officer ?? '000000',
      caseNumber: random() < 0.3 ? wish.caseNumber : undefined,
      date: localTime.slice(0, 10).replaceAll('-', ''),
      time: localTime.slice(11).replaceAll(':', ''),
      important,
    });
    const utcMs = localMs - offsetMs;
    const createdMs = ownTime === 'none' ? undefined : ownTime === 'utc' ? utcMs : localMs;
    const mark = `evidock demo ${wish.serial} seed ${wish.seed} clip ${clip}`;
    const bytes = await clipBytes(scenes, { sort, mark, createdMs, localMs, wish, random });
    await mkdir(dirname(join(wish.folder, path)), { recursive: true });
    await writeFile(join(wish.folder, path), bytes);
    await utimes(join(wish.folder, path), utcMs / 1000, utcMs / 1000);
    files.push({ path, bytes: bytes.length, sort, localTime, important });
  }
  return files;
}

interface ClipWish {
  readonly sort: FootageSort;
  readonly mark: string;
  readonly createdMs: number | undefined;
  readonly localMs: number;
  readonly wish: CardWish;
  readonly random: () => number;
}

async function clipBytes(scenes: FootageScenes, clip: ClipWish): Promise<Buffer> {
  const { sort, mark, createdMs, random, wish } = clip;
  const scene = async (wanted: SceneSort): Promise<Buffer> => {
    const number = Math.floor(random() * scenesOf(wanted));
    return readFile(await scenes.get({ sort: wanted, number, repeat: wish.repeat ?? 1 }));
  };
  const lostBytes = 1 + Math.floor(random() * 20_000);
  switch (sort) {
    case 'h264':
    case 'h265':
    case 'aac':
      return markedMp4(await scene(sort), mark, createdMs);
    case 'never-closed':
      return neverClosedMp4(await scene('h264'), lostBytes);
    case 'zero-tail':
      return preallocatedMp4(await scene('h264'), lostBytes);
    case 'wav':
      return markedWav(await scene('wav'), mark);
    case 'picture':
      return markedJpeg(await scene('picture'), mark);
    case 'track':
      return nmeaTrack(clip.localMs - (wish.utcOffsetMinutes ?? 480) * 60_000, 120, random);
    case 'log':
      return deviceLog(clip.localMs, wish.serial, random);
  }
}

function pick<T>(choices: readonly T[], random: () => number): T {
  const choice = choices[Math.floor(random() * choices.length)];
  if (choice === undefined) {
    throw new Error('nothing to pick from');
  }
  return choice;
}

function pickWeighted(mix: readonly (readonly [FootageSort, number])[], random: () => number): FootageSort {
  let left = random() * mix.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [sort, weight] of mix) {
    left -= weight;
    if (left < 0) {
      return sort;
    }
  }
  return 'h264';
}

/** FNV-1a, so that recorders of one seed differ. */
function textNumber(text: string): number {
  return [...text].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619) >>> 0, 2_166_136_261);
}
