/**
 * DockHelper over a connection to the privileged helper (native/helper): one method a verb, the time limits, one request
 * at a time on a device (a card that hangs keeps only its own slot waiting), and a new helper when the old one died, at
 * most a few times a minute. What it says about devices is checked by the helper again; here nothing is trusted either.
 */
import { errorCode, errorMessage, StationError } from '../../domain/errors.ts';
import type { DockLog } from '../dock-log.ts';
import { HelperLink, type HelperPlace, unavailable } from './helper-link.ts';
import type { CardFileSystem, DeviceBytes, DeviceReadRequest, DockHelper, MountRequest, ScsiRequest } from './ports.ts';
import { cleanText } from './sysfs-files.ts';

export interface HelperClientParts {
  readonly place: HelperPlace;
  readonly log: DockLog;
  /** Milliseconds that never go back, such as performance.now(). */
  readonly monotonicMs: () => number;
}

const minuteMs = 60_000;
const startsPerMinuteMax = 5;
const quickMsMax = 15_000;
/** A doubtful card is read again and again by the kernel: three tries of 30 s. */
const readingMsMax = 100_000;
/** After a command's own limit the kernel resets the device, which takes its time. */
const scsiRecoveryMsMax = 45_000;
const scsiBytesMax = 4096;

type Fields = readonly (string | Uint8Array)[];

export class HelperClient implements DockHelper {
  readonly #parts: HelperClientParts;
  readonly #turns = new Map<string, Promise<unknown>>();
  #link: Promise<HelperLink> | undefined;
  #startsMs: readonly number[] = [];
  #isClosed = false;

  constructor(parts: HelperClientParts) {
    this.#parts = parts;
  }

  async setReadOnly(device: string): Promise<void> {
    await this.#onDevice(device, ['set-read-only', device], quickMsMax);
  }

  async setWritable(device: string): Promise<void> {
    await this.#onDevice(device, ['set-writable', device], quickMsMax);
  }

  async identify(
    device: string,
  ): Promise<{ readonly fileSystem: CardFileSystem; readonly label: string; readonly uuid: string } | null> {
    const [type, label, uuid] = await this.#onDevice(device, ['identify', device], readingMsMax);
    if (type === undefined || label === undefined || uuid === undefined) return null;
    return { fileSystem: cardFileSystem(type), label: labelText(label), uuid: uuid.toString('latin1') };
  }

  async mount(request: MountRequest): Promise<{ readonly path: string; readonly options: string }> {
    const { device, fileSystem, timeOffsetMinutes, writable } = request;
    const fields = ['mount', device, fileSystem, String(timeOffsetMinutes), writable ? 'rw' : 'ro'];
    const [path, options] = await this.#onDevice(device, fields, readingMsMax);
    return { path: textOf(path), options: textOf(options) };
  }

  async unmount(path: string): Promise<void> {
    const [way] = await this.#ask(['unmount', path], readingMsMax);
    if (textOf(way) !== 'lazy') return;
    this.#parts.log.warn({ path }, 'a card was unmounted lazily: it is gone, or a file on it is still open');
  }

  async authorise(interfaceName: string): Promise<void> {
    await this.#onDevice(interfaceName, ['authorise', interfaceName], quickMsMax);
  }

  async scsi(request: ScsiRequest): Promise<Uint8Array> {
    const { generic, command, direction, data, length, timeoutMs } = request;
    const bytes = direction === 'to-device' ? (data ?? new Uint8Array()) : String(length ?? 0);
    if (bytes.length > scsiBytesMax)
      throw new StationError('helper-refused', `at most ${scsiBytesMax} bytes at a time`);
    const last = direction === 'none' ? '' : bytes;
    const fields = ['scsi', generic, command, direction, last, String(Math.round(timeoutMs))];
    const [answer] = await this.#onDevice(generic, fields, timeoutMs + scsiRecoveryMsMax);
    return new Uint8Array(answer ?? []);
  }

  async readDevice({ device, offset, length }: DeviceReadRequest): Promise<DeviceBytes> {
    const fields = ['read-device', device, String(offset), String(length)];
    const [size, bytes] = await this.#onDevice(device, fields, readingMsMax);
    const deviceBytes = Number(textOf(size));
    if (bytes?.length !== length || !Number.isSafeInteger(deviceBytes))
      throw new StationError('helper-failed', `the helper gave ${bytes?.length ?? 0} of ${length} bytes of ${device}`);
    return { bytes, deviceBytes };
  }

  async leftMounts(): Promise<readonly string[]> {
    return (await this.#ask(['left-mounts'], quickMsMax)).map(textOf);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const link = this.#link;
    this.#link = undefined;
    await (await link?.catch(() => undefined))?.close();
  }

  /** One after the other on one disk; the helper refuses a second one. */
  async #onDevice(device: string, fields: Fields, limitMs: number): Promise<readonly Buffer[]> {
    const disk = device.replace(/^(sd[a-z]+)\d+$/, '$1');
    const before = this.#turns.get(disk);
    const turn = (async () => {
      await before?.catch(() => undefined);
      return this.#ask(fields, limitMs);
    })();
    this.#turns.set(disk, turn);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(disk) === turn) this.#turns.delete(disk);
    }
  }

  async #ask(fields: Fields, limitMs: number): Promise<readonly Buffer[]> {
    const link = await this.#linked();
    try {
      return await link.request(fields, limitMs);
    } catch (error) {
      const words = fields.slice(0, 2).map((field) => cleanText(String(field)));
      if (error instanceof RangeError) throw new StationError('helper-refused', errorMessage(error), { cause: error });
      if (!(error instanceof StationError)) throw error;
      if (errorCode(error) === 'helper-unavailable') throw unavailable(error.message, this.#parts.place, error);
      throw new StationError(error.code, `${words.join(' ')}: ${error.message}`, { cause: error.cause ?? error });
    }
  }

  /** The connection; a new one when there is none or it ended. */
  async #linked(): Promise<HelperLink> {
    const { place, log } = this.#parts;
    const current = this.#link;
    const link = await current?.catch(() => undefined);
    if (this.#isClosed) throw unavailable('the station is being stopped', place);
    if (link !== undefined && !link.isEnded) return link;
    // Of several requests that find it dead only the first starts it.
    if (this.#link === current) {
      if (link !== undefined) log.warn({}, 'the dock helper went away; it is started again');
      this.#countStart();
      this.#link = HelperLink.open(place, log);
    }
    return this.#link === undefined ? this.#linked() : await this.#link;
  }

  #countStart(): void {
    const now = this.#parts.monotonicMs();
    this.#startsMs = this.#startsMs.filter((start) => now - start < minuteMs);
    if (this.#startsMs.length >= startsPerMinuteMax) {
      throw unavailable(`it went away ${startsPerMinuteMax} times within a minute`, this.#parts.place);
    }
    this.#startsMs = [...this.#startsMs, now];
  }
}

const textOf = (field: Buffer | undefined): string => field?.toString('utf8') ?? '';

function cardFileSystem(field: Buffer): CardFileSystem {
  const text = textOf(field);
  if (text === 'vfat' || text === 'exfat' || text === 'ext4') return text;
  throw new StationError('helper-failed', `the helper named an unknown file system: ${text}`);
}

/** FAT labels are in the recorder's own code page, which is Chinese where it is not UTF-8. */
function labelText(bytes: Buffer): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    text = new TextDecoder('gb18030').decode(bytes);
  }
  return cleanText(text);
}
