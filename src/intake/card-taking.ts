/**
 * A file that is read past the kernel: twice from the medium, into a staged file, which then goes the way of every copy.
 * Both readings and the copy must have the same digest, so that what is sealed is what the card says, whatever its name.
 */
import { createHash } from 'node:crypto';
import { type CardEntry, CardError, type CardReader } from '../domain/card-reading.ts';
import type { CopyControl, CopyResult, ExpectedSource, SourceFile } from '../domain/copy-engine.ts';
import { StationError } from '../domain/errors.ts';
import type { Sha256Hex } from '../domain/ids.ts';

/** What taking needs of the vault. */
export interface StagingVault<Taken extends { readonly sha256: Sha256Hex; readonly result: CopyResult }> {
  stage(bytes: number): Promise<{
    readonly source: SourceFile;
    write(bytes: Uint8Array): Promise<void>;
    finish(): Promise<ExpectedSource>;
    discard(): Promise<void>;
  }>;
  take(source: SourceFile, expected: ExpectedSource, control: CopyControl): Promise<Taken>;
  abandon(taken: Taken): void;
}

export interface CardTaking {
  readonly reader: CardReader;
  readonly entry: CardEntry;
  readonly signal: AbortSignal;
  readonly control: CopyControl;
  /** Bytes of both readings together. */
  readonly onRead: (bytes: number) => void;
}

/** @throws CardError, StationError vault-full, CopyEngineError */
export async function takeFromCard<Taken extends { readonly sha256: Sha256Hex; readonly result: CopyResult }>(
  vault: StagingVault<Taken>,
  taking: CardTaking,
): Promise<Taken> {
  const staged = await vault.stage(taking.entry.bytes);
  try {
    const first = await digestOf(taking, (bytes) => staged.write(bytes));
    const second = await digestOf(taking, async () => undefined);
    assertSame(first, second);
    const taken = await vault.take(staged.source, await staged.finish(), taking.control);
    if (taken.sha256 !== first) {
      vault.abandon(taken);
      assertSame(first, taken.sha256);
    }
    return taken;
  } finally {
    await staged.discard();
  }
}

function assertSame(first: string, second: string): void {
  if (first === second) return;
  throw new CardError('card-reads-differ', `two readings gave other bytes: SHA-256 ${first} and ${second}`);
}

/** SHA-256 of one reading, hex. */
export async function digestOf(
  { reader, entry, signal, onRead }: CardTaking,
  take: (bytes: Uint8Array) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256');
  const takeBytes = async (bytes: Uint8Array): Promise<void> => {
    hash.update(bytes);
    await take(bytes);
    onRead(bytes.length);
  };
  try {
    await reader.read(entry, takeBytes, signal);
  } catch (error) {
    // The helper is on the card's side: nothing is wrong with the vault.
    if (error instanceof StationError && error.code.startsWith('helper-'))
      throw new CardError('card-read-error', error.message, error);
    throw error;
  }
  return hash.digest('hex');
}
