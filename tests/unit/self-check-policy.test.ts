/**
 * Goal: the whole truth table of the self-check: each fact changes its own reason and nothing else, a doubt outweighs
 * what is open, every reason has a clause and a sentence in both languages, and none is a verdict.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CertificateStanding } from '../../src/domain/certificate-standing.ts';
import { getCalendarDate } from '../../src/domain/people-facts.ts';
import {
  type CaseRelation,
  type CheckReason,
  type CheckState,
  type ClipCheckFacts,
  checkClip,
  type DayStanding,
  worstState,
} from '../../src/domain/self-check-policy.ts';
import { reasonSentence } from '../../src/texts/case-texts.ts';

const day = getCalendarDate('2026-03-10');
const next = getCalendarDate('2026-03-11');
const on = (standing: CertificateStanding, of = day): DayStanding => ({ day: of, standing });
const valid: CertificateStanding = { kind: 'valid' };
const suspended: CertificateStanding = { kind: 'suspended', since: next, until: null };
const open: CertificateStanding = { kind: 'open', after: day, before: next, was: 'valid', becomes: 'suspended' };
const unknown: CertificateStanding = { kind: 'unknown' };

const relation: CaseRelation = {
  known: true,
  number: '12号',
  basis: 'by-hand',
  differsFromName: false,
  inSpan: 'sure',
  officerOnCase: true,
  officers: ['1001', '1002'].map((certificateNo) => ({ certificateNo, days: [on(valid)] })),
  decision: { kind: 'decided', local: '2026-03-20', recording: 'before' },
  showsLaterAct: false,
};
const good: ClipCheckFacts = {
  objective: {
    readBack: 'direct',
    sealedOn: day,
    unalteredOn: day,
    clockBoundMs: 500,
    clockOffsetMs: -2000,
    clockFindings: [],
    contentFindings: [],
    recordedByDoubtful: false,
  },
  case: relation,
  officer: '1001',
  days: [on(valid)],
  time: 'corrected',
  announcement: { answer: 'yes', by: '赵六', on: day },
};

type Change = {
  readonly [K in keyof ClipCheckFacts]?: K extends 'objective' | 'case'
    ? Partial<NonNullable<ClipCheckFacts[K]>> | null
    : ClipCheckFacts[K];
};
function changed(change: Change): ClipCheckFacts {
  const objective = { ...good.objective, ...(change.objective ?? {}) };
  const of = change.case === null ? null : { ...relation, ...(change.case ?? {}) };
  return { ...good, ...change, objective, case: of } as ClipCheckFacts;
}
const reasonsOf = (facts: ClipCheckFacts): CheckReason[] => checkClip(facts).flatMap(({ reasons }) => reasons);
const statesOf = (facts: ClipCheckFacts): CheckState[] => checkClip(facts).map(({ state }) => state);
const officersOf = (...standings: CertificateStanding[]) =>
  standings.map((standing, index) => ({ certificateNo: String(index), days: [on(standing)] }));

describe('the truth table', () => {
  it('is grounded in all three where everything is right', () => {
    expect(statesOf(good)).toEqual(['grounded', 'grounded', 'grounded']);
  });

  it.each<[Change, string, CheckState, quality: number]>([
    [{ objective: { readBack: 'memory-fs' } }, 'fixed-unproved', 'pending', 0],
    [{ objective: { unalteredOn: null } }, 'original-damaged', 'doubtful', 0],
    [{ objective: { clockBoundMs: null } }, 'clock-unknown', 'pending', 0],
    [{ objective: { clockFindings: ['clock-jumped'] } }, 'clock-contradicted', 'doubtful', 0],
    [{ objective: { contentFindings: ['video-truncated'] } }, 'content-incomplete', 'doubtful', 0],
    [{ objective: { recordedByDoubtful: true } }, 'recorded-by-doubtful', 'doubtful', 0],
    [{ case: { known: false } }, 'case-unknown', 'doubtful', 1],
    [{ case: { differsFromName: true } }, 'case-differs-from-name', 'doubtful', 1],
    [{ case: { inSpan: 'no' } }, 'outside-case', 'doubtful', 1],
    [{ case: { inSpan: 'perhaps' } }, 'case-span-unsure', 'pending', 1],
    [{ case: { inSpan: null } }, 'case-span-unsure', 'pending', 1],
    [{ case: { officerOnCase: false } }, 'officer-not-on-case', 'pending', 1],
    [{ days: [on(suspended)] }, 'certificate-lapsed', 'doubtful', 2],
    [{ days: [on({ kind: 'expired', lastDay: day })] }, 'certificate-lapsed', 'doubtful', 2],
    [{ days: [on({ kind: 'left', since: day, reason: null })] }, 'certificate-lapsed', 'doubtful', 2],
    [{ days: [on({ kind: 'not-yet-issued', issuedOn: next })] }, 'certificate-lapsed', 'doubtful', 2],
    [{ days: [on({ kind: 'replaced', by: '2', since: day })] }, 'certificate-lapsed', 'doubtful', 2],
    [{ days: [on(open)] }, 'certificate-open', 'pending', 2],
    [{ days: [on(unknown)] }, 'certificate-unknown', 'pending', 2],
    [{ days: [on(valid), on(suspended, next)] }, 'certificate-day-unsure', 'pending', 2],
    [{ days: [on(suspended), on(suspended, next)] }, 'certificate-lapsed', 'doubtful', 2],
    [{ days: [on(valid), on(unknown, next)] }, 'certificate-unknown', 'pending', 2],
    [{ days: [] }, 'no-recording-day', 'pending', 2],
    [{ officer: null, days: [] }, 'no-officer', 'pending', 2],
    [{ case: { officers: officersOf(valid) } }, 'fewer-than-two', 'doubtful', 2],
    [{ case: { officers: [] } }, 'fewer-than-two', 'doubtful', 2],
    [{ case: { officers: officersOf(valid, suspended) } }, 'fewer-than-two', 'doubtful', 2],
    [{ case: { officers: officersOf(valid, open) } }, 'two-officers-unsure', 'pending', 2],
    [{ case: { officers: officersOf(unknown, unknown) } }, 'two-officers-unsure', 'pending', 2],
    [{ case: { decision: { kind: 'date-missing' } } }, 'decision-date-missing', 'pending', 2],
    [{ announcement: { answer: 'no', by: '赵六', on: day } }, 'not-announced', 'doubtful', 2],
    [{ announcement: { answer: 'unclear', by: '赵六', on: day } }, 'announcement-open', 'pending', 2],
    [{ announcement: null }, 'announcement-open', 'pending', 2],
  ])('%j is %s: %s', (change, code, state, quality) => {
    const facts = changed(change);
    expect(reasonsOf(facts).find((reason) => reason.code === code)).toMatchObject({ state });
    expect(statesOf(facts)[quality]).toBe(state);
  });

  it('leaves the other qualities alone where only one is touched', () => {
    expect(statesOf(changed({ objective: { unalteredOn: null } }))).toEqual(['doubtful', 'grounded', 'grounded']);
    expect(statesOf(changed({ days: [on(suspended)] }))).toEqual(['grounded', 'grounded', 'doubtful']);
  });

  it('knows three officers of whom one was suspended as two certified ones', () => {
    expect(statesOf(changed({ case: { officers: officersOf(valid, suspended, valid) } }))[2]).toBe('grounded');
  });

  it.each([
    ['before', false, 'before-decision', 'grounded'],
    ['after', false, 'after-decision', 'doubtful'],
    ['unsure', false, 'decision-unsure', 'pending'],
    ['after', true, 'shows-later-act', 'grounded'],
    ['unsure', true, 'shows-later-act', 'grounded'],
  ] as const)('a recording %s the decision, of service: %s, is %s', (recording, showsLaterAct, code, state) => {
    const facts = changed({ case: { decision: { kind: 'decided', local: '2026-03-20', recording }, showsLaterAct } });
    expect(reasonsOf(facts).find((reason) => reason.code === code)).toMatchObject({ state });
  });

  it('asks for a case first where there is none', () => {
    expect(statesOf(changed({ case: null }))).toEqual(['grounded', 'pending', 'pending']);
  });

  it('says with which clock the day of the certificate was found', () => {
    const [corrected, raw] = (['corrected', 'raw'] as const).map(
      (time) => reasonsOf(changed({ time })).find(({ code }) => code === 'certificate-valid') as CheckReason,
    );
    expect(reasonSentence(corrected as CheckReason, 'zh')).toContain('校正时间');
    expect(reasonSentence(raw as CheckReason, 'zh')).toContain('时钟误差未知');
  });
});

describe('properties', () => {
  const standing = fc.constantFrom(valid, suspended, open, unknown, { kind: 'expired', lastDay: day } as const);
  const facts = fc.record({
    bound: fc.option(fc.integer({ min: 0, max: 1e6 })),
    damaged: fc.boolean(),
    hasCase: fc.boolean(),
    known: fc.boolean(),
    inSpan: fc.constantFrom('sure' as const, 'perhaps' as const, 'no' as const, null),
    days: fc.array(standing, { maxLength: 3 }),
    officers: fc.array(standing, { maxLength: 4 }),
    recording: fc.constantFrom('before' as const, 'after' as const, 'unsure' as const),
    answer: fc.constantFrom('yes' as const, 'no' as const, 'unclear' as const, null),
  });
  const built = facts.map((of) =>
    changed({
      objective: { clockBoundMs: of.bound, unalteredOn: of.damaged ? null : day },
      case: of.hasCase
        ? {
            known: of.known,
            inSpan: of.inSpan,
            officers: officersOf(...of.officers),
            decision: { kind: 'decided', local: '2026-03-20', recording: of.recording },
          }
        : null,
      days: of.days.map((one) => on(one)),
      announcement: of.answer === null ? null : { answer: of.answer, by: '赵六', on: day },
    }),
  );

  it('a quality is as bad as its worst reason, and each reason has clause and sentences without a verdict', () => {
    fc.assert(
      fc.property(built, (of) => {
        for (const { state, reasons } of checkClip(of)) {
          expect(reasons.length).toBeGreaterThan(0);
          expect(state).toBe(worstState(reasons.map((one) => one.state)));
          for (const reason of reasons) {
            expect(reason.clause).toMatch(/\d/u);
            for (const language of ['zh', 'en'] as const) {
              const sentence = reasonSentence(reason, language);
              expect(sentence).not.toMatch(/合法|lawful|legal|undefined/u);
              expect(sentence.trim()).not.toBe('');
            }
          }
        }
      }),
    );
  });

  it('certified is said only when every day on which it may have been recorded is valid', () => {
    fc.assert(
      fc.property(built, (of) => {
        const isSaid = reasonsOf(of).some(({ code }) => code === 'certificate-valid');
        expect(isSaid).toBe(of.days.length > 0 && of.days.every(({ standing: { kind } }) => kind === 'valid'));
      }),
    );
  });
});
