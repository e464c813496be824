/**
 * Verifies the records of one segment against their leaves: bytes by checksum, form, sequence, and the chain from one
 * record to the next where no leaf confirms them yet. It names the segment only when its own bytes are at fault; what
 * the tiles hold wrong is for the tiles' own comparison.
 */
import type { StoreFinding } from '../domain/findings.ts';
import { type RecordEnvelope, recordBytesMax } from '../domain/records.ts';
import { leafChecksum } from '../formats/leaf.ts';
import type { TrustedLeaf } from './leaf-witnesses.ts';
import { recordsPerSegment } from './ledger-layout.ts';
import { type Alignment, alignRecords, type Place, type RecordLine } from './record-alignment.ts';
import { noPreviousRecord } from './record-lines.ts';

export interface SegmentRequest {
  /** As findings name it. */
  readonly file: string;
  readonly firstSeq: number;
  /** Sequences of this segment that a checkpoint, a tile or a later segment speaks of. */
  readonly count: number;
  /** Records from here on may be missing: nothing durable speaks of them but leaves. */
  readonly requiredEnd: number;
  /** The segment that still grows: what a crash may leave at its end is allowed. */
  readonly isLast: boolean;
  readonly lines: readonly RecordLine[];
  readonly checksums: (seq: number) => readonly Uint8Array[];
  readonly trust: (seq: number, line: RecordLine | undefined) => TrustedLeaf;
  readonly canVerifyLeaves: boolean;
  readonly previous: ChainLink | undefined;
}

/** The record before, as far as it is sound. */
export interface ChainLink {
  readonly digest: string;
  readonly isConfirmed: boolean;
}

export interface SegmentVerdict {
  readonly findings: readonly StoreFinding[];
  /** One for each sequence from `firstSeq` on. */
  readonly trusted: readonly TrustedLeaf[];
  /** Records with nothing wrong, in order. */
  readonly sound: readonly RecordEnvelope[];
  /** Behind the last record that is there or must be. */
  readonly endSeq: number;
  readonly lines: number;
  readonly last: ChainLink | undefined;
}

interface Judged extends Place {
  readonly trusted: TrustedLeaf;
  readonly isConfirmed: boolean;
  trouble: Trouble | undefined;
}

interface Trouble {
  readonly code: 'record-altered' | 'record-missing' | 'record-invalid';
  readonly what: string;
}

const altered: Trouble = { code: 'record-altered', what: 'its bytes are not those that were recorded' };
const unlinked: Trouble = { code: 'record-altered', what: 'the next record names another digest' };

export function verifySegment(request: SegmentRequest): SegmentVerdict {
  const alignment = alignRecords(request);
  const judged = alignment.places.map((place) => judge(place, request)).filter((place) => place !== undefined);
  judgeChain(judged, request);
  const end = judged.findLast((place) => place.line !== undefined || place.trouble !== undefined);
  const last = judged.findLast((place) => place.line !== undefined);
  return {
    findings: [...troubleFindings(judged, request), ...surplusFindings(alignment, request)],
    trusted: judged.map((place) => place.trusted),
    sound: judged.flatMap(({ trouble, line }) => (trouble === undefined && line?.record ? [line.record] : [])),
    endSeq: end === undefined ? request.firstSeq : end.seq + 1,
    lines: judged.filter((place) => place.line !== undefined).length,
    last: last === undefined || last !== end || last.trouble !== undefined ? undefined : linkOf(last),
  };
}

/** Undefined for the incomplete line that a crash leaves. */
function judge(place: Place, request: SegmentRequest): Judged | undefined {
  const { seq, line } = place;
  const trusted = request.trust(seq, line);
  const stored = trusted.leaf && leafChecksum(trusted.leaf);
  if (line === undefined) {
    const isRequired = seq < request.requiredEnd || trusted.isSigned;
    const code = place.hasRemains ? 'record-altered' : 'record-missing';
    const trouble: Trouble = { code, what: 'the line that was recorded is not there' };
    return { ...place, trusted, isConfirmed: false, trouble: isRequired ? trouble : undefined };
  }
  if (!line.isComplete && request.isLast && stored === undefined && seq >= request.requiredEnd) return undefined;
  if (stored === undefined) {
    return { ...place, trusted, isConfirmed: false, trouble: line.record?.seq === seq ? undefined : altered };
  }
  if (!line.checksum.equals(stored)) return { ...place, trusted, isConfirmed: false, trouble: altered };
  const what = formTrouble(place, line) ?? leafTrouble(trusted, request);
  const trouble: Trouble | undefined = what === undefined ? undefined : { code: 'record-invalid', what };
  return { ...place, trusted, isConfirmed: true, trouble };
}

function formTrouble(place: Place, line: RecordLine): string | undefined {
  if (line.record === undefined) return 'it is no record in canonical form';
  if (line.record.seq !== place.seq) return `it says that it is record ${line.record.seq}`;
  return line.bytes.length > recordBytesMax ? 'it is too long' : undefined;
}

function leafTrouble(trusted: TrustedLeaf, request: SegmentRequest): string | undefined {
  return request.canVerifyLeaves && !trusted.isSigned ? 'its leaf is not signed by the leaf key' : undefined;
}

const linkOf = (place: Judged): ChainLink => ({
  digest: place.line?.digest.toString('hex') ?? '',
  isConfirmed: place.isConfirmed,
});

/** Each record names the digest of the one before. Where that is wrong, the one that no leaf confirms is at fault. */
function judgeChain(judged: readonly Judged[], request: SegmentRequest): void {
  const first: ChainLink = { digest: noPreviousRecord, isConfirmed: true };
  for (const [at, place] of judged.entries()) {
    const before = judged[at - 1];
    const link = before === undefined ? (request.firstSeq === 0 ? first : request.previous) : soundLink(before);
    if (link === undefined || place.trouble !== undefined || place.line?.record === undefined) continue;
    if (place.line.record.prev === link.digest) continue;
    if (place.isConfirmed && link.isConfirmed) {
      place.trouble = { code: 'record-invalid', what: 'it does not follow the record before it' };
    } else if (before === undefined || link.isConfirmed || isCutOff(place, judged[at + 1])) {
      place.trouble = altered;
    } else {
      before.trouble = unlinked;
    }
  }
}

const soundLink = (place: Judged): ChainLink | undefined =>
  place.line === undefined || place.trouble !== undefined ? undefined : linkOf(place);

/** The record after this one names another digest too: then it is this one whose bytes are wrong. */
const isCutOff = (place: Judged, after: Judged | undefined): boolean =>
  !place.isConfirmed &&
  after?.line?.record !== undefined &&
  after.line.record.prev !== place.line?.digest.toString('hex');

function troubleFindings(judged: readonly Judged[], request: SegmentRequest): StoreFinding[] {
  const findings: StoreFinding[] = [];
  const { file } = request;
  for (let at = 0; at < judged.length; at += 1) {
    const place = judged[at] as Judged;
    if (place.trouble === undefined) continue;
    const { code, what } = place.trouble;
    const from = at;
    const clip = place.line === undefined ? undefined : clipInDamaged(place.line);
    // A long run without anything to tell its records apart is one finding.
    while (clip === undefined && isSameTrouble(place, judged[at + 1])) at += 1;
    const range = at === from ? `record ${place.seq}` : `records ${place.seq} to ${judged[at]?.seq}`;
    findings.push({ code, file, ...(clip === undefined ? {} : { clip }), detail: `${range}: ${what}` });
  }
  return findings;
}

const isSameTrouble = (place: Judged, next: Judged | undefined): boolean =>
  next?.trouble?.code === place.trouble?.code &&
  next?.trouble?.what === place.trouble?.what &&
  (next?.line === undefined || clipInDamaged(next.line) === undefined);

function surplusFindings({ surplus }: Alignment, request: SegmentRequest): StoreFinding[] {
  const detail = `${surplus.length} lines that are no records of this segment (at most ${recordsPerSegment} fit)`;
  return surplus.length === 0 ? [] : [{ code: 'record-invalid', file: request.file, detail }];
}

/** A damaged record's clip, when both places that name it still agree. */
function clipInDamaged(line: RecordLine): string | undefined {
  const text = line.bytes.toString('latin1');
  const clip = /"clip":"(c-[0-9a-z]{20})"/.exec(text)?.[1];
  return clip !== undefined && text.includes(`"subject":"${clip}"`) ? clip : undefined;
}
