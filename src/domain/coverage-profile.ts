/**
 * A profile (统计口径): who counts, what covers them, by when, under which clause. Profiles are data, checked here and
 * nowhere else; reading the YAML is config/'s part. New populations, posts and deadlines need no code; a new kind of
 * requirement is one more member of `Requirement`, and everything that must judge it stops compiling until it does.
 */
import { type CalendarDate, findCalendarDate } from './people-facts.ts';

/** What an officer must fulfil on the day to belong to the population. */
export type PopulationCondition = 'certified' | 'on-duty' | 'front-line';

/** Every officer who counts must have one. */
export type RecorderRequirement = {
  readonly kind: 'recorder-per-officer';
  /** False: only a personal recorder covers (专人专配). True: a shared one does as well, for one officer. */
  readonly countsShared: boolean;
};

/** Of those who count, at least this share must hold one of these posts: legal reviewers (法制审核人员) of officers. */
export type ShareRequirement = {
  readonly kind: 'share-of-officers';
  /** Over 0, up to 1. The number that is needed is rounded up. */
  readonly share: number;
  readonly posts: readonly string[];
};

export type Requirement = RecorderRequirement | ShareRequirement;

/** Posts by their folded name: true is front-line, false is not; a post that is not in the table counts as front-line. */
export type PostTable = ReadonlyMap<string, boolean>;

export interface CoverageProfile {
  /** What `--profile` names it. */
  readonly name: string;
  readonly title: { readonly 'zh-CN': string; readonly en: string };
  /** Document and clause in one, as reports cite it: `交办法〔2024〕25号 二(四)3`. */
  readonly clause: string;
  /** The last day on which the requirement may still be open. */
  readonly deadline: CalendarDate;
  readonly population: readonly PopulationCondition[];
  readonly requirement: Requirement;
  /** Days that somebody newly certified may be without, counted from the day of issue, also after the deadline. */
  readonly graceDays: number;
  /** A certificate that ends within so many days is pointed out. */
  readonly warnDays: number;
  /** Documents and clauses for coverage in use, and for the budget sheet. */
  readonly clauses: { readonly use: string; readonly budget: readonly string[] };
  readonly posts: PostTable;
}

/** `path` is the place in the file (`profiles.ministry.deadline`), `problem` an English sentence fragment. */
export interface ProfileProblem {
  readonly path: string;
  readonly problem: string;
}

export type ProfilesReading =
  | { readonly profiles: ReadonlyMap<string, CoverageProfile> }
  | { readonly problems: readonly ProfileProblem[] };

const conditions: readonly PopulationCondition[] = ['certified', 'on-duty', 'front-line'];
const requirementKinds: readonly Requirement['kind'][] = ['recorder-per-officer', 'share-of-officers'];

/** All profiles of a parsed `profiles.yaml`, or everything that is wrong with it at once. */
export function readCoverageProfiles(parsed: unknown): ProfilesReading {
  const problems: ProfileProblem[] = [];
  const root = new Section(parsed, '', problems);
  root.allow(['posts', 'clauses', 'profiles']);
  const shared = { posts: readPosts(root.section('posts')), clauses: readClauses(root) };
  const profiles = new Map<string, CoverageProfile>();
  const list = root.section('profiles');
  for (const name of list.keys()) {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
      list.complain(name, 'a profile is named with lower-case letters, digits and hyphens');
    }
    profiles.set(name, readProfile(name, list.section(name), shared));
  }
  if (profiles.size === 0) {
    root.complain('profiles', 'at least one profile is needed');
  }
  return problems.length > 0 ? { problems } : { profiles };
}

/** How posts are compared: full-width forms, letter case and spaces do not make another post. */
function foldPost(post: string): string {
  return post.normalize('NFKC').replace(/\s+/gu, '').toLowerCase();
}

/** Whether the post is one of these, written in whichever way. */
export function isPostOf(posts: readonly string[], post: string): boolean {
  const folded = foldPost(post);
  return posts.some((known) => foldPost(known) === folded);
}

/** True for a front-line post, false for another, undefined for one that the table does not know. */
export function findPost(posts: PostTable, post: string): boolean | undefined {
  return posts.get(post) ?? posts.get(foldPost(post));
}

type Shared = Pick<CoverageProfile, 'posts' | 'clauses'>;

function readProfile(name: string, section: Section, shared: Shared): CoverageProfile {
  section.allow(['title', 'document', 'clause', 'deadline', 'population', 'requirement', 'graceDays', 'warnDays']);
  const title = section.section('title');
  title.allow(['zh-CN', 'en']);
  const deadline = findCalendarDate(section.text('deadline'));
  if (deadline === undefined) {
    section.complain('deadline', 'must be a day of the calendar, YYYY-MM-DD');
  }
  return {
    name,
    title: { 'zh-CN': title.text('zh-CN'), en: title.text('en') },
    clause: `${section.text('document')} ${section.text('clause')}`,
    deadline: deadline ?? ('' as CalendarDate),
    population: section.choices('population', conditions),
    requirement: readRequirement(section.section('requirement')),
    graceDays: section.days('graceDays', defaultDays.grace),
    warnDays: section.days('warnDays', defaultDays.warn),
    ...shared,
  };
}

/** Where a profile says nothing: no grace, and two months' notice of a certificate's end. */
const defaultDays = { grace: 0, warn: 60, max: 3660 };

function readRequirement(section: Section): Requirement {
  const kind = section.choice('kind', requirementKinds);
  switch (kind) {
    case 'recorder-per-officer':
      section.allow(['kind', 'countsShared']);
      return { kind, countsShared: section.truth('countsShared') };
    case 'share-of-officers':
      section.allow(['kind', 'share', 'posts']);
      return { kind, share: section.share('share'), posts: section.texts('posts') };
  }
}

/** A file of one's own may leave them out: then reports cite the profile's clause alone. */
function readClauses(root: Section): CoverageProfile['clauses'] {
  if (!root.keys().includes('clauses')) return { use: '', budget: [] };
  const section = root.section('clauses');
  section.allow(['use', 'budget']);
  return { use: section.text('use'), budget: section.texts('budget') };
}

function readPosts(section: Section): PostTable {
  section.allow(['frontLine', 'notFrontLine']);
  const posts = new Map<string, boolean>();
  for (const [field, frontLine] of [
    ['frontLine', true],
    ['notFrontLine', false],
  ] as const) {
    for (const post of section.texts(field)) {
      const folded = foldPost(post);
      if (posts.has(folded)) {
        section.complain(field, `post ${post} stands in the table twice`);
      }
      posts.set(folded, frontLine);
    }
  }
  return posts;
}

/** One mapping of the file; each reader complains about a bad value and goes on with a harmless one. */
class Section {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #path: string;
  readonly #problems: ProfileProblem[];

  constructor(value: unknown, path: string, problems: ProfileProblem[]) {
    const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.#values = new Map(isMapping ? Object.entries(value) : []);
    this.#path = path;
    this.#problems = problems;
    if (!isMapping) {
      problems.push({ path: path === '' ? '(file)' : path, problem: 'must be a mapping' });
    }
  }

  keys(): readonly string[] {
    return [...this.#values.keys()];
  }

  allow(fields: readonly string[]): void {
    for (const key of this.keys().filter((name) => !fields.includes(name))) {
      this.complain(key, `unknown key; known are ${fields.join(', ')}`);
    }
  }

  complain(field: string, problem: string): void {
    this.#problems.push({ path: this.#path === '' ? field : `${this.#path}.${field}`, problem });
  }

  section(field: string): Section {
    return new Section(this.#values.get(field), this.#path === '' ? field : `${this.#path}.${field}`, this.#problems);
  }

  text(field: string): string {
    const value = this.#values.get(field);
    if (typeof value === 'string' && value.trim() !== '') {
      return value.trim();
    }
    this.complain(field, 'must be a text that is not empty');
    return '';
  }

  truth(field: string): boolean {
    const value = this.#values.get(field);
    if (typeof value !== 'boolean') {
      this.complain(field, 'must be true or false');
    }
    return value === true;
  }

  /** A whole number of days; the default when the file says nothing. */
  days(field: string, byDefault: number): number {
    const value = this.#values.get(field);
    if (value === undefined) return byDefault;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= defaultDays.max) return value;
    this.complain(field, `must be a whole number from 0 to ${defaultDays.max}`);
    return byDefault;
  }

  share(field: string): number {
    const value = this.#values.get(field);
    if (typeof value === 'number' && value > 0 && value <= 1) return value;
    this.complain(field, 'must be a number over 0 and up to 1');
    return 1;
  }

  texts(field: string): readonly string[] {
    const value = this.#values.get(field);
    if (Array.isArray(value) && value.every((item) => typeof item === 'string' && item.trim() !== '')) {
      return value;
    }
    this.complain(field, 'must be a list of texts');
    return [];
  }

  choice<T extends string>(field: string, allowed: readonly [T, ...T[]] | readonly T[]): T {
    const value = this.#values.get(field);
    const known = allowed.find((name) => name === value);
    if (known === undefined) {
      this.complain(field, `must be one of ${allowed.join(', ')}`);
    }
    return known ?? (allowed[0] as T);
  }

  choices<T extends string>(field: string, allowed: readonly T[]): readonly T[] {
    const named = this.texts(field);
    for (const name of named.filter((text) => !allowed.some((known) => known === text))) {
      this.complain(field, `${name} is not one of ${allowed.join(', ')}`);
    }
    return allowed.filter((known) => named.includes(known));
  }
}
