/**
 * Stock as tables: which idle recorder goes to whom, recorders in store, with people who do not count and in repair. The
 * rows come from the answer; nothing is proposed here.
 */
import type { CoverageOfDay } from '../domain/coverage-questions.ts';
import { issuesOf, type StockAnswer } from '../domain/coverage-stock.ts';
import type { Language } from '../texts/cli-texts.ts';
import { codeText, codeWord } from '../texts/code-texts.ts';
import { coveragePageTexts } from '../texts/coverage-page-texts.ts';
import { coverageSheetTexts } from '../texts/coverage-sheet-texts.ts';
import { coverageLines } from './coverage-sheets.ts';
import type { CellKind, CellValue, Sheet } from './sheet.ts';

export interface StockSheetsInput {
  readonly stock: StockAnswer;
  readonly day: Pick<CoverageOfDay, 'profile' | 'asOf' | 'unitPath' | 'bases'>;
  /** Null: everything known. */
  readonly knownAt: number | null;
  readonly language: Language;
  /** Null: all units, or the one that was asked for, by its key. */
  readonly unitName: string | null;
}

type Column = readonly [title: string, kind: CellKind, width: number];

export function stockSheets({ stock, day, knownAt, language, unitName }: StockSheetsInput): Sheet[] {
  const t = coverageSheetTexts[language];
  const p = coveragePageTexts[language];
  const s = t.stock;
  const { profile, asOf, bases } = day;
  const answer = { profile, asOf, unit: day.unitPath.at(-1)?.unitKey ?? null };
  const recorder: Column = [t.recorder, 'text', 18];
  const model: Column = [p.model, 'text', 16];
  const unit: Column = [t.unit, 'text', 28];
  const person: readonly Column[] = [
    [t.name, 'text', 12],
    [t.certificateNo, 'text', 18],
  ];
  const issues = issuesOf(stock);
  return [
    {
      ...sheet(s.proposals, {
        columns: [
          [t.number, 'count', 7],
          recorder,
          model,
          [s.fromUnit, 'text', 28],
          [s.toUnit, 'text', 28],
          ...person,
          [t.reason, 'text', 18],
          [t.since, 'day', 12],
        ],
        rows: issues.map((issue, index) => [
          index + 1,
          issue.recorder.serial,
          issue.recorder.model,
          issue.recorder.unit,
          issue.gap.unit,
          issue.gap.name,
          issue.gap.certificateNo,
          codeText('gap', issue.gap.reason, language).word,
          issue.gap.since,
        ]),
      }),
      lines: coverageLines({ coverage: { answer, bases }, knownAt, language, unitName }),
      notes: [s.closable(String(issues.length)), p.proposalsHint],
    },
    sheet(s.idle, {
      columns: [recorder, model, unit],
      rows: stock.idle.map((one) => [one.serial, one.model, one.unit]),
    }),
    {
      ...sheet(s.outside, {
        columns: [recorder, ...person, unit, [p.notCountedFor, 'text', 28]],
        rows: stock.outside.map(({ serial, name, certificateNo, unit: of, reasons }) => [
          serial,
          name,
          certificateNo,
          of,
          reasons.map((reason) => codeWord('outOfCount', reason, language)).join(p.listComma),
        ]),
      }),
      notes: [p.outsideHint],
    },
    sheet(s.inRepair, {
      columns: [recorder, model, unit, [p.back, 'day', 14]],
      rows: stock.inRepair.map((one) => [one.serial, one.model, one.unit, one.back]),
    }),
  ];
}

function sheet(
  title: string,
  { columns, rows }: { readonly columns: readonly Column[]; readonly rows: readonly (readonly CellValue[])[] },
): Sheet {
  return {
    name: title,
    title,
    lines: [],
    columns: columns.map(([heading, kind, width]) => ({ title: heading, kind, width })),
    rows,
  };
}
