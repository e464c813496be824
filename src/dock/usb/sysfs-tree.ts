/**
 * The kernel's USB tree as sysfs shows it: which device sits on which port path, and which disks belong to it. Nothing
 * is opened, claimed or changed, and no permission is needed. Strings are the devices' own words, cleaned and bounded.
 * A device that vanishes while it is read is left out; it is the next look's.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { UsbDevice, UsbDisk, UsbInterface, UsbTree } from './ports.ts';
import { type Socket, socketOf } from './slot-map.ts';
import {
  linkName,
  listNames,
  readAttribute,
  readDeviceString,
  readNumber,
  realPath,
  unlessMissing,
} from './sysfs-files.ts';

export interface SysfsTreeParts {
  /** Where sysfs is mounted; another folder in tests. */
  readonly root?: string;
  /** Who hints at a change, such as `UsbHints`. The returned function stops that. */
  readonly hints?: (listener: () => void) => () => void;
}

/** Kernel name of a device: bus, then ports; `usb1` is a root hub and `1-1:1.0` an interface. */
const portPathForm = /^\d{1,4}-\d{1,3}(?:\.\d{1,3}){0,6}$/;
const diskForm = /^sd[a-z]{1,4}$/;
const genericForm = /^sg\d{1,5}$/;
const hubClass = 0x09;
/** More than any machine has sockets for: a bound, not a promise. */
const devicesMax = 1024;

/** What one look has found before it comes to a device. */
interface DeviceLook {
  readonly portPath: string;
  /** Everything on the USB bus. */
  readonly names: readonly string[];
  /** /sys/devices without links. */
  readonly allDevices: string | undefined;
  readonly disks: readonly UsbDisk[];
}

export class SysfsTree implements UsbTree {
  readonly #devices: string;
  readonly #block: string;
  readonly #allDevices: string;
  readonly #hints: (listener: () => void) => () => void;

  constructor({ root = '/sys', hints = () => () => undefined }: SysfsTreeParts = {}) {
    this.#devices = join(root, 'bus/usb/devices');
    this.#block = join(root, 'block');
    this.#allDevices = join(root, 'devices');
    this.#hints = hints;
  }

  async devices(): Promise<readonly UsbDevice[] | undefined> {
    const names = await unlessMissing(readdir(this.#devices));
    if (names === undefined) return undefined;
    const paths = names.filter((name) => portPathForm.test(name)).slice(0, devicesMax);
    const disks = await this.#disksByPort(new Set(paths));
    const allDevices = realPath(this.#allDevices);
    const found = paths.map((portPath) =>
      this.#device({ portPath, names, allDevices, disks: disks.get(portPath) ?? [] }),
    );
    const devices = await Promise.all(found);
    return devices.filter((device) => device !== undefined).sort((a, b) => comparePortPaths(a.portPath, b.portPath));
  }

  onHint(listener: () => void): () => void {
    return this.#hints(listener);
  }

  /**
   * The socket of a port path, whether something is plugged in or not, and with it the other half of a USB 3 socket
   * where the kernel knows which two ports belong together. Empty when there is no such bus.
   */
  async socketsAt(portPath: string): Promise<readonly Socket[]> {
    if (!portPathForm.test(portPath)) return [];
    const own = this.#socketAt(portPath);
    if (own === undefined) return [];
    const peer = this.#peerOf(portPath);
    const other = peer === undefined ? undefined : this.#socketAt(peer);
    return other === undefined ? [own] : [own, other];
  }

  #socketAt(portPath: string): Socket | undefined {
    const hub = `usb${portPath.slice(0, portPath.indexOf('-'))}`;
    const controller = this.#controllerOf(hub, realPath(this.#allDevices));
    const speed = readNumber(join(this.#devices, hub, 'speed'));
    return controller === undefined ? undefined : socketOf({ controller, portPath, speed: speed ?? null });
  }

  /** Linux names it `peer` below the hub's port since 3.16 (Documentation/ABI/testing/sysfs-bus-usb). */
  #peerOf(portPath: string): string | undefined {
    const at = Math.max(portPath.lastIndexOf('.'), portPath.lastIndexOf('-'));
    const [parent, port] = [portPath.slice(0, at), portPath.slice(at + 1)];
    const isRoot = portPath[at] === '-';
    const folder = isRoot
      ? `usb${parent}/${parent}-0:1.0/usb${parent}-port${port}`
      : `${parent}/${parent}:1.0/${parent}-port${port}`;
    const peer = /^(?:usb(?<bus>\d+)|(?<hub>\d+-[\d.]+))-port(?<port>\d+)$/.exec(
      linkName(join(this.#devices, folder, 'peer')) ?? '',
    )?.groups;
    if (peer === undefined) return undefined;
    const path = peer.bus === undefined ? `${peer.hub}.${peer.port}` : `${peer.bus}-${peer.port}`;
    return portPathForm.test(path) ? path : undefined;
  }

  async #device({ portPath, names, allDevices, disks }: DeviceLook): Promise<UsbDevice | undefined> {
    const folder = join(this.#devices, portPath);
    const busNumber = readNumber(join(folder, 'busnum'));
    const deviceNumber = readNumber(join(folder, 'devnum'));
    const vendorId = readNumber(join(folder, 'idVendor'), 16);
    const productId = readNumber(join(folder, 'idProduct'), 16);
    const deviceClass = readNumber(join(folder, 'bDeviceClass'), 16);
    const controller = this.#controllerOf(portPath, allDevices);
    if (busNumber === undefined || deviceNumber === undefined || controller === undefined) return undefined;
    if (vendorId === undefined || productId === undefined || deviceClass === undefined) return undefined;
    if (deviceClass === hubClass) return undefined;
    const [serial, manufacturer, product] = await Promise.all([
      readDeviceString(join(folder, 'serial')),
      readDeviceString(join(folder, 'manufacturer')),
      readDeviceString(join(folder, 'product')),
    ]);
    const own = names.filter((name) => name.startsWith(`${portPath}:`)).sort();
    const interfaces = own.map((name) => this.#interface(name));
    return {
      portPath,
      controller,
      busNumber,
      deviceNumber,
      vendorId,
      productId,
      deviceClass,
      serial: serial ?? null,
      manufacturer: manufacturer ?? null,
      product: product ?? null,
      speed: readNumber(join(folder, 'speed')) ?? null,
      // Kernels without the attribute know no authorisation: everything is allowed there.
      authorised: readNumber(join(folder, 'authorized')) !== 0,
      interfaces: interfaces.filter((found) => found !== undefined),
      disks,
    };
  }

  /** The controller's path below /sys/devices: `pci0000:00/0000:00:14.0`, `platform/dummy_hcd.0`. */
  #controllerOf(name: string, root: string | undefined): string | undefined {
    const path = realPath(join(this.#devices, name));
    if (path === undefined || root === undefined || !path.startsWith(`${root}/`)) return undefined;
    return /^(.+?)\/usb\d+(?:\/|$)/.exec(path.slice(root.length + 1))?.[1];
  }

  #interface(name: string): UsbInterface | undefined {
    const folder = join(this.#devices, name);
    const interfaceClass = readNumber(join(folder, 'bInterfaceClass'), 16);
    const interfaceSubclass = readNumber(join(folder, 'bInterfaceSubClass'), 16);
    const interfaceProtocol = readNumber(join(folder, 'bInterfaceProtocol'), 16);
    if (interfaceClass === undefined || interfaceSubclass === undefined || interfaceProtocol === undefined) {
      return undefined;
    }
    return {
      name,
      interfaceClass,
      interfaceSubclass,
      interfaceProtocol,
      authorised: readNumber(join(folder, 'authorized')) !== 0,
      driver: linkName(join(folder, 'driver')) ?? null,
    };
  }

  /** Block devices by the nearest USB device above them. */
  async #disksByPort(portPaths: ReadonlySet<string>): Promise<ReadonlyMap<string, readonly UsbDisk[]>> {
    const byPort = new Map<string, UsbDisk[]>();
    for (const name of ((await unlessMissing(readdir(this.#block))) ?? []).sort()) {
      if (!diskForm.test(name)) continue;
      const folder = realPath(join(this.#block, name));
      const port = folder?.split('/').findLast((part) => portPaths.has(part));
      if (folder === undefined || port === undefined) continue;
      const disk = readDisk(name, folder);
      if (disk !== undefined) byPort.set(port, [...(byPort.get(port) ?? []), disk]);
    }
    return byPort;
  }
}

function readDisk(name: string, folder: string): UsbDisk | undefined {
  const sectors = readNumber(join(folder, 'size'));
  const readOnly = readNumber(join(folder, 'ro'));
  if (sectors === undefined || readOnly === undefined) return undefined;
  return {
    name,
    sectors,
    diskSequence: readNumber(join(folder, 'diskseq')) ?? null,
    readOnly: readOnly !== 0,
    vendor: readAttribute(join(folder, 'device/vendor')) ?? '',
    model: readAttribute(join(folder, 'device/model')) ?? '',
    generic: listNames(join(folder, 'device/scsi_generic')).find((generic) => genericForm.test(generic)) ?? null,
    partitions: readPartitions(name, folder),
  };
}

function readPartitions(disk: string, folder: string): UsbDisk['partitions'] {
  const partitions: { name: string; sectors: number; number: number }[] = [];
  for (const name of listNames(folder)) {
    if (!name.startsWith(disk) || !/^\d{1,4}$/.test(name.slice(disk.length))) continue;
    const number = readNumber(join(folder, name, 'partition'));
    const sectors = readNumber(join(folder, name, 'size'));
    if (number !== undefined && sectors !== undefined) partitions.push({ name, sectors, number });
  }
  return partitions.sort((a, b) => a.number - b.number).map(({ name, sectors }) => ({ name, sectors }));
}

/** By bus, then port by port as numbers: `1-2` before `1-10`. */
export function comparePortPaths(a: string, b: string): number {
  const [left, right] = [a.split(/[-.]/).map(Number), b.split(/[-.]/).map(Number)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? -1) - (right[at] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}
