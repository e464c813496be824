/**
 * the ledger: appending as it grows, a proof at its full size, and recomputing the tree beside Go's tlog
 *
 * Appends records in groups as busy dockings do, on a disk, and times the group at several sizes: the cost of one must
 * not grow with the ledger. Proofs are read from tiles by an object that has read nothing before. Figures only. It
 * removes all that it made, also when it is interrupted.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { NewRecord } from '../../src/domain/records.ts';
import { leafHash } from '../../src/formats/merkle-hash.ts';
import { verifyConsistency, verifyInclusion } from '../../src/formats/merkle-proof.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { TileTree } from '../../src/ledger/merkle-tree.ts';
import { ProofSource } from '../../src/ledger/proof-source.ts';
import { describeDisk, describeMachine } from './parts/machine.ts';

const exits = { failed: 1, usage: 2, interrupted: 130 } as const;
const groupRecords = 256;
const leafBytes = 128;
const goSources = '/usr/share/gocode';
const usage = `Usage: scripts/bench ledger [--records N] [--proofs N] [--json]
  --records  how far the ledger grows (default 1000000: some minutes; at least 2000)
  --proofs   proofs of each kind that are timed (default 1000)
  --json     accepted for the sake of other programs: the output is always JSON
Exit codes: 0 measured, 1 a run failed, 2 usage, 130 interrupted.
`;

const options = readOptions();
let notes = 0;
const folder = mkdtempSync(join(tmpdir(), 'evidock-bench-ledger-'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(exits.interrupted));
}
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
try {
  process.stdout.write(`${JSON.stringify(await measure(), null, 2)}\n`);
} catch (error) {
  process.stderr.write(`bench ledger: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = exits.failed;
}

async function measure(): Promise<unknown> {
  const tree = measureTree();
  const ledger = await openLedger();
  const append = await measureAppending(ledger);
  const proofs = await measureProofs(ledger);
  const { size } = ledger;
  await ledger.close();
  const reopened = await timed(async () => (await openLedger()).close());
  return {
    machine: describeMachine(),
    disk: describeDisk(folder),
    records: size,
    append,
    proofs,
    openingSeconds: round(reopened.seconds),
    tree,
  };
}

function openLedger(): Promise<Ledger> {
  return Ledger.open({
    dataFolder: join(folder, 'data'),
    random: (count) => randomBytes(count),
    now: Date.now,
    upMs: () => Math.round(performance.now()),
    boot: 'bench',
    checkpointMs: 3_600_000,
    rehearse: () => undefined,
    onDurable: () => undefined,
    onTrouble: (error) => {
      throw error;
    },
  });
}

/** Groups around each decade of sizes: milliseconds of one group of records, median, and a checkpoint there. */
async function measureAppending(ledger: Ledger): Promise<unknown[]> {
  const marks = [1000, 10_000, 100_000, 1_000_000].filter((mark) => mark < options.records);
  const found: unknown[] = [];
  for (const mark of [...marks, options.records]) {
    const times: number[] = [];
    while (ledger.size < mark) {
      const count = Math.min(groupRecords, mark - ledger.size);
      const { seconds } = await timed(() => ledger.appendAll(recordsOf(count)));
      if (count === groupRecords) times.push(seconds * 1000);
    }
    // The last groups before the mark say what appending costs at that size.
    const last = times.slice(-50);
    const checkpoint = await timed(() => ledger.checkpoint());
    found.push({
      atRecords: ledger.size,
      groups: last.length,
      groupMsMedian: round(median(last)),
      recordsPerSecond: Math.round(groupRecords / (median(last) / 1000)),
      checkpointMs: round(checkpoint.seconds * 1000),
    });
    process.stderr.write(`bench ledger: ${ledger.size} records\n`);
  }
  return found;
}

async function measureProofs(ledger: Ledger): Promise<unknown> {
  const source = new ProofSource(join(folder, 'data'), { ...ledger.publicKeys, witnessKeys: [] });
  const head = await source.head();
  if (head === undefined) throw new Error('there is no checkpoint');
  const { size, root } = head;
  const inclusion: number[] = [];
  const consistency: number[] = [];
  for (let count = 0; count < options.proofs; count += 1) {
    const seq = randomInt(size);
    const hash = leafHash(await source.leaf(source.tiles(size), seq));
    const one = await timed(() => source.inclusionPath(source.tiles(size), seq, size));
    inclusion.push(one.seconds * 1000);
    const claim = { leafHash: hash, index: BigInt(seq), size: BigInt(size), root, path: one.value };
    if (!verifyInclusion(claim)) throw new Error(`the proof of record ${seq} is wrong`);
    const oldSize = randomInt(1, size);
    const two = await timed(() => source.consistencyPath(source.tiles(size), oldSize, size));
    consistency.push(two.seconds * 1000);
    const oldRoot = await source.tiles(size).range(0, oldSize);
    const growth = { oldSize: BigInt(oldSize), oldRoot, newSize: BigInt(size), newRoot: root, path: two.value };
    if (!verifyConsistency(growth)) throw new Error(`the consistency proof from ${oldSize} is wrong`);
  }
  return { atRecords: size, inclusionMs: spread(inclusion), consistencyMs: spread(consistency) };
}

/** Leaf and node hashes alone, on this one thread, and the same leaves in Go. */
function measureTree(): unknown {
  const leaves = Buffer.allocUnsafe(options.records * leafBytes);
  for (let at = 0; at < leaves.length; at += 1 << 20)
    randomBytes(Math.min(1 << 20, leaves.length - at)).copy(leaves, at);
  let own: TreeRun | undefined;
  for (let run = 0; run < 2; run += 1) {
    const tree = new TileTree();
    const start = performance.now();
    const cpu = process.cpuUsage();
    for (let at = 0; at < leaves.length; at += leafBytes) tree.addLeaf(leaves.subarray(at, at + leafBytes));
    const root = tree.root().toString('hex');
    const used = process.cpuUsage(cpu);
    own = { seconds: (performance.now() - start) / 1000, cpuSeconds: (used.user + used.system) / 1e6, root };
  }
  if (own === undefined) throw new Error('nothing was measured');
  const go = goTree(leaves);
  if (go !== undefined && go.root !== own.root) throw new Error(`Go has root ${go.root}, this tree ${own.root}`);
  return {
    leaves: options.records,
    evidock: { ...rates(own) },
    goTlog: go === undefined ? null : { ...rates(go) },
  };
}

interface TreeRun {
  readonly seconds: number;
  /** Of one core; beside a busy machine it says more than the clock on the wall. */
  readonly cpuSeconds: number;
  readonly root: string;
}

function rates({ seconds, cpuSeconds }: TreeRun): object {
  const perSecond = (used: number): number => Math.round(options.records / used);
  return {
    seconds: round(seconds),
    cpuSeconds: round(cpuSeconds),
    leavesPerSecond: perSecond(seconds),
    leavesPerCpuSecond: perSecond(cpuSeconds),
  };
}

/** Undefined where Go or its library is not installed. */
function goTree(leaves: Buffer): TreeRun | undefined {
  const program = join(folder, 'tlog-tree');
  const source = join(import.meta.dirname, 'parts/tlog-tree.go');
  const env = { ...process.env, GO111MODULE: 'off', GOPATH: goSources, GOCACHE: join(folder, 'go-cache'), GOFLAGS: '' };
  const built = spawnSync('go', ['build', '-o', program, source], { env, encoding: 'utf8' });
  if (built.status !== 0) {
    process.stderr.write(
      `bench ledger: no Go beside it (golang-go, golang-golang-x-mod-dev): ${built.stderr ?? built.error}\n`,
    );
    return undefined;
  }
  const file = join(folder, 'leaves');
  writeFileSync(file, leaves);
  const run = spawnSync(program, [file], { env: { ...process.env, GOMAXPROCS: '1' }, encoding: 'utf8' });
  rmSync(file);
  if (run.status !== 0) throw new Error(`tlog-tree: ${run.stderr}`);
  return JSON.parse(run.stdout) as TreeRun;
}

/** About as long as a seal record, without documents. */
function recordsOf(count: number): NewRecord[] {
  return Array.from({ length: count }, () => {
    notes += 1;
    return {
      type: 'bench',
      actor: { kind: 'system', id: 'bench' } as const,
      body: { number: notes, sha256: 'f'.repeat(64), sm3: 'e'.repeat(64), fsverity: 'd'.repeat(64) },
    };
  });
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly seconds: number; readonly value: T }> {
  const start = performance.now();
  const value = await work();
  return { seconds: (performance.now() - start) / 1000, value };
}

function round(value: number): number {
  return Number(value.toFixed(3));
}

function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5);
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function spread(ms: readonly number[]): { median: number; p99: number; max: number } {
  return { median: round(median(ms)), p99: round(quantile(ms, 0.99)), max: round(Math.max(...ms)) };
}

function readOptions(): { readonly records: number; readonly proofs: number } {
  try {
    const { values } = parseArgs({
      options: {
        records: { type: 'string', default: '1000000' },
        proofs: { type: 'string', default: '1000' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) {
      process.stdout.write(usage);
      process.exit(0);
    }
    const [records, proofs] = [Number(values.records), Number(values.proofs)];
    if (Number.isSafeInteger(records) && records >= 2000 && Number.isSafeInteger(proofs) && proofs >= 1) {
      return { records, proofs };
    }
  } catch {
    // Said below.
  }
  process.stderr.write(usage);
  process.exit(exits.usage);
}
