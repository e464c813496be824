/**
 * What a reader of raw cards tells: every file as the card's own directory entries have it, past the kernel, which hides
 * or confuses files whose names no operating system writes. The dock has the reader; intake compares its listing with the
 * kernel's (card-cross-check.ts) and takes through it what cannot be trusted to a path. Pure types and one error.
 */

/**
 * Why the kernel's path of an entry may open another file, or none:
 * - `slash`: a slash or NUL in the name; `surrogate`: half of a UTF-16 pair; `dot-name`: named `.`, `..` or nothing;
 * - `twin`: another entry of the folder has a name that some reader takes for the same (case, tail, short name);
 * - `tail`: a dot or blank at its end; `parent`: it lies in a folder of which one of these is true.
 */
export type CardDoubt = 'slash' | 'surrogate' | 'dot-name' | 'twin' | 'tail' | 'parent';

/** Where an entry's bytes lie. Numbers as the card says them, unchecked. */
export interface CardPlace {
  readonly firstCluster: number;
  /** exFAT: no table is asked, the clusters follow each other. */
  readonly isContiguous: boolean;
  /** exFAT: what lies beyond was never written and reads as zeros. */
  readonly validBytes: number;
}

export interface CardEntry {
  /** Unambiguous on this card and never another entry's path: card-names.ts says how. */
  readonly path: Uint8Array;
  /** Under which path the kernel lists it, faithfully or not; undefined where it lists nothing. */
  readonly shownAs: Uint8Array | undefined;
  /** `unreadable-folder`: what lies in it is not, or not all, in the listing; `detail` says why. */
  readonly type: 'file' | 'folder' | 'unreadable-folder';
  readonly bytes: number;
  readonly mtimeNs: bigint;
  readonly doubt: CardDoubt | undefined;
  readonly place: CardPlace;
  /** Why its bytes or entries cannot be what the card says. */
  readonly detail?: string;
}

export interface CardListingLimits {
  readonly maxFiles: number;
  readonly maxDepth: number;
}

export interface CardReader {
  /** Everything on the volume but deleted entries. @throws CardError; StationError of the helper */
  list(limits: CardListingLimits, signal: AbortSignal): Promise<readonly CardEntry[]>;
  /**
   * Hands on the bytes of one file, in order, read from the medium and not from a cache.
   * @throws CardError, also when it is no longer the card that was listed; StationError of the helper
   */
  read(entry: CardEntry, take: (bytes: Uint8Array) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/**
 * - `card-gone`: the device went away or is another one now: nothing that was seen counts;
 * - `card-read-error`: the medium gives no bytes there; `card-damaged`: its structures contradict each other;
 * - `card-reads-differ`: two readings of one file gave other bytes;
 * - `card-too-large`: more than a named limit; `card-unknown`: no file system that this reader knows.
 */
export type CardErrorCode =
  | 'card-gone'
  | 'card-read-error'
  | 'card-damaged'
  | 'card-reads-differ'
  | 'card-too-large'
  | 'card-unknown';

export class CardError extends Error {
  readonly code: CardErrorCode;
  /** As errors of the copy engine say it: the card is to blame, not the vault. */
  readonly side = 'source';

  constructor(code: CardErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CardError';
    this.code = code;
  }
}
