/** Gathers what the self-check of one clip asks for, and asks the policy. */

import type { ActList } from '../domain/act-list.ts';
import type { ActRecording } from '../domain/act-recordings.ts';
import { isClosedCase } from '../domain/case-facts.ts';
import type { KnownCase } from '../domain/case-identity.ts';
import type { ClipCheckView } from '../domain/case-views.ts';
import { clipTimeOf, overlaps } from '../domain/clip-time.ts';
import type { LinkFinding } from '../domain/linking-policy.ts';
import type { CalendarDate, CaseFacts } from '../domain/people-facts.ts';
import { readablePath } from '../domain/readable-path.ts';
import { type CaseRelation, type ClipCheckFacts, checkClip, type ObjectiveFacts } from '../domain/self-check-policy.ts';
import { dayAfter, localTimeToInstant } from '../domain/station-time.ts';
import type { CaseClipRow, ReviewRow } from '../registry/case-queries.ts';
import type { Registry } from '../registry/registry.ts';
import type { CaseBook, CaseClip } from './case-book.ts';

const clockFindings = new Set(['clock-jumped', 'clock-absurd', 'name-time-impossible', 'name-time-implausible']);
const contentFindings = new Set(['video-truncated', 'audio-truncated', 'zero-tail', 'unreadable-media', 'empty-file']);
/** Evidence names different people: a doubt about who recorded it, not about how it was collected. */
const whoFindings: ReadonlySet<LinkFinding> = new Set([
  'officer-differs-from-assignment',
  'officer-differs-from-check-out',
  'claim-differs',
  'several-holders',
]);
/** Acts of these stages come after the decision. */
const laterStages = new Set(['service', 'enforcement']);

export interface ClipCheckParts {
  readonly registry: Registry;
  readonly book: CaseBook;
  readonly list: ActList;
  readonly timeZone: string;
}

export interface ClipCheckAbout {
  readonly known: KnownCase | undefined;
  readonly acts: readonly ActRecording[];
  /** Of the case and the clip, oldest first. */
  readonly reviews: readonly ReviewRow[];
}

export function clipCheckView(parts: ClipCheckParts, { row, link }: CaseClip, about: ClipCheckAbout): ClipCheckView {
  const { book } = parts;
  const officer = link.officer?.number ?? null;
  const days = book.daysOf(row);
  const time = clipTimeOf(row) ?? null;
  const facts: ClipCheckFacts = {
    objective: objectiveFacts(parts, { row, link }),
    case: link.case === null ? null : caseRelation(parts, { clip: { row, link }, days, about }),
    officer,
    days: officer === null ? [] : book.standings(officer, days),
    time: time?.basis ?? null,
    announcement: announcementOf(parts, row.clip, about),
  };
  return {
    clip: row.clip,
    path: readablePath(row.path),
    recorder: row.recorder,
    officer,
    officerName: officer === null ? null : book.nameOf(officer),
    kind: row.kind,
    durationMs: row.durationMs,
    sealedAt: row.sealedAt,
    time,
    case: link.case?.number ?? null,
    qualities: checkClip(facts),
  };
}

function objectiveFacts({ registry, book }: ClipCheckParts, { row, link }: CaseClip): ObjectiveFacts {
  const state = registry.cases.originalState(row.sha256);
  if (state === undefined) throw new Error(`clip ${row.clip} has no original`);
  const found = registry.cases.findingCodes(row.clip, row.docking);
  const { clockAtLeastMs: least, clockAtMostMs: most } = row;
  const isKnown = least !== null && most !== null;
  return {
    readBack: state.readBack,
    sealedOn: book.localDay(Date.parse(row.sealedAt)),
    unalteredOn: state.damaged === 1 ? null : book.localDay(Date.parse(state.unalteredAt)),
    clockOffsetMs: isKnown ? (least + most) / 2 : null,
    clockBoundMs: isKnown ? (most - least) / 2 : null,
    clockFindings: found.filter((code) => clockFindings.has(code)),
    contentFindings: found.filter((code) => contentFindings.has(code)),
    recordedByDoubtful: link.findings.some((code) => whoFindings.has(code)),
  };
}

function caseRelation(
  parts: ClipCheckParts,
  { clip: { row, link }, days, about }: { clip: CaseClip; days: readonly CalendarDate[]; about: ClipCheckAbout },
): CaseRelation {
  const { known, acts } = about;
  const linked = { number: known?.facts.caseNumber ?? link.case?.number ?? '', basis: link.case?.basis ?? '' };
  const differsFromName = link.findings.includes('case-differs-from-name');
  if (known === undefined) {
    const nothing = { inSpan: null, officerOnCase: null, officers: [], showsLaterAct: false } as const;
    return { ...linked, ...nothing, known: false, differsFromName, decision: { kind: 'none' } };
  }
  const { facts } = known;
  const officer = link.officer?.number;
  const time = clipTimeOf(row);
  const span = [
    Date.parse(facts.startedAt.utc),
    facts.endedAt === null ? Infinity : Date.parse(facts.endedAt.utc),
  ] as const;
  return {
    ...linked,
    known: true,
    differsFromName,
    inSpan: time === undefined ? null : overlaps(time, span),
    officerOnCase: officer === undefined || facts.officers.length === 0 ? null : facts.officers.includes(officer),
    officers: facts.officers.map((certificateNo) => ({
      certificateNo,
      days: parts.book.standings(certificateNo, days),
    })),
    decision: decisionOf(parts, facts, row),
    showsLaterAct: acts.some(
      ({ act, clips }) =>
        laterStages.has(parts.list.acts.get(act)?.stage ?? '') &&
        clips.some(({ clip, certainty }) => clip === row.clip && certainty === 'sure'),
    ),
  };
}

function decisionOf({ timeZone }: ClipCheckParts, facts: CaseFacts, row: CaseClipRow): CaseRelation['decision'] {
  const { decidedAt } = facts;
  if (decidedAt === undefined) return { kind: isClosedCase(facts) ? 'date-missing' : 'none' };
  const from = Date.parse(decidedAt.utc);
  // A decision of which only the day is known was made at some moment of it.
  const isDay = decidedAt.local.length === 10;
  const until = isDay ? localTimeToInstant(`${dayAfter(decidedAt.local)}T00:00:00`, timeZone) : from;
  const time = clipTimeOf(row);
  const recording =
    time === undefined ? 'unsure' : time.endMs[1] <= from ? 'before' : time.startMs[0] >= until ? 'after' : 'unsure';
  return { kind: 'decided', local: decidedAt.local, recording };
}

/** The newest answer about the announcement, for this clip or for an act that it surely shows. */
function announcementOf(
  { list, book }: ClipCheckParts,
  clip: string,
  { acts, reviews }: ClipCheckAbout,
): ClipCheckFacts['announcement'] {
  const items = [...list.items].filter(([, { announced }]) => announced === true).map(([code]) => code);
  const shown = new Set(
    acts
      .filter(({ clips }) => clips.some((one) => one.clip === clip && one.certainty === 'sure'))
      .map(({ ref }) => ref),
  );
  for (const review of reviews.toReversed()) {
    if (review.clip !== clip && !(review.act !== null && shown.has(review.act))) continue;
    for (const item of items) {
      const answer = review.document.answers[item];
      if (answer === undefined) continue;
      return { answer, by: review.document.reviewer, on: book.localDay(Date.parse(review.at)) };
    }
  }
  return null;
}
