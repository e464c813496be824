// Goal: what people copy into the import folder is docked once it rests, once, and again only when it changed; what is
// still being written, does not belong there or cannot be read harms nobody. Real files, real chokidar, short times.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ImportFolder, type ImportFolderParts } from '../../src/dock/import-folder.ts';
import { fileKey, findOpenWriters } from '../../src/dock/open-writers.ts';
import type { DockedRecorder } from '../../src/domain/dock.ts';

const settleMs = 400;
let folder: string;
let docks: ImportFolder[];
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidock-import-'));
  docks = [];
  said = [];
});
afterEach(async () => {
  for (const dock of docks) await dock.stop();
  rmSync(folder, { recursive: true, force: true });
});

function openDock(changes: Partial<ImportFolderParts> = {}): ImportFolder {
  const note = (_facts: object, message: string): void => {
    said.push(message);
  };
  const dock = new ImportFolder({
    folder,
    settleMs,
    limits: { maxFiles: 1000, maxDepth: 8 },
    wasTaken: () => false,
    log: { info: note, warn: note, error: note },
    monotonicMs: () => performance.now(),
    ...changes,
  });
  docks.push(dock);
  return dock;
}

/** Scans as the keeper does until the answer is right; fails by the test's own limit. */
async function scanUntil(dock: ImportFolder, right: (recorders: readonly DockedRecorder[]) => boolean) {
  for (;;) {
    const recorders = await dock.scan();
    if (right(recorders)) return recorders;
    await sleep(50);
  }
}

async function scanFor(dock: ImportFolder, ms: number): Promise<readonly DockedRecorder[]> {
  const endMs = performance.now() + ms;
  await scanUntil(dock, () => performance.now() > endMs);
  return dock.scan();
}

const slotsOf = (recorders: readonly DockedRecorder[]): string[] => recorders.map(({ slot }) => slot).sort();
const one = async (dock: ImportFolder): Promise<DockedRecorder> => {
  const [recorder] = await scanUntil(dock, ({ length }) => length === 1);
  if (recorder === undefined) throw new Error('no recorder');
  return recorder;
};

function copyCard(name: string, files: Record<string, string> = { 'DCIM/a.mp4': 'aaaa', 'b.mp4': 'bb' }): string {
  const root = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test('a sub-folder is docked once it rests, and stays the same docking', async () => {
  const root = copyCard('王伟 周一');
  const dock = openDock();
  expect(await dock.scan()).toEqual([]);
  const recorder = await one(dock);
  expect(recorder).toMatchObject({
    kind: 'import-folder',
    slot: '王伟 周一',
    serial: undefined,
    recorderBasis: 'none',
  });
  expect(Buffer.from(recorder.root).toString()).toBe(root);
  expect(recorder.listing).toMatch(/^[0-9a-f]{64}$/);
  expect(recorder.generation).toContain(recorder.listing);
  await dock.release(recorder);
  expect(await scanFor(dock, 3 * settleMs)).toEqual([recorder]);
});

test('what arrives later is hinted at, and only changes keep it waiting', async () => {
  const dock = openDock();
  const hinted = new Promise<void>((resolve) => dock.onHint(resolve));
  await dock.scan();
  await sleep(300);
  copyCard('late');
  await hinted;
  const growing = join(folder, 'late', 'c.mp4');
  for (let piece = 0; piece < 6; piece += 1) {
    appendFileSync(growing, 'more');
    expect(await scanFor(dock, settleMs / 2)).toEqual([]);
  }
  expect(slotsOf([await one(dock)])).toEqual(['late']);
});

test('a copy that stands still is not touched as long as its writer is open', async () => {
  const root = copyCard('slow');
  // Another process, as in life; it closes the file when its input ends.
  const writer = spawn('/bin/sh', ['-c', `exec 3>>"$1"; echo open; cat >/dev/null`, 'sh', join(root, 'b.mp4')]);
  await once(writer.stdout, 'data');
  const dock = openDock();
  expect(await scanFor(dock, 4 * settleMs)).toEqual([]);
  writer.stdin.end();
  await once(writer, 'exit');
  expect(slotsOf([await one(dock)])).toEqual(['slow']);
});

test('a reader of a file is no writer', async () => {
  const root = copyCard('read');
  const reader = spawn('/bin/sh', ['-c', `exec 3<"$1"; echo open; cat >/dev/null`, 'sh', join(root, 'b.mp4')]);
  await once(reader.stdout, 'data');
  expect(slotsOf([await one(openDock())])).toEqual(['read']);
  const { dev, ino } = statSync(join(root, 'b.mp4'), { bigint: true });
  expect((await findOpenWriters()).files).not.toContain(fileKey(dev, ino));
  reader.stdin.end();
  await once(reader, 'exit');
});

test('a changed listing is another docking, after the first one was let go', async () => {
  copyCard('card');
  const dock = openDock();
  const first = await one(dock);
  copyCard('card', { 'c.mp4': 'later' });
  expect(await scanFor(dock, 3 * settleMs)).toEqual([first]);
  await dock.release(first);
  const [second] = await scanUntil(dock, (recorders) => recorders[0]?.generation !== first.generation);
  expect(second).toMatchObject({ slot: 'card' });
  expect(second?.listing).not.toBe(first.listing);
});

test('a settled folder that changes is noticed by the hint long before the next look', async () => {
  copyCard('card');
  const dock = openDock({ folder: `${folder}/` });
  dock.onHint(() => undefined);
  const first = await one(dock);
  await dock.release(first);
  await scanFor(dock, 3 * settleMs);
  copyCard('card', { 'c.mp4': 'later' });
  const [second] = await scanUntil(dock, (recorders) => recorders[0]?.generation !== first.generation);
  expect(second?.slot).toBe('card');
});

test('what was taken in before a restart is not docked again, unless it changed', async () => {
  const root = copyCard('card');
  copyCard('new');
  const [card] = (await scanUntil(openDock(), ({ length }) => length === 2)).filter(({ slot }) => slot === 'card');
  const wasTaken: ImportFolderParts['wasTaken'] = (path, listing) =>
    Buffer.from(path).toString() === root && listing === card?.listing;
  const restarted = openDock({ wasTaken });
  expect(slotsOf([await one(restarted)])).toEqual(['new']);
  expect(slotsOf(await scanFor(restarted, 2 * settleMs))).toEqual(['new']);
  writeFileSync(join(root, 'b.mp4'), 'other');
  const changed = openDock({ wasTaken });
  expect(slotsOf(await scanUntil(changed, ({ length }) => length === 2))).toEqual(['card', 'new']);
});

test('size, time and name are what a listing is; permissions and places are not', async () => {
  const root = copyCard('card');
  const listing = async (): Promise<string | undefined> => (await one(openDock())).listing;
  const before = await listing();
  chmodSync(join(root, 'b.mp4'), 0o600);
  expect(await listing()).toBe(before);
  renameSync(root, join(folder, 'renamed'));
  expect(await listing()).toBe(before);
  renameSync(join(folder, 'renamed', 'b.mp4'), join(folder, 'renamed', 'c.mp4'));
  expect(await listing()).not.toBe(before);
});

test('a folder that vanishes is gone, and a new one of its name is another visit', async () => {
  const files = { 'a.mp4': 'a' };
  const root = copyCard('card', files);
  const dock = openDock();
  const first = await one(dock);
  rmSync(root, { recursive: true });
  expect(await dock.scan()).toEqual([]);
  await dock.release(first);
  copyCard('card', files);
  expect((await one(dock)).generation).not.toBe(first.generation);
});

test('names are bytes: not UTF-8, with a newline, a backslash', async () => {
  const name = Buffer.concat([Buffer.from('卡'), Buffer.from([0xff, 0x0a, 0x5c])]);
  const root = Buffer.concat([Buffer.from(`${folder}/`), name]);
  mkdirSync(root);
  writeFileSync(Buffer.concat([root, Buffer.from([0x2f, 0xfe])]), 'clip');
  const recorder = await one(openDock());
  expect(recorder.slot).toBe('卡\\xff\\n\\\\');
  expect(Buffer.from(recorder.root)).toEqual(root);
});

test('links, loose files, dot-folders and empty folders are left alone, and said once', async () => {
  mkdirSync(join(folder, 'empty', 'DCIM'), { recursive: true });
  copyCard('.part-of-something');
  const outside = mkdtempSync(join(tmpdir(), 'evidock-outside-'));
  writeFileSync(join(outside, 'a.mp4'), 'a');
  symlinkSync(outside, join(folder, 'link'));
  writeFileSync(join(folder, 'loose.mp4'), 'x');
  copyCard('card');
  const dock = openDock();
  await one(dock);
  expect(slotsOf(await scanFor(dock, 3 * settleMs))).toEqual(['card']);
  expect(said.filter((message) => /left alone/.test(message))).toHaveLength(2);
  rmSync(outside, { recursive: true });
});

test('a folder beyond the limit is docked as it is, so that the docking can say so', async () => {
  copyCard('many', Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}.mp4`, 'x'])));
  const recorder = await one(openDock({ limits: { maxFiles: 20, maxDepth: 8 } }));
  expect(recorder.listing).toBe('too-large');
});

test('without its folder the dock cannot tell, and can again when the folder is back', async () => {
  const missing = join(folder, 'missing');
  const dock = openDock({ folder: missing });
  dock.onHint(() => undefined);
  await expect(dock.scan()).rejects.toMatchObject({ code: 'import-folder-unreadable' });
  mkdirSync(join(missing, 'card'), { recursive: true });
  writeFileSync(join(missing, 'card', 'a.mp4'), 'a');
  expect((await one(dock)).slot).toBe('card');
});
