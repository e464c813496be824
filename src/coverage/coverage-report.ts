/**
 * A coverage answer as JSON and as CSV. The names of the JSON keys and the CSV's headings are a published format;
 * keys may be added, never renamed. It computes nothing: every figure comes from the policy.
 */
import type { CoverageBases } from '../domain/coverage-as-of.ts';
import type { CoverageAnswer } from '../domain/coverage-policy.ts';
import type { CoverageNote } from '../domain/coverage-summary.ts';
import type { GapReason, HolderStanding, OfficerVerdict, UseState } from '../domain/coverage-verdict.ts';
import type { HistoryBasis } from '../domain/history.ts';
import { spreadsheetText } from '../domain/spreadsheet-text.ts';

/** Which roster answered: the day's, the first one in place of an earlier one that nobody imported, or none. */
export type RosterBasis = 'roster' | 'before-first-roster' | 'no-roster';

export interface CoverageGapJson {
  readonly certificate_no: string;
  readonly name: string;
  readonly unit: string;
  readonly reason: GapReason;
  readonly clause: string;
  /** The recorder that the reason speaks of. */
  readonly recorder_serial?: string;
  readonly held_by?: string;
  readonly holder_standing?: HolderStanding;
  readonly starts_on?: string;
  /** A recorder assigned to the officer that stands in no list of recorders. */
  readonly unregistered_recorder?: string;
  readonly unit_code?: string;
  /** The last day on which the gap may be open, and the days that it is over since. */
  readonly due_on: string;
  readonly overdue_days: number;
  readonly remarks: OfficerVerdict['notes'];
}

/** Everybody in the roster of the day: in or out of the count, and why. */
export interface CoverageOfficerJson {
  readonly certificate_no: string;
  readonly other_certificates: readonly string[];
  readonly name: string;
  readonly unit: string;
  readonly unit_code?: string;
  readonly post: string;
  readonly status: OfficerVerdict['status'];
  /** Why out of the count, or why a gap; empty for who is covered. */
  readonly reasons: readonly string[];
  readonly clause: string;
  readonly recorder_serial?: string;
  /** Of the recorder that covers: in use, and if not, why; under `use_clause`. */
  readonly use?: UseState;
  readonly remarks: OfficerVerdict['notes'];
}

export interface CoverageUnitJson {
  readonly unit: string;
  readonly unit_code?: string;
  readonly population: number;
  readonly covered: number;
  readonly gap: number;
  readonly rate: number | null;
}

export interface CoverageJson {
  readonly profile: string;
  readonly as_of: string;
  readonly known_at?: number;
  readonly corrections_since?: Readonly<Record<string, number>>;
  readonly clause: string;
  readonly population: number;
  readonly covered: number;
  readonly rate: number | null;
  readonly basis: RosterBasis;
  readonly recorders_basis: HistoryBasis;
  readonly assignments_basis: HistoryBasis;
  /** Null: all units. */
  readonly unit: string | null;
  /** Which of the two figures `covered` and `rate` are. */
  readonly reported: CoverageAnswer['reported'];
  readonly covered_personal_only: number;
  readonly covered_including_shared: number;
  readonly deadline: string;
  readonly deadline_passed: boolean;
  /** How many the requirement asks for, and how many are lacking. */
  readonly required: number;
  readonly gap: number;
  /** Of the covered, those whose recorder is in use, and the others by reason. */
  readonly use: { readonly clause: string; readonly counts: CoverageAnswer['use'] };
  readonly gaps: readonly CoverageGapJson[];
  /** Each unit for itself, without those below it. */
  readonly units: readonly CoverageUnitJson[];
  readonly unmapped_posts: readonly { readonly post: string; readonly officers: number }[];
  readonly notes: readonly {
    readonly kind: CoverageNote['kind'];
    readonly recorder_serial: string;
    readonly certificate_no: string;
  }[];
}

export interface ReportedCoverage {
  readonly answer: CoverageAnswer;
  readonly bases: CoverageBases;
  /** Records up to this one are in the answer. */
  readonly knownAt?: number;
  /** Of an earlier state of knowledge: facts about the day that came, or stopped counting, after it, by kind. */
  readonly correctionsSince?: Readonly<Record<string, number>>;
}

export function coverageJson({ answer, bases, knownAt, correctionsSince }: ReportedCoverage): CoverageJson {
  return {
    profile: answer.profile.name,
    as_of: answer.asOf,
    ...(knownAt === undefined ? {} : { known_at: knownAt }),
    ...(correctionsSince === undefined ? {} : { corrections_since: correctionsSince }),
    clause: answer.profile.clause,
    population: answer.population,
    covered: answer.covered,
    rate: answer.rate,
    basis: rosterBases[bases.officers],
    recorders_basis: bases.recorders,
    assignments_basis: bases.assignments,
    unit: answer.unit,
    reported: answer.reported,
    covered_personal_only: answer.coveredPersonally,
    covered_including_shared: answer.coveredIncludingShared,
    deadline: answer.profile.deadline,
    deadline_passed: answer.asOf > answer.profile.deadline,
    required: answer.required,
    gap: answer.missing,
    use: { clause: answer.profile.clauses.use, counts: answer.use },
    gaps: gapsOf(answer),
    units: answer.units.map(({ unit, unitKey, population, covered, missing, rate }) => ({
      unit,
      ...codeOfUnit({ unit, unitKey }),
      population,
      covered,
      gap: missing,
      rate,
    })),
    unmapped_posts: answer.unmappedPosts,
    notes: answer.notes.map(({ kind, serial, certificateNo }) => ({
      kind,
      recorder_serial: serial,
      certificate_no: certificateNo,
    })),
  };
}

export function officersJson({ verdicts }: CoverageAnswer): CoverageOfficerJson[] {
  return verdicts.map((verdict) => ({
    certificate_no: verdict.certificateNo,
    other_certificates: verdict.otherCertificates,
    name: verdict.name,
    unit: verdict.unit,
    ...codeOfUnit(verdict),
    post: verdict.post,
    status: verdict.status,
    reasons: verdict.gap === null ? verdict.outOfPopulation : [verdict.gap.reason],
    clause: verdict.clause,
    ...(verdict.serial === null ? {} : { recorder_serial: verdict.serial }),
    ...(verdict.use === null ? {} : { use: verdict.use }),
    remarks: verdict.notes,
  }));
}

const codeOfUnit = ({ unit, unitKey }: { readonly unit: string; readonly unitKey: string }) =>
  unitKey === unit ? {} : { unit_code: unitKey };

/** The gaps in the order of the verdicts: by unit, then certificate number. */
export function gapsOf(answer: CoverageAnswer): CoverageGapJson[] {
  return answer.verdicts.flatMap((verdict) => gapJson(verdict, answer.profile.clause) ?? []);
}

/** The reason in words, from the dictionary. */
export type ReasonText = (reason: GapReason) => string;

/**
 * One line for each gap, UTF-8 with a byte-order mark and CRLF so that a spreadsheet opens it rightly. The day and the
 * profile stand on every line: a printed sheet must say what it shows, and a block of figures above would be no table.
 */
export function coverageCsv({ answer }: ReportedCoverage, reasonText: ReasonText): string {
  const lines = gapsOf(answer).map((gap) => [
    gap.certificate_no,
    gap.name,
    gap.unit,
    gap.reason,
    reasonText(gap.reason),
    gap.recorder_serial ?? gap.unregistered_recorder ?? '',
    gap.clause,
    answer.profile.name,
    answer.asOf,
  ]);
  return `\ufeff${[csvHeader, ...lines].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')}`;
}

const csvHeader = ['执法证号', '姓名', '单位', '原因代码', '原因', '记录仪编号', '依据条款', '统计口径', '统计日期'];

const rosterBases: Readonly<Record<HistoryBasis, RosterBasis>> = {
  history: 'roster',
  'before-first': 'before-first-roster',
  none: 'no-roster',
};

function gapJson(verdict: OfficerVerdict, clause: string): CoverageGapJson | undefined {
  const { gap, certificateNo, name, unit } = verdict;
  if (gap === null) {
    return undefined;
  }
  return {
    certificate_no: certificateNo,
    name,
    unit,
    reason: gap.reason,
    clause,
    ...(gap.serial === null ? {} : { recorder_serial: gap.serial }),
    ...(gap.heldBy === null ? {} : { held_by: gap.heldBy.certificateNo, holder_standing: gap.heldBy.standing }),
    ...(gap.startsOn === null ? {} : { starts_on: gap.startsOn }),
    ...(gap.unregisteredSerial === null ? {} : { unregistered_recorder: gap.unregisteredSerial }),
    ...codeOfUnit(verdict),
    due_on: gap.dueOn,
    overdue_days: gap.overdueDays,
    remarks: verdict.notes,
  };
}

function csvCell(text: string): string {
  const safe = spreadsheetText(text);
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
