/**
 * Goal: a witness cosigns a ledger that grows and nothing else, says why with the status that tlog-witness names, never
 * forgets what it signed, and two requests at once cannot roll it back.
 */
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCheckpointText } from '../../src/formats/add-checkpoint.ts';
import { verifiedCosignatures } from '../../src/formats/cosignature.ts';
import { parseNote, parseSignatureLine, verifierKey } from '../../src/formats/signed-note.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { ProofSource } from '../../src/ledger/proof-source.ts';
import { Witness } from '../../src/witness/witness.ts';
import { originHash, WitnessFolder } from '../../src/witness/witness-folder.ts';
import { serveWitness } from '../../src/witness/witness-server.ts';
import { notesOf, openNotesLedger } from '../support/notes-ledger.ts';
import { seededRandom } from '../support/random.ts';

let folder: string;
let ledger: Ledger;
let other: Ledger;
let proofs: ProofSource;

const witnessFolder = (): string => join(folder, 'witness');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evidock-witness-'));
  ledger = await openNotesLedger(join(folder, 'station'), seededRandom('witness'));
  other = await openNotesLedger(join(folder, 'other'), seededRandom('another station'));
  proofs = new ProofSource(join(folder, 'station'), { ...ledger.publicKeys, witnessKeys: [] });
  await WitnessFolder.make(witnessFolder(), 'witness.example/test');
  const { origin, logKey } = ledger.publicKeys;
  await writeFile(join(witnessFolder(), 'logs'), `# known\n${verifierKey(origin, logKey)}\n`);
});
afterEach(async () => {
  await ledger.close();
  await other.close();
  await rm(folder, { recursive: true, force: true });
});

async function openWitness(): Promise<Witness> {
  return new Witness(await WitnessFolder.open(witnessFolder()), () => 1_800_000_000);
}

/** The newest checkpoint over `grown` more records, with a proof from `oldSize`. */
async function request(oldSize: number, grown = 0): Promise<string> {
  if (grown > 0) await ledger.appendAll(notesOf(grown));
  const note = await ledger.checkpoint();
  const path =
    oldSize === 0 || oldSize >= ledger.size
      ? []
      : await proofs.consistencyPath(proofs.tiles(ledger.size), oldSize, ledger.size);
  return addCheckpointText({ oldSize, path, note });
}

/** One byte of the base64 in the line that begins with `start` is another one. */
function withFlippedLine(text: string, at: number): string {
  const lines = text.split('\n');
  const bytes = Buffer.from(lines[at] ?? '', 'base64');
  bytes[5] = (bytes[5] as number) ^ 1;
  return lines.with(at, bytes.toString('base64')).join('\n');
}

describe('a witness', () => {
  it('cosigns growth, again and again, with a signature over the very checkpoint', async () => {
    const witness = await openWitness();
    const { signer } = await WitnessFolder.open(witnessFolder());
    for (const [oldSize, grown] of [
      [0, 4],
      [5, 0],
      [5, 3],
      [8, 250],
    ] as const) {
      const body = await request(oldSize, grown);
      const answer = await witness.addCheckpoint(body);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer));
      const line = parseSignatureLine(answer.lines.trimEnd());
      const note = parseNote(await ledger.checkpoint());
      if (typeof line === 'string' || typeof note === 'string') throw new Error('malformed');
      const [cosignature] = verifiedCosignatures(note.text, [line], [signer.rawKey]);
      expect(cosignature?.time).toBe(1_800_000_000n);
      expect(verifiedCosignatures(note.text.replace('\n', '\n1'), [line], [signer.rawKey])).toEqual([]);
      expect(verifiedCosignatures(note.text, [line], [Buffer.alloc(32, 9)])).toEqual([]);
    }
  });

  it('says which size it has seen, and cosigns nothing older, also after a restart', async () => {
    const small = await request(0, 4);
    await (await openWitness()).addCheckpoint(await request(0, 10));
    const witness = await openWitness();
    expect(await witness.addCheckpoint(small)).toEqual({ status: 409, size: 15 });
    expect(await witness.addCheckpoint(await request(3, 2))).toEqual({ status: 409, size: 15 });
    const note = small.slice(small.indexOf('\n\n') + 2);
    const older = addCheckpointText({ oldSize: 15, path: [], note });
    expect(await witness.addCheckpoint(older)).toMatchObject({ status: 400 });
  });

  it('refuses a proof with one bit changed, a missing one, and one where none belongs', async () => {
    const witness = await openWitness();
    const first = await request(0, 4);
    expect(await witness.addCheckpoint(first.replace('\n\n', `\n${'A'.repeat(43)}=\n\n`))).toMatchObject({
      status: 422,
    });
    await witness.addCheckpoint(first);
    const body = await request(5, 30);
    const hashes = body.slice(0, body.indexOf('\n\n')).split('\n').length - 1;
    expect(hashes).toBeGreaterThan(2);
    for (let at = 1; at <= hashes; at += 1) {
      expect(await witness.addCheckpoint(withFlippedLine(body, at))).toMatchObject({ status: 422 });
    }
    expect(await witness.addCheckpoint(body.replace(/\n[^\n]+\n\n/, '\n\n'))).toMatchObject({ status: 422 });
    expect(await witness.addCheckpoint(body)).toMatchObject({ status: 200 });
  });

  it('refuses a fork: the same log key over other records', async () => {
    const witness = await openWitness();
    await witness.addCheckpoint(await request(0, 4));
    const fork = join(folder, 'fork');
    // The same keys begin another ledger, as whoever controls the station could.
    const { cp } = await import('node:fs/promises');
    await cp(join(folder, 'station', 'keys'), join(fork, 'keys'), { recursive: true });
    await rm(join(fork, 'keys', 'remembered.json'));
    const forked = await openNotesLedger(fork, seededRandom('fork'));
    await forked.appendAll(notesOf(20));
    const note = await forked.checkpoint();
    const source = new ProofSource(fork, { ...forked.publicKeys, witnessKeys: [] });
    const path = await source.consistencyPath(source.tiles(21), 5, 21);
    expect(await witness.addCheckpoint(addCheckpointText({ oldSize: 5, path, note }))).toMatchObject({ status: 422 });
    await forked.close();
  });

  it('knows logs by their keys: 404 for another, 403 for a wrong signature, 400 for what is no request', async () => {
    const witness = await openWitness();
    const foreign = addCheckpointText({ oldSize: 0, path: [], note: await other.checkpoint() });
    expect(await witness.addCheckpoint(foreign)).toMatchObject({ status: 404 });
    const body = await request(0, 4);
    const signature = body.trimEnd().split(' ').at(-1) ?? '';
    const bytes = Buffer.from(signature, 'base64');
    bytes[40] = (bytes[40] as number) ^ 1;
    expect(await witness.addCheckpoint(body.replace(signature, bytes.toString('base64')))).toMatchObject({
      status: 403,
    });
    // A wrong key id makes it a signature of nobody known.
    bytes[0] = (bytes[0] as number) ^ 1;
    expect(await witness.addCheckpoint(body.replace(signature, bytes.toString('base64')))).toMatchObject({
      status: 403,
    });
    for (const wrong of [
      '',
      'old 0\n',
      body.replace('old 0', 'old 00'),
      body.replace('old 0', 'old -1'),
      'x'.repeat(100),
    ]) {
      expect(await witness.addCheckpoint(wrong)).toMatchObject({ status: 400 });
    }
    expect(await readdir(join(witnessFolder(), 'state'))).toEqual([]);
  });

  it('serves requests that come at once as if they had come one after the other', async () => {
    const witness = await openWitness();
    await witness.addCheckpoint(await request(0, 4));
    const bodies = [await request(5, 5), await request(5, 5), await request(5, 5)];
    const answers = await Promise.all(bodies.toReversed().map((body) => witness.addCheckpoint(body)));
    expect(answers.map(({ status }) => status)).toEqual([200, 409, 409]);
    expect(answers[1]).toEqual({ status: 409, size: 20 });
  });

  it('does not start with a key that others may read, a state that it did not write, or a log listed twice', async () => {
    const witness = await openWitness();
    await witness.addCheckpoint(await request(0, 4));
    const state = join(witnessFolder(), 'state', originHash(ledger.publicKeys.origin));
    const note = await readFile(state, 'utf8');
    await writeFile(state, note.split('\n').slice(0, -2).join('\n').concat('\n'));
    await expect((await openWitness()).addCheckpoint(await request(5, 1))).rejects.toMatchObject({
      code: 'witness-state',
    });
    await chmod(join(witnessFolder(), 'witness.pem'), 0o640);
    await expect(openWitness()).rejects.toMatchObject({ code: 'witness-key' });
    await chmod(join(witnessFolder(), 'witness.pem'), 0o600);
    const { origin, logKey } = ledger.publicKeys;
    const key = verifierKey(origin, logKey);
    await writeFile(join(witnessFolder(), 'logs'), `${key}\n${key}\n`);
    await expect(openWitness()).rejects.toMatchObject({ code: 'witness-logs' });
    await expect(WitnessFolder.make(witnessFolder(), 'again')).rejects.toMatchObject({ code: 'witness-exists' });
  });
});

describe('over HTTP', () => {
  it('has the statuses, the type of a conflict, a bound, and shows what it cosigned', async () => {
    const { server, address } = await serveWitness({
      witness: await openWitness(),
      host: '127.0.0.1',
      port: 0,
      onAnswer: () => undefined,
    });
    try {
      const post = (body: string): Promise<Response> => fetch(`${address}/add-checkpoint`, { method: 'POST', body });
      const monitored = `${address}/${originHash(ledger.publicKeys.origin)}/checkpoint`;
      expect((await fetch(monitored)).status).toBe(404);
      const ok = await post(await request(0, 4));
      expect([ok.status, (await ok.text()).startsWith('\u2014 witness.example/test ')]).toEqual([200, true]);
      const conflict = await post(await request(0, 4));
      expect(conflict.status).toBe(409);
      expect(conflict.headers.get('content-type')).toBe('text/x.tlog.size');
      expect(await conflict.text()).toBe('5\n');
      expect((await post('x'.repeat(70_000)).catch(() => ({ status: 400 }))).status).toBe(400);
      const shown = await (await fetch(monitored)).text();
      expect(shown.split('\n')[1]).toBe('5');
      expect(shown.match(/\u2014 /g)).toHaveLength(2);
      expect((await fetch(`${address}/add-checkpoint`)).status).toBe(404);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
