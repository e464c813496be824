/**
 * A finding (异常) is something a check found wrong: a value, not an exception. fsck speaks of vault, ledger,
 * documents and registry; intake's findings are about a clip or a docking and stand in the ledger.
 */

/** What `fsck` found. `file` is relative to the data folder. */
export interface StoreFinding {
  readonly code: StoreFindingCode;
  readonly file: string;
  readonly clip?: string;
  readonly sha256?: string;
  /** One English sentence fragment for people: what differs, and where. */
  readonly detail?: string;
  /** Of an altered original, where a sound block file tells them: damaged 4 KiB blocks as `3, 7-9`. */
  readonly damagedBlocks?: string;
}

export type StoreFindingCode =
  | 'original-altered'
  | 'original-missing'
  | 'original-unknown'
  | 'original-unreadable'
  | 'original-not-deleted'
  | 'mirror-away'
  | 'blocks-altered'
  | 'blocks-missing'
  | 'record-altered'
  | 'record-missing'
  | 'record-invalid'
  | 'document-altered'
  | 'document-missing'
  | 'document-unknown'
  | 'document-not-erased'
  | 'tile-altered'
  | 'tile-missing'
  | 'checkpoint-altered'
  | 'checkpoint-missing'
  | 'stamp-altered'
  | 'tree-differs'
  | 'key-altered'
  | 'key-missing'
  | 'registry-missing'
  | 'registry-unreadable'
  | 'registry-differs'
  | 'coverage-cache-unreadable'
  | 'coverage-cache-differs'
  | 'unexpected-file';
