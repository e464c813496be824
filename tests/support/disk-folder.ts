/**
 * Folders of tests on a real disk: short paths (socket names have a limit), never in memory, because a vault in memory
 * is refused. Each test file has one and removes it at its end.
 */
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const checkout = join(import.meta.dirname, '../..');

/** `f_type` of tmpfs and ramfs, statfs(2). */
const memoryFileSystems = [0x01021994, 0x858458f6];

/** Where disk folders go: the first usual place that is not in memory (Debian 13 has /tmp there). */
function diskParent(): string {
  const places = [tmpdir(), '/var/tmp', join(checkout, 'node_modules')];
  const place = places.find((folder) => !memoryFileSystems.includes(statfsSync(folder).type));
  if (place === undefined) throw new Error(`no disk: ${places.join(', ')} all lie in memory`);
  return place;
}

/** A new folder on a disk, readable for other users too, since some tests change user. */
export function makeDiskFolder(): string {
  const folder = mkdtempSync(join(diskParent(), 'ev-'));
  chmodSync(folder, 0o755);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
