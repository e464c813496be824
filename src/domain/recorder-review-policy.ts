/**
 * What the lists say of recorders on a day and should not: values, each with whom and which recorder it is about. One
 * pure function of the facts of the day, so that the same day, known at the same moment, always gives the same list.
 */
import type { CertificateStanding } from './certificate-standing.ts';
import type { CheckOut } from './checkout-facts.ts';
import {
  type AssignmentFacts,
  type CalendarDate,
  compareText,
  isOpenOn,
  type RecorderFacts,
  type RecorderState,
} from './people-facts.ts';

export const recorderReviewCodes = [
  'holder-left',
  'holder-not-valid',
  'holder-unknown',
  'two-personal-recorders',
  'recorder-two-holders',
  'assigned-recorder-unknown',
  'name-officer-differs',
  'recorder-not-seen',
  'lost-recorder-docked',
  'repair-recorder-docked',
  'scrapped-recorder-docked',
  'check-out-overdue',
] as const;
export type RecorderReviewCode = (typeof recorderReviewCodes)[number];

export interface RecorderReviewFinding {
  readonly code: RecorderReviewCode;
  readonly serial: string;
  readonly certificateNo?: string;
  /** The other recorders, or the other holders. */
  readonly others?: readonly string[];
  /** Day or instant since when; of a recorder that was not seen, when it last was (absent: never). */
  readonly since?: string;
  readonly standing?: CertificateStanding['kind'];
}

export interface ReviewedRecorder extends RecorderFacts {
  /** Since when it is in its state: as the list says, else from when the list has it so. */
  readonly since: string;
  /** From when the list has it at all. */
  readonly listedSince: CalendarDate;
}

/** What the files of the last visit say: under whose number a recorder records, and whose it is by the records. */
export interface NamedOfficer {
  readonly serial: string;
  readonly certificateNo: string;
  /** By assignment or check-out, when the newest file of that name was recorded; empty: nobody alone. */
  readonly holders: readonly string[];
  readonly differs: boolean;
  /** When that file was recorded, ISO UTC. */
  readonly since: string;
}

export interface RecorderReview {
  readonly asOf: CalendarDate;
  /** The moment up to which the day is looked at, ISO UTC. */
  readonly now: string;
  readonly recorders: readonly ReviewedRecorder[];
  readonly assignments: readonly AssignmentFacts[];
  readonly standingOf: (certificateNo: string) => CertificateStanding;
  readonly isOfficer: (certificateNo: string) => boolean;
  /** As known then. */
  readonly checkOuts: readonly CheckOut[];
  /** Start of the last docking of each recorder up to then, ISO UTC. */
  readonly lastSeen: ReadonlyMap<string, string>;
  /** Of recorders that were docked lately, as far as the names of their files tell an officer. */
  readonly named: readonly NamedOfficer[];
  /** Station time, `YYYY-MM-DDTHH:MM:SS`. */
  readonly toLocal: (instant: string) => string;
  readonly limits: { readonly notSeenDays: number; readonly checkedOutHours: number };
}

export function reviewRecorders(review: RecorderReview): RecorderReviewFinding[] {
  const open = review.assignments.filter((assignment) => isOpenOn(assignment, review.asOf));
  const findings = [
    ...open.flatMap((assignment) => holderFindings(assignment, review)),
    ...sharingFindings(open),
    ...unknownRecorders(open, review),
    ...otherNames(review),
    ...review.recorders.flatMap((recorder) => sightFindings(recorder, review)),
    ...overdue(review),
  ];
  const order = (finding: RecorderReviewFinding): string =>
    `${recorderReviewCodes.indexOf(finding.code) + 10} ${finding.serial} ${finding.certificateNo ?? ''}`;
  return findings.sort((a, b) => compareText(order(a), order(b)));
}

function holderFindings(
  { serial, certificateNo }: AssignmentFacts,
  { standingOf, isOfficer }: RecorderReview,
): RecorderReviewFinding[] {
  if (!isOfficer(certificateNo)) return [{ code: 'holder-unknown', serial, certificateNo }];
  const standing = standingOf(certificateNo);
  switch (standing.kind) {
    case 'valid':
    case 'unknown':
      return [];
    case 'left':
      return [{ code: 'holder-left', serial, certificateNo, since: standing.since }];
    default: {
      const since = sinceOf(standing);
      return [
        {
          code: 'holder-not-valid',
          serial,
          certificateNo,
          standing: standing.kind,
          ...(since === null ? {} : { since }),
        },
      ];
    }
  }
}

function sinceOf(standing: CertificateStanding): string | null {
  if (standing.kind === 'open') return standing.before;
  if (standing.kind === 'expired') return standing.lastDay;
  return 'since' in standing ? standing.since : null;
}

/** One officer with two personal recorders, one recorder with a personal holder and anybody besides. */
function sharingFindings(open: readonly AssignmentFacts[]): RecorderReviewFinding[] {
  const findings: RecorderReviewFinding[] = [];
  const personal = open.filter(({ mode }) => mode === 'personal');
  for (const [certificateNo, own] of Map.groupBy(personal, (one) => one.certificateNo)) {
    const [serial, ...others] = [...new Set(own.map((one) => one.serial))].sort(compareText);
    if (serial !== undefined && others.length > 0)
      findings.push({ code: 'two-personal-recorders', serial, certificateNo, others });
  }
  for (const [serial, own] of Map.groupBy(open, (one) => one.serial)) {
    if (!own.some(({ mode }) => mode === 'personal')) continue;
    const [certificateNo, ...others] = [...new Set(own.map((one) => one.certificateNo))].sort(compareText);
    if (certificateNo !== undefined && others.length > 0)
      findings.push({ code: 'recorder-two-holders', serial, certificateNo, others });
  }
  return findings;
}

/** Where there is a list of recorders at all. */
function unknownRecorders(open: readonly AssignmentFacts[], { recorders }: RecorderReview): RecorderReviewFinding[] {
  if (recorders.length === 0) return [];
  const listed = new Set(recorders.map(({ serial }) => serial));
  return open
    .filter(({ serial }) => !listed.has(serial))
    .map(({ serial, certificateNo }) => ({ code: 'assigned-recorder-unknown', serial, certificateNo }));
}

/** A number stays set on a recorder that has gone to somebody else, or was set wrongly: the next files say so too. */
const otherNames = ({ named }: RecorderReview): RecorderReviewFinding[] =>
  named
    .filter(({ differs }) => differs)
    .map(({ serial, certificateNo, holders, since }) => ({
      code: 'name-officer-differs',
      serial,
      certificateNo,
      ...(holders.length === 0 ? {} : { others: holders }),
      since,
    }));

const dockedCodes: { readonly [S in Exclude<RecorderState, 'in-service'>]: RecorderReviewCode } = {
  lost: 'lost-recorder-docked',
  repair: 'repair-recorder-docked',
  scrapped: 'scrapped-recorder-docked',
};

function sightFindings(recorder: ReviewedRecorder, review: RecorderReview): RecorderReviewFinding[] {
  const { serial, state, since } = recorder;
  const seen = review.lastSeen.get(serial);
  if (state !== 'in-service') {
    const isBack = seen !== undefined && isAfter(review.toLocal(seen), since);
    return isBack ? [{ code: dockedCodes[state], serial, since: seen }] : [];
  }
  const last = seen === undefined ? recorder.listedSince : review.toLocal(seen).slice(0, 10);
  if (daysBetween(last, review.asOf) <= review.limits.notSeenDays) return [];
  return [{ code: 'recorder-not-seen', serial, ...(seen === undefined ? {} : { since: seen }) }];
}

/** Of the day itself a state that names only the day says nothing: it may have been docked before. */
function isAfter(local: string, since: string): boolean {
  return since.length > 10 ? local > since : local.slice(0, 10) > since;
}

function overdue({ checkOuts, now, limits }: RecorderReview): RecorderReviewFinding[] {
  const latest = Date.parse(now) - limits.checkedOutHours * 3_600_000;
  return checkOuts
    .filter(({ returnedAt, outAt }) => (returnedAt === null || returnedAt > now) && Date.parse(outAt) < latest)
    .map(({ recorder, certificateNo, outAt }) => ({
      code: 'check-out-overdue',
      serial: recorder,
      certificateNo,
      since: outAt,
    }));
}

const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
