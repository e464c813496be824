/**
 * Whether the station still has what a receipt says was handed in. The receipt's own words are compared with what the
 * ledger says today, and every clip of the docking with the vault. Says all that is wrong, not the first thing.
 */
import type { ReceiptFacts } from './receipt-text.ts';

export type ReceiptFindingCode =
  | 'receipt-of-another-station'
  | 'receipt-docking-unknown'
  | 'receipt-differs'
  | 'receipt-ledger-shorter'
  | 'receipt-ledger-differs'
  | 'receipt-clips-fewer'
  | 'receipt-clip-deleted'
  | 'receipt-original-damaged'
  | 'receipt-original-missing'
  | 'receipt-original-size';

export interface ReceiptFinding {
  readonly code: ReceiptFindingCode;
  /** The fact, number or clip that it is about. */
  readonly about: string;
}

export interface HandedInClip {
  readonly clip: string;
  readonly path: string;
  readonly bytes: number;
  /** What lies in the vault; undefined when nothing does. */
  readonly bytesInVault: number | undefined;
  /** `deleted`: lawfully. `damaged`: a check found the bytes altered. Restricted clips are kept all the same. */
  readonly state: 'kept' | 'deleted' | 'damaged';
}

export interface ReceiptCase {
  readonly receipt: ReceiptFacts;
  /** First letters of this station's id. */
  readonly station: string;
  readonly ledgerSize: number;
  /** Of the tree when it had the receipt's size; undefined when it never had. */
  readonly rootThen: string | undefined;
  /** The receipt that this docking gives today; undefined when the ledger has none. */
  readonly today: ReceiptFacts | undefined;
  readonly clips: readonly HandedInClip[];
}

const compared = ['endedAtSeconds', 'listed', 'kept', 'missing', 'inventory', 'size'] as const;

export function judgeReceipt(input: ReceiptCase): ReceiptFinding[] {
  const { receipt, station, today } = input;
  if (receipt.station !== station) return [{ code: 'receipt-of-another-station', about: receipt.station }];
  return [
    ...ledgerFindings(input),
    ...(today === undefined ? [{ code: 'receipt-docking-unknown', about: receipt.docking } as const] : []),
    ...(today === undefined ? [] : differences(receipt, today)),
    ...clipFindings(input),
  ];
}

function ledgerFindings({ receipt, ledgerSize, rootThen }: ReceiptCase): ReceiptFinding[] {
  if (receipt.size > ledgerSize) {
    return [{ code: 'receipt-ledger-shorter', about: `${ledgerSize} < ${receipt.size}` }];
  }
  return rootThen === receipt.root ? [] : [{ code: 'receipt-ledger-differs', about: String(receipt.size) }];
}

function differences(receipt: ReceiptFacts, today: ReceiptFacts): ReceiptFinding[] {
  return compared
    .filter((fact) => receipt[fact] !== today[fact])
    .map((fact) => ({ code: 'receipt-differs', about: `${fact}: ${receipt[fact]} / ${today[fact]}` }));
}

function clipFindings({ receipt, today, clips }: ReceiptCase): ReceiptFinding[] {
  if (today === undefined) return [];
  // Several entries can be one clip, never the other way round; zero clips for kept files are always too few.
  const fewer = clips.length === 0 && receipt.kept > 0;
  return [
    ...(fewer ? [{ code: 'receipt-clips-fewer', about: `0 / ${receipt.kept}` } as const] : []),
    ...clips.flatMap((clip): ReceiptFinding[] => {
      const about = `${clip.clip} ${clip.path}`;
      if (clip.state === 'deleted') return [{ code: 'receipt-clip-deleted', about: clip.clip }];
      if (clip.bytesInVault === undefined) return [{ code: 'receipt-original-missing', about }];
      if (clip.bytesInVault !== clip.bytes) return [{ code: 'receipt-original-size', about }];
      return clip.state === 'damaged' ? [{ code: 'receipt-original-damaged', about }] : [];
    }),
  ];
}
