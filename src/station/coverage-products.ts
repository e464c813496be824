/**
 * What is made out of everybody's verdicts, made where they were looked through: files, lists and counts of an older
 * state of knowledge, the stock and the budget. In a thread, so that only what is shown or sent comes out of it.
 */
import type { CacheReader } from '../coverage/cache-reader.ts';
import { coverageCsv, coverageJson, type ReportedCoverage } from '../coverage/coverage-report.ts';
import { codeOf, verdictCodes } from '../domain/coverage-codes.ts';
import type { CoverageProfile } from '../domain/coverage-profile.ts';
import type { CoverageList, CoverageListAsked, CoverageRow, GapPerson } from '../domain/coverage-questions.ts';
import { firstDayNumber } from '../domain/coverage-spans.ts';
import { type BudgetSheet, type BudgetTerms, budgetOf, type StockAnswer, stockOf } from '../domain/coverage-stock.ts';
import type { OfficerVerdict } from '../domain/coverage-verdict.ts';
import { dayOfNumber } from '../domain/day-number.ts';
import { type CalendarDate, compareText } from '../domain/people-facts.ts';
import type { UnitTree } from '../domain/unit-tree.ts';
import { type FormHead, rectificationSheet } from '../reporting/coverage-forms.ts';
import { coverageSheets } from '../reporting/coverage-sheets.ts';
import type { Sheet } from '../reporting/sheet.ts';
import type { Language } from '../texts/cli-texts.ts';
import { codeText } from '../texts/code-texts.ts';
import { coverageSheetTexts } from '../texts/coverage-sheet-texts.ts';
import { isWanted } from './coverage-list-groups.ts';
import type { ScannedCoverage } from './coverage-scan.ts';
import { type UnitNames, unitKeysOf } from './coverage-units.ts';
import { madeFile } from './made-file.ts';

export interface ReportProduct {
  readonly kind: 'report';
  readonly format: 'csv' | 'json' | 'xlsx' | 'html';
  readonly language: Language;
  /** Null: everything known. */
  readonly knownAt: number | null;
  /** Null: all units. */
  readonly unitName: string | null;
  readonly made: string;
}

export interface RectificationProduct extends FormHead {
  readonly kind: 'rectification';
  readonly measure: string;
}

export interface StockProduct {
  readonly kind: 'stock';
  readonly tree: UnitTree;
  readonly repairDays: number;
  /** Null: all. */
  readonly units: ReadonlySet<string> | null;
  readonly names: UnitNames;
}

export interface BudgetProduct extends Omit<StockProduct, 'kind'> {
  readonly kind: 'budget';
  readonly terms: BudgetTerms;
}

/** What each product is. */
export interface CoverageProducts {
  readonly verdicts: { readonly asked: { readonly kind: 'verdicts' }; readonly answer: ScannedCoverage };
  readonly counts: { readonly asked: { readonly kind: 'counts' }; readonly answer: UnitCounts };
  readonly list: {
    readonly asked: { readonly kind: 'list'; readonly list: CoverageListAsked };
    readonly answer: CoverageList;
  };
  readonly gaps: { readonly asked: { readonly kind: 'gaps' }; readonly answer: readonly GapPerson[] };
  readonly report: { readonly asked: ReportProduct; readonly answer: Uint8Array };
  readonly rectification: { readonly asked: RectificationProduct; readonly answer: Sheet };
  readonly stock: { readonly asked: StockProduct; readonly answer: StockAnswer };
  readonly budget: { readonly asked: BudgetProduct; readonly answer: BudgetSheet };
}
export type ProductKind = keyof CoverageProducts;
export type CoverageProduct = CoverageProducts[ProductKind]['asked'];

/** Products that say since when a gap is open. */
export const isDated = (product: CoverageProduct): boolean =>
  ['rectification', 'stock', 'budget'].includes(product.kind) || (product.kind === 'report' && isPaper(product));
/** Tables for people; the others are for programs, and have columns that stay. */
const isPaper = ({ format }: ReportProduct): boolean => format === 'html' || format === 'xlsx';
/** Products that need the recorders of the day and who holds which. */
export const withRecorders = ({ kind }: CoverageProduct): boolean => kind === 'stock' || kind === 'budget';

export interface ProductFacts {
  readonly scanned: ScannedCoverage;
  /** First days of open gaps, of these people at least, by certificate. */
  readonly startsOf: (verdicts: readonly OfficerVerdict[]) => Promise<ReadonlyMap<string, CalendarDate>>;
  readonly correctionsSince: ReportedCoverage['correctionsSince'];
}

export async function makeProduct(product: CoverageProduct, facts: ProductFacts): Promise<unknown> {
  const { scanned } = facts;
  switch (product.kind) {
    case 'verdicts':
      return scanned;
    case 'counts':
      return unitCounts(scanned);
    case 'list':
      return listOf(product.list, facts);
    case 'gaps':
      return gapPeople(scanned);
    case 'report':
      return reportFile(product, facts);
    case 'rectification':
      return rectification(product, facts);
    case 'stock': {
      const stock = await stockIn(product, facts);
      // Whoever gets nothing today is on the list of gaps.
      const served = new Set(stock.proposals.map(({ certificateNo }) => certificateNo));
      return { ...stock, waiting: stock.waiting.filter(({ certificateNo }) => served.has(certificateNo)) };
    }
    case 'budget':
      return budgetOf(scanned.answer, await stockIn(product, facts), product.terms);
  }
}

export const gapCodes: ReadonlySet<number> = new Set(
  [...verdictCodes.entries()].flatMap(([at, { status }]) => (status === 'gap' ? at : [])),
);

export function gapDates(
  reader: CacheReader,
  at: { readonly profile: number; readonly day: number; readonly units: ReadonlySet<string> | null },
): Map<string, CalendarDate> {
  const dates = new Map<string, CalendarDate>();
  for (const people of reader.people({ ...at, group: gapCodes })) {
    for (const { certificate, since } of people) {
      if (since !== firstDayNumber) dates.set(certificate, dayOfNumber(since));
    }
  }
  return dates;
}

/** Counts by code of each unit alone, and the units' names. */
export interface UnitCounts {
  readonly profile: CoverageProfile;
  readonly bases: ScannedCoverage['bases'];
  readonly knownAt: number;
  readonly counts: ReadonlyMap<string, Int32Array>;
  readonly names: ReadonlyMap<string, string>;
  readonly unmappedPosts: ScannedCoverage['answer']['unmappedPosts'];
}

function unitCounts({ answer, bases, knownAt }: ScannedCoverage): UnitCounts {
  const counts = new Map<string, Int32Array>();
  const names = new Map<string, string>();
  for (const verdict of answer.verdicts) {
    names.set(verdict.unitKey, verdict.unit);
    const known = counts.get(verdict.unitKey) ?? new Int32Array(verdictCodes.length);
    counts.set(verdict.unitKey, known);
    const code = codeOf(verdict);
    known[code] = (known[code] as number) + 1;
  }
  const { profile, unmappedPosts } = answer;
  return { profile, bases, knownAt, counts, names, unmappedPosts };
}

const gapPeople = ({ answer }: ScannedCoverage): GapPerson[] =>
  answer.verdicts.flatMap(({ gap, person, certificateNo, name, unitKey }) =>
    gap === null ? [] : { person, certificateNo, name, unitKey },
  );

/** The list of an older state of knowledge. */
async function listOf(
  asked: CoverageListAsked,
  { scanned: { answer, knownAt }, startsOf }: ProductFacts,
): Promise<CoverageList> {
  const { sort = 'unit', descending = false, page, pageSize } = asked;
  const wanted = answer.verdicts.filter((verdict) => {
    const code = verdictCodes[codeOf(verdict)];
    return code !== undefined && isWanted(code, asked);
  });
  const starts = sort === 'since' ? await startsOf(wanted) : undefined;
  const key = (row: OfficerVerdict): string => {
    if (sort === 'since') return starts?.get(row.certificateNo) ?? '9999';
    if (sort === 'certificate') return row.certificateNo;
    if (sort === 'name') return row.name;
    const code = codeOf(row).toString().padStart(3, '0');
    return sort === 'reason' ? `${code} ${row.unitKey}` : row.unitKey;
  };
  const sign = descending ? -1 : 1;
  wanted.sort((a, b) => sign * (compareText(key(a), key(b)) || compareText(a.certificateNo, b.certificateNo)));
  const offset = (page - 1) * pageSize;
  const shown = wanted.slice(offset, offset + pageSize);
  const since = starts ?? (await startsOf(shown));
  const rows = shown.map((row) => ({
    ...row,
    gapSince: row.gap === null ? null : (since.get(row.certificateNo) ?? null),
  }));
  return { asked, knownAt, total: wanted.length, rows };
}

async function reportFile(
  { format, language, knownAt, unitName, made }: ReportProduct,
  { scanned, correctionsSince, startsOf }: ProductFacts,
): Promise<Uint8Array> {
  const { answer, bases } = scanned;
  const report = { answer, bases, knownAt: scanned.knownAt, ...(correctionsSince && { correctionsSince }) };
  if (format === 'json') return Buffer.from(`${JSON.stringify(coverageJson(report))}\n`);
  if (format === 'csv') return Buffer.from(coverageCsv(report, (reason) => codeText('gap', reason, language).word));
  const { title, signatures } = coverageSheetTexts[language];
  const layout = { title, orientation: 'landscape', signatures, language, made } as const;
  const gapSince = await startsOf(answer.verdicts);
  return madeFile(coverageSheets({ coverage: report, knownAt, language, unitName, gapSince }), format, layout);
}

/** Every gap, the longest open first. */
async function rectification(form: RectificationProduct, { scanned, startsOf }: ProductFacts): Promise<Sheet> {
  const { asOf, verdicts } = scanned.answer;
  const gapSince = await startsOf(verdicts);
  const gaps = verdicts
    .flatMap((verdict): CoverageRow[] =>
      verdict.gap === null ? [] : [{ ...verdict, gapSince: gapSince.get(verdict.certificateNo) ?? null }],
    )
    .sort(
      (a, b) =>
        compareText(a.gapSince ?? '9999', b.gapSince ?? '9999') || compareText(a.certificateNo, b.certificateNo),
    );
  return rectificationSheet({ ...form, asOf, gaps });
}

async function stockIn(
  { tree, repairDays, units, names }: Omit<StockProduct, 'kind'>,
  { scanned: { answer, recorders, holders, promised }, startsOf }: ProductFacts,
): Promise<StockAnswer> {
  const keyOf = unitKeysOf(names);
  const keyed = recorders.map((one) => (one.unit === undefined ? one : { ...one, unit: keyOf(one.unit) }));
  const own = units === null ? keyed : keyed.filter(({ unit }) => unit !== undefined && units.has(unit));
  const gapSince = await startsOf(answer.verdicts);
  return stockOf({ answer, recorders: own, holders, promised, gapSince, tree, repairDays });
}
