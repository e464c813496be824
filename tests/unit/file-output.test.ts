/** Goal: a result goes into a new file or is refused with what to do next, and never replaces what is there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { CommandIo } from '../../src/control/command.ts';
import { giveFile } from '../../src/control/file-output.ts';
import { errorNext } from '../../src/texts/error-texts.ts';

const folder = mkdtempSync(join(tmpdir(), 'evidock-out-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const said: string[] = [];
const io = { err: (line: string) => void said.push(line) } as Pick<CommandIo, 'err'> as CommandIo;

test('the file is written and named', async () => {
  const file = join(folder, 'a.csv');
  await giveFile(io, '执法证号\n', file);
  expect(readFileSync(file, 'utf8')).toBe('执法证号\n');
  expect(said).toEqual([file]);
});

test.each([
  ['out-file-taken', 'taken.csv'],
  ['out-not-written', 'no-such-folder/a.csv'],
  ['out-not-written', 'taken.csv/a.csv'],
])('%s: %s', async (code, name) => {
  writeFileSync(join(folder, 'taken.csv'), 'before');
  await expect(giveFile(io, 'after', join(folder, name))).rejects.toMatchObject({ code });
  expect(readFileSync(join(folder, 'taken.csv'), 'utf8')).toBe('before');
  expect(errorNext(code, 'zh')).toMatch(/文件/u);
});
