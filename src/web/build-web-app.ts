/**
 * Builds the web from its arguments: guard, assets, pages, media, events. It knows the station only by WebStation and
 * keeps no state of its own but the open event streams. Everything is registered here, by name.
 */
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import Type from 'typebox';
import { errorCode, StationError } from '../domain/errors.ts';
import type { Html } from '../domain/html.ts';
import { registerAssets } from './assets.ts';
import { auditPage } from './audit-page.ts';
import { caseWritablePaths, registerCaseRoutes } from './case-routes.ts';
import { type CertificateDeps, registerCertificateRoute } from './certificate-route.ts';
import { deletedClipPage } from './clip-keeping.ts';
import { clipPage } from './clip-page.ts';
import { clipsPage } from './clips-page.ts';
import { registerCoverageRoutes } from './coverage-routes.ts';
import { registerDockingRoutes } from './docking-routes.ts';
import { failedPage, notFoundPage, refusedPage } from './error-pages.ts';
import { registerExchangeRoutes } from './exchange-routes.ts';
import { handoverPage } from './handover-page.ts';
import { bagPath } from './hold-page.ts';
import { importWritablePaths, registerImportRoutes } from './import-routes.ts';
import { registerKeepingRoutes } from './keeping-routes.ts';
import { linkWritablePaths, registerLinkRoutes } from './link-routes.ts';
import { registerMediaRoute } from './media-route.ts';
import {
  askedLanguage,
  languageCookie,
  languageOf,
  type PageContext,
  pageLanguages,
  queryOf,
  splitUrl,
} from './page-context.ts';

import { peopleWritablePaths, registerPeopleRoutes } from './people-routes.ts';
import { type PublicLogs, registerPublicLedger } from './public-ledger-route.ts';

import { recorderWritablePaths, registerRecorderRoutes } from './recorder-routes.ts';

import { registerSlotEvents } from './slot-events.ts';
import { slotWallPage } from './slot-wall-page.ts';
import { registerUrgentRoute, type UrgentDeps, urgentPath } from './urgent-route.ts';
import { registerWebGuard, secure } from './web-guard.ts';
import type { WebStation } from './web-station.ts';

/** The part of pino that is used. */
export interface WebLog {
  error(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface WebDeps {
  readonly station: WebStation;
  readonly log: WebLog;
  /** Given when the ledger may be read by whoever reaches the pages. */
  readonly ledger?: PublicLogs;
  /** Given where a recorder can be asked for at once. */
  readonly urgent?: UrgentDeps;
  /** The printable certificate of a docking's clearing, given where there are clearings. */
  readonly certificates?: CertificateDeps;
}

const healthSchema = Type.Object({ status: Type.Literal('ok') });

export function buildWebApp({ station, log, ledger, urgent, certificates }: WebDeps): FastifyInstance {
  const app = fastify({
    logger: false,
    trustProxy: false,
    bodyLimit: 1024,
    requestTimeout: 30_000,
    // An open event stream or a player must not hold up the end of the station.
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 100 },
    frameworkErrors: (_error, _request, reply) => {
      void secure(reply).code(400).type('text/plain; charset=utf-8').send('This address is not well-formed.\n');
    },
  });
  const { recorders } = station;
  registerForms(app);
  const writable = [
    ...(urgent === undefined ? [] : [urgentPath]),
    ...(recorders === undefined ? [] : recorderWritablePaths),
    ...(station.people === undefined ? [] : peopleWritablePaths),
    ...(station.imports === undefined ? [] : importWritablePaths),
    ...(station.cases === undefined ? [] : caseWritablePaths),
    ...(station.links === undefined ? [] : linkWritablePaths),
    ...(station.keeping?.makeBag === undefined ? [] : [bagPath]),
  ];
  registerWebGuard(app, new Set(writable));
  if (urgent !== undefined) registerUrgentRoute(app, urgent);
  if (certificates !== undefined) registerCertificateRoute(app, certificates);
  const assets = registerAssets(app);
  const languages = pageLanguages(station.timeZone);
  const contextOf = (request: FastifyRequest): PageContext => {
    const query = queryOf(request);
    query.delete('lang');
    return { ...languages(languageOf(request)), station, assets, path: splitUrl(request.url).path, query };
  };
  const onTrouble = (error: unknown): void => log.error({ err: error }, 'a slot event could not be made');

  registerPages(app, { station, contextOf });
  if (recorders !== undefined) registerRecorderRoutes(app, { recorders, contextOf, send: sendPage });
  registerCoverageRoutes(app, { station, contextOf, send: sendPage });
  const { people } = station;
  if (people !== undefined) registerPeopleRoutes(app, { people, contextOf, send: sendPage });
  const { imports } = station;
  if (imports !== undefined) registerImportRoutes(app, { imports, contextOf, send: sendPage });
  if (station.exchange !== undefined) registerExchangeRoutes(app, station.exchange);
  registerMediaRoute(app, station);
  if (ledger !== undefined) registerPublicLedger(app, ledger);
  registerSlotEvents(app, { station, version: assets.version, language: languages, onTrouble });
  app.get('/healthz', { schema: { response: { 200: healthSchema } } }, async (_request, reply) => {
    void reply.header('cache-control', 'no-store');
    return { status: 'ok' as const };
  });
  registerTrouble(app, { contextOf, log });
  return app;
}

/** The plain form of a browser; anything else is refused by its content type. */
function registerForms(app: FastifyInstance): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, new URLSearchParams(String(body)));
  });
}

interface PageDeps {
  readonly station: WebStation;
  readonly contextOf: (request: FastifyRequest) => PageContext;
}

function registerPages(app: FastifyInstance, { station, contextOf }: PageDeps): void {
  const page = (url: string, render: (context: PageContext) => Html): void => {
    app.get(url, (request, reply) => sendPage(request, reply, render(contextOf(request))));
  };
  page('/', slotWallPage);
  if (station.links !== undefined) registerLinkRoutes(app, { links: station.links, contextOf, send: sendPage });
  if (station.cases !== undefined) registerCaseRoutes(app, { cases: station.cases, contextOf, send: sendPage });
  if (station.keeping !== undefined) {
    registerKeepingRoutes(app, { keeping: station.keeping, contextOf, send: sendPage });
  }
  registerDockingRoutes(app, { dockings: station.dockings, contextOf, send: sendPage });
  app.get('/audit', async (request, reply) =>
    sendPage(request, reply, auditPage(contextOf(request), await station.audit.view())),
  );
  app.get('/audit/handover', async (request, reply) => {
    const sheet = handoverPage(contextOf(request), await station.audit.view(), new Date().toISOString());
    return sendPage(request, reply, sheet);
  });
  page('/clips', clipsPage);
  app.get<{ Params: { id: string } }>('/clips/:id', (request, reply) => {
    const clip = station.clip(request.params.id);
    if (clip !== undefined) return sendPage(request, reply, clipPage(contextOf(request), clip));
    const deleted = station.keeping?.deleted(request.params.id);
    if (deleted === undefined) return reply.callNotFound();
    return sendPage(request, reply.code(410), deletedClipPage(contextOf(request), deleted));
  });
}

function registerTrouble(
  app: FastifyInstance,
  { contextOf, log }: Pick<PageDeps, 'contextOf'> & { log: WebLog },
): void {
  app.setNotFoundHandler((request, reply) => {
    sendPage(request, reply.code(404), notFoundPage(contextOf(request)));
  });
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (error instanceof StationError) {
      log.warn({ err: error, url: request.url }, 'a request was refused');
      return sendPage(request, reply.code(409), refusedPage(contextOf(request), error.code));
    }
    if (status < 500)
      return reply
        .code(status)
        .type('text/plain; charset=utf-8')
        .send(`${errorCode(error)}\n`);
    log.error({ err: error, url: request.url, request: request.id }, 'a page could not be shown');
    return sendFailed(request, reply, contextOf);
  });
}

/** The page of a failure asks the station as well; when even that fails there is still a sentence. */
function sendFailed(request: FastifyRequest, reply: FastifyReply, contextOf: PageDeps['contextOf']): FastifyReply {
  void reply.code(500);
  try {
    return sendPage(request, reply, failedPage(contextOf(request), request.id));
  } catch {
    return reply.type('text/plain; charset=utf-8').send(`采集站出错，请稍后再试。The station failed. ${request.id}\n`);
  }
}

function statusOf(error: unknown): number {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' && status >= 400 ? status : 500;
}

function sendPage(request: FastifyRequest, reply: FastifyReply, page: Html): FastifyReply {
  const asked = askedLanguage(queryOf(request));
  if (asked !== undefined) void reply.header('set-cookie', languageCookie(asked));
  return reply
    .headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', vary: 'cookie' })
    .send(page.toString());
}
