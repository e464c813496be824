/** The routes of coverage: three pages, the files to take along and the forms. What is asked wrongly is not found. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { CoverageList, CoverageListAsked, CoverageOfDay } from '../domain/coverage-questions.ts';
import { StationError } from '../domain/errors.ts';
import type { Html } from '../domain/html.ts';
import { coveragePage } from './coverage-page.ts';
import { type CoverageView, readCoverageQuery, type WrongQuery } from './coverage-query.ts';
import { coverageStockPage } from './coverage-stock-page.ts';
import { coverageTimePage } from './coverage-time-page.ts';
import { reloadSeconds, waitingPage, wrongQueryPage } from './coverage-trouble-pages.ts';
import { type PageContext, queryOf } from './page-context.ts';
import { type NotYet, PatientPages } from './patient-pages.ts';
import { type CoverageFileView, coverageFormats, coverageForms, type WebCoverage } from './web-coverage.ts';
import type { WebStation } from './web-station.ts';

export interface CoverageRoutes {
  readonly station: WebStation;
  readonly contextOf: (request: FastifyRequest) => PageContext;
  readonly send: (request: FastifyRequest, reply: FastifyReply, page: Html) => FastifyReply;
}

/** A reader looks at a blank screen no longer than this. */
const patienceMs = 2_500;

type Render = (context: PageContext, view: CoverageView, now: string) => Promise<Html>;

export function registerCoverageRoutes(app: FastifyInstance, routes: CoverageRoutes): void {
  const { coverage } = routes.station;
  const page = pageRoutes(app, routes);
  page('/coverage', async (context, view, now) => {
    const day = await coverage.figures(view.asked);
    // Without the day's known-at: it lies before records that have nothing to do with coverage, and the list of an older
    // state of knowledge is slow and does not know since when.
    const list = await lastPageAtMost(coverage, view.asked);
    const top = topUnit(day, view.asked.unit);
    const below = top === undefined ? day : await coverage.figures({ ...view.asked, unit: top });
    return coveragePage(context, { view, day, below, list, alerts: coverage.alerts(view.asked.profile), now });
  });
  page('/coverage/trend', async (context, view, now) => {
    const time = await coverage.overTime(view.asked);
    return coverageTimePage(context, { view, time, handedIn: coverage.handedIn(view.asked.profile), now });
  });
  page('/coverage/stock', async (context, view, now) => {
    const day = await coverage.figures(view.asked);
    const { asked } = view;
    const [stock, cases] = [await coverage.stock(asked), await coverage.casesWithoutRecording(asked)];
    return coverageStockPage(context, { view, day, stock, cases, now });
  });
  registerFiles(app, routes);
}

/** A page that is not ready in time is said to be in the making; one that cannot be says what is wrong about it. */
function pageRoutes(
  app: FastifyInstance,
  { station, contextOf, send }: CoverageRoutes,
): (path: string, render: Render) => void {
  const pages = new PatientPages(patienceMs);
  return (path, render) => {
    app.get(path, async (request, reply) => {
      const context = contextOf(request);
      const view = readCoverageQuery(context.query, station);
      const key = `${context.language} ${path}?${context.query}`;
      const ask = (asked: CoverageView): Promise<Html> => render(context, asked, new Date().toISOString());
      const made = 'wrong' in view ? view : await pages.get(key, () => ask(view)).catch(troubleOf);
      if ('wrong' in made) return send(request, reply.code(404), wrongQueryPage(context, made.wrong));
      if (!('waitedMs' in made)) return send(request, reply, made);
      const knownAt = 'wrong' in view ? undefined : view.asked.knownAt;
      const isReady = station.coverage.status(knownAt).state === 'ready';
      void reply.code(isReady ? 202 : 503).headers({ 'retry-after': reloadSeconds, refresh: reloadSeconds });
      return send(request, reply, waitingPage(context, { ...made, knownAt }));
    });
  };
}

function registerFiles(app: FastifyInstance, { station, contextOf, send }: CoverageRoutes): void {
  const wrong = (request: FastifyRequest, reply: FastifyReply, query: WrongQuery): FastifyReply =>
    send(request, reply.code(404), wrongQueryPage(contextOf(request), query.wrong));
  const { coverage } = station;
  const files: readonly (readonly [path: string, make: WebCoverage['file']])[] = [
    ['/coverage', (...asked) => coverage.file(...asked)],
    ['/coverage/trend', (...asked) => coverage.trendFile(...asked)],
    ['/coverage/stock', (...asked) => coverage.stockFile(...asked)],
  ];
  for (const format of coverageFormats) {
    for (const [path, make] of files) {
      app.get(`${path}.${format}`, async (request, reply) => {
        const view = readCoverageQuery(queryOf(request), station);
        if ('wrong' in view) {
          return format === 'json' ? reply.code(404).send({ code: 'not-found' }) : wrong(request, reply, view);
        }
        return sendFile(reply, await make(view.asked, format, contextOf(request).language));
      });
    }
  }
  for (const form of coverageForms) {
    for (const format of ['html', 'xlsx'] as const) {
      app.get(`/coverage/forms/${form}.${format}`, async (request, reply) => {
        const view = readCoverageQuery(queryOf(request), station);
        if ('wrong' in view) return wrong(request, reply, view);
        return sendFile(reply, await station.coverage.form(form, view.asked, format, contextOf(request).language));
      });
    }
  }
}

function troubleOf(error: unknown): WrongQuery | NotYet {
  if (!(error instanceof StationError)) throw error;
  if (error.code === 'unit-unknown') return { wrong: ['unit'] };
  if (error.code === 'coverage-building') return { waitedMs: 0 };
  throw error;
}

/** The unit that is above all others, where all are asked about: its parts say more than the whole once more. */
const topUnit = ({ units }: CoverageOfDay, asked: string | undefined): string | undefined =>
  asked === undefined && units.length === 1 ? units[0]?.unitKey : undefined;

/** Beyond the last page there is nothing: whoever asks for it, perhaps by an old address, gets the last one. */
async function lastPageAtMost(coverage: WebCoverage, asked: CoverageListAsked): Promise<CoverageList> {
  const list = await coverage.list(asked);
  const pages = Math.max(1, Math.ceil(list.total / asked.pageSize));
  return asked.page > pages ? coverage.list({ ...asked, page: pages }) : list;
}

/** Paper is shown and printed; the other files are taken along. */
function sendFile(reply: FastifyReply, { name, mime, bytes, style }: CoverageFileView): FastifyReply {
  void reply.headers({ 'content-type': mime, 'cache-control': 'no-store' });
  if (style !== undefined) {
    const digest = createHash('sha256').update(style).digest('base64');
    void reply.header(
      'content-security-policy',
      `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  } else if (!mime.startsWith('application/json')) {
    void reply.header('content-disposition', `attachment; filename="${name}"`);
  }
  return reply.send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
