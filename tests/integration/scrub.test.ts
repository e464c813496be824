/**
 * Goal: scrubs in parts read every original in rotation, name damaged 4 KiB blocks, and record what they found; a
 * damaged original shows as such and is put back from a mirror only when asked to, with a record.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesOf, flipByte, ingestDrawn, runFsck } from '../support/checked-store.ts';
import { clipsOf, evidock, jsonLines } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { seededRandom } from '../support/random.ts';
import { recordsOf } from '../support/store-check.ts';

const random = seededRandom('scrub');
let root: string;
let data: string;
let mirror: string;

beforeAll(async () => {
  root = makeDiskFolder();
  data = join(root, 'data');
  mirror = join(root, 'disk');
  mkdirSync(data);
  mkdirSync(mirror);
  writeFileSync(join(data, 'config.yaml'), `vault:\n  mirrors: ['${mirror}']\n`);
  await ingestDrawn(data, join(root, 'first'), { count: 7, sizes: [900, 50_000], random });
  await evidock(['mirrors', 'add', mirror, '--data', data]);
  await evidock(['mirrors', 'sync', '--data', data]);
});

afterAll(() => removeFolder(root));

const scrub = async (...words: string[]) => {
  const { code, stdout, stderr } = await evidock(['scrub', '--data', data, '--json', ...words]);
  const lines = jsonLines(stdout);
  return { code, stderr, findings: lines.filter(({ event }) => event === 'finding'), ended: lines.at(-1) };
};
const soundSince = (seq: number): string[] =>
  recordsOf(data)
    .filter((record) => record.type === 'scrub-part' && record.seq >= seq)
    .flatMap(({ body }) => body.originals as string[]);

it('scrubs of a third read every original once in three goes', async () => {
  for (let part = 0; part < 3; part += 1)
    expect(await scrub('--subset', '1/3')).toMatchObject({ code: 0, findings: [] });
  const read = soundSince(0);
  const originals = filesOf(data, 'vault/originals').map((file) => file.slice(-64));
  expect(new Set(read)).toEqual(new Set(originals));
  expect(read.length).toBe(9);
  expect((await evidock(['scrub', '--data', data, '--subset', '31/30'])).code).toBe(2);
});

it('damage is named by block, recorded once, and put back from a mirror when asked to', async () => {
  const clip = (await clipsOf(data)).find(({ bytes }) => bytes === 50_000);
  const file = `vault/originals/${clip?.sha256?.slice(0, 2)}/${clip?.sha256}`;
  const whole = readFileSync(join(data, file));
  flipByte(join(data, file), 4096 * 5 + 1);
  const found = await scrub();
  expect(found).toMatchObject({ code: 1, ended: { event: 'scrubbed', checked: 7, damaged: 1 } });
  expect(found.findings).toMatchObject([{ place: 'vault', clip: clip?.clip, code: 'original-altered' }]);
  expect(found.stderr).toContain('--repair');
  await scrub();
  const damaged = recordsOf(data).filter(({ type }) => type === 'original-damaged');
  expect(damaged.map(({ body }) => body)).toEqual([
    { place: 'vault', sha256: clip?.sha256, state: 'altered', blocks: '5' },
  ]);
  const repaired = await scrub('--repair');
  expect(repaired).toMatchObject({ ended: { repaired: 1, damaged: 0 } });
  expect(readFileSync(join(data, file)).equals(whole)).toBe(true);
  expect(readdirSync(join(data, 'vault/damaged'))).toHaveLength(1);
  expect(await scrub('--mirrors')).toMatchObject({ code: 0, ended: { checked: 14, damaged: 0 } });
  expect((await runFsck(data)).findings).toEqual([]);
  expect((await evidock(['rebuild', '--data', data])).code).toBe(0);
  expect((await runFsck(data)).findings).toEqual([]);
});

it('a missing original comes back too, and a damaged copy in a mirror is made anew by the next copying', async () => {
  const [first, second] = filesOf(data, 'vault/originals') as [string, string];
  chmodSync(join(data, first), 0o644);
  rmSync(join(data, first));
  flipByte(join(mirror, second), 0);
  expect(await scrub('--mirrors')).toMatchObject({ code: 1, ended: { damaged: 2 } });
  expect(await scrub('--repair')).toMatchObject({ ended: { repaired: 1, damaged: 0 } });
  expect(readFileSync(join(mirror, second)).equals(readFileSync(join(data, second)))).toBe(true);
  expect(await scrub('--mirrors')).toMatchObject({ code: 0, findings: [] });
  expect((await runFsck(data)).findings).toEqual([]);
});
