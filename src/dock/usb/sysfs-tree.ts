/**
 * The kernel's USB tree as sysfs shows it: which device sits on which port path, and which disks belong to it. Nothing
 * is opened, claimed or changed, and no permission is needed. Strings are the devices' own words, cleaned and bounded.
 * A device that vanishes while it is read is left out; it is the next look's.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { UsbDevice, UsbDisk, UsbInterface, UsbTree } from './ports.ts';
import { type Socket, socketOf } from './slot-map.ts';
import { linkName, listNames, readAttribute, readNumber, realPath, unlessMissing } from './sysfs-files.ts';

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
    const devices = await Promise.all(paths.map((path) => this.#device(path, names, disks.get(path) ?? [])));
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
    const own = await this.#socketAt(portPath);
    if (own === undefined) return [];
    const peer = await this.#peerOf(portPath);
    const other = peer === undefined ? undefined : await this.#socketAt(peer);
    return other === undefined ? [own] : [own, other];
  }

  async #socketAt(portPath: string): Promise<Socket | undefined> {
    const hub = `usb${portPath.slice(0, portPath.indexOf('-'))}`;
    const controller = await this.#controllerOf(hub);
    const speed = await readNumber(join(this.#devices, hub, 'speed'));
    return controller === undefined ? undefined : socketOf({ controller, portPath, speed: speed ?? null });
  }

  /** Linux names it `peer` below the hub's port since 3.16 (Documentation/ABI/testing/sysfs-bus-usb). */
  async #peerOf(portPath: string): Promise<string | undefined> {
    const at = Math.max(portPath.lastIndexOf('.'), portPath.lastIndexOf('-'));
    const [parent, port] = [portPath.slice(0, at), portPath.slice(at + 1)];
    const isRoot = portPath[at] === '-';
    const folder = isRoot
      ? `usb${parent}/${parent}-0:1.0/usb${parent}-port${port}`
      : `${parent}/${parent}:1.0/${parent}-port${port}`;
    const peer = /^(?:usb(?<bus>\d+)|(?<hub>\d+-[\d.]+))-port(?<port>\d+)$/.exec(
      (await linkName(join(this.#devices, folder, 'peer'))) ?? '',
    )?.groups;
    if (peer === undefined) return undefined;
    const path = peer.bus === undefined ? `${peer.hub}.${peer.port}` : `${peer.bus}-${peer.port}`;
    return portPathForm.test(path) ? path : undefined;
  }

  async #device(portPath: string, names: readonly string[], disks: readonly UsbDisk[]): Promise<UsbDevice | undefined> {
    const folder = join(this.#devices, portPath);
    const [busNumber, deviceNumber, vendorId, productId, deviceClass, controller] = await Promise.all([
      readNumber(join(folder, 'busnum')),
      readNumber(join(folder, 'devnum')),
      readNumber(join(folder, 'idVendor'), 16),
      readNumber(join(folder, 'idProduct'), 16),
      readNumber(join(folder, 'bDeviceClass'), 16),
      this.#controllerOf(portPath),
    ]);
    if (busNumber === undefined || deviceNumber === undefined || controller === undefined) return undefined;
    if (vendorId === undefined || productId === undefined || deviceClass === undefined) return undefined;
    if (deviceClass === hubClass) return undefined;
    const [serial, manufacturer, product, speed, authorised] = await Promise.all([
      readAttribute(join(folder, 'serial')),
      readAttribute(join(folder, 'manufacturer')),
      readAttribute(join(folder, 'product')),
      readNumber(join(folder, 'speed')),
      readNumber(join(folder, 'authorized')),
    ]);
    const own = names.filter((name) => name.startsWith(`${portPath}:`)).sort();
    const interfaces = await Promise.all(own.map((name) => this.#interface(name)));
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
      speed: speed ?? null,
      // Kernels without the attribute know no authorisation: everything is allowed there.
      authorised: authorised !== 0,
      interfaces: interfaces.filter((found) => found !== undefined),
      disks,
    };
  }

  /** The controller's path below /sys/devices: `pci0000:00/0000:00:14.0`, `platform/dummy_hcd.0`. */
  async #controllerOf(name: string): Promise<string | undefined> {
    const [path, root] = [await realPath(join(this.#devices, name)), await realPath(this.#allDevices)];
    if (path === undefined || root === undefined || !path.startsWith(`${root}/`)) return undefined;
    return /^(.+?)\/usb\d+(?:\/|$)/.exec(path.slice(root.length + 1))?.[1];
  }

  async #interface(name: string): Promise<UsbInterface | undefined> {
    const folder = join(this.#devices, name);
    const [interfaceClass, interfaceSubclass, interfaceProtocol, authorised, driver] = await Promise.all([
      readNumber(join(folder, 'bInterfaceClass'), 16),
      readNumber(join(folder, 'bInterfaceSubClass'), 16),
      readNumber(join(folder, 'bInterfaceProtocol'), 16),
      readNumber(join(folder, 'authorized')),
      linkName(join(folder, 'driver')),
    ]);
    if (interfaceClass === undefined || interfaceSubclass === undefined || interfaceProtocol === undefined) {
      return undefined;
    }
    const isAuthorised = authorised !== 0;
    return {
      name,
      interfaceClass,
      interfaceSubclass,
      interfaceProtocol,
      authorised: isAuthorised,
      driver: driver ?? null,
    };
  }

  /** Block devices by the nearest USB device above them. */
  async #disksByPort(portPaths: ReadonlySet<string>): Promise<ReadonlyMap<string, readonly UsbDisk[]>> {
    const byPort = new Map<string, UsbDisk[]>();
    for (const name of ((await unlessMissing(readdir(this.#block))) ?? []).sort()) {
      if (!diskForm.test(name)) continue;
      const folder = await realPath(join(this.#block, name));
      const port = folder?.split('/').findLast((part) => portPaths.has(part));
      if (folder === undefined || port === undefined) continue;
      const disk = await readDisk(name, folder);
      if (disk !== undefined) byPort.set(port, [...(byPort.get(port) ?? []), disk]);
    }
    return byPort;
  }
}

async function readDisk(name: string, folder: string): Promise<UsbDisk | undefined> {
  const [sectors, diskSequence, readOnly, vendor, model, generics] = await Promise.all([
    readNumber(join(folder, 'size')),
    readNumber(join(folder, 'diskseq')),
    readNumber(join(folder, 'ro')),
    readAttribute(join(folder, 'device/vendor')),
    readAttribute(join(folder, 'device/model')),
    listNames(join(folder, 'device/scsi_generic')),
  ]);
  if (sectors === undefined || readOnly === undefined) return undefined;
  return {
    name,
    sectors,
    diskSequence: diskSequence ?? null,
    readOnly: readOnly !== 0,
    vendor: vendor ?? '',
    model: model ?? '',
    generic: generics.find((generic) => genericForm.test(generic)) ?? null,
    partitions: await readPartitions(name, folder),
  };
}

async function readPartitions(disk: string, folder: string): Promise<UsbDisk['partitions']> {
  const partitions: { name: string; sectors: number; number: number }[] = [];
  for (const name of await listNames(folder)) {
    if (!name.startsWith(disk) || !/^\d{1,4}$/.test(name.slice(disk.length))) continue;
    const number = await readNumber(join(folder, name, 'partition'));
    const sectors = await readNumber(join(folder, name, 'size'));
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
