/** Several digests of one file in one reading, told as it goes on. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

const chunkBytes = 1024 * 1024;

export interface DigestControl {
  readonly signal?: AbortSignal | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** Lower-case hex by algorithm, as node:crypto names them. @throws the kernel's error; AbortError */
export async function digestsOfFile(
  path: string | Buffer,
  algorithms: readonly string[],
  control: DigestControl = {},
): Promise<{ readonly bytes: number; readonly digests: ReadonlyMap<string, string> }> {
  const hashes = new Map(algorithms.map((name) => [name, createHash(name)]));
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes, signal: control.signal })) {
    for (const hash of hashes.values()) hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    control.onBytes?.((chunk as Buffer).length);
  }
  return { bytes, digests: new Map(Array.from(hashes, ([name, hash]) => [name, hash.digest('hex')])) };
}
