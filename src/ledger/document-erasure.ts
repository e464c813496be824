/**
 * Overwrites documents in place after a lawful deletion: `{"erasedBy":…,"id":"…"}`, padded with blanks to the length of
 * the line, and synced. What is to be overwritten is written down first, beside the ledger, and finished at the next
 * start: a power cut in the middle must not leave a line that is neither the one nor the other.
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DocumentId } from '../domain/ids.ts';
import { replaceDurably, syncFolder } from '../files/durable-files.ts';
import { readIfThere } from '../files/if-there.ts';
import { readLines } from '../files/line-reader.ts';
import { LedgerLayout } from './ledger-layout.ts';
import { listSegments } from './ledger-reading.ts';
import { readLogTable } from './log-table.ts';
import { parseDocument } from './record-lines.ts';

const journalName = 'erasing.json';
const newline = 0x0a;

interface Overwriting {
  /** Number of the log; journals of a ledger of one log lack it. */
  readonly log?: number;
  readonly segment: number;
  readonly offset: number;
  /** Of the line, its newline included. */
  readonly length: number;
  readonly id: DocumentId;
  readonly erasedBy: number;
}

/**
 * Overwrites the documents that `ids` names, by the record of their deletion. Those that are gone already are left.
 * @throws the kernel's error; then the next call or the next start goes on
 */
export async function eraseDocuments(
  dataFolder: string,
  ids: ReadonlySet<DocumentId>,
  erasedBy: number,
): Promise<void> {
  const found: Overwriting[] = [];
  for (const { layout } of (await readLogTable(dataFolder)).logs) {
    found.push(...(await findLines(layout, ids, erasedBy)));
  }
  if (found.length === 0) return;
  await replaceDurably(join(dataFolder, journalName), Buffer.from(JSON.stringify(found)));
  await finishErasing(dataFolder);
}

/** Finishes what was begun; called before the ledger is opened. */
export async function finishErasing(dataFolder: string): Promise<void> {
  const journal = await readIfThere(join(dataFolder, journalName));
  if (journal === undefined) return;
  const all = JSON.parse(journal.toString('utf8')) as readonly Overwriting[];
  const byFile = Map.groupBy(all, ({ log = 0, segment }) => {
    const layout = new LedgerLayout(dataFolder, log);
    return layout.path(layout.documentSegment(segment));
  });
  for (const [path, lines] of byFile) await overwrite(path, lines);
  await rm(join(dataFolder, journalName));
  await syncFolder(dataFolder);
}

async function findLines(layout: LedgerLayout, ids: ReadonlySet<DocumentId>, erasedBy: number): Promise<Overwriting[]> {
  const found: Overwriting[] = [];
  for (const segment of await listSegments(layout, layout.documents)) {
    for await (const { bytes, offset, complete } of readLines(layout.path(layout.documentSegment(segment)))) {
      const document = complete ? parseDocument(bytes) : undefined;
      if (document === undefined || !ids.has(document.id) || document.erasedBy !== undefined) continue;
      found.push({ log: layout.log, segment, offset, length: bytes.length, id: document.id, erasedBy });
    }
  }
  return found;
}

async function overwrite(path: string, lines: readonly Overwriting[]): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    for (const { offset, length, id, erasedBy } of lines) {
      await assertIsLine(handle, { path, offset, length });
      const text = `${JSON.stringify({ erasedBy, id }).padEnd(length - 1)}\n`;
      await handle.write(Buffer.from(text), 0, length, offset);
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

/** The lines around must stay what they are, whatever happened to the file since. */
async function assertIsLine(
  handle: FileHandle,
  { path, offset, length }: { readonly path: string; readonly offset: number; readonly length: number },
): Promise<void> {
  const before = Buffer.alloc(1, newline);
  if (offset > 0) await handle.read(before, 0, 1, offset - 1);
  const line = Buffer.alloc(length);
  await handle.read(line, 0, length, offset);
  if (before[0] !== newline || line.indexOf(newline) !== length - 1) {
    throw new Error(`${path} has no line of ${length} bytes at ${offset}`);
  }
}
