/**
 * `evidock drawing …` (案件回访): closing a month's list of penalty cases, drawing from it, drawing again, and what whoever
 * was asked said. The list stands in the ledger before anybody can know the seed.
 */
import { type FollowUpMeans, followUpMeans, type Satisfaction, satisfactions } from '../domain/drawing-facts.ts';
import { drawPercentMin, typedNumber } from '../domain/drawing-policy.ts';
import { isSamePerson } from '../domain/person-names.ts';
import { drawingSheet, roundLines } from '../reporting/drawing-sheet.ts';
import type { ShownDrawing } from '../station/drawing-desk.ts';
import type { Station } from '../station.ts';
import { drawingTexts, meansTexts, satisfactionTexts } from '../texts/drawing-texts.ts';
import {
  actorOf,
  choiceTrouble,
  dayTrouble,
  firstTrouble,
  jsonOption,
  neededTrouble,
  textOf,
  textTrouble,
  typedText,
} from './call-words.ts';
import { type CommandCall, type CommandIo, type CommandOption, exitCodes, type StationCommand } from './command.ts';
import { giveFile, outOption } from './file-output.ts';

const publicOption: CommandOption = {
  type: 'string',
  value: 'TEXT',
  help: '事先指定的公开号码，如“福利彩票双色球 2026128 期”；不写则用见证签名 / a public number named beforehand; without it a witness',
};
const list = { name: 'ID', isPath: false } as const;

const listOf = ({ positionals }: CommandCall): string => positionals[0] as string;
const sourceOf = (call: CommandCall): string | undefined => typedText(call, 'public');
const publicTrouble = (call: CommandCall): string | undefined => textTrouble(call, 200, 'public');

const listMonth: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'drawing list-month',
  summary: '某月已结处罚案件名单写入存证日志，供抽取回访 / close the list of a month’s penalty cases, to draw from',
  usage: 'evidock drawing list-month YYYY-MM --data DIR [--public TEXT] [--percent N] [--kind WORD...] [--json]',
  options: {
    public: publicOption,
    percent: {
      type: 'string',
      value: 'N',
      help: '抽取比例，默认 20，不得更低 / percent to draw; 20 by default, at least',
    },
    kind: {
      type: 'string',
      value: 'WORD',
      isRepeated: true,
      help: '处罚案件的类型，默认 cases.penaltyKinds；无类型的案件看案号有无“罚” / kinds that are penalty cases',
    },
    json: jsonOption,
  },
  positionals: [{ name: 'YYYY-MM', isPath: false }],
  exits: '0 the list stands in the ledger, 1 the month is not over, has no such case, or no witness is configured',
  check(call) {
    const percent = textOf(call, 'percent') || String(drawPercentMin);
    if (!/^\d{1,3}$/.test(percent) || Number(percent) < drawPercentMin || Number(percent) > 100) {
      return `--percent：${drawPercentMin} 到 100 / --percent: ${drawPercentMin} to 100`;
    }
    return publicTrouble(call);
  },
  async run(station, call, io) {
    const percent = Number(textOf(call, 'percent') || drawPercentMin);
    const kinds = (call.lists.kind ?? []).map((word) => word.trim()).filter((word) => word !== '');
    const request = { month: listOf(call), percent, kinds, source: sourceOf(call), actor: actorOf(call) };
    return show(station, await station.drawings.listMonth(request, station.today()), call, io);
  },
};

const draw: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'drawing draw',
  summary: '抽取：用见证签名，或由两人填写已公布的号码 / draw, by a cosignature or a number that two people type',
  usage: 'evidock drawing draw ID --data DIR [--number N --by NAME --again N --and NAME] [--json]',
  options: {
    number: { type: 'string', value: 'N', help: '公布的号码，第一人填写 / the number, as the first person types it' },
    by: { type: 'string', value: 'NAME', help: '第一人 / the first person' },
    again: { type: 'string', value: 'N', help: '同一号码，第二人再填 / the number, as the second person types it' },
    and: { type: 'string', value: 'NAME', help: '第二人 / the second person' },
    json: jsonOption,
  },
  positionals: [list],
  exits: '0 drawn, 1 no such list, drawn already, no cosignature yet, or the numbers differ',
  check(call) {
    const names = ['number', 'by', 'again', 'and'];
    if (names.every((name) => call.values[name] === undefined)) return undefined;
    const trouble = neededTrouble(call, 200, ...names);
    if (trouble !== undefined) return trouble;
    if (isSamePerson(textOf(call, 'by'), textOf(call, 'and'))) {
      return '--by 与 --and 不得为同一人 / --by and --and must be two people';
    }
    return typedNumber(textOf(call, 'number')) === typedNumber(textOf(call, 'again'))
      ? undefined
      : '两人填写的号码不一致 / the two people typed different numbers';
  },
  async run(station, call, io) {
    const [number, again, by, and] = ['number', 'again', 'by', 'and'].map((name) => textOf(call, name)) as [
      ...[string, string, string, string],
    ];
    const typed = call.values.number === undefined ? undefined : { number, again, by, and };
    return show(station, await station.drawings.draw(listOf(call), typed, actorOf(call)), call, io);
  },
};

const redraw: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'drawing redraw',
  summary: '重抽：登记理由和批准人，再抽一轮；以前各轮保留 / begin another round; earlier draws stay and are shown',
  usage: 'evidock drawing redraw ID --reason TEXT --by NAME --approved-by NAME --data DIR [--public TEXT] [--json]',
  options: {
    reason: { type: 'string', value: 'TEXT', help: '理由 / why' },
    by: { type: 'string', value: 'NAME', help: '提出人 / who asks' },
    'approved-by': { type: 'string', value: 'NAME', help: '批准人，不得为提出人 / who approves; another person' },
    public: publicOption,
    json: jsonOption,
  },
  positionals: [list],
  exits: '0 recorded, 1 no such list, or its round was not drawn yet',
  check: (call) => neededTrouble(call, 500, 'reason', 'by', 'approved-by') ?? publicTrouble(call),
  async run(station, call, io) {
    const shown = await station.drawings.redraw(listOf(call), {
      reason: textOf(call, 'reason'),
      requestedBy: textOf(call, 'by'),
      approvedBy: textOf(call, 'approved-by'),
      source: sourceOf(call),
      actor: actorOf(call),
    });
    return show(station, shown, call, io);
  },
};

const followUp: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'drawing follow-up',
  summary: '登记对抽中案件的回访 / record what whoever was asked about a drawn case said',
  usage:
    'evidock drawing follow-up ID CASE --means phone|visit --by NAME --on DATE\n' +
    '                       --satisfaction satisfied|fair|dissatisfied|no-answer --opinion TEXT --handling TEXT --data DIR [--json]',
  options: {
    means: { type: 'string', value: 'WORD', help: '方式：phone 电话，visit 上门 / by telephone or visit' },
    by: { type: 'string', value: 'NAME', help: '回访人 / who asked' },
    on: { type: 'string', value: 'YYYY-MM-DD', help: '回访日期 / on which day' },
    satisfaction: { type: 'string', value: 'WORD', help: `满意程度 / ${satisfactions.join(', ')}` },
    opinion: { type: 'string', value: 'TEXT', help: '意见建议 / what they said' },
    handling: { type: 'string', value: 'TEXT', help: '处理情况 / what was done about it' },
    json: jsonOption,
  },
  positionals: [list, { name: 'CASE', isPath: false }],
  exits: '0 recorded, 1 no such list, or the case was not drawn from it',
  check(call) {
    return firstTrouble(
      neededTrouble(call, 20, 'means', 'satisfaction', 'on'),
      choiceTrouble('--means', call.values.means, followUpMeans),
      choiceTrouble('--satisfaction', call.values.satisfaction, satisfactions),
      dayTrouble(call, 'on'),
      neededTrouble(call, 100, 'by'),
      neededTrouble(call, 2000, 'opinion', 'handling'),
    );
  },
  async run(station, call, io) {
    const facts = {
      means: call.values.means as FollowUpMeans,
      by: textOf(call, 'by'),
      on: textOf(call, 'on'),
      satisfaction: call.values.satisfaction as Satisfaction,
      opinion: textOf(call, 'opinion'),
      handling: textOf(call, 'handling'),
    };
    await station.drawings.followUp(listOf(call), call.positionals[1] as string, facts, actorOf(call));
    if (call.values.json === true) io.out(JSON.stringify({ event: 'followed-up', list: listOf(call), ...facts }));
    else io.out(drawingTexts[call.language].followedUp);
    return exitCodes.done;
  },
};

const showCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'drawing show',
  summary: '名单、各轮抽取、方法和回访 / a list with each draw, the method and the follow-ups',
  usage: 'evidock drawing show ID --data DIR [--json | --html [--out FILE]]',
  options: {
    json: jsonOption,
    html: { type: 'boolean', help: '打印用表格 / a sheet to print' },
    out: outOption,
  },
  positionals: [list],
  exits: '0 shown, 1 no such list',
  check: ({ values }) =>
    (values.json === true && values.html === true) || (values.out !== undefined && values.html !== true)
      ? '--json 与 --html 二选一，--out 与 --html 同用 / one of --json and --html; --out goes with --html'
      : undefined,
  async run(station, call, io) {
    const drawing = station.drawings.show(listOf(call));
    if (call.values.html !== true) return show(station, drawing, call, io);
    const sheet = drawingSheet(drawing, {
      language: call.language,
      stationName: station.context.options.configuration.station.name,
      now: station.shownTime(new Date().toISOString()),
      shownTime: (iso) => station.shownTime(iso),
    });
    await giveFile(io, sheet, call.values.out as string | undefined);
    return exitCodes.done;
  },
};

const listCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'drawing list',
  summary: '列出各月名单 / the lists of each month',
  usage: 'evidock drawing list --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [],
  exits: '0 listed',
  async run(station, call, io) {
    const t = drawingTexts[call.language];
    const rows = station.drawings.lists();
    if (rows.length === 0 && call.values.json !== true) io.err(t.noLists);
    for (const row of rows) {
      if (call.values.json === true) io.out(JSON.stringify({ event: 'drawing-list', ...row }));
      else io.out(t.list(row.list, row.month, row.count, row.percent));
    }
    return exitCodes.done;
  },
};

function show(station: Station, drawing: ShownDrawing, call: CommandCall, io: CommandIo): number {
  if (call.values.json === true) {
    io.out(JSON.stringify({ event: 'drawing', ...drawing }));
    return exitCodes.done;
  }
  const { language } = call;
  const t = drawingTexts[language];
  const shownTime = (iso: string | null): string => station.shownTime(iso);
  io.out(t.list(drawing.list, drawing.month, drawing.count, drawing.percent));
  io.out(t.closed(drawing.seq, shownTime(drawing.closedAt), drawing.sha256));
  const numbers = new Map(drawing.cases.map(({ key, number }) => [key, number ?? t.erased]));
  for (const { key } of drawing.cases) io.out(`  ${key}  ${numbers.get(key)}`);
  for (const round of drawing.rounds) {
    io.out(t.round(round.round));
    for (const line of roundLines(drawing, round, { language, shownTime })) io.out(`  ${line}`);
    const drawn = round.result?.keys.length ?? 0;
    for (const [at, { key, hash }] of round.lots.slice(0, drawn).entries()) {
      io.out(`  ${at + 1}. ${numbers.get(key)}  ${key}  ${hash}`);
    }
  }
  printFollowUps(drawing, call, io);
  for (const line of t.method) io.out(line);
  const waiting = drawing.rounds.at(-1);
  if (waiting?.drawnSeq === null) io.err(waiting.seedFrom === 'witness' ? t.nextWitness : t.nextPublic);
  return exitCodes.done;
}

function printFollowUps({ cases, rounds, followUps }: ShownDrawing, { language }: CommandCall, io: CommandIo): void {
  const t = drawingTexts[language];
  const drawn = new Set<string>(rounds.flatMap(({ result }) => result?.keys ?? []));
  if (drawn.size === 0) return;
  io.out(t.followUps);
  for (const { key, number } of cases.filter((one) => drawn.has(one.key))) {
    const said = followUps.filter((one) => one.key === key);
    if (said.length === 0) io.out(`  ${number ?? t.erased}  ${t.notFollowedUp}`);
    for (const { details } of said) {
      if (details === null) io.out(`  ${t.erased}`);
      else {
        const [means, satisfaction] = [meansTexts[details.means], satisfactionTexts[details.satisfaction]];
        io.out(
          `  ${number ?? t.erased}  ${t.followUp(details.on, details.by, means[language], satisfaction[language])}`,
        );
        io.out(`    ${t.opinion(details.opinion)}  ${t.handling(details.handling)}`);
      }
    }
  }
}

export const drawingCommands = [listMonth, draw, redraw, followUp, showCommand, listCommand] as const;
