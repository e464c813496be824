/**
 * The proofs of a bag: for each record the path to the checkpoint of its log, and for each log checkpoint, keys and a
 * policy for sigsum-verify. The log that goes on has them at the top of the bag, logs that have ended in `logs/<n>/`.
 */
import { openSshText } from '../formats/open-ssh-key.ts';
import { verifierKey } from '../formats/signed-note.ts';
import { sigsumProofText } from '../formats/sigsum-text.ts';
import type { ProofSource, PublishedHead } from '../ledger/proof-source.ts';
import type { StationContext } from './station-context.ts';

export interface BagProofs {
  /** By name in the bag. */
  readonly texts: ReadonlyMap<string, string>;
  /** The checkpoint at the top of the bag. */
  readonly head: PublishedHead;
  /** Each log's last record in the bag, with the folder of its keys: what a guide shows as an example. */
  readonly examples: readonly { readonly folder: string; readonly record: number }[];
}

/** @param seqs a checkpoint over all of them must have been signed, and every log must have one among them */
export async function bagProofs({ ledger, logProofs }: StationContext, seqs: readonly number[]): Promise<BagProofs> {
  const texts = new Map<string, string>();
  const examples: { folder: string; record: number }[] = [];
  const places = [...ledger.logs.placesOf(seqs)];
  // The keys may be changed while the bag is made: then it knows nothing of the new log.
  const newest = places.at(-1)?.[0];
  let top: PublishedHead | undefined;
  for (const [log, indexes] of places) {
    const source = logProofs.sourceOf(log);
    const last = indexes.at(-1) ?? 0;
    // Of a log that has ended its last checkpoint, which the next log holds.
    const head = await source.headFor(log === newest ? last : log.size - 1);
    if (head === undefined) throw new Error(`no checkpoint covers the records of log ${log.layout.log}`);
    const folder = log === newest ? '' : `logs/${log.layout.log}/`;
    for (const [name, text] of keyTexts(source, head)) texts.set(`${folder}${name}`, text);
    for (const [index, text] of await proofTexts(source, head, indexes))
      texts.set(`proofs/${log.firstSequence + index}.sigsum`, text);
    examples.push({ folder, record: log.firstSequence + last });
    if (log === newest) top = head;
  }
  if (top === undefined) throw new Error('a bag needs records');
  return { texts, head: top, examples };
}

function keyTexts({ keys: { logKey, leafKey, origin } }: ProofSource, head: PublishedHead): [string, string][] {
  return [
    ['checkpoint', head.note],
    ['policy', policyText(logKey, head)],
    ['log.vkey', `${verifierKey(origin, logKey)}\n`],
    ['log.pub', openSshText(logKey, 'evidock-log')],
    ['leaf.pub', openSshText(leafKey, 'evidock-leaf')],
  ];
}

async function proofTexts(
  source: ProofSource,
  head: PublishedHead,
  indexes: readonly number[],
): Promise<[number, string][]> {
  const { logKey } = source.keys;
  const tiles = source.tiles(head.size);
  const proofs: [number, string][] = [];
  for (const index of indexes) {
    const leaf = await source.leaf(tiles, index);
    const path = await source.inclusionPath(tiles, index, head.size);
    proofs.push([index, sigsumProofText({ logKey, leaf, head, inclusion: { index, path } })]);
  }
  return proofs;
}

/** For sigsum-verify: this log, and the witnesses who have cosigned this very checkpoint. */
function policyText(logKey: Buffer, head: PublishedHead): string {
  const names = head.cosignatures.map((_, at) => `witness-${at + 1}`);
  const lines = [
    `log ${logKey.toString('hex')}`,
    ...head.cosignatures.map(({ key }, at) => `witness ${names[at]} ${key.toString('hex')}`),
    ...(names.length === 0 ? ['quorum none'] : [`group cosigned all ${names.join(' ')}`, 'quorum cosigned']),
  ];
  return `${lines.join('\n')}\n`;
}
