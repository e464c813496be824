/**
 * fsck of a mirror: its copy of the ledger by itself, and every original of which a record says that a confirmed copy
 * is there. What the mirror lacks because it is behind is no finding; `evidock mirrors` says how far it is behind.
 */
import { join } from 'node:path';
import type { CopyControl } from '../domain/copy-engine.ts';
import type { StoreFinding } from '../domain/findings.ts';
import type { OriginalDamagedBody, OriginalMirroredBody } from '../domain/keeping-facts.ts';
import type { RecordEnvelope } from '../domain/records.ts';
import { OriginalCheck, type OriginalCheckDependencies } from './original-check.ts';
import { SealedOriginals } from './sealed-originals.ts';

/** What the station's ledger says of copies in mirrors. */
export class MirroredOriginals {
  readonly #sealed = new SealedOriginals();
  readonly #copies = new Map<string, Set<string>>();

  take(record: RecordEnvelope): void {
    this.#sealed.take(record);
    if (record.type === 'original-mirrored') {
      const { mirror, originals } = record.body as unknown as OriginalMirroredBody;
      const copies = this.#copies.get(mirror) ?? new Set();
      this.#copies.set(mirror, copies);
      for (const sha256 of originals) copies.add(sha256);
    }
    if (record.type !== 'original-damaged') return;
    const { place, sha256 } = record.body as unknown as OriginalDamagedBody;
    this.#copies.get(place)?.delete(sha256);
  }

  /** Copies of a mirror whose originals some clip still has. */
  *of(mirror: string): Generator<NonNullable<ReturnType<SealedOriginals['get']>>> {
    for (const sha256 of this.#copies.get(mirror) ?? []) {
      const original = this.#sealed.get(sha256);
      if (original !== undefined) yield original;
    }
  }
}

export interface MirrorCheckRequest {
  readonly mirror: string;
  readonly copies: MirroredOriginals;
  readonly check: OriginalCheckDependencies;
  readonly verifyLedger: () => Promise<{ readonly findings: readonly StoreFinding[] }>;
}

/** Files in the findings are absolute, so that they are not taken for the station's own. */
export async function* checkMirror(
  { mirror, copies, check, verifyLedger }: MirrorCheckRequest,
  control: CopyControl,
): AsyncGenerator<StoreFinding> {
  const absolute = (finding: StoreFinding): StoreFinding => ({
    ...finding,
    file: join(check.dataFolder, finding.file),
  });
  for (const finding of (await verifyLedger()).findings) yield absolute(finding);
  const originals = new OriginalCheck(check);
  for (const original of copies.of(mirror)) {
    control.signal?.throwIfAborted();
    for (const finding of await originals.check(original, control)) yield absolute(finding);
  }
}
