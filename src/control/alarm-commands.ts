/**
 * `evidock alarm`: alarms about the ledger, and acknowledging one after somebody has looked into it. Name and reason
 * go into the document of the record.
 */
import { codeWord } from '../texts/code-texts.ts';
import { exitCodes, type StationCommand } from './command.ts';

const reasonLengthMax = 2000;
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
  check({ positionals, values }) {
    if (!/^\d{1,15}$/.test(positionals[0] ?? ''))
      return 'N 是告警编号，见 evidock alarm list / N: the number of an alarm, see "evidock alarm list"';
    const by = String(values.by ?? '').trim();
    if (by.length === 0 || by.length > nameLengthMax)
      return `--by：姓名，至多 ${nameLengthMax} 字 / --by: a name of at most ${nameLengthMax} characters`;
    const reason = String(values.reason ?? '').trim();
    return reason.length === 0 || reason.length > reasonLengthMax
      ? `--reason：说明原因，至多 ${reasonLengthMax} 字 / --reason: say why, in at most ${reasonLengthMax} characters`
      : undefined;
  },
  async run(station, call, io) {
    const alarm = Number(call.positionals[0]);
    await station.alarms.acknowledge({
      alarm,
      by: String(call.values.by).trim(),
      reason: String(call.values.reason).trim(),
      actor: { kind: 'person', id: call.actorId },
    });
    io.out(String(alarm));
    return exitCodes.done;
  },
};

export const alarmCommands: readonly StationCommand[] = [listCommand, acknowledgeCommand];
