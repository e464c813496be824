/**
 * Tells a recorder's text files apart: positions as NMEA sentences, GPX, JSON or WKT are a track, other readable text is a
 * log. Text is text in any of the encodings recorders write (UTF-8, GBK, UTF-16 with a mark): what disqualifies it
 * are control characters, not letters we cannot read.
 */

export type TextSignature = { readonly family: 'track' | 'log'; readonly container: string };

/** GNSS talkers (NMEA 0183: GPS, GLONASS, BeiDou, Galileo, combined, …) and a sentence of three letters. */
const nmeaSentence = /^\$(?:GP|GN|GL|GA|GB|BD|GQ|GI)[A-Z]{3},/m;
const wktGeometry = /^(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING)\s*(?:Z|M|ZM)?\s*\(/i;
const gpxDocument = /<(?:[\w-]{1,20}:)?gpx[\s>]/i;
const jsonPosition = /"(?:lat|latitude|lon|lng|longitude|coordinates|gps)"\s*:/i;

export function recogniseText(head: Uint8Array): TextSignature | undefined {
  const text = readableText(head);
  if (text === undefined) {
    return undefined;
  }
  const begin = text.replace(/^\ufeff/, '').trimStart();
  if (wktGeometry.test(begin)) {
    return { family: 'track', container: 'wkt' };
  }
  if (begin.startsWith('<') && gpxDocument.test(begin.slice(0, 2048))) {
    return { family: 'track', container: 'gpx' };
  }
  if (/^[[{]/.test(begin)) {
    return jsonPosition.test(begin) ? { family: 'track', container: 'json' } : { family: 'log', container: 'json' };
  }
  // Some recorders put a line of their own before the first sentence.
  if (nmeaSentence.test(begin.slice(0, 2048))) {
    return { family: 'track', container: 'nmea' };
  }
  return { family: 'log', container: 'text' };
}

function readableText(head: Uint8Array): string | undefined {
  if (head.length === 0) {
    return undefined;
  }
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
    const text = new TextDecoder(head[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(head);
    return hasControl(text) || text.includes('\ufffd\ufffd') ? undefined : text;
  }
  // A log of a recorder whose battery died ends in zeros: its beginning is still text.
  const content = head.subarray(0, trailingZerosFrom(head));
  // Looked at before decoding: most of what comes here is no text, and decoding 128 KiB of noise is slow (measured).
  if (content.length === 0 || content.some(isControl) || !looksEncoded(content)) {
    return undefined;
  }
  return new TextDecoder('utf-8').decode(content);
}

function trailingZerosFrom(head: Uint8Array): number {
  let end = head.length;
  while (end > 0 && head[end - 1] === 0) {
    end -= 1;
  }
  return end;
}

/** Control characters that no text has; escape sequences and form feeds do occur in logs. */
function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (isControl(text.charCodeAt(at))) {
      return true;
    }
  }
  return false;
}

/** In UTF-8 and GBK no byte of a longer character looks like one of these. */
function isControl(code: number): boolean {
  return code === 0x7f || (code < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(code));
}

/** UTF-8, or GBK: pairs of a lead byte 0x81-0xFE and a trail byte 0x40-0xFE. A few slips at a cut edge are allowed. */
function looksEncoded(bytes: Uint8Array): boolean {
  const slips = { utf8: 0, gbk: 0 };
  const decoded = new TextDecoder('utf-8').decode(bytes);
  slips.utf8 = decoded.split('\ufffd').length - 1;
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] ?? 0;
    if (lead >= 0x80) {
      at += 1;
      const trail = bytes[at] ?? 0x40;
      slips.gbk += lead === 0x80 || lead === 0xff || trail < 0x40 || trail === 0x7f || trail === 0xff ? 1 : 0;
    }
  }
  return Math.min(slips.utf8, slips.gbk) <= 2 + bytes.length / 1000;
}
