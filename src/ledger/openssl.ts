/**
 * Running the `openssl` program for what Node cannot do: SM2 with its identity (Node signs with an empty one) and RFC
 * 3161. Bounded in time and output; what it says on stderr is the reason when it fails.
 */
import { execFile } from 'node:child_process';
import { errorCode, StationError } from '../domain/errors.ts';

const outputBytesMax = 256 * 1024;
const runMsMax = 20_000;
const reasonLengthMax = 300;

/**
 * @returns stdout
 * @throws StationError openssl-missing, openssl-failed
 */
export async function runOpenssl(words: readonly string[], input: Uint8Array = new Uint8Array()): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const limits = { timeout: runMsMax, maxBuffer: outputBytesMax, encoding: 'buffer' } as const;
  const child = execFile('openssl', [...words], limits, (cause, stdout, stderr) => {
    if (cause === null) resolve(stdout);
    else reject(failed(words, cause, stderr.toString('utf8')));
  });
  // It may end before it has read everything; its exit code says why.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(input);
  return promise;
}

function failed(words: readonly string[], cause: Error, stderr: string): StationError {
  if (errorCode(cause) === 'ENOENT') {
    return new StationError('openssl-missing', 'the program openssl is not installed', {
      cause,
      next: 'Install it: apt-get install -y openssl.',
    });
  }
  // The first lines say which configuration file was used.
  const reason = stderr.replace(/^Using configuration from .*$/gm, '').trim();
  return new StationError('openssl-failed', `openssl ${words[0]}: ${reason.slice(0, reasonLengthMax)}`, { cause });
}
