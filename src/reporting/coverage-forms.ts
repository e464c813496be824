/**
 * Forms about gaps as the local rules lay them out: the rectification list (问题清单, Annex 2), the look-back register
 * (清查评估台账, Annex 1) and the budget sheet (缺口测算表). Filled from answers of the engine; nothing is judged here.
 */
import type { CoverageProfile } from '../domain/coverage-profile.ts';
import type { CoverageRow, StandingSpan } from '../domain/coverage-questions.ts';
import type { BudgetSheet } from '../domain/coverage-stock.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import type { Language } from '../texts/cli-texts.ts';
import { codeText, codeWord } from '../texts/code-texts.ts';
import { formTexts } from '../texts/form-texts.ts';
import { type CellValue, moneyText, rateText, type Sheet } from './sheet.ts';

export interface FormHead {
  readonly language: Language;
  readonly profile: CoverageProfile;
  /** Null: all units. */
  readonly unit: string | null;
  readonly title: string;
}

function headLines({ language, profile, unit }: FormHead, when: string): string[] {
  const t = formTexts[language];
  const title = profile.title[language === 'zh' ? 'zh-CN' : 'en'];
  return [t.unitLine(unit ?? t.allUnits), when, t.ruleLine(title, profile.clause)];
}

export interface Rectification extends FormHead {
  readonly asOf: CalendarDate;
  /** Gaps, in the order in which they are to stand. */
  readonly gaps: readonly CoverageRow[];
  readonly measure: string;
}

export function rectificationSheet(form: Rectification): Sheet {
  const { language, gaps, measure, title } = form;
  const t = formTexts[language];
  const r = t.rectification;
  const rows = gaps.flatMap(({ name, certificateNo, unit, gap, gapSince, clause }, index): CellValue[][] => {
    if (gap === null) return [];
    const reason = codeText('gap', gap.reason, language).word;
    const remark = gap.overdueDays > 0 ? r.overdue(gap.overdueDays) : '';
    const shown = r.wording(name, certificateNo, reason, gapSince, clause);
    return [[index + 1, r.problem, shown, measure, unit, gap.dueOn, remark]];
  });
  const widths = [7, 14, 52, 34, 26, 14, 16] as const;
  return {
    name: title,
    title,
    lines: headLines(form, t.dayLine(form.asOf)),
    columns: r.columns.map((heading, index) => ({
      title: heading,
      kind: index === 0 ? 'count' : index === 5 ? 'day' : 'text',
      width: widths[index] ?? 14,
    })),
    rows,
  };
}

/** One person who had a gap in the period, with their whole course. */
export interface LookBackPerson {
  readonly certificateNo: string;
  readonly name: string;
  readonly spans: readonly StandingSpan[];
}

export interface LookBack extends FormHead {
  readonly from: CalendarDate;
  readonly until: CalendarDate;
  readonly persons: readonly LookBackPerson[];
}

export function lookBackSheet(form: LookBack): Sheet {
  const { language, title, from, until, persons } = form;
  const t = formTexts[language];
  const l = t.lookBack;
  const rows = persons.flatMap((person) => lookBackRow(person, form) ?? []);
  const widths = [7, 22, 46, 30, 14, 12, 38, 16] as const;
  return {
    name: title,
    title,
    lines: [...headLines(form, t.periodLine(from, until)), l.filledInOn(until)],
    columns: l.columns.map((heading, index) => ({
      title: heading,
      kind: index === 0 ? 'count' : 'text',
      width: widths[index] ?? 14,
    })),
    rows: rows.map((cells, index) => [index + 1, ...cells]),
  };
}

/** Gap stretches that follow each other with another reason are one gap; a gap that a recorder closed may rebound. */
function lookBackRow(
  { certificateNo, name, spans }: LookBackPerson,
  { language, from, until }: LookBack,
): CellValue[][] | undefined {
  const l = formTexts[language].lookBack;
  const known = spans.filter((span) => span.from <= until);
  const touches = (span: StandingSpan): boolean => span.until === null || span.until >= from;
  const first = known.findIndex((span) => span.standing === 'gap' && touches(span));
  const opened = known[first];
  if (opened === undefined) return undefined;
  const after = known.slice(first).find(({ standing }) => standing !== 'gap');
  const isClosed = after?.standing === 'covered';
  const later = isClosed ? known.slice(known.indexOf(after)) : [];
  const rebound = later.find(({ standing }) => standing === 'gap');
  const mended = rebound && later.slice(later.indexOf(rebound)).find(({ standing }) => standing === 'covered');
  const reason = (span: StandingSpan): string => (span.reason === null ? '' : reasonWord(span.reason, language));
  const done = isClosed
    ? l.closed(after.from)
    : after === undefined
      ? l.open(reason(known.findLast(({ standing }) => standing === 'gap') ?? opened))
      : l.left(after.from, reason(after));
  return [
    [
      l.aspect,
      l.wording(name, certificateNo, opened.from, reason(opened)),
      done,
      isClosed && (rebound === undefined || mended !== undefined) ? l.yes : l.no,
      rebound === undefined ? l.no : l.yes,
      rebound === undefined ? '' : l.rebound(rebound.from, mended?.from ?? null),
      '',
    ],
  ];
}

/** A reason of a gap, or of not counting. */
export function reasonWord(reason: string, language: Language): string {
  const { word } = codeText('gap', reason, language);
  return word === reason ? codeWord('outOfCount', reason, language) : word;
}

export function budgetSheet(budget: BudgetSheet, form: FormHead): Sheet {
  const { language, title } = form;
  const t = formTexts[language];
  const b = t.budget;
  const { unitPriceFen, spareRate, repairDays, clauses } = budget.terms;
  const yuan = (fen: number | null): number | null => (fen === null ? null : fen / 100);
  const cells = (line: Omit<BudgetSheet['total'], never>): CellValue[] => [
    line.gap,
    line.fromIdle,
    line.fromRepair,
    line.spare,
    line.toBuy,
    yuan(line.costFen),
  ];
  const widths = [7, 34, 10, 14, 14, 10, 12, 18] as const;
  return {
    name: title,
    title,
    lines: headLines(form, t.dayLine(budget.asOf)),
    columns: b.columns.map((heading, index) => ({
      title: heading,
      kind: index === 1 ? 'text' : index === 7 ? 'money' : 'count',
      width: widths[index] ?? 12,
    })),
    rows: budget.lines.map((line, index) => [index + 1, line.unit, ...cells(line)]),
    totals: [null, b.total, ...cells(budget.total)],
    notes: [
      b.spare(rateText(spareRate)),
      b.repair(repairDays),
      unitPriceFen === null ? b.noPrice : b.price(moneyText(unitPriceFen / 100)),
      b.clauses([budget.clause, ...clauses].join('；')),
    ],
  };
}
