/**
 * The filters of the list of dockings, read from an address and written back into one, as those of the clip list. A
 * value that is not understood is left out and named.
 */
import { dockingStates } from '../domain/docking-views.ts';
import { isRecorderSerial } from '../domain/ids.ts';
import { isCalendarDate } from '../domain/station-time.ts';
import type { DockingsQuery } from './web-dockings.ts';

export const dockingsPageSize = 50;
export const entriesPageSize = 100;

export type DockingFilterName = 'day' | 'slot' | 'recorder' | 'state';
const names: readonly DockingFilterName[] = ['day', 'slot', 'recorder', 'state'];

export interface ReadDockingsQuery {
  readonly query: DockingsQuery;
  readonly ignored: readonly DockingFilterName[];
}

export function readDockingsQuery(params: URLSearchParams): ReadDockingsQuery {
  const ignored: DockingFilterName[] = [];
  const read = (name: DockingFilterName, accepts: (text: string) => boolean): string | undefined => {
    const text = params.get(name)?.trim() ?? '';
    if (text === '') return undefined;
    if (accepts(text)) return text;
    ignored.push(name);
    return undefined;
  };
  const state = read('state', (text) => dockingStates.some((known) => known === text));
  const query: DockingsQuery = {
    page: pageOf(params),
    day: read('day', isCalendarDate),
    slot: read('slot', (text) => text.length <= 64),
    recorder: read('recorder', isRecorderSerial),
    state: dockingStates.find((known) => known === state),
  };
  return { query, ignored };
}

export const pageOf = (params: URLSearchParams): number =>
  /^[1-9]\d{0,5}$/.test(params.get('page') ?? '') ? Number(params.get('page')) : 1;

export const isFilteredDockings = (query: DockingsQuery): boolean => names.some((name) => query[name] !== undefined);

/** The address of another page of the same list. */
export function dockingsAddress(query: DockingsQuery, page: number): string {
  const params = new URLSearchParams();
  for (const name of names) {
    const value = query[name];
    if (value !== undefined) params.set(name, value);
  }
  if (page > 1) params.set('page', String(page));
  return params.size === 0 ? '/dockings' : `/dockings?${params}`;
}

export const dockingAddress = (docking: string, page = 1): string =>
  `/dockings/${encodeURIComponent(docking)}${page > 1 ? `?page=${page}` : ''}`;
