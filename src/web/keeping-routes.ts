/** The routes of keeping. The one thing that a page may change is to begin a bag, and its export desk asks for two persons. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Html } from '../domain/html.ts';
import { bagPath, holdPage } from './hold-page.ts';
import { keepingPage, runPage } from './keeping-page.ts';
import type { PageContext } from './page-context.ts';
import type { WebKeeping } from './web-keeping.ts';

interface KeepingRoutes {
  readonly keeping: WebKeeping;
  readonly contextOf: (request: FastifyRequest) => PageContext;
  readonly send: (request: FastifyRequest, reply: FastifyReply, page: Html) => FastifyReply;
}

export function registerKeepingRoutes(app: FastifyInstance, { keeping, contextOf, send }: KeepingRoutes): void {
  app.get('/keeping', async (request, reply) =>
    send(request, reply, keepingPage(contextOf(request), await keeping.overview())),
  );
  app.get<{ Params: { id: string } }>('/keeping/holds/:id', async (request, reply) => {
    const hold = await keeping.hold(request.params.id);
    if (hold === undefined) return reply.callNotFound();
    const canMakeBag = keeping.makeBag === undefined ? 'by-command' : 'here';
    return send(request, reply, holdPage(contextOf(request), hold, canMakeBag));
  });
  app.get<{ Params: { id: string } }>('/keeping/runs/:id', async (request, reply) => {
    const run = keeping.run(request.params.id);
    return run === undefined ? reply.callNotFound() : send(request, reply, runPage(contextOf(request), run));
  });
  const { makeBag } = keeping;
  if (makeBag === undefined) return;
  app.post(bagPath, async ({ body }, reply) => {
    const text = (name: string): string => (body instanceof URLSearchParams ? (body.get(name) ?? '').trim() : '');
    const form = { hold: text('hold'), applicant: text('applicant'), approvedBy: text('approvedBy') };
    if ((await keeping.hold(form.hold)) === undefined) return reply.callNotFound();
    await makeBag({ ...form, recipient: text('recipient') });
    // The page by a request of its own, so that loading it again makes no second bag.
    return reply.redirect(`/keeping/holds/${form.hold}`, 303);
  });
}
