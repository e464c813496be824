/**
 * Asking for a recorder at once (紧急取用), from the kiosk: the one thing that a page may change so far. The guard has let
 * it pass only from our own pages (web-guard.ts); nobody is signed in at the kiosk, so it stands there as `kiosk`.
 */
import type { FastifyInstance } from 'fastify';

export interface UrgentDeps {
  /** @throws StationError slot-not-busy, docks-not-running */
  readonly request: (slot: { readonly kind: string; readonly slot: string }) => Promise<void>;
}

export const urgentPath = '/slots/urgent';

export function registerUrgentRoute(app: FastifyInstance, { request }: UrgentDeps): void {
  app.post(urgentPath, async ({ body }, reply) => {
    const key = body instanceof URLSearchParams ? (body.get('slot') ?? '') : '';
    const [, kind, slot] = /^([a-z-]{1,20})\/(.{1,200})$/su.exec(key) ?? [];
    if (kind === undefined || slot === undefined) {
      return reply.code(400).type('text/plain; charset=utf-8').send('slot: which one, as its card names it\n');
    }
    await request({ kind, slot });
    // The slot wall by a request of its own, so that loading it again asks for nothing.
    return reply.redirect('/', 303);
  });
}
