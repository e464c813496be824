/**
 * Goal: which acts are to be seen on a recording and where it breaks off, with clock errors: certain where the same
 * clock timed both clips, only possible where the error could explain it; acts without an end, or with a day alone.
 */
import { describe, expect, it } from 'vitest';
import { loadActList } from '../../src/config/case-tables.ts';
import { actRecordings, type TimedClip } from '../../src/domain/act-recordings.ts';
import { clipTimeOf, overlaps } from '../../src/domain/clip-time.ts';
import type { CaseAct } from '../../src/domain/people-facts.ts';
import { dayAfter } from '../../src/domain/station-time.ts';

const list = loadActList(null);
const tolerance = { breakMs: 10_000, edgeMs: 120_000 };
/** Local time of a station in UTC keeps the figures readable. */
const ms = (clock: string): number => Date.parse(`2026-03-10T${clock}Z`);
const time = (clock: string) => ({ local: `2026-03-10T${clock}`, utc: `2026-03-10T${clock}.000Z` });
const act = (code: string, from: string, until?: string): CaseAct => ({
  act: code,
  from: time(from),
  ...(until === undefined ? {} : { until: time(until) }),
});
const clip = (name: string, from: string, until: string, { doubtS = 0, clock = 'A' } = {}): TimedClip => ({
  clip: name,
  clock,
  time: {
    startMs: [ms(from) - doubtS * 1000, ms(from) + doubtS * 1000],
    endMs: [ms(until) - doubtS * 1000, ms(until) + doubtS * 1000],
    basis: 'corrected',
  },
});
const of = (acts: readonly CaseAct[], clips: readonly TimedClip[], byReview = new Map<string, readonly string[]>()) =>
  actRecordings({ facts: { kind: '行政检查', acts }, list, clips, byReview, tolerance });
const first = (...args: Parameters<typeof of>) => of(...args)[0];
const inquiry = act('inquiry', '09:30:00', '10:00:00');

describe('clip times', () => {
  const base = {
    recordedAt: '2026-03-10T09:00:00Z',
    correctedEarliest: null,
    correctedLatest: null,
    durationMs: 60_000,
  };
  it('is the corrected range where both ends are known, not the raw time', () => {
    const corrected = { correctedEarliest: '2026-03-10T07:00:00Z', correctedLatest: '2026-03-10T07:00:10Z' };
    expect(clipTimeOf({ ...base, ...corrected })).toEqual({
      startMs: [ms('07:00:00'), ms('07:00:10')],
      endMs: [ms('07:01:00'), ms('07:01:10')],
      basis: 'corrected',
    });
  });

  it('is the raw time where nothing contradicts it, and unknown where something does', () => {
    expect(clipTimeOf(base)?.basis).toBe('raw');
    expect(clipTimeOf({ ...base, correctedLatest: '2026-03-10T09:00:00Z' })?.basis).toBe('raw');
    expect(clipTimeOf({ ...base, correctedLatest: '2026-03-10T08:59:59Z' })).toBeUndefined();
    expect(clipTimeOf({ ...base, correctedEarliest: '2026-03-10T09:00:01Z' })).toBeUndefined();
    expect(clipTimeOf({ ...base, recordedAt: null })).toBeUndefined();
  });

  it.each([
    ['08:00:00', '08:59:00', 'no'],
    ['08:00:00', '08:59:55', 'perhaps'],
    ['08:00:00', '09:30:00', 'sure'],
    ['10:00:05', '11:00:00', 'perhaps'],
  ])('a clip from %s to %s, ten seconds unsure, touches the hour: %s', (from, until, certainty) => {
    const { time: range } = clip('c', from, until, { doubtS: 10 });
    expect(overlaps(range, [ms('09:00:00'), ms('10:00:00')])).toBe(certainty);
  });
});

describe('acts', () => {
  it('is recorded by one clip over all of it, without a break', () => {
    expect(first([inquiry], [clip('a', '09:29:50', '10:00:30')])).toMatchObject({
      ref: 'inquiry@2026-03-10T09:30:00',
      state: 'recorded',
      clips: [{ clip: 'a', certainty: 'sure' }],
      breaks: [],
    });
  });

  it('is not recorded when no clip touches it', () => {
    expect(first([inquiry], [clip('a', '11:00:00', '12:00:00')])).toMatchObject({ state: 'not-recorded', clips: [] });
  });

  it('may be recorded when only the clock error reaches it', () => {
    const late = clip('a', '10:05:00', '10:20:00', { doubtS: 600 });
    expect(first([inquiry], [late])).toMatchObject({ state: 'perhaps' });
  });

  it('never claims more than perhaps for an act of which only the day is known', () => {
    const whole: CaseAct = { act: 'inquiry', from: { local: '2026-03-10', utc: '2026-03-10T00:00:00.000Z' } };
    expect(first([whole], [clip('a', '09:00:00', '09:10:00')])).toMatchObject({ state: 'perhaps', breaks: [] });
    expect(first([whole], [])).toMatchObject({ state: 'not-recorded' });
    const tomorrow = dayAfter('2026-03-10');
    expect(
      first(
        [{ act: 'inquiry', from: { local: tomorrow, utc: `${tomorrow}T00:00:00.000Z` } }],
        [clip('a', '09:00:00', '09:10:00')],
      ),
    ).toMatchObject({ state: 'not-recorded' });
  });

  it('lists acts that the procedure requires and the case does not date, until a reviewer names a clip', () => {
    const clips = [clip('a', '09:00:00', '09:10:00')];
    expect(of([], clips)).toMatchObject([
      { act: 'on-site-check', ref: 'on-site-check@', state: 'not-dated', isRequired: true },
    ]);
    const byReview = new Map([['on-site-check@', ['a', 'gone']]]);
    expect(of([], clips, byReview)).toMatchObject([{ state: 'recorded', clips: [{ clip: 'a', certainty: 'sure' }] }]);
  });

  it('asks for no recording of a paper', () => {
    expect(first([act('seizure-extension', '09:00:00')], [])).toMatchObject({ state: 'paper' });
  });

  it('keeps an act that the list does not know', () => {
    expect(first([act('涉水救援', '09:00:00', '09:10:00')], [])).toMatchObject({
      act: '涉水救援',
      state: 'not-recorded',
    });
  });
});

describe('breaks', () => {
  const kinds = (clips: readonly TimedClip[], acts = [inquiry]) =>
    first(acts, clips)?.breaks.map(({ kind, isSure, fromMs, untilMs }) => [kind, isSure, (untilMs - fromMs) / 1000]);

  it.each([
    ['09:45:09', []],
    ['09:45:11', [['pause', true, 11]]],
    ['09:50:00', [['pause', true, 300]]],
  ])('a second clip of the same clock at %s: %j', (from, breaks) => {
    expect(kinds([clip('a', '09:30:00', '09:45:00'), clip('b', from, '10:00:00')])).toEqual(breaks);
  });

  it('is sure between clips of one clock, whatever its error, and only possible between two clocks', () => {
    const unsure = { doubtS: 30 };
    const one = clip('a', '09:30:00', '09:45:00', unsure);
    expect(kinds([one, clip('b', '09:45:40', '10:00:00', unsure)])).toEqual([['pause', true, 40]]);
    expect(kinds([one, clip('b', '09:45:40', '10:00:00', { ...unsure, clock: 'B' })])).toEqual([['pause', false, 40]]);
    expect(kinds([one, clip('b', '09:47:00', '10:00:00', { ...unsure, clock: 'B' })])).toEqual([['pause', true, 120]]);
  });

  it('is none where a second recorder went on', () => {
    const other = clip('c', '09:40:00', '09:55:00', { clock: 'B' });
    expect(kinds([clip('a', '09:30:00', '09:45:00'), clip('b', '09:50:00', '10:00:00'), other])).toEqual([]);
  });

  it('says when a recording began late or ended early, beyond what minutes can mean', () => {
    expect(kinds([clip('a', '09:31:59', '09:58:01')])).toEqual([]);
    expect(kinds([clip('a', '09:35:00', '09:50:00')])).toEqual([
      ['begins-late', true, 300],
      ['ends-early', true, 600],
    ]);
    expect(kinds([clip('a', '09:35:00', '10:00:00', { doubtS: 240 })])).toEqual([['begins-late', false, 300]]);
  });

  it('follows the recording of an act without an end, as far as it goes on', () => {
    const seizure = act('seizure', '09:30:00');
    const clips = [
      clip('a', '09:29:00', '09:40:00'),
      clip('b', '09:40:30', '09:50:00'),
      clip('c', '11:00:00', '11:10:00'),
    ];
    expect(kinds(clips, [seizure])).toEqual([['pause', true, 30]]);
  });

  it('does not count a pause that begins after the act has ended', () => {
    expect(kinds([clip('a', '09:30:00', '10:00:30'), clip('b', '10:01:00', '10:05:00')])).toEqual([]);
  });
});
