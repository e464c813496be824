/** `evidock rebuild`: makes the registry anew from the ledger's records and documents, and from nothing else. */
import { cliTexts } from '../texts/cli-texts.ts';
import { jsonOption } from './call-words.ts';
import { exitCodes, type StationCommand } from './command.ts';

export const rebuildCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  rebuilds: true,
  ownProcess: true,
  name: 'rebuild',
  summary: '由存证日志重建登记库 / make the registry anew from the ledger',
  usage: 'evidock rebuild --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [],
  exits: '0 done, 1 the ledger does not verify',
  async run(station, call, io) {
    const { records, clips, dockings, findings } = station.counts();
    if (call.values.json === true) io.out(JSON.stringify({ event: 'rebuilt', records, clips, dockings, findings }));
    else io.out(cliTexts[call.language].rebuilt(records, clips, dockings, findings));
    return exitCodes.done;
  },
};
