/**
 * One alert to the webhook of the configuration: JSON, signed with HMAC-SHA256 over time and body, no redirects, a time
 * limit, and little read of the answer. Only counts and keys of units leave; a person's name has no way in.
 */
import { createHmac } from 'node:crypto';
import { errorCode } from '../domain/errors.ts';

export interface AlertMessage {
  readonly alert: string;
  readonly station: string;
  readonly kind: string;
  readonly profile: string;
  readonly asOf: string;
  readonly count: number;
  readonly units: readonly { readonly unit: string; readonly count: number }[];
  /** ISO UTC. */
  readonly raisedAt: string;
  readonly text: { readonly zh: string; readonly en: string };
}

export interface WebhookTarget {
  readonly url: string;
  /** Null: sent unsigned. */
  readonly secret: Uint8Array | null;
  readonly timeoutMs: number;
  /** Seconds since 1970, for the signature. */
  readonly now: () => number;
}

/** `status`: the answer's number, or what went wrong in one word. Any 2xx is taken for received. */
export interface WebhookResult {
  readonly isReceived: boolean;
  readonly status: string;
}

export const webhookFormat = 'evidock-coverage-alert/1';

export function alertBody(message: AlertMessage): string {
  return JSON.stringify({
    format: webhookFormat,
    id: message.alert,
    station: message.station,
    kind: message.kind,
    profile: message.profile,
    as_of: message.asOf,
    count: message.count,
    units: message.units,
    raised_at: message.raisedAt,
    text: message.text,
  });
}

/** `t=<seconds>,v1=<hex>`: HMAC-SHA256 over `<seconds>.<body>`. */
export function signature(body: string, secret: Uint8Array, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

export async function sendAlert(
  message: AlertMessage,
  { url, secret, timeoutMs, now }: WebhookTarget,
  signal: AbortSignal,
): Promise<WebhookResult> {
  const body = alertBody(message);
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'x-evidock-alert': message.alert,
    ...(secret === null ? {} : { 'x-evidock-signature': signature(body, secret, now()) }),
  };
  try {
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    await answer.body?.cancel();
    return { isReceived: answer.ok, status: String(answer.status) };
  } catch (error) {
    return { isReceived: false, status: wordOf(error) };
  }
}

/** The kernel's code lies in the cause of what fetch throws. */
function wordOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError') return 'timeout';
  if (error.name === 'AbortError') return 'stopped';
  const code = errorCode(error.cause ?? error);
  return /^[A-Z_]{2,40}$/u.test(code) ? code : 'failed';
}
