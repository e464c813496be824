/** The login name behind an actor id of the command line (`os-user:0`), so that a person is named as people are. */
import { readFileSync } from 'node:fs';

/** The id itself where the machine's list of accounts does not have the user, or cannot be read. */
export function accountName(actorId: string): string {
  const uid = /^os-user:(\d+)$/.exec(actorId)?.[1];
  if (uid === undefined) return actorId;
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    const account = lines.map((line) => line.split(':')).find((fields) => fields[2] === uid);
    return account?.[0] || actorId;
  } catch {
    return actorId;
  }
}
