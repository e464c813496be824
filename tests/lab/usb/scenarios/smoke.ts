/**
 * The laboratory itself: as many recorders as wanted dock, are seen where they sit, are read, are pulled out in the
 * middle of a reading, and come back in another socket, and no card's image changes.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type CardFile, imageDigest } from '../card-image.ts';
import type { Gadget } from '../gadget.ts';
import { readySectors, type SeenDevice, seenSockets } from '../host-view.ts';
import { makeSampleCard, type SampleCard, sampleGadget, serialOf } from '../sample-recorders.ts';
import type { Lab, Scenario } from '../scenario.ts';

const run = promisify(execFile);

interface Recorder {
  readonly serial: string;
  readonly card: SampleCard;
  readonly digest: string;
  readonly gadget: Gadget;
}

export const smoke: Scenario = {
  name: 'smoke',
  goal: 'recorders dock at once, are seen in their sockets, read, pulled out, docked elsewhere, unchanged',
  secondsMax: 300,
  run: runSmoke,
};

async function runSmoke(lab: Lab): Promise<void> {
  const recorders = await makeRecorders(lab);
  const sockets = readFileSync('/sys/module/dummy_hcd/parameters/num', 'utf8').trim();
  lab.step('cards and recorders are made', true, { recorders: recorders.length, sockets: Number(sockets) });

  const seen = await dockAll(lab, recorders, 0);
  for (const [at, recorder] of recorders.entries()) await readCard(lab, recorder, seen.get(at));
  await pullOutAll(lab, recorders);
  await dockAll(lab, recorders, 1);
  const first = recorders[0];
  if (first !== undefined) await pullOutWhileReading(lab, first);
  await pullOutAll(lab, recorders);
  for (const { gadget } of recorders) gadget.remove();
  await compareImages(lab, recorders);
}

async function makeRecorders(lab: Lab): Promise<Recorder[]> {
  const made: Recorder[] = [];
  for (let at = 0; at < lab.recorders; at += 1) {
    const card = await makeSampleCard(lab.folder, at);
    const serial = serialOf(at);
    const gadget = sampleGadget(serial, card.image);
    made.push({ serial, card, digest: await imageDigest(card.image), gadget });
  }
  return made;
}

/** Far under a second in a guest that has its processors; a starved one must not fail for that. */
const dockedMsMax = 10_000;

/** Recorder `at` goes to socket `at + shift`, round about. */
async function dockAll(lab: Lab, recorders: readonly Recorder[], shift: number): Promise<Map<number, SeenDevice>> {
  const started = performance.now();
  const expected = new Map<number, string>();
  for (const [at, { gadget, serial }] of recorders.entries()) {
    const socket = (at + shift) % Math.max(2, recorders.length);
    gadget.dock(socket);
    expected.set(socket, serial);
  }
  const dockedMs = Math.round(performance.now() - started);
  lab.step('all are docked at once', dockedMs <= dockedMsMax, { dockedMs, shift });
  const seen = await lab.eventually(() => {
    const now = seenSockets();
    const all = [...expected].every(([socket, serial]) => isReady(now.get(socket), serial));
    return all ? now : undefined;
  }, 60);
  const places = [...(seen ?? seenSockets())].map(([socket, { portPath, serial, disks }]) => [
    ...[socket, portPath, serial, ...disks],
  ]);
  const seenMs = Math.round(performance.now() - started);
  lab.step('each is seen in its socket, with its disk', seen !== undefined, { seenMs, places });
  return seen ?? seenSockets();
}

function isReady(device: SeenDevice | undefined, serial: string): boolean {
  if (device === undefined || device.serial !== serial || device.disks.length !== 1) return false;
  return readySectors(device.disks[0] as string) > 0;
}

async function readCard(lab: Lab, { serial, card }: Recorder, device: SeenDevice | undefined): Promise<void> {
  const disk = device?.disks[0];
  if (disk === undefined) return;
  const volume = card.partitioned ? `/dev/${disk}1` : `/dev/${disk}`;
  const place = join(lab.folder, 'mounted');
  await mkdir(place, { recursive: true });
  await run('blockdev', ['--setro', volume]);
  const type = card.fileSystem === 'fat32' ? 'vfat' : card.fileSystem;
  await run('mount', ['-t', type, '-o', 'ro,nosuid,nodev,noexec,noatime,iocharset=utf8', volume, place]);
  try {
    const wrong: string[] = [];
    for (const file of card.files) {
      if (!(await holds(place, file))) wrong.push(file.path);
    }
    const kind = { fileSystem: card.fileSystem, partitioned: card.partitioned };
    lab.step('its files have the bytes that were put there', wrong.length === 0, { serial, ...kind, wrong });
  } finally {
    await run('umount', [place]);
  }
}

async function holds(place: string, { path, content }: CardFile): Promise<boolean> {
  const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  return digest(await readFile(join(place, path))) === digest(content);
}

async function pullOutAll(lab: Lab, recorders: readonly Recorder[]): Promise<void> {
  for (const { gadget } of recorders) {
    if (gadget.socket !== undefined) gadget.undock();
  }
  const gone = await lab.eventually(() => (seenSockets().size === 0 ? true : undefined), 20);
  lab.step('all sockets are empty after pulling out', gone === true, { left: [...seenSockets().keys()] });
}

/** The first recorder sits in socket 1 by now. */
async function pullOutWhileReading(lab: Lab, { gadget }: Recorder): Promise<void> {
  const disk = gadget.socket === undefined ? undefined : seenSockets().get(gadget.socket)?.disks[0];
  if (disk === undefined) return lab.step('a recorder can be pulled out while it is read', false);
  await run('blockdev', ['--flushbufs', `/dev/${disk}`]);
  const device = await open(`/dev/${disk}`, 'r');
  const block = Buffer.alloc(64 * 1024);
  let bytes = 0;
  let code: unknown;
  try {
    // Many times round, so that only the pulling out can end it.
    while (bytes < 1024 ** 3 && code === undefined) {
      if (bytes === 32 * block.length) gadget.undock();
      try {
        const { bytesRead } = await device.read(block, 0, block.length, bytes % (12 * 1024 * 1024));
        if (bytesRead === 0) code = 'end of file';
        bytes += bytesRead;
      } catch (error) {
        code = (error as NodeJS.ErrnoException).code;
      }
    }
  } finally {
    await device.close();
  }
  lab.step('a recorder can be pulled out while it is read', code !== undefined, { code, bytes });
}

async function compareImages(lab: Lab, recorders: readonly Recorder[]): Promise<void> {
  const changed: string[] = [];
  for (const { card, digest } of recorders) {
    if ((await imageDigest(card.image)) !== digest) changed.push(card.image);
  }
  lab.step('no image has changed', changed.length === 0, { changed });
}
