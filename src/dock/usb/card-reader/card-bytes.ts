/**
 * A card's raw bytes at any offset and of any length, over a source that gives whole aligned pieces of limited size. It
 * tells a bad sector from a card that is gone by asking for the first sector again, and keeps a few pages for the tables
 * that are asked entry by entry.
 */
import { CardError } from '../../../domain/card-reading.ts';

/** One aligned read of the device. @throws CardError card-gone, card-read-error; others as they are */
export type RawSource = (offset: number, length: number) => Promise<{ bytes: Uint8Array; deviceBytes: number }>;

/** What one call of the helper gives at most. */
export const rawReadBytesMax = 15 * 4096;
const alignment = 4096;
const sectorBytes = 512;
const pageBytes = 32 * 1024;
const pagesMax = 64;

export class CardBytes {
  readonly #source: RawSource;
  readonly #signal: AbortSignal;
  readonly #pages = new Map<number, Buffer>();
  readonly size: number;
  /** The first sector: the card is the same as long as this is. */
  readonly head: Buffer;

  private constructor(source: RawSource, signal: AbortSignal, first: { bytes: Uint8Array; deviceBytes: number }) {
    this.#source = source;
    this.#signal = signal;
    this.size = first.deviceBytes;
    this.head = Buffer.from(first.bytes);
  }

  /** @throws CardError card-gone, card-read-error */
  static async open(source: RawSource, signal: AbortSignal): Promise<CardBytes> {
    return new CardBytes(source, signal, await source(0, alignment));
  }

  /** That the card is still there and still this one. @throws CardError card-gone */
  async assertSame(): Promise<void> {
    const { bytes, deviceBytes } = await this.#source(0, alignment).catch((cause: unknown) => {
      throw cause instanceof CardError ? new CardError('card-gone', 'the card does not answer any more', cause) : cause;
    });
    if (deviceBytes !== this.size || !this.head.equals(bytes))
      throw new CardError('card-gone', 'another card is there now');
  }

  /** Exactly these bytes, from the medium. @throws CardError */
  async read(offset: number, length: number): Promise<Buffer> {
    this.#assertWithin(offset, length);
    const pieces: Buffer[] = [];
    for (let at = offset; at < offset + length; ) {
      const start = at - (at % alignment);
      const most = Math.min(start + rawReadBytesMax, this.size - (this.size % sectorBytes));
      const wanted = Math.min(most, start + Math.ceil((offset + length - start) / alignment) * alignment);
      const piece = await this.#raw(start, wanted - start);
      const end = Math.min(offset + length, wanted);
      pieces.push(piece.subarray(at - start, end - start));
      at = end;
    }
    return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
  }

  /** As `read`, for a few bytes of a table; each page of it is read once. */
  async peek(offset: number, length: number): Promise<Buffer> {
    const start = offset - (offset % pageBytes);
    if (offset + length > start + pageBytes) return this.read(offset, length);
    this.#assertWithin(offset, length);
    let page = this.#pages.get(start);
    if (page === undefined) {
      page = await this.read(start, Math.min(pageBytes, this.size - (this.size % sectorBytes) - start));
      const [oldest] = this.#pages.keys();
      if (this.#pages.size >= pagesMax && oldest !== undefined) this.#pages.delete(oldest);
      this.#pages.set(start, page);
    }
    return page.subarray(offset - start, offset - start + length);
  }

  #assertWithin(offset: number, length: number): void {
    const end = this.size - (this.size % sectorBytes);
    if (offset < 0 || length < 0 || !Number.isSafeInteger(offset + length) || offset + length > end)
      throw new CardError('card-damaged', `it points beyond its end: ${length} bytes at ${offset} of ${this.size}`);
  }

  async #raw(offset: number, length: number): Promise<Buffer> {
    this.#signal.throwIfAborted();
    let piece: { bytes: Uint8Array; deviceBytes: number };
    try {
      piece = await this.#source(offset, length);
    } catch (error) {
      // A card that is being pulled gives read errors before it is gone.
      if (error instanceof CardError && error.code === 'card-read-error') await this.assertSame();
      throw error;
    }
    if (piece.deviceBytes !== this.size) throw new CardError('card-gone', 'another card is there now');
    return Buffer.from(piece.bytes);
  }
}
