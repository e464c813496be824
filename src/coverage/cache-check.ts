/**
 * Whether a cache agrees with the registry that it was made from: its revision, people worked out again (some, or all),
 * and what is counted from their spans. It only reads, and says what differs in words; nobody is named.
 */
import { verdictCodes } from '../domain/coverage-codes.ts';
import type { PostNumber } from '../domain/coverage-spans.ts';
import { type CacheFile, type CacheHead, codeCharacter } from './cache-file.ts';
import { CacheReader } from './cache-reader.ts';
import { type CoverageSource, personsBehind } from './coverage-source.ts';
import { batches, type CacheTerms, type DatedSpan, spansOf } from './person-batches.ts';

export interface CacheCheck {
  readonly file: CacheFile;
  readonly source: CoverageSource;
  readonly terms: CacheTerms;
  /** People and units that are looked at, taken evenly; null: all. */
  readonly sample: { readonly persons: number; readonly units: number } | null;
  /** Day numbers on which counts are compared. */
  readonly days: readonly number[];
  readonly signal: AbortSignal;
}

/** Of a configuration that no longer holds, or behind the registry, it is not believed anyway and nothing is wrong. */
export function cacheDifferences(check: CacheCheck, limit: number): string[] {
  const { file, source, terms } = check;
  const head = file.head();
  if (head === undefined) return ['it does not say what is in it'];
  if (head.digest !== terms.digest) return [];
  return source.inOneState(() => {
    if (head.knownAt > source.knownAt()) {
      return [`it knows record ${head.knownAt}, the registry ends with ${source.knownAt()}`];
    }
    if (head.revision !== JSON.stringify(source.revision())) return [];
    const differences: string[] = [];
    for (const difference of all(check, head)) {
      differences.push(difference);
      if (differences.length >= limit) break;
    }
    return differences;
  });
}

function* all(check: CacheCheck, head: CacheHead): Generator<string> {
  yield* peopleDiffer(check, head);
  yield* countsDiffer(check);
}

function* peopleDiffer({ file, source, terms, sample, signal }: CacheCheck, head: CacheHead): Generator<string> {
  const persons = file.db.prepare('SELECT DISTINCT person FROM certificates ORDER BY person').pluck().all() as string[];
  if (persons.length !== head.persons) yield `it says ${head.persons} people and has ${persons.length}`;
  if (sample === null) {
    const known = file.db.prepare('SELECT count(*) FROM certificates').pluck().get() as number;
    const rosters = countOf(source.certificates());
    if (known !== rosters) yield `it has ${known} certificates, the rosters have ${rosters}`;
  }
  const certificatesOf = file.db.prepare('SELECT certificate FROM certificates WHERE person = ?').pluck();
  const posts = knownPosts(file);
  for (const batch of batches(evenly(persons, sample?.persons))) {
    signal.throwIfAborted();
    const certificates = batch.flatMap((person) => certificatesOf.all(person) as string[]);
    const behind = personsBehind(source, source.officerVersions(certificates));
    for (const person of batch.filter((one) => !behind.has(one))) yield `nobody is behind ${person} any more`;
    const asked = batch.flatMap((person) => {
      const known = behind.get(person);
      return known === undefined ? [] : [[person, known] as const];
    });
    for (const { person, spans } of spansOf(source, asked, { ...terms, first: head.first }, posts)) {
      if (linesOf(spans).join('\n') !== storedLines(file, person).join('\n')) {
        yield `the verdicts of ${person} are not what the policy says`;
      }
    }
  }
}

/** What is counted from the spans: tallies, and columns of people. */
function* countsDiffer({ file, terms, sample, days, signal }: CacheCheck): Generator<string> {
  const units = file.db.prepare('SELECT DISTINCT unit FROM blocks WHERE ordering = 0 ORDER BY unit').pluck().all();
  const chosen = new Set(evenly(units as string[], sample?.units));
  const reader = new CacheReader(file, 0);
  const everything = new Set(verdictCodes.keys());
  const counting = file.db
    .prepare(
      `SELECT b.unit, substr(s.codes, @at, 1), count(*) FROM blocks b CROSS JOIN spans s ON s.unit_block = b.block
       WHERE b.ordering = 0 AND s.until_day > @day AND s.from_day <= @day
         AND b.unit IN (SELECT value FROM json_each(@units)) GROUP BY 1, 2`,
    )
    .raw();
  for (const day of days) {
    for (const [profile, { name }] of terms.profiles.entries()) {
      signal.throwIfAborted();
      const rows = counting.all({ at: profile + 1, day, units: JSON.stringify([...chosen]) }) as [
        string,
        string,
        number,
      ][];
      const counted = rows.map(([unit, code, people]) => `${unit} ${code} ${people}`).sort();
      const tallied = [...reader.countsByUnit({ profile, day }, chosen)].flatMap(([unit, counts]) =>
        Array.from(counts, (people, code) => (people === 0 ? '' : `${unit} ${codeCharacter(code)} ${people}`)),
      );
      const differing = new Set(counted).symmetricDifference(new Set(tallied.filter((line) => line !== '')));
      if (differing.size > 0) yield `its counts under ${name} differ from its people: ${differing.size} of them`;
      // By since when, people are counted from the columns alone.
      const asked = { profile, day, units: chosen, groups: [everything], order: 'since', descending: false } as const;
      const { total } = reader.page({ ...asked, offset: 0, limit: 1 });
      if (total !== rows.reduce((sum, [, , people]) => sum + people, 0)) {
        yield `its lists under ${name} have other people than its counts`;
      }
    }
  }
}

const linesOf = (spans: readonly DatedSpan[]): string[] =>
  spans.map(({ unitKey, certificateNo, name, from, until, codes, since }) =>
    [from, until, unitKey, certificateNo, name, codes.map(codeCharacter).join(''), since.join(' ')].join('\u0001'),
  );

const storedLines = (file: CacheFile, person: string): string[] =>
  file
    .spansOf(person)
    .map(({ unit, certificate, name, from, until, codes, since }) =>
      [from, until, unit, certificate, name, codes, since.join(' ')].join('\u0001'),
    );

/** As `CacheFile.posts`, without adding any; a post that should be there and is not has no number. */
function knownPosts(file: CacheFile): PostNumber {
  const rows = file.db.prepare('SELECT post, number FROM posts').raw().all() as [string, number][];
  const known = new Map(rows);
  const last = known.size;
  return ({ post, postIsUnmapped }) => (postIsUnmapped ? (known.get(post) ?? last) : 0);
}

/** Every n-th, so that there are about so many. */
function evenly<T>(items: readonly T[], count: number | undefined): T[] {
  const step = count === undefined ? 1 : Math.max(1, Math.floor(items.length / count));
  return items.filter((_, at) => at % step === 0);
}

function countOf(items: Iterable<unknown>): number {
  let count = 0;
  for (const _ of items) count += 1;
  return count;
}
