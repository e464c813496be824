/**
 * What every page is rendered with: the language of this request with its texts and formats, the station, the links
 * to the assets. The language comes from `?lang=`, else from the cookie that an earlier choice set, else Chinese.
 */
import type { FastifyRequest } from 'fastify';
import type { Language } from '../texts/cli-texts.ts';
import { type PageTexts, pageTexts } from '../texts/page-texts.ts';
import type { AssetLinks } from './assets.ts';
import { Formats } from './formats.ts';
import type { WebStation } from './web-station.ts';

export interface PageLanguage {
  readonly language: Language;
  readonly texts: PageTexts;
  readonly formats: Formats;
}

export interface PageContext extends PageLanguage {
  readonly station: WebStation;
  readonly assets: AssetLinks;
  /** Path and query of this request without `lang`, for the switch. */
  readonly path: string;
  readonly query: URLSearchParams;
}

const cookieName = 'evidock-lang';
const languages: readonly Language[] = ['zh', 'en'];

/** Set-Cookie for a language that was chosen in the address. */
export function languageCookie(language: Language): string {
  return `${cookieName}=${language}; Path=/; Max-Age=31536000; SameSite=Strict; HttpOnly`;
}

/** The language that the address asks for, if it does. */
export function askedLanguage(query: URLSearchParams): Language | undefined {
  return languages.find((language) => language === query.get('lang'));
}

export function pageLanguages(timeZone: string): (language: Language) => PageLanguage {
  const known = Object.fromEntries(
    languages.map((language) => [
      language,
      { language, texts: pageTexts[language], formats: new Formats(language, timeZone) },
    ]),
  ) as { readonly [L in Language]: PageLanguage };
  return (language) => known[language];
}

export function languageOf(request: FastifyRequest): Language {
  return askedLanguage(queryOf(request)) ?? cookieLanguage(request.headers.cookie) ?? 'zh';
}

/** The query as the browser's own rules read it; repeated keys are no arrays here, the first one counts. */
export function queryOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(splitUrl(request.url).query);
}

export function splitUrl(url: string): { readonly path: string; readonly query: string } {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at + 1) };
}

function cookieLanguage(header: string | undefined): Language | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  return languages.find((language) => pairs.includes(`${cookieName}=${language}`));
}
