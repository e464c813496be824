/**
 * The frame around every page: head, skip link, menu, language switch, banners, status line. Pages give it their
 * title and content and nothing else, so that none can forget a part.
 */

import { type Html, html } from '../domain/html.ts';
import { caseTexts } from '../texts/case-texts.ts';
import { codeWord } from '../texts/code-texts.ts';
import { linkingTexts } from '../texts/linking-texts.ts';
import { peoplePageTexts } from '../texts/people-page-texts.ts';
import { iconSprite } from './icons.ts';
import type { PageContext } from './page-context.ts';
import { footerAlarms, footerFields, footerTexts } from './slot-card.ts';
import type { StationFooter } from './web-station.ts';

export interface PageParts {
  readonly title: string;
  /** Which entry of the menu this page is; null for none. */
  readonly entry:
    | 'wall'
    | 'dockings'
    | 'clips'
    | 'cases'
    | 'recorders'
    | 'people'
    | 'queue'
    | 'coverage'
    | 'keeping'
    | 'audit'
    | null;
  readonly main: Html;
  /** More for the head, such as the browser module. */
  readonly head?: Html;
  /** The kiosk fills the screen. */
  readonly kiosk?: true;
}

export function renderPage(context: PageContext, parts: PageParts): Html {
  const { texts, station, assets } = context;
  const footer = station.footer();
  return html`<!doctype html>
<html lang="${texts.htmlLang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${parts.title} · ${station.name}</title>
<link rel="icon" href="${assets.icon}" type="image/svg+xml">
<link rel="stylesheet" href="${assets.style}">
${parts.head}
</head>
<body${parts.kiosk && html` class="kiosk"`}>
<a class="skip" href="#main">${texts.shell.skip}</a>
${iconSprite()}
${masthead(context, parts.entry)}
${footer.demo && html`<p class="banner demo" role="note">${texts.shell.demo}</p>`}
${
  footer.readBack === 'memory-fs' &&
  html`<p class="banner danger" role="note"><strong>${texts.shell.memoryTitle}</strong> ${texts.shell.memoryNext}</p>`
}
<main id="main" tabindex="-1">${parts.main}</main>
${statusLine(context, footer)}
</body>
</html>
`;
}

function masthead(context: PageContext, current: PageParts['entry']): Html {
  const { texts, station } = context;
  const entries = [
    { name: 'wall', href: '/' },
    { name: 'dockings', href: '/dockings' },
    { name: 'clips', href: '/clips' },
    ...(station.links === undefined ? [] : [{ name: 'queue', href: '/queue' } as const]),
    ...(station.cases === undefined ? [] : [{ name: 'cases', href: '/cases' } as const]),
    ...(station.recorders === undefined ? [] : [{ name: 'recorders', href: '/recorders' } as const]),
    ...(station.people === undefined ? [] : [{ name: 'people', href: '/people' } as const]),
    { name: 'coverage', href: '/coverage' },
    ...(station.keeping === undefined ? [] : [{ name: 'keeping', href: '/keeping' } as const]),
    { name: 'audit', href: '/audit' },
  ] as const;
  const links = entries.map(
    ({ name, href }) =>
      html`<li><a href="${href}"${name === current && html` aria-current="page"`}>${menuWord(context, name)}</a></li>`,
  );
  return html`<header class="masthead">
<p class="brand"><strong><bdi>${station.name}</bdi></strong> <span>${texts.shell.product}</span></p>
<nav aria-label="${texts.shell.mainMenu}"><ul>${links}</ul></nav>
${languageSwitch(context)}
</header>`;
}

type MenuEntry = Exclude<PageParts['entry'], null>;

function menuWord({ texts, language }: PageContext, entry: MenuEntry): string {
  if (entry === 'cases') return caseTexts[language].menu;
  if (entry === 'queue') return linkingTexts[language].queueTitle;
  return entry === 'people' ? peoplePageTexts[language].menu : texts.shell[entry];
}

function languageSwitch({ language, texts, path, query }: PageContext): Html {
  const other = language === 'zh' ? 'en' : 'zh';
  const address = new URLSearchParams(query);
  address.set('lang', other);
  const lang = other === 'zh' ? 'zh-CN' : 'en';
  return html`<a class="language" href="${`${path}?${address}`}" lang="${lang}" hreflang="${lang}">${texts.otherLanguage}</a>`;
}

function statusLine(context: PageContext, footer: StationFooter): Html {
  const { texts } = context;
  const values = footerTexts(footer, context);
  const words = {
    disk: texts.shell.disk,
    clips: texts.shell.clipsCount,
    records: texts.shell.records,
    previewsWaiting: texts.shell.previewsWaiting,
    readBack: texts.shell.readBack,
    mirrors: texts.shell.mirrors,
  };
  const alarms = footerAlarms(footer);
  const items = footerFields.map(
    (field) => html`<div${alarms.includes(field) && html` class="warn"`}>
<dt>${words[field]}</dt> <dd data-footer="${field}">${values[field]}</dd></div>`,
  );
  return html`<footer class="status" aria-label="${texts.shell.state}"><dl>${items}</dl></footer>`;
}

/** A finding's, kind's or other code as a word with the explanation behind it; used by several pages. */
export function word(context: PageContext, dictionary: Parameters<typeof codeWord>[0], code: string): string {
  return codeWord(dictionary, code, context.language);
}

/** A moment with its machine-readable form. */
export function moment({ formats }: PageContext, iso: string): Html {
  return html`<time datetime="${iso}">${formats.date(iso)} <span class="clock">${formats.clock(iso)}</span></time>`;
}

/** Nothing to show: what that means and what to do. */
export function emptyState(title: string, next: string, more?: Html): Html {
  return html`<section class="empty-state"><h2>${title}</h2><p>${next}</p>${more}</section>`;
}
