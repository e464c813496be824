/**
 * The files of a monthly exchange: one CSV and one JSON for each table, written as the rows come, the schema, and a
 * manifest with counts and digests. The folder grows as `<out>.part` and gets its name by one rename; one that is
 * cancelled before it stands in the ledger leaves nothing.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode, StationError } from '../domain/errors.ts';
import {
  type ExchangeRow,
  type ExchangeTable,
  exchangeColumns,
  exchangeFormat,
  exchangeVersion,
} from '../domain/exchange-columns.ts';
import { createExclusively, syncFolder } from '../files/durable-files.ts';
import { isThere } from '../files/if-there.ts';
import { csvLine, csvMark } from './csv-file.ts';
import { exchangeSchema } from './exchange-schema.ts';

export const exchangeFileFormats = ['csv', 'json'] as const;
export type ExchangeFileFormat = (typeof exchangeFileFormats)[number];

/** What stands over every file and every page: which question its rows answer. */
export interface ExchangeHead {
  readonly station: string;
  readonly month: string;
  readonly as_of: string;
  readonly known_at: number;
  readonly time_zone: string;
}

export interface ExchangeFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ExchangeManifest extends ExchangeHead {
  readonly format: string;
  readonly schema_version: number;
  readonly generated_at: string;
  readonly tables: readonly { readonly table: ExchangeTable; readonly rows: number }[];
  readonly files: readonly ExchangeFile[];
}

export interface WrittenExchange {
  readonly manifest: ExchangeManifest;
  readonly manifestSha256: string;
}

export interface ExchangeWriting {
  readonly out: string;
  readonly head: ExchangeHead;
  readonly generatedAt: string;
  readonly formats: readonly ExchangeFileFormat[];
  readonly tables: readonly { readonly table: ExchangeTable; readonly rows: () => AsyncIterable<ExchangeRow> }[];
  /** Cancels it, up to the moment at which `beforeNaming` is called. */
  readonly signal: AbortSignal;
  /** Everything is on the disk; what fails here leaves no folder. */
  readonly beforeNaming: (written: WrittenExchange) => Promise<void>;
}

const mode = 0o640;
const chunkCharacters = 1 << 18;

/** @throws StationError out-file-taken, exchange-part-left; the signal's reason; the kernel's error */
export async function writeExchange(writing: ExchangeWriting): Promise<WrittenExchange> {
  const { out } = writing;
  const part = join(dirname(out), `${basename(out)}.part`);
  if (await isThere(out)) throw taken(out);
  try {
    await mkdir(part, { mode: 0o750 });
  } catch (cause) {
    throw errorCode(cause) === 'EEXIST' ? partLeft(part) : cause;
  }
  try {
    const written = await writeAll(part, writing);
    await syncFolder(part);
    writing.signal.throwIfAborted();
    await writing.beforeNaming(written);
    await rename(part, out);
    await syncFolder(dirname(out));
    return written;
  } catch (error) {
    await rm(part, { recursive: true, force: true });
    throw error;
  }
}

async function writeAll(folder: string, { head, generatedAt, formats, tables, signal }: ExchangeWriting) {
  const files: ExchangeFile[] = [];
  const counts: { table: ExchangeTable; rows: number }[] = [];
  for (const one of tables) {
    const written = await writeTable(folder, one, { head, formats, signal });
    files.push(...written.files);
    counts.push({ table: one.table, rows: written.rows });
  }
  files.push(await smallFile(folder, 'schema.json', exchangeSchema()));
  const manifest: ExchangeManifest = {
    format: exchangeFormat,
    schema_version: exchangeVersion,
    ...head,
    generated_at: generatedAt,
    tables: counts,
    files,
  };
  return { manifest, manifestSha256: (await smallFile(folder, 'exchange.json', manifest)).sha256 };
}

/** Each row is made once, for all forms. */
async function writeTable(
  folder: string,
  { table, rows }: ExchangeWriting['tables'][number],
  { head, formats, signal }: Pick<ExchangeWriting, 'head' | 'formats' | 'signal'>,
): Promise<{ readonly files: ExchangeFile[]; readonly rows: number }> {
  const texts = formats.map((format) => ({
    form: format === 'csv' ? csvForm(table) : jsonForm(head, table),
    file: new TextFile(join(folder, `${table}.${format}`)),
  }));
  try {
    for (const { form, file } of texts) await file.add(form.head);
    let count = 0;
    for await (const row of rows()) {
      signal.throwIfAborted();
      for (const { form, file } of texts) await file.add(form.row(row, count));
      count += 1;
    }
    const files: ExchangeFile[] = [];
    for (const { form, file } of texts) {
      await file.add(form.foot);
      files.push(await file.end());
    }
    return { files, rows: count };
  } finally {
    for (const { file } of texts) await file.close();
  }
}

interface TableForm {
  readonly head: string;
  readonly row: (row: ExchangeRow, before: number) => string;
  readonly foot: string;
}

const csvForm = (table: ExchangeTable): TableForm => ({
  head: csvHead(table),
  row: (row) => csvRow(table, row),
  foot: '',
});

const jsonForm = (head: ExchangeHead, table: ExchangeTable): TableForm => ({
  // The file's object but for the end of its last array.
  head: `${JSON.stringify({ format: exchangeFormat, table, ...head }).slice(0, -1)},"rows":[`,
  row: (row, before) => `${before === 0 ? '' : ','}\n${JSON.stringify(row)}`,
  foot: '\n]}\n',
});

export const csvHead = (table: ExchangeTable): string =>
  csvMark + csvLine(exchangeColumns[table].map(({ name }) => name));

export const csvRow = (table: ExchangeTable, row: ExchangeRow): string =>
  csvLine(
    exchangeColumns[table].map(({ name }) => {
      const cell = row[name] ?? null;
      return typeof cell === 'boolean' ? String(cell) : cell;
    }),
  );

async function smallFile(folder: string, name: string, value: unknown): Promise<ExchangeFile> {
  const bytes = Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  await createExclusively(join(folder, name), bytes, mode);
  return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** A new file that is written in pieces and digested on the way. */
class TextFile {
  readonly #path: string;
  readonly #hash = createHash('sha256');
  #handle: FileHandle | undefined;
  #waiting: string[] = [];
  #characters = 0;
  #bytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  async add(text: string): Promise<void> {
    this.#waiting.push(text);
    this.#characters += text.length;
    if (this.#characters >= chunkCharacters) await this.#flush();
  }

  async #flush(): Promise<void> {
    this.#handle ??= await open(this.#path, 'wx', mode);
    const bytes = Buffer.from(this.#waiting.join(''));
    this.#waiting = [];
    this.#characters = 0;
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await this.#handle.writeFile(bytes);
  }

  async end(): Promise<ExchangeFile> {
    await this.#flush();
    await this.#handle?.datasync();
    return { name: basename(this.#path), bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}

const taken = (path: string): StationError =>
  new StationError('out-file-taken', `${path} is there already`, { next: 'Name a folder that is not there.' });

const partLeft = (path: string): StationError =>
  new StationError('exchange-part-left', `${path} is there: an exchange grows in it, or was killed in it`, {
    next: `If none is running, remove ${path}, or name another folder.`,
  });
