/**
 * The slot wall as Server-Sent Events. Each event is the whole wall, so a lost or dropped one never matters: at most
 * four a second when something changes, and one every few seconds anyway, by which a page knows that it is alive.
 * Listeners are bounded, and one that does not keep up is left out of events, never queued for.
 */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { Language } from '../texts/cli-texts.ts';
import type { PageLanguage } from './page-context.ts';
import { languageOf } from './page-context.ts';
import { type SlotSource, type SlotWall, slotWall } from './slot-card.ts';
import type { WebStation } from './web-station.ts';

const listenersMax = 32;
const intervalMs = 250;
const heartbeatMs = 5000;
/** What the browser waits before it connects again. */
const retryMs = 2000;
/** Bytes that may wait for a slow listener before events pass it by. */
const bufferedBytesMax = 256 * 1024;

interface EventsDeps {
  readonly station: WebStation;
  /** Changes when the pages' own files do: a kiosk that stays open for weeks then loads the page anew. */
  readonly version: string;
  readonly language: (language: Language) => PageLanguage;
  readonly onTrouble: (error: unknown) => void;
}

export function registerSlotEvents(app: FastifyInstance, deps: EventsDeps): void {
  const feed = new SlotFeed(deps);
  app.addHook('preClose', async () => feed.close());
  app.get('/events/slots', { exposeHeadRoute: false }, (request, reply) => {
    const stream = feed.join(languageOf(request));
    if (stream === undefined) {
      return reply.code(503).header('retry-after', '10').type('text/plain').send('too many listeners');
    }
    return reply
      .headers({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' })
      .send(stream);
  });
}

/** What an event carries. */
export interface SlotEvent extends SlotWall {
  readonly version: string;
}

class SlotFeed {
  readonly #deps: EventsDeps;
  readonly #listeners = new Map<Readable, Language>();
  #closed = false;
  #stop: (() => void) | undefined;
  #pending: NodeJS.Timeout | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #sentAt = 0;
  #source: SlotSource;

  constructor(deps: EventsDeps) {
    this.#deps = deps;
    this.#source = remembering(deps.station);
  }

  join(language: Language): Readable | undefined {
    if (this.#closed || this.#listeners.size >= listenersMax) return undefined;
    const stream = new Readable({ read: () => undefined });
    this.#listeners.set(stream, language);
    stream.once('close', () => this.#leave(stream));
    if (this.#listeners.size === 1) this.#source = remembering(this.#deps.station);
    stream.push(`retry: ${retryMs}\n\n`);
    stream.push(this.#event(language));
    if (this.#listeners.size === 1) this.#start();
    return stream;
  }

  close(): void {
    this.#closed = true;
    this.#halt();
    for (const stream of this.#listeners.keys()) stream.push(null);
  }

  #leave(stream: Readable): void {
    this.#listeners.delete(stream);
    if (this.#listeners.size === 0) this.#halt();
  }

  #start(): void {
    this.#stop = this.#deps.station.onSlots(() => this.#soon());
    this.#heartbeat = setInterval(() => {
      this.#source = remembering(this.#deps.station);
      this.#send();
    }, heartbeatMs);
  }

  #halt(): void {
    this.#stop?.();
    this.#stop = undefined;
    clearInterval(this.#heartbeat);
    clearTimeout(this.#pending);
    this.#pending = undefined;
  }

  #soon(): void {
    const wait = Math.max(0, this.#sentAt + intervalMs - performance.now());
    this.#pending ??= setTimeout(() => this.#send(), wait);
  }

  #send(): void {
    clearTimeout(this.#pending);
    this.#pending = undefined;
    this.#sentAt = performance.now();
    const events = new Map<Language, string>();
    try {
      for (const language of new Set(this.#listeners.values())) events.set(language, this.#event(language));
    } catch (error) {
      // A page that hears nothing says so by itself; a process that ends would stop collecting.
      this.#deps.onTrouble(error);
      return;
    }
    for (const [stream, language] of this.#listeners) {
      if (stream.readableLength < bufferedBytesMax) stream.push(events.get(language) ?? '');
    }
  }

  #event(language: Language): string {
    const { version } = this.#deps;
    const event: SlotEvent = { version, ...slotWall(this.#source, this.#deps.language(language)) };
    return `event: slots\ndata: ${JSON.stringify(event)}\n\n`;
  }
}

/** Slots as they are now; holders, the list of recorders and footer, which cost queries and change rarely, as asked first. */
function remembering(station: WebStation): SlotSource {
  const holders = new Map<string, ReturnType<WebStation['holderOf']>>();
  const registered = new Map<string, boolean | null>();
  let footer: ReturnType<WebStation['footer']> | undefined;
  return {
    ...(station.recorders === undefined ? {} : { recorders: station.recorders }),
    slots: () => station.slots(),
    dockProblems: () => station.dockProblems(),
    ledgerAlarms: () => station.ledgerAlarms(),
    holderOf: (serial) => {
      const held = holders.get(serial);
      if (held !== undefined) return held;
      const holder = station.holderOf(serial);
      holders.set(serial, holder);
      return holder;
    },
    dockings: {
      isRegistered: (serial) => {
        const known = registered.get(serial);
        if (known !== undefined) return known;
        const now = station.dockings.isRegistered(serial);
        registered.set(serial, now);
        return now;
      },
    },
    footer: () => {
      footer ??= station.footer();
      return footer;
    },
  };
}
