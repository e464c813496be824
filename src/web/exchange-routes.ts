/** The monthly exchange by API, reading only: the schema, and each table a page at a time as JSON or CSV. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StationError } from '../domain/errors.ts';
import { exchangeTables } from '../domain/exchange-columns.ts';
import { queryOf } from './page-context.ts';
import type { ExchangePageAsked, WebExchange } from './web-exchange.ts';

const mimes = { json: 'application/json; charset=utf-8', csv: 'text/csv; charset=utf-8; header=present' } as const;

export function registerExchangeRoutes(app: FastifyInstance, exchange: WebExchange): void {
  app.get('/api/exchange/schema', (_request, reply) =>
    reply.headers({ 'content-type': mimes.json, 'cache-control': 'no-store' }).send(exchange.schema()),
  );
  for (const table of exchangeTables) {
    app.get(`/api/exchange/${table}`, (request, reply) => sendTable(exchange, { table, request, reply }));
  }
}

interface TableCall {
  readonly table: ExchangePageAsked['table'];
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

async function sendTable(exchange: WebExchange, { table, request, reply }: TableCall): Promise<FastifyReply> {
  void reply.header('cache-control', 'no-store');
  const asked = readAsked(table, queryOf(request));
  if (typeof asked === 'string') return reply.code(400).send({ code: 'bad-request', message: asked });
  try {
    const { body, next } = await exchange.page(asked);
    if (next !== null) void reply.header('link', `<${next}>; rel="next"`);
    return reply.header('content-type', mimes[asked.format]).send(body);
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    return reply.code(409).send({ code: error.code, message: error.message });
  }
}

/** A text says what is wrong. */
function readAsked(table: ExchangePageAsked['table'], query: URLSearchParams): ExchangePageAsked | string {
  const month = query.get('month') ?? '';
  const format = query.get('format') ?? 'json';
  const page = query.get('page') ?? '1';
  const knownAt = query.get('known_at');
  if (!/^\d{4}-(?:0[1-9]|1[0-2])$/u.test(month)) return 'month is YYYY-MM';
  if (format !== 'json' && format !== 'csv') return 'format is json or csv';
  if (!/^[1-9]\d{0,6}$/u.test(page)) return 'page is a number from 1';
  if (knownAt !== null && !/^\d{1,15}$/u.test(knownAt)) return 'known_at is the sequence of a record';
  return {
    table,
    month,
    asOf: query.get('as_of') ?? undefined,
    knownAt: knownAt === null ? undefined : Number(knownAt),
    format,
    page: Number(page),
  };
}
