/**
 * Goal: a mirror gets a confirmed copy of every original and of the ledger, catches up after its disk was away, is
 * never mistaken for another folder, and a copy or ledger that contradicts ours is named and never overwritten.
 */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyLedger } from '../../src/ledger/ledger-verification.ts';
import { filesOf, flipByte, ingestDrawn, runFsck } from '../support/checked-store.ts';
import { evidock, jsonLines } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { seededRandom } from '../support/random.ts';
import { recordsOf } from '../support/store-check.ts';

const random = seededRandom('mirrors');
let root: string;
let data: string;
let mirror: string;

beforeAll(async () => {
  root = makeDiskFolder();
  data = join(root, 'data');
  mirror = join(root, 'disk');
  mkdirSync(data);
  writeFileSync(join(data, 'config.yaml'), `vault:\n  mirrors: ['${mirror}']\n`);
  await ingestDrawn(data, join(root, 'first'), { count: 8, sizes: [0, 900, 5000, 300_000], random });
});

afterAll(() => removeFolder(root));

const mirrors = async (...words: string[]) => {
  const { code, stdout, stderr } = await evidock(['mirrors', ...words, '--data', data, '--json']);
  return { code, view: jsonLines(stdout)[0] as unknown as { [key: string]: unknown }, stderr };
};
const sync = () => mirrors('sync');

function expectSameOriginals(): void {
  const ours = filesOf(data, 'vault/originals');
  expect(filesOf(mirror, 'vault/originals')).toEqual(ours);
  expect(filesOf(mirror, 'vault/blocks')).toEqual(filesOf(data, 'vault/blocks'));
  for (const file of ours)
    expect(readFileSync(join(mirror, file)).equals(readFileSync(join(data, file))), file).toBe(true);
  expect(readdirSync(join(mirror, 'vault/incoming'))).toEqual([]);
}

async function expectGoodLedger(): Promise<void> {
  const { findings, records } = await verifyLedger(mirror);
  expect(findings).toEqual([]);
  const size = Number(readFileSync(join(mirror, 'ledger/checkpoint'), 'utf8').split('\n')[1]);
  expect(records).toBe(size);
  const ours = readFileSync(join(data, 'ledger/records/000000.jsonl'));
  expect(ours.indexOf(readFileSync(join(mirror, 'ledger/records/000000.jsonl')))).toBe(0);
}

it('nothing is written to a folder that was never made a mirror', async () => {
  expect(await sync()).toMatchObject({ code: 1, view: { state: 'away' } });
  mkdirSync(mirror);
  expect(await sync()).toMatchObject({ code: 1, view: { state: 'not-initialised' } });
  expect(readdirSync(mirror)).toEqual([]);
  writeFileSync(join(mirror, 'holiday.jpg'), 'x');
  const refused = await evidock(['mirrors', 'add', mirror, '--data', data]);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('mirror-not-empty')]);
  rmSync(join(mirror, 'holiday.jpg'));
});

it('an initialised one gets every original and the ledger, recorded in groups', async () => {
  const added = await evidock(['mirrors', 'add', mirror, '--data', data]);
  expect([added.code, added.stderr]).toEqual([0, expect.stringContaining('same disk')]);
  const originals = filesOf(data, 'vault/originals').length;
  expect(await mirrors()).toMatchObject({ code: 1, view: { state: 'present', behind: { originals } } });
  expect(await sync()).toMatchObject({
    code: 0,
    view: { state: 'present', copies: originals, behind: { originals: 0 } },
  });
  expectSameOriginals();
  await expectGoodLedger();
  const records = recordsOf(data).filter(({ type }) => type === 'original-mirrored');
  expect(records).toHaveLength(1);
  expect(records[0]?.body.originals).toHaveLength(originals);
  expect((await runFsck(data)).findings).toEqual([]);
});

it('fsck --mirrors reads it whole and names what is damaged there', async () => {
  const fsck = async () => jsonLines((await evidock(['fsck', '--mirrors', '--data', data, '--json'])).stdout);
  expect((await fsck()).filter(({ event }) => event === 'finding')).toEqual([]);
  const hasBytes = (file: string): boolean => statSync(join(mirror, file)).size > 0;
  const files = ['ledger/records/000000.jsonl', filesOf(mirror, 'vault/originals').findLast(hasBytes) as string];
  const mends = files.map((file) => flipByte(join(mirror, file), 10));
  const found = new Set((await fsck()).map(({ file }) => file).filter(Boolean));
  expect(found).toEqual(new Set(files.map((file) => join(mirror, file))));
  for (const mend of mends) mend();
  renameSync(mirror, join(root, 'gone'));
  expect((await fsck())[0]).toMatchObject({ code: 'mirror-away', file: mirror });
  renameSync(join(root, 'gone'), mirror);
});

it('a disk that was away catches up, and its empty mount point stays empty', async () => {
  renameSync(mirror, join(root, 'unplugged'));
  mkdirSync(mirror);
  await ingestDrawn(data, join(root, 'second'), { count: 3, sizes: [70_000], random });
  expect(await sync()).toMatchObject({ code: 1, view: { state: 'away', behind: { originals: 3, bytes: 210_000 } } });
  expect(readdirSync(mirror)).toEqual([]);
  rmSync(mirror, { recursive: true });
  renameSync(join(root, 'unplugged'), mirror);
  expect(await sync()).toMatchObject({ code: 0, view: { state: 'present' } });
  expectSameOriginals();
  await expectGoodLedger();
});

it('the disk of another station is left alone', async () => {
  const other = join(root, 'other');
  const source = join(root, 'third');
  await ingestDrawn(other, source, { count: 1, sizes: [10], random });
  writeFileSync(join(other, 'config.yaml'), `vault:\n  mirrors: ['${mirror}']\n`);
  const before = filesOf(mirror, '.');
  const { code, stdout } = await evidock(['mirrors', 'sync', '--data', other, '--json']);
  expect([code, jsonLines(stdout)[0]?.state]).toEqual([1, 'foreign']);
  expect((await evidock(['mirrors', 'add', mirror, '--data', other])).stderr).toContain('mirror-foreign');
  expect(filesOf(mirror, '.')).toEqual(before);
});

it('a damaged original is not copied: the damage is recorded with its blocks', async () => {
  const content = Buffer.alloc(20_000, 7);
  const sha256 = createHash('sha256').update(content).digest('hex');
  mkdirSync(join(root, 'fourth'));
  writeFileSync(join(root, 'fourth/clip.bin'), content);
  await evidock(['ingest', join(root, 'fourth'), '--data', data]);
  const file = `vault/originals/${sha256.slice(0, 2)}/${sha256}`;
  const mend = flipByte(join(data, file), 9000);
  await sync();
  expect(existsSync(join(mirror, file))).toBe(false);
  const damaged = recordsOf(data).filter(({ type }) => type === 'original-damaged');
  expect(damaged.map(({ body }) => body)).toEqual([{ place: 'vault', sha256, state: 'altered', blocks: '2' }]);
  mend();
});

it('a ledger in the mirror that contradicts ours is a finding, and stays as it is', async () => {
  const records = join(mirror, 'ledger/records/000000.jsonl');
  const kept = join(root, 'kept.jsonl');
  cpSync(records, kept);
  const mend = flipByte(records, 100);
  const altered = readFileSync(records);
  expect(await sync()).toMatchObject({ code: 1, view: { ledgerDiffers: 'ledger/records/000000.jsonl' } });
  expect(readFileSync(records).equals(altered)).toBe(true);
  mend();
  expect(await sync()).toMatchObject({ view: { ledgerDiffers: null } });
  appendFileSync(records, '{"more":"than ours"}\n');
  expect(await sync()).toMatchObject({ code: 1, view: { ledgerDiffers: 'ledger/records/000000.jsonl' } });
  cpSync(kept, records);
  expect(await sync()).toMatchObject({ view: { ledgerDiffers: null } });
  await expectGoodLedger();
});

it('what a crash left half written there is completed', async () => {
  const records = join(mirror, 'ledger/records/000000.jsonl');
  const whole = readFileSync(records);
  writeFileSync(records, whole.subarray(0, whole.length - 25));
  writeFileSync(join(mirror, 'vault/incoming', 'a'.repeat(16)), 'half');
  await sync();
  expect(readFileSync(records).subarray(0, whole.length).equals(whole)).toBe(true);
  expect(readdirSync(join(mirror, 'vault/incoming'))).toEqual([]);
});
