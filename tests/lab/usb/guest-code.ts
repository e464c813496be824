/**
 * The checkout's code as the guest runs it: its packages as a read-only disk image that is made once for each
 * package-lock, the sources as a folder that goes onto the guest's own disk with what Node has compiled of them. Over
 * 9p the daemon's start alone is 13,000 round trips to the host. Paths in the guest are those of the host.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { checkout } from '../../support/disk-folder.ts';
import { makeRealClips } from './real-clips.ts';

const run = promisify(execFile);

/** Everything the daemon, its helper and the scenarios read of the checkout, but for node_modules. */
const codeFolders = ['src', 'tests', 'config', 'fixtures', 'native/engine/build', 'native/helper/build'];
const modules = join(checkout, 'node_modules');
const compileCache = join(modules, '.cache/compile');
const systemPath = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` };

/** The image of the packages that the daemon needs; the guest mounts it at the checkout's node_modules. */
export async function preparePackages(say: (line: string) => void): Promise<string> {
  const lock = readFileSync(join(checkout, 'package-lock.json'));
  const name = `packages-${createHash('sha256').update(lock).digest('hex').slice(0, 16)}.img`;
  const place = join(modules, '.cache/evidock-lab');
  const image = join(place, name);
  if (existsSync(image)) return image;
  say('lab: making the image of the packages (once for each package-lock)');
  mkdirSync(place, { recursive: true });
  const work = mkdtempSync(join(place, 'work-'));
  try {
    const staging = join(work, 'staging');
    mkdirSync(staging);
    for (const path of productionPackages(lock.toString('utf8'))) {
      mkdirSync(dirname(join(staging, path)), { recursive: true });
      // Hard links: the same bytes, no copy.
      await run('cp', ['-al', join(modules, path), join(staging, path)]);
    }
    await run('cp', ['-al', join(modules, '.bin'), join(staging, '.bin')]);
    await makeExt4(join(work, name), await bytesFor(staging), staging);
    renameSync(join(work, name), image);
    return image;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Below `staging`: `code` with the sources as they are now, `compiled`, and `clips` for the cards. */
export async function stageCode(staging: string): Promise<void> {
  const code = join(staging, 'code');
  for (const folder of codeFolders) {
    if (!existsSync(join(checkout, folder))) continue;
    mkdirSync(dirname(join(code, folder)), { recursive: true });
    cpSync(join(checkout, folder), join(code, folder), { recursive: true });
  }
  // Loads every module of the program on the host, which compiles in a second what takes the guest twenty.
  const node = join(modules, '.bin/node');
  await run(node, [join(checkout, 'src/main.ts'), 'clips', '--data', join(staging, 'none')], {
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  }).catch(() => undefined);
  if (existsSync(compileCache)) cpSync(compileCache, join(staging, 'compiled'), { recursive: true });
  else mkdirSync(join(staging, 'compiled'));
  mkdirSync(join(staging, 'clips'));
  await makeRealClips(join(staging, 'clips'));
}

/** @throws the error of mkfs with its words */
export async function makeExt4(image: string, bytes: number, content: string): Promise<void> {
  await writeFile(image, '');
  await truncate(image, bytes);
  const quick = 'lazy_itable_init=1,lazy_journal_init=1';
  await run('mkfs.ext4', ['-q', '-F', '-E', quick, '-d', content, image], { env: systemPath });
}

function productionPackages(lock: string): string[] {
  const { packages } = JSON.parse(lock) as { packages: { [path: string]: { dev?: boolean } } };
  return Object.entries(packages)
    .filter(([path, { dev }]) => path.startsWith('node_modules/') && dev !== true)
    .map(([path]) => path.slice('node_modules/'.length))
    .filter((path) => !path.includes('node_modules/') && existsSync(join(modules, path)));
}

async function bytesFor(folder: string): Promise<number> {
  const { stdout } = await run('du', ['-s', '--block-size=1', folder]);
  return Math.ceil((Number.parseInt(stdout, 10) * 1.25) / 1024 ** 2 + 64) * 1024 ** 2;
}
