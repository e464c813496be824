/** `evidock recorders state|pool|assign|return|swap`: changes by hand, each dated and each one record. */
import type { RecorderState } from '../domain/people-facts.ts';
import { codeWord } from '../texts/code-texts.ts';
import { recorderTexts } from '../texts/recorder-texts.ts';
import {
  actorOf,
  choiceTrouble,
  dayOrToday,
  dayTrouble,
  firstTrouble,
  jsonOption,
  reasonLengthMax,
  textOf,
  textTrouble,
  typedText,
} from './call-words.ts';
import { exitCodes, type StationCommand } from './command.ts';
import {
  assertOnlyOne,
  certificateTrouble,
  evenSoOption,
  localTimeOf,
  officerName,
  serialTrouble,
} from './recorder-options.ts';

const states = ['in-service', 'repair', 'lost', 'scrapped'];
const onOption = {
  type: 'string',
  value: 'DATE',
  help: '自哪天起，可补登以前的日期，默认今天 / from which day (default today)',
} as const;

const stateCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'recorders state',
  summary: '登记记录仪状态：在用、维修、丢失、报废 / in service, in repair, lost or scrapped',
  usage:
    'evidock recorders state SERIAL in-service|repair|lost|scrapped [--on DATE|TIME] [--reason TEXT] [--data DIR] [--json]',
  options: {
    on: { type: 'string', value: 'WHEN', help: '自何日或何时起，默认今天 / since which day or time (default today)' },
    reason: { type: 'string', value: 'TEXT', help: '原因，写入存证日志 / why; it stands in the ledger' },
    json: jsonOption,
  },
  positionals: [
    { name: 'SERIAL', isPath: false },
    { name: 'STATE', isPath: false },
  ],
  exits: '0 recorded, 1 no such recorder, or it is in that state already',
  check: (call) =>
    firstTrouble(
      serialTrouble(call.positionals[0]),
      choiceTrouble('STATE', call.positionals[1], states),
      localTimeOf(textOf(call, 'on')) === undefined ? dayTrouble(call, 'on') : undefined,
      textTrouble(call, reasonLengthMax, 'reason'),
    ),
  async run(station, call, io) {
    const on = typedText(call, 'on') ?? station.today();
    const changed = await station.recorders.setState({
      serial: call.positionals[0] as string,
      state: call.positionals[1] as RecorderState,
      since: localTimeOf(on) ?? on,
      reason: typedText(call, 'reason'),
      actor: actorOf(call),
    });
    const t = recorderTexts[call.language];
    const word = (state: string): string => codeWord('recorderState', state, call.language);
    if (call.values.json === true) io.out(JSON.stringify({ event: 'state-recorded', ...changed }));
    else io.out(t.stateSet(changed.serial, word(changed.state), changed.since));
    if (changed.later !== null) io.err(t.laterState(changed.later.from, word(changed.later.state)));
    return exitCodes.done;
  },
};

const poolCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'recorders pool',
  summary: '列为某单位公用，或不再公用 / put a recorder into a unit’s pool, or take it out',
  usage: 'evidock recorders pool SERIAL [UNIT] [--on DATE] [--data DIR] [--json]',
  options: { on: onOption, json: jsonOption },
  positionals: [
    { name: 'SERIAL', isPath: false },
    { name: 'UNIT', isPath: false, isOptional: true },
  ],
  exits: '0 recorded, 1 no such recorder or unit',
  check: (call) => firstTrouble(serialTrouble(call.positionals[0]), dayTrouble(call, 'on')),
  async run(station, call, io) {
    const { serial, unit } = await station.recorders.setPool({
      serial: call.positionals[0] as string,
      unit: call.positionals[1]?.trim() || null,
      on: dayOrToday(station, call, 'on'),
      actor: actorOf(call),
    });
    const t = recorderTexts[call.language];
    if (call.values.json === true) io.out(JSON.stringify({ event: 'pooled', serial, unit }));
    else io.out(unit === null ? t.unpooled(serial) : t.pooled(serial, unit));
    return exitCodes.done;
  },
};

const assignCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'recorders assign',
  summary: '把记录仪配发给执法人员 / assign a recorder to an officer',
  usage:
    'evidock recorders assign SERIAL CERTIFICATE [--from DATE] [--shared] [--even-so REASON] [--data DIR] [--json]',
  options: {
    from: onOption,
    shared: { type: 'boolean', help: '公用，默认专配 / shared; personal when not given' },
    'even-so': evenSoOption,
    json: jsonOption,
  },
  positionals: [
    { name: 'SERIAL', isPath: false },
    { name: 'CERTIFICATE', isPath: false },
  ],
  exits: '0 recorded, 1 refused: unknown, assigned already, or something speaks against it',
  check: (call) =>
    firstTrouble(
      serialTrouble(call.positionals[0]),
      certificateTrouble(call.positionals[1]),
      dayTrouble(call, 'from'),
      textTrouble(call, reasonLengthMax, 'even-so'),
    ),
  async run(station, call, io) {
    const facts = await station.recorders.assign({
      serial: call.positionals[0] as string,
      certificateNo: call.positionals[1] as string,
      from: dayOrToday(station, call, 'from'),
      mode: call.values.shared === true ? 'shared' : 'personal',
      evenSo: typedText(call, 'even-so'),
      actor: actorOf(call),
    });
    const mode = codeWord('assignmentMode', facts.mode, call.language);
    if (call.values.json === true) io.out(JSON.stringify({ event: 'assigned', ...facts }));
    else
      io.out(
        recorderTexts[call.language].assigned(
          facts.serial,
          officerName(station, facts.certificateNo),
          facts.from,
          mode,
        ),
      );
    return exitCodes.done;
  },
};

const returnCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'recorders return',
  summary: '结束配发：记录仪收回 / end an assignment: the recorder comes back',
  usage: 'evidock recorders return SERIAL [CERTIFICATE] [--on DATE] [--data DIR] [--json]',
  options: {
    on: { type: 'string', value: 'DATE', help: '配发的最后一天，默认今天 / its last day (default today)' },
    json: jsonOption,
  },
  positionals: [
    { name: 'SERIAL', isPath: false },
    { name: 'CERTIFICATE', isPath: false, isOptional: true },
  ],
  exits: '0 recorded, 1 it is not assigned that day, was returned already, or has several holders',
  check: (call) =>
    firstTrouble(
      serialTrouble(call.positionals[0]),
      call.positionals[1] === undefined ? undefined : certificateTrouble(call.positionals[1]),
      dayTrouble(call, 'on'),
    ),
  async run(station, call, io) {
    const facts = await station.recorders.giveBack({
      serial: call.positionals[0] as string,
      certificateNo: call.positionals[1],
      on: dayOrToday(station, call, 'on'),
      actor: actorOf(call),
    });
    if (call.values.json === true) io.out(JSON.stringify({ event: 'returned', ...facts }));
    else
      io.out(
        recorderTexts[call.language].returned(
          facts.serial,
          officerName(station, facts.certificateNo),
          facts.until as string,
        ),
      );
    return exitCodes.done;
  },
};

const swapCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'recorders swap',
  summary: '移交给另一人，或换用另一台 / hand it over to another officer, or exchange it for another recorder',
  usage:
    'evidock recorders swap SERIAL CERTIFICATE|SERIAL [--on DATE] [--state repair|lost|scrapped] [--even-so REASON] [--data DIR] [--json]',
  options: {
    on: {
      type: 'string',
      value: 'DATE',
      help: '新配发的第一天，默认今天；原配发到前一天止 / first day of the new assignment (default today)',
    },
    state: { type: 'string', value: 'STATE', help: '换下的一台的状态 / what becomes of the one that is exchanged' },
    'even-so': evenSoOption,
    json: jsonOption,
  },
  positionals: [
    { name: 'SERIAL', isPath: false },
    { name: 'TARGET', isPath: false },
  ],
  exits: '0 recorded, 1 refused: unknown, not assigned, or something speaks against it',
  check: (call) =>
    firstTrouble(
      serialTrouble(call.positionals[0]),
      choiceTrouble('--state', call.values.state, states),
      dayTrouble(call, 'on'),
      textTrouble(call, reasonLengthMax, 'even-so'),
    ),
  async run(station, call, io) {
    const [serial = '', text = ''] = call.positionals;
    const { people } = station.context.registry;
    const isSerial = people.versionsOfKey('recorders', text).length > 0;
    const isOfficer = people.versionsOfKey('officers', text).length > 0;
    assertOnlyOne(isSerial, isOfficer, text);
    const on = dayOrToday(station, call, 'on');
    const { ended, begun } = await station.recorders.swap({
      serial,
      target: isSerial ? { serial: text } : { certificateNo: text },
      on,
      state: call.values.state as RecorderState | undefined,
      evenSo: typedText(call, 'even-so'),
      actor: actorOf(call),
    });
    const t = recorderTexts[call.language];
    const who = (certificateNo: string): string => officerName(station, certificateNo);
    if (call.values.json === true) io.out(JSON.stringify({ event: 'swapped', ended, begun }));
    else if (isSerial) io.out(t.exchanged(serial, begun.serial, who(begun.certificateNo), on));
    else io.out(t.handedOver(serial, who(ended.certificateNo), who(begun.certificateNo), on));
    return exitCodes.done;
  },
};

export const recorderChangeCommands: readonly StationCommand[] = [
  stateCommand,
  poolCommand,
  assignCommand,
  returnCommand,
  swapCommand,
];
