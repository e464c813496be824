/**
 * Local time of the station and instants: file-name times, FAT times, "today", dates on the command line all go
 * through here with `station.timeZone`, whatever the machine's own zone is. It knows no clock and keeps no state
 * but the formatters that Intl makes slowly. Where a local time is missing or occurs twice (summer time, which
 * Asia/Shanghai had from 1986 to 1991) the answer is the one Temporal calls "compatible", so it never varies.
 */

const LOCAL_TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})$/u;
const LOCAL_DATE = /^(\d{4})-(\d{2})-(\d{2})$/u;
const DAY_MS = 86_400_000;

/** True when Intl knows the zone; offsets such as `+08:00` are no zones here, they would hide a change of rules. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/u.test(name)) {
    return false;
  }
  try {
    formatter(name);
    return true;
  } catch {
    return false;
  }
}

/** True for `YYYY-MM-DD` that is a day of the (proleptic Gregorian) calendar. */
export function isCalendarDate(text: string): boolean {
  const match = LOCAL_DATE.exec(text);
  return match !== null && isRealDay(Number(match[1]), Number(match[2]), Number(match[3]));
}

/** True for `YYYY-MM-DDTHH:MM:SS` that a clock can show; a leap second or 24:00:00 is none. */
export function isCalendarTime(text: string): boolean {
  const match = LOCAL_TIME.exec(text);
  return (
    match !== null &&
    isRealDay(Number(match[1]), Number(match[2]), Number(match[3])) &&
    Number(match[4]) <= 23 &&
    Number(match[5]) <= 59 &&
    Number(match[6]) <= 59
  );
}

/**
 * Epoch milliseconds of a local time `YYYY-MM-DDTHH:MM:SS`. A time that occurs twice means the first of the two; a
 * time that was skipped is moved on by the length of the gap.
 * @throws RangeError when the text is no calendar time or the zone is unknown: the caller should have checked.
 */
export function localTimeToInstant(local: string, timeZone: string): number {
  if (!isCalendarTime(local)) {
    throw new RangeError(`not a local time: ${local}`);
  }
  const asIfUtc = Date.parse(`${local}Z`);
  const before = offsetMs(asIfUtc - DAY_MS, timeZone);
  const after = offsetMs(asIfUtc + DAY_MS, timeZone);
  const fitting = [asIfUtc - before, asIfUtc - after].filter((ms) => ms + offsetMs(ms, timeZone) === asIfUtc);
  return fitting.length > 0 ? Math.min(...fitting) : asIfUtc - before;
}

/** `YYYY-MM-DDTHH:MM:SS` in the zone, fractions of a second cut off. */
export function instantToLocalTime(ms: number, timeZone: string): string {
  const seconds = Math.floor(ms / 1000) * 1000;
  return new Date(seconds + offsetMs(seconds, timeZone)).toISOString().slice(0, -5);
}

/** `YYYY-MM-DD` in the zone. */
export function instantToLocalDate(ms: number, timeZone: string): string {
  return instantToLocalTime(ms, timeZone).slice(0, -9);
}

/** The station's date, given the clock's reading. */
export function today(nowMs: number, timeZone: string): string {
  return instantToLocalDate(nowMs, timeZone);
}

function isRealDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) {
    return false;
  }
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return day <= days;
}

/** Local time minus UTC at an instant, to the second (old local mean times have odd offsets). */
function offsetMs(ms: number, timeZone: string): number {
  const parts: Record<string, string> = {};
  for (const part of formatter(timeZone).formatToParts(ms)) {
    parts[part.type] = part.value;
  }
  const year = parts.era?.startsWith('B') ? 1 - Number(parts.year) : Number(parts.year);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day));
  local.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second));
  return local.getTime() - Math.floor(ms / 1000) * 1000;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(timeZone: string): Intl.DateTimeFormat {
  let known = formatters.get(timeZone);
  if (known === undefined) {
    known = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, known);
  }
  return known;
}

/** `YYYY-MM-DD` of the next calendar day, whatever the clocks do in between. */
export function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** `YYYY-MM-DD` of the calendar day before. */
export function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}
