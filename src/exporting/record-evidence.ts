/**
 * What proven records say, for whoever holds the bytes: which digests a clip was sealed with, which documents a record
 * names, and which key the station signs its bags with. A record that is not proven says nothing here.
 */
import type { RecordEnvelope } from '../domain/records.ts';

export interface SealedDigests {
  readonly sha256: string;
  readonly sm3: string;
  readonly bytes: number;
}

/** @returns undefined when the bytes are no record of the ledger */
export function parseRecordLine(line: Uint8Array): RecordEnvelope | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(line).toString('utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const record = value as Partial<RecordEnvelope>;
    const isSound =
      typeof record.seq === 'number' &&
      typeof record.type === 'string' &&
      typeof record.body === 'object' &&
      record.body !== null;
    return isSound ? (record as RecordEnvelope) : undefined;
  } catch {
    return undefined;
  }
}

export class RecordEvidence {
  readonly #seals = new Map<string, SealedDigests>();
  readonly #documents = new Map<string, string>();
  readonly #exportKeys = new Set<string>();
  readonly #withdrawnKeys = new Set<string>();

  add({ type, body, documents }: RecordEnvelope): void {
    for (const { id, sha256 } of documents ?? []) this.#documents.set(id, sha256);
    const { clip, sha256, sm3, bytes, key, replaces, reason } = body;
    if (type === 'clip-sealed' && typeof clip === 'string') {
      this.#seals.set(clip, { sha256: String(sha256), sm3: String(sm3), bytes: Number(bytes) });
    }
    if (type === 'export-key-made' && typeof key === 'string') this.#exportKeys.add(key);
    if (type === 'export-key-made' && typeof replaces === 'string' && reason === 'compromised')
      this.#withdrawnKeys.add(replaces);
  }

  get hasSeal(): boolean {
    return this.#seals.size > 0;
  }

  sealOf(clip: string): SealedDigests | undefined {
    return this.#seals.get(clip);
  }

  sealWith(sha256: string): { readonly clip: string; readonly digests: SealedDigests } | undefined {
    for (const [clip, digests] of this.#seals) if (digests.sha256 === sha256) return { clip, digests };
    return undefined;
  }

  documentDigest(id: string): string | undefined {
    return this.#documents.get(id);
  }

  /** Whether a record says that this key is given up because somebody else may have it. */
  withdrawsExportKey(rawHex: string): boolean {
    return this.#withdrawnKeys.has(rawHex);
  }

  namesExportKey(rawHex: string): boolean {
    return this.#exportKeys.has(rawHex);
  }
}
