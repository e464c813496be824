/**
 * Asks ffprobe about one file whose demuxer is already decided, and turns its answer into facts. The file's name is
 * ours; nothing that a recorder wrote reaches the arguments. What ffprobe prints is hostile too: it is parsed,
 * picked field by field, and bounded.
 */
import { type GeoPosition, readIso6709 } from '../domain/geo-position.ts';
import { type GuardedResult, runGuarded, saysOutOfMemory } from './guarded-process.ts';
import type { ProbeFinding, ProbeLimits, StreamFacts } from './probe-facts.ts';

export interface FfprobeAnswer {
  readonly streams: readonly StreamFacts[];
  readonly durationMs?: number;
  readonly createdAt?: string;
  readonly place?: GeoPosition;
  readonly version: string;
  readonly finding?: ProbeFinding;
  /** For the log only: the end of what ffprobe complained about. */
  readonly complaint: string;
}

export interface FfprobeQuestion {
  readonly file: string;
  readonly demuxer: string;
  readonly limits: ProbeLimits;
  readonly signal?: AbortSignal | undefined;
}

/** `location`: of MP4 and 3GP, whatever its language; the other one: of QuickTime. */
const placeTags = ['location', 'com.apple.quicktime.location.ISO6709'];

const entries = [
  'program_version=version',
  `format=duration:format_tags=creation_time,date,${placeTags.join(',')}`,
  'stream=index,codec_type,codec_name,width,height,pix_fmt,avg_frame_rate,sample_rate,channels,duration',
  'stream_tags=creation_time,rotate:stream_disposition=attached_pic:stream_side_data=rotation',
].join(':');

/** @throws the signal's reason when it is aborted; nothing else. */
export async function askFfprobe(question: FfprobeQuestion): Promise<FfprobeAnswer> {
  const { limits, demuxer } = question;
  const result = await runGuarded({
    program: limits.ffprobePath,
    args: [
      ...['-v', 'error', '-hide_banner', '-f', demuxer],
      ...['-protocol_whitelist', 'file', '-format_whitelist', demuxer],
      ...['-show_program_version', '-show_entries', entries, '-print_format', 'json=compact=1'],
      ...['-i', `file:${question.file}`],
    ],
    limits: {
      wallMsMax: limits.wallMsMax,
      cpuSecondsMax: limits.cpuSecondsMax,
      memoryBytesMax: limits.memoryBytesMax,
      openFilesMax: limits.openFilesMax,
      fileBytesMax: 0,
      outputBytesMax: limits.outputBytesMax,
    },
    signal: question.signal,
  });
  const raw = parseAnswer(result.output);
  const streams = list(raw?.streams)
    .slice(0, limits.streamsMax)
    .map((stream, index) => readStream(stream, index));
  const format = object(raw?.format);
  const finding = findingOf(result, streams.length > 0);
  const durationMs = milliseconds(format.duration) ?? longest(list(raw?.streams));
  const createdAt = timeAsWritten(object(format.tags)) ?? firstTime(list(raw?.streams));
  const place = placeOf(object(format.tags));
  return {
    streams,
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(place === undefined ? {} : { place }),
    version: word(object(raw?.program_version).version, 60) ?? 'unknown',
    ...(finding === undefined ? {} : { finding }),
    complaint: result.complaint,
  };
}

function findingOf(result: GuardedResult, hasStreams: boolean): ProbeFinding | undefined {
  switch (result.end.kind) {
    case 'ended': {
      if (result.end.code !== 0 && saysOutOfMemory(result.complaint)) {
        return 'probe-limit';
      }
      return result.end.code === 0 && hasStreams ? undefined : 'unreadable-media';
    }
    case 'killed':
      return ['SIGXCPU', 'SIGKILL', 'SIGXFSZ'].includes(result.end.signal) ? 'probe-limit' : 'unreadable-media';
    case 'timeout':
      return 'probe-timeout';
    case 'output-limit':
      return 'probe-limit';
    case 'not-started':
      return 'unreadable-media';
  }
}

type RawObject = Readonly<Record<string, unknown>>;

function parseAnswer(output: Buffer): RawObject | undefined {
  try {
    return object(JSON.parse(output.toString('utf8')));
  } catch {
    return undefined;
  }
}

function readStream(raw: RawObject, position: number): StreamFacts {
  const facts: Record<string, unknown> = {
    width: positive(raw.width),
    height: positive(raw.height),
    pixelFormat: word(raw.pix_fmt, 20),
    frameRate: ratio(raw.avg_frame_rate),
    sampleRate: positive(raw.sample_rate),
    channels: positive(raw.channels),
    rotation: rotationOf(raw),
    cover: object(raw.disposition).attached_pic === 1 ? true : undefined,
  };
  return {
    index: typeof raw.index === 'number' ? raw.index : position,
    type: word(raw.codec_type, 20) ?? 'unknown',
    codec: word(raw.codec_name, 40) ?? 'unknown',
    ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
  };
}

function rotationOf(raw: RawObject): number | undefined {
  const matrix = list(raw.side_data_list).find((data) => typeof data.rotation === 'number');
  const rotation = Number(matrix?.rotation ?? object(raw.tags).rotate ?? Number.NaN);
  return Number.isFinite(rotation) && rotation !== 0 ? rotation : undefined;
}

/** `30000/1001`; `0/0` when unknown. */
function ratio(value: unknown): number | undefined {
  const [over, under] = String(value).split('/').map(Number);
  const rate = Number(over) / Number(under ?? 1);
  return Number.isFinite(rate) && rate > 0 ? Math.round(rate * 1000) / 1000 : undefined;
}

function longest(streams: readonly RawObject[]): number | undefined {
  const durations = streams.map((stream) => milliseconds(stream.duration) ?? 0);
  const max = Math.max(0, ...durations);
  return max > 0 ? max : undefined;
}

function firstTime(streams: readonly RawObject[]): string | undefined {
  return streams.map((stream) => timeAsWritten(object(stream.tags))).find((time) => time !== undefined);
}

function timeAsWritten(tags: RawObject): string | undefined {
  return word(tags.creation_time, 40) ?? word(tags.date, 40);
}

function placeOf(tags: RawObject): GeoPosition | undefined {
  const texts = placeTags.map((tag) => tags[tag]).filter((text) => typeof text === 'string');
  return texts.map(readIso6709).find((place) => place !== undefined);
}

function milliseconds(value: unknown): number | undefined {
  const seconds = Number(value ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 && seconds < 1e9 ? Math.round(seconds * 1000) : undefined;
}

function positive(value: unknown): number | undefined {
  const number = Number(value ?? Number.NaN);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** Short printable ASCII only: whatever a file puts into its tags. */
function word(value: unknown, charsMax: number): string | undefined {
  return typeof value === 'string' && value.length <= charsMax && /^[\x20-\x7e]+$/.test(value) ? value : undefined;
}

function object(value: unknown): RawObject {
  return typeof value === 'object' && value !== null ? (value as RawObject) : {};
}

function list(value: unknown): readonly RawObject[] {
  return Array.isArray(value) ? value.map(object) : [];
}
