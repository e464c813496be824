/**
 * Encodes the few pieces of real footage that simulated cards are made of, each once, into a work folder of its own.
 * The same scene gives the same bytes on the same ffmpeg. Copies for single clips are made elsewhere, without ffmpeg.
 */
import { execFile } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isThere } from '../files/if-there.ts';

export type SceneSort = 'h264' | 'h265' | 'wav' | 'aac' | 'picture';

export interface SceneWish {
  readonly sort: SceneSort;
  /** Which of the scenes: 0 up to `scenesOf(sort) - 1`. */
  readonly number: number;
  /** How often the scene is played after itself, for clips that take a while to copy. */
  readonly repeat: number;
}

interface Picture {
  readonly source: string;
  readonly size: string;
  readonly seconds: number;
}

/** A test card with moving parts, a zoom into a fractal, drifting colours, still bars: told apart in a thumbnail. */
const pictures: readonly Picture[] = [
  { source: 'testsrc2=rate=25', size: '640x360', seconds: 4 },
  { source: 'mandelbrot=rate=25:start_scale=0.4:end_scale=0.02:maxiter=200', size: '640x360', seconds: 6 },
  { source: 'gradients=rate=25:c0=0x203040:c1=0xd08030:x0=0:y0=0:x1=600:y1=300:seed=7', size: '640x360', seconds: 8 },
  { source: 'smptehdbars=rate=25', size: '640x360', seconds: 5 },
  { source: 'testsrc2=rate=25', size: '1280x720', seconds: 3 },
];
const tones = [220, 330, 440];
const toolMsMax = 60_000;

export function scenesOf(sort: SceneSort): number {
  switch (sort) {
    case 'h264':
    case 'picture':
      return pictures.length;
    case 'h265':
      return 3;
    default:
      return tones.length;
  }
}

export class FootageScenes {
  readonly #folder: string;
  readonly #ffmpegPath: string;
  readonly #made = new Map<string, Promise<string>>();
  #line: Promise<unknown> = Promise.resolve();

  /** `folder` is absolute and belongs to the simulator; scenes found in it are used again. */
  constructor(folder: string, ffmpegPath = '/usr/bin/ffmpeg') {
    this.#folder = folder;
    this.#ffmpegPath = ffmpegPath;
  }

  /** The path of the scene's file. @throws Error with ffmpeg's words when it could not be made. */
  get(wish: SceneWish): Promise<string> {
    const name = `${wish.sort}-${wish.number}-x${wish.repeat}.${extensions[wish.sort]}`;
    let path = this.#made.get(name);
    if (path === undefined) {
      // One after the other: x264 uses every core by itself.
      path = this.#line.then(() => this.#make(name, wish));
      this.#made.set(name, path);
      this.#line = path.catch(() => undefined);
    }
    return path;
  }

  async #make(name: string, wish: SceneWish): Promise<string> {
    const path = join(this.#folder, name);
    if (await isThere(path)) {
      return path;
    }
    await mkdir(this.#folder, { recursive: true });
    if (wish.repeat > 1 && wish.sort !== 'picture') {
      const once = await this.#make(`${wish.sort}-${wish.number}-x1.${extensions[wish.sort]}`, { ...wish, repeat: 1 });
      await this.#run(['-stream_loop', String(wish.repeat - 1), '-i', once, '-c', 'copy'], path);
      return path;
    }
    const label = `EVIDOCK DEMO ${wish.sort.toUpperCase()} %{pts\\:hms}`;
    try {
      await this.#run(argumentsFor(wish, label), path);
    } catch {
      // No font on this machine, or an ffmpeg without drawtext: the scene still moves.
      await this.#run(argumentsFor(wish, undefined), path);
    }
    return path;
  }

  async #run(args: readonly string[], path: string): Promise<void> {
    const temporary = `${path}.part`;
    const muxer = path.endsWith('.wav') ? 'wav' : path.endsWith('.jpg') ? 'image2' : 'mp4';
    const fixed = ['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact', '-threads', '2'];
    const all = ['-nostdin', '-v', 'error', '-y', ...args, ...fixed, '-f', muxer, temporary];
    try {
      await promisify(execFile)(this.#ffmpegPath, all, { timeout: toolMsMax, maxBuffer: 1024 ** 2 });
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

const extensions: Readonly<Record<SceneSort, string>> = {
  h264: 'mp4',
  h265: 'mp4',
  wav: 'wav',
  aac: 'mp4',
  picture: 'jpg',
};

function argumentsFor(wish: SceneWish, label: string | undefined): string[] {
  if (wish.sort === 'wav' || wish.sort === 'aac') {
    const tone = ['-f', 'lavfi', '-i', `sine=frequency=${tones[wish.number]}:beep_factor=3:duration=6`];
    return [...tone, ...(wish.sort === 'wav' ? ['-c:a', 'pcm_s16le', '-ar', '8000'] : ['-c:a', 'aac', '-b:a', '32k'])];
  }
  const { source, size, seconds } = pictures[wish.number] ?? { source: 'testsrc2', size: '640x360', seconds: 3 };
  const drawn =
    label === undefined
      ? []
      : ['-vf', `drawtext=text='${label}':fontsize=22:fontcolor=white:box=1:boxcolor=black@0.6:x=12:y=12`];
  const video = ['-f', 'lavfi', '-i', `${source}:size=${size}`];
  if (wish.sort === 'picture') {
    return [...video, ...drawn, '-ss', '1', '-frames:v', '1', '-update', '1', '-q:v', '4'];
  }
  const sound = ['-f', 'lavfi', '-i', `sine=frequency=${220 + wish.number * 40}:beep_factor=4`];
  return [
    ...video,
    ...sound,
    ...drawn,
    ...['-t', String(seconds), '-c:a', 'aac', '-b:a', '48k', '-pix_fmt', 'yuv420p', '-g', '25'],
    ...(wish.sort === 'h264'
      ? ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '30']
      : ['-c:v', 'libx265', '-preset', 'ultrafast', '-crf', '30', '-x265-params', 'log-level=none', '-tag:v', 'hvc1']),
  ];
}
