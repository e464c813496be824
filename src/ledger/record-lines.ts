/**
 * Record and document lines: building them from what a room asks for, and reading them back.
 */
import { canonicalJson } from '../domain/canonical-json.ts';
import type { DocumentId, Sha256Hex, StationId } from '../domain/ids.ts';
import {
  type DocumentLine,
  type DocumentReference,
  type NewRecord,
  type RecordEnvelope,
  recordBytesMax,
} from '../domain/records.ts';
import { sha256 } from '../formats/merkle-hash.ts';

export const noPreviousRecord = '0'.repeat(64);

/** What the ledger adds to a record when it is appended. */
export interface RecordContext {
  readonly seq: number;
  readonly time: string;
  readonly upMs: number;
  readonly boot: string;
  readonly station: StationId;
  readonly prev: string;
  /** Fresh random bytes, hex. */
  readonly random: (bytes: number) => string;
}

export interface BuiltRecord {
  readonly record: RecordEnvelope;
  readonly line: Buffer;
  readonly documents: readonly {
    readonly id: DocumentId;
    readonly line: Buffer;
    readonly body: DocumentLine['body'];
  }[];
}

export const digestHex = (bytes: Uint8Array): Sha256Hex => sha256(bytes).toString('hex') as Sha256Hex;

/** @throws Error when the record would be longer than 16 KiB: what is long belongs in a document */
export function buildRecord(request: NewRecord, context: RecordContext): BuiltRecord {
  const documents = (request.documents ?? []).map(({ id, body }) => {
    const document: DocumentLine = { id, salt: context.random(16), body };
    return readBack(id, Buffer.from(`${canonicalJson({ ...document })}\n`));
  });
  const references: DocumentReference[] = documents.map(({ id, line }) => ({ id, sha256: digestHex(line) }));
  const record: RecordEnvelope = {
    v: 1,
    seq: context.seq,
    type: request.type,
    time: context.time,
    upMs: context.upMs,
    boot: context.boot,
    station: context.station,
    nonce: context.random(16),
    prev: context.prev,
    actor: request.actor,
    ...(request.subject === undefined ? {} : { subject: request.subject }),
    body: request.body,
    ...(references.length === 0 ? {} : { documents: references }),
  };
  const line = Buffer.from(
    `${canonicalJson({ ...record, actor: { ...record.actor }, documents: record.documents?.map((at) => ({ ...at })) })}\n`,
  );
  if (line.length > recordBytesMax) {
    throw new Error(`a ${request.type} record of ${line.length} bytes is over the limit of ${recordBytesMax}`);
  }
  // What is handed on is read from the line, so that nothing can differ between now and a replay.
  return { record: JSON.parse(line.toString('utf8')) as RecordEnvelope, line, documents };
}

function readBack(id: DocumentId, line: Buffer): BuiltRecord['documents'][number] {
  return { id, line, body: (JSON.parse(line.toString('utf8')) as DocumentLine).body };
}

/** @returns undefined when the line is no record in canonical form */
export function parseRecord(line: Uint8Array): RecordEnvelope | undefined {
  const value = parseCanonical(line);
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Partial<RecordEnvelope>;
  const sound =
    record.v === 1 &&
    Number.isSafeInteger(record.seq) &&
    typeof record.type === 'string' &&
    typeof record.time === 'string' &&
    typeof record.prev === 'string' &&
    typeof record.body === 'object' &&
    record.body !== null;
  return sound ? (record as RecordEnvelope) : undefined;
}

export interface ParsedDocument {
  readonly id: DocumentId;
  readonly line: DocumentLine | undefined;
  /** Sequence of the record of a lawful deletion, when the line was overwritten. */
  readonly erasedBy: number | undefined;
}

export function parseDocument(line: Uint8Array): ParsedDocument | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(line).toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'string') return undefined;
  const id = value.id as DocumentId;
  if ('erasedBy' in value) {
    return { id, line: undefined, erasedBy: typeof value.erasedBy === 'number' ? value.erasedBy : undefined };
  }
  return 'body' in value && 'salt' in value ? { id, line: value as DocumentLine, erasedBy: undefined } : undefined;
}

function parseCanonical(line: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(Buffer.from(line).toString('utf8'));
    // Bytes, not texts, are compared: decoding gives one text for many kinds of invalid UTF-8.
    return Buffer.from(`${canonicalJson(value as never)}\n`).equals(line) ? value : undefined;
  } catch {
    return undefined;
  }
}
