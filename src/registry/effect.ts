/** The shape of what a record does to the registry, and how it looks into the record's documents. */
import type { RecordEnvelope, ReplayedDocument } from '../domain/records.ts';

export type Effect = (record: RecordEnvelope, documents: readonly ReplayedDocument[]) => void;

/** The effect of each type of record, by the record's type. */
export type Effects = { readonly [type: string]: Effect };

/** A document's body, undefined when the record has none there or it was lawfully erased. */
export function bodyOf<T = unknown>(documents: readonly ReplayedDocument[], at = 0): T | undefined {
  const document = documents[at];
  return document !== undefined && 'body' in document ? (document.body as T) : undefined;
}
