/**
 * The self-check of one recording (三性自查): what speaks for it being objective, relevant and lawfully collected, and
 * what does not, each with the clause that asks for it. It only ever says grounded, doubtful or still to be checked: the
 * court decides. Pure: facts in, reasons out.
 */
import type { CertificateStanding } from './certificate-standing.ts';
import type { CalendarDate } from './people-facts.ts';

export const qualities = ['objective', 'relevant', 'lawful'] as const;
export type Quality = (typeof qualities)[number];

/** 有依据, 存疑, 待核. */
export type CheckState = 'grounded' | 'doubtful' | 'pending';

export interface CheckReason {
  readonly code: CheckReasonCode;
  readonly state: CheckState;
  readonly clause: string;
  /** What the sentence names: days, numbers, names. */
  readonly values: { readonly [name: string]: string };
}

export interface QualityCheck {
  readonly quality: Quality;
  readonly state: CheckState;
  readonly reasons: readonly CheckReason[];
}

const clauses = {
  complete: '交办法〔2024〕25号 二(二)1',
  objective: '行政诉讼证据规定 71(4)',
  made: '行政诉讼证据规定 12',
  relevant: '阳交字〔2024〕93号 二(三)13',
  certified: '行政处罚法 42',
  twoOfficers: '行政处罚法 42',
  decision: '行政诉讼证据规定 60',
} as const;

const reasonCodes = {
  fixed: clauses.objective,
  'fixed-unproved': clauses.objective,
  unaltered: clauses.objective,
  'original-damaged': clauses.objective,
  'content-incomplete': clauses.complete,
  'clock-known': clauses.made,
  'clock-unknown': clauses.made,
  'clock-contradicted': clauses.made,
  'recorded-by-doubtful': clauses.made,
  linked: clauses.relevant,
  'no-case': clauses.relevant,
  'case-unknown': clauses.relevant,
  'case-differs-from-name': clauses.relevant,
  'inside-case': clauses.relevant,
  'outside-case': clauses.relevant,
  'case-span-unsure': clauses.relevant,
  'officer-not-on-case': clauses.relevant,
  'certificate-valid': clauses.certified,
  'certificate-lapsed': clauses.certified,
  'certificate-open': clauses.certified,
  'certificate-unknown': clauses.certified,
  'certificate-day-unsure': clauses.certified,
  'no-officer': clauses.certified,
  'no-recording-day': clauses.certified,
  'two-officers': clauses.twoOfficers,
  'fewer-than-two': clauses.twoOfficers,
  'two-officers-unsure': clauses.twoOfficers,
  'before-decision': clauses.decision,
  'after-decision': clauses.decision,
  'decision-unsure': clauses.decision,
  'no-decision': clauses.decision,
  'decision-date-missing': clauses.decision,
  'shows-later-act': clauses.decision,
  announced: clauses.complete,
  'not-announced': clauses.complete,
  'announcement-open': clauses.complete,
} as const;

export type CheckReasonCode = keyof typeof reasonCodes;

/** What the certificates of one officer were worth on one day of the recording. */
export interface DayStanding {
  readonly day: CalendarDate;
  readonly standing: CertificateStanding;
}

export interface ObjectiveFacts {
  /** How the copy was confirmed; `memory-fs` proves nothing. */
  readonly readBack: string;
  readonly sealedOn: CalendarDate;
  /** When the vault's copy was last read and found unaltered; null when it is damaged. */
  readonly unalteredOn: CalendarDate | null;
  /** The clock error as a bound in milliseconds; null when it is not known on both sides. */
  readonly clockBoundMs: number | null;
  readonly clockOffsetMs: number | null;
  /** Findings that contradict the recorder's clock, and those about an incomplete file. */
  readonly clockFindings: readonly string[];
  readonly contentFindings: readonly string[];
  /** The recorder was assigned to somebody else, or to several. */
  readonly recordedByDoubtful: boolean;
}

export interface CaseRelation {
  /** Null: the case list does not have it. */
  readonly known: boolean;
  readonly number: string;
  readonly basis: string;
  readonly differsFromName: boolean;
  /** The recording lies in the case's span: surely, perhaps, or not; null when its time is not known. */
  readonly inSpan: 'sure' | 'perhaps' | 'no' | null;
  /** Null when there is no officer, or the case names none. */
  readonly officerOnCase: boolean | null;
  /** For each officer of the case, what their certificate was worth on the days of the recording. */
  readonly officers: readonly { readonly certificateNo: string; readonly days: readonly DayStanding[] }[];
  readonly decision:
    | { readonly kind: 'none' | 'date-missing' }
    | { readonly kind: 'decided'; readonly local: string; readonly recording: 'before' | 'after' | 'unsure' };
  /** It shows an act that comes after the decision: service or enforcement. */
  readonly showsLaterAct: boolean;
}

export interface ClipCheckFacts {
  readonly objective: ObjectiveFacts;
  readonly case: CaseRelation | null;
  readonly officer: string | null;
  /** Days on which it may have been recorded, with the officer's standing; empty: nobody knows when. */
  readonly days: readonly DayStanding[];
  readonly time: 'corrected' | 'raw' | null;
  /** What a reviewer ticked about the announcement; null: nobody did. */
  readonly announcement: {
    readonly answer: 'yes' | 'no' | 'unclear';
    readonly by: string;
    readonly on: CalendarDate;
  } | null;
}

export function checkClip(facts: ClipCheckFacts): readonly QualityCheck[] {
  return [
    qualityOf('objective', objectiveReasons(facts.objective)),
    qualityOf('relevant', relevantReasons(facts)),
    qualityOf('lawful', [
      certificateReason(facts),
      twoOfficersReason(facts),
      decisionReason(facts),
      announcementReason(facts),
    ]),
  ];
}

/** A doubt outweighs what is open, and that outweighs what is grounded. */
export function worstState(states: readonly CheckState[]): CheckState {
  if (states.includes('doubtful')) return 'doubtful';
  return states.length === 0 || states.includes('pending') ? 'pending' : 'grounded';
}

const qualityOf = (quality: Quality, reasons: readonly CheckReason[]): QualityCheck => ({
  quality,
  state: worstState(reasons.map(({ state }) => state)),
  reasons,
});

const reason = (state: CheckState, code: CheckReasonCode, values: CheckReason['values'] = {}): CheckReason => ({
  code,
  state,
  clause: reasonCodes[code],
  values,
});

function objectiveReasons(facts: ObjectiveFacts): CheckReason[] {
  const { clockBoundMs, clockOffsetMs, unalteredOn } = facts;
  return [
    facts.readBack === 'memory-fs'
      ? reason('pending', 'fixed-unproved', { on: facts.sealedOn })
      : reason('grounded', 'fixed', { on: facts.sealedOn }),
    unalteredOn === null
      ? reason('doubtful', 'original-damaged')
      : reason('grounded', 'unaltered', { on: unalteredOn }),
    facts.clockFindings.length > 0
      ? reason('doubtful', 'clock-contradicted', { findings: facts.clockFindings.join(' ') })
      : clockBoundMs === null || clockOffsetMs === null
        ? reason('pending', 'clock-unknown')
        : reason('grounded', 'clock-known', {
            offsetSeconds: String(Math.round(clockOffsetMs / 1000)),
            boundSeconds: String(Math.ceil(clockBoundMs / 1000)),
          }),
    ...(facts.contentFindings.length > 0
      ? [reason('doubtful', 'content-incomplete', { findings: facts.contentFindings.join(' ') })]
      : []),
    ...(facts.recordedByDoubtful ? [reason('doubtful', 'recorded-by-doubtful')] : []),
  ];
}

function relevantReasons({ case: of }: ClipCheckFacts): CheckReason[] {
  if (of === null) return [reason('pending', 'no-case')];
  const values = { number: of.number, basis: of.basis };
  if (!of.known) return [reason('doubtful', 'case-unknown', values)];
  const spans = {
    sure: reason('grounded', 'inside-case', values),
    perhaps: reason('pending', 'case-span-unsure', values),
    no: reason('doubtful', 'outside-case', values),
  };
  return [
    reason('grounded', 'linked', values),
    of.inSpan === null ? spans.perhaps : spans[of.inSpan],
    ...(of.differsFromName ? [reason('doubtful', 'case-differs-from-name', values)] : []),
    ...(of.officerOnCase === false ? [reason('pending', 'officer-not-on-case', values)] : []),
  ];
}

/** What a standing says of whoever recorded: they were certified, they were not, or nobody can say. */
function certified({ kind }: CertificateStanding): CheckState {
  if (kind === 'valid') return 'grounded';
  return kind === 'open' || kind === 'unknown' ? 'pending' : 'doubtful';
}

function certificateReason({ officer, days, time }: ClipCheckFacts): CheckReason {
  if (officer === null) return reason('pending', 'no-officer');
  const [first] = days;
  if (first === undefined) return reason('pending', 'no-recording-day', { certificateNo: officer });
  const states = new Set(days.map(({ standing }) => certified(standing)));
  const lapsed = days.find(({ standing }) => certified(standing) === 'doubtful');
  const values = { certificateNo: officer, day: first.day, time: time ?? 'raw' };
  if (lapsed !== undefined) {
    const about = { ...values, day: lapsed.day, ...lapseValues(lapsed.standing) };
    return states.size === 1
      ? reason('doubtful', 'certificate-lapsed', about)
      : reason('pending', 'certificate-day-unsure', about);
  }
  if (!states.has('pending')) return reason('grounded', 'certificate-valid', values);
  const open = days.find(({ standing }) => standing.kind === 'open')?.standing;
  return open?.kind === 'open'
    ? reason('pending', 'certificate-open', {
        ...values,
        after: open.after,
        before: open.before,
        was: open.was,
        becomes: open.becomes,
      })
    : reason('pending', 'certificate-unknown', values);
}

function lapseValues(standing: CertificateStanding): { [name: string]: string } {
  switch (standing.kind) {
    case 'suspended':
    case 'withdrawn':
    case 'cancelled':
      return { standing: standing.kind, since: standing.since ?? '', until: standing.until ?? '' };
    case 'expired':
      return { standing: standing.kind, since: standing.lastDay };
    case 'not-yet-issued':
      return { standing: standing.kind, since: standing.issuedOn };
    case 'left':
      return { standing: standing.kind, since: standing.since };
    case 'replaced':
      return { standing: standing.kind, since: standing.since ?? '', by: standing.by };
    case 'valid':
    case 'open':
    case 'unknown':
      return { standing: standing.kind };
  }
}

function twoOfficersReason({ case: of }: ClipCheckFacts): CheckReason {
  if (of === null || !of.known) return reason('pending', 'two-officers-unsure', { sure: '0', named: '0' });
  const states = of.officers.map(({ days }) =>
    days.length === 0 ? 'pending' : worstOfDays(days.map(({ standing }) => certified(standing))),
  );
  const sure = states.filter((state) => state === 'grounded').length;
  const possible = sure + states.filter((state) => state === 'pending').length;
  const values = { sure: String(sure), named: String(states.length) };
  if (sure >= 2) return reason('grounded', 'two-officers', values);
  return possible < 2 ? reason('doubtful', 'fewer-than-two', values) : reason('pending', 'two-officers-unsure', values);
}

/** Days that say different things leave it open which of them it was. */
function worstOfDays(states: readonly CheckState[]): CheckState {
  return new Set(states).size === 1 ? (states[0] as CheckState) : 'pending';
}

function decisionReason({ case: of }: ClipCheckFacts): CheckReason {
  if (of === null || !of.known) return reason('pending', 'decision-unsure', { local: '' });
  const { decision } = of;
  if (decision.kind === 'none') return reason('grounded', 'no-decision');
  if (decision.kind !== 'decided') return reason('pending', 'decision-date-missing');
  const { local, recording } = decision;
  if (recording === 'before') return reason('grounded', 'before-decision', { local });
  if (of.showsLaterAct) return reason('grounded', 'shows-later-act', { local });
  return recording === 'after'
    ? reason('doubtful', 'after-decision', { local })
    : reason('pending', 'decision-unsure', { local });
}

function announcementReason({ announcement }: ClipCheckFacts): CheckReason {
  if (announcement === null || announcement.answer === 'unclear') return reason('pending', 'announcement-open');
  const { answer, by, on } = announcement;
  return answer === 'yes'
    ? reason('grounded', 'announced', { by, on })
    : reason('doubtful', 'not-announced', { by, on });
}
