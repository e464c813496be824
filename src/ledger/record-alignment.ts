/**
 * Which line of a record segment stands for which record. A damaged newline merges or splits lines and so shifts the
 * rest; a line that says its own sequence and has the checksum of that leaf holds its place, and only what lies
 * between two such lines is in doubt. Pure: it reads nothing and says nothing about who is at fault.
 */
import type { RecordEnvelope } from '../domain/records.ts';
import { sha256 } from '../formats/merkle-hash.ts';
import { recordsPerSegment } from './ledger-layout.ts';
import { parseRecord } from './record-lines.ts';

export interface RecordLine {
  readonly bytes: Buffer;
  /** SHA-256 of the line, which the next record names. */
  readonly digest: Buffer;
  readonly checksum: Buffer;
  /** Undefined when the line is no record in canonical form. */
  readonly record: RecordEnvelope | undefined;
  readonly isComplete: boolean;
}

export function recordLine(bytes: Buffer, isComplete: boolean): RecordLine {
  const digest = sha256(bytes);
  return { bytes, digest, checksum: sha256(digest), record: isComplete ? parseRecord(bytes) : undefined, isComplete };
}

export interface Place {
  readonly seq: number;
  readonly line: RecordLine | undefined;
  /** Lines stand nearby that could be what is left of this record. */
  readonly hasRemains: boolean;
}

export interface Alignment {
  /** One for each sequence, in order. */
  readonly places: readonly Place[];
  /** Lines for which there is no place. */
  readonly surplus: readonly RecordLine[];
}

export interface AlignmentRequest {
  readonly firstSeq: number;
  /** Sequences that must have a place; lines behind them get places of their own. */
  readonly count: number;
  readonly lines: readonly RecordLine[];
  /** Stored checksums of a record's leaf; empty where no leaf is stored. */
  readonly checksums: (seq: number) => readonly Uint8Array[];
}

export function alignRecords(request: AlignmentRequest): Alignment {
  const { firstSeq, count, lines } = request;
  const places: Place[] = [];
  const surplus: RecordLine[] = [];
  let loose: RecordLine[] = [];
  const end = firstSeq + count;
  const next = (): number => firstSeq + places.length;
  const closeGap = (until: number): void => {
    const gap = fillGap(next(), until, loose);
    places.push(...gap.places);
    surplus.push(...gap.surplus);
    loose = [];
  };
  for (const line of lines) {
    const claim = line.record?.seq;
    const holds = claim !== undefined && claim >= next() && claim < end && isOwn(line, request.checksums(claim));
    if (holds) closeGap(claim);
    if (holds) places.push({ seq: claim, line, hasRemains: true });
    else loose.push(line);
  }
  // Behind the last place that is held: first what belongs to sequences that must be there, then what came after.
  const room = recordsPerSegment - count;
  const later = loose.findIndex((line) => line.record !== undefined && line.record.seq >= end);
  const tail = room === 0 ? [] : next() >= end ? loose : later < 0 ? [] : loose.slice(later);
  loose = loose.slice(0, loose.length - tail.length);
  // A last line without its newline is what a crash leaves, unless it is all that is left of a record.
  if (tail.length === 0 && loose.at(-1)?.isComplete === false && loose.length > end - next())
    tail.push(...loose.splice(-1));
  closeGap(end);
  places.push(...tail.slice(0, room).map((line, at) => ({ seq: end + at, line, hasRemains: true })));
  surplus.push(...tail.slice(room));
  return { places, surplus };
}

const isOwn = (line: RecordLine, checksums: readonly Uint8Array[]): boolean =>
  checksums.length === 0 || checksums.some((checksum) => line.checksum.equals(checksum));

/** As many lines as places: each stands where it should. Otherwise a line has the place that it says itself. */
function fillGap(from: number, until: number, lines: readonly RecordLine[]): Alignment {
  const places: Place[] = [];
  const rest = [...lines];
  const fits = lines.length === until - from;
  for (let seq = from; seq < until; seq += 1) {
    const at = fits ? 0 : rest.findIndex((line) => line.record?.seq === seq);
    const line = at < 0 ? undefined : rest.splice(at, 1)[0];
    places.push({ seq, line, hasRemains: lines.length > 0 });
  }
  // Lines without a place are remains of records that have none; only more than those are surplus.
  const isLost = places.some((place) => place.line === undefined);
  return { places, surplus: isLost ? [] : rest };
}
