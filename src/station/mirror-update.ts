/**
 * Brings one mirror that is here up to date: takes out what was lawfully deleted, copies what it lacks and records that
 * in groups, then its copy of the ledger. A disk that was away catches up because what is lacking is asked of the
 * registry. While recorders are read it stands still.
 */
import { OriginalCheck } from '../checking/original-check.ts';
import type { CopyEngine } from '../domain/copy-engine.ts';
import { StationError } from '../domain/errors.ts';
import type { Sha256Hex } from '../domain/ids.ts';
import { digestsPerRecord, vaultPlace } from '../domain/keeping-facts.ts';
import type { LedgerCopy } from '../ledger/ledger-copy.ts';
import type { MirrorVault } from '../vault/mirror-vault.ts';
import { damageIn, recordDamage } from './damage-book.ts';
import { type StationContext, systemActor } from './station-context.ts';
import { placesOf } from './vault-places.ts';
import type { YieldSwitch } from './yield-switch.ts';

/** Originals asked of the registry at a time, and how long a confirmed copy waits for others to share its record. */
const batchOriginals = 50;
const recordAfterMs = 5_000;

export interface MirrorProgress {
  readonly folder: string;
  readonly done: number;
  readonly originals: number;
}

export interface SyncControl {
  readonly signal: AbortSignal;
  /** Copies nothing but the ledger. */
  readonly onlyDeletions?: true;
  readonly onProgress?: (progress: MirrorProgress) => void;
}

/** A mirror that is there. */
export interface OpenMirror {
  readonly folder: string;
  readonly mirror: string;
  readonly key: string;
  readonly vault: MirrorVault;
  readonly ledger: LedgerCopy;
}

export interface MirrorUpdateParts {
  readonly context: StationContext;
  readonly mirror: OpenMirror;
  readonly engine: () => Promise<CopyEngine>;
  readonly yielding: YieldSwitch;
  /** False once the disk was taken away, or is another one. */
  readonly isStillHere: () => Promise<boolean>;
}

export class MirrorUpdate {
  readonly #parts: MirrorUpdateParts;

  constructor(parts: MirrorUpdateParts) {
    this.#parts = parts;
  }

  /** @throws the signal's reason, StationError mirror-away, ledger-…; the disk's */
  async run(control: SyncControl): Promise<void> {
    const { context, mirror, yielding } = this.#parts;
    const deletions = await this.#removeDeleted();
    const confirmed = new ConfirmedCopies(context, mirror);
    try {
      if (control.onlyDeletions !== true) await this.#copyOriginals(confirmed, control);
    } finally {
      await confirmed.record();
    }
    await yielding.whenFree(control.signal);
    if (deletions.length > 0) mirror.ledger.forget();
    const difference = await this.#copyLedger();
    // Only now are the documents overwritten there too.
    if (difference === undefined) await this.#recordDeleted(deletions);
  }

  /** Originals whose deletion was carried out in the vault go from the mirror. Returns the deletions. */
  async #removeDeleted(): Promise<string[]> {
    const { mirror, vault } = this.#parts.mirror;
    const { registry } = this.#parts.context;
    const inVault = new Set(registry.copies.openDeletions(vaultPlace).map(({ deletion }) => deletion));
    const open = registry.copies.openDeletions(mirror).map(({ deletion }) => deletion);
    const due = open.filter((deletion) => !inVault.has(deletion));
    for (const { sha256 } of due.flatMap((deletion) => registry.copies.deletedClips(deletion))) {
      await vault.vault.removeOriginal(sha256, (digest) => registry.hasOriginal(digest));
    }
    return due;
  }

  async #recordDeleted(deletions: readonly string[]): Promise<void> {
    const { context, mirror } = this.#parts;
    for (const deletion of deletions) {
      const body = { deletion, place: mirror.mirror };
      await context.ledger.append({ type: 'deletion-carried-out', actor: systemActor, subject: deletion, body });
    }
  }

  async #copyOriginals(confirmed: ConfirmedCopies, control: SyncControl): Promise<void> {
    const { context, mirror } = this.#parts;
    const { copies } = context.registry;
    const originals = copies.behind(mirror.mirror).originals;
    let done = 0;
    for (;;) {
      const batch = copies.lackingIn(mirror.mirror, batchOriginals);
      if (batch.length === 0) return;
      for (const { sha256 } of batch) {
        control.signal.throwIfAborted();
        if ((await this.#copyOne(sha256, control.signal)) === 'copied') await confirmed.add(sha256);
        done += 1;
        control.onProgress?.({ folder: mirror.folder, done, originals });
      }
      // What was confirmed is no longer lacking, so the next batch is another one.
      await confirmed.record();
    }
  }

  async #copyOne(sha256: Sha256Hex, signal: AbortSignal): Promise<'copied' | 'source-damaged'> {
    const { mirror, yielding, isStillHere } = this.#parts;
    await yielding.whenFree(signal);
    // Between two originals the disk may have been taken away, and the bare mount point must not be filled.
    if (!(await isStillHere())) throw new StationError('mirror-away', `${mirror.folder} went away`);
    const result = await yielding.run(signal, (until) => mirror.vault.copy(sha256, { signal: until }));
    if (result === 'source-damaged') await this.#recordDamageOf(sha256);
    return result;
  }

  /** Another read, by the check that says where the damage is. */
  async #recordDamageOf(sha256: Sha256Hex): Promise<void> {
    const { context, engine } = this.#parts;
    const { registry, options } = context;
    const original = registry.copies.sealed(sha256);
    if (original === undefined) return;
    const places = placesOf(options.dataFolder);
    const check = new OriginalCheck({ dataFolder: options.dataFolder, places, engine: await engine() });
    const damage = damageIn(await check.check(original, {}), vaultPlace, sha256);
    // It gave other bytes a moment ago: a disk that answers differently each time is a damaged one.
    await recordDamage(context, damage ?? { place: vaultPlace, sha256, state: 'unreadable' });
  }

  /** The file in which the mirror's ledger is not ours, undefined when it was brought up to date. */
  async #copyLedger(): Promise<string | undefined> {
    const { mirror } = this.#parts;
    const { ledger, registry, options } = this.#parts.context;
    const difference = await mirror.ledger.bringTo(await ledger.checkpoint());
    const known = registry.copies.mirrors().find((row) => row.mirror === mirror.mirror)?.ledgerDiffers ?? undefined;
    if (difference?.file === known) return known;
    const body = { mirror: mirror.mirror, ...(difference === undefined ? {} : { file: difference.file }) };
    const type = difference === undefined ? 'mirror-ledger-agrees' : 'mirror-ledger-differs';
    if (difference !== undefined) options.log.error({ ...body }, 'the ledger of a mirror is not ours');
    await ledger.append({ type, actor: systemActor, subject: mirror.mirror, body });
    return difference?.file;
  }
}

/** Confirmed copies that share a record. */
class ConfirmedCopies {
  readonly #context: StationContext;
  readonly #mirror: OpenMirror;
  #originals: Sha256Hex[] = [];
  #since = 0;

  constructor(context: StationContext, mirror: OpenMirror) {
    this.#context = context;
    this.#mirror = mirror;
  }

  async add(sha256: Sha256Hex): Promise<void> {
    if (this.#originals.length === 0) this.#since = performance.now();
    this.#originals.push(sha256);
    const isLate = performance.now() - this.#since >= recordAfterMs;
    if (isLate || this.#originals.length >= digestsPerRecord) await this.record();
  }

  async record(): Promise<void> {
    // A deletion may have come between copying and this; what nobody needs any more is no copy.
    const originals = this.#originals.filter((sha256) => this.#context.registry.hasOriginal(sha256));
    this.#originals = [];
    if (originals.length === 0) return;
    const { mirror, vault } = this.#mirror;
    await this.#context.ledger.append({
      type: 'original-mirrored',
      actor: systemActor,
      subject: mirror,
      body: { mirror, originals, readBack: vault.vault.readBack },
    });
  }
}
