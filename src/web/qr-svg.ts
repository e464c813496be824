/**
 * A text as a QR code, drawn as SVG in the page: no script, no second request, and it prints sharp at any size.
 * Upper-case letters, digits and `:/.-$%*+ ` make the smallest code; error correction M survives a crumpled slip.
 */
import { encodeQR } from 'qr';
import { type Html, html } from '../domain/html.ts';

/** The standard asks for four light modules around the code; scanners fail without them. */
const quietModules = 4;
/** What error correction M can hold in the largest code, in bytes. */
export const qrBytesMax = 2331;

export interface QrCode {
  readonly text: string;
  /** What the code is, for those who do not see it. */
  readonly label: string;
}

/** One square for each module, `true` being dark, the light edge included. @throws RangeError over `qrBytesMax` */
export function qrModules(text: string): readonly (readonly boolean[])[] {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > qrBytesMax) throw new RangeError(`${bytes} bytes are more than a QR code holds`);
  return encodeQR(text, 'raw', { ecc: 'medium', border: quietModules });
}

/** The size on screen and paper is the style sheet's (`.qr`). @throws RangeError over `qrBytesMax` */
export function qrSvg({ text, label }: QrCode): Html {
  const rows = qrModules(text);
  const side = rows.length;
  return html`<svg class="qr" viewBox="0 0 ${side} ${side}" role="img" aria-label="${label}" shape-rendering="crispEdges" xmlns="http://www.w3.org/2000/svg"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path fill="#000" d="${rows.map(rowPath).join('')}"/></svg>`;
}

/** Dark runs of one row: fewer, longer rectangles than one a module. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x += 1) {
    if (!row[x]) continue;
    let end = x;
    while (row[end]) end += 1;
    path += `M${x} ${y}h${end - x}v1H${x}z`;
    x = end;
  }
  return path;
}
