/**
 * `evidock delete` and `evidock restrict`: what the law wants gone, or only kept. A deletion needs a rule, a reason and
 * two persons; the record stays, and every proof made before stays valid.
 */
import { consentTrouble } from '../domain/deletion-policy.ts';
import type { DeletionResult } from '../station/deletion-desk.ts';
import { keepingTexts } from '../texts/keeping-texts.ts';
import { actorOf, jsonOption, neededTrouble, reasonLengthMax, textOf } from './call-words.ts';
import { type CommandCall, type CommandIo, type CommandOption, exitCodes, type StationCommand } from './command.ts';

const consentOptions: { readonly [name: string]: CommandOption } = {
  rule: { type: 'string', value: 'TEXT', help: '依据（文件与条款） / the rule and its clause' },
  reason: { type: 'string', value: 'TEXT', help: '理由 / why' },
  'requested-by': { type: 'string', value: 'NAME', help: '申请人 / who asks' },
  'approved-by': { type: 'string', value: 'NAME', help: '批准人，不得为申请人 / who approves; another person' },
  json: jsonOption,
};

const consentOf = (call: CommandCall) => ({
  rule: textOf(call, 'rule'),
  reason: textOf(call, 'reason'),
  requestedBy: textOf(call, 'requested-by'),
  approvedBy: textOf(call, 'approved-by'),
});

function requestOf(call: CommandCall) {
  return {
    consent: consentOf(call),
    actor: actorOf(call),
    override: call.values.override === true,
  };
}

const consentUsage = '--rule TEXT --reason TEXT --requested-by NAME --approved-by NAME [--data DIR] [--json]';
const exits = '0 deleted everywhere, 1 refused, or still to be carried out in a mirror that is away';

const clipCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'delete clip',
  summary: '依规删除视音频文件 / delete a clip lawfully; several: separated by commas',
  usage: `evidock delete clip ID[,ID...] ${consentUsage} [--override]`,
  options: {
    ...consentOptions,
    override: {
      type: 'boolean',
      help: '已关联案件的也删除；否则与案卷同期保存 / although linked to a case, and so kept as long as the case file',
    },
  },
  positionals: [{ name: 'ID', isPath: false }],
  exits,
  check: (call) => consentTrouble(consentOf(call)),
  async run(station, call, io) {
    const clips = [...new Set((call.positionals[0] as string).split(',').filter(Boolean))];
    return show(await station.deletions.deleteClips(clips, requestOf(call)), call, io);
  },
};

const personCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'delete person',
  summary: '依规删除执法人员的个人信息 / delete what is recorded about an officer',
  usage: `evidock delete person CERTIFICATE_NO ${consentUsage} [--with-cases]`,
  options: {
    ...consentOptions,
    'with-cases': { type: 'boolean', help: '连同其参与的案件 / also the cases in which the officer is named' },
  },
  positionals: [{ name: 'CERTIFICATE_NO', isPath: false }],
  exits,
  check: (call) => consentTrouble(consentOf(call)),
  async run(station, call, io) {
    const person = { key: call.positionals[0] as string, withCases: call.values['with-cases'] === true };
    return show(await station.deletions.deletePerson(person, requestOf(call)), call, io);
  },
};

function subjectCommand(kind: 'cases' | 'complaints'): StationCommand {
  const words = kind === 'cases' ? { name: 'case', zh: '案件' } : { name: 'complaint', zh: '投诉举报' };
  return {
    runs: 'station',
    makesFolder: false,
    name: `delete ${words.name}`,
    summary: `依规删除${words.zh}信息，视音频文件不删 / delete what is recorded about a ${words.name}; clips stay`,
    usage: `evidock delete ${words.name} NUMBER ${consentUsage}`,
    options: consentOptions,
    positionals: [{ name: 'NUMBER', isPath: false }],
    exits,
    check: (call) => consentTrouble(consentOf(call)),
    async run(station, call, io) {
      const subject = station.cases.toDelete(kind, call.positionals[0] as string);
      return show(await station.deletions.deleteSubject(subject, requestOf(call)), call, io);
    },
  };
}

function show(result: DeletionResult, call: CommandCall, io: CommandIo): number {
  const texts = keepingTexts[call.language];
  if (call.values.json === true) io.out(JSON.stringify({ event: 'deleted', ...result }));
  else io.out(texts.deleted(result.clips, result.documents));
  for (const place of result.open) io.err(texts.deletionOpen(texts.place(place)));
  return result.open.length === 0 ? exitCodes.done : exitCodes.incomplete;
}

const restrictCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'restrict clip',
  summary: '限制处理：只保存，不展示、不导出 / keep a clip, and neither show nor play nor export it',
  usage: 'evidock restrict clip ID --reason TEXT [--lift] [--data DIR]',
  options: {
    reason: { type: 'string', value: 'TEXT', help: '理由，写入存证日志 / why; it stands in the ledger' },
    lift: { type: 'boolean', help: '解除限制处理 / lift the restriction' },
  },
  positionals: [{ name: 'ID', isPath: false }],
  exits: '0 done, 1 no such clip',
  check: (call) => neededTrouble(call, reasonLengthMax, 'reason'),
  async run(station, call, io) {
    const clip = call.positionals[0] as string;
    const lift = call.values.lift === true;
    const reason = textOf(call, 'reason');
    await station.deletions.restrict(clip, { reason, lift, actor: actorOf(call) });
    const texts = keepingTexts[call.language];
    io.out(lift ? texts.restrictionLifted(clip) : texts.restricted(clip));
    return exitCodes.done;
  },
};

export const deleteCommands = [
  clipCommand,
  personCommand,
  subjectCommand('cases'),
  subjectCommand('complaints'),
  restrictCommand,
] as const;
