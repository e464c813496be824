/**
 * Verifies `ledger/stamps/`: each stamped checkpoint is one of this ledger's history, its SM2 signature is of the
 * published key, and each token is the one that the ledger recorded. Who the time stamping authority is, only its
 * certificate can tell; that is a question for `openssl ts -verify`.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreFinding } from '../domain/findings.ts';
import type { RecordEnvelope } from '../domain/records.ts';
import { readIfThere } from '../files/if-there.ts';
import { openCheckpoint } from '../formats/signed-note.ts';
import { originOf } from '../formats/tree-origin.ts';
import { CheckpointStamps, type StampedCheckpoint, stampNames } from './checkpoint-stamps.ts';
import type { LedgerLayout } from './ledger-layout.ts';
import { digestHex } from './record-lines.ts';
import { verifySm2 } from './sm2-signer.ts';

/** What a crash may leave in a folder. */
const leftovers = new Set(['answer.tsr', 'answer.tsr.new', ...stampNames.map((name) => `${name}.new`)]);

/** What the records of the whole ledger say of stamps. */
export class RecordedStamps {
  /** SHA-256 of each token that a record names, and of each published SM2 key. */
  readonly tokens = new Set<string>();
  readonly keys = new Set<string>();

  take({ type, body }: RecordEnvelope): void {
    if (type === 'checkpoint-stamped') this.tokens.add(String(body.tokenSha256));
    if (type === 'key-made' && body.role === 'sm2') this.keys.add(String(body.publicKeySha256));
  }
}

export class StampVerification {
  readonly #layout: LedgerLayout;
  readonly #stamped: readonly StampedCheckpoint[];
  readonly #findings: StoreFinding[] = [];
  readonly #recorded: RecordedStamps;

  private constructor(layout: LedgerLayout, stamped: readonly StampedCheckpoint[], recorded: RecordedStamps) {
    this.#layout = layout;
    this.#stamped = stamped;
    this.#recorded = recorded;
  }

  static async list(layout: LedgerLayout, recorded: RecordedStamps): Promise<StampVerification> {
    return new StampVerification(layout, await new CheckpointStamps(layout).list(), recorded);
  }

  /** Whose roots must be known. */
  get sizes(): readonly number[] {
    return this.#stamped.map(({ size }) => size);
  }

  /** Once the records of every log were taken: a token's record may stand in the log after it. */
  async verify(
    logKey: Buffer | undefined,
    rootAt: (size: number) => Buffer | undefined,
  ): Promise<readonly StoreFinding[]> {
    await this.#verifyNames();
    await this.#verifySm2Key();
    for (const stamped of this.#stamped) {
      const note = await readIfThere(join(stamped.folder, 'checkpoint'));
      // Superseded and removed by a running station since it was listed.
      if (note === undefined && !(await this.#isThere(stamped))) continue;
      this.#verifyNote(stamped, { note, logKey, root: rootAt(stamped.size) });
      if (note !== undefined) await this.#verifyStamps(stamped, note);
    }
    return this.#findings;
  }

  async #isThere({ folder }: StampedCheckpoint): Promise<boolean> {
    return (await readdir(folder).catch(() => [])).length > 0;
  }

  async #verifyNames(): Promise<void> {
    const { stamps } = this.#layout;
    const sizes = new Set(this.sizes.map(String));
    for (const name of await readdir(this.#layout.path(stamps)).catch(() => [])) {
      if (!sizes.has(name)) this.#found('unexpected-file', `${stamps}/${name}`);
    }
    for (const { size, folder } of this.#stamped) {
      for (const name of await readdir(folder).catch(() => [])) {
        const isOwn = (stampNames as readonly string[]).includes(name) || leftovers.has(name);
        if (!isOwn) this.#found('unexpected-file', `${stamps}/${size}/${name}`);
      }
    }
  }

  async #verifySm2Key(): Promise<void> {
    const file = 'ledger/keys/sm2.pem';
    const key = await readIfThere(this.#layout.stationKey('sm2.pem'));
    if (key === undefined) {
      if (this.#stamped.some(({ names }) => names.includes('checkpoint.sm2')))
        this.#findings.push({ code: 'key-missing', file });
    } else if (this.#recorded.keys.size > 0 && !this.#recorded.keys.has(digestHex(key))) {
      this.#findings.push({ code: 'key-altered', file, detail: 'it is not the SM2 key that the ledger recorded' });
    }
  }

  #verifyNote(
    { size }: StampedCheckpoint,
    known: {
      readonly note: Buffer | undefined;
      readonly logKey: Buffer | undefined;
      readonly root: Buffer | undefined;
    },
  ): void {
    const path = `${this.#layout.stamps}/${size}/checkpoint`;
    const { note, logKey, root } = known;
    if (note === undefined) this.#found('checkpoint-missing', path);
    if (note === undefined || logKey === undefined) return;
    const opened = openCheckpoint(note.toString('utf8'), originOf(logKey), logKey);
    if (typeof opened === 'string') this.#found('checkpoint-altered', path, opened);
    else if (opened.size !== size) this.#found('checkpoint-altered', path, `it speaks of size ${opened.size}`);
    else if (root !== undefined && !root.equals(opened.root)) {
      this.#found('tree-differs', path, 'the records make another tree than the one that was stamped');
    }
  }

  async #verifyStamps({ size, folder, names }: StampedCheckpoint, note: Buffer): Promise<void> {
    const path = (name: string): string => `${this.#layout.stamps}/${size}/${name}`;
    const key = this.#layout.stationKey('sm2.pem');
    if (names.includes('checkpoint.sm2') && !(await verifySm2(key, join(folder, 'checkpoint.sm2'), note))) {
      this.#found('stamp-altered', path('checkpoint.sm2'), 'it is no signature of the published key');
    }
    const token = await readIfThere(join(folder, 'checkpoint.tsr'));
    // A crash may have come between the newest token and its record, which the station then makes up for.
    const isNewest = this.#stamped.findLast((other) => other.names.includes('checkpoint.tsr'))?.size === size;
    if (token !== undefined && !isNewest && !this.#recorded.tokens.has(digestHex(token))) {
      this.#found('stamp-altered', path('checkpoint.tsr'), 'no record names this token');
    }
  }

  #found(code: StoreFinding['code'], path: string, detail?: string): void {
    this.#findings.push({ code, file: this.#layout.relative(path), ...(detail === undefined ? {} : { detail }) });
  }
}
