/**
 * The filters of the clip list, read from an address and written back into one. A value that is not understood is
 * left out and named, so that nobody takes an unfiltered list for a filtered one.
 */
import { isCalendarDate } from '../domain/station-time.ts';
import type { ClipQuery } from './web-station.ts';

export const clipsPageSize = 50;
const searchLengthMax = 200;
const pageMax = 1_000_000;

export const clipKinds = ['video', 'audio', 'picture', 'track', 'log', 'other'] as const;
export const lackings = ['officer', 'case', 'finding'] as const;

export type FilterName = 'day' | 'kind' | 'search' | 'lacking';

export interface ReadClipsQuery {
  readonly query: ClipQuery;
  readonly ignored: readonly FilterName[];
}

export function readClipsQuery(params: URLSearchParams): ReadClipsQuery {
  const ignored: FilterName[] = [];
  const read = <T extends string>(name: FilterName, accept: (text: string) => text is T): T | undefined => {
    const text = params.get(name)?.trim() ?? '';
    if (text === '') return undefined;
    if (accept(text)) return text;
    ignored.push(name);
    return undefined;
  };
  const page = /^[1-9]\d{0,6}$/.test(params.get('page') ?? '') ? Number(params.get('page')) : 1;
  const query: ClipQuery = {
    page: Math.min(page, pageMax),
    pageSize: clipsPageSize,
    kind: read('kind', (text): text is string => clipKinds.some((kind) => kind === text)),
    day: read('day', (text): text is string => isCalendarDate(text)),
    search: read('search', (text): text is string => text.length <= searchLengthMax),
    lacking: read('lacking', (text): text is (typeof lackings)[number] => lackings.some((known) => known === text)),
  };
  return { query, ignored };
}

export function isFiltered({ kind, day, search, lacking }: ClipQuery): boolean {
  return [kind, day, search, lacking].some((value) => value !== undefined);
}

/** The address of another page of the same list. */
export function clipsAddress(query: ClipQuery, page: number): string {
  return addressOf('/clips', query, page);
}

/** A clip's own page, reached from this list: the list's filters stay in its address, for the way back. */
export function clipAddress(clip: string, query: ClipQuery): string {
  return addressOf(`/clips/${encodeURIComponent(clip)}`, query, query.page);
}

function addressOf(path: string, query: ClipQuery, page: number): string {
  const params = new URLSearchParams();
  for (const name of ['day', 'kind', 'search', 'lacking'] as const) {
    const value = query[name];
    if (value !== undefined) params.set(name, value);
  }
  if (page > 1) params.set('page', String(page));
  return params.size === 0 ? path : `${path}?${params}`;
}
