/**
 * The files of a monthly report as the exact bytes that are handed in: figures, list of gaps, workbook and paper. The
 * same answer and the same words give the same bytes, so that each can be made again and compared with its digest.
 */
import { createHash } from 'node:crypto';
import { coverageCsv } from '../coverage/coverage-report.ts';
import type { DatedCoverage } from '../domain/coverage-as-of.ts';
import type { ReportFileDigest, ReportFileName, ReportWording } from '../domain/coverage-records.ts';
import type { Sha256Hex } from '../domain/ids.ts';
import { monthlyFigures } from '../reporting/coverage-figures.ts';
import { coverageSheets } from '../reporting/coverage-sheets.ts';
import { paperFile } from '../reporting/paper-file.ts';
import { xlsxFile } from '../reporting/xlsx-file.ts';
import { codeText } from '../texts/code-texts.ts';
import { coverageSheetTexts } from '../texts/coverage-sheet-texts.ts';

export interface ReportFile {
  readonly name: ReportFileName;
  readonly bytes: Buffer;
}

export interface ReportFilesInput {
  readonly station: string;
  readonly report: string;
  readonly month: string;
  readonly knownAt: number;
  readonly coverage: DatedCoverage;
  readonly wording: ReportWording;
}

export async function reportFiles(input: ReportFilesInput): Promise<ReportFile[]> {
  const { station, report, month, knownAt, coverage, wording } = input;
  const { language, made } = wording;
  const figures = monthlyFigures({ station, month, knownAt, answer: coverage.answer });
  const list = coverageCsv(coverage, (reason) => codeText('gap', reason, 'zh').word);
  const sheets = coverageSheets({ coverage, knownAt, language });
  const { title, signatures } = coverageSheetTexts[language];
  const workbook = await xlsxFile(sheets);
  const proof = [
    report,
    `figures.json sha256:${sha256Of(figures)}`,
    `list.csv sha256:${sha256Of(list)}`,
    `report.xlsx sha256:${sha256Of(workbook)}`,
  ];
  const paper = paperFile({
    title,
    language,
    orientation: 'landscape',
    sheets,
    signatures,
    made: [made, ...proof].join(' · '),
  });
  return [
    { name: 'figures.json', bytes: Buffer.from(figures) },
    { name: 'list.csv', bytes: Buffer.from(list) },
    { name: 'report.xlsx', bytes: workbook },
    { name: 'report.html', bytes: Buffer.from(paper) },
  ];
}

export const digestsOf = (files: readonly ReportFile[]): ReportFileDigest[] =>
  files.map(({ name, bytes }) => ({ name, sha256: sha256Of(bytes), bytes: bytes.length }));

export const sumsFileName = 'SHA256SUMS';

/** As `sha256sum --check` reads it, for whoever has no Evidock. */
export const sumsFile = (digests: readonly Pick<ReportFileDigest, 'name' | 'sha256'>[]): string =>
  digests.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');

export const sha256Of = (bytes: string | Uint8Array): Sha256Hex =>
  createHash('sha256').update(bytes).digest('hex') as Sha256Hex;
