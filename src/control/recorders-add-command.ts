/**
 * `evidock recorders add SERIAL`: one recorder into the list, the same way as an import of a table with one row, so
 * that the ledger tells it like every other change of the list.
 */
import { StationError } from '../domain/errors.ts';
import { importTexts, problemSentence } from '../texts/import-texts.ts';
import { actorOf, dayOrToday, dayTrouble, firstTrouble, neededTrouble, textOf } from './call-words.ts';
import { exitCodes, type StationCommand } from './command.ts';
import { serialTrouble } from './recorder-options.ts';

const modelLengthMax = 100;

export const recordersAddCommand: StationCommand = {
  runs: 'station',
  makesFolder: true,
  name: 'recorders add',
  summary: '登记一台记录仪 / put one recorder into the list',
  usage: 'evidock recorders add SERIAL --model MODEL --data DIR [--effective YYYY-MM-DD] [--json]',
  options: {
    model: { type: 'string', value: 'MODEL', help: '型号 / model, as the list writes it' },
    effective: {
      type: 'string',
      value: 'DATE',
      help: '自哪天起生效，默认今天 / from which day it holds (default today)',
    },
    json: { type: 'boolean', help: '输出一个 JSON 对象 / one JSON object on stdout' },
  },
  positionals: [{ name: 'SERIAL', isPath: false }],
  exits: '0 registered, 1 it is registered already',
  check: (call) =>
    firstTrouble(
      serialTrouble(call.positionals[0]),
      neededTrouble(call, modelLengthMax, 'model'),
      /[\r\n]/.test(textOf(call, 'model')) ? '--model：型号为一行 / --model: one line' : undefined,
      dayTrouble(call, 'effective'),
    ),
  async run(station, call, io) {
    const serial = call.positionals[0] as string;
    if (station.dockings.isRegistered(serial) === true) {
      throw new StationError('recorder-registered', `the list of recorders has ${serial} already`, {
        next: 'To change what the list says of it, use "evidock recorders import FILE".',
      });
    }
    const effective = dayOrToday(station, call, 'effective');
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const row = [serial, textOf(call, 'model'), 'in-service'].map(quoted).join(',');
    const { import: id, reading } = await station.people.import({
      kind: 'recorders',
      bytes: Buffer.from(`recorder_serial,model,state\n${row}\n`),
      effective,
      dryRun: false,
      allowPartial: false,
      actor: actorOf(call),
      onProgress: () => undefined,
    });
    for (const { reason, value, accepted, otherLine, limit } of reading.problems) {
      io.err(problemSentence(reason, { value, accepted: accepted ?? [], otherLine, limit }, call.language));
    }
    if (id === null) return exitCodes.incomplete;
    if (call.values.json === true) io.out(JSON.stringify({ event: 'registered', import: id, serial, effective }));
    else io.out(importTexts[call.language].registered(serial, effective));
    return exitCodes.done;
  },
};
