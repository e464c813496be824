/**
 * The slot wall as a page has it: one connection to the live events, joined again when it breaks. Keeps the latest
 * wall, and watches over every event for what must never be shown: a recorder that may be pulled out while it is read.
 */
import { get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** As much of a card of the slot wall as a scenario needs. */
export interface WallCard {
  readonly state: string;
  readonly mayPull: boolean;
  readonly texts: { readonly number: string; readonly serial: string; readonly note: string };
  readonly [more: string]: unknown;
}

const readingStates = ['waiting', 'listing', 'copying', 'finishing', 'clearing'];
const rejoinMs = 500;

export class WallFeed {
  readonly #url: string;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #cards: readonly WallCard[] = [];
  #events = 0;
  readonly #wrong = new Set<string>();

  constructor(url: string) {
    this.#url = url;
    this.#ended = this.#follow();
  }

  get cards(): readonly WallCard[] {
    return this.#cards;
  }

  get events(): number {
    return this.#events;
  }

  /** What was shown and must not be. */
  get wrong(): readonly string[] {
    return [...this.#wrong];
  }

  /** Of a slot by the number on the housing. */
  card(slot: number): WallCard | undefined {
    return this.#cards.find(({ texts }) => texts.number === String(slot));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#listen().catch(() => undefined);
      // What it showed last says nothing any more.
      this.#cards = [];
      await sleep(rejoinMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #listen(): Promise<void> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(this.#url, { signal: this.#stop.signal, agent: false }, resolve).once('error', reject);
    });
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}`);
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) {
      text += chunk as string;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) this.#take(event);
    }
  }

  #take(event: string): void {
    const data = /^data: ?(.+)$/mu.exec(event)?.[1];
    if (data === undefined) return;
    this.#cards = (JSON.parse(data) as { cards: WallCard[] }).cards;
    this.#events += 1;
    for (const { state, mayPull, texts } of this.#cards) {
      if (mayPull && readingStates.includes(state)) this.#wrong.add(`slot ${texts.number} may be pulled in ${state}`);
    }
  }
}
