/** Answers the pages of the exchange's API. Where the last page ended is kept, so that reading on is not reading again. */

import { type ExchangeRow, exchangeFormat } from '../domain/exchange-columns.ts';
import { getCalendarDate } from '../domain/people-facts.ts';
import { today } from '../domain/station-time.ts';
import { csvHead, csvRow } from '../reporting/exchange-files.ts';
import { exchangeSchema } from '../reporting/exchange-schema.ts';
import type { ExchangePage, ExchangePageAsked, WebExchange } from '../web/web-exchange.ts';
import type { ExchangeDesk, ExchangePeriod } from './exchange-desk.ts';

export const rowsPerPage = 1000;

/** A table that is being read page after page: the row that is next, and the rest. */
interface Reading {
  readonly rows: AsyncGenerator<ExchangeRow>;
  readonly next: ExchangeRow;
}

const readingsKept = 4;

export class ExchangePages implements WebExchange {
  readonly #desk: ExchangeDesk;
  readonly #timeZone: string;
  readonly #pageRows: number;
  /** By question and page. */
  readonly #readings = new Map<string, Reading>();

  constructor(desk: ExchangeDesk, { timeZone, pageRows = rowsPerPage }: { timeZone: string; pageRows?: number }) {
    this.#desk = desk;
    this.#timeZone = timeZone;
    this.#pageRows = pageRows;
  }

  schema(): ReturnType<typeof exchangeSchema> {
    return exchangeSchema();
  }

  async page(asked: ExchangePageAsked): Promise<ExchangePage> {
    const { table, format, page } = asked;
    const period = this.#desk.period(asked, getCalendarDate(today(Date.now(), this.#timeZone)));
    const { rows, isLast } = await this.#rows(asked, period);
    const { month, asOf, knownAt } = period;
    const address = `/api/exchange/${table}?month=${month}&as_of=${asOf}&known_at=${knownAt}&format=${format}`;
    const next = isLast ? null : `${address}&page=${page + 1}`;
    if (format === 'csv') return { body: csvHead(table) + rows.map((row) => csvRow(table, row)).join(''), next };
    const body = { format: exchangeFormat, table, ...this.#desk.head(period), page, next, rows };
    return { body: JSON.stringify(body), next };
  }

  async #rows({ table, page }: ExchangePageAsked, period: ExchangePeriod) {
    const keyOf = (number: number): string => `${table} ${period.asOf} ${period.knownAt} ${number}`;
    const kept = this.#readings.get(keyOf(page));
    // Taken by whoever comes first: two readers of one page do not share what it goes on with.
    this.#readings.delete(keyOf(page));
    const source = kept?.rows ?? this.#desk.rows(table, period);
    const rows: ExchangeRow[] = kept === undefined ? [] : [kept.next];
    let skip = kept === undefined ? (page - 1) * this.#pageRows : 0;
    for (;;) {
      const { value, done } = await source.next();
      if (done === true) return { rows, isLast: true };
      if (skip > 0) skip -= 1;
      else if (rows.length < this.#pageRows) rows.push(value);
      else {
        this.#keep(keyOf(page + 1), { rows: source, next: value });
        return { rows, isLast: false };
      }
    }
  }

  #keep(key: string, reading: Reading): void {
    this.#readings.set(key, reading);
    const [oldest] = this.#readings.keys();
    if (this.#readings.size > readingsKept && oldest !== undefined) this.#readings.delete(oldest);
  }
}
