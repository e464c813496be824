/**
 * Whose clip it is, and which case it belongs to. A person's word comes first; then what the records say of who had the
 * recorder; the file name last, because names stay set. Where two of these disagree it says so, never in silence.
 * Cases are not looked for here: that is linking-candidate-policy.ts, and what was decided is a record.
 */
import { type CheckOut, checkOutCovers, type InstantRange, type OfficerClaim } from './checkout-facts.ts';
import { isPersonsWord, type LinkBasis } from './linking-facts.ts';
import { type AssignmentFacts, type CalendarDate, isOpenOn } from './people-facts.ts';

export interface Link {
  readonly number: string;
  readonly basis: LinkBasis;
}

export type LinkFinding =
  | 'officer-differs-from-assignment'
  | 'officer-differs-from-check-out'
  | 'claim-differs'
  | 'several-holders'
  | 'officer-not-in-roster'
  | 'officer-link-outdated'
  | 'case-not-known'
  | 'case-differs-from-name';

export interface LinkAnswer {
  readonly officer: Link | null;
  readonly case: Link | null;
  /** The number in the name where no record says anything of a case: no link, but a reason to be careful. */
  readonly namedCase: string | null;
  readonly findings: readonly LinkFinding[];
}

/** What records say now of one target: linked to a number, or a person said that it is none. */
export interface RecordedLink {
  /** Null: a person took the link away, or said that there is none. */
  readonly number: string | null;
  readonly basis: LinkBasis;
}

export interface LinkQuestion {
  /** Station-time day of the recording; null when the name has no time. */
  readonly day: CalendarDate | null;
  /** In which it was recorded, as far as that is known. */
  readonly range: InstantRange | null;
  readonly officerInName: string | null;
  readonly caseInName: string | null;
  readonly recordedOfficer: RecordedLink | undefined;
  readonly recordedCase: RecordedLink | undefined;
  /** Nobody has looked for its case yet: until then the name is believed. */
  readonly isUndecided: boolean;
  /** Assignments of the clip's recorder as they were known for that day; those of other days are left out here. */
  readonly assignments: readonly AssignmentFacts[];
  /** Of the clip's recorder, those that count. */
  readonly checkOuts: readonly CheckOut[];
  readonly claims: readonly OfficerClaim[];
  readonly isOfficer: (certificateNo: string) => boolean;
  /** The same answer for all certificates of one person: a renewed certificate makes nobody else of its holder. */
  readonly holderOf: (certificateNo: string) => string;
  readonly isCase: (caseNumber: string) => boolean;
}

/** Who recorded it as far as assignments, check-outs, claims and the name say, a person's word aside. */
export interface OfficerEvidence {
  readonly officer: Link | null;
  /** Nothing else is possible by what is recorded, so that the station may decide by it. */
  readonly isSure: boolean;
  /** Everyone else who is named by some evidence. */
  readonly others: readonly string[];
  readonly findings: readonly LinkFinding[];
}

export function linkClip(question: LinkQuestion): LinkAnswer {
  const evidence = officerEvidence(question);
  const findings: LinkFinding[] = [...evidence.findings];
  const officer = linkOfficer(question, evidence, findings);
  if (officer !== null && !question.isOfficer(officer.number)) findings.push('officer-not-in-roster');
  const linkedCase = linkCase(question);
  const { caseInName } = question;
  if (caseInName !== null && !question.isCase(caseInName)) findings.push('case-not-known');
  if (linkedCase !== null && linkedCase.basis !== 'name' && caseInName !== null && caseInName !== linkedCase.number) {
    findings.push('case-differs-from-name');
  }
  const namedCase = question.recordedCase === undefined ? caseInName : null;
  return { officer, case: linkedCase, namedCase, findings };
}

function linkOfficer(question: LinkQuestion, evidence: OfficerEvidence, findings: LinkFinding[]): Link | null {
  const { recordedOfficer: recorded } = question;
  if (recorded === undefined) return evidence.officer;
  if (recorded.number === null) return null;
  const says = evidence.officer;
  const isStill = says !== null && question.holderOf(says.number) === question.holderOf(recorded.number);
  if (!isPersonsWord(recorded.basis) && !isStill) findings.push('officer-link-outdated');
  return { number: recorded.number, basis: recorded.basis };
}

export function officerEvidence(question: LinkQuestion): OfficerEvidence {
  const { officerInName, claims, holderOf } = question;
  const findings: LinkFinding[] = [];
  const holders = holdersOn(question);
  const checkedOut = checkOutOfficers(question);
  const found = pickOfficer(question, { holders, checkedOut, findings });
  const claimants = oncePerHolder(
    claims.map(({ certificateNo }) => certificateNo),
    holderOf,
  );
  const [onlyClaimant, ...moreClaimants] = claimants;
  const officer: Link | null =
    found ??
    (onlyClaimant !== undefined && moreClaimants.length === 0 ? { number: onlyClaimant, basis: 'claim' } : null);
  const isOther = (number: string): boolean => officer === null || holderOf(number) !== holderOf(officer.number);
  if (officer !== null && claimants.some(isOther)) findings.push('claim-differs');
  // Who shares a recorder is no longer meant once somebody had it checked out.
  const isCheckedOut = officer?.basis === 'check-out' && holders.mode === 'shared';
  const named = [...(isCheckedOut ? [] : holders.numbers), ...checkedOut.whole, ...checkedOut.part, ...claimants];
  if (officerInName !== null) named.push(officerInName);
  const others = oncePerHolder(named, holderOf).filter(isOther).sort();
  const isFirm = officer?.basis === 'check-out' || (officer?.basis === 'assignment' && holders.mode === 'personal');
  return { officer, isSure: isFirm && others.length === 0, others, findings };
}

interface Sources {
  readonly holders: Holders;
  readonly checkedOut: { readonly whole: readonly string[]; readonly part: readonly string[] };
  readonly findings: LinkFinding[];
}

/** Check-out before assignment before name, each only where it names one officer, alone or with the name's help. */
function pickOfficer(
  { officerInName, holderOf }: LinkQuestion,
  { holders, checkedOut, findings }: Sources,
): Link | null {
  const isNamed = (number: string): boolean => officerInName !== null && holderOf(number) === holderOf(officerInName);
  const out = [...new Set([...checkedOut.whole, ...checkedOut.part])];
  if (out.length > 0) {
    if (officerInName !== null && !out.some(isNamed)) findings.push('officer-differs-from-check-out');
    const whole = checkedOut.whole.length === 1 && out.length === 1 ? checkedOut.whole[0] : undefined;
    const number = whole ?? out.find(isNamed);
    if (number !== undefined) return { number, basis: 'check-out' };
    findings.push('several-holders');
    return null;
  }
  const { numbers } = holders;
  // A shared recorder may have several holders on a day: then the name may say which of them it was.
  const holder = numbers.length === 1 ? numbers[0] : numbers.find(isNamed);
  if (numbers.length > 1 && holder === undefined) findings.push('several-holders');
  const differs = officerInName !== null && numbers.length > 0 && !numbers.some(isNamed);
  if (differs) findings.push('officer-differs-from-assignment');
  if (holder !== undefined) return { number: holder, basis: 'assignment' };
  return officerInName === null ? null : { number: officerInName, basis: 'name' };
}

interface Holders {
  readonly mode: 'personal' | 'shared' | 'none';
  readonly numbers: readonly string[];
}

/** Who had the recorder that day, personal holders before shared ones, each once. */
function holdersOn({ day, assignments, holderOf }: LinkQuestion): Holders {
  if (day === null) return { mode: 'none', numbers: [] };
  const open = assignments.filter((assignment) => isOpenOn(assignment, day));
  const personal = open.filter((assignment) => assignment.mode === 'personal');
  const holders = personal.length > 0 ? personal : open;
  const numbers = oncePerHolder(holders.map((assignment) => assignment.certificateNo).sort(), holderOf);
  return { mode: numbers.length === 0 ? 'none' : personal.length > 0 ? 'personal' : 'shared', numbers };
}

/** The first certificate of each person. */
function oncePerHolder(numbers: readonly string[], holderOf: LinkQuestion['holderOf']): string[] {
  const seen = new Map<string, string>();
  for (const number of numbers) if (!seen.has(holderOf(number))) seen.set(holderOf(number), number);
  return [...seen.values()];
}

function checkOutOfficers({ range, checkOuts }: LinkQuestion): Sources['checkedOut'] {
  const found = { whole: new Set<string>(), part: new Set<string>() };
  if (range === null) return { whole: [], part: [] };
  for (const checkOut of checkOuts) {
    const covers = checkOutCovers(checkOut, range);
    if (covers !== 'none') found[covers].add(checkOut.certificateNo);
  }
  return { whole: [...found.whole], part: [...found.part].filter((number) => !found.whole.has(number)) };
}

function linkCase({ recordedCase, caseInName, isUndecided, isCase }: LinkQuestion): Link | null {
  if (recordedCase !== undefined) {
    return recordedCase.number === null ? null : { number: recordedCase.number, basis: recordedCase.basis };
  }
  return isUndecided && caseInName !== null && isCase(caseInName) ? { number: caseInName, basis: 'name' } : null;
}
