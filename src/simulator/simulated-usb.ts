/**
 * A kernel's USB tree and a privileged helper without either: recorders are folders, and a mount is a symbolic link to
 * one. Taking a recorder out moves its folder away, so what is still open or opened next fails as it does on a card.
 * It refuses what the real helper refuses, and keeps book of what it was asked, so that tests can see it. It fits
 * UsbTree and DockHelper of the dock by its form, since rooms do not import each other; the compiler checks it there.
 */
import { mkdir, open, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StationError } from '../domain/errors.ts';

export interface SimulatedVolume {
  /** Folder with the files; on the same file system as the simulation. Undefined: nothing that is known here. */
  readonly card?: string;
  /** Image file with the volume's raw bytes, for what reads past the file system. */
  readonly image?: string;
  readonly label?: string;
  /** One of this plug when left out. */
  readonly uuid?: string;
  readonly fileSystem?: 'vfat' | 'exfat' | 'ext4';
}

export interface SimulatedUsbDevice {
  readonly vendorId?: number;
  readonly productId?: number;
  readonly serial?: string | null;
  readonly product?: string;
  /** USB class codes; mass storage when left out. */
  readonly interfaceClasses?: readonly number[];
  readonly inquiry?: { readonly vendor: string; readonly model: string };
  /** One volume is a disk without a partition table; none is a reader without a card. */
  readonly volumes: readonly SimulatedVolume[];
  /** Answers SCSI commands of its own; after disk mode it comes back as `disk`. Its clock can be looked at there. */
  readonly protocol?: SimulatedProtocol;
}

export interface SimulatedProtocol {
  readonly recorder: { send(block: Uint8Array, data: Uint8Array): Uint8Array; readonly inDiskMode: boolean };
  readonly disk: SimulatedUsbDevice;
}

/** So long a recorder is off the bus while it changes into a disk. */
const changingMs = 50;

/** What may go wrong next, by verb of the helper; each is used up. */
export type SimulatedFault =
  | 'authorise'
  | 'setReadOnly'
  | 'setWritable'
  | 'identify'
  | 'mount'
  | 'unmount'
  | 'readDevice';

interface Plugged {
  readonly portPath: string;
  readonly device: SimulatedUsbDevice;
  readonly deviceNumber: number;
  readonly disk: string;
  readonly diskSequence: number;
  readonly authorised: Set<string>;
  readonly readOnly: Set<string>;
  /** Card folder by name of the disk or partition, where it lies while it is plugged in. */
  readonly cards: Map<string, { readonly volume: SimulatedVolume; readonly place: string }>;
}

const genericOf = ({ device, diskSequence }: Plugged): string | undefined =>
  device.protocol === undefined ? undefined : `sg${diskSequence}`;

export class SimulatedUsb {
  /** False: this machine has no USB. */
  hasUsb = true;
  readonly calls: string[] = [];
  readonly #folder: string;
  readonly #plugged = new Map<string, Plugged>();
  readonly #hints = new Set<() => void>();
  readonly #mounts = new Map<string, { readonly device: string; readonly writable: boolean }>();
  readonly #faults = new Map<SimulatedFault, (StationError | undefined)[]>();
  #enumerations = 0;
  #mountCount = 0;

  /** `folder` is absolute and belongs to the simulation. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  get mounts(): readonly string[] {
    return [...this.#mounts.keys()];
  }

  /** How many listen for hints. */
  get listeners(): number {
    return this.#hints.size;
  }

  /** The next call of this verb fails so. */
  fail(verb: SimulatedFault, code: string): void {
    this.failWith(verb, new StationError(code, `simulated: ${verb}`));
  }

  /** The next calls of this verb fail so, one after the other; undefined lets one pass. */
  failWith(verb: SimulatedFault, ...errors: readonly (StationError | undefined)[]): void {
    this.#faults.set(verb, [...(this.#faults.get(verb) ?? []), ...errors]);
  }

  /** Port paths as the kernel names them. The socket is on controller `platform/simulated.<bus>`. */
  async plugIn(portPath: string, device: SimulatedUsbDevice): Promise<void> {
    if (this.#plugged.has(portPath)) throw new Error(`${portPath} is not free`);
    this.#enumerations += 1;
    const number = this.#enumerations;
    const plugged: Plugged = {
      portPath,
      device,
      deviceNumber: number,
      disk: `sd${String.fromCharCode(97 + (number % 26))}`,
      diskSequence: number,
      authorised: new Set(),
      readOnly: new Set(),
      cards: new Map(),
    };
    const { volumes } = device;
    for (const [index, volume] of volumes.entries()) {
      const name = volumes.length === 1 ? plugged.disk : `${plugged.disk}${index + 1}`;
      const place = join(this.#folder, 'inserted', `${number}-${index}`);
      await mkdir(join(this.#folder, 'inserted'), { recursive: true });
      if (volume.card !== undefined) await rename(volume.card, place);
      plugged.cards.set(name, { volume, place });
    }
    this.#plugged.set(portPath, plugged);
    this.#hint();
  }

  /** Whether it is mounted or not: that is what taking out means. */
  async takeOut(portPath: string): Promise<void> {
    const plugged = this.#plugged.get(portPath);
    if (plugged === undefined) return;
    this.#plugged.delete(portPath);
    for (const { volume, place } of plugged.cards.values()) {
      if (volume.card !== undefined) await rename(place, volume.card);
    }
    this.#hint();
  }

  async devices() {
    return this.hasUsb ? [...this.#plugged.values()].map((plugged) => this.#deviceOf(plugged)) : undefined;
  }

  onHint(listener: () => void): () => void {
    const entry = (): void => listener();
    this.#hints.add(entry);
    return () => this.#hints.delete(entry);
  }

  async setReadOnly(device: string): Promise<void> {
    this.#called('setReadOnly', device);
    const { disk, readOnly } = this.#pluggedWith(device);
    // The whole disk with all its partitions, as the helper does.
    readOnly.add(disk);
  }

  async setWritable(device: string): Promise<void> {
    this.#called('setWritable', device);
    const plugged = this.#pluggedWith(device);
    if ([...this.#mounts.values()].some((mounted) => mounted.device === device)) {
      throw new StationError('helper-refused', `${device} is mounted`);
    }
    plugged.readOnly.delete(plugged.disk);
  }

  async identify(device: string) {
    this.#called('identify', device);
    const { card, label = '', fileSystem = 'vfat', uuid } = this.#pluggedWith(device).cards.get(device)?.volume ?? {};
    return card === undefined ? null : { fileSystem, label, uuid: uuid ?? `0000-${device}` };
  }

  async mount(request: {
    readonly device: string;
    readonly timeOffsetMinutes: number;
    readonly writable: boolean;
  }): Promise<{ path: string; options: string }> {
    const { device, timeOffsetMinutes, writable } = request;
    this.#called('mount', device);
    const plugged = this.#pluggedWith(device);
    const card = plugged.cards.get(device);
    if (card === undefined) throw new StationError('helper-failed', `${device} has no file system`);
    if (!writable && !plugged.readOnly.has(plugged.disk))
      throw new StationError('helper-refused', 'it is not read-only');
    if (writable && plugged.readOnly.has(plugged.disk)) throw new StationError('helper-refused', 'it is not writable');
    this.#mountCount += 1;
    await mkdir(join(this.#folder, 'mounts'), { recursive: true });
    const path = join(this.#folder, 'mounts', `card-${String(this.#mountCount).padStart(16, '0')}`);
    await symlink(card.place, path);
    this.#mounts.set(path, { device, writable });
    return { path, options: `${writable ? 'rw' : 'ro'},time_offset=${timeOffsetMinutes}` };
  }

  async unmount(path: string): Promise<void> {
    this.#called('unmount', path);
    await rm(path, { force: true });
    const mount = this.#mounts.get(path);
    this.#mounts.delete(path);
    if (mount?.writable !== true) return;
    for (const { disk, cards, readOnly } of this.#plugged.values()) if (cards.has(mount.device)) readOnly.add(disk);
  }

  async authorise(interfaceName: string): Promise<void> {
    this.#called('authorise', interfaceName);
    const plugged = this.#plugged.get(interfaceName.slice(0, interfaceName.indexOf(':')));
    if (plugged === undefined) throw new StationError('helper-failed', `${interfaceName} is gone`);
    plugged.authorised.add(interfaceName);
    this.#hint();
  }

  async scsi(request: {
    readonly generic: string;
    readonly command: Uint8Array;
    readonly data?: Uint8Array;
  }): Promise<Uint8Array> {
    const plugged = [...this.#plugged.values()].find((each) => genericOf(each) === request.generic);
    const protocol = plugged?.device.protocol;
    if (plugged === undefined || protocol === undefined) {
      throw new StationError('helper-refused', `nobody speaks SCSI at ${request.generic}`);
    }
    const answer = protocol.recorder.send(request.command, request.data ?? new Uint8Array());
    if (protocol.recorder.inDiskMode) {
      await this.takeOut(plugged.portPath);
      setTimeout(() => void this.plugIn(plugged.portPath, protocol.disk), changingMs);
    }
    return answer;
  }

  async readDevice({ device, offset, length }: { device: string; offset: number; length: number }) {
    this.#called('readDevice', device);
    const plugged = this.#pluggedWith(device);
    if (!plugged.readOnly.has(plugged.disk)) throw new StationError('helper-refused', 'it is not read-only');
    const image = plugged.cards.get(device)?.volume.image;
    if (image === undefined) throw new StationError('helper-refused', 'this simulated card has no raw bytes');
    const handle = await open(image);
    try {
      const deviceBytes = (await handle.stat()).size;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      if (bytesRead !== length) throw new StationError('helper-refused', `${device} ends at ${deviceBytes}`);
      return { bytes: buffer, deviceBytes };
    } finally {
      await handle.close();
    }
  }

  async leftMounts(): Promise<readonly string[]> {
    const folder = join(this.#folder, 'mounts');
    const names = await readdir(folder).catch(() => []);
    return names.map((name) => join(folder, name));
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }

  #called(verb: SimulatedFault, what: string): void {
    this.calls.push(`${verb} ${what}`);
    const error = this.#faults.get(verb)?.shift();
    if (error !== undefined) throw error;
  }

  #pluggedWith(device: string): Plugged {
    const found = [...this.#plugged.values()].find(({ disk, cards }) => disk === device || cards.has(device));
    if (found === undefined) throw new StationError('helper-failed', `${device} is gone`);
    return found;
  }

  #deviceOf(plugged: Plugged) {
    const { portPath, device, deviceNumber, disk, diskSequence, authorised, readOnly, cards } = plugged;
    const bus = portPath.slice(0, portPath.indexOf('-'));
    const interfaces = (device.interfaceClasses ?? [0x08]).map((interfaceClass, index) => {
      const name = `${portPath}:1.${index}`;
      const isAuthorised = authorised.has(name);
      const driver = isAuthorised && interfaceClass === 0x08 ? 'usb-storage' : null;
      return { name, interfaceClass, interfaceSubclass: 0, interfaceProtocol: 0, authorised: isAuthorised, driver };
    });
    const partitions = [...cards.keys()].filter((name) => name !== disk).map((name) => ({ name, sectors: 65_536 }));
    const disks = {
      name: disk,
      sectors: cards.size === 0 ? 0 : 131_072,
      diskSequence,
      readOnly: readOnly.has(disk),
      vendor: device.inquiry?.vendor ?? 'Linux',
      model: device.inquiry?.model ?? 'File-Stor Gadget',
      generic: genericOf(plugged) ?? null,
      partitions,
    };
    return {
      portPath,
      controller: `platform/simulated.${bus}`,
      busNumber: Number(bus),
      deviceNumber,
      vendorId: device.vendorId ?? 0x1d6b,
      productId: device.productId ?? 0x0104,
      deviceClass: 0,
      serial: device.serial ?? null,
      manufacturer: null,
      product: device.product ?? null,
      speed: 480,
      authorised: true,
      interfaces,
      disks: interfaces.some(({ driver }) => driver !== null) ? [disks] : [],
    };
  }

  #hint(): void {
    for (const listener of this.#hints) listener();
  }
}
