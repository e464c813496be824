/** Answers the routes of the public log from the proofs that the ledger makes. It only arranges. */

import { entryBytes } from '../formats/leaf.ts';
import { hashBytes } from '../formats/merkle-hash.ts';
import { inclusionText, leafText, pathText, treeHeadText } from '../formats/sigsum-text.ts';
import { parseTilePath, tileWidth } from '../ledger/ledger-layout.ts';
import type { LogProofs } from '../ledger/log-proofs.ts';
import type { ProofSource } from '../ledger/proof-source.ts';
import type { PublicLedger, PublicLogs } from '../web/public-ledger-route.ts';

export const publicLogs = (logs: LogProofs): PublicLogs => ({
  current: () => publicLedger(logs.current),
  find: (log) => {
    const found = logs.find(log);
    return found && publicLedger(found);
  },
});

export function publicLedger(proofs: ProofSource): PublicLedger {
  const size = async (): Promise<number> => (await proofs.head())?.size ?? 0;
  return {
    size,
    checkpoint: async () => (await proofs.head())?.note,
    async tile(path) {
      const name = parseTilePath(path);
      if (name === undefined || name.width > tileWidth) return undefined;
      const leaves = await size();
      const hashes = Math.floor(leaves / tileWidth ** (name.level === 'entries' ? 0 : name.level));
      if (name.index * tileWidth + name.width > hashes) return undefined;
      const bytes = await proofs.tiles(leaves).tile(name.level, name.index);
      // A narrower part than is there: its beginning, for whoever still holds an older checkpoint.
      const wanted = name.width * (name.level === 'entries' ? entryBytes : hashBytes);
      return { bytes: bytes.subarray(0, wanted), isFull: name.width === tileWidth };
    },
    async treeHeadText() {
      const head = await proofs.head();
      return head === undefined ? undefined : treeHeadText(head);
    },
    async leavesText(start, end) {
      const tiles = proofs.tiles(await size());
      let text = '';
      for (let index = start; index < end; index += 1) text += leafText(await proofs.leaf(tiles, index));
      return text;
    },
    async inclusionText(treeSize, leafHash) {
      const tiles = proofs.tiles(await size());
      const index = await proofs.findLeaf(tiles, leafHash, treeSize);
      if (index === undefined) return undefined;
      return inclusionText({ index, path: await proofs.inclusionPath(tiles, index, treeSize) });
    },
    async consistencyText(oldSize, newSize) {
      return pathText(await proofs.consistencyPath(proofs.tiles(await size()), oldSize, newSize));
    },
  };
}
