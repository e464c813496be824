/**
 * What the coverage page is asked, read from an address: profile, day and unit, each with the answer that most people
 * want when it is not given (the first profile, today, all units).
 */
import { isCalendarDate } from '../domain/station-time.ts';
import type { CoverageQuery, WebStation } from './web-station.ts';

export interface CoverageAsked {
  readonly query: CoverageQuery;
}

const unitLengthMax = 200;

/** Undefined when the profile is not known or the day is not one: a wrong answer would look like a right one. */
export function readCoverageQuery(params: URLSearchParams, station: WebStation): CoverageAsked | undefined {
  const profiles = station.profiles();
  const profile = params.get('profile') ?? profiles[0]?.name;
  const asOf = params.get('as-of') || station.today();
  const unit = params.get('unit') ?? '';
  if (!profiles.some(({ name }) => name === profile) || profile === undefined) return undefined;
  if (!isCalendarDate(asOf) || unit.length > unitLengthMax) return undefined;
  return { query: { profile, asOf, unit: unit === '' ? undefined : unit } };
}

export function coverageAddress(path: string, { profile, asOf, unit }: CoverageQuery): string {
  const params = new URLSearchParams({ profile, 'as-of': asOf });
  if (unit !== undefined) params.set('unit', unit);
  return `${path}?${params}`;
}
