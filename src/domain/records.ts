/**
 * What a record and a document of the ledger look like, and what each type of record says. A record holds no personal
 * data: names, paths and typed reasons stand in documents, which a record names by salted digest.
 * Rebuilding the registry reads these types only, so a body says everything that was decided, and how.
 */

import type { Json } from './canonical-json.ts';
import type { SealedReadBack } from './copy-engine.ts';
import type { ClipId, DockingId, DocumentId, Sha256Hex, SourceId, StationId } from './ids.ts';
import type { StationClock } from './station-clock.ts';

/** A record is at most this long, its newline included. */
export const recordBytesMax = 16 * 1024;

export interface Actor {
  /** `person`: an account or, on the command line, a user of the machine; `system`: the station itself. */
  readonly kind: 'person' | 'system';
  readonly id: string;
}

/** A document as a record names it: digest = SHA-256 of its exact line, newline included. */
export interface DocumentReference {
  readonly id: DocumentId;
  readonly sha256: Sha256Hex;
}

export interface RecordEnvelope {
  /** Version of this envelope. */
  readonly v: 1;
  readonly seq: number;
  readonly type: string;
  /** Station's clock, UTC, milliseconds, `2026-11-21T08:00:00.000Z`. */
  readonly time: string;
  /** Milliseconds since boot (CLOCK_BOOTTIME), and the boot's id: shows when the wall clock was turned. */
  readonly upMs: number;
  readonly boot: string;
  readonly station: StationId;
  /** 128 random bits in hex, so that nobody can guess a record from its digest. */
  readonly nonce: string;
  /** SHA-256 of the record before, newline included; 64 zeros in the first record. */
  readonly prev: string;
  readonly actor: Actor;
  /** The opaque id that the record is about: a clip, a docking, … */
  readonly subject?: string;
  readonly body: { readonly [key: string]: Json | undefined };
  readonly documents?: readonly DocumentReference[];
}

/** A document's line: `{body, id, salt}` in canonical form; lawfully erased: `{erasedBy, id}` and blanks. */
export interface DocumentLine {
  readonly id: DocumentId;
  readonly salt: string;
  readonly body: Json;
}

/** A document as replay hands it on: its body, or the sequence of the record that erased it. */
export type ReplayedDocument =
  | { readonly id: DocumentId; readonly body: Json }
  | { readonly id: DocumentId; readonly erasedBy: number };

/** What a room asks the ledger to record. The ledger adds sequence, time, nonce, chain and digests. */
export interface NewRecord {
  readonly type: string;
  readonly actor: Actor;
  readonly subject?: string;
  readonly body: { readonly [key: string]: Json | undefined };
  readonly documents?: readonly { readonly id: DocumentId; readonly body: Json }[];
}

/** A record that is durable, with its documents. */
export interface ReplayedRecord {
  readonly record: RecordEnvelope;
  readonly documents: readonly ReplayedDocument[];
}

/** Bodies of the record types that intake writes. Digests are lower-case hex, sizes bytes. */
export interface DockingStartedBody {
  readonly docking: DockingId;
  /** `ingest`: by hand from a folder. Other kinds come with their dock. */
  readonly kind: string;
  readonly source: SourceId;
  /** Where the serial came from: `given`, `identity-file`, … or `none`. */
  readonly recorderBasis: string;
  readonly readBack: SealedReadBack;
  readonly engine: string;
  /** Docks: the slot's number as printed on the housing. */
  readonly slot?: string;
  /** The station's own clock when the docking began; dockings of older stations lack it. */
  readonly stationClock?: StationClock;
  /** Import folders: digest of the listing, so that the same content is not taken in again. */
  readonly listing?: string;
}

export interface InventoryBody {
  readonly docking: DockingId;
  /** 1, 2, …; `last` on the final one. Each part's entries stand in its document. */
  readonly part: number;
  readonly last: boolean;
  readonly entries: number;
  /** On the last part: all regular files and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** False when a folder could not be listed whole. */
  readonly complete: boolean;
}

export interface ClipSealedBody {
  readonly clip: ClipId;
  readonly docking: DockingId;
  readonly source: SourceId;
  readonly bytes: number;
  readonly sha256: Sha256Hex;
  readonly sm3: string;
  readonly fsverity: string;
  readonly readBack: SealedReadBack;
  readonly engine: string;
  /** `new`: first clip with these bytes; `shared`: the vault had them; `adopted`: left by an interrupted sealing. */
  readonly original: 'new' | 'shared' | 'adopted' | 'replaced-damaged';
  /** Codes of what sealing itself found about the clip. */
  readonly findings: readonly string[];
}

/** A reading of a recorder's clock as records tell it; instants are ISO UTC. */
export interface ClockReadingBody {
  /** As the recorder said it, and the instant that means in the station's time zone. */
  readonly local: string;
  readonly recorderAt: string;
  readonly resolutionMs: number;
  /** The station's wall clock around it, and how long it took by a clock that nobody turns. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly tookMs: number;
}

/** A time that a recorder was told. Instants are ISO UTC. */
export interface EarlierSetting {
  /** When it was recorded, before it was sent. */
  readonly time: string;
  readonly reading: ClockReadingBody | null;
  readonly local: string;
  readonly toldAt: string;
  /** Null: nobody knows whether it reached the recorder; then there is no bracket either. */
  readonly outcome: 'set' | 'failed' | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly tookMs: number | null;
}

/** Durable before the recorder is told. */
export interface ClockSettingBody {
  readonly slot: string;
  readonly recorder: string | null;
  readonly reading: ClockReadingBody | null;
  /** What it will be told, and the instant that means. */
  readonly local: string;
  readonly toldAt: string;
}

/** How it ended; a setting without this record may or may not have reached the recorder. */
export interface ClockSetBody {
  readonly slot: string;
  readonly recorder: string | null;
  readonly local: string;
  readonly toldAt: string;
  /** `not-sent`: the second was missed, another setting follows. */
  readonly outcome: 'set' | 'failed' | 'not-sent';
  readonly problem: string | null;
  /** Around the command; null when there was none. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly tookMs: number | null;
}

/** Before the first seal of a docking: how far off the recorder's clock is. Instants are ISO UTC. */
export interface ClockMeasuredBody {
  readonly docking: DockingId;
  readonly recorder: string | null;
  readonly basis: 'protocol' | 'files' | 'none';
  /** Recorder minus station; null: nothing is claimed there. `offsetMs` ± `boundMs` where both ends are known. */
  readonly atLeastMs: number | null;
  readonly atMostMs: number | null;
  readonly offsetMs: number | null;
  readonly boundMs: number | null;
  readonly findings: readonly string[];
  /** The reading that counted, from before the clock was set. */
  readonly reading: ClockReadingBody | null;
  /** What it was told since it was last taken in, and the offset from then on. */
  readonly settings: readonly {
    readonly local: string;
    readonly toldAt: string;
    readonly outcome: 'set' | 'failed';
    readonly startedAt: string;
    readonly endedAt: string;
    readonly tookMs: number;
  }[];
  readonly afterSetting: {
    readonly from: string;
    readonly atLeastMs: number | null;
    readonly atMostMs: number | null;
  } | null;
  /** Times that files brought: how many were looked at, the newest, and the earliest since the last docking. */
  readonly files: {
    readonly used: number;
    readonly newestAt: string | null;
    readonly earliestNewAt: string | null;
    readonly listedAt: string;
    readonly lastDocking: string | null;
    readonly lastDockingEndedAt: string | null;
  };
}
