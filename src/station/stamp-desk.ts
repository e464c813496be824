/**
 * The part of the composition root that has checkpoints stamped, in the background of the running service: SM2 over
 * each one, and a time stamp over the newest at most so often. What cannot be had is said, never waited for: the next
 * checkpoint or the next due time tries again.
 */
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, errorMessage } from '../domain/errors.ts';
import { createExclusively, ensureFolder } from '../files/durable-files.ts';
import { CheckpointStamps } from '../ledger/checkpoint-stamps.ts';
import { LedgerLayout } from '../ledger/ledger-layout.ts';
import type { PublishedHead } from '../ledger/proof-source.ts';
import { Sm2Signer } from '../ledger/sm2-signer.ts';
import { assertReadableCa, TimeStamper } from '../ledger/time-stamper.ts';
import { type StationContext, systemActor } from './station-context.ts';

const minuteMs = 60_000;
/** An authority that did not answer is asked again after so long, when tokens are further apart than that. */
const retryMs = 5 * minuteMs;

export interface StampState {
  readonly kind: 'sm2' | 'time-stamp';
  /** Size of the newest checkpoint that has it. */
  readonly size: number | undefined;
  /** What the authority said, ISO; of this run of the station. */
  readonly time: string | undefined;
  /** Why the last try failed, in English. */
  readonly trouble: string | undefined;
}

export class StampDesk {
  readonly #context: StationContext;
  readonly #states = new Map<StampState['kind'], StampState>();
  #signer: Sm2Signer | undefined;
  #round: Promise<void> | undefined;
  #isWanted = false;
  #isBegun = false;
  /** When a token may be asked for again, milliseconds of the monotonic clock. */
  #dueMs = 0;

  constructor(context: StationContext) {
    this.#context = context;
  }

  /** Of the log that goes on. */
  get #stamps(): CheckpointStamps {
    return new CheckpointStamps(this.#context.ledger.logs.current.layout);
  }

  /** What is configured and how it stands; empty when nothing is. */
  async states(): Promise<readonly StampState[]> {
    const { sm2, timeStampUrl } = this.#context.options.configuration.ledger;
    const kinds = [...(sm2 ? (['sm2'] as const) : []), ...(timeStampUrl === null ? [] : (['time-stamp'] as const))];
    return Promise.all(
      kinds.map(async (kind) => {
        const latest = await this.#stamps.latest(kind === 'sm2' ? 'checkpoint.sm2' : 'checkpoint.tsr');
        const { time, trouble } = this.#states.get(kind) ?? {};
        return { kind, size: latest?.size, time, trouble };
      }),
    );
  }

  /** Called after each checkpoint. */
  stampSoon(): void {
    const { sm2, timeStampUrl } = this.#context.options.configuration.ledger;
    if (!sm2 && timeStampUrl === null) return;
    this.#isWanted = true;
    this.#round ??= this.#stampWhileWanted().finally(() => {
      this.#round = undefined;
    });
  }

  /** Stamps once, as far as it is due; beside a round in the background it only waits for no other. */
  async stampNow(): Promise<void> {
    const { sm2, timeStampUrl } = this.#context.options.configuration.ledger;
    if (!sm2 && timeStampUrl === null) return;
    this.#isWanted = true;
    if (this.#round === undefined) {
      this.#round = this.#stampOnce().finally(() => {
        this.#round = undefined;
      });
      await this.#round;
    }
  }

  async #stampOnce(): Promise<void> {
    this.#isWanted = false;
    await this.#stamp();
  }

  /** Resolves when nothing is asked any more; the station is closing. */
  async idle(): Promise<void> {
    await this.#round;
  }

  async #stampWhileWanted(): Promise<void> {
    const { closing, options } = this.#context;
    try {
      if (!this.#isBegun) await this.#recordLastToken();
      this.#isBegun = true;
      while (this.#isWanted && !closing.aborted) {
        this.#isWanted = false;
        await this.#stamp();
        if (this.#isWanted || !(await this.#isTokenMissing())) continue;
        // The last checkpoint of a shift gets its token too, when the time has come.
        await sleep(Math.max(1000, this.#dueMs - performance.now()), undefined, { signal: closing });
        this.#isWanted = true;
      }
    } catch (error) {
      if (!closing.aborted) options.log.error({ err: error }, 'checkpoints could not be stamped');
    }
  }

  async #stamp(): Promise<void> {
    const { sm2, timeStampUrl, timeStampMinutes } = this.#context.options.configuration.ledger;
    const head = await this.#context.proofs.head();
    if (head === undefined) return;
    if (sm2) await this.#try('sm2', () => this.#sign(head));
    if (timeStampUrl !== null && performance.now() >= this.#dueMs && (await this.#isTokenMissing())) {
      const failed = await this.#try('time-stamp', () => this.#askForToken(head));
      const everyMs = timeStampMinutes * minuteMs;
      this.#dueMs = performance.now() + (failed ? Math.min(retryMs, everyMs) : everyMs);
    }
    await this.#stamps.removeSuperseded();
  }

  /** True when it failed. */
  async #try(kind: StampState['kind'], work: () => Promise<string | undefined>): Promise<boolean> {
    const before = this.#states.get(kind);
    try {
      const time = (await work()) ?? before?.time;
      this.#states.set(kind, { kind, size: undefined, time, trouble: undefined });
      return false;
    } catch (error) {
      const trouble = errorMessage(error);
      if (before?.trouble !== trouble) {
        this.#context.options.log.warn({ kind, code: errorCode(error), reason: trouble }, 'no stamp over a checkpoint');
      }
      this.#states.set(kind, { kind, size: undefined, time: before?.time, trouble });
      return true;
    }
  }

  async #sign(head: PublishedHead): Promise<undefined> {
    const latest = await this.#stamps.latest('checkpoint.sm2');
    if (latest !== undefined && latest.size >= head.size) return;
    const signer = await this.#openSigner();
    const { folder, note } = await this.#stamps.begin(head.size, head.note);
    await this.#stamps.addSm2(folder, await signer.sign(note));
  }

  async #openSigner(): Promise<Sm2Signer> {
    if (this.#signer !== undefined) return this.#signer;
    const { dataFolder } = this.#context.options;
    const signer = await Sm2Signer.open(dataFolder, new LedgerLayout(dataFolder));
    const sha256 = digestOf(Buffer.from(signer.publicKey));
    if (!this.#context.registry.hasRecordAbout('key-made', `sm2-${sha256.slice(0, 16)}`)) {
      await this.#context.ledger.append({
        type: 'key-made',
        actor: systemActor,
        subject: `sm2-${sha256.slice(0, 16)}`,
        body: { role: 'sm2', publicKeySha256: sha256 },
      });
    }
    this.#signer = signer;
    return signer;
  }

  /**
   * Stamps over these very bytes, for a bag: what is configured and can be had, by the file's name in the bag. `scratch`
   * is a folder of the caller's. What cannot be had is logged and left out; the bag says that it is absent.
   */
  async stampNote(note: string, scratch: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const { sm2, timeStampUrl } = this.#context.options.configuration.ledger;
    const files = new Map<string, Uint8Array>();
    if (sm2) {
      await this.#try('sm2', async () => {
        const signer = await this.#openSigner();
        files.set('checkpoint.sm2', await signer.sign(Buffer.from(note)));
        files.set('sm2.pem', Buffer.from(signer.publicKey));
        return undefined;
      });
    }
    if (timeStampUrl !== null) {
      await this.#try('time-stamp', async () => {
        await rm(scratch, { recursive: true, force: true });
        await ensureFolder(scratch, 0o755);
        await createExclusively(join(scratch, 'checkpoint'), Buffer.from(note), 0o644);
        const { response, time } = await (await this.#stamper()).stamp(scratch);
        files.set('checkpoint.tsr', response);
        files.set('checkpoint.tsq', await readFile(join(scratch, 'checkpoint.tsq')));
        return time;
      });
    }
    return files;
  }

  async #stamper(): Promise<TimeStamper> {
    const { ledger } = this.#context.options.configuration;
    if (ledger.timeStampUrl === null) throw new Error('no authority is configured');
    return new TimeStamper({
      url: ledger.timeStampUrl,
      caFile: await assertReadableCa(ledger.timeStampCaFile),
      digest: ledger.timeStampDigest,
      timeoutMs: ledger.timeStampTimeoutSeconds * 1000,
    });
  }

  /** Nothing but the record of the last token has come since it: not worth another. */
  async #isTokenMissing(): Promise<boolean> {
    if (this.#context.options.configuration.ledger.timeStampUrl === null) return false;
    const head = await this.#context.proofs.head();
    const stamped = (await this.#stamps.latest('checkpoint.tsr'))?.size ?? 0;
    return head !== undefined && head.size > stamped + 1;
  }

  async #askForToken(head: PublishedHead): Promise<string> {
    const stamper = await this.#stamper();
    const { folder } = await this.#stamps.begin(head.size, head.note);
    const { response, time } = await stamper.stamp(folder);
    await this.#recordToken(head.size, response, time);
    return time;
  }

  async #recordToken(size: number, token: Buffer, time: string | null): Promise<void> {
    const tokenSha256 = digestOf(token);
    const subject = `token-${tokenSha256.slice(0, 16)}`;
    if (this.#context.registry.hasRecordAbout('checkpoint-stamped', subject)) return;
    const body = { size, tokenSha256, time };
    await this.#context.ledger.append({ type: 'checkpoint-stamped', actor: systemActor, subject, body });
  }

  /** A crash may have come between the newest token and its record. */
  async #recordLastToken(): Promise<void> {
    const latest = await this.#stamps.latest('checkpoint.tsr');
    if (latest === undefined) return;
    await this.#recordToken(latest.size, await readFile(join(latest.folder, 'checkpoint.tsr')), null);
  }
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
