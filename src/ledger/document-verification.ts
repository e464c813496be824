/**
 * Verifies the documents of one segment by the digests that records name. A lawfully erased line is fine when the
 * record of its deletion exists, which may lie in a later segment, so it is handed back to be judged at the end.
 * Documents lie in the order in which records name them, which tells a damaged line from one that is gone.
 */
import type { StoreFinding } from '../domain/findings.ts';
import type { RecordEnvelope } from '../domain/records.ts';
import type { FileLine } from '../files/line-reader.ts';
import { digestHex, parseDocument } from './record-lines.ts';

export interface ErasedDocument {
  readonly id: string;
  readonly finding: StoreFinding;
  /** Sequence of the record that says so, and of the one that named the document. */
  readonly erasedBy: number;
  readonly namedBy: number;
}

export interface DocumentsRequest {
  /** As findings name it. */
  readonly file: string;
  readonly lines: AsyncIterable<FileLine>;
  /** Sound records of the segment, in order. */
  readonly records: readonly RecordEnvelope[];
  /** A damaged record may have named any of the lines, and a segment that grows ends with what a crash left. */
  readonly allowsUnnamed: boolean;
  readonly isLast: boolean;
}

export interface DocumentsVerdict {
  readonly findings: readonly StoreFinding[];
  readonly erased: readonly ErasedDocument[];
  readonly documents: number;
}

interface Named {
  readonly id: string;
  readonly sha256: string;
  readonly seq: number;
  readonly clip: string | undefined;
}

export async function verifyDocuments(request: DocumentsRequest): Promise<DocumentsVerdict> {
  const check = new DocumentsCheck(request);
  for await (const line of request.lines) check.take(line);
  return check.finish();
}

class DocumentsCheck {
  readonly #request: DocumentsRequest;
  readonly #file: string;
  readonly #named: readonly Named[];
  readonly #byDigest: ReadonlyMap<string, number>;
  readonly #byId: ReadonlyMap<string, number>;
  readonly #findings: StoreFinding[] = [];
  readonly #erased: ErasedDocument[] = [];
  /** The next document that is expected, and lines since the last one that was recognised. */
  #next = 0;
  #loose: number[] = [];
  #lines = 0;

  constructor(request: DocumentsRequest) {
    this.#request = request;
    this.#file = request.file;
    this.#named = request.records.flatMap((record) =>
      (record.documents ?? []).map(({ id, sha256 }) => ({ id, sha256, seq: record.seq, clip: clipOf(record) })),
    );
    this.#byDigest = new Map(this.#named.map(({ sha256 }, at) => [sha256, at]));
    this.#byId = new Map(this.#named.map(({ id }, at) => [id, at]));
  }

  take(line: FileLine): void {
    this.#lines += 1;
    const at = this.#byDigest.get(digestHex(line.bytes)) ?? this.#recognise(line);
    if (at === undefined || at < this.#next) this.#loose.push(this.#lines);
    else {
      this.#closeGap(at);
      this.#next = at + 1;
    }
  }

  /** An erased line, or one whose digest is wrong but whose id can still be read. */
  #recognise(line: FileLine): number | undefined {
    const document = parseDocument(line.bytes);
    const at = document === undefined ? undefined : this.#byId.get(document.id);
    const named = at === undefined ? undefined : this.#named[at];
    if (document === undefined || named === undefined || at === undefined || at < this.#next) return undefined;
    const finding = this.#finding('document-altered', named);
    if (document.erasedBy !== undefined && isErasure(line.bytes, document.id, document.erasedBy)) {
      this.#erased.push({ id: document.id, finding, erasedBy: document.erasedBy, namedBy: named.seq });
    } else {
      this.#findings.push(finding);
    }
    return at;
  }

  /** Documents before `until` that no line was: damaged when lines stand in their place, gone when none does. */
  #closeGap(until: number): void {
    const lost = this.#named.slice(this.#next, until);
    const code = this.#loose.length > 0 ? 'document-altered' : 'document-missing';
    for (const named of lost) this.#findings.push(this.#finding(code, named));
    if (lost.length === 0 && !this.#request.allowsUnnamed) {
      for (const line of this.#loose) {
        const detail = `line ${line}: no record names this document`;
        this.#findings.push({ code: 'document-unknown', file: this.#file, detail });
      }
    }
    this.#loose = [];
  }

  finish(): DocumentsVerdict {
    const isAllLost = this.#lines === 0 && this.#named.length > 0;
    if (isAllLost) {
      const detail = `the whole segment is missing or empty; records name ${this.#named.length} documents of it`;
      this.#findings.push({ code: 'document-missing', file: this.#file, detail });
    } else {
      // What a crash leaves behind the last named document.
      if (this.#next === this.#named.length && this.#request.isLast) this.#loose = [];
      this.#closeGap(this.#named.length);
    }
    return { findings: this.#findings, erased: this.#erased, documents: this.#lines };
  }

  #finding(code: 'document-altered' | 'document-missing', named: Named): StoreFinding {
    const clip = named.clip === undefined ? {} : { clip: named.clip };
    return { code, file: this.#file, ...clip, detail: `document ${named.id} of record ${named.seq}` };
  }
}

/** `{"erasedBy":…,"id":"…"}` and blanks up to the newline; anything more is not what an erasure writes. */
function isErasure(line: Buffer, id: string, erasedBy: number): boolean {
  return line.toString('latin1').replace(/ *\n$/, '') === `{"erasedBy":${erasedBy},"id":"${id}"}`;
}

function clipOf({ body }: RecordEnvelope): string | undefined {
  return typeof body.clip === 'string' ? body.clip : undefined;
}
