/**
 * Reads a file of newline-ended lines as raw bytes, without holding the file in memory.
 */
import { open } from 'node:fs/promises';
import { errorCode } from '../domain/errors.ts';

const readBytes = 1024 * 1024;

export interface FileLine {
  /** The exact bytes, the newline included where there is one. */
  readonly bytes: Buffer;
  /** Where the line starts in the file. */
  readonly offset: number;
  /** False only for the last line, when no newline ends it. */
  readonly complete: boolean;
}

/** Yields nothing for a file that is not there. @throws the kernel's error */
export async function* readLines(path: string, fromOffset = 0): AsyncGenerator<FileLine> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return;
  try {
    let parts: Buffer[] = [];
    let lineStart = fromOffset;
    let position = fromOffset;
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(readBytes), 0, readBytes, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const chunk = buffer.subarray(0, bytesRead);
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
        const tail = chunk.subarray(start, end + 1);
        const bytes = parts.length === 0 ? tail : Buffer.concat([...parts, tail]);
        parts = [];
        start = end + 1;
        yield { bytes, offset: lineStart, complete: true };
        lineStart += bytes.length;
      }
      if (start < chunk.length) parts.push(chunk.subarray(start));
    }
    const rest = Buffer.concat(parts);
    if (rest.length > 0) yield { bytes: rest, offset: lineStart, complete: false };
  } finally {
    await handle.close();
  }
}
