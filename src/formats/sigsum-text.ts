/**
 * What Sigsum programs read: lines of `key=value` in ASCII, hashes and signatures in hex. The answers of a log, and
 * the proof file of one leaf (version 2) that sigsum-verify takes. Source: sigsum.org "log" v1 and sigsum-proof.
 */
import { sha256 } from './merkle-hash.ts';

export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
  /** The log's Ed25519 signature over the checkpoint's text. */
  readonly signature: Uint8Array;
  readonly cosignatures: readonly {
    /** The witness's raw public key. */
    readonly key: Uint8Array;
    readonly time: bigint;
    readonly signature: Uint8Array;
  }[];
}

export interface LeafInclusion {
  readonly index: number;
  readonly path: readonly Uint8Array[];
}

export function treeHeadText({ size, root, signature, cosignatures }: TreeHead): string {
  const head = `size=${size}\nroot_hash=${hex(root)}\nsignature=${hex(signature)}\n`;
  const lines = cosignatures.map((one) => `cosignature=${hex(sha256(one.key))} ${one.time} ${hex(one.signature)}\n`);
  return head + lines.join('');
}

export const inclusionText = ({ index, path }: LeafInclusion): string => `leaf_index=${index}\n${pathText(path)}`;

export const pathText = (path: readonly Uint8Array[]): string =>
  path.map((node) => `node_hash=${hex(node)}\n`).join('');

/** A leaf as `get-leaves` gives it: checksum, signature, hash of the key. */
export const leafText = (leaf: Uint8Array): string =>
  `leaf=${hex(leaf.subarray(0, 32))} ${hex(leaf.subarray(32, 96))} ${hex(leaf.subarray(96))}\n`;

export interface ProofParts {
  /** The log's raw public key. */
  readonly logKey: Uint8Array;
  readonly leaf: Uint8Array;
  readonly head: TreeHead;
  readonly inclusion: LeafInclusion;
}

/** A proof file, version 2. In a tree of one leaf nothing is left to prove, and the format wants the part left out. */
export function sigsumProofText({ logKey, leaf, head, inclusion }: ProofParts): string {
  const short = `leaf=${hex(leaf.subarray(96))} ${hex(leaf.subarray(32, 96))}\n`;
  const text = `version=2\nlog=${hex(sha256(logKey))}\n${short}\n${treeHeadText(head)}`;
  return head.size === 1 ? text : `${text}\n${inclusionText(inclusion)}`;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
