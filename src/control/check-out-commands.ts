/** `evidock recorders check-out|check-in|withdraw` and `evidock claim`: shared recorders per shift, and "this was me". */
import { checkLine, recorderTexts } from '../texts/recorder-texts.ts';
import {
  actorOf,
  firstTrouble,
  jsonOption,
  neededTrouble,
  reasonLengthMax,
  textOf,
  textTrouble,
  typedText,
} from './call-words.ts';
import { exitCodes, type StationCommand } from './command.ts';
import {
  certificateTrouble,
  evenSoOption,
  instantOf,
  officerName,
  serialTrouble,
  timeTrouble,
} from './recorder-options.ts';

const timeOption = (help: string) => ({ type: 'string', value: 'TIME', help }) as const;

const checkOutCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'recorders check-out',
  summary: '领用公用记录仪，并自检 / check a shared recorder out, with its self-check',
  usage:
    'evidock recorders check-out SERIAL CERTIFICATE [--at TIME] [--returned TIME] [--even-so REASON] [--data DIR] [--json]',
  options: {
    at: timeOption('领用时间，默认现在 / when it was handed out (default now), YYYY-MM-DDTHH:MM, station time'),
    returned: timeOption('补登已结束的班次：交还时间 / of a shift that is over: when it was returned'),
    'even-so': evenSoOption,
    json: jsonOption,
  },
  positionals: [
    { name: 'SERIAL', isPath: false },
    { name: 'CERTIFICATE', isPath: false },
  ],
  exits: '0 recorded, 1 refused: unknown, out already, or something speaks against it',
  check: (call) =>
    firstTrouble(
      serialTrouble(call.positionals[0]),
      certificateTrouble(call.positionals[1]),
      timeTrouble(call, 'at'),
      timeTrouble(call, 'returned'),
      textTrouble(call, reasonLengthMax, 'even-so'),
    ),
  async run(station, call, io) {
    const [serial = '', certificateNo = ''] = call.positionals;
    const { checkout, checks } = await station.checkOuts.checkOut({
      serial,
      certificateNo,
      at: instantOf(station, call, 'at'),
      returnedAt: instantOf(station, call, 'returned'),
      evenSo: typedText(call, 'even-so'),
      actor: actorOf(call),
    });
    if (call.values.json === true) {
      io.out(JSON.stringify({ event: 'checked-out', checkout, serial, certificateNo, checks }));
      return exitCodes.done;
    }
    io.out(recorderTexts[call.language].checkedOut(serial, officerName(station, certificateNo), checkout));
    for (const check of checks) io.out(`  ${checkLine(check, call.language)}`);
    return exitCodes.done;
  },
};

const checkInCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'recorders check-in',
  summary: '交还公用记录仪 / return a shared recorder',
  usage: 'evidock recorders check-in SERIAL [--at TIME] [--data DIR] [--json]',
  options: {
    at: timeOption('交还时间，默认现在 / when it was returned (default now), YYYY-MM-DDTHH:MM, station time'),
    json: jsonOption,
  },
  positionals: [{ name: 'SERIAL', isPath: false }],
  exits: '0 recorded, 1 it is not checked out',
  check: (call) => firstTrouble(serialTrouble(call.positionals[0]), timeTrouble(call, 'at')),
  async run(station, call, io) {
    const serial = call.positionals[0] as string;
    const { checkout, certificateNo, outAt, returnedAt } = await station.checkOuts.checkIn({
      serial,
      at: instantOf(station, call, 'at'),
      basis: 'by-hand',
      actor: actorOf(call),
    });
    if (call.values.json === true)
      io.out(JSON.stringify({ event: 'checked-in', checkout, serial, certificateNo, outAt, returnedAt }));
    else {
      const who = officerName(station, certificateNo);
      io.out(recorderTexts[call.language].checkedIn(serial, who, station.shownTime(returnedAt)));
    }
    return exitCodes.done;
  },
};

const withdrawCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'recorders withdraw',
  summary: '撤销登记错误的领用 / withdraw a check-out that was entered by mistake',
  usage: 'evidock recorders withdraw CHECKOUT --reason TEXT [--data DIR] [--json]',
  options: {
    reason: { type: 'string', value: 'TEXT', help: '理由，写入存证日志 / why; it stands in the ledger' },
    json: jsonOption,
  },
  positionals: [{ name: 'CHECKOUT', isPath: false }],
  exits: '0 withdrawn, 1 there is no such check-out',
  check: (call) => neededTrouble(call, reasonLengthMax, 'reason'),
  async run(station, call, io) {
    const { checkout, recorder } = await station.checkOuts.withdraw({
      checkout: call.positionals[0] as string,
      reason: textOf(call, 'reason'),
      actor: actorOf(call),
    });
    if (call.values.json === true) io.out(JSON.stringify({ event: 'withdrawn', checkout, serial: recorder }));
    else io.out(recorderTexts[call.language].withdrawn(checkout));
    return exitCodes.done;
  },
};

const claimCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'claim',
  summary: '认领视音频文件：“是我录的” / an officer’s statement that a clip is theirs; it overwrites nothing',
  usage: 'evidock claim CLIP CERTIFICATE [--statement TEXT] [--data DIR] [--json]',
  options: {
    statement: { type: 'string', value: 'TEXT', help: '说明，写入存证日志 / in their words; it stands in the ledger' },
    json: jsonOption,
  },
  positionals: [
    { name: 'CLIP', isPath: false },
    { name: 'CERTIFICATE', isPath: false },
  ],
  exits: '0 recorded, 1 no such clip or officer, or claimed already',
  check: (call) =>
    firstTrouble(certificateTrouble(call.positionals[1]), textTrouble(call, reasonLengthMax, 'statement')),
  async run(station, call, io) {
    const [clip = '', certificateNo = ''] = call.positionals;
    const statement = textOf(call, 'statement');
    const actor = actorOf(call);
    const seq = await station.checkOuts.claim({ clip, certificateNo, statement, actor });
    if (call.values.json === true) io.out(JSON.stringify({ event: 'claimed', clip, certificateNo, seq }));
    else io.out(recorderTexts[call.language].claimed(clip, officerName(station, certificateNo), seq));
    return exitCodes.done;
  },
};

export const checkOutCommands: readonly StationCommand[] = [
  checkOutCommand,
  checkInCommand,
  withdrawCommand,
  claimCommand,
];
