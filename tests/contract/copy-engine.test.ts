/**
 * Goal: both copy engines keep the contract of src/domain/copy-engine.ts. One suite, run on each engine with real
 * files; digests are compared with sha256sum, openssl and an fs-verity computation written here.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type {
  CopyControl,
  CopyEngine,
  CopyEngineError,
  CopyProgress,
  CopyRequest,
  ReadBackMode,
} from '../../src/domain/copy-engine.ts';
import { createCopyEngine } from '../../src/intake/engine/create-engine.ts';
import { peerCredentials } from '../../src/intake/engine/native-addon.ts';

const chunkBytes = 1 << 20;
const boundarySizes = [0, 1, 4095, 4096, 4097, 128 * 4096 - 1, 128 * 4096, 128 * 4096 + 1].concat([
  chunkBytes - 1,
  chunkBytes,
  chunkBytes + 1,
  8 * chunkBytes,
  9 * chunkBytes + 4097,
]);
/** Long enough that a test can act in the middle of the copy, and holes cost no disk. */
const longBytes = 320 * chunkBytes;

// A temporary folder in memory has no disk to read back from; then only that way can be tried.
const ability = await createCopyEngine('native').probeReadBack(tmpdir());
const modes: ReadBackMode[] =
  ability.mode === 'direct'
    ? ['direct', 'dropped-cache', 'memory-fs']
    : [ability.mode === 'none' ? 'memory-fs' : ability.mode];
const mainMode = modes[0] ?? 'memory-fs';

describe.each(['native', 'portable'] as const)('the %s copy engine', (kind) => {
  const engine: CopyEngine = createCopyEngine(kind);
  let folder: string;
  let target: string;
  let blocksTarget: string;

  beforeEach(() => {
    folder = fs.mkdtempSync(join(tmpdir(), 'evidock-engine-'));
    fs.mkdirSync(join(folder, 'card'));
    fs.mkdirSync(join(folder, 'vault'));
    target = join(folder, 'vault', 'copy');
    blocksTarget = join(folder, 'vault', 'blocks');
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

  const onCard = (name: string): string => join(folder, 'card', name);
  const requestFor = (name: string | Uint8Array, change: Partial<CopyRequest> = {}): CopyRequest => ({
    source: { root: Buffer.from(join(folder, 'card')), path: Buffer.from(name as string) },
    target,
    blocksTarget,
    readBack: mainMode,
    sm3: true,
    ...change,
  });
  const left = (): string[] => fs.readdirSync(join(folder, 'vault'));
  const failureOf = async (work: Promise<unknown>): Promise<CopyEngineError> =>
    await work.then(
      () => expect.unreachable('it must fail'),
      (error: CopyEngineError) => error,
    );
  /** Starts a copy of a long file, acts as soon as the copy is on its way, and gives the failure. */
  const failureWhen = async (act: () => void, control?: CopyControl): Promise<CopyEngineError> => {
    const failing = failureOf(engine.copy(requestFor('long'), control));
    while (!fs.existsSync(target)) {
      await sleep(1);
    }
    act();
    return await failing;
  };
  const makeLong = (): void => {
    fs.writeFileSync(onCard('long'), randomBytes(chunkBytes));
    fs.truncateSync(onCard('long'), longBytes);
    const past = new Date('2026-01-02T03:04:05Z');
    fs.utimesSync(onCard('long'), past, past);
  };

  it.each(boundarySizes)('copies and hashes a file of %i bytes as independent programs do', async (bytes) => {
    const data = randomBytes(bytes);
    fs.writeFileSync(onCard('clip'), data);
    const { mtimeNs } = fs.statSync(onCard('clip'), { bigint: true });
    const result = await engine.copy(requestFor('clip', { expected: { bytes, mtimeNs } }));
    const digests = { bytes, sha256: sha256sum(target), sm3: opensslSm3(target), fsverity: verity(data).digest };
    expect(result).toEqual({ ...digests, mtimeNs, readBack: mainMode });
    expect(fs.readFileSync(target).equals(data)).toBe(true);
    expect(fs.statSync(target).mode & 0o7777).toBe(0o444);
    expect(left()).toEqual(bytes > 4096 ? ['blocks', 'copy'] : ['copy']);
    if (bytes > 4096) {
      expect(fs.readFileSync(blocksTarget).equals(verity(data).leaves)).toBe(true);
      expect(fs.statSync(blocksTarget).mode & 0o7777).toBe(0o444);
    }
    const source = { root: Buffer.from(join(folder, 'vault')), path: Buffer.from('copy') };
    for (const reading of ['direct', 'cached'] as const) {
      expect(await engine.hash({ source, reading, sm3: true })).toMatchObject(digests);
    }
  });

  it.each(modes)('copies with read-back "%s"', async (readBack) => {
    fs.writeFileSync(onCard('clip'), randomBytes(20 * chunkBytes + 5));
    const { sha256 } = await engine.copy(requestFor('clip', { readBack, sm3: false }));
    expect(sha256).toBe(sha256sum(onCard('clip')));
    expect(sha256sum(target)).toBe(sha256);
  });

  it('copies a sparse file whose fs-verity tree has three levels', async () => {
    const bytes = 128 * 128 * 4096 + 1;
    fs.writeFileSync(onCard('sparse'), '');
    fs.truncateSync(onCard('sparse'), bytes);
    writeAt(onCard('sparse'), 30 * chunkBytes + 7, 'an island');
    const result = await engine.copy(requestFor('sparse'));
    expect(result.fsverity).toBe(verity(fs.readFileSync(onCard('sparse'))).digest);
    expect([result.sha256, result.bytes]).toEqual([sha256sum(onCard('sparse')), bytes]);
    expect(sha256sum(target)).toBe(result.sha256);
  });

  it('leaves SM3 out when it is not asked for', async () => {
    fs.writeFileSync(onCard('clip'), 'abc');
    expect((await engine.copy(requestFor('clip', { sm3: false }))).sm3).toBe('');
  });

  it('copies files with names that are not UTF-8, in nested folders', async () => {
    const name = Buffer.from([0xff, 0xfe, 0x0a, 0x27, 0x20, 0xb0, 0xa1]);
    const path = Buffer.concat([Buffer.from('-DCIM/'), name, Buffer.from('/'), name]);
    const root = Buffer.from(join(folder, 'card/'));
    fs.mkdirSync(Buffer.concat([root, Buffer.from('-DCIM/'), name]), { recursive: true });
    fs.writeFileSync(Buffer.concat([root, path]), 'abc');
    expect((await engine.copy(requestFor(path))).sha256).toBe(createHash('sha256').update('abc').digest('hex'));
    const failure = await failureOf(engine.copy(requestFor(Buffer.concat([path, Buffer.from('x')]))));
    expect(failure).toMatchObject({ code: 'ENOENT', errno: 2, side: 'source' });
    expect(failure.path).toContain('\uFFFD');
  });

  it('refuses everything but regular files below plain folders, and never waits for a FIFO', async () => {
    fs.mkdirSync(onCard('folder'));
    fs.writeFileSync(onCard('folder/clip'), 'abc');
    fs.symlinkSync('folder', onCard('link'));
    fs.symlinkSync('folder/clip', onCard('linked-clip'));
    execFileSync('mkfifo', [onCard('fifo')]);
    const server = createServer().listen(onCard('socket'));
    const refused = ['link/clip', 'linked-clip', 'fifo', 'socket', 'folder', 'folder/clip/below'];
    for (const name of refused) {
      expect(await failureOf(engine.copy(requestFor(name))), name).toMatchObject({
        code: 'SOURCE_NOT_REGULAR',
        path: onCard(name),
        side: 'source',
      });
    }
    server.close();
    const device = { root: Buffer.from('/dev'), path: Buffer.from('zero') };
    expect((await failureOf(engine.copy(requestFor('', { source: device })))).code).toBe('SOURCE_NOT_REGULAR');
    expect(left()).toEqual([]);
  });

  it('takes a path that leads out of the root for a mistake of the station', async () => {
    for (const name of ['../vault/copy', 'a//b', './a', '', '/etc/passwd', 'a\0b']) {
      await expect(engine.copy(requestFor(name))).rejects.toThrow(RangeError);
    }
  });

  it('refuses a source that is not what the inventory listed', async () => {
    fs.writeFileSync(onCard('clip'), 'abc');
    const { mtimeNs } = fs.statSync(onCard('clip'), { bigint: true });
    for (const expected of [
      { bytes: 4, mtimeNs },
      { bytes: 3, mtimeNs: mtimeNs + 1n },
    ]) {
      expect(await failureOf(engine.copy(requestFor('clip', { expected })))).toMatchObject({ code: 'SOURCE_CHANGED' });
      const request = { source: requestFor('clip').source, expected, reading: 'cached', sm3: false } as const;
      expect(await failureOf(engine.hash(request))).toMatchObject({ code: 'SOURCE_CHANGED', side: 'source' });
    }
    expect(left()).toEqual([]);
  });

  it.each([
    ['grows', () => fs.appendFileSync(onCard('long'), 'x')],
    ['shrinks', () => fs.truncateSync(onCard('long'), longBytes / 2)],
    ['is written to', () => writeAt(onCard('long'), longBytes - 1, 'x')],
    ['is removed', () => fs.unlinkSync(onCard('long'))],
    ['is replaced', () => fs.renameSync(onCard('other'), onCard('long'))],
  ])('gives up a source that %s while it is read', async (_, act) => {
    makeLong();
    fs.writeFileSync(onCard('other'), 'another file');
    expect(await failureWhen(act)).toMatchObject({ code: 'SOURCE_CHANGED', side: 'source', path: onCard('long') });
    expect(left()).toEqual([]);
  });

  it('says so when the disk gives back other bytes than were written', async () => {
    makeLong();
    let isFlipped = false;
    const onProgress = ({ phase, bytes }: CopyProgress): void => {
      if (!isFlipped && phase === 'copying' && bytes >= chunkBytes) {
        writeAt(target, 100, 'other bytes');
        isFlipped = true;
      }
    };
    const failure = await failureOf(engine.copy(requestFor('long'), { onProgress }));
    expect(isFlipped).toBe(true);
    expect(failure).toMatchObject({ code: 'READ_BACK_DIFFERS', errno: 0, side: 'target', path: target });
    expect(left()).toEqual([]);
  });

  it('leaves files alone that are already there', async () => {
    fs.writeFileSync(onCard('clip'), randomBytes(5000));
    fs.writeFileSync(blocksTarget, 'mine');
    const failure = await failureOf(engine.copy(requestFor('clip')));
    expect(failure).toMatchObject({ code: 'EEXIST', side: 'target', path: blocksTarget });
    expect(left()).toEqual(['blocks']);
    fs.renameSync(blocksTarget, target);
    expect(await failureOf(engine.copy(requestFor('clip')))).toMatchObject({ code: 'EEXIST', path: target });
    expect(fs.readFileSync(target, 'utf8')).toBe('mine');
  });

  it('says which file cannot be read', async () => {
    fs.writeFileSync(onCard('secret'), 'abc', { mode: 0 });
    for (const path of [folder, onCard('.'), join(folder, 'vault')]) {
      fs.chmodSync(path, 0o777);
    }
    const isRoot = process.geteuid?.() === 0;
    try {
      // Root may read everything, so it steps down for this one.
      if (isRoot) {
        process.seteuid?.(65534);
      }
      const failure = await failureOf(engine.copy(requestFor('secret')));
      expect(failure).toMatchObject({
        code: 'EACCES',
        errno: 13,
        syscall: 'open',
        side: 'source',
        path: onCard('secret'),
      });
      expect(left()).toEqual([]);
    } finally {
      if (isRoot) {
        process.seteuid?.(0);
      }
    }
  });

  it('ends with ENOSPC and leaves nothing when the disk is full', () => {
    fs.writeFileSync(onCard('clip'), randomBytes(9 * chunkBytes));
    expect(onFullDisk(kind, requestFor('clip', { target: join(folder, 'vault', 'copy') }))).toMatchObject({
      code: 'ENOSPC',
      errno: 28,
      side: 'target',
      left: [],
    });
  });

  it('cancels in the middle, or before it begins, and leaves nothing', async () => {
    makeLong();
    const aborter = new AbortController();
    const onProgress = (): void => aborter.abort();
    expect(await failureOf(engine.copy(requestFor('long'), { signal: aborter.signal, onProgress }))).toMatchObject({
      code: 'CANCELLED',
    });
    expect(await failureOf(engine.copy(requestFor('long'), { signal: aborter.signal }))).toMatchObject({
      code: 'CANCELLED',
      path: onCard('long'),
    });
    const soon = new AbortController();
    expect(await failureWhen(() => soon.abort(), { signal: soon.signal })).toMatchObject({ code: 'CANCELLED' });
    expect(left()).toEqual([]);
  });

  it('tells of its progress until all is read back', async () => {
    makeLong();
    const seen: CopyProgress[] = [];
    await engine.copy(requestFor('long'), { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({ phase: 'reading-back', bytes: longBytes, totalBytes: longBytes });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.every(({ totalBytes }) => totalBytes === longBytes)).toBe(true);
    const order = seen.map(({ phase, bytes }) => (phase === 'copying' ? 0 : longBytes) + bytes);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('runs several copies at once', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) {
      fs.writeFileSync(onCard(name), randomBytes(3 * chunkBytes + 1));
    }
    const copies = names.map(async (name) => {
      const to = join(folder, 'vault', name);
      const { sha256 } = await engine.copy(requestFor(name, { target: to, blocksTarget: `${to}.blocks` }));
      return [sha256, sha256sum(to)];
    });
    expect(await Promise.all(copies)).toEqual(names.map((name) => [sha256sum(onCard(name)), sha256sum(onCard(name))]));
  });

  it('names the blocks that differ from the blocks file', async () => {
    fs.writeFileSync(onCard('clip'), randomBytes(400 * 4096 + 1));
    await engine.copy(requestFor('clip'));
    fs.chmodSync(target, 0o600);
    const compare = async (blocksFile = blocksTarget): Promise<unknown> => {
      const source = { root: Buffer.from(join(folder, 'vault')), path: Buffer.from('copy') };
      return (await engine.hash({ source, reading: 'direct', sm3: false, blocksFile })).blocks;
    };
    expect(await compare()).toEqual({ state: 'equal', ranges: [] });
    expect(await compare(`${blocksTarget}-not`)).toEqual({ state: 'missing', ranges: [] });
    for (const block of [7, 300, 301, 400]) {
      flipAt(target, block * 4096);
    }
    const ranges = [
      [7, 7],
      [300, 301],
      [400, 400],
    ];
    expect(await compare()).toEqual({ state: 'differ', ranges });
    for (let block = 0; block < 400; block += 2) {
      flipAt(target, block * 4096 + 1);
    }
    expect(await compare()).toMatchObject({ state: 'differ', ranges: { length: 64 } });
    fs.chmodSync(blocksTarget, 0o600);
    fs.truncateSync(blocksTarget, 401 * 32 - 1);
    expect(await compare()).toEqual({ state: 'malformed', ranges: [] });
  });

  it('knows what the file system of a folder can do', async () => {
    expect(await engine.probeReadBack(folder)).toEqual(ability);
    expect(fs.readdirSync(folder)).toEqual(['card', 'vault']);
    if (fs.statfsSync('/dev/shm').type === 0x0102_1994) {
      expect(await engine.probeReadBack('/dev/shm')).toEqual({ mode: 'memory-fs', fileSystem: 'tmpfs' });
    }
    expect(await failureOf(engine.probeReadBack(join(folder, 'nowhere')))).toMatchObject({
      code: 'ENOENT',
      side: 'target',
    });
  });
});

describe('the native addon', () => {
  it('says who is at the other end of a Unix socket', async () => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'evidock-peer-'));
    const server = createServer().listen(join(folder, 'socket'));
    const accepted = once(server, 'connection') as Promise<[Socket & { readonly _handle: { readonly fd: number } }]>;
    const client = connect(join(folder, 'socket'));
    const [{ _handle: handle }] = await accepted;
    const { pid, geteuid, getegid } = process;
    expect(peerCredentials(handle.fd)).toEqual({ pid, uid: geteuid?.(), gid: getegid?.() });
    expect(() => peerCredentials(99_999)).toThrow(expect.objectContaining({ code: 'EBADF', syscall: 'getsockopt' }));
    client.destroy();
    server.close();
    fs.rmSync(folder, { recursive: true });
  });

  it('names the script that builds it when it is missing, and nothing takes its place', () => {
    const folder = fs.mkdtempSync(join(tmpdir(), 'evidock-unbuilt-'));
    const src = join(import.meta.dirname, '../../src');
    for (const room of ['domain', 'intake/engine']) {
      fs.cpSync(join(src, room), join(folder, 'src', room), { recursive: true });
    }
    const script = `import(process.argv[1]).then(({ createCopyEngine }) => createCopyEngine('native'))
      .catch(({ code, next }) => console.log(code, next));`;
    const url = join(folder, 'src/intake/engine/create-engine.ts');
    const said = execFileSync(process.execPath, ['--no-warnings', '-e', script, url], { encoding: 'utf8' });
    fs.rmSync(folder, { recursive: true });
    expect(said).toBe('engine-not-built Run scripts/setup.\n');
  });
});

function sha256sum(path: string): string {
  return execFileSync('sha256sum', [path], { encoding: 'utf8' }).slice(0, 64);
}

function opensslSm3(path: string): string {
  return execFileSync('openssl', ['dgst', '-sm3', '-r', path], { encoding: 'utf8' }).slice(0, 64);
}

/** The fs-verity digest and leaf hashes, level by level over the whole file: slow, plain, and nobody else's code. */
function verity(data: Buffer): { digest: string; leaves: Buffer } {
  const hash = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
  const hashBlocks = (bytes: Buffer): Buffer => {
    const hashes: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += 4096) {
      hashes.push(hash(Buffer.concat([bytes.subarray(at, at + 4096)], 4096)));
    }
    return Buffer.concat(hashes);
  };
  const leaves = hashBlocks(data);
  let level = leaves;
  while (level.length > 32) {
    level = hashBlocks(level);
  }
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(data.length));
  const descriptor = Buffer.concat([Buffer.from([1, 1, 12, 0, 0, 0, 0, 0]), size, level], 256);
  return { digest: hash(descriptor).toString('hex'), leaves };
}

function writeAt(path: string, position: number, text: string): void {
  const fd = fs.openSync(path, 'r+');
  fs.writeSync(fd, text, position);
  fs.fsyncSync(fd);
  fs.closeSync(fd);
}

function flipAt(path: string, position: number): void {
  const fd = fs.openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  fs.readSync(fd, byte, 0, 1, position);
  fs.writeSync(fd, Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, position);
  fs.fsyncSync(fd);
  fs.closeSync(fd);
}

/**
 * Runs the copy in a process whose vault is a file system of 4 MiB, in a mount namespace of its own. Where neither
 * root nor a user namespace may mount, strace makes the writes fail instead, so that the test always says something.
 */
function onFullDisk(kind: CopyEngine['name'], request: CopyRequest): unknown {
  const script = `
    const [engineUrl, kind, root, path, target, readBack] = process.argv.slice(1);
    const { createCopyEngine } = await import(engineUrl);
    const { readdirSync } = await import('node:fs');
    const source = { root: Buffer.from(root), path: Buffer.from(path) };
    const request = { source, target, blocksTarget: target + '.blocks', readBack, sm3: true };
    const left = () => readdirSync(target.slice(0, target.lastIndexOf('/')));
    await createCopyEngine(kind).copy(request).then(
      () => console.log('{"code":"none"}'),
      (error) => console.log(JSON.stringify({ ...error, left: left() })),
    );`;
  const engineUrl = new URL('../../src/intake/engine/create-engine.ts', import.meta.url).href;
  const { source, target } = request;
  const command = (readBack: ReadBackMode): string[] =>
    [process.execPath, '--input-type=module', '-e', script, engineUrl].concat([
      kind,
      Buffer.from(source.root).toString(),
      Buffer.from(source.path).toString(),
      target,
      readBack,
    ]);
  const vault = target.slice(0, target.lastIndexOf('/'));
  const asRoot = process.geteuid?.() === 0 ? [] : ['--map-root-user'];
  const mount = 'mount -t tmpfs -o size=4m none "$0" || exit 90; exec "$@"';
  const mounted = spawnSync('unshare', [...asRoot, '--mount', 'sh', '-c', mount, vault, ...command('memory-fs')]);
  if (mounted.status === 0) {
    return JSON.parse(mounted.stdout.toString());
  }
  const calls = ['-e', 'trace=fallocate,pwrite64', '-e', 'inject=fallocate,pwrite64:error=ENOSPC'];
  const options = ['-f', '-qq', '-o', '/dev/null', '-P', target, ...calls];
  return JSON.parse(execFileSync('strace', [...options, ...command(mainMode)], { encoding: 'utf8' }));
}
