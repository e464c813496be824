/**
 * What records and documents about exports say. Names of people stand in the document only. The request is recorded
 * before anything is written, so it lies in the bag itself, with its proof; how it ended is known to the ledger alone.
 */
import type { ExportPurpose } from './export-policy.ts';
import type { KeyChangeReason } from './log-facts.ts';

/** Clips that one `export-clips` record names: ids are short, and a record has its limit. */
export const clipsPerRecord = 300;

/** `export-key-made`: from here on bags are signed with this key. */
export interface ExportKeyBody {
  /** Raw Ed25519 public key, hex. */
  readonly key: string;
  /** The key that it follows, and why; only where there was one. What a compromised key signed is not to be believed. */
  readonly replaces?: string;
  readonly reason?: KeyChangeReason;
}

/** `export-requested`, subject: the export. Its clips follow in `export-clips`. */
export interface ExportRequestedBody {
  readonly export: string;
  readonly purpose: ExportPurpose;
  readonly clips: number;
  readonly bytes: number;
}

export interface ExportDocument {
  /** As it was typed. */
  readonly purpose: string;
  readonly basis: string | null;
  readonly applicant: string;
  readonly approvedBy: string | null;
  readonly recipient: string | null;
  readonly caseNumber: string | null;
}

export interface ExportClipsBody {
  readonly export: string;
  readonly part: number;
  readonly clips: readonly string[];
}

export interface ExportEndedBody {
  readonly export: string;
  /** SHA-256 of the bag's `tagmanifest-sha256.txt`. */
  readonly tagManifestSha256: string;
  readonly files: number;
  readonly bytes: number;
  /** Size of the checkpoint that the bag's proofs lead to. */
  readonly checkpointSize: number;
}

/** `export-refused`: nothing left the station. */
export interface ExportRefusedBody {
  readonly export: string;
  readonly reason: string;
  readonly clip?: string;
}
