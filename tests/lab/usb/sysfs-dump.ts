/**
 * The USB part of a real /sys as one JSON value, and back into a folder: fixtures for the bus reader's tests, so that
 * they look at what a kernel really shows. Holds attribute files and symbolic links, no binary descriptors.
 */
import { mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export interface SysfsDump {
  readonly about: string;
  readonly kernel: string;
  /** Path below /sys to the file's whole content. */
  readonly files: { readonly [path: string]: string };
  /** Path below /sys to the link's target as readlink gives it. */
  readonly links: { readonly [path: string]: string };
}

const attributes = new Set(
  (
    'authorized authorized_default interface_authorized_default bConfigurationValue bDeviceClass bDeviceProtocol ' +
    'bDeviceSubClass bInterfaceClass bInterfaceNumber bInterfaceProtocol bInterfaceSubClass bMaxPower ' +
    'bNumConfigurations bNumEndpoints bNumInterfaces bcdDevice busnum configuration dev devnum devpath diskseq ' +
    'idProduct idVendor interface manufacturer maxchild model modalias name partition product removable rev ro ' +
    'serial size speed start state supports_autosuspend type uevent vendor version'
  ).split(' '),
);
/** Links that tie things together; others, such as firmware nodes, say nothing about USB. */
const linkNames = new Set(['driver', 'generic', 'subsystem', 'device', 'peer']);
/** Folders without anything that a bus reader needs. */
const skipped = /^(power|queue|trace|integrity|holders|slaves|mq|ep_[0-9a-f]+|bsg|scsi_disk|scsi_device|wakeup\d*)$/u;

/** Everything below the USB buses of `sys` whose root hubs `keep` wants. */
export function dumpSysfs(sys: string, about: string, keep: (rootHubPath: string) => boolean): SysfsDump {
  const dump = { files: {} as Record<string, string>, links: {} as Record<string, string> };
  const entries = readdirSync(join(sys, 'bus/usb/devices')).sort();
  const roots = entries
    .filter((name) => name.startsWith('usb'))
    .map((name) => relative(sys, realpathSync(join(sys, 'bus/usb/devices', name))))
    .filter(keep);
  for (const root of roots) addFolder(dump, sys, root);
  for (const [folder, names] of [
    ['bus/usb/devices', entries],
    ['block', readdirSync(join(sys, 'block')).sort()],
  ] as const) {
    for (const name of names) {
      const path = join(sys, folder, name);
      const real = relative(sys, realpathSync(path));
      if (roots.some((root) => real === root || real.startsWith(`${root}/`))) {
        dump.links[join(folder, name)] = readlinkSync(path);
      }
    }
  }
  return { about, kernel: readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim(), ...dump };
}

/** Makes the dump a folder that can stand for /sys. Links may point to drivers that are not in it. */
export function layOutSysfs(dump: SysfsDump, sys: string): void {
  for (const [path, content] of Object.entries(dump.files)) {
    mkdirSync(dirname(join(sys, path)), { recursive: true });
    writeFileSync(join(sys, path), content);
  }
  for (const [path, target] of Object.entries(dump.links)) {
    mkdirSync(dirname(join(sys, path)), { recursive: true });
    symlinkSync(target, join(sys, path));
  }
}

interface Growing {
  readonly files: Record<string, string>;
  readonly links: Record<string, string>;
}

function addFolder(dump: Growing, sys: string, folder: string): void {
  for (const entry of readdirSync(join(sys, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink() && linkNames.has(entry.name)) dump.links[path] = readlinkSync(join(sys, path));
    else if (entry.isDirectory() && !skipped.test(entry.name)) addFolder(dump, sys, path);
    else if (entry.isFile() && attributes.has(entry.name)) addFile(dump, sys, path);
  }
}

/** Some attributes have no value right now, and reading them fails: they are left out, as a reader finds them. */
function addFile(dump: Growing, sys: string, path: string): void {
  try {
    dump.files[path] = readFileSync(join(sys, path), 'utf8');
  } catch {
    return;
  }
}
