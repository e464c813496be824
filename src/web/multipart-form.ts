/**
 * The form with a file that a browser sends (`multipart/form-data`, RFC 7578, as the HTML standard writes it): a list
 * of named parts whose bytes are slices of the body, so that a large table is not copied. What no browser sends is
 * refused as a whole.
 */

export interface FormPart {
  readonly name: string;
  /** Given for a file, also for one that nobody chose: then it is empty. */
  readonly fileName: string | undefined;
  readonly bytes: Buffer;
}

const partsMax = 16;
const headBytesMax = 4096;
const lineEnd = '\r\n';

/** Undefined when the body is not such a form. */
export function readMultipartForm(body: Buffer, contentType: string): FormPart[] | undefined {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))\s*(?:;|$)/iu.exec(contentType);
  const mark = `--${boundary?.[1] ?? boundary?.[2] ?? ''}`;
  if (mark === '--' || !startsWith(body, 0, mark)) return undefined;
  const parts: FormPart[] = [];
  let at = mark.length;
  while (!startsWith(body, at, '--')) {
    if (!startsWith(body, at, lineEnd) || parts.length === partsMax) return undefined;
    const headEnd = body.subarray(at, at + headBytesMax).indexOf(lineEnd + lineEnd);
    if (headEnd < 0) return undefined;
    const start = at + headEnd + 2 * lineEnd.length;
    const end = body.indexOf(lineEnd + mark, start);
    const head = readHead(body.toString('utf8', at, at + headEnd));
    if (end < 0 || head === undefined) return undefined;
    parts.push({ ...head, bytes: body.subarray(start, end) });
    at = end + lineEnd.length + mark.length;
  }
  return parts;
}

/** A browser writes a quotation mark inside a name as `%22`, so the next one ends it; other signs it writes as they are. */
function readHead(head: string): Omit<FormPart, 'bytes'> | undefined {
  const line = head.split(lineEnd).find((text) => /^content-disposition:\s*form-data\s*;/iu.test(text));
  const name = line && /;\s*name="([^"]*)"/iu.exec(line)?.[1];
  if (line === undefined || name === undefined) return undefined;
  return { name, fileName: /;\s*filename="([^"]*)"/iu.exec(line)?.[1]?.replaceAll('%22', '"') };
}

function startsWith(body: Buffer, at: number, text: string): boolean {
  return body.toString('latin1', at, at + text.length) === text;
}
