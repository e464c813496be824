/**
 * Coverage in use beside paper: what became of the recorder that covers an officer since it was given to them. A
 * docking counts on the day on which it began, and as footage when something was sealed from it.
 */
import type { UseState } from './coverage-verdict.ts';
import { addDays } from './day-number.ts';
import { type AssignmentFacts, type CalendarDate, compareText } from './people-facts.ts';

export interface DockingFact {
  readonly serial: string;
  /** Station time. */
  readonly day: CalendarDate;
  readonly hasFootage: boolean;
}

export interface DockingUse {
  /** How many days back, the day itself included, a docking makes a recorder one in use. */
  readonly useDays: number;
  /** By serial, oldest first. */
  readonly bySerial: ReadonlyMap<string, readonly DockingFact[]>;
}

export function dockingUse(useDays: number, dockings: readonly DockingFact[]): DockingUse {
  const bySerial = Map.groupBy(dockings, ({ serial }) => serial);
  for (const list of bySerial.values()) list.sort((a, b) => compareText(a.day, b.day));
  return { useDays, bySerial };
}

/** Dockings of before the assignment were somebody else's, or nobody's: they say nothing of this officer. */
export function useOf(
  { serial, from }: Pick<AssignmentFacts, 'serial' | 'from'>,
  asOf: CalendarDate,
  { useDays, bySerial }: DockingUse,
): UseState {
  const list = bySerial.get(serial) ?? [];
  const recentFrom = addDays(asOf, 1 - useDays);
  const last = lastUpTo(list, asOf);
  const latest = list[last];
  if (latest === undefined || latest.day < from) return 'never-docked';
  if (latest.day < recentFrom) return 'not-docked-lately';
  for (let at = last; at >= 0; at -= 1) {
    const docking = list[at] as DockingFact;
    if (docking.day < from || docking.day < recentFrom) break;
    if (docking.hasFootage) return 'in-use';
  }
  return 'no-footage';
}

/** Index of the last docking on or before the day; -1 without one. */
function lastUpTo(list: readonly DockingFact[], day: CalendarDate): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as DockingFact).day <= day) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
