/**
 * Digests as sha256sum and openssl compute them: programs that nobody here wrote. Paths are raw bytes.
 */
import { spawnSync } from 'node:child_process';

export interface FileDigests {
  readonly sha256: string;
  readonly sm3: string;
}

function digests(program: readonly string[], folder: string, paths: readonly Buffer[]): string[] {
  const input = Buffer.concat(paths.flatMap((path) => [Buffer.from('./'), path, Buffer.from([0])]));
  // One call a file, so that no name can be taken for the line of another.
  const result = spawnSync('xargs', ['-0', '-n', '1', '-P', '1', ...program], { cwd: folder, input });
  if (result.status !== 0) throw new Error(`${program.join(' ')}: ${result.stderr}`);
  const found = result.stdout.toString('latin1').match(/^\\?([0-9a-f]{64}) [ *]/gm) ?? [];
  if (found.length !== paths.length) throw new Error(`${program[0]} gave ${found.length} of ${paths.length} digests`);
  return found.map((text) => text.replace('\\', '').slice(0, 64));
}

/** Hex path to digests, for paths relative to `folder`. */
export function digestsByPrograms(folder: string, paths: readonly Buffer[]): Map<string, FileDigests> {
  const sha256 = digests(['sha256sum', '-b', '--'], folder, paths);
  const sm3 = digests(['openssl', 'dgst', '-sm3', '-r'], folder, paths);
  return new Map(
    paths.map((path, at) => [path.toString('hex'), { sha256: sha256[at] as string, sm3: sm3[at] as string }]),
  );
}
