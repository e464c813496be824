/**
 * What records of drawings say. A list's keys are the ids of the documents that name its cases, so that a record binds
 * key to case and a lawfully deleted case leaves the draw repeatable. Names and typed words stand in documents only.
 */
import type { DocumentId } from './ids.ts';

export type SeedSource = 'witness' | 'public';
export const followUpMeans = ['phone', 'visit'] as const;
export type FollowUpMeans = (typeof followUpMeans)[number];
export const satisfactions = ['satisfied', 'fair', 'dissatisfied', 'no-answer'] as const;
export type Satisfaction = (typeof satisfactions)[number];

/** Documents of one `drawing-list-part`: as many as fit its record. */
export const casesPerPart = 100;

/** Body of `drawing-list-part`; each document is a DrawingCaseDocument. It counts once its list is closed. */
export interface DrawingPartBody {
  readonly list: string;
}

export interface DrawingCaseDocument {
  /** Key of the case. */
  readonly case: string;
  readonly number: string;
}

/** Body of `drawing-list-closed`, which begins round 1; its document is a DrawingListDocument. */
export interface DrawingListBody {
  readonly list: string;
  readonly month: string;
  readonly count: number;
  readonly percent: number;
  /** Of `canonicalList`. */
  readonly sha256: string;
  readonly seedFrom: SeedSource;
  /** The ledger's size when the cases were read. */
  readonly knownAt: number;
}

export interface DrawingListDocument {
  readonly kinds: readonly string[];
  /** The public number named beforehand; null for a witness. */
  readonly source: string | null;
}

/** Body of `drawing-redraw-ordered`, which begins another round; its document is a RedrawDocument. */
export interface RedrawBody {
  readonly list: string;
  readonly round: number;
  readonly seedFrom: SeedSource;
}

export interface RedrawDocument {
  readonly source: string | null;
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/** Body of `drawing-drawn`; its document is a DrawnDocument. */
export interface DrawnBody {
  readonly list: string;
  readonly round: number;
  readonly seedFrom: SeedSource;
  readonly method: string;
  readonly seedSha256: string;
  readonly drawn: number;
  /** Records that the cosigned checkpoint covers, in its log. */
  readonly size?: number;
}

export interface DrawnDocument {
  readonly seed: string;
  /** In the order in which they were drawn. */
  readonly keys: readonly DocumentId[];
  /** The cosigned checkpoint, byte for byte. */
  readonly checkpoint?: string;
  readonly typedBy?: readonly [string, string];
}

/** Body of `case-followed-up`; its document is a FollowUpDocument. */
export interface FollowUpBody {
  readonly list: string;
  readonly key: DocumentId;
}

export interface FollowUpDocument {
  /** Key of the case. */
  readonly case: string;
  readonly means: FollowUpMeans;
  readonly by: string;
  readonly on: string;
  readonly satisfaction: Satisfaction;
  readonly opinion: string;
  readonly handling: string;
}
