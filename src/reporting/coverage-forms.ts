/**
 * Forms about gaps as the local rules lay them out: the rectification list (问题清单, Annex 2), the look-back register
 * (清查评估台账, Annex 1) and the budget sheet (缺口测算表). Filled from answers of the engine; nothing is judged here.
 */
import type { CoverageProfile } from '../domain/coverage-profile.ts';
import type { CaseWithoutRecording, CoverageRow, GapCourse, StandingSpan } from '../domain/coverage-questions.ts';
import { firstDayNumber } from '../domain/coverage-spans.ts';
import type { BudgetSheet } from '../domain/coverage-stock.ts';
import { dayOfNumber } from '../domain/day-number.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import type { Language } from '../texts/cli-texts.ts';
import { codeText, codeWord } from '../texts/code-texts.ts';
import { coveragePageTexts } from '../texts/coverage-page-texts.ts';
import { coverageSheetTexts } from '../texts/coverage-sheet-texts.ts';
import { formTexts } from '../texts/form-texts.ts';
import { type CellKind, type CellValue, moneyText, rateText, type Sheet } from './sheet.ts';

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

export interface LookBack extends FormHead {
  readonly from: CalendarDate;
  readonly until: CalendarDate;
  readonly persons: readonly GapCourse[];
}

export function lookBackSheet(form: LookBack): Sheet {
  const { language, title, from, until, persons } = form;
  const t = formTexts[language];
  const l = t.lookBack;
  const rows = persons.flatMap((person) => lookBackRows(person, form));
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

/** Of a gap that is older than the first roster. */
const beginningOfDays = dayOfNumber(firstDayNumber);

/** Spans of one kind that follow each other: gap stretches with different reasons are one gap. */
interface Stretch {
  readonly kind: 'gap' | 'covered' | 'not-counted';
  readonly first: StandingSpan;
  last: StandingSpan;
}

interface OpenedGap {
  readonly opened: StandingSpan;
  /** Its reason is the one that holds. */
  readonly last: StandingSpan;
  /** What came after it; undefined while it is open. */
  after: StandingSpan | undefined;
}

/** A gap, and each time it was open again after a recorder had closed it (反弹). */
type GapStory = OpenedGap[];

function stretchesOf(spans: readonly StandingSpan[], until: CalendarDate): Stretch[] {
  const stretches: Stretch[] = [];
  for (const span of spans) {
    if (span.from > until) break;
    const kind = span.standing === 'gap' || span.standing === 'covered' ? span.standing : 'not-counted';
    const before = stretches.at(-1);
    if (before?.kind === kind) before.last = span;
    else stretches.push({ kind, first: span, last: span });
  }
  return stretches;
}

/** Who left the count and came back without a recorder is another problem, with a row of its own. */
function storiesOf(spans: readonly StandingSpan[], { from, until }: Pick<LookBack, 'from' | 'until'>): GapStory[] {
  const stories: GapStory[] = [];
  let story: GapStory | undefined;
  for (const { kind, first, last } of stretchesOf(spans, until)) {
    const before = story?.at(-1);
    if (kind === 'gap') {
      const gap = { opened: first, last, after: undefined };
      if (story === undefined) {
        story = [gap];
        stories.push(story);
      } else story.push(gap);
    } else {
      if (before !== undefined) before.after ??= first;
      if (kind === 'not-counted') story = undefined;
    }
  }
  // What was over before the period began is another register's.
  return stories.filter((gaps) => gaps.some(({ after }) => after === undefined || after.from > from));
}

function lookBackRows({ certificateNo, name, spans }: GapCourse, form: LookBack): CellValue[][] {
  const { language } = form;
  const l = formTexts[language].lookBack;
  const reason = (span: StandingSpan): string => (span.reason === null ? '' : reasonWord(span.reason, language));
  return storiesOf(spans, form).map(([gap, ...rebounds]) => {
    const { opened, last, after } = gap as OpenedGap;
    const since = opened.from === beginningOfDays ? null : opened.from;
    const isClosed = after?.standing === 'covered';
    const done = isClosed
      ? l.closed(after.from)
      : after === undefined
        ? l.open(reason(last))
        : l.left(after.from, reason(after));
    return [
      l.aspect,
      l.wording(name, certificateNo, since, reason(opened)),
      done,
      isClosed && rebounds.every((rebound) => rebound.after?.standing === 'covered') ? l.yes : l.no,
      rebounds.length === 0 ? l.no : l.yes,
      rebounds.map((rebound) => reboundText(rebound, language)).join(''),
      '',
    ];
  });
}

function reboundText({ opened, after }: OpenedGap, language: Language): string {
  const l = formTexts[language].lookBack;
  if (after === undefined) return l.rebound(opened.from, null);
  if (after.standing === 'covered') return l.rebound(opened.from, after.from);
  return l.reboundLeft(opened.from, after.from, after.reason === null ? '' : reasonWord(after.reason, language));
}

/** A reason of a gap, or of not counting. */
export function reasonWord(reason: string, language: Language): string {
  const { word } = codeText('gap', reason, language);
  return word === reason ? codeWord('outOfCount', reason, language) : word;
}

export interface UnrecordedCases extends FormHead {
  readonly asOf: CalendarDate;
  readonly cases: readonly CaseWithoutRecording[];
}

/** Officers on cases without any recording, one line for each officer and case. */
export function unrecordedCasesSheet(form: UnrecordedCases): Sheet {
  const { language, title, asOf, cases, profile, unit } = form;
  const t = formTexts[language];
  const s = coverageSheetTexts[language];
  const p = coveragePageTexts[language];
  const column = (heading: string, width: number, kind: CellKind = 'text') => ({ title: heading, kind, width });
  return {
    name: title,
    title,
    lines: [t.unitLine(unit ?? t.allUnits), t.dayLine(asOf), t.ruleLine(p.inUse, profile.clauses.use)],
    columns: [
      column(s.number, 7, 'count'),
      column(p.caseNumber, 28),
      column(s.name, 12),
      column(s.certificateNo, 18),
      column(s.unit, 28),
      column(p.recorderThen, 18),
    ],
    rows: cases.map((one, index) => [
      index + 1,
      one.caseNumber,
      one.name,
      one.certificateNo,
      one.unit,
      one.serial ?? p.noneThen,
    ]),
    notes: [p.casesHint],
  };
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
