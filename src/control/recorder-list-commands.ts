/** `evidock recorders list|show|findings`: which recorders there are, who has them, and what should not be. */

import type { RecorderReviewFinding } from '../domain/recorder-review-policy.ts';
import { isIdle, type RecorderDetail, type RecorderRow } from '../domain/recorder-views.ts';
import { instantToLocalTime } from '../domain/station-time.ts';
import type { Language } from '../texts/cli-texts.ts';
import { codeText, codeWord } from '../texts/code-texts.ts';
import { recorderTexts, reviewWho } from '../texts/recorder-texts.ts';
import { choiceTrouble, firstTrouble, jsonOption } from './call-words.ts';
import { exitCodes, type StationCommand } from './command.ts';
import { momentOf, momentOptions, momentTrouble, serialTrouble } from './recorder-options.ts';

const states = ['in-service', 'repair', 'lost', 'scrapped'];

interface Words {
  readonly language: Language;
  readonly timeZone: string;
}

const listCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'recorders list',
  summary: '列出记录仪、状态和持有人 / recorders, their states and who has them',
  usage: 'evidock recorders list [--state STATE] [--idle] [--as-of DATE] [--known-at SEQ] [--data DIR] [--json]',
  options: {
    state: { type: 'string', value: 'STATE', help: `${states.join(' | ')}` },
    idle: { type: 'boolean', help: '只列在用而无人持有的 / in service, and nobody has it' },
    ...momentOptions,
    json: jsonOption,
  },
  positionals: [],
  exits: '0 done',
  check: (call) => firstTrouble(choiceTrouble('--state', call.values.state, states), momentTrouble(call)),
  async run(station, call, io) {
    const { state, idle, json } = call.values;
    const rows = station.recorderBook
      .list(momentOf(station, call))
      .filter((row) => (state === undefined || row.state === state) && (idle !== true || isIdle(row)));
    const words = { language: call.language, timeZone: station.recorderBook.timeZone };
    for (const row of rows) io.out(json === true ? JSON.stringify(row) : rowLine(row, words));
    if (rows.length === 0) io.err(recorderTexts[call.language].none);
    return exitCodes.done;
  },
};

const showCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'recorders show',
  summary: '一台记录仪的状态、配发和领用经过 / states, assignments and check-outs of one recorder',
  usage: 'evidock recorders show SERIAL [--as-of DATE] [--known-at SEQ] [--data DIR] [--json]',
  options: { ...momentOptions, json: jsonOption },
  positionals: [{ name: 'SERIAL', isPath: false }],
  exits: '0 done, 1 there is no such recorder',
  check: (call) => firstTrouble(serialTrouble(call.positionals[0]), momentTrouble(call)),
  async run(station, call, io) {
    const detail = station.recorderBook.show(call.positionals[0] as string, momentOf(station, call));
    const words = { language: call.language, timeZone: station.recorderBook.timeZone };
    if (call.values.json === true) io.out(JSON.stringify(detail));
    else for (const line of detailLines(detail, words)) io.out(line);
    return exitCodes.done;
  },
};

const findingsCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'recorders findings',
  summary: '记录仪和配发中的异常 / what is not as it should be with recorders and assignments',
  usage: 'evidock recorders findings [--as-of DATE] [--known-at SEQ] [--data DIR] [--json]',
  options: { ...momentOptions, json: jsonOption },
  positionals: [],
  exits: '0 none, 1 there are findings',
  check: momentTrouble,
  async run(station, call, io) {
    const findings = station.recorderBook.findings(momentOf(station, call));
    const words = { language: call.language, timeZone: station.recorderBook.timeZone };
    for (const finding of findings)
      io.out(call.values.json === true ? JSON.stringify(finding) : findingLine(finding, words));
    if (findings.length === 0) io.err(recorderTexts[call.language].noFindings);
    return findings.length === 0 ? exitCodes.done : exitCodes.incomplete;
  },
};

function rowLine(row: RecorderRow, { language, timeZone }: Words): string {
  const t = recorderTexts[language];
  const state = row.state === null ? t.notListed : codeWord('recorderState', row.state, language);
  const holders = row.holders.map(
    ({ name, certificateNo, mode, from, until }) =>
      `${name ?? ''} ${certificateNo} (${codeWord('assignmentMode', mode, language)}, ${t.since(from)}${until === null ? '' : `, ${t.until(until)}`})`,
  );
  return [
    row.serial,
    row.model ?? '-',
    row.stateSince === null ? state : `${state} (${t.since(row.stateSince)})`,
    ...(row.unit === null ? [] : [t.pool(row.unit)]),
    holders.length === 0 ? t.idle : holders.join(' + ').trim(),
    ...(row.checkOut === null
      ? []
      : [
          t.out(
            `${row.checkOut.name ?? ''} ${row.checkOut.certificateNo}`.trim(),
            localOf(row.checkOut.outAt, timeZone),
          ),
        ]),
    row.lastSeen === null ? t.neverSeen : t.seen(localOf(row.lastSeen, timeZone)),
  ].join('  ');
}

function detailLines(detail: RecorderDetail, words: Words): string[] {
  const { language, timeZone } = words;
  const t = recorderTexts[language];
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
  return [
    rowLine(detail, words),
    ...section(
      t.headings.states,
      detail.states.map(({ state, since, unit }) =>
        [since, codeWord('recorderState', state, language), unit === null ? '' : t.pool(unit)].join('  ').trim(),
      ),
    ),
    ...section(
      t.headings.assignments,
      detail.assignments.map(({ certificateNo, name, mode, from, until }) =>
        [`${from} – ${until ?? t.open}`, codeWord('assignmentMode', mode, language), certificateNo, name ?? ''].join(
          '  ',
        ),
      ),
    ),
    ...section(
      t.headings.checkOuts,
      detail.checkOuts.map(({ checkout, certificateNo, name, outAt, returnedAt }) => {
        const until = returnedAt === null ? t.open : localOf(returnedAt, timeZone);
        return [checkout, `${localOf(outAt, timeZone)} – ${until}`, certificateNo, name ?? ''].join('  ');
      }),
    ),
    ...section(
      t.headings.findings,
      detail.findings.map((finding) => findingLine(finding, words)),
    ),
  ];
}

function findingLine(finding: RecorderReviewFinding, { language, timeZone }: Words): string {
  const { code, serial, since, standing } = finding;
  const { word } = codeText('recorderReview', code, language);
  return [
    `[${code}]`,
    word,
    serial,
    ...reviewWho(finding, language),
    standing === undefined ? undefined : codeWord('standing', standing, language),
    since === undefined ? undefined : since.endsWith('Z') ? localOf(since, timeZone) : since,
  ]
    .filter((part) => part !== undefined)
    .join('  ');
}

const localOf = (instant: string, timeZone: string): string =>
  instantToLocalTime(Date.parse(instant), timeZone).replace('T', ' ').slice(0, 16);

export const recorderListCommands: readonly StationCommand[] = [listCommand, showCommand, findingsCommand];
