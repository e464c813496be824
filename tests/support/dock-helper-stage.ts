/**
 * A stage for the privileged helper on a machine without USB: a mount namespace with a small /sys and /dev, in which
 * loop devices pass for disks in the dock's sockets. The helper, block layer, ext4 and mounts are the real ones; what
 * only a real USB stack can show is the laboratory's (tests/lab/usb).
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkout, makeDiskFolder, removeFolder } from './disk-folder.ts';

export const helperProgram = join(checkout, 'native/helper/build/evidock-dock-helper');
export const helperUid = 54_321;

/** `sda` whole disk, `sdb` with partition `sdb1`, both in calibrated sockets; the rest must be refused. */
const stageScript = `set -eu
disk() { # name, number, place below /sys/devices
  mkdir -p "/sys/devices/$3"
  echo "$2" > "/sys/devices/$3/dev"
  ln -s "../../devices/$3" "/sys/class/$4/$1"
  mknod "/dev/$1" "$5" "\${2%%:*}" "\${2##*:}"
}
number() { cat "/sys/block/$(basename "$1")/dev"; }
whole=$(number "$1"); table=$(number "$2"); partition=$(number "$3")
mount -t tmpfs none /sys
mount -t tmpfs none /dev
mknod -m 666 /dev/null c 1 3
mknod -m 666 /dev/urandom c 1 9
mkdir -p /sys/class/block /sys/class/scsi_generic /sys/bus/usb/devices /sys/bus/usb/drivers/usb-storage /sys/bus/usb/drivers/hub
hcd=platform/dummy_hcd.0/usb3
mkdir -p /sys/devices/$hcd
echo 5000 > /sys/devices/$hcd/speed
echo 1 > /sys/devices/$hcd/interface_authorized_default
ln -s ../../../devices/$hcd /sys/bus/usb/devices/usb3
scsi() { echo "$hcd/3-$1/3-$1:1.0/host$1/target$1:0:0/$1:0:0:0"; }
disk sda "$whole" "$(scsi 1)/block/sda" block b
disk sdb "$table" "$(scsi 2)/block/sdb" block b
disk sdb1 "$partition" "$(scsi 2)/block/sdb/sdb1" block b
disk sdc "$whole" "$(scsi 9)/block/sdc" block b
disk sdd "$whole" "pci0000:00/0000:00:01.0/ata1/host0/target0:0:0/0:0:0:0/block/sdd" block b
disk sde "$whole" "$(scsi 3)/block/sde" block b
rm /dev/sde; mknod /dev/sde b 7 250
disk sdf "$whole" "$(scsi 4)/block/sdf" block b
rm /dev/sdf; ln -s sda /dev/sdf
disk sg0 1:3 "$(scsi 1)/scsi_generic/sg0" scsi_generic c
interface() { # name, class, folder
  mkdir -p "/sys/devices/$hcd/$3/$1"
  echo "$2" > "/sys/devices/$hcd/$3/$1/bInterfaceClass"
  echo 0 > "/sys/devices/$hcd/$3/$1/authorized"
  ln -s "../../../devices/$hcd/$3/$1" "/sys/bus/usb/devices/$1"
}
interface 3-1:1.0 08 3-1
interface 3-1:1.1 03 3-1
interface 3-1:1.2 ff 3-1
interface 3-5:1.0 09 3-5
interface 3-9:1.0 08 3-9
echo 1 > /sys/devices/$hcd/3-1/3-1:1.1/authorized
: > /sys/bus/usb/drivers/usb-storage/bind
: > /sys/bus/usb/drivers/hub/bind
echo ready
exec sleep 3600 3>&-
`;

export const stageSockets = `# the stage's dock
platform/dummy_hcd.0/usb3/1
platform/dummy_hcd.0/usb3/2 # second
platform/dummy_hcd.0/usb3/3
platform/dummy_hcd.0/usb3/4
platform/dummy_hcd.0/usb3/5.*
`;

export interface DockHelperStage {
  readonly folder: string;
  readonly root: string;
  readonly socketsFile: string;
  /** Images behind `sda` and `sdb1`. */
  readonly wholeImage: string;
  readonly partitionImage: string;
  /** Words that run the helper on the stage, with descriptor 3 as its connection. */
  readonly command: readonly [string, ...string[]];
  /** A path as the helper sees it. */
  path(path: string): string;
  /** What BLKROGET says about a device of the stage. */
  isReadOnly(device: 'sda' | 'sdb' | 'sdb1'): boolean;
  /** Mounts below the helper's root. */
  mounts(): readonly string[];
  /** Process ids of helpers that run on the stage. */
  helpers(): readonly number[];
  end(): Promise<void>;
}

export async function openDockHelperStage(): Promise<DockHelperStage> {
  const folder = makeDiskFolder();
  const [wholeImage, tableImage, partitionImage] = [1, 2, 3].map((n) => join(folder, `card-${n}.img`)) as [
    string,
    string,
    string,
  ];
  for (const image of [wholeImage, tableImage, partitionImage]) run('truncate', ['--size=16M', image]);
  run('mkfs.ext4', ['-q', '-L', 'whole', wholeImage]);
  run('mkfs.ext4', ['-q', '-L', 'partition', partitionImage]);
  const loops = [wholeImage, tableImage, partitionImage].map((image) => run('losetup', ['-f', '--show', image]).trim());
  const [whole = '', table = '', partition = ''] = loops;
  const holder = spawn(
    'unshare',
    ['--mount', '--propagation', 'private', 'bash', '-c', stageScript, 'stage', whole, table, partition],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await stageIsBuilt(holder);
  const root = join(folder, 'mounts');
  const socketsFile = join(folder, 'dock-sockets');
  writeFileSync(socketsFile, stageSockets, { mode: 0o644 });
  const inside = `/proc/${holder.pid}`;
  const devices = { sda: whole, sdb: table, sdb1: partition };
  return {
    folder,
    root,
    socketsFile,
    wholeImage,
    partitionImage,
    command: [
      ...['nsenter', `--mount=${inside}/ns/mnt`, helperProgram, '--fd3', '--root', root],
      ...['--uid', String(helperUid), '--gid', String(helperUid), '--sockets', socketsFile],
    ] as unknown as readonly [string, ...string[]],
    path: (path) => join(`${inside}/root`, path),
    isReadOnly: (device) => run('blockdev', ['--getro', devices[device]]).trim() === '1',
    mounts: () => mountsBelow(root, holder.pid),
    helpers: () => helperProcesses(root),
    end: () => endStage({ holder, helpers: helperProcesses(root), loops, folder }),
  };
}

export interface StageParts {
  /** The process that keeps the mount namespace. */
  readonly holder: ChildProcess;
  readonly helpers: readonly number[];
  readonly loops: readonly string[];
  readonly folder: string;
}

export async function endStage({ holder, helpers, loops, folder }: StageParts): Promise<void> {
  for (const pid of helpers) process.kill(pid, 'SIGKILL');
  const gone = once(holder, 'exit');
  holder.kill('SIGKILL');
  await gone;
  for (const loop of loops) {
    run('blockdev', ['--setrw', loop]);
    run('losetup', ['-d', loop]);
  }
  removeFolder(folder);
}

/** Mounts below `root` in the namespace of a process. */
export function mountsBelow(root: string, pid: number | undefined): readonly string[] {
  const lines = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n');
  return lines.map((line) => line.split(' ')[4] ?? '').filter((path) => path.startsWith(`${root}/`));
}

/** Resolves when the stage's script says that it is built. */
export async function stageIsBuilt(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error('no output');
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => ['the stage was not built'])]);
  if (line !== 'ready') throw new Error(String(line));
}

function helperProcesses(root: string): readonly number[] {
  const words = run('sh', ['-c', 'grep -lazF evidock-dock-helper /proc/[0-9]*/cmdline 2>/dev/null || true']);
  const pids = [...words.matchAll(/^\/proc\/(\d+)\//gm)].map((found) => Number(found[1]));
  return pids.filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return command[0] === helperProgram && command.includes(root);
    } catch {
      return false;
    }
  });
}

export function run(program: string, words: readonly string[]): string {
  return execFileSync(program, words, {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });
}
