/**
 * The acts that are to be recorded, as `config/acts` lists them: which stage they belong to, what a recording of them
 * must show, which cases need them. Reading the file is config/'s part; here are the questions it answers.
 */
import type { CaseFacts } from './people-facts.ts';

export interface Title {
  readonly 'zh-CN': string;
  readonly en: string;
}

/** What a reviewer ticks. `announced`: a yes says that the recording was announced (告知录音录像). */
export interface ActItem extends Title {
  readonly clause?: string;
  readonly announced?: boolean;
}

/** Clocks that an act of a case starts. */
export type ActClock = 'evidence-registration' | 'seizure';

export interface ActDefinition {
  readonly title: Title;
  readonly words: readonly string[];
  readonly stage: string;
  /** Codes of items. */
  readonly shows: readonly string[];
  readonly clause?: string;
  /** False for acts that are papers only. */
  readonly recorded?: boolean;
  readonly clock?: ActClock;
  readonly extends?: ActClock;
  readonly ends?: ActClock;
}

export interface Procedure {
  readonly title: Title;
  readonly kinds: readonly string[];
  readonly requires: readonly string[];
  readonly clause?: string;
}

/** Tables by code, in the order of the file. */
export interface ActList {
  readonly stages: ReadonlyMap<string, Title>;
  readonly items: ReadonlyMap<string, ActItem>;
  readonly acts: ReadonlyMap<string, ActDefinition>;
  readonly procedures: ReadonlyMap<string, Procedure>;
}

/** How words of tables are compared. */
export const foldAct = (words: string): string =>
  words
    .normalize('NFKC')
    .replace(/[\s_-]+/gu, '')
    .toLowerCase();

/** The code of what a reviewer ticks, by code or title. */
export function findItemCode({ items }: ActList, words: string): string | undefined {
  const folded = foldAct(words);
  const found = [...items].find(([code, title]) =>
    [code, title['zh-CN'], title.en].some((one) => foldAct(one) === folded),
  );
  return found?.[0];
}

/** The code of an act that a table names by code, title or another word. */
export function findActCode(list: ActList, words: string): string | undefined {
  const folded = foldAct(words);
  for (const [code, { title, words: others }] of list.acts) {
    if ([code, title['zh-CN'], title.en, ...others].some((one) => foldAct(one) === folded)) return code;
  }
  return undefined;
}

/** The procedure of a case by its kind; `isAssumed` when the list does not know the kind and the first one counts. */
export function procedureOf(
  list: ActList,
  facts: Pick<CaseFacts, 'kind'>,
): { readonly code: string; readonly procedure: Procedure; readonly isAssumed: boolean } {
  const folded = foldAct(facts.kind ?? '');
  const first = list.procedures.entries().next().value;
  if (first === undefined) throw new Error('a list of acts has at least one procedure');
  for (const [code, procedure] of list.procedures) {
    const names = [code, procedure.title['zh-CN'], procedure.title.en, ...procedure.kinds];
    if (folded !== '' && names.some((one) => foldAct(one) === folded)) return { code, procedure, isAssumed: false };
  }
  return { code: first[0], procedure: first[1], isAssumed: true };
}

/** What a reviewer is asked of an act; acts that the list does not know get every item that holds for all recordings. */
export function itemsOf(list: ActList, act: string): readonly string[] {
  const known = list.acts.get(act);
  if (known !== undefined) return known.shows;
  return [...list.items].filter(([, { announced }]) => announced === true).map(([code]) => code);
}

/** What is wrong with a list, in words; empty when its parts fit together. */
export function actListProblems(list: ActList): string[] {
  const problems: string[] = [];
  if (list.procedures.size === 0) problems.push('procedures: at least one is needed');
  if (![...list.items.values()].some(({ announced }) => announced === true)) {
    problems.push('items: one must be `announced: true`');
  }
  problems.push(...actProblems(list));
  for (const [code, { requires }] of list.procedures) {
    for (const act of requires) {
      if (!list.acts.has(act)) problems.push(`procedures.${code}.requires: ${act} is no act of the list`);
    }
  }
  return problems;
}

function actProblems(list: ActList): string[] {
  const problems: string[] = [];
  const words = new Map<string, string>();
  for (const [code, act] of list.acts) {
    if (!list.stages.has(act.stage)) problems.push(`acts.${code}.stage: ${act.stage} is no stage of the list`);
    for (const item of act.shows) {
      if (!list.items.has(item)) problems.push(`acts.${code}.shows: ${item} is no item of the list`);
    }
    for (const word of new Set([code, act.title['zh-CN'], act.title.en, ...act.words].map(foldAct))) {
      const other = words.get(word);
      if (other !== undefined) problems.push(`acts.${code}: "${word}" also stands for ${other}`);
      words.set(word, code);
    }
  }
  return problems;
}
