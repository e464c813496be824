/** `evidock proof`: the proof of one record, or of the record that sealed a clip, complete in one file. */
import { keysTexts } from '../texts/keys-texts.ts';
import { choiceTrouble } from './call-words.ts';
import { exitCodes, type StationCommand } from './command.ts';

const forms = ['tlog-proof', 'sigsum', 'record'] as const;

export const proofCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'proof',
  summary: '输出一条记录或一个文件的证明 / print the proof of a record, or of the record that sealed a clip',
  usage: 'evidock proof CLIP|RECORD --data DIR [--form tlog-proof|sigsum|record]',
  options: {
    form: {
      type: 'string',
      value: 'FORM',
      help: 'tlog-proof 自含（默认）；sigsum 供 sigsum-verify；record 记录原文 / complete; for sigsum-verify; the record',
    },
  },
  positionals: [{ name: 'CLIP|RECORD', isPath: false }],
  exits: '0 done, 1 no such clip or record',
  check: ({ values }) => choiceTrouble('--form', values.form, forms),
  async run(station, call, io) {
    const proof = await station.proofs.proof(call.positionals[0] as string);
    const form = (call.values.form ?? 'tlog-proof') as (typeof forms)[number];
    if (proof.continuedBy !== undefined) io.err(keysTexts[call.language].endedLogProof(proof.continuedBy));
    io.out({ 'tlog-proof': proof.tlogProof, sigsum: proof.sigsum, record: proof.record }[form].replace(/\n$/, ''));
    return exitCodes.done;
  },
};
