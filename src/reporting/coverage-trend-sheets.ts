/**
 * Coverage over time as tables: months, what moved in each, units by month, years, the days to the deadline. The figures
 * come from the answer; nothing is counted here.
 */
import { moveKinds } from '../domain/coverage-moves.ts';
import type { CoverageOverTime } from '../domain/coverage-over-time.ts';
import type { Language } from '../texts/cli-texts.ts';
import { codeWord } from '../texts/code-texts.ts';
import { coveragePageTexts } from '../texts/coverage-page-texts.ts';
import { coverageSheetTexts } from '../texts/coverage-sheet-texts.ts';
import { coverageLines } from './coverage-sheets.ts';
import { rateText, type Sheet, type SheetColumn } from './sheet.ts';

export interface TrendSheetsInput {
  readonly time: CoverageOverTime;
  /** Null: everything known. */
  readonly knownAt: number | null;
  readonly language: Language;
}

const column = (title: string, kind: SheetColumn['kind'], width = 12): SheetColumn => ({ title, kind, width });

export function trendSheets(input: TrendSheetsInput): Sheet[] {
  const { units, coming } = input.time;
  return [
    monthsSheet(input),
    changesSheet(input),
    ...(units.rows.length > 0 ? [unitsSheet(input)] : []),
    yearsSheet(input),
    ...(coming.length > 0 ? [comingSheet(input)] : []),
  ];
}

/** Unit, day and rule of the whole, and the verdict on the pace with its assumption. */
function monthsSheet({ time, knownAt, language }: TrendSheetsInput): Sheet {
  const { today, months, pace, completeSince } = time;
  const t = coverageSheetTexts[language];
  const p = coveragePageTexts[language];
  const { profile, asOf, bases } = today;
  const unit = today.unitPath.at(-1)?.name ?? null;
  const { measured } = pace;
  const needed = pace.neededPer30Days;
  return {
    name: p.months,
    title: p.months,
    lines: coverageLines({ coverage: { answer: { profile, asOf, unit }, bases }, knownAt, language }),
    columns: [
      column(p.month, 'day'),
      column(t.population, 'count'),
      column(t.covered, 'count'),
      column(t.gap, 'count'),
      column(t.rate, 'rate'),
      column(t.ways['personal-only'], 'count', 14),
      column(t.ways['including-shared'], 'count', 14),
      column(t.inUse, 'count'),
    ],
    rows: months.map(({ figures }) => [
      figures.asOf,
      figures.population,
      figures.covered,
      figures.missing,
      figures.rate,
      figures.coveredPersonally,
      figures.coveredIncludingShared,
      figures.use['in-use'],
    ]),
    notes: [
      p.verdicts[pace.verdict],
      ...(completeSince === null ? [] : [p.completeSince(completeSince)]),
      ...(needed === null ? [] : [p.needed(String(Math.ceil(needed * 10) / 10))]),
      ...(measured === null || pace.gaps === 0
        ? []
        : [p.assumption(measured.from, measured.to, String(measured.closed))]),
    ],
  };
}

function changesSheet({ time: { months }, language }: TrendSheetsInput): Sheet {
  const p = coveragePageTexts[language];
  const points = (rate: number | null): number | null => (rate === null ? null : Math.round(rate * 10_000) / 100);
  return {
    name: p.changes,
    title: p.changes,
    lines: [],
    columns: [
      column(p.month, 'day'),
      ...moveKinds.map((kind) => column(p.moves[kind], 'count')),
      ...[p.byRecorders, p.byLeaving, p.byEntering].map((title) => column(title, 'count')),
      column(p.withoutLeaving, 'rate'),
      ...[p.opened, p.closed, p.rebounds].map((title) => column(title, 'count')),
      column(p.leftBy, 'text', 30),
    ],
    rows: months.flatMap(({ figures, change }) => {
      if (change === null) return [];
      const { tally, rate, leftBy, onlyByLeaving } = change.parts;
      const left = leftBy.map(({ reason, persons }) => `${codeWord('outOfCount', reason, language)} ${persons}`);
      return [
        [
          figures.asOf,
          ...moveKinds.map((kind) => tally[kind]),
          ...[rate.byRecorders, rate.byLeaving, rate.byEntering].map(points),
          rate.withoutLeaving,
          ...[change.gapsOpened, change.gapsClosed, change.rebounds],
          [...(onlyByLeaving ? [p.onlyByLeaving] : []), ...left].join('；'),
        ],
      ];
    }),
    notes: [p.changesHint],
  };
}

function unitsSheet({ time: { units }, language }: TrendSheetsInput): Sheet {
  const t = coverageSheetTexts[language];
  const p = coveragePageTexts[language];
  return {
    name: p.unitsOverTime,
    title: p.unitsOverTime,
    lines: units.above === null ? [] : [t.unitLine(units.above.name)],
    columns: [
      column(t.unit, 'text', 30),
      ...units.days.map((day) => column(day, 'rate')),
      column(t.population, 'count'),
      column(t.gap, 'count'),
    ],
    rows: units.rows.map(({ unit, months }) => [
      unit?.name ?? p.ownPeople,
      ...months.map((figures) => figures?.rate ?? null),
      months.at(-1)?.population ?? 0,
      months.at(-1)?.missing ?? 0,
    ]),
  };
}

function yearsSheet({ time: { years }, language }: TrendSheetsInput): Sheet {
  const t = coverageSheetTexts[language];
  const p = coveragePageTexts[language];
  return {
    name: p.years,
    title: p.years,
    lines: [],
    columns: [
      column(p.year, 'text', 14),
      column(p.origin, 'text', 14),
      column(t.population, 'count'),
      column(t.covered, 'count'),
      column(t.rate, 'rate'),
      column(p.change, 'text', 14),
      column('', 'text', 14),
      column(p.source, 'text', 36),
    ],
    rows: years.map((row) => [
      `${row.year}${row.isRunning ? p.running : ''}`,
      p.origins[row.origin],
      row.population,
      row.covered,
      row.rate,
      row.change === null
        ? null
        : p.points(`${row.change < 0 ? '-' : ''}${rateText(Math.abs(row.change)).slice(0, -1)}`),
      p.rises[row.rise],
      row.source,
    ]),
    notes: [p.yearsHint],
  };
}

function comingSheet({ time: { coming }, language }: TrendSheetsInput): Sheet {
  const p = coveragePageTexts[language];
  return {
    name: p.coming,
    title: p.coming,
    lines: [],
    columns: [
      column(p.day, 'day'),
      ...[p.daysLeft, p.allowed, p.projected, p.known].map((title) => column(title, 'count', 16)),
    ],
    rows: coming.map(({ day, daysLeft, gapsAllowed, gapsProjected, gapsKnown }) => [
      day,
      daysLeft,
      gapsAllowed,
      gapsProjected,
      gapsKnown,
    ]),
    notes: [p.comingHint],
  };
}
