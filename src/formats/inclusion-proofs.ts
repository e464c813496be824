/**
 * Reading the two offline proofs of one record, and verifying them from bytes alone: Sigsum's proof file (version 2),
 * which stands beside the record, and C2SP's tlog-proof, which carries leaf and record along. Only the form that
 * is written here is accepted. Cosignatures are passed over: they are for whoever knows the witnesses' keys.
 * Source: sigsum.org, c2sp.org/tlog-proof.
 */
import { verify } from 'node:crypto';
import { leafBytes, leafChecksum, recordChecksum, verifyLeaf } from './leaf.ts';
import { leafHash, sha256 } from './merkle-hash.ts';
import { verifyInclusion } from './merkle-proof.ts';
import { checkpointText, openCheckpoint, publicKeyFromRaw } from './signed-note.ts';
import { originOf } from './tree-origin.ts';

export interface LogKeys {
  /** Raw public keys. */
  readonly logKey: Buffer;
  readonly leafKey: Buffer;
}

/** A signed head of the log that the proof leads to. */
export interface ProvedHead {
  readonly size: bigint;
  readonly root: Buffer;
}

export interface ProvedRecord {
  readonly index: bigint;
  readonly head: ProvedHead;
}

/**
 * Verifies that the log signed a tree in which this record stands.
 * @returns in words why it proves nothing
 */
export function verifySigsumProof(text: string, record: Uint8Array, keys: LogKeys): ProvedRecord | string {
  const proof = parseSigsumProof(text);
  if (proof === undefined) return 'it is no proof file of version 2';
  if (!proof.logHash.equals(sha256(keys.logKey))) return 'it is of another log';
  const leaf = Buffer.concat([recordChecksum(record), proof.leafSignature, proof.leafKeyHash]);
  if (!verifyLeaf(leaf, keys.leafKey)) return 'the record is not the one that the leaf key signed';
  const { size, root, signature } = proof.head;
  const signed = checkpointText({ origin: originOf(keys.logKey), size: Number(size), root });
  if (!verify(null, Buffer.from(signed), publicKeyFromRaw(keys.logKey), signature))
    return 'its tree head is not signed by the log';
  const isIncluded = verifyInclusion({ leafHash: leafHash(leaf), index: proof.index, size, root, path: proof.path });
  return isIncluded
    ? { index: proof.index, head: { size, root } }
    : 'its path does not lead from the record to the tree head';
}

interface SigsumProof {
  readonly logHash: Buffer;
  readonly leafKeyHash: Buffer;
  readonly leafSignature: Buffer;
  readonly head: ProvedHead & { readonly signature: Buffer };
  readonly index: bigint;
  readonly path: readonly Buffer[];
}

const number = '(0|[1-9][0-9]{0,18})';
const hash32 = '([0-9a-f]{64})';
const signature64 = '([0-9a-f]{128})';
const sigsumForm = new RegExp(
  `^version=2\\nlog=${hash32}\\nleaf=${hash32} ${signature64}\\n\\nsize=${number}\\nroot_hash=${hash32}\\n` +
    `signature=${signature64}\\n((?:cosignature=[0-9a-f]{64} [0-9]{1,20} [0-9a-f]{128}\\n)*)` +
    `(?:\\nleaf_index=${number}\\n((?:node_hash=[0-9a-f]{64}\\n){1,63}))?$`,
);

function parseSigsumProof(text: string): SigsumProof | undefined {
  const match = sigsumForm.exec(text);
  if (!match) return undefined;
  const [, log = '', leafKey = '', leafSignature = '', size = '', root = '', signature = '', , index = '0', path = ''] =
    match;
  // In a tree of one leaf nothing is left to prove.
  if ((match[8] === undefined) !== (size === '1')) return undefined;
  return {
    logHash: Buffer.from(log, 'hex'),
    leafKeyHash: Buffer.from(leafKey, 'hex'),
    leafSignature: Buffer.from(leafSignature, 'hex'),
    head: { size: BigInt(size), root: Buffer.from(root, 'hex'), signature: Buffer.from(signature, 'hex') },
    index: BigInt(index),
    path: Array.from(path.matchAll(/=([0-9a-f]{64})\n/g), ([, node = '']) => Buffer.from(node, 'hex')),
  };
}

export interface TlogProofParts {
  readonly leaf: Uint8Array;
  readonly record: Uint8Array;
  readonly index: number;
  readonly path: readonly Uint8Array[];
  /** The signed checkpoint. */
  readonly note: string;
}

const tlogHeading = 'c2sp.org/tlog-proof@v1';
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The extra data is the 128-byte leaf and then the record's exact bytes: so the file is complete in itself. */
export function tlogProofText({ leaf, record, index, path, note }: TlogProofParts): string {
  const hashes = path.map((node) => `${base64(node)}\n`).join('');
  return `${tlogHeading}\nextra ${base64(Buffer.concat([leaf, record]))}\nindex ${index}\n${hashes}\n${note}`;
}

export const isTlogProof = (text: string): boolean => text.startsWith(`${tlogHeading}\n`);

export interface TlogProof {
  readonly record: Buffer;
  readonly leaf: Buffer;
  readonly index: bigint;
  readonly path: readonly Buffer[];
  readonly note: string;
}

/** @returns undefined when it is not the form that is written here */
export function parseTlogProof(text: string): TlogProof | undefined {
  const match =
    /^c2sp\.org\/tlog-proof@v1\nextra ([A-Za-z0-9+/]+=*)\nindex (0|[1-9]\d{0,18})\n((?:[A-Za-z0-9+/]{43}=\n){0,63})\n/.exec(
      text,
    );
  if (!match) return undefined;
  const [whole, extra = '', index = '', hashes = ''] = match;
  const bytes = Buffer.from(extra, 'base64');
  const path = hashes
    .split('\n')
    .filter(Boolean)
    .map((line) => Buffer.from(line, 'base64'));
  const isCanonical = base64(bytes) === extra && path.map((node) => `${base64(node)}\n`).join('') === hashes;
  if (!isCanonical || bytes.length <= leafBytes) return undefined;
  return {
    leaf: bytes.subarray(0, leafBytes),
    record: bytes.subarray(leafBytes),
    index: BigInt(index),
    path,
    note: text.slice(whole.length),
  };
}

/** @returns in words why it proves nothing */
export function verifyTlogProof(proof: TlogProof, keys: LogKeys): ProvedRecord | string {
  const { leaf, record, index, path, note } = proof;
  if (!recordChecksum(record).equals(leafChecksum(leaf))) return 'the record is not the one of its leaf';
  if (!verifyLeaf(leaf, keys.leafKey)) return 'the record is not one that the leaf key signed';
  const checkpoint = openCheckpoint(note, originOf(keys.logKey), keys.logKey);
  if (typeof checkpoint === 'string') return `its checkpoint is not good: ${checkpoint}`;
  const head = { size: BigInt(checkpoint.size), root: checkpoint.root };
  const isIncluded = verifyInclusion({ leafHash: leafHash(leaf), index, path, ...head });
  return isIncluded ? { index, head } : 'its path does not lead from the record to the checkpoint';
}
