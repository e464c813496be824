/**
 * A witness: cosigns a log's checkpoint only when it continues the last one that it cosigned, and remembers it before
 * it says so. Checking and storing are one step for each log, so that two requests cannot roll it back between them.
 * The protocol is c2sp.org/tlog-witness; statuses are those of HTTP, on a stick as well.
 */
import { type ParsedAddCheckpoint, parseAddCheckpoint } from '../formats/add-checkpoint.ts';
import { cosign } from '../formats/cosignature.ts';
import { emptyRoot } from '../formats/merkle-hash.ts';
import { verifyConsistency } from '../formats/merkle-proof.ts';
import { verifyNoteSignature } from '../formats/signed-note.ts';
import { type KnownLog, originHash, type WitnessFolder } from './witness-folder.ts';

export type WitnessAnswer =
  /** `lines`: cosignature lines, each with its newline. */
  | { readonly status: 200; readonly lines: string }
  | { readonly status: 409; readonly size: number }
  | { readonly status: 400 | 403 | 404 | 422; readonly reason: string };

export class Witness {
  readonly #folder: WitnessFolder;
  readonly #nowSeconds: () => number;
  /** The end of the last request of each log. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(folder: WitnessFolder, nowSeconds: () => number) {
    this.#folder = folder;
    this.#nowSeconds = nowSeconds;
  }

  get name(): string {
    return this.#folder.signer.name;
  }

  /** @throws the kernel's error when the state could not be stored: then nothing was signed for anybody */
  async addCheckpoint(body: string): Promise<WitnessAnswer> {
    const request = parseAddCheckpoint(body);
    if (typeof request === 'string') return { status: 400, reason: request };
    const log = this.#folder.logs.get(request.checkpoint.origin);
    if (log === undefined) return { status: 404, reason: 'this witness does not know the log' };
    const signature = verifyNoteSignature(request.signed, log.origin, log.rawKey);
    if (typeof signature === 'string') return { status: 403, reason: signature };
    const before = this.#turns.get(log.origin) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => this.#checkAndStore(log, request));
    this.#turns.set(log.origin, turn);
    return turn;
  }

  async #checkAndStore(log: KnownLog, request: ParsedAddCheckpoint): Promise<WitnessAnswer> {
    const { oldSize, path, checkpoint, signed } = request;
    const known = (await this.#folder.state(log))?.checkpoint ?? { size: 0, root: emptyRoot };
    if (oldSize !== known.size) return { status: 409, size: known.size };
    if (checkpoint.size === 0 && !checkpoint.root.equals(emptyRoot)) {
      return { status: 422, reason: 'an empty tree has another root' };
    }
    const isConsistent = verifyConsistency({
      oldSize: BigInt(oldSize),
      oldRoot: known.root,
      newSize: BigInt(checkpoint.size),
      newRoot: checkpoint.root,
      path,
    });
    if (!isConsistent) return { status: 422, reason: 'the log does not continue what this witness has cosigned' };
    const line = cosign(signed.text, this.#folder.signer, this.#nowSeconds());
    const logLines = signed.signatures.filter(({ name }) => name === log.origin).map((one) => `${one.line}\n`);
    await this.#folder.store(log, `${signed.text}\n${logLines.join('')}${line}\n`);
    return { status: 200, lines: `${line}\n` };
  }

  /** The stored checkpoint of the log whose origin has this hash, cosignature included. */
  async checkpointOf(hash: string): Promise<string | undefined> {
    const log = [...this.#folder.logs.values()].find(({ origin }) => originHash(origin) === hash);
    return log === undefined ? undefined : (await this.#folder.state(log))?.note;
  }
}
