/**
 * The port of a dock: which recorders can be read right now, and where. Levels, not edges: `scan` always tells the
 * whole truth, a hint only says that it may have changed. So start-up with recorders already docked, a missed event
 * and a normal plugging in are one case. Implementations: import folder, simulated dock, USB.
 */

import type { CardReader } from './card-reading.ts';
import type { RecorderClock } from './recorder-clock.ts';

export type DockKind = 'import-folder' | 'simulated' | 'usb';

/** A recorder (or what stands for one) whose volume can be read now. */
export interface DockedRecorder {
  readonly kind: DockKind;
  /** The slot's number as printed on the housing; for an import folder the sub-folder's readable name. */
  readonly slot: string;
  /** Different for each visit: the same recorder plugged in again has another one. */
  readonly generation: string;
  /** Undefined where the dock cannot know it. */
  readonly serial: string | undefined;
  /** Where the serial came from, such as `usb`, `label`, `simulated`; `none` without one. */
  readonly recorderBasis: string;
  /** Absolute path of the volume's root folder, as raw bytes: people copy names that are not UTF-8. */
  readonly root: Uint8Array;
  /** Import folders only: digest of the listing that settled, by which the same content is known after a restart. */
  readonly listing?: string;
  /** Further volumes of the same recorder, each read after `root` as a docking of its own. */
  readonly moreRoots?: readonly Uint8Array[];
  /** What is mounted, `root` first. */
  readonly volumes?: readonly DockedVolume[];
  /** Of each volume its raw reader, `root` first; undefined where there is none for its file system. */
  readonly cardReaders?: readonly (CardReader | undefined)[];
  /** The serial is a factory default, or two recorders show it: it must not tie this visit to any other. */
  readonly isSerialShared?: boolean;
  /** What its protocol said of its clock, and what it was told; docks that speak one only. */
  readonly clock?: RecorderClock;
  /** What was found wrong before the first file was read; goes into the ledger with the docking. */
  readonly findings?: readonly DockFinding[];
}

export interface DockedVolume {
  readonly path: string;
  readonly fileSystem: string;
  readonly label: string;
  readonly uuid: string;
  /** Options it was mounted with, the offset of local times among them. */
  readonly options: string;
}

export interface DockFinding {
  readonly code: string;
  /** English, for the auditor; never a person's name. */
  readonly detail: string;
}

/** What sits in a slot and is not, or not yet, a recorder that can be read. It may be pulled out unless it is being opened. */
export interface SlotNotice {
  readonly slot: string;
  /** Null while it is being opened. */
  readonly problem: string | null;
  /** Milliseconds since 1970. */
  readonly sinceMs: number;
}

export interface Dock {
  readonly kind: DockKind;
  /** Slots that are shown even when they are empty; an import folder has none. */
  readonly slots: readonly string[];
  /**
   * At most one recorder a slot (several volumes of one recorder lie below one root). A recorder that was released
   * stays in the answer, under the same generation, until it is taken out. Never called again before it settled.
   * @throws when the dock cannot tell; it is asked again, and nothing is concluded from silence.
   */
  scan(): Promise<readonly DockedRecorder[]>;
  /** As of the last scan; a dock that opens nothing has none. */
  notices?(): readonly SlotNotice[];
  /** Calls `listener` when a scan may give another answer; the returned function stops that. */
  onHint(listener: () => void): () => void;
  /**
   * The docking of this generation has ended and all files are closed: the volume may be let go. Safe for a recorder
   * that is gone, and safe twice. Also called for a recorder that was taken out before its turn came.
   * @throws when the volume could not be let go; it is tried again a few times.
   */
  release(recorder: DockedRecorder): Promise<void>;
  /**
   * For clearing, after all reading: lets the recorder's volumes go, mounts the one at `root` writable for the moment of
   * `work`, and lets it go again: all of it written, read-only. No volume can be read afterwards. A dock without it never
   * clears.
   * @throws StationError recorder-pulled (another device, or none), flush-failed; the helper's; whatever `work` throws
   */
  writable?(recorder: DockedRecorder, root: Uint8Array, work: (volume: WritableVolume) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export interface WritableVolume {
  /** Absolute; another one than it was read at. */
  readonly root: Uint8Array;
}

/**
 * What a slot shows. `mayPull` is the one thing an officer must see from two metres away.
 * - `empty`; `listing` (清点); `copying` (采集); `finishing` (content being looked at, checkpoint);
 * - `clearing` (清空): sealed files are deleted from the recorder;
 * - `done`: all that should be taken is sealed; `attention`: ended, but something was not taken;
 * - `waiting`: found, its turn has not come; `pulled`: taken out too early, until the slot is used again;
 * - `failed`: the docking could not be carried out (`problem` says why).
 */
export type SlotState =
  | 'empty'
  | 'waiting'
  | 'listing'
  | 'copying'
  | 'finishing'
  | 'clearing'
  | 'done'
  | 'attention'
  | 'pulled'
  | 'failed';

/** What became of the entries of a docking. */
export interface DockingCounts {
  readonly sealed: number;
  readonly held: number;
  readonly skipped: number;
  readonly refused: number;
  readonly failed: number;
  /** Left for the next docking, because someone needed the recorder at once. */
  readonly notTaken?: number;
}

export interface SlotView {
  readonly kind: DockKind;
  readonly slot: string;
  readonly state: SlotState;
  readonly mayPull: boolean;
  readonly serial: string | null;
  readonly docking: string | null;
  readonly filesDone: number;
  readonly files: number;
  readonly bytesDone: number;
  readonly bytes: number;
  /** Estimated from the rate so far; null while it cannot be known. */
  readonly secondsLeft: number | null;
  /** After the end; `cleared`: deleted from the recorder. */
  readonly counts: (DockingCounts & { readonly cleared?: number }) | null;
  /** Code of a StationError, `recorder-pulled`, what went wrong in clearing, or what keeps a volume from being let go; texts/ has the words. */
  readonly problem: string | null;
  /** ISO time of the last change of state. */
  readonly since: string;
  /** `offered`: the recorder may be asked for at once; `asked`: it was, and the work is being stopped. */
  readonly urgent?: 'offered' | 'asked';
}

/** A dock that cannot be looked at, so that what its slots show may be old. */
export interface DockProblem {
  readonly kind: DockKind;
  /** Code of the error, or `scan-slow` while the dock does not answer; texts/ has the words. */
  readonly code: string;
  /** ISO time since when. */
  readonly since: string;
}

/** What a docking came to, for the slot. */
export interface DockingSummary extends DockingCounts {
  /** Null when there was none: the recorder was needed before its files were listed. */
  readonly docking: string | null;
  readonly cancelled: boolean;
  readonly cleared?: number;
  /** What went wrong after everything was taken, so that someone should look. */
  readonly problem?: string;
}

export interface TakeProgress {
  readonly filesDone: number;
  readonly files: number;
  readonly bytesDone: number;
  readonly bytes: number;
}

/** What the one who takes recordings off is told and tells. The calls may come late or never; none throws. */
export interface TakeControl {
  /** Aborted when the recorder is gone or the station stops. */
  readonly signal: AbortSignal;
  /** The docking's id, as soon as there is one. */
  readonly onStarted: (docking: string) => void;
  readonly onProgress: (progress: TakeProgress) => void;
  /** All copies are done; content is looked at and the checkpoint signed. */
  readonly onFinishing: () => void;
  /** Stopped because someone needs the recorder: nothing is read from it any more, and it may be let go at once. */
  readonly onStopped: () => void;
  /** Sealed files are being deleted from the recorder. */
  readonly onClearing: (progress: ClearingProgress) => void;
}

export interface ClearingProgress {
  readonly filesDone: number;
  readonly files: number;
}
