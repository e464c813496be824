/**
 * What an error of the copy engine or the vault means for one file: a short stable word that stands in the result
 * line and in the ledger, and whether the whole docking must end.
 */

export interface IntakeTrouble {
  readonly reason: string;
  /** True when going on with the next file makes no sense. */
  readonly endsDocking: boolean;
}

export interface TroubleInput {
  readonly code: string;
  readonly side: 'source' | 'target' | undefined;
}

const sourceReasons: { readonly [code: string]: string } = {
  ENOENT: 'source-vanished',
  ENODEV: 'source-vanished',
  ENXIO: 'source-vanished',
  ESTALE: 'source-vanished',
  ENOTDIR: 'source-vanished',
  EACCES: 'not-permitted',
  EPERM: 'not-permitted',
  EIO: 'read-error',
  SOURCE_CHANGED: 'changed-while-read',
  SOURCE_NOT_REGULAR: 'changed-while-read',
  'card-gone': 'source-vanished',
  'card-reads-differ': 'reads-differ',
};

const targetReasons: { readonly [code: string]: string } = {
  ENOSPC: 'vault-full',
  EDQUOT: 'vault-full',
  EFBIG: 'too-large-for-vault',
  READ_BACK_DIFFERS: 'read-back-differs',
  SYNC_FAILED: 'vault-write-error',
};

export function judgeTrouble(input: TroubleInput): IntakeTrouble {
  if (input.code === 'CANCELLED' || input.code === 'ABORT_ERR') return { reason: 'cancelled', endsDocking: true };
  // Without the ledger nothing can be called sealed any more.
  if (input.code === 'ledger-full' || input.code === 'ledger-failed') return { reason: input.code, endsDocking: true };
  if (input.code === 'vault-full') return { reason: 'vault-full', endsDocking: false };
  if (input.side === 'source') return { reason: sourceReasons[input.code] ?? 'read-error', endsDocking: false };
  return { reason: targetReasons[input.code] ?? 'vault-write-error', endsDocking: false };
}
