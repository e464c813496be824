/**
 * `evidock handover`: records that a shift handed the station over, and prints what the sheet of paper says: the
 * checkpoint that covers that record, and the fingerprints of the keys. The printable sheet is the page /audit/handover.
 */
import { isSamePerson } from '../domain/person-names.ts';
import { exportTexts } from '../texts/export-texts.ts';
import { handoverTexts } from '../texts/handover-texts.ts';
import { actorOf, jsonOption } from './call-words.ts';
import { type CommandCall, exitCodes, type StationCommand } from './command.ts';
import { fingerprintText } from './export-command.ts';

export const handoverCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'handover',
  summary: '交接班：记入存证日志并输出校验点与指纹 / hand the station over to the next shift',
  usage: 'evidock handover [--from NAME --to NAME] --data DIR [--json]',
  options: {
    from: {
      type: 'string',
      value: 'NAME',
      help: '交班人；与 --to 同时给出时记入日志 / who hands over; recorded with --to',
    },
    to: { type: 'string', value: 'NAME', help: '接班人 / who takes over' },
    json: jsonOption,
  },
  positionals: [],
  exits: '0 done',
  check: troubleOf,
  async run(station, call, io) {
    const { from, to } = call.values;
    const seq =
      typeof from === 'string' && typeof to === 'string'
        ? await station.recordHandover({ from, to }, actorOf(call))
        : null;
    const checkpoint = await station.checkpoint();
    const keys = await station.proofs.fingerprints();
    if (call.values.json === true) {
      io.out(JSON.stringify({ record: seq, checkpoint, keys }));
      return exitCodes.done;
    }
    io.out(checkpoint.trimEnd());
    io.out('');
    const words = exportTexts[call.language];
    for (const key of keys) io.out(fingerprintText(key, words));
    if (seq !== null) io.err(handoverTexts[call.language].recorded(String(seq)));
    return exitCodes.done;
  },
};

function troubleOf({ values, language }: CommandCall): string | undefined {
  const { from, to } = values;
  if ((from === undefined) !== (to === undefined)) return handoverTexts[language].bothNames;
  const isOne = typeof from === 'string' && typeof to === 'string' && isSamePerson(from, to);
  return isOne ? handoverTexts[language].samePerson : undefined;
}
