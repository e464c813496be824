/**
 * One pass over the clips about which nothing was decided with what is known now: new footage, and footage that a
 * changed case, assignment, check-out or claim may touch. It writes what it decides and, at its end, up to where it
 * looked; a pass that is cut off leaves good links behind, and the next one begins where the last whole one ended.
 */
import { decideCase } from '../domain/linking-decision-policy.ts';
import {
  isPersonsWord,
  type LinkBasis,
  type LinkReason,
  type LinksDecidedBody,
  type LinkTarget,
} from '../domain/linking-facts.ts';
import type { AssignmentFacts, CaseFacts } from '../domain/people-facts.ts';
import type { Actor, NewRecord } from '../domain/records.ts';
import { CaseFinder, type FinderRegistry, type FoundClip } from './case-finder.ts';
import type { ClipLinker } from './clip-linker.ts';

/** Clips that are looked at in one turn, before what people say gets theirs. */
const batchClips = 32;
/** Milliseconds after which the rest of the program gets a moment, and subjects that one question is about. */
const thinkingMs = 12;
const pageRows = 500;
/** What a finder remembers grows with the cases it saw. */
const clipsPerFinder = 2048;
const dayMs = 86_400_000;
/** A case without an end touches clips of so long after its beginning; by the day alone, of so long. */
const openCaseMs = 120 * dayMs;
const byDayMs = 4 * dayMs;
const manyCases = 200;

export interface PassRegistry extends FinderRegistry {
  clip(id: string): FoundClip | undefined;
  hasPersonsWord(clip: string, target: LinkTarget): boolean;
  decidedThrough(): number;
  probedSince(seq: number, after: ClipAt | undefined, rows: number): readonly ClipAt[];
  changedSince(kind: 'cases' | 'assignments', seq: number): readonly string[];
  factsChangedSince(kind: 'cases' | 'assignments', keys: readonly string[], seq: number): readonly ChangedFacts[];
  checkOutsSince(seq: number): readonly string[];
  claimedSince(seq: number): readonly ClipAt[];
  /** In order of time; at most so many. */
  undecidedBetween(
    fromAt: string,
    toAt: string,
    page: { readonly after: ClipAt | undefined; readonly rows: number },
  ): readonly UndecidedClip[];
  ofRecorder(recorder: string): readonly ClipAt[];
  clipsNamingAny(numbers: readonly string[]): readonly ClipAt[];
  isFoundOutdated(clip: string): boolean;
}

/** `order`: by what a page of them goes on; nobody else's business. */
export interface ClipAt {
  readonly clip: string;
  readonly at: string;
  readonly order: number;
}

export interface UndecidedClip extends ClipAt {
  readonly officer: string | null;
}

export interface ChangedFacts {
  readonly key: string;
  readonly facts: string;
}

export interface DecidedLink {
  readonly clip: string;
  readonly target: LinkTarget;
  readonly basis: LinkBasis;
  readonly number: string;
  readonly score?: number;
  readonly reasons?: readonly LinkReason[];
}

export interface LinkPassDependencies {
  readonly registry: PassRegistry;
  readonly makeLinker: () => ClipLinker;
  /** Sequence of the next record. */
  readonly now: () => number;
  /** Calls `make` when it is the station's turn, and makes its records durable before anyone else's. */
  readonly record: (make: () => Promise<readonly NewRecord[]>) => Promise<void>;
  readonly linked: (link: DecidedLink) => NewRecord;
  readonly actor: Actor;
  readonly signal: AbortSignal;
}

export interface PassResult {
  readonly clips: number;
  readonly linkedCases: number;
  readonly linkedOfficers: number;
  /** Links of the station that it would not make any more. */
  readonly outdated: number;
}

export class LinkPass {
  readonly #deps: LinkPassDependencies;
  #resumedAt = performance.now();
  readonly #counts = { clips: 0, linkedCases: 0, linkedOfficers: 0, outdated: 0 };

  constructor(deps: LinkPassDependencies) {
    this.#deps = deps;
  }

  /** @throws what recording threw */
  async run(): Promise<PassResult> {
    const { registry, record, signal, now, actor } = this.#deps;
    const throughSeq = now();
    const clips = await this.#worklist(registry.decidedThrough());
    for (let at = 0; at < clips.length; at += clipsPerFinder) {
      await this.#decideAll(clips.slice(at, at + clipsPerFinder));
      if (signal.aborted) return this.#counts;
    }
    if (clips.length > 0) {
      const body: LinksDecidedBody = { throughSeq, ...this.#counts };
      await record(async () => [{ type: 'links-decided', actor, body: { ...body } }]);
    }
    return this.#counts;
  }

  /** In order of time: clips of one day are compared with the same cases, which are then read once. */
  async #worklist(since: number): Promise<string[]> {
    const { registry } = this.#deps;
    const clips = new Map<string, string>();
    const add = (found: readonly ClipAt[]): void => {
      for (const { clip, at } of found) clips.set(clip, at);
    };
    for await (const page of this.#pages((after) => registry.probedSince(since, after, pageRows))) add(page);
    await this.#addTouched(since, add);
    const serials = new Set(registry.checkOutsSince(since));
    for (const { facts } of await this.#changed('assignments', since)) {
      serials.add((JSON.parse(facts) as AssignmentFacts).serial);
      await this.#pause();
    }
    for (const serial of serials) {
      add(registry.ofRecorder(serial));
      await this.#pause();
    }
    add(registry.claimedSince(since));
    await this.#pause();
    return [...clips].sort(([, a], [, b]) => (a < b ? -1 : Number(a > b))).map(([clip]) => clip);
  }

  async *#pages<T extends ClipAt>(ask: (after: T | undefined) => readonly T[]): AsyncGenerator<readonly T[]> {
    for (let after: T | undefined; ; ) {
      const page = ask(after);
      yield page;
      after = page.at(-1);
      if (page.length < pageRows || this.#deps.signal.aborted) return;
      await this.#pause();
    }
  }

  async #changed(kind: 'cases' | 'assignments', since: number): Promise<ChangedFacts[]> {
    const { registry } = this.#deps;
    const keys = registry.changedSince(kind, since);
    const changed: ChangedFacts[] = [];
    for (let at = 0; at < keys.length; at += pageRows) {
      await this.#pause();
      changed.push(...registry.factsChangedSince(kind, keys.slice(at, at + pageRows), since));
    }
    return changed;
  }

  /** Adds clips that changed cases may win or lose. */
  async #addTouched(since: number, add: (found: readonly ClipAt[]) => void): Promise<void> {
    const { registry } = this.#deps;
    const spans: TouchedSpan[] = [];
    const numbers = new Set<string>();
    const certificates = new Map<string, readonly string[]>();
    const certificatesOf = (number: string): readonly string[] => {
      const known = certificates.get(number) ?? [number, ...registry.certificatesOfHolder(number)];
      certificates.set(number, known);
      return known;
    };
    for (const { key, facts: text } of await this.#changed('cases', since)) {
      const facts = JSON.parse(text) as CaseFacts;
      numbers.add(facts.caseNumber);
      spans.push({ key, officers: new Set(facts.officers.flatMap(certificatesOf)), ...spanOf(facts) });
      await this.#pause();
    }
    const named = [...numbers];
    for (let at = 0; at < named.length; at += pageRows) {
      add(registry.clipsNamingAny(named.slice(at, at + pageRows)));
      await this.#pause();
    }
    for (const together of runs(spans)) {
      const [first, last] = [together[0], together.reduce((a, b) => (b.toMs > a.toMs ? b : a))];
      if (first === undefined) continue;
      const [from, to] = [iso(first.fromMs), iso(last.toMs)];
      for await (const page of this.#pages((after?: UndecidedClip) =>
        registry.undecidedBetween(from, to, { after, rows: pageRows }),
      )) {
        // With many cases each clip is touched by one, and looking at it is cheaper than finding out by which.
        const isAny = together.length > manyCases;
        add(isAny ? page : page.filter(({ officer, at }) => touchesAny(together, { officer, ms: Date.parse(at) })));
      }
    }
  }

  /** Lets everybody else run when this has thought for long enough. */
  async #pause(): Promise<void> {
    if (performance.now() - this.#resumedAt < thinkingMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#resumedAt = performance.now();
  }

  async #decideAll(clips: readonly string[]): Promise<void> {
    const { record, signal } = this.#deps;
    const linker = this.#deps.makeLinker();
    const finder = new CaseFinder(this.#deps.registry, linker);
    for (let at = 0; at < clips.length; at += batchClips) {
      if (signal.aborted) return;
      const batch = clips.slice(at, at + batchClips);
      // What a person says while this is thought about must be known to it, so thinking is part of the turn.
      await record(async () => {
        const records: NewRecord[] = [];
        for (const clip of batch) {
          records.push(...this.#decide(clip, { linker, finder }));
          await this.#pause();
        }
        return records;
      });
      this.#counts.clips += batch.length;
    }
  }

  #decide(id: string, { linker, finder }: { linker: ClipLinker; finder: CaseFinder }): NewRecord[] {
    const clip = this.#deps.registry.clip(id);
    if (clip === undefined) return [];
    return [...this.#officer(clip, linker), ...this.#case(clip, finder)];
  }

  #officer(clip: FoundClip, linker: ClipLinker): NewRecord[] {
    const { registry, linked } = this.#deps;
    const recorded = registry.recorded(clip.clip, 'officer', Number.MAX_SAFE_INTEGER);
    if (recorded !== undefined || registry.hasPersonsWord(clip.clip, 'officer')) return [];
    const { officer, findings } = linker.officerEvidence(clip);
    // A name says the same for ever, so nothing need be written down; what contradicts itself is for people.
    if (officer === null || officer.basis === 'name' || findings.length > 0) return [];
    this.#counts.linkedOfficers += 1;
    return [linked({ clip: clip.clip, target: 'officer', basis: officer.basis, number: officer.number })];
  }

  #case(clip: FoundClip, finder: CaseFinder): NewRecord[] {
    const { registry, linked, actor } = this.#deps;
    const recorded = registry.recorded(clip.clip, 'case', Number.MAX_SAFE_INTEGER);
    if (recorded !== undefined && isPersonsWord(recorded.basis)) return [];
    if (registry.hasPersonsWord(clip.clip, 'case')) return [];
    const evidence = finder.evidence(clip);
    const decision = decideCase(evidence, finder.candidates(clip, evidence), 'none');
    const automatic = decision.state === 'automatic' ? decision.candidate : undefined;
    if (recorded !== undefined) {
      if (automatic?.key === recorded.number || registry.isFoundOutdated(clip.clip)) return [];
      this.#counts.outdated += 1;
      const body = { code: 'case-link-outdated', clip: clip.clip };
      return [{ type: 'finding-raised', actor, subject: clip.clip, body }];
    }
    if (automatic === undefined) return [];
    this.#counts.linkedCases += 1;
    const { key, score, reasons } = automatic;
    return [linked({ clip: clip.clip, target: 'case', basis: 'automatic', number: key, score, reasons })];
  }
}

interface TouchedSpan {
  readonly key: string;
  readonly officers: ReadonlySet<string>;
  readonly fromMs: number;
  readonly toMs: number;
  readonly byDayUntilMs: number;
}

function spanOf(facts: CaseFacts): { fromMs: number; toMs: number; byDayUntilMs: number } {
  const startMs = Date.parse(facts.startedAt.utc);
  const endMs = facts.endedAt === null ? startMs + openCaseMs : Date.parse(facts.endedAt.utc);
  const lastActMs = Math.max(startMs, ...(facts.acts ?? []).map(({ from }) => Date.parse(from.utc)));
  return {
    fromMs: startMs - dayMs,
    toMs: Math.max(Math.min(endMs, startMs + openCaseMs), lastActMs) + dayMs,
    byDayUntilMs: Math.max(startMs, lastActMs) + byDayMs,
  };
}

/** Cases whose times run into each other, together. */
function runs(spans: TouchedSpan[]): TouchedSpan[][] {
  const found: { spans: [TouchedSpan, ...TouchedSpan[]]; toMs: number }[] = [];
  for (const span of spans.sort((a, b) => a.fromMs - b.fromMs)) {
    const open = found.at(-1);
    if (open === undefined || span.fromMs > open.toMs) found.push({ spans: [span], toMs: span.toMs });
    else {
      open.spans.push(span);
      open.toMs = Math.max(open.toMs, span.toMs);
    }
  }
  return found.map((run) => run.spans);
}

function touches(span: TouchedSpan, { officer, ms }: { officer: string | null; ms: number }): boolean {
  if (ms < span.fromMs || ms > span.toMs) return false;
  return officer !== null && span.officers.has(officer) ? true : ms <= span.byDayUntilMs;
}

const touchesAny = (spans: readonly TouchedSpan[], clip: { officer: string | null; ms: number }): boolean =>
  spans.some((span) => touches(span, clip));

const iso = (ms: number): string => new Date(ms).toISOString();
