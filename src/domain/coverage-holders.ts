/**
 * Who has which recorder on a day. One recorder covers at most one officer, so each recorder has at most one holder,
 * and the holder keeps it whether or not they count in anybody's population: a recorder in a retired officer's drawer
 * covers nobody else. Why somebody is not covered is not asked here.
 */
import {
  type AssignmentFacts,
  type CalendarDate,
  compareText,
  isOpenOn,
  type RecorderFacts,
  type RecorderState,
} from './people-facts.ts';

/** An open assignment, and the recorder as it is on the day. */
export interface Claim {
  readonly assignment: AssignmentFacts;
  /** Whose certificate the assignment names. */
  readonly person: string;
  readonly recorder: RecorderOnDay;
}

export interface RecorderOnDay {
  readonly serial: string;
  /** Undefined: it stands in no list of recorders. */
  readonly state: RecorderState | undefined;
  /** The assignment that holds it; null for one that lies in store. */
  readonly holder: AssignmentFacts | null;
  /** Who that is; null for one that lies in store. */
  readonly holderPerson: string | null;
}

export interface Holdings {
  /** By serial: every recorder of the list, and those that only an open assignment names. */
  readonly recorders: ReadonlyMap<string, RecorderOnDay>;
  /** By person, in the order in which assignments claim a recorder. */
  readonly open: ReadonlyMap<string, readonly Claim[]>;
  /** By person: assignments whose first day is still to come, the earliest first. */
  readonly upcoming: ReadonlyMap<string, readonly AssignmentFacts[]>;
}

export interface HoldingsQuestion {
  readonly asOf: CalendarDate;
  readonly recorders: readonly RecorderFacts[];
  readonly assignments: readonly AssignmentFacts[];
  /** Person by certificate number; a certificate that is not in it is a person of its own. */
  readonly persons?: ReadonlyMap<string, string>;
}

export function holdingsOn({ asOf, recorders, assignments, persons }: HoldingsQuestion): Holdings {
  const onDay = new Map<string, { -readonly [field in keyof RecorderOnDay]: RecorderOnDay[field] }>();
  for (const { serial, state } of recorders) {
    onDay.set(serial, { serial, state, holder: null, holderPerson: null });
  }
  const open = new Map<string, Claim[]>();
  const upcoming = new Map<string, AssignmentFacts[]>();
  for (const assignment of assignments) {
    const { certificateNo, serial } = assignment;
    const person = persons?.get(certificateNo) ?? certificateNo;
    if (assignment.from > asOf) {
      append(upcoming, person, assignment);
    } else if (isOpenOn(assignment, asOf)) {
      let recorder = onDay.get(serial);
      if (recorder === undefined) {
        recorder = { serial, state: undefined, holder: null, holderPerson: null };
        onDay.set(serial, recorder);
      }
      if (recorder.holder === null || byClaim(assignment, recorder.holder) < 0) {
        recorder.holder = assignment;
        recorder.holderPerson = person;
      }
      append(open, person, { assignment, person, recorder });
    }
  }
  sortEach(open, (a, b) => byClaim(a.assignment, b.assignment));
  sortEach(upcoming, (a, b) => compareText(a.from, b.from) || byClaim(a, b));
  return { recorders: onDay, open, upcoming };
}

/** The claim's officer holds the recorder, and it works. */
export function isCovering({ person, recorder }: Claim): boolean {
  return recorder.state === 'in-service' && recorder.holderPerson === person;
}

/**
 * A personal assignment before a shared one (a recorder issued to one officer is no longer the pool's), then the
 * earlier first day, then the certificate number; the serial only orders one officer's own assignments.
 */
function byClaim(a: AssignmentFacts, b: AssignmentFacts): number {
  return (
    compareText(a.mode, b.mode) ||
    compareText(a.from, b.from) ||
    compareText(a.certificateNo, b.certificateNo) ||
    compareText(a.serial, b.serial)
  );
}

function sortEach<T>(lists: ReadonlyMap<string, T[]>, compare: (a: T, b: T) => number): void {
  for (const list of lists.values()) {
    if (list.length > 1) {
      list.sort(compare);
    }
  }
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) {
    lists.set(key, [item]);
  } else {
    list.push(item);
  }
}
