/**
 * What the ledger says about originals: collected from seal records while the ledger is verified, so that originals
 * can be checked even where another record is damaged.
 */
import { type DeletionApprovedBody, type DeletionCarriedOutBody, vaultPlace } from '../domain/keeping-facts.ts';
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
  readonly #ofClip = new Map<string, string>();
  /** Originals that no clip has any more, by deletion, and whether it was carried out in the vault. */
  readonly #deleted = new Map<string, string>();
  readonly #carriedOut = new Set<string>();

  take(record: RecordEnvelope): void {
    if (record.type === 'clip-sealed') this.#seal(record.body as unknown as ClipSealedBody);
    if (record.type === 'deletion-approved') this.#delete(record.body as unknown as DeletionApprovedBody);
    const { deletion, place } = record.body as unknown as DeletionCarriedOutBody;
    if (record.type === 'deletion-carried-out' && place === vaultPlace) this.#carriedOut.add(deletion);
  }

  #seal({ sha256, bytes, sm3, fsverity, clip }: ClipSealedBody): void {
    const known = this.#originals.get(sha256);
    if (known === undefined) this.#originals.set(sha256, { sha256, bytes, sm3, fsverity, clips: [clip] });
    else known.clips.push(clip);
    this.#ofClip.set(clip, sha256);
    this.#deleted.delete(sha256);
  }

  #delete({ deletion, clips }: DeletionApprovedBody): void {
    for (const clip of clips) {
      const original = this.#originals.get(this.#ofClip.get(clip) ?? '');
      if (original === undefined) continue;
      original.clips.splice(original.clips.indexOf(clip), 1);
      if (original.clips.length > 0) continue;
      this.#originals.delete(original.sha256);
      this.#deleted.set(original.sha256, deletion);
    }
  }

  /** How far the lawful deletion of an original is; undefined when it was not deleted. */
  deletionOf(sha256: string): 'approved' | 'carried-out' | undefined {
    const deletion = this.#deleted.get(sha256);
    if (deletion === undefined) return undefined;
    return this.#carriedOut.has(deletion) ? 'carried-out' : 'approved';
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
