/**
 * A scanner for XML that machines wrote (OOXML parts): elements by their local names, attributes, text. It knows the
 * five predefined entities and character references only, refuses a document type, and so expands nothing. It checks
 * neither nesting nor namespaces: what it is used for only looks for elements that it knows.
 */

export interface XmlHandlers {
  /** `attributes` is the raw text between name and bracket, for `xmlAttribute`. */
  open(name: string, attributes: string): void;
  close(name: string): void;
  /** Character data with its references resolved; a text may come in several pieces. */
  text(text: string): void;
  /** Asked before each element: true ends the scan. */
  readonly isDone?: () => boolean;
}

export class XmlTrouble extends Error {}

/** @throws XmlTrouble for a document type, and for markup that never ends */
export function scanXml(xml: string, handlers: XmlHandlers): void {
  let at = 0;
  for (;;) {
    const open = xml.indexOf('<', at);
    if (open < 0 || handlers.isDone?.() === true) return;
    if (open > at) handlers.text(resolveReferences(xml.slice(at, open)));
    const sign = xml.charCodeAt(open + 1);
    if (sign === 0x21 || sign === 0x3f) {
      at = afterDeclaration(xml, open, handlers);
      continue;
    }
    const end = tagEnd(xml, open);
    if (sign === 0x2f) handlers.close(localName(xml.slice(open + 2, end)));
    else openElement(xml, { open, end }, handlers);
    at = end + 1;
  }
}

function openElement(xml: string, { open, end }: { open: number; end: number }, handlers: XmlHandlers): void {
  const isEmpty = xml.charCodeAt(end - 1) === 0x2f;
  const stop = isEmpty ? end - 1 : end;
  let nameEnd = open + 1;
  while (nameEnd < stop && xml.charCodeAt(nameEnd) > 0x20) nameEnd += 1;
  const name = localName(xml.slice(open + 1, nameEnd));
  handlers.open(name, xml.slice(nameEnd, stop));
  if (isEmpty) handlers.close(name);
}

/** The bracket that ends a tag; one inside an attribute's quotes does not. */
function tagEnd(xml: string, open: number): number {
  for (let at = open + 1; at < xml.length; at += 1) {
    const sign = xml.charCodeAt(at);
    if (sign === 0x3e) return at;
    if (sign !== 0x22 && sign !== 0x27) continue;
    at = xml.indexOf(sign === 0x22 ? '"' : "'", at + 1);
    if (at < 0) break;
  }
  throw new XmlTrouble('a tag never ends');
}

function afterDeclaration(xml: string, open: number, handlers: XmlHandlers): number {
  if (xml.startsWith('<![CDATA[', open)) {
    const end = xml.indexOf(']]>', open);
    if (end < 0) throw new XmlTrouble('a CDATA section never ends');
    handlers.text(xml.slice(open + 9, end));
    return end + 3;
  }
  if (/^<!doctype/i.test(xml.slice(open, open + 9))) throw new XmlTrouble('a document type is not allowed');
  const mark = xml.startsWith('<!--', open) ? '-->' : '>';
  const end = xml.indexOf(mark, open + 2);
  if (end < 0) throw new XmlTrouble('a declaration never ends');
  return end + mark.length;
}

function localName(name: string): string {
  const trimmed = name.trimEnd();
  const colon = trimmed.indexOf(':');
  return colon < 0 ? trimmed : trimmed.slice(colon + 1);
}

const attributePatterns = new Map<string, RegExp>();

/** The value of an attribute, named with its prefix as the writer has it or without. */
export function xmlAttribute(attributes: string, name: string): string | undefined {
  let pattern = attributePatterns.get(name);
  if (pattern === undefined) {
    pattern = new RegExp(`(?:^|[\\s:])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`);
    attributePatterns.set(name, pattern);
  }
  const found = pattern.exec(attributes);
  const value = found?.[1] ?? found?.[2];
  return value === undefined ? undefined : resolveReferences(value);
}

const predefined: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolveReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/giu, (whole, hex, decimal, name) => {
    if (name !== undefined) return predefined[name as string] ?? whole;
    const code = hex === undefined ? Number.parseInt(decimal as string, 10) : Number.parseInt(hex as string, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
  });
}
