/**
 * One docking, from its inventory to its end: list, record the list, plan, then copy, place and seal each file.
 * It owns the order in which things become true: inventory before the first copy, original before its seal record,
 * seal record before anyone is told. It knows no path of the vault and no SQL.
 */
import { setImmediate as immediate } from 'node:timers/promises';
import type { IntakeConfig } from '../config/schema.ts';
import { type CompiledNameTable, readClipName } from '../domain/clip-names.ts';
import type { CopyControl, CopyEngine, CopyResult, ExpectedSource, SourceFile } from '../domain/copy-engine.ts';
import type { DockingCounts } from '../domain/dock.ts';
import { errorCode, errorMessage } from '../domain/errors.ts';
import { isDefaultSerial, newClipId, type Sha256Hex, type SourceId } from '../domain/ids.ts';
import {
  type DeletedCandidate,
  type HeldCandidate,
  type PlanStep,
  planEntry,
  type RereadHeld,
} from '../domain/intake-plan-policy.ts';
import { judgeTrouble } from '../domain/intake-trouble-policy.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { ClipSealedBody, NewRecord, ReplayedRecord } from '../domain/records.ts';
import type { SkipMatcher } from '../domain/skip-rules.ts';
import { takenUrgently } from '../domain/slot-machine.ts';
import { localTimeToInstant } from '../domain/station-time.ts';
import { type CheckedListing, listChecked, named } from './card-inventory.ts';
import { type CardTaking, digestOf, type StagingVault, takeFromCard } from './card-taking.ts';
import { type ClockRegistry, DockingClock } from './docking-clock.ts';
import { type DockingEvent, DockingOutcomes } from './docking-outcomes.ts';
import { DockingMeter, type DockingProgress } from './docking-progress.ts';
import {
  clipSealed,
  type DockingContext,
  dockingEnded,
  dockingInterrupted,
  dockingStarted,
  findingRaised,
  inventoryListed,
  outcomesListed,
} from './docking-records.ts';
import type { ListedEntry, VolumeListing } from './inventory.ts';

/** What intake needs of the vault, in its own words. */
export interface IntakeVault<Taken extends { readonly sha256: Sha256Hex; readonly result: CopyResult }>
  extends StagingVault<Taken> {
  place(taken: Taken): Promise<ClipSealedBody['original']>;
  settle(taken: Taken): Promise<void>;
  originalBytes(sha256: Sha256Hex): Promise<number | undefined>;
}

export interface IntakeLedger {
  append(request: NewRecord): Promise<ReplayedRecord>;
}

export interface IntakeRegistry extends ClockRegistry {
  heldFrom(source: SourceId, path: Uint8Array): HeldCandidate[];
  deletedFrom(source: SourceId, bytes: number): DeletedCandidate[];
}

export interface DockingDependencies<Taken extends { readonly sha256: Sha256Hex; readonly result: CopyResult }> {
  readonly vault: IntakeVault<Taken>;
  readonly ledger: IntakeLedger;
  readonly registry: IntakeRegistry;
  readonly engine: CopyEngine;
  readonly names: CompiledNameTable;
  readonly skip: SkipMatcher;
  readonly config: IntakeConfig;
  readonly rereadHeld: RereadHeld;
  /** Called after each seal; the probe takes it from there. */
  readonly onSealed: () => void;
}

export interface DockingControl {
  readonly signal: AbortSignal;
  readonly onEvent: (event: DockingEvent) => void;
  readonly onProgress: (progress: DockingProgress) => void;
  /** Someone needs the recorder: nothing is read from it any more, what was not taken is still to be written down. */
  readonly onStopped?: () => void;
}

export interface DockingResult extends DockingCounts {
  readonly files: number;
  readonly bytes: number;
  readonly cancelled: boolean;
  readonly inventoryComplete: boolean;
  readonly findings: readonly string[];
}

/** What was not taken is named in so many steps, between which others get their turn. */
const namedAtATime = 100;

type Files = { readonly sha256: Sha256Hex; readonly result: CopyResult };

export class Docking<Taken extends Files> {
  readonly #deps: DockingDependencies<Taken>;
  readonly #context: DockingContext;
  readonly #control: DockingControl;
  readonly #outcomes: DockingOutcomes;
  readonly #meter: DockingMeter;
  readonly #serials = new Set<string>();
  readonly #findings: string[] = [];
  /** Read past the kernel, and even so not to be had. */
  readonly #unreachable: ListedEntry[] = [];
  /** Measured before the first seal. */
  #clock: DockingClock | undefined;
  /** Set when going on makes no sense: the ledger cannot take more. */
  #stop: unknown;

  constructor(deps: DockingDependencies<Taken>, context: DockingContext, control: DockingControl) {
    this.#deps = deps;
    this.#context = context;
    this.#control = control;
    this.#outcomes = new DockingOutcomes(control.onEvent);
    this.#meter = new DockingMeter(control.onProgress);
  }

  /**
   * Runs the docking to its end. Troubles of single files are events, not exceptions.
   * @throws StationError source-missing, source-too-large, ledger-full, ledger-failed
   */
  async run(): Promise<DockingResult> {
    const { signal } = this.#control;
    // Listed before anything is recorded: a source that is not there is the caller's mistake, not a docking.
    const reader = this.#context.cardReader;
    const listing = await listChecked(this.#context.root, this.#deps.config, { reader, signal });
    const started = await this.#append(dockingStarted(this.#context));
    try {
      return await this.#takeAll(listing, started.record.time);
    } catch (error) {
      // A station that runs on must not keep it open; where the ledger itself failed, the next start ends it.
      await this.#append(dockingInterrupted(this.#context, errorCode(error))).catch(() => undefined);
      throw error;
    }
  }

  async #takeAll(listing: CheckedListing, listedAt: string): Promise<DockingResult> {
    const { signal } = this.#control;
    for (const record of inventoryListed(this.#context, listing)) await this.#append(record);
    await this.#measureClock(listing, listedAt);
    await this.#workThrough(listing);
    if (this.#stop !== undefined) throw this.#stop;
    if (errorCode(signal.reason) === takenUrgently) {
      this.#control.onStopped?.();
      await this.#nameNotTaken(listing);
    }
    await this.#raiseFindings(listing);
    for (const record of outcomesListed(this.#context, this.#outcomes.listed)) await this.#append(record);
    await this.#append(dockingEnded(this.#context, this.#outcomes.counts(), signal.aborted));
    return {
      ...this.#outcomes.counts(),
      files: listing.files,
      bytes: listing.bytes,
      cancelled: signal.aborted,
      inventoryComplete: listing.complete,
      findings: this.#findings,
    };
  }

  async #measureClock(listing: CheckedListing, listedAt: string): Promise<void> {
    const { names, registry } = this.#deps;
    this.#clock = await DockingClock.measure({ context: this.#context, names, registry }, listing, listedAt);
    const record = this.#clock.record();
    if (record !== undefined) await this.#append(record);
    for (const { code, detail } of this.#clock.findings()) await this.#raise(code, detail);
  }

  /** What is left for the next docking, by name; what is never taken is said as always. */
  async #nameNotTaken(listing: VolumeListing): Promise<void> {
    for (const [at, entry] of listing.entries.entries()) {
      // The recorder is being let go meanwhile, and someone waits for it.
      if (at % namedAtATime === 0) await immediate();
      if (this.#outcomes.isSettled(entry)) continue;
      const plan = this.#plan(entry, []);
      if (plan.step === 'skip') this.#outcomes.left(entry, 'skipped', plan.reason, entry.detail);
      else if (plan.step === 'refuse') this.#outcomes.left(entry, 'refused', plan.reason, entry.detail);
      else this.#outcomes.left(entry, 'not-taken', takenUrgently);
    }
  }

  #append(record: NewRecord): Promise<ReplayedRecord> {
    return this.#deps.ledger.append(record);
  }

  async #workThrough(listing: CheckedListing): Promise<void> {
    const entries = listing.entries.values();
    this.#meter.begin(listing);
    const worker = async (): Promise<void> => {
      for (const entry of entries) {
        if (this.#control.signal.aborted || this.#stop !== undefined) return;
        await this.#handle(entry);
        this.#meter.report();
      }
    };
    const workers = Math.min(this.#deps.config.parallelFiles, Math.max(1, listing.entries.length));
    await Promise.all(Array.from({ length: workers }, worker));
  }

  async #handle(entry: ListedEntry): Promise<void> {
    try {
      await this.#carryOut(entry, this.#plan(entry));
    } catch (error) {
      // The raw reader throws whatever the signal says.
      if (entry.card !== undefined && this.#control.signal.aborted) return;
      const side = (error as { side?: 'source' | 'target' }).side;
      const trouble = judgeTrouble({ code: errorCode(error), side });
      if (trouble.reason === 'cancelled') return;
      if (trouble.endsDocking) {
        this.#stop = error;
        return;
      }
      if (entry.card !== undefined) this.#unreachable.push(entry);
      this.#outcomes.left(entry, 'failed', trouble.reason, errorMessage(error));
    } finally {
      this.#meter.done(entry);
    }
  }

  #plan(entry: ListedEntry, held: readonly HeldCandidate[] = this.#heldFrom(entry)): PlanStep {
    const { skip, rereadHeld, config } = this.#deps;
    return planEntry({
      type: entry.type,
      bytes: entry.bytes,
      mtimeNs: String(entry.mtimeNs),
      skipRule: skip(readablePath(entry.path))?.id,
      held,
      deleted: entry.type === 'file' ? this.#deps.registry.deletedFrom(this.#context.source, entry.bytes) : [],
      rereadHeld,
      drawn: (this.#context.random(1)[0] ?? 0) * 100 < config.rereadSamplePercent * 256,
    });
  }

  #heldFrom(entry: ListedEntry): HeldCandidate[] {
    return entry.type === 'file' ? this.#deps.registry.heldFrom(this.#context.source, entry.path) : [];
  }

  async #carryOut(entry: ListedEntry, plan: PlanStep): Promise<void> {
    switch (plan.step) {
      case 'skip':
        return this.#outcomes.left(entry, 'skipped', plan.reason, entry.detail);
      case 'refuse':
        return this.#outcomes.left(entry, 'refused', plan.reason, entry.detail);
      case 'held':
        return this.#outcomes.held(entry, plan.candidate, 'same-listing');
      case 'compare':
        return this.#compare(entry, plan);
      case 'take':
        return this.#seal(entry);
    }
  }

  #fileControl(entry: ListedEntry): CopyControl {
    return {
      signal: this.#control.signal,
      onProgress: ({ phase, bytes, totalBytes }) => {
        this.#meter.underWay(entry, phase === 'copying' ? bytes / 2 : (totalBytes + bytes) / 2);
      },
    };
  }

  #source(entry: ListedEntry): SourceFile {
    return { root: this.#context.root, path: entry.path };
  }

  /**
   * Reads the file first. Held is what lies in the vault with this digest; what was lawfully deleted is not taken again,
   * and the inventory says by which deletion; everything else is taken.
   */
  async #compare(
    entry: ListedEntry,
    { candidates, deleted }: Extract<PlanStep, { readonly step: 'compare' }>,
  ): Promise<void> {
    const sha256 = await this.#digest(entry);
    const held = candidates.find((candidate) => candidate.sha256 === sha256);
    if (held !== undefined && (await this.#deps.vault.originalBytes(held.sha256)) === entry.bytes) {
      return this.#outcomes.held(entry, held);
    }
    const gone = held === undefined ? deleted.find((candidate) => candidate.sha256 === sha256) : undefined;
    if (gone !== undefined) return this.#outcomes.left(entry, 'skipped', 'lawfully-deleted', gone.deletion);
    return this.#seal(entry);
  }

  async #digest(entry: ListedEntry): Promise<string> {
    const taking = this.#cardTaking(entry);
    if (taking !== undefined) return digestOf(taking, async () => undefined);
    const { sha256 } = await this.#deps.engine.hash(
      { source: this.#source(entry), expected: expectedOf(entry), reading: 'cached', sm3: false },
      this.#fileControl(entry),
    );
    return sha256;
  }

  /** Set for what the kernel's path is not to be trusted with. */
  #cardTaking(entry: ListedEntry): CardTaking | undefined {
    const reader = this.#context.cardReader;
    if (entry.card === undefined || reader === undefined) return undefined;
    let read = 0;
    const onRead = (bytes: number): void => {
      read += bytes;
      // It is read twice and copied after that, which begins at nothing again.
      this.#meter.underWay(entry, Math.min(read / 4, entry.bytes));
    };
    const { signal } = this.#control;
    return { reader, entry: entry.card, signal, control: this.#fileControl(entry), onRead };
  }

  async #seal(entry: ListedEntry): Promise<void> {
    const { vault } = this.#deps;
    const taking = this.#cardTaking(entry);
    const taken =
      taking === undefined
        ? await vault.take(this.#source(entry), expectedOf(entry), this.#fileControl(entry))
        : await takeFromCard(vault, taking);
    try {
      const original = await vault.place(taken);
      const known = this.#deps.registry
        .heldFrom(this.#context.source, entry.path)
        .find((candidate) => candidate.sha256 === taken.sha256);
      // The clip was sealed before and its original had gone from the vault: put back, not sealed twice.
      if (known !== undefined) await this.#recordRestored(entry, known);
      else await this.#recordSealed(entry, taken, original);
    } catch (error) {
      vault.abandon(taken);
      throw error;
    }
    await vault.settle(taken);
  }

  async #recordSealed(entry: ListedEntry, taken: Taken, original: ClipSealedBody['original']): Promise<void> {
    const path = readablePath(entry.path);
    const name = readClipName(path, this.#deps.names) ?? null;
    if (name?.serial) this.#serials.add(name.serial);
    const clip = newClipId(this.#context.random);
    const findings = [
      ...(name?.localTimeDoubt ? [`name-time-${name.localTimeDoubt}`] : []),
      ...(original === 'replaced-damaged' ? ['original-was-damaged'] : []),
    ];
    const recordedAt =
      name?.localTime == null ? null : new Date(localTimeToInstant(name.localTime, this.#context.timeZone));
    await this.#append(
      clipSealed(this.#context, {
        clip,
        entry,
        result: taken.result,
        original,
        recorder: this.#context.serial ?? name?.serial ?? null,
        name,
        recordedAt: recordedAt?.toISOString() ?? null,
        ...this.#clock?.clipClock(name),
        findings,
      }),
    );
    this.#findings.push(...findings);
    this.#outcomes.sealed(entry, clip, taken.result);
    this.#deps.onSealed();
  }

  async #recordRestored(entry: ListedEntry, known: HeldCandidate): Promise<void> {
    await this.#append({
      type: 'original-restored',
      actor: this.#context.actor,
      subject: known.clip,
      body: { clip: known.clip, docking: this.#context.docking, sha256: known.sha256 },
    });
    this.#outcomes.held(entry, known, 'original-restored');
  }

  /** Findings about the docking as a whole. */
  async #raiseFindings(listing: CheckedListing): Promise<void> {
    const { serial, dockFindings = [] } = this.#context;
    for (const { code, detail } of dockFindings) await this.#raise(code, detail);
    const serials = [...this.#serials].sort();
    const others = serial === undefined ? serials.slice(1) : serials.filter((other) => other !== serial);
    if (others.length > 0) {
      await this.#raise(
        'several-serials',
        `names carry ${serials.join(', ')}; the recorder is ${serial ?? 'not known'}`,
      );
    }
    const known = new Set(serial === undefined ? serials : [serial, ...serials]);
    for (const name of [...known].filter(isDefaultSerial)) {
      await this.#raise(
        'default-serial',
        `the serial ${name} is a factory default: recorders cannot be told apart by it`,
      );
    }
    const unreachable = named('card-entry-unreachable', this.#unreachable, 'it could not be read:');
    for (const { code, detail } of [...listing.findings, ...unreachable]) await this.#raise(code, detail);
    if (!listing.complete) await this.#raise('inventory-incomplete', 'a folder could not be listed whole');
  }

  async #raise(code: string, detail: string): Promise<void> {
    await this.#append(findingRaised(this.#context, code, detail));
    this.#findings.push(code);
  }
}

const expectedOf = (entry: ListedEntry): ExpectedSource => ({ bytes: entry.bytes, mtimeNs: entry.mtimeNs });
