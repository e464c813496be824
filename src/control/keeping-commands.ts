/**
 * `evidock keeping …` and `evidock mark`: how long a clip is kept and why, marks of importance, and deletion runs. A run
 * is listed first, recorded by one person and approved by another one; nothing here deletes by itself.
 */
import type { RunClipRow, RunRow } from '../registry/retention-queries.ts';
import type { ShownKeeping, SurveyLine } from '../station/keeping-desk.ts';
import type { Station } from '../station.ts';
import {
  retentionReasonTexts,
  retentionTexts,
  runStateTexts,
  stayReasonTexts,
  wordOf,
} from '../texts/retention-texts.ts';
import { actorOf, dayOf, dayOrToday, dayTrouble, jsonOption, neededTrouble, textOf, typedText } from './call-words.ts';
import { type CommandCall, type CommandIo, type CommandOption, exitCodes, type StationCommand } from './command.ts';

const asOfOption: CommandOption = {
  type: 'string',
  value: 'YYYY-MM-DD',
  help: '截至日期，默认今天 / as of which day; today by default',
};
const textMax = 500;
const listLimit = 50;

const showCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'keeping show',
  summary: '某个文件保管到何时、依据哪条规则 / how long a clip is kept, by which rule, and what holds it',
  usage: 'evidock keeping show CLIP --data DIR [--as-of YYYY-MM-DD] [--json]',
  options: { 'as-of': asOfOption, json: jsonOption },
  positionals: [{ name: 'CLIP', isPath: false }],
  exits: '0 shown, 1 no such clip, or it was lawfully deleted',
  check: (call) => dayTrouble(call, 'as-of'),
  async run(station, call, io) {
    const clip = call.positionals[0] as string;
    const deleted = station.keeping.deleted(clip);
    if (deleted !== undefined) {
      const texts = retentionTexts[call.language];
      if (call.values.json === true) io.out(JSON.stringify({ event: 'deleted-clip', ...deleted }));
      else {
        io.out(texts.deletedClip(clip, station.shownTime(deleted.approvedAt)));
        io.out(texts.deletedBy(deleted.rule, deleted.requestedBy, deleted.approvedBy));
        io.out(texts.deletedOf(deleted.deletion, deleted.sha256));
      }
      return exitCodes.incomplete;
    }
    const shown = station.keeping.show(clip, dayOf(call, 'as-of'));
    if (call.values.json === true) io.out(JSON.stringify(keepingJson('keeping', shown)));
    else for (const line of keepingLines(shown, call)) io.out(line);
    return exitCodes.done;
  },
};

function keepingJson(event: string, shown: ShownKeeping) {
  const { clip, path, sealedOn, retention, holds, reasons, findings, isOver, caseNumber, officer } = shown;
  return {
    ...{ event, clip, path, sealedOn, isOver, lastDay: retention.lastDay, class: retention.winner?.id ?? null },
    ...{ rules: retention.applied, deviceMark: shown.deviceMark, humanMark: shown.humanMark },
    holds: holds.map(({ hold, kind, number }) => ({ hold, kind, number })),
    ...{ reasons, findings, case: caseNumber, officer },
  };
}

function keepingLines(shown: ShownKeeping, { language }: CommandCall): string[] {
  const texts = retentionTexts[language];
  const { retention, deviceMark, humanMark } = shown;
  const end = (lastDay: string | null): string => (lastDay === null ? texts.never : texts.keptUntil(lastDay));
  const rules = retention.applied.map((rule) => {
    const wins = rule === retention.winner ? `  <- ${texts.wins}` : '';
    const why = wordOf(retentionReasonTexts, rule.reason, language);
    return `  ${texts.rule(rule.title, rule.id, rule.clause)}: ${end(rule.lastDay)}; ${why}${wins}`;
  });
  const marks = [
    ...(deviceMark ? [texts.deviceMark] : []),
    ...(humanMark === null ? [] : [humanMark.important === 1 ? texts.humanMark : texts.humanNotImportant]),
    ...(humanMark?.category == null ? [] : [texts.category(humanMark.category)]),
  ];
  const { lastDay } = retention;
  const state = retention.winner === null ? texts.noRule : shown.isOver ? texts.over(lastDay ?? '') : end(lastDay);
  return [
    `${shown.clip}  ${shown.path}`,
    `${texts.sealedOn(shown.sealedOn)}; ${state}`,
    ...marks,
    ...rules,
    ...(shown.isOver || shown.holds.length > 0 ? [verdict(shown, language)] : []),
  ];
}

function verdict({ reasons, holds }: ShownKeeping, language: CommandCall['language']): string {
  const texts = retentionTexts[language];
  if (reasons.length === 0) return texts.mayGo;
  const words = reasons.map((reason) => {
    const numbers = reason === 'held' ? ` ${holds.map(({ number }) => number).join(', ')}` : '';
    return `${wordOf(stayReasonTexts, reason, language)}${numbers}`;
  });
  return texts.staysBecause(words.join(language === 'zh' ? '；' : '; '));
}

const markCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'mark',
  summary: '人工标记重要或非重要 / mark a clip as important or not, beside what its device said',
  usage: 'evidock mark CLIP (--important | --not-important) [--category ID] --reason TEXT --data DIR [--json]',
  options: {
    important: { type: 'boolean', help: '重要 / important' },
    'not-important': { type: 'boolean', help: '非重要；不改变记录仪的标记 / not; the mark of the device stays' },
    category: { type: 'string', value: 'ID', help: 'keeping.categories 中的分类 / a category of keeping.categories' },
    reason: {
      type: 'string',
      value: 'TEXT',
      help: '理由，写入存证日志的文书 / why; stands in a document of the ledger',
    },
    json: jsonOption,
  },
  positionals: [{ name: 'CLIP', isPath: false }],
  exits: '0 marked, 1 no such clip or category',
  check(call) {
    const { values } = call;
    if ((values.important === true) === (values['not-important'] === true)) {
      return '--important 与 --not-important 二选一 / give one of --important and --not-important';
    }
    return neededTrouble(call, textMax, 'reason');
  },
  async run(station, call, io) {
    const category = typedText(call, 'category');
    const important = call.values.important === true;
    const clip = call.positionals[0] as string;
    const request = { clip, important, category, reason: textOf(call, 'reason'), actor: actorOf(call) };
    const shown = await station.keeping.mark(request);
    if (call.values.json === true) io.out(JSON.stringify(keepingJson('marked', shown)));
    else {
      io.out(retentionTexts[call.language].marked(clip));
      for (const line of keepingLines(shown, call)) io.out(line);
    }
    return exitCodes.done;
  },
};

const runCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'keeping run',
  summary: '列出期限届满的文件，并登记删除批次 / list what is over its time, and record a deletion run',
  usage: 'evidock keeping run --data DIR [--as-of YYYY-MM-DD] (--list | --by NAME --reason TEXT) [--json]',
  options: {
    'as-of': asOfOption,
    list: { type: 'boolean', help: '只列出，不登记 / list only, record nothing' },
    by: { type: 'string', value: 'NAME', help: '提出人 / who proposes' },
    reason: { type: 'string', value: 'TEXT', help: '理由 / why' },
    json: jsonOption,
  },
  positionals: [],
  exits: '0 listed or recorded, 1 there is nothing to record, or the day has not come',
  check(call) {
    const listed = call.values.list === true;
    if (listed && (call.values.by !== undefined || call.values.reason !== undefined)) {
      return '--list 不登记，去掉 --by 和 --reason / --list records nothing; leave --by and --reason out';
    }
    return dayTrouble(call, 'as-of') ?? (listed ? undefined : neededTrouble(call, textMax, 'by', 'reason'));
  },
  async run(station, call, io) {
    const texts = retentionTexts[call.language];
    const asOf = dayOrToday(station, call, 'as-of');
    const due: SurveyLine[] = [];
    let stays = 0;
    for await (const line of station.keeping.survey(asOf)) {
      io.signal.throwIfAborted();
      if (line.decision === 'delete') due.push(line);
      else stays += 1;
      io.out(surveyText(line, call));
    }
    if (call.values.json === true) io.out(JSON.stringify({ event: 'surveyed', asOf, due: due.length, stays }));
    else io.err(texts.surveyed(due.length, stays, asOf));
    if (call.values.list === true) {
      if (call.values.json !== true) io.err(texts.listOnly);
      return exitCodes.done;
    }
    const by = { asOf, name: textOf(call, 'by'), reason: textOf(call, 'reason'), actor: actorOf(call) };
    const { run, clips } = await station.keeping.propose(due, by);
    if (call.values.json === true) io.out(JSON.stringify({ event: 'run-proposed', run, clips, asOf }));
    else io.out(texts.runProposed(run, clips));
    return exitCodes.done;
  },
};

function surveyText(line: SurveyLine, call: CommandCall): string {
  const { winner } = line.retention;
  if (call.values.json === true)
    return JSON.stringify({ ...keepingJson(line.decision === 'delete' ? 'due' : 'stays', line) });
  const texts = retentionTexts[call.language];
  const rule = winner === null ? '' : texts.rule(winner.title, winner.id, winner.clause);
  const end = winner?.lastDay ?? texts.never;
  if (line.decision === 'delete') return `-  ${line.clip}  ${line.path}  ${rule}  ${end}`;
  return `+  ${line.clip}  ${line.path}  ${rule}  ${end}  ${verdict(line, call.language)}`;
}

const approveCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'keeping approve',
  summary: '另一人批准删除批次并执行 / another person approves a deletion run, and it is carried out',
  usage: 'evidock keeping approve RUN --approved-by NAME --data DIR [--json]',
  options: {
    'approved-by': { type: 'string', value: 'NAME', help: '批准人，不得为提出人 / who approves; another person' },
    json: jsonOption,
  },
  positionals: [{ name: 'RUN', isPath: false }],
  exits: '0 carried out, 1 refused or stopped before its end; the same command goes on',
  check: (call) => neededTrouble(call, textMax, 'approved-by'),
  run: (station, call, io) =>
    carriedOut(station, call, io, (run, control) =>
      station.keeping.approve(run, { name: textOf(call, 'approved-by'), actor: actorOf(call) }, control),
    ),
};

const resumeCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'keeping resume',
  summary: '继续执行已批准而中断的删除批次 / go on with an approved run that was cut off',
  usage: 'evidock keeping resume RUN --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [{ name: 'RUN', isPath: false }],
  exits: '0 carried out, 1 not approved, or stopped before its end',
  run: (station, call, io) =>
    carriedOut(station, call, io, (run, control) => station.keeping.resume(run, actorOf(call), control)),
};

type CarryOut = (run: string, control: Parameters<Station['keeping']['resume']>[2]) => Promise<RunRow>;

async function carriedOut(_station: Station, call: CommandCall, io: CommandIo, work: CarryOut): Promise<number> {
  const texts = retentionTexts[call.language];
  const row = await work(call.positionals[0] as string, {
    signal: io.signal,
    onProgress: ({ done, clips }) => io.progress(texts.runProgress(done, clips)),
  });
  const { run, deleted, kept, clips } = row;
  if (call.values.json === true) io.out(JSON.stringify({ event: 'run', ...row }));
  else if (row.state === 'ended') io.out(texts.runEnded(run, deleted, kept));
  else if (row.state === 'cancelled') io.out(texts.runCancelled(run, deleted));
  else io.err(texts.runStopped(run, deleted, clips - deleted - kept));
  return row.state === 'ended' ? exitCodes.done : exitCodes.incomplete;
}

const cancelCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'keeping cancel',
  summary: '取消删除批次；已删除的不能恢复 / cancel a deletion run; what was deleted stays so',
  usage: 'evidock keeping cancel RUN --by NAME --reason TEXT --data DIR [--json]',
  options: {
    by: { type: 'string', value: 'NAME', help: '取消人 / who cancels' },
    reason: { type: 'string', value: 'TEXT', help: '理由 / why' },
    json: jsonOption,
  },
  positionals: [{ name: 'RUN', isPath: false }],
  exits: '0 cancelled, 1 no such run, or it has ended',
  check: (call) => neededTrouble(call, textMax, 'by', 'reason'),
  async run(station, call, io) {
    const by = { name: textOf(call, 'by'), reason: textOf(call, 'reason'), actor: actorOf(call) };
    const row = await station.keeping.cancel(call.positionals[0] as string, by);
    if (call.values.json === true) io.out(JSON.stringify({ event: 'run', ...row }));
    else io.out(retentionTexts[call.language].runCancelled(row.run, row.deleted));
    return exitCodes.done;
  },
};

const runsCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'keeping runs',
  summary: '删除批次一览，或某批次的每个文件 / deletion runs, or each clip of one',
  usage: 'evidock keeping runs [RUN] --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [{ name: 'RUN', isPath: false, isOptional: true }],
  exits: '0 always, 1 no such run',
  async run(station, call, io) {
    const { language, values } = call;
    const texts = retentionTexts[language];
    const [wanted] = call.positionals;
    const rows = wanted === undefined ? station.keeping.runs(listLimit) : [station.keeping.run(wanted)];
    if (rows.length === 0 && values.json !== true) io.err(texts.noRuns);
    for (const row of rows) {
      const { run, asOf, clips, deleted, kept } = row;
      if (values.json === true) io.out(JSON.stringify({ event: 'run', ...row }));
      else io.out(texts.run(run, wordOf(runStateTexts, row.state, language), asOf, clips, deleted, kept));
    }
    if (wanted === undefined) return exitCodes.done;
    for (const line of station.keeping.runClips(wanted)) io.out(runClipText(line, call));
    return exitCodes.done;
  },
};

function runClipText(line: RunClipRow, { language, values }: CommandCall): string {
  if (values.json === true) return JSON.stringify({ event: 'run-clip', ...line });
  const reasons = line.reasons.map((reason) => wordOf(stayReasonTexts, reason, language)).join('; ');
  const sign = line.outcome === 'deleted' ? '-' : line.outcome === 'kept' ? '+' : ' ';
  const rule = retentionTexts[language].rule(line.title, line.rule, line.clause);
  return `${sign}  ${line.clip}  ${rule}  ${line.lastDay}  ${reasons}`;
}

export const keepingCommands = [
  showCommand,
  markCommand,
  runCommand,
  approveCommand,
  resumeCommand,
  cancelCommand,
  runsCommand,
] as const;
