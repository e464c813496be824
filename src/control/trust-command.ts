/** `evidock trust`: the station's public keys for verifiers, who must get them another way than with a bag. */
import { replaceDurably } from '../files/durable-files.ts';
import { exportTexts } from '../texts/export-texts.ts';
import { exitCodes, type StationCommand } from './command.ts';
import { printFingerprints } from './export-command.ts';

export const trustCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'trust',
  summary: '导出采集站公钥与最新校验点 / write the public keys and newest checkpoint for verifiers',
  usage: 'evidock trust --data DIR --out FILE',
  options: { out: { type: 'string', value: 'FILE', isPath: true, help: '写到该文件 / where it goes' } },
  positionals: [],
  exits: '0 done, 1 the file could not be written',
  check: ({ values }) => (values.out === undefined ? '缺少 --out / --out is needed' : undefined),
  async run(station, call, io) {
    const words = exportTexts[call.language];
    const { text, fingerprints } = await station.proofs.trustFile();
    const file = call.values.out as string;
    await replaceDurably(file, Buffer.from(text), 0o644);
    io.err(words.trustWritten(file));
    printFingerprints(fingerprints, words, io);
    return exitCodes.done;
  },
};
