/**
 * Which files some process holds open for writing, from /proc (proc_pid_fd(5), proc_pid_fdinfo(5)): a copy that stands
 * still is not a copy that is finished. It sees the processes this user may look into: all as root, else only one's
 * own. A writer on another machine (NFS, SMB), or one that closed its file but keeps a mapping, is not seen; sizes and
 * times that change are the only sign of those.
 */
import { readdir, readFile, readlink, stat } from 'node:fs/promises';

export interface OpenWriters {
  /** `fileKey` of each regular file that is open for writing. */
  readonly files: ReadonlySet<string>;
  /** Processes that this user may not look into. */
  readonly hidden: number;
}

/** Names a file whatever its path, mount or mount namespace. */
export const fileKey = (dev: bigint, ino: bigint): string => `${dev}:${ino}`;

/** O_WRONLY | O_RDWR of open(2). */
const writeModes = 0o3;
const slash = 0x2f;

export async function findOpenWriters(signal?: AbortSignal): Promise<OpenWriters> {
  const files = new Set<string>();
  let hidden = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    signal?.throwIfAborted();
    const folder = `/proc/${pid}`;
    try {
      const descriptors = await readdir(`${folder}/fd`);
      const keys = await Promise.all(descriptors.map((descriptor) => writtenFile(folder, descriptor)));
      for (const key of keys) if (key !== undefined) files.add(key);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM') hidden += 1;
      else if (code !== 'ENOENT' && code !== 'ESRCH') throw error;
    }
  }
  return { files, hidden };
}

async function writtenFile(process: string, descriptor: string): Promise<string | undefined> {
  try {
    const target = await readlink(`${process}/fd/${descriptor}`, { encoding: 'buffer' });
    // Sockets, pipes and the like have no path; devices and /proc are no recordings and may block.
    if (target[0] !== slash || /^\/(?:dev|proc|sys)\//.test(target.subarray(0, 6).toString('latin1'))) return undefined;
    const flags = /^flags:\s*([0-7]+)$/m.exec(await readFile(`${process}/fdinfo/${descriptor}`, 'latin1'))?.[1];
    if ((Number.parseInt(flags ?? '0', 8) & writeModes) === 0) return undefined;
    const stats = await stat(`${process}/fd/${descriptor}`, { bigint: true });
    return stats.isFile() ? fileKey(stats.dev, stats.ino) : undefined;
  } catch {
    // Closed, or its process ended, while we looked.
    return undefined;
  }
}
