/**
 * Being a user whom file permissions stop. Root becomes another one; who is not root is such a user already.
 */
import { chownSync, mkdirSync } from 'node:fs';

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
