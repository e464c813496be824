/**
 * What is special about the import of a roster: its rows are certificates, and certificates are persons and lie in
 * units. Here rows get their persons, units are read out of them, and certificates that newer ones replace are found.
 */
import { type Version, versionsAsOf } from '../domain/history.ts';
import type { RandomBytes } from '../domain/ids.ts';
import { importDifference, type KeyedFacts } from '../domain/import-difference.ts';
import { type CalendarDate, type OfficerFacts, type UnitFacts, unitKey } from '../domain/people-facts.ts';
import { identifyPersons } from '../domain/person-identity.ts';
import { unitsOfRoster } from '../domain/roster-units.ts';
import { withKnownFields } from './case-rows.ts';
import type { RosterLine } from './roster-table.ts';
import type { SubjectReading, SubjectRow } from './subject-table.ts';
import type { TableProblem } from './table-problems.ts';

export interface RosterQuestion {
  readonly reading: SubjectReading<RosterLine>;
  readonly versions: readonly Version<OfficerFacts>[];
  readonly units: readonly Version<UnitFacts>[];
  readonly effective: CalendarDate;
  readonly random: RandomBytes;
}

export interface PreparedRoster {
  /** With the problems that only persons and units show. */
  readonly reading: SubjectReading<OfficerFacts>;
  /** Units that are new or changed, by key. */
  readonly units: readonly KeyedFacts<UnitFacts>[];
}

export function prepareRoster(question: RosterQuestion): PreparedRoster {
  const { reading, versions, effective, random } = question;
  const current = versionsAsOf(versions, { asOf: effective });
  const rows = reading.rows.map((row) => ({
    ...row,
    facts: withKnownFields(officerOf(row.facts), current.get(row.key)?.facts, reading.absentFields),
  }));
  const newPerson = (): string => `p-${Buffer.from(random(10)).toString('hex')}`;
  const identity = identifyPersons({ rows, versions, newPerson });
  const { units, problems } = rosterUnits(question);
  const conflicts = identity.conflicts.map(
    ({ row, previousCertificateNo, otherPersonNo }): TableProblem => ({
      line: row.line,
      column: '原执法证号',
      value: previousCertificateNo,
      reason: 'previous-of-another-person',
      accepted: [otherPersonNo],
    }),
  );
  return {
    reading: {
      ...reading,
      rows: identity.rows.map((row) => plain(row)),
      problems: [...reading.problems, ...conflicts, ...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
      wrongKeys: new Set([...reading.wrongKeys, ...identity.conflicts.map(({ row }) => row.key)]),
    },
    units,
  };
}

/** The unit above is a fact of the unit, not of the officer. */
function officerOf({ parentUnit: _, ...facts }: RosterLine): OfficerFacts {
  return facts;
}

/** A person who is known by the certificate alone has no id of their own. */
function plain(row: SubjectRow<OfficerFacts>): SubjectRow<OfficerFacts> {
  if (row.facts.person !== row.key) return row;
  const { person: _, ...facts } = row.facts;
  return { ...row, facts };
}

function rosterUnits({ reading, units: versions, effective }: RosterQuestion): {
  readonly units: readonly KeyedFacts<UnitFacts>[];
  readonly problems: readonly TableProblem[];
} {
  if (reading.absentColumns.includes('unitCode') && reading.absentColumns.includes('parentUnit')) {
    return { units: [], problems: [] };
  }
  const current = versionsAsOf(versions, { asOf: effective });
  const known = new Map(Array.from(current, ([key, { facts }]) => [key, facts]));
  const rows = reading.rows.map(({ line, facts: { unit, unitCode, parentUnit } }) => ({
    line,
    unit,
    ...(unitCode === undefined ? {} : { unitCode }),
    ...(parentUnit === undefined ? {} : { parent: parentUnit }),
  }));
  const { units, problems } = unitsOfRoster(rows, known);
  const difference = importDifference({ current, rows: units.map((facts) => ({ key: unitKey(facts), facts })) });
  return {
    units: [...difference.added, ...difference.changed.map(({ key, to }) => ({ key, facts: to }))],
    problems: problems.map(({ column, ...problem }) => ({
      ...problem,
      column: column === 'unit' ? '单位' : '上级单位',
    })),
  };
}
