/** Recorders as the scenarios use them: cards with a few clips each, no two with the same bytes, and their gadgets. */
import { createCipheriv, createHash } from 'node:crypto';
import { join } from 'node:path';
import { type CardFile, type CardFileSystem, imageDigest, makeCardImage } from './card-image.ts';
import { Gadget, type GadgetWish } from './gadget.ts';

export interface SampleCard {
  readonly image: string;
  readonly fileSystem: CardFileSystem;
  readonly partitioned: boolean;
  readonly files: readonly CardFile[];
}

export function makeSampleCard(folder: string, at: number, bytesEach = 300_000): Promise<SampleCard> {
  return makeCard(folder, at, sampleFiles(serialOf(at), bytesEach));
}

/** Card number `at` of a trial: FAT32 and exFAT in turn, every other pair with a partition table. */
async function makeCard(folder: string, at: number, files: readonly CardFile[]): Promise<SampleCard> {
  const fileSystem = at % 2 === 0 ? 'fat32' : 'exfat';
  const partitioned = at % 4 < 2;
  const image = join(folder, `card-${at}.img`);
  await makeCardImage({ image, fileSystem, partitioned, label: labelOf(at), files });
  return { image, fileSystem, partitioned, files };
}

/** As many cameras name their cards: two digits tell nobody whose it is. */
const labelOf = (at: number): string => `CAM${String(at % 100).padStart(2, '0')}`;

export function serialOf(at: number): string {
  return `TA${String(716 + at).padStart(5, '0')}`;
}

export function sampleFiles(serial: string, bytesEach: number): CardFile[] {
  // Bytes that no camera made: quick to make, and nothing is looked into or previewed for long.
  const names = ['20260804100000.MOV', '20260804100500.MOV', '20260804101000.JPG'];
  return names.map((name, index) => ({
    path: `DCIM/100MEDIA/${serial}_JX0227_${name}`,
    content: bytesFrom(`${serial} ${name}`, bytesEach + index * 1000),
    modified: new Date(`2026-08-04T10:${String(index * 5).padStart(2, '0')}:00Z`),
  }));
}

/** A recorder with one card, as plain mass storage. */
export function sampleGadget(serial: string, image: string, more: Partial<GadgetWish> = {}): Gadget {
  return new Gadget(`${serial}-${createHash('sha256').update(image).digest('hex').slice(0, 8)}`, {
    ...{ vendorId: 0x4255, productId: 0x0002, serial, manufacturer: 'Recorder Works', product: 'DSJ-4G' },
    disks: [{ image, readOnly: false, inquiry: 'DSJ     RECORDER CARD   1.00' }],
    ...more,
  });
}

/** Always the same for the same words, and nothing that compresses or repeats. */
function bytesFrom(words: string, count: number): Buffer {
  const key = createHash('sha256').update(words).digest().subarray(0, 16);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(count));
}

/** A recorder with its card, and what the card was before anyone had it. */
export interface SampleRecorder {
  readonly serial: string;
  readonly card: SampleCard;
  readonly gadget: Gadget;
  readonly digest: string;
}

export interface RecorderWish {
  /** Number of the card in this trial; chooses its file system. */
  readonly at: number;
  readonly serial: string;
  readonly files: readonly CardFile[];
  readonly keyboard?: boolean;
  /** Where the card is written to: at SuperSpeed dummy_hcd fails reads in pieces of 512 bytes, which then end a write. */
  readonly maxSpeed?: 'high-speed';
}

export async function makeRecorder(folder: string, wish: RecorderWish): Promise<SampleRecorder> {
  const { at, serial, files, keyboard = false, maxSpeed } = wish;
  const card = await makeCard(folder, at, files);
  return {
    serial,
    card,
    gadget: sampleGadget(serial, card.image, { keyboard, ...(maxSpeed === undefined ? {} : { maxSpeed }) }),
    digest: await imageDigest(card.image),
  };
}

/** Takes the recorders away; the images that are not what they were. */
export async function changedImages(recorders: readonly SampleRecorder[]): Promise<string[]> {
  const changed: string[] = [];
  for (const { gadget, card, digest } of recorders) {
    gadget.remove();
    if ((await imageDigest(card.image)) !== digest) changed.push(card.image);
  }
  return changed;
}
