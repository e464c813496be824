/**
 * Being a user whom file permissions stop. Root becomes another one; who is not root is such a user already.
 */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkout, makeDiskFolder, removeFolder } from './disk-folder.ts';

const isRoot = process.getuid?.() === 0;

/** The uid that the command line then runs as; in no list of users when the tests run as root. */
export const otherUid = isRoot ? 54_321 : (process.getuid?.() ?? 0);

/** Words before the program. */
export const asOtherUser: readonly string[] = isRoot
  ? ['setpriv', `--reuid=${otherUid}`, `--regid=${otherUid}`, '--clear-groups']
  : [];

/** A folder of that user. */
export function makeOthersFolder(folder: string): void {
  mkdirSync(folder);
  if (isRoot) chownSync(folder, otherUid, otherUid);
}

let reachable: string | undefined;

/** The checkout, or a copy of it where the other user cannot read it, as below root's private home. */
export function othersCheckout(): string {
  reachable ??= isRoot && !othersMayRead(checkout) ? copiedCheckout() : checkout;
  return reachable;
}

function othersMayRead(folder: string): boolean {
  const main = statSync(join(folder, 'src/main.ts'));
  if ((main.mode & 0o004) === 0) return false;
  for (let at = join(folder, 'src'); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

function copiedCheckout(): string {
  const folder = makeDiskFolder();
  process.once('exit', () => removeFolder(folder));
  const parts = ['src', 'config', 'native', 'scripts', 'node_modules', 'package.json'].map((name) =>
    join(checkout, name),
  );
  execFileSync('cp', ['-a', ...parts, folder]);
  execFileSync('chmod', ['-R', 'o+rX', folder]);
  return folder;
}
