/**
 * The part of the composition root for scrubbing: reads originals in rotation by a process of low priority, records
 * what it found in groups, each damage by itself, and puts a damaged original back from a mirror when asked to.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreFinding } from '../domain/findings.ts';
import type { Sha256Hex } from '../domain/ids.ts';
import { digestsPerRecord, type Place, vaultPlace } from '../domain/keeping-facts.ts';
import { isScrubDue, originalsOfSubset, type ScrubSubset } from '../domain/scrub-policy.ts';
import { instantToLocalTime } from '../domain/station-time.ts';
import type { SealedRow } from '../registry/copy-queries.ts';
import { BackgroundReader } from './background-reader.ts';
import { damageIn, recordDamage } from './damage-book.ts';
import type { MirrorDesk } from './mirror-desk.ts';
import { type StationContext, systemActor } from './station-context.ts';

const batchOriginals = 50;
const recordAfterMs = 60_000;
/** How often it is looked whether a scrub is due, and what the first look waits for. */
const dueLookMs = 10 * 60_000;
const hourMs = 3_600_000;

export interface ScrubRequest {
  readonly subset: ScrubSubset;
  readonly mirrors: boolean;
  readonly repair: boolean;
}

export interface ScrubControl {
  readonly signal: AbortSignal;
  readonly onFinding: (place: Place, finding: StoreFinding) => void;
  readonly onRepaired: (sha256: Sha256Hex, from: Place) => void;
  readonly onProgress: (progress: { place: Place; done: number; originals: number; bytes: number }) => void;
}

export interface ScrubSummary {
  readonly checked: number;
  readonly bytes: number;
  /** Originals and copies that are damaged now, whichever scrub found them. */
  readonly damaged: number;
  readonly repaired: number;
  readonly cancelled: boolean;
}

interface PlaceCounts {
  checked: number;
  bytes: number;
  damaged: number;
}

export class ScrubDesk {
  readonly #context: StationContext;
  readonly #mirrors: MirrorDesk;
  #turn: Promise<unknown> = Promise.resolve();
  #reader: BackgroundReader | undefined;
  #background: Promise<void> | undefined;
  #copying = 0;

  constructor(context: StationContext, mirrors: MirrorDesk) {
    this.#context = context;
    this.#mirrors = mirrors;
  }

  /** One after the other. A cancelled scrub records how far it came, and the next goes on from there. */
  run(request: ScrubRequest, control: ScrubControl): Promise<ScrubSummary> {
    const turn = this.#turn.catch(() => undefined).then(() => this.#run(request, control));
    this.#turn = turn;
    return turn;
  }

  async #run(request: ScrubRequest, control: ScrubControl): Promise<ScrubSummary> {
    const { copies } = this.#context.registry;
    const sum: PlaceCounts = { checked: 0, bytes: 0, damaged: 0 };
    let repaired = 0;
    this.#reader = new BackgroundReader(this.#context.options.configuration.engine.kind);
    if (this.#copying > 0) this.#reader.pause();
    try {
      for (const { place, folder } of this.#places(request.mirrors)) {
        const counts = await this.#scrubPlace({ place, folder, subset: request.subset }, control);
        for (const key of ['checked', 'bytes', 'damaged'] as const) sum[key] += counts[key];
      }
    } finally {
      await this.#reader.close();
      this.#reader = undefined;
    }
    if (request.repair && !control.signal.aborted) repaired = await this.#repair(control);
    return { ...sum, damaged: copies.damage().length, repaired, cancelled: control.signal.aborted };
  }

  #places(mirrors: boolean): { readonly place: Place; readonly folder: string }[] {
    const vault = { place: vaultPlace, folder: this.#context.options.dataFolder };
    if (!mirrors) return [vault];
    const present = this.#mirrors.views().filter(({ state }) => state === 'present');
    return [vault, ...present.map(({ mirror, folder }) => ({ place: mirror as string, folder }))];
  }

  async #scrubPlace(
    { place, folder, subset }: { readonly place: Place; readonly folder: string; readonly subset: ScrubSubset },
    control: ScrubControl,
  ): Promise<PlaceCounts> {
    const { copies } = this.#context.registry;
    const wanted = originalsOfSubset(copies.countIn(place), subset);
    const counts: PlaceCounts = { checked: 0, bytes: 0, damaged: 0 };
    const book = new ScrubBook(this.#context, place);
    try {
      for (const original of this.#rotation(place, wanted)) {
        const findings = await this.#read({ folder, original }, control.signal);
        if (findings === undefined) break;
        counts.checked += 1;
        counts.bytes += original.bytes;
        if (await this.#take({ place, original, findings }, book, control)) counts.damaged += 1;
        control.onProgress({ place, done: counts.checked, originals: wanted, bytes: counts.bytes });
      }
    } finally {
      await book.record();
    }
    await this.#context.ledger.append({
      type: 'scrub-ended',
      actor: systemActor,
      subject: place,
      body: { place, subset: `${subset.parts}/${subset.of}`, ...counts, cancelled: control.signal.aborted },
    });
    return counts;
  }

  /** Undefined when the scrub was cancelled. */
  async #read(
    order: { readonly folder: string; readonly original: SealedRow },
    signal: AbortSignal,
  ): Promise<readonly StoreFinding[] | undefined> {
    try {
      return (await this.#reader?.check(order, signal))?.findings;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  /** True when the original is damaged. */
  async #take(
    {
      place,
      original,
      findings,
    }: { readonly place: Place; readonly original: SealedRow; readonly findings: readonly StoreFinding[] },
    book: ScrubBook,
    control: ScrubControl,
  ): Promise<boolean> {
    const { sha256 } = original;
    // Lawfully deleted while it was read.
    if (!this.#context.registry.hasOriginal(sha256)) return false;
    for (const finding of findings) control.onFinding(place, finding);
    const damage = damageIn(findings, place, sha256);
    if (damage !== undefined) await recordDamage(this.#context, damage);
    await book.add(sha256, damage === undefined);
    return damage !== undefined;
  }

  /** Originals of a place in the order of digests from where the last scrub ended, each at most once. */
  *#rotation(place: Place, wanted: number): Generator<SealedRow> {
    const { copies } = this.#context.registry;
    let after = copies.lastScrubbed(place) ?? '';
    let wrapped = false;
    for (let given = 0; given < wanted; ) {
      const batch = copies.sealedIn(place, after, Math.min(batchOriginals, wanted - given));
      if (batch.length === 0 && wrapped) return;
      if (batch.length === 0) {
        wrapped = true;
        after = '';
      }
      for (const original of batch) {
        yield original;
        given += 1;
        after = original.sha256;
      }
    }
  }

  /** Puts damaged originals of the vault back from mirrors; a mirror's own copies come back by the next copying. */
  async #repair(control: ScrubControl): Promise<number> {
    let repaired = 0;
    for (const { sha256, place } of this.#context.registry.copies.damage()) {
      if (place !== vaultPlace || control.signal.aborted) continue;
      const from = await this.#mirrors.putBack(sha256, control.signal);
      if (from === undefined) continue;
      repaired += 1;
      control.onRepaired(sha256, from);
    }
    await this.#mirrors.sync({ signal: control.signal });
    return repaired;
  }

  copyingBegan(): void {
    this.#copying += 1;
    if (this.#copying === 1) this.#reader?.pause();
  }

  copyingEnded(): void {
    this.#copying -= 1;
    if (this.#copying === 0) this.#reader?.resume();
  }

  /** Scrubs a subset each night while the station runs. */
  start(): void {
    if (this.#context.options.configuration.scrub.enabled) this.#background ??= this.#work();
  }

  async #work(): Promise<void> {
    const { closing, options } = this.#context;
    const { subsetParts } = options.configuration.scrub;
    const report = (place: Place, finding: StoreFinding): void =>
      options.log.error({ place, ...finding }, 'a scrub found something');
    while (!closing.aborted) {
      await sleep(dueLookMs, undefined, { signal: closing }).catch(() => undefined);
      if (closing.aborted || !this.#isDue()) continue;
      const request = { subset: { parts: 1, of: subsetParts }, mirrors: true, repair: false };
      const control = { signal: closing, onFinding: report, onRepaired: () => undefined, onProgress: () => undefined };
      const summary = await this.run(request, control).catch((error: unknown) => {
        options.log.warn({ err: error }, 'a scrub could not be carried out');
      });
      if (summary) options.log.info({ ...summary }, 'a scrub ended');
    }
  }

  #isDue(): boolean {
    const { registry, options } = this.#context;
    const { scrub, station } = options.configuration;
    const since = registry.copies.scrubbedAt(vaultPlace) ?? registry.copies.firstRecordAt();
    return isScrubDue({
      hoursSince: (Date.now() - Date.parse(since)) / hourMs,
      hour: Number(instantToLocalTime(Date.now(), station.timeZone).slice(11, 13)),
      wantedHour: scrub.hour,
    });
  }

  async close(): Promise<void> {
    await this.#background;
    await this.#turn.catch(() => undefined);
  }
}

/** Sound originals that share a record. */
class ScrubBook {
  readonly #context: StationContext;
  readonly #place: Place;
  #originals: Sha256Hex[] = [];
  #last: Sha256Hex | undefined;
  #since = performance.now();

  constructor(context: StationContext, place: Place) {
    this.#context = context;
    this.#place = place;
  }

  async add(sha256: Sha256Hex, isSound: boolean): Promise<void> {
    if (isSound) this.#originals.push(sha256);
    this.#last = sha256;
    const isLate = performance.now() - this.#since >= recordAfterMs;
    if (isLate || this.#originals.length >= digestsPerRecord) await this.record();
  }

  async record(): Promise<void> {
    const last = this.#last;
    this.#since = performance.now();
    if (last === undefined) return;
    const originals = this.#originals.filter((sha256) => this.#context.registry.hasOriginal(sha256));
    const body = { place: this.#place, originals, last };
    this.#originals = [];
    this.#last = undefined;
    await this.#context.ledger.append({ type: 'scrub-part', actor: systemActor, subject: this.#place, body });
  }
}
