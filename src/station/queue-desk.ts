/**
 * The queue of clips that are still without an officer or a case, oldest first: what is proposed for each, and whether
 * it was handed in when the local rule wants it. It only asks; links are made by link-desk.ts.
 */
import { checkOutsKnownAt } from '../domain/checkout-facts.ts';
import { clipTime } from '../domain/linking-clip-time.ts';
import { type HandIn, handIn, type ShiftRecording } from '../domain/linking-hand-in-policy.ts';
import type { LinkAnswer } from '../domain/linking-policy.ts';
import type { LinkClipRow } from '../registry/linking-queries.ts';
import type { LinkDesk, Proposal } from './link-desk.ts';
import type { StationContext } from './station-context.ts';

export interface QueueEntry {
  readonly row: LinkClipRow;
  readonly links: LinkAnswer;
  /** Which of the two it lacks. */
  readonly lacks: readonly ('officer' | 'case')[];
  readonly ageMs: number;
  readonly proposals: readonly Proposal[];
  /** Where it stands in its recording: `at` of `of` files, from 1. */
  readonly part: { readonly at: number; readonly of: number };
  /** Null: no recorder brought it, or nobody knows when it was recorded. */
  readonly handIn: HandIn | null;
}

export interface QueuePage {
  readonly entries: readonly QueueEntry[];
  readonly clips: number;
  readonly withoutOfficer: number;
  readonly withoutCase: number;
}

/** Recordings so long after one may belong to the same shift. */
const shiftReachMs = 36 * 3_600_000;

export class QueueDesk {
  readonly #context: StationContext;
  readonly #links: LinkDesk;
  #counted: { readonly nextSeq: number; readonly counts: Omit<QueuePage, 'entries'> } | undefined;

  constructor(context: StationContext, links: LinkDesk) {
    this.#context = context;
    this.#links = links;
  }

  page(page: { readonly limit: number; readonly offset: number }): QueuePage {
    const finder = this.#links.finder();
    const linker = this.#links.linker();
    const now = Date.now();
    const entries = this.#context.registry.links.queue(page).map((row): QueueEntry => {
      const links = linker.link(row);
      const { parts } = finder.recording(row);
      const lacks = (['officer', 'case'] as const).filter((target) => links[target] === null);
      return {
        row,
        links,
        lacks,
        ageMs: Math.max(0, now - Date.parse(row.occurredAt)),
        proposals: lacks.includes('case') ? this.#links.proposalsWith(finder, row) : [],
        part: { at: parts.findIndex(({ clip }) => clip === row.clip) + 1, of: parts.length },
        handIn: this.handInOf(row),
      };
    });
    return { entries, ...this.counts() };
  }

  counts(): Omit<QueuePage, 'entries'> {
    const { nextSeq, links } = this.#context.registry;
    if (this.#counted?.nextSeq !== nextSeq) this.#counted = { nextSeq, counts: links.queueCounts() };
    return this.#counted.counts;
  }

  handInOf(row: LinkClipRow): HandIn | null {
    const { registry, options } = this.#context;
    const at = recordingOf(row);
    const started = registry.links.dockingStartedAt(row.docking);
    if (at === null || row.recorder === null || started === undefined) return null;
    const { handInRule: rule, handInHours: hours } = options.configuration.linking;
    const until = new Date(Date.parse(row.occurredAt) + shiftReachMs).toISOString();
    const recordings = registry.links
      .clipsOfRecorder(row.recorder, row.occurredAt, until)
      .filter(({ docking }) => docking === row.docking)
      .flatMap((one) => recordingOf(one) ?? []);
    return handIn({
      rule: { rule, hours },
      timeZone: options.configuration.station.timeZone,
      at,
      recordings,
      returnedAtMs: this.#returnedAt(row.recorder, at),
      handedInMs: Date.parse(started),
    });
  }

  /** When the check-out ended during which it was recorded. */
  #returnedAt(recorder: string, { startedMs }: ShiftRecording): number | null {
    const moment = new Date(startedMs).toISOString();
    const found = checkOutsKnownAt(this.#context.registry.recorders.checkoutsOfRecorder(recorder)).find(
      ({ outAt, returnedAt, returnBasis }) =>
        // That it was docked is what is asked about, and that somebody else took it says when it was gone, not back.
        returnBasis === 'by-hand' && outAt <= moment && returnedAt !== null && moment < returnedAt,
    );
    return found?.returnedAt == null ? null : Date.parse(found.returnedAt);
  }
}

function recordingOf(row: LinkClipRow): ShiftRecording | null {
  const time = clipTime(row);
  if (time === null) return null;
  const { guessMs, latestMs, durationMs, isMeasured } = time;
  return { startedMs: guessMs, endedByMs: (isMeasured ? (latestMs ?? guessMs) : guessMs) + durationMs };
}
