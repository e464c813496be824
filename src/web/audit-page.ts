/**
 * The auditor's page: the ledger's signed head, the keys to compare, who watches this station, how to check it with
 * programs of others, and what none of that can prove. What is missing is said as plainly as what is there.
 */
import { type Html, html } from '../domain/html.ts';
import { type AuditTexts, auditTexts } from '../texts/audit-texts.ts';
import { limitTexts } from '../texts/custody-texts.ts';
import { stampTexts } from '../texts/stamp-texts.ts';
import type { PageContext } from './page-context.ts';
import { pairs, section } from './page-parts.ts';
import { renderPage } from './page-shell.ts';
import { alarmText } from './slot-card.ts';
import type { AuditPlace, AuditView } from './web-audit.ts';

export function auditPage(context: PageContext, view: AuditView): Html {
  const t = auditTexts[context.language];
  return renderPage(context, {
    title: t.title,
    entry: 'audit',
    main: html`<div class="heading"><h1>${t.title}</h1><p><a class="button" href="/audit/handover">${t.handover}</a></p></div><p class="hint">${t.intro}</p>
${alarms(context)}${head(context, t, view)}
<div class="columns">${keys(t, view)}${witnesses(context, t, view)}${stamps(context, t, view)}${places(context, t, view)}</div>
${checking(t)}${limits(context, t)}`,
  });
}

function alarms(context: PageContext): Html | false {
  const open = context.station.ledgerAlarms();
  if (open.length === 0) return false;
  return html`<div class="banner danger" role="alert">${open.map((alarm) => html`<p>${alarmText(alarm, context)}</p>`)}</div>`;
}

function head({ formats }: PageContext, t: AuditTexts, view: AuditView): Html {
  const routes = ['/log/checkpoint', '/log/get-tree-head', '/log/tile/0/000'];
  const links = routes.map((route) => html`<li><a href="${route}"><code>${route}</code></a></li>`);
  return section(
    'head',
    t.head,
    html`${pairs([
      [t.station, html`<code>${view.station}</code>`],
      [t.records, formats.count(view.records)],
    ])}<h3>${t.checkpoint}</h3>${
      view.checkpoint === null
        ? html`<p class="quiet">${t.noCheckpoint}</p>`
        : html`<pre class="note" tabindex="0">${view.checkpoint}</pre>`
    }${view.isPublic ? html`<p>${t.publicAt}</p><ul>${links}</ul>` : html`<p class="quiet">${t.notPublic}</p>`}${endedLogs(t, view, formats)}`,
  );
}

/** What signs now, and the keys of logs that have ended. */
export const keyRows = (t: AuditTexts, { keys }: AuditView): readonly (readonly [string, Html])[] =>
  keys.map(({ role, fingerprint, endedLog }) => [
    endedLog === undefined ? t.roles[role] : t.endedKey(t.roles[role], String(endedLog)),
    html`<code>${fingerprint}</code>`,
  ]);

/** Logs before the one that goes on, each with its last checkpoint. */
export function endedLogs(t: AuditTexts, view: AuditView, formats: PageContext['formats']): Html | false {
  if (view.endedLogs.length === 0) return false;
  const logs = view.endedLogs.map(({ log, records, checkpoint, isCompromised }) => {
    const note = checkpoint !== null && html`<pre class="note" tabindex="0">${checkpoint}</pre>`;
    const link =
      view.isPublic &&
      html`<p><a href="/log/${String(log)}/checkpoint"><code>/log/${String(log)}/checkpoint</code></a></p>`;
    const warning = isCompromised && html`<p class="warn">${t.compromised}</p>`;
    return html`<h4>${t.endedLog(String(log), formats.count(records))}</h4>${warning}${note}${link}`;
  });
  return html`<h3>${t.endedLogs}</h3><p class="hint">${t.endedLogsHint}</p>${logs}`;
}

function keys(t: AuditTexts, view: AuditView): Html {
  return section('keys', t.keys, html`${pairs(keyRows(t, view))}<p class="hint">${t.keysHint}</p>`);
}

function witnesses({ formats }: PageContext, t: AuditTexts, view: AuditView): Html {
  if (view.witnesses.length === 0) return section('witnesses', t.witnesses, html`<p class="warn">${t.noWitness}</p>`);
  const rows = view.witnesses.map(({ name, cosigned, trouble }) => {
    const at = cosigned === null ? '' : `${formats.date(cosigned.at)} ${formats.clock(cosigned.at)}`;
    const said = cosigned === null ? t.notCosigned : t.cosigned(formats.count(cosigned.size), at);
    const why = trouble !== null && html`<small class="warn"><bdi>${trouble}</bdi></small>`;
    return [name, html`${said} ${why}`] as const;
  });
  return section('witnesses', t.witnesses, pairs(rows));
}

function stamps({ formats, language }: PageContext, t: AuditTexts, view: AuditView): Html {
  if (view.stamps.length === 0) return section('stamps', t.stamps, html`<p class="quiet">${t.noStamps}</p>`);
  const words = stampTexts[language];
  const rows = view.stamps.map(({ kind, size, time, trouble }) => {
    const name = words.kinds[kind];
    const at = time === null ? '' : `${formats.date(time)} ${formats.clock(time)}`;
    const isMissing = size === null || trouble !== null;
    return html`<li>${isMissing ? html`<span class="warn">${words.missing(name, trouble ?? '')}</span>` : words.stamped(name, size, at)}</li>`;
  });
  return section('stamps', t.stamps, html`<ul>${rows}</ul>`);
}

function places(context: PageContext, t: AuditTexts, view: AuditView): Html {
  const rows = view.places.map(
    (place) =>
      [place.folder === null ? t.vault : html`<bdi>${place.folder}</bdi>`, placeText(context, t, place)] as const,
  );
  return section('places', t.places, html`<ul>${rows.map(([name, text]) => html`<li>${name} · ${text}</li>`)}</ul>`);
}

function placeText({ formats }: PageContext, t: AuditTexts, place: AuditPlace): Html {
  const { scrubbedAt, behind, damaged, isPresent } = place;
  const scrub = scrubbedAt === null ? t.neverScrubbed : t.scrubbed(`${formats.date(scrubbedAt)}`);
  const troubles = [
    ...(isPresent ? [] : [t.absent]),
    ...(behind === 0 ? [] : [t.behind(formats.count(behind))]),
    ...(damaged === 0 ? [] : [t.damaged(formats.count(damaged))]),
  ];
  return html`${scrub}${troubles.map((text) => html` · <strong class="warn">${text}</strong>`)}`;
}

function checking(t: AuditTexts): Html {
  const steps = t.steps.map(([command, what]) => html`<dt><code>${command}</code></dt><dd>${what}</dd>`);
  return section('check', t.check, html`<p class="hint">${t.checkHint}</p><dl class="commands">${steps}</dl>`);
}

function limits({ language }: PageContext, t: AuditTexts): Html {
  return section('limits', t.limits, html`<ul>${limitTexts.map((text) => html`<li>${text[language]}</li>`)}</ul>`);
}
