/** The rows of a comparison: what is new, what changes from what to what, what the file does not have; cut, and saying so. */
import { type Html, html } from '../domain/html.ts';
import type { FieldChange } from '../domain/import-difference.ts';
import { codeWord } from '../texts/code-texts.ts';
import { importPageTexts } from '../texts/import-page-texts.ts';
import { peoplePageTexts } from '../texts/people-page-texts.ts';
import type { PageContext } from './page-context.ts';
import { section } from './page-parts.ts';
import type { ComparisonView } from './web-imports.ts';

const rowsShown = 100;
const valueLengthMax = 200;

interface ShownRow {
  readonly key: Html;
  readonly says: readonly Html[];
}

interface Rows {
  readonly id: string;
  readonly title: string;
  readonly hint?: string;
  readonly all: number;
  readonly rows: readonly ShownRow[];
}

export function addedRows(context: PageContext, { kind, added }: ComparisonView): Html | false {
  const rows = added
    .slice(0, rowsShown)
    .map(({ facts, key }) => ({ key: keyOf(key, facts), says: said(context, kind, facts) }));
  return table(context, { id: 'added', title: importPageTexts[context.language].added, all: added.length, rows });
}

export function changedRows(context: PageContext, { kind, changed }: ComparisonView): Html | false {
  const t = importPageTexts[context.language];
  const rows = changed.slice(0, rowsShown).map(({ key, to, fields }) => {
    const says = fields.filter(({ field }) => field !== 'person').map((change) => changeWords(context, kind, change));
    return {
      key: keyOf(key, to),
      says: says.length === 0 ? [html`<span class="quiet">${t.nothingElse}</span>`] : says,
    };
  });
  return table(context, { id: 'changed', title: t.changed, all: changed.length, rows });
}

export function missingRows(context: PageContext, { kind, missing }: ComparisonView): Html | false {
  const t = importPageTexts[context.language];
  const rows = missing
    .slice(0, rowsShown)
    .map(({ facts, key }) => ({ key: keyOf(key, facts), says: said(context, kind, facts) }));
  const hint = kind === 'officers' ? t.missingAsked : t.missingMore;
  return table(context, { id: 'missing', title: t.missing, hint, all: missing.length, rows });
}

function table({ language, formats }: PageContext, { id, title, hint, all, rows }: Rows): Html | false {
  if (all === 0) return false;
  const t = importPageTexts[language];
  const more =
    all > rows.length && html`<p class="hint">${t.shownOf(formats.count(rows.length), formats.count(all))}</p>`;
  const lines = rows.map(
    ({
      key,
      says,
    }) => html`<tr><th scope="row">${key}</th><td>${says.map((one, at) => html`${at > 0 && '; '}${one}`)}</td></tr>
`,
  );
  return section(
    id,
    `${title} (${formats.count(all)})`,
    html`${hint !== undefined && html`<p>${hint}</p>`}${more}<div class="scroll" role="region" aria-label="${title}" tabindex="0"><table class="dockings differences"><thead><tr><th scope="col">${t.key}</th><th scope="col">${t.says}</th></tr></thead><tbody>${lines}</tbody></table></div>`,
  );
}

/** A case is known by a key of its own; people know its number. */
function keyOf(key: string, facts: object): Html {
  const { name, caseNumber, complaintNumber } = facts as { [field: string]: string | undefined };
  return html`<bdi>${caseNumber !== undefined && complaintNumber === undefined ? caseNumber : key}</bdi>${name !== undefined && html` <bdi>${name}</bdi>`}`;
}

const inKey = new Set(['person', 'certificateNo', 'name', 'serial', 'caseNumber', 'complaintNumber']);

function said(context: PageContext, kind: ComparisonView['kind'], facts: object): Html[] {
  return Object.entries(facts)
    .filter(([field, value]) => value !== '' && value !== null && value !== undefined && !inKey.has(field))
    .map(([field, value]) => html`${fieldWord(context, kind, field)}: ${valueWords(context, field, value)}`);
}

function changeWords(context: PageContext, kind: ComparisonView['kind'], { field, from, to }: FieldChange): Html {
  return html`${fieldWord(context, kind, field)}: ${valueWords(context, field, from)} → <strong>${valueWords(context, field, to)}</strong>`;
}

function fieldWord({ language }: PageContext, kind: ComparisonView['kind'], field: string): string {
  const words: { readonly [name: string]: string } =
    kind === 'officers' ? peoplePageTexts[language].fields : importPageTexts[language].fields;
  return words[field] ?? field;
}

function valueWords({ language, formats }: PageContext, field: string, value: unknown): Html {
  const t = peoplePageTexts[language];
  if (value === undefined || value === null || value === '') return html`<span class="quiet">${t.none}</span>`;
  if (typeof value === 'boolean') return html`${value ? t.yes : t.no}`;
  if (field === 'certificateStatus') return html`${codeWord('standing', String(value), language)}`;
  if (field === 'category' && value === 'auxiliary') return html`${t.auxiliary}`;
  if (field === 'mode' || field === 'state') {
    return html`<bdi>${importPageTexts[language].fields[String(value)] ?? String(value)}</bdi>`;
  }
  const text = plainText(value);
  if (/^\d{4}-\d{2}-\d{2}$/u.test(text)) return html`${formats.day(text)}`;
  return html`<bdi>${text.length > valueLengthMax ? `${text.slice(0, valueLengthMax)}…` : text}</bdi>`;
}

/** Times as the file said them; acts as word, time and place. */
function plainText(value: unknown): string {
  if (Array.isArray(value)) return value.map(plainText).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  if ('local' in value) return String(value.local).replace('T', ' ');
  return Object.values(value).map(plainText).join(' ');
}
