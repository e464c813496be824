/** The routes of coverage: three pages, the files to take along and the forms. What is asked wrongly is not found. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StationError } from '../domain/errors.ts';
import { type Html, html } from '../domain/html.ts';
import { coveragePageTexts } from '../texts/coverage-page-texts.ts';
import { coveragePage } from './coverage-page.ts';
import { type CoverageView, coverageAddress, readCoverageQuery } from './coverage-query.ts';
import { coverageStockPage } from './coverage-stock-page.ts';
import { coverageTimePage } from './coverage-time-page.ts';
import { type PageContext, queryOf } from './page-context.ts';
import { emptyState, renderPage } from './page-shell.ts';
import { type CoverageFileView, coverageFormats, coverageForms } from './web-coverage.ts';
import type { WebStation } from './web-station.ts';

export interface CoverageRoutes {
  readonly station: WebStation;
  readonly contextOf: (request: FastifyRequest) => PageContext;
  readonly send: (request: FastifyRequest, reply: FastifyReply, page: Html) => FastifyReply;
}

export function registerCoverageRoutes(app: FastifyInstance, { station, contextOf, send }: CoverageRoutes): void {
  const { coverage } = station;
  const page = (
    path: string,
    render: (context: PageContext, view: CoverageView, now: string) => Promise<Html>,
  ): void => {
    app.get(path, async (request, reply) => {
      const view = readCoverageQuery(queryOf(request), station);
      if (view === undefined) return reply.callNotFound();
      const context = contextOf(request);
      try {
        return send(request, reply, await render(context, view, new Date().toISOString()));
      } catch (error) {
        if (error instanceof StationError && error.code === 'unit-unknown') return reply.callNotFound();
        if (!(error instanceof StationError) || error.code !== 'coverage-building') throw error;
        return send(request, reply.code(503).header('retry-after', '5'), buildingPage(context, { path, view }));
      }
    });
  };
  page('/coverage', async (context, view, now) => {
    const day = await coverage.figures(view.asked);
    // Without the day's known-at: it lies before records that have nothing to do with coverage, and the list of an older
    // state of knowledge is slow and does not know since when.
    const list = await coverage.list(view.asked);
    const top = day.units.length === 1 && view.asked.unit === undefined ? day.units[0] : undefined;
    const below = top === undefined ? day : await coverage.figures({ ...view.asked, unit: top.unitKey });
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
  registerFiles(app, { station, contextOf, send });
}

function registerFiles(app: FastifyInstance, { station, contextOf }: CoverageRoutes): void {
  for (const format of coverageFormats) {
    app.get(`/coverage.${format}`, async (request, reply) => {
      const view = readCoverageQuery(queryOf(request), station);
      if (view === undefined) {
        return format === 'json' ? reply.code(404).send({ code: 'not-found' }) : reply.callNotFound();
      }
      return sendFile(reply, await station.coverage.file(view.asked, format, contextOf(request).language));
    });
    app.get(`/coverage/trend.${format}`, async (request, reply) => {
      const view = readCoverageQuery(queryOf(request), station);
      if (view === undefined) {
        return format === 'json' ? reply.code(404).send({ code: 'not-found' }) : reply.callNotFound();
      }
      return sendFile(reply, await station.coverage.trendFile(view.asked, format, contextOf(request).language));
    });
  }
  for (const form of coverageForms) {
    for (const format of ['html', 'xlsx'] as const) {
      app.get(`/coverage/forms/${form}.${format}`, async (request, reply) => {
        const view = readCoverageQuery(queryOf(request), station);
        if (view === undefined) return reply.callNotFound();
        return sendFile(reply, await station.coverage.form(form, view.asked, format, contextOf(request).language));
      });
    }
  }
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

function buildingPage(context: PageContext, { path, view }: { path: string; view: CoverageView }): Html {
  const { formats, language, station, texts } = context;
  const p = coveragePageTexts[language];
  const status = station.coverage.status(view.asked.knownAt);
  const [done, total] = status.state === 'ready' ? [1, 1] : [status.done, status.total];
  const reload = html`<p><a class="button" href="${coverageAddress(path, view)}">${p.reload}</a></p>`;
  return renderPage(context, {
    title: texts.coverage.title,
    entry: 'coverage',
    main: html`<h1>${texts.coverage.title}</h1>${emptyState(p.building, p.buildingNext(formats.count(done), formats.count(total)), reload)}`,
  });
}
