/**
 * Goal: a lawful deletion removes what it covers and nothing else, in vault, ledger, previews, import files and mirrors;
 * rebuild and fsck are clean afterwards and every earlier proof is valid; who asks cannot approve; what is restricted
 * is kept.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leafOfBundle } from '../../src/formats/leaf.ts';
import { leafHash } from '../../src/formats/merkle-hash.ts';
import { verifyLedger } from '../../src/ledger/ledger-verification.ts';
import { TileTree } from '../../src/ledger/merkle-tree.ts';
import { filesOf, runFsck } from '../support/checked-store.ts';
import { type JsonLine, jsonLines } from '../support/cli.ts';
import { checkout, makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { clipsHere, evidockHere, ingestHere } from '../support/in-process.ts';
import { recordsOf } from '../support/store-check.ts';

const officer = '14052201001';
const consent = ['--rule', 'PIPL 47', '--reason', 'period over', '--requested-by', '李四', '--approved-by', '王五'];
let root: string;
let data: string;
let mirror: string;
let clips: JsonLine[];

const run = (...words: string[]) => evidockHere([...words, '--data', data]);
const clipNamed = (name: string): JsonLine => clips.find(({ path }) => path === name) as JsonLine;
const originalOf = ({ sha256 }: JsonLine): string => `vault/originals/${sha256?.slice(0, 2)}/${sha256}`;
const bytesBelow = (folder: string): string =>
  filesOf(folder, '.')
    .filter((file) => !file.startsWith('vault/'))
    .map((file) => readFileSync(join(folder, file), 'latin1'))
    .join('\n');
const holds = (folder: string, text: string): boolean =>
  bytesBelow(folder).includes(Buffer.from(text).toString('latin1'));

beforeAll(async () => {
  root = makeDiskFolder();
  data = join(root, 'data');
  mirror = join(root, 'disk');
  const card = join(root, 'card');
  for (const folder of [data, mirror, card]) mkdirSync(folder);
  writeFileSync(join(data, 'config.yaml'), `vault:\n  mirrors: ['${mirror}']\n`);
  writeFileSync(join(card, 'alone.bin'), Buffer.alloc(20_000, 1));
  writeFileSync(join(card, 'twin-a.bin'), Buffer.alloc(9_000, 2));
  writeFileSync(join(card, 'twin-b.bin'), Buffer.alloc(9_000, 2));
  writeFileSync(join(card, 'kept.bin'), Buffer.alloc(5_000, 3));
  await ingestHere(card, data);
  await run('mirrors', 'add', mirror);
  const people = join(checkout, 'fixtures/people');
  const kinds = [
    ['roster', 'roster-gbk'],
    ['assignments', 'assignments'],
    ['cases', 'cases'],
  ] as const;
  for (const [kind, file] of kinds) {
    const { code, stderr } = await run(kind, 'import', join(people, `${file}.csv`), '--effective', '2026-01-01');
    expect(code, stderr).toBe(0);
  }
  // The second roster lacks everybody but one: the others stand in a list of missing subjects.
  const next = join(root, 'roster.csv');
  writeFileSync(
    next,
    '姓名,执法证号,单位,岗位,有效期至,证件状态,在岗\n赵六,14052209999,一大队,路面执法,2028-01-01,有效,是\n',
  );
  await run('roster', 'import', next, '--effective', '2026-02-01');
  await run('mirrors', 'sync');
  clips = await clipsHere(data);
  await run('link', clipNamed('kept.bin').clip as string, '--officer', officer, '--reason', 'he said so');
});

afterAll(() => removeFolder(root));

async function expectClean(folder = data): Promise<void> {
  expect((await runFsck(folder)).findings).toEqual([]);
  expect((await evidockHere(['rebuild', '--data', folder])).code).toBe(0);
  const after = await runFsck(folder);
  expect([after.findings, after.checked.registryCompared]).toEqual([[], true]);
}

/** The root that the first `size` leaves make, as an outsider works it out from the entries. */
function rootOf(size: number): string {
  const tree = new TileTree();
  const folder = join(data, 'ledger/tile/entries');
  const widest = readdirSync(join(folder, '000.p'))
    .map(Number)
    .sort((a, b) => b - a)[0];
  const bundle = readFileSync(join(folder, '000.p', String(widest)));
  for (let at = 0; at < size; at += 1) tree.add(leafHash(leafOfBundle(bundle, at) as Uint8Array));
  return tree.root().toString('base64');
}

it('is refused without two persons, for an unknown clip, and for a clip of a case', async () => {
  const clip = clipNamed('alone.bin').clip as string;
  const alone = [...consent.slice(0, -1), ' 李四 '];
  expect((await run('delete', 'clip', clip, ...alone)).code).toBe(2);
  expect((await run('delete', 'clip', clip, ...consent.slice(2))).code).toBe(2);
  expect((await run('delete', 'clip', 'c-0', ...consent)).stderr).toContain('clip-unknown');
  await run('link', clip, '--case', '阳交罚〔2026〕12号', '--reason', 'x');
  const refused = await run('delete', 'clip', clip, ...consent);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('clip-in-case')]);
  expect(existsSync(join(data, originalOf(clipNamed('alone.bin'))))).toBe(true);
});

it('of a clip removes original, blocks, preview and documents, and earlier checkpoints stay true', async () => {
  const clip = clipNamed('alone.bin');
  const checkpoint = (await run('checkpoint')).stdout.split('\n');
  mkdirSync(join(data, 'preview', clip.clip as string), { recursive: true });
  writeFileSync(join(data, 'preview', clip.clip as string, 'poster.jpg'), 'x');
  const leaves = readFileSync(join(data, 'ledger/records/000000.jsonl'));
  renameSync(mirror, join(root, 'unplugged'));
  const { code, stderr } = await run('delete', 'clip', clip.clip as string, ...consent, '--override');
  expect([code, stderr]).toEqual([1, expect.stringContaining('Still to be carried out')]);
  for (const file of [originalOf(clip), originalOf(clip).replace('originals', 'blocks'), `preview/${clip.clip}`]) {
    expect(existsSync(join(data, file)), file).toBe(false);
  }
  expect((await clipsHere(data)).map(({ path }) => path)).not.toContain('alone.bin');
  expect(readFileSync(join(data, 'ledger/records/000000.jsonl')).indexOf(leaves)).toBe(0);
  expect(rootOf(Number(checkpoint[1]))).toBe(checkpoint[2]);
  expect((await runFsck(data)).findings).toEqual([]);
  await expectClean();
  expect((await run('delete', 'clip', clip.clip as string, ...consent)).stderr).toContain('clip-unknown');
});

it('of a clip is what its export, its proof and its receipt speak of afterwards', async () => {
  const clip = clipNamed('alone.bin').clip as string;
  const out = join(root, 'bag-of-a-deleted-clip');
  const words = ['--purpose', '诉讼', '--applicant', '张三', '--approved-by', '李四'];
  const refused = await run('export', '--clip', clip, '--out', out, ...words);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('clip-deleted')]);
  const proof = await run('proof', clip);
  expect([proof.code, proof.stdout]).toEqual([0, expect.stringContaining('c2sp.org/tlog-proof@v1')]);
  const docking = recordsOf(data).find(({ type }) => type === 'docking-ended')?.subject as string;
  const receipt = /EVR1\S+/.exec((await run('receipt', docking)).stdout)?.[0] as string;
  const checked = await run('receipt', 'check', receipt, '--json');
  expect(checked.code).toBe(1);
  expect(jsonLines(checked.stdout)[0]?.findings).toEqual([{ code: 'receipt-clip-deleted', about: clip }]);
});

it('reaches a mirror when its disk is back', async () => {
  const file = originalOf(clipNamed('alone.bin'));
  expect(existsSync(join(root, 'unplugged', file))).toBe(true);
  const away = jsonLines((await run('mirrors', '--json')).stdout)[0];
  expect(away).toMatchObject({ state: 'away', deletionsOpen: 1 });
  renameSync(join(root, 'unplugged'), mirror);
  const back = await run('mirrors', 'sync', '--json');
  expect([back.code, jsonLines(back.stdout)[0]?.deletionsOpen]).toEqual([0, 0]);
  expect(existsSync(join(mirror, file))).toBe(false);
  expect((await verifyLedger(mirror, { place: 'none' })).findings).toEqual([]);
  const erased = readFileSync(join(mirror, 'ledger/documents/000000.jsonl'), 'utf8').match(/erasedBy/g)?.length;
  expect(erased).toBeGreaterThan(2);
});

it('of one of two clips with the same bytes leaves the original to the other', async () => {
  const [one, other] = [clipNamed('twin-a.bin'), clipNamed('twin-b.bin')];
  await run('delete', 'clip', one.clip as string, ...consent);
  expect(existsSync(join(data, originalOf(one)))).toBe(true);
  await expectClean();
  await run('delete', 'clip', other.clip as string, ...consent);
  expect(existsSync(join(data, originalOf(one)))).toBe(false);
  await expectClean();
});

it('of a person forgets roster lines, assignments, links and import files, and keeps the others', async () => {
  await run('mirrors', 'sync');
  // What coverage works out from people lies beside the registry.
  expect((await run('coverage', 'trend', '--profile', 'county')).code).toBe(0);
  expect(readdirSync(join(data, 'coverage'))).not.toEqual([]);
  expect([holds(data, officer), holds(mirror, officer)]).toEqual([true, true]);
  const { code } = await run('delete', 'person', officer, ...consent, '--with-cases');
  expect(code).toBe(0);
  // Neither in free pages nor in the write-ahead log of the registry.
  expect(holds(data, officer)).toBe(false);
  await expectClean();
  expect(holds(mirror, officer)).toBe(false);
  expect(holds(join(data, 'ledger'), '14052201002')).toBe(true);
  for (const name of readdirSync(join(data, 'imports'))) {
    expect(readFileSync(join(data, 'imports', name), 'latin1'), name).not.toContain(officer);
  }
  expect((await clipsHere(data)).find(({ path }) => path === 'kept.bin')?.linkedOfficer ?? null).toBeNull();
  expect((await run('delete', 'person', officer, ...consent)).stderr).toContain('person-unknown');
});

it('that was approved and interrupted is carried out at the next start', async () => {
  const copy = join(root, 'copy');
  const clip = clipNamed('kept.bin').clip as string;
  const before = join(root, 'before');
  cpSync(data, before, { recursive: true });
  await run('delete', 'clip', clip, ...consent);
  // The ledger as it was right after the approval, with everything that was to be removed still there.
  cpSync(before, copy, { recursive: true });
  const lines = readFileSync(join(data, 'ledger/records/000000.jsonl'), 'utf8').split('\n');
  const approved = recordsOf(data).findLast(({ type }) => type === 'deletion-approved')?.seq as number;
  writeFileSync(join(copy, 'ledger/records/000000.jsonl'), `${lines.slice(0, approved + 1).join('\n')}\n`);
  const documents = readFileSync(join(before, 'ledger/documents/000000.jsonl'), 'utf8');
  const consentLine = readFileSync(join(data, 'ledger/documents/000000.jsonl'), 'utf8')
    .slice(documents.length)
    .split('\n')[0];
  writeFileSync(join(copy, 'ledger/documents/000000.jsonl'), `${documents}${consentLine}\n`);
  writeFileSync(join(copy, 'config.yaml'), '');
  expect((await runFsck(copy)).findings).toEqual([]);
  expect((await evidockHere(['clips', '--data', copy, '--json'])).code).toBe(0);
  expect(filesOf(copy, 'vault/originals')).toEqual([]);
  expect(recordsOf(copy).at(-1)).toMatchObject({ type: 'deletion-carried-out', body: { place: 'vault' } });
  await expectClean(copy);
  // Somebody puts the original back: no deletion then.
  const file = originalOf(clipNamed('kept.bin'));
  cpSync(join(before, file), join(copy, file));
  expect((await runFsck(copy)).findings).toMatchObject([{ code: 'original-not-deleted', file }]);
});

it('a restricted clip is kept and says so', async () => {
  const card = join(root, 'card-2');
  mkdirSync(card);
  writeFileSync(join(card, 'r.bin'), 'restricted');
  await ingestHere(card, data);
  const clip = (await clipsHere(data)).find(({ path }) => path === 'r.bin');
  expect((await run('restrict', 'clip', clip?.clip as string)).code).toBe(2);
  expect((await run('restrict', 'clip', clip?.clip as string, '--reason', 'objection')).code).toBe(0);
  expect(
    createHash('sha256')
      .update(readFileSync(join(data, originalOf(clip as JsonLine))))
      .digest('hex'),
  ).toBe(clip?.sha256);
  await expectClean();
  expect((await run('restrict', 'clip', clip?.clip as string, '--reason', 'settled', '--lift')).code).toBe(0);
  await expectClean();
});
