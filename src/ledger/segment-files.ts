/**
 * The two files that the log grows in, records and their documents, segment after segment. Documents are written first,
 * so that no durable record names a missing document.
 */
import { AppendFile } from '../files/append-file.ts';
import type { LedgerLayout } from './ledger-layout.ts';
import type { BuiltRecord } from './record-lines.ts';

export class SegmentFiles {
  #records: AppendFile;
  #documents: AppendFile;

  constructor(records: AppendFile, documents: AppendFile) {
    this.#records = records;
    this.#documents = documents;
  }

  /** The disk did not confirm a write: nobody knows what it holds, and nothing more is taken. */
  get broken(): boolean {
    return this.#records.broken || this.#documents.broken;
  }

  /** @throws the kernel's error; unless the files are `broken` then, neither of them has anything of `part` */
  async append(part: readonly BuiltRecord[]): Promise<void> {
    const documents = part.flatMap((one) => one.documents.map(({ line }) => line));
    const documentsLength = this.#documents.length;
    try {
      if (documents.length > 0) await this.#documents.append(Buffer.concat(documents));
      await this.#records.append(Buffer.concat(part.map(({ line }) => line)));
    } catch (error) {
      // Only when the records are surely not there: a record whose sync failed may be, and names its documents.
      if (!this.broken) await this.#documents.cutBackTo(documentsLength);
      throw error;
    }
  }

  async openSegment(layout: LedgerLayout, segment: number): Promise<void> {
    const records = await AppendFile.open(layout.path(layout.recordSegment(segment)), 0);
    const documents = await AppendFile.open(layout.path(layout.documentSegment(segment)), 0);
    await this.goOnIn(records, documents);
  }

  async goOnIn(records: AppendFile, documents: AppendFile): Promise<void> {
    await this.close();
    this.#records = records;
    this.#documents = documents;
  }

  async close(): Promise<void> {
    await this.#records.close();
    await this.#documents.close();
  }
}
