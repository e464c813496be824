/**
 * `evidock alarm`: alarms about the ledger, and acknowledging one after somebody has looked into it. Name and reason
 * go into the document of the record.
 */
import { codeWord } from '../texts/code-texts.ts';
import { actorOf, neededTrouble, reasonLengthMax, textOf } from './call-words.ts';
import { exitCodes, type StationCommand } from './command.ts';

const nameLengthMax = 200;

const listCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'alarm list',
  summary: '列出存证日志的告警 / alarms about the ledger',
  usage: 'evidock alarm list --data DIR [--json]',
  options: { json: { type: 'boolean', help: '输出 JSON 行 / JSON lines on stdout, one an alarm' } },
  positionals: [],
  exits: '0 no alarm is open, 1 one is',
  run: async (station, call, io) => {
    for (const alarm of station.alarms.all()) {
      if (call.values.json === true) {
        io.out(JSON.stringify(alarm));
        continue;
      }
      const words = codeWord('alarm', alarm.kind, call.language);
      const end =
        alarm.acknowledgedAt === null
          ? ''
          : `  ${station.shownTime(alarm.acknowledgedAt)}  ${alarm.acknowledgedBy ?? ''}`;
      io.out(`${alarm.alarm}  ${station.shownTime(alarm.raisedAt)}  ${words}  ${alarm.evidence}${end}`);
    }
    return station.alarms.open().length === 0 ? exitCodes.done : exitCodes.incomplete;
  },
};

const acknowledgeCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'alarm acknowledge',
  summary: '核实后确认告警，采集恢复 / acknowledge an alarm that was looked into; intake goes on',
  usage: 'evidock alarm acknowledge N --by NAME --reason TEXT --data DIR',
  options: {
    by: { type: 'string', value: 'NAME', help: '确认人姓名 / who has looked into it' },
    reason: { type: 'string', value: 'TEXT', help: '原因和处理，写入存证日志 / what it was; it stands in the ledger' },
  },
  positionals: [{ name: 'N', isPath: false }],
  exits: '0 acknowledged, 1 there is no such open alarm',
  check(call) {
    if (!/^\d{1,15}$/.test(call.positionals[0] ?? ''))
      return 'N 是告警编号，见 evidock alarm list / N: the number of an alarm, see "evidock alarm list"';
    return neededTrouble(call, nameLengthMax, 'by') ?? neededTrouble(call, reasonLengthMax, 'reason');
  },
  async run(station, call, io) {
    const alarm = Number(call.positionals[0]);
    await station.alarms.acknowledge({
      alarm,
      by: textOf(call, 'by'),
      reason: textOf(call, 'reason'),
      actor: actorOf(call),
    });
    io.out(String(alarm));
    return exitCodes.done;
  },
};

export const alarmCommands: readonly StationCommand[] = [listCommand, acknowledgeCommand];
