/**
 * What the station gives those who verify: the proof of a record under a checkpoint that covers it, the fingerprints of
 * its public keys, and the file of what to trust.
 */
import { StationError } from '../domain/errors.ts';
import { fingerprintsOf, type KeyFingerprint, trustFileText } from '../exporting/trust-file.ts';
import { tlogProofText } from '../formats/inclusion-proofs.ts';
import { sigsumProofText } from '../formats/sigsum-text.ts';
import { readExactLines } from '../ledger/exact-lines.ts';
import type { StationContext } from './station-context.ts';
import { allStationKeys, stationKeys } from './station-keys.ts';

export interface RecordProof {
  readonly tlogProof: string;
  readonly sigsum: string;
  readonly record: string;
  /** Of a record in a log that has ended: the first record of the next log, which holds the checkpoint of the proof. */
  readonly continuedBy: number | undefined;
}

export class ProofDesk {
  readonly #context: StationContext;

  constructor(context: StationContext) {
    this.#context = context;
  }

  /**
   * The proof of a record, by its number, or of the record that sealed a clip; a checkpoint over it is signed first.
   * @throws StationError clip-unknown, record-unknown
   */
  async proof(name: string): Promise<RecordProof> {
    const { registry, ledger, logProofs } = this.#context;
    const isNumber = /^(0|[1-9]\d{0,14})$/.test(name);
    const seq = isNumber ? Number(name) : registry.exports.sealRecord(name);
    if (seq === undefined || seq >= ledger.size) {
      throw new StationError(isNumber ? 'record-unknown' : 'clip-unknown', `there is no record or clip ${name}`, {
        next: 'List the clips: evidock clips. Records are numbered from 0.',
      });
    }
    await ledger.checkpoint();
    const [exact] = await readExactLines(ledger.logs, [seq]);
    const { log, source, index } = logProofs.placeOf(seq);
    const head = await source.headFor(index);
    if (exact === undefined || head === undefined) throw new Error(`record ${seq} has no proof`);
    const tiles = source.tiles(head.size);
    const leaf = await source.leaf(tiles, index);
    const path = await source.inclusionPath(tiles, index, head.size);
    return {
      tlogProof: tlogProofText({ leaf, record: exact.line, index, path, note: head.note }),
      sigsum: sigsumProofText({ logKey: source.keys.logKey, leaf, head, inclusion: { index, path } }),
      record: exact.line.toString('utf8'),
      continuedBy: log.closed === undefined ? undefined : log.firstSequence + log.size,
    };
  }

  /** Of every public key that signs for this station, as a hand-over sheet prints them. */
  async fingerprints(): Promise<readonly KeyFingerprint[]> {
    return fingerprintsOf(await stationKeys(this.#context));
  }

  /** The public keys and the newest checkpoint of every log, for verifiers. */
  async trustFile(): Promise<{ readonly text: string; readonly fingerprints: readonly KeyFingerprint[] }> {
    const { ledger, options, logProofs } = this.#context;
    await ledger.checkpoint();
    const keys = await allStationKeys(this.#context);
    const heads = await Promise.all(keys.logs.map(({ log }) => logProofs.find(log)?.head()));
    const notes = heads.flatMap((head) => (head === undefined ? [] : [head.note]));
    return {
      text: trustFileText(keys, `${ledger.station} (${options.configuration.station.name})`, notes),
      fingerprints: fingerprintsOf(keys),
    };
  }
}
