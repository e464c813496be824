/**
 * Reads one original back from the disk and compares it with its seal record, and its block file with both. It says
 * which of the two is at fault, and in an altered original where.
 */
import { lstat } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CopyControl, CopyEngine, CopyEngineError, HashResult } from '../domain/copy-engine.ts';
import { errorCode, errorMessage } from '../domain/errors.ts';
import type { StoreFinding, StoreFindingCode } from '../domain/findings.ts';
import { verityBlockBytes } from '../formats/fs-verity.ts';
import { isBlockFileSound } from './block-file.ts';
import type { SealedOriginal } from './sealed-originals.ts';

/** A running station puts a damaged original aside and another in its place: looked at again after this time. */
const retryMs = 200;
const retriedCodes: readonly string[] = ['ENOENT', 'SOURCE_CHANGED'];

/** Where originals lie; the vault's layout has it. */
export interface VaultPlaces {
  readonly folder: string;
  readonly incoming: string;
  readonly unsealed: string;
  readonly damaged: string;
  readonly originals: string;
  readonly blocks: string;
  original(sha256: string): string;
  blocksFile(sha256: string): string;
}

export interface OriginalCheckDependencies {
  readonly dataFolder: string;
  readonly places: VaultPlaces;
  readonly engine: Pick<CopyEngine, 'hash'>;
}

type Read = { readonly result: HashResult } | { readonly error: unknown };

export class OriginalCheck {
  readonly #deps: OriginalCheckDependencies;

  constructor(deps: OriginalCheckDependencies) {
    this.#deps = deps;
  }

  /** @throws CopyEngineError CANCELLED */
  async check(original: SealedOriginal, control: CopyControl): Promise<StoreFinding[]> {
    const hasBlocks = original.bytes > verityBlockBytes;
    const read = await this.#read(original, hasBlocks, control);
    if ('error' in read) return [...this.#unread(original, read.error), ...(await this.#blocksAlone(original))];
    const { result } = read;
    const differences = differencesOf(original, result);
    if (differences.length === 0) return hasBlocks ? this.#blocksFinding(original, result.blocks?.state) : [];
    const blocks = await this.#blocksAlone(original);
    const where = blocks.length === 0 ? damagedBlocks(original, result) : undefined;
    const detail = [...differences, ...(where === undefined ? [] : [`damaged 4 KiB blocks: ${where}`])].join('; ');
    const altered = this.#originalFindings('original-altered', original, detail);
    const located = where === undefined ? altered : altered.map((finding) => ({ ...finding, damagedBlocks: where }));
    return [...located, ...blocks];
  }

  /** A block file that cannot be read must not hide what the original is. */
  async #read(original: SealedOriginal, hasBlocks: boolean, control: CopyControl): Promise<Read> {
    const read = await this.#readOnce(original, hasBlocks, control);
    if (!('error' in read)) return read;
    if ((read.error as CopyEngineError).side === 'target') return this.#readOnce(original, false, control);
    if (!retriedCodes.includes(errorCode(read.error))) return read;
    await sleep(retryMs, undefined, control.signal ? { signal: control.signal } : {});
    return this.#readOnce(original, hasBlocks, control);
  }

  async #readOnce({ sha256 }: SealedOriginal, hasBlocks: boolean, control: CopyControl): Promise<Read> {
    const { places, engine } = this.#deps;
    const path = places.original(sha256);
    const source = { root: Buffer.from(dirname(path)), path: Buffer.from(sha256) };
    const blocks = hasBlocks ? { blocksFile: places.blocksFile(sha256) } : {};
    try {
      return { result: await engine.hash({ source, reading: 'direct', sm3: true, ...blocks }, control) };
    } catch (error) {
      if (errorCode(error) === 'CANCELLED') throw error;
      return { error };
    }
  }

  #unread(original: SealedOriginal, error: unknown): StoreFinding[] {
    const code = errorCode(error);
    if (code === 'ENOENT') return this.#originalFindings('original-missing', original, undefined);
    if (code === 'SOURCE_NOT_REGULAR')
      return this.#originalFindings('original-altered', original, 'it is no plain file');
    return this.#originalFindings('original-unreadable', original, errorMessage(error));
  }

  /** One for each clip with these bytes, so that every clip that is concerned is named. */
  #originalFindings(code: StoreFindingCode, original: SealedOriginal, detail: string | undefined): StoreFinding[] {
    const { sha256, clips } = original;
    const file = relative(this.#deps.dataFolder, this.#deps.places.original(sha256));
    return clips.map((clip) => ({ code, file, clip, sha256, ...(detail === undefined ? {} : { detail }) }));
  }

  /** The block file judged without the original. */
  async #blocksAlone(original: SealedOriginal): Promise<StoreFinding[]> {
    if (original.bytes <= verityBlockBytes) return [];
    const path = this.#deps.places.blocksFile(original.sha256);
    try {
      if (!(await lstat(path)).isFile()) return this.#blocksFinding(original, 'malformed');
      const isSound = await isBlockFileSound(path, original.bytes, original.fsverity);
      return this.#blocksFinding(original, isSound ? 'equal' : 'differ');
    } catch (error) {
      return this.#blocksFinding(original, errorCode(error) === 'ENOENT' ? 'missing' : undefined);
    }
  }

  #blocksFinding(
    original: SealedOriginal,
    state: NonNullable<HashResult['blocks']>['state'] | undefined,
  ): StoreFinding[] {
    if (state === 'equal') return [];
    const { sha256, clips } = original;
    const file = relative(this.#deps.dataFolder, this.#deps.places.blocksFile(sha256));
    const clip = clips[0] === undefined ? {} : { clip: clips[0] };
    if (state === 'missing') return [{ code: 'blocks-missing', file, ...clip, sha256 }];
    const details = { differ: 'its hashes are not those of the original', malformed: 'it has the wrong length' };
    const detail = state === undefined ? 'it cannot be read' : details[state];
    return [{ code: 'blocks-altered', file, ...clip, sha256, detail }];
  }
}

function differencesOf(original: SealedOriginal, result: HashResult): string[] {
  if (result.bytes !== original.bytes) return [`${result.bytes} bytes instead of ${original.bytes}`];
  const names = { sha256: 'SHA-256', sm3: 'SM3', fsverity: 'fs-verity digest' } as const;
  const differing = (Object.keys(names) as (keyof typeof names)[]).filter((key) => result[key] !== original[key]);
  return differing.length === 0 ? [] : [`${differing.map((key) => names[key]).join(', ')} differ`];
}

/** Which blocks of 4 KiB are damaged, as far as a sound block file can tell. */
function damagedBlocks(original: SealedOriginal, result: HashResult): string | undefined {
  if (original.bytes <= verityBlockBytes) return result.bytes === original.bytes ? '0' : undefined;
  const ranges = (result.blocks?.ranges ?? []).map(([first, last]) =>
    first === last ? `${first}` : `${first}-${last}`,
  );
  return ranges.length === 0 ? undefined : ranges.join(', ');
}
