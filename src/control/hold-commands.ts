/**
 * `evidock hold …`: what must be kept whatever its period says (案件, 投诉举报, 行政复议, 行政诉讼, 纪检监察, 移送, by hand),
 * what a complaint proposes for it, and the bag that answers a review or lawsuit.
 */
import { holdKindOf, holdKinds, holdKindWords } from '../domain/hold-policy.ts';
import type { HoldView, PlacedHold } from '../station/hold-desk.ts';
import type { Station } from '../station.ts';
import { holdKindTexts, proposalReasonTexts, retentionTexts, wordOf } from '../texts/retention-texts.ts';
import { actorOf, dayOf, dayTrouble, jsonOption, neededTrouble, textOf, typedText } from './call-words.ts';
import { type CommandCall, type CommandIo, type CommandOption, exitCodes, type StationCommand } from './command.ts';
import { humanBytes } from './human-bytes.ts';

const day = (help: string): CommandOption => ({ type: 'string', value: 'YYYY-MM-DD', help });
const clipOption: CommandOption = {
  type: 'string',
  value: 'ID',
  isRepeated: true,
  help: '文件编号，可重复 / a clip; may be repeated',
};
const kinds = holdKinds.map((kind) => `${holdKindWords[kind][0]} (${kind})`).join(', ');
const consentLengthMax = 500;
const releasedShown = 50;

const clipsOf = ({ lists }: CommandCall): string[] =>
  (lists.clip ?? []).flatMap((ids) => ids.split(',').map((id) => id.trim())).filter(Boolean);

const placeCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'hold place',
  summary: '保全：解除前不删除、不清空 / place a hold: nothing it covers is deleted or cleared',
  usage:
    'evidock hold place --kind KIND --number TEXT (--clip ID... | --case NUMBER | --officer CERTIFICATE_NO) --by NAME\n' +
    '                   [--from DAY] [--until DAY] [--received DAY] [--reason TEXT] --data DIR [--json]',
  options: {
    kind: { type: 'string', value: 'KIND', help: `类别 / kind: ${kinds}` },
    number: { type: 'string', value: 'TEXT', help: '文号或编号 / number of the paper' },
    clip: clipOption,
    case: {
      type: 'string',
      value: 'NUMBER',
      help: '该案全部文件，含以后关联的 / all clips of the case, later ones too',
    },
    officer: { type: 'string', value: 'NUMBER', help: '该执法证号的全部文件 / all clips of the officer' },
    from: day('仅限该日起录制的 / of the officer: recorded from this day on'),
    until: day('仅限至该日录制的（含） / of the officer: recorded up to this day'),
    received: day('收到文书之日，默认今天 / when the paper arrived; today by default'),
    by: { type: 'string', value: 'NAME', help: '经办人 / who places it' },
    reason: { type: 'string', value: 'TEXT', help: '说明 / why' },
    json: jsonOption,
  },
  positionals: [],
  exits: '0 placed, 1 no such clip or officer',
  check(call) {
    const { values } = call;
    if (holdKindOf(textOf(call, 'kind')) === undefined) return `--kind：类别须为其中之一 / --kind is one of ${kinds}`;
    if (clipsOf(call).length === 0 && values.case === undefined && values.officer === undefined) {
      return '须给出 --clip、--case 或 --officer / give --clip, --case or --officer';
    }
    if ((values.from !== undefined || values.until !== undefined) && values.officer === undefined) {
      return "--from 和 --until 限定人员的文件，须与 --officer 同用 / --from and --until limit an officer's clips: give --officer";
    }
    const days = dayTrouble(call, 'from', 'until', 'received');
    if (days !== undefined) return days;
    if (textOf(call, 'from') > (typedText(call, 'until') ?? '9999'))
      return '--from 晚于 --until / --from lies after --until';
    return neededTrouble(call, consentLengthMax, 'number', 'by');
  },
  async run(station, call, io) {
    const placed = await station.holds.place({
      kind: holdKindOf(textOf(call, 'kind')) ?? 'other',
      number: textOf(call, 'number'),
      clips: clipsOf(call),
      caseNumber: typedText(call, 'case'),
      officer: typedText(call, 'officer'),
      ...{ from: dayOf(call, 'from'), until: dayOf(call, 'until'), receivedOn: dayOf(call, 'received') },
      name: textOf(call, 'by'),
      reason: typedText(call, 'reason'),
      actor: actorOf(call),
    });
    return showPlaced(station, placed, call, io);
  },
};

async function showPlaced(station: Station, placed: PlacedHold, call: CommandCall, io: CommandIo): Promise<number> {
  const texts = retentionTexts[call.language];
  const covered = (await station.holds.clipsOf(placed.hold)).length;
  if (call.values.json === true) {
    io.out(JSON.stringify({ event: 'hold-placed', ...placed, covered }));
    return exitCodes.done;
  }
  io.out(texts.holdPlaced(placed.hold, wordOf(holdKindTexts, placed.kind, call.language), placed.number));
  io.out(texts.holdCovers(covered));
  if (placed.answerBy !== null) io.out(texts.answerBy(placed.answerBy, placed.daysLeft ?? 0));
  if (placed.unknownYears.length > 0) io.err(texts.provisional(placed.unknownYears.join(', ')));
  if (!placed.isCaseKnown) io.err(texts.caseNotKnown(placed.caseNumber ?? ''));
  return exitCodes.done;
}

const releaseCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'hold release',
  summary: '解除保全 / release a hold',
  usage: 'evidock hold release ID --by NAME --reason TEXT --data DIR [--json]',
  options: {
    by: { type: 'string', value: 'NAME', help: '解除人 / who releases it' },
    reason: { type: 'string', value: 'TEXT', help: '理由 / why' },
    json: jsonOption,
  },
  positionals: [{ name: 'ID', isPath: false }],
  exits: '0 released, 1 no such hold, or released before',
  check: (call) => neededTrouble(call, consentLengthMax, 'by', 'reason'),
  async run(station, call, io) {
    const by = { name: textOf(call, 'by'), reason: textOf(call, 'reason'), actor: actorOf(call) };
    const hold = await station.holds.release(call.positionals[0] as string, by);
    if (call.values.json === true) io.out(JSON.stringify({ event: 'hold-released', ...hold }));
    else io.out(retentionTexts[call.language].holdReleased(hold.hold, hold.number));
    return exitCodes.done;
  },
};

const listCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'hold list',
  summary: '保全一览与答复期限 / holds, and until when an answer is due',
  usage: 'evidock hold list --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [],
  exits: '0 always',
  async run(station, call, io) {
    const holds = station.holds.holds(releasedShown);
    if (holds.length === 0 && call.values.json !== true) io.err(retentionTexts[call.language].noHolds);
    for (const hold of holds) showHold(station, hold, call, io);
    return exitCodes.done;
  },
};

function showHold(station: Station, hold: HoldView, { values, language }: CommandCall, io: CommandIo): void {
  const texts = retentionTexts[language];
  if (values.json === true) {
    io.out(JSON.stringify({ event: 'hold', ...hold }));
    return;
  }
  const since = station.shownTime(hold.placedAt);
  const parts = [texts.hold(hold.hold, wordOf(holdKindTexts, hold.kind, language), hold.number, since)];
  if (hold.releasedAt !== null) parts.push(texts.released(hold.releasedBy ?? '', station.shownTime(hold.releasedAt)));
  else if (hold.answerBy !== null) parts.push(texts.answerBy(hold.answerBy, hold.daysLeft ?? 0));
  io.out(parts.join('  '));
}

const showCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'hold show',
  summary: '某项保全及其涉及的文件 / one hold and every clip it covers',
  usage: 'evidock hold show ID --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [{ name: 'ID', isPath: false }],
  exits: '0 shown, 1 no such hold',
  async run(station, call, io) {
    const hold = station.holds.hold(call.positionals[0] as string);
    showHold(station, hold, call, io);
    const clips = await station.holds.clipsOf(hold.hold);
    for (const clip of clips) io.out(call.values.json === true ? JSON.stringify({ event: 'held-clip', clip }) : clip);
    if (call.values.json !== true) io.err(retentionTexts[call.language].holdCovers(clips.length));
    return exitCodes.done;
  },
};

const proposeCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'hold propose',
  summary: '投诉举报可能涉及的文件及理由 / clips that a complaint touches, with reasons',
  usage: 'evidock hold propose COMPLAINT --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [{ name: 'COMPLAINT', isPath: false }],
  exits: '0 listed, 1 no such complaint',
  async run(station, call, io) {
    const { language, values } = call;
    const texts = retentionTexts[language];
    const complaint = call.positionals[0] as string;
    const proposals = await station.holds.propose(complaint);
    for (const proposal of proposals) {
      const words = proposal.reasons.map((reason) => wordOf(proposalReasonTexts, reason, language)).join(', ');
      if (values.json === true) io.out(JSON.stringify({ event: 'proposal', ...proposal }));
      else io.out(`${proposal.isHeld ? '*' : ' '}  ${proposal.clip}  ${proposal.path}  ${words}`);
    }
    if (values.json !== true) {
      io.err(proposals.length === 0 ? texts.nothingProposed(complaint) : texts.proposed(proposals.length));
    }
    return exitCodes.done;
  },
};

const confirmCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'hold confirm',
  summary: '确认投诉举报涉及的文件并保全 / confirm what a complaint touches: a hold on it',
  usage: 'evidock hold confirm COMPLAINT --by NAME [--clip ID...] [--reason TEXT] --data DIR [--json]',
  options: {
    clip: { ...clipOption, help: '仅这些，默认全部提议 / only these; by default all that are proposed' },
    by: { type: 'string', value: 'NAME', help: '确认人 / who confirms' },
    reason: { type: 'string', value: 'TEXT', help: '说明 / why' },
    json: jsonOption,
  },
  positionals: [{ name: 'COMPLAINT', isPath: false }],
  exits: '0 placed, 1 no such complaint, or nothing fits it',
  check: (call) => neededTrouble(call, consentLengthMax, 'by'),
  async run(station, call, io) {
    const complaint = (call.positionals[0] as string).trim();
    const proposed = (await station.holds.propose(complaint)).map(({ clip }) => clip);
    const chosen = clipsOf(call);
    const placed = await station.holds.place({
      kind: 'complaint',
      number: complaint,
      complaint,
      clips: chosen.length > 0 ? chosen : proposed,
      name: textOf(call, 'by'),
      reason: typedText(call, 'reason'),
      actor: actorOf(call),
    });
    return showPlaced(station, placed, call, io);
  },
};

const bagCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'hold bag',
  summary: '导出保全所涉文件的证据包 / the bag of everything that a hold covers',
  usage:
    'evidock hold bag ID --out DIR [--approved-by NAME] [--applicant NAME] [--recipient TEXT] [--zip] --data DIR [--json]',
  options: {
    out: { type: 'string', value: 'DIR', isPath: true, help: '新目录 / a new folder' },
    'approved-by': { type: 'string', value: 'NAME', help: '批准人，须为第二人 / who approves: a second person' },
    applicant: {
      type: 'string',
      value: 'NAME',
      help: '申请人，默认经办人 / who asks; whoever placed the hold by default',
    },
    recipient: { type: 'string', value: 'TEXT', help: '接收单位或人 / who receives it' },
    zip: { type: 'boolean', help: '打成一个 ZIP 文件 / as one ZIP file' },
    json: jsonOption,
  },
  positionals: [{ name: 'ID', isPath: false }],
  exits: '0 exported, 1 refused or not possible, 130 cancelled; the same command goes on',
  check: ({ values }) =>
    values.out === undefined ? '--out：必填，证据包放在哪里 / --out is needed: where the bag goes' : undefined,
  async run(station, call, io) {
    const request = await station.holds.bagRequest(call.positionals[0] as string, {
      out: call.values.out as string,
      approvedBy: typedText(call, 'approved-by'),
      applicant: typedText(call, 'applicant'),
      recipient: typedText(call, 'recipient'),
      zip: call.values.zip === true,
      actor: actorOf(call),
    });
    const result = await station.exports.export(request, {
      signal: io.signal,
      onProgress: ({ bytesDone, bytes, file }) =>
        io.progress(`${humanBytes(bytesDone)} / ${humanBytes(bytes)}  ${file}`),
    });
    if (call.values.json === true) io.out(JSON.stringify({ event: 'exported', ...result }));
    else io.out(`${result.export}  ${result.out}  ${retentionTexts[call.language].holdCovers(result.clips)}`);
    return exitCodes.done;
  },
};

export const holdCommands = [
  placeCommand,
  releaseCommand,
  listCommand,
  showCommand,
  proposeCommand,
  confirmCommand,
  bagCommand,
] as const;
