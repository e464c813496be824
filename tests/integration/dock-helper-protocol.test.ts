/**
 * Goal: whatever arrives on the helper's socket, and whoever sends it, the helper answers plainly or hangs up, and goes
 * on serving the others; and it does not start where it could not keep its promises. Raw bytes, no client of ours.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HelperReply, ReplyReader, requestFrame } from '../../src/dock/usb/helper-frames.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { helperProgram, helperUid, run, stageSockets } from '../support/dock-helper-stage.ts';

let folder: string;
let socketPath: string;
let helper: ChildProcess;

beforeAll(async () => {
  run('scripts/build-native', []);
  folder = makeDiskFolder();
  socketPath = join(folder, 'helper.sock');
  writeFileSync(join(folder, 'sockets'), stageSockets, { mode: 0o644 });
  helper = spawn(helperProgram, words(), { stdio: ['ignore', 'ignore', 'ignore'] });
  for (let tries = 0; !existsSync(socketPath) && tries < 200; tries += 1) await pause(20);
});

afterAll(async () => {
  const ended = once(helper, 'exit');
  helper.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  removeFolder(folder);
});

function words(): string[] {
  const owner = ['--uid', String(helperUid), '--gid', String(helperUid)];
  return [
    '--listen',
    socketPath,
    '--root',
    join(folder, 'made', 'root'),
    ...owner,
    '--sockets',
    join(folder, 'sockets'),
  ];
}

/** One raw connection and what came out of it. */
class Peer {
  readonly replies: HelperReply[] = [];
  isClosed = false;
  readonly #reader = new ReplyReader();
  readonly socket: Socket;

  constructor() {
    this.socket = createConnection(socketPath);
    this.socket.on('data', (piece) => this.replies.push(...this.#reader.take(Buffer.from(piece))));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.isClosed = true;
    });
  }

  send(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  async until(holds: () => boolean): Promise<void> {
    for (let tries = 0; !holds() && tries < 400; tries += 1) await pause(10);
    expect(holds()).toBe(true);
  }

  async end(): Promise<void> {
    this.socket.destroy();
    // A slot of the helper is free again when it has noticed.
    await pause(20);
  }
}

const hello = (id: number): Buffer => requestFrame(id, ['hello', '1']);

/** The words of a reply. */
const say = (reply: HelperReply | undefined): string =>
  [reply?.kind, ...(reply?.fields.slice(0, 1).map(String) ?? [])].join(' ');

async function isServing(): Promise<void> {
  const peer = new Peer();
  peer.send(hello(7));
  await peer.until(() => peer.replies.length === 1);
  expect(peer.replies[0]).toMatchObject({ id: 7, kind: 'ok' });
  await peer.end();
}

describe('frames', () => {
  test('in any pieces are put together, and each request is answered with its id', async () => {
    const peer = new Peer();
    for (const byte of hello(1)) {
      peer.send(Uint8Array.of(byte));
      await pause(1);
    }
    peer.send(Buffer.concat([hello(2), hello(3), hello(4).subarray(0, 9)]));
    await peer.until(() => peer.replies.length === 3);
    expect(peer.replies.map(({ id, kind }) => `${id} ${kind}`).sort()).toEqual(['1 ok', '2 ok', '3 ok']);
    peer.send(hello(4).subarray(9));
    await peer.until(() => peer.replies.length === 4);
    await peer.end();
  });

  test('that are too long or empty end the connection at once', async () => {
    for (const length of [0, 4609, 65_536, 0x7fffffff, 0xffffffff]) {
      const peer = new Peer();
      const head = Buffer.alloc(4);
      head.writeUInt32BE(length);
      peer.send(head);
      await peer.until(() => peer.isClosed);
      expect(peer.replies).toEqual([]);
    }
    await isServing();
  });

  test('with broken fields are told so and end the connection', async () => {
    for (const payload of [[0], [0, 5, 1], [0, 1, 0x31], [0, 1, 0x78, 0, 0], Array.from({ length: 20 }, () => 0)]) {
      const peer = new Peer();
      peer.send(Buffer.concat([Buffer.from([0, 0, 0, payload.length]), Buffer.from(payload)]));
      await peer.until(() => peer.isClosed);
      expect(say(peer.replies[0])).toBe('refused bad-request');
    }
    await isServing();
  });

  test('with verbs that do not exist or too few or many arguments are refused, and the connection goes on', async () => {
    const peer = new Peer();
    const wrong = [
      ['shell', 'sh'],
      ['MOUNT'],
      ['mount\0', 'sda'],
      [''],
      ['left-mounts', 'x'],
      ['mount', 'sda'],
      ['hello'],
      ['read-device', 'sda', '0'],
    ];
    for (const [at, fields] of wrong.entries()) peer.send(requestFrame(at + 1, fields));
    peer.send(requestFrame(90, ['hello', '2']));
    await peer.until(() => peer.replies.length === wrong.length + 1);
    const said = new Map(peer.replies.map((reply) => [reply.id, say(reply)]));
    expect([1, 2, 3, 4].map((id) => said.get(id))).toEqual(Array(4).fill('refused unknown-verb'));
    expect([5, 6, 7, 8].map((id) => said.get(id))).toEqual(Array(4).fill('refused bad-argument'));
    expect(said.get(90)).toBe('refused version');
    await peer.end();
  });

  test('of noise never stop the helper', async () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }).map((fields) => requestFrame(1, fields)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(noise, { maxLength: 5 }), async (pieces) => {
        const peer = new Peer();
        for (const piece of pieces) peer.send(piece);
        peer.socket.end();
        await peer.until(() => peer.isClosed);
      }),
      { numRuns: 100 },
    );
    await isServing();
    expect(helper.exitCode).toBeNull();
  });
});

describe('a peer', () => {
  test('that floods without reading is slowed down and cut off, while another is served', async () => {
    const flood = new Peer();
    flood.socket.pause();
    const frames = Buffer.concat(Array.from({ length: 2000 }, (_, at) => hello(at + 1)));
    for (let times = 0; times < 40; times += 1) flood.send(frames);
    await isServing();
    flood.socket.resume();
    await flood.until(() => flood.isClosed || flood.replies.length === 80_000);
    await flood.end();
    await isServing();
  });

  test('that begins a frame and says no more does not keep the others waiting', async () => {
    const half = new Peer();
    half.send(hello(1).subarray(0, 6));
    await isServing();
    await half.end();
  });

  test('beyond the fourth is refused until one goes', async () => {
    const peers = [new Peer(), new Peer(), new Peer(), new Peer()];
    for (const peer of peers) peer.send(hello(1));
    for (const peer of peers) await peer.until(() => peer.replies.length === 1);
    const fifth = new Peer();
    await fifth.until(() => fifth.isClosed);
    expect(say(fifth.replies[0])).toBe('refused limit');
    for (const peer of peers) await peer.end();
    await isServing();
  });

  test('with another uid is refused, also one of the right group', () => {
    // Only listens: whoever writes first may learn of the hang-up before the reply.
    const script = `const s = require('node:net').createConnection(process.argv[1]);
      s.on('data', (d) => process.stdout.write(d)); s.on('error', (e) => console.log(e.code));`;
    const say = (uid: number): string =>
      run('setpriv', [
        ...[`--reuid=${uid}`, `--regid=${helperUid}`, '--clear-groups', 'timeout', '5', process.execPath],
        ...['-e', script, socketPath],
      ]);
    expect(say(helperUid + 1)).toContain('peer-refused');
    const others = spawnSync('setpriv', [
      ...['--reuid=65534', '--regid=65534', '--clear-groups', process.execPath, '-e', script, socketPath],
    ]);
    expect(String(others.stdout)).toContain('EACCES');
  });
});

describe('the helper does not start', () => {
  const start = (change: (list: string[]) => string[], before: readonly string[] = []) => {
    const list = [
      ...before,
      helperProgram,
      ...change(words().map((word) => (word === socketPath ? `${word}.2` : word))),
    ];
    const [program = '', ...rest] = list;
    const { status, stderr } = spawnSync(program, rest, { encoding: 'utf8', timeout: 10_000 });
    return `${status} ${stderr
      .trimEnd()
      .split('\n')
      .at(status === 2 ? 0 : -1)}`;
  };
  const set = (name: string, value: string) => (list: string[]) => {
    const at = list.indexOf(name) + 1;
    return list.map((word, index) => (index === at ? value : word));
  };

  test('with arguments that say less or more than is needed', () => {
    expect(start(() => [])).toMatch(/^2 Usage/);
    expect(start((list) => list.slice(0, -1))).toMatch(/^2 /);
    expect(start((list) => [...list, '--fd3'])).toMatch(/^2 /);
    expect(start((list) => [...list, '--verbose'])).toMatch(/^2 /);
    expect(start(set('--uid', '-1'))).toMatch(/^2 /);
    expect(start(set('--root', '/run/../tmp/x'))).toMatch(/^2 /);
    expect(start(set('--root', 'relative'))).toMatch(/^2 /);
  });

  test('with every USB socket, but in a laboratory', () => {
    expect(start((list) => [...list.slice(0, -2), '--any-usb-socket'])).toMatch(/^2 /);
    expect(start((list) => [...list, '--lab', '--any-usb-socket'])).toMatch(/^2 /);
  });

  test('when it is not root', () => {
    expect(start((list) => list, ['setpriv', '--reuid=65534', '--clear-groups'])).toMatch(/^3 .*must run as root/);
  });

  test('with a list of sockets that others may write, or that has a mistake, or none', () => {
    const file = join(folder, 'open-sockets');
    writeFileSync(file, stageSockets);
    chmodSync(file, 0o666);
    expect(start(set('--sockets', file))).toMatch(/^3 .*root/);
    chmodSync(file, 0o644);
    for (const line of [
      '3-1.2',
      '/platform/x/usb2/1',
      'platform/x/usb4/1',
      'platform/x/usb3/1.',
      'a b/usb2/1',
      'x/usb2/1/2',
    ]) {
      writeFileSync(file, `# dock\n${line}\n`);
      expect(start(set('--sockets', file))).toMatch(/^3 .*line 2 is no socket/);
    }
    expect(start(set('--sockets', `${file}.none`))).toMatch(/^3 /);
  });

  test('with a root for mounts that others could replace', () => {
    const theirs = join(folder, 'theirs');
    mkdirSync(theirs);
    chmodSync(theirs, 0o777);
    expect(start(set('--root', join(theirs, 'mounts')))).toMatch(/^3 .*must be root's/);
    run('ln', ['-s', '/run', join(folder, 'link')]);
    expect(start(set('--root', join(folder, 'link', 'mounts')))).toMatch(/^3 /);
  });
});

test('where a path of sysfs lies in the dock is explained', () => {
  const explain = (path: string): string => {
    const list = ['--explain', path, '--sockets', join(folder, 'sockets')];
    return spawnSync(helperProgram, list, { encoding: 'utf8' }).stdout.trim();
  };
  const hcd = '/sys/devices/platform/dummy_hcd.0/usb3';
  const disk = 'host0/target0:0:0/0:0:0:0/block/sda';
  const side3 = (path: string): string => explain(path).split('\n')[1] ?? explain(path);
  expect(side3(`${hcd}/3-1/3-1:1.0/${disk}`)).toBe('platform/dummy_hcd.0/usb3/1: a socket of the dock');
  expect(side3(`${hcd}/3-5/3-5.7/3-5.7:1.0/${disk}`)).toBe('platform/dummy_hcd.0/usb3/5.7: a socket of the dock');
  expect(side3(`${hcd}/3-5/3-5:1.0`)).toBe('platform/dummy_hcd.0/usb3/5: on the way to a socket of the dock');
  // A hub in a recorder's socket, another controller, another port.
  expect(side3(`${hcd}/3-1/3-1.1/3-1.1:1.0/${disk}`)).toMatch(/1\.1: not of the dock$/);
  expect(side3('/sys/devices/platform/dummy_hcd.1/usb3/3-1/3-1:1.0')).toMatch(/not of the dock$/);
  expect(side3(`${hcd}/3-12/3-12:1.0/${disk}`)).toMatch(/12: not of the dock$/);
  for (const path of [
    '/sys/devices/pci0000:00/0000:00:01.0/ata1/host0/target0:0:0/0:0:0:0/block/sda',
    '/sys/devices/virtual/block/loop0',
    '/sys/devices/usb3/3-1/3-1:1.0',
    `${hcd}/../../../../../etc/passwd`,
    `${hcd}/3-1/../3-9/3-9:1.0/${disk}`,
    `${hcd}/4-1/4-1:1.0/${disk}`,
    `${hcd}/3-1/3-2.1/3-2.1:1.0/${disk}`.replace('3-2.1/', '3-2.1//'),
    '',
  ]) {
    expect(explain(path)).toBe('not below a USB port');
  }
});
