/**
 * Goal: after a power cut on a file system that kept the link into place and lost the renaming before it, the original
 * without a record is known all the same: adopted when its source turns up, else set aside, and no finding.
 */
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { ingestHere } from '../support/in-process.ts';
import { recordsOf, storeTroubles } from '../support/store-check.ts';

const folder = makeDiskFolder();
afterAll(() => removeFolder(folder));

const content = 'an original whose seal record never came';
const sha256 = createHash('sha256').update(content).digest('hex');

/** A card with this file, and a vault as such a power cut leaves it. */
async function afterPowerCut(name: string): Promise<{ card: string; empty: string; data: string }> {
  const [card, empty, data] = [join(folder, `${name} card`), join(folder, `${name} empty`), join(folder, name)];
  mkdirSync(card);
  mkdirSync(empty);
  expect((await ingestHere(empty, data)).code).toBe(0);
  writeFileSync(join(card, 'a.mp4'), content);
  const incoming = join(data, 'vault/incoming/0123456789abcdef');
  writeFileSync(incoming, content, { mode: 0o444 });
  mkdirSync(join(data, 'vault/originals', sha256.slice(0, 2)));
  linkSync(incoming, join(data, 'vault/originals', sha256.slice(0, 2), sha256));
  // What was never linked is only a broken copy.
  writeFileSync(join(data, 'vault/incoming/fedcba9876543210'), 'half');
  return { card, empty, data };
}

test('the original is adopted when its source turns up', async () => {
  const { card, data } = await afterPowerCut('adopted');
  const result = await ingestHere(card, data);
  expect(result.ended, result.stderr).toMatchObject({ sealed: 1, failed: 0 });
  expect(recordsOf(data).find(({ type }) => type === 'clip-sealed')?.body).toMatchObject({ original: 'adopted' });
  expect(readdirSync(join(data, 'vault/incoming'))).toEqual([]);
  expect(await storeTroubles(data)).toEqual([]);
});

test('the original is set aside and recorded when it does not', async () => {
  const { empty, data } = await afterPowerCut('aside');
  expect((await ingestHere(empty, data)).code).toBe(0);
  expect(existsSync(join(data, 'vault/unsealed', sha256))).toBe(true);
  expect(recordsOf(data).filter(({ type }) => type === 'original-unsealed')).toHaveLength(1);
  expect(readdirSync(join(data, 'vault/incoming'))).toEqual([]);
  expect(await storeTroubles(data)).toEqual([]);
});
