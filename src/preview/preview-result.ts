/**
 * The words of the preview work: what is asked, what comes of it, and the limits it runs under. A preview is derived,
 * deletable and never evidence; a failed one is a result to be shown, not an exception.
 */
import type { ProbeFacts } from './probe-facts.ts';

export interface PreviewJob {
  /** The clip's id: ours, and the name of its preview folder. */
  readonly clip: string;
  /** Absolute path of the original, opened read-only. */
  readonly originalPath: string;
  readonly facts: ProbeFacts;
}

export interface PreviewFile {
  /** Relative to the preview folder, such as `<clip>/playable.mp4`. */
  readonly file: string;
  readonly mime: 'video/mp4' | 'audio/mp4' | 'image/jpeg';
  readonly bytes: number;
}

/**
 * - `no-index`: the recording was never closed and cannot be played as it is;
 * - `unreadable`: no tool makes sense of the content;
 * - `nothing-playable`: a tool ran well and brought out not one frame or sample;
 * - `unsupported-picture`: a picture format that is not decoded here;
 * - `timeout`, `resource-limit`, `too-large`: ended by wall clock, by CPU or memory, by the size of what it wrote;
 * - `no-space`, `tool-missing`, `io`: trouble of the station, worth another try.
 */
export type PreviewFailureCode =
  | 'no-index'
  | 'unreadable'
  | 'nothing-playable'
  | 'unsupported-picture'
  | 'timeout'
  | 'resource-limit'
  | 'too-large'
  | 'no-space'
  | 'tool-missing'
  | 'io';

export interface PreviewFailure {
  readonly code: PreviewFailureCode;
  readonly step: 'playable' | 'poster';
  /** For logs: the tool's own words, bounded, never for a page. */
  readonly detail: string;
}

/** All empty: this kind of clip (a log, a track) has no preview. */
export interface PreviewResult {
  readonly playable?: PreviewFile;
  readonly poster?: PreviewFile;
  /** What went wrong, the playable copy's trouble before the poster's; the other file may still be there. */
  readonly failure?: PreviewFailure;
}

/** Worth another try later: the station was at fault, not the clip. */
export function isTemporary(code: PreviewFailureCode): boolean {
  return ['timeout', 'no-space', 'tool-missing', 'io'].includes(code);
}

/** Thrown inside the room only, and turned into a result before it leaves it. */
export class PreviewTrouble extends Error {
  readonly code: PreviewFailureCode;

  constructor(code: PreviewFailureCode, detail: string) {
    super(detail);
    this.name = 'PreviewTrouble';
    this.code = code;
  }
}

/** A slice of the configuration. Sizes in bytes, times in milliseconds unless the name says otherwise. */
export interface PreviewLimits {
  /** Absolute path of ffmpeg. */
  readonly ffmpegPath: string;
  /** Wall clock of one ffmpeg: a base, and so many times the clip's duration on top, at most `wallMsMax`. */
  readonly wallMsBase: number;
  readonly wallPerDuration: number;
  readonly wallMsMax: number;
  readonly cpuSecondsMax: number;
  readonly memoryBytesMax: number;
  readonly openFilesMax: number;
  /** Threads of one ffmpeg. */
  readonly threads: number;
  readonly playableBytesMax: number;
  /** One decoded frame on its way to the poster. */
  readonly frameBytesMax: number;
  /** A preview is not begun when it would leave less than this free. */
  readonly freeBytesMin: number;
  /** Height of re-encoded video; smaller video keeps its own. */
  readonly heightMax: number;
  readonly posterWidthMax: number;
  /** Longer edge of a picture's playable copy, and pixels a picture may have to be decoded at all. */
  readonly pictureEdgeMax: number;
  readonly picturePixelsMax: number;
  readonly pictureSecondsMax: number;
  /** Jobs that wait, that run at once, and tries for each. */
  readonly queueMax: number;
  readonly atOnce: number;
  readonly attemptsMax: number;
  readonly retryAfterMs: number;
}

export const defaultPreviewLimits: PreviewLimits = {
  ffmpegPath: '/usr/bin/ffmpeg',
  wallMsBase: 120_000,
  wallPerDuration: 3,
  wallMsMax: 6 * 3_600_000,
  cpuSecondsMax: 6 * 3600,
  memoryBytesMax: 4 * 1024 ** 3,
  openFilesMax: 64,
  threads: 2,
  playableBytesMax: 16 * 1024 ** 3,
  frameBytesMax: 32 * 1024 ** 2,
  freeBytesMin: 2 * 1024 ** 3,
  heightMax: 480,
  posterWidthMax: 640,
  pictureEdgeMax: 1920,
  picturePixelsMax: 120_000_000,
  pictureSecondsMax: 60,
  queueMax: 5000,
  atOnce: 1,
  attemptsMax: 3,
  retryAfterMs: 60_000,
};
