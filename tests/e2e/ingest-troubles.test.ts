/**
 * Goal: what goes wrong in the field while an ingest runs (no space, a card pulled out, a file that grows, a file that
 * cannot be read, Ctrl-C) gives a clear reason for that file, the rest is sealed, and nothing wrong is called sealed.
 */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ingestWithFault, straceWords } from '../support/call-faults.ts';
import { evidock, type Ingested, ingest, ingested, startEvidock } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { clipsHere, evidockHere, ingestHere } from '../support/in-process.ts';
import { asOtherUser, makeOthersFolder } from '../support/other-user.ts';
import { recordsOf, storeTroubles } from '../support/store-check.ts';

const folder = makeDiskFolder();
afterAll(() => removeFolder(folder));

let drawn = 0;
/** A new source with these files of so many bytes, and the data folder for it. */
function place(files: { readonly [name: string]: number }): { source: string; data: string } {
  drawn += 1;
  const source = join(folder, `card-${drawn}`);
  mkdirSync(source);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(source, name), Buffer.alloc(bytes, name));
  return { source, data: join(folder, `data-${drawn}`) };
}

const outcomes = ({ lines }: Ingested): { [path: string]: string } =>
  Object.fromEntries(
    lines.map(({ path, event, reason }) => [path, reason === undefined ? `${event}` : `${event} ${reason}`]),
  );

async function expectSound(data: string): Promise<void> {
  expect(await storeTroubles(data)).toEqual([]);
}

describe('a full disk', () => {
  test('a file bigger than what is free fails as vault-full, smaller ones are sealed', async () => {
    const { source, data } = place({ 'a.mp4': 40_000, 'huge.mp4': 0, 'z.mp4': 50_000 });
    // Sparse, and bigger than any disk that tests run on; ext4 takes files of up to 16 TiB.
    truncateSync(join(source, 'huge.mp4'), 15 * 2 ** 40);
    const result = await ingest(source, data);
    expect(result.code).toBe(1);
    expect(outcomes(result)).toEqual({ 'a.mp4': 'sealed', 'huge.mp4': 'failed vault-full', 'z.mp4': 'sealed' });
    const huge = result.lines.find(({ path }) => path === 'huge.mp4');
    expect(huge?.detail).toMatch(/\d+ bytes free, \d+ needed, \d+ kept free/);
    expect(result.ended).toMatchObject({ sealed: 2, failed: 1 });
    await expectSound(data);
  });

  test('space that ends in the middle of a copy leaves no half copy', async () => {
    const { source, data } = place({ 'a.mp4': 40_000, 'big.mp4': 9_000_000, 'z.mp4': 50_000 });
    // The kernel refuses to let any file grow beyond this: what a quota does.
    const before = ['prlimit', '--fsize=4000000', '--'];
    const result = await ingest(source, data, [], { before });
    expect(result.code, result.stderr).toBe(1);
    expect(outcomes(result)).toEqual({
      'a.mp4': 'sealed',
      'big.mp4': 'failed too-large-for-vault',
      'z.mp4': 'sealed',
    });
    await expectSound(data);
    const next = await ingestHere(source, data);
    expect(outcomes(next)).toMatchObject({ 'a.mp4': 'already-held', 'big.mp4': 'sealed' });
    await expectSound(data);
  });

  test('a disk that is full for the copy alone fails that file, and the next run takes it', async () => {
    const { source, data } = place({ 'a.mp4': 300_000 });
    const result = await ingestWithFault({ source, data }, { call: 'fallocate', action: 'ENOSPC', when: '1+' });
    expect([result.code, outcomes(result)]).toEqual([1, { 'a.mp4': 'failed vault-full' }]);
    await expectSound(data);
    expect((await ingestHere(source, data)).code).toBe(0);
    await expectSound(data);
  });

  test('a ledger that cannot grow ends the docking with its reason, and nothing more is called sealed', async () => {
    const { source, data } = place({ 'a.mp4': 1000, 'b.mp4': 2000, 'c.mp4': 3000 });
    const fault = { call: 'write', action: 'ENOSPC', when: '6+', path: 'ledger/records/000000.jsonl' } as const;
    const result = await ingestWithFault({ source, data }, fault);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('[ledger-full]');
    expect(result.ended).toBeUndefined();
    const told = result.lines.map(({ clip }) => clip);
    expect(recordsOf(data).filter(({ type }) => type === 'clip-sealed')).toHaveLength(told.length);
    expect((await ingestHere(source, data)).code).toBe(0);
    await expectSound(data);
  });

  test('a disk without a single free block does not keep anybody from checking what is stored', async () => {
    const { source, data } = place({ 'a.mp4': 1000 });
    expect((await ingestHere(source, data)).code).toBe(0);
    const before = straceWords({ call: 'write', action: 'ENOSPC', when: '1+', path: 'lock' }, data);
    const result = await evidock(['fsck', '--data', data, '--json'], { before });
    expect(result.code, result.stderr).toBe(0);
    expect(result.stdout).toContain('"findings":0');
  });

  test('a command that needs space says that the disk is full and what to do', async () => {
    const { source, data } = place({ 'a.mp4': 1000 });
    expect((await ingestHere(source, data)).code).toBe(0);
    const before = straceWords({ call: 'pwrite64', action: 'ENOSPC', when: '1+', path: 'registry.db-shm' }, data);
    const result = await evidock(['clips', '--data', data, '--json'], { before });
    expect([result.code, result.stdout]).toEqual([1, '']);
    expect(result.stderr).toMatch(/\[disk-full\].*\n.*Free space/);
  });
});

describe('a source that is not what it was', () => {
  test('a card pulled out in the middle fails what is left, keeps what is sealed, and goes on when it is back', async () => {
    const names = Array.from({ length: 24 }, (_, at) => [`clip-${String(at).padStart(2, '0')}.mp4`, 3_750_000]);
    const { source, data } = place(Object.fromEntries(names));
    const running = startEvidock(['ingest', source, '--data', data, '--json']);
    await running.printed('"event":"sealed"');
    rmSync(source, { recursive: true });
    const result = ingested(await running.result);
    expect(result.code, result.stderr).toBe(1);
    const reasons = new Set(result.lines.filter(({ event }) => event === 'failed').map(({ reason }) => reason));
    expect([...reasons].every((reason) => reason === 'source-vanished' || reason === 'changed-while-read')).toBe(true);
    expect(result.lines).toHaveLength(24);
    const sealed = result.lines.filter(({ event }) => event === 'sealed');
    expect(sealed.length).toBeGreaterThan(0);
    expect(sealed.length).toBeLessThan(24);
    expect((await clipsHere(data)).map(({ clip }) => clip).sort()).toEqual(sealed.map(({ clip }) => clip).sort());
    await expectSound(data);
    mkdirSync(source);
    for (const [name, bytes] of names) writeFileSync(join(source, `${name}`), Buffer.alloc(Number(bytes), `${name}`));
    const back = await ingestHere(source, data);
    expect(back.code).toBe(0);
    expect(back.ended).toMatchObject({ sealed: 24 - sealed.length, held: sealed.length });
    await expectSound(data);
  });

  test('a file that grows while it is read is not sealed, and is once it rests', async () => {
    const { source, data } = place({ 'a.mp4': 1000, 'growing.mp4': 60_000_000, 'z.mp4': 1000 });
    const fd = openSync(join(source, 'growing.mp4'), 'a');
    const appender = setInterval(() => appendFileSync(fd, Buffer.alloc(4096, 7)), 2);
    const result = await ingest(source, data);
    clearInterval(appender);
    closeSync(fd);
    expect(result.code).toBe(1);
    expect(outcomes(result)).toEqual({
      'a.mp4': 'sealed',
      'growing.mp4': 'failed changed-while-read',
      'z.mp4': 'sealed',
    });
    await expectSound(data);
    expect(outcomes(await ingestHere(source, data))).toMatchObject({ 'growing.mp4': 'sealed' });
    await expectSound(data);
  });

  test('a file that cannot be opened and one that cannot be read fail by name, the rest is sealed', async () => {
    const { source, data } = place({ 'a.mp4': 1000, 'secret.mp4': 1000, 'z.mp4': 1000 });
    makeOthersFolder(data);
    chmodSync(join(source, 'secret.mp4'), 0o000);
    const denied = await ingest(source, data, [], { before: asOtherUser });
    chmodSync(join(source, 'secret.mp4'), 0o644);
    expect([denied.code, outcomes(denied)]).toEqual([
      1,
      { 'a.mp4': 'sealed', 'secret.mp4': 'failed not-permitted', 'z.mp4': 'sealed' },
    ]);
    const fault = { call: 'pread64', action: 'EIO', when: '1+', path: join(source, 'secret.mp4') } as const;
    const broken = await ingestWithFault({ source, data }, fault);
    expect([broken.code, outcomes(broken)]).toEqual([
      1,
      { 'a.mp4': 'already-held', 'secret.mp4': 'failed read-error', 'z.mp4': 'already-held' },
    ]);
    await expectSound(data);
    expect((await ingest(source, data)).ended).toMatchObject({ sealed: 1, held: 2 });
    await expectSound(data);
  });

  test('a folder that cannot be listed is refused by name, and the inventory says that it is not whole', async () => {
    const { source, data } = place({ 'a.mp4': 1000 });
    mkdirSync(join(source, 'locked'));
    writeFileSync(join(source, 'locked/inside.mp4'), 'x');
    const fault = { call: 'getdents64', action: 'EIO', when: '1+', path: join(source, 'locked') } as const;
    const result = await ingestWithFault({ source, data }, fault);
    expect(result.code).toBe(1);
    expect(outcomes(result)).toEqual({ 'a.mp4': 'sealed', locked: 'refused unreadable-folder' });
    expect(result.ended).toMatchObject({ inventoryComplete: false, findings: ['inventory-incomplete'] });
    await expectSound(data);
  });

  test('a source that is gone, a file, or empty', async () => {
    const { source, data } = place({});
    const gone = await ingest(join(source, 'gone'), data);
    expect([gone.code, gone.stdout]).toEqual([1, '']);
    expect(gone.stderr).toContain('[source-missing]');
    const file = join(folder, 'just-a-file');
    writeFileSync(file, 'x');
    expect((await ingest(file, data)).stderr).toContain('[source-missing]');
    // A wrong source leaves nothing behind.
    expect(readdirSync(folder)).not.toContain(data.slice(folder.length + 1));
    const empty = await ingestHere(source, data);
    expect(empty.code).toBe(0);
    expect([empty.lines, empty.ended]).toMatchObject([[], { files: 0, sealed: 0 }]);
    await expectSound(data);
  });
});

describe('a vault in memory', () => {
  test('is refused with its reason, and taken when the configuration allows it', async () => {
    const { source } = place({ 'a.mp4': 1000 });
    const data = join('/dev/shm', folder.slice(folder.lastIndexOf('/') + 1));
    try {
      const refused = await ingest(source, data);
      expect([refused.code, refused.stdout]).toEqual([1, '']);
      expect(refused.stderr).toContain('[vault-in-memory]');
      const config = join(folder, 'memory.yaml');
      writeFileSync(config, 'vault:\n  allowMemoryFileSystem: true\n');
      const allowed = await ingest(source, data, ['--config', config]);
      expect(allowed.code, allowed.stderr).toBe(0);
      const record = recordsOf(data).find(({ type }) => type === 'clip-sealed');
      expect(record?.body.readBack).toBe('memory-fs');
    } finally {
      removeFolder(data);
    }
  });
});

describe('cancelling', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    test(`${signal} in the middle ends with 130 and no half file, and the next run goes on`, async () => {
      const files = Array.from({ length: 16 }, (_, at) => [`clip-${at}.mp4`, 3_750_000]);
      const { source, data } = place(Object.fromEntries(files));
      const running = startEvidock(['ingest', source, '--data', data, '--json']);
      await running.printed('"event":"sealed"');
      running.child.kill(signal);
      const result = ingested(await running.result);
      expect(result.code, result.stderr).toBe(130);
      expect(result.ended).toMatchObject({ cancelled: true });
      await expectSound(data);
      const sealed = result.lines.filter(({ event }) => event === 'sealed').length;
      expect(sealed).toBeLessThan(16);
      const next = await ingestHere(source, data);
      expect([next.code, next.ended?.held, next.ended?.sealed]).toEqual([0, sealed, 16 - sealed]);
      await expectSound(data);
    });
  }

  test('while the source is still being listed it ends with 130 too', async () => {
    const { source, data } = place({});
    for (let at = 0; at < 300; at += 1) {
      mkdirSync(join(source, `folder-${at}`));
      for (let file = 0; file < 30; file += 1) writeFileSync(join(source, `folder-${at}/${file}`), '');
    }
    const running = startEvidock(['ingest', source, '--data', data, '--json'], { env: { NODE_DEBUG: undefined } });
    await recordOf(data, 'station-started');
    running.child.kill('SIGINT');
    const result = await running.result;
    expect([result.code, result.stderr]).toEqual([130, expect.not.stringContaining('    at ')]);
    expect((await evidockHere(['clips', '--data', data, '--json'])).code).toBe(0);
  });
});

/** Resolves when the ledger holds a record of this type. */
async function recordOf(data: string, type: string): Promise<void> {
  const has = (): boolean => {
    try {
      return recordsOf(data).some((record) => record.type === type);
    } catch {
      return false;
    }
  };
  while (!has()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a size that no disk holds is refused by name, and the station starts and works afterwards', async (context) => {
  const memory = '/dev/shm';
  if (!existsSync(memory)) return context.skip(`there is no ${memory}, which takes files of any size`);
  const card = mkdtempSync(join(memory, 'ev-'));
  try {
    for (const name of ['forged.mp4', 'forged too.mp4']) {
      execFileSync('truncate', ['--size=9223372036854775807', join(card, name)]);
    }
    writeFileSync(join(card, 'whole.mp4'), 'whole');
    const data = join(folder, 'forged-sizes');
    const result = await ingest(card, data);
    expect(outcomes(result), result.stderr).toEqual({
      'forged too.mp4': 'refused unknown',
      'forged.mp4': 'refused unknown',
      'whole.mp4': 'sealed',
    });
    expect(result.lines.find(({ path }) => path === 'forged.mp4')?.detail).toBe('size-impossible');
    expect((await clipsHere(data)).map(({ path }) => path)).toEqual(['whole.mp4']);
    await expectSound(data);
  } finally {
    removeFolder(card);
  }
});
