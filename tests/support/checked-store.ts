/**
 * For tests of fsck: a real data folder made by the real command line, fsck itself run in this process, and ways to
 * damage one byte and put it right again.
 */
import {
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { pino } from 'pino';
import { loadConfiguration } from '../../src/config/load-configuration.ts';
import { fsckCommand } from '../../src/control/fsck-command.ts';
import { ingest } from './cli.ts';
import type { SeededRandom } from './random.ts';

export interface FindingLine {
  readonly event: 'finding';
  readonly code: string;
  readonly file: string;
  readonly clip?: string;
  readonly sha256?: string;
  readonly detail?: string;
}

export interface FsckRun {
  readonly code: number;
  readonly findings: readonly FindingLine[];
  readonly checked: { readonly [count: string]: unknown };
}

export async function runFsck(
  dataFolder: string,
  values: { readonly coverage?: boolean } = {},
  signal = new AbortController().signal,
): Promise<FsckRun> {
  const lines: { readonly event: string }[] = [];
  const code = await fsckCommand.run(
    { dataFolder, configuration: loadConfiguration({ dataFolder }), log: pino({ enabled: false }) },
    { values: { json: true, ...values }, lists: {}, positionals: [], language: 'en', actorId: 'os-user:0' },
    {
      out: (line) => lines.push(JSON.parse(line)),
      err: () => undefined,
      bytes: () => undefined,
      progress: () => undefined,
      signal,
    },
  );
  const findings = lines.filter((line) => line.event === 'finding') as FindingLine[];
  const checked = lines.find((line) => line.event === 'checked') as unknown as FsckRun['checked'];
  return { code, findings, checked };
}

/** Files that findings name, each once, sorted. */
export const namedFiles = (findings: readonly { readonly file: string }[]): string[] =>
  [...new Set(findings.map(({ file }) => file))].sort();

/** Takes in `count` files of the given sizes, drawn by turns, with random content. */
export async function ingestDrawn(
  data: string,
  source: string,
  draw: { readonly count: number; readonly sizes: readonly number[]; readonly random: SeededRandom },
): Promise<void> {
  mkdirSync(source);
  for (let at = 0; at < draw.count; at += 1) {
    const bytes = draw.sizes[at % draw.sizes.length] ?? 0;
    writeFileSync(join(source, `clip-${at}.bin`), draw.random.bytes(bytes));
  }
  const { code, stderr } = await ingest(source, data);
  if (code !== 0) throw new Error(`ingest ended with ${code}: ${stderr}`);
}

/** Paths of all files below, relative to the data folder, sorted. */
export function filesOf(dataFolder: string, below: string): string[] {
  return readdirSync(join(dataFolder, below), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dataFolder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Changes one byte, and gives back what puts it right. */
export function flipByte(path: string, offset: number, mask = 1): () => void {
  chmodSync(path, 0o644);
  const change = (): void => {
    const fd = openSync(path, 'r+');
    const byte = Buffer.alloc(1);
    readSync(fd, byte, 0, 1, offset);
    byte[0] = (byte[0] ?? 0) ^ mask;
    writeSync(fd, byte, 0, 1, offset);
    closeSync(fd);
  };
  change();
  return change;
}

/** First, middle and last byte, and some in between. */
export function drawOffsets(path: string, count: number, random: SeededRandom): number[] {
  const { size } = statSync(path);
  const drawn = Array.from({ length: count }, () => Math.floor(random.next() * size));
  return [...new Set([0, Math.floor(size / 2), size - 1, ...drawn])];
}
