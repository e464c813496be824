/**
 * What documents of intake say: the shapes that are written when something is decided, and read at every rebuild.
 * Paths stand twice: readable for people, hex for programs. Instants are ISO UTC, times of files nanoseconds as text.
 */
import type { ClipName } from './clip-names.ts';
import type { ClockBasis } from './clock-offset.ts';
import type { DockedVolume } from './dock.ts';

/** Document of a `docking-started` record. */
export interface DockingDocument {
  /** The folder that was read, as text for people; for import folders also what tells one from another. */
  readonly folder: string;
  readonly folderHex: string;
  /** What was mounted there, with the options that decide what its times mean; docks that mount only. */
  readonly volume?: DockedVolume;
}

export type EntryType = 'file' | 'folder' | 'symlink' | 'fifo' | 'socket' | 'device' | 'unreadable-folder' | 'unknown';

/** One thing on a recorder, as the inventory lists it. Plain folders are not listed; what lies in them is. */
export interface InventoryEntry {
  readonly path: string;
  readonly pathHex: string;
  readonly type: EntryType;
  /** Regular files only. */
  readonly bytes?: number;
  readonly mtimeNs?: string;
  /** Read past the kernel, from the card's raw bytes; left out for what the kernel reads. */
  readonly readBy?: 'fallback-reader';
}

/** Document of an `inventory-listed` record. */
export interface InventoryDocument {
  readonly entries: readonly InventoryEntry[];
}

/** `not-taken`: someone needed the recorder at once; it is taken at the next docking. */
export type Outcome = 'sealed' | 'already-held' | 'skipped' | 'refused' | 'failed' | 'not-taken';

/** Document of an `outcomes-listed` record: what became of entries that no seal record speaks of. */
export interface OutcomesDocument {
  readonly entries: readonly {
    readonly pathHex: string;
    readonly outcome: Exclude<Outcome, 'sealed'>;
    readonly reason?: string;
    readonly clip?: string;
    readonly detail?: string;
  }[];
}

/** Document of a `clip-sealed` record. */
export interface ClipDocument {
  readonly path: string;
  readonly pathHex: string;
  readonly mtimeNs: string;
  /** The recorder's serial as far as it was known, and how. */
  readonly recorder: string | null;
  readonly recorderBasis: string;
  readonly name: ClipName | null;
  /** The instant that the name's local time means in `timeZone`; null where the name has none. */
  readonly recordedAt: string | null;
  readonly timeZone: string;
  /** Read past the kernel, twice with the same digest; left out for what the kernel reads. */
  readonly readBy?: 'fallback-reader';
  /** The offset of the recorder's clock as its docking measured it; null where it is not this recorder's time. */
  readonly clock?: ClipClock | null;
  /** When the recording began by the station's clock, beside `recordedAt`, which stays; null where nobody can say. */
  readonly correctedAt?: CorrectedAt | null;
}

export interface ClipClock {
  readonly basis: ClockBasis;
  /** Recorder minus station; null: nothing limits it there. */
  readonly atLeastMs: number | null;
  readonly atMostMs: number | null;
}

/** ISO UTC; null: nothing limits it there. */
export interface CorrectedAt {
  readonly earliest: string | null;
  readonly latest: string | null;
}
