/**
 * `evidock checkpoint`: prints the signed checkpoint over everything recorded so far (C2SP tlog-checkpoint), has it
 * stamped where that is configured, and says which stamps there are.
 */
import { stampTexts } from '../texts/stamp-texts.ts';
import { exitCodes, type StationCommand } from './command.ts';

export const checkpointCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'checkpoint',
  summary: '输出存证日志的签名校验点 / print the signed checkpoint of the ledger',
  usage: 'evidock checkpoint --data DIR [--json]',
  options: { json: { type: 'boolean', help: '输出 JSON（含时间戳、国密签名状态） / JSON with the stamps it has' } },
  positionals: [],
  exits: '0 done',
  async run(station, call, io) {
    const note = await station.checkpoint();
    await station.stamps.stampNow();
    const stamps = await station.stamps.states();
    if (call.values.json === true) {
      io.out(JSON.stringify({ checkpoint: note, stamps }));
      return exitCodes.done;
    }
    io.out(note.endsWith('\n') ? note.slice(0, -1) : note);
    const texts = stampTexts[call.language];
    for (const { kind, size, time, trouble } of stamps) {
      const isMissing = size === undefined || trouble !== undefined;
      const name = texts.kinds[kind];
      io.err(isMissing ? texts.missing(name, trouble ?? '') : texts.stamped(name, size, time ?? ''));
    }
    return exitCodes.done;
  },
};
