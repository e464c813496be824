/**
 * A dock on a machine without USB hardware, for the real daemon and the real privileged helper: a mount namespace whose
 * /sys shows recorders in calibrated sockets, their cards being loop devices. Block layer, mounts and processes are real;
 * the USB stack itself is the laboratory's (tests/lab/usb). Runs as root.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { makeDiskFolder, removeFolder } from './disk-folder.ts';
import { endStage, helperProgram, mountsBelow, run, stageIsBuilt } from './dock-helper-stage.ts';
import { deviceAttributes, SysfsFolder, storageInterface } from './sysfs-folder.ts';

/** Where a helper that the station starts itself mounts (src/station/usb-station.ts). */
export const mountRoot = '/run/evidock-dock/cards';

export interface StageCard {
  readonly serial: string;
  /** By path on the card. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Puts more into the folder that becomes the card: what a map of texts cannot say. */
  readonly fill?: (root: string) => void;
  /** Damages the image. */
  readonly spoil?: (image: string) => void;
  /** Size of the card, 24 MiB when not given. */
  readonly mebibytes?: number;
}

/** Words for the shell: `$1` is the folder that becomes /sys, then the real block folders of the cards in turn. */
const stageScript = `set -eu
sys=$1; shift
at=0
letters=abcdefgh
for block in "$@"; do
  name=sd$(printf %s "$letters" | cut -c$((at + 1)))
  mount --bind "/sys$block" "$(readlink -f "$sys/block/$name")"
  mkdir -p "$sys/class/block"
  ln -s "../../$(realpath --relative-to="$sys" "$(readlink -f "$sys/block/$name")")" "$sys/class/block/$name"
  numbers="$numbers $(cat "/sys$block/dev")"
  at=$((at + 1))
done
mount --rbind "$sys" /sys
mount -t tmpfs none /run
mount -t tmpfs none /dev
mknod -m 666 /dev/null c 1 3
mknod -m 666 /dev/zero c 1 5
mknod -m 666 /dev/urandom c 1 9
at=0
for number in $numbers; do
  at=$((at + 1))
  mknod "/dev/sd$(printf %s "$letters" | cut -c$at)" b "\${number%%:*}" "\${number##*:}"
done
echo ready
exec sleep 3600 3>&-
`;

export interface DockStationStage {
  readonly folder: string;
  readonly port: number;
  /** Words before a program that is to run on the stage. */
  readonly enter: readonly string[];
  /** A data folder whose configuration and slots are those of the stage. */
  newDataFolder(name: string): string;
  /** Paths of the cards' images. */
  readonly images: readonly string[];
  /** SHA-256 of each card's whole image. */
  imageDigests(): readonly string[];
  /** Mounts below the helper's root. */
  mounts(): readonly string[];
  /** Process ids of helpers that run on the stage. */
  helpers(): readonly number[];
  end(): Promise<void>;
}

/** Card `n` sits in slot `n + 1`. */
export async function openDockStationStage(cards: readonly StageCard[]): Promise<DockStationStage> {
  const folder = makeDiskFolder();
  const images = cards.map((card, at) => makeCard(folder, at, card));
  const loops = images.map((image) => run('losetup', ['-f', '--show', image]).trim());
  const sys = join(folder, 'sys');
  buildSysfs(sys, cards);
  const holder = spawn(
    'unshare',
    [
      ...['--mount', '--propagation', 'private', 'bash', '-c', `numbers=''\n${stageScript}`, 'stage', sys],
      ...loops.map((loop) => `/devices/virtual/block/${loop.slice('/dev/'.length)}`),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await stageIsBuilt(holder);
  const inside = `/proc/${holder.pid}`;
  const port = await freePort();
  return {
    folder,
    port,
    enter: ['nsenter', `--mount=${inside}/ns/mnt`],
    newDataFolder: (name) => newDataFolder(join(folder, name), port, cards.length),
    images,
    imageDigests: () => images.map((image) => createHash('sha256').update(readFileSync(image)).digest('hex')),
    mounts: () => mountsBelow(mountRoot, holder.pid),
    helpers: () => helpersIn(folder),
    end: () => endStage({ holder, helpers: helpersIn(folder), loops, folder }),
  };
}

function makeCard(folder: string, at: number, { files, fill, spoil, mebibytes = 24 }: StageCard): string {
  const root = join(folder, `card-${at}`);
  for (const [path, content] of files) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  mkdirSync(root, { recursive: true });
  fill?.(root);
  const image = join(folder, `card-${at}.img`);
  run('truncate', [`--size=${mebibytes}M`, image]);
  run('mkfs.ext4', ['-q', '-L', `CAM${at}`, '-d', root, image]);
  removeFolder(root);
  spoil?.(image);
  return image;
}

function buildSysfs(folder: string, cards: readonly StageCard[]): void {
  const sysfs = new SysfsFolder(folder);
  sysfs.addBus(2, 'platform/stage.0', 480);
  writeFileSync(join(folder, 'devices/platform/stage.0/usb2/interface_authorized_default'), '1\n');
  for (const [at, { serial }] of cards.entries()) {
    sysfs.add({
      portPath: `2-${at + 1}`,
      attributes: deviceAttributes({ devnum: String(at + 2), serial, product: 'DSJ-4G' }),
      interfaces: [{ ...storageInterface, authorized: '0' }],
      // Size and the like come from the real block device, which is bound over this folder.
      disks: [{ name: `sd${'abcdefgh'[at]}`, size: 1 }],
    });
  }
  mkdirSync(join(folder, 'bus/usb/drivers/usb-storage'), { recursive: true });
  writeFileSync(join(folder, 'bus/usb/drivers/usb-storage/bind'), '');
}

function newDataFolder(data: string, port: number, slots: number): string {
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(
    join(data, 'config.yaml'),
    `usbDock: { enabled: always, helperProgram: ${helperProgram} }\nweb: { port: ${port} }\n`,
  );
  const lines = Array.from({ length: slots }, (_, at) => `  ${at + 1}: ["platform/stage.0/usb2/${at + 1}"]`);
  writeFileSync(join(data, 'dock-slots.yaml'), `slots:\n${lines.join('\n')}\n`);
  return data;
}

/** The station writes its sockets file into its data folder, which lies in the stage's. */
function helpersIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words[0] === helperProgram && words.some((word) => word.startsWith(`${folder}/`));
      } catch {
        return false;
      }
    });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
