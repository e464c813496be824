/**
 * What holds for every request before any page sees it, and for every answer: loopback names only (a foreign name that
 * resolves to this machine is DNS rebinding), reading only, and headers that let a browser run nothing but our own.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

const securityHeaders = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=()',
} as const;

/** For answers that are made before hooks run. */
export function secure(reply: FastifyReply): FastifyReply {
  return reply.headers(securityHeaders);
}

export function registerWebGuard(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    secure(reply);
    if (!loopbackNames.has(hostName(request.headers.host ?? ''))) {
      return reply.code(421).type('text/plain; charset=utf-8').send('This station answers on its own machine only.\n');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return reply.code(405).header('allow', 'GET, HEAD').type('text/plain; charset=utf-8').send('Only reading.\n');
    }
  });
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, '');
}
