/**
 * The queue, and what people say of links there and on a clip's page. The guard has let a POST pass only from our own
 * pages (web-guard.ts). After each a page by a request of its own, so that loading it again says nothing twice.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Html } from '../domain/html.ts';
import { pageOf } from './dockings-query.ts';
import { type PageContext, queryOf } from './page-context.ts';
import { queueAddress, queuePage } from './queue-page.ts';
import type { WebLinks } from './web-links.ts';

export const linkWritablePaths = ['/queue/say', '/clips/links'] as const;

/** A page of boxes with keys of cases, or a reason: a Chinese letter takes nine bytes on its way. */
const formBytesMax = 64 * 1024;
const reasonLengthMax = 2000;

interface LinkRoutes {
  readonly links: WebLinks;
  readonly contextOf: (request: FastifyRequest) => PageContext;
  readonly send: (request: FastifyRequest, reply: FastifyReply, page: Html) => FastifyReply;
}

export function registerLinkRoutes(app: FastifyInstance, { links, contextOf, send }: LinkRoutes): void {
  app.get('/queue', (request, reply) =>
    send(request, reply, queuePage(contextOf(request), links, pageOf(queryOf(request)))),
  );
  const [queuePath, clipPath] = linkWritablePaths;
  app.post(queuePath, { bodyLimit: formBytesMax }, async ({ body }, reply) => {
    if (!(body instanceof URLSearchParams) || !(await sayOnQueue(links, body))) return malformed(reply);
    return reply.redirect(queueAddress(pageOf(body)), 303);
  });
  app.post(clipPath, { bodyLimit: formBytesMax }, async ({ body }, reply) => {
    const clip = body instanceof URLSearchParams ? (body.get('clip') ?? '') : '';
    if (!(body instanceof URLSearchParams) || !(await sayOfClip(links, clip, body))) return malformed(reply);
    return reply.redirect(`/clips/${encodeURIComponent(clip)}`, 303);
  });
}

/** `one`, `reject` and `settle` are buttons of a row; without them the boxes count. False: nothing was said. */
async function sayOnQueue(links: WebLinks, form: URLSearchParams): Promise<boolean> {
  const [one, rejected, settled] = ['one', 'reject', 'settle'].map((name) => form.get(name));
  if (settled) {
    await links.settle({ clips: [settled], reason: '' });
    return true;
  }
  const chosen = rejected ? [rejected] : one ? [one] : form.getAll('confirm');
  const byCase = new Map<string, string[]>();
  for (const text of chosen) {
    const [, clip, key] = /^(c-[0-9a-z]{1,40}) (.{1,200})$/su.exec(text) ?? [];
    if (clip === undefined || key === undefined) return false;
    byCase.set(key, [...(byCase.get(key) ?? []), clip]);
  }
  for (const [number, clips] of byCase) {
    const what = { clips, target: 'case', number, reason: '' } as const;
    await (rejected ? links.reject(what) : links.link(what));
  }
  return true;
}

async function sayOfClip(links: WebLinks, clip: string, form: URLSearchParams): Promise<boolean> {
  const text = (name: string): string => (form.get(name) ?? '').trim();
  const reason = text('reason');
  const target = text('target');
  const clips = [clip];
  if (clip === '' || (target !== 'case' && target !== 'officer') || reason.length > reasonLengthMax) return false;
  if (text('action') === 'unlink' && reason !== '') await links.unlink({ clips, target, reason });
  else if (text('action') === 'reject' && text('number') !== '')
    await links.reject({ clips, target, number: text('number'), reason });
  else if (text('action') === 'confirm' && text('number') !== '')
    await links.link({ clips, target, number: text('number'), reason });
  else if (text('action') === 'link' && text('number') !== '' && reason !== '')
    await links.link({ clips, target, number: text('number'), reason });
  else return false;
  return true;
}

const malformed = (reply: FastifyReply): FastifyReply =>
  reply.code(400).type('text/plain; charset=utf-8').send('The form lacks what it must say.\n');
