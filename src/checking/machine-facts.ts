/** Asking the machine: programs that are run with a limit of time and output, and files of the system. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const programMsMax = 5000;
const outputBytesMax = 256 * 1024;
const fontFolder = '/usr/share/fonts';
/** Files of the usual free fonts with Chinese. */
const fontFile = /(?:wqy|noto(?:sans|serif).*cjk|sourcehan|droidsansfallback|uming|ukai).*\.(?:ttf|ttc|otf|otc)$/i;

export const fileExists = (path: string): boolean => existsSync(path);

/** What the program printed; undefined when it is not there, fails or takes too long. */
export function runProgram(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: programMsMax, maxBuffer: outputBytesMax }, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
  });
}

/** The first version number in what it prints, or its first line. */
export async function programVersion(program: string, args: readonly string[]): Promise<string | undefined> {
  const output = await runProgram(program, args);
  if (output === undefined) return undefined;
  return /\d+\.\d+[^\s,]*/.exec(output)?.[0] ?? output.split('\n')[0];
}

/** Undefined where /proc does not say. `flags` on x86, `Features` on ARM (proc(5)). */
export function cpuFlags(): ReadonlySet<string> | undefined {
  try {
    const line = /^(?:flags|Features)\s*:\s*(.+)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1];
    return line === undefined ? undefined : new Set(line.split(/\s+/));
  } catch {
    return undefined;
  }
}

export async function firstChineseFont(): Promise<string | undefined> {
  const listed = (await runProgram('fc-list', [':lang=zh', 'family']))?.split('\n')[0]?.trim();
  if (listed) return listed;
  if (!existsSync(fontFolder)) return undefined;
  return readdirSync(fontFolder, { recursive: true, encoding: 'utf8' }).find((name) => fontFile.test(name));
}
