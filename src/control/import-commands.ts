/**
 * `evidock roster|recorders|assignments|cases import`: a table of people or things, compared first, then taken with
 * the day from which it holds.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { errorMessage, StationError } from '../domain/errors.ts';
import type { OfficerFacts } from '../domain/people-facts.ts';
import type { ImportKind } from '../domain/subject-kinds.ts';
import type { PeopleImportResult } from '../people/people-import.ts';
import { tableLimits } from '../people/table-limits.ts';
import type { UnmappedPost } from '../station/roster-desk.ts';
import type { Language } from '../texts/cli-texts.ts';
import { importTexts, problemSentence } from '../texts/import-texts.ts';
import { linkingTexts } from '../texts/linking-texts.ts';
import { actorOf, dayOrToday, dayTrouble } from './call-words.ts';
import { type CommandIo, exitCodes, type StationCommand } from './command.ts';

/** Lines of one list that are shown to people; `--json` shows all. */
const shownMax = 50;

function importCommand(kind: ImportKind, words: { name: string; zh: string; en: string }): StationCommand {
  const isRoster = kind === 'officers';
  return {
    runs: 'station',
    makesFolder: true,
    name: `${words.name} import`,
    summary: `导入${words.zh}（XLSX、CSV、JSON），先比对再写入 / import ${words.en} (XLSX, CSV, JSON), compared first`,
    usage: `evidock ${words.name} import FILE --data DIR [--effective YYYY-MM-DD] [--dry-run] [--allow-partial]${isRoster ? ' [--supplement]' : ''} [--sheet NAME] [--json]`,
    options: {
      effective: {
        type: 'string',
        value: 'DATE',
        help: '自哪天起生效，默认今天 / from which day it holds (default today)',
      },
      'dry-run': { type: 'boolean', help: '只比对，不写入 / compare only' },
      'allow-partial': { type: 'boolean', help: '有错时只导入正确的行 / take the good rows beside bad ones' },
      ...(isRoster
        ? {
            supplement: {
              type: 'boolean',
              help: '补充名单：不询问未列出的人员 / not the whole roster: nobody is asked about for not being in it',
            } as const,
          }
        : {}),
      sheet: {
        type: 'string',
        value: 'NAME',
        help: '读取哪个工作表，默认带有表头的那个 / the sheet of a workbook (default: the one with the headings)',
      },
      json: { type: 'boolean', help: '输出一个 JSON 对象 / one JSON object on stdout' },
    },
    positionals: [{ name: 'FILE', isPath: true }],
    exits: '0 compared or taken whole, 1 rows were refused',
    check: (call) => dayTrouble(call, 'effective'),
    async run(station, call, io) {
      const effective = dayOrToday(station, call, 'effective');
      const dryRun = call.values['dry-run'] === true;
      const file = call.positionals[0] as string;
      const { sheet } = call.values;
      const result = await station.people.import({
        kind,
        bytes: readTableFile(file),
        fileName: basename(file),
        ...(typeof sheet === 'string' ? { sheet } : {}),
        effective,
        dryRun,
        allowPartial: call.values['allow-partial'] === true,
        isSupplement: call.values.supplement === true,
        actor: actorOf(call),
        onProgress: (done, total) => io.progress(`${done}/${total}`),
      });
      if (result.import !== null) {
        const { looking } = linkingTexts[call.language];
        await station.links.decide((done, of) => io.progress(looking(done, of)));
      }
      const unmappedPosts = isRoster
        ? station.roster.unmappedPosts(result.reading.rows.map(({ facts }) => facts as OfficerFacts))
        : undefined;
      const shown: ShownImport = { kind, result, effective, dryRun, unmappedPosts };
      if (call.values.json === true) io.out(JSON.stringify(importObject(shown)));
      else printImport(shown, call.language, io);
      return result.reading.problems.length > 0 ? exitCodes.incomplete : exitCodes.done;
    },
  };
}

interface ShownImport {
  readonly kind: ImportKind;
  readonly result: PeopleImportResult;
  readonly effective: string;
  readonly dryRun: boolean;
  /** Of a roster: posts that the table does not know. */
  readonly unmappedPosts: readonly UnmappedPost[] | undefined;
}

export function readTableFile(file: string): Buffer {
  try {
    const bytes = readFileSync(file);
    if (bytes.length <= tableLimits.bytes) return bytes;
  } catch (cause) {
    throw new StationError('file-unreadable', `${file}: ${errorMessage(cause)}`, { cause, next: 'Check the path.' });
  }
  throw new StationError('file-unreadable', `${file} is over ${tableLimits.bytes} bytes`, {
    next: 'Split the table into several files.',
  });
}

function importObject({ kind, result, effective, dryRun, unmappedPosts }: ShownImport): object {
  const { difference, reading, units } = result;
  return {
    event: result.import !== null ? 'imported' : dryRun ? 'compared' : 'refused',
    import: result.import,
    kind,
    effective,
    rows: reading.rows.length,
    added: difference.added.map(({ key, facts }) => ({ key, facts })),
    changed: difference.changed.map(({ key, fields }) => ({ key, fields })),
    unchanged: difference.unchanged.length,
    missing: difference.missing.map(({ key }) => key),
    ...(unmappedPosts === undefined ? {} : { units: units.map(({ facts }) => facts), unmapped_posts: unmappedPosts }),
    problems: reading.problems,
    notes: reading.notes,
    ignored_columns: reading.ignoredColumns,
    absent_columns: reading.absentColumns,
    format: reading.format,
    encoding: reading.encoding,
    sheet: reading.sheet,
  };
}

function printImport(shown: ShownImport, language: Language, io: CommandIo): void {
  const { result, effective, dryRun, unmappedPosts } = shown;
  const texts = importTexts[language];
  const { reading } = result;
  printProblems(reading, language, io);
  printDifference(result, language, io);
  if (unmappedPosts !== undefined && unmappedPosts.length > 0) {
    io.out(texts.unmappedPosts);
    printLines(
      unmappedPosts.map(({ post, officers }) => `? ${post === '' ? texts.noPost : post}  ${officers}`),
      io,
    );
  }
  if (result.import !== null) io.out(texts.taken(effective, result.import));
  else if (dryRun) io.out(texts.dryRun);
  else io.err(texts.refused(reading.problems.length));
}

/** What is wrong with a table, and which of its columns nobody asked for. */
export function printProblems(
  reading: Pick<PeopleImportResult['reading'], 'problems' | 'ignoredColumns'>,
  language: Language,
  io: CommandIo,
): void {
  const texts = importTexts[language];
  for (const { line, column, reason, value, accepted, otherLine, limit } of reading.problems) {
    const place = line === null ? texts.wholeFile(column) : texts.at(line, column);
    const sentence = problemSentence(reason, { value, accepted: accepted ?? [], otherLine, limit }, language);
    io.err(`${place}: ${sentence}${value === null ? '' : ` (${value})`}`);
  }
  if (reading.ignoredColumns.length > 0) io.err(texts.ignored(reading.ignoredColumns.join(', ')));
}

function printDifference({ difference, units }: PeopleImportResult, language: Language, io: CommandIo): void {
  const texts = importTexts[language];
  const { added, changed, unchanged, missing } = difference;
  io.out(texts.difference(added.length, changed.length, unchanged.length, missing.length));
  if (units.length > 0) io.out(texts.units(units.length));
  printLines(
    added.map(({ key, facts }) => `+ ${key}${nameOf(facts)}`),
    io,
  );
  printLines(
    changed.map(({ key, fields, to }) => {
      const changes = fields.map(({ field, from, to }) => `${field}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`);
      return `~ ${key}${nameOf(to)}  ${changes.join('; ')}`;
    }),
    io,
  );
  if (missing.length === 0) return;
  io.out(texts.missingStay);
  printLines(
    missing.map(({ key, facts }) => `= ${key}${nameOf(facts)}`),
    io,
  );
}

/** Name and unit, for those that have one. */
function nameOf(facts: object): string {
  const { name, unit } = facts as Partial<OfficerFacts>;
  return name === undefined ? '' : `  ${name}  ${unit ?? ''}`;
}

function printLines(lines: readonly string[], io: CommandIo): void {
  for (const line of lines.slice(0, shownMax)) io.out(`  ${line}`);
  if (lines.length > shownMax) io.out(`  … ${lines.length - shownMax}`);
}

export const importCommands: readonly StationCommand[] = [
  importCommand('officers', { name: 'roster', zh: '人员名册', en: 'the roster of officers' }),
  importCommand('recorders', { name: 'recorders', zh: '记录仪台账', en: 'the list of recorders' }),
  importCommand('assignments', { name: 'assignments', zh: '配发记录', en: 'assignments of recorders' }),
  importCommand('cases', { name: 'cases', zh: '案件', en: 'cases' }),
  importCommand('complaints', { name: 'complaints', zh: '投诉举报', en: 'complaints' }),
];
