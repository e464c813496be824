/**
 * The part of the composition root that changes keys: the log ends, another one with new keys goes on from it, and
 * where it is asked for bags get a new key too. A second person approves; name and reason stand in a document.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage, StationError } from '../domain/errors.ts';
import type { ExportKeyBody } from '../domain/export-facts.ts';
import { newDocumentId } from '../domain/ids.ts';
import type { KeyChangeReason } from '../domain/log-facts.ts';
import type { Actor } from '../domain/records.ts';
import { makeNextExportKey } from '../exporting/export-key.ts';
import { fingerprintsOf, type KeyFingerprint } from '../exporting/trust-file.ts';
import { verifierKey } from '../formats/signed-note.ts';
import type { LogView } from '../ledger/ledger.ts';
import type { AlarmDesk } from './alarm-desk.ts';
import { random, type StationContext } from './station-context.ts';
import { stationKeys } from './station-keys.ts';
import type { WitnessDesk } from './witness-desk.ts';

/** Nothing is recorded while witnesses are asked for the last checkpoint of the old log: not longer than this. */
const cosigningMs = 20_000;

export interface KeyChangeRequest {
  readonly reason: KeyChangeReason;
  /** As it was typed. */
  readonly reasonText: string | null;
  readonly approvedBy: string;
  readonly newExportKey: 'yes' | 'no';
  readonly actor: Actor;
}

/** One log of the ledger, for people and programs. */
export interface LogState {
  readonly log: number;
  readonly firstSequence: number;
  /** Records so far. */
  readonly records: number;
  readonly origin: string;
  /** C2SP verifier key: what a witness is given. */
  readonly vkey: string;
  /** Folder with its records, tiles and public keys, relative to the data folder. */
  readonly folder: string;
  /** Why it ended; null for the log that goes on. */
  readonly closed: KeyChangeReason | null;
  /** Witnesses of the policy that have cosigned its newest checkpoint. */
  readonly cosignatures: number;
}

export interface KeyList {
  readonly logs: readonly LogState[];
  readonly fingerprints: readonly KeyFingerprint[];
}

export class KeyDesk {
  readonly #context: StationContext;
  readonly #parts: { readonly alarms: Pick<AlarmDesk, 'assertNone'>; readonly witnesses: Pick<WitnessDesk, 'ask'> };

  constructor(
    context: StationContext,
    parts: { readonly alarms: Pick<AlarmDesk, 'assertNone'>; readonly witnesses: Pick<WitnessDesk, 'ask'> },
  ) {
    this.#context = context;
    this.#parts = parts;
  }

  async list(): Promise<KeyList> {
    const { ledger } = this.#context;
    const logs = await Promise.all(ledger.logs.logs.map((log) => this.#state(log)));
    return { logs, fingerprints: fingerprintsOf(await stationKeys(this.#context)) };
  }

  async #state(log: LogView): Promise<LogState> {
    const { layout, firstSequence, size, origin, logKey, closed } = log;
    const head = await this.#context.logProofs.sourceOf(log).head();
    return {
      log: layout.log,
      firstSequence,
      records: size,
      origin,
      vkey: verifierKey(origin, logKey),
      folder: layout.relative('').replace(/\/$/, ''),
      closed: closed ?? null,
      cosignatures: head?.cosignatures.length ?? 0,
    };
  }

  /** @throws StationError alarm-open, ledger-full, ledger-failed */
  async change(request: KeyChangeRequest): Promise<KeyList> {
    const { actor, reason, approvedBy, reasonText } = request;
    // Which ledger is the right one is not settled: it must not be given new keys.
    this.#parts.alarms.assertNone();
    try {
      await this.#context.ledger.changeKeys({
        actor,
        reason,
        document: { id: newDocumentId(random), body: { approvedBy, reason: reasonText } },
        cosign: () => this.#cosign(),
      });
    } catch (cause) {
      throw new StationError('keys-change-cut-off', `the change of keys was cut off: ${errorMessage(cause)}`, {
        cause,
        next: 'It may be finished at the next start: mend the trouble, then look with "evidock keys list" before asking again.',
      });
    }
    if (request.newExportKey === 'yes') await this.#changeExportKey(request);
    return this.list();
  }

  /** Witnesses that do not answer now may cosign the same checkpoint later; the new log does not wait for them. */
  async #cosign(): Promise<void> {
    const done = new AbortController();
    const { closing, options } = this.#context;
    const asked = this.#parts.witnesses.ask().catch((error: unknown) => {
      options.log.warn({ err: error }, 'the witnesses could not be asked about the last checkpoint of the old log');
    });
    const signal = AbortSignal.any([closing, done.signal]);
    await Promise.race([asked, sleep(cosigningMs, undefined, { signal }).catch(() => undefined)]);
    done.abort();
  }

  async #changeExportKey({ actor, reason }: KeyChangeRequest): Promise<void> {
    const { registry, ledger, options } = this.#context;
    const before = registry.exports.currentKey();
    // Nothing was exported yet: the first export makes the first key.
    if (before === undefined) return;
    const { raw } = await makeNextExportKey(options.dataFolder);
    const body: ExportKeyBody = { key: raw.toString('hex'), replaces: before, reason };
    await ledger.append({ type: 'export-key-made', actor, body: { ...body } });
    await ledger.checkpoint();
  }
}
