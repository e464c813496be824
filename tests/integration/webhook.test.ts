/**
 * Goal: an alert reaches a real HTTP server with a signature that its receiver can check, follows no redirect, gives up
 * on one that is slow or not there, and carries counts and keys of units only.
 */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type AlertMessage, sendAlert } from '../../src/reporting/webhook.ts';

const message: AlertMessage = {
  alert: 'w-00000000000000000000',
  station: 's-00000000000000000000',
  kind: 'new-gap',
  profile: 'ministry',
  asOf: '2026-11-22',
  count: 2,
  units: [{ unit: 'A01', count: 2 }],
  raisedAt: '2026-11-22T01:00:00.000Z',
  text: { zh: '新增缺口 2 人', en: '2 new gaps' },
};
const secret = Buffer.from('a secret of the office');
const servers: Server[] = [];
interface Heard {
  readonly body: string;
  readonly request: IncomingMessage;
}

async function listen(answer: (response: ServerResponse) => void): Promise<{ url: string; heard: Heard[] }> {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      heard.push({ body, request });
      answer(response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, heard };
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const send = (url: string, timeoutMs = 5000, key: Uint8Array | null = secret) =>
  sendAlert(message, { url, secret: key, timeoutMs, now: () => 1_780_000_000 }, new AbortController().signal);

describe('the webhook', () => {
  it('gets a body that its signature proves', async () => {
    const { url, heard } = await listen((response) => response.writeHead(204).end());
    expect(await send(url)).toEqual({ isReceived: true, status: '204' });
    const { body, request } = heard[0] as Heard;
    const expected = createHmac('sha256', secret).update(`1780000000.${body}`).digest('hex');
    expect(request.headers['x-evidock-signature']).toBe(`t=1780000000,v1=${expected}`);
    expect(request.headers['x-evidock-alert']).toBe(message.alert);
    expect(JSON.parse(body)).toEqual({
      format: 'evidock-coverage-alert/1',
      id: message.alert,
      station: message.station,
      kind: 'new-gap',
      profile: 'ministry',
      as_of: '2026-11-22',
      count: 2,
      units: [{ unit: 'A01', count: 2 }],
      raised_at: message.raisedAt,
      text: message.text,
    });
  });

  it('is unsigned without a secret', async () => {
    const { url, heard } = await listen((response) => response.end());
    await send(url, 5000, null);
    expect(heard[0]?.request.headers['x-evidock-signature']).toBeUndefined();
  });

  it('that refuses has not received it', async () => {
    const { url } = await listen((response) => response.writeHead(503).end('later'));
    expect(await send(url)).toEqual({ isReceived: false, status: '503' });
  });

  it('that redirects is not followed: the address of the configuration is the only one', async () => {
    const other = await listen((response) => response.end());
    const { url } = await listen((response) => response.writeHead(307, { location: other.url }).end());
    expect(await send(url)).toEqual({ isReceived: false, status: '307' });
    expect(other.heard).toEqual([]);
  });

  it('that is slow is given up', async () => {
    const { url } = await listen(() => undefined);
    expect(await send(url, 200)).toEqual({ isReceived: false, status: 'timeout' });
  });

  it('that is not there is said to be', async () => {
    const { url } = await listen((response) => response.end());
    for (const server of servers.splice(0)) server.close();
    expect((await send(url)).status).toBe('ECONNREFUSED');
  });
});
