/** Handing in a table and seeing what it would change: counts, rows, mistakes, and the button that takes exactly that. */
import { type Html, html } from '../domain/html.ts';
import { importPageTexts } from '../texts/import-page-texts.ts';
import { problemSentence } from '../texts/import-texts.ts';
import { rosterTexts } from '../texts/roster-texts.ts';
import { addedRows, changedRows, missingRows } from './import-rows.ts';
import type { PageContext } from './page-context.ts';
import { pairs, section } from './page-parts.ts';
import { renderPage } from './page-shell.ts';
import { type AskedComparison, type ComparisonView, importKinds, type WebImports } from './web-imports.ts';

const problemsShown = 200;
const postsShown = 50;

export function uploadPage(context: PageContext, imports: WebImports, trouble?: 'noFile' | 'tooLarge'): Html {
  const { language, formats, query, station } = context;
  const t = importPageTexts[language];
  const limit = formats.bytes(imports.bytesMax);
  const chosen = query.get('kind') ?? 'officers';
  const kinds = importKinds.map(
    (kind) =>
      html`<label><input type="radio" name="kind" value="${kind}" required${kind === chosen && html` checked`}> ${rosterTexts[language].kinds[kind]}</label>`,
  );
  return renderPage(context, {
    title: t.title,
    entry: 'people',
    main: html`<div class="heading"><h1>${t.title}</h1><p class="counted"><a class="reset" href="/imports">${t.toList}</a></p></div>
${trouble !== undefined && html`<p class="notice" role="alert">${trouble === 'noFile' ? t.noFile : t.tooLarge(limit)}</p>`}
<form class="hand-out" method="post" action="/people/import" enctype="multipart/form-data">
<fieldset><legend>${t.kind}</legend>${kinds}</fieldset>
<label>${t.file}<input type="file" name="file" required accept=".xlsx,.csv,.txt,.json" aria-describedby="file-hint"></label>
<p class="hint" id="file-hint">${t.fileHint(limit, formats.count(imports.minutesKept))}</p>
<label>${t.effective}<input type="date" name="effective" required value="${station.today()}" aria-describedby="effective-hint"></label>
<p class="hint" id="effective-hint">${t.effectiveHint}</p>
<label class="tick"><input type="checkbox" name="supplement" value="1"> ${t.supplement}</label>
<button type="submit">${t.compareButton}</button></form>`,
  });
}

export function comparisonPage(context: PageContext, asked: AskedComparison, seen: ComparisonView): Html {
  const { language } = context;
  const t = importPageTexts[language];
  const title = t.comparisonTitle(rosterTexts[language].kinds[seen.kind]);
  return renderPage(context, {
    title,
    entry: 'people',
    main: html`<p class="back"><a href="/people/import?kind=${seen.kind}">← ${t.toUpload}</a></p>
<div class="heading"><h1>${title}</h1></div>
<p class="notice" role="status">${t.nothingYet}</p>
${askedForm(context, asked, seen)}
${section('counts', t.counts, counts(context, seen))}
${problems(context, seen)}
${unmappedPosts(context, seen)}
${addedRows(context, seen)}${changedRows(context, seen)}${missingRows(context, seen)}
${confirmation(context, asked, seen)}`,
  });
}

function askedForm(
  { language }: PageContext,
  { upload, effective, sheet, isSupplement }: AskedComparison,
  { kind, problems: wrong }: ComparisonView,
): Html {
  const t = importPageTexts[language];
  const sheets = wrong.find(({ reason }) => reason === 'several-sheets' || reason === 'no-such-sheet')?.accepted ?? [];
  const choice =
    sheets.length > 0
      ? html`<label>${t.sheet}<select name="sheet">${sheets.map((name) => html`<option value="${name}">${name}</option>`)}</select></label>`
      : sheet !== undefined && html`<input type="hidden" name="sheet" value="${sheet}">`;
  const supplement =
    kind === 'officers' &&
    html`<label class="tick"><input type="checkbox" name="supplement" value="1"${isSupplement && html` checked`}> ${t.supplement}</label>`;
  return html`<form class="filters" method="get" action="/people/import/compare" aria-label="${t.compareAgain}">
<input type="hidden" name="upload" value="${upload}">
<label>${t.effective}<input type="date" name="effective" required value="${effective}"></label>${choice}${supplement}
<button type="submit">${t.compareAgain}</button></form>`;
}

function counts({ language, formats }: PageContext, seen: ComparisonView): Html {
  const t = importPageTexts[language];
  const { format, encoding, sheet, ignoredColumns } = seen;
  const read = [format.toUpperCase(), encoding?.toUpperCase(), sheet].filter((word) => word != null).join(', ');
  const figures = pairs([
    [t.fileName, html`<bdi>${seen.fileName}</bdi> (${formats.bytes(seen.fileBytes)})`],
    [t.digest, html`<code>${seen.sha256}</code>`],
    [t.readAs, read],
    [t.goodRows, formats.count(seen.rows)],
    [t.added, html`<strong>${formats.count(seen.added.length)}</strong>`],
    [t.changed, html`<strong>${formats.count(seen.changed.length)}</strong>`],
    [t.unchanged, formats.count(seen.unchanged)],
    [t.missing, html`<strong>${formats.count(seen.missing.length)}</strong>`],
    ...(seen.kind === 'officers' ? [[t.unitsChanged, formats.count(seen.units)] as const] : []),
  ]);
  return html`${figures}${ignoredColumns.length > 0 && html`<p class="hint">${t.ignored(ignoredColumns.join(', '))}</p>`}`;
}

function problems({ language, formats }: PageContext, { problems: all, rows }: ComparisonView): Html | false {
  if (all.length === 0) return false;
  const t = importPageTexts[language];
  const lines = all.slice(0, problemsShown).map(({ line, column, value, reason, accepted = [], otherLine, limit }) => {
    const isSheet = reason === 'several-sheets' || reason === 'no-such-sheet';
    const words = isSheet
      ? t.severalSheets({ accepted })
      : problemSentence(reason, { value, accepted, otherLine, limit }, language);
    return html`<tr><th scope="row">${line === null ? t.wholeFile : formats.count(line)}</th><td><bdi>${column}</bdi></td><td><bdi>${value}</bdi></td><td>${words}</td></tr>
`;
  });
  const more = all.length > problemsShown && t.shownOf(formats.count(problemsShown), formats.count(all.length));
  return section(
    'problems',
    `${t.problems} (${formats.count(all.length)})`,
    html`${rows > 0 && html`<p>${t.problemsNext}</p>`}<div class="scroll" role="region" aria-label="${t.problems}" tabindex="0"><table class="dockings problems"><thead><tr><th scope="col">${t.line}</th><th scope="col">${t.column}</th><th scope="col">${t.value}</th><th scope="col">${t.reason}</th></tr></thead><tbody>${lines}</tbody></table></div>${more !== false && html`<p class="hint">${more}</p>`}`,
  );
}

function unmappedPosts({ language, formats }: PageContext, { unmappedPosts: posts }: ComparisonView): Html | false {
  if (posts.length === 0) return false;
  const t = importPageTexts[language];
  const lines = posts.slice(0, postsShown).map(
    ({
      post,
      officers,
    }) => html`<tr><th scope="row"><bdi>${post || t.noPost}</bdi></th><td>${formats.count(officers)}</td></tr>
`,
  );
  const more = posts.length > postsShown && t.shownOf(formats.count(postsShown), formats.count(posts.length));
  return section(
    'posts',
    `${t.unmappedPosts} (${formats.count(posts.length)})`,
    html`<p>${t.unmappedNext}</p><div class="scroll" role="region" aria-label="${t.unmappedPosts}" tabindex="0"><table class="dockings"><thead><tr><th scope="col">${t.unmappedPosts}</th><th scope="col">${t.officers}</th></tr></thead><tbody>${lines}</tbody></table></div>${more !== false && html`<p class="hint">${more}</p>`}`,
  );
}

/** Everything that was compared goes along, so that nothing else can be taken. */
function confirmation({ language, formats }: PageContext, asked: AskedComparison, seen: ComparisonView): Html {
  const t = importPageTexts[language];
  if (seen.rows === 0) return html`<p class="notice">${t.nothingToTake}</p>`;
  const { upload, effective, sheet, isSupplement } = asked;
  const wrong = seen.problems.length;
  return section(
    'confirm',
    t.confirmTitle,
    html`<form class="hand-out" method="post" action="/people/import/take">
<input type="hidden" name="upload" value="${upload}"><input type="hidden" name="effective" value="${effective}"><input type="hidden" name="fingerprint" value="${seen.fingerprint}">${sheet !== undefined && html`<input type="hidden" name="sheet" value="${sheet}">`}${isSupplement && html`<input type="hidden" name="supplement" value="1">`}
${wrong > 0 && html`<label class="tick"><input type="checkbox" name="partial" value="1" required> ${t.partial(formats.count(seen.rows), formats.count(wrong))}</label>`}
<button type="submit">${t.confirm(formats.day(effective))}</button></form>`,
  );
}
