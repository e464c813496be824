/** How words for codes are written down: both languages at once, so that a missing one is a type error. */
import type { Language } from './cli-texts.ts';

export type Both<T> = { readonly [L in Language]: T };

/** What a code is called, and what it means or what to do about it. */
export interface CodeText {
  readonly word: string;
  readonly more: string;
}

export type Words<K extends string> = { readonly [C in K]: Both<string> };
export type Codes<K extends string = string> = { readonly [C in K]: Both<CodeText> };

export const both = (zh: string, en: string): Both<string> => ({ zh, en });
export const pair = (zhWord: string, zhMore: string, enWord: string, enMore: string): Both<CodeText> => ({
  zh: { word: zhWord, more: zhMore },
  en: { word: enWord, more: enMore },
});
