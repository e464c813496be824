/**
 * Officers on cases to which no recording is tied: what coverage in use does not show. A case counts on the days on which
 * it was open; whoever recorded it, a case with one recording is recorded. With a day and a `knownAt` the answer never
 * changes but by lawful deletions: of a deleted clip nobody can say any more which case it was of.
 */
import type { CaseWithoutRecording, CoverageAsked } from '../domain/coverage-questions.ts';
import { addDays } from '../domain/day-number.ts';
import { countsAt, type Version, versionsAsOf } from '../domain/history.ts';
import {
  type AssignmentFacts,
  type CalendarDate,
  type CaseFacts,
  compareText,
  type OfficerFacts,
  unitKeyOf,
} from '../domain/people-facts.ts';
import { instantToLocalDate } from '../domain/station-time.ts';
import type { ClipLinker } from '../linking/clip-linker.ts';
import type { LinkClipRow } from '../registry/linking-queries.ts';
import type { Registry } from '../registry/registry.ts';

export interface UnrecordedCasesAsked extends Pick<CoverageAsked, 'asOf'> {
  /** The last record that counts. */
  readonly knownAt: number;
  /** A case counts that was open on any of so many days, the day itself included. */
  readonly useDays: number;
  /** Null: all. */
  readonly units: ReadonlySet<string> | null;
  readonly timeZone: string;
}

/** Days on which a case was open, both included. */
interface OpenCase {
  readonly key: string;
  readonly facts: CaseFacts;
  readonly from: CalendarDate;
  readonly until: CalendarDate;
}

/** By unit, certificate, case. `linker`: of the same state of knowledge. */
export function casesWithoutRecording(
  asked: UnrecordedCasesAsked,
  { registry, linker }: { readonly registry: Registry; readonly linker: ClipLinker },
): CaseWithoutRecording[] {
  const found: CaseWithoutRecording[] = [];
  for (const open of openCases(registry.people.versions('cases'), asked)) {
    const of = open.facts.officers.map((certificateNo) => ({
      certificateNo,
      ...whoWas(registry, certificateNo, asked),
    }));
    const inside = of.flatMap(({ certificateNo, facts }) => {
      const unitKey = facts === undefined ? open.facts.unit : unitKeyOf(facts);
      return asked.units === null || asked.units.has(unitKey) ? [{ certificateNo, facts, unitKey }] : [];
    });
    if (inside.length === 0 || isRecorded(open, asked, { registry, linker })) continue;
    for (const { certificateNo, facts, unitKey } of inside) {
      found.push({
        caseNumber: open.facts.caseNumber,
        certificateNo,
        name: facts?.name ?? '',
        unitKey,
        unit: facts?.unit ?? open.facts.unit,
        serial: recorderThen(registry, certificateNo, { open, asked, linker }),
      });
    }
  }
  return found.sort(
    (a, b) =>
      compareText(a.unitKey, b.unitKey) ||
      compareText(a.certificateNo, b.certificateNo) ||
      compareText(a.caseNumber, b.caseNumber),
  );
}

/** A case that was taken in after the day is told as it first came: it was open all the same. */
function openCases(versions: readonly Version<CaseFacts>[], { asOf, knownAt, useDays }: UnrecordedCasesAsked) {
  const first = addDays(asOf, 1 - useDays);
  const cases: OpenCase[] = [];
  for (const [key, ofCase] of Map.groupBy(versions, (version) => version.key)) {
    const facts = asTold(ofCase, { asOf, knownAt });
    if (facts === undefined) continue;
    const from = facts.startedAt.local.slice(0, 10) as CalendarDate;
    const until = (facts.endedAt?.local.slice(0, 10) ?? facts.closedOn ?? '9999-12-31') as CalendarDate;
    if (from <= asOf && until >= first) cases.push({ key, facts, from, until });
  }
  return cases;
}

/**
 * Any clip that shows or tells what happened, recorded by the end of the day, and tied to the case by what was known; or
 * its name says so and nobody said otherwise: while it waits for somebody's word, nobody is told to have recorded nothing.
 */
function isRecorded(
  { key }: OpenCase,
  { asOf, knownAt, timeZone }: UnrecordedCasesAsked,
  { registry: { links }, linker }: { readonly registry: Registry; readonly linker: ClipLinker },
): boolean {
  const naming = links.numbersOfCase(key).flatMap(({ number }) => links.clipsNaming(number));
  return [...new Set([...links.clipsEverLinked(key), ...naming])].some((clip) => {
    const row = links.clip(clip);
    if (row === undefined || row.sealedSeq > knownAt || !isFootage(row)) return false;
    const at = row.correctedEarliest ?? row.recordedAt ?? row.sealedAt;
    if (instantToLocalDate(Date.parse(at), timeZone) > asOf) return false;
    const link = linker.link(row);
    return link.case?.number === key || link.namedCase === key;
  });
}

/** What was not looked into yet may be. */
const isFootage = ({ kind }: LinkClipRow): boolean =>
  kind === null || kind === 'video' || kind === 'audio' || kind === 'picture';

function whoWas(registry: Registry, certificateNo: string, asked: UnrecordedCasesAsked) {
  const facts: OfficerFacts | undefined = asTold(registry.people.versionsOfKey('officers', certificateNo), asked);
  return { facts };
}

/** The recorder that the officer had been given on some day of the case by then: personal before shared. */
function recorderThen(
  registry: Registry,
  certificateNo: string,
  {
    open,
    asked,
    linker,
  }: { readonly open: OpenCase; readonly asked: UnrecordedCasesAsked; readonly linker: ClipLinker },
): string | null {
  const overlaps = ({ from, until }: AssignmentFacts): boolean =>
    from <= open.until && from <= asked.asOf && (until === null || until >= open.from);
  const given = linker
    .certificatesOf(certificateNo)
    .flatMap((one) => [...Map.groupBy(registry.people.assignmentsOfOfficer(one), ({ key }) => key).values()])
    .flatMap((versions) => asTold(versions, asked) ?? [])
    .filter(overlaps);
  given.sort((a, b) => compareText(a.mode, b.mode) || compareText(b.from, a.from) || compareText(a.serial, b.serial));
  return given[0]?.serial ?? null;
}

/** `versions`: of one subject. What held on the day; before the first of them, what came first. */
function asTold<F>(
  versions: readonly Version<F>[],
  { asOf, knownAt }: Pick<UnrecordedCasesAsked, 'asOf' | 'knownAt'>,
): F | undefined {
  const [held] = versionsAsOf(versions, { asOf, knownAt }).values();
  if (held !== undefined) return held.facts;
  const known = versions.filter((version) => countsAt(version, knownAt));
  known.sort((a, b) => compareText(a.effectiveFrom, b.effectiveFrom) || b.sequence - a.sequence);
  return known[0]?.facts;
}
