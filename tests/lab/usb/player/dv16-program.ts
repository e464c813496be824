/**
 * The program inside a JieLi DV16 recorder of the laboratory: a mass-storage device without a medium whose vendor
 * commands are answered by the DV16 simulation. `dv16-program.ts FOLDER OPTIONS`: the mounted FunctionFS and the
 * recorder as JSON. Each thing it is told is a JSON line on stdout; a line `stop-recording` on stdin is the officer's
 * thumb. It runs until it is killed.
 */
import { SimulatedDv16, type SimulatedDv16Options } from '../../../../src/simulator/simulated-dv16.ts';
import { illegalRequest, inquiryData, type ScsiAnswer, type Sense, serveBulkOnly } from './bulk-only.ts';
import { openMassStorage } from './function-fs.ts';

const scsi = { inquiry: 0x12, allowRemoval: 0x1e, vendorOut: 0xfb, vendorIn: 0xfd };
const noMedium: Sense = { key: 0x02, code: 0x3a };

export interface ProgramOptions extends Omit<SimulatedDv16Options, 'info'> {
  /** The info record in hex. */
  readonly infoHex: string;
}

/** What it says on stdout. */
export type ProgramWord =
  | { readonly event: 'ready' | 'disk-mode' }
  | { readonly event: 'asked'; readonly command: number }
  /** Milliseconds since 1970 by the machine's clock when it took the time. */
  | { readonly event: 'time'; readonly told: string; readonly atMs: number };

const [folder = '', optionsText = ''] = process.argv.slice(2);
const { infoHex, ...options } = JSON.parse(optionsText) as ProgramOptions;
const recorder = new SimulatedDv16({ ...options, info: Buffer.from(infoHex, 'hex') });
const say = (word: ProgramWord): void => {
  process.stdout.write(`${JSON.stringify(word)}\n`);
};

process.stdin.on('data', (line) => {
  if (String(line).includes('stop-recording')) recorder.stopRecording();
});
const pipes = await openMassStorage(folder);
say({ event: 'ready' });
await serveBulkOnly(pipes, carryOut);

function carryOut(block: Buffer, data: Buffer): ScsiAnswer {
  switch (block[0]) {
    case scsi.inquiry:
      return ((block[1] ?? 0) & 1) === 1 ? { sense: illegalRequest } : { data: inquiryData('DV16 DEVICE V1.00') };
    case scsi.allowRemoval:
      return {};
    case scsi.vendorIn:
    case scsi.vendorOut:
      return vendor(block, data);
    default:
      // Whether it is ready, how much it holds, any reading: there is no medium.
      return { sense: noMedium };
  }
}

function vendor(block: Buffer, data: Buffer): ScsiAnswer {
  say({ event: 'asked', command: block[5] ?? 0 });
  const told = recorder.toldAtMs;
  try {
    const answer = Buffer.from(recorder.send(block, data));
    if (recorder.toldAtMs !== told && recorder.clockTold !== undefined) {
      say({ event: 'time', told: recorder.clockTold, atMs: recorder.toldAtMs ?? 0 });
    }
    if (recorder.inDiskMode) say({ event: 'disk-mode' });
    return { data: answer };
  } catch {
    // The simulation throws for what no such recorder knows.
    return { sense: illegalRequest };
  }
}
