/**
 * The contract of the copy engine: the one thing that reads evidence off a recorder and writes it to a disk.
 * Two implementations exist, native (native/engine, C++) and portable (plain Node), and one contract test suite
 * runs on both. Which one runs is decided by configuration only, never silently.
 *
 * An engine opens the source below `root` one path component at a time without following symbolic links, so a
 * hostile card cannot lead it elsewhere. It never touches the event loop for more than a moment.
 *
 * Each copy and hash runs on threads and buffers of its own (native: about 8 MiB). How many run at once is the
 * caller's limit: one for each core is enough, more only take memory.
 */

/**
 * How the copy was confirmed against the disk:
 * - `direct`: read back with O_DIRECT, past the page cache;
 * - `dropped-cache`: the pages were dropped after fdatasync, seen to be gone (mincore), then read back;
 * - `memory-fs`: the target lives in memory, so there is no disk to ask. Proves nothing about durability.
 */
export type ReadBackMode = 'direct' | 'dropped-cache' | 'memory-fs';

/** What a seal record says: `none` where the configuration allows a disk that cannot be asked. */
export type SealedReadBack = ReadBackMode | 'none';

/** What a folder's file system can do. `none`: neither O_DIRECT nor dropping the cache works there. */
export interface ReadBackAbility {
  readonly mode: ReadBackMode | 'none';
  /** The file system's type as statfs names it, such as `ext4`, `tmpfs`, `overlay`, or hex magic if unknown. */
  readonly fileSystem: string;
}

/** One file of a recorder. Both paths are raw bytes: recorders' names need not be UTF-8. */
export interface SourceFile {
  /** Absolute path of the volume's root folder. Symbolic links in it are followed (it is ours). */
  readonly root: Uint8Array;
  /** Path relative to `root`, components joined by `/`, none of them empty, `.` or `..`. */
  readonly path: Uint8Array;
}

/** What the inventory said of the file. A difference at opening means that it changed since: SOURCE_CHANGED. */
export interface ExpectedSource {
  readonly bytes: number;
  /** Nanoseconds since 1970 as the file system gives them. */
  readonly mtimeNs: bigint;
}

export interface CopyRequest {
  readonly source: SourceFile;
  readonly expected?: ExpectedSource;
  /** Absolute path of the copy; created exclusively (O_EXCL), mode 0444 at the end. Removed on any failure. */
  readonly target: string;
  /**
   * Where the leaf level of the fs-verity tree goes (SHA-256 of each 4 KiB block, 32 bytes each, the last block
   * zero-padded), created exclusively, synced, mode 0444. Not written for files of at most 4096 bytes.
   */
  readonly blocksTarget?: string;
  readonly readBack: ReadBackMode;
  /** Also compute SM3. Always true in production; the bench turns it off to see what it costs. */
  readonly sm3: boolean;
}

export interface Digests {
  readonly bytes: number;
  /** Lower-case hex, 64 digits. */
  readonly sha256: string;
  /** Lower-case hex, 64 digits (GB/T 32905, GM/T 0004); empty when not asked for. */
  readonly sm3: string;
  /** fs-verity file digest: SHA-256, 4 KiB blocks, no salt; lower-case hex (linux/Documentation fsverity). */
  readonly fsverity: string;
}

export interface CopyResult extends Digests {
  readonly readBack: ReadBackMode;
  readonly mtimeNs: bigint;
}

export interface HashRequest {
  readonly source: SourceFile;
  readonly expected?: ExpectedSource;
  /** Past the page cache (O_DIRECT, else dropped cache); `cached` reads as any program would. */
  readonly reading: 'direct' | 'cached';
  readonly sm3: boolean;
  /** When set, the leaf level of the fs-verity tree is compared with this file. */
  readonly blocksFile?: string;
}

export interface HashResult extends Digests {
  readonly mtimeNs: bigint;
  /**
   * Present when `blocksFile` was given: which 4 KiB blocks differ from it, as [first, last] ranges, at most 64;
   * `missing` when the file is not there, `malformed` when its length is not 32 bytes a block.
   */
  readonly blocks?: {
    readonly state: 'equal' | 'differ' | 'missing' | 'malformed';
    readonly ranges: readonly (readonly [number, number])[];
  };
}

/** `phase` is what the bytes count: `copying` (read, hashed, written) and then `reading-back`; in `hash` only the first. */
export interface CopyProgress {
  readonly phase: 'copying' | 'reading-back';
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface CopyControl {
  readonly signal?: AbortSignal;
  /** Called at most about five times a second on the event loop, and once more at the end of a job that succeeded. */
  readonly onProgress?: (progress: CopyProgress) => void;
}

/**
 * Codes of an engine's errors beside the kernel's own (`ENOENT`, `EIO`, `ENOSPC`, …):
 * - `SOURCE_CHANGED`: size or time differ from the listing, or changed while it was read (it grew, it shrank);
 * - `SOURCE_NOT_REGULAR`: what is there now is not a regular file (or a component is a symbolic link);
 * - `READ_BACK_DIFFERS`: the disk gave back other bytes than were written;
 * - `CANCELLED`: the signal was aborted;
 * - `SYNC_FAILED`: fsync (or the write-back before it) failed; the file must be given up and begun again, never retried;
 * - `READ_BACK_IMPOSSIBLE`: the asked way of reading back does not work on this file system; it is never weakened.
 */
export type CopyEngineErrorCode =
  | 'SOURCE_CHANGED'
  | 'SOURCE_NOT_REGULAR'
  | 'READ_BACK_DIFFERS'
  | 'CANCELLED'
  | 'SYNC_FAILED'
  | 'READ_BACK_IMPOSSIBLE'
  | (string & {});

/** What every rejection of an engine is (duck-typed: native errors are plain Errors with these properties). */
export interface CopyEngineError extends Error {
  readonly code: CopyEngineErrorCode;
  /** Positive errno, 0 where no call failed. */
  readonly errno: number;
  readonly syscall: string;
  /** The path as text for people: target paths as they are, source paths with invalid bytes replaced. */
  readonly path: string;
  /** In `hash`, `target` is the blocks file. */
  readonly side: 'source' | 'target';
}

export interface CopyEngine {
  readonly name: 'native' | 'portable';
  /** @throws CopyEngineError (rejection); nothing is left at `target` or `blocksTarget` then. */
  copy(request: CopyRequest, control?: CopyControl): Promise<CopyResult>;
  /** Reads a file whole and says its digests. @throws CopyEngineError (rejection). */
  hash(request: HashRequest, control?: CopyControl): Promise<HashResult>;
  /** Tries the ways of reading back with a small file in `folder`. @throws CopyEngineError (rejection). */
  probeReadBack(folder: string): Promise<ReadBackAbility>;
}
