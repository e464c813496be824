/**
 * The clock offset: readings and files bound it so that the truth always lies within; what contradicts itself claims
 * nothing; an absurd clock corrects nothing; and a recording's corrected time holds the moment when it really began.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClockEvidence,
  type ClockFinding,
  clockAbsurdMs,
  clockToleranceMs,
  correctedTime,
  type FileTime,
  measureClock,
  middleOf,
  type OffsetRange,
} from '../../src/domain/clock-offset.ts';
import type { ClockReading, ClockSetting } from '../../src/domain/recorder-clock.ts';

const now = Date.parse('2026-11-20T08:00:00Z');
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const reading = (offsetMs: number, atMs = now, tookMs = 40): ClockReading => ({
  local: '',
  recorderMs: Math.floor((atMs + offsetMs) / 1000) * 1000,
  resolutionMs: 1000,
  startedAtMs: atMs - tookMs / 2,
  endedAtMs: atMs + tookMs / 2,
  tookMs,
});
const setting = (toldMs: number, outcome: ClockSetting['outcome'] = 'set'): ClockSetting => ({
  local: '',
  plannedAtMs: toldMs - 300,
  toldMs,
  outcome,
  problem: outcome === 'set' ? null : 'recorder-refused',
  startedAtMs: toldMs + 1,
  endedAtMs: toldMs + 21,
  tookMs: 20,
});
const file = (namedMs: number, more: Partial<FileTime> = {}): FileTime => ({
  namedMs,
  isImplausible: false,
  writtenMs: null,
  isSinceLastDocking: false,
  ...more,
});
const fresh = (namedMs: number, more: Partial<FileTime> = {}): FileTime =>
  file(namedMs, { isSinceLastDocking: true, ...more });
const evidence = (more: Partial<ClockEvidence>): ClockEvidence => ({
  reading: null,
  laterReadings: [],
  settings: [],
  files: [],
  listedAtMs: now,
  lastDockingEndedAtMs: null,
  ...more,
});
const none: OffsetRange = { atLeastMs: null, atMostMs: null };
const holds = ({ atLeastMs, atMostMs }: OffsetRange, offsetMs: number): boolean =>
  (atLeastMs === null || atLeastMs <= offsetMs) && (atMostMs === null || offsetMs <= atMostMs);

describe('a clock that was read', () => {
  test('the truth always lies within the bound, whenever in the round trip the recorder looked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -3e10, max: 3e10 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: -7200_000, max: 7200_000 }),
        (offsetMs, tookMs, moment, turnedMs) => {
          const startedAtMs = now;
          // Somebody may turn the wall clock before the recorder looks: the offset is that to either.
          const lookedAtMs = startedAtMs + tookMs * moment;
          const recorderMs = Math.floor((lookedAtMs + offsetMs) / 1000) * 1000;
          const bracket = { startedAtMs, endedAtMs: startedAtMs + tookMs + turnedMs, tookMs };
          const { offset, basis } = measureClock(
            evidence({ reading: { local: '', recorderMs, resolutionMs: 1000, ...bracket } }),
          );
          expect(basis).toBe('protocol');
          expect(holds(offset, offsetMs)).toBe(true);
        },
      ),
    );
  });

  const rows: [number, ClockFinding[]][] = [
    [0, []],
    [clockToleranceMs - 2000, []],
    [clockToleranceMs + 2000, ['clock-wrong']],
    [-clockToleranceMs - 2000, ['clock-wrong']],
    [clockAbsurdMs - day, ['clock-wrong']],
    [clockAbsurdMs + day, ['clock-absurd']],
    [-clockAbsurdMs - day, ['clock-absurd']],
    [-now, ['clock-absurd']],
  ];
  test.each(rows)('an offset of %d ms is judged %j', (offsetMs, findings) => {
    const measured = measureClock(evidence({ reading: reading(offsetMs) }));
    expect(measured.findings).toEqual(findings);
    expect(measured.offset === none || holds(measured.offset, offsetMs)).toBe(true);
    if (findings.includes('clock-absurd')) expect(measured.offset).toEqual(none);
  });

  test('a round trip of 40 ms and whole seconds make a bound of 520 ms', () => {
    expect(middleOf(measureClock(evidence({ reading: reading(2 * hour) })).offset)).toEqual({
      offsetMs: 2 * hour + 500,
      boundMs: 520,
    });
  });

  test('files that contradict the reading show that the clock jumped, and nothing is claimed', () => {
    const ahead = measureClock(evidence({ reading: reading(0), files: [file(now + hour)] }));
    expect(ahead).toMatchObject({ basis: 'protocol', offset: none, findings: ['clock-jumped'] });
    const behind = evidence({
      reading: reading(0),
      lastDockingEndedAtMs: now - day,
      files: [fresh(now - day - hour)],
    });
    expect(measureClock(behind)).toMatchObject({ offset: none, findings: ['clock-jumped'] });
    const drifted = measureClock(evidence({ reading: reading(0), files: [file(now + 20_000)] }));
    expect(drifted.findings).toEqual([]);
  });
});

describe('a clock that nobody can read', () => {
  const since = { lastDockingEndedAtMs: now - day };
  const rows: [string, Partial<ClockEvidence>, OffsetRange, ClockFinding[]][] = [
    ['nothing on the card', {}, none, []],
    ['unused for a week', { files: [file(now - 7 * day)] }, { atLeastMs: -7 * day, atMostMs: null }, []],
    ['an hour ahead', { files: [file(now + hour)] }, { atLeastMs: hour, atMostMs: null }, ['clock-ahead']],
    [
      'the time of writing is later than the name, less the step of FAT',
      { files: [file(now - hour, { writtenMs: now - minute })] },
      { atLeastMs: -minute - 2000, atMostMs: null },
      [],
    ],
    [
      'recorded since the last docking, so not two hours behind',
      { ...since, files: [fresh(now - 3 * hour), fresh(now - day + 2 * hour), file(now - 30 * day)] },
      { atLeastMs: -3 * hour, atMostMs: 2 * hour + 1000 },
      [],
    ],
    [
      'an hour behind',
      { ...since, files: [fresh(now - day - hour)] },
      { atLeastMs: -day - hour, atMostMs: -hour + 1000 },
      ['clock-behind'],
    ],
    [
      'bounds that cross by a drift',
      { ...since, files: [fresh(now - day - 1000), fresh(now + 10_000)] },
      { atLeastMs: -clockToleranceMs, atMostMs: 10_000 + clockToleranceMs },
      [],
    ],
    ['bounds that contradict', { ...since, files: [fresh(now - day - hour), fresh(now)] }, none, ['clock-jumped']],
    ['2099', { files: [file(now + 73 * 365 * day)] }, none, ['clock-absurd']],
    [
      'a name that the table doubts',
      { files: [file(now - 10 * 365 * day, { isImplausible: true })] },
      none,
      ['clock-absurd'],
    ],
    ['2000 since the last docking', { ...since, files: [fresh(Date.parse('2000-01-01'))] }, none, ['clock-absurd']],
    [
      'three years old, but nobody knows when it was recorded',
      { ...since, files: [file(now - 3 * 365 * day)] },
      { atLeastMs: -3 * 365 * day, atMostMs: null },
      [],
    ],
    [
      'sane in the morning, reset at noon',
      { ...since, files: [fresh(now - 5 * hour), fresh(Date.parse('2013-01-01'), { isImplausible: true })] },
      none,
      ['clock-absurd', 'clock-jumped'],
    ],
    ['written after the clock was set', { settings: [setting(now - 5000)], files: [file(now - 3000)] }, none, []],
    [
      'the setting, not the listing, is when the clock was last seen',
      { settings: [setting(now - hour)], files: [file(now - 3 * hour)] },
      { atLeastMs: -2 * hour - 21, atMostMs: null },
      [],
    ],
  ];
  test.each(rows)('%s', (_what, more, offset, findings) => {
    const measured = measureClock(evidence(more));
    expect(measured.offset).toEqual(offset);
    expect(measured.findings).toEqual(findings);
  });
});

describe('the corrected time of a recording', () => {
  test('two hours late is put right', () => {
    const measured = measureClock(evidence({ reading: reading(2 * hour) }));
    const corrected = correctedTime(file(now + hour), measured, now);
    expect(corrected).toEqual({ earliestMs: now - hour - 1020, latestMs: now - hour + 1020 });
  });

  test('a lower bound alone says from when on it cannot be', () => {
    const measured = measureClock(evidence({ files: [file(now + hour)] }));
    expect(correctedTime(file(now), measured, now)).toEqual({ earliestMs: null, latestMs: now - hour + 1000 });
    expect(correctedTime(file(now + hour), measured, now)).toEqual({ earliestMs: null, latestMs: now });
  });

  test('an absurd time, an absurd clock and a clock that jumped correct nothing', () => {
    const sane = measureClock(evidence({ reading: reading(0) }));
    expect(correctedTime(file(now, { isImplausible: true }), sane, now)).toBeNull();
    expect(correctedTime(file(now), measureClock(evidence({ reading: reading(-now) })), now)).toBeNull();
    const jumped = measureClock(evidence({ reading: reading(0), files: [file(now + hour)] }));
    expect(correctedTime(file(now - hour), jumped, now)).toBeNull();
    expect(correctedTime(file(now), measureClock(evidence({})), now)).toBeNull();
  });

  test('what may be from before or after the setting is given room for both', () => {
    // Ahead by an hour until it was set two hours ago, while it recorded on.
    const set = now - 2 * hour;
    const measured = measureClock(evidence({ reading: reading(hour, set - 1000), settings: [setting(set)] }));
    const after = correctedTime(file(set + 10 * minute), measured, now);
    expect(after?.earliestMs).toBeLessThanOrEqual(set - 50 * minute);
    expect(after?.latestMs).toBeGreaterThanOrEqual(set + 10 * minute);
    // Too late to be from before.
    const surely = correctedTime(file(set + 90 * minute), measured, now);
    expect(surely?.earliestMs).toBeGreaterThan(set + 89 * minute);
    // Behind by an hour: what is named before the setting can only be from before it.
    const late = measureClock(evidence({ reading: reading(-hour, set - 1000), settings: [setting(set)] }));
    expect(correctedTime(file(set - 90 * minute), late, now)?.latestMs).toBeLessThan(set - 29 * minute);
  });

  test('the moment when a simulated recorder began lies in it, with and without protocol, set once, twice or never', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { begins, observed } = simulate(world);
        const measured = measureClock(observed);
        for (const [at, ms] of begins.entries()) {
          const corrected = correctedTime(observed.files[at] ?? file(0), measured, now);
          expect(corrected?.earliestMs ?? ms).toBeLessThanOrEqual(ms);
          expect(corrected?.latestMs ?? ms).toBeGreaterThanOrEqual(ms);
        }
        if (world.setAt.length > 0) return;
        expect(measured.findings).not.toContain('clock-jumped');
        expect(holds(measured.offset, world.offsetMs)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

/** A recorder between two dockings: how far off its clock is, when it recorded, when it was told the time, if it took it. */
const worlds = fc.record({
  offsetMs: fc.integer({ min: -200 * day, max: 200 * day }),
  betweenMs: fc.integer({ min: minute, max: 60 * day }),
  beginnings: fc.array(fc.double({ min: 0.001, max: 0.999, noNaN: true }), { minLength: 1, maxLength: 8 }),
  setAt: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 2 }),
  takesTime: fc.boolean(),
  hasProtocol: fc.boolean(),
  hasLastDocking: fc.boolean(),
  /** Of the recorder's second when it is told a time. */
  subsecondMs: fc.integer({ min: 0, max: 900 }),
});

function simulate(world: typeof worlds extends fc.Arbitrary<infer W> ? W : never) {
  const { offsetMs, betweenMs, takesTime, hasProtocol, hasLastDocking, subsecondMs } = world;
  const from = now - betweenMs;
  const sets = world.setAt.map((part) => Math.ceil((from + part * (betweenMs - 30_000)) / 1000) * 1000);
  sets.sort((a, b) => a - b);
  const [first] = sets;
  const clockAt = (ms: number): number =>
    takesTime && first !== undefined && ms > first + 10 ? ms + subsecondMs : ms + offsetMs;
  const begins = world.beginnings.map((part) => Math.round(from + part * betweenMs));
  const files = begins.map((ms) =>
    file(Math.floor(clockAt(ms) / 1000) * 1000, {
      writtenMs: Math.floor(clockAt(Math.min(ms + 10 * minute, now - 1)) / 2000) * 2000,
      isSinceLastDocking: hasLastDocking,
    }),
  );
  const observed = evidence({
    reading: hasProtocol ? reading(offsetMs, (first ?? now) - 100) : null,
    settings: sets.map((toldMs) => setting(toldMs, takesTime ? 'set' : 'failed')),
    files,
    lastDockingEndedAtMs: hasLastDocking ? from : null,
  });
  return { begins, observed };
}
