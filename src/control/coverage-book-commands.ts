/**
 * `evidock coverage baseline …` and `evidock coverage report …`: figures from before the installation, and monthly
 * reports that stand in the ledger so that a figure once reported can be proved.
 */
import { readFileSync } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorMessage, StationError } from '../domain/errors.ts';
import type { Sha256Hex } from '../domain/ids.ts';
import { digestsOfFile } from '../exporting/stream-digests.ts';
import type { TableProblem } from '../people/table-problems.ts';
import type { CoverageReportRow } from '../registry/coverage-book-queries.ts';
import { rateText } from '../reporting/sheet.ts';
import { type CheckedReport, type HandedInReport, recordedFiles } from '../station/coverage-book-desk.ts';
import { digestsOf, sumsFile, sumsFileName } from '../station/coverage-report-files.ts';
import type { Station } from '../station.ts';
import type { Language } from '../texts/cli-texts.ts';
import { coverageBookTexts } from '../texts/coverage-texts.ts';
import { importTexts, problemSentence } from '../texts/import-texts.ts';
import {
  actorOf,
  firstTrouble,
  jsonOption,
  monthTrouble,
  neededTrouble,
  textOf,
  textTrouble,
  typedText,
} from './call-words.ts';
import { type CommandCall, type CommandIo, exitCodes, type StationCommand } from './command.ts';
import { giveFile } from './file-output.ts';

const nameMax = 200;
const fileBytesMax = 64 * 1024 * 1024;

const baselineImport: StationCommand = {
  runs: 'station',
  makesFolder: true,
  name: 'coverage baseline import',
  summary: '导入安装前的历史上报数（CSV）及来源文件 / import figures of reports from before the installation',
  usage: 'evidock coverage baseline import FILE --data DIR [--source FILE] [--dry-run] [--json]',
  options: {
    source: { type: 'string', value: 'FILE', isPath: true, help: '来源文件扫描件，随存 / the document itself, kept' },
    'dry-run': { type: 'boolean', help: '只检查，不写入 / check only' },
    json: jsonOption,
  },
  positionals: [{ name: 'FILE', isPath: true }],
  exits: '0 taken whole, or checked and good, 1 rows are wrong and nothing was taken',
  async run(station, call, io) {
    const { source } = call.values;
    const dryRun = call.values['dry-run'] === true;
    const { rows, problems } = await station.coverageBook.importBaseline({
      bytes: readWhole(call.positionals[0] as string),
      source: typeof source === 'string' ? readWhole(source) : undefined,
      dryRun,
      actor: actorOf(call),
    });
    const event = problems.length > 0 ? 'refused' : dryRun ? 'compared' : 'imported';
    if (call.values.json === true) io.out(JSON.stringify({ event, rows: rows.map(({ facts }) => facts), problems }));
    else sayBaseline({ event, rows: rows.length, problems, language: call.language }, io);
    return problems.length > 0 ? exitCodes.incomplete : exitCodes.done;
  },
};

interface BaselineSaid {
  readonly event: 'refused' | 'compared' | 'imported';
  readonly rows: number;
  readonly problems: readonly TableProblem[];
  readonly language: Language;
}

function sayBaseline({ event, rows, problems, language }: BaselineSaid, io: CommandIo): void {
  const words = importTexts[language];
  const texts = coverageBookTexts[language];
  for (const { line, column, reason, value, accepted, otherLine, limit } of problems) {
    const place = line === null ? words.wholeFile(column) : words.at(line, column);
    const figures = { value, accepted: accepted ?? [], otherLine, limit };
    io.err(`${place}: ${problemSentence(reason, figures, language)}${value === null ? '' : ` (${value})`}`);
  }
  if (event === 'refused') io.err(texts.baselineRefused(problems.length));
  else io.out(event === 'compared' ? texts.baselineCompared(rows) : texts.baselineTaken(rows));
}

const baselineList: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'coverage baseline list',
  summary: '列出历史上报数 / figures of earlier reports',
  usage: 'evidock coverage baseline list --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [],
  exits: '0 done',
  async run(station, call, io) {
    const texts = coverageBookTexts[call.language];
    for (const entry of station.context.registry.coverageBook.allBaselines()) {
      const { profile, unit, asOf, population, covered, source } = entry;
      const rate = population === 0 ? '-' : rateText(covered / population);
      if (call.values.json === true) io.out(JSON.stringify({ event: 'baseline', origin: 'handed-in', ...entry }));
      else {
        const where = unit === '' ? texts.allUnits : unit;
        io.out(
          `${asOf}  ${profile}  ${where}  ${texts.handedIn} ${texts.figures(covered, population, rate)}  ${source}`,
        );
      }
    }
    return exitCodes.done;
  },
};

const report: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'coverage report',
  summary: '上报月报：数字和名单的摘要写入存证日志 / hand in a month: digests of its files stand in the ledger',
  usage:
    'evidock coverage report --month YYYY-MM --handed-in-by NAME --data DIR [--profile NAME] [--unit CODE]\n' +
    '                      [--handed-in-to TEXT] [--out DIR] [--json]',
  options: {
    month: { type: 'string', value: 'YYYY-MM', help: '月份；未结束的按今天 / a month; one that runs as of today' },
    'handed-in-by': { type: 'string', value: 'NAME', help: '填报人 / who hands it in' },
    'handed-in-to': { type: 'string', value: 'TEXT', help: '报送单位 / to whom' },
    profile: { type: 'string', value: 'NAME', help: '统计口径，默认第一个 / profile (default the first)' },
    unit: { type: 'string', value: 'UNIT', help: '只报一个单位 / one unit only' },
    out: { type: 'string', value: 'DIR', isPath: true, help: '文件写入新目录 / a new folder for the files' },
    json: jsonOption,
  },
  positionals: [],
  exits: '0 recorded, 1 not possible',
  check: (call) =>
    firstTrouble(
      monthTrouble(call, 'month'),
      neededTrouble(call, nameMax, 'handed-in-by'),
      textTrouble(call, nameMax, 'handed-in-to'),
    ),
  async run(station, call, io) {
    const { out } = call.values;
    if (typeof out === 'string') await newFolder(out);
    const made = await station.coverageBook.report(
      {
        profile: typedText(call, 'profile'),
        month: textOf(call, 'month'),
        unit: typedText(call, 'unit'),
        handedInBy: textOf(call, 'handed-in-by'),
        handedInTo: typedText(call, 'handed-in-to') ?? null,
        language: call.language,
        actor: actorOf(call),
      },
      station.today(),
    );
    if (typeof out === 'string') await writeFiles(made, out);
    show(made.row, call, io);
    if (typeof out === 'string') io.err(coverageBookTexts[call.language].files(out));
    return exitCodes.done;
  },
};

const reportList: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'coverage report list',
  summary: '列出已上报的月报 / monthly reports that were handed in',
  usage: 'evidock coverage report list --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [],
  exits: '0 done',
  async run(station, call, io) {
    const rows = station.coverageBook.list();
    if (rows.length === 0 && call.values.json !== true) io.err(coverageBookTexts[call.language].noReports);
    for (const row of rows) show(row, call, io);
    return exitCodes.done;
  },
};

const reportShow: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'coverage report show',
  summary: '重新输出某次月报的文件 / the files of a report once more, as they were handed in',
  usage: 'evidock coverage report show REPORT --data DIR [--out DIR]',
  options: {
    out: { type: 'string', value: 'DIR', isPath: true, help: '文件写入新目录 / a new folder for the files' },
  },
  positionals: [{ name: 'REPORT', isPath: false }],
  exits: '0 done, 1 no such report, or a file is no longer made as it was handed in',
  async run(station, call, io) {
    const made = await station.coverageBook.reproduce(call.positionals[0] as string, call.language);
    const { out } = call.values;
    if (typeof out !== 'string') {
      await giveFile(io, made.files[0]?.bytes ?? '', undefined);
      return exitCodes.done;
    }
    await newFolder(out);
    await writeFiles(made, out);
    const texts = coverageBookTexts[call.language];
    io.err(texts.files(out));
    const recorded = new Map(recordedFiles(made.row).map(({ name, sha256 }) => [name, sha256]));
    const other = digestsOf(made.files).filter(({ name, sha256 }) => (recorded.get(name) ?? sha256) !== sha256);
    if (other.length > 0) io.err(texts.madeOtherwise(other.map(({ name }) => name).join(', ')));
    return other.length > 0 ? exitCodes.incomplete : exitCodes.done;
  },
};

const reportCheck: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'coverage report check',
  summary: '核对文件或整个文件夹是否本站上报、哪个被改动 / whether files were handed in, and which one was altered',
  usage: 'evidock coverage report check FILE|FOLDER --data DIR [--report REPORT] [--json]',
  options: {
    report: { type: 'string', value: 'REPORT', help: '指明是哪次月报 / which report is meant' },
    json: jsonOption,
  },
  positionals: [{ name: 'FILE', isPath: true }],
  exits: '0 it was, and every file of it is as it was, 1 it never was, or a file was altered or is missing',
  async run(station, call, io) {
    const [path = ''] = call.positionals;
    const { report } = call.values;
    if (await isFolder(path)) return checkFolder(station, { path, call }, io);
    const digest = await digestOf(path);
    const matches = (await station.coverageBook.check(digest)).filter(
      ({ row }) => report === undefined || row.report === report,
    );
    // A file that is none of the report as it is, but is named like one of it, was altered.
    const named = report === undefined || matches.length > 0 ? undefined : basename(path);
    if (named !== undefined)
      return sayFolder(station, { digests: new Map([[named, digest]]), only: named, path, call }, io);
    const texts = coverageBookTexts[call.language];
    if (call.values.json === true) {
      for (const { row, name, isReproduced } of matches) {
        const { details: _, ...facts } = row;
        io.out(JSON.stringify({ event: 'matches', name, reproduced: isReproduced, ...facts }));
      }
      if (matches.length === 0) io.out(JSON.stringify({ event: 'no-match', file: path, sha256: digest }));
    } else if (matches.length === 0) io.err(texts.noMatch(path));
    else {
      for (const { row, name, isReproduced } of matches) {
        io.out(texts.match(row.report, row.month, station.shownTime(row.reportedAt), row.seq));
        io.out(texts.which[name]);
        io.out(isReproduced ? texts.reproduced : texts.notReproduced);
        io.out(texts.proveIt(row.seq));
      }
    }
    return matches.length > 0 ? exitCodes.done : exitCodes.incomplete;
  },
};

async function checkFolder(
  station: Station,
  { path, call }: { readonly path: string; readonly call: CommandCall },
  io: CommandIo,
): Promise<number> {
  const digests = new Map<string, string>();
  for (const name of await filesOf(path)) digests.set(name, await digestOf(join(path, name)));
  return sayFolder(station, { digests, only: undefined, path, call }, io);
}

interface FolderQuestion {
  readonly digests: ReadonlyMap<string, string>;
  /** Where one file is asked about, its name. */
  readonly only: string | undefined;
  readonly path: string;
  readonly call: CommandCall;
}

async function sayFolder(
  station: Station,
  { digests, only, path, call }: FolderQuestion,
  io: CommandIo,
): Promise<number> {
  const whole = station.coverageBook.checkFolder(digests, call.values.report as string | undefined);
  const checked = whole && {
    ...whole,
    files: whole.files.filter(({ name }) => only === undefined || name === only),
  };
  const isJson = call.values.json === true;
  if (checked === undefined) {
    if (isJson) io.out(JSON.stringify({ event: 'no-match', file: path }));
    else io.err(coverageBookTexts[call.language].noMatch(path));
    return exitCodes.incomplete;
  }
  if (isJson) {
    const { details: _, ...facts } = checked.row;
    io.out(JSON.stringify({ event: 'checked', ...facts, files: checked.files }));
  } else sayChecked(checked, { station, call }, io);
  return checked.files.every(({ state }) => state === 'same') ? exitCodes.done : exitCodes.incomplete;
}

function sayChecked(
  { row, files }: CheckedReport,
  { station, call }: { readonly station: Station; readonly call: CommandCall },
  io: CommandIo,
): void {
  const texts = coverageBookTexts[call.language];
  io.out(texts.folderOf(row.report, row.month, station.shownTime(row.reportedAt), row.seq));
  for (const { name, state, recorded, found } of files) {
    io.out(`  ${name}  ${texts.states[state]}`);
    if (state === 'changed') io.out(`    ${texts.digests(String(recorded), String(found))}`);
  }
  io.out(texts.proveIt(row.seq));
}

function show(row: CoverageReportRow, call: CommandCall, io: CommandIo): void {
  const texts = coverageBookTexts[call.language];
  const { details, ...facts } = row;
  if (call.values.json === true) {
    const { figures: _, ...document } = details ?? { figures: '' };
    io.out(JSON.stringify({ event: 'reported', ...facts, ...document }));
    return;
  }
  const rate = row.population === 0 ? '-' : rateText(row.covered / row.population);
  io.out(texts.reported(row.report, row.month, row.seq));
  io.out(
    `  ${row.asOf}  ${row.profile}  ${details?.unit ?? texts.allUnits}  ${texts.figures(row.covered, row.population, rate)}`,
  );
  for (const { name, sha256 } of recordedFiles(row)) io.out(`  ${name.padEnd(12)} sha256:${sha256}`);
}

async function newFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o750 });
  } catch (cause) {
    throw new StationError('out-file-taken', errorMessage(cause), { cause, next: 'Name a folder that is not there.' });
  }
}

/** The files, and their digests as recorded, for `sha256sum --check`. */
async function writeFiles({ row, files }: HandedInReport, out: string): Promise<void> {
  const quiet = { bytes: () => undefined, out: () => undefined, err: () => undefined, progress: () => undefined };
  const io: CommandIo = { ...quiet, signal: new AbortController().signal };
  for (const { name, bytes } of files) await giveFile(io, bytes, join(out, name));
  if (row.details?.files !== undefined) await giveFile(io, sumsFile(row.details.files), join(out, sumsFileName));
}

/** Entries of a folder that a report may lie in; more are none. */
const folderFilesMax = 1000;

async function isFolder(path: string): Promise<boolean> {
  return (await readable(path, () => stat(path))).isDirectory();
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readable(folder, () => readdir(folder, { withFileTypes: true }));
  if (entries.length > folderFilesMax) {
    throw new StationError('file-unreadable', `${folder} has more than ${folderFilesMax} entries`, {
      next: 'Name the folder of one report.',
    });
  }
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

async function digestOf(path: string): Promise<Sha256Hex> {
  const { digests } = await readable(path, () => digestsOfFile(path, ['sha256']));
  return digests.get('sha256') as Sha256Hex;
}

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new StationError('file-unreadable', `${path}: ${errorMessage(cause)}`, { cause, next: 'Check the path.' });
  }
}

function readWhole(file: string): Buffer {
  try {
    const bytes = readFileSync(file);
    if (bytes.length <= fileBytesMax) return bytes;
  } catch (cause) {
    throw new StationError('file-unreadable', `${file}: ${errorMessage(cause)}`, { cause, next: 'Check the path.' });
  }
  throw new StationError('file-unreadable', `${file} is over ${fileBytesMax} bytes`, { next: 'Check the path.' });
}

export const coverageBookCommands = [
  baselineImport,
  baselineList,
  report,
  reportList,
  reportShow,
  reportCheck,
] as const;
