/**
 * `evidock clearing …`: what was deleted from recorders and what waits for a second person, and the printable
 * certificate. Nothing is deleted from here: that happens at the dock, by the configured policy.
 */
import { clearingCertificatePage } from '../reporting/clearing-certificate-page.ts';
import { clearingStates, clearingTexts } from '../texts/clearing-texts.ts';
import { actorOf, jsonOption, neededTrouble, reasonLengthMax, textOf, typedText } from './call-words.ts';
import { type CommandCall, type CommandOption, exitCodes, type StationCommand } from './command.ts';

const listLimit = 50;
const clipsMax = 500;

const consentOptions: { readonly [name: string]: CommandOption } = {
  by: { type: 'string', value: 'NAME', help: '姓名，写入存证日志的文书 / who; stands in a document of the ledger' },
  reason: { type: 'string', value: 'TEXT', help: '理由 / why' },
};

const consentTrouble = (call: CommandCall): string | undefined => neededTrouble(call, reasonLengthMax, 'by', 'reason');

const consentOf = (call: CommandCall) => ({
  name: textOf(call, 'by'),
  reason: textOf(call, 'reason'),
  actor: actorOf(call),
});

const clipsOf = (call: CommandCall): string[] =>
  textOf(call, 'clips')
    .split(',')
    .map((clip) => clip.trim())
    .filter((clip) => clip !== '');

const listCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'clearing list',
  summary: '清空申请与清空记录 / requests, and what was cleared',
  usage: 'evidock clearing list --data DIR [--json]',
  options: { json: jsonOption },
  positionals: [],
  exits: '0 always',
  async run(station, { values, language }, io) {
    const texts = clearingTexts[language];
    const requests = station.clearings.requests(listLimit);
    const clearings = station.clearings.clearings(listLimit);
    if (values.json === true) {
      for (const request of requests) io.out(JSON.stringify({ event: 'request', ...request }));
      for (const clearing of clearings) io.out(JSON.stringify({ event: 'clearing', ...clearing }));
      return exitCodes.done;
    }
    if (requests.length + clearings.length === 0) io.err(texts.nothing);
    for (const line of requests) io.out(texts.request({ ...line, requester: line.requester ?? '-' }));
    for (const { state, recorder, ...line } of clearings) {
      io.out(texts.clearing({ ...line, recorder: recorder ?? '-', state: clearingStates[state]?.[language] ?? state }));
    }
    return exitCodes.done;
  },
};

const requestCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'clearing request',
  summary: '申请清空已关联或须保留的文件 / ask that linked or held clips may leave their recorder',
  usage: 'evidock clearing request (--clips ID,ID… | --case NUMBER) --by NAME --reason TEXT --data DIR [--json]',
  options: {
    clips: { type: 'string', value: 'IDS', help: '文件标识，逗号分隔 / clip ids, separated by commas' },
    case: { type: 'string', value: 'NUMBER', help: '案号：其现有全部文件 / case number: all its clips as of now' },
    ...consentOptions,
    json: jsonOption,
  },
  positionals: [],
  exits: '0 asked, 1 no such clip, or the case has none',
  check(call) {
    if ((call.values.clips === undefined) === (call.values.case === undefined))
      return '--clips 与 --case 给出其一 / give one of --clips and --case';
    if (clipsOf(call).length > clipsMax)
      return `--clips：至多 ${clipsMax} 个，可改用 --case 或分次申请 / --clips: at most ${clipsMax}; ask by --case, or twice`;
    return consentTrouble(call);
  },
  async run(station, call, io) {
    const wanted = { clips: clipsOf(call), case: typedText(call, 'case') };
    const { request, clips } = await station.clearings.request(wanted, consentOf(call));
    if (call.values.json === true) io.out(JSON.stringify({ event: 'requested', request, clips }));
    else io.out(clearingTexts[call.language].requested(request, clips.length));
    return exitCodes.done;
  },
};

const approveCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'clearing approve',
  summary: '另一人批准清空申请 / another person approves a request',
  usage: 'evidock clearing approve REQUEST --by NAME --reason TEXT --data DIR [--json]',
  options: { ...consentOptions, json: jsonOption },
  positionals: [{ name: 'REQUEST', isPath: false }],
  exits: '0 approved, 1 no such request, approved before, or the same person',
  check: consentTrouble,
  async run(station, call, io) {
    const asked = await station.clearings.approve(call.positionals[0] as string, consentOf(call));
    const { request, clips, requester } = asked;
    if (call.values.json === true) io.out(JSON.stringify({ event: 'approved', request, clips }));
    else io.out(clearingTexts[call.language].approved(request, requester ?? '-', clips));
    return exitCodes.done;
  },
};

const certificateCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'clearing certificate',
  summary: '清空凭证 / the certificate of a clearing',
  usage: 'evidock clearing certificate DOCKING --data DIR [--json] [--html]',
  options: { json: jsonOption, html: { type: 'boolean', help: '输出可打印的 HTML / a document to print, on stdout' } },
  positionals: [{ name: 'DOCKING', isPath: false }],
  exits: '0 done, 1 nothing was cleared in that docking',
  check: ({ values }) =>
    values.json === true && values.html === true ? '--json 与 --html 只能给其一 / one of --json and --html' : undefined,
  async run(station, { positionals, values, language }, io) {
    const certificate = await station.clearings.certificate(positionals[0] as string);
    if (values.html === true) {
      const { timeZone } = station.context.options.configuration.station;
      io.out(clearingCertificatePage(certificate, timeZone).toString().trimEnd());
      return exitCodes.done;
    }
    if (values.json === true) {
      io.out(JSON.stringify(certificate));
      return exitCodes.done;
    }
    for (const { path, sha256, clearedSeq } of certificate.cleared)
      io.out(`-  ${path}  sha256:${sha256}  ${clearedSeq}`);
    for (const { path, reason } of certificate.stayed) io.out(`+  ${path}  ${reason}`);
    io.err(clearingTexts[language].certificate);
    return exitCodes.done;
  },
};

export const clearingCommands = [listCommand, requestCommand, approveCommand, certificateCommand] as const;
