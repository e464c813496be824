/** The self-check as tables: state and reasons of each quality, each reason with its clause. Never a verdict. */
import type { CaseQuality } from '../domain/case-views.ts';
import { type Html, html } from '../domain/html.ts';
import type { CheckReason, CheckState, QualityCheck } from '../domain/self-check-policy.ts';
import { caseTexts, checkStateWords, qualityWords, reasonSentence } from '../texts/case-texts.ts';
import { clipAddressOf } from './cases-page.ts';
import type { PageContext } from './page-context.ts';

const classes: { readonly [S in CheckState]: string } = { grounded: 'good', doubtful: 'alarm', pending: 'warn' };

export function stateTag({ language }: PageContext, state: CheckState): Html {
  return html`<span class="tag ${classes[state]}">${checkStateWords[state][language]}</span>`;
}

function reasonItem(context: PageContext, reason: CheckReason, more?: Html): Html {
  return html`<li>${stateTag(context, reason.state)} <bdi>${reasonSentence(reason, context.language)}</bdi> <small class="clause">${reason.clause}</small>${more}</li>`;
}

/** Of one clip. */
export function clipQualities(context: PageContext, qualities: readonly QualityCheck[]): Html {
  return rows(
    context,
    qualities.map(({ quality, state, reasons }) => ({
      quality,
      state,
      counts: undefined,
      items: reasons.map((reason) => reasonItem(context, reason)),
    })),
  );
}

/** Of a case: counts of its clips, and what is doubtful or open with the clips it holds for. */
export function caseQualities(context: PageContext, qualities: readonly CaseQuality[]): Html {
  const t = caseTexts[context.language];
  return rows(
    context,
    qualities.map(({ quality, state, clips, reasons }) => ({
      quality,
      state,
      counts: t.checkedClips(clips.grounded, clips.doubtful, clips.pending),
      items: reasons.map(({ reason, clips: of }) =>
        reasonItem(
          context,
          reason,
          html` <span class="of">${of.slice(0, 8).map((clip, index) => html`<a href="${clipAddressOf(clip)}">${t.clip} ${clip.slice(2, 8)}</a>${index < Math.min(of.length, 8) - 1 && ' '}`)}${of.length > 8 && ` … ${of.length}`}</span>`,
        ),
      ),
    })),
  );
}

interface Row {
  readonly quality: QualityCheck['quality'];
  readonly state: CheckState;
  readonly counts: string | undefined;
  readonly items: readonly Html[];
}

function rows(context: PageContext, of: readonly Row[]): Html {
  const t = caseTexts[context.language];
  const line = ({ quality, state, counts, items }: Row): Html => html`<tr>
<th scope="row">${qualityWords[quality][context.language]}</th>
<td>${stateTag(context, state)}${counts !== undefined && html`<small>${counts}</small>`}</td>
<td><ul class="reasons">${items}</ul></td></tr>
`;
  return html`<table class="self-check"><thead><tr><th scope="col">${t.check}</th><th scope="col">${t.status}</th><th scope="col">${t.reason}</th></tr></thead><tbody>${of.map(line)}</tbody></table>
<p class="hint">${t.checkNote}</p>`;
}
