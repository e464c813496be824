/**
 * The guest's USB as the station's side sees it, read straight from sysfs and written without looking at src/dock: an
 * oracle for the bus reader, not a copy of it.
 */
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const devices = '/sys/bus/usb/devices';

export interface SeenDevice {
  /** Such as `2-1`. */
  readonly portPath: string;
  /** The virtual socket, from 0; undefined for real and QEMU's own hardware. */
  readonly socket: number | undefined;
  readonly serial: string | undefined;
  /** Such as `sda`, from the device's own folder in sysfs. */
  readonly disks: readonly string[];
}

/** Everything plugged in; root hubs are left out. */
export function seenDevices(): SeenDevice[] {
  const disks = readdirSync('/sys/block').map((name) => ({ name, path: realOf(join('/sys/block', name)) }));
  return readdirSync(devices)
    .filter((name) => /^\d+-[\d.]+$/u.test(name))
    .flatMap((portPath) => {
      const path = realOf(join(devices, portPath));
      if (path === undefined) return [];
      const socket = /\/dummy_hcd\.(\d+)\//u.exec(path)?.[1];
      return [
        {
          portPath,
          socket: socket === undefined ? undefined : Number(socket),
          serial: attribute(join(path, 'serial')),
          disks: disks.filter((disk) => nearestDevice(disk.path) === portPath).map((disk) => disk.name),
        },
      ];
    });
}

/** Below hubs a path names several devices; the last one is the disk's own. */
function nearestDevice(path: string | undefined): string | undefined {
  return path?.split('/').findLast((part) => /^\d+-[\d.]+$/u.test(part));
}

/** Only of virtual sockets, by socket. */
export function seenSockets(): Map<number, SeenDevice> {
  return new Map(seenDevices().flatMap((seen) => (seen.socket === undefined ? [] : [[seen.socket, seen]])));
}

/** A disk whose medium the kernel has read, with its size. */
export function readySectors(disk: string): number {
  return Number(attribute(`/sys/block/${disk}/size`) ?? '0');
}

export function inputDevices(): string[] {
  const folder = '/sys/class/input';
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('input')) : [];
}

/** Of every bus: whether interfaces of devices that come from now on may have a driver at once. */
export function authoriseByDefault(byDefault: '0' | '1'): void {
  for (const bus of readdirSync(devices).filter((name) => name.startsWith('usb'))) {
    writeFileSync(join(devices, bus, 'interface_authorized_default'), byDefault);
  }
}

/** The file's text without its end of line; undefined when it is not there (any more). */
export function attribute(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\n$/u, '');
  } catch {
    return undefined;
  }
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
