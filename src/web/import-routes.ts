/**
 * The routes of imports: handing in a table, comparing, taking exactly what was compared, the list and undoing. A form
 * with a file is understood here only; everywhere else its content type is refused.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Html } from '../domain/html.ts';
import { findCalendarDate } from '../domain/people-facts.ts';
import { comparisonPage, uploadPage } from './import-upload-page.ts';
import { importPage, importsPage } from './imports-page.ts';
import { readMultipartForm } from './multipart-form.ts';
import type { PageContext } from './page-context.ts';
import { type AskedComparison, comparisonAddress, importAddress, importKinds, type WebImports } from './web-imports.ts';

export const importWritablePaths = ['/people/import', '/people/import/take', '/imports/undo'] as const;

/** Fields and boundaries beside the file. */
const aroundBytesMax = 64 * 1024;
/** A reason in Chinese takes nine bytes a letter on its way. */
const formBytesMax = 16 * 1024;
const reasonLengthMax = 500;
const fileNameLengthMax = 200;

interface ImportRoutes {
  readonly imports: WebImports;
  readonly contextOf: (request: FastifyRequest) => PageContext;
  readonly send: (request: FastifyRequest, reply: FastifyReply, page: Html) => FastifyReply;
}

export function registerImportRoutes(app: FastifyInstance, routes: ImportRoutes): void {
  const { imports, contextOf, send } = routes;
  registerUpload(app, routes);
  app.get('/people/import', (request, reply) => send(request, reply, uploadPage(contextOf(request), imports)));
  app.get('/people/import/compare', async (request, reply) => {
    const context = contextOf(request);
    const asked = askedOf(context.query, context.station.today());
    if (asked === undefined) return reply.callNotFound();
    return send(request, reply, comparisonPage(context, asked, await imports.compare(asked)));
  });
  app.post('/people/import/take', { bodyLimit: formBytesMax }, async ({ body }, reply) => {
    const said = body instanceof URLSearchParams ? body : new URLSearchParams();
    const asked = askedOf(said);
    const fingerprint = said.get('fingerprint') ?? '';
    if (asked === undefined || fingerprint === '') return malformed(reply);
    const id = await imports.take({ ...asked, fingerprint, allowPartial: said.get('partial') === '1' });
    return reply.redirect(id === undefined ? comparisonAddress(asked) : `${importAddress(id)}?taken=1`, 303);
  });
  app.get('/imports', (request, reply) => send(request, reply, importsPage(contextOf(request), imports)));
  app.get<{ Params: { id: string } }>('/imports/:id', (request, reply) => {
    const found = imports.find(request.params.id);
    if (found === undefined) return reply.callNotFound();
    return send(request, reply, importPage(contextOf(request), found));
  });
  app.post('/imports/undo', { bodyLimit: formBytesMax }, async ({ body }, reply) => {
    const said = body instanceof URLSearchParams ? body : new URLSearchParams();
    const [id, reason] = [said.get('import') ?? '', (said.get('reason') ?? '').trim()];
    const isSaid = reason !== '' && reason.length <= reasonLengthMax && said.get('sure') === '1';
    if (id === '' || !isSaid) return malformed(reply);
    const kept = await imports.undo({ import: id, reason });
    return reply.redirect(`${importAddress(id)}?undone=${kept}`, 303);
  });
}

function registerUpload(app: FastifyInstance, { imports, contextOf, send }: ImportRoutes): void {
  const bodyLimit = imports.bytesMax + aroundBytesMax;
  app.register(async (scope) => {
    scope.addContentTypeParser('multipart/form-data', { parseAs: 'buffer', bodyLimit }, (request, body, done) => {
      done(null, readMultipartForm(body as Buffer, request.headers['content-type'] ?? ''));
    });
    scope.post('/people/import', { bodyLimit }, (request, reply) => {
      const context = contextOf(request);
      const uploaded = readUpload(request.body, context.station.today());
      if (uploaded === undefined) {
        return send(request, reply.code(400), uploadPage(context, imports, 'noFile'));
      }
      if (uploaded.file.bytes.byteLength > imports.bytesMax) {
        return send(request, reply.code(413), uploadPage(context, imports, 'tooLarge'));
      }
      const upload = imports.keep(uploaded.file);
      return reply.redirect(comparisonAddress({ ...uploaded.asked, upload }), 303);
    });
    scope.setErrorHandler((error, request, reply) => {
      if ((error as { statusCode?: unknown }).statusCode !== 413) throw error;
      return send(request, reply.code(413), uploadPage(contextOf(request), imports, 'tooLarge'));
    });
  });
}

function readUpload(body: unknown, today: string) {
  const parts = Array.isArray(body) ? (body as NonNullable<ReturnType<typeof readMultipartForm>>) : [];
  const text = (name: string): string => {
    const part = parts.find((one) => one.name === name && one.fileName === undefined);
    return part === undefined ? '' : part.bytes.subarray(0, 200).toString('utf8').trim();
  };
  const file = parts.find(({ name, fileName }) => name === 'file' && fileName !== undefined);
  const kind = importKinds.find((known) => known === text('kind'));
  const effective = findCalendarDate(text('effective') || today);
  if (file === undefined || file.bytes.byteLength === 0 || kind === undefined || effective === undefined) return;
  const fileName = (file.fileName ?? '').split(/[/\\]/u).at(-1)?.slice(-fileNameLengthMax).toWellFormed() ?? '';
  const isSupplement = kind === 'officers' && text('supplement') === '1';
  return { file: { kind, fileName, bytes: file.bytes }, asked: { effective, sheet: undefined, isSupplement } };
}

/** Without `today` the day must be said. */
function askedOf(said: URLSearchParams, today = ''): AskedComparison | undefined {
  const upload = said.get('upload') ?? '';
  const effective = findCalendarDate(said.get('effective') || today);
  const sheet = (said.get('sheet') ?? '').slice(0, 200);
  if (effective === undefined || !/^[a-z]+-[0-9a-f]{64}$/u.test(upload)) return;
  return { upload, effective, sheet: sheet === '' ? undefined : sheet, isSupplement: said.get('supplement') === '1' };
}

const malformed = (reply: FastifyReply): FastifyReply =>
  reply.code(400).type('text/plain; charset=utf-8').send('The form lacks what it must say.\n');
