/** The clearing certificate of a docking, ready to print: a document of its own, not a page of the station. */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

export interface CertificateDeps {
  /** Undefined when nothing was cleared in that docking. */
  readonly page: (docking: string) => Promise<string | undefined>;
  /** The style that stands in the document: the only one that a browser may apply there. */
  readonly style: string;
}

export function registerCertificateRoute(app: FastifyInstance, { page, style }: CertificateDeps): void {
  const digest = createHash('sha256').update(style).digest('base64');
  app.get<{ Params: { id: string } }>('/dockings/:id/clearing', async (request, reply) => {
    const certificate = await page(request.params.id);
    if (certificate === undefined) return reply.callNotFound();
    return reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      })
      .send(certificate);
  });
}
