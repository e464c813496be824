/**
 * Goal: no image makes the reader of raw cards loop, grow without bound or fail otherwise than with a CardError: bit
 * flips anywhere in what matters, forged numbers, chains in circles, folders in folders, noise, and cards that go away.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawSource } from '../../src/dock/usb/card-reader/card-bytes.ts';
import { type CardEntry, CardError } from '../../src/domain/card-reading.ts';
import { bytesSource, cardLimits, contentOf, listed, readerOf } from '../support/card-files.ts';
import { makeExfatImage } from '../support/exfat-writer.ts';

let folder: string;
const images: { name: string; bytes: Buffer }[] = [];
const environment = {
  ...process.env,
  PATH: `${process.env.PATH}:/usr/sbin:/sbin`,
  LC_ALL: 'C.UTF-8',
  MTOOLS_SKIP_CHECK: '1',
};
const runs = Number(process.env.EVIDOCK_FUZZ_RUNS ?? 150);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidock-cards-fuzz-'));
  for (const [bits, size] of [
    [12, '1M'],
    [16, '6M'],
    [32, '36M'],
  ] as const) {
    const image = join(folder, `fat${bits}.img`);
    execFileSync('truncate', [`--size=${size}`, image]);
    execFileSync('mkfs.vfat', ['-F', String(bits), '-s', '1', image], { env: environment, stdio: 'ignore' });
    execFileSync('mmd', ['-i', image, '::/DCIM', '::/DCIM/A long folder name'], { env: environment });
    for (const [at, words] of ['one clip.mp4', 'SHORT.MOV', '另一个 文件.jpg'].entries()) {
      writeFileSync(join(folder, words), Buffer.alloc(3000 + at, at + 1));
      execFileSync('mcopy', ['-i', image, join(folder, words), `::/DCIM/A long folder name/${words}`], {
        env: environment,
      });
      execFileSync('mcopy', ['-i', image, join(folder, words), `::/${words}`], { env: environment });
    }
    images.push({ name: `FAT${bits}`, bytes: readFileSync(image) });
  }
  const exfat = join(folder, 'exfat.img');
  const clips = ['one clip.mp4', 'SHORT.MOV', 'scattered'].map((name) => ({
    name,
    content: Buffer.alloc(9000, name),
    scattered: name === 'scattered',
  }));
  makeExfatImage(exfat, [...clips, { name: 'DCIM', files: [{ name: 'deep', files: clips }] }], 4 * 1024 * 1024);
  images.push({ name: 'exFAT', bytes: readFileSync(exfat) });
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const filesMax = 2000;
const readBytesMax = 3_000_000;

/** Lists and reads everything; what it threw, if it threw. */
async function survey(bytes: Buffer): Promise<string> {
  let asked = 0;
  const source: RawSource = async (offset, length) => {
    asked += length;
    // Nothing small can need that much; a loop would.
    if (asked > 2_000_000_000) throw new Error('it reads for ever');
    if (offset % 512 !== 0 || length % 512 !== 0 || offset + length > bytes.length) throw new Error('it asks wrongly');
    return { bytes: bytes.subarray(offset, offset + length), deviceBytes: bytes.length };
  };
  const reader = readerOf(source);
  try {
    const entries = await reader.list({ maxFiles: filesMax, maxDepth: 8 }, new AbortController().signal);
    const paths = new Set(
      entries.filter(({ type }) => type !== 'unreadable-folder').map(({ path }) => Buffer.from(path).toString('hex')),
    );
    expect(paths.size).toBe(entries.filter(({ type }) => type !== 'unreadable-folder').length);
    for (const entry of entries) if (entry.type === 'file') await sizeKept(reader, entry);
    return 'listed';
  } catch (error) {
    if (error instanceof CardError) return error.code;
    throw error;
  }
}

async function sizeKept(reader: ReturnType<typeof readerOf>, entry: CardEntry): Promise<void> {
  if (entry.bytes > readBytesMax) return;
  try {
    expect((await contentOf(reader, entry)).length).toBe(entry.bytes);
  } catch (error) {
    if (!(error instanceof CardError)) throw error;
  }
}

describe('images with a few bytes changed', () => {
  test.each([0, 1, 2, 3])(
    'number %s are listed or refused',
    async (which) => {
      const { bytes } = images[which] as { bytes: Buffer };
      // Boot sector, tables, folders: everything that is not plainly empty in the first part.
      const interesting: number[] = [];
      for (let at = 0; at < Math.min(bytes.length, 3_000_000); at += 1) if (bytes[at] !== 0) interesting.push(at);
      const change = fc.record({
        at: fc.oneof(
          fc.nat({ max: 127 }),
          fc.constantFrom(...interesting.slice(0, 4000)),
          fc.constantFrom(...interesting.slice(-20_000, -1)),
        ),
        value: fc.oneof(fc.constantFrom(0, 1, 2, 0x0f, 0x40, 0x41, 0x80, 0x85, 0xc0, 0xe5, 0xff), fc.nat({ max: 255 })),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 12 }), async (changes) => {
          const copy = Buffer.from(bytes);
          for (const { at, value } of changes) copy[at] = value;
          await survey(copy);
        }),
        { numRuns: runs },
      );
    },
    240_000,
  );
});

test('noise is refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 8192, maxLength: 8192 }), async (noise) => {
      expect(await survey(Buffer.from(noise))).not.toBe('listed');
    }),
    { numRuns: 100 },
  );
});

const image = (name: string): Buffer =>
  Buffer.from((images.find((known) => known.name === name) as { bytes: Buffer }).bytes);

test('a chain in a circle ends, for a folder as a folder that cannot be listed whole', async () => {
  const bytes = image('FAT32');
  const table = bytes.readUInt16LE(14) * 512;
  // The root's own first cluster follows itself.
  bytes.writeUInt32LE(2, table + 2 * 4);
  const entries = await listed(readerOf(bytesSource(bytes)));
  const root = entries.find(({ path, type }) => path.length === 0 && type === 'unreadable-folder');
  expect(root?.detail).toContain('comes back to 2');
});

test('a folder that contains itself is entered once', async () => {
  const bytes = image('FAT32');
  const at = bytes.indexOf('DCIM       ', 0, 'latin1');
  bytes.writeUInt16LE(0, at + 20);
  bytes.writeUInt16LE(2, at + 26);
  const entries = await listed(readerOf(bytesSource(bytes)));
  expect(entries.filter(({ type }) => type === 'unreadable-folder').map(({ detail }) => detail)).toEqual([
    'it is the same as another folder',
  ]);
});

describe('a card that goes away', () => {
  const goingAfter = (bytes: Buffer, reads: number, how: CardError['code']): RawSource => {
    let left = reads;
    return async (offset, length) => {
      left -= 1;
      if (left < 0) throw new CardError(how, 'pulled');
      return { bytes: bytes.subarray(offset, offset + length), deviceBytes: bytes.length };
    };
  };

  test('at any moment never gives a listing', async () => {
    for (const { bytes } of images) {
      for (const how of ['card-gone', 'card-read-error'] as const) {
        for (let reads = 1; reads < 200; reads += 1) {
          const outcome = await listed(readerOf(goingAfter(bytes, reads, how))).then(
            () => 'listed',
            (error: CardError) => error.code,
          );
          if (outcome === 'listed') {
            expect(reads).toBeGreaterThan(4);
            break;
          }
          expect(outcome).toBe('card-gone');
        }
      }
    }
  });

  test('and another one that comes in its place is noticed, while listing and between listing and reading', async () => {
    const [one, other] = [image('FAT32'), image('FAT32')];
    other.writeUInt32LE(0x12345678, 67);
    let isOther = false;
    const source: RawSource = async (offset, length) => ({
      bytes: (isOther ? other : one).subarray(offset, offset + length),
      deviceBytes: one.length,
    });
    const reader = readerOf(source);
    const [entry] = (await listed(reader)).filter(({ type, bytes }) => type === 'file' && bytes > 0);
    isOther = true;
    await expect(contentOf(reader, entry as CardEntry)).rejects.toMatchObject({ code: 'card-gone' });
    await expect(reader.list(cardLimits, new AbortController().signal)).rejects.toMatchObject({ code: 'card-gone' });
  });
});

test('a bad sector in a folder costs what lies in it and nothing else, and is told', async () => {
  const bytes = image('exFAT');
  const at = bytes.indexOf(Buffer.from('deep', 'utf16le'));
  const bad = at - (at % 4096);
  const source: RawSource = async (offset, length) => {
    if (offset <= bad && bad < offset + length) throw new CardError('card-read-error', 'a bad sector');
    return { bytes: bytes.subarray(offset, offset + length), deviceBytes: bytes.length };
  };
  const entries = await listed(readerOf(source));
  const words = entries.map(({ type, path }) => `${type} ${Buffer.from(path)}`);
  expect(words).toContain('unreadable-folder DCIM');
  expect(words).toContain('file one clip.mp4');
});
