/** `evidock checkpoint`: prints the signed checkpoint over everything recorded so far (C2SP tlog-checkpoint). */
import { exitCodes, type StationCommand } from './command.ts';

export const checkpointCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'checkpoint',
  summary: '输出存证日志的签名校验点 / print the signed checkpoint of the ledger',
  usage: 'evidock checkpoint --data DIR',
  options: {},
  positionals: [],
  exits: '0 done',
  async run(station, _call, io) {
    const note = await station.checkpoint();
    io.out(note.endsWith('\n') ? note.slice(0, -1) : note);
    return exitCodes.done;
  },
};
