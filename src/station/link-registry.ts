/** Hands the registry's answers to the room of links, in its words. */
import { foldCaseNumber, type LinkTarget } from '../domain/linking-facts.ts';
import type { FinderRegistry } from '../linking/case-finder.ts';
import type { ClipLinker } from '../linking/clip-linker.ts';
import type { ClipAt } from '../registry/linking-queries.ts';
import type { Registry } from '../registry/registry.ts';

/** Clips tied to a case now, in the order of sealing, whoever tied them; `number` as anybody may write it. */
export function clipsOfCase({ links }: Registry, linker: ClipLinker, number: string): string[] {
  const key = linker.findCase(number) ?? number;
  const found = new Set(links.clipsOfCase(key));
  const known = links.caseFacts(key);
  const current = known?.caseNumber ?? number;
  // What nobody has looked at yet is believed by its name.
  for (const clip of new Set([...links.clipsNaming(number), ...links.clipsNaming(current)])) {
    const row = links.clip(clip);
    if (row === undefined) continue;
    const { case: linked, namedCase } = linker.link(row);
    // A case that no list has is known by names alone.
    const isNamed = known === undefined && namedCase !== null && foldCaseNumber(namedCase) === foldCaseNumber(number);
    if (linked?.number === key || isNamed) found.add(clip);
  }
  return links.inOrderOfSealing([...found]);
}

/** What linking asks of the registry. */
export function linkRegistry({ people, links, recorders }: Registry): FinderRegistry {
  return {
    officerVersions: (number) => people.versionsOfKey('officers', number),
    certificatesOfHolder: (number, knownAt) => people.numbersOfHolder(number, knownAt),
    assignmentsOfRecorder: (serial) => people.assignmentsOfRecorder(serial),
    checkoutsOfRecorder: (serial) => recorders.checkoutsOfRecorder(serial),
    claimsOfClip: (clip) => recorders.claimsOfClip(clip),
    firstAssignmentDay: (knownAt) => links.firstAssignmentDay(knownAt),
    recorded: (clip, target, knownAt) => links.recorded(clip, target, knownAt),
    isDecided: (clip, knownAt) => links.isDecided(clip, knownAt),
    casesByNumber: (number) => links.casesByNumber(number),
    numbersOfCase: (key) => links.numbersOfCase(key),
    caseFacts: (key, knownAt) => links.caseFacts(key, knownAt),
    casesOfOfficer: (officer, fromMs, toMs) => links.casesOfOfficer(officer, fromMs, toMs),
    casesOfDays: (fromMs, toMs) => links.casesOfDays(fromMs, toMs),
    casesByPlate: (plates) => links.casesByPlate(plates),
    clipsAround: (source, from, to) => links.clipsAround(source, from, to),
    refused: (clip, target) => links.refused(clip, target),
    recordedBetween: (from, to) => links.recordedBetween(from, to),
  };
}

/** What a pass over undecided clips asks besides. */
export function passRegistry({ links }: Registry) {
  return {
    clip: (id: string) => links.clip(id),
    hasPersonsWord: (clip: string, target: LinkTarget) => links.hasPersonsWord(clip, target),
    decidedThrough: () => links.decidedThrough(),
    probedSince: (seq: number, after: ClipAt | undefined, rows: number) => links.probedSince(seq, after, rows),
    changedSince: (kind: 'cases' | 'assignments' | 'officers', seq: number) => links.changedSince(kind, seq),
    factsChangedSince: (kind: 'cases' | 'assignments', keys: readonly string[], seq: number) =>
      links.factsChangedSince(kind, keys, seq),
    joinedSince: (certificates: readonly string[], seq: number) => links.joinedSince(certificates, seq),
    casesOfOfficers: (certificates: readonly string[]) => links.casesOfOfficers(certificates),
    recordersOfOfficers: (certificates: readonly string[]) => links.recordersOfOfficers(certificates),
    claimedBy: (certificates: readonly string[]) => links.claimedBy(certificates),
    checkOutsSince: (seq: number) => links.checkOutsSince(seq),
    claimedSince: (seq: number) => links.claimedSince(seq),
    undecidedBetween: (from: string, to: string, page: { after: ClipAt | undefined; rows: number }) =>
      links.undecidedBetween(from, to, page),
    ofRecorder: (recorder: string) => links.ofRecorder(recorder),
    withoutOfficer: (recorder: string) => links.withoutOfficer(recorder),
    clipsNamingAny: (numbers: readonly string[]) => links.clipsNamingAny(numbers),
    isFoundOutdated: (clip: string) => links.isFoundOutdated(clip),
  };
}
