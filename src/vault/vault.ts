/**
 * The vault (证据库): originals named by digest, write-once. It takes a copy into `incoming/`, confirmed by reading
 * back; places it under its digest with link(), which never overwrites; and keeps the incoming name until the seal
 * record is durable, so that after a crash it knows which originals may have no record yet.
 * It knows nothing of cases or officers.
 */
import { renameSync, type Stats, statfsSync, unlinkSync } from 'node:fs';
import { link, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { VaultConfig } from '../config/schema.ts';
import type {
  CopyControl,
  CopyEngine,
  CopyResult,
  ExpectedSource,
  ReadBackAbility,
  ReadBackMode,
  SealedReadBack,
  SourceFile,
} from '../domain/copy-engine.ts';
import { errorCode, StationError } from '../domain/errors.ts';
import type { RandomBytes, Sha256Hex } from '../domain/ids.ts';
import { ensureFolder, syncFolder } from '../files/durable-files.ts';
import { ifThere, namesIn } from '../files/if-there.ts';
import { StagedSource } from './staged-source.ts';
import { singleBlockBytes, VaultLayout } from './vault-layout.ts';

export interface VaultOptions {
  readonly dataFolder: string;
  readonly engine: CopyEngine;
  readonly random: RandomBytes;
  readonly config: VaultConfig;
}

/** A confirmed copy in `incoming/`. */
export interface TakenCopy {
  readonly draw: string;
  readonly sha256: Sha256Hex;
  readonly result: CopyResult;
}

/** `shared`: the vault had these bytes; `adopted`: an interrupted sealing had left them; see records.ts. */
export type Placement = 'new' | 'shared' | 'adopted' | 'replaced-damaged';

/** The margin is at most this share of a disk, so that a small one still takes clips. */
const marginShareMax = 1 / 8;

export class Vault {
  readonly #layout: VaultLayout;
  readonly #options: VaultOptions;
  /** How copies are confirmed here; `none` only where the configuration allows that they are not. */
  readonly readBack: SealedReadBack;
  readonly #engineReadBack: ReadBackMode;
  /**
   * Incoming draws of this process that are under way, with their digest once it is known; everything else in
   * `incoming/` is left over.
   */
  readonly #active = new Map<string, Sha256Hex | undefined>();
  /** By draw: the incoming names of an adopted original. They keep it known until its seal record is durable. */
  readonly #adopted = new Map<string, readonly string[]>();
  /** Originals that an interrupted sealing left without a record, with the incoming names that keep them known. */
  readonly #unsealed = new Map<Sha256Hex, string[]>();

  private constructor(options: VaultOptions, layout: VaultLayout, readBack: SealedReadBack) {
    this.#options = options;
    this.#layout = layout;
    this.readBack = readBack;
    // Asked for nothing better, the engine compares what the page cache has.
    this.#engineReadBack = readBack === 'none' ? 'memory-fs' : readBack;
  }

  /**
   * Opens the vault and finds out how copies can be confirmed here. `isSealed` says whether an original has a seal
   * record. @throws StationError vault-in-memory, vault-no-read-back
   */
  static async open(options: VaultOptions, isSealed: (sha256: Sha256Hex) => boolean): Promise<Vault> {
    const layout = new VaultLayout(options.dataFolder);
    for (const folder of [layout.incoming, layout.unsealed, layout.originals, layout.blocks]) {
      await ensureFolder(folder, 0o755);
    }
    const ability = await options.engine.probeReadBack(layout.incoming);
    const vault = new Vault(options, layout, allowedReadBack(ability, options));
    await vault.emptyIncoming(isSealed);
    return vault;
  }

  /** Removes what interrupted copies left; originals without a seal record are remembered for adoption. */
  async emptyIncoming(isSealed: (sha256: Sha256Hex) => boolean): Promise<void> {
    for (const name of await readdir(this.#layout.incoming)) {
      const parsed = VaultLayout.parseIncoming(name);
      if (parsed !== undefined && this.#active.has(parsed.draw)) continue;
      const path = join(this.#layout.incoming, name);
      const sha256 = parsed?.sha256 ?? (parsed?.isBlocks === false ? await this.#digestOfLinked(name) : undefined);
      if (sha256 === undefined || isSealed(sha256) || !(await this.#isPlaced(path, sha256))) {
        // Another docking may have settled it in between.
        await unlinkIfThere(path);
        continue;
      }
      const names = this.#unsealed.get(sha256) ?? [];
      if (!names.includes(path)) this.#unsealed.set(sha256, [...names, path]);
    }
  }

  /**
   * The digest of an incoming file that has another name besides this one. A power cut may keep the link into place and
   * lose the renaming that came before it, where a file system does not order the two.
   */
  async #digestOfLinked(name: string): Promise<Sha256Hex | undefined> {
    const stats = await statIfThere(join(this.#layout.incoming, name));
    if (stats === undefined || stats.nlink < 2) return undefined;
    const source = { root: Buffer.from(this.#layout.incoming), path: Buffer.from(name) };
    const { sha256 } = await this.#options.engine.hash({ source, reading: 'cached', sm3: false });
    return sha256 as Sha256Hex;
  }

  /** True when something lies under that digest already, or the incoming file is one with an unsealed original. */
  async #isPlaced(path: string, sha256: Sha256Hex): Promise<boolean> {
    for (const place of [this.#layout.original(sha256), this.#layout.blocksFile(sha256)]) {
      if ((await statIfThere(place)) !== undefined) return true;
    }
    const own = await statIfThere(path);
    return own !== undefined && (await statIfThere(join(this.#layout.unsealed, sha256)))?.ino === own.ino;
  }

  /**
   * Copies a source into `incoming/`, confirmed by reading back.
   * @throws StationError vault-full before anything is written; CopyEngineError, with nothing left behind
   */
  async take(source: SourceFile, expected: ExpectedSource, control: CopyControl): Promise<TakenCopy> {
    this.#assertRoom(expected.bytes);
    const draw = Buffer.from(this.#options.random(8)).toString('hex');
    const target = join(this.#layout.incoming, draw);
    this.#active.set(draw, undefined);
    try {
      const result = await this.#options.engine.copy(
        { source, expected, target, blocksTarget: `${target}.blocks`, readBack: this.#engineReadBack, sm3: true },
        control,
      );
      const sha256 = result.sha256 as Sha256Hex;
      this.#active.set(draw, sha256);
      return { draw, sha256, result };
    } catch (error) {
      this.#active.delete(draw);
      throw error;
    }
  }

  /**
   * A file in `incoming/` for bytes that no path of the kernel gives: written here, then taken as any other source.
   * A crash leaves it to `emptyIncoming`. @throws StationError vault-full unless it and its copy fit
   */
  async stage(bytes: number): Promise<StagedSource> {
    this.#assertRoom(2 * bytes);
    const draw = Buffer.from(this.#options.random(8)).toString('hex');
    this.#active.set(draw, undefined);
    try {
      const discarded = (): boolean => this.#active.delete(draw);
      return await StagedSource.create(this.#layout.incoming, draw, discarded);
    } catch (error) {
      this.#active.delete(draw);
      throw error;
    }
  }

  #assertRoom(bytes: number): void {
    const disk = statfsSync(this.#layout.folder);
    const free = disk.bavail * disk.bsize;
    const { marginPercent, marginBytesMin, marginBytesMax } = this.#options.config;
    const total = disk.blocks * disk.bsize;
    const wanted = Math.max((total * marginPercent) / 100, marginBytesMin);
    const margin = Math.min(wanted, marginBytesMax, total * marginShareMax);
    const needed = Math.ceil(bytes * (1 + 32 / singleBlockBytes));
    if (free - needed >= margin) return;
    const kept = `${Math.ceil(margin)} kept free for ledger and registry`;
    throw new StationError('vault-full', `the vault's disk is full: ${free} bytes free, ${needed} needed, ${kept}`, {
      next: 'Free space on that disk or give the vault a bigger one, then take the recorder in again.',
    });
  }

  /** Puts a taken copy in its place, durably. Call `settle` when its seal record is durable. */
  async place(taken: TakenCopy): Promise<Placement> {
    const { sha256 } = taken;
    const incoming = this.#incoming(taken);
    await rename(join(this.#layout.incoming, taken.draw), incoming);
    if (taken.result.bytes > singleBlockBytes) {
      const blocks = `${incoming}.blocks`;
      await rename(join(this.#layout.incoming, `${taken.draw}.blocks`), blocks);
      await ensureFolder(this.#layout.blocksFolder(sha256), 0o755);
      await linkIfFree(blocks, this.#layout.blocksFile(sha256));
      await syncFolder(this.#layout.blocksFolder(sha256));
    }
    await ensureFolder(this.#layout.originalFolder(sha256), 0o755);
    const isNew = await linkIfFree(incoming, this.#layout.original(sha256));
    const placement = isNew ? 'new' : await this.#placeBesidePresent(taken, incoming);
    await syncFolder(this.#layout.originalFolder(sha256));
    return placement;
  }

  /** The digest is taken: is what lies there what it says? A damaged original is kept aside, never overwritten. */
  async #placeBesidePresent(taken: TakenCopy, incoming: string): Promise<Placement> {
    const { sha256 } = taken;
    const leftover = this.#unsealed.get(sha256);
    this.#unsealed.delete(sha256);
    if (leftover !== undefined) this.#adopted.set(taken.draw, leftover);
    const present = await this.#options.engine.hash({
      source: this.sourceOf(sha256),
      reading: this.#engineReadBack === 'memory-fs' ? 'cached' : 'direct',
      sm3: false,
    });
    if (present.sha256 === sha256) return leftover === undefined ? 'shared' : 'adopted';
    await ensureFolder(this.#layout.damaged, 0o755);
    await rename(this.#layout.original(sha256), join(this.#layout.damaged, `${sha256}.${taken.draw}`));
    await link(incoming, this.#layout.original(sha256));
    await unlinkIfThere(this.#layout.blocksFile(sha256));
    if (taken.result.bytes > singleBlockBytes) await link(`${incoming}.blocks`, this.#layout.blocksFile(sha256));
    return 'replaced-damaged';
  }

  /** Removes the incoming names of a sealed copy. What cannot be removed goes before the next docking. */
  async settle(taken: TakenCopy): Promise<void> {
    const own = [join(this.#layout.incoming, taken.draw), this.#incoming(taken)];
    const names = [...own, ...own.map((path) => `${path}.blocks`), ...(this.#adopted.get(taken.draw) ?? [])];
    for (const path of names) await unlink(path).catch(() => undefined);
    this.abandon(taken);
  }

  /** After a failed seal: the names stay, so that the next `emptyIncoming` finds an original without a record. */
  abandon(taken: TakenCopy): void {
    this.#active.delete(taken.draw);
    this.#adopted.delete(taken.draw);
  }

  #incoming(taken: TakenCopy): string {
    return join(this.#layout.incoming, `${taken.draw}-${taken.sha256}`);
  }

  /**
   * Moves originals that nobody adopted to `unsealed/`; `report` makes it known. After a crash it may be called again
   * for the same original.
   */
  async sweepUnsealed(
    isSealed: (sha256: Sha256Hex) => boolean,
    report: (sha256: Sha256Hex, bytes: number) => Promise<void>,
  ): Promise<void> {
    for (const [sha256, names] of [...this.#unsealed]) {
      // Another docking is about to seal it.
      if ([...this.#active.values()].includes(sha256)) continue;
      this.#unsealed.delete(sha256);
      if (!isSealed(sha256)) this.#setAside(sha256);
      await syncFolder(this.#layout.unsealed);
      const bytes = (await statIfThere(join(this.#layout.unsealed, sha256)))?.size;
      if (bytes !== undefined) await report(sha256, bytes);
      for (const path of names) await unlinkIfThere(path);
    }
  }

  /** In one turn of the event loop, so that no other docking can place or seal the same bytes meanwhile. */
  #setAside(sha256: Sha256Hex): void {
    ignoringMissing(() => renameSync(this.#layout.original(sha256), join(this.#layout.unsealed, sha256)));
    ignoringMissing(() => unlinkSync(this.#layout.blocksFile(sha256)));
  }

  /**
   * Removes an original after its lawful deletion, with its block file and what was kept aside of it, durably. `waits`
   * while a docking takes in the same bytes; `needed` when another clip has them by now.
   */
  async removeOriginal(
    sha256: Sha256Hex,
    isSealed: (sha256: Sha256Hex) => boolean,
  ): Promise<'removed' | 'waits' | 'needed'> {
    if ([...this.#active.values()].includes(sha256)) return 'waits';
    if (isSealed(sha256)) return 'needed';
    // In the same turn of the event loop as the two questions.
    ignoringMissing(() => unlinkSync(this.#layout.original(sha256)));
    ignoringMissing(() => unlinkSync(this.#layout.blocksFile(sha256)));
    await unlinkIfThere(join(this.#layout.unsealed, sha256));
    for (const name of await namesIn(this.#layout.damaged)) {
      if (name.startsWith(`${sha256}.`)) await unlinkIfThere(join(this.#layout.damaged, name));
    }
    const { unsealed, damaged } = this.#layout;
    for (const folder of [this.#layout.originalFolder(sha256), this.#layout.blocksFolder(sha256), unsealed, damaged]) {
      if ((await statIfThere(folder)) !== undefined) await syncFolder(folder);
    }
    return 'removed';
  }

  /** The size of an original on disk, undefined when it is not there. */
  async originalBytes(sha256: Sha256Hex): Promise<number | undefined> {
    return (await statIfThere(this.#layout.original(sha256)))?.size;
  }

  originalPath(sha256: Sha256Hex): string {
    return this.#layout.original(sha256);
  }

  sourceOf(sha256: Sha256Hex): SourceFile {
    return { root: Buffer.from(this.#layout.originalFolder(sha256)), path: Buffer.from(sha256) };
  }
}

function allowedReadBack(ability: ReadBackAbility, options: VaultOptions): SealedReadBack {
  if (ability.mode === 'memory-fs' && !options.config.allowMemoryFileSystem) {
    throw new StationError(
      'vault-in-memory',
      `the data folder lies on ${ability.fileSystem}, which is memory: a power cut would lose every original`,
      { next: 'Put the data folder on a disk. For a trial only: vault.allowMemoryFileSystem: true.' },
    );
  }
  if (ability.mode !== 'none') return ability.mode;
  if (!options.config.allowNoReadBack) {
    throw new StationError(
      'vault-no-read-back',
      `on ${ability.fileSystem} copies cannot be read back past the page cache, so nothing could be called sealed`,
      { next: 'Use a local ext4, XFS or Btrfs file system. For a trial only: vault.allowNoReadBack: true.' },
    );
  }
  return 'none';
}

const statIfThere = (path: string): Promise<Stats | undefined> => ifThere(stat(path));
const unlinkIfThere = (path: string): Promise<void> => ifThere(unlink(path));

function ignoringMissing(change: () => void): void {
  try {
    change();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** False when the name is taken. */
async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}
