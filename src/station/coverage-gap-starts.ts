/**
 * Since when gaps are open by an older state of knowledge, of which no cache may have been made: the people who are asked
 * about are worked out alone. The station goes on answering in between.
 */
import { setImmediate as pause } from 'node:timers/promises';
import { firstDaysOf, personsBehind, surroundingsOf } from '../coverage/coverage-source.ts';
import { batches } from '../coverage/person-batches.ts';
import type { CoverageProfile } from '../domain/coverage-profile.ts';
import type { CoverageWaiting } from '../domain/coverage-questions.ts';
import { type PersonSurroundings, spansOfPerson } from '../domain/coverage-spans.ts';
import type { OfficerVerdict } from '../domain/coverage-verdict.ts';
import { dayNumber } from '../domain/day-number.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import type { CoverageQueries } from '../registry/coverage-queries.ts';
import { openGapSince } from './coverage-changes.ts';

export interface GapStartsAsked {
  readonly source: CoverageQueries;
  readonly profile: CoverageProfile;
  readonly useDays: number;
  readonly asOf: CalendarDate;
  readonly verdicts: readonly OfficerVerdict[];
}

/** First day of each open gap by certificate; who has none, or has had it for ever, is absent. */
export async function gapStarts(
  { source, profile, useDays, asOf, verdicts }: GapStartsAsked,
  { onProgress, signal }: CoverageWaiting = {},
): Promise<Map<string, CalendarDate>> {
  const starts = new Map<string, CalendarDate>();
  const terms = { profiles: [profile], useDays, first: firstDaysOf(source) };
  const day = dayNumber(asOf);
  const gaps = verdicts.filter(({ gap }) => gap !== null);
  let done = 0;
  for (const batch of batches(gaps)) {
    signal?.throwIfAborted();
    const known = source.officerVersions(batch.map(({ certificateNo }) => certificateNo));
    const persons = [...personsBehind(source, known)];
    const around = surroundingsOf(
      source,
      persons.map(([, certificates]) => certificates),
    );
    const since = new Map(
      persons.map(([person], at) => {
        const spans = spansOfPerson(around[at] as PersonSurroundings, terms, () => 0);
        return [person, openGapSince(spans.map(coded), day)] as const;
      }),
    );
    for (const { person, certificateNo } of batch) {
      const from = since.get(person) ?? null;
      if (from !== null) starts.set(certificateNo, from);
    }
    done += batch.length;
    onProgress?.(done, gaps.length);
    await pause();
  }
  return starts;
}

/** Of the one profile that was asked about. */
const coded = <S extends { readonly codes: readonly number[] }>(span: S) => ({
  ...span,
  code: span.codes[0] as number,
});
