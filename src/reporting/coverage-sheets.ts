/** The coverage report as tables: figures, units, gaps. Every figure comes from the answer; nothing is counted here. */
import type { DatedCoverage } from '../domain/coverage-as-of.ts';
import type { CoverageFigures } from '../domain/coverage-summary.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import type { Language } from '../texts/cli-texts.ts';
import { codeText } from '../texts/code-texts.ts';
import { coverageSheetTexts } from '../texts/coverage-sheet-texts.ts';
import type { CellValue, Sheet } from './sheet.ts';

export interface CoverageSheetsInput {
  readonly coverage: DatedCoverage;
  /** Null: everything known. */
  readonly knownAt: number | null;
  readonly language: Language;
  /** The unit's name; without it what was asked for stands there. */
  readonly unitName?: string | null;
  /** First day of each open gap by certificate number, where it is known. */
  readonly gapSince?: ReadonlyMap<string, CalendarDate>;
}

export interface CoverageLinesInput extends Pick<CoverageSheetsInput, 'knownAt' | 'language' | 'unitName'> {
  readonly coverage: {
    readonly answer: Pick<DatedCoverage['answer'], 'profile' | 'asOf' | 'unit'>;
    readonly bases: DatedCoverage['bases'];
  };
}

/** Unit, day and rule, as they stand on top of every paper about coverage. */
export function coverageLines(input: CoverageLinesInput): string[] {
  const { knownAt, language, unitName } = input;
  const { answer, bases } = input.coverage;
  const t = coverageSheetTexts[language];
  const { profile, asOf, unit } = answer;
  return [
    t.unitLine(unitName ?? unit ?? t.allUnits),
    t.dayLine(asOf),
    t.ruleLine(profile.title[language === 'zh' ? 'zh-CN' : 'en'], profile.clause),
    t.deadlineLine(profile.deadline),
    ...(knownAt === null ? [] : [t.knownLine(String(knownAt))]),
    ...(bases.officers === 'before-first' ? [t.beforeFirst] : bases.officers === 'none' ? [t.noRoster] : []),
  ];
}

export function coverageSheets(input: CoverageSheetsInput): Sheet[] {
  const { answer } = input.coverage;
  const sheets = [figuresSheet(input), gapsSheet(input)];
  return answer.units.length > 1 ? [figuresSheet(input), unitsSheet(input), gapsSheet(input)] : sheets;
}

function figuresSheet(input: CoverageSheetsInput): Sheet {
  const t = coverageSheetTexts[input.language];
  const { answer } = input.coverage;
  const { population } = answer;
  const row = (way: 'personal-only' | 'including-shared', covered: number): CellValue[] => [
    t.ways[way],
    population,
    covered,
    population - covered,
    population === 0 ? null : covered / population,
    way === answer.reported ? t.isReported : t.notReported,
  ];
  const paper = answer.covered;
  const inUse = answer.use['in-use'];
  const hasUse = Object.values(answer.use).some((count) => count > 0) || paper === 0;
  return {
    name: t.figures,
    title: t.figures,
    lines: coverageLines(input),
    columns: [
      { title: t.way, kind: 'text', width: 24 },
      { title: t.population, kind: 'count', width: 12 },
      { title: t.covered, kind: 'count', width: 12 },
      { title: t.gap, kind: 'count', width: 12 },
      { title: t.rate, kind: 'rate', width: 10 },
      { title: t.reported, kind: 'text', width: 20 },
    ],
    rows: [
      row('personal-only', answer.coveredPersonally),
      row('including-shared', answer.coveredIncludingShared),
      ...(hasUse
        ? [
            [
              t.inUse,
              population,
              inUse,
              population - inUse,
              population === 0 ? null : inUse / population,
              answer.profile.clauses.use,
            ],
          ]
        : []),
    ],
  };
}

function unitsSheet(input: CoverageSheetsInput): Sheet {
  const t = coverageSheetTexts[input.language];
  const { answer } = input.coverage;
  const figures = ({ population, covered, missing, rate }: CoverageFigures): CellValue[] => [
    population,
    covered,
    missing,
    rate,
  ];
  return {
    name: t.units,
    title: t.units,
    lines: [],
    columns: [
      { title: t.unit, kind: 'text', width: 34 },
      { title: t.population, kind: 'count', width: 12 },
      { title: t.covered, kind: 'count', width: 12 },
      { title: t.gap, kind: 'count', width: 12 },
      { title: t.rate, kind: 'rate', width: 10 },
    ],
    rows: answer.units.map((unit) => [unit.unit, ...figures(unit)]),
    totals: [t.total, ...figures(answer)],
  };
}

export function gapsSheet({ coverage: { answer }, language, gapSince }: CoverageSheetsInput): Sheet {
  const t = coverageSheetTexts[language];
  const rows = answer.verdicts.flatMap((verdict): CellValue[][] => {
    const { gap } = verdict;
    if (gap === null) return [];
    return [
      [
        verdict.certificateNo,
        verdict.name,
        verdict.unit,
        verdict.post,
        codeText('gap', gap.reason, language).word,
        gap.serial ?? gap.unregisteredSerial ?? '',
        gap.heldBy?.certificateNo ?? '',
        gapSince?.get(verdict.certificateNo) ?? null,
        gap.dueOn,
        gap.overdueDays,
        verdict.clause,
      ],
    ];
  });
  const withSince = gapSince !== undefined;
  const columns = [
    { title: t.certificateNo, kind: 'text', width: 18 },
    { title: t.name, kind: 'text', width: 12 },
    { title: t.unit, kind: 'text', width: 28 },
    { title: t.post, kind: 'text', width: 14 },
    { title: t.reason, kind: 'text', width: 18 },
    { title: t.recorder, kind: 'text', width: 16 },
    { title: t.heldBy, kind: 'text', width: 18 },
    { title: t.since, kind: 'day', width: 12 },
    { title: t.dueOn, kind: 'day', width: 12 },
    { title: t.overdueDays, kind: 'count', width: 10 },
    { title: t.clause, kind: 'text', width: 28 },
  ] as const;
  const sinceAt = 7;
  const shown = <T>(cells: readonly T[]): T[] => cells.filter((_, index) => withSince || index !== sinceAt);
  return {
    name: t.gaps,
    title: t.gaps,
    lines: [],
    columns: [{ title: t.number, kind: 'count', width: 7 }, ...shown(columns)],
    rows: rows.map((cells, index) => [index + 1, ...shown(cells)]),
  };
}
