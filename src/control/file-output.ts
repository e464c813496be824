/** A file as a command's result: into `--out FILE`, which must not be there yet, or onto stdout as it is. */
import { errorCode, StationError } from '../domain/errors.ts';
import { createExclusively } from '../files/durable-files.ts';
import type { CommandIo } from './command.ts';

export const outOption = {
  type: 'string',
  value: 'FILE',
  isPath: true,
  help: '写入新文件，默认标准输出 / into a new file (default stdout)',
} as const;

/** @throws StationError out-file-taken, out-not-written */
export async function giveFile(io: CommandIo, content: string | Uint8Array, out: string | undefined): Promise<void> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  if (out === undefined) {
    io.bytes(bytes);
    return;
  }
  try {
    await createExclusively(out, bytes, 0o640);
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') {
      throw new StationError('out-file-taken', `${out} is there already`, { cause, next: 'Name a new file.' });
    }
    throw new StationError('out-not-written', `${out} cannot be written (${errorCode(cause)})`, {
      cause,
      next: 'Name a file in a folder that is there, that you may write, and that has room.',
    });
  }
  io.err(out);
}
