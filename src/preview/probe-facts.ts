/**
 * The words of a probe: what it says of one original, and the limits it works under. Facts are what the content
 * shows; nothing here was taken from a file name, and a container's own time is a claim, not a time.
 */

import type { GeoPosition } from '../domain/geo-position.ts';
import type { TrackFacts } from '../domain/track-positions.ts';

export type ClipKind = 'video' | 'audio' | 'picture' | 'track' | 'log' | 'other';

export interface StreamFacts {
  /** The stream's number in its container, for later use of the same stream. */
  readonly index: number;
  /** ffprobe's word: `video`, `audio`, `subtitle`, `data`, … */
  readonly type: string;
  /** ffprobe's codec name, such as `h264`, `hevc`, `aac`, `pcm_s16le`; `unknown` when it has none. */
  readonly codec: string;
  readonly width?: number;
  readonly height?: number;
  /** Such as `yuv420p`: decides whether a browser can play the stream as it is. */
  readonly pixelFormat?: string;
  /** Frames a second, three decimals. */
  readonly frameRate?: number;
  readonly sampleRate?: number;
  readonly channels?: number;
  /** Degrees as the container's display matrix says, -180..180. */
  readonly rotation?: number;
  /** A cover picture inside an audio or video file, not footage. */
  readonly cover?: true;
}

/**
 * - `video-without-index`: the recording was never closed (no `moov`; an AVI without its length);
 * - `video-truncated`, `audio-truncated`: the container promises more bytes than the file has;
 * - `zero-tail`: it ends in a long run of zero bytes that the container does not explain;
 * - `content-differs-from-name`: the name's extension promises another kind of content;
 * - `unreadable-media`: it looks like media, and neither ffprobe nor our own reading makes sense of it;
 * - `probe-timeout`, `probe-limit`: the probe was ended by its clock, or by its CPU, memory or output limit;
 * - `empty-file`.
 */
export type ProbeFinding =
  | 'video-without-index'
  | 'video-truncated'
  | 'audio-truncated'
  | 'zero-tail'
  | 'content-differs-from-name'
  | 'unreadable-media'
  | 'probe-timeout'
  | 'probe-limit'
  | 'empty-file';

export interface ProbeFacts {
  readonly kind: ClipKind;
  /** Own short word: `mp4`, `avi`, `wav`, `flv`, `mp3`, `adts`, `jpeg`, `nmea`, `text`, …, `unknown`. */
  readonly container: string;
  /** As the container says it; a truncated file still says its full length. */
  readonly durationMs?: number;
  readonly streams: readonly StreamFacts[];
  /** The container's own time exactly as written, never converted and never trusted. */
  readonly createdAt?: string;
  /** Where it was recorded, as the container says; probes of earlier programs did not look. */
  readonly place?: GeoPosition;
  /** Of a track: where and when it begins and ends, as far as the ends of the file tell. */
  readonly track?: TrackFacts;
  readonly findings: readonly ProbeFinding[];
  /** `signature` (own reading only) or the tool with its version, such as `ffprobe 5.1.9-0+deb12u1`. */
  readonly probedBy: string;
}

/** A slice of the configuration. Sizes in bytes, times in milliseconds unless the name says otherwise. */
export interface ProbeLimits {
  /** Absolute path of ffprobe. */
  readonly ffprobePath: string;
  /** Wall clock of one ffprobe; its whole process group is killed then. */
  readonly wallMsMax: number;
  readonly cpuSecondsMax: number;
  readonly memoryBytesMax: number;
  readonly openFilesMax: number;
  /** JSON that ffprobe may print. */
  readonly outputBytesMax: number;
  /** Beginning of the file that is looked at for signatures, text and picture sizes. */
  readonly headBytes: number;
  /** End of a track that is looked at for its last position. */
  readonly trackTailBytes: number;
  /** A zero tail counts from this size on, or from a quarter of the file if that is less. */
  readonly zeroTailBytes: number;
  /** Top-level MP4 boxes walked, and the largest index read whole. */
  readonly boxesMax: number;
  readonly indexBytesMax: number;
  /** Streams kept of one container. */
  readonly streamsMax: number;
}

export const defaultProbeLimits: ProbeLimits = {
  ffprobePath: '/usr/bin/ffprobe',
  wallMsMax: 20_000,
  cpuSecondsMax: 10,
  memoryBytesMax: 1024 ** 3,
  openFilesMax: 32,
  outputBytesMax: 256 * 1024,
  headBytes: 128 * 1024,
  trackTailBytes: 64 * 1024,
  zeroTailBytes: 1024 ** 2,
  boxesMax: 20_000,
  indexBytesMax: 8 * 1024 ** 2,
  streamsMax: 16,
};
