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
  let state: UseState = 'never-docked';
  const recentFrom = addDays(asOf, 1 - useDays);
  for (const { day, hasFootage } of bySerial.get(serial) ?? []) {
    if (day < from || day > asOf) continue;
    if (day < recentFrom) state = 'not-docked-lately';
    else if (hasFootage) return 'in-use';
    else state = 'no-footage';
  }
  return state;
}
