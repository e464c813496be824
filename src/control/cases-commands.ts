/**
 * `evidock cases …`, `evidock clips check`: what cases prove, which acts are missing, which periods run, and the ticks
 * of reviewers. `cases update` is the way for other programs: the same over the local socket as over POST /api/cases.
 */
import type { ReviewAnswer } from '../domain/case-facts.ts';
import type { CaseClock, CaseView, ClipCheckView } from '../domain/case-views.ts';
import type { CheckReason } from '../domain/self-check-policy.ts';
import {
  actStateWords,
  breakWords,
  caseTexts,
  checkStateWords,
  clockStateWords,
  qualityWords,
  reasonSentence,
} from '../texts/case-texts.ts';
import type { Language } from '../texts/cli-texts.ts';
import { actorOf, jsonOption, neededTrouble, reasonLengthMax, textOf, textTrouble } from './call-words.ts';
import { type CommandIo, exitCodes, type StationCommand } from './command.ts';
import { printProblems, readTableFile } from './import-commands.ts';

const titleOf = (title: { 'zh-CN': string; en: string } | null, code: string, language: Language): string =>
  title === null ? code : title[language === 'zh' ? 'zh-CN' : 'en'];

const listCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'cases',
  summary: '列出案件 / list the cases',
  usage: 'evidock cases [--search TEXT] [--open | --closed] --data DIR [--json]',
  options: {
    search: {
      type: 'string',
      value: 'TEXT',
      help: '案号、当事人、车牌等 / part of number, party, plate, unit or place',
    },
    open: { type: 'boolean', help: '只列未结案 / open ones only' },
    closed: { type: 'boolean', help: '只列已结案 / closed ones only' },
    json: jsonOption,
  },
  positionals: [],
  exits: '0 done',
  check: ({ values }) =>
    values.open === true && values.closed === true ? 'give one of --open and --closed' : undefined,
  async run(station, call, io) {
    const state = call.values.open === true ? 'open' : call.values.closed === true ? 'closed' : undefined;
    for (const row of station.cases.list({ search: call.values.search as string | undefined, state })) {
      if (call.values.json === true) io.out(JSON.stringify(row));
      else io.out([row.number, row.kind ?? '-', row.unit, row.status, `${row.clips}`].join('  '));
    }
    return exitCodes.done;
  },
};

const checkCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'cases check',
  summary: '案件三性自查 / self-check of a case: its recordings, the acts without one, breaks, periods',
  usage: 'evidock cases check NUMBER --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [{ name: 'NUMBER', isPath: false }],
  exits: '0 nothing is doubtful and no act lacks its recording, 1 something is, or there is no such case',
  async run(station, call, io) {
    const view = station.cases.check(call.positionals[0] as string);
    if (call.values.json === true) io.out(JSON.stringify(view));
    else printCase(view, call.language, io);
    const lacks = view.acts.some(({ state, breaks }) => state === 'not-recorded' || breaks.length > 0);
    const doubts = view.qualities.some(({ state }) => state === 'doubtful');
    return lacks || doubts ? exitCodes.incomplete : exitCodes.done;
  },
};

const clipCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'clips check',
  summary: '单个视音频文件的三性自查 / self-check of one clip',
  usage: 'evidock clips check CLIP --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [{ name: 'CLIP', isPath: false }],
  exits: '0 nothing is doubtful, 1 something is, or there is no such clip',
  async run(station, call, io) {
    const view = station.cases.checkClip(call.positionals[0] as string);
    if (call.values.json === true) io.out(JSON.stringify(view));
    else printClip(view, call.language, io);
    return view.qualities.some(({ state }) => state === 'doubtful') ? exitCodes.incomplete : exitCodes.done;
  },
};

const clocksCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'cases clocks',
  summary: '先行登记保存、查封扣押等期限 / legal periods of open cases, the one that ends first first',
  usage: 'evidock cases clocks --data DIR [--json]',
  options: { json: { type: 'boolean', help: '输出 JSON 行 / JSON lines, one a period' } },
  positionals: [],
  exits: '0 none is overdue, 1 one is',
  async run(station, call, io) {
    const clocks = station.cases.clocks();
    if (clocks.length === 0 && call.values.json !== true) io.err(caseTexts[call.language].clocksNone);
    for (const clock of clocks) {
      io.out(call.values.json === true ? JSON.stringify(clock) : clockLine(clock, call.language));
      if (clock.unknownYears.length > 0)
        io.err(caseTexts[call.language].calendarUnknown(clock.unknownYears.join(', ')));
    }
    return clocks.some(({ state }) => state === 'overdue') ? exitCodes.incomplete : exitCodes.done;
  },
};

const updateCommand: StationCommand = {
  runs: 'station',
  makesFolder: true,
  name: 'cases update',
  summary: '更新个别案件（CSV、XLSX 或 JSON），不比对缺少的 / take news of some cases; others are not asked about',
  usage: 'evidock cases update FILE --data DIR [--dry-run] [--allow-partial] [--json]',
  options: {
    'dry-run': { type: 'boolean', help: '只比对，不写入 / compare only' },
    'allow-partial': { type: 'boolean', help: '有错时只写入正确的行 / take the good rows beside bad ones' },
    json: jsonOption,
  },
  positionals: [{ name: 'FILE', isPath: true }],
  exits: '0 taken whole, 1 rows were refused',
  async run(station, call, io) {
    const result = await station.people.updateCases({
      bytes: readTableFile(call.positionals[0] as string),
      effective: station.today(),
      dryRun: call.values['dry-run'] === true,
      allowPartial: call.values['allow-partial'] === true,
      actor: actorOf(call),
    });
    const { difference, reading, records } = result;
    if (call.values.json === true) {
      io.out(
        JSON.stringify({
          event: records.length > 0 ? 'updated' : 'compared',
          records,
          added: difference.added.map(({ key }) => key),
          changed: difference.changed.map(({ key, fields }) => ({ key, fields })),
          unchanged: difference.unchanged.length,
          problems: reading.problems,
        }),
      );
    } else {
      printProblems(reading, call.language, io);
      const { added, changed, unchanged } = difference;
      io.out(caseTexts[call.language].updated(added.length, changed.length, unchanged.length));
    }
    return reading.problems.length > 0 ? exitCodes.incomplete : exitCodes.done;
  },
};

const answers: readonly ReviewAnswer[] = ['yes', 'no', 'unclear'];

const reviewCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'cases review',
  summary: '案卷评查勾选，记入存证日志 / tick what the recording of an act shows; it stands in the ledger',
  usage:
    'evidock cases review (NUMBER --act ACT | --clip CLIP) --tick ITEM=yes|no|unclear... --reviewer NAME [--shows CLIP...] [--note TEXT] --data DIR',
  options: {
    act: { type: 'string', value: 'ACT', help: '行为，或“行为@时间” / the act, or ACT@TIME where a case had it twice' },
    clip: { type: 'string', value: 'CLIP', help: '只针对一个文件 / about one clip instead' },
    tick: { type: 'string', value: 'ITEM=ANSWER', isRepeated: true, help: '勾选项 / an item and its answer' },
    shows: { type: 'string', value: 'CLIP', isRepeated: true, help: '录有该行为的文件 / a clip that shows the act' },
    note: { type: 'string', value: 'TEXT', help: '备注 / a remark' },
    reviewer: { type: 'string', value: 'NAME', help: '评查人 / who reviewed it' },
    json: jsonOption,
  },
  positionals: [{ name: 'NUMBER', isPath: false, isOptional: true }],
  exits: '0 done, 1 no such case, act, clip or item',
  check(call) {
    const { values, lists, positionals } = call;
    const isAct = positionals.length === 1 && values.act !== undefined;
    if (isAct === (values.clip !== undefined))
      return '给出案号 NUMBER 和 --act，或 --clip / give a case NUMBER with --act, or --clip';
    const trouble = neededTrouble(call, 100, 'reviewer') ?? textTrouble(call, reasonLengthMax, 'note');
    if (trouble !== undefined) return trouble;
    const ticks = lists.tick ?? [];
    if (ticks.length === 0 && (lists.shows ?? []).length === 0)
      return '给出 --tick 或 --shows / give --tick or --shows';
    return ticks.every((tick) => answers.some((answer) => tick.endsWith(`=${answer}`)))
      ? undefined
      : `--tick：写作 ITEM=${answers.join('|')} / --tick is ITEM=${answers.join('|')}`;
  },
  async run(station, call, io) {
    const { values, lists } = call;
    const ticks = (lists.tick ?? []).map((tick) => tick.split('=') as [string, ReviewAnswer]);
    const seq = await station.cases.review({
      target:
        values.clip === undefined
          ? { case: call.positionals[0] as string, act: values.act as string }
          : { clip: values.clip as string },
      answers: Object.fromEntries(ticks),
      clips: lists.shows ?? [],
      note: textOf(call, 'note'),
      reviewer: textOf(call, 'reviewer'),
      actor: actorOf(call),
    });
    if (values.json === true) io.out(JSON.stringify({ event: 'reviewed', seq }));
    else io.out(caseTexts[call.language].reviewed(seq));
    return exitCodes.done;
  },
};

function reasonLine(reason: CheckReason, language: Language): string {
  const state = checkStateWords[reason.state][language];
  return `    ${state}: ${reasonSentence(reason, language)} [${reason.clause}]`;
}

function printClip({ clip, path, qualities }: ClipCheckView, language: Language, io: CommandIo): void {
  io.out(`${clip}  ${path}`);
  for (const { quality, state, reasons } of qualities) {
    io.out(`  ${qualityWords[quality][language]}: ${checkStateWords[state][language]}`);
    for (const reason of reasons) io.out(reasonLine(reason, language));
  }
}

function printCase(view: CaseView, language: Language, io: CommandIo): void {
  const t = caseTexts[language];
  io.out(`${t.caseTitle(view.facts.caseNumber)}  ${view.facts.status}`);
  for (const { quality, state, clips, reasons } of view.qualities) {
    const counts = t.checkedClips(clips.grounded, clips.doubtful, clips.pending);
    io.out(`  ${qualityWords[quality][language]}: ${checkStateWords[state][language]} (${counts})`);
    for (const { reason, clips: of } of reasons) io.out(`${reasonLine(reason, language)} ${of.join(' ')}`);
  }
  io.out(t.acts);
  for (const { ref, act, title, state, breaks, clips } of view.acts) {
    const shown = clips.map(({ clip }) => clip).join(' ');
    io.out(`  ${titleOf(title, act, language)} (${ref}): ${actStateWords[state][language]} ${shown}`.trimEnd());
    for (const { kind, fromMs, untilMs } of breaks) {
      const seconds = Math.round((untilMs - fromMs) / 1000);
      io.out(`    ${breakWords[kind][language]}: ${new Date(fromMs).toISOString()} + ${seconds} s`);
    }
  }
  if (view.clocks.length > 0) io.out(t.clocks);
  for (const clock of view.clocks) io.out(`  ${clockLine(clock, language)}`);
  io.out(t.checkNote);
}

function clockLine(clock: CaseClock, language: Language): string {
  const t = caseTexts[language];
  const { daysLeft, counts, endedOn } = clock;
  const left = daysLeft < 0 ? t.daysOver(-daysLeft, counts) : t.daysLeft(daysLeft, counts);
  const words = [
    clock.number,
    titleOf(clock.title, clock.act, language),
    t.clockEnds(clock.dueOn),
    clockStateWords[clock.state][language],
    endedOn === null ? left : endedOn,
    clock.clips.length === 0 ? t.notShown : `${t.shownBy} ${clock.clips[0]}`,
    `[${clock.clause}]`,
  ];
  return words.join('  ');
}

export const casesCommands: readonly StationCommand[] = [
  listCommand,
  checkCommand,
  clipCommand,
  clocksCommand,
  updateCommand,
  reviewCommand,
];
