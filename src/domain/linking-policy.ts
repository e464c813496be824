/**
 * Whose clip it is, and which case it belongs to, first form: by hand, else by the assignment on the day of the
 * recording, else by what the file name says. Where two of these disagree it says so; it never chooses in silence.
 */
import { type AssignmentFacts, type CalendarDate, isOpenOn } from './people-facts.ts';

/** Document of a `clip-linked` record. */
export interface LinkDocument {
  readonly number: string;
  readonly reason: string;
}

export type LinkBasis = 'by-hand' | 'assignment' | 'name';

export interface Link {
  readonly number: string;
  readonly basis: LinkBasis;
}

export type LinkFinding =
  | 'officer-differs-from-assignment'
  | 'several-holders'
  | 'officer-not-in-roster'
  | 'case-not-known'
  | 'case-differs-from-name';

export interface LinkAnswer {
  readonly officer: Link | null;
  readonly case: Link | null;
  readonly findings: readonly LinkFinding[];
}

export interface LinkQuestion {
  /** Station-time day of the recording; null when the name has no time. */
  readonly day: CalendarDate | null;
  readonly officerInName: string | null;
  readonly caseInName: string | null;
  readonly officerByHand: string | undefined;
  readonly caseByHand: string | undefined;
  /** Assignments of the clip's recorder as they were known for that day; those of other days are left out here. */
  readonly assignments: readonly AssignmentFacts[];
  readonly isOfficer: (certificateNo: string) => boolean;
  readonly isCase: (caseNumber: string) => boolean;
}

export function linkClip(question: LinkQuestion): LinkAnswer {
  const findings: LinkFinding[] = [];
  const officer = linkOfficer(question, findings);
  if (officer !== null && !question.isOfficer(officer.number)) findings.push('officer-not-in-roster');
  const linkedCase = linkCase(question);
  if (linkedCase !== null && !question.isCase(linkedCase.number)) findings.push('case-not-known');
  if (linkedCase?.basis === 'by-hand' && question.caseInName !== null && question.caseInName !== linkedCase.number) {
    findings.push('case-differs-from-name');
  }
  return { officer, case: linkedCase, findings };
}

function linkOfficer(question: LinkQuestion, findings: LinkFinding[]): Link | null {
  const { officerByHand, officerInName } = question;
  const holders = holdersOn(question);
  // A shared recorder may have several holders on a day: then the name may say which of them it was.
  const holder = holders.length === 1 ? holders[0] : holders.find((number) => number === officerInName);
  if (holders.length > 1 && holder === undefined) findings.push('several-holders');
  const differs = officerInName !== null && holders.length > 0 && !holders.includes(officerInName);
  if (differs) findings.push('officer-differs-from-assignment');
  if (officerByHand !== undefined) return { number: officerByHand, basis: 'by-hand' };
  if (holder !== undefined) return { number: holder, basis: 'assignment' };
  return officerInName === null ? null : { number: officerInName, basis: 'name' };
}

/** Who had the recorder that day, personal holders before shared ones, each once. */
function holdersOn({ day, assignments }: LinkQuestion): string[] {
  if (day === null) return [];
  const open = assignments.filter((assignment) => isOpenOn(assignment, day));
  const personal = open.filter((assignment) => assignment.mode === 'personal');
  const holders = personal.length > 0 ? personal : open;
  return [...new Set(holders.map((assignment) => assignment.certificateNo))].sort();
}

function linkCase({ caseByHand, caseInName }: LinkQuestion): Link | null {
  if (caseByHand !== undefined) return { number: caseByHand, basis: 'by-hand' };
  return caseInName === null ? null : { number: caseInName, basis: 'name' };
}
