/**
 * Looks into one original and says what it is. It opens the file read-only, under a name of ours, and believes
 * neither the recorder's name for it nor a media tool's exit code. Trouble with the content is a finding in the
 * answer; a probe only rejects when its caller cancels it. How many run at once is the caller's business.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { closingPaddingOffset, judgeMp4Layout, walkMp4Boxes } from '../domain/mp4-boxes.ts';
import { type TrackFacts, trackFacts } from '../domain/track-positions.ts';
import { type ContentSignature, recogniseContent } from './content-signature.ts';
import { differsFromName } from './expected-kinds.ts';
import { askFfprobe } from './ffprobe.ts';
import { readPictureHeader } from './picture-header.ts';
import type { ClipKind, ProbeFacts, ProbeFinding, ProbeLimits, StreamFacts } from './probe-facts.ts';

export interface ProbeOptions {
  /** The extension of the recorder's name, with or without dot: raises `content-differs-from-name`, nothing else. */
  readonly extension?: string;
  readonly signal?: AbortSignal;
}

export interface ProbeLog {
  debug(facts: object, message: string): void;
}

export class MediaProbe {
  readonly #limits: ProbeLimits;
  readonly #log: ProbeLog | undefined;

  constructor(limits: ProbeLimits, log?: ProbeLog) {
    this.#limits = limits;
    this.#log = log;
  }

  /**
   * `originalPath` is absolute and its name is ours (a digest).
   * @throws the signal's reason when it is aborted; nothing else.
   */
  async probe(originalPath: string, options: ProbeOptions = {}): Promise<ProbeFacts> {
    options.signal?.throwIfAborted();
    try {
      await using file = await openOriginal(originalPath);
      const facts = await this.#look(file, originalPath, options.signal);
      const differs: ProbeFinding[] = differsFromName(facts.kind, options.extension)
        ? ['content-differs-from-name']
        : [];
      return { probedBy: 'signature', ...facts, findings: [...facts.findings, ...differs] };
    } catch (error) {
      options.signal?.throwIfAborted();
      this.#log?.debug({ err: error, original: originalPath }, 'original could not be read for its probe');
      const findings: ProbeFinding[] = ['unreadable-media'];
      return { kind: 'other', container: 'unknown', streams: [], findings, probedBy: 'signature' };
    }
  }

  async #look(file: Original, path: string, signal: AbortSignal | undefined): Promise<LookedAt> {
    if (file.bytes === 0) {
      return { kind: 'other', container: 'empty', streams: [], findings: ['empty-file'] };
    }
    const head = await file.readAt(0, this.#limits.headBytes);
    const signature = recogniseContent(head);
    const shape = await judgeShape(signature, file, { head, limits: this.#limits });
    const findings = [...shape.findings];
    if (await endsInZeros(file, shape.zerosAllowedFrom, this.#limits.zeroTailBytes)) {
      findings.push('zero-tail');
    }
    signal?.throwIfAborted();
    if (signature.family === 'media' && !findings.includes('video-without-index')) {
      return this.#askTool(signature, path, { findings, signal });
    }
    if (signature.family === 'picture') {
      return lookAtPicture(signature.container, head, findings);
    }
    const kind = kindWithoutTool(signature);
    const { container } = signature;
    const track = kind === 'track' ? await lookAtTrack(container, file, { head, limits: this.#limits }) : undefined;
    return { kind, container, streams: [], ...(track === undefined ? {} : { track }), findings };
  }

  async #askTool(
    signature: MediaSignature,
    path: string,
    context: { findings: ProbeFinding[]; signal: AbortSignal | undefined },
  ): Promise<LookedAt> {
    const { demuxer, container } = signature;
    const answer = await askFfprobe({ file: path, demuxer, limits: this.#limits, signal: context.signal });
    if (answer.finding !== undefined) {
      const { finding, complaint } = answer;
      this.#log?.debug({ original: path, finding, complaint }, 'ffprobe made no full sense of an original');
    }
    return {
      kind: kindOfStreams(answer.streams) ?? signature.usual,
      container,
      ...(answer.durationMs === undefined ? {} : { durationMs: answer.durationMs }),
      streams: answer.streams,
      ...(answer.createdAt === undefined ? {} : { createdAt: answer.createdAt }),
      ...(answer.place === undefined ? {} : { place: answer.place }),
      findings: answer.finding === undefined ? context.findings : [...context.findings, answer.finding],
      probedBy: `ffprobe ${answer.version}`,
    };
  }
}

type LookedAt = Omit<ProbeFacts, 'probedBy'> & { readonly probedBy?: string };
type MediaSignature = Extract<ContentSignature, { family: 'media' }>;

interface Original {
  readonly bytes: number;
  readonly readAt: (offset: number, length: number) => Promise<Uint8Array>;
  [Symbol.asyncDispose](): Promise<void>;
}

async function openOriginal(path: string): Promise<Original> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) {
      throw new Error('not a regular file');
    }
    return {
      bytes: stat.size,
      readAt: (offset, length) => readFully(handle, offset, Math.min(length, Math.max(0, stat.size - offset))),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function readFully(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) {
      break;
    }
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

interface Shape {
  readonly findings: readonly ProbeFinding[];
  /** From this offset on zero bytes are the container's own content or padding and no finding. */
  readonly zerosAllowedFrom: number;
}

/** What the container's own frame says about the file's size. */
async function judgeShape(
  signature: ContentSignature,
  file: Original,
  context: { head: Uint8Array; limits: ProbeLimits },
): Promise<Shape> {
  if (signature.family === 'media' && signature.demuxer === 'mov') {
    const layout = await walkMp4Boxes({ fileBytes: file.bytes, readAt: file.readAt }, context.limits);
    return {
      findings: judgeMp4Layout(layout),
      zerosAllowedFrom: closingPaddingOffset(layout) ?? Number.POSITIVE_INFINITY,
    };
  }
  if (signature.container === 'avi' || signature.container === 'wav') {
    return judgeRiff(signature.container, file.bytes, context.head);
  }
  if (signature.container === 'flv') {
    const whole = await flvEndsWithItsTag(file);
    return { findings: whole ? [] : ['video-truncated'], zerosAllowedFrom: Number.POSITIVE_INFINITY };
  }
  // A bitmap's black half is zeros; so is nothing else's.
  return { findings: [], zerosAllowedFrom: signature.container === 'bmp' ? 0 : Number.POSITIVE_INFINITY };
}

/** FLV (Adobe, version 10.1, E.3): after each tag its size in 4 bytes; the tag there says 11 less in its bytes 1-3. */
async function flvEndsWithItsTag(file: Original): Promise<boolean> {
  const size = bigEndian(await file.readAt(file.bytes - 4, 4));
  const start = file.bytes - 4 - size;
  if (start < 13) {
    return file.bytes === 13 && size === 0;
  }
  const tag = await file.readAt(start, 4);
  return [8, 9, 18].includes((tag[0] ?? 0) & 0x1f) && bigEndian(tag.subarray(1)) + 11 === size;
}

function bigEndian(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** RIFF says its length in bytes 4-7, without the first 8; 0 until the recorder closes it, all ones beyond 4 GiB. */
function judgeRiff(container: 'avi' | 'wav', fileBytes: number, head: Uint8Array): Shape {
  const declared = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(4, true);
  const end = declared + 8;
  const truncated = declared !== 0xffffffff && end > fileBytes;
  const findings: ProbeFinding[] = truncated ? [container === 'avi' ? 'video-truncated' : 'audio-truncated'] : [];
  if (declared === 0 && fileBytes > 12) {
    findings.push(container === 'avi' ? 'video-without-index' : 'audio-truncated');
  }
  // Digital silence is zeros: inside a WAV's declared length they mean nothing.
  const isSilence = container === 'wav' && declared !== 0 && end >= fileBytes;
  return { findings, zerosAllowedFrom: isSilence ? 0 : Number.POSITIVE_INFINITY };
}

/** Reads backwards from the end, and stops at the first other byte or as soon as the tail counts. */
async function endsInZeros(file: Original, zerosAllowedFrom: number, tailBytes: number): Promise<boolean> {
  if (zerosAllowedFrom < file.bytes) {
    return false;
  }
  const enough = Math.min(tailBytes, Math.ceil(file.bytes / 4));
  const blockBytes = 64 * 1024;
  for (let seen = 0; seen < enough; ) {
    const length = Math.min(blockBytes, enough - seen);
    const block = await file.readAt(file.bytes - seen - length, length);
    if (block.some((byte) => byte !== 0)) {
      return false;
    }
    seen += length;
  }
  return true;
}

/** Reads its two ends only, since a track of a shift may be large; a tail of zeros after a dead battery is none. */
async function lookAtTrack(
  container: string,
  file: Original,
  { head, limits }: { head: Uint8Array; limits: ProbeLimits },
): Promise<TrackFacts | undefined> {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1').replace(/\0+$/, '');
  const start = file.bytes - limits.trackTailBytes;
  const isWhole = head.length === file.bytes;
  const begin = text(head);
  return trackFacts({
    container,
    head: begin,
    tail: isWhole ? begin : text(await file.readAt(Math.max(0, start), limits.trackTailBytes)),
  });
}

function lookAtPicture(container: string, head: Uint8Array, findings: readonly ProbeFinding[]): LookedAt {
  const header = readPictureHeader(container, head);
  if (header === undefined) {
    const unread: readonly ProbeFinding[] = ['jpeg', 'png', 'bmp'].includes(container) ? ['unreadable-media'] : [];
    return { kind: 'picture', container, streams: [], findings: [...findings, ...unread] };
  }
  const { width, height, createdAt } = header;
  return {
    kind: 'picture',
    container,
    streams: [{ index: 0, type: 'video', codec: container === 'jpeg' ? 'mjpeg' : container, width, height }],
    ...(createdAt === undefined ? {} : { createdAt }),
    findings,
  };
}

function kindOfStreams(streams: readonly StreamFacts[]): ClipKind | undefined {
  if (streams.some((stream) => stream.type === 'video' && stream.cover !== true)) {
    return 'video';
  }
  return streams.some((stream) => stream.type === 'audio') ? 'audio' : undefined;
}

function kindWithoutTool(signature: ContentSignature): ClipKind {
  switch (signature.family) {
    case 'media':
      return signature.usual;
    case 'track':
    case 'log':
      return signature.family;
    default:
      return 'other';
  }
}
