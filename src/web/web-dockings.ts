/** What the pages about dockings and receipts need of the station; station.ts hands an implementation in. */
import type { DockingDetail, DockingEntryView, DockingState, DockingView } from '../domain/docking-views.ts';
import type { Receipt, ReceiptCheck } from '../domain/receipt.ts';

export interface DockingsQuery {
  /** From 1. */
  readonly page: number;
  readonly slot: string | undefined;
  /** A whole serial. */
  readonly recorder: string | undefined;
  readonly state: DockingState | undefined;
  /** Station-time day of docking, `YYYY-MM-DD`. */
  readonly day: string | undefined;
}

export interface RowsWanted {
  readonly limit: number;
  readonly offset: number;
}

export interface WebDockings {
  /** Newest first. */
  list(query: DockingsQuery, rows: RowsWanted): { readonly rows: readonly DockingView[]; readonly total: number };
  find(id: string): DockingDetail | undefined;
  /** What was not taken comes first. */
  entries(id: string, rows: RowsWanted): { readonly rows: readonly DockingEntryView[]; readonly total: number };
  /** Whether the list of recorders has it; null when there is no list. */
  isRegistered(serial: string): boolean | null;
  /** @throws StationError docking-unknown, docking-open */
  receipt(id: string): Promise<Receipt>;
  checkReceipt(typed: string): Promise<ReceiptCheck>;
}
