/**
 * What became of each entry of a docking, once it is known: counted, told to whoever listens, and, where no seal record
 * speaks of it, kept for the list that ends the docking.
 */

import type { Outcome, OutcomesDocument } from '../domain/clip-facts.ts';
import type { CopyResult } from '../domain/copy-engine.ts';
import type { DockingCounts } from '../domain/dock.ts';
import type { ClipId } from '../domain/ids.ts';
import type { HeldCandidate } from '../domain/intake-plan-policy.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { ListedEntry } from './inventory.ts';

/** One line of the result. `pathHex` is exact, `path` readable. */
export type DockingEvent =
  | {
      readonly event: 'sealed' | 'already-held';
      readonly path: string;
      readonly pathHex: string;
      readonly reason?: string;
      readonly clip: string;
      readonly bytes: number;
      readonly sha256: string;
      readonly sm3: string;
    }
  | {
      readonly event: 'skipped' | 'refused' | 'failed' | 'not-taken';
      readonly path: string;
      readonly pathHex: string;
      readonly reason: string;
      readonly detail?: string;
    };

export class DockingOutcomes {
  readonly #onEvent: (event: DockingEvent) => void;
  readonly #counts: Record<Outcome, number> = {
    sealed: 0,
    'already-held': 0,
    skipped: 0,
    refused: 0,
    failed: 0,
    'not-taken': 0,
  };
  readonly #listed: OutcomesDocument['entries'][number][] = [];
  readonly #settled = new Set<ListedEntry>();

  constructor(onEvent: (event: DockingEvent) => void) {
    this.#onEvent = onEvent;
  }

  get listed(): OutcomesDocument['entries'] {
    return this.#listed;
  }

  isSettled(entry: ListedEntry): boolean {
    return this.#settled.has(entry);
  }

  counts(): DockingCounts {
    const { sealed, skipped, refused, failed } = this.#counts;
    const notTaken = this.#counts['not-taken'];
    return { sealed, held: this.#counts['already-held'], skipped, refused, failed, ...(notTaken > 0 && { notTaken }) };
  }

  /** Its seal record is durable. */
  sealed(entry: ListedEntry, clip: ClipId, { bytes, sha256, sm3 }: CopyResult): void {
    this.#settled.add(entry);
    this.#counts.sealed += 1;
    const path = readablePath(entry.path);
    this.#onEvent({ event: 'sealed', path, pathHex: entry.path.toString('hex'), clip, bytes, sha256, sm3 });
  }

  held(entry: ListedEntry, held: HeldCandidate, why?: 'same-listing' | 'original-restored'): void {
    this.#settled.add(entry);
    this.#counts['already-held'] += 1;
    const pathHex = entry.path.toString('hex');
    const reason = why === undefined ? {} : { reason: why };
    this.#listed.push({ pathHex, outcome: 'already-held', clip: held.clip, ...reason });
    this.#onEvent({
      event: 'already-held',
      path: readablePath(entry.path),
      pathHex,
      ...reason,
      clip: held.clip,
      bytes: entry.bytes,
      sha256: held.sha256,
      sm3: held.sm3,
    });
  }

  /** It stays on the recorder without being held. */
  left(
    entry: ListedEntry,
    outcome: 'skipped' | 'refused' | 'failed' | 'not-taken',
    reason: string,
    detail?: string,
  ): void {
    this.#settled.add(entry);
    this.#counts[outcome] += 1;
    const pathHex = entry.path.toString('hex');
    const more = detail === undefined ? {} : { detail };
    this.#listed.push({ pathHex, outcome, reason, ...more });
    this.#onEvent({ event: outcome, path: readablePath(entry.path), pathHex, reason, ...more });
  }
}
