/** The column behind each field of a clip, of `clips c`: a question names its fields once and has its SQL and its type. */
import type { ClipFields } from '../domain/clip-fields.ts';

interface ClipRowFields extends ClipFields {
  readonly path: Buffer;
}

type ClipField = keyof ClipRowFields;

/** The row of a question that names these fields. */
export type ClipWith<Fields extends readonly ClipField[]> = Pick<ClipRowFields, Fields[number]>;

const columnOf: { readonly [field in ClipField]: string } = {
  clip: 'c.clip',
  source: 'c.source',
  docking: 'c.docking',
  path: 'c.path',
  sha256: 'c.sha256',
  bytes: 'c.bytes',
  kind: 'c.kind',
  facts: 'c.facts',
  isProbed: 'c.probed_seq IS NOT NULL',
  durationMs: "json_extract(c.facts, '$.durationMs')",
  latitude: "json_extract(c.facts, '$.place.latitude')",
  longitude: "json_extract(c.facts, '$.place.longitude')",
  recorder: 'c.recorder',
  officer: 'c.officer',
  caseNumber: 'c.case_number',
  recordedAt: 'c.recorded_at',
  recordedLocal: 'c.recorded_local',
  sequence: 'c.name_sequence',
  important: 'c.important',
  interrupted: 'c.interrupted',
  clockBasis: 'c.clock_basis',
  clockAtLeastMs: 'c.clock_at_least_ms',
  clockAtMostMs: 'c.clock_at_most_ms',
  correctedEarliest: 'c.corrected_earliest',
  correctedLatest: 'c.corrected_latest',
  occurredAt: 'c.occurred_at',
  sealedAt: 'c.sealed_at',
  sealedSeq: 'c.sealed_seq',
  isRestricted: 'EXISTS (SELECT 1 FROM restricted_clips x WHERE x.clip = c.clip)',
};

export const clipColumns = (fields: readonly ClipField[]): string =>
  fields.map((field) => `${columnOf[field]} AS ${field}`).join(', ');

/** What a clip is tied by: by name, by time, by whoever had the recorder. */
export const linkableFields = [
  'clip',
  'recorder',
  'officer',
  'caseNumber',
  'recordedAt',
  'correctedEarliest',
  'correctedLatest',
  'sealedAt',
] as const;
