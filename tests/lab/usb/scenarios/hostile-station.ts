/**
 * The real daemon with cards that hide or confuse files in the kernel (see `hostile-cards`): a slash in a name of the
 * root and of a clip folder, names of files and folders that differ in case only, a dot at the end, half of a surrogate
 * pair, on FAT32 and exFAT. Every clip is sealed once with its own digest, those that were read past the kernel say so,
 * no others are, and no image changes.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CardFile, type CardFileSystem, imageDigest, makeCardImage } from '../card-image.ts';
import { renameOnExfat, renameOnFat } from '../hostile-names.ts';
import { changedImages, type SampleRecorder, sampleFiles, sampleGadget } from '../sample-recorders.ts';
import type { Lab } from '../scenario.ts';
import {
  comparedClips,
  type StationPlace,
  type StationTrial,
  settledStates,
  sha256Of,
  untilState,
} from '../station-scenario.ts';

interface HostileCard {
  readonly what: string;
  readonly partitioned?: boolean;
  /** Files to be made, and the paths under which they are to be sealed. */
  readonly files: readonly (readonly [made: string, sealed: string])[];
  /** Names as they are made and in the end, of one length; FAT and exFAT keep 13 characters in one entry. */
  readonly renames: readonly (readonly [from: string, to: string])[];
  /** FAT only: a short name, with its padding, and the bytes that replace its beginning. */
  readonly shortName?: readonly [from: string, to: Buffer];
  readonly only?: CardFileSystem;
  /** How many files must have been read past the kernel. */
  readonly pastKernel: number;
}

const hostileCards: readonly HostileCard[] = [
  {
    what: 'a slash',
    files: [
      ['b#Clip-1.mp4', 'b\\xff002fClip-1.mp4'],
      ['zz plain.mp4', 'zz plain.mp4'],
      ['DCIM/100MEDIA/c#Clip-2.mp4', 'DCIM/100MEDIA/c\\xff002fClip-2.mp4'],
    ],
    renames: [
      ['b#Clip-1.mp4', 'b/Clip-1.mp4'],
      ['c#Clip-2.mp4', 'c/Clip-2.mp4'],
    ],
    pastKernel: 2,
  },
  {
    what: 'case twins',
    files: [
      ['twins-noa.mp4', 'twins-noa.mp4'],
      ['twins-nob.mp4', 'TWINS-NOA.mp4'],
      ['folder-no-a/in a one.mp4', 'folder-no-a/in a one.mp4'],
      ['folder-no-b/in a two.mp4', 'FOLDER-NO-A/in a two.mp4'],
    ],
    renames: [
      ['twins-nob.mp4', 'TWINS-NOA.mp4'],
      ['folder-no-b', 'FOLDER-NO-A'],
    ],
    pastKernel: 4,
  },
  {
    what: 'a trailing dot and half of a surrogate pair',
    files: [
      ['clip-one.mp4', 'clip-one.mp4'],
      ['clip-one.mp4x', 'clip-one.mp4.'],
      ['half-no-#.mp4', 'half-no-\\xffd800.mp4'],
    ],
    renames: [
      ['clip-one.mp4x', 'clip-one.mp4.'],
      ['half-no-#.mp4', 'half-no-\ud800.mp4'],
    ],
    pastKernel: 3,
  },
  // A recorder that writes GBK into short names: reader and kernel must mean the same by them.
  {
    what: 'a short name in GBK',
    only: 'fat32',
    files: [['GBKABCDE.MOV', '╓╨ABCDE.MOV']],
    shortName: ['GBKABCDEMOV', Buffer.from([0xd6, 0xd0, ...Buffer.from('ABCDE ')])],
    renames: [],
    pastKernel: 0,
  },
  // The other way round: an ordinary card goes through the kernel and has no finding.
  {
    what: 'nothing strange',
    partitioned: true,
    files: [['执法 视频.mp4', '执法 视频.mp4']],
    renames: [],
    pastKernel: 0,
  },
];

interface HostileRecorder extends SampleRecorder {
  readonly what: string;
  readonly pastKernel: number;
  /** `serial path digest`. */
  readonly lines: readonly string[];
}

export const hostileStationTrial: StationTrial = {
  name: 'hostile-station',
  goal: 'every clip of cards with a slash, case twins and a trailing dot, FAT32 and exFAT, is sealed with its digest',
  secondsMax: 1500,
  sockets: 8,
  run: runHostileStation,
};

async function runHostileStation(lab: Lab, place: StationPlace): Promise<void> {
  const recorders: HostileRecorder[] = [];
  for (const fileSystem of ['fat32', 'exfat'] as const) {
    const cards = hostileCards.filter(({ only = fileSystem }) => only === fileSystem);
    for (const card of cards) recorders.push(await makeHostileRecorder(lab, card, fileSystem));
  }
  // One after the other in one socket: an emulated guest takes its time, and each is a docking of its own.
  for (const recorder of recorders) await takeOne(lab, place, recorder);
  const { same, facts } = comparedClips(
    place.ledger,
    recorders.flatMap(({ lines }) => lines),
  );
  lab.step('every clip is sealed once, under its own name, with its digest', same, facts);
  const changed = await changedImages(recorders);
  lab.step('no image has changed', changed.length === 0, { changed });
}

async function takeOne(lab: Lab, place: StationPlace, recorder: HostileRecorder): Promise<void> {
  const { serial, what, pastKernel, lines, card } = recorder;
  const facts = { what, fileSystem: card.fileSystem };
  recorder.gadget.dock(0);
  const state = await untilState(lab, place, { slot: 1, states: settledStates, secondsMax: 240 });
  lab.step('the docking ends well', state === 'done', { ...facts, state });
  const docking = place.ledger.dockings.at(-1);
  const sealed = docking?.sealed.filter(({ recorder: of }) => of === serial) ?? [];
  lab.step('all its clips are sealed', sealed.length === lines.length, {
    ...facts,
    sealed: sealed.map(({ path }) => path),
    outcomes: [...(docking?.outcomes ?? [])],
    findings: docking?.findings,
  });
  const past = readPastKernel(place, docking?.docking);
  lab.step('what was read past the kernel says so', past.length === pastKernel, { ...facts, past });
  const expected = pastKernel === 0 ? [] : ['card-read-past-kernel'];
  lab.step('and is the only finding', docking?.findings.join() === expected.join(), {
    ...facts,
    findings: docking?.findings,
  });
  recorder.gadget.undock();
  await untilState(lab, place, { slot: 1, states: ['empty'], secondsMax: 60 });
}

function readPastKernel({ ledger }: StationPlace, docking: string | undefined): string[] {
  return ledger
    .ofType('clip-sealed')
    .filter(({ body }) => body.docking === docking)
    .flatMap((record) => ledger.documentsOf(record))
    .filter(({ readBy }) => readBy === 'fallback-reader')
    .map(({ path }) => String(path));
}

async function makeHostileRecorder(
  lab: Lab,
  { what, files: wanted, renames, shortName, pastKernel, partitioned = false }: HostileCard,
  fileSystem: CardFileSystem,
): Promise<HostileRecorder> {
  const serial = `HX${sha256Of(Buffer.from(`${what} ${fileSystem}`))
    .slice(0, 5)
    .toUpperCase()}`;
  const image = join(lab.folder, `${serial}.img`);
  const own: CardFile[] = wanted.map(([made]) => ({ path: made, content: bytesOf(`${serial} ${made}`) }));
  const files = [...own, ...sampleFiles(serial, 60_000)];
  await makeCardImage({ image, fileSystem, partitioned, label: 'HOSTILE', files });
  for (const [from, to] of renames) (fileSystem === 'fat32' ? renameOnFat : renameOnExfat)(image, from, to);
  if (shortName !== undefined) patchShortName(image, shortName);
  const lines = files.map(
    ({ path, content }) => `${serial} ${wanted.find(([made]) => made === path)?.[1] ?? path} ${sha256Of(content)}`,
  );
  return {
    ...{ serial, what, pastKernel, lines, digest: await imageDigest(image), gadget: sampleGadget(serial, image) },
    card: { image, fileSystem, partitioned, files },
  };
}

/** Several clusters, of which no two are the same. */
function bytesOf(words: string): Buffer {
  const pieces = Array.from({ length: 2500 }, (_, at) => createHash('sha256').update(`${words} ${at}`).digest());
  return Buffer.concat(pieces).subarray(0, 70_001);
}

/** In its entry only: one long name's checksum would not fit any more, so it must have none. */
function patchShortName(image: string, [from, to]: readonly [from: string, to: Buffer]): void {
  const bytes = readFileSync(image);
  const at = bytes.indexOf(from);
  if (at < 0) throw new Error(`${from} is not there`);
  to.copy(bytes, at);
  writeFileSync(image, bytes);
}
