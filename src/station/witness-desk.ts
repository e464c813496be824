/**
 * The part of the composition root that asks witnesses: after each checkpoint of the running service in the
 * background, on demand, or with a stick. Cosignatures go to the ledger; what speaks against the ledger is an alarm.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { addCheckpointText } from '../formats/add-checkpoint.ts';
import { verifiedCosignatures, withCosignatures } from '../formats/cosignature.ts';
import { parseNote } from '../formats/signed-note.ts';
import type { PolicyWitness } from '../formats/sigsum-policy.ts';
import type { ProofSource, PublishedHead } from '../ledger/proof-source.ts';
import { askWitness, readCosignature, type WitnessReply } from '../ledger/witness-client.ts';
import type { AlarmDesk } from './alarm-desk.ts';
import type { StationContext } from './station-context.ts';

/** After a checkpoint a witness that does not answer is asked again so often, then at the next checkpoint. */
const retryMs = [2_000, 15_000, 60_000] as const;
/** A witness that has seen another size is asked again with a proof from there; the ledger may grow meanwhile. */
const proofsMax = 3;

/** A checkpoint that witnesses are asked about, and the log that it is of. */
interface AskedHead {
  readonly source: ProofSource;
  readonly head: PublishedHead;
}

/** What a witness is asked by stick. */
export interface StickRequest {
  readonly oldSize: number;
  readonly text: string;
  /** Number of the log, when it has ended. */
  readonly endedLog?: number;
}

export interface WitnessState {
  readonly name: string;
  readonly hasAddress: boolean;
  /** Its last cosignature that is on disk: time and size. */
  readonly cosigned: { readonly at: Date; readonly size: number } | undefined;
  /** What went wrong when it was asked last, in English. */
  readonly trouble: string | undefined;
}

export class WitnessDesk {
  readonly #context: StationContext;
  readonly #alarms: Pick<AlarmDesk, 'raise'>;
  /** By origin and key: the size that the witness said it cosigned last. By key in hex: its last trouble. */
  readonly #sizes = new Map<string, number>();
  readonly #troubles = new Map<string, string>();
  #round: Promise<void> | undefined;
  #isWanted = false;
  /** Called when cosignatures that are enough for the policy are on disk. It must not wait for the ledger. */
  onCosigned: () => void = () => undefined;

  constructor(context: StationContext, alarms: Pick<AlarmDesk, 'raise'>) {
    this.#context = context;
    this.#alarms = alarms;
  }

  /** Asks every witness in the background; called after each checkpoint. */
  askSoon(): void {
    this.#isWanted = true;
    this.#round ??= this.#askWhileWanted().finally(() => {
      this.#round = undefined;
    });
  }

  async #askWhileWanted(): Promise<void> {
    const { closing, options } = this.#context;
    try {
      while (this.#isWanted && !closing.aborted) {
        this.#isWanted = false;
        await this.#askWithRetries();
      }
    } catch (error) {
      if (!closing.aborted) options.log.error({ err: error }, 'the witnesses could not be asked');
    }
  }

  async #askWithRetries(): Promise<void> {
    for (const waitMs of [...retryMs, undefined]) {
      await this.ask();
      if (this.#troubles.size === 0 || waitMs === undefined || this.#isWanted) return;
      await sleep(waitMs, undefined, { signal: this.#context.closing });
    }
  }

  /** Resolves when nothing is asked any more; the station is closing. */
  async idle(): Promise<void> {
    await this.#round;
  }

  /** Asks every witness with an address once, and keeps what they sign; also about logs that ended without it. */
  async ask(): Promise<void> {
    const { proofs, policy } = this.#context;
    const asked = policy.witnesses.filter(({ url }) => url !== undefined);
    for (const source of await this.#endedSources(asked)) await this.#askAbout(source);
    await this.#askAbout(proofs);
  }

  /** Logs that have ended and whose last checkpoint lacks one of these witnesses. */
  async #endedSources(wanted: readonly PolicyWitness[]): Promise<ProofSource[]> {
    const { ledger, logProofs } = this.#context;
    const lacking: ProofSource[] = [];
    for (const log of ledger.logs.logs.slice(0, -1)) {
      const source = logProofs.sourceOf(log);
      const signed = (await source.head())?.cosignatures ?? [];
      if (wanted.some(({ key }) => !signed.some((one) => one.key.equals(key)))) lacking.push(source);
    }
    return lacking;
  }

  async #askAbout(source: ProofSource): Promise<void> {
    const head = await source.head();
    if (head === undefined) return;
    const asked = this.#context.policy.witnesses.filter(({ url }) => url !== undefined);
    const replies = await Promise.all(asked.map((witness) => this.#askOne(witness, { source, head })));
    await this.#keep(
      { source, head },
      replies.flatMap((reply) => (reply.kind === 'cosigned' ? [reply.line] : [])),
    );
  }

  async #askOne(witness: PolicyWitness, { source, head }: AskedHead): Promise<WitnessReply> {
    const key = witness.key.toString('hex');
    const sizeKey = `${source.keys.origin} ${key}`;
    let reply: WitnessReply = { kind: 'failed', why: 'it says another size each time' };
    for (let proof = 0; proof < proofsMax; proof += 1) {
      const oldSize = Math.min(this.#sizes.get(sizeKey) ?? 0, head.size);
      reply = await askWitness({
        url: witness.url ?? '',
        key: witness.key,
        text: textOf(head.note),
        request: await requestFrom(oldSize, { source, head }),
        signal: AbortSignal.any([this.#context.closing, AbortSignal.timeout(this.#timeoutMs)]),
      });
      if (reply.kind !== 'other-size') break;
      this.#sizes.set(sizeKey, reply.size);
      if (reply.size > head.size) {
        await this.#alarms.raise({ kind: 'witness-ahead', evidence: `${witness.name} ${key} ${reply.size}` });
        break;
      }
    }
    if (reply.kind === 'cosigned') this.#sizes.set(sizeKey, head.size);
    if (reply.kind === 'inconsistent') {
      const size = this.#sizes.get(sizeKey) ?? 0;
      await this.#alarms.raise({ kind: 'witness-contradicts', evidence: `${witness.name} ${key} ${size}` });
    }
    if (source === this.#context.proofs) this.#note(key, reply);
    return reply;
  }

  get #timeoutMs(): number {
    return this.#context.options.configuration.ledger.witnessTimeoutSeconds * 1000;
  }

  #note(key: string, reply: WitnessReply): void {
    if (reply.kind === 'cosigned') this.#troubles.delete(key);
    else {
      const words = { 'other-size': 'it has seen a longer ledger', inconsistent: 'it has seen another ledger' };
      this.#troubles.set(key, reply.kind === 'failed' ? reply.why : words[reply.kind]);
    }
  }

  async #keep({ source, head }: AskedHead, lines: Parameters<typeof withCosignatures>[1]): Promise<boolean> {
    if (lines.length === 0) return false;
    const { policy, ledger } = this.#context;
    // What came by another way meanwhile stays.
    const current = await source.head();
    const note = parseNote(current?.size === head.size ? current.note : head.note);
    if (typeof note === 'string') throw new Error(note);
    const merged = withCosignatures(note, lines);
    const all = parseNote(merged);
    const signed = typeof all === 'string' ? [] : verifiedCosignatures(all.text, all.signatures, this.#witnessKeys());
    const isEnough = policy.needsWitnesses && policy.isQuorum(new Set(signed.map(({ key }) => key.toString('hex'))));
    await ledger.storeCosignatures(merged, isEnough);
    if (isEnough) this.onCosigned();
    return true;
  }

  #witnessKeys(): Buffer[] {
    return this.#context.policy.witnesses.map(({ key }) => key);
  }

  /**
   * Requests for a stick: the newest checkpoint with a proof from each size that a witness may have seen last. A new
   * witness takes the one from 0, one that has signed this very checkpoint the one from its own size. Named by old size.
   * Of logs that have ended likewise, where a witness has not signed their last checkpoint.
   */
  async requestsForStick(moreSizes: readonly number[]): Promise<StickRequest[]> {
    await this.#context.ledger.checkpoint();
    const { proofs, policy } = this.#context;
    const requests = await this.#stickRequests(proofs, moreSizes);
    for (const source of await this.#endedSources(policy.witnesses)) {
      const about = await this.#stickRequests(source, []);
      requests.push(...about.map((request) => ({ ...request, endedLog: source.keys.log ?? 0 })));
    }
    return requests;
  }

  async #stickRequests(source: ProofSource, moreSizes: readonly number[]): Promise<StickRequest[]> {
    const head = await source.head();
    if (head === undefined) return [];
    const cosigned = await source.cosignedHead();
    const known = this.#witnessKeys().map(
      (key) => this.#sizes.get(`${source.keys.origin} ${key.toString('hex')}`) ?? 0,
    );
    const sizes = new Set([0, head.size, cosigned?.size ?? 0, ...known, ...moreSizes]);
    const usable = [...sizes].filter((size) => size <= head.size).sort((a, b) => a - b);
    return Promise.all(
      usable.map(async (oldSize) => ({ oldSize, text: await requestFrom(oldSize, { source, head }) })),
    );
  }

  /** Takes a witness's answer from a stick. @returns its name, or why it is not good */
  async takeAnswer(request: string, answer: string): Promise<{ readonly name: string } | { readonly why: string }> {
    const { policy, ledger, logProofs } = this.#context;
    const note = request.slice(request.indexOf('\n\n') + 2);
    const text = textOf(note);
    const [origin, sizeText, rootText] = text.split('\n');
    const log = ledger.logs.logs.find((one) => one.origin === origin);
    for (const witness of policy.witnesses) {
      const reply = readCosignature(answer, { text, key: witness.key });
      if (reply.kind !== 'cosigned') continue;
      const size = Number(sizeText);
      const source = log && logProofs.sourceOf(log);
      const head = await source?.head();
      if (source === undefined || head === undefined || size > head.size)
        return { why: 'the checkpoint is not of this ledger' };
      const root = await source.tiles(head.size).range(0, size);
      if (rootText !== Buffer.from(root).toString('base64')) return { why: 'this ledger has another root' };
      await this.#keep({ source, head: { ...head, size, note } }, [reply.line]);
      this.#sizes.set(`${origin} ${witness.key.toString('hex')}`, size);
      this.#troubles.delete(witness.key.toString('hex'));
      return { name: witness.name };
    }
    return { why: `no witness of the policy has signed it (${ledger.publicKeys.origin})` };
  }

  /** Each witness of the policy, with its last cosignature on disk. */
  async states(): Promise<WitnessState[]> {
    const { proofs, policy } = this.#context;
    const heads = [await proofs.head(), await proofs.cosignedHead()].filter((head) => head !== undefined);
    return policy.witnesses.map(({ name, key, url }) => {
      const found = heads.flatMap(({ size, cosignatures }) =>
        cosignatures
          .filter((one) => one.key.equals(key))
          .map(({ time }) => ({ at: new Date(Number(time) * 1000), size })),
      );
      return {
        name,
        hasAddress: url !== undefined,
        cosigned: found.sort((a, b) => b.size - a.size)[0],
        trouble: this.#troubles.get(key.toString('hex')),
      };
    });
  }
}

/** The text of a note: everything before its signatures, last newline included. */
const textOf = (note: string): string => note.slice(0, note.lastIndexOf('\n\n') + 1);

async function requestFrom(oldSize: number, { source, head }: AskedHead): Promise<string> {
  const isWhole = oldSize === 0 || oldSize === head.size;
  const path = isWhole ? [] : await source.consistencyPath(source.tiles(head.size), oldSize, head.size);
  return addCheckpointText({ oldSize, path, note: head.note });
}
