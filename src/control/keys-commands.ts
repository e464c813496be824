/**
 * `evidock keys`: the public keys that sign for the station, and changing them. A change ends the log and begins
 * another one, so whoever checks needs the new fingerprints another way: the printed hand-over sheet, `evidock trust`.
 */
import { isSamePerson } from '../domain/person-names.ts';
import type { KeyList } from '../station/key-desk.ts';
import { exportTexts } from '../texts/export-texts.ts';
import { keysTexts } from '../texts/keys-texts.ts';
import { accountName } from './account-name.ts';
import { actorOf, jsonOption } from './call-words.ts';
import { type CommandCall, type CommandIo, exitCodes, type StationCommand } from './command.ts';
import { printFingerprints } from './export-command.ts';

const nameLengthMax = 200;
const reasonLengthMax = 2000;

const listCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'keys list',
  summary: '列出存证日志及各公钥 / the logs of the ledger and their public keys',
  usage: 'evidock keys list --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [],
  exits: '0 done',
  async run(station, call, io) {
    print(await station.keys.list(), call, io);
    return exitCodes.done;
  },
};

const changeCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'keys change',
  summary: '更换密钥：结束本日志，另起一本并载入其最后校验点 / change keys: end the log, go on in a new one',
  usage: 'evidock keys change --approved-by NAME [--reason TEXT] [--export-key] --data DIR [--json]',
  options: {
    'approved-by': { type: 'string', value: 'NAME', help: '批准人，另一人 / who approved it, a second person' },
    reason: {
      type: 'string',
      value: 'TEXT',
      help: '原因，记入文书；compromised 表示旧密钥已泄露 / why; the word compromised says that somebody else may have the old keys',
    },
    'export-key': { type: 'boolean', help: '同时更换导出密钥 / change the key that signs bags as well' },
    json: jsonOption,
  },
  positionals: [],
  exits: '0 the new log has begun, 1 an alarm is open, or the disk is full',
  check: troubleOf,
  async run(station, call, io) {
    const { reason, 'approved-by': approvedBy, 'export-key': exportKey } = call.values;
    const text = typeof reason === 'string' ? reason.trim() : null;
    const isCompromised = text === 'compromised';
    const list = await station.keys.change({
      reason: isCompromised ? 'compromised' : 'routine',
      reasonText: text,
      approvedBy: String(approvedBy).trim(),
      newExportKey: exportKey === true ? 'yes' : 'no',
      actor: actorOf(call),
    });
    print(list, call, io);
    const words = keysTexts[call.language];
    io.err(words.changed);
    if (isCompromised) io.err(words.compromised);
    return exitCodes.done;
  },
};

function troubleOf({ values, language, actorId }: CommandCall): string | undefined {
  const words = keysTexts[language];
  const approver = String(values['approved-by'] ?? '').trim();
  if (approver.length === 0 || approver.length > nameLengthMax) return words.approverNeeded;
  if (isSamePerson(approver, accountName(actorId))) return words.samePerson;
  const { reason } = values;
  const isReason = reason === undefined || (String(reason).trim() !== '' && String(reason).length <= reasonLengthMax);
  return isReason ? undefined : words.reasonLength(reasonLengthMax);
}

function print({ logs, fingerprints }: KeyList, call: CommandCall, io: CommandIo): void {
  if (call.values.json === true) {
    io.out(JSON.stringify({ logs, fingerprints }));
    return;
  }
  const words = keysTexts[call.language];
  for (const log of logs) {
    io.out(words.log(log));
    io.out(`  ${log.vkey}`);
  }
  printFingerprints(fingerprints, exportTexts[call.language], io);
}

export const keysCommands: readonly StationCommand[] = [listCommand, changeCommand];
