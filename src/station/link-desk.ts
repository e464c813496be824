/**
 * The part of the composition root for links: what holds and held, what is proposed, what people say, and the queue of
 * clips without an officer or a case. People's words and the station's decisions take turns here, so that none of the
 * station's can come after a word that it did not know.
 */
import type { ActList } from '../domain/act-list.ts';
import { StationError } from '../domain/errors.ts';
import { newDocumentId } from '../domain/ids.ts';
import type { Candidate } from '../domain/linking-candidate-policy.ts';
import { type CaseDecision, decideCase, type HoldBack, proposals } from '../domain/linking-decision-policy.ts';
import type { LinkDocument, LinkReason, LinkTarget } from '../domain/linking-facts.ts';
import type { Link, LinkAnswer } from '../domain/linking-policy.ts';
import type { Recording } from '../domain/linking-recording-policy.ts';
import type { Actor, NewRecord } from '../domain/records.ts';
import { CaseFinder, type FinderRegistry, type PartOfRecording } from '../linking/case-finder.ts';
import { ClipLinker } from '../linking/clip-linker.ts';
import { LinkPass, type PassResult } from '../linking/link-pass.ts';
import type { LinkClipRow, LinkHistoryRow } from '../registry/linking-queries.ts';
import { clipsOfCase, linkRegistry, passRegistry } from './link-registry.ts';
import { random, type StationContext, systemActor } from './station-context.ts';

/** Clips that one call may speak of. */
export const clipsPerCallMax = 1000;
/** Records of one append: the ledger takes groups. */
const groupMax = 200;
/** How often the running station looks whether something is undecided, and how long it waits for a pause in that. */
const lookMs = 2000;
const patienceMs = 60_000;

export interface LinkRequest {
  readonly clips: readonly string[];
  readonly target: LinkTarget;
  readonly number: string;
  readonly reason: string;
  readonly actor: Actor;
}

/** `number`: what it must be tied to; undefined: whatever it is. */
export type UnlinkRequest = Omit<LinkRequest, 'number'> & { readonly number?: string | undefined };

export interface Proposal extends Candidate {
  /** Whether the station itself would link it now. */
  readonly isAutomatic: boolean;
  /** Of the best one: why the station leaves it to people. */
  readonly heldBack: HoldBack | null;
}

export interface LinksOf extends LinkAnswer {
  readonly history: readonly LinkHistoryRow[];
}

export class LinkDesk {
  readonly #context: StationContext;
  readonly #registry: FinderRegistry;
  readonly #acts: ActList;
  #turn: Promise<unknown> = Promise.resolve();
  #deciding: Promise<PassResult> | undefined;
  /** Who wants to be told how far the pass is that is under way. */
  readonly #watching = new Set<(clips: number, of: number) => void>();
  /** Up to here a pass found nothing to look at, and so wrote nothing. */
  #nothingThrough = 0;
  #lookedAt = -1;
  #timer: NodeJS.Timeout | undefined;

  constructor(context: StationContext, acts: ActList) {
    this.#context = context;
    this.#acts = acts;
    this.#registry = linkRegistry(context.registry);
  }

  /** A linker for one answer: it remembers what it read. `knownAt`: as it was known at that sequence of the ledger. */
  linker(knownAt?: number): ClipLinker {
    return new ClipLinker(this.#registry, this.#timeZone, knownAt);
  }

  get #timeZone(): string {
    return this.#context.options.configuration.station.timeZone;
  }

  /** @throws StationError clip-unknown */
  #clip(id: string): LinkClipRow {
    const row = this.#context.registry.links.clip(id);
    if (row !== undefined) return row;
    throw new StationError('clip-unknown', `there is no clip ${id}`, { next: 'List the clips with "evidock clips".' });
  }

  /** What holds, or held as it was known at a sequence, and every step to it. @throws StationError clip-unknown */
  linksOf(clip: string, { knownAt }: { readonly knownAt?: number | undefined } = {}): LinksOf {
    const row = this.#clip(clip);
    return { ...this.linker(knownAt).link(row), history: this.#history(clip, knownAt) };
  }

  #history(clip: string, knownAt: number | undefined): LinkHistoryRow[] {
    const steps = this.#context.registry.links.history(clip, knownAt);
    return steps.map((step) => ({ ...step, reasons: this.#named(step.reasons) }));
  }

  /** Codes of acts mean nothing to people: their titles go along. */
  #named(reasons: readonly LinkReason[]): LinkReason[] {
    return reasons.map((reason) => {
      const title = reason.code === 'during-act' ? this.#acts.acts.get(reason.word ?? '')?.title : undefined;
      return title === undefined ? reason : { ...reason, names: title };
    });
  }

  /** Clips tied to a case now, in the order of sealing; `number` as anybody may write it. */
  clipsOfCase(number: string): string[] {
    return clipsOfCase(this.#context.registry, this.linker(), number);
  }

  /** Cases that the clip may belong to, best first. @throws StationError clip-unknown */
  proposals(clip: string): Proposal[] {
    return this.proposalsWith(this.finder(), this.#clip(clip));
  }

  finder(): CaseFinder {
    return new CaseFinder(this.#registry, this.linker());
  }

  proposalsWith(finder: CaseFinder, row: LinkClipRow): Proposal[] {
    const { ranked, decision } = this.#decide(finder, row);
    const automatic = decision.state === 'automatic' ? decision.candidate.key : undefined;
    const now = this.#context.registry.links.recorded(row.clip, 'case')?.number;
    return proposals(ranked)
      .filter(({ key }) => key !== now)
      .map((one) => ({
        ...one,
        reasons: this.#named(one.reasons),
        isAutomatic: one.key === automatic,
        heldBack: decision.state === 'suggested' && one.key === ranked[0]?.key ? decision.why : null,
      }));
  }

  #decide(finder: CaseFinder, row: LinkClipRow): { ranked: Candidate[]; decision: CaseDecision } {
    const evidence = finder.evidence(row);
    const ranked = finder.candidates(row, evidence);
    const word = this.#context.registry.links.hasPersonsWord(row.clip, 'case') ? 'persons-word' : 'none';
    return { ranked, decision: decideCase(evidence, ranked, word) };
  }

  /** The recording that a clip is a part of. @throws StationError clip-unknown */
  recording(clip: string): Recording<PartOfRecording> {
    return this.finder().recording(this.#clip(clip));
  }

  /** The number of a case as its list has it now, for people. */
  caseNumber(key: string): string {
    return this.#context.registry.links.caseFacts(key)?.caseNumber ?? key;
  }

  /**
   * Ties clips to a case or an officer, all or none; what was proposed for a clip is recorded as confirmed.
   * @returns key or certificate number @throws StationError clip-unknown, case-unknown, officer-unknown, too-many-clips
   */
  link(request: LinkRequest): Promise<string> {
    return this.#inTurn(async () => {
      const rows = this.#rows(request.clips);
      const number = this.#knownNumber(request);
      const finder = this.finder();
      await this.#append(rows.map((row) => this.#linkRecord(row, { ...request, number }, finder)));
      return number;
    });
  }

  #linkRecord(row: LinkClipRow, request: LinkRequest, finder: CaseFinder): NewRecord {
    const { number, target, actor, reason } = request;
    const proposed = target === 'case' ? this.proposalsWith(finder, row).find(({ key }) => key === number) : undefined;
    if (proposed === undefined) return linkRecord({ clip: row.clip, target, basis: 'by-hand', number, actor, reason });
    const { score, reasons } = proposed;
    return linkRecord({ clip: row.clip, target, basis: 'confirmed', number, actor, reason, score, reasons });
  }

  /** Takes away what holds. @throws StationError clip-unknown, not-linked, too-many-clips */
  unlink({ clips, target, number, reason, actor }: UnlinkRequest): Promise<void> {
    return this.#inTurn(async () => {
      const linker = this.linker();
      const wanted =
        number === undefined ? undefined : target === 'case' ? (linker.findCase(number) ?? number) : number;
      const records = this.#rows(clips).map((row) => {
        const held: Link | null = linker.link(row)[target];
        if (held === null || (wanted !== undefined && held.number !== wanted)) {
          throw new StationError('not-linked', `clip ${row.clip} is not tied to ${number ?? `any ${target}`}`, {
            next: 'Look at its page, or list the queue: evidock queue.',
          });
        }
        return wordRecord('clip-unlinked', { clip: row.clip, target, number: held.number, reason, actor });
      });
      await this.#append(records);
    });
  }

  /** Says that clips do not belong to a case or officer: it is never proposed for them again. @throws as `link` */
  reject(request: LinkRequest): Promise<string> {
    return this.#inTurn(async () => {
      const rows = this.#rows(request.clips);
      const number = this.#knownNumber(request);
      const { target, reason, actor } = request;
      await this.#append(rows.map(({ clip }) => wordRecord('link-rejected', { clip, target, number, reason, actor })));
      return number;
    });
  }

  /** Says that clips belong to no case, so that they leave the queue. @throws StationError clip-unknown, too-many-clips */
  settle({ clips, reason, actor }: Omit<UnlinkRequest, 'target' | 'number'>): Promise<void> {
    return this.#inTurn(async () => {
      await this.#append(
        this.#rows(clips).map(({ clip }) => ({
          type: 'link-settled',
          actor,
          subject: clip,
          body: { clip, target: 'case' },
          documents: [{ id: newDocumentId(random), body: { reason } }],
        })),
      );
    });
  }

  #rows(clips: readonly string[]): LinkClipRow[] {
    const wanted = [...new Set(clips)];
    if (wanted.length > clipsPerCallMax) {
      throw new StationError('too-many-clips', `${wanted.length} clips; the limit is ${clipsPerCallMax}`, {
        next: 'Do it in several steps.',
      });
    }
    return wanted.map((clip) => this.#clip(clip));
  }

  #knownNumber({ target, number }: LinkRequest): string {
    if (target === 'case') {
      const known = this.linker().findCase(number);
      if (known !== undefined) return known;
      throw new StationError('case-unknown', `there is no case ${number}`, {
        next: 'Import the cases first: evidock cases import FILE.',
      });
    }
    if (this.#registry.officerVersions(number).length > 0) return number;
    throw new StationError('officer-unknown', `the roster has no certificate ${number}`, {
      next: 'Import the roster first: evidock roster import FILE.',
    });
  }

  async #append(records: readonly NewRecord[]): Promise<void> {
    for (let at = 0; at < records.length; at += groupMax) {
      await this.#context.ledger.appendAll(records.slice(at, at + groupMax));
    }
  }

  /**
   * Decides about every clip that was not looked at with what is known now. Cheap when there is none; what was cut off
   * is done by the next pass. @throws what recording threw
   */
  decide(onProgress?: (clips: number, of: number) => void): Promise<PassResult> {
    if (onProgress !== undefined) this.#watching.add(onProgress);
    this.#deciding ??= this.#pass().finally(() => {
      this.#deciding = undefined;
      this.#watching.clear();
    });
    return this.#deciding;
  }

  async #pass(): Promise<PassResult> {
    const { registry, ledger, closing } = this.#context;
    const asked = passRegistry(registry);
    const result = await new LinkPass({
      registry: {
        ...this.#registry,
        ...asked,
        decidedThrough: () => Math.max(asked.decidedThrough(), this.#nothingThrough),
      },
      makeLinker: () => this.linker(),
      now: () => registry.nextSeq,
      record: (make) =>
        this.#inTurn(async () => {
          const records = await make();
          for (let at = 0; at < records.length; at += groupMax)
            await ledger.appendAll(records.slice(at, at + groupMax));
        }),
      linked: ({ clip, target, basis, number, score, reasons }) =>
        linkRecord({ clip, target, basis, number, actor: systemActor, reason: '', score, reasons }),
      actor: systemActor,
      signal: closing,
      onProgress: (clips, of) => {
        for (const watch of this.#watching) watch(clips, of);
      },
    }).run();
    if (result.clips === 0) this.#nothingThrough = result.throughSeq ?? this.#nothingThrough;
    return result;
  }

  /** The running station looks by itself, in the pauses of intake. */
  start(): void {
    let waitedSince = performance.now();
    let seen = -1;
    this.#timer = setInterval(() => {
      const { nextSeq } = this.#context.registry;
      if (nextSeq === this.#lookedAt || this.#deciding !== undefined) {
        waitedSince = performance.now();
        return;
      }
      const isQuiet = nextSeq === seen;
      seen = nextSeq;
      if (!isQuiet && performance.now() - waitedSince < patienceMs) return;
      this.decide()
        .then(() => {
          this.#lookedAt = this.#context.registry.nextSeq;
        })
        .catch((error: unknown) => this.#context.options.log.error({ err: error }, 'links could not be decided'));
    }, lookMs);
    this.#timer.unref();
  }

  /** Resolves when nothing is written any more; the station's signal has been aborted. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#deciding?.catch(() => undefined);
    await this.#turn.catch(() => undefined);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.catch(() => undefined).then(work);
    this.#turn = turn;
    return turn;
  }
}

interface NewLink {
  readonly clip: string;
  readonly target: LinkTarget;
  readonly basis: string;
  readonly number: string;
  readonly actor: Actor;
  readonly reason: string;
  readonly score?: number | undefined;
  readonly reasons?: readonly LinkReason[] | undefined;
}

function linkRecord({ clip, target, basis, number, actor, reason, score, reasons }: NewLink): NewRecord {
  const document: LinkDocument = { number, reason, ...(reasons === undefined ? {} : { reasons }) };
  return {
    type: 'clip-linked',
    actor,
    subject: clip,
    body: {
      clip,
      target,
      basis,
      ...(score === undefined ? {} : { score }),
      ...(reasons === undefined ? {} : { reasons: reasons.map(({ code }) => code) }),
    },
    documents: [{ id: newDocumentId(random), body: { ...document } as never }],
  };
}

function wordRecord(
  type: 'clip-unlinked' | 'link-rejected',
  { clip, target, number, reason, actor }: Omit<NewLink, 'basis'>,
): NewRecord {
  const document: LinkDocument = { number, reason };
  return {
    type,
    actor,
    subject: clip,
    body: { clip, target },
    documents: [{ id: newDocumentId(random), body: { ...document } as never }],
  };
}
