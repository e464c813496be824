/**
 * Debian's generic kernel for the guest: fetched as a package, unpacked (not installed) into a cache outside the
 * checkout, and an initramfs that can reach the host's root. Done once per kernel version; a second process that does
 * the same at the same time does no harm, because the finished folder appears by one rename.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const initScript = new URL('guest/init.sh', import.meta.url).pathname;

/** What the initramfs must load before it can see the host's root; their dependencies are found by modprobe. */
const earlyModules = ['virtio_pci', '9pnet_virtio', '9p', 'overlay'];

export interface GuestKernel {
  /** Such as `6.1.0-56-amd64`. */
  readonly release: string;
  readonly image: string;
  readonly initramfs: string;
  /** Folder that holds `lib/modules/<release>`. */
  readonly modules: string;
}

/** `${XDG_CACHE_HOME:-~/.cache}/evidock-lab`. */
export function labCache(): string {
  const cache = process.env.XDG_CACHE_HOME;
  return join(cache === undefined || cache === '' ? join(homedir(), '.cache') : cache, 'evidock-lab');
}

/** @throws Error with the failing command's words when there is no package or it does not unpack */
export async function prepareKernel(cache: string, say: (line: string) => void): Promise<GuestKernel> {
  mkdirSync(cache, { recursive: true });
  const unpacked = findUnpacked(cache) ?? (await fetchKernel(cache, say));
  const release = basename(unpacked).replace(/^kernel-/u, '');
  const image = join(unpacked, 'boot', `vmlinuz-${release}`);
  return { release, image, initramfs: await prepareInitramfs(unpacked, release), modules: unpacked };
}

function findUnpacked(cache: string): string | undefined {
  const folders = readdirSync(cache).filter((name) => name.startsWith('kernel-'));
  const newest = folders.sort((left, right) => left.localeCompare(right, 'en', { numeric: true })).at(-1);
  return newest === undefined ? undefined : join(cache, newest);
}

async function fetchKernel(cache: string, say: (line: string) => void): Promise<string> {
  const depends = await packageOf('linux-image-amd64').catch(async () => {
    await run('apt-get', ['update', '-qq']);
    return packageOf('linux-image-amd64');
  });
  say(`lab: fetching ${depends} (about 70 MB, once)`);
  const folder = mkdtempSync(join(cache, 'fetching-'));
  try {
    await run('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', depends], { cwd: folder }).catch(
      async () => {
        // The package list may be older than the archive.
        await run('apt-get', ['update', '-qq']);
        return run('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', depends], { cwd: folder });
      },
    );
    const archive = readdirSync(folder).find((name) => name.endsWith('.deb'));
    if (archive === undefined) throw new Error(`apt-get download left no package of ${depends}`);
    const root = join(folder, 'root');
    await run('dpkg', ['-x', join(folder, archive), root]);
    const release = depends.replace(/^linux-image-/u, '');
    await run('depmod', ['-b', root, release], { env: withSystemPath() });
    const target = join(cache, `kernel-${release}`);
    if (!existsSync(target)) renameSync(root, target);
    return target;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The real package behind the meta package, such as `linux-image-6.1.0-56-amd64`. */
async function packageOf(meta: string): Promise<string> {
  const { stdout } = await run('apt-cache', ['depends', meta]);
  const name = /Depends: (linux-image-\S+)/u.exec(stdout)?.[1];
  if (name === undefined) throw new Error(`apt-cache knows no kernel behind ${meta}`);
  return name;
}

/** Named by what is in it, so that a change of the init script makes another one. */
async function prepareInitramfs(unpacked: string, release: string): Promise<string> {
  const order = await earlyModuleFiles(unpacked, release);
  const script = readFileSync(initScript);
  const busybox = readFileSync('/bin/busybox');
  const digest = createHash('sha256').update(script).update(busybox).update(order.join('\n')).digest('hex');
  const target = join(unpacked, `initramfs-${digest.slice(0, 16)}`);
  if (existsSync(target)) return target;
  const folder = mkdtempSync(join(unpacked, 'initramfs-being-made-'));
  try {
    const root = join(folder, 'root');
    mkdirSync(join(root, 'bin'), { recursive: true });
    mkdirSync(join(root, 'modules'));
    writeFileSync(join(root, 'bin/busybox'), busybox, { mode: 0o755 });
    writeFileSync(join(root, 'init'), script, { mode: 0o755 });
    chmodSync(join(root, 'init'), 0o755);
    for (const file of order) copyFileSync(file, join(root, 'modules', basename(file)));
    writeFileSync(join(root, 'modules/order'), order.map((file) => `${basename(file)}\n`).join(''));
    const made = join(folder, 'image');
    await run('sh', ['-c', 'cd "$1" && find . | cpio --quiet -o -H newc | gzip -1 >"$2"', 'sh', root, made]);
    renameSync(made, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return target;
}

/** Module files in the order in which they load. */
async function earlyModuleFiles(unpacked: string, release: string): Promise<string[]> {
  const files = new Set<string>();
  for (const module of earlyModules) {
    const options = ['-d', unpacked, '-S', release, '--show-depends', module];
    const { stdout } = await run('modprobe', options, { env: withSystemPath() });
    for (const match of stdout.matchAll(/^insmod (\S+)/gmu)) files.add(match[1] as string);
  }
  return [...files];
}

/** depmod and modprobe lie in /usr/sbin, which plain users do not have in PATH. */
function withSystemPath(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };
}
