/**
 * One log of the ledger as a public log answers questions: tree heads, leaves, inclusion and consistency proofs, and
 * the proof file of one record. It reads tiles and checkpoints on disk only, beside whoever appends, and never a secret
 * key. Records are named by their index in the log, which is their sequence in the first one.
 */
import { readIfThere } from '../files/if-there.ts';
import { type Cosignature, verifiedCosignatures } from '../formats/cosignature.ts';
import { leafOfBundle } from '../formats/leaf.ts';
import { openCheckpoint, parseNote, verifyNoteSignature } from '../formats/signed-note.ts';
import { sigsumProofText, type TreeHead } from '../formats/sigsum-text.ts';
import { LedgerLayout, tileWidth } from './ledger-layout.ts';
import { ledgerAltered } from './ledger-reading.ts';
import { ProofLeafIndex } from './proof-leaf-index.ts';
import { consistencyPath, inclusionPath } from './proof-paths.ts';
import { ProofTiles } from './proof-tiles.ts';

/** The log's identity, and the witnesses whose cosignatures count. */
export interface ProofSourceKeys {
  readonly origin: string;
  /** Raw public keys. */
  readonly logKey: Buffer;
  readonly leafKey: Buffer;
  readonly witnessKeys: readonly Buffer[];
  /** Number of the log, where it is not the first. */
  readonly log?: number;
}

/** A checkpoint as it is on disk. */
export interface PublishedHead extends TreeHead {
  /** The exact bytes, cosignature lines included. */
  readonly note: string;
  readonly root: Buffer;
  readonly cosignatures: readonly Cosignature[];
}

export class ProofSource {
  readonly keys: ProofSourceKeys;
  readonly #layout: LedgerLayout;
  readonly #leaves = new ProofLeafIndex();

  constructor(dataFolder: string, keys: ProofSourceKeys) {
    this.#layout = new LedgerLayout(dataFolder, keys.log);
    this.keys = keys;
  }

  /** The newest checkpoint; undefined before the first. @throws StationError ledger-altered */
  head(): Promise<PublishedHead | undefined> {
    return this.#readHead(this.#layout.checkpoint);
  }

  /** The newest checkpoint that the witnesses of the policy have cosigned. @throws StationError ledger-altered */
  cosignedHead(): Promise<PublishedHead | undefined> {
    return this.#readHead(this.#layout.cosignedCheckpoint);
  }

  /** The head to prove a record against: the cosigned one where it covers the record, else the newest. */
  async headFor(index: number): Promise<PublishedHead | undefined> {
    const cosigned = await this.cosignedHead();
    if (cosigned !== undefined && index < cosigned.size) return cosigned;
    const head = await this.head();
    return head !== undefined && index < head.size ? head : undefined;
  }

  async #readHead(file: string): Promise<PublishedHead | undefined> {
    const note = (await readIfThere(this.#layout.path(file)))?.toString('utf8');
    if (note === undefined) return undefined;
    const { origin, logKey, witnessKeys } = this.keys;
    const checkpoint = openCheckpoint(note, origin, logKey);
    if (typeof checkpoint === 'string') throw ledgerAltered(`${file} is not good: ${checkpoint}`);
    const parsed = parseNote(note);
    const signature = typeof parsed === 'string' ? parsed : verifyNoteSignature(parsed, origin, logKey);
    if (typeof parsed === 'string' || typeof signature === 'string') throw ledgerAltered(`${file}: ${signature}`);
    const cosignatures = verifiedCosignatures(parsed.text, parsed.signatures, witnessKeys);
    return { note, size: checkpoint.size, root: checkpoint.root, signature, cosignatures };
  }

  /** Tiles that hold the first `size` leaves; one object a request. */
  tiles(size: number): ProofTiles {
    return new ProofTiles(this.#layout, size);
  }

  async leaf(tiles: ProofTiles, index: number): Promise<Uint8Array> {
    const leaf = leafOfBundle(await tiles.tile('entries', Math.floor(index / tileWidth)), index % tileWidth);
    if (leaf === undefined) throw ledgerAltered(`leaf ${index} is damaged`);
    return leaf;
  }

  /** @returns undefined when none of the first `size` leaves has this hash */
  findLeaf(tiles: ProofTiles, hash: Uint8Array, size: number): Promise<number | undefined> {
    return this.#leaves.find(hash, tiles, size);
  }

  inclusionPath(tiles: ProofTiles, index: number, size: number): Promise<Uint8Array[]> {
    return inclusionPath(tiles, index, size);
  }

  consistencyPath(tiles: ProofTiles, oldSize: number, newSize: number): Promise<Uint8Array[]> {
    return consistencyPath(tiles, oldSize, newSize);
  }

  /** The proof file (Sigsum, version 2) of a record; undefined when no checkpoint covers it yet. */
  async proofOf(index: number): Promise<{ readonly text: string; readonly head: PublishedHead } | undefined> {
    const head = await this.headFor(index);
    if (head === undefined) return undefined;
    const tiles = this.tiles(head.size);
    const text = sigsumProofText({
      logKey: this.keys.logKey,
      leaf: await this.leaf(tiles, index),
      head,
      inclusion: { index, path: await inclusionPath(tiles, index, head.size) },
    });
    return { text, head };
  }
}
