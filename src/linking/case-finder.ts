/**
 * Gathers what is known of one clip and the cases that it may belong to, for the policies to compare. Cases are looked
 * up by what the clip says (number, plate), by its officers and month, by its recording's other clips, and only where
 * none of these tells anything by the day alone, so that a hundred thousand cases do not make it slow.
 */
import {
  type Candidate,
  type CaseOfList,
  type ClipEvidence,
  rankCandidates,
} from '../domain/linking-candidate-policy.ts';
import { type ClipTime, clipTime } from '../domain/linking-clip-time.ts';
import { isPersonsWord, type LinkTarget, platesIn } from '../domain/linking-facts.ts';
import { joinRecordings, type RecordedPart, type Recording } from '../domain/linking-recording-policy.ts';
import type { CaseFacts } from '../domain/people-facts.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { ClipLinker, LinkableClip, LinkRegistry } from './clip-linker.ts';

export interface FoundClip extends LinkableClip {
  readonly source: string;
  readonly path: Buffer;
  readonly kind: string | null;
  readonly recordedLocal: string | null;
  readonly sequence: number | null;
  readonly durationMs: number | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export interface FinderRegistry extends LinkRegistry {
  casesOfOfficer(officer: string, fromMs: number, toMs: number): readonly string[];
  casesOfDays(fromMs: number, toMs: number): readonly string[];
  casesByPlate(plates: readonly string[]): readonly string[];
  clipsAround(source: string, localFrom: string, localTo: string): readonly FoundClip[];
  refused(clip: string, target: LinkTarget): ReadonlySet<string>;
  recordedBetween(fromAt: string, toAt: string): readonly RecordedBeside[];
}

export interface RecordedBeside {
  readonly recorder: string | null;
  readonly at: string;
  readonly durationMs: number | null;
  readonly officer: string | null;
  readonly key: string | null;
}

export interface PartOfRecording extends RecordedPart {
  readonly row: FoundClip;
}

/** A recorder whose clock nobody measured is believed to within half a day when cases are looked for. */
const unmeasuredMs = 12 * 3_600_000;
const measuredMs = 2 * 3_600_000;
/** Files that began longer before do not reach into another. */
const beforeMs = 3_600_000;
/** Clips of which the recordings are remembered, by source and day. */
const rememberedClipsMax = 20_000;

export class CaseFinder {
  readonly #registry: FinderRegistry;
  readonly #linker: ClipLinker;
  readonly #cases = new Map<string, CaseOfList | null>();
  readonly #recordings = new Map<string, ReadonlyMap<string, Recording<PartOfRecording>>>();
  #rememberedClips = 0;

  /** For one answer, or one pass: it remembers cases and recordings of this moment. */
  constructor(registry: FinderRegistry, linker: ClipLinker) {
    this.#registry = registry;
    this.#linker = linker;
  }

  evidence(clip: FoundClip): ClipEvidence {
    const named = clip.caseNumber === null ? undefined : this.#linker.findCase(clip.caseNumber);
    return {
      time: timeOf(clip),
      // Under the number by which the case goes now: numbers change.
      caseInName: named === undefined ? clip.caseNumber : (this.#exactName(clip.caseNumber, named) ?? clip.caseNumber),
      isNamedCaseKnown: named !== undefined,
      ...this.#holders(clip),
      plates: platesIn(readablePath(clip.path)),
      place:
        clip.latitude === null || clip.longitude === null
          ? null
          : { latitude: clip.latitude, longitude: clip.longitude },
      neighbours: this.#neighbours(clip),
      companions: this.#companions(clip),
    };
  }

  #exactName(inName: string | null, key: string): string | undefined {
    const current = this.#case(key)?.facts.caseNumber;
    const isOld = this.#registry.numbersOfCase(key).some(({ number }) => number === inName && number !== current);
    return isOld ? current : undefined;
  }

  /** Persons under one name each, as in the cases they are compared with: a case may know an older or newer number. */
  #holders(clip: FoundClip): Pick<ClipEvidence, 'officer' | 'possibleOfficers' | 'unit'> {
    const { officer, possibleOfficers, unit } = this.#officers(clip);
    return {
      officer: officer && { ...officer, number: this.#linker.holderOf(officer.number) },
      possibleOfficers: possibleOfficers.map((number) => this.#linker.holderOf(number)),
      unit,
    };
  }

  #officers(clip: FoundClip): Pick<ClipEvidence, 'officer' | 'possibleOfficers' | 'unit'> {
    const { officer: live, isSure, others } = this.#linker.officerEvidence(clip);
    const recorded = this.#registry.recorded(clip.clip, 'officer', Number.MAX_SAFE_INTEGER);
    const said = recorded !== undefined && isPersonsWord(recorded.basis);
    if (said && recorded.number !== null) {
      const officer = { number: recorded.number, basis: recorded.basis, isSure: true };
      return { officer, possibleOfficers: [], unit: this.#unitOf(recorded.number) };
    }
    const refused = this.#registry.refused(clip.clip, 'officer');
    const officer = live === null || refused.has(live.number) ? null : { ...live, isSure };
    const possibleOfficers = others.filter((number) => !refused.has(number));
    return { officer, possibleOfficers, unit: officer === null ? null : this.#unitOf(officer.number) };
  }

  #unitOf(certificateNo: string): string | null {
    return this.#registry.officerVersions(certificateNo).at(-1)?.facts.unit ?? null;
  }

  /** Best first, without those that a person refused. */
  candidates(clip: FoundClip, evidence: ClipEvidence): Candidate[] {
    const keys = new Set<string>(evidence.neighbours.map(({ key }) => key));
    const add = (found: readonly string[]): void => {
      for (const key of found) keys.add(key);
    };
    if (evidence.caseInName !== null) add(this.#registry.casesByNumber(evidence.caseInName));
    if (evidence.plates.length > 0) add(this.#registry.casesByPlate(evidence.plates));
    const window = windowOf(evidence.time);
    if (window !== undefined) {
      const officers = [...(evidence.officer === null ? [] : [evidence.officer.number]), ...evidence.possibleOfficers];
      const certificates = officers.flatMap((officer) => this.#linker.certificatesOf(officer));
      for (const officer of certificates) add(this.#registry.casesOfOfficer(officer, window.fromMs, window.toMs));
    }
    let ranked = rankCandidates(evidence, this.#allowed(clip, keys));
    const isFound = ranked.some(({ officer, time }) => officer !== 'other' && time.fit !== 'outside');
    if (window !== undefined && (!isFound || evidence.officer === null)) {
      add(this.#registry.casesOfDays(window.fromMs, window.toMs));
      ranked = rankCandidates(evidence, this.#allowed(clip, keys));
    }
    return ranked;
  }

  #allowed(clip: FoundClip, keys: ReadonlySet<string>): CaseOfList[] {
    const refused = this.#registry.refused(clip.clip, 'case');
    return [...keys].flatMap((key) => (refused.has(key) ? [] : (this.#case(key) ?? [])));
  }

  #case(key: string): CaseOfList | undefined {
    let known = this.#cases.get(key);
    if (known === undefined) {
      const facts = this.#registry.caseFacts(key, Number.MAX_SAFE_INTEGER);
      known = facts === undefined ? null : { key, facts: this.#withHolders(facts) };
      this.#cases.set(key, known);
    }
    return known ?? undefined;
  }

  #withHolders(facts: CaseFacts): CaseFacts {
    return { ...facts, officers: facts.officers.map((number) => this.#linker.holderOf(number)) };
  }

  #companions(clip: FoundClip): ClipEvidence['companions'] {
    const time = timeOf(clip);
    if (time === null) return [];
    const { guessMs, durationMs } = time;
    const others = this.#registry.recordedBetween(iso(guessMs - beforeMs), iso(guessMs + durationMs));
    return others
      .filter((one) => one.recorder !== clip.recorder && Date.parse(one.at) + (one.durationMs ?? 0) >= guessMs)
      .map(({ officer, key }) => ({ officer: officer && this.#linker.holderOf(officer), key }));
  }

  #neighbours(clip: FoundClip): ClipEvidence['neighbours'] {
    const { parts, gapsMs } = this.recording(clip);
    const own = parts.findIndex((part) => part.clip === clip.clip);
    return parts.flatMap((part, at) => {
      if (at === own) return [];
      const recorded = this.#registry.recorded(part.clip, 'case', Number.MAX_SAFE_INTEGER);
      if (recorded === undefined || recorded.number === null) return [];
      const gapMs = gapsMs[Math.min(at, own)] ?? 0;
      return [{ key: recorded.number, isByPerson: isPersonsWord(recorded.basis), gapMs }];
    });
  }

  /** The recording that the clip is a part of; of itself alone where it was never cut. */
  recording(clip: FoundClip): Recording<PartOfRecording> {
    const alone = { parts: [partOf(clip)], gapsMs: [] };
    if (clip.recordedLocal === null) return alone;
    const day = clip.recordedLocal.slice(0, 10);
    const key = `${day} ${clip.source}`;
    let recordings = this.#recordings.get(key);
    if (recordings === undefined) {
      const rows = this.#registry.clipsAround(clip.source, `${dayBy(day, -1)}T12:00:00`, `${dayBy(day, 1)}T12:00:00`);
      this.#rememberedClips += rows.length + 1;
      if (this.#rememberedClips > rememberedClipsMax) {
        this.#recordings.clear();
        this.#rememberedClips = rows.length + 1;
      }
      const joined = joinRecordings(rows.map(partOf));
      recordings = new Map(joined.flatMap((one) => one.parts.map((part) => [part.clip, one] as const)));
      this.#recordings.set(key, recordings);
    }
    return recordings.get(clip.clip) ?? alone;
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
const timeOf = (clip: FoundClip): ClipTime | null => clipTime(clip);

const partOf = (row: FoundClip): PartOfRecording => ({
  clip: row.clip,
  kind: row.kind,
  startMs: row.recordedAt === null ? null : Date.parse(row.recordedAt),
  durationMs: row.durationMs,
  sequence: row.sequence,
  row,
});

function windowOf(time: ClipTime | null): { fromMs: number; toMs: number } | undefined {
  if (time === null) return undefined;
  const aroundMs = time.isMeasured ? measuredMs : unmeasuredMs;
  return { fromMs: time.guessMs - aroundMs, toMs: time.guessMs + time.durationMs + aroundMs };
}

const dayBy = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
