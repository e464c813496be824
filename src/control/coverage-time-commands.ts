/** `evidock coverage trend`, `stock`, `forms` and `alerts`: over time, what lies idle, papers to hand in, what was told. */

import { moveKinds } from '../domain/coverage-moves.ts';
import type { CoverageOverTime } from '../domain/coverage-over-time.ts';
import type { CoverageAsked } from '../domain/coverage-questions.ts';
import { issuesOf, type StockAnswer } from '../domain/coverage-stock.ts';
import { rateText } from '../reporting/sheet.ts';
import type { Station } from '../station.ts';
import { alertListTexts, alertTexts } from '../texts/alert-texts.ts';
import type { Language } from '../texts/cli-texts.ts';
import { codeText, codeWord } from '../texts/code-texts.ts';
import { coveragePageTexts } from '../texts/coverage-page-texts.ts';
import { type CoverageFormat, coverageFormats, coverageForms } from '../web/web-coverage.ts';
import { choiceTrouble, dayOf, dayTrouble, firstTrouble } from './call-words.ts';
import { type CommandCall, type CommandIo, exitCodes, type StationCommand } from './command.ts';
import { askedOf, coverageOptions, coverageTrouble, progressOf } from './coverage-command.ts';
import { giveFile, outOption } from './file-output.ts';

const fileOptions = {
  ...coverageOptions,
  format: { type: 'string', value: 'FORMAT', help: 'json, csv, xlsx, html' },
  out: outOption,
  json: { type: 'boolean', help: '同 --format json / the same as --format json' },
} as const;

const fileTrouble = (call: CommandCall): string | undefined =>
  firstTrouble(choiceTrouble('--format', call.values.format, coverageFormats), coverageTrouble(call));

interface Ways {
  readonly lines: (asked: CoverageAsked) => Promise<void>;
  readonly file: (asked: CoverageAsked, format: CoverageFormat) => Promise<{ readonly bytes: Uint8Array }>;
}

/** Lines for people, or with a format the file, into `--out` or onto stdout. */
async function linesOrFile(
  ways: Ways,
  { station, call, io }: { readonly station: Station; readonly call: CommandCall; readonly io: CommandIo },
): Promise<number> {
  const asked = askedOf(station, call);
  const { json, format, out } = call.values;
  const chosen = coverageFormats.find((known) => known === (json === true ? 'json' : format));
  if (chosen === undefined) {
    await ways.lines(asked);
    return exitCodes.done;
  }
  const { bytes } = await ways.file(asked, chosen);
  await giveFile(io, bytes, out as string | undefined);
  return exitCodes.done;
}

const trendCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'coverage trend',
  summary: '配置率变化：各月、逐年、进度与推算 / coverage over time: months, years, pace and projection',
  usage:
    'evidock coverage trend --data DIR [--profile NAME] [--as-of DATE] [--unit CODE] [--known-at SEQ|TIME]\n' +
    '                       [--format json|csv|xlsx|html] [--out FILE] [--json]',
  options: fileOptions,
  positionals: [],
  exits: '0 done, 1 no such profile or unit, or the file is there already',
  check: fileTrouble,
  run: (station, call, io) =>
    linesOrFile(
      {
        lines: async (asked) =>
          printTrend(await station.coverageAnswers.overTime(asked, progressOf(io)), call.language, io),
        file: (asked, format) => station.coverageAnswers.trendFile(asked, format, call.language, progressOf(io)),
      },
      { station, call, io },
    ),
};

const stockCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'coverage stock',
  summary:
    '库存与调配：闲置、不计入人员手中、维修中的记录仪，配给谁 / recorders in store, with people who do not count, and for whom',
  usage:
    'evidock coverage stock --data DIR [--profile NAME] [--as-of DATE] [--unit CODE] [--known-at SEQ|TIME]\n' +
    '                       [--format json|csv|xlsx|html] [--out FILE] [--json]',
  options: fileOptions,
  positionals: [],
  exits: '0 done, 1 no such profile or unit, or the file is there already',
  check: fileTrouble,
  run: (station, call, io) =>
    linesOrFile(
      {
        lines: async (asked) =>
          printStock(await station.coverageAnswers.stock(asked, progressOf(io)), call.language, io),
        file: (asked, format) => station.coverageAnswers.stockFile(asked, format, call.language, progressOf(io)),
      },
      { station, call, io },
    ),
};

function printStock(stock: StockAnswer, language: Language, io: CommandIo): void {
  const p = coveragePageTexts[language];
  const line = (...cells: readonly (string | null)[]): void =>
    io.out(`  ${cells.map((cell) => cell ?? '-').join('  ')}`);
  const count = ({ length }: { readonly length: number }): string => String(length);
  io.out(p.proposals(count(stock.proposals)));
  for (const { recorder, gap } of issuesOf(stock)) {
    const reason = codeText('gap', gap.reason, language).word;
    line(recorder.serial, recorder.unit, '->', gap.unit, gap.name, gap.certificateNo, reason, gap.since);
  }
  io.out(p.idle(count(stock.idle)));
  for (const { serial, model, unit } of stock.idle) line(serial, model, unit);
  io.out(p.outside(count(stock.outside)));
  for (const { serial, name, certificateNo, unit, reasons } of stock.outside) {
    const words = reasons.map((reason) => codeWord('outOfCount', reason, language));
    line(serial, name, certificateNo, unit, words.join(p.listComma));
  }
  io.out(p.inRepair(count(stock.inRepair)));
  for (const { serial, model, unit, back } of stock.inRepair) line(serial, model, unit, back);
}

function printTrend(
  { today, months, units, years, pace, completeSince }: CoverageOverTime,
  language: Language,
  io: CommandIo,
): void {
  const p = coveragePageTexts[language];
  const rate = (value: number | null): string => (value === null ? '-' : rateText(value));
  io.out(`${today.profile.name}  ${today.asOf}  ${today.profile.clause}`);
  io.out(`${p.verdicts[pace.verdict]}`);
  if (completeSince !== null) io.out(p.completeSince(completeSince));
  if (pace.neededPer30Days !== null) io.out(p.needed(String(Math.ceil(pace.neededPer30Days * 10) / 10)));
  if (pace.measured !== null && pace.gaps > 0) {
    io.out(p.assumption(pace.measured.from, pace.measured.to, String(pace.measured.closed)));
  }
  for (const { figures, change } of months) {
    const moves =
      change === null ? [] : moveKinds.flatMap((kind) => movedText(kind, change.parts.tally[kind], language));
    io.out(
      `${figures.asOf}  ${figures.covered}/${figures.population}  ${rate(figures.rate)}  ${moves.join(', ')}`.trimEnd(),
    );
  }
  if (units.rows.length > 0) io.out(p.unitsOverTime);
  for (const { unit, months: rates } of units.rows) {
    io.out(`  ${unit?.name ?? p.ownPeople}  ${rates.map((figures) => rate(figures?.rate ?? null)).join('  ')}`);
  }
  for (const { year, origin, covered, population, rate: value, rise, source } of years) {
    io.out(
      `${year}  ${p.origins[origin]}  ${covered}/${population}  ${rate(value)}  ${p.rises[rise]}  ${source ?? ''}`.trimEnd(),
    );
  }
}

function movedText(kind: (typeof moveKinds)[number], persons: number, language: Language): string[] {
  return persons === 0 ? [] : [`${coveragePageTexts[language].moves[kind]} ${persons}`];
}

const forms = [...coverageForms, 'person-file'] as const;
/** The others tell of one month's use as it is known now. */
const formsOfKnowledge = ['rectification', 'look-back', 'budget', 'unrecorded-cases'] as const;
const formFormats = ['html', 'xlsx', 'csv'] as const;

const formsCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'coverage forms',
  summary:
    '表格：问题清单、清查评估台账、测算表、办案无录像、使用台账、一人一档 / forms to hand in, on A4 or as a spreadsheet',
  usage:
    `evidock coverage forms ${forms.join('|')} --data DIR [--format html|xlsx|csv]\n` +
    '                      [--out FILE] [--profile NAME] [--as-of DATE] [--from DATE] [--unit CODE] [--officer NO]',
  options: {
    ...coverageOptions,
    from: { type: 'string', value: 'DATE', help: '清查期间的起始，默认一年前 / where the look-back begins' },
    officer: { type: 'string', value: 'NO', help: '执法证号，一人一档用 / whose file' },
    format: { type: 'string', value: 'FORMAT', help: 'html（A4，默认）, xlsx, csv' },
    out: outOption,
  },
  positionals: [{ name: 'FORM', isPath: false }],
  exits: '0 done, 1 no such profile, unit or officer, or the file is there already',
  check(call) {
    const { values, positionals } = call;
    const isPersonFile = positionals[0] === 'person-file';
    return firstTrouble(
      choiceTrouble('FORM', positionals[0], forms),
      choiceTrouble('--format', values.format, formFormats),
      dayTrouble(call, 'from'),
      values['known-at'] === undefined || formsOfKnowledge.some((form) => form === positionals[0])
        ? undefined
        : `--known-at 只用于 / is for ${formsOfKnowledge.join(', ')}`,
      isPersonFile === (values.officer !== undefined)
        ? undefined
        : '--officer 与 person-file 同用 / --officer NO is for person-file, and person-file needs it',
      coverageTrouble(call),
    );
  },
  async run(station, call, io) {
    const { values, language } = call;
    const asked = { ...askedOf(station, call), from: dayOf(call, 'from') };
    const form = coverageForms.find((known) => known === call.positionals[0]);
    const answers = station.coverageAnswers;
    const made =
      form === undefined
        ? answers.personFile(values.officer as string, asked.asOf.slice(0, 7), language)
        : await answers.formOf(form, asked, language);
    const format = formFormats.find((known) => known === values.format) ?? 'html';
    const { bytes } = await answers.made(made, format, language);
    await giveFile(io, bytes, values.out as string | undefined);
    return exitCodes.done;
  },
};

const alertsCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'coverage alerts',
  summary: '配置率提醒：新增缺口、反弹、进度、名册、期限 / alerts about coverage, and whether they were sent',
  usage: 'evidock coverage alerts --data DIR [--look] [--json]',
  options: {
    look: { type: 'boolean', help: '现在核对一次并推送 / look now, and send what waits' },
    json: { type: 'boolean', help: '输出 JSON 行 / JSON lines on stdout, one an alert' },
  },
  positionals: [],
  exits: '0 no alert is open, 1 one is',
  async run(station, call, io) {
    if (call.values.look === true) {
      await station.coverageAlerts.look();
      await station.coverageAlerts.send();
    }
    const alerts = station.coverageAlerts.alerts();
    if (alerts.length === 0 && call.values.json !== true) io.err(alertListTexts[call.language].none);
    for (const alert of alerts) {
      if (call.values.json === true) io.out(JSON.stringify({ event: 'alert', ...alert }));
      else io.out(alertLine(alert, call, station));
    }
    return alerts.some(({ endedAt }) => endedAt === null) ? exitCodes.incomplete : exitCodes.done;
  },
};

type AlertRow = ReturnType<Parameters<StationCommand['run']>[0]['coverageAlerts']['alerts']>[number];

function alertLine(alert: AlertRow, { language }: CommandCall, station: Station): string {
  const texts = alertListTexts[language];
  const { kind, count, profile, endedAt, raisedAt, delivery } = alert;
  const state = endedAt === null ? texts.open : texts.ended(station.shownTime(endedAt));
  return `${station.shownTime(raisedAt)}  ${profile}  ${alertTexts[kind][language](String(count), profile)}  ${state}  ${texts.delivery[delivery]}`;
}

export const coverageTimeCommands = [trendCommand, stockCommand, formsCommand, alertsCommand] as const;
