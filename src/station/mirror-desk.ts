/**
 * The part of the composition root for mirrors: which of the configured folders is there and how it stands, making one,
 * the rounds in which those that are there are brought up to date, and what a mirror gives back to the vault.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CopyEngine } from '../domain/copy-engine.ts';
import { errorCode, StationError } from '../domain/errors.ts';
import { newDocumentId, newMirrorId, type Sha256Hex } from '../domain/ids.ts';
import { vaultPlace } from '../domain/keeping-facts.ts';
import type { Actor } from '../domain/records.ts';
import { LedgerCopy } from '../ledger/ledger-copy.ts';
import type { MirrorRow } from '../registry/copy-queries.ts';
import {
  assertMayBecomeMirror,
  isOnSameDisk,
  lookAtMirror,
  type MirrorLook,
  writeMirrorIdentity,
} from '../vault/mirror-folder.ts';
import { MirrorVault } from '../vault/mirror-vault.ts';
import type { Vault } from '../vault/vault.ts';
import { MirrorUpdate, type OpenMirror, type SyncControl } from './mirror-update.ts';
import { random, type StationContext, systemActor } from './station-context.ts';
import { YieldSwitch } from './yield-switch.ts';

/** How often the folders are looked at, whatever happens. */
const lookMs = 15_000;
export type MirrorState = MirrorLook['state'] | 'failing';

export interface MirrorView {
  readonly folder: string;
  readonly mirror: string | null;
  readonly state: MirrorState;
  /** Code of what failed last, while `failing`. */
  readonly problem: string | null;
  readonly copies: number;
  readonly behind: { readonly originals: number; readonly bytes: number };
  readonly damaged: number;
  readonly deletionsOpen: number;
  readonly copiedAt: string | null;
  readonly ledgerDiffers: string | null;
  readonly sameDisk: boolean;
}

export interface MirrorRooms {
  readonly engine: CopyEngine;
  readonly vault: Vault;
}

export class MirrorDesk {
  readonly #context: StationContext;
  readonly #rooms: () => Promise<MirrorRooms>;
  readonly #open = new Map<string, OpenMirror>();
  readonly #problems = new Map<string, string>();
  readonly #yielding = new YieldSwitch();
  #isBusy = false;
  #turn: Promise<unknown> = Promise.resolve();
  #hasLooked = false;
  #background: Promise<void> | undefined;

  constructor(context: StationContext, rooms: () => Promise<MirrorRooms>) {
    this.#context = context;
    this.#rooms = rooms;
  }

  get folders(): readonly string[] {
    return this.#context.options.configuration.vault.mirrors;
  }

  /** As of the last round; undefined before the first. */
  presence(): { readonly present: number; readonly all: number } | undefined {
    const all = this.folders.length;
    return this.#hasLooked || all === 0 ? { present: this.#open.size, all } : undefined;
  }

  views(): MirrorView[] {
    const rows = this.#context.registry.copies.mirrors();
    const views = this.folders.map((folder) => this.#view(folder, rows));
    // A mirror that the configuration does not name any more still has copies and open deletions.
    const shown = new Set(views.map(({ mirror }) => mirror));
    for (const row of rows)
      if (!shown.has(row.mirror)) views.push(this.#viewOf(row, { folder: row.folder, state: 'away' }));
    return views;
  }

  /** Confirmed copies that are here now: the vault's, and those of configured mirrors whose disk is present. */
  copiesAtHand(sha256: string): number {
    const here = new Set(this.views().flatMap(({ mirror, state }) => (state === 'present' ? [mirror] : [])));
    const { copies } = this.#context.registry;
    return copies.copiesOf(sha256).filter(({ place }) => place === vaultPlace || here.has(place)).length;
  }

  #view(folder: string, rows: readonly MirrorRow[]): MirrorView {
    const look = this.#look(folder, rows);
    const problem = this.#problems.get(folder);
    const row = rows.find((one) => (look.state === 'present' ? one.mirror === look.mirror : one.folder === folder));
    const state = look.state === 'present' && problem !== undefined ? 'failing' : look.state;
    return this.#viewOf(row, { folder, state });
  }

  #viewOf(
    row: MirrorRow | undefined,
    { folder, state }: { readonly folder: string; readonly state: MirrorState },
  ): MirrorView {
    const { registry, options } = this.#context;
    const isThere = state === 'present' || state === 'failing';
    return {
      folder,
      mirror: row?.mirror ?? null,
      state,
      problem: state === 'failing' ? (this.#problems.get(folder) ?? null) : null,
      copies: row?.copies ?? 0,
      behind: registry.copies.behind(row?.mirror ?? ''),
      damaged: row?.damaged ?? 0,
      deletionsOpen: row?.deletionsOpen ?? 0,
      copiedAt: row?.copiedAt ?? null,
      ledgerDiffers: row?.ledgerDiffers ?? null,
      sameDisk: isThere && isOnSameDisk(folder, options.dataFolder),
    };
  }

  #look(folder: string, rows: readonly MirrorRow[]): MirrorLook {
    return lookAtMirror(folder, {
      station: this.#context.ledger.station,
      mirrors: new Set(rows.map(({ mirror }) => mirror)),
      wasHere: rows.some((row) => row.folder === folder),
    });
  }

  /** Makes an empty folder a mirror of this station. @throws StationError mirror-missing, mirror-not-empty, mirror-foreign, … */
  async add(folder: string, actor: Actor): Promise<string> {
    const { registry, ledger, options } = this.#context;
    const present = assertMayBecomeMirror(folder, options.dataFolder);
    if (present !== undefined && present.station !== ledger.station) {
      throw new StationError('mirror-foreign', `${folder} is the mirror of another station`, {
        next: 'Take another disk, or empty this one.',
      });
    }
    const mirror = present?.mirror ?? newMirrorId(random);
    if (registry.copies.mirrors().some((row) => row.mirror === mirror)) return mirror;
    if (present === undefined) await writeMirrorIdentity(folder, { format: 1, mirror, station: ledger.station });
    await ledger.append({
      type: 'mirror-added',
      actor,
      subject: mirror,
      body: { mirror },
      documents: [{ id: newDocumentId(random), body: { folder } }],
    });
    return mirror;
  }

  /** Copies everything that can be copied now. Calls follow each other. @throws the signal's reason, StationError ledger-… */
  sync(control: SyncControl): Promise<void> {
    const turn = this.#turn.catch(() => undefined).then(() => this.#round(control));
    this.#turn = turn;
    return turn;
  }

  /** Goes on in the background until the station closes. */
  start(): void {
    if (this.folders.length > 0) this.#background ??= this.#work();
  }

  async #work(): Promise<void> {
    const { closing, options } = this.#context;
    while (!closing.aborted) {
      try {
        await this.sync({ signal: closing });
      } catch (error) {
        if (!closing.aborted) options.log.warn({ err: error }, 'mirrors could not be brought up to date');
      }
      await sleep(lookMs, undefined, { signal: closing }).catch(() => undefined);
    }
  }

  /** While anything is copied off recorders mirrors stand still. Calls nest. */
  copyingBegan(): void {
    this.#yielding.hold();
  }

  copyingEnded(): void {
    this.#yielding.release();
  }

  /** Resolves when nothing is written any more; the station closes. */
  async close(): Promise<void> {
    await this.#background;
    await this.#turn.catch(() => undefined);
  }

  /** Carries out in the mirrors that are here what was lawfully deleted; a round that is under way does it by itself. */
  async removeDeleted(): Promise<void> {
    if (this.#isBusy) return;
    await this.sync({ signal: this.#context.closing, onlyDeletions: true });
  }

  async #round(control: SyncControl): Promise<void> {
    this.#isBusy = true;
    try {
      await this.#everyMirror(control);
      this.#hasLooked = true;
    } finally {
      this.#isBusy = false;
    }
  }

  async #everyMirror(control: SyncControl): Promise<void> {
    for (const folder of this.folders) {
      control.signal.throwIfAborted();
      try {
        const mirror = await this.#present(folder);
        if (mirror !== undefined) await this.#updateOf(mirror).run(control);
        this.#problems.delete(folder);
      } catch (error) {
        if (control.signal.aborted) throw error;
        // The disk is opened and compared anew before anything else is written there.
        this.#open.delete(folder);
        this.#problems.set(folder, errorCode(error));
        this.#context.options.log.warn({ err: error, folder }, 'a mirror could not be brought up to date');
      }
    }
  }

  #updateOf(mirror: OpenMirror): MirrorUpdate {
    return new MirrorUpdate({
      context: this.#context,
      mirror,
      engine: async () => (await this.#rooms()).engine,
      yielding: this.#yielding,
      isStillHere: async () => (await this.#present(mirror.folder)) === mirror,
    });
  }

  async #present(folder: string): Promise<OpenMirror | undefined> {
    const { registry, options } = this.#context;
    const look = this.#look(folder, registry.copies.mirrors());
    const open = this.#open.get(folder);
    if (look.state !== 'present') {
      this.#open.delete(folder);
      return undefined;
    }
    if (open?.key === look.key && open.mirror === look.mirror) return open;
    const { engine, vault } = await this.#rooms();
    const opened: OpenMirror = {
      folder,
      mirror: look.mirror,
      key: look.key,
      vault: await MirrorVault.open({ folder, from: vault, engine, random, config: options.configuration.vault }),
      ledger: new LedgerCopy({
        dataFolder: options.dataFolder,
        targetFolder: folder,
        digestOnDisk: (path) => digestOnDisk(engine, path, vault.readBack === 'memory-fs'),
      }),
    };
    this.#open.set(folder, opened);
    return opened;
  }

  /**
   * Puts a damaged original of the vault back from a mirror that has it, confirmed as every copy is; the damaged file is
   * kept aside. Returns the mirror, undefined when none could help.
   */
  async putBack(sha256: Sha256Hex, signal: AbortSignal): Promise<string | undefined> {
    const { vault } = await this.#rooms();
    for (const folder of this.folders) {
      const mirror = await this.#present(folder).catch(() => undefined);
      if (mirror === undefined || (await mirror.vault.vault.originalBytes(sha256)) === undefined) continue;
      const result = await mirror.vault.putBack(sha256, { signal }).catch((error: unknown) => {
        signal.throwIfAborted();
        this.#context.options.log.warn({ err: error, folder }, 'an original could not be put back');
      });
      if (result !== 'copied') continue;
      const body = { place: vaultPlace, sha256, from: mirror.mirror, readBack: vault.readBack };
      await this.#context.ledger.append({ type: 'original-repaired', actor: systemActor, subject: sha256, body });
      return mirror.mirror;
    }
    return undefined;
  }
}

async function digestOnDisk(engine: CopyEngine, path: string, inMemory: boolean): Promise<string> {
  const at = path.lastIndexOf('/');
  const source = { root: Buffer.from(path.slice(0, at)), path: Buffer.from(path.slice(at + 1)) };
  return (await engine.hash({ source, reading: inMemory ? 'cached' : 'direct', sm3: false })).sha256;
}
