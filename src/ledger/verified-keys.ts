/**
 * Which public keys a log is verified with. They stand in two places: the files of its `keys/`, and its first
 * record, which the leaf key has signed. So one damaged copy is told from a sound one. It never looks at secret keys:
 * someone who replaced files and records alike has made another log, which only a witness or a known key can tell.
 */
import type { StoreFinding } from '../domain/findings.ts';
import { logKeysIn } from '../domain/log-facts.ts';
import { readIfThere } from '../files/if-there.ts';
import { readLines } from '../files/line-reader.ts';
import { leafChecksum, leafOfBundle, recordChecksum, verifyLeaf } from '../formats/leaf.ts';
import { keyOfOpenSsh, openSshText } from '../formats/open-ssh-key.ts';
import { parseVerifierKey, verifierKey } from '../formats/signed-note.ts';
import { originOf } from '../formats/tree-origin.ts';
import type { LedgerFiles } from './ledger-files.ts';
import { type LedgerLayout, tilePath } from './ledger-layout.ts';
import { digestHex, parseRecord } from './record-lines.ts';

export interface VerifiedKeys {
  readonly logKey: Buffer | undefined;
  readonly leafKey: Buffer | undefined;
  readonly findings: readonly StoreFinding[];
}

interface KeyFile {
  readonly path: string;
  readonly text: string | undefined;
  readonly key: Buffer | undefined;
}

interface FirstRecord {
  readonly logKey: Buffer;
  readonly leafKey: Buffer;
  /** Its leaf is signed by the key it names, or the next record names its digest. */
  readonly isConfirmed: boolean;
}

export async function verifyKeys(layout: LedgerLayout, files: LedgerFiles): Promise<VerifiedKeys> {
  const vkey = await readKeyFile(layout, 'keys/log.vkey', selfConsistentKey);
  const logPub = await readKeyFile(layout, 'keys/log.pub', keyOfOpenSsh);
  const leafPub = await readKeyFile(layout, 'keys/leaf.pub', keyOfOpenSsh);
  const first = await readFirstRecord(layout, files);
  const logKey = settleKey(first?.logKey, first?.isConfirmed === true, [vkey.key, logPub.key]);
  const leafKey = settleKey(first?.leafKey, first?.isConfirmed === true, [leafPub.key]);
  const isNew = first === undefined && files.recordSegments.size === 0 && files.tiles.length === 0;
  const wanted: [KeyFile, string | undefined][] = [
    [vkey, logKey && `${verifierKey(originOf(logKey), logKey)}\n`],
    [logPub, logKey && openSshText(logKey, 'evidock-log')],
    [leafPub, leafKey && openSshText(leafKey, 'evidock-leaf')],
  ];
  return {
    logKey,
    leafKey,
    // A ledger without a first record may have been left by a crash between its keys.
    findings: isNew ? [] : wanted.flatMap(([file, text]) => keyFinding(layout.relative(file.path), file.text, text)),
  };
}

function keyFinding(file: string, text: string | undefined, wanted: string | undefined): StoreFinding[] {
  if (text === undefined) return [{ code: 'key-missing', file }];
  if (text === wanted) return [];
  return [{ code: 'key-altered', file, detail: 'it is not the public key that the ledger was begun with' }];
}

/** The confirmed first record decides; else two equal copies; else the copy of a file. */
function settleKey(
  recorded: Buffer | undefined,
  isConfirmed: boolean,
  copies: readonly (Buffer | undefined)[],
): Buffer | undefined {
  if (recorded !== undefined && isConfirmed) return recorded;
  const known = copies.filter((copy) => copy !== undefined);
  return known.find((copy) => recorded?.equals(copy)) ?? known[0] ?? recorded;
}

async function readKeyFile(
  layout: LedgerLayout,
  path: string,
  parse: (text: string) => Buffer | undefined,
): Promise<KeyFile> {
  const text = (await readIfThere(layout.path(path)))?.toString('latin1');
  return { path, text, key: text === undefined ? undefined : parse(text) };
}

function selfConsistentKey(text: string): Buffer | undefined {
  const parsed = parseVerifierKey(text);
  return parsed !== undefined && parsed.name === originOf(parsed.rawKey) ? parsed.rawKey : undefined;
}

async function readFirstRecord(layout: LedgerLayout, files: LedgerFiles): Promise<FirstRecord | undefined> {
  const lines = readLines(layout.path(layout.recordSegment(0)));
  const line = (await lines.next()).value?.bytes;
  const next = (await lines.next()).value?.bytes;
  await lines.return(undefined);
  const record = line === undefined ? undefined : parseRecord(line);
  const named = record && logKeysIn(record.body);
  if (line === undefined || named === undefined) return undefined;
  const rawLeafKey = Buffer.from(named.leafKey, 'hex');
  const isFollowed = next !== undefined && parseRecord(next)?.prev === digestHex(line);
  const isConfirmed = isFollowed || (await isFirstLeafSigned(layout, files, line, rawLeafKey));
  return { logKey: Buffer.from(named.logKey, 'hex'), leafKey: rawLeafKey, isConfirmed };
}

/** Whether any stored copy of leaf 0 is this record's, signed by this key. */
async function isFirstLeafSigned(
  layout: LedgerLayout,
  files: LedgerFiles,
  line: Buffer,
  key: Buffer,
): Promise<boolean> {
  const checksum = recordChecksum(line);
  for (const width of files.widths('entries', 0)) {
    const bundle = await readIfThere(layout.path(tilePath({ level: 'entries', index: 0, width })));
    const leaf = bundle && leafOfBundle(bundle, 0);
    if (leaf && checksum.equals(leafChecksum(leaf)) && isLeafSigned(leaf, key)) return true;
  }
  return false;
}

/** False also when the bytes are no key at all. */
export function isLeafSigned(leaf: Uint8Array, rawKey: Uint8Array): boolean {
  try {
    return verifyLeaf(leaf, rawKey);
  } catch {
    return false;
  }
}
