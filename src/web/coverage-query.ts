/**
 * What the coverage pages are asked, read from an address: profile, day, unit, known-at, filters, order and page, each
 * with the answer that most people want when it is not given (the first profile, today, all units, the gaps).
 */
import type { CoverageListAsked, CoverageSort, ListReason } from '../domain/coverage-questions.ts';
import { gapReasons, outOfPopulationReasons, useReasons, type VerdictStatus } from '../domain/coverage-verdict.ts';
import { isToCome, readKnownMoment } from '../domain/known-moment.ts';
import { findCalendarDate } from '../domain/people-facts.ts';
import type { WebStation } from './web-station.ts';

export interface CoverageView {
  readonly asked: CoverageListAsked & { readonly profile: string };
  /** `all`: everybody who is in the roster. */
  readonly status: VerdictStatus | 'all';
}

const unitLengthMax = 200;
const pageSize = 100;
const pagesMax = 1_000_000;
const statuses: readonly CoverageView['status'][] = ['gap', 'covered', 'counted', 'out', 'all'];
export const coverageSorts: readonly CoverageSort[] = ['unit', 'certificate', 'name', 'reason', 'since'];
export const listReasons: readonly ListReason[] = [...gapReasons, ...outOfPopulationReasons, ...useReasons];

export type CoverageParameter = 'profile' | 'as-of' | 'unit' | 'known-at' | 'page' | 'status' | 'reason' | 'sort';

/** What is wrong about an address. */
export interface WrongQuery {
  readonly wrong: readonly CoverageParameter[];
}

/** Says which are wrong when anything is not what it should be: a wrong answer would look like a right one. */
export function readCoverageQuery(params: URLSearchParams, station: WebStation): CoverageView | WrongQuery {
  const profiles = station.profiles();
  const profile = profiles.find(({ name }) => name === (params.get('profile') ?? profiles[0]?.name))?.name;
  const asOf = findCalendarDate(params.get('as-of') || station.today());
  const unit = params.get('unit') ?? '';
  const knownAt = knownAtOf(params.get('known-at')?.trim() ?? '', station);
  const page = wholeNumber(params.get('page'), 1, pagesMax);
  const status = oneOf(params.get('status'), statuses, 'gap');
  const reason = oneOf(params.get('reason'), listReasons, null);
  const sort = oneOf(params.get('sort'), coverageSorts, 'unit');
  const read = { profile, 'as-of': asOf, 'known-at': knownAt, page, status, reason, sort };
  const unread = Object.entries(read).flatMap(([name, value]) =>
    value === undefined ? [name as keyof typeof read] : [],
  );
  const wrong: CoverageParameter[] = unit.length > unitLengthMax ? [...unread, 'unit'] : unread;
  if (wrong.length > 0 || profile === undefined || asOf === undefined) return { wrong };
  const shown = statusOf(status as CoverageView['status'], reason ?? undefined);
  return {
    status: shown,
    asked: {
      profile,
      asOf,
      unit: unit === '' ? undefined : unit,
      knownAt: knownAt ?? undefined,
      status: shown === 'all' ? undefined : shown,
      reason: reason ?? undefined,
      sort: sort as CoverageSort,
      descending: params.get('dir') === 'desc',
      page: page ?? 1,
      pageSize,
    },
  };
}

/** A reason is one of gaps, of not counting or of not being used: whoever chooses it means those people. */
function statusOf(status: CoverageView['status'], reason: ListReason | undefined): CoverageView['status'] {
  if (reason === undefined || status === 'all') return status;
  if (gapReasons.some((one) => one === reason)) return 'gap';
  return useReasons.some((one) => one === reason) ? 'covered' : 'out';
}

/** The record, also of a time: an address says the same tomorrow. Null: now; undefined: no such record. */
function knownAtOf(text: string, { timeZone, coverage }: WebStation): number | null | undefined {
  if (text === '') return null;
  const moment = readKnownMoment(text, timeZone);
  const now = { lastRecord: coverage.lastRecord(), ms: Date.now() };
  if (moment === undefined || isToCome(moment, now)) return undefined;
  return 'record' in moment ? moment.record : coverage.lastRecordUntil(new Date(moment.until).toISOString());
}

/** Null when it is not given, undefined when it is no such number. */
function wholeNumber(text: string | null, min: number, max: number): number | null | undefined {
  if (text === null || text === '') return null;
  const value = /^\d{1,16}$/u.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

function oneOf<T, D>(text: string | null, known: readonly T[], otherwise: D): T | D | undefined {
  return text === null || text === '' ? otherwise : known.find((word) => word === text);
}

export interface AddressChange {
  readonly unit?: string | null;
  readonly status?: CoverageView['status'];
  readonly reason?: ListReason | null;
  readonly sort?: CoverageSort;
  readonly descending?: boolean;
  readonly page?: number;
}

/** The same question with something changed; what is as most people want it is left out. A change begins at page 1. */
export function coverageAddress(path: string, { asked, status }: CoverageView, change: AddressChange = {}): string {
  const params = new URLSearchParams({ profile: asked.profile, 'as-of': asked.asOf });
  const unit = change.unit === undefined ? asked.unit : change.unit;
  const reason = change.reason === undefined ? asked.reason : change.reason;
  const sort = change.sort ?? asked.sort ?? 'unit';
  const chosen = change.status ?? status;
  if (unit) params.set('unit', unit);
  if (asked.knownAt !== undefined) params.set('known-at', String(asked.knownAt));
  if (chosen !== 'gap') params.set('status', chosen);
  if (reason) params.set('reason', reason);
  if (sort !== 'unit') params.set('sort', sort);
  if (change.descending ?? asked.descending) params.set('dir', 'desc');
  if (change.page !== undefined && change.page > 1) params.set('page', String(change.page));
  return `${path}?${params}`;
}
