/** Claims of one clip (认领), each beside the others, and the form for one more. */
import { type Html, html } from '../domain/html.ts';
import { recorderPageTexts } from '../texts/recorder-page-texts.ts';
import type { PageContext } from './page-context.ts';
import { section } from './page-parts.ts';
import { moment } from './page-shell.ts';

/** Nothing where the station takes no claims. */
export function clipClaims(context: PageContext, clip: string): Html | false {
  const { recorders } = context.station;
  if (recorders === undefined) return false;
  const t = recorderPageTexts[context.language];
  const rows = recorders.claims(clip).map(
    ({
      seq,
      certificateNo,
      name,
      statement,
      at,
    }) => html`<tr><td class="number">${seq}</td><td class="time">${moment(context, at)}</td>
<th scope="row"><bdi>${name ?? ''}</bdi> <bdi class="quiet">${certificateNo}</bdi></th><td><bdi>${statement}</bdi></td></tr>`,
  );
  const list =
    rows.length === 0
      ? html`<p class="quiet">${t.noClaims}</p>`
      : html`<table><thead><tr><th scope="col" class="number">${context.texts.clip.seq}</th><th scope="col">${t.claimedAt}</th><th scope="col">${t.officer}</th><th scope="col">${t.statement}</th></tr></thead><tbody>${rows}</tbody></table>`;
  return section(
    'claims',
    t.claims,
    html`${list}<form method="post" action="/hand-out/claim" class="hand-out"><input type="hidden" name="clip" value="${clip}">
<label>${t.certificateNo} <input type="text" name="officer" required maxlength="64" autocomplete="off"></label>
<label>${t.statement} <textarea name="statement" rows="2" maxlength="2000"></textarea></label>
<p class="hint">${t.claimNote}</p><button type="submit">${t.claim}</button></form>`,
  );
}
