/**
 * QR codes of receipts and sheets: what the page draws is what a scanner reads. The SVG is turned into pixels as a
 * browser or printer would, and read back by a decoder.
 */
import { decodeQR } from 'qr/decode.js';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { qrBytesMax, qrModules, qrSvg } from '../../src/web/qr-svg.ts';

async function scanned(text: string): Promise<string> {
  const svg = qrSvg({ text, label: 'code' }).toString();
  const { data, info } = await sharp(Buffer.from(svg), { density: 72 })
    .resize(600, 600, { kernel: 'nearest' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return decodeQR({ data, width: info.width, height: info.height }, { timeLimit: 10_000 });
}

describe('a QR code', () => {
  it.each([
    ['a short code', 'EVD1:ABC-DEF'],
    ['capitals and digits', 'EVIDOCK-1/12345:7890.ABC'.repeat(8)],
    ['lower case and Chinese', 'https://station.example/dockings/d-0123 交接回执'],
  ])('is read back by a scanner: %s', async (_name, text) => {
    expect(await scanned(text)).toBe(text);
  });

  it('has its finder squares and a light edge that scanners need', () => {
    const rows = qrModules('EVD1:ABC');
    const corner = rows.slice(4, 11).map((row) =>
      row
        .slice(4, 11)
        .map((dark) => (dark ? '#' : '.'))
        .join(''),
    );
    expect(corner).toEqual(['#######', '#.....#', '#.###.#', '#.###.#', '#.###.#', '#.....#', '#######']);
    const edge = [...rows.slice(0, 4), ...rows.slice(-4)].flat();
    expect(edge.concat(rows.flatMap((row) => [...row.slice(0, 4), ...row.slice(-4)]))).not.toContain(true);
  });

  it('says what it is, escaped', () => {
    expect(qrSvg({ text: 'A', label: '"><script>' }).toString()).toContain('aria-label="&quot;&gt;&lt;script&gt;"');
  });

  it('refuses a text that no code can hold', () => {
    expect(() => qrModules('x'.repeat(qrBytesMax + 1))).toThrow(RangeError);
    expect(qrModules('x'.repeat(qrBytesMax))).toHaveLength(177 + 8);
  });
});
