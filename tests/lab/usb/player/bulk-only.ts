/**
 * The recorder's end of SCSI over Bulk-Only Transport (USB Mass Storage Class, Bulk-Only Transport 1.0): takes one
 * command after the other and sends what it is answered. Answers that are too short are filled up (6.7.2 there), so
 * that no endpoint has to stall.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BulkPipes, isUnplugged } from './function-fs.ts';

const commandSignature = 0x43425355;
const statusSignature = 0x53425355;
const commandLength = 31;
const toHost = 0x80;
const againMs = 20;

export interface Sense {
  readonly key: number;
  readonly code: number;
}

export const noSense: Sense = { key: 0, code: 0 };
export const illegalRequest: Sense = { key: 0x05, code: 0x20 };

/** `sense`: the command failed, and why. */
export interface ScsiAnswer {
  readonly data?: Buffer;
  readonly sense?: Sense;
}

export type CarryOut = (block: Buffer, data: Buffer) => ScsiAnswer | Promise<ScsiAnswer>;

const requestSense = 0x03;

/** Runs as long as the program does. */
export async function serveBulkOnly(pipes: BulkPipes, carryOut: CarryOut): Promise<never> {
  let sense = noSense;
  const next = async (): Promise<void> => {
    const wrapper = await pipes.receive(commandLength);
    // A transfer of another form is what was left of one when the cable was pulled.
    if (wrapper.length !== commandLength || wrapper.readUInt32LE(0) !== commandSignature) return;
    const asked = sense;
    const answer = await serveOne(pipes, wrapper, (block, data) =>
      block[0] === requestSense ? { data: senseData(asked) } : carryOut(block, data),
    );
    sense = answer.sense ?? noSense;
  };
  for (;;) {
    try {
      await next();
    } catch (error) {
      if (!isUnplugged(error)) throw error;
      await sleep(againMs);
    }
  }
}

async function serveOne(pipes: BulkPipes, wrapper: Buffer, carryOut: CarryOut): Promise<ScsiAnswer> {
  const wanted = wrapper.readUInt32LE(8);
  const isIn = ((wrapper[12] ?? 0) & toHost) !== 0;
  const block = wrapper.subarray(15, 15 + ((wrapper[14] ?? 0) & 0x1f));
  const data = wanted > 0 && !isIn ? await pipes.receive(wanted) : Buffer.alloc(0);
  const answer = await carryOut(block, data);
  const given = answer.data ?? Buffer.alloc(0);
  if (wanted > 0 && isIn) await pipes.send(Buffer.concat([given, Buffer.alloc(wanted)]).subarray(0, wanted));
  const status = Buffer.alloc(13);
  status.writeUInt32LE(statusSignature, 0);
  wrapper.copy(status, 4, 4, 8);
  status.writeUInt32LE(isIn ? Math.max(0, wanted - given.length) : 0, 8);
  status[12] = answer.sense === undefined ? 0 : 1;
  await pipes.send(status);
  return answer;
}

/** SPC-4, 4.5.3: fixed format. */
function senseData({ key, code }: Sense): Buffer {
  const data = Buffer.alloc(18);
  data.set([0x70, 0, key, 0, 0, 0, 0, 10], 0);
  data[12] = code;
  return data;
}

/** SPC-4, 6.4.2: a removable disk; `words` are vendor and product together. */
export function inquiryData(words: string): Buffer {
  const data = Buffer.alloc(36, ' ');
  data.set([0, 0x80, 4, 2, 31, 0, 0, 0], 0);
  data.write(words, 8, 28, 'latin1');
  return data;
}
