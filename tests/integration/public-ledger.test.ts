/**
 * Goal: the public log answers as C2SP tlog-tiles and Sigsum's log protocol say: exact status codes, bounded answers,
 * caching only of what can never change, and nothing of what no checkpoint covers.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leafHash } from '../../src/formats/merkle-hash.ts';
import { verifyConsistency, verifyInclusion } from '../../src/formats/merkle-proof.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { ProofSource } from '../../src/ledger/proof-source.ts';
import { publicLedger } from '../../src/station/public-ledger.ts';
import { buildWebApp } from '../../src/web/build-web-app.ts';
import { notesOf, openNotesLedger } from '../support/notes-ledger.ts';
import { seededRandom } from '../support/random.ts';
import { SampleWebStation } from '../support/sample-web-station.ts';

const leaves = 600;
const silent = { error: () => undefined, warn: () => undefined };
let folder: string;
let ledger: Ledger;
let app: FastifyInstance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evidock-log-'));
  ledger = await openNotesLedger(folder, seededRandom('public ledger'));
  while (ledger.size < leaves) await ledger.appendAll(notesOf(Math.min(200, leaves - ledger.size)));
  await ledger.checkpoint();
  await ledger.appendAll(notesOf(1));
  const proofs = new ProofSource(folder, { ...ledger.publicKeys, witnessKeys: [] });
  const log = publicLedger(proofs);
  const logs = { current: () => log, find: (number: number) => (number === 0 ? log : undefined) };
  app = buildWebApp({ station: new SampleWebStation({ clips: 0 }), log: silent, ledger: logs });
});
afterAll(async () => {
  await app.close();
  await ledger.close();
  await rm(folder, { recursive: true, force: true });
});

const get = (path: string) => app.inject({ url: `/log/${path}` });

async function valuesOf(path: string, key: string): Promise<string[]> {
  const { statusCode, body } = await get(path);
  expect(statusCode).toBe(200);
  const lines = body.trimEnd().split('\n');
  return lines.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
}

const bytes = (hex: string | undefined): Buffer => Buffer.from(hex ?? '', 'hex');

describe('tiles and checkpoint', () => {
  it('are the bytes on disk', async () => {
    for (const path of ['checkpoint', 'tile/0/000', 'tile/0/002.p/88', 'tile/1/000.p/2', 'tile/entries/002.p/88']) {
      const answer = await get(path);
      expect(answer.statusCode).toBe(200);
      expect(answer.rawPayload.equals(await readFile(join(folder, 'ledger', path)))).toBe(true);
    }
  });

  it('may be kept for ever when a tile is full, and only then', async () => {
    expect((await get('0/tile/0/001')).headers['cache-control']).toContain('immutable');
    expect((await get('0/tile/entries/001')).headers['cache-control']).toContain('immutable');
    expect((await get('0/tile/0/002.p/88')).headers['cache-control']).not.toContain('immutable');
    // After a change of keys this is another log's.
    expect((await get('tile/0/001')).headers['cache-control']).not.toContain('immutable');
    expect((await get('checkpoint')).headers['cache-control']).toBe('no-store');
  });

  it('give the beginning of a part to whoever holds an older checkpoint', async () => {
    const wide = (await get('tile/0/002.p/88')).rawPayload;
    expect((await get('tile/0/002.p/5')).rawPayload.equals(wide.subarray(0, 160))).toBe(true);
    expect((await get('tile/0/000.p/5')).rawPayload).toHaveLength(160);
  });

  it.each([
    'tile/0/003',
    'tile/0/002',
    'tile/0/002.p/89',
    'tile/0/002.p/0',
    'tile/0/2',
    'tile/0/000.p/256',
    'tile/64/000',
    'tile/0/../checkpoint',
    'tile/0/%2e%2e/checkpoint',
    'tile/',
    'tile/entries/002.p/89',
    'keys/log.vkey',
    'records/000000.jsonl',
  ])('answer 404 for %s', async (path) => {
    expect((await get(path)).statusCode).toBe(404);
  });
});

describe('the reading routes of Sigsum', () => {
  it('give a tree head that the leaves and proofs fit', async () => {
    const [size] = await valuesOf('get-tree-head', 'size');
    expect(size).toBe(String(leaves));
    const root = bytes((await valuesOf('get-tree-head', 'root_hash'))[0]);
    const all = [...(await valuesOf('get-leaves/0/600', 'leaf')), ...(await valuesOf('get-leaves/512/600', 'leaf'))];
    expect(all).toHaveLength(leaves);
    for (const at of [0, 1, 255, 256, 512, 599]) {
      const hash = leafHash(bytes(all[at]?.replaceAll(' ', '')));
      const path = `get-inclusion-proof/600/${hash.toString('hex')}`;
      expect(await valuesOf(path, 'leaf_index')).toEqual([String(at)]);
      const nodes = (await valuesOf(path, 'node_hash')).map(bytes);
      expect(verifyInclusion({ leafHash: hash, index: BigInt(at), size: 600n, root, path: nodes })).toBe(true);
    }
  });

  it('give consistency proofs', async () => {
    const newRoot = bytes((await valuesOf('get-tree-head', 'root_hash'))[0]);
    const tiles = new ProofSource(folder, { ...ledger.publicKeys, witnessKeys: [] }).tiles(leaves);
    for (const oldSize of [1, 2, 255, 256, 511, 599]) {
      const path = (await valuesOf(`get-consistency-proof/${oldSize}/600`, 'node_hash')).map(bytes);
      const oldRoot = await tiles.range(0, oldSize);
      const claim = { oldSize: BigInt(oldSize), oldRoot, newSize: 600n, newRoot, path };
      expect(verifyConsistency(claim)).toBe(true);
    }
  });

  const unknown = '00'.repeat(32);
  it.each([
    ['get-leaves/0/601', 400],
    ['get-leaves/5/5', 400],
    ['get-leaves/6/5', 400],
    ['get-leaves/-1/5', 400],
    ['get-leaves/00/5', 400],
    ['get-leaves/0/99999999999999999999', 400],
    [`get-inclusion-proof/1/${unknown}`, 400],
    [`get-inclusion-proof/601/${unknown}`, 400],
    ['get-inclusion-proof/600/00', 400],
    [`get-inclusion-proof/600/${unknown}`, 404],
    ['get-consistency-proof/0/5', 400],
    ['get-consistency-proof/5/5', 400],
    ['get-consistency-proof/5/601', 400],
    ['get-consistency-proof/5', 404],
    ['add-leaf', 404],
  ])('%s is answered with %d', async (path, status) => {
    expect((await get(path)).statusCode).toBe(status);
  });

  it('say nothing of a record that no checkpoint covers, and take nothing in', async () => {
    expect(ledger.size).toBe(leaves + 1);
    expect((await get('get-leaves/600/601')).statusCode).toBe(400);
    expect((await app.inject({ method: 'POST', url: '/log/add-leaf', payload: 'x' })).statusCode).toBe(405);
  });
});
