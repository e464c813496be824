/**
 * Goal: a local time means one instant, always the same one, whatever zone the machine is set to and whether summer
 * time skipped or repeated that hour.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  instantToLocalDate,
  instantToLocalTime,
  isCalendarDate,
  isCalendarTime,
  isTimeZone,
  localTimeToInstant,
  today,
} from '../../src/domain/station-time.ts';

const shanghai = 'Asia/Shanghai';

describe('station time', () => {
  test.each([
    ['an ordinary day', '2026-08-04T10:00:00', shanghai, '2026-08-04T02:00:00Z'],
    ['a reset clock', '1970-01-01T00:00:00', shanghai, '1969-12-31T16:00:00Z'],
    ['summer time in Shanghai', '1988-07-01T12:00:00', shanghai, '1988-07-01T03:00:00Z'],
    ['an hour skipped in Shanghai, moved on by the gap', '1986-05-04T02:30:00', shanghai, '1986-05-03T18:30:00Z'],
    ['the last second before the gap', '1986-05-04T01:59:59', shanghai, '1986-05-03T17:59:59Z'],
    ['an hour that came twice in Shanghai, the first one', '1986-09-14T01:30:00', shanghai, '1986-09-13T16:30:00Z'],
    ['the second after the repeated hour', '1986-09-14T02:00:00', shanghai, '1986-09-13T18:00:00Z'],
    ['local mean time before zones', '1900-01-01T00:00:00', shanghai, '1899-12-31T15:54:17Z'],
    ['a gap of summer time in New York', '2026-03-08T02:30:00', 'America/New_York', '2026-03-08T07:30:00Z'],
    ['a repeated hour in New York', '2026-11-01T01:30:00', 'America/New_York', '2026-11-01T05:30:00Z'],
    ['half an hour of summer time', '2026-10-04T02:15:00', 'Australia/Lord_Howe', '2026-10-03T15:45:00Z'],
    ['a whole day that Samoa skipped', '2011-12-30T12:00:00', 'Pacific/Apia', '2011-12-30T22:00:00Z'],
    ['a year of the far future', '2099-12-31T23:59:59', shanghai, '2099-12-31T15:59:59Z'],
    ['the year zero', '0000-02-29T12:00:00', 'UTC', '0000-02-29T12:00:00Z'],
  ])('%s: %s', (_what, local, zone, instant) => {
    expect(new Date(localTimeToInstant(local, zone)).toISOString()).toBe(instant.replace('Z', '.000Z'));
  });

  test('going there and back changes nothing but skipped times', () => {
    const zone = fc.constantFrom(shanghai, 'UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia');
    const seconds = fc.integer({ min: -2_200_000_000, max: 4_100_000_000 });
    fc.assert(
      fc.property(seconds, zone, (second, name) => {
        const local = instantToLocalTime(second * 1000, name);
        const back = localTimeToInstant(local, name);
        expect(instantToLocalTime(back, name)).toBe(local);
        expect(back).toBeLessThanOrEqual(second * 1000);
      }),
      { numRuns: 2000 },
    );
  });

  test('the date turns at midnight of the station, not of UTC', () => {
    const beforeMidnight = Date.parse('2026-12-31T15:59:59.999Z');
    expect(instantToLocalDate(beforeMidnight, shanghai)).toBe('2026-12-31');
    expect(today(beforeMidnight + 1, shanghai)).toBe('2027-01-01');
    expect(instantToLocalTime(-1, 'UTC')).toBe('1969-12-31T23:59:59');
  });

  test.each([
    ['2024-02-29T23:59:59', true],
    ['2000-02-29T00:00:00', true],
    ['1900-02-29T00:00:00', false],
    ['2026-02-29T00:00:00', false],
    ['2026-04-31T00:00:00', false],
    ['2026-13-01T00:00:00', false],
    ['2026-00-01T00:00:00', false],
    ['2026-01-00T00:00:00', false],
    ['2026-01-01T24:00:00', false],
    ['2026-01-01T12:60:00', false],
    ['2016-12-31T23:59:60', false],
    ['2026-01-01 12:00:00', false],
    ['2026-1-1T12:00:00', false],
    ['2026-01-01T12:00:00Z', false],
  ])('%s is a calendar time: %s', (text, expected) => {
    expect(isCalendarTime(text)).toBe(expected);
  });

  test('a date is a day that exists', () => {
    expect(['2026-12-31', '2024-02-29'].every(isCalendarDate)).toBe(true);
    expect(['2026-02-30', '20261231', '2026-12-31T00:00:00', ''].some(isCalendarDate)).toBe(false);
  });

  test('zones are names that Intl knows, not offsets', () => {
    expect(['Asia/Shanghai', 'UTC', 'Asia/Urumqi'].every(isTimeZone)).toBe(true);
    expect(['Asia/Peking2', '+08:00', '', 'China'].some(isTimeZone)).toBe(false);
  });

  test('a text that is no time is a broken invariant', () => {
    expect(() => localTimeToInstant('2026-02-30T00:00:00', shanghai)).toThrow(RangeError);
  });
});
