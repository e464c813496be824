/**
 * The part of the composition root for previews: feeds the queue with clips that have none, oldest first, lets it
 * stand still while anything is copied, and finds the files for the pages. What is missing is asked of the registry,
 * so an interrupted station goes on by itself.
 */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../config/schema.ts';
import type { Sha256Hex } from '../domain/ids.ts';
import { ensureFolder } from '../files/durable-files.ts';
import { PreviewQueue } from '../preview/preview-queue.ts';
import { defaultPreviewLimits, type PreviewLimits } from '../preview/preview-result.ts';
import type { ProbeFacts } from '../preview/probe-facts.ts';
import type { StationContext } from './station-context.ts';

/** Clips looked at for one feeding. */
const feedBatch = 100;

export type PreviewState =
  | { readonly state: 'ready'; readonly mime: string }
  | { readonly state: 'waiting' }
  | { readonly state: 'none' }
  | { readonly state: 'failed'; readonly code: string };

const playableNames: readonly (readonly [string, string])[] = [
  ['playable.mp4', 'video/mp4'],
  ['playable.m4a', 'audio/mp4'],
  ['playable.jpg', 'image/jpeg'],
];

export class PreviewDesk {
  readonly #context: StationContext;
  readonly #folder: string;
  readonly #queue: PreviewQueue;
  readonly #originalPath: (sha256: Sha256Hex) => string;
  /** Codes of previews that could not be made since the start; they are tried again at the next one. */
  readonly #failed = new Map<string, string>();
  /** Every previewable clip up to this seal was handed to the queue or has its preview. */
  #fedSeq = -1;
  #copying = 0;
  #feeding: Promise<void> | undefined;
  #fedAgain = false;

  private constructor(context: StationContext, folder: string, originalPath: (sha256: Sha256Hex) => string) {
    this.#context = context;
    this.#folder = folder;
    this.#originalPath = originalPath;
    this.#queue = new PreviewQueue({
      folder,
      limits: previewLimits(context.options.configuration.preview),
      log: context.options.log,
      now: Date.now,
      onEvent: (event) => {
        if (event.kind !== 'done') return;
        if (event.result.failure !== undefined) this.#failed.set(event.clip, event.result.failure.code);
        // It was being made while its clip was lawfully deleted.
        if (context.registry.copies.availability(event.clip) === 'deleted') {
          rmSync(join(folder, event.clip), { recursive: true, force: true });
        }
        this.feed();
      },
    });
  }

  static async open(context: StationContext, originalPath: (sha256: Sha256Hex) => string): Promise<PreviewDesk> {
    const folder = join(context.options.dataFolder, 'preview');
    await ensureFolder(folder);
    const desk = new PreviewDesk(context, folder, originalPath);
    desk.feed();
    return desk;
  }

  /** Clips may be waiting. Returns at once. */
  feed(): void {
    this.#fedAgain = true;
    this.#feeding ??= this.#work()
      .catch((error: unknown) => this.#context.options.log.warn({ err: error }, 'previews could not be queued'))
      .finally(() => {
        this.#feeding = undefined;
        // Asked again after the last look and before this.
        if (this.#fedAgain && !this.#context.closing.aborted) this.feed();
      });
  }

  async #work(): Promise<void> {
    while (this.#fedAgain && !this.#context.closing.aborted) {
      this.#fedAgain = false;
      for (;;) {
        const clips = this.#context.registry.pages.previewable(this.#fedSeq, feedBatch);
        if (clips.length === 0) break;
        for (const { clip, sha256, facts, seq } of clips) {
          if (!(await this.#offer(clip, sha256, facts))) return;
          this.#fedSeq = seq;
        }
      }
    }
  }

  /** False when the queue takes nothing now; it is offered again after the next preview. */
  async #offer(clip: string, sha256: Sha256Hex, facts: string): Promise<boolean> {
    const present = await this.#queue.maker.findExisting(clip);
    if (present.playable !== undefined && present.poster !== undefined) return true;
    const answer = this.#queue.add({
      clip,
      originalPath: this.#originalPath(sha256),
      facts: JSON.parse(facts) as ProbeFacts,
    });
    return answer === 'queued' || answer === 'already-queued';
  }

  /** While anything is copied previews stand still. Calls nest. */
  copyingBegan(): void {
    this.#copying += 1;
    if (this.#copying === 1) this.#queue.pause();
  }

  copyingEnded(): void {
    this.#copying -= 1;
    if (this.#copying === 0) this.#queue.resume();
  }

  get waiting(): number {
    const { waiting, running } = this.#queue.state();
    return waiting + running.length;
  }

  file(clip: string, which: 'playable' | 'poster'): { readonly path: string; readonly mime: string } | undefined {
    const names = which === 'poster' ? ([['poster.jpg', 'image/jpeg']] as const) : playableNames;
    for (const [name, mime] of names) {
      const path = join(this.#folder, clip, name);
      if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return { path, mime };
    }
    return undefined;
  }

  state(clip: string, kind: string | null): PreviewState {
    const file = this.file(clip, 'playable');
    if (file !== undefined) return { state: 'ready', mime: file.mime };
    const code = this.#failed.get(clip);
    if (code !== undefined) return { state: 'failed', code };
    const hasPreview = kind === null || ['video', 'audio', 'picture'].includes(kind);
    return { state: hasPreview ? 'waiting' : 'none' };
  }

  /** Settles when nothing waits. */
  async whenIdle(): Promise<void> {
    while (this.#feeding !== undefined) await this.#feeding;
    await this.#queue.whenIdle();
  }

  async close(): Promise<void> {
    await this.#queue.stop();
    await this.#feeding;
  }
}

function previewLimits(config: Configuration['preview']): PreviewLimits {
  return {
    ...defaultPreviewLimits,
    ffmpegPath: config.ffmpegPath,
    atOnce: config.parallelJobs,
    threads: config.parallelThreads,
    queueMax: config.queueJobsMax,
    attemptsMax: config.attemptsMax,
    wallMsMax: config.timeoutSeconds * 1000,
    cpuSecondsMax: config.cpuSecondsMax,
    memoryBytesMax: config.memoryBytesMax,
    playableBytesMax: config.playableBytesMax,
    freeBytesMin: config.freeBytesMin,
    heightMax: config.heightPixelsMax,
    posterWidthMax: config.posterWidthPixelsMax,
    pictureEdgeMax: config.pictureEdgePixelsMax,
  };
}
