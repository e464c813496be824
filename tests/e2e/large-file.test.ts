/**
 * Goal: a file beyond 4 GiB, sparse as a broken recorder or a hostile one leaves it, is sealed like any other, with the
 * digests that sha256sum and openssl compute. Takes as long as hashing 5 GiB twice, hence a time limit of its own.
 */
import { closeSync, mkdirSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ingest } from '../support/cli.ts';
import { digestsByPrograms } from '../support/digest-programs.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { recordsOf } from '../support/store-check.ts';

const bytes = 5 * 2 ** 30;
const folder = makeDiskFolder();
afterAll(() => removeFolder(folder));

/** Holes, with some bytes before, across and after the 4 GiB that 32 bits can count. */
function makeSparseFile(path: string): void {
  const fd = openSync(path, 'w');
  for (const at of [0, 2 ** 32 - 3, bytes - 5]) writeSync(fd, Buffer.from('12345'), 0, 5, at);
  closeSync(fd);
  truncateSync(path, bytes);
}

test('a sparse file of 5 GiB is sealed with the right digests', async () => {
  const source = join(folder, 'card');
  const data = join(folder, 'data');
  mkdirSync(source);
  makeSparseFile(join(source, 'long.mp4'));
  // Two cores: the reference digests are computed while the station copies.
  const [result, expected] = await Promise.all([
    ingest(source, data),
    Promise.resolve().then(() => digestsByPrograms(source, [Buffer.from('long.mp4')])),
  ]);
  expect(result.code, result.stderr).toBe(0);
  const line = result.lines[0];
  expect({ sha256: line?.sha256, sm3: line?.sm3 }).toEqual(expected.get(Buffer.from('long.mp4').toString('hex')));
  expect([line?.event, line?.bytes]).toEqual(['sealed', bytes]);
  const original = join(data, 'vault/originals', `${line?.sha256?.slice(0, 2)}`, `${line?.sha256}`);
  expect(statSync(original).size).toBe(bytes);
  expect(recordsOf(data).find(({ type }) => type === 'clip-sealed')?.body.bytes).toBe(bytes);
}, 900_000);
