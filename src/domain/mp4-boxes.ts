/**
 * Reads the box structure of an MP4/MOV file (ISO/IEC 14496-12) and says whether the file is whole: is its index
 * (`moov`) there, do its boxes end where the file ends. It owns no file: bytes come through `readAt`, so that the
 * same code serves a probe, a test and an auditor. It never interprets media and never trusts a size.
 *
 * Exit codes of media tools find neither a missing tail nor a missing index reliably; this walk does, in a few reads.
 */

/** Bytes at `offset`, at most `length`, fewer only at the end of the file. */
export type ReadAt = (offset: number, length: number) => Promise<Uint8Array>;

export interface Mp4Source {
  readonly fileBytes: number;
  readonly readAt: ReadAt;
}

export interface Mp4WalkLimits {
  /** Top-level boxes looked at; an hour of one-second fragments has about 7,200. */
  readonly boxesMax: number;
  /** The index is read whole only up to this size, and only where it has to be. */
  readonly indexBytesMax: number;
}

export interface Mp4Box {
  readonly type: string;
  readonly offset: number;
  readonly headerBytes: number;
  /** Whole box with its header, as declared; `undefined` when the box says "to the end of the file". */
  readonly declaredBytes: number | undefined;
}

export interface Mp4Layout {
  readonly boxes: readonly Mp4Box[];
  /** `cut`: its header is there, its end is not. */
  readonly index: 'complete' | 'cut' | 'none';
  readonly fragmented: boolean;
  /** How many bytes the boxes, or the chunks that the index lists, promise beyond the end of the file. */
  readonly missingBytes: number;
  /** What follows the last box: nothing, zero bytes, or bytes that are no box. */
  readonly rest: { readonly kind: 'nothing' | 'zeros' | 'not-a-box'; readonly offset: number };
  /** False when `boxesMax` was reached before the end. */
  readonly walkedToEnd: boolean;
}

export type Mp4Finding = 'video-without-index' | 'video-truncated';

export async function walkMp4Boxes(source: Mp4Source, limits: Mp4WalkLimits): Promise<Mp4Layout> {
  const { boxes, rest } = await topLevelBoxes(source, limits.boxesMax);
  const moov = boxes.find((box) => box.type === 'moov');
  const indexCut = moov !== undefined && missingFrom(moov, source.fileBytes) > 0;
  let missingBytes = Math.max(0, ...boxes.slice(-1).map((box) => missingFrom(box, source.fileBytes)));
  const openEnded = boxes.some((box) => box.type === 'mdat' && box.declaredBytes === undefined);
  if (moov !== undefined && !indexCut && openEnded && (moov.declaredBytes ?? 0) <= limits.indexBytesMax) {
    // An mdat without a length hides a cut; the index still knows where its last chunk begins.
    const index = await source.readAt(moov.offset, moov.declaredBytes ?? 0);
    missingBytes = Math.max(missingBytes, lastChunkOffset(index) + 1 - source.fileBytes);
  }
  return {
    boxes,
    index: moov === undefined ? 'none' : indexCut ? 'cut' : 'complete',
    fragmented: boxes.some((box) => box.type === 'moof'),
    missingBytes,
    rest,
    walkedToEnd: rest.offset >= source.fileBytes || rest.kind !== 'nothing',
  };
}

/** Findings of a layout. A file whose walk was not finished is judged by what was seen. */
export function judgeMp4Layout(layout: Mp4Layout): Mp4Finding[] {
  const findings: Mp4Finding[] = [];
  if (layout.index === 'cut' || (layout.index === 'none' && layout.walkedToEnd)) {
    findings.push('video-without-index');
  }
  if (layout.missingBytes > 0) {
    findings.push('video-truncated');
  }
  return findings;
}

/** Where the zero bytes of a closing `free` or `skip` box begin (padding a recorder is allowed to write), if any. */
export function closingPaddingOffset(layout: Mp4Layout): number | undefined {
  const last = layout.boxes.at(-1);
  return last !== undefined && layout.rest.kind === 'nothing' && (last.type === 'free' || last.type === 'skip')
    ? last.offset
    : undefined;
}

async function topLevelBoxes(
  source: Mp4Source,
  boxesMax: number,
): Promise<{ boxes: Mp4Box[]; rest: Mp4Layout['rest'] }> {
  const boxes: Mp4Box[] = [];
  let offset = 0;
  while (offset < source.fileBytes && boxes.length < boxesMax) {
    const header = await source.readAt(offset, 16);
    const box = readBoxHeader(header, offset);
    if (box === 'zeros' || box === 'not-a-box') {
      return { boxes, rest: { kind: box, offset } };
    }
    if (!knownTypes.has(box.type) && missingFrom(box, source.fileBytes) > 0 && isWhole(boxes)) {
      return { boxes, rest: { kind: 'not-a-box', offset } };
    }
    boxes.push(box);
    offset = box.declaredBytes === undefined ? source.fileBytes : offset + box.declaredBytes;
  }
  return { boxes, rest: { kind: 'nothing', offset } };
}

/** Types that stand at the top level of ISO/IEC 14496-12 and QuickTime files. */
const knownTypes = new Set(
  'ftyp styp moov mdat moof mfra free skip wide meta uuid pdin sidx ssix prft emsg udta pnot'.split(' '),
);

/** Index and media are there: what a recorder wrote behind them, such as a line of text, promises no media. */
function isWhole(boxes: readonly Mp4Box[]): boolean {
  return ['moov', 'mdat'].every((type) => boxes.some((box) => box.type === type));
}

/** Reads one header: 32-bit size and type, 64-bit size when it is 1, "to the end" when it is 0. */
export function readBoxHeader(bytes: Uint8Array, offset: number): Mp4Box | 'zeros' | 'not-a-box' {
  if (bytes.every((byte) => byte === 0)) {
    return 'zeros';
  }
  if (bytes.length < 8) {
    return 'not-a-box';
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = String.fromCharCode(...bytes.subarray(4, 8));
  if (!/^[\x20-\x7e\xa9][\x20-\x7e]{3}$/.test(type)) {
    return 'not-a-box';
  }
  const size = view.getUint32(0);
  if (size === 0) {
    return { type, offset, headerBytes: 8, declaredBytes: undefined };
  }
  if (size !== 1) {
    return size < 8 ? 'not-a-box' : { type, offset, headerBytes: 8, declaredBytes: size };
  }
  if (bytes.length < 16) {
    return 'not-a-box';
  }
  const large = view.getBigUint64(8);
  return large < 16n || large > BigInt(Number.MAX_SAFE_INTEGER)
    ? 'not-a-box'
    : { type, offset, headerBytes: 16, declaredBytes: Number(large) };
}

function missingFrom(box: Mp4Box, fileBytes: number): number {
  return box.declaredBytes === undefined ? 0 : Math.max(0, box.offset + box.declaredBytes - fileBytes);
}

const boxesOnTheWayToChunks = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl']);

/**
 * The largest offset in any `stco` or `co64` box below `bytes` (a whole `moov` box), -1 where there is none.
 * `levels` bounds the descent: a hostile index may nest boxes as deep as it likes.
 */
export function lastChunkOffset(bytes: Uint8Array, levels = 6): number {
  let last = -1;
  let offset = 0;
  while (offset + 8 <= bytes.length) {
    const box = readBoxHeader(bytes.subarray(offset, offset + 16), offset);
    if (typeof box === 'string') {
      break;
    }
    const end = Math.min(bytes.length, offset + (box.declaredBytes ?? bytes.length - offset));
    const payload = bytes.subarray(offset + box.headerBytes, end);
    if (boxesOnTheWayToChunks.has(box.type) && levels > 0) {
      last = Math.max(last, lastChunkOffset(payload, levels - 1));
    } else if (box.type === 'stco' || box.type === 'co64') {
      last = Math.max(last, largestEntry(payload, box.type === 'co64' ? 8 : 4));
    }
    offset = end;
  }
  return last;
}

/** Entries of a chunk table: version and flags (4), count (4), then offsets of `width` bytes. */
function largestEntry(payload: Uint8Array, width: 4 | 8): number {
  if (payload.length < 8) {
    return -1;
  }
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const count = Math.min(view.getUint32(4), Math.floor((payload.length - 8) / width));
  let largest = -1;
  for (let entry = 0; entry < count; entry += 1) {
    const at = 8 + entry * width;
    largest = Math.max(largest, width === 8 ? Number(view.getBigUint64(at)) : view.getUint32(at));
  }
  return largest;
}
