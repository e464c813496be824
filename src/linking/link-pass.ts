/**
 * One pass over the clips about which nothing was decided with what is known now (link-worklist.ts says which those
 * are). It writes what it decides and, at its end, up to where it looked; a pass that is cut off leaves good links
 * behind, and the next one begins where the last whole one ended.
 */
import { decideCase } from '../domain/linking-decision-policy.ts';
import {
  isPersonsWord,
  type LinkBasis,
  type LinkReason,
  type LinksDecidedBody,
  type LinkTarget,
} from '../domain/linking-facts.ts';
import type { Actor, NewRecord } from '../domain/records.ts';
import { CaseFinder, type FinderRegistry, type FoundClip } from './case-finder.ts';
import type { ClipLinker } from './clip-linker.ts';
import { LinkWorklist, type WorklistRegistry } from './link-worklist.ts';

/** Clips that are looked at in one turn, before what people say gets theirs. */
const batchClips = 32;
/** Milliseconds after which the rest of the program gets a moment. */
const thinkingMs = 12;
/** What a finder remembers grows with the cases it saw. */
const clipsPerFinder = 2048;

export interface PassRegistry extends FinderRegistry, WorklistRegistry {
  clip(id: string): FoundClip | undefined;
  hasPersonsWord(clip: string, target: LinkTarget): boolean;
  decidedThrough(): number;
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
  readonly record: (make: () => Promise<readonly NewRecord[]>) => Promise<void>;
  readonly linked: (link: DecidedLink) => NewRecord;
  readonly actor: Actor;
  readonly signal: AbortSignal;
  /** Clips that were looked at, and how many there are. */
  readonly onProgress: (clips: number, of: number) => void;
}

export interface PassResult {
  /** Everything that was known before this sequence was looked at; undefined when it was cut off. */
  readonly throughSeq: number | undefined;
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
    const worklist = new LinkWorklist(registry, { pause: () => this.#pause(), signal });
    const clips = await worklist.since(registry.decidedThrough());
    for (let at = 0; at < clips.length; at += clipsPerFinder) {
      await this.#decideAll(clips.slice(at, at + clipsPerFinder), clips.length);
    }
    if (signal.aborted) return { throughSeq: undefined, ...this.#counts };
    if (clips.length > 0) {
      const body: LinksDecidedBody = { throughSeq, ...this.#counts };
      await record(async () => [{ type: 'links-decided', actor, body: { ...body } }]);
    }
    return { throughSeq, ...this.#counts };
  }

  /** Lets everybody else run when this has thought for long enough. */
  async #pause(): Promise<void> {
    if (performance.now() - this.#resumedAt < thinkingMs) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#resumedAt = performance.now();
  }

  async #decideAll(clips: readonly string[], of: number): Promise<void> {
    const { record, signal, onProgress } = this.#deps;
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
      onProgress(this.#counts.clips, of);
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
