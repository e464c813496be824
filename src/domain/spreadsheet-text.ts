/**
 * Text as a spreadsheet may be given it. A cell that begins like a formula gets a leading apostrophe (OWASP, CSV
 * Injection), also in XLSX, whose text cells become formulas when somebody saves them as CSV; East Asian versions take
 * the full-width signs as well, and what a reader drops (blanks, signs nobody sees) may stand before any of them. What XML cannot hold, and what a reader cannot see, is written out.
 */
import { visibleText } from './html.ts';

/** The most characters that a cell of XLSX may hold. */
const cellCharactersMax = 32_767;

/** Plain, full-width and small signs, and the sign of minus. */
const formulaBeginning = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠﹦﹢﹣﹫−]|^[\t\r\n]/u;

export function spreadsheetText(text: string): string {
  const cut = text.length > cellCharactersMax - 1 ? `${text.slice(0, cellCharactersMax - 2)}…` : text;
  return formulaBeginning.test(cut) ? `'${cut}` : cut;
}

/** As `spreadsheetText`, with unseen characters and those that are none in XML written out. */
export function xmlCellText(text: string): string {
  const written = visibleText(text).replace(
    /\p{Noncharacter_Code_Point}/gu,
    (found) => `\\u{${found.codePointAt(0)?.toString(16)}}`,
  );
  // The writer looks texts up in a plain object: one named like a member of every object would break the whole file.
  return spreadsheetText(written in Object.prototype ? `${written} ` : written);
}
