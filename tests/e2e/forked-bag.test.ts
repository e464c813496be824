/**
 * Goal: a station that shows one history to one auditor and another one to the next is found out by whoever holds
 * something of both. Here are two stations with the same keys and the same beginning; everything is signed as it should
 * be, digests and bag signatures included, so nothing but the fork is wrong: `evidock verify` ends with 14.
 */
import { createHash, createPrivateKey } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signatureNamespace } from '../../src/exporting/bag-verification.ts';
import { signSsh } from '../../src/formats/ssh-signature.ts';
import { evidock, type JsonLine, jsonLines } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { clipsHere, evidockHere, ingestHere } from '../support/in-process.ts';
import { missingSigsum, sigsumVerify } from '../support/sigsum-programs.ts';

const folder = makeDiskFolder();
const at = (...names: string[]): string => join(folder, ...names);
const stations = ['one', 'two'] as const;
const consent = ['--purpose', '诉讼', '--applicant', '张三', '--approved-by', '李四'];
const noSigsum = missingSigsum();
let clip: string;

async function run(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await evidockHere(words);
  expect(code, `${words.join(' ')}: ${stdout}${stderr}`).toBe(0);
  return stdout;
}

async function takeIn(name: string, into: string): Promise<void> {
  mkdirSync(at(name));
  writeFileSync(at(name, 'clip.mp4'), Buffer.alloc(5000, name));
  const { code, stderr } = await ingestHere(at(name), at(into));
  expect(code, stderr).toBe(0);
}

const exportTo = (name: string, from: string): Promise<string> =>
  run('export', '--clip', clip, '--out', at(name), ...consent, '--data', at(from));

const sizeOf = (bag: string, file = 'checkpoint'): string => readFileSync(at(bag, file), 'utf8').split('\n')[1] ?? '';

beforeAll(async () => {
  await takeIn('first', 'one');
  clip = String((await clipsHere(at('one')))[0]?.clip);
  // The export key is made, so both have the same one.
  await exportTo('before', 'one');
  for (const name of ['two', 'early']) cpSync(at('one'), at(name), { recursive: true });
  for (const name of stations) {
    await takeIn(`card of ${name}`, name);
    await exportTo(`bag-${name}`, name);
    await run('trust', '--data', at(name), '--out', at(`trust-${name}`));
    await run('keys', 'change', '--approved-by', '李四', '--data', at(name));
    await exportTo(`bag-later-${name}`, name);
    await run('trust', '--data', at(name), '--out', at(`trust-later-${name}`));
  }
  // Two trees of one size: what a fork is.
  expect(sizeOf('bag-one')).toBe(sizeOf('bag-two'));
  expect(sizeOf('bag-later-one', 'logs/0/checkpoint')).toBe(sizeOf('bag-later-two', 'logs/0/checkpoint'));
}, 120_000);

afterAll(() => removeFolder(folder));

interface Judged {
  readonly code: number | null;
  readonly found: JsonLine[];
}

/** Here; as a process, with `evidock`, in the first test. */
async function verify(path: string, trust: string, how: typeof evidock = evidockHere): Promise<Judged> {
  const { code, stdout } = await how(['verify', at(path), '--trust', at(trust), '--json']);
  return { code, found: jsonLines(stdout).filter(({ event }) => event === 'finding') };
}

/** A copy of a bag with some files of another one, listed and signed again with the station's own key. */
function mixed(bag: string, other: string, files: readonly string[]): string {
  const name = `mixed-${bag}`;
  rmSync(at(name), { recursive: true, force: true });
  cpSync(at(bag), at(name), { recursive: true });
  for (const file of files) cpSync(at(other, file), at(name, file));
  const manifest = at(name, 'tagmanifest-sha256.txt');
  const listed = readFileSync(manifest, 'utf8').split('\n').filter(Boolean);
  const lines = listed.map((line) => {
    const file = line.slice(66);
    return `${createHash('sha256')
      .update(readFileSync(at(name, file)))
      .digest('hex')}  ${file}\n`;
  });
  writeFileSync(manifest, lines.join(''));
  const key = createPrivateKey(readFileSync(at('one/keys/export.pem')));
  writeFileSync(`${manifest}.sshsig`, signSsh(Buffer.from(lines.join('')), signatureNamespace, key));
  return name;
}

/** Records that stood before the stations parted, and are in both bags. */
const shared = (bag: string, other: string): string[] =>
  readdirSync(at(bag, 'data/records'))
    .filter((name) => {
      const theirs = readdirSync(at(other, 'data/records')).includes(name);
      return (
        theirs && readFileSync(at(bag, 'data/records', name)).equals(readFileSync(at(other, 'data/records', name)))
      );
    })
    .map((name) => name.replace('.json', ''));

test('each bag is good for whoever knows its own history, and a fork for whoever knows the other', async () => {
  expect((await verify('bag-one', 'trust-one', evidock)).code).toBe(0);
  expect((await verify('bag-two', 'trust-two')).code).toBe(0);
  for (const [bag, trust] of [
    ['bag-later-one', 'trust-later-two'],
    ['bag-later-two', 'trust-later-one'],
  ] as const) {
    const { code, found } = await verify(bag, trust, evidock);
    expect(code).toBe(14);
    expect(found).toContainEqual(expect.objectContaining({ code: 'log-forked', file: 'logs/0/checkpoint' }));
  }
});

test('a bag with a proof of the other history inside is a fork, though every proof is good by itself', async () => {
  const [seq = ''] = shared('bag-one', 'bag-two').slice(1);
  const bag = mixed('bag-one', 'bag-two', [`proofs/${seq}.sigsum`]);
  const { code, found } = await verify(bag, 'trust-one');
  expect(found.map(({ code: finding, file }) => [finding, file])).toEqual([['log-forked', `proofs/${seq}.sigsum`]]);
  expect(code).toBe(14);
  if (noSigsum !== undefined) return;
  const record = readFileSync(at(bag, `data/records/${seq}.json`));
  const proof = readFileSync(at(bag, `proofs/${seq}.sigsum`), 'utf8');
  const policy = readFileSync(at(bag, 'policy'), 'utf8');
  expect(sigsumVerify({ folder, record, proof, policy, leafKeyFile: at(bag, 'leaf.pub') })).toBe(true);
});

test('a bag whose log goes on from another tree than the one it shows is a fork', async () => {
  const same = shared('bag-later-one', 'bag-later-two').map((seq) => `proofs/${seq}.sigsum`);
  expect(same.length).toBeGreaterThan(3);
  const bag = mixed('bag-later-one', 'bag-later-two', ['logs/0/checkpoint', ...same]);
  const { code, found } = await verify(bag, 'trust-later-one');
  expect(code).toBe(14);
  expect(found.map(({ detail }) => detail)).toContain('the log after it goes on from another tree');
});

test('the whole ledger of one is a fork for whoever knows the other', async () => {
  const { code, found } = await verify('two', 'trust-later-one');
  expect(code).toBe(14);
  expect(found).toContainEqual(expect.objectContaining({ code: 'log-forked', file: 'ledger/checkpoint' }));
});

test('an end of the log before what an auditor has seen of it is a fork', async () => {
  // The same key ended the log early, so that what came later never was.
  await run('keys', 'change', '--approved-by', '李四', '--data', at('early'));
  await exportTo('bag-early', 'early');
  const { code, found } = await verify('bag-early', 'trust-one');
  expect(code).toBe(14);
  expect(found.map(({ file, detail }) => [file, detail])).toContainEqual([
    'logs/0/checkpoint',
    'the log ends here, and the trust file has a larger tree of it',
  ]);
  expect((await verify('early', 'trust-one')).code).toBe(14);
});
