/**
 * Goal: proofs made from the tiles on disk are right for every record and every pair of sizes, also while the ledger
 * grows and parts of tiles go; the verifier that judges them refuses each with one bit changed.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leafHash } from '../../src/formats/merkle-hash.ts';
import { verifyConsistency, verifyInclusion } from '../../src/formats/merkle-proof.ts';
import { keyOfOpenSsh } from '../../src/formats/open-ssh-key.ts';
import { parseVerifierKey } from '../../src/formats/signed-note.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { ProofSource } from '../../src/ledger/proof-source.ts';
import { notesOf, openNotesLedger } from '../support/notes-ledger.ts';
import { seededRandom } from '../support/random.ts';

let folder: string;
let ledger: Ledger;
let source: ProofSource;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evidock-proofs-'));
  ledger = await openNotesLedger(folder, seededRandom('proof-source'));
  const read = (name: string): Promise<string> => readFile(join(folder, 'ledger/keys', name), 'utf8');
  const log = parseVerifierKey(await read('log.vkey'));
  const leafKey = keyOfOpenSsh(await read('leaf.pub'));
  if (log === undefined || leafKey === undefined) throw new Error('the keys are not there');
  source = new ProofSource(folder, { origin: log.name, logKey: log.rawKey, leafKey, witnessKeys: [] });
});
afterAll(async () => {
  await ledger.close();
  await rm(folder, { recursive: true, force: true });
});

/** Grows the ledger to `size` records and returns the roots at every size up to it, computed the slow way. */
async function growTo(size: number): Promise<void> {
  for (let missing = size - ledger.size; missing > 0; missing -= 200) {
    await ledger.appendAll(notesOf(Math.min(200, missing)));
  }
  await ledger.checkpoint();
}

/** MTH of RFC 6962 as its definition reads, in another way than the program's. */
function treeRoot(leaves: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  if (leaves.length <= 1) {
    for (const leaf of leaves) hash.update('\0').update(leaf);
    return hash.digest();
  }
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return hash
    .update('\u0001')
    .update(treeRoot(leaves.slice(0, split)))
    .update(treeRoot(leaves.slice(split)))
    .digest();
}

async function leavesUpTo(size: number): Promise<Uint8Array[]> {
  const tiles = source.tiles(size);
  const leaves: Uint8Array[] = [];
  for (let seq = 0; seq < size; seq += 1) leaves.push(await source.leaf(tiles, seq));
  return leaves;
}

const flipped = (bytes: Uint8Array): Buffer => {
  const copy = Buffer.from(bytes);
  copy[0] = (copy[0] as number) ^ 1;
  return copy;
};

describe('proofs from tiles', () => {
  it('prove every record in every tree up to 40 records, and nothing that differs by one bit', async () => {
    await growTo(40);
    const leaves = await leavesUpTo(40);
    for (let size = 1; size <= 40; size += 1) {
      const root = treeRoot(leaves.slice(0, size));
      for (let index = 0; index < size; index += 1) {
        const path = await source.inclusionPath(source.tiles(40), index, size);
        const claim = {
          leafHash: leafHash(leaves[index] as Buffer),
          index: BigInt(index),
          size: BigInt(size),
          root,
          path,
        };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, root: flipped(root) })).toBe(false);
        expect(verifyInclusion({ ...claim, leafHash: flipped(claim.leafHash) })).toBe(false);
        expect(verifyInclusion({ ...claim, path: [...path, root] })).toBe(false);
        expect(verifyInclusion({ ...claim, index: BigInt(size) })).toBe(false);
        for (const at of path.keys()) {
          expect(verifyInclusion({ ...claim, path: path.with(at, flipped(path[at] as Uint8Array)) })).toBe(false);
          expect(verifyInclusion({ ...claim, path: path.toSpliced(at, 1) })).toBe(false);
        }
      }
    }
  });

  it('prove every size consistent with every later one, and nothing that differs by one bit', async () => {
    const leaves = await leavesUpTo(40);
    const roots = Array.from({ length: 41 }, (_, size) => treeRoot(leaves.slice(0, size)));
    for (let newSize = 1; newSize <= 40; newSize += 1) {
      for (let oldSize = 1; oldSize <= newSize; oldSize += 1) {
        const path = await source.consistencyPath(source.tiles(40), oldSize, newSize);
        const [oldRoot, newRoot] = [roots[oldSize] as Buffer, roots[newSize] as Buffer];
        const claim = { oldSize: BigInt(oldSize), newSize: BigInt(newSize), oldRoot, newRoot, path };
        expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, oldRoot: flipped(oldRoot) })).toBe(false);
        expect(verifyConsistency({ ...claim, newRoot: flipped(newRoot) })).toBe(false);
        for (const at of path.keys()) {
          expect(verifyConsistency({ ...claim, path: path.with(at, flipped(path[at] as Uint8Array)) })).toBe(false);
        }
      }
    }
  });

  it('hold over several levels of tiles, for old sizes whose parts of tiles are gone', async () => {
    await growTo(700);
    await growTo(70_000);
    const head = await source.head();
    expect(head?.size).toBe(70_000);
    const root = head?.root as Buffer;
    for (const index of [0, 255, 256, 699, 4095, 65_535, 65_536, 69_887, 69_888, 69_999]) {
      const tiles = source.tiles(70_000);
      const hash = leafHash(await source.leaf(tiles, index));
      expect(await source.findLeaf(tiles, hash, 70_000)).toBe(index);
      expect(await source.findLeaf(tiles, hash, index)).toBeUndefined();
      const path = await source.inclusionPath(tiles, index, 70_000);
      expect(verifyInclusion({ leafHash: hash, index: BigInt(index), size: 70_000n, root, path })).toBe(true);
    }
    for (const oldSize of [1, 40, 255, 256, 257, 700, 65_536, 65_537, 69_999]) {
      const path = await source.consistencyPath(source.tiles(70_000), oldSize, 70_000);
      const oldRoot = Buffer.from(await source.tiles(70_000).range(0, oldSize));
      const claim = { oldSize: BigInt(oldSize), newSize: 70_000n, oldRoot, newRoot: root, path };
      expect(verifyConsistency(claim)).toBe(true);
    }
    expect(await source.findLeaf(source.tiles(70_000), Buffer.alloc(32, 1), 70_000)).toBeUndefined();
  }, 120_000);

  it('give a proof file against the newest checkpoint, and none for a record that no checkpoint covers', async () => {
    await ledger.appendAll(notesOf(1));
    expect(await source.proofOf(ledger.size - 1)).toBeUndefined();
    const proof = await source.proofOf(17);
    expect(proof?.text).toMatch(/^version=2\nlog=[0-9a-f]{64}\nleaf=[0-9a-f]{64} [0-9a-f]{128}\n\nsize=70000\n/);
    expect(proof?.text).toContain('\n\nleaf_index=17\nnode_hash=');
  });
});
