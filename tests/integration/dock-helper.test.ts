/**
 * Goal: the privileged helper does what its verbs say on a real kernel, refuses every device that is not in a socket of
 * the dock, leaves nothing mounted or writable, and its death is noticed and mended. Runs as root, as in CI.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { HelperClient } from '../../src/dock/usb/helper-client.ts';
import type { CardFileSystem } from '../../src/dock/usb/ports.ts';
import { StationError } from '../../src/domain/errors.ts';
import {
  type DockHelperStage,
  helperUid,
  openDockHelperStage,
  run,
  stageSockets,
} from '../support/dock-helper-stage.ts';

let stage: DockHelperStage;
const clients: HelperClient[] = [];
const lines: string[] = [];
const log = {
  info: (_facts: object, message: string) => void lines.push(message),
  warn: (_facts: object, message: string) => void lines.push(message),
  error: (_facts: object, message: string) => void lines.push(message),
};

function newClient(command = stage.command, monotonicMs: () => number = () => performance.now()): HelperClient {
  const client = new HelperClient({ place: { kind: 'child', command }, log, monotonicMs });
  clients.push(client);
  return client;
}

const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** The code of the StationError and the helper's own word. */
async function trouble(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    const { cause } = error;
    return `${error.code} ${cause instanceof Error && 'code' in cause ? String(cause.code) : ''}`.trim();
  }
  return 'ok';
}

const card = (device: string, writable = false, fileSystem: CardFileSystem = 'ext4') => ({
  device,
  fileSystem,
  timeOffsetMinutes: 480,
  writable,
});

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds() && tries < 200; tries += 1) await pause(25);
  expect(holds()).toBe(true);
}

beforeAll(async () => {
  run('scripts/build-native', []);
  stage = await openDockHelperStage();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(() => stage?.end());

describe('a card', () => {
  test('is mounted only after it was made read-only, and as asked', async () => {
    const client = newClient();
    expect(await trouble(client.mount(card('sda')))).toBe('helper-refused not-read-only');
    await client.setReadOnly('sda');
    expect(stage.isReadOnly('sda')).toBe(true);
    expect(await client.identify('sda')).toMatchObject({ fileSystem: 'ext4', label: 'whole' });
    const { path, options } = await client.mount(card('sda'));
    expect(options).toBe('ro,nosuid,nodev,noexec,noatime,nosymfollow,noload,errors=remount-ro');
    expect(await client.leftMounts()).toEqual([path]);
    expect(stage.mounts()).toEqual([path]);
    expect(existsSync(stage.path(`${path}/lost+found`))).toBe(true);
    expect(() => writeFileSync(stage.path(`${path}/x`), 'x')).toThrow('EROFS');
    expect(await trouble(client.mount(card('sda')))).toBe('helper-refused already-mounted');
    await client.unmount(path);
    await client.unmount(path);
    expect(existsSync(stage.path(path))).toBe(false);
    expect(stage.mounts()).toEqual([]);
  });

  test('is the same to the last bit after a docking, even one that was pulled out while it was written', async () => {
    // Copied while mounted: its journal asks for a recovery, which would write.
    const folder = `${stage.folder}/dirty`;
    mkdirSync(folder);
    const image = `${folder}.img`;
    run('truncate', ['--size=16M', image]);
    run('mkfs.ext4', ['-q', image]);
    const script = 'mount -o loop "$1" "$2" && echo clip > "$2/clip" && sync && cp "$1" "$3" && umount "$2"';
    run('unshare', ['--mount', 'sh', '-c', script, 'sh', image, folder, stage.wholeImage]);
    run('blockdev', ['--flushbufs', run('losetup', ['-j', stage.wholeImage]).split(':')[0] ?? '']);
    expect(run('dumpe2fs', ['-h', stage.wholeImage])).toContain('needs_recovery');
    const before = digest(stage.wholeImage);
    const client = newClient();
    await client.setReadOnly('sda');
    const { path } = await client.mount(card('sda'));
    await client.unmount(path);
    expect(digest(stage.wholeImage)).toBe(before);
  });

  test('gives its own bytes past the file system, only while it is read-only, never fewer than asked', async () => {
    const client = newClient();
    const read = (offset: number, length: number, device = 'sda') => client.readDevice({ device, offset, length });
    run('blockdev', ['--setrw', run('losetup', ['-j', stage.wholeImage]).split(':')[0] ?? '']);
    expect(await trouble(read(0, 4096))).toBe('helper-refused not-read-only');
    await client.setReadOnly('sda');
    const image = readFileSync(stage.wholeImage);
    for (const [offset, length] of [
      [0, 512],
      [1024, 61_440],
      [image.length - 61_440, 61_440],
      [image.length - 512, 512],
    ] as const) {
      const { bytes, deviceBytes } = await read(offset, length);
      expect(deviceBytes).toBe(image.length);
      expect(image.subarray(offset, offset + length).equals(bytes)).toBe(true);
    }
    // Its end is never told by fewer bytes, and nothing else is a place on it.
    expect(await trouble(read(image.length, 512))).toBe('helper-refused beyond-device');
    expect(await trouble(read(image.length - 512, 1024))).toBe('helper-refused beyond-device');
    for (const [offset, length] of [
      [1, 512],
      [0, 513],
      [0, 0],
      [0, 61_952],
      [-512, 512],
      [1e16, 512],
    ] as const) {
      expect(await trouble(read(offset, length))).toBe('helper-refused bad-argument');
    }
    for (const device of ['sdc', 'sdd', 'sg0', '../sda', 'sda2'])
      expect(await trouble(read(0, 512, device))).not.toBe('ok');
    expect(lines.filter((line) => line.includes('read-device sda: ok'))).toEqual([]);
  });

  test('that lost bytes behind its back gives the medium, not the cache', async () => {
    const client = newClient();
    await client.setReadOnly('sda');
    const before = await client.readDevice({ device: 'sda', offset: 8192, length: 4096 });
    const handle = openSync(stage.wholeImage, 'r+');
    writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, 8192);
    closeSync(handle);
    const after = await client.readDevice({ device: 'sda', offset: 8192, length: 4096 });
    expect(Buffer.from(after.bytes).equals(Buffer.alloc(4096, 0x5a))).toBe(true);
    const again = openSync(stage.wholeImage, 'r+');
    writeSync(again, before.bytes, 0, 4096, 8192);
    closeSync(again);
  });

  test('with a wrong file system is not mounted, and leaves no folder', async () => {
    const client = newClient();
    await client.setReadOnly('sdb');
    expect(await client.identify('sdb')).toBeNull();
    expect(await trouble(client.mount(card('sdb')))).toBe('helper-failed mount-failed');
    expect(await client.leftMounts()).toEqual([]);
    expect(run('find', [stage.root, '-mindepth', '1'])).toBe('');
  });

  test('is writable for one mount of the connection that asked, and read-only again after it', async () => {
    const client = newClient();
    const other = newClient();
    await client.setReadOnly('sdb1');
    expect([stage.isReadOnly('sdb'), stage.isReadOnly('sdb1')]).toEqual([true, true]);
    expect(await trouble(client.mount(card('sdb1', true)))).toBe('helper-refused not-writable');
    await client.setWritable('sdb1');
    expect(stage.isReadOnly('sdb1')).toBe(false);
    expect(await trouble(client.mount(card('sdb1')))).toBe('helper-refused not-read-only');
    expect(await trouble(client.setWritable('sdb'))).toBe('helper-refused busy');
    expect(await trouble(other.mount(card('sdb1', true)))).toBe('helper-refused not-granted');
    const { path } = await client.mount(card('sdb1', true));
    expect(await trouble(client.setReadOnly('sdb'))).toBe('helper-refused mounted-writable');
    writeFileSync(stage.path(`${path}/left`), 'written');
    await client.unmount(path);
    expect([stage.isReadOnly('sdb'), stage.isReadOnly('sdb1')]).toEqual([true, true]);
    expect(await trouble(client.mount(card('sdb1', true)))).toBe('helper-refused not-writable');
    const again = await client.mount(card('sdb1'));
    expect(readFileSync(stage.path(`${again.path}/left`), 'utf8')).toBe('written');
    expect(await trouble(client.setWritable('sdb1'))).toBe('helper-refused already-mounted');
  });

  test('with an open file is let go lazily; a writable one is then no success', async () => {
    const client = newClient();
    await client.setReadOnly('sdb1');
    const first = await client.mount(card('sdb1'));
    const reading = openSync(stage.path(`${first.path}/lost+found`), 'r');
    lines.length = 0;
    await client.unmount(first.path);
    expect(lines.join('\n')).toContain('unmounted lazily');
    closeSync(reading);
    await client.setWritable('sdb1');
    const second = await client.mount(card('sdb1', true));
    const writing = openSync(stage.path(`${second.path}/open`), 'w');
    expect(await trouble(client.unmount(second.path))).toBe('helper-failed flush-failed');
    expect(stage.mounts()).toEqual([]);
    closeSync(writing);
    await until(() => stage.isReadOnly('sdb1'));
  });
});

describe('the end', () => {
  test('of the connection unmounts and locks what it left, and ends the helper', async () => {
    const client = newClient();
    await client.setReadOnly('sda');
    await client.mount(card('sda'));
    await client.setWritable('sdb1');
    await client.mount(card('sdb1', true));
    expect(stage.mounts()).toHaveLength(2);
    await client.close();
    await until(() => stage.helpers().length === 0);
    expect(stage.mounts()).toEqual([]);
    expect(stage.isReadOnly('sdb1')).toBe(true);
    expect(run('find', [stage.root, '-mindepth', '1'])).toBe('');
  });

  test('of the helper by kill is told, the next request starts it again and finds the mounts that are left', async () => {
    const client = newClient();
    await client.setReadOnly('sda');
    const { path } = await client.mount(card('sda'));
    for (const pid of stage.helpers()) process.kill(pid, 'SIGKILL');
    await until(() => stage.helpers().length === 0);
    expect(stage.mounts()).toEqual([path]);
    const tries = [await trouble(client.leftMounts()), await trouble(client.leftMounts())];
    expect(tries).toContain('ok');
    expect(await client.leftMounts()).toEqual([path]);
    await client.unmount(path);
    expect(stage.mounts()).toEqual([]);
  });

  test('again and again is given up after five starts in a minute, with the command that mends it', async () => {
    let nowMs = 0;
    const client = newClient(['sh', '-c', 'exit 3'], () => nowMs);
    const errors: unknown[] = [];
    for (let tries = 0; tries < 6; tries += 1) errors.push(await client.leftMounts().catch((error: unknown) => error));
    expect(errors[0]).toMatchObject({
      code: 'helper-unavailable',
      next: expect.stringContaining('scripts/build-native'),
    });
    expect(String(errors[0])).toContain('exit code 3');
    expect(String(errors[5])).toContain('5 times within a minute');
    nowMs = 61_000;
    expect(String(await client.leftMounts().catch((error: unknown) => error))).toContain('exit code 3');
  });

  test('of a program that is not there is the same trouble', async () => {
    expect(await trouble(newClient(['/nowhere/evidock-dock-helper']).leftMounts())).toMatch(/^helper-unavailable/);
    const socket = new HelperClient({
      place: { kind: 'socket', path: `${stage.folder}/nobody.sock` },
      log,
      monotonicMs: () => performance.now(),
    });
    await expect(socket.leftMounts()).rejects.toMatchObject({
      code: 'helper-unavailable',
      next: expect.stringContaining('systemctl restart evidock-dock-helper'),
    });
    await socket.close();
  });
});

describe('refused', () => {
  test('is every device that is not plainly in a socket of the dock', async () => {
    const client = newClient();
    for (const verb of ['setReadOnly', 'setWritable', 'identify'] as const) {
      for (const name of [
        '',
        'loop0',
        'vda',
        '../sda',
        'sda/..',
        'sda\0',
        'sd',
        'SDA',
        'sda1a',
        'nvme0n1',
        'sdaaaaa',
      ]) {
        expect([verb, name, await trouble(client[verb](name))]).toEqual([verb, name, 'helper-refused bad-argument']);
      }
      expect(await trouble(client[verb]('sdc'))).toBe('helper-refused not-calibrated');
      expect(await trouble(client[verb]('sdd'))).toBe('helper-refused not-usb');
      expect(await trouble(client[verb]('sde'))).toBe('helper-failed device-changed');
      expect(await trouble(client[verb]('sdf'))).toBe('helper-failed device-failed');
      expect(await trouble(client[verb]('sdz'))).toBe('helper-failed device-gone');
    }
  });

  test('are mounts with strange arguments, and unmounting what is not the helper’s', async () => {
    const client = newClient();
    for (const [device, type, minutes] of [
      ['sda', 'ext4,exec', 0],
      ['sda', 'proc', 0],
      ['sda', 'vfat', 1441],
      ['sda', 'vfat', 1.5],
      ['sda', 'vfat', Number.NaN],
    ] as const) {
      const wish = { device, fileSystem: type as CardFileSystem, timeOffsetMinutes: minutes, writable: false };
      expect(await trouble(client.mount(wish))).toBe('helper-refused bad-argument');
    }
    const name = 'card-0123456789abcdef';
    for (const path of [
      '/',
      '/proc',
      stage.root,
      `${stage.root}/../${name}`,
      `/tmp/${name}`,
      `${stage.root}/${name}/`,
    ]) {
      expect(await trouble(client.unmount(path))).toBe('helper-refused bad-argument');
    }
    expect(await trouble(client.unmount(`${stage.root}/${name}`))).toBe('ok');
  });

  test('are SCSI commands that are not on the list', async () => {
    const client = newClient();
    const ask = (opcode: number, more: object = {}) =>
      trouble(
        client.scsi({
          ...{ generic: 'sg0', command: Uint8Array.of(opcode, 0, 0, 0, 0, 0), direction: 'none', timeoutMs: 1000 },
          ...more,
        }),
      );
    for (const opcode of [0x00, 0x04, 0x2a, 0x3b, 0x85, 0xa1, 0xfc, 0xff]) {
      expect(await ask(opcode)).toBe('helper-refused opcode-refused');
    }
    expect(await ask(0xfd, { direction: 'to-device', data: new Uint8Array(4) })).toBe('helper-refused opcode-refused');
    expect(await ask(0x12, { direction: 'to-device', data: new Uint8Array(4) })).toBe('helper-refused opcode-refused');
    expect(await ask(0xfd, { command: new Uint8Array(7) })).toBe('helper-refused bad-argument');
    expect(await ask(0xfd, { command: new Uint8Array() })).toBe('helper-refused bad-argument');
    expect(await ask(0xfd, { direction: 'from-device', length: 4097 })).toBe('helper-refused bad-argument');
    expect(await ask(0xfb, { direction: 'to-device', data: new Uint8Array(4097) })).toBe('helper-refused');
    expect(await ask(0xfd, { timeoutMs: 11_000 })).toBe('helper-refused bad-argument');
    expect(await ask(0xfd, { generic: 'sda' })).toBe('helper-refused bad-argument');
    expect(await ask(0xfd, { generic: 'sg7' })).toBe('helper-failed device-gone');
    // Allowed, and then the stage's node is no SCSI device.
    expect(await ask(0xfd)).toBe('helper-failed scsi-failed');
  });

  test('are interfaces of other classes and places; a disk and the hub before the dock get their driver', async () => {
    const client = newClient();
    for (const name of ['3-1', '3-1:1.0/../x', 'usb3', '3-1:1', '../3-1:1.0', '3-1:1.0\n']) {
      expect(await trouble(client.authorise(name))).toBe('helper-refused bad-argument');
    }
    expect(await trouble(client.authorise('3-1:1.1'))).toBe('helper-refused class-refused');
    expect(await trouble(client.authorise('3-9:1.0'))).toBe('helper-refused not-calibrated');
    expect(await trouble(client.authorise('3-7:1.0'))).toBe('helper-failed device-gone');
    const read = (path: string) => readFileSync(stage.path(path), 'utf8').trim();
    const authorised = (name: string) => read(`/sys/bus/usb/devices/${name}/authorized`);
    for (const name of ['3-1:1.0', '3-1:1.2', '3-5:1.0']) await client.authorise(name);
    expect(['3-1:1.0', '3-1:1.2', '3-5:1.0', '3-9:1.0'].map(authorised)).toEqual(['1', '1', '1', '0']);
    expect(read('/sys/bus/usb/drivers/usb-storage/bind')).toBe('3-1:1.0');
    expect(read('/sys/bus/usb/drivers/hub/bind')).toBe('3-5:1.0');
    // At its start: nothing is allowed by default, and the keyboard that was there lost what it had.
    expect(read('/sys/bus/usb/devices/usb3/interface_authorized_default')).toBe('0');
    expect(authorised('3-1:1.1')).toBe('0');
  });
});

test('the running helper has two capabilities, a filter of system calls and nothing inherited', async () => {
  const client = newClient();
  await client.leftMounts();
  const [pid] = stage.helpers();
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  for (const set of ['CapEff', 'CapPrm', 'CapBnd'])
    expect(status).toMatch(new RegExp(`^${set}:\\s0000000000220000$`, 'm'));
  expect(status).toMatch(/^CapInh:\s0+$/m);
  expect(status).toMatch(/^NoNewPrivs:\s1$/m);
  expect(status).toMatch(/^Seccomp:\s2$/m);
  const links = run('find', [`/proc/${pid}/fd`, '-type', 'l', '-printf', '%f %l\\n'])
    .trim()
    .split('\n');
  // Standard descriptors, the connection, the signals, the wake-up; the log is a pipe or socket of the daemon.
  expect(links).toHaveLength(6);
  expect(statSync(stage.root)).toMatchObject({ uid: 0, gid: helperUid });
  expect(statSync(stage.root).mode & 0o777).toBe(0o750);
});

test('the list of sockets is read again on SIGHUP; one with a mistake is not taken', async () => {
  const client = newClient();
  expect(await trouble(client.identify('sdc'))).toBe('helper-refused not-calibrated');
  const tell = async (text: string): Promise<void> => {
    writeFileSync(stage.socketsFile, text);
    for (const pid of stage.helpers()) process.kill(pid, 'SIGHUP');
  };
  await tell(`${stageSockets}platform/dummy_hcd.0/usb3/9\n`);
  for (let tries = 0; tries < 100 && (await trouble(client.identify('sdc'))) !== 'ok'; tries += 1) await pause(20);
  expect(await trouble(client.identify('sdc'))).toBe('ok');
  lines.length = 0;
  await tell('platform/dummy_hcd.0/usb3/../..\n');
  await until(() => lines.some((line) => line.includes('is no socket')));
  expect(await trouble(client.identify('sdc'))).toBe('ok');
  await tell(stageSockets);
});
