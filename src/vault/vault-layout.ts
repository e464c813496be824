/**
 * The vault's on-disk layout below `DATA/vault/`; the only file that joins these paths. Originals are the plain bytes
 * under their digest, mode 0444. `blocks/` holds, beside each original of more than 4096 bytes, the SHA-256 of each
 * of its 4 KiB blocks (the leaf level of its fs-verity tree), so that damage can be located.
 */
import { join } from 'node:path';
import { isSha256Hex, type Sha256Hex } from '../domain/ids.ts';

/** Originals up to this size have no block file: their fs-verity tree is one block. */
export const singleBlockBytes = 4096;

/** An incoming file: `<draw>` while it is copied, `<draw>-<sha256>` once its digest is known; blocks end in `.blocks`. */
export interface IncomingName {
  readonly draw: string;
  readonly sha256: Sha256Hex | undefined;
  readonly isBlocks: boolean;
}

export class VaultLayout {
  readonly folder: string;
  readonly incoming: string;
  readonly unsealed: string;
  readonly damaged: string;
  readonly originals: string;
  readonly blocks: string;

  constructor(dataFolder: string) {
    this.folder = join(dataFolder, 'vault');
    this.incoming = join(this.folder, 'incoming');
    this.unsealed = join(this.folder, 'unsealed');
    this.damaged = join(this.folder, 'damaged');
    this.originals = join(this.folder, 'originals');
    this.blocks = join(this.folder, 'blocks');
  }

  originalFolder(sha256: Sha256Hex): string {
    return join(this.originals, sha256.slice(0, 2));
  }

  original(sha256: Sha256Hex): string {
    return join(this.originalFolder(sha256), sha256);
  }

  blocksFolder(sha256: Sha256Hex): string {
    return join(this.blocks, sha256.slice(0, 2));
  }

  blocksFile(sha256: Sha256Hex): string {
    return join(this.blocksFolder(sha256), sha256);
  }

  /** Names relative to the data folder, as findings give them. */
  static relativeOriginal(sha256: string): string {
    return `vault/originals/${sha256.slice(0, 2)}/${sha256}`;
  }

  static relativeBlocks(sha256: string): string {
    return `vault/blocks/${sha256.slice(0, 2)}/${sha256}`;
  }

  static parseIncoming(name: string): IncomingName | undefined {
    const match = /^([0-9a-f]{16})(?:-([0-9a-f]{64}))?(\.blocks)?$/.exec(name);
    if (!match) return undefined;
    const sha256 = match[2];
    return {
      draw: match[1] as string,
      sha256: sha256 !== undefined && isSha256Hex(sha256) ? sha256 : undefined,
      isBlocks: match[3] !== undefined,
    };
  }
}
