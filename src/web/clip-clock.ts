/**
 * A clip's time as people read it: the original one as the name has it, the corrected one beside it, and the clock
 * error that lies between. The corrected time is a range; one that says no more than the original is not shown.
 */
import { clockToleranceMs, middleOf } from '../domain/clock-offset.ts';
import { type Html, html } from '../domain/html.ts';
import { type ClockTexts, clockTexts } from '../texts/clock-texts.ts';
import type { PageContext } from './page-context.ts';
import type { ClipDetail } from './web-station.ts';

type Rows = readonly (readonly [string, Html])[];

/** Rows for the table of facts: none where the recorder's clock was never measured. */
export function clockRows(context: PageContext, clip: ClipDetail): Rows {
  if (clip.clock === null) return [];
  const t = clockTexts[context.language];
  return [
    [t.correctedTime, html`${correctedText(context, clip) ?? quiet(t.unknown)}`],
    [t.offset, html`${offsetText(t, clip.clock) ?? quiet(t.unknown)} <small>${t.basis[clip.clock.basis]}</small>`],
  ];
}

const quiet = (text: string): Html => html`<span class="quiet">${text}</span>`;

function correctedText({ language, formats }: PageContext, clip: ClipDetail): string | undefined {
  const t = clockTexts[language];
  const { correctedAt, recordedAt } = clip;
  if (correctedAt === null || recordedAt === null) return undefined;
  const { earliest, latest } = correctedAt;
  const time = (iso: string): string => formats.dateTime(iso);
  if (earliest !== null && latest !== null) return `${time(earliest)} — ${time(latest)}`;
  if (latest !== null && latest < recordedAt) return t.notAfter(time(latest));
  if (earliest !== null && earliest > recordedAt) return t.notBefore(time(earliest));
  return undefined;
}

export function offsetText(
  t: ClockTexts,
  { atLeastMs, atMostMs }: NonNullable<ClipDetail['clock']>,
): string | undefined {
  const signed = (ms: number): string => (ms >= 0 ? t.ahead(t.span(ms)) : t.behind(t.span(ms)));
  const middle = middleOf({ atLeastMs, atMostMs });
  if (middle !== null && middle.boundMs > clockToleranceMs)
    return t.between(signed(atLeastMs ?? 0), signed(atMostMs ?? 0));
  if (middle !== null) {
    const { offsetMs, boundMs } = middle;
    const text = Math.abs(offsetMs) <= boundMs ? t.exact : signed(offsetMs);
    return `${text}${t.and}${t.bound(t.span(boundMs))}`;
  }
  if (atLeastMs !== null) return atLeastMs > 0 ? t.atLeastAhead(t.span(atLeastMs)) : t.atMostBehind(t.span(atLeastMs));
  if (atMostMs !== null) return atMostMs < 0 ? t.atLeastBehind(t.span(atMostMs)) : t.atMostAhead(t.span(atMostMs));
  return undefined;
}
