/**
 * One import, from the bytes of a table to records: read, compare with what holds on the effective day, write one
 * document a changed subject. The file as it came is kept beside. It counts only when its last record is durable, so
 * an interrupted import changes nothing. It decides nothing that policies in domain/ do not.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Version, versionsAsOf } from '../domain/history.ts';
import { newDocumentId, type RandomBytes } from '../domain/ids.ts';
import {
  type ImportMark,
  importDifference,
  type KeyedFacts,
  pinnedByLaterImports,
} from '../domain/import-difference.ts';
import type { CalendarDate, CaseFacts, OfficerFacts } from '../domain/people-facts.ts';
import type { Actor, NewRecord, ReplayedRecord } from '../domain/records.ts';
import type {
  FactsOf,
  ImportKind,
  MissingDocument,
  SubjectDifference,
  SubjectKind,
  VersionDocument,
} from '../domain/subject-kinds.ts';
import { createExclusively, ensureFolder } from '../files/durable-files.ts';
import type { ActCode } from './act-cells.ts';
import { readAssignments } from './assignments-table.ts';
import { withCaseKeys, withKnownFields } from './case-rows.ts';
import { readCases } from './cases-table.ts';
import type { LocalToInstant } from './cell-values.ts';
import { readComplaints } from './complaints-table.ts';
import { readRecorders } from './recorders-table.ts';
import { type RosterLine, readRoster } from './roster-table.ts';
import type { SubjectReading } from './subject-table.ts';

/** Documents that one record names: as many as fit its 16 KiB. */
const documentsPerRecord = 100;
/** Keys of one document of missing subjects. */
const keysPerDocument = 1000;

type AnyFacts = FactsOf[SubjectKind];

export interface PeopleRegistry {
  versions(kind: SubjectKind): Version<AnyFacts>[];
  importMarks(kind: SubjectKind): ImportMark[];
}

export interface PeopleImportDependencies {
  readonly registry: PeopleRegistry;
  readonly ledger: {
    append(request: NewRecord): Promise<ReplayedRecord>;
    appendAll(requests: readonly NewRecord[]): Promise<ReplayedRecord[]>;
  };
  /** Where files are kept as they came. */
  readonly importsFolder: string;
  readonly random: RandomBytes;
  readonly toInstant: LocalToInstant;
  readonly actCode: ActCode;
}

export interface PeopleImportRequest {
  readonly kind: ImportKind;
  readonly bytes: Uint8Array;
  readonly effective: CalendarDate;
  /** Compare and report only. */
  readonly dryRun: boolean;
  /** Take the good rows although others are wrong. */
  readonly allowPartial: boolean;
  readonly actor: Actor;
  readonly onProgress: (done: number, total: number) => void;
}

export interface PeopleImportResult {
  /** Null when nothing was recorded: a dry run, or a file with mistakes. */
  readonly import: string | null;
  readonly reading: SubjectReading<AnyFacts>;
  readonly difference: SubjectDifference;
}

export class PeopleImport {
  readonly #deps: PeopleImportDependencies;

  constructor(deps: PeopleImportDependencies) {
    this.#deps = deps;
  }

  /** @throws StationError ledger-full, ledger-failed; the kernel's error when the file cannot be kept */
  async run(request: PeopleImportRequest): Promise<PeopleImportResult> {
    const { registry } = this.#deps;
    const { kind, effective } = request;
    const versions = registry.versions(kind);
    const current = versionsAsOf(versions, { asOf: effective });
    const read = this.#read(request);
    const reading =
      kind === 'cases' ? withCaseKeys(read as SubjectReading<CaseFacts>, versions as Version<CaseFacts>[]) : read;
    const rows = reading.rows.map(({ key, facts }) => ({
      key,
      facts: withKnownFields(facts, current.get(key)?.facts, reading.absentFields),
    }));
    const difference = importDifference({ current, rows });
    const refused = reading.problems.length > 0 && (!request.allowPartial || reading.rows.length === 0);
    if (request.dryRun || refused) return { import: null, reading, difference };
    const changed: KeyedFacts<AnyFacts>[] = [
      ...difference.added,
      ...difference.changed.map(({ key, to }) => ({ key, facts: to })),
    ];
    const pins = pinnedByLaterImports({
      effectiveFrom: effective,
      changed: changed.map(({ key }) => key),
      versions,
      imports: registry.importMarks(kind),
    });
    const documents: VersionDocument[] = [
      ...changed.map(({ key, facts }) => ({ kind, key, facts, effectiveFrom: effective })),
      ...pins.map(({ key, facts, effectiveFrom }) => ({ kind, key, facts, effectiveFrom })),
    ];
    const id = await this.#record(request, { documents, difference, rows: reading.rows.length });
    return { import: id, reading, difference };
  }

  #read({ kind, bytes }: PeopleImportRequest): SubjectReading<AnyFacts> {
    switch (kind) {
      case 'officers':
        return withoutParents(readRoster(bytes));
      case 'recorders':
        return readRecorders(bytes);
      case 'assignments':
        return readAssignments(bytes);
      case 'cases':
        return readCases(bytes, this.#deps);
      case 'complaints':
        return readComplaints(bytes, this.#deps.toInstant);
    }
  }

  async #record(
    request: PeopleImportRequest,
    what: { documents: readonly VersionDocument[]; difference: SubjectDifference; rows: number },
  ): Promise<string> {
    const { ledger, random, importsFolder } = this.#deps;
    const { kind, bytes, effective, actor } = request;
    const id = `i-${Buffer.from(random(10)).toString('hex')}`;
    await ensureFolder(importsFolder);
    await createExclusively(join(importsFolder, `${id}.csv`), bytes);
    const { added, changed, unchanged, missing } = what.difference;
    await ledger.append({
      type: 'import-started',
      actor,
      subject: id,
      body: {
        import: id,
        kind,
        effectiveFrom: effective,
        fileSha256: createHash('sha256').update(bytes).digest('hex'),
        fileBytes: bytes.length,
        rows: what.rows,
        added: added.length,
        changed: changed.length,
        unchanged: unchanged.length,
        missing: missing.length,
      },
    });
    const part = (type: string, bodies: readonly object[]): NewRecord => ({
      type,
      actor,
      subject: id,
      body: { import: id },
      documents: bodies.map((body) => ({ id: newDocumentId(random), body: body as never })),
    });
    for (let at = 0; at < what.documents.length; at += documentsPerRecord) {
      await ledger.append(part('import-part', what.documents.slice(at, at + documentsPerRecord)));
      request.onProgress(Math.min(at + documentsPerRecord, what.documents.length), what.documents.length);
    }
    for (let at = 0; at < missing.length; at += keysPerDocument) {
      const body: MissingDocument = { keys: missing.slice(at, at + keysPerDocument).map(({ key }) => key) };
      await ledger.append(part('import-missing', [body]));
    }
    await ledger.append({ type: 'import-ended', actor, subject: id, body: { import: id } });
    return id;
  }
}

/** The unit above is a fact of the unit, not of the officer. */
function withoutParents(reading: SubjectReading<RosterLine>): SubjectReading<OfficerFacts> {
  return { ...reading, rows: reading.rows.map((row) => ({ ...row, facts: officerOf(row.facts) })) };
}

function officerOf({ parentUnit: _, ...facts }: RosterLine): OfficerFacts {
  return facts;
}
