/** What the pages need of the roster, in their own words; station/ hands an implementation in. */
import type { CalendarDate } from '../domain/people-facts.ts';
import type { RosterAge, RosterAnswer, RosterQuestion } from '../domain/roster-questions.ts';
import type { OfficerList, PersonDetail } from '../domain/roster-views.ts';

export interface PeopleQuery {
  readonly asOf: CalendarDate;
  /** Part of a certificate number, name, unit or post. */
  readonly search: string;
  /** Key of a unit: itself and everything below. */
  readonly unit: string | undefined;
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

export interface WebPeople {
  list(query: PeopleQuery): OfficerList;
  find(certificateNo: string, asOf: CalendarDate): PersonDetail | undefined;
  questions(): readonly RosterQuestion[];
  age(): RosterAge;
  unmappedPosts(asOf: CalendarDate): readonly { readonly post: string; readonly officers: number }[];
  /** @throws StationError officer-unknown, roster-not-asked */
  answer(request: {
    readonly certificateNo: string;
    readonly answer: RosterAnswer;
    readonly on: CalendarDate | undefined;
    readonly reason: string;
  }): Promise<void>;
}

export const personAddress = (certificateNo: string): string =>
  `/people/${encodeURIComponent(certificateNo.toWellFormed())}`;
