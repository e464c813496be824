// Goal: the box walk tells whole, cut and never-closed MP4 files apart, whatever sizes their headers claim, in a
// bounded number of reads.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closingPaddingOffset, judgeMp4Layout, lastChunkOffset, walkMp4Boxes } from '../../src/domain/mp4-boxes.ts';

const limits = { boxesMax: 100, indexBytesMax: 1_000_000 };

function box(type: string, payload: Uint8Array | number, declared?: number): Buffer {
  const body = typeof payload === 'number' ? Buffer.alloc(payload, 0xaa) : payload;
  const header = Buffer.alloc(8);
  header.writeUInt32BE(declared ?? body.length + 8);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}

function largeBox(type: string, payload: number, declared?: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(1);
  header.write(type, 4, 'latin1');
  header.writeBigUInt64BE(BigInt(declared ?? payload + 16), 8);
  return Buffer.concat([header, Buffer.alloc(payload, 0xaa)]);
}

function chunkTable(offsets: readonly number[], width: 4 | 8 = 4): Buffer {
  const body = Buffer.alloc(8 + offsets.length * width);
  body.writeUInt32BE(offsets.length, 4);
  for (const [at, offset] of offsets.entries()) {
    if (width === 8) {
      body.writeBigUInt64BE(BigInt(offset), 8 + at * 8);
    } else {
      body.writeUInt32BE(offset, 8 + at * 4);
    }
  }
  const table = box(width === 8 ? 'co64' : 'stco', body);
  return box('moov', box('trak', box('mdia', box('minf', box('stbl', table)))));
}

async function walk(file: Buffer, own = limits) {
  let reads = 0;
  const readAt = async (offset: number, length: number) => {
    reads += 1;
    return file.subarray(offset, offset + length);
  };
  const layout = await walkMp4Boxes({ fileBytes: file.length, readAt }, own);
  return { layout, findings: judgeMp4Layout(layout), reads };
}

const ftyp = box('ftyp', Buffer.from('isom\0\0\x02\0', 'latin1'));

test('a whole file has no finding, with the index before or after the media', async () => {
  for (const file of [
    [ftyp, box('moov', 40), box('mdat', 500)],
    [ftyp, box('mdat', 500), box('moov', 40)],
    [ftyp, largeBox('mdat', 500), box('moov', 40)],
  ]) {
    const { findings, layout, reads } = await walk(Buffer.concat(file));
    expect(findings).toEqual([]);
    expect(layout).toMatchObject({ index: 'complete', missingBytes: 0, walkedToEnd: true });
    expect(reads).toBe(3);
  }
});

test('media that ends beyond the file is truncated by as many bytes', async () => {
  const { findings, layout } = await walk(Buffer.concat([ftyp, box('moov', 40), box('mdat', 100, 1008)]));
  expect(findings).toEqual(['video-truncated']);
  expect(layout.missingBytes).toBe(900);
});

test('media of 64-bit length that ends beyond the file is truncated', async () => {
  const file = Buffer.concat([ftyp, box('moov', 40), largeBox('mdat', 100, 5 * 1024 ** 3)]);
  expect((await walk(file)).findings).toEqual(['video-truncated']);
});

test('a file without moov was never closed', async () => {
  expect((await walk(Buffer.concat([ftyp, box('mdat', 500)]))).findings).toEqual(['video-without-index']);
  expect((await walk(Buffer.concat([ftyp, box('mdat', 100, 5000)]))).findings).toEqual([
    'video-without-index',
    'video-truncated',
  ]);
});

test('a moov that is itself cut is no index', async () => {
  const { findings, layout } = await walk(Buffer.concat([ftyp, box('mdat', 500), box('moov', 20, 900)]));
  expect(layout.index).toBe('cut');
  expect(findings).toEqual(['video-without-index', 'video-truncated']);
});

test('pre-allocated zeros after the last box are told apart from bytes that are no box', async () => {
  const zeros = await walk(Buffer.concat([ftyp, box('mdat', 50), Buffer.alloc(4096)]));
  expect(zeros.layout.rest.kind).toBe('zeros');
  expect(zeros.findings).toEqual(['video-without-index']);
  const noise = await walk(Buffer.concat([ftyp, box('moov', 40), Buffer.from('\x01\x02\x03\x04\x05\x06\x07\x08\x09')]));
  expect(noise.layout.rest.kind).toBe('not-a-box');
});

test('a line of text behind a whole file is no box that promises media, whatever its letters say as a header', async () => {
  const whole = [ftyp, box('mdat', 500), box('moov', 40)];
  const note = Buffer.from('O02_video_20260930\n');
  const { findings, layout } = await walk(Buffer.concat([...whole, note]));
  expect(findings).toEqual([]);
  expect(layout.rest).toEqual({ kind: 'not-a-box', offset: Buffer.concat(whole).length });
  expect((await walk(Buffer.concat([...whole, box('mdat', 100, 900)]))).findings).toEqual(['video-truncated']);
  expect((await walk(Buffer.concat([ftyp, box('mdat', 500), box('what', 10, 900)]))).findings).toEqual([
    'video-without-index',
    'video-truncated',
  ]);
});

test('media without a length is judged by the chunks that the index lists', async () => {
  const cut = Buffer.concat([ftyp, chunkTable([100, 9000]), box('mdat', 300, 0)]);
  expect((await walk(cut)).findings).toEqual(['video-truncated']);
  const whole = Buffer.concat([ftyp, chunkTable([100, 200]), box('mdat', 300, 0)]);
  expect((await walk(whole)).findings).toEqual([]);
});

test('chunk offsets are found in both widths, and a table that lies about its count is read to its end only', () => {
  expect(lastChunkOffset(chunkTable([7, 900, 12]))).toBe(900);
  expect(lastChunkOffset(chunkTable([7, 6_000_000_000], 8))).toBe(6_000_000_000);
  const lying = chunkTable([7, 9]);
  lying.writeUInt32BE(0xffffffff, lying.length - 12);
  expect(lastChunkOffset(lying)).toBe(9);
});

test('fragments count as media with an index', async () => {
  const parts = Array.from({ length: 5 }, () => [box('moof', 30), box('mdat', 60)]).flat();
  const { layout, findings } = await walk(Buffer.concat([ftyp, box('moov', 40), ...parts]));
  expect(layout.fragmented).toBe(true);
  expect(findings).toEqual([]);
});

test('padding at the end is named with its offset', async () => {
  const media = Buffer.concat([ftyp, box('moov', 40), box('mdat', 50)]);
  const { layout } = await walk(Buffer.concat([media, box('free', Buffer.alloc(2000))]));
  expect(closingPaddingOffset(layout)).toBe(media.length);
});

test('a file of ten thousand boxes is walked up to the limit only, and its missing index is then no finding', async () => {
  const { layout, findings, reads } = await walk(Buffer.concat(Array.from({ length: 10_000 }, () => box('free', 0))));
  expect(layout.walkedToEnd).toBe(false);
  expect(reads).toBe(100);
  expect(findings).toEqual([]);
});

test('an index nested without end does not exhaust the stack', () => {
  let nested: Buffer = Buffer.alloc(0);
  for (let level = 0; level < 3000; level += 1) {
    nested = box('trak', nested);
  }
  expect(lastChunkOffset(nested)).toBe(-1);
});

test('no bytes at all make it throw or read without bound', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
      const { reads, layout } = await walk(Buffer.concat([ftyp, Buffer.from(bytes)]));
      expect(reads).toBeLessThanOrEqual(limits.boxesMax + 1);
      expect(layout.missingBytes).toBeGreaterThanOrEqual(0);
    }),
  );
});
