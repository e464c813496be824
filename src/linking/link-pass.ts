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

/** Clips that are looked at in one turn, before others get theirs. */
const batchClips = 32;
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
  probedSince(seq: number): readonly string[];
  changedSince(kind: 'cases' | 'assignments', seq: number): readonly { readonly key: string; readonly facts: string }[];
  checkOutsSince(seq: number): readonly string[];
  claimedSince(seq: number): readonly string[];
  undecidedBetween(
    fromAt: string,
    toAt: string,
  ): readonly { readonly clip: string; readonly officer: string | null; readonly at: string }[];
  ofRecorder(recorder: string): readonly string[];
  clipsNaming(number: string): readonly string[];
  isFoundOutdated(clip: string): boolean;
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
  readonly record: (make: () => readonly NewRecord[]) => Promise<void>;
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
  readonly #counts = { clips: 0, linkedCases: 0, linkedOfficers: 0, outdated: 0 };

  constructor(deps: LinkPassDependencies) {
    this.#deps = deps;
  }

  /** @throws what recording threw */
  async run(): Promise<PassResult> {
    const { registry, record, signal, now, actor } = this.#deps;
    const throughSeq = now();
    const clips = this.#worklist(registry.decidedThrough());
    for (let at = 0; at < clips.length; at += clipsPerFinder) {
      await this.#decideAll(clips.slice(at, at + clipsPerFinder));
      if (signal.aborted) return this.#counts;
    }
    if (clips.length > 0) {
      const body: LinksDecidedBody = { throughSeq, ...this.#counts };
      await record(() => [{ type: 'links-decided', actor, body: { ...body } }]);
    }
    return this.#counts;
  }

  #worklist(since: number): string[] {
    const { registry } = this.#deps;
    const clips = new Set(registry.probedSince(since));
    const add = (found: readonly string[]): void => {
      for (const clip of found) clips.add(clip);
    };
    const cases = registry.changedSince('cases', since);
    if (cases.length > 0) add(this.#touchedBy(cases.map(({ key, facts }) => ({ key, facts: JSON.parse(facts) }))));
    const serials = registry
      .changedSince('assignments', since)
      .map(({ facts }) => (JSON.parse(facts) as AssignmentFacts).serial);
    for (const serial of new Set([...serials, ...registry.checkOutsSince(since)])) add(registry.ofRecorder(serial));
    add(registry.claimedSince(since));
    return [...clips];
  }

  /** Clips that changed cases may win or lose. */
  #touchedBy(cases: readonly { readonly key: string; readonly facts: CaseFacts }[]): string[] {
    const { registry } = this.#deps;
    const touched = new Set<string>();
    const spans = cases.map(({ key, facts }) => ({ key, officers: new Set(facts.officers), ...spanOf(facts) }));
    for (const { facts } of cases) for (const clip of registry.clipsNaming(facts.caseNumber)) touched.add(clip);
    for (const together of runs(spans)) {
      const [first, last] = [together[0], together.reduce((a, b) => (b.toMs > a.toMs ? b : a))];
      if (first === undefined) continue;
      for (const { clip, officer, at } of registry.undecidedBetween(iso(first.fromMs), iso(last.toMs))) {
        const ms = Date.parse(at);
        // With many cases each clip is touched by one, and looking at it is cheaper than finding out by which.
        const isTouched = together.length > manyCases || together.some((span) => touches(span, { officer, ms }));
        if (isTouched) touched.add(clip);
      }
    }
    return [...touched];
  }

  async #decideAll(clips: readonly string[]): Promise<void> {
    const { record, signal } = this.#deps;
    const linker = this.#deps.makeLinker();
    const finder = new CaseFinder(this.#deps.registry, linker);
    for (let at = 0; at < clips.length; at += batchClips) {
      if (signal.aborted) return;
      const batch = clips.slice(at, at + batchClips);
      // What a person says while this is thought about must be known to it, so thinking is part of the turn.
      await record(() => batch.flatMap((clip) => this.#decide(clip, { linker, finder })));
      await new Promise((resolve) => setImmediate(resolve));
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

const iso = (ms: number): string => new Date(ms).toISOString();
