/**
 * Goal: the calibration of the dock is told, listed and forgotten by the command line, survives in the data folder, and
 * a wrong word changes nothing. The walk itself needs USB and is tried in the laboratory.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';

let root: string;
let data: string;
beforeAll(() => {
  root = makeDiskFolder();
  data = join(root, 'data');
});
afterAll(() => removeFolder(root));

const slots = (...words: string[]) => evidock(['slots', ...words, '--data', data, '--lang', 'en']);

test('set, list, forget', async () => {
  expect((await slots()).code).toBe(1);
  expect((await slots('set', '2', 'pci0000:00/0000:00:14.0/usb2/1.2')).code).toBe(0);
  expect((await slots('set', '2', 'pci0000:00/0000:00:14.0/usb3/1.2')).code).toBe(0);
  expect((await slots('set', '1', 'platform/dummy_hcd.0/usb3/1')).code).toBe(0);
  const listed = await slots('--json');
  expect(listed.code).toBe(0);
  expect(
    listed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([
    { slot: 1, sockets: ['platform/dummy_hcd.0/usb3/1'], device: null },
    { slot: 2, sockets: ['pci0000:00/0000:00:14.0/usb2/1.2', 'pci0000:00/0000:00:14.0/usb3/1.2'], device: null },
  ]);
  expect((await slots('--sockets')).stdout).toBe(
    'platform/dummy_hcd.0/usb3/1\npci0000:00/0000:00:14.0/usb2/1.2\npci0000:00/0000:00:14.0/usb3/1.2\n',
  );
  expect((await slots('forget', '2')).code).toBe(0);
  expect((await slots('forget', '2')).code).toBe(1);
  expect(readFileSync(join(data, 'dock-slots.yaml'), 'utf8')).not.toContain('pci');
});

test('wrong words are usage, a port that is not there an error, a damaged file refused: nothing is changed', async () => {
  const before = readFileSync(join(data, 'dock-slots.yaml'), 'utf8');
  for (const number of ['0', 'x', '201', '1.5']) expect((await slots('set', number, '1-1')).code).toBe(2);
  expect((await slots('set', '3', '99-1')).code).toBe(1);
  expect((await slots('learn', '--count', '0')).code).toBe(2);
  expect(readFileSync(join(data, 'dock-slots.yaml'), 'utf8')).toBe(before);
  writeFileSync(join(data, 'dock-slots.yaml'), 'slots: nonsense\n');
  const refused = await slots();
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('dock-slots.yaml');
});
