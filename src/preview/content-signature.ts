/**
 * Says what the first bytes of a file are, from a small table of our own. It decides which demuxer a media tool is
 * forced to use, and that unknown content never reaches a media tool at all: a tool left to guess opens play lists
 * and reads their siblings. It never looks at names.
 */
import { readMp4Brand } from './picture-header.ts';
import { recogniseText } from './text-signature.ts';

/** `media` goes to ffprobe with `demuxer`; everything else is read by our own code only. */
export type ContentSignature =
  | {
      readonly family: 'media';
      readonly container: string;
      readonly demuxer: string;
      readonly usual: 'video' | 'audio';
    }
  | { readonly family: 'picture'; readonly container: string }
  | { readonly family: 'track' | 'log'; readonly container: string }
  | { readonly family: 'unknown'; readonly container: string };

interface Row {
  readonly container: string;
  readonly demuxer: string;
  readonly usual: 'video' | 'audio';
  readonly fits: (head: Uint8Array) => boolean;
}

const mediaRows: readonly Row[] = [
  { container: 'avi', demuxer: 'avi', usual: 'video', fits: (h) => isRiff(h, 'AVI ') },
  { container: 'wav', demuxer: 'wav', usual: 'audio', fits: (h) => isRiff(h, 'WAVE') },
  { container: 'flv', demuxer: 'flv', usual: 'video', fits: (h) => has(h, 0, 'FLV\x01') },
  { container: 'matroska', demuxer: 'matroska', usual: 'video', fits: (h) => has(h, 0, '\x1a\x45\xdf\xa3') },
  { container: 'ogg', demuxer: 'ogg', usual: 'audio', fits: (h) => has(h, 0, 'OggS') },
  { container: 'amr', demuxer: 'amr', usual: 'audio', fits: (h) => has(h, 0, '#!AMR') },
  { container: 'mpeg-ps', demuxer: 'mpeg', usual: 'video', fits: (h) => has(h, 0, '\x00\x00\x01\xba') },
  { container: 'mpeg-ts', demuxer: 'mpegts', usual: 'video', fits: isTransportStream },
  { container: 'mp3', demuxer: 'mp3', usual: 'audio', fits: (h) => has(h, 0, 'ID3') || isMp3(h) },
  { container: 'adts', demuxer: 'aac', usual: 'audio', fits: isAdts },
];

/** First box types that begin a QuickTime or MP4 file, with or without `ftyp`. */
const firstBoxes = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp']);
const stillBrands = new Set(['heic', 'heix', 'mif1', 'msf1', 'avif']);

/** `head` is the beginning of the file, the more the better; 4 KiB is enough for everything but long text. */
export function recogniseContent(head: Uint8Array): ContentSignature {
  const picture = recognisePicture(head);
  if (picture !== undefined) {
    return { family: 'picture', container: picture };
  }
  if (beginsWithBox(head)) {
    const brand = readMp4Brand(head);
    if (stillBrands.has(brand)) {
      return { family: 'picture', container: 'heif' };
    }
    const container = brand === 'qt  ' || latin(head, 4, 4) === 'wide' ? 'mov' : 'mp4';
    return { family: 'media', container, demuxer: 'mov', usual: brand.startsWith('M4A') ? 'audio' : 'video' };
  }
  const row = mediaRows.find((candidate) => candidate.fits(head));
  if (row !== undefined) {
    return { family: 'media', container: row.container, demuxer: row.demuxer, usual: row.usual };
  }
  return recogniseText(head) ?? { family: 'unknown', container: 'unknown' };
}

/** The demuxer for a container that was recognised before; ffmpeg's own word for it. */
export function demuxerOf(container: string): string {
  if (container === 'mp4' || container === 'mov') {
    return 'mov';
  }
  const demuxer = mediaRows.find((row) => row.container === container)?.demuxer;
  if (demuxer === undefined && container !== 'bmp') {
    throw new Error(`no demuxer for ${container}`);
  }
  return demuxer ?? 'bmp_pipe';
}

/** A size of four printable characters is more likely a text such as "set free" than a box of a gigabyte. */
function beginsWithBox(head: Uint8Array): boolean {
  const looksWritten = /^[\x20-\x7e\s]{4}$/.test(latin(head, 0, 4)) && recogniseText(head) !== undefined;
  return firstBoxes.has(latin(head, 4, 4)) && !looksWritten;
}

function recognisePicture(head: Uint8Array): string | undefined {
  if (has(head, 0, '\xff\xd8\xff')) {
    return 'jpeg';
  }
  if (has(head, 0, '\x89PNG\r\n\x1a\n')) {
    return 'png';
  }
  // "BM" alone is two letters of any text: the header length of the bitmap has to be a known one, too.
  const bitmapHeader = head.length >= 26 && has(head, 0, 'BM') ? little32(head, 14) : 0;
  if ([12, 40, 52, 56, 64, 108, 124].includes(bitmapHeader)) {
    return 'bmp';
  }
  return isRiff(head, 'WEBP') ? 'webp' : undefined;
}

function isRiff(head: Uint8Array, form: string): boolean {
  return (has(head, 0, 'RIFF') || has(head, 0, 'RF64')) && has(head, 8, form);
}

/** Three packets in a row begin with 0x47: of 188 bytes, or of 192 with a time stamp before each. */
function isTransportStream(head: Uint8Array): boolean {
  const at = (first: number, step: number): boolean =>
    [0, 1, 2].every((packet) => head[first + packet * step] === 0x47);
  return at(0, 188) || at(4, 192);
}

const mp3Kilobits = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
const mp3Rates = [44_100, 48_000, 32_000];

/** Two consecutive layer III frames (ISO/IEC 11172-3, 13818-3): one sync word alone is found in noise. */
function isMp3(head: Uint8Array): boolean {
  const first = mp3FrameBytes(head, 0);
  return first !== undefined && mp3FrameBytes(head, first) !== undefined;
}

function mp3FrameBytes(head: Uint8Array, at: number): number | undefined {
  const [sync, version, rates] = [head[at] ?? 0, head[at + 1] ?? 0, head[at + 2] ?? 0];
  const isLayer3 = sync === 0xff && (version & 0xe6) === 0xe2;
  const versionBits = (version >> 3) & 3;
  const rate = mp3Rates[(rates >> 2) & 3];
  const isVersion1 = versionBits === 3;
  const kilobits = mp3Kilobits[isVersion1 ? 0 : 1]?.[rates >> 4];
  if (!isLayer3 || versionBits === 1 || rate === undefined || kilobits === undefined || kilobits === 0) {
    return undefined;
  }
  const sampleRate = isVersion1 ? rate : versionBits === 2 ? rate / 2 : rate / 4;
  return Math.floor(((isVersion1 ? 144 : 72) * kilobits * 1000) / sampleRate) + ((rates >> 1) & 1);
}

/** Two consecutive ADTS headers (ISO/IEC 13818-7). */
function isAdts(head: Uint8Array): boolean {
  const isHeader = (at: number): boolean => head[at] === 0xff && ((head[at + 1] ?? 0) & 0xf6) === 0xf0;
  const length = (((head[3] ?? 0) & 3) << 11) | ((head[4] ?? 0) << 3) | ((head[5] ?? 0) >> 5);
  return isHeader(0) && length > 7 && isHeader(length);
}

function has(head: Uint8Array, at: number, text: string): boolean {
  return latin(head, at, text.length) === text;
}

function latin(head: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...head.subarray(at, at + length));
}

function little32(head: Uint8Array, at: number): number {
  return new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(at, true);
}
