/**
 * Sigsum's own programs (Debian: sigsum-go) and Go's checksum-database library, for tests: programs that nobody here
 * wrote. They are not on every machine; whoever uses them says so when they are missing.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkout } from './disk-folder.ts';

const sigsum = ['sigsum-verify', 'sigsum-witness', 'sigsum-monitor', 'sigsum-key'];
/** Where Debian puts the sources of Go libraries (golang-golang-x-mod-dev). */
const goSources = '/usr/share/gocode';

const runs = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

export function missingSigsum(): string | undefined {
  const missing = sigsum.filter((program) => !runs(program));
  return missing.length === 0 ? undefined : `${missing.join(', ')} not here (Debian package sigsum-go)`;
}

export function missingGo(): string | undefined {
  const isThere = runs('go') && spawnSync('test', ['-d', `${goSources}/src/golang.org/x/mod/sumdb/tlog`]).status === 0;
  return isThere ? undefined : 'go or x/mod not here (Debian packages golang-go, golang-golang-x-mod-dev)';
}

export interface VerifyInput {
  readonly folder: string;
  readonly record: Uint8Array;
  readonly proof: string;
  readonly policy: string;
  readonly leafKeyFile: string;
}

/** Whether sigsum-verify accepts. Anything but accepting and refusing is an error. */
export function sigsumVerify({ folder, record, proof, policy, leafKeyFile }: VerifyInput): boolean {
  writeFileSync(join(folder, 'proof'), proof);
  writeFileSync(join(folder, 'policy'), policy);
  const args = ['-k', leafKeyFile, '-p', join(folder, 'policy'), join(folder, 'proof')];
  const result = spawnSync('sigsum-verify', args, { input: record });
  if (result.error !== undefined || result.signal !== null)
    throw new Error(`sigsum-verify: ${result.error ?? result.signal}`);
  return result.status === 0;
}

/** A key pair of Sigsum's tool; the file and the public key in hex. */
export function sigsumKey(path: string): { readonly path: string; readonly hex: string } {
  const made = spawnSync('sigsum-key', ['generate', '-o', path]);
  if (made.status !== 0) throw new Error(`sigsum-key: ${made.stderr}`);
  const hex = spawnSync('sigsum-key', ['to-hex', '-k', `${path}.pub`], { encoding: 'utf8' }).stdout.trim();
  return { path, hex };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export interface Program {
  readonly child: ChildProcess;
  /** Everything it has said on both streams. */
  said(): string;
  /** @throws Error with what it said when the text does not come in time */
  waitFor(text: string, waitMs: number): Promise<void>;
  end(): Promise<void>;
}

export function startProgram(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const said = (): string => Buffer.concat(chunks).toString('utf8');
  return {
    child,
    said,
    async waitFor(text, waitMs) {
      for (const end = Date.now() + waitMs; !said().includes(text); await sleep(50)) {
        if (Date.now() > end) throw new Error(`${program} did not say "${text}" but: ${said()}`);
      }
    },
    async end() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

export interface SigsumWitness extends Program {
  readonly url: string;
}

/** Debian's sigsum-witness 0.11 answers 404 to everything without the setting for Go's router. */
export async function startSigsumWitness(folder: string, keyFile: string, logKeyFile: string): Promise<SigsumWitness> {
  const port = await freePort();
  const args = [
    '-k',
    keyFile,
    '--log-key',
    logKeyFile,
    '--state-file',
    join(folder, 'witness-state'),
    `127.0.0.1:${port}`,
  ];
  const program = startProgram('sigsum-witness', args, { GODEBUG: 'httpmuxgo121=0' });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const answer = await fetch(`${url}/add-checkpoint`).catch(() => undefined);
    if (answer !== undefined) return { ...program, url };
    if (tries > 100) throw new Error(`sigsum-witness does not listen: ${program.said()}`);
    await sleep(50);
  }
}

/**
 * What Go's tlog and note say of a ledger's folder: builds our small reader against Debian's library and runs it.
 * @throws Error with its words when it finds anything wrong
 */
export function goReads(folder: string, ledgerFolder: string): { readonly size: number; readonly records: number } {
  const program = join(folder, 'read-log');
  mkdirSync(folder, { recursive: true });
  const built = spawnSync('go', ['build', '-o', program, join(checkout, 'tests/lab/ledger/read-log.go')], {
    env: { ...process.env, GO111MODULE: 'off', GOPATH: goSources, GOCACHE: join(folder, 'go-cache'), GOFLAGS: '' },
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`go build: ${built.stderr}`);
  const vkey = readFileSync(join(ledgerFolder, 'keys/log.vkey'), 'utf8').trim();
  const run = spawnSync(program, [ledgerFolder, vkey], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as { size: number; records: number };
}
