/**
 * What a figure was measured on: machine, versions, disk. Read once before a bench; a figure without it means nothing.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly kernel: string;
  readonly memoryBytes: number;
  /** One, five and fifteen minutes, before the bench: others at work make every figure worse. */
  readonly loadAverage: readonly number[];
}

export function describeMachine(): Machine {
  const cores = cpus();
  return {
    cores: cores.length,
    model: cores[0]?.model ?? 'unknown',
    kernel: release(),
    memoryBytes: totalmem(),
    loadAverage: loadAverage(),
  };
}

export const loadAverage = (): number[] => loadavg().map((load) => Math.round(load * 100) / 100);

/** The first line that each program says about itself; a commit that is not clean says so. */
export function describeVersions(programs: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  const said = Object.entries(programs).map(([name, [program = '', ...args]]) => [name, firstLine(program, args)]);
  return { evidock: commit(), node: process.version, ...Object.fromEntries(said) };
}

function commit(): string {
  const git = (...args: string[]) => firstLine('git', ['-C', import.meta.dirname, ...args]);
  const changed = git('status', '--porcelain', '--untracked-files=no', ':/src', ':/native') !== '';
  return `${git('rev-parse', '--short=12', 'HEAD')}${changed ? ' with changes' : ''}`;
}

function firstLine(program: string, args: readonly string[]): string {
  try {
    const text = execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return text.split('\n')[0] ?? '';
  } catch (error) {
    // dc3dd speaks of its version on stderr, git may not be there.
    const { stderr } = error as { stderr?: string };
    return stderr?.split('\n')[0] || 'unknown';
  }
}

/** Seconds that all cores together have worked since boot, stolen time included: proc_stat(5). */
export function machineCpuSeconds(): number {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n')[0]?.trim().split(/\s+/).slice(1).map(Number) ?? [];
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = fields;
  const ticksPerSecond = 100;
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond;
}

/** File system and device below a folder. */
export function describeDisk(folder: string): { fileSystem: string; device: string } {
  const text = execFileSync('df', ['--output=fstype,source', folder], { encoding: 'utf8' });
  const [fileSystem = 'unknown', device = 'unknown'] = text.trim().split('\n').at(-1)?.split(/\s+/) ?? [];
  return { fileSystem, device };
}
