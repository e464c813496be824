/**
 * `evidock imports`, `imports undo`, `roster questions|answer|status`: what was imported, taking it back, and what the
 * roster leaves open until the next one.
 */
import type { RosterAnswer } from '../domain/roster-questions.ts';
import { linkingTexts } from '../texts/linking-texts.ts';
import { rosterTexts } from '../texts/roster-texts.ts';
import {
  actorOf,
  choiceTrouble,
  dayOf,
  dayTrouble,
  firstTrouble,
  neededTrouble,
  reasonLengthMax,
  textOf,
} from './call-words.ts';
import { exitCodes, type StationCommand } from './command.ts';

const json = { type: 'boolean', help: '输出 JSON 行 / JSON lines on stdout' } as const;
const why = { type: 'string', value: 'TEXT', help: '理由 / why' } as const;

const importsCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'imports',
  summary: '列出导入记录 / list the imports, newest first',
  usage: 'evidock imports --data DIR [--json]',
  options: { json },
  positionals: [],
  exits: '0',
  async run(station, call, io) {
    const texts = rosterTexts[call.language];
    for (const row of station.roster.imports()) {
      if (call.values.json === true) {
        const { endedSeq: sequence, undoneSeq: _, isWhole, ...rest } = row;
        io.out(JSON.stringify({ ...rest, supplement: isWhole === 0, sequence }));
        continue;
      }
      const counts = texts.counts(row.added ?? 0, row.changed ?? 0, row.missing ?? 0);
      const undone =
        row.undoneAt === null ? '' : `  ${texts.undoneOn(station.shownTime(row.undoneAt), row.undoneBy ?? '')}`;
      const words = [row.import, texts.kinds[row.kind], row.effectiveFrom, `${row.rows}`, counts, row.fileName ?? '-'];
      io.out(`${words.join('  ')}  ${row.actor} ${station.shownTime(row.startedAt)}${undone}`);
    }
    return exitCodes.done;
  },
};

const undoCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'imports undo',
  summary: '撤销一次导入，其后的导入所述不变 / take an import back; what later ones said stays',
  usage: 'evidock imports undo ID --reason TEXT --data DIR',
  options: { reason: why },
  positionals: [{ name: 'ID', isPath: false }],
  exits: '0, 1 there is no such import',
  check: (call) => neededTrouble(call, reasonLengthMax, 'reason'),
  async run(station, call, io) {
    const id = call.positionals[0] as string;
    const actor = actorOf(call);
    const kept = await station.roster.undo({ import: id, reason: textOf(call, 'reason'), actor });
    const { looking } = linkingTexts[call.language];
    await station.links.decide((done, of) => io.progress(looking(done, of)));
    io.out(rosterTexts[call.language].undone(id, kept));
    return exitCodes.done;
  },
};

const questionsCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'roster questions',
  summary: '最新名册未列出、需要确认的人员 / certificates that the newest roster no longer names',
  usage: 'evidock roster questions --data DIR [--json]',
  options: { json },
  positionals: [],
  exits: '0 nothing is open, 1 somebody must be asked about',
  async run(station, call, io) {
    const questions = station.roster.questions(station.today());
    for (const { certificateNo, facts } of questions) {
      const { name, unit, post } = facts;
      if (call.values.json === true) io.out(JSON.stringify({ certificate_no: certificateNo, name, unit, post }));
      else io.out(`${certificateNo}  ${name}  ${unit}  ${post}`);
    }
    if (call.values.json !== true) io.out(rosterTexts[call.language].questions(questions.length));
    return questions.length === 0 ? exitCodes.done : exitCodes.incomplete;
  },
};

const answers: readonly RosterAnswer[] = ['left', 'stays'];

const answerCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'roster answer',
  summary: '说明未列出的人员已离岗或仍在 / say that somebody has left, or stays',
  usage: 'evidock roster answer CERTIFICATE left --on DATE --reason TEXT | stays --reason TEXT  --data DIR',
  options: {
    on: { type: 'string', value: 'DATE', help: '离岗之日 / with left: the first day out of the team' },
    reason: why,
  },
  positionals: [
    { name: 'CERTIFICATE', isPath: false },
    { name: 'left|stays', isPath: false },
  ],
  exits: '0, 1 nothing is asked about the certificate',
  check(call) {
    const { values, positionals } = call;
    const isDated = values.on !== undefined;
    return firstTrouble(
      choiceTrouble('left|stays', positionals[1], answers),
      neededTrouble(call, reasonLengthMax, 'reason'),
      isDated === (positionals[1] === 'left')
        ? undefined
        : 'left 与 --on 同用 / left needs --on, which goes with it alone',
      dayTrouble(call, 'on'),
    );
  },
  async run(station, call, io) {
    const [certificateNo = '', answer] = call.positionals;
    const on = dayOf(call, 'on');
    const actor = actorOf(call);
    const reason = textOf(call, 'reason');
    await station.roster.answer({ certificateNo, answer: answer as RosterAnswer, on, reason, actor }, station.today());
    io.out(rosterTexts[call.language].answered(certificateNo, answer as RosterAnswer));
    return exitCodes.done;
  },
};

const statusCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'roster status',
  summary: '名册是否过期、待确认人员、未对照的岗位 / whether the roster is due, who is asked about, unmapped posts',
  usage: 'evidock roster status --data DIR [--json]',
  options: { json: { type: 'boolean', help: '输出一个 JSON 对象 / one JSON object on stdout' } },
  positionals: [],
  exits: '0 nothing is open, 1 the roster is overdue, somebody is asked about, or a post is unmapped',
  async run(station, call, io) {
    const status = station.roster.status(station.today());
    const isOpen = status.isOverdue || status.questions > 0 || status.unmappedPosts.length > 0;
    if (call.values.json === true) {
      const { newest, dueOn, isOverdue, asOf, unmappedPosts, ...counts } = status;
      const dates = { as_of: asOf, newest, due_on: dueOn, overdue: isOverdue };
      io.out(JSON.stringify({ ...dates, ...counts, unmapped_posts: unmappedPosts }));
    } else {
      const texts = rosterTexts[call.language];
      io.out(texts.people(status.persons, status.certificates));
      io.out(status.newest === null ? texts.noRoster : texts.age(status.newest, status.dueOn ?? '', status.isOverdue));
      io.out(texts.questions(status.questions));
      for (const { post, officers } of status.unmappedPosts) io.out(texts.unmapped(post, officers));
    }
    return isOpen ? exitCodes.incomplete : exitCodes.done;
  },
};

export const rosterCommands: readonly StationCommand[] = [
  questionsCommand,
  answerCommand,
  statusCommand,
  importsCommand,
  undoCommand,
];
