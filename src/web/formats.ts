/**
 * Numbers, sizes, times and rates as people read them, in one language and the station's time zone. Times come in as
 * ISO UTC; a text that is no time is shown as it came, since it is data and hiding it would help nobody.
 */
import type { Language } from '../texts/cli-texts.ts';

const dayMs = 86_400_000;
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

export class Formats {
  readonly #language: Language;
  readonly #number: Intl.NumberFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #clock: Intl.DateTimeFormat;

  constructor(language: Language, timeZone: string) {
    const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
    const month = language === 'zh' ? '2-digit' : 'short';
    const calendar = { year: 'numeric', month, day: '2-digit', calendar: 'gregory', numberingSystem: 'latn' } as const;
    this.#language = language;
    this.#number = new Intl.NumberFormat(locale);
    this.#date = new Intl.DateTimeFormat(locale, { ...calendar, timeZone });
    this.#day = new Intl.DateTimeFormat(locale, { ...calendar, timeZone: 'UTC' });
    this.#clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23', timeZone });
  }

  count(value: number): string {
    return this.#number.format(value);
  }

  /** Binary units, three significant digits. */
  bytes(value: number): string {
    const unit = unitOf(value);
    return `${inUnit(value, unit)} ${units[unit] ?? ''}`;
  }

  /** Both in the unit of the whole, which is written once. */
  bytesOf(part: number, whole: number): string {
    const unit = unitOf(whole);
    return `${inUnit(part, unit)} / ${inUnit(whole, unit)} ${units[unit] ?? ''}`;
  }

  date(iso: string): string {
    const ms = Date.parse(iso);
    return Number.isNaN(ms) ? iso : this.#date.format(ms).replaceAll('/', '-');
  }

  clock(iso: string): string {
    const ms = Date.parse(iso);
    return Number.isNaN(ms) ? iso : this.#clock.format(ms);
  }

  dateTime(iso: string): string {
    return Number.isNaN(Date.parse(iso)) ? iso : `${this.date(iso)} ${this.clock(iso)}`;
  }

  /** A calendar day `YYYY-MM-DD`, which has no zone. */
  day(day: string): string {
    const ms = Date.parse(`${day}T00:00:00Z`);
    return Number.isNaN(ms) ? day : this.#day.format(ms).replaceAll('/', '-');
  }

  /** Length of a recording, `1:02:03` or `2:03`. */
  length(durationMs: number): string {
    const seconds = Math.round(durationMs / 1000);
    const two = (value: number): string => String(value).padStart(2, '0');
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  }

  /** An estimate: coarse on purpose, so that it does not flicker. */
  timeLeft(seconds: number): string {
    const zh = this.#language === 'zh';
    if (seconds < 60) {
      const coarse = Math.max(5, Math.ceil(seconds / 5) * 5);
      return zh ? `${coarse} 秒` : `${coarse} s`;
    }
    const minutes = Math.ceil(seconds / 60);
    if (minutes < 60) return zh ? `${minutes} 分钟` : `${minutes} min`;
    const hours = Math.floor(minutes / 60);
    return zh ? `${hours} 小时 ${minutes % 60} 分` : `${hours} h ${minutes % 60} min`;
  }

  /** One decimal; 100 % is shown only when nobody is missing. */
  rate(rate: number): string {
    const tenths = rate >= 1 ? 1000 : Math.min(999, Math.round(rate * 1000));
    return `${(tenths / 10).toFixed(1)}%`;
  }
}

/** Days from one calendar day to another; negative when `to` lies before `from`. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}

function unitOf(bytes: number): number {
  let unit = 0;
  // What would be written as 1000 belongs to the next unit.
  for (let size = bytes; size >= 999.5 && unit < units.length - 1; size /= 1024) unit += 1;
  return unit;
}

function inUnit(bytes: number, unit: number): string {
  const size = bytes / 1024 ** unit;
  return size.toFixed(unit === 0 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}
