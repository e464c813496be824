/**
 * Loads the native addon (native/engine, built by scripts/build-native) once, when it is first asked for, and says
 * what it exports. Nothing falls back to another engine here: a missing addon is the caller's to hear of.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { CopyRequest, CopyResult, HashRequest, HashResult, ReadBackAbility } from '../../domain/copy-engine.ts';
import { errorMessage, StationError } from '../../domain/errors.ts';
import type { EngineJob } from './engine-job.ts';

export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

export interface NativeAddon {
  copy(request: CopyRequest): EngineJob<Omit<CopyResult, 'readBack'>>;
  hash(request: HashRequest): EngineJob<HashResult>;
  probeReadBack(folder: string): EngineJob<ReadBackAbility>;
  peerCredentials(fd: number): PeerCredentials;
}

const addonPath = fileURLToPath(new URL('../../../native/engine/build/engine.node', import.meta.url));
let loaded: NativeAddon | undefined;

/** @throws StationError `engine-not-built` when the addon is missing or cannot be loaded by this Node. */
export function loadNativeAddon(): NativeAddon {
  try {
    loaded ??= createRequire(import.meta.url)(addonPath) as NativeAddon;
    return loaded;
  } catch (cause) {
    throw new StationError('engine-not-built', `the native copy engine cannot be loaded: ${errorMessage(cause)}`, {
      next: 'Run scripts/setup.',
      cause,
    });
  }
}

/**
 * Who is at the other end of a connected Unix socket, as the kernel saw it when it connected (SO_PEERCRED, unix(7)).
 * @throws Error with `code` `EBADF`, `ENOTSOCK`, … when the descriptor is none.
 */
export function peerCredentials(fd: number): PeerCredentials {
  return loadNativeAddon().peerCredentials(fd);
}
