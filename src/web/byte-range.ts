/**
 * Which bytes a request asks for (RFC 9110, section 14). One range is served; several, or a unit that is not bytes,
 * or a text that does not parse, get the whole file, as the standard allows.
 */

export type ByteRange =
  | { readonly kind: 'whole' }
  | { readonly kind: 'part'; readonly first: number; readonly last: number }
  | { readonly kind: 'unsatisfiable' };

const whole: ByteRange = { kind: 'whole' };

export interface RangeRequest {
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
  readonly etag: string;
  readonly bytes: number;
}

export function readByteRange(request: RangeRequest): ByteRange {
  const { bytes } = request;
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(request.range?.trim() ?? '');
  // If-Range must match strongly; a date in it is never as exact as our tag, so it does not match.
  if (match === null || (request.ifRange !== undefined && request.ifRange !== request.etag)) return whole;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return whole;
  if (from === '') {
    const length = Math.min(Number(to), bytes);
    return length === 0 ? { kind: 'unsatisfiable' } : { kind: 'part', first: bytes - length, last: bytes - 1 };
  }
  const first = Number(from);
  const last = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (to !== '' && Number(to) < first) return whole;
  return first >= bytes ? { kind: 'unsatisfiable' } : { kind: 'part', first, last };
}
