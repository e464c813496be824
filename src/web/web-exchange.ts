/** What the pages of the API need of the monthly exchange; station/ hands an implementation in. */
import type { ExchangeTable } from '../domain/exchange-columns.ts';

export interface ExchangePageAsked {
  readonly table: ExchangeTable;
  readonly month: string;
  readonly asOf: string | undefined;
  /** The last record of the ledger that counts. */
  readonly knownAt: number | undefined;
  readonly format: 'json' | 'csv';
  /** From 1. */
  readonly page: number;
}

export interface ExchangePage {
  readonly body: string;
  /** With the day and the sequence of this page, so that all pages answer one question; null on the last. */
  readonly next: string | null;
}

export interface WebExchange {
  schema(): { readonly [keyword: string]: unknown };
  /** @throws StationError month-to-come, exchange-day-outside */
  page(asked: ExchangePageAsked): Promise<ExchangePage>;
}
