/** What the auditor's page asks of the station: the ledger's head, keys, and what keeps the station honest. */

export interface AuditKey {
  readonly role: 'log' | 'leaf' | 'export' | 'sm2';
  /** As the hand-over sheet, bags and `ssh-keygen -l` print it; of SM2 the SHA-256 of the PEM file. */
  readonly fingerprint: string;
  /** Number of the log whose keys they were, when it has ended. */
  readonly endedLog?: number;
}

/** A log of this ledger that ended with a change of keys. */
export interface AuditEndedLog {
  readonly log: number;
  readonly records: number;
  /** Its last one. */
  readonly checkpoint: string | null;
  readonly isCompromised: boolean;
}

export interface AuditWitness {
  readonly name: string;
  /** Its last cosignature on disk: ISO UTC and number of records; null without one. */
  readonly cosigned: { readonly at: string; readonly size: number } | null;
  /** What went wrong when it was asked last, in English. */
  readonly trouble: string | null;
}

export interface AuditStamp {
  readonly kind: 'sm2' | 'time-stamp';
  readonly size: number | null;
  readonly time: string | null;
  readonly trouble: string | null;
}

export interface AuditPlace {
  /** Folder of a mirror; null for the vault itself. */
  readonly folder: string | null;
  /** ISO UTC of the last scrub that went through; null when there was none. */
  readonly scrubbedAt: string | null;
  readonly behind: number;
  readonly damaged: number;
  readonly isPresent: boolean;
}

export interface AuditView {
  readonly station: string;
  readonly records: number;
  /** The exact checkpoint, cosignatures included; null before the first. */
  readonly checkpoint: string | null;
  /** Oldest first. */
  readonly endedLogs: readonly AuditEndedLog[];
  readonly keys: readonly AuditKey[];
  readonly witnesses: readonly AuditWitness[];
  readonly stamps: readonly AuditStamp[];
  readonly places: readonly AuditPlace[];
  /** Whether the log can be read below /log/. */
  readonly isPublic: boolean;
}

export interface WebAudit {
  view(): Promise<AuditView>;
}
