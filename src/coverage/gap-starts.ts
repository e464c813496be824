/** Since when each gap of a person's history is open without a break, whatever its reason and unit were meanwhile. */
import { verdictCodes } from '../domain/coverage-codes.ts';
import { endDayNumber, type PersonSpan } from '../domain/coverage-spans.ts';

const isGap = Uint8Array.from(verdictCodes, ({ status }) => (status === 'gap' ? 1 : 0));

/** `spans`: all of one person, the earliest first. For each span and profile a day number; the last of all days: no gap. */
export function gapStarts(spans: readonly PersonSpan[], profiles: number): Int32Array[] {
  let before: PersonSpan | undefined;
  let startsBefore: Int32Array | undefined;
  return spans.map((span) => {
    const starts = new Int32Array(profiles).fill(endDayNumber);
    for (let profile = 0; profile < profiles; profile += 1) {
      if (isGap[span.codes[profile] as number] === 0) continue;
      const goesOn = before?.until === span.from && isGap[before.codes[profile] as number] === 1;
      starts[profile] = goesOn ? (startsBefore?.[profile] as number) : span.from;
    }
    before = span;
    startsBefore = starts;
    return starts;
  });
}
