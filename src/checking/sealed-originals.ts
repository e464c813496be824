/**
 * What the ledger says about originals: collected from seal records while the ledger is verified, so that originals
 * can be checked even where another record is damaged.
 */
import type { ClipSealedBody, RecordEnvelope } from '../domain/records.ts';

export interface SealedOriginal {
  readonly sha256: string;
  readonly bytes: number;
  readonly sm3: string;
  readonly fsverity: string;
  /** Clips with these bytes, in the order of sealing. */
  readonly clips: readonly string[];
}

export class SealedOriginals {
  readonly #originals = new Map<string, SealedOriginal & { readonly clips: string[] }>();

  take(record: RecordEnvelope): void {
    if (record.type !== 'clip-sealed') return;
    const { sha256, bytes, sm3, fsverity, clip } = record.body as unknown as ClipSealedBody;
    const known = this.#originals.get(sha256);
    if (known === undefined) this.#originals.set(sha256, { sha256, bytes, sm3, fsverity, clips: [clip] });
    else known.clips.push(clip);
  }

  get(sha256: string): SealedOriginal | undefined {
    return this.#originals.get(sha256);
  }

  /** Each original once. */
  values(): IterableIterator<SealedOriginal> {
    return this.#originals.values();
  }

  get size(): number {
    return this.#originals.size;
  }

  get bytes(): number {
    let bytes = 0;
    for (const original of this.#originals.values()) bytes += original.bytes;
    return bytes;
  }
}
