/** `--known-at SEQ|TIME`: up to which record of the ledger a question knows, told by its number or by a time. */
import { StationError } from '../domain/errors.ts';
import { dayAfter, isCalendarDate, isCalendarTime, localTimeToInstant } from '../domain/station-time.ts';
import type { Station } from '../station.ts';

const instantForm = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/u;

export function knownAtTrouble(text: unknown): string | undefined {
  if (typeof text !== 'string' || /^\d{1,15}$/u.test(text) || isCalendarDate(text)) return undefined;
  if (isCalendarTime(withSeconds(text)) || (instantForm.test(text) && !Number.isNaN(Date.parse(text))))
    return undefined;
  return '--known-at is the sequence of a record, or a time: YYYY-MM-DD, YYYY-MM-DDTHH:MM, with or without zone';
}

/**
 * A day means its end, station time, and today what is known by now.
 * @throws StationError nothing-known when the ledger begins later, not-yet-known for a record or time that is still to come
 */
export function knownAtOf(station: Station, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/u.test(text)) return recordOf(station, Number(text));
  const { timeZone } = station.context.options.configuration.station;
  // What is still to come would answer otherwise tomorrow.
  if (isCalendarDate(text) ? text > station.today() : instantOf(text, timeZone) > Date.now()) {
    throw new StationError('not-yet-known', `${text} is still to come`, {
      next: 'Name a record or time that has been.',
    });
  }
  const known = station.context.registry.lastRecordUntil(new Date(instantOf(text, timeZone)).toISOString());
  if (known !== undefined) return known;
  throw new StationError('nothing-known', `no record of the ledger is as old as ${text}`, {
    next: 'Name a later time; the first record says when the ledger began.',
  });
}

function recordOf(station: Station, sequence: number): number {
  const last = station.context.ledger.size - 1;
  if (sequence <= last) return sequence;
  throw new StationError('not-yet-known', `the ledger has no record ${sequence} yet; the last one is ${last}`, {
    next: 'Name a record that is there.',
  });
}

function instantOf(text: string, timeZone: string): number {
  if (instantForm.test(text)) return Date.parse(text);
  if (isCalendarDate(text)) return localTimeToInstant(`${dayAfter(text)}T00:00:00`, timeZone) - 1;
  return localTimeToInstant(withSeconds(text), timeZone);
}

const withSeconds = (text: string): string => (/T\d{2}:\d{2}$/u.test(text) ? `${text}:00` : text);
