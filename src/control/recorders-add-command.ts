/**
 * `evidock recorders add SERIAL`: one recorder into the list, the same way as an import of a table with one row, so
 * that the ledger tells it like every other change of the list.
 */
import { StationError } from '../domain/errors.ts';
import { isRecorderSerial } from '../domain/ids.ts';
import { findCalendarDate } from '../domain/people-facts.ts';
import { importTexts, problemSentence } from '../texts/import-texts.ts';
import { exitCodes, type StationCommand } from './command.ts';

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
  check({ values, positionals }) {
    const { model, effective } = values;
    if (!isRecorderSerial(positionals[0] ?? '')) return 'SERIAL: 1 to 64 letters, digits and . _ : / - are a serial';
    if (typeof model !== 'string' || model.trim() === '') return '--model is needed';
    if (model.length > modelLengthMax || /[\r\n]/.test(model))
      return `--model: one line, at most ${modelLengthMax} letters`;
    return effective !== undefined && findCalendarDate(String(effective)) === undefined
      ? '--effective is a date, YYYY-MM-DD'
      : undefined;
  },
  async run(station, call, io) {
    const serial = call.positionals[0] as string;
    if (station.dockings.isRegistered(serial) === true) {
      throw new StationError('recorder-registered', `the list of recorders has ${serial} already`, {
        next: 'To change what the list says of it, use "evidock recorders import FILE".',
      });
    }
    const effective = findCalendarDate((call.values.effective as string | undefined) ?? station.today());
    if (effective === undefined) throw new Error('the day was checked before');
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const row = [serial, String(call.values.model).trim(), 'in-service'].map(quoted).join(',');
    const { import: id, reading } = await station.people.import({
      kind: 'recorders',
      bytes: Buffer.from(`recorder_serial,model,state\n${row}\n`),
      effective,
      dryRun: false,
      allowPartial: false,
      actor: { kind: 'person', id: call.actorId },
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
