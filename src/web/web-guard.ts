/**
 * What holds for every request before any page sees it, and for every answer: loopback names only (a foreign name that
 * resolves to this machine is DNS rebinding), reading only but for the few paths that say so, those from our own pages
 * alone, and headers that let a browser run nothing but our own.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { splitUrl } from './page-context.ts';

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

/** `writable`: paths that take a POST. */
export function registerWebGuard(app: FastifyInstance, writable: ReadonlySet<string>): void {
  app.addHook('onRequest', async (request, reply) => {
    secure(reply);
    if (!loopbackNames.has(hostName(request.headers.host ?? ''))) {
      return reply.code(421).type('text/plain; charset=utf-8').send('This station answers on its own machine only.\n');
    }
    if (request.method === 'POST' && writable.has(splitUrl(request.url).path)) {
      if (isFromOwnPage(request.headers)) return;
      return reply.code(403).type('text/plain; charset=utf-8').send('Only from the pages of this station.\n');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return reply.code(405).header('allow', 'GET, HEAD').type('text/plain; charset=utf-8').send('Only reading.\n');
    }
  });
}

/**
 * Another site can make a browser send a form here, but it cannot choose these headers: `Origin` names the page that
 * sends, `Sec-Fetch-Site` says how it stands to us. Both must be right where they are there, and one of them must be. Our
 * own form says `Origin: null`, because we send no referrer; then only the other header can speak for it.
 */
function isFromOwnPage({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  const isOwnOrigin = origin?.toLowerCase() === `http://${(host ?? '').toLowerCase()}`;
  if (site === undefined) return isOwnOrigin;
  return site === 'same-origin' && (isOwnOrigin || origin === undefined || origin === 'null');
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, '');
}
