/**
 * Makes the preview files of one clip: `<clip id>/playable.*` and `<clip id>/poster.jpg` below its folder, each
 * written under a temporary name, synced and renamed, so that a page never sees half a file. It opens the original
 * for reading only, by handing its path to the tools. What goes wrong is part of the result.
 */
import { mkdir, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, errorMessage } from '../domain/errors.ts';
import type { RunControl } from './ffmpeg-adapter.ts';
import { writePlayableCopy } from './playable-copy.ts';
import { decidePlayable, type PlayableDecision } from './playable-plan.ts';
import { writePictureCopy, writePoster } from './poster.ts';
import {
  type PreviewFailure,
  type PreviewFailureCode,
  type PreviewFile,
  type PreviewJob,
  type PreviewLimits,
  type PreviewResult,
  PreviewTrouble,
} from './preview-result.ts';

export interface PreviewMakerParts {
  /** Absolute path of the preview folder. */
  readonly folder: string;
  readonly limits: PreviewLimits;
}

const temporarySuffix = '.part';
const mimeByName: ReadonlyMap<string, PreviewFile['mime']> = new Map([
  ['playable.mp4', 'video/mp4'],
  ['playable.m4a', 'audio/mp4'],
  ['playable.jpg', 'image/jpeg'],
  ['poster.jpg', 'image/jpeg'],
]);

export class PreviewMaker {
  readonly #folder: string;
  readonly #limits: PreviewLimits;

  constructor(parts: PreviewMakerParts) {
    this.#folder = parts.folder;
    this.#limits = parts.limits;
  }

  /** What is already there of a clip's preview, from the disk. */
  async findExisting(clip: string): Promise<PreviewResult> {
    const files = new Map<string, PreviewFile>();
    for (const [name, mime] of mimeByName) {
      const found = await stat(join(this.#clipFolder(clip), name)).catch(() => undefined);
      if (found?.isFile() === true && found.size > 0) {
        files.set(name, { file: `${clip}/${name}`, mime, bytes: found.size });
      }
    }
    const playable = [...files].find(([name]) => name.startsWith('playable.'))?.[1];
    const poster = files.get('poster.jpg');
    return { ...(playable === undefined ? {} : { playable }), ...(poster === undefined ? {} : { poster }) };
  }

  /** Removes a clip's preview; it can be made again at any time. */
  async remove(clip: string): Promise<void> {
    await rm(this.#clipFolder(clip), { recursive: true, force: true });
  }

  /** @throws the signal's reason when it is aborted; nothing else. */
  async make(job: PreviewJob, control: RunControl = {}): Promise<PreviewResult> {
    const folder = this.#clipFolder(job.clip);
    const decision = decidePlayable(job.facts);
    if (decision.kind === 'none') {
      return {};
    }
    const failures: PreviewFailure[] = [];
    const attempt = async (
      step: PreviewFailure['step'],
      name: string,
      write: Write,
    ): Promise<PreviewFile | undefined> => {
      try {
        return await this.#writeAndRename(job, name, write);
      } catch (error) {
        control.signal?.throwIfAborted();
        failures.push({ step, code: codeOf(error), detail: errorMessage(error).slice(0, 1000) });
        return undefined;
      } finally {
        await rm(join(folder, `${name}${temporarySuffix}`), { force: true });
      }
    };
    // The poster first: it is quick, and a page has something to show while the long copy is made.
    const stillControl = { signal: control.signal, pause: control.pause };
    const hasStill = decision.kind !== 'impossible';
    const poster = hasStill
      ? await attempt('poster', 'poster.jpg', (file) => writePoster({ job, file, limits: this.#limits }, stillControl))
      : undefined;
    const playable = await attempt('playable', nameOf(decision), (file) =>
      this.#writePlayable(job, { decision, file }, control),
    );
    const failure = failures.find(({ step }) => step === 'playable') ?? failures[0];
    return {
      ...(playable === undefined ? {} : { playable }),
      ...(poster === undefined ? {} : { poster }),
      ...(failure === undefined ? {} : { failure }),
    };
  }

  async #writePlayable(
    job: PreviewJob,
    target: { readonly decision: PlayableDecision; readonly file: string },
    control: RunControl,
  ): Promise<void> {
    const { decision, file } = target;
    switch (decision.kind) {
      case 'make':
        return writePlayableCopy({ job, plan: decision.plan, file, limits: this.#limits }, control);
      case 'picture':
        return writePictureCopy({ job, file, limits: this.#limits }, control);
      case 'impossible':
        throw new PreviewTrouble(decision.code, 'the probe found nothing that can be played');
      case 'none':
        throw new Error('a clip without a preview was asked for one');
    }
  }

  async #writeAndRename(job: PreviewJob, name: string, write: Write): Promise<PreviewFile> {
    const folder = this.#clipFolder(job.clip);
    await mkdir(folder, { recursive: true });
    await this.#assertRoom(job);
    const temporary = join(folder, `${name}${temporarySuffix}`);
    await rm(temporary, { force: true });
    await write(temporary);
    await using handle = await open(temporary, 'r+');
    await handle.datasync();
    const { size } = await handle.stat();
    // A clip has one playable file: one of another form, made before under other facts, goes.
    for (const other of name.startsWith('playable.') ? await readdir(folder) : []) {
      if (other.startsWith('playable.') && other !== name && !other.endsWith(temporarySuffix)) {
        await rm(join(folder, other), { force: true });
      }
    }
    await rename(temporary, join(folder, name));
    return { file: `${job.clip}/${name}`, mime: mimeByName.get(name) ?? 'image/jpeg', bytes: size };
  }

  /** Previews share a disk with the vault, and must never be what fills it. A copy may be as large as its original. */
  async #assertRoom(job: PreviewJob): Promise<void> {
    const [original, disk] = await Promise.all([stat(job.originalPath), statfs(this.#folder)]);
    const freeAfter = disk.bavail * disk.bsize - original.size;
    if (freeAfter < this.#limits.freeBytesMin) {
      throw new PreviewTrouble('no-space', `${freeAfter} bytes would be left free`);
    }
  }

  #clipFolder(clip: string): string {
    if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(clip)) {
      throw new Error(`not a clip id: ${JSON.stringify(clip)}`);
    }
    return join(this.#folder, clip);
  }
}

type Write = (file: string) => Promise<void>;

function nameOf(decision: PlayableDecision): string {
  switch (decision.kind) {
    case 'make':
      return decision.plan.name;
    case 'picture':
      return 'playable.jpg';
    default:
      return 'playable.mp4';
  }
}

function codeOf(error: unknown): PreviewFailureCode {
  if (error instanceof PreviewTrouble) {
    return error.code;
  }
  return ['ENOSPC', 'EDQUOT'].includes(errorCode(error)) ? 'no-space' : 'io';
}
