/** One person: what all their certificates are worth on a day, everything rosters said of them, and what is asked. */
import { type Html, html } from '../domain/html.ts';
import type { FieldChange } from '../domain/import-difference.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import type { CertificateHistory, PersonDetail } from '../domain/roster-views.ts';
import { codeWord } from '../texts/code-texts.ts';
import { peoplePageTexts } from '../texts/people-page-texts.ts';
import type { PageContext } from './page-context.ts';
import { actorWords, pairs, section } from './page-parts.ts';
import { moment, renderPage } from './page-shell.ts';
import { standingWord } from './people-page.ts';
import { personAddress } from './web-people.ts';

export function personPage(context: PageContext, person: PersonDetail, asOf: CalendarDate): Html {
  const { language, formats } = context;
  const t = peoplePageTexts[language];
  const { certificateNo, name, certificates, answers } = person;
  return renderPage(context, {
    title: `${t.title} ${name}`,
    entry: 'people',
    main: html`<p class="back"><a href="/people">← ${t.back}</a></p>
<h1><bdi>${name}</bdi> <small class="quiet"><bdi>${certificateNo}</bdi></small></h1>
<p>${t.standingOn(formats.day(asOf))}: ${standingWord(context, person.standing.kind)}</p>
<form class="filters" method="get" action="${personAddress(certificateNo)}"><label>${t.asOf}<input type="date" name="day" value="${asOf}"></label><button type="submit">${t.show}</button></form>
${person.isAsked && question(context, person)}
${answers.length > 0 && section('answers', t.answers, answerList(context, person))}
${certificates.map((certificate) => certificatePanel(context, certificate))}`,
  });
}

function question({ language, station }: PageContext, { certificateNo }: PersonDetail): Html {
  const t = peoplePageTexts[language];
  return html`<form method="post" action="/people/answer" class="hand-out"><input type="hidden" name="certificate" value="${certificateNo}">
<fieldset><legend>${t.asked}</legend><label><input type="radio" name="answer" value="left" required> ${t.left}</label>
<label><input type="radio" name="answer" value="stays"> ${t.stays}</label></fieldset>
<label>${t.leftOn}<input type="date" name="on" max="${station.today()}"></label>
<label>${t.reason}<input type="text" name="reason" required maxlength="500"></label>
<button type="submit">${t.record}</button></form>`;
}

function answerList(context: PageContext, { answers }: PersonDetail): Html {
  const t = peoplePageTexts[context.language];
  const items = answers.map(
    ({ answer, reason, time, actor }) =>
      html`<li><strong>${t[answer]}</strong> ${moment(context, time)} ${actorWords(context, `person:${actor}`)}<p><bdi>${reason}</bdi></p></li>`,
  );
  return html`<ul class="findings">${items}</ul>`;
}

function certificatePanel(context: PageContext, { row, statements }: CertificateHistory): Html {
  const { language, formats } = context;
  const t = peoplePageTexts[language];
  const { facts, standing } = row;
  const id = `certificate-${facts.certificateNo.replace(/[^A-Za-z0-9]/gu, (sign) => `_${sign.codePointAt(0)}`)}`;
  const now = pairs([
    [t.standing, standingWord(context, standing.kind)],
    ...fieldNames(t.fields)
      .filter((field) => field !== 'certificateNo' && facts[field] !== undefined && facts[field] !== '')
      .map((field): [string, Html] => [t.fields[field], shownValue(context, field, facts[field])]),
  ]);
  const lines = statements.map(
    ({ effectiveFrom, knownSince, undone, changes }) => html`<tr><th scope="row">${formats.day(effectiveFrom)}</th>
<td>${changes.length === 0 ? html`<span class="quiet">${t.nothingChanged}</span>` : changes.map((change) => changeLine(context, change))}</td>
<td class="time">${moment(context, knownSince)}${undone && html` <span class="tag warn">${t.undone}</span>`}</td></tr>
`,
  );
  return section(
    id,
    `${t.certificates} ${facts.certificateNo}`,
    html`${now}<div class="scroll" role="region" aria-label="${t.history} ${facts.certificateNo}" tabindex="0"><table class="dockings"><thead><tr><th scope="col">${t.effectiveFrom}</th><th scope="col">${t.said}</th><th scope="col">${t.knownSince}</th></tr></thead><tbody>${lines}</tbody></table></div>`,
  );
}

type Fields = (typeof peoplePageTexts)['zh']['fields'];

const fieldNames = (fields: Fields): (keyof Fields)[] => Object.keys(fields) as (keyof Fields)[];

function changeLine(context: PageContext, { field, from, to }: FieldChange): Html {
  const { fields } = peoplePageTexts[context.language];
  const name = field as keyof Fields;
  const before = from === undefined ? html`` : html`${shownValue(context, name, from)} → `;
  return html`<p>${fields[name] ?? field}: ${before}${shownValue(context, name, to)}</p>`;
}

function shownValue({ language, formats }: PageContext, field: keyof Fields, value: unknown): Html {
  const t = peoplePageTexts[language];
  if (value === undefined || value === '') return html`<span class="quiet">${t.none}</span>`;
  if (typeof value === 'boolean') return html`${value ? t.yes : t.no}`;
  const text = String(value);
  if (field === 'certificateStatus') return html`${codeWord('standing', text, language)}`;
  if (field === 'category') return html`${text === 'auxiliary' ? t.auxiliary : text}`;
  if (/^\d{4}-\d{2}-\d{2}$/u.test(text)) return html`${formats.day(text)}`;
  return html`<bdi>${text}</bdi>`;
}
