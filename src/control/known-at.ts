/** `--known-at SEQ|TIME`: up to which record of the ledger a question knows, told by its number or by a time. */
import { StationError } from '../domain/errors.ts';
import { isToCome, readKnownMoment } from '../domain/known-moment.ts';
import type { Station } from '../station.ts';

/** Whether it can be read; in every zone that is the same. */
export function knownAtTrouble(text: unknown): string | undefined {
  if (typeof text !== 'string' || readKnownMoment(text, 'UTC') !== undefined) return undefined;
  return '--known-at is the sequence of a record, or a time: YYYY-MM-DD, YYYY-MM-DDTHH:MM, with or without zone';
}

/**
 * A day means its end, station time, and today what is known by now.
 * @throws StationError nothing-known when the ledger begins later, not-yet-known for a record or time that is still to come
 */
export function knownAtOf(station: Station, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const { options, ledger, registry } = station.context;
  const moment = readKnownMoment(text, options.configuration.station.timeZone);
  // `knownAtTrouble` tells before.
  if (moment === undefined) throw new RangeError(`neither a record nor a time: ${text}`);
  const lastRecord = ledger.size - 1;
  if (isToCome(moment, { lastRecord, ms: Date.now() })) {
    const message =
      'record' in moment
        ? `the ledger has no record ${moment.record} yet; the last one is ${lastRecord}`
        : `${text} is still to come`;
    throw new StationError('not-yet-known', message, { next: 'Name a record or time that has been.' });
  }
  if ('record' in moment) return moment.record;
  const known = registry.lastRecordUntil(new Date(moment.until).toISOString());
  if (known !== undefined) return known;
  throw new StationError('nothing-known', `no record of the ledger is as old as ${text}`, {
    next: 'Name a later time; the first record says when the ledger began.',
  });
}
