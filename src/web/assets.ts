/**
 * The few files that pages need besides themselves: style sheet, icon and one browser module, read once at start and
 * named by their digest. The module is TypeScript whose types are blanked out here; there is no bundler.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import type { FastifyInstance } from 'fastify';

interface Asset {
  readonly mime: string;
  readonly body: Buffer;
  readonly etag: string;
}

export interface AssetLinks {
  readonly style: string;
  /** For the page of a receipt: 58 mm paper. */
  readonly slipStyle: string;
  readonly wallScript: string;
  readonly icon: string;
  /** Another one when any of the files is. */
  readonly version: string;
}

/** Serves the assets and says where they are. */
export function registerAssets(app: FastifyInstance): AssetLinks {
  const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
  const assets = new Map<string, Asset>();
  const add = (name: string, mime: string, text: string): string => {
    const body = Buffer.from(text);
    const digest = createHash('sha256').update(body).digest('base64url').slice(0, 22);
    assets.set(name, { mime, body, etag: `"${digest}"` });
    return `/assets/${name}?v=${digest}`;
  };
  const addresses = {
    style: add('site.css', 'text/css; charset=utf-8', read('assets/site.css')),
    slipStyle: add('slip.css', 'text/css; charset=utf-8', read('assets/slip.css')),
    wallScript: add(
      'slot-wall.js',
      'text/javascript; charset=utf-8',
      stripTypeScriptTypes(read('browser/slot-wall.ts'), { mode: 'strip' }),
    ),
    icon: add('icon.svg', 'image/svg+xml', read('assets/icon.svg')),
  };
  const version = createHash('sha256').update(Object.values(addresses).join()).digest('base64url').slice(0, 22);
  app.get<{ Params: { name: string }; Querystring: { v?: string } }>('/assets/:name', (request, reply) => {
    const asset = assets.get(request.params.name);
    if (asset === undefined) return reply.callNotFound();
    const named = asset.etag === `"${request.query.v}"`;
    void reply.headers({
      etag: asset.etag,
      // An address with the digest of its content never means anything else.
      'cache-control': named ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
    return reply.type(asset.mime).send(asset.body);
  });
  return { ...addresses, version };
}
