/**
 * Goal: programs that nobody here wrote agree with the ledger. sigsum-verify accepts the proof of every record and
 * refuses each flipped bit; sigsum-witness cosigns growth only; sigsum-monitor follows the running station and ends
 * FATAL on a rewritten history; Go's tlog and note read tiles and checkpoint. A slice runs wherever the programs are;
 * `scripts/lab ledger` (EVIDOCK_LEDGER_LAB=all) does it with over 1,000 records and insists on the programs.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addCheckpointText } from '../../../src/formats/add-checkpoint.ts';
import { keyOfOpenSsh } from '../../../src/formats/open-ssh-key.ts';
import { parseVerifierKey } from '../../../src/formats/signed-note.ts';
import { ProofSource } from '../../../src/ledger/proof-source.ts';
import { evidock, ingest, type RunningCli, startEvidock } from '../../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../../support/disk-folder.ts';
import {
  freePort,
  goReads,
  missingGo,
  missingSigsum,
  type SigsumWitness,
  sigsumKey,
  sigsumVerify,
  startProgram,
  startSigsumWitness,
} from '../../support/sigsum-programs.ts';

const isLab = process.env.EVIDOCK_LEDGER_LAB === 'all';
/** Clips of each of four dockings; a clip makes two records. */
const clipsPerCard = isLab ? 140 : 8;
const noSigsum = missingSigsum();
const noGo = missingGo();
for (const reason of [noSigsum, noGo]) if (reason !== undefined) process.stderr.write(`skipped: ${reason}\n`);

const folder = makeDiskFolder();
const data = join(folder, 'data');
let witness: SigsumWitness;
let witnessKey = '';
let logKey = '';
let proofs: ProofSource;
let cards = 0;

async function takeIn(into = data, clips = clipsPerCard): Promise<void> {
  cards += 1;
  const card = join(folder, `card${cards}`);
  mkdirSync(card);
  for (let at = 0; at < clips; at += 1) writeFileSync(join(card, `c${at}.log`), `card ${cards}, file ${at}\n`);
  const { code, stderr } = await ingest(card, into);
  expect(code, stderr).toBe(0);
}

function openProofs(): ProofSource {
  const log = parseVerifierKey(readFileSync(join(data, 'ledger/keys/log.vkey'), 'utf8'));
  const leafKey = keyOfOpenSsh(readFileSync(join(data, 'ledger/keys/leaf.pub'), 'utf8'));
  if (log === undefined || leafKey === undefined) throw new Error('the ledger has no keys');
  logKey = log.rawKey.toString('hex');
  const witnessKeys = witnessKey === '' ? [] : [Buffer.from(witnessKey, 'hex')];
  return new ProofSource(data, { origin: log.name, logKey: log.rawKey, leafKey, witnessKeys });
}

const policyText = (): string => `log ${logKey}\nwitness w1 ${witnessKey}\nquorum w1\n`;

function recordLines(): Buffer[] {
  const bytes = readFileSync(join(data, 'ledger/records/000000.jsonl'));
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(0x0a, start) + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

/** Records that the newest checkpoint covers. */
const publishedSize = (): number => Number(readFileSync(join(data, 'ledger/checkpoint'), 'utf8').split('\n')[1]);

beforeAll(async () => {
  mkdirSync(data);
  await takeIn();
  await takeIn();
  if (noSigsum !== undefined) return;
  const key = sigsumKey(join(folder, 'W'));
  witness = await startSigsumWitness(folder, key.path, join(data, 'ledger/keys/log.pub'));
  witnessKey = key.hex;
  writeFileSync(join(folder, 'station-policy'), `witness w1 ${key.hex} ${witness.url}\nquorum w1\n`);
  writeFileSync(join(data, 'config.yaml'), `ledger: { policyFile: ${join(folder, 'station-policy')} }\n`);
  const asked = await evidock(['witness', 'ask', '--data', data]);
  expect(asked.code, asked.stdout + asked.stderr).toBe(0);
  // The witness has seen the first half; the rest is growth.
  await takeIn();
  await takeIn();
  const again = await evidock(['witness', 'ask', '--data', data]);
  expect(again.code, again.stdout + again.stderr).toBe(0);
  proofs = openProofs();
}, 600_000);

afterAll(async () => {
  await witness?.end();
  removeFolder(folder);
});

test('the programs are here when the laboratory asks for them', () => {
  if (isLab) expect([noSigsum, noGo]).toEqual([undefined, undefined]);
});

describe.skipIf(noSigsum !== undefined)('sigsum-verify', () => {
  const verify = (proof: string, record: Uint8Array, policy = policyText()): boolean =>
    sigsumVerify({ folder, record, proof, policy, leafKeyFile: join(data, 'ledger/keys/leaf.pub') });

  test('accepts the proof of every record, cosigned by the witness', async () => {
    const lines = recordLines();
    if (isLab) expect(lines.length).toBeGreaterThanOrEqual(1000);
    for (const [seq, line] of lines.entries()) {
      const proof = await proofs.proofOf(seq);
      expect(proof?.head.cosignatures).toHaveLength(1);
      expect(verify(proof?.text ?? '', line), `record ${seq}`).toBe(true);
    }
    process.stdout.write(`sigsum-verify accepted ${lines.length} records\n`);
  }, 600_000);

  test('refuses a record, a proof, a policy or a signature with one bit changed', async () => {
    const lines = recordLines();
    let refused = 0;
    for (const seq of [0, 1, Math.floor(lines.length / 2), lines.length - 1]) {
      const line = lines[seq] as Buffer;
      const { text = '' } = (await proofs.proofOf(seq)) ?? {};
      expect(verify(text, line)).toBe(true);
      for (const at of [0, Math.floor(line.length / 2), line.length - 1]) {
        const altered = Buffer.from(line);
        altered[at] = (altered[at] as number) ^ 1;
        expect(verify(text, altered), `record ${seq}, byte ${at}`).toBe(false);
        refused += 1;
      }
      // Every value of the proof file: keys, sizes, root, signatures, index and each hash.
      for (const match of text.matchAll(/[= ]([0-9a-f]{64,128}|\d+)$|=([0-9a-f]{64}) /gm)) {
        const value = match[1] ?? match[2] ?? '';
        const start = match.index + match[0].indexOf(value);
        if (text.startsWith('version=', match.index - 'version'.length)) continue;
        const altered = `${text.slice(0, start)}${flipDigit(value)}${text.slice(start + value.length)}`;
        expect(verify(altered, line), altered).toBe(false);
        refused += 1;
      }
      for (const key of [logKey, witnessKey]) {
        expect(verify(text, line, policyText().replace(key, flipDigit(key)))).toBe(false);
        refused += 1;
      }
    }
    process.stdout.write(`sigsum-verify refused ${refused} altered inputs\n`);
  }, 300_000);
});

/** The last digit's lowest bit changed. */
function flipDigit(text: string): string {
  const last = Number.parseInt(text.at(-1) as string, 16) ^ 1;
  return text.slice(0, -1) + last.toString(16);
}

describe.skipIf(noSigsum !== undefined)('sigsum-witness', () => {
  const post = (body: string): Promise<Response> => fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body });

  test('has cosigned the newest checkpoint, and refuses roll-back, a fork and a wrong key', async () => {
    const head = await proofs.cosignedHead();
    expect(head).toMatchObject({ size: recordLines().length, cosignatures: [{ time: expect.any(BigInt) }] });
    const note = head?.note ?? '';
    const size = head?.size ?? 0;
    expect((await post(addCheckpointText({ oldSize: 1, path: [Buffer.alloc(32)], note }))).status).toBe(409);

    const fork = join(folder, 'fork');
    cpSync(join(data, 'keys'), join(fork, 'keys'), { recursive: true });
    rmSync(join(fork, 'keys/remembered.json'));
    await takeIn(fork, clipsPerCard * 5);
    const forked = readFileSync(join(fork, 'ledger/checkpoint'), 'utf8');
    expect(Number(forked.split('\n')[1])).toBeGreaterThan(size);
    const path = await new ProofSource(fork, proofs.keys).consistencyPath(
      new ProofSource(fork, proofs.keys).tiles(Number(forked.split('\n')[1])),
      size,
      Number(forked.split('\n')[1]),
    );
    expect((await post(addCheckpointText({ oldSize: size, path, note: forked }))).status).toBe(422);

    const other = join(folder, 'other');
    await takeIn(other, 2);
    const foreign = readFileSync(join(other, 'ledger/checkpoint'), 'utf8');
    expect((await post(addCheckpointText({ oldSize: 0, path: [], note: foreign }))).status).toBe(404);
  }, 300_000);
});

describe.skipIf(noSigsum !== undefined)('sigsum-monitor', () => {
  test('follows the running station, and ends FATAL when yesterday’s data is put back and grows differently', async () => {
    const port = await freePort();
    writeFileSync(join(data, 'config.yaml'), `web: { port: ${port} }\nlog: { level: warn }\n`);
    cpSync(data, join(folder, 'yesterday'), { recursive: true });
    writeFileSync(join(folder, 'monitor-policy'), `log ${logKey} http://127.0.0.1:${port}/log\nquorum none\n`);
    let station = await startStation();
    const args = [
      '-i',
      '2s',
      '--diagnostics',
      'debug',
      '-p',
      join(folder, 'monitor-policy'),
      join(data, 'ledger/keys/leaf.pub'),
    ];
    const monitor = startProgram('sigsum-monitor', args);
    try {
      await monitor.waitFor(`tree, size ${publishedSize()}\n`, 60_000);
      await takeIn(data, 8);
      const grown = publishedSize();
      await monitor.waitFor(`total processed ${grown}\n`, 60_000);
      process.stdout.write(`sigsum-monitor followed ${grown} records\n`);
      // A station that is down is fatal to the monitor too; so it sleeps while the data is replaced.
      monitor.child.kill('SIGSTOP');
      await stop(station);
      rmSync(data, { recursive: true });
      cpSync(join(folder, 'yesterday'), data, { recursive: true });
      await takeIn(data, 20);
      expect(publishedSize()).toBeGreaterThan(grown);
      station = await startStation();
      monitor.child.kill('SIGCONT');
      await monitor.waitFor('[FATA]', 60_000);
      const [fatal = ''] = monitor.said().match(/^.*\[FATA\].*$/m) ?? [];
      expect(fatal).toContain('consistency proof not valid');
      process.stdout.write(`${fatal}\n`);
    } finally {
      await monitor.end();
      await stop(station);
    }
  }, 300_000);
});

async function startStation(): Promise<RunningCli> {
  const station = startEvidock(['run', '--data', data]);
  await station.said('The station runs: ');
  return station;
}

async function stop(station: RunningCli): Promise<void> {
  station.child.kill('SIGTERM');
  await station.result;
}

describe.skipIf(noGo !== undefined)('Go’s tlog and note', () => {
  test('open the checkpoint, read the tiles and prove every record', () => {
    const records = recordLines().length;
    expect(goReads(join(folder, 'go'), join(data, 'ledger'))).toEqual({ size: records, records });
  }, 300_000);

  test('refuse a tile with one bit changed', () => {
    const copy = join(folder, 'go-copy');
    cpSync(join(data, 'ledger'), copy, { recursive: true });
    const size = recordLines().length;
    const path = join(copy, size >= 256 ? 'tile/0/000' : `tile/0/000.p/${size}`);
    const tile = readFileSync(path);
    tile[40] = (tile[40] as number) ^ 1;
    writeFileSync(path, tile);
    expect(() => goReads(join(folder, 'go'), copy)).toThrow();
  }, 300_000);
});
