/**
 * Goal: the local socket carries a call whole, however it arrives, and nobody at its other end or in its place can
 * keep the owner of a data folder from working or from ending.
 */
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, statSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { type RemoteCall, serveSocket } from '../../src/control/local-socket.ts';
import { openSocketFolder } from '../../src/control/socket-folder.ts';
import { removeFolder } from '../support/disk-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'ev-'));
afterAll(() => removeFolder(folder));
const ownUid = process.getuid?.() ?? 0;

async function serve() {
  const calls: RemoteCall[] = [];
  const server = await serveSocket({
    folder: openSocketFolder(undefined, ownUid),
    name: 'test.sock',
    peerUid: () => ownUid,
    ownUid,
    signal: new AbortController().signal,
    async run(call, io) {
      calls.push(call);
      io.out('done');
      return 7;
    },
  });
  return { server, calls };
}

test('a call whose characters are split between two pieces arrives whole, and the folder goes with the server', async () => {
  const { server, calls } = await serve();
  const call: RemoteCall = {
    command: 'link',
    call: { values: { reason: '现场核对' }, lists: {}, positionals: [], language: 'zh', actorId: 'os-user:0' },
  };
  const bytes = Buffer.from(`${JSON.stringify(call)}\n`);
  const cut = bytes.indexOf(Buffer.from('场')) + 1;
  const socket = connect({ path: server.path });
  socket.write(bytes.subarray(0, cut));
  await sleep(50);
  socket.write(bytes.subarray(cut));
  expect(await text(socket)).toBe('{"kind":"out","text":"done"}\n{"kind":"exit","code":7}\n');
  expect(calls).toEqual([call]);
  await server.close();
  expect(existsSync(join(server.path, '..'))).toBe(false);
});

test('a caller who never says anything does not keep the owner from ending', async () => {
  const { server, calls } = await serve();
  const socket = connect({ path: server.path });
  const said = text(socket);
  await once(socket, 'connect');
  // Until the owner has taken the connection: one that is still on its way is not its concern.
  await sleep(50);
  await server.close();
  expect(await said).toContain('"kind":"exit"');
  expect(calls).toEqual([]);
});

test('a runtime folder that is open to others, a link, or cannot be made gives way to a new one of our own', () => {
  const open = join(folder, 'open');
  mkdirSync(open);
  chmodSync(open, 0o755);
  const own = join(folder, 'own');
  expect(openSocketFolder(own, ownUid)).toEqual({ path: own, isTemporary: false });
  const link = join(folder, 'link');
  symlinkSync(own, link);
  for (const unfit of [open, link, '/proc/nothing/evidock', undefined]) {
    const made = openSocketFolder(unfit, ownUid);
    expect(made.isTemporary).toBe(true);
    expect(statSync(made.path).mode & 0o777).toBe(0o700);
    removeFolder(made.path);
  }
  const another = openSocketFolder(own, ownUid + 1);
  expect(another.isTemporary).toBe(true);
  removeFolder(another.path);
});
