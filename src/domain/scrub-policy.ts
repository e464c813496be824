/**
 * When and how much is scrubbed. A subset is a fraction of all originals; which ones is a rotation in the order of
 * digests that goes on where the last scrub of that place ended, so that N scrubs of 1/N read everything once.
 */

export interface ScrubSubset {
  readonly parts: number;
  readonly of: number;
}

/** `1/30`; undefined when the text is no fraction from 1/1000 up to 1. */
export function parseSubset(text: string): ScrubSubset | undefined {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text);
  const [parts, of] = [Number(match?.[1]), Number(match?.[2])];
  return match !== null && parts >= 1 && of >= parts && of <= 1000 ? { parts, of } : undefined;
}

/** Rounded up, so that N scrubs of 1/N never leave one out. */
export const originalsOfSubset = (originals: number, { parts, of }: ScrubSubset): number =>
  Math.ceil((originals * parts) / of);

export interface ScrubClock {
  /** Hours since the last scrub ended; where there was none, since the ledger began. */
  readonly hoursSince: number;
  /** Hour of the day in station time, and the one in which scrubs are wanted. */
  readonly hour: number;
  readonly wantedHour: number;
}

/** A station that is switched off at night is scrubbed when it is on: after two days without a scrub at any hour. */
export function isScrubDue({ hoursSince, hour, wantedHour }: ScrubClock): boolean {
  return (hour === wantedHour && hoursSince >= 12) || hoursSince >= 48;
}
