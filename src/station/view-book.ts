/**
 * Writes down that somebody watched or listened to a clip, before the first byte is handed out. A player asks for many
 * pieces of one file, so the same clip counts once in a while. Pages answer on this machine only: whoever it was sat
 * at the kiosk.
 */
import type { Actor } from '../domain/records.ts';
import type { StationContext } from './station-context.ts';

const oneViewMs = 10 * 60_000;
const rememberedMax = 10_000;
const kiosk: Actor = { kind: 'person', id: 'kiosk' };

export class ViewBook {
  readonly #context: Pick<StationContext, 'ledger'>;
  readonly #now: () => number;
  /** By clip, when its last view was recorded; the oldest first. */
  readonly #recorded = new Map<string, number>();

  constructor(context: Pick<StationContext, 'ledger'>, now: () => number = Date.now) {
    this.#context = context;
    this.#now = now;
  }

  /** Resolves when the record is durable. @throws StationError ledger-full, ledger-failed: then nothing is shown */
  async record(clip: string): Promise<void> {
    const now = this.#now();
    const last = this.#recorded.get(clip);
    if (last !== undefined && now - last < oneViewMs && now >= last) return;
    await this.#context.ledger.append({ type: 'clip-viewed', actor: kiosk, subject: clip, body: { clip } });
    this.#recorded.delete(clip);
    this.#recorded.set(clip, now);
    const [oldest] = this.#recorded.keys();
    if (this.#recorded.size > rememberedMax && oldest !== undefined) this.#recorded.delete(oldest);
  }
}
