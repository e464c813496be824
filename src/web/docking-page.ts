/**
 * One docking: whether everything is in the vault, and if not, what is missing, by name and first of all. Then the
 * facts, what was found wrong, and the ledger's records about the visit.
 */
import type { DockingDetail, DockingEntryView } from '../domain/docking-views.ts';
import { type Html, type HtmlValue, html } from '../domain/html.ts';
import { certificateWords } from '../texts/clearing-texts.ts';
import { clockTexts } from '../texts/clock-texts.ts';
import { codeText } from '../texts/code-texts.ts';
import { type DockingTexts, dockingTexts } from '../texts/docking-texts.ts';
import { offsetText } from './clip-clock.ts';
import { recorderOf, stateOf } from './dockings-page.ts';
import { dockingAddress, entriesPageSize, pageOf } from './dockings-query.ts';
import type { PageContext } from './page-context.ts';
import { actorWords, findingItems, pairs, section } from './page-parts.ts';
import { moment, renderPage, word } from './page-shell.ts';
import { pagination } from './pagination.ts';

export function dockingPage(context: PageContext, docking: DockingDetail): Html {
  const t = dockingTexts[context.language];
  return renderPage(context, {
    title: t.one(docking.docking),
    entry: 'dockings',
    main: html`<p class="back"><a href="/dockings">← ${t.back}</a></p>
<div class="heading"><h1>${moment(context, docking.startedAt)} ${docking.slot !== null && html`· ${t.slot} <bdi>${docking.slot}</bdi>`} · ${recorderOf(context, docking)}</h1>
${docking.state !== 'open' && html`<p><a class="button" href="${dockingAddress(docking.docking)}/receipt">${t.receipt}</a></p>`}${wasCleared(docking) && html`<p><a class="button" href="${dockingAddress(docking.docking)}/clearing">${certificateWords.title[context.language]}</a></p>`}</div>
${verdict(context, t, docking)}
${inventory(context, t, docking)}
<div class="columns">${facts(context, t, docking)}${findings(context, t, docking)}</div>
${records(context, t, docking)}`,
  });
}

const wasCleared = ({ records: all }: DockingDetail): boolean => all.some(({ type }) => type === 'clearing-planned');

function verdict({ formats }: PageContext, t: DockingTexts, docking: DockingDetail): Html {
  const { state, missing } = docking;
  const say = (tone: 'go' | 'work' | 'stop', title: string, text: string): Html =>
    html`<p class="docking-verdict ${tone}"><strong>${title}</strong> ${text}</p>`;
  if (state === 'open') return say('work', t.underWay, t.underWayText);
  if (missing === null) return say('stop', word2(t), t.inventoryUnknown);
  if (missing === 0 && docking.inventoryComplete !== false) return say('go', t.allTaken, t.allTakenText);
  if (missing === 0) return say('stop', word2(t), t.inventoryIncomplete);
  return say('stop', t.notTaken(formats.count(missing)), t.notTakenText);
}

const word2 = (t: DockingTexts): string => t.notCertain;

function inventory(context: PageContext, t: DockingTexts, docking: DockingDetail): Html {
  const { formats, station } = context;
  const page = pageOf(context.query);
  const offset = (page - 1) * entriesPageSize;
  const { rows, total } = station.dockings.entries(docking.docking, { limit: entriesPageSize, offset });
  const pages = Math.max(1, Math.ceil(total / entriesPageSize));
  const address = (number: number): string => dockingAddress(docking.docking, number);
  if (rows.length === 0) {
    const isErased = (docking.listed ?? 0) > 0 && total === 0;
    const text = isErased ? t.inventoryErased : docking.listed === null ? t.inventoryNone : t.inventoryEmpty;
    const back = total > 0 && html` <a href="${address(pages)}">${context.texts.clips.page(formats.count(pages))}</a>`;
    return section('inventory', t.inventory, html`<p class="quiet">${total > 0 ? '' : text}${back}</p>`);
  }
  const counted = t.inventoryCounted(
    formats.count(offset + 1),
    formats.count(offset + rows.length),
    formats.count(total),
  );
  return section(
    'inventory',
    t.inventory,
    html`<p class="hint">${t.inventoryNote} ${counted}</p><div class="scroll" role="region" aria-labelledby="inventory" tabindex="0"><table class="entries"><thead><tr><th scope="col">${t.outcome}</th><th scope="col">${t.entry}</th><th scope="col" class="number">${t.size}</th><th scope="col">${t.reason}</th></tr></thead><tbody>${rows.map((row) => entry(context, t, { row, state: docking.state }))}</tbody></table></div>${pagination(context, { page, pages, address })}`,
  );
}

function entry(
  context: PageContext,
  t: DockingTexts,
  { row, state }: { readonly row: DockingEntryView; readonly state: DockingDetail['state'] },
): Html {
  const { formats, language } = context;
  const unknown = state === 'open' ? t.pending : t.notReached;
  const outcome = row.outcome === null ? unknown : word(context, 'outcome', row.outcome);
  const isGood = row.outcome === 'sealed' || row.outcome === 'already-held';
  const isMissing = !isGood && row.outcome !== 'skipped' && state !== 'open';
  const path = html`<bdi class="path">${row.path === '' ? context.texts.clip.unnamed : row.path}</bdi>`;
  return html`<tr>
<td><span class="${isMissing ? 'tag alarm' : isGood ? 'tag good' : 'tag'}">${outcome}</span></td>
<th scope="row">${row.clip === null ? path : html`<a href="/clips/${encodeURIComponent(row.clip)}">${path}</a>`}</th>
<td class="number">${row.bytes === null ? html`<span class="quiet">${word(context, 'entryType', row.type)}</span>` : formats.bytes(row.bytes)}</td>
<td>${row.reason !== null && reasonText(row.reason, language)}${row.detail !== null && html`<small><bdi>${row.detail}</bdi></small>`}</td>
</tr>
`;
}

/** `rule:logs` names a rule of the configuration. */
function reasonText(reason: string, language: PageContext['language']): HtmlValue {
  const { word: text, more } = codeText('entryReason', reason.replace(/:.*$/u, ''), language);
  const rule = /^rule:(.*)$/u.exec(reason)?.[1];
  return html`${text}${rule !== undefined && html` <code>${rule}</code>`}${more !== '' && html`<small>${more}</small>`}`;
}

function facts(context: PageContext, t: DockingTexts, docking: DockingDetail): Html {
  const { formats, station } = context;
  const holder = docking.recorder === null ? null : station.holderOf(docking.recorder);
  const count = (value: number | null): string => (value === null ? '–' : formats.count(value));
  const rows: (readonly [string, HtmlValue])[] = [
    [t.recorder, recorderOf(context, docking)],
    [context.texts.clips.officer, html`<bdi>${holder?.name ?? context.texts.wall.noHolder}</bdi>`],
    [t.slot, html`<bdi>${docking.slot ?? '–'}</bdi>`],
    [t.kind, word(context, 'dockKind', docking.kind)],
    [t.state, stateOf(context, docking)],
    [t.startedAt, moment(context, docking.startedAt)],
    [t.endedAt, docking.endedAt === null ? '–' : moment(context, docking.endedAt)],
    [
      t.listed,
      html`${count(docking.listed)}${docking.bytes !== null && html` <small>${formats.bytes(docking.bytes)}</small>`}`,
    ],
    [t.sealed, count(docking.sealed)],
    [t.held, count(docking.held)],
    [t.skipped, count(docking.skipped)],
    [t.missing, count(docking.missing)],
    ...(docking.volumeUuid === null ? [] : [[t.volume, html`<code>${docking.volumeUuid}</code>`] as const]),
    ...clockRow(context, docking),
    ...clearingRow(t, docking),
    [context.texts.clip.docking, html`<code>${docking.docking}</code>`],
  ];
  const serial = docking.isRegistered === false ? docking.recorder : null;
  return section(
    'facts',
    t.facts,
    html`${pairs(rows)}${serial !== null && html`<p class="notice">${t.notRegisteredNext(serial)}</p>`}`,
  );
}

function clockRow({ language }: PageContext, { clock }: DockingDetail): (readonly [string, HtmlValue])[] {
  if (clock === null) return [];
  const t = clockTexts[language];
  const text = offsetText(t, clock) ?? html`<span class="quiet">${t.unknown}</span>`;
  return [[t.offset, html`${text} <small>${t.basis[clock.basis]}</small>`]];
}

function clearingRow(t: DockingTexts, { docking, clearing }: DockingDetail): (readonly [string, HtmlValue])[] {
  if (clearing === null) return [];
  const text = t.clearedOf(String(clearing.cleared), String(clearing.toClear));
  return [[t.clearing, html`<a href="${dockingAddress(docking)}/clearing">${text}</a>`]];
}

function findings({ language }: PageContext, t: DockingTexts, { findingList }: DockingDetail): Html {
  const body =
    findingList.length === 0 ? html`<p class="fine">${t.noFindings}</p>` : findingItems(findingList, language);
  return section('findings', t.findings, body);
}

function records(context: PageContext, t: DockingTexts, docking: DockingDetail): Html {
  const { formats, texts } = context;
  const rows = docking.records.map(
    ({ seq, type, time, actor }) =>
      html`<tr><td class="number">${seq}</td><td class="time">${moment(context, time)}</td><th scope="row">${word(context, 'recordType', type)} <code>${type}</code></th><td><bdi>${actorWords(context, actor)}</bdi></td></tr>`,
  );
  const more =
    docking.recordCount > rows.length &&
    html`<p class="hint">${t.recordsMore(formats.count(rows.length), formats.count(docking.recordCount))}</p>`;
  return section(
    'records',
    t.records,
    html`<p class="hint">${t.recordsNote}</p><div class="scroll" role="region" aria-labelledby="records" tabindex="0"><table class="custody"><thead><tr><th scope="col" class="number">${t.seq}</th><th scope="col">${texts.clip.time}</th><th scope="col">${texts.clip.what}</th><th scope="col">${texts.clip.actor}</th></tr></thead><tbody>${rows}</tbody></table></div>${more}`,
  );
}
