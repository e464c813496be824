/** The routes of dockings and receipts; what is not there is not found, what cannot be said yet is refused in words. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Html } from '../domain/html.ts';
import { dockingPage } from './docking-page.ts';
import { dockingsPage } from './dockings-page.ts';
import { type PageContext, queryOf } from './page-context.ts';
import { receiptCheckPage } from './receipt-check-page.ts';
import { receiptPage } from './receipt-page.ts';
import type { WebDockings } from './web-dockings.ts';

interface DockingRoutes {
  readonly dockings: WebDockings;
  readonly contextOf: (request: FastifyRequest) => PageContext;
  readonly send: (request: FastifyRequest, reply: FastifyReply, page: Html) => FastifyReply;
}

export function registerDockingRoutes(app: FastifyInstance, { dockings, contextOf, send }: DockingRoutes): void {
  app.get('/dockings', (request, reply) => send(request, reply, dockingsPage(contextOf(request))));
  app.get<{ Params: { id: string } }>('/dockings/:id', (request, reply) => {
    const docking = dockings.find(request.params.id);
    return docking === undefined
      ? reply.callNotFound()
      : send(request, reply, dockingPage(contextOf(request), docking));
  });
  app.get<{ Params: { id: string } }>('/dockings/:id/receipt', async (request, reply) => {
    if (dockings.find(request.params.id) === undefined) return reply.callNotFound();
    const receipt = await dockings.receipt(request.params.id);
    return send(request, reply, receiptPage(contextOf(request), receipt));
  });
  app.get('/receipts', async (request, reply) => {
    const typed = (queryOf(request).get('code') ?? '').trim();
    const checked = typed === '' ? undefined : await dockings.checkReceipt(typed);
    return send(request, reply, receiptCheckPage(contextOf(request), { typed, checked }));
  });
}
