/**
 * The part of the composition root that clears: looks up what the policy must know of each file of a docking, has the
 * originals of held clips read again, and runs the clearing on the dock's volume. With policy `keep` it does nothing.
 */
import {
  awaitedApproval,
  type ClearingDocking,
  type ClearingFile,
  cardDoubts,
  decideClearing,
  type KeepReason,
} from '../domain/clearing-policy.ts';
import type { ClearingProgress, Dock, DockedRecorder, WritableVolume } from '../domain/dock.ts';
import { type DockingId, isDefaultSerial, newDocumentId } from '../domain/ids.ts';
import { readablePath } from '../domain/readable-path.ts';
import { type ClearableEntry, Clearing, type ClearingEntry, type ClearingResult } from '../intake/clearing.ts';
import type { ClearingFileRow } from '../registry/clearing-queries.ts';
import type { HoldDesk } from './hold-desk.ts';
import type { IntakeDesk } from './intake-desk.ts';
import type { PeopleDesk } from './people-desk.ts';
import { random, type StationContext, systemActor } from './station-context.ts';
import type { ClearVolume } from './take-recorder.ts';

/** How many verified copies an original has, the vault's own included. */
export type CopiesOf = (sha256: string) => number;

export interface ClearingRequest {
  readonly docking: string;
  readonly isSerialShared: boolean;
  readonly writable: (work: (volume: WritableVolume) => Promise<void>) => Promise<void>;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ClearingProgress) => void;
  readonly onStopped: () => void;
}

/** What ties a clip to its recorder: its case, a hold. */
interface Tied {
  readonly isLinked: (clip: string) => boolean;
  readonly isHeld: (clip: string) => boolean;
}

/** Files whose names one `clearing-interrupted` document holds. */
const interruptedNamesMax = 10_000;

export class ClearingDesk {
  readonly #context: StationContext;
  readonly #intake: IntakeDesk;
  readonly #people: PeopleDesk;
  readonly #copiesOf: CopiesOf;
  readonly #holds: Pick<HoldDesk, 'isHeld'>;

  constructor(
    context: StationContext,
    rooms: { intake: IntakeDesk; people: PeopleDesk; copiesOf: CopiesOf; holds: Pick<HoldDesk, 'isHeld'> },
  ) {
    this.#context = context;
    this.#intake = rooms.intake;
    this.#people = rooms.people;
    this.#copiesOf = rooms.copiesOf;
    this.#holds = rooms.holds;
  }

  /** Undefined where nothing is ever deleted: by policy, or because the dock cannot. */
  ofRecorder(dock: Dock, recorder: DockedRecorder): ClearVolume | undefined {
    const writable = dock.writable?.bind(dock);
    if (this.#context.options.configuration.clearing.policy === 'keep' || writable === undefined) return undefined;
    const { serial, isSerialShared = false } = recorder;
    return ({ docking, root }, { signal, onClearing, onStopped }) =>
      this.clear({
        docking,
        isSerialShared: isSerialShared || serial === undefined || isDefaultSerial(serial),
        writable: (work) => writable(recorder, root, work),
        signal,
        onProgress: onClearing,
        onStopped,
      });
  }

  /** Clears what one ended docking took. @throws StationError ledger-full, ledger-failed */
  async clear(request: ClearingRequest): Promise<ClearingResult> {
    const { ledger, options } = this.#context;
    const { policy, copies, recheck } = options.configuration.clearing;
    const { engine } = await this.#intake.rooms();
    const docking = request.docking as DockingId;
    const entries = await this.#plan(request);
    const result = await new Clearing(
      { ledger, engine, awaitedApproval: (clip) => this.#awaitedApproval(clip), writable: request.writable },
      { docking, actor: systemActor, policy, copiesWanted: copies, recheck, random },
      request,
    ).run(entries);
    if (result.singleCopy > 0) {
      options.log.warn({ docking, clips: result.singleCopy }, 'the vault has the only copy of cleared clips');
    }
    await ledger.checkpoint();
    return result;
  }

  async #plan(request: ClearingRequest): Promise<ClearingEntry[]> {
    const { registry, options } = this.#context;
    const { policy, copies: copiesWanted } = options.configuration.clearing;
    const rows = registry.clearing.files(request.docking);
    const docking = await this.#docking(request, rows);
    const tied = this.#tied();
    const entries: ClearingEntry[] = [];
    for (const row of rows) {
      request.signal.throwIfAborted();
      const file = await this.#file(row, tied, request.signal);
      const decision = decideClearing({ policy, copiesWanted, docking, file });
      const { path, clip, sha256 } = row;
      if (decision.decision === 'keep' || clip === null || sha256 === null) {
        const keep = decision.decision === 'keep' ? decision.reason : 'not-sealed-now';
        entries.push({ path, keep, ...(clip === null ? {} : { clip }) });
        continue;
      }
      const { warnings } = decision;
      const listed = { bytes: row.bytes ?? 0, mtimeNs: BigInt(row.mtimeNs ?? 0) };
      const cleared: ClearableEntry = { path, keep: null, clip, sha256, ...listed, copies: file.copies, warnings };
      entries.push(cleared);
    }
    return entries;
  }

  async #docking(request: ClearingRequest, rows: readonly ClearingFileRow[]): Promise<ClearingDocking> {
    const row = this.#context.registry.clearing.docking(request.docking);
    const { vault } = await this.#intake.rooms();
    return {
      ended: row?.state === 'ended' ? 'ended' : row?.state === 'cancelled' ? 'cancelled' : 'interrupted',
      inventoryComplete: row?.inventoryComplete === 1,
      readErrors: rows.some(isReadError) || this.#isCardDoubtful(request.docking),
      isSerialShared: request.isSerialShared,
      readBack: vault.readBack,
    };
  }

  #isCardDoubtful(docking: string): boolean {
    return this.#context.registry.dockings.findings(docking).some(({ code }) => cardDoubts.includes(code));
  }

  async #file(row: ClearingFileRow, tied: Tied, signal: AbortSignal): Promise<ClearingFile> {
    const { outcome, clip, sha256 } = row;
    if (clip === null || sha256 === null || (outcome !== 'sealed' && outcome !== 'already-held')) {
      const nothing = { readNow: false, original: 'missing', copies: 0, isLinkedToCase: false } as const;
      return { outcome, ...nothing, isHeld: false, isApproved: false };
    }
    const readNow = outcome === 'sealed' || row.reason !== 'same-listing';
    return {
      outcome,
      readNow,
      original: readNow ? await this.#original(row, signal) : 'missing',
      copies: this.#copiesOf(sha256),
      ...this.#consent(clip, tied),
    };
  }

  #awaitedApproval(clip: string): KeepReason | undefined {
    return awaitedApproval(this.#consent(clip, this.#tied()));
  }

  #consent(clip: string, { isLinked, isHeld }: Tied) {
    const isApproved = this.#context.registry.clearing.isApproved(clip);
    return { isLinkedToCase: isLinked(clip), isHeld: isHeld(clip), isApproved };
  }

  /** What was sealed now was read back now; what was held may have rotted since, and is read again before it is the only one. */
  async #original({ outcome, sha256, bytes }: ClearingFileRow, signal: AbortSignal): Promise<ClearingFile['original']> {
    if (sha256 === null) return 'missing';
    const { vault, engine } = await this.#intake.rooms();
    const held = await vault.originalBytes(sha256);
    if (held === undefined) return 'missing';
    if (held !== bytes) return 'damaged';
    if (outcome === 'sealed') return 'verified';
    const source = vault.sourceOf(sha256);
    try {
      const { sha256: found } = await engine.hash({ source, reading: 'direct', sm3: false }, { signal });
      if (found === sha256) return 'verified';
    } catch (error) {
      signal.throwIfAborted();
      this.#context.options.log.error({ err: error, sha256 }, 'an original could not be read');
    }
    return 'damaged';
  }

  /** What ties a clip, as of now; one look for all files of a plan. */
  #tied(): Tied {
    return { isLinked: this.#linkedToCase(), isHeld: this.#holds.isHeld() };
  }

  #linkedToCase(): (clip: string) => boolean {
    const linker = this.#people.linker();
    const { pages } = this.#context.registry;
    return (clip) => {
      const row = pages.clip(clip);
      if (row === undefined) return false;
      const { case: linked, namedCase } = linker.link(row);
      return linked !== null || namedCase !== null;
    };
  }

  /** At start: what an interrupted process had begun to delete. */
  async endInterrupted(): Promise<void> {
    const { registry, ledger, options } = this.#context;
    for (const { docking, paths } of registry.clearing.open()) {
      options.log.warn({ docking, files: paths.length }, 'a clearing was interrupted; these files may be gone');
      const entries = paths.slice(0, interruptedNamesMax).map((path) => ({
        path: readablePath(path),
        pathHex: path.toString('hex'),
        reason: 'may-be-gone',
      }));
      await ledger.append({
        type: 'clearing-interrupted',
        actor: systemActor,
        subject: docking,
        body: { docking, mayBeGone: paths.length },
        documents: [{ id: newDocumentId(random), body: { entries } }],
      });
    }
  }
}

/** An entry that could not even be looked at comes from a damaged directory or a failing card, as a bad read does. */
const isReadError = ({ type, outcome, reason }: ClearingFileRow): boolean =>
  type === 'unknown' || (outcome === 'failed' && (reason === 'read-error' || reason === 'reads-differ'));
