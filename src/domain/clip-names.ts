/**
 * What the name of a recorder's file says: serial, officer, local time, importance, case number. Names are
 * hearsay; this only reads them out, by a table of patterns that configuration hands in, and says which one matched,
 * so that the claim can be written down with its basis. It never looks at an extension to tell what a file is.
 * Local time stays local here: station-time.ts turns it into an instant.
 */

import { compileBoundedRegex } from './bounded-regex.ts';
import { isCalendarTime } from './station-time.ts';

export type MediaHint = 'video' | 'audio' | 'picture' | 'track' | 'log';

/** Groups that an expression may name; nothing else of a name is read. */
export const NAME_GROUPS = [
  'serial',
  'officer',
  'case',
  'date',
  'time',
  'sequence',
  'important',
  'interrupted',
  'encrypted',
  'type',
  'folder',
] as const;

export type NameGroup = (typeof NAME_GROUPS)[number];

export interface ClipName {
  /** Id of the pattern that matched. */
  readonly pattern: string;
  readonly serial: string | null;
  /** Null also when the number consists of zeros only: then nobody set it. */
  readonly officer: string | null;
  readonly caseNumber: string | null;
  /** `YYYY-MM-DDTHH:MM:SS` by the recorder's clock, a real calendar time, or null. */
  readonly localTime: string | null;
  /** `impossible`: digits that no calendar has, so `localTime` is null. `implausible`: kept, but outside the years in the table. */
  readonly localTimeDoubt: 'impossible' | 'implausible' | null;
  /** The recorder's own mark (IMP), not what a person thinks. */
  readonly important: boolean;
  /** A `_start` left over: the recording did not end in order. */
  readonly interrupted: boolean;
  /** The recorder says that it encrypted the file (`_enc`). */
  readonly encrypted: boolean;
  readonly mediaHint: MediaHint | null;
  readonly sequence: number | null;
}

/** A path and what the whole table must say of it; keys left out of `says` must be null or false. */
export interface NameExample {
  readonly path: string;
  readonly says: Partial<Omit<ClipName, 'pattern'>>;
}

/** One row: exactly one of `stem` (the file name) and `path` (its last components), extension cut off in both. */
export interface NamePattern {
  readonly id: string;
  readonly description: string;
  readonly stem?: string;
  readonly path?: string;
  readonly examples: readonly NameExample[];
}

export interface NameTable {
  /** First match wins. */
  readonly patterns: readonly NamePattern[];
  /** Words of `type` and `folder` groups, lower case, and the kind they mean. */
  readonly mediaWords: Readonly<Partial<Record<MediaHint, readonly string[]>>>;
  readonly plausibleYearMin: number;
  readonly plausibleYearMax: number;
}

/** Something wrong with row `index` of the table; `key` is the member of the row. */
export interface NameTableProblem {
  readonly index: number;
  readonly key: string;
  readonly message: string;
}

export interface CompiledNameTable {
  readonly rows: readonly CompiledRow[];
  readonly mediaWords: ReadonlyMap<string, MediaHint>;
  readonly plausibleYearMin: number;
  readonly plausibleYearMax: number;
}

interface CompiledRow {
  readonly id: string;
  readonly regex: RegExp;
  /** How many path components the expression is matched against. */
  readonly components: number;
}

/** Longest text an expression is run on: a file name has at most 255 bytes, its folders seldom come near. */
const TESTED_CHARACTERS_MAX = 512;

/** What the name at the end of this path (readable form, `/` between components) says; undefined when no pattern matches. */
export function readClipName(path: string, table: CompiledNameTable): ClipName | undefined {
  const components = path.slice(-4 * TESTED_CHARACTERS_MAX).split('/');
  for (const row of table.rows) {
    const tested = withoutExtension(components.slice(-row.components).join('/'));
    if (components.length < row.components || tested.length > TESTED_CHARACTERS_MAX) {
      continue;
    }
    const groups = row.regex.exec(tested);
    if (groups !== null) {
      return clipName(row.id, groups.groups ?? {}, table);
    }
  }
  return undefined;
}

/** Compiles the table and runs its own examples; `table` is usable only when there are no problems. */
export function compileNameTable(source: NameTable): { table: CompiledNameTable; problems: NameTableProblem[] } {
  const problems: NameTableProblem[] = [];
  const rows: CompiledRow[] = [];
  const ids = new Set<string>();
  for (const [index, pattern] of source.patterns.entries()) {
    if (ids.has(pattern.id)) {
      problems.push({ index, key: 'id', message: `the id ${pattern.id} occurs twice` });
    }
    ids.add(pattern.id);
    const row = compileRow(pattern, index, problems);
    if (row !== undefined) {
      rows.push(row);
    }
  }
  const words = (Object.entries(source.mediaWords) as [MediaHint, readonly string[]][]).flatMap(([hint, list]) =>
    list.map((word) => [word.toLowerCase(), hint] as const),
  );
  const { plausibleYearMin, plausibleYearMax } = source;
  const table = { rows, mediaWords: new Map(words), plausibleYearMin, plausibleYearMax };
  if (problems.length === 0) {
    problems.push(...runExamples(source.patterns, table));
  }
  return { table, problems };
}

function compileRow(pattern: NamePattern, index: number, problems: NameTableProblem[]): CompiledRow | undefined {
  const { stem, path } = pattern;
  if ((stem === undefined) === (path === undefined)) {
    problems.push({ index, key: 'stem', message: 'give either `stem` or `path`, one of them' });
    return undefined;
  }
  const key = stem === undefined ? 'path' : 'stem';
  const source = stem ?? path ?? '';
  const compiled = compileBoundedRegex(source);
  if (typeof compiled === 'string') {
    problems.push({ index, key, message: compiled });
    return undefined;
  }
  const known: readonly string[] = NAME_GROUPS;
  const unknown = compiled.groups.filter((group) => !known.includes(group));
  if (unknown.length > 0) {
    const message = `unknown group ${unknown.join(', ')}; known are ${NAME_GROUPS.join(', ')}`;
    problems.push({ index, key, message });
  }
  if (pattern.examples.length === 0) {
    problems.push({ index, key: 'examples', message: 'a pattern needs at least one example' });
  }
  return { id: pattern.id, regex: compiled.regex, components: countComponents(source) };
}

/** One more than the slashes outside of character classes: `[^/]` names the slash only to keep it out. */
function countComponents(source: string): number {
  return source.replace(/\[(?:\\.|[^\]\\])*\]/gu, '').split('/').length;
}

function runExamples(patterns: readonly NamePattern[], table: CompiledNameTable): NameTableProblem[] {
  const problems: NameTableProblem[] = [];
  for (const [index, pattern] of patterns.entries()) {
    for (const example of pattern.examples) {
      const read = readClipName(example.path, table);
      const expected: ClipName = { ...nothing(pattern.id), ...example.says };
      const differing = (Object.keys(expected) as (keyof ClipName)[]).filter((key) => read?.[key] !== expected[key]);
      if (differing.length > 0) {
        const key = differing[0] ?? 'pattern';
        const got = read === undefined ? 'no pattern matches' : `${key} is read as ${JSON.stringify(read[key])}`;
        problems.push({ index, key: 'examples', message: `${example.path}: ${got}` });
      }
    }
  }
  return problems;
}

function nothing(pattern: string): ClipName {
  return {
    pattern,
    serial: null,
    officer: null,
    caseNumber: null,
    localTime: null,
    localTimeDoubt: null,
    important: false,
    interrupted: false,
    encrypted: false,
    mediaHint: null,
    sequence: null,
  };
}

type Groups = { readonly [name in NameGroup]?: string | undefined };

function clipName(pattern: string, groups: Groups, table: CompiledNameTable): ClipName {
  return {
    pattern,
    serial: groups.serial ?? null,
    officer: groups.officer === undefined || /^0+$/u.test(groups.officer) ? null : groups.officer,
    caseNumber: groups.case ?? null,
    ...readTime(groups, table),
    important: groups.important !== undefined,
    interrupted: groups.interrupted !== undefined,
    encrypted: groups.encrypted !== undefined,
    // The type stands in the name itself and the folder is only where it lies, so the type speaks first.
    mediaHint: mediaHint(groups.type, table) ?? mediaHint(groups.folder, table) ?? null,
    sequence: groups.sequence === undefined ? null : Number(groups.sequence),
  };
}

function mediaHint(word: string | undefined, table: CompiledNameTable): MediaHint | undefined {
  return word === undefined ? undefined : table.mediaWords.get(word.toLowerCase());
}

function readTime(groups: Groups, table: CompiledNameTable): Pick<ClipName, 'localTime' | 'localTimeDoubt'> {
  if (groups.date === undefined || groups.time === undefined) {
    return { localTime: null, localTimeDoubt: null };
  }
  const digits = `${groups.date}${groups.time}`.replace(/\D/gu, '');
  const localTime = digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/u, '$1-$2-$3T$4:$5:$6');
  if (!isCalendarTime(localTime)) {
    return { localTime: null, localTimeDoubt: 'impossible' };
  }
  const year = Number(digits.slice(0, 4));
  const plausible = year >= table.plausibleYearMin && year <= table.plausibleYearMax;
  return { localTime, localTimeDoubt: plausible ? null : 'implausible' };
}

function withoutExtension(path: string): string {
  return path.replace(/(?<=[^/])\.[A-Za-z0-9]{1,8}$/u, '');
}
