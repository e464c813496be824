/**
 * Questions about links: what holds now or held at a sequence of the ledger, who said so, which cases a clip may be
 * tied to, and which clips are still without an officer or a case. What follows from the answers is decided in domain/.
 */
import type { Database } from 'better-sqlite3';
import type { LinkBasis, LinkReason, LinkTarget } from '../domain/linking-facts.ts';
import { looseCaseNumber } from '../domain/linking-facts.ts';
import type { RecordedLink } from '../domain/linking-policy.ts';
import type { CalendarDate, CaseFacts } from '../domain/people-facts.ts';
import { type ClipWith, clipColumns, linkableFields } from './clip-columns.ts';
import { dayOf, monthOf } from './linking-projection.ts';
import { Statements } from './statements.ts';

const linkFields = [
  ...linkableFields,
  'source',
  'docking',
  'path',
  'kind',
  'recordedLocal',
  'sealedSeq',
  'occurredAt',
  'sequence',
  'durationMs',
  'latitude',
  'longitude',
] as const;

/** What linking reads of a clip. */
export type LinkClipRow = ClipWith<typeof linkFields>;

export interface LinkHistoryRow {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly target: LinkTarget;
  readonly action: 'linked' | 'unlinked' | 'rejected' | 'settled';
  readonly number: string;
  readonly basis: LinkBasis;
  readonly reason: string | null;
  readonly score: number | null;
  readonly reasons: readonly LinkReason[];
}

/** A clip, when it happened, and by what a page of clips goes on. */
export interface ClipAt {
  readonly clip: string;
  readonly at: string;
  readonly order: number;
}

/** More cases than this around one moment are not compared with a clip of which only the day is known. */
const casesByDayMax = 5000;

const columns = clipColumns(linkFields);

/** Kinds that show or tell what happened: what is put on the queue. */
const footage = `c.kind IN ('video', 'audio', 'picture')`;

const stateOf = (target: LinkTarget): string =>
  `(SELECT n.action FROM link_now n WHERE n.clip = c.clip AND n.target = '${target}')`;

/** Of `clips c`: nobody is its officer. A name counts until somebody took it away. */
export const lacksOfficer = `coalesce(${stateOf('officer')} = 'unlinked', c.officer IS NULL)`;
/** Of `clips c`: it is tied to no case, also where a person said that it belongs to none. */
export const lacksCase = `coalesce(${stateOf('case')}, '') <> 'linked'`;
/** The same, but those where a person said that it belongs to none. */
const awaitsCase = `coalesce(${stateOf('case')}, '') NOT IN ('linked', 'settled')`;

export class LinkingQueries {
  readonly #statements: Statements;

  constructor(db: Database) {
    this.#statements = new Statements(db);
  }

  /** What the newest record says, as far as it was known at a sequence; undefined: none does. */
  recorded(clip: string, target: LinkTarget, knownAt = Number.MAX_SAFE_INTEGER): RecordedLink | undefined {
    const sql = `SELECT action, number, basis FROM links
      WHERE clip = ? AND target = ? AND action <> 'rejected' AND seq <= ? ORDER BY seq DESC LIMIT 1`;
    const row = this.#statements.prepare(sql).get(clip, target, knownAt) as
      | { action: string; number: string; basis: LinkBasis }
      | undefined;
    return row && { number: row.action === 'linked' ? row.number : null, basis: row.basis };
  }

  /** Whether a person ever said anything about it. */
  hasPersonsWord(clip: string, target: LinkTarget): boolean {
    const sql = `SELECT 1 FROM links WHERE clip = ? AND target = ? AND basis IN ('by-hand', 'confirmed') LIMIT 1`;
    return this.#statements.prepare(sql).get(clip, target) !== undefined;
  }

  /** Numbers that a person said it is not. */
  refused(clip: string, target: LinkTarget): ReadonlySet<string> {
    const sql = `SELECT number FROM links WHERE clip = ? AND target = ? AND action IN ('unlinked', 'rejected')`;
    return new Set(this.#statements.prepare(sql).pluck().all(clip, target) as string[]);
  }

  history(clip: string, knownAt = Number.MAX_SAFE_INTEGER): LinkHistoryRow[] {
    const sql = `SELECT l.seq, r.time AS at, r.actor_kind || ':' || r.actor_id AS actor, l.target, l.action, l.number,
        l.basis, l.reason, l.score, l.reasons
      FROM links l JOIN records r USING (seq) WHERE l.clip = ? AND l.seq <= ? ORDER BY l.seq`;
    const rows = this.#statements.prepare(sql).all(clip, knownAt) as (Omit<LinkHistoryRow, 'reasons'> & {
      reasons: string | null;
    })[];
    return rows.map((row) => ({ ...row, reasons: row.reasons === null ? [] : JSON.parse(row.reasons) }));
  }

  /** The last sequence that existed at a moment; -1 before the first. */
  sequenceAt(iso: string): number {
    // Records are in the order of their writing; a clock that was turned back does not make one later.
    const sql = 'SELECT coalesce(max(seq), -1) FROM records WHERE time <= ?';
    return this.#statements.prepare(sql).pluck().get(iso) as number;
  }

  clip(id: string): LinkClipRow | undefined {
    return this.#statements.prepare(`SELECT ${columns} FROM clips c WHERE c.clip = ?`).get(id) as
      | LinkClipRow
      | undefined;
  }

  /** Footage that began between two moments, with its officer and case as far as they are written down. */
  recordedBetween(
    fromAt: string,
    toAt: string,
  ): {
    readonly recorder: string | null;
    readonly at: string;
    readonly durationMs: number | null;
    readonly officer: string | null;
    readonly key: string | null;
  }[] {
    const now = (target: LinkTarget): string =>
      `(SELECT nullif(n.number, '') FROM link_now n WHERE n.clip = c.clip AND n.target = '${target}' AND n.action = 'linked')`;
    const sql = `SELECT c.recorder, c.occurred_at AS at, json_extract(c.facts, '$.durationMs') AS durationMs,
        coalesce(${now('officer')}, c.officer) AS officer, ${now('case')} AS key
      FROM clips c WHERE c.occurred_at BETWEEN ? AND ? AND ${footage} LIMIT 200`;
    return this.#statements.prepare(sql).all(fromAt, toAt) as ReturnType<LinkingQueries['recordedBetween']>;
  }

  /** Clips of the same source whose names have a time between these, oldest first. */
  clipsAround(source: string, localFrom: string, localTo: string): LinkClipRow[] {
    const sql = `SELECT ${columns} FROM clips c WHERE c.source = ? AND c.recorded_local BETWEEN ? AND ?
      ORDER BY c.recorded_local, c.sealed_seq LIMIT 2000`;
    return this.#statements.prepare(sql).all(source, localFrom, localTo) as LinkClipRow[];
  }

  clipsOfRecorder(recorder: string, fromAt: string, toAt: string): LinkClipRow[] {
    const sql = `SELECT ${columns} FROM clips c WHERE c.recorder = ? AND c.occurred_at BETWEEN ? AND ?
      ORDER BY c.occurred_at, c.sealed_seq LIMIT 5000`;
    return this.#statements.prepare(sql).all(recorder, fromAt, toAt) as LinkClipRow[];
  }

  /** Clips tied to a case now, by records alone, in the order of sealing. */
  clipsOfCase(key: string): string[] {
    const sql = `SELECT c.clip FROM clips c WHERE c.clip IN (SELECT l.clip FROM links l WHERE l.target = 'case' AND
        l.number = @key) AND (SELECT n.number FROM link_now n WHERE n.clip = c.clip AND n.target = 'case') = @key
      ORDER BY c.sealed_seq`;
    return this.#statements.prepare(sql).pluck().all({ key }) as string[];
  }

  /** Clips that were tied to a case at any time. */
  clipsEverLinked(key: string): string[] {
    const sql = `SELECT DISTINCT clip FROM links WHERE target = 'case' AND number = ? AND action = 'linked'`;
    return this.#statements.prepare(sql).pluck().all(key) as string[];
  }

  /** Clips whose name has a number that may mean this one. */
  clipsNaming(number: string): string[] {
    const sql = 'SELECT clip FROM clips WHERE case_fold = ? ORDER BY sealed_seq';
    return this.#statements.prepare(sql).pluck().all(looseCaseNumber(number)) as string[];
  }

  /** Of many numbers at once. */
  clipsNamingAny(numbers: readonly string[]): ClipAt[] {
    const sql = `SELECT c.clip, c.occurred_at AS at, c.sealed_seq AS "order" FROM json_each(?) n
      CROSS JOIN clips c WHERE c.case_fold = n.value`;
    return this.#statements.prepare(sql).all(JSON.stringify(numbers.map(looseCaseNumber))) as ClipAt[];
  }

  inOrderOfSealing(clips: readonly string[]): string[] {
    const sql = 'SELECT clip FROM clips WHERE clip IN (SELECT value FROM json_each(?)) ORDER BY sealed_seq';
    return this.#statements.prepare(sql).pluck().all(JSON.stringify(clips)) as string[];
  }

  /** Keys of cases that may have the number, brackets and signs aside; the one that became known last comes last. */
  casesByNumber(number: string): string[] {
    return this.#keys('number', [looseCaseNumber(number)]);
  }

  casesByPlate(plates: readonly string[]): string[] {
    return this.#keys('plate', plates);
  }

  /** Cases of an officer that may lie around these moments, to the month. */
  casesOfOfficer(officer: string, fromMs: number, toMs: number): string[] {
    return this.#keys(
      'officer',
      [...new Set([monthOf(fromMs), monthOf(toMs)])].map((month) => `${officer} ${month}`),
    );
  }

  /** Cases that may lie around these moments, to the day; none where there are so many that a day tells nothing. */
  casesOfDays(fromMs: number, toMs: number): string[] {
    const days: string[] = [];
    for (let ms = fromMs; ms < toMs + 86_400_000 && days.length < 7; ms += 86_400_000)
      days.push(dayOf(Math.min(ms, toMs)));
    const sql = `SELECT key FROM case_index WHERE facet = 'day' AND value = ? LIMIT ${casesByDayMax + 1}`;
    const ofDay = this.#statements.prepare(sql).pluck();
    const keys = new Set<string>();
    for (const day of new Set(days)) for (const key of ofDay.all(day) as string[]) keys.add(key);
    return keys.size > casesByDayMax ? [] : [...keys];
  }

  #keys(facet: string, values: readonly string[]): string[] {
    const all = this.#statements.prepare('SELECT key FROM case_index WHERE facet = ? AND value = ?').pluck();
    return [...new Set(values.flatMap((value) => all.all(facet, value) as string[]))];
  }

  /** What is known of a case: of the versions that count the one that holds last; undefined when none does. */
  caseFacts(key: string, knownAt = Number.MAX_SAFE_INTEGER): CaseFacts | undefined {
    const sql = `SELECT facts FROM versions WHERE kind = 'cases' AND key = ? AND seq <= ?
      AND (undone_seq IS NULL OR undone_seq > ?) ORDER BY effective_from DESC, seq DESC LIMIT 1`;
    const facts = this.#statements.prepare(sql).pluck().get(key, knownAt, knownAt) as string | undefined;
    return facts === undefined ? undefined : (JSON.parse(facts) as CaseFacts);
  }

  /** The first day of the history of assignments, as far as it was known at a sequence. */
  firstAssignmentDay(knownAt = Number.MAX_SAFE_INTEGER): CalendarDate | null {
    const sql = `SELECT min(effective_from) FROM versions WHERE kind = 'assignments' AND seq <= ?
      AND (undone_seq IS NULL OR undone_seq > ?)`;
    return this.#statements.prepare(sql).pluck().get(knownAt, knownAt) as CalendarDate | null;
  }

  /** Every number that a case had in a version that counts, with when it became known. */
  numbersOfCase(key: string): { readonly number: string; readonly seq: number }[] {
    const sql = `SELECT json_extract(facts, '$.caseNumber') AS number, seq FROM versions
      WHERE kind = 'cases' AND key = ? AND seq IS NOT NULL AND undone_seq IS NULL`;
    return this.#statements.prepare(sql).all(key) as { number: string; seq: number }[];
  }

  /** Everything before this sequence was looked at. */
  decidedThrough(knownAt = Number.MAX_SAFE_INTEGER): number {
    const sql = 'SELECT through_seq FROM link_passes WHERE seq <= ? ORDER BY seq DESC LIMIT 1';
    return (this.#statements.prepare(sql).pluck().get(knownAt) as number | undefined) ?? 0;
  }

  isDecided(clip: string, knownAt = Number.MAX_SAFE_INTEGER): boolean {
    const sql = 'SELECT probed_seq FROM clips WHERE clip = ?';
    const probedSeq = this.#statements.prepare(sql).pluck().get(clip) as number | null | undefined;
    return probedSeq != null && probedSeq < this.decidedThrough(knownAt);
  }

  /** Footage that was looked into since a sequence, in that order, a page after the clip that the last one ended with. */
  probedSince(seq: number, after: ClipAt | undefined, rows: number): ClipAt[] {
    const sql = `SELECT c.clip, c.occurred_at AS at, c.probed_seq AS "order" FROM clips c
      WHERE c.probed_seq >= @seq AND (c.probed_seq, c.clip) > (@order, @clip) AND ${footage}
      ORDER BY c.probed_seq, c.clip LIMIT @rows`;
    const { order = seq - 1, clip = '' } = after ?? {};
    return this.#statements.prepare(sql).all({ seq: Math.max(seq, order), order, clip, rows }) as ClipAt[];
  }

  /** Keys of a kind of which something became known, or was taken back, since a sequence. */
  changedSince(kind: 'cases' | 'assignments' | 'officers', seq: number): string[] {
    const sql = `SELECT key FROM versions WHERE kind = @kind AND seq >= @seq
      UNION SELECT v.key FROM imports i CROSS JOIN versions v ON v.origin = i.import
        WHERE i.undone_seq >= @seq AND v.kind = @kind`;
    return this.#statements.prepare(sql).pluck().all({ kind, seq }) as string[];
  }

  /** What became known of some of them, or was taken back, since then. */
  factsChangedSince(
    kind: 'cases' | 'assignments',
    keys: readonly string[],
    seq: number,
  ): { readonly key: string; readonly facts: string }[] {
    const sql = `SELECT v.key, v.facts FROM json_each(@keys) k CROSS JOIN versions v
      WHERE v.kind = @kind AND v.key = k.value AND (v.seq >= @seq
        OR v.origin IN (SELECT import FROM imports WHERE undone_seq >= @seq))`;
    return this.#statements.prepare(sql).all({ kind, keys: JSON.stringify(keys), seq }) as {
      key: string;
      facts: string;
    }[];
  }

  /**
   * Of some certificates: those that a version which became known, or was taken back, since a sequence says are of one
   * person with others, and no version from before does. Each pair once for each of the two that is asked about.
   */
  joinedSince(certificates: readonly string[], seq: number): [string, string][] {
    const sql = `SELECT DISTINCT v.key, o.key FROM json_each(@certificates) k CROSS JOIN versions v CROSS JOIN versions o
      WHERE v.kind = 'officers' AND v.key = k.value AND (v.seq >= @seq OR v.undone_seq >= @seq)
        AND o.kind = 'officers' AND json_extract(o.facts, '$.person') = json_extract(v.facts, '$.person')
        AND o.key <> v.key AND o.seq IS NOT NULL AND (o.undone_seq IS NULL OR o.undone_seq >= @seq)
        AND NOT EXISTS (SELECT 1 FROM versions b WHERE b.kind = 'officers' AND b.key = v.key AND b.seq < @seq
          AND b.undone_seq IS NULL AND json_extract(b.facts, '$.person') = json_extract(v.facts, '$.person'))`;
    return this.#statements
      .prepare(sql)
      .raw()
      .all({ certificates: JSON.stringify(certificates), seq }) as [string, string][];
  }

  /** Cases in which any of these stands, in whichever version. */
  casesOfOfficers(certificates: readonly string[]): string[] {
    // The index has the certificate, a space and a month; the sign after the space ends what begins so.
    const sql = `SELECT DISTINCT i.key FROM json_each(?) k CROSS JOIN case_index i
      WHERE i.facet = 'officer' AND i.value > k.value || ' ' AND i.value < k.value || '!'`;
    return this.#statements.prepare(sql).pluck().all(JSON.stringify(certificates)) as string[];
  }

  /** Recorders that any of these had or has, by assignment or check-out. */
  recordersOfOfficers(certificates: readonly string[]): string[] {
    const sql = `SELECT json_extract(v.facts, '$.serial') FROM json_each(@all) k CROSS JOIN versions v
      WHERE v.kind = 'assignments' AND json_extract(v.facts, '$.certificateNo') = k.value
      UNION SELECT c.recorder FROM json_each(@all) k CROSS JOIN checkouts c WHERE c.certificate_no = k.value`;
    return this.#statements
      .prepare(sql)
      .pluck()
      .all({ all: JSON.stringify(certificates) }) as string[];
  }

  claimedBy(certificates: readonly string[]): ClipAt[] {
    const sql = `SELECT c.clip, c.occurred_at AS at, c.sealed_seq AS "order" FROM clips c
      WHERE c.clip IN (SELECT m.clip FROM json_each(?) k CROSS JOIN claims m WHERE m.certificate_no = k.value)`;
    return this.#statements.prepare(sql).all(JSON.stringify(certificates)) as ClipAt[];
  }

  /** Recorders of which a check-out or a return became known since a sequence. */
  checkOutsSince(seq: number): string[] {
    const sql = `SELECT DISTINCT recorder FROM checkouts WHERE out_seq >= @seq OR returned_seq >= @seq
      OR withdrawn_seq >= @seq`;
    return this.#statements.prepare(sql).pluck().all({ seq }) as string[];
  }

  claimedSince(seq: number): ClipAt[] {
    const sql = `SELECT c.clip, c.occurred_at AS at, c.sealed_seq AS "order" FROM clips c
      WHERE c.clip IN (SELECT clip FROM claims WHERE seq >= ?)`;
    return this.#statements.prepare(sql).all(seq) as ClipAt[];
  }

  /** Footage between two moments that no person's word has settled, with who recorded it as far as is written down. */
  undecidedBetween(
    fromAt: string,
    toAt: string,
    { after, rows }: { readonly after: ClipAt | undefined; readonly rows: number },
  ): (ClipAt & { readonly officer: string | null })[] {
    const sql = `SELECT c.clip, c.occurred_at AS at, c.sealed_seq AS "order", coalesce((SELECT n.number FROM link_now n WHERE n.clip = c.clip
        AND n.target = 'officer'), c.officer) AS officer FROM clips c
      WHERE c.occurred_at BETWEEN @from AND @to AND (c.occurred_at, c.sealed_seq) > (@from, @order) AND ${footage}
        AND coalesce((SELECT n.basis FROM link_now n WHERE n.clip = c.clip AND n.target = 'case'), 'automatic') = 'automatic'
      ORDER BY c.occurred_at, c.sealed_seq LIMIT @rows`;
    const { at: from = fromAt, order = -1 } = after ?? {};
    return this.#statements.prepare(sql).all({ from, to: toAt, order, rows }) as ReturnType<
      LinkingQueries['undecidedBetween']
    >;
  }

  /** Footage of a recorder. */
  ofRecorder(recorder: string): ClipAt[] {
    const sql = `SELECT c.clip, c.occurred_at AS at, c.sealed_seq AS "order" FROM clips c
      WHERE c.recorder = ? AND ${footage}`;
    return this.#statements.prepare(sql).all(recorder) as ClipAt[];
  }

  /** Footage of a recorder of which nothing is written down about its officer. */
  withoutOfficer(recorder: string): ClipAt[] {
    const sql = `SELECT c.clip, c.occurred_at AS at, c.sealed_seq AS "order" FROM clips c
      WHERE c.recorder = ? AND ${footage} AND NOT EXISTS (SELECT 1 FROM links l
        WHERE l.clip = c.clip AND l.target = 'officer' AND l.action <> 'rejected')`;
    return this.#statements.prepare(sql).all(recorder) as ClipAt[];
  }

  /** Whether this was found of the link that holds now. */
  isFoundOutdated(clip: string): boolean {
    const sql = `SELECT 1 FROM findings f WHERE f.clip = ? AND f.code = 'case-link-outdated' AND f.seq > (SELECT n.seq
      FROM link_now n WHERE n.clip = f.clip AND n.target = 'case')`;
    return this.#statements.prepare(sql).get(clip) !== undefined;
  }

  /** Clips without an officer or a case, oldest first. */
  queue(page: { readonly limit: number; readonly offset: number }): LinkClipRow[] {
    const sql = `SELECT ${columns} FROM clips c WHERE ${footage} AND (${lacksOfficer} OR ${awaitsCase})
      ORDER BY c.occurred_at, c.sealed_seq LIMIT ? OFFSET ?`;
    return this.#statements.prepare(sql).all(page.limit, page.offset) as LinkClipRow[];
  }

  queueCounts(): { readonly clips: number; readonly withoutOfficer: number; readonly withoutCase: number } {
    const sql = `SELECT count(*) AS clips, coalesce(sum(o), 0) AS withoutOfficer, coalesce(sum(k), 0) AS withoutCase
      FROM (SELECT ${lacksOfficer} AS o, ${awaitsCase} AS k FROM clips c WHERE ${footage}) WHERE o OR k`;
    return this.#statements.prepare(sql).get() as ReturnType<LinkingQueries['queueCounts']>;
  }

  dockingStartedAt(docking: string): string | undefined {
    return this.#statements.prepare('SELECT started_at FROM dockings WHERE docking = ?').pluck().get(docking) as
      | string
      | undefined;
  }
}
