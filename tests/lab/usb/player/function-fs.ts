/**
 * A mass-storage interface (class 8, SCSI, Bulk-Only) whose other end is a program: what FunctionFS wants to be told
 * (Documentation/usb/functionfs.rst, linux/usb/functionfs.h) and what it says on endpoint zero. Guest only.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

const descriptorsMagicV2 = 3;
const stringsMagic = 2;
/** All three speeds: which one the socket has is not this program's to know. */
const allSpeeds = 1 | 2 | 4;
const eventLength = 12;
const setupEvent = 4;
/** USB Mass Storage Class Bulk-Only Transport 1.0, 3.1 and 3.2. */
const getMaxLun = 0xfe;
const directionIn = 0x80;
/** A multiple of the packets of every speed; longer transfers are read in such pieces. */
const pieceLength = 16 * 1024;

export interface BulkPipes {
  /**
   * What the host sends next, up to so many bytes; waits while nothing is plugged in.
   * @throws the kernel's error when the cable is pulled or the host resets the device; see `isUnplugged`
   */
  receive(bytesMax: number): Promise<Buffer>;
  /** @throws as `receive` */
  send(data: Buffer): Promise<void>;
}

/** The endpoints went away: what was under way is over, and the host begins anew. */
export const isUnplugged = (error: unknown): boolean =>
  ['ESHUTDOWN', 'EINTR', 'ENODEV', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Describes the interface, so that the gadget can be bound, and answers endpoint zero from then on. */
export async function openMassStorage(mounted: string): Promise<BulkPipes> {
  const control = await open(join(mounted, 'ep0'), 'r+');
  await control.write(descriptors());
  await control.write(words(stringsMagic, 16, 0, 0));
  const [input, output] = [await open(join(mounted, 'ep1'), 'r+'), await open(join(mounted, 'ep2'), 'r+')];
  void answerControl(control);
  return {
    async receive(bytesMax) {
      const pieces: Buffer[] = [];
      for (let left = bytesMax; left > 0; ) {
        // Not more than what must come: a transfer of whole packets has no end that could be seen.
        const wanted = Math.min(pieceLength, left);
        const { buffer, bytesRead } = await output.read(Buffer.alloc(wanted), 0, wanted, null);
        pieces.push(buffer.subarray(0, bytesRead));
        left -= bytesRead;
        if (bytesRead < wanted) break;
      }
      return Buffer.concat(pieces);
    },
    send: async (data) => {
      await input.write(data);
    },
  };
}

async function answerControl(control: FileHandle): Promise<void> {
  for (;;) {
    const { buffer, bytesRead } = await control.read(Buffer.alloc(eventLength), 0, eventLength, null);
    if (bytesRead < eventLength || buffer[8] !== setupEvent) continue;
    const isIn = ((buffer[0] ?? 0) & directionIn) !== 0;
    // One logical unit, number 0. Anything else that is asked is refused by answering the wrong way round.
    if (isIn && buffer[1] === getMaxLun) await control.write(Buffer.from([0]));
    else await control.read(Buffer.alloc(eventLength), 0, eventLength, null).catch(() => undefined);
  }
}

function descriptors(): Buffer {
  const storage = Buffer.from([9, 4, 0, 0, 2, 0x08, 0x06, 0x50, 0]);
  const speed = (packet: number, companion: boolean): Buffer => {
    const endpoint = (address: number): Buffer => {
      const own = Buffer.from([7, 5, address, 2, packet & 0xff, packet >> 8, 0]);
      return companion ? Buffer.concat([own, Buffer.from([6, 0x30, 0, 0, 0, 0])]) : own;
    };
    return Buffer.concat([storage, endpoint(0x81), endpoint(0x02)]);
  };
  const all = Buffer.concat([speed(64, false), speed(512, false), speed(1024, true)]);
  const head = words(descriptorsMagicV2, 24 + all.length, allSpeeds, 3, 3, 5);
  return Buffer.concat([head, all]);
}

function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) buffer.writeUInt32LE(value, at * 4);
  return buffer;
}
