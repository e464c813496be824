/**
 * News of some cases, from a program or a person: what changed becomes `case-changed` records at once, each with up to
 * a hundred documents. Unlike an import it says nothing of cases that it does not name, and it is not undone but
 * corrected by the next one.
 */
import { type Version, versionsAsOf } from '../domain/history.ts';
import { newDocumentId, type RandomBytes } from '../domain/ids.ts';
import { type ImportDifference, importDifference } from '../domain/import-difference.ts';
import type { CalendarDate, CaseFacts } from '../domain/people-facts.ts';
import type { Actor, NewRecord, ReplayedRecord } from '../domain/records.ts';
import type { SubjectChange, VersionDocument } from '../domain/subject-kinds.ts';
import type { ActCode } from './act-cells.ts';
import { withCaseKeys, withKnownFields } from './case-rows.ts';
import { readCases } from './cases-table.ts';
import type { LocalToInstant } from './cell-values.ts';
import type { SubjectReading } from './subject-table.ts';

/** Documents that one record names: as many as fit its 16 KiB. */
const documentsPerRecord = 100;

export interface CaseUpdateDependencies {
  readonly registry: { versions(kind: 'cases'): Version<CaseFacts>[] };
  readonly ledger: { append(request: NewRecord): Promise<ReplayedRecord> };
  readonly random: RandomBytes;
  readonly toInstant: LocalToInstant;
  readonly actCode: ActCode;
}

export interface CaseUpdateRequest {
  /** A table as `cases import` takes it: CSV, XLSX or JSON. */
  readonly bytes: Uint8Array;
  readonly effective: CalendarDate;
  readonly dryRun: boolean;
  /** Take the good rows although others are wrong. */
  readonly allowPartial: boolean;
  readonly actor: Actor;
}

export interface CaseUpdateResult {
  /** Sequences of the records; empty when nothing changed, nothing was taken, or it was a dry run. */
  readonly records: readonly number[];
  readonly isRefused: boolean;
  readonly reading: SubjectReading<CaseFacts>;
  readonly difference: ImportDifference<CaseFacts>;
}

/** @throws StationError ledger-full, ledger-failed */
export async function updateCases(deps: CaseUpdateDependencies, request: CaseUpdateRequest): Promise<CaseUpdateResult> {
  const { bytes, effective, dryRun, allowPartial, actor } = request;
  const versions = deps.registry.versions('cases');
  const current = versionsAsOf(versions, { asOf: effective });
  const reading = withCaseKeys(readCases(bytes, deps), versions);
  const rows = reading.rows.map(({ key, facts }) => ({
    key,
    facts: withKnownFields(facts, current.get(key)?.facts, reading.absentFields),
  }));
  // Cases that are not named are no news.
  const difference = { ...importDifference({ current, rows }), missing: [] };
  const isRefused = reading.problems.length > 0 && (!allowPartial || reading.rows.length === 0);
  const records: number[] = [];
  if (dryRun || isRefused) return { records, isRefused, reading, difference };
  const changed = [...difference.added, ...difference.changed.map(({ key, to }) => ({ key, facts: to }))];
  const type: SubjectChange = 'case-changed';
  for (let at = 0; at < changed.length; at += documentsPerRecord) {
    const documents = changed.slice(at, at + documentsPerRecord).map(({ key, facts }) => {
      const version: VersionDocument = { kind: 'cases', key, effectiveFrom: effective, facts };
      return { id: newDocumentId(deps.random), body: version as never };
    });
    const { record } = await deps.ledger.append({ type, actor, body: { cases: documents.length }, documents });
    records.push(record.seq);
  }
  return { records, isRefused, reading, difference };
}
