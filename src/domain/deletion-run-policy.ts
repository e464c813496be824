/**
 * Whether a clip whose time is over may go in a deletion run, and every reason why it stays. Nothing with an absurd
 * clock, without an officer or with an open question is deleted because time passed: a person has to look first.
 */

import { clockAbsurdMs } from './clock-offset.ts';

export type StayReason =
  /** Somebody may need it: nothing else matters then. */
  | 'held'
  | 'restricted'
  /** The time is not over (any more): a link, a mark or the configuration changed. */
  | 'not-over'
  /** The recorder's clock, or the time in the name, cannot be right. */
  | 'clock-absurd'
  | 'time-unknown'
  | 'no-officer'
  /** Links disagree, or name what no list has; a suggestion that nobody answered. */
  | 'link-open'
  /** The officer's certificate was not valid that day, or nobody knows. */
  | 'certificate-open'
  | 'not-probed'
  | 'original-damaged'
  | 'finding';

export interface RunQuestion {
  readonly isOver: boolean;
  readonly isHeld: boolean;
  readonly isRestricted: boolean;
  /** Findings of the clip itself, of its docking's clock, and of its links. */
  readonly findings: readonly string[];
  readonly clockFindings: readonly string[];
  readonly linkFindings: readonly string[];
  readonly hasTime: boolean;
  /** Recorded, by its own time, after it was sealed. */
  readonly isFromFuture: boolean;
  readonly hasOfficer: boolean;
  /** Null where there is no officer or no day to ask about. */
  readonly isCertificateValid: boolean | null;
  readonly isProbed: boolean;
}

/**
 * What its docking found about the clock, as far as it concerns this clip. One recording of 1970 makes the clock of the
 * whole visit absurd; it says nothing against recordings whose own time fits the day on which they were sealed. Times
 * that contradict each other without such a one leave all of them open.
 */
export function clockDoubts(
  found: readonly string[],
  { recordedAt, sealedAt }: { readonly recordedAt: string | null; readonly sealedAt: string },
): string[] {
  const age = recordedAt === null ? Number.POSITIVE_INFINITY : Date.parse(sealedAt) - Date.parse(recordedAt);
  if (found.includes('clock-absurd')) return age > clockAbsurdMs ? [...found] : [];
  return found.filter((code) => code === 'clock-jumped');
}

const damage = new Set(['original-damaged', 'original-was-damaged', 'copy-damaged']);
const absurdTimes = ['name-time-', 'clock-'];

/** Every reason, the gravest first; empty: it may be deleted. */
export function reasonsToStay(question: RunQuestion): StayReason[] {
  const { findings } = question;
  const isTime = (code: string): boolean => absurdTimes.some((begin) => code.startsWith(begin));
  const isAbsurd = findings.some(isTime) || question.clockFindings.length > 0 || question.isFromFuture;
  const reasons: readonly (readonly [boolean, StayReason])[] = [
    [question.isHeld, 'held'],
    [question.isRestricted, 'restricted'],
    [!question.isOver, 'not-over'],
    [isAbsurd, 'clock-absurd'],
    [!question.hasTime, 'time-unknown'],
    [!question.hasOfficer, 'no-officer'],
    [question.linkFindings.length > 0, 'link-open'],
    [question.isCertificateValid === false, 'certificate-open'],
    [!question.isProbed, 'not-probed'],
    [findings.some((code) => damage.has(code)), 'original-damaged'],
    [findings.some((code) => !isTime(code) && !damage.has(code)), 'finding'],
  ];
  return reasons.filter(([applies]) => applies).map(([, reason]) => reason);
}
