/** The vault's layout in the words of the checks; a mirror has the same below its folder. */
import type { VaultPlaces } from '../checking/original-check.ts';
import type { Sha256Hex } from '../domain/ids.ts';
import { VaultLayout } from '../vault/vault-layout.ts';

export function placesOf(dataFolder: string): VaultPlaces {
  const layout = new VaultLayout(dataFolder);
  const { folder, incoming, unsealed, damaged, originals, blocks } = layout;
  return {
    ...{ folder, incoming, unsealed, damaged, originals, blocks },
    original: (sha256) => layout.original(sha256 as Sha256Hex),
    blocksFile: (sha256) => layout.blocksFile(sha256 as Sha256Hex),
  };
}
