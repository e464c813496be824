/**
 * The JieLi DV16 protocol: vendor SCSI commands to a mass-storage recorder whose inquiry says `DV16 DEVICE V1.00`.
 * Command block of 16 bytes: opcode 0xFB to the recorder or 0xFD from it, byte 1 0x82 or 0x81, byte 5 the command,
 * byte 7 the length. After a command, command 14 tells its result (0 is good). It has no way to read the clock, and
 * its password is read back in clear, so it protects nothing; asking keeps to the recorder's own rule all the same.
 * Source of the figures: vendors' public headers for the interface of GA/T 947.
 */
import iconv from 'iconv-lite';
import { StationError } from '../../domain/errors.ts';
import type { ScsiRequest } from './ports.ts';
import type { RecorderCondition, RecorderDriver, RecorderIdentity, RecorderLocalTime } from './recorder-driver.ts';

export const dv16Inquiry = 'DV16 DEVICE V1.00';

const toRecorder = { opcode: 0xfb, direction: 0x82 } as const;
const fromRecorder = { opcode: 0xfd, direction: 0x81 } as const;
const command = {
  init: 1,
  idCode: 2,
  getInfo: 3,
  writeInfo: 4,
  setTime: 5,
  diskMode: 6,
  resolution: 7,
  battery: 8,
  cardStatus: 12,
  getPassword: 13,
  returnStatus: 14,
} as const;

/** The info record: fixed fields, NUL-terminated, text in GBK. */
const infoFields = [
  ['serial', 8],
  ['officer', 7],
  ['officerName', 33],
  ['unitCode', 13],
  ['unitName', 33],
] as const;
const infoLength = infoFields.reduce((sum, [, length]) => sum + length, 0);
const passwordLength = 16;
const idCodeLength = 6;
const timeoutMs = 3000;

/** Sends one SCSI command to this recorder; the helper's verb with the generic node filled in. */
export type SendScsi = (request: Omit<ScsiRequest, 'generic'>) => Promise<Uint8Array>;

export class JieLiDv16 implements RecorderDriver {
  readonly name = 'jieli-dv16';
  readonly #send: SendScsi;

  constructor(send: SendScsi) {
    this.#send = send;
  }

  async identify(): Promise<RecorderIdentity> {
    await this.#write(command.init);
    const idCode = textOf(await this.#read(command.idCode, idCodeLength));
    await this.#assertGood('identify');
    const info = await this.#read(command.getInfo, infoLength);
    await this.#assertGood('identify');
    return { idCode: idCode === '' ? null : idCode, ...parseInfo(info) };
  }

  async unlock(passwords: readonly string[]): Promise<void> {
    const own = textOf(await this.#read(command.getPassword, passwordLength));
    if (passwords.includes(own)) return;
    throw new StationError('recorder-password-wrong', 'none of the configured passwords is the recorder’s', {
      next: 'Enter the recorder’s password under usbDock.passwords; it is not locked by this.',
    });
  }

  async setClock(local: RecorderLocalTime): Promise<void> {
    const parts = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})$/.exec(local)?.slice(1).map(Number);
    if (parts === undefined) throw new Error(`not a local time: ${local}`);
    const [year = 0, ...rest] = parts;
    const data = Buffer.alloc(7);
    data.writeUInt16LE(year, 0);
    data.set(rest, 2);
    await this.#write(command.setTime, data);
    await this.#assertGood('set the clock');
  }

  async condition(): Promise<RecorderCondition> {
    const card = Buffer.from(await this.#read(command.cardStatus, 4));
    const battery = Buffer.from(await this.#read(command.battery, 4)).readInt32LE(0);
    const resolution = Buffer.from(await this.#read(command.resolution, 8));
    const width = resolution.readInt32LE(0);
    const height = resolution.readInt32LE(4);
    return {
      batteryPercent: battery >= 0 && battery <= 100 ? battery : null,
      card: card[0] === 0 ? 'missing' : 'present',
      resolution: width > 0 && height > 0 ? { width, height } : null,
    };
  }

  async writeOfficer(identity: RecorderIdentity): Promise<void> {
    await this.#write(command.writeInfo, buildInfo(identity));
    await this.#assertGood('write the officer');
  }

  async enterDiskMode(): Promise<void> {
    const { card } = await this.condition();
    if (card === 'missing') {
      throw new StationError('recorder-card-missing', 'the recorder says that it has no card', {
        next: 'Take the recorder out, put its card in, and plug it in again.',
      });
    }
    await this.#write(command.diskMode);
    // A recorder that switches is gone before it can be asked; one that stays says why.
    const status = await this.#status().catch(() => 0);
    if (status !== 0) {
      throw new StationError('recorder-still-recording', `the recorder refuses disk mode (status ${status})`, {
        next: 'Stop the recording on the recorder, then plug it in again.',
      });
    }
  }

  async #read(code: number, length: number): Promise<Uint8Array> {
    const answer = await this.#send({
      command: commandBlock(fromRecorder, code, length),
      direction: 'from-device',
      length,
      timeoutMs,
    });
    if (answer.length === length) return answer;
    throw new StationError('recorder-silent', `the recorder answered ${answer.length} of ${length} bytes`, {
      next: 'Take the recorder out and plug it in again.',
    });
  }

  async #write(code: number, data: Uint8Array = new Uint8Array()): Promise<void> {
    await this.#send({
      command: commandBlock(toRecorder, code, data.length),
      direction: data.length === 0 ? 'none' : 'to-device',
      data,
      timeoutMs,
    });
  }

  async #status(): Promise<number> {
    return (await this.#read(command.returnStatus, 4))[0] ?? 0;
  }

  async #assertGood(what: string): Promise<void> {
    const status = await this.#status();
    if (status === 0) return;
    throw new StationError('recorder-refused', `the recorder refused to ${what} (status ${status})`, {
      next: 'Take the recorder out and plug it in again.',
    });
  }
}

function commandBlock(way: typeof toRecorder | typeof fromRecorder, code: number, length: number): Uint8Array {
  const block = new Uint8Array(16);
  block[0] = way.opcode;
  block[1] = way.direction;
  block[5] = code;
  block[7] = length;
  return block;
}

/** Up to the first NUL, spaces cut off; UTF-8 where it is strictly that, else GBK. */
function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const content = Buffer.from(end < 0 ? bytes : bytes.subarray(0, end));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content).trim();
  } catch {
    return iconv.decode(content, 'gb18030').trim();
  }
}

function parseInfo(info: Uint8Array): Omit<RecorderIdentity, 'idCode'> {
  let at = 0;
  const values = infoFields.map(([name, length]) => {
    const text = textOf(info.subarray(at, at + length));
    at += length;
    return [name, text === '' ? null : text] as const;
  });
  return Object.fromEntries(values) as unknown as Omit<RecorderIdentity, 'idCode'>;
}

/** @throws StationError recorder-text-too-long when a value does not fit its field with its NUL */
function buildInfo(identity: RecorderIdentity): Uint8Array {
  const fields = infoFields.map(([name, length]) => {
    const bytes = iconv.encode(identity[name] ?? '', 'gb18030');
    if (bytes.length < length) return Buffer.concat([bytes, Buffer.alloc(length - bytes.length)]);
    throw new StationError('recorder-text-too-long', `${name} does not fit the recorder (${length - 1} bytes)`, {
      next: 'Shorten it; the recorder has no room for more.',
    });
  });
  return Buffer.concat(fields);
}
