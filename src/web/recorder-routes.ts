/**
 * The routes of recorders: list, one recorder, and what the kiosk may change: giving, returning, claiming. The guard has
 * let a POST pass only from our own pages (web-guard.ts).
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Html } from '../domain/html.ts';
import { findCalendarDate, getCalendarDate } from '../domain/people-facts.ts';
import { handOutPage, readHandOut } from './hand-out-page.ts';
import { type PageContext, queryOf } from './page-context.ts';
import { recorderPage } from './recorder-page.ts';
import { recordersPage } from './recorders-page.ts';
import { recorderAddress, type WebRecorders } from './web-recorders.ts';

export const recorderWritablePaths = ['/hand-out/give', '/hand-out/check-in', '/hand-out/claim'] as const;

/** A statement in Chinese takes nine bytes a letter on its way. */
const formBytesMax = 32 * 1024;
const statementLengthMax = 2000;

interface RecorderRoutes {
  readonly recorders: WebRecorders;
  readonly contextOf: (request: FastifyRequest) => PageContext;
  readonly send: (request: FastifyRequest, reply: FastifyReply, page: Html) => FastifyReply;
}

export function registerRecorderRoutes(app: FastifyInstance, { recorders, contextOf, send }: RecorderRoutes): void {
  app.get('/recorders', (request, reply) => send(request, reply, recordersPage(contextOf(request), recorders)));
  app.get<{ Params: { serial: string } }>('/recorders/:serial', (request, reply) => {
    const context = contextOf(request);
    const day = findCalendarDate(context.query.get('day') ?? '') ?? getCalendarDate(context.station.today());
    const recorder = recorders.find(request.params.serial, { asOf: day });
    if (recorder === undefined) return reply.callNotFound();
    return send(request, reply, recorderPage(context, recorder, recorders.selfCheck(recorder.serial)));
  });
  app.get('/hand-out', (request, reply) => {
    const asked = readHandOut(queryOf(request));
    if (asked === undefined) return reply.callNotFound();
    return send(request, reply, handOutPage(contextOf(request), recorders, asked));
  });
  registerChanges(app, recorders);
}

function registerChanges(app: FastifyInstance, recorders: WebRecorders): void {
  const form = { bodyLimit: formBytesMax };
  const [givePath, checkInPath, claimPath] = recorderWritablePaths;
  app.post(givePath, form, async ({ body }, reply) => {
    const said = fieldsOf(body);
    const { kind, serial, officer } = said;
    if ((kind !== 'assign' && kind !== 'check-out') || serial === undefined || officer === undefined)
      return malformed(reply);
    const shared = said.mode === 'shared';
    await recorders.handOut({ kind, serial, certificateNo: officer, shared, evenSo: said.evenSo });
    return reply.redirect(said.from === 'wall' ? '/' : recorderAddress(serial), 303);
  });
  app.post(checkInPath, form, async ({ body }, reply) => {
    const { serial } = fieldsOf(body);
    if (serial === undefined) return malformed(reply);
    await recorders.checkIn(serial);
    return reply.redirect(recorderAddress(serial), 303);
  });
  app.post(claimPath, form, async ({ body }, reply) => {
    const { clip, officer, statement = '' } = fieldsOf(body);
    if (clip === undefined || officer === undefined || statement.length > statementLengthMax) return malformed(reply);
    await recorders.claim({ clip, certificateNo: officer, statement });
    return reply.redirect(`/clips/${encodeURIComponent(clip)}`, 303);
  });
}

/** The fields of a form that say something, trimmed. */
function fieldsOf(body: unknown): { readonly [name: string]: string | undefined } {
  if (!(body instanceof URLSearchParams)) return {};
  return Object.fromEntries([...body].map(([name, value]) => [name, value.trim()]).filter(([, value]) => value !== ''));
}

const malformed = (reply: FastifyReply): FastifyReply =>
  reply.code(400).type('text/plain; charset=utf-8').send('The form lacks what it must say.\n');
