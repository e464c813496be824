/**
 * What must be true of a data folder whenever no process runs on it, found out from its files alone, and then by fsck.
 * Returns what is wrong, in words; an empty list is good.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFsck } from './checked-store.ts';

export interface LedgerLine {
  readonly seq: number;
  readonly type: string;
  readonly prev: string;
  readonly subject?: string;
  readonly body: { readonly [key: string]: unknown };
  readonly documents?: readonly { readonly id: string; readonly sha256: string }[];
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Folders of the ledger's logs, oldest first. */
export function logFolders(data: string): string[] {
  const later = join(data, 'ledger/logs');
  const numbers = existsSync(later) ? readdirSync(later).filter((name) => /^\d+$/.test(name)) : [];
  return [join(data, 'ledger'), ...numbers.sort((a, b) => Number(a) - Number(b)).map((log) => join(later, log))];
}

/** Of all logs, one after the other. */
function segmentLines(data: string, part: 'records' | 'documents'): string[] {
  return logFolders(data).flatMap((log) =>
    readdirSync(join(log, part))
      .sort()
      .flatMap((name) =>
        readFileSync(join(log, part, name), 'utf8')
          .split('\n')
          .slice(0, -1),
      ),
  );
}

export function recordsOf(data: string): LedgerLine[] {
  return segmentLines(data, 'records').map((line) => JSON.parse(line) as LedgerLine);
}

/** Bodies of the documents by id. */
export function documentsOf(data: string): Map<string, { readonly [key: string]: unknown }> {
  const lines = segmentLines(data, 'documents').map((line) => JSON.parse(line));
  return new Map(lines.map(({ id, body }) => [id, body]));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The chain, and each document that a record names. */
function ledgerTroubles(data: string): string[] {
  const troubles: string[] = [];
  const lines = segmentLines(data, 'records');
  const documents = new Set(segmentLines(data, 'documents').map((line) => digest(Buffer.from(`${line}\n`))));
  let prev = '0'.repeat(64);
  for (const [seq, line] of lines.entries()) {
    const record = JSON.parse(line) as LedgerLine;
    if (record.seq !== seq || record.prev !== prev) troubles.push(`record ${seq} breaks the chain`);
    for (const { id, sha256 } of record.documents ?? []) {
      if (!documents.has(sha256)) troubles.push(`record ${seq} names the document ${id}, which is not there`);
    }
    prev = digest(Buffer.from(`${line}\n`));
  }
  return troubles;
}

/** Each docking once, each ended or interrupted; each clip and each identity sealed once. */
function dockingTroubles(records: readonly LedgerLine[]): string[] {
  const of = (type: string): LedgerLine[] => records.filter((record) => record.type === type);
  const started = of('docking-started').map(({ body }) => body.docking as string);
  const over = [...of('docking-ended'), ...of('docking-interrupted')].map(({ body }) => body.docking as string);
  const clips = of('clip-sealed').map(({ body }) => body.clip as string);
  return [
    ...repeated(started).map((docking) => `docking ${docking} started twice`),
    ...repeated(over).map((docking) => `docking ${docking} ended twice`),
    ...started.filter((docking) => !over.includes(docking)).map((docking) => `docking ${docking} has no end`),
    ...repeated(clips).map((clip) => `clip ${clip} was sealed twice`),
  ];
}

function repeated(texts: readonly string[]): string[] {
  return texts.filter((text, at) => texts.indexOf(text) !== at);
}

/** Originals are what their names say, all sealed ones are there, no other is, and nothing is half done. */
function vaultTroubles(data: string, records: readonly LedgerLine[]): string[] {
  const vault = join(data, 'vault');
  const sealed = new Map(
    records.filter(({ type }) => type === 'clip-sealed').map(({ body }) => [body.sha256 as string, body.bytes]),
  );
  const troubles = readdirSync(join(vault, 'incoming')).map((name) => `vault/incoming holds ${name}`);
  const originals = new Set<string>();
  for (const file of filesBelow(join(vault, 'originals'))) {
    const name = file.slice(-64);
    originals.add(name);
    if (digest(readFileSync(file)) !== name) troubles.push(`original ${name} is not what it says`);
    if (!sealed.has(name)) troubles.push(`original ${name} has no seal record`);
  }
  for (const sha256 of sealed.keys()) if (!originals.has(sha256)) troubles.push(`sealed ${sha256} has no original`);
  for (const file of filesBelow(join(vault, 'blocks'))) {
    if (!sealed.has(file.slice(-64))) troubles.push(`blocks of ${file.slice(-64)} belong to no clip`);
  }
  const reported = records.filter(({ type }) => type === 'original-unsealed').map(({ body }) => body.sha256 as string);
  troubles.push(...repeated(reported).map((sha256) => `unsealed ${sha256} was reported twice`));
  for (const name of readdirSync(join(vault, 'unsealed'))) {
    if (!reported.includes(name)) troubles.push(`unsealed ${name} was never reported`);
  }
  return troubles;
}

async function fsckTroubles(data: string): Promise<string[]> {
  const { code, findings, checked } = await runFsck(data);
  const troubles = findings.map((finding) => JSON.stringify(finding));
  if (checked.registryCompared !== true) troubles.push('fsck did not compare the registry');
  return code === 0 ? troubles : [`fsck ended with ${code}`, ...troubles];
}

/** For a folder whose last `ingest` went to its end. */
export async function storeTroubles(data: string): Promise<string[]> {
  const records = recordsOf(data);
  return [
    ...ledgerTroubles(data),
    ...dockingTroubles(records),
    ...vaultTroubles(data, records),
    ...(await fsckTroubles(data)),
  ];
}
