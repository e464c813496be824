/**
 * Deletion runs: a fixed list that one person proposes and another approves, carried out clip by clip through the
 * lawful deletion. Each clip is judged again right before it goes. It never decides that something is to be deleted:
 * two persons do, and the policies can only take clips out of their list.
 */
import type { StayReason } from '../domain/deletion-run-policy.ts';
import { StationError } from '../domain/errors.ts';
import { newDocumentId, newRunId, type RandomBytes } from '../domain/ids.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import { isSamePerson } from '../domain/person-names.ts';
import type { Actor, NewRecord, ReplayedRecord } from '../domain/records.ts';
import {
  clipsPerRunMax,
  clipsPerRunPart,
  type RunConsentDocument,
  type RunEntry,
  type RunProposedBody,
  type RunProposedDocument,
} from '../domain/retention-facts.ts';

export interface KeptRunClip {
  readonly clip: string;
  readonly rule: string;
  readonly title: string;
  readonly clause: string;
  readonly lastDay: string;
  readonly outcome: 'deleted' | 'kept' | null;
}

export interface KnownRun {
  readonly run: string;
  readonly state: 'proposing' | 'proposed' | 'approved' | 'ended' | 'cancelled';
  readonly proposedBy: string;
  readonly approvedBy: string | null;
  readonly deleted: number;
  readonly kept: number;
}

export interface RunRegistry {
  run(run: string): KnownRun | undefined;
  runClips(run: string): readonly KeptRunClip[];
}

export interface RunLedger {
  append(record: NewRecord): Promise<ReplayedRecord>;
  appendAll(records: readonly NewRecord[]): Promise<unknown>;
}

export interface RunConsent {
  readonly rule: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/** The lawful deletion, one clip at a time; `decide` is asked right before, and undefined leaves the clip. */
export interface RunDeletions {
  deleteEach(
    clips: readonly string[],
    steps: {
      readonly run: string;
      readonly actor: Actor;
      readonly decide: (clip: string) => Promise<RunConsent | undefined>;
      readonly signal: AbortSignal;
    },
  ): Promise<void>;
}

export interface RunParts {
  readonly registry: RunRegistry;
  readonly ledger: RunLedger;
  readonly deletions: RunDeletions;
  /** Why a clip stays, as of now; empty: it may go. Undefined: there is no such clip any more. */
  readonly judge: (clip: string) => readonly StayReason[] | undefined;
  readonly random: RandomBytes;
}

export interface RunProgress {
  readonly done: number;
  readonly clips: number;
}

export interface RunControl {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: RunProgress) => void;
}

export class DeletionRuns {
  readonly #parts: RunParts;
  /** Runs that are being carried out here: nobody carries one out twice at a time. */
  readonly #underWay = new Set<string>();

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  /** Records the list; nothing is deleted before another person agrees. @throws StationError run-too-large */
  async propose(
    entries: readonly RunEntry[],
    { asOf, name, reason, actor }: { asOf: CalendarDate; name: string; reason: string; actor: Actor },
  ): Promise<string> {
    if (entries.length > clipsPerRunMax) {
      throw new StationError('run-too-large', `${entries.length} clips; one run has at most ${clipsPerRunMax}`, {
        next: 'Propose an earlier day with --as-of, then the rest in another run.',
      });
    }
    const run = newRunId(this.#parts.random);
    const records: NewRecord[] = [];
    for (let at = 0; at < entries.length; at += clipsPerRunPart) {
      const part = entries.slice(at, at + clipsPerRunPart);
      const last = at + clipsPerRunPart >= entries.length;
      const clips = part.map(({ clip }) => clip);
      const body: RunProposedBody = { run, part: at / clipsPerRunPart + 1, last, asOf, clips };
      const document: RunProposedDocument = { proposedBy: name, reason, entries: part };
      const documents = [{ id: newDocumentId(this.#parts.random), body: { ...document } as never }];
      records.push({ type: 'deletion-run-proposed', actor, subject: run, body: { ...body }, documents });
    }
    await this.#parts.ledger.appendAll(records);
    return run;
  }

  /** @throws StationError run-unknown, run-closed, run-same-person */
  async approve(run: string, consent: { name: string; actor: Actor }): Promise<void> {
    const known = this.#known(run);
    if (known.state === 'approved') return;
    if (known.state !== 'proposed') throw closed(known);
    if (isSamePerson(known.proposedBy, consent.name)) {
      throw new StationError('run-same-person', `${consent.name} proposed this run`, {
        next: 'Another person must approve it.',
      });
    }
    await this.#parts.ledger.append(this.#consent('deletion-run-approved', run, { ...consent, reason: null }));
  }

  /** What was deleted stays deleted; nothing more goes. @throws StationError run-unknown, run-closed */
  async cancel(run: string, consent: { name: string; reason: string; actor: Actor }): Promise<void> {
    const known = this.#known(run);
    if (known.state !== 'proposed' && known.state !== 'approved') throw closed(known);
    await this.#parts.ledger.append(this.#consent('deletion-run-cancelled', run, consent));
  }

  /** Goes on where it was left; stops after the clip under way when it is cancelled. @throws StationError run-unknown, run-not-approved, run-under-way */
  async carryOut(run: string, actor: Actor, { signal, onProgress }: RunControl): Promise<KnownRun> {
    const known = this.#known(run);
    if (known.state === 'ended') return known;
    if (known.state !== 'approved' || known.approvedBy === null) {
      throw new StationError('run-not-approved', `run ${run} is ${known.state}`, {
        next: 'Another person approves it: evidock keeping approve RUN --approved-by NAME.',
      });
    }
    if (this.#underWay.has(run)) throw new StationError('run-under-way', `run ${run} is being carried out`);
    this.#underWay.add(run);
    try {
      await this.#deleteAll({ ...known, approvedBy: known.approvedBy }, actor, { signal, onProgress });
      return this.#known(run);
    } finally {
      this.#underWay.delete(run);
    }
  }

  async #deleteAll(
    { run, proposedBy, approvedBy }: KnownRun & { readonly approvedBy: string },
    actor: Actor,
    { signal, onProgress }: RunControl,
  ): Promise<void> {
    const { registry, deletions, judge, ledger } = this.#parts;
    const all = registry.runClips(run);
    const entries = new Map(all.map((entry) => [entry.clip, entry]));
    const waiting = all.filter(({ outcome }) => outcome === null).map(({ clip }) => clip);
    const before = all.length - waiting.length;
    const seen = new Set<string>();
    const decide = async (clip: string): Promise<RunConsent | undefined> => {
      onProgress({ done: before + seen.size, clips: all.length });
      seen.add(clip);
      const entry = entries.get(clip);
      if (entry === undefined || this.#known(run).state !== 'approved') return undefined;
      const reasons = judge(clip) ?? ['gone'];
      if (reasons.length > 0) {
        const body = { run, kept: clip, reasons: [...reasons] };
        await ledger.append({ type: 'deletion-run-kept', actor, subject: run, body });
        return undefined;
      }
      const clause = entry.clause === '' ? '' : `（${entry.clause}）`;
      const reason = `${entry.title}${clause}：${entry.lastDay}；${run}`;
      return { rule: entry.rule, reason, requestedBy: proposedBy, approvedBy };
    };
    await deletions.deleteEach(waiting, { run, actor, decide, signal });
    const left = this.#known(run);
    if (left.state !== 'approved' || left.deleted + left.kept < all.length) return;
    const body = { run, deleted: left.deleted, kept: left.kept };
    await ledger.append({ type: 'deletion-run-ended', actor, subject: run, body });
    onProgress({ done: all.length, clips: all.length });
  }

  #known(run: string): KnownRun {
    const known = this.#parts.registry.run(run);
    if (known !== undefined && known.state !== 'proposing') return known;
    throw new StationError('run-unknown', `there is no deletion run ${run}`, {
      next: 'List them with "evidock keeping runs".',
    });
  }

  #consent(
    type: string,
    run: string,
    { name, reason, actor }: { name: string; reason: string | null; actor: Actor },
  ): NewRecord {
    const document: RunConsentDocument = { name, reason };
    const documents = [{ id: newDocumentId(this.#parts.random), body: { ...document } }];
    return { type, actor, subject: run, body: { run }, documents };
  }
}

const closed = ({ run, state }: KnownRun): StationError =>
  new StationError('run-closed', `run ${run} is ${state}`, { next: 'Propose a new run: evidock keeping run.' });
