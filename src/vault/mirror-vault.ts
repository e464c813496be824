/**
 * The vault of a mirror: the same layout, the same way of taking and placing, with the station's vault as its source.
 * What an interrupted copy left there goes; an original that was placed and not recorded is found equal and recorded.
 */
import { stat } from 'node:fs/promises';
import type { VaultConfig } from '../config/schema.ts';
import type { CopyControl, CopyEngine } from '../domain/copy-engine.ts';
import type { RandomBytes, Sha256Hex } from '../domain/ids.ts';
import { ifThere } from '../files/if-there.ts';
import { Vault } from './vault.ts';

export interface MirrorVaultOptions {
  readonly folder: string;
  readonly from: Vault;
  readonly engine: CopyEngine;
  readonly random: RandomBytes;
  readonly config: VaultConfig;
}

/** `source-damaged`: the source does not have these bytes any more; nothing was placed. */
export type MirrorCopying = 'copied' | 'source-damaged';

export class MirrorVault {
  readonly vault: Vault;
  readonly #from: Vault;

  private constructor(vault: Vault, from: Vault) {
    this.vault = vault;
    this.#from = from;
  }

  /** @throws StationError vault-in-memory, vault-no-read-back; the kernel's error */
  static async open({ folder, from, engine, random, config }: MirrorVaultOptions): Promise<MirrorVault> {
    const vault = await Vault.open({ dataFolder: folder, engine, random, config }, () => true);
    return new MirrorVault(vault, from);
  }

  /** @throws StationError vault-full, CopyEngineError */
  copy(sha256: Sha256Hex, control: CopyControl): Promise<MirrorCopying> {
    return copyBetween({ from: this.#from, to: this.vault, sha256 }, control);
  }

  /** The other way round: the vault's own original is damaged. @throws StationError vault-full, CopyEngineError */
  putBack(sha256: Sha256Hex, control: CopyControl): Promise<MirrorCopying> {
    return copyBetween({ from: this.vault, to: this.#from, sha256 }, control);
  }
}

async function copyBetween(
  { from, to, sha256 }: { readonly from: Vault; readonly to: Vault; readonly sha256: Sha256Hex },
  control: CopyControl,
): Promise<MirrorCopying> {
  const found = await ifThere(stat(from.originalPath(sha256), { bigint: true }));
  if (found === undefined) return 'source-damaged';
  const expected = { bytes: Number(found.size), mtimeNs: found.mtimeNs };
  const taken = await to.take(from.sourceOf(sha256), expected, control);
  try {
    if (taken.sha256 === sha256) await to.place(taken);
  } finally {
    // Its incoming names go in any case; a placed original has its own name by now.
    await to.settle(taken);
  }
  return taken.sha256 === sha256 ? 'copied' : 'source-damaged';
}
