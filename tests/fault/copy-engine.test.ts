/**
 * Goal: whatever call fails in the middle of a copy, the engine says which with the right code and leaves nothing
 * behind; and a process or thread that ends in the middle neither crashes nor leaves half a copy. Calls are made to
 * fail by strace, in a process of their own.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCopyEngine } from '../../src/intake/engine/create-engine.ts';

const mebibyte = 1 << 20;
const engineUrl = new URL('../../src/intake/engine/create-engine.ts', import.meta.url).href;

const ability = await createCopyEngine('native').probeReadBack(tmpdir());
if (ability.mode !== 'direct') {
  throw new Error(`these tests need a disk with O_DIRECT, ${tmpdir()} is ${ability.fileSystem}: set TMPDIR`);
}

/** Defines `engine`, `request` and `folder`, from the arguments: engine, folder, read-back. */
const prologue = `
  const [engineUrl, kind, folder, readBack] = process.argv.slice(1);
  const { createCopyEngine } = await import(engineUrl);
  const fs = await import('node:fs');
  const source = { root: Buffer.from(folder), path: Buffer.from('source') };
  const target = folder + '/target';
  const request = { source, target, blocksTarget: folder + '/blocks', readBack, sm3: true };
  const engine = createCopyEngine(kind);
  const underWay = async () => {
    while (!fs.existsSync(target)) await new Promise((resolve) => setTimeout(resolve, 1));
  };`;
const copyOnce = `${prologue}
  await engine.copy(request).then(
    ({ bytes }) => console.log(JSON.stringify({ code: 'copied', bytes })),
    (error) => console.log(JSON.stringify({ ...error })),
  );`;

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'evidock-fault-'));
  fs.writeFileSync(join(folder, 'source'), randomBytes(9 * mebibyte + 100));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

type Kind = 'native' | 'portable';

interface Fault {
  readonly kind: Kind;
  /** What strace injects, such as `fsync:error=EIO:when=1`; only into calls on `on`. */
  readonly inject: string;
  readonly on: 'source' | 'target' | 'blocks';
  readonly readBack?: 'direct' | 'dropped-cache';
}

function script(text: string, kind: Kind, readBack = 'direct'): string[] {
  return [process.execPath, '--input-type=module', '-e', text, engineUrl, kind, folder, readBack];
}

function run([program = '', ...args]: string[]): { status: number | null; signal: string | null; stdout: string } {
  const { status, signal, stdout, error } = spawnSync(program, args, { encoding: 'utf8', timeout: 60_000 });
  expect(error).toBeUndefined();
  return { status, signal, stdout };
}

function copyWith({ kind, inject, on, readBack }: Fault): unknown {
  const call = inject.slice(0, inject.indexOf(':'));
  const only = ['-P', join(folder, on), '-e', `trace=${call}`];
  const options = ['-f', '-qq', '--seccomp-bpf', '-o', '/dev/null', ...only, '-e', `inject=${inject}`];
  const { status, stdout } = run(['strace', ...options, ...script(copyOnce, kind, readBack)]);
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

describe.each(['native', 'portable'] as const)('the %s copy engine', (kind) => {
  it.each([
    ['fsync:error=EIO:when=1', 'target', { code: 'SYNC_FAILED', errno: 5, syscall: 'fsync', side: 'target' }],
    ['fsync:error=EIO:when=1', 'blocks', { code: 'SYNC_FAILED', errno: 5, syscall: 'fsync', side: 'target' }],
    ['fsync:error=ENOSPC:when=1', 'target', { code: 'ENOSPC', errno: 28, syscall: 'fsync', side: 'target' }],
    ['pwrite64:error=EIO:when=3', 'target', { code: 'EIO', errno: 5, syscall: 'write', side: 'target' }],
    ['pwrite64:error=ENOSPC:when=2', 'blocks', { code: 'ENOSPC', errno: 28, syscall: 'write', side: 'target' }],
    ['fchmod:error=EPERM', 'target', { code: 'EPERM', errno: 1, syscall: 'fchmod', side: 'target' }],
    ['pread64:error=EIO:when=4', 'source', { code: 'EIO', errno: 5, syscall: 'read', side: 'source' }],
    ['pread64:error=ENODEV:when=1', 'source', { code: 'ENODEV', errno: 19, syscall: 'read', side: 'source' }],
  ] as const)('after %s on the %s says so and leaves nothing', (inject, on, failure) => {
    expect(copyWith({ kind, inject, on })).toEqual({ ...failure, path: join(folder, on) });
    expect(fs.readdirSync(folder)).toEqual(['source']);
  });

  it('says that the disk did not give the copy back', () => {
    // The portable engine reads back with dd, which has the target as its standard input.
    const inject = kind === 'native' ? 'pread64:error=EIO:when=2' : 'read:error=EIO:when=2';
    const failure = { code: 'EIO', errno: 5, syscall: 'read', side: 'target', path: join(folder, 'target') };
    expect(copyWith({ kind, inject, on: 'target' })).toEqual(failure);
    expect(fs.readdirSync(folder)).toEqual(['source']);
  });

  it('never calls a copy read back when its pages stay in the cache', () => {
    const fault = { kind, inject: 'fadvise64:retval=0', on: 'target', readBack: 'dropped-cache' } as const;
    expect(copyWith(fault)).toMatchObject({ code: 'READ_BACK_IMPOSSIBLE', side: 'target' });
    expect(fs.readdirSync(folder)).toEqual(['source']);
  });
});

describe('the native copy engine alone', () => {
  it.each([
    ['ftruncate:error=EIO', { code: 'EIO', syscall: 'ftruncate', side: 'target' }],
    ['fallocate:error=ENOSPC', { code: 'ENOSPC', syscall: 'fallocate', side: 'target' }],
    ['fcntl:error=EINVAL:when=2+2', { code: 'READ_BACK_IMPOSSIBLE', syscall: 'fcntl', side: 'target' }],
    ['pread64:error=EINVAL:when=1', { code: 'READ_BACK_IMPOSSIBLE', syscall: 'read', side: 'target' }],
  ] as const)('after %s on the target says so and leaves nothing', (inject, failure) => {
    expect(copyWith({ kind: 'native', inject, on: 'target' })).toMatchObject(failure);
    expect(fs.readdirSync(folder)).toEqual(['source']);
  });

  it.each([
    ['fallocate:error=EOPNOTSUPP', 'target'],
    ['pwrite64:error=EINTR:when=2+3', 'target'],
    ['pwrite64:error=EINVAL:when=1', 'target'],
    ['pread64:error=EINTR:when=2+3', 'source'],
    ['fadvise64:error=EINVAL', 'source'],
  ] as const)('goes on after %s on the %s', (inject, on) => {
    expect(copyWith({ kind: 'native', inject, on })).toEqual({ code: 'copied', bytes: 9 * mebibyte + 100 });
    expect(fs.readFileSync(join(folder, 'target')).equals(fs.readFileSync(join(folder, 'source')))).toBe(true);
  });

  it('takes an error of write-back in the middle for a failed sync', () => {
    const inject = 'sync_file_range:error=EIO:when=1';
    expect(copyWith({ kind: 'native', inject, on: 'target', readBack: 'dropped-cache' })).toMatchObject({
      code: 'SYNC_FAILED',
      syscall: 'sync_file_range',
    });
    expect(fs.readdirSync(folder)).toEqual(['source']);
  });

  it('survives the limit on file sizes, which comes with a signal', () => {
    for (const readBack of ['direct', 'dropped-cache']) {
      const { status, stdout } = run(['prlimit', `--fsize=${mebibyte}`, ...script(copyOnce, 'native', readBack)]);
      expect(status).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ code: 'EFBIG', errno: 27, side: 'target' });
      expect(fs.readdirSync(folder)).toEqual(['source']);
    }
  });

  it.each([
    ['process.exit', 'void engine.copy(request); await underWay(); process.exit(7);', 7],
    ['an uncaught error', 'engine.copy(request).catch(() => {}); await underWay(); throw new Error("gone");', 1],
    [
      'many copies and process.exit',
      'for (const n of "abcdefgh") engine.copy({ ...request, target: target + n, blocksTarget: request.blocksTarget + n }); void engine.copy(request); await underWay(); process.exit(7);',
      7,
    ],
  ])('leaves nothing when the process ends by %s in the middle', (_, text, expected) => {
    fs.truncateSync(join(folder, 'source'), 320 * mebibyte);
    expect(run(script(`${prologue}\n${text}`, 'native'))).toEqual({ status: expected, signal: null, stdout: '' });
    expect(fs.readdirSync(folder)).toEqual(['source']);
  });

  it('serves several threads at once and outlives those that are ended in the middle', () => {
    fs.truncateSync(join(folder, 'source'), 320 * mebibyte);
    const threads = `${prologue}
      const { Worker } = await import('node:worker_threads');
      const inThread = 'import { workerData } from "node:worker_threads"; const [url, request] = workerData;' +
        'import(url).then(({ createCopyEngine }) => createCopyEngine("native").copy(request));';
      for (let round = 0; round < 3; round += 1) {
        const worker = new Worker(inThread, { eval: true, workerData: [engineUrl, request] });
        const mine = new AbortController();
        const ours = engine.copy({ ...request, target: target + 2, blocksTarget: undefined }, { signal: mine.signal });
        await underWay();
        await worker.terminate();
        if (fs.existsSync(target)) throw new Error('left behind');
        mine.abort();
        await ours.catch(({ code }) => console.log(code));
      }`;
    expect(run(script(threads, 'native'))).toEqual({ status: 0, signal: null, stdout: 'CANCELLED\n'.repeat(3) });
    expect(fs.readdirSync(folder)).toEqual(['source']);
  });
});
