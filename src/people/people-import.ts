/**
 * One import, from the bytes of a table to records: read, compare with what holds on the effective day, write one
 * document a changed subject. It counts only when its last record is durable, so an interrupted import changes
 * nothing. It decides nothing that policies in domain/ do not.
 */
import { type Version, versionsAsOf } from '../domain/history.ts';
import {
  type ImportMark,
  importDifference,
  type KeyedFacts,
  pinnedByLaterImports,
} from '../domain/import-difference.ts';
import type { CalendarDate, CaseFacts, OfficerFacts, UnitFacts } from '../domain/people-facts.ts';
import { replacedCertificates } from '../domain/person-identity.ts';
import type { Actor } from '../domain/records.ts';
import { isAskedAbout } from '../domain/roster-questions.ts';
import type { FactsOf, ImportKind, SubjectDifference, SubjectKind, VersionDocument } from '../domain/subject-kinds.ts';
import type { ActCode } from './act-cells.ts';
import { readAssignments } from './assignments-table.ts';
import { withCaseKeys, withKnownFields } from './case-rows.ts';
import { readCases } from './cases-table.ts';
import type { LocalToInstant } from './cell-values.ts';
import { readComplaints } from './complaints-table.ts';
import { type RecordingDependencies, recordImport } from './import-recording.ts';
import { readRecorders, withoutStaleSince } from './recorders-table.ts';
import { prepareRoster } from './roster-import.ts';
import { type RosterLine, readRoster } from './roster-table.ts';
import type { SubjectReading } from './subject-table.ts';
import type { TableOptions } from './table-reader.ts';

type AnyFacts = FactsOf[SubjectKind];

export interface PeopleRegistry {
  versions<K extends SubjectKind>(kind: K): Version<FactsOf[K]>[];
  importMarks(kind: SubjectKind): ImportMark[];
}

export interface PeopleImportDependencies extends RecordingDependencies {
  readonly registry: PeopleRegistry;
  readonly toInstant: LocalToInstant;
  readonly actCode: ActCode;
  /** Own headings of columns, by kind of table and column. */
  readonly headings: ReadonlyMap<ImportKind, ReadonlyMap<string, readonly string[]>>;
}

export interface PeopleImportRequest {
  readonly kind: ImportKind;
  readonly bytes: Uint8Array;
  /** As whoever handed it in calls it. */
  readonly fileName?: string;
  /** Of a workbook; by default the one that has the headings. */
  readonly sheet?: string;
  readonly effective: CalendarDate;
  /** Compare and report only. */
  readonly dryRun: boolean;
  /** Take the good rows although others are wrong. */
  readonly allowPartial: boolean;
  /** The file is not the whole list: nobody is asked about for not being in it. */
  readonly isSupplement?: boolean;
  readonly actor: Actor;
  readonly onProgress: (done: number, total: number) => void;
}

export interface PeopleImportResult {
  /** Null when nothing was recorded: a dry run, or a file with mistakes. */
  readonly import: string | null;
  readonly reading: SubjectReading<AnyFacts>;
  readonly difference: SubjectDifference;
  /** Units that the roster brings or changes. */
  readonly units: readonly KeyedFacts<UnitFacts>[];
}

/** What is to be written, beside the difference that people see. */
interface Plan {
  readonly difference: SubjectDifference;
  /** Keys that the file did not name, also those that nobody is asked about. */
  readonly unnamed: readonly string[];
}

export class PeopleImport {
  readonly #deps: PeopleImportDependencies;

  constructor(deps: PeopleImportDependencies) {
    this.#deps = deps;
  }

  /** @throws StationError ledger-full, ledger-failed; the kernel's error when the file cannot be kept */
  async run(request: PeopleImportRequest): Promise<PeopleImportResult> {
    const { registry } = this.#deps;
    const { kind, effective, actor, onProgress } = request;
    const versions = registry.versions(kind);
    const { reading, units } = this.#prepare(request, versions);
    const plan = planOf(request, { reading, versions });
    const { difference } = plan;
    const refused = reading.problems.length > 0 && (!request.allowPartial || reading.rows.length === 0);
    if (request.dryRun || refused) return { import: null, reading, difference, units };
    const changed = [...difference.added, ...difference.changed.map(({ key, to }) => ({ key, facts: to }))];
    const { added, unchanged, missing } = difference;
    const id = await recordImport(this.#deps, {
      kind,
      bytes: request.bytes,
      fileName: request.fileName,
      ending: reading.format,
      effective,
      isSupplement: request.isSupplement === true,
      actor,
      onProgress,
      documents: [
        ...this.#documents({ kind, changed, versions }, request),
        ...this.#documents({ kind: 'units', changed: units, versions: registry.versions('units') }, request),
      ],
      missing: plan.unnamed.filter((key) => !reading.wrongKeys.has(key)),
      unread: plan.unnamed.filter((key) => reading.wrongKeys.has(key)),
      counts: {
        rows: reading.rows.length,
        added: added.length,
        changed: difference.changed.length,
        unchanged: unchanged.length,
        missing: missing.length,
      },
    });
    return { import: id, reading, difference, units };
  }

  #prepare(
    request: PeopleImportRequest,
    versions: readonly Version<AnyFacts>[],
  ): { readonly reading: SubjectReading<AnyFacts>; readonly units: readonly KeyedFacts<UnitFacts>[] } {
    const { registry, random } = this.#deps;
    const { kind, effective } = request;
    const read = this.#read(request);
    if (kind === 'officers') {
      return prepareRoster({
        reading: read as SubjectReading<RosterLine>,
        versions: versions as Version<OfficerFacts>[],
        units: registry.versions('units'),
        effective,
        random,
      });
    }
    const keyed =
      kind === 'cases' ? withCaseKeys(read as SubjectReading<CaseFacts>, versions as Version<CaseFacts>[]) : read;
    const current = versionsAsOf(versions, { asOf: effective });
    const rows = keyed.rows.map((row) => {
      const held = current.get(row.key)?.facts;
      const facts = withKnownFields(row.facts, held, keyed.absentFields);
      return { ...row, facts: kind === 'recorders' ? withoutStaleSince(facts as never, held as never) : facts };
    });
    return { reading: { ...keyed, rows }, units: [] };
  }

  #read({ kind, bytes, sheet }: PeopleImportRequest): SubjectReading<AnyFacts> {
    const headings = this.#deps.headings.get(kind);
    const options: TableOptions = {
      ...(sheet === undefined ? {} : { sheet }),
      ...(headings === undefined ? {} : { headings }),
    };
    switch (kind) {
      case 'officers':
        return readRoster(bytes, options);
      case 'recorders':
        return readRecorders(bytes, options);
      case 'assignments':
        return readAssignments(bytes, options);
      case 'cases':
        return readCases(bytes, { toInstant: this.#deps.toInstant, actCode: this.#deps.actCode, options });
      case 'complaints':
        return readComplaints(bytes, this.#deps.toInstant, options);
    }
  }

  /** One document a changed subject, and what later imports said of it, so that this one does not reach past them. */
  #documents(
    { kind, changed, versions }: Changes,
    { kind: importKind, effective }: PeopleImportRequest,
  ): VersionDocument[] {
    if (changed.length === 0) return [];
    const marks = this.#deps.registry.importMarks(importKind);
    const pins = pinnedByLaterImports({
      effectiveFrom: effective,
      changed: changed.map(({ key }) => key),
      versions,
      imports: kind === importKind ? marks : marks.map((mark) => ({ ...mark, missing: new Set() })),
    });
    return [
      ...changed.map(({ key, facts }) => ({ kind, key, facts, effectiveFrom: effective })),
      ...pins.map(({ key, facts, effectiveFrom, says }) => ({ kind, key, facts, effectiveFrom, says })),
    ];
  }
}

interface Changes {
  readonly kind: SubjectKind;
  readonly changed: readonly KeyedFacts<AnyFacts>[];
  readonly versions: readonly Version<AnyFacts>[];
}

function planOf(
  { kind, effective, isSupplement }: PeopleImportRequest,
  { reading, versions }: { reading: SubjectReading<AnyFacts>; versions: readonly Version<AnyFacts>[] },
): Plan {
  const rows = reading.rows.map(({ key, facts }) => ({ key, facts }));
  const difference = importDifference({ current: versionsAsOf(versions, { asOf: effective }), rows });
  const named = difference.missing.filter(({ key }) => !reading.wrongKeys.has(key));
  const unnamed = difference.missing.map(({ key }) => key);
  if (kind !== 'officers') return { difference: { ...difference, missing: named }, unnamed };
  const officers = named as readonly KeyedFacts<OfficerFacts>[];
  const replaced = new Map(
    replacedCertificates({
      unnamed: officers,
      rows: rows as KeyedFacts<OfficerFacts>[],
      isWhole: isSupplement !== true,
    }).map(({ key, facts }) => [key, facts]),
  );
  const changed = officers.flatMap(({ key, facts: from }) => {
    const to = replaced.get(key);
    return to === undefined
      ? []
      : importDifference({ current: new Map([[key, { key, facts: from }]]), rows: [{ key, facts: to }] }).changed;
  });
  const asked = officers.filter(({ key, facts }) => !replaced.has(key) && isAskedAbout(facts, effective));
  return {
    difference: {
      ...difference,
      changed: [...difference.changed, ...changed],
      missing: isSupplement === true ? [] : asked,
    },
    unnamed: unnamed.filter((key) => !replaced.has(key)),
  };
}
