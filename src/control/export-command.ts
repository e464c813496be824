/** `evidock export`: a bag for court or another office, with every proof it needs. */
import { exportPurposes, purposeWords } from '../domain/export-policy.ts';
import type { KeyFingerprint } from '../exporting/trust-file.ts';
import { exportTexts } from '../texts/export-texts.ts';
import { accountName } from './account-name.ts';
import { actorOf, jsonOption } from './call-words.ts';
import { type CommandIo, exitCodes, type StationCommand } from './command.ts';
import { humanBytes } from './human-bytes.ts';

const textMax = 500;
const texts = ['purpose', 'basis', 'applicant', 'approved-by', 'recipient'] as const;
const purposes = exportPurposes.map((purpose) => `${purposeWords[purpose]} (${purpose})`).join(', ');

export const exportCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'export',
  summary: '导出证据包（清单、证明、签名） / export a bag: originals, records, proofs, report, signature',
  usage:
    'evidock export (--case NUMBER | --clip ID...) --data DIR --out DIR --purpose TEXT [--basis TEXT] [--applicant TEXT]\n' +
    '                      [--approved-by TEXT] [--recipient TEXT] [--with-previews] [--zip] [--json]',
  options: {
    case: { type: 'string', value: 'NUMBER', help: '关联到该案的全部文件 / every clip linked to the case' },
    clip: { type: 'string', value: 'ID', isRepeated: true, help: '文件编号，可重复 / a clip; may be repeated' },
    out: {
      type: 'string',
      value: 'DIR',
      isPath: true,
      help: '新目录；中断后同一命令继续 / a new folder; repeat to go on',
    },
    purpose: { type: 'string', value: 'TEXT', help: `用途 / what for: ${purposes}` },
    basis: { type: 'string', value: 'TEXT', help: '依据或文号 / legal basis or document number' },
    applicant: { type: 'string', value: 'TEXT', help: '申请人，默认操作账户 / who asks (default: the account)' },
    'approved-by': { type: 'string', value: 'TEXT', help: '批准人，须为第二人 / who approves: a second person' },
    recipient: { type: 'string', value: 'TEXT', help: '接收单位或人 / who receives it' },
    'with-previews': {
      type: 'boolean',
      help: '附上可播放的预览（派生，非证据） / playable copies and posters go along; they prove nothing',
    },
    zip: { type: 'boolean', help: '打成一个 ZIP 文件 / as one ZIP file' },
    json: jsonOption,
  },
  positionals: [],
  exits: '0 exported, 1 refused (it is recorded) or not possible, 130 cancelled; the same command goes on',
  check({ values, lists }) {
    if (values.case === undefined && lists.clip === undefined) return '给出 --case 或 --clip / give --case or --clip';
    if (values.out === undefined) return '缺少 --out：证据包写到哪里 / --out is needed: where the bag goes';
    if (values.purpose === undefined) return '缺少 --purpose：用途 / --purpose is needed: what the bag is for';
    const wrong = texts.find((name) => typeof values[name] === 'string' && !isShortLine(values[name]));
    return wrong === undefined
      ? undefined
      : `--${wrong}：一行，至多 ${textMax} 字 / --${wrong}: one line of at most ${textMax} characters`;
  },
  async run(station, call, io) {
    const { values, lists } = call;
    const text = (name: string): string | undefined => (values[name] as string | undefined)?.trim();
    const words = exportTexts[call.language];
    try {
      const result = await station.exports.export(
        {
          clips: lists.clip ?? [],
          caseNumber: text('case'),
          out: values.out as string,
          zip: values.zip === true,
          withPreviews: values['with-previews'] === true,
          purpose: text('purpose') as string,
          basis: text('basis'),
          applicant: text('applicant') ?? accountName(call.actorId),
          approvedBy: text('approved-by'),
          recipient: text('recipient'),
          actor: actorOf(call),
        },
        {
          signal: io.signal,
          onProgress: ({ bytesDone, bytes, file }) =>
            io.progress(`${humanBytes(bytesDone)} / ${humanBytes(bytes)}  ${file}`),
        },
      );
      if (values.json === true) io.out(JSON.stringify({ event: 'exported', ...result }));
      else {
        if (result.resumed) io.err(words.resumed);
        io.out(words.ended(result.clips, result.out));
        if (result.withPreviews !== undefined) io.out(words.previews(result.withPreviews, result.clips));
        printFingerprints(result.fingerprints, words, io);
      }
      return exitCodes.done;
    } catch (error) {
      if (!io.signal.aborted) throw error;
      io.err(words.cancelled);
      return exitCodes.interrupted;
    }
  },
};

const isShortLine = (text: unknown): boolean =>
  typeof text === 'string' && text.trim().length > 0 && text.length <= textMax && !/\p{Cc}/u.test(text);

export const fingerprintText = (
  { role, fingerprint, endedLog }: KeyFingerprint,
  words: (typeof exportTexts)['zh'],
): string => `${words.role[role]}  ${fingerprint}${endedLog === undefined ? '' : `  ${words.endedLog(endedLog)}`}`;

export function printFingerprints(
  fingerprints: readonly KeyFingerprint[],
  words: (typeof exportTexts)['zh'],
  io: CommandIo,
): void {
  io.out(words.handOver);
  for (const key of fingerprints) io.out(`  ${fingerprintText(key, words)}`);
}
