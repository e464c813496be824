/**
 * The words between the daemon and the privileged helper, as bytes (native/helper/frame.h): a frame is a big-endian u32
 * length and fields, each a big-endian u16 length and its bytes. Nothing here knows a socket. Both ends have limits.
 */

export const helperProtocolVersion = 1;
export const requestBytesMax = 4608;
export const replyBytesMax = 65_536;
const lengthBytes = 4;

export interface HelperReply {
  readonly id: number;
  readonly kind: 'ok' | 'refused' | 'failed';
  /** Results, or code, errno and text. */
  readonly fields: readonly Buffer[];
}

/** @throws RangeError when it is more than a request may be */
export function requestFrame(id: number, fields: readonly (string | Uint8Array)[]): Buffer {
  const parts: Buffer[] = [];
  for (const field of [String(id), ...fields]) {
    const bytes = Buffer.from(field as Uint8Array);
    const head = Buffer.alloc(2);
    if (bytes.length > requestBytesMax) throw new RangeError(`a field of ${bytes.length} bytes is too long`);
    head.writeUInt16BE(bytes.length);
    parts.push(head, bytes);
  }
  const payload = Buffer.concat(parts);
  if (payload.length > requestBytesMax) throw new RangeError(`a request of ${payload.length} bytes is too long`);
  const head = Buffer.alloc(lengthBytes);
  head.writeUInt32BE(payload.length);
  return Buffer.concat([head, payload]);
}

/** Collects replies out of the pieces in which they arrive. */
export class ReplyReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The replies that are whole now. @throws RangeError when it is no reply of the helper */
  take(piece: Uint8Array): readonly HelperReply[] {
    this.#rest = Buffer.concat([this.#rest, piece]);
    const replies: HelperReply[] = [];
    while (this.#rest.length >= lengthBytes) {
      const length = this.#rest.readUInt32BE(0);
      if (length > replyBytesMax) throw new RangeError(`a reply of ${length} bytes`);
      if (this.#rest.length < lengthBytes + length) break;
      replies.push(parseReply(this.#rest.subarray(lengthBytes, lengthBytes + length)));
      this.#rest = this.#rest.subarray(lengthBytes + length);
    }
    return replies;
  }
}

function parseReply(payload: Buffer): HelperReply {
  const fields: Buffer[] = [];
  for (let at = 0; at < payload.length; ) {
    const end = at + 2 <= payload.length ? at + 2 + payload.readUInt16BE(at) : Number.POSITIVE_INFINITY;
    if (end > payload.length) throw new RangeError('a reply with a broken field');
    fields.push(Buffer.from(payload.subarray(at + 2, end)));
    at = end;
  }
  const id = Number(fields[0]?.toString('latin1'));
  const kind = fields[1]?.toString('latin1');
  if (!Number.isSafeInteger(id) || (kind !== 'ok' && kind !== 'refused' && kind !== 'failed')) {
    throw new RangeError('a reply without id or kind');
  }
  return { id, kind, fields: fields.slice(2) };
}
