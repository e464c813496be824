/**
 * Up to where a question knows (known-at), as people write it: the number of a record, or a time. Which record was the
 * last one of a time, the registry says.
 */
import { dayAfter, isCalendarDate, isCalendarTime, localTimeToInstant } from './station-time.ts';

export type KnownMoment =
  | { readonly record: number }
  /** Epoch milliseconds, both the same but for a day. The last record that is not later than `until` is meant. */
  | { readonly from: number; readonly until: number };

const recordForm = /^\d{1,15}$/u;
const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/u;

/**
 * `YYYY-MM-DD` (to its end) and `YYYY-MM-DDTHH:MM[:SS]` are station time; a blank may stand for the T, and a time may
 * have a zone. Undefined when it is none of these.
 */
export function readKnownMoment(text: string, timeZone: string): KnownMoment | undefined {
  if (recordForm.test(text)) return { record: Number(text) };
  if (isCalendarDate(text)) {
    const midnight = (day: string): number => localTimeToInstant(`${day}T00:00:00`, timeZone);
    return { from: midnight(text), until: midnight(dayAfter(text)) - 1 };
  }
  const at = instantOf(text.replace(/^(\d{4}-\d{2}-\d{2}) +(?=\d)/u, '$1T'), timeZone);
  return Number.isNaN(at) ? undefined : { from: at, until: at };
}

/** What is still to come would answer otherwise once it has; of today, what is known by now is meant. */
export function isToCome(moment: KnownMoment, now: { readonly lastRecord: number; readonly ms: number }): boolean {
  return 'record' in moment ? moment.record > now.lastRecord : moment.from > now.ms;
}

function instantOf(text: string, timeZone: string): number {
  const local = /T\d{2}:\d{2}$/u.test(text) ? `${text}:00` : text;
  if (isCalendarTime(local)) return localTimeToInstant(local, timeZone);
  return instantForm.test(text) ? Date.parse(text) : Number.NaN;
}
