/**
 * The program inside a recorder whose card gives up: a disk over an image file that takes a given number of writes and
 * then refuses every one as write-protected (SBC-3; sense DATA PROTECT), as cards do when their controller has no spare
 * blocks left. `failing-disk-program.ts FOLDER IMAGE WRITES`. Each write is a JSON line on stdout.
 */
import { open } from 'node:fs/promises';
import { illegalRequest, inquiryData, type ScsiAnswer, type Sense, serveBulkOnly } from './bulk-only.ts';
import { openMassStorage } from './function-fs.ts';

const scsi = {
  testUnitReady: 0x00,
  inquiry: 0x12,
  modeSense6: 0x1a,
  startStop: 0x1b,
  allowRemoval: 0x1e,
  readCapacity: 0x25,
  read10: 0x28,
  write10: 0x2a,
  synchronise: 0x35,
};
const writeProtected: Sense = { key: 0x07, code: 0x27 };
const sectorBytes = 512;

/** What it says on stdout. */
export type DiskWord =
  | { readonly event: 'ready' }
  | { readonly event: 'written' | 'refused'; readonly sectors: number };

const [folder = '', image = '', writes = '0'] = process.argv.slice(2);
const card = await open(image, 'r+');
const sectors = Math.floor((await card.stat()).size / sectorBytes);
let writesLeft = Number(writes);
const say = (word: DiskWord): void => {
  process.stdout.write(`${JSON.stringify(word)}\n`);
};
const pipes = await openMassStorage(folder);
say({ event: 'ready' });
await serveBulkOnly(pipes, carryOut);

async function carryOut(block: Buffer, data: Buffer): Promise<ScsiAnswer> {
  switch (block[0]) {
    case scsi.testUnitReady:
    case scsi.startStop:
    case scsi.allowRemoval:
    case scsi.synchronise:
      return {};
    case scsi.inquiry:
      return ((block[1] ?? 0) & 1) === 1 ? { sense: illegalRequest } : { data: inquiryData('DSJ     RECORDER CARD') };
    case scsi.modeSense6:
      // Header alone: no cache, not write-protected as far as it knows.
      return { data: Buffer.from([3, 0, 0, 0]) };
    case scsi.readCapacity: {
      const data = Buffer.alloc(8);
      data.writeUInt32BE(sectors - 1, 0);
      data.writeUInt32BE(sectorBytes, 4);
      return { data };
    }
    case scsi.read10: {
      const { at, length } = rangeOf(block);
      const { buffer } = await card.read(Buffer.alloc(length), 0, length, at);
      return { data: buffer };
    }
    case scsi.write10:
      return write(rangeOf(block), data);
    default:
      return { sense: illegalRequest };
  }
}

async function write({ at, length }: { at: number; length: number }, data: Buffer): Promise<ScsiAnswer> {
  const event = writesLeft > 0 ? 'written' : 'refused';
  say({ event, sectors: length / sectorBytes });
  if (event === 'refused') return { sense: writeProtected };
  writesLeft -= 1;
  await card.write(data, 0, length, at);
  return {};
}

function rangeOf(block: Buffer): { at: number; length: number } {
  return { at: block.readUInt32BE(2) * sectorBytes, length: block.readUInt16BE(7) * sectorBytes };
}
