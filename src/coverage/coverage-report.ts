/**
 * A coverage answer as JSON and as CSV. The names of the JSON keys and the CSV's headings are a published format;
 * keys may be added, never renamed. It computes nothing: every figure comes from the policy.
 */
import type { CoverageBases } from '../domain/coverage-as-of.ts';
import type { CoverageAnswer } from '../domain/coverage-policy.ts';
import type { CoverageNote } from '../domain/coverage-summary.ts';
import type { GapReason, HolderStanding, OfficerVerdict } from '../domain/coverage-verdict.ts';
import type { HistoryBasis } from '../domain/history.ts';

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
}

export interface CoverageJson {
  readonly profile: string;
  readonly as_of: string;
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
  readonly gaps: readonly CoverageGapJson[];
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
}

export function coverageJson({ answer, bases }: ReportedCoverage): CoverageJson {
  return {
    profile: answer.profile.name,
    as_of: answer.asOf,
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
    gaps: gapsOf(answer),
    unmapped_posts: answer.unmappedPosts,
    notes: answer.notes.map(({ kind, serial, certificateNo }) => ({
      kind,
      recorder_serial: serial,
      certificate_no: certificateNo,
    })),
  };
}

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

function gapJson({ gap, certificateNo, name, unit }: OfficerVerdict, clause: string): CoverageGapJson | undefined {
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
  };
}

/**
 * A cell that a spreadsheet would take for a formula gets a leading apostrophe (OWASP, CSV Injection); East Asian
 * versions take the full-width signs as well.
 */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r\n＝＋－＠]/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
