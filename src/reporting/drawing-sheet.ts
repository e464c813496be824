/** The sheet of a drawing: each round with its seed and what was drawn, the method, and the whole list. */
import type { FollowUpDocument } from '../domain/drawing-facts.ts';
import type { Language } from '../texts/cli-texts.ts';
import { drawingTexts, meansTexts, satisfactionTexts, seedTexts } from '../texts/drawing-texts.ts';
import { paperFile } from './paper-file.ts';
import type { Sheet } from './sheet.ts';

/** What the sheet needs of a drawing. */
export interface DrawingPaper {
  readonly list: string;
  readonly month: string;
  readonly count: number;
  readonly percent: number;
  readonly sha256: string;
  readonly seq: number;
  readonly closedAt: string;
  readonly cases: readonly { readonly key: string; readonly number: string | null }[];
  readonly rounds: readonly {
    readonly round: number;
    readonly seq: number;
    readonly seedFrom: 'witness' | 'public';
    readonly details: {
      readonly source: string | null;
      readonly reason?: string;
      readonly requestedBy?: string;
      readonly approvedBy?: string;
    } | null;
    readonly drawnSeq: number | null;
    readonly drawnAt: string | null;
    readonly size: number | null;
    readonly result: {
      readonly seed: string;
      readonly keys: readonly string[];
      readonly typedBy?: readonly [string, string];
    } | null;
    readonly lots: readonly { readonly key: string; readonly hash: string }[];
  }[];
  readonly followUps: readonly { readonly key: string; readonly details: FollowUpDocument | null }[];
}

export interface DrawingPaperTexts {
  readonly language: Language;
  readonly stationName: string;
  readonly now: string;
  readonly shownTime: (iso: string | null) => string;
}

/** What is said of one round, above what was drawn. */
export function roundLines(
  { cases }: Pick<DrawingPaper, 'cases'>,
  round: DrawingPaper['rounds'][number],
  { language, shownTime }: Pick<DrawingPaperTexts, 'language' | 'shownTime'>,
): string[] {
  const t = drawingTexts[language];
  const { details, result } = round;
  const seedWord = seedTexts[round.seedFrom][language];
  const lines: string[] = [];
  if (details?.reason !== undefined) {
    lines.push(t.redraw(details.reason, details.requestedBy ?? '', details.approvedBy ?? '', round.seq));
  }
  lines.push(t.seedFrom(seedWord, details?.source ?? null));
  if (result === null) return [...lines, t.waits(seedWord)];
  lines.push(t.seed(result.seed));
  if (round.size !== null) lines.push(t.checkpoint(round.size));
  if (result.typedBy !== undefined) lines.push(t.typedBy(...result.typedBy));
  return [...lines, t.drawn(result.keys.length, cases.length, round.drawnSeq ?? 0, shownTime(round.drawnAt))];
}

export function drawingSheet(paper: DrawingPaper, texts: DrawingPaperTexts): string {
  const { language, shownTime } = texts;
  const t = drawingTexts[language];
  const numbers = new Map(paper.cases.map(({ key, number }) => [key, number ?? t.erased]));
  const [no, number, key, hash, followUp, opinion] = t.columns;
  const said = (wanted: string, words: (details: FollowUpDocument) => string): string =>
    paper.followUps
      .flatMap((one) => (one.key === wanted && one.details !== null ? [words(one.details)] : []))
      .join(' / ');
  const rounds = paper.rounds.map(
    (round): Sheet => ({
      name: t.round(round.round),
      title: t.round(round.round),
      lines: roundLines(paper, round, texts),
      columns: [
        { title: no, kind: 'count', width: 6 },
        { title: number, kind: 'text', width: 24 },
        { title: key, kind: 'text', width: 24 },
        { title: hash, kind: 'text', width: 34 },
        { title: followUp, kind: 'text', width: 24 },
        { title: opinion, kind: 'text', width: 30 },
      ],
      rows: (round.result?.keys ?? []).map((drawn, at) => [
        at + 1,
        numbers.get(drawn) ?? t.erased,
        drawn,
        round.lots.find((lot) => lot.key === drawn)?.hash ?? '',
        said(drawn, (one) =>
          t.followUp(one.on, one.by, meansTexts[one.means][language], satisfactionTexts[one.satisfaction][language]),
        ),
        said(drawn, (one) => `${t.opinion(one.opinion)} ${t.handling(one.handling)}`),
      ]),
    }),
  );
  const whole: Sheet = {
    name: t.all(paper.count),
    title: t.all(paper.count),
    lines: [t.closed(paper.seq, shownTime(paper.closedAt), paper.sha256)],
    columns: [
      { title: key, kind: 'text', width: 24 },
      { title: number, kind: 'text', width: 40 },
    ],
    rows: paper.cases.map((one) => [one.key, one.number ?? t.erased]),
    notes: t.method,
  };
  return paperFile({
    title: `${t.title} ${paper.month}`,
    language,
    orientation: 'landscape',
    sheets: [...rounds, whole],
    signatures: t.signatures,
    made: t.made(`${texts.stationName} · ${paper.list}`, texts.now),
  });
}
