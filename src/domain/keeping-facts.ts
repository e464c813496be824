/**
 * What records about keeping originals say: copies in mirrors, scrubs, damage and repair, lawful deletion, restriction.
 * A place is `vault` or the id of a mirror. Bodies hold ids and digests only; names, reasons and folders stand in the
 * records' documents.
 */
import type { ClipId, DocumentId, Sha256Hex } from './ids.ts';
import type { SubjectKind } from './subject-kinds.ts';

/** `vault`, or a mirror's id (`m-…`). */
export type Place = string;
export const vaultPlace: Place = 'vault';

/** Body of `mirror-added`; its document is a MirrorDocument. */
export interface MirrorAddedBody {
  readonly mirror: string;
}

export interface MirrorDocument {
  readonly folder: string;
}

/** Digests that one record names: as many as fit its 16 KiB. */
export const digestsPerRecord = 200;

/** Body of `original-mirrored`: copies that were read back on the mirror's disk. */
export interface OriginalMirroredBody {
  readonly mirror: string;
  readonly originals: readonly Sha256Hex[];
  readonly readBack: string;
}

/** Body of `mirror-ledger-differs` and, without a file, of `mirror-ledger-agrees`. */
export interface MirrorLedgerBody {
  readonly mirror: string;
  readonly file?: string;
}

/** Body of `scrub-part`: originals that were read and are what they must be; `last`: where to go on. */
export interface ScrubPartBody {
  readonly place: Place;
  readonly originals: readonly Sha256Hex[];
  readonly last: Sha256Hex;
}

/** Body of `scrub-ended`. */
export interface ScrubEndedBody {
  readonly place: Place;
  readonly subset: string;
  readonly checked: number;
  readonly bytes: number;
  readonly damaged: number;
  readonly cancelled: boolean;
}

export type DamageState = 'altered' | 'missing' | 'unreadable';

/** Body of `original-damaged`. */
export interface OriginalDamagedBody {
  readonly place: Place;
  readonly sha256: Sha256Hex;
  readonly state: DamageState;
  /** Damaged 4 KiB blocks, `3, 7-9`, where a sound block file can tell them; at most 64 ranges. */
  readonly blocks?: string;
}

/** Body of `original-repaired`: put back from a confirmed copy. */
export interface OriginalRepairedBody {
  readonly place: Place;
  readonly sha256: Sha256Hex;
  readonly from: Place;
  readonly readBack: string;
}

/** Documents that one deletion names: as many as fit its record. More are several deletions. */
export const documentsPerDeletion = 400;
/** Clips of one deletion. */
export const clipsPerDeletion = 100;

/** Body of `deletion-approved`. It names every document whose line is overwritten, `target` (its own) among them. */
export interface DeletionApprovedBody {
  readonly deletion: string;
  readonly kind: 'clip' | 'person';
  readonly clips: readonly ClipId[];
  readonly documents: readonly DocumentId[];
  /** Deletion of a person: the document of this record that says who; it is overwritten too. */
  readonly target?: DocumentId;
  /** The deletion run that it belongs to. */
  readonly run?: string;
}

/** First document of `deletion-approved`: stays. */
export interface ApprovalDocument {
  readonly rule: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  /** Deleted although it was linked to a case. */
  readonly override?: true;
}

/** Second document of a person's `deletion-approved`: overwritten with the others. */
export interface DeletionTargetDocument {
  readonly subjects: readonly { readonly kind: SubjectKind; readonly key: string }[];
  /** An import file that holds one of these goes too. */
  readonly words: readonly string[];
}

/** Body of `deletion-carried-out`. */
export interface DeletionCarriedOutBody {
  readonly deletion: string;
  readonly place: Place;
}

/** Bodies of `clip-restricted` and `restriction-lifted`; the document has the reason. */
export interface RestrictionBody {
  readonly clip: ClipId;
}

export interface RestrictionDocument {
  readonly reason: string;
}
