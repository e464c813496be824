/**
 * `evidock link`, `unlink`, `links`: what people say about clips and the case or officer they belong to, one or many at
 * once, and what held when. Every word is a record with its reason.
 */

import { dayAfter, localTimeToInstant } from '../domain/station-time.ts';
import type { Proposal } from '../station/link-desk.ts';
import type { Station } from '../station.ts';
import { codeWord } from '../texts/code-texts.ts';
import { heldBackSentences, linkingTexts, reasonSentence } from '../texts/linking-texts.ts';
import {
  actorOf,
  dayOf,
  dayTrouble,
  jsonOption,
  neededTrouble,
  reasonLengthMax,
  textOf,
  typedText,
} from './call-words.ts';
import { type CommandCall, type CommandIo, type CommandOption, exitCodes, type StationCommand } from './command.ts';

const clipOption: CommandOption = {
  type: 'string',
  value: 'CLIP',
  isRepeated: true,
  help: '文件，可多次给出 / a clip; may be given several times',
};
const reasonOption: CommandOption = {
  type: 'string',
  value: 'TEXT',
  help: '理由，写入存证日志 / why; it stands in the ledger',
};
const caseOption: CommandOption = {
  type: 'string',
  value: 'NUMBER',
  help: '案号，须已导入 / case number, as imported',
};
const officerOption: CommandOption = {
  type: 'string',
  value: 'NUMBER',
  help: '执法证号，须在名册中 / certificate number, as in the roster',
};

const clipsOf = ({ positionals, lists }: CommandCall): string[] => [
  ...new Set([...positionals, ...(lists.clip ?? [])].flatMap((text) => text.split(',')).filter((id) => id !== '')),
];

function commonTrouble(call: CommandCall): string | undefined {
  if (clipsOf(call).length === 0) return '请给出文件 / give a clip, or several with --clip';
  return neededTrouble(call, reasonLengthMax, 'reason');
}

const given = ({ values }: CommandCall): string[] =>
  ['case', 'officer', 'no-case'].filter((name) => values[name] !== undefined && values[name] !== false);

const targetOf = (call: CommandCall): { target: 'case' | 'officer'; number: string } => {
  const target = call.values.case === undefined ? 'officer' : 'case';
  return { target, number: textOf(call, target) };
};

const shown = (station: Station, target: 'case' | 'officer', number: string): string =>
  target === 'case' ? station.links.caseNumber(number) : number;

const linkCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'link',
  summary: '人工关联文件与案件或人员，可一次多个 / tie clips to a case or an officer by hand',
  usage:
    'evidock link [CLIP] [--clip CLIP]... (--case NUMBER | --officer NUMBER | --no-case) [--reject] --reason TEXT --data DIR [--json]',
  options: {
    clip: clipOption,
    case: caseOption,
    officer: officerOption,
    'no-case': { type: 'boolean', help: '不属于任何案件，移出待关联 / it belongs to no case and leaves the queue' },
    reject: { type: 'boolean', help: '不是它：以后不再建议 / it is not this one: never proposed again' },
    reason: reasonOption,
    json: jsonOption,
  },
  positionals: [{ name: 'CLIP', isPath: false, isOptional: true }],
  exits: '0 done, 1 no such clip, case or officer; then nothing was linked',
  check(call) {
    const names = given(call);
    if (names.length !== 1) {
      return '--case、--officer、--no-case 须给出一个 / give one of --case, --officer and --no-case';
    }
    if (call.values.reject === true && names[0] === 'no-case') {
      return '--reject 不与 --no-case 同用 / --reject and --no-case do not go together';
    }
    return commonTrouble(call);
  },
  async run(station, call, io) {
    const clips = clipsOf(call);
    const texts = linkingTexts[call.language];
    const reason = textOf(call, 'reason');
    const actor = actorOf(call);
    if (call.values['no-case'] === true) {
      await station.links.settle({ clips, reason, actor });
      return told(io, call, { event: 'settled', clips }, texts.settled(clips.length));
    }
    const { target, number } = targetOf(call);
    const request = { clips, target, number, reason, actor };
    const isRejection = call.values.reject === true;
    const key = isRejection ? await station.links.reject(request) : await station.links.link(request);
    const name = shown(station, target, key);
    const event = { event: isRejection ? 'rejected' : 'linked', clip: clips[0], clips, target, number: name };
    return told(io, call, event, isRejection ? texts.rejected(clips.length, name) : texts.linked(clips.length, name));
  },
};

const unlinkCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'unlink',
  summary: '解除关联，须说明理由 / take a link away; the reason is recorded',
  usage: 'evidock unlink [CLIP] [--clip CLIP]... [--case NUMBER | --officer NUMBER] --reason TEXT --data DIR [--json]',
  options: {
    clip: clipOption,
    case: {
      ...caseOption,
      help: '现在关联的案号；不给则为现有的案件 / the case it is linked to; left out: whichever that is',
    },
    officer: { ...officerOption, help: '现在关联的执法证号 / the officer it is linked to' },
    reason: reasonOption,
    json: jsonOption,
  },
  positionals: [{ name: 'CLIP', isPath: false, isOptional: true }],
  exits: '0 done, 1 no such clip, or not linked to it; then nothing was changed',
  check: (call) =>
    given(call).length > 1 ? '--case 与 --officer 只给一个 / give one of --case and --officer' : commonTrouble(call),
  async run(station, call, io) {
    const clips = clipsOf(call);
    const target = call.values.officer === undefined ? 'case' : 'officer';
    const actor = actorOf(call);
    await station.links.unlink({
      clips,
      target,
      number: typedText(call, target),
      reason: textOf(call, 'reason'),
      actor,
    });
    return told(io, call, { event: 'unlinked', clips, target }, linkingTexts[call.language].unlinked(clips.length));
  },
};

const linksCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'links',
  summary: '一个文件的关联、历史与建议，可查往日 / links of a clip: now or then, how they came, what is proposed',
  usage: 'evidock links CLIP [--as-of DATE | --known-at SEQUENCE] --data DIR [--json]',
  options: {
    'as-of': { type: 'string', value: 'DATE', help: '到那天结束时 / as they were when that day ended' },
    'known-at': { type: 'string', value: 'SEQUENCE', help: '到存证日志的这一条 / as they were at this record' },
    json: jsonOption,
  },
  positionals: [{ name: 'CLIP', isPath: false }],
  exits: '0 done, 1 no such clip',
  check(call) {
    const { 'as-of': day, 'known-at': sequence } = call.values;
    if (day !== undefined && sequence !== undefined) {
      return '--as-of 与 --known-at 只给一个 / give one of --as-of and --known-at';
    }
    return typeof sequence === 'string' && !/^\d{1,12}$/.test(sequence)
      ? '--known-at：记录序号 / the sequence of a record'
      : dayTrouble(call, 'as-of');
  },
  async run(station, call, io) {
    const clip = call.positionals[0] as string;
    const knownAt = knownAtOf(station, call);
    const links = station.links.linksOf(clip, { knownAt });
    const proposals = knownAt === undefined ? station.links.proposals(clip) : [];
    const named = <L extends { number: string } | null>(target: 'case' | 'officer', link: L) =>
      link === null ? null : { ...link, number: shown(station, target, link.number) };
    if (call.values.json === true) {
      const { history, findings } = links;
      const body = { officer: named('officer', links.officer), case: named('case', links.case), findings };
      io.out(
        JSON.stringify({ clip, known_at: knownAt ?? null, ...body, history, proposals: proposals.map(proposalLine) }),
      );
      return exitCodes.done;
    }
    const texts = linkingTexts[call.language];
    for (const target of ['officer', 'case'] as const) {
      const link = named(target, links[target]);
      const words = link === null ? '-' : `${link.number} (${codeWord('linkBasis', link.basis, call.language)})`;
      io.out(`${texts[target]}: ${words}`);
    }
    if (links.history.length === 0) io.err(texts.nothingYet);
    for (const { seq, at, actor, target, action, number, basis, reason } of links.history) {
      const what = number === '' ? '' : ` ${shown(station, target, number)}`;
      const why = [codeWord('linkBasis', basis, call.language), reason].filter(Boolean).join(': ');
      io.out(`${seq}  ${station.shownTime(at)}  ${texts.action[action]}${what}  ${why}  ${actor}`);
    }
    for (const { number, score, reasons, heldBack } of proposals) {
      const why = reasons.map((one) => reasonSentence(one, call.language));
      if (heldBack !== null) why.push(heldBackSentences[heldBack][call.language]);
      io.out(`? ${number}  ${score}  ${why.join('; ')}`);
    }
    return exitCodes.done;
  },
};

function knownAtOf(station: Station, call: CommandCall): number | undefined {
  const { 'known-at': sequence } = call.values;
  const day = dayOf(call, 'as-of');
  if (typeof sequence === 'string') return Number(sequence);
  if (day === undefined) return undefined;
  const { registry, options } = station.context;
  const end = localTimeToInstant(`${dayAfter(day)}T00:00:00`, options.configuration.station.timeZone);
  return registry.links.sequenceAt(new Date(end - 1).toISOString());
}

/** The documented JSON form of what is proposed. */
export const proposalLine = ({ number, score, reasons, isAutomatic, heldBack }: Proposal): object => ({
  case: number,
  score,
  reasons,
  automatic: isAutomatic,
  held_back: heldBack,
});

function told(io: CommandIo, call: CommandCall, event: object, text: string): number {
  io.out(call.values.json === true ? JSON.stringify(event) : text);
  return exitCodes.done;
}

export const linkCommands: readonly StationCommand[] = [linkCommand, unlinkCommand, linksCommand];
