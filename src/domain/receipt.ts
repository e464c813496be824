/** A receipt (交接回执) as it is shown, printed and checked; its code is made by receipt-text.ts. */
import type { DockingView } from './docking-views.ts';
import type { ReceiptFinding } from './receipt-policy.ts';
import type { ReceiptFacts, ReceiptReading } from './receipt-text.ts';

export interface Receipt {
  readonly station: { readonly id: string; readonly name: string };
  readonly docking: DockingView;
  readonly facts: ReceiptFacts;
  readonly text: string;
  /** In full: SHA-256 over the digests of the inventory's documents. */
  readonly inventorySha256: string;
  /** Root of the ledger's tree over the records up to the docking's end, hex. */
  readonly root: string;
}

export type ReceiptCheck =
  | { readonly kind: 'unreadable'; readonly trouble: Extract<ReceiptReading, { kind: 'wrong' }>['trouble'] }
  | {
      readonly kind: 'checked';
      readonly facts: ReceiptFacts;
      /** Undefined when this station's ledger has no such docking. */
      readonly docking: DockingView | undefined;
      /** Clips of the docking that were looked for in the vault. */
      readonly clips: number;
      /** Empty: the station still has what was handed in. At most `receiptFindingsMax` of them. */
      readonly findings: readonly ReceiptFinding[];
      readonly findingsCount: number;
    };

/** More would only repeat what the first ones say. */
export const receiptFindingsMax = 100;
