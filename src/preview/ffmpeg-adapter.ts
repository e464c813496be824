/**
 * The only file that knows fluent-ffmpeg, which is archived upstream: when it goes, this file changes. It is used for
 * building the command line and nothing else; its own runner starts an unguarded ffprobe as soon as someone wants
 * progress, lists formats before each run, and cannot kill a process group. So the command runs in our guarded
 * process, and progress comes from ffmpeg's `-progress`.
 */
import ffmpeg from 'fluent-ffmpeg';
import { type GuardedResult, runGuarded, saysOutOfMemory } from './guarded-process.ts';
import type { PauseSwitch } from './pause-switch.ts';
import { type PreviewLimits, PreviewTrouble } from './preview-result.ts';

export interface FfmpegTask {
  readonly input: {
    /** Absolute path, ours. */
    readonly file: string;
    /** The demuxer that the probe decided on; ffmpeg never guesses. */
    readonly demuxer: string;
    readonly options?: readonly string[];
  };
  readonly output: {
    /** Absolute path of the file to write (replaced if it is there), or `pipe` for bytes in the answer. */
    readonly to: string | 'pipe';
    readonly muxer: string;
    readonly options: readonly string[];
  };
  readonly limits: PreviewLimits;
  /** What the container says; drives the wall clock and the progress. */
  readonly durationMs?: number | undefined;
}

export interface RunControl {
  readonly signal?: AbortSignal | undefined;
  readonly pause?: PauseSwitch | undefined;
  /** 0..1, at most about twice a second; only when the duration is known. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

export interface FfmpegAnswer {
  /** Bytes of a `pipe` output, else empty. */
  readonly output: Buffer;
  /** How far the output reaches; 0 when nothing came out. */
  readonly reachedMs: number;
  readonly frames: number;
}

/** @throws PreviewTrouble, or the signal's reason when it is aborted. */
export async function runFfmpeg(task: FfmpegTask, control: RunControl = {}): Promise<FfmpegAnswer> {
  const { limits } = task;
  const progress = new ProgressReader(task.durationMs, control.onProgress);
  const toPipe = task.output.to === 'pipe';
  const result = await runGuarded({
    program: limits.ffmpegPath,
    args: argumentsOf(task),
    limits: {
      wallMsMax: Math.min(limits.wallMsMax, limits.wallMsBase + limits.wallPerDuration * (task.durationMs ?? 0)),
      cpuSecondsMax: limits.cpuSecondsMax,
      memoryBytesMax: limits.memoryBytesMax,
      openFilesMax: limits.openFilesMax,
      fileBytesMax: toPipe ? 0 : limits.playableBytesMax,
      outputBytesMax: limits.frameBytesMax,
    },
    signal: control.signal,
    pause: control.pause,
    onOutput: toPipe ? undefined : (text) => progress.take(text),
  });
  assertEndedWell(result);
  return { output: result.output, reachedMs: progress.reachedMs, frames: progress.frames };
}

function argumentsOf(task: FfmpegTask): string[] {
  const toPipe = task.output.to === 'pipe';
  const threads = ['-threads', String(task.limits.threads)];
  const command = ffmpeg()
    .input(`file:${task.input.file}`)
    .inputOptions([
      ...['-nostdin', '-hide_banner', '-v', 'error', '-nostats', '-y'],
      ...(toPipe ? [] : ['-progress', 'pipe:1']),
      ...['-f', task.input.demuxer, '-protocol_whitelist', 'file', '-format_whitelist', task.input.demuxer],
      ...threads,
      ...(task.input.options ?? []),
    ])
    .output(toPipe ? 'pipe:1' : `file:${task.output.to}`)
    // Tags of a hostile file end here; so do subtitle and data streams.
    .outputOptions(['-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn', ...threads, ...task.output.options])
    .outputOptions(['-f', task.output.muxer]);
  return (command as unknown as { _getArguments(): string[] })._getArguments();
}

/** Reads `key=value` lines of ffmpeg's `-progress`; blocks end with `progress=continue` or `progress=end`. */
class ProgressReader {
  reachedMs = 0;
  frames = 0;
  #rest = '';
  readonly #durationMs: number | undefined;
  readonly #onProgress: ((share: number) => void) | undefined;

  constructor(durationMs: number | undefined, onProgress: ((share: number) => void) | undefined) {
    this.#durationMs = durationMs;
    this.#onProgress = onProgress;
  }

  take(text: string): void {
    const lines = (this.#rest + text).slice(-16_384).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const [key, value] = line.trim().split('=');
      if (key === 'out_time_us' && /^\d+$/.test(value ?? '')) {
        this.reachedMs = Number(value) / 1000;
      } else if (key === 'frame') {
        this.frames = Number(value) || 0;
      } else if (key === 'progress' && this.#durationMs !== undefined) {
        this.#onProgress?.(Math.min(1, this.reachedMs / this.#durationMs));
      }
    }
  }
}

function assertEndedWell(result: GuardedResult): void {
  const { end, complaint } = result;
  switch (end.kind) {
    case 'ended':
      if (end.code !== 0) {
        throw troubleOf(end.code, complaint);
      }
      return;
    case 'killed':
      throw end.signal === 'SIGXFSZ'
        ? new PreviewTrouble('too-large', 'the copy grew beyond its limit')
        : new PreviewTrouble('resource-limit', `ended by ${end.signal}`);
    case 'timeout':
      throw new PreviewTrouble('timeout', 'ffmpeg took too long');
    case 'output-limit':
      throw new PreviewTrouble('too-large', 'a frame was larger than its limit');
    case 'not-started':
      throw new PreviewTrouble('tool-missing', end.reason);
  }
}

function troubleOf(code: number, complaint: string): PreviewTrouble {
  const detail = `exit ${code}: ${complaint.slice(-600)}`;
  if (complaint.includes('No space left on device')) {
    return new PreviewTrouble('no-space', detail);
  }
  if (complaint.includes('File too large')) {
    return new PreviewTrouble('too-large', detail);
  }
  // 255: ffmpeg took the CPU limit's signal for a request to end.
  if (code === 255 || saysOutOfMemory(complaint)) {
    return new PreviewTrouble('resource-limit', detail);
  }
  return new PreviewTrouble('unreadable', detail);
}
