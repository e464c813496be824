/**
 * A folder laid out as the kernel lays out sysfs: devices below their controllers and hubs, links in bus/usb/devices
 * and block. Paths follow what was seen on Linux 6.1 with dummy_hcd and xHCI (shared/facts/labs.md).
 */
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export interface FakeInterface {
  readonly cls: string;
  readonly sub?: string;
  readonly protocol?: string;
  readonly authorized?: '0' | '1';
  readonly driver?: string;
}

export interface FakeDisk {
  readonly name: string;
  readonly size: number;
  readonly diskseq?: number;
  readonly ro?: '0' | '1';
  readonly vendor?: string;
  readonly model?: string;
  readonly sg?: string;
  /** Number and size. */
  readonly partitions?: readonly (readonly [number, number])[];
}

export interface FakeDevice {
  readonly portPath: string;
  readonly attributes: { readonly [name: string]: string };
  readonly interfaces?: readonly FakeInterface[];
  readonly disks?: readonly FakeDisk[];
}

export class SysfsFolder {
  readonly root: string;
  readonly #buses = new Map<string, string>();

  constructor(root: string) {
    this.root = root;
    for (const folder of ['bus/usb/devices', 'bus/usb/drivers', 'block', 'devices']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
  }

  /** A root hub; `controller` below devices/, such as `platform/dummy_hcd.0`. */
  addBus(number: number, controller: string, speed: number): void {
    const folder = join(this.root, 'devices', controller, `usb${number}`);
    this.#buses.set(String(number), folder);
    this.#attributes(folder, {
      busnum: `${number}`,
      devnum: '1',
      idVendor: '1d6b',
      idProduct: '0002',
      bDeviceClass: '09',
      speed: `${speed}`,
    });
    this.#link(`bus/usb/devices/usb${number}`, folder);
    mkdirSync(join(folder, `${number}-0:1.0`), { recursive: true });
    this.#link(`bus/usb/devices/${number}-0:1.0`, join(folder, `${number}-0:1.0`));
  }

  /** Two ports that are one physical socket. */
  pairPorts(a: string, b: string): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const) {
      mkdirSync(this.#portFolder(from), { recursive: true });
      mkdirSync(this.#portFolder(to), { recursive: true });
      symlinkSync(relative(this.#portFolder(from), this.#portFolder(to)), join(this.#portFolder(from), 'peer'));
    }
  }

  add({ portPath, attributes, interfaces = [], disks = [] }: FakeDevice): void {
    const folder = this.#deviceFolder(portPath);
    this.#attributes(folder, attributes);
    this.#link(`bus/usb/devices/${portPath}`, folder);
    for (const [index, { cls, sub = '00', protocol = '00', authorized = '1', driver }] of interfaces.entries()) {
      const name = `${portPath}:1.${index}`;
      this.#attributes(join(folder, name), {
        bInterfaceClass: cls,
        bInterfaceSubClass: sub,
        bInterfaceProtocol: protocol,
        authorized,
      });
      if (driver !== undefined) symlinkSync(`../../../../bus/usb/drivers/${driver}`, join(folder, name, 'driver'));
      this.#link(`bus/usb/devices/${name}`, join(folder, name));
    }
    for (const [index, disk] of disks.entries())
      this.#addDisk(join(folder, `${portPath}:1.0/host0/target0:0:0/0:0:0:${index}`), disk);
  }

  remove(portPath: string): void {
    const folder = this.#deviceFolder(portPath);
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(this.root, 'bus/usb/devices', portPath), { force: true });
  }

  #addDisk(
    scsi: string,
    { name, size, diskseq, ro = '0', vendor = '', model = '', sg, partitions = [] }: FakeDisk,
  ): void {
    const folder = join(scsi, 'block', name);
    this.#attributes(scsi, { vendor, model });
    if (sg !== undefined) mkdirSync(join(scsi, 'scsi_generic', sg), { recursive: true });
    this.#attributes(folder, { size: `${size}`, ro, ...(diskseq === undefined ? {} : { diskseq: `${diskseq}` }) });
    symlinkSync('../..', join(folder, 'device'));
    for (const [number, sectors] of partitions) {
      this.#attributes(join(folder, `${name}${number}`), { partition: `${number}`, size: `${sectors}`, ro });
    }
    this.#link(`block/${name}`, folder);
  }

  #deviceFolder(portPath: string): string {
    const [bus = '', ports = ''] = portPath.split('-');
    const steps = ports.split('.').map((_, index, all) => `${bus}-${all.slice(0, index + 1).join('.')}`);
    return join(this.#buses.get(bus) ?? '', ...steps);
  }

  #portFolder(portPath: string): string {
    const at = Math.max(portPath.lastIndexOf('.'), portPath.lastIndexOf('-'));
    const [parent, port] = [portPath.slice(0, at), portPath.slice(at + 1)];
    if (portPath[at] === '-') return join(this.#buses.get(parent) ?? '', `${parent}-0:1.0/usb${parent}-port${port}`);
    return join(this.#deviceFolder(parent), `${parent}:1.0/${parent}-port${port}`);
  }

  /** Attributes of sysfs end in a newline. */
  #attributes(folder: string, attributes: { readonly [name: string]: string }): void {
    mkdirSync(folder, { recursive: true });
    for (const [name, value] of Object.entries(attributes)) writeFileSync(join(folder, name), `${value}\n`);
  }

  #link(path: string, target: string): void {
    const link = join(this.root, path);
    if (existsSync(link)) rmSync(link);
    symlinkSync(relative(dirname(link), target), link);
  }
}

/** Attributes of a high-speed device, as the kernel prints them. */
export const deviceAttributes = (changes: { readonly [name: string]: string } = {}): { [name: string]: string } => ({
  busnum: '2',
  devnum: '3',
  idVendor: '0781',
  idProduct: '5567',
  bDeviceClass: '00',
  speed: '480',
  authorized: '1',
  ...changes,
});

export const storageInterface: FakeInterface = { cls: '08', sub: '06', protocol: '50', driver: 'usb-storage' };
