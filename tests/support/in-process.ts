/**
 * Commands of the command line on one open station in this process: parsed, checked and reported as everywhere, without
 * a process each. For tests of many commands; that a process and the local socket do the same is tested elsewhere.
 */
import { pino } from 'pino';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { reportError } from '../../src/control/error-report.ts';
import { parseCall } from '../../src/control/parse-call.ts';
import { Station } from '../../src/station.ts';

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class InProcess {
  readonly station: Station;

  private constructor(station: Station) {
    this.station = station;
  }

  static async open(dataFolder: string, config = ''): Promise<InProcess> {
    const configuration = parseConfiguration(config, 'test');
    const log = pino({ level: 'silent' });
    return new InProcess(await Station.open({ dataFolder, configuration, log, command: 'test', version: 'test' }));
  }

  async run(words: readonly string[]): Promise<Said> {
    const out: string[] = [];
    const err: string[] = [];
    const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
    const said = (code: number): Said => ({ code, stdout: text(out), stderr: text(err) });
    const context = {
      cwd: process.cwd(),
      language: 'en',
      actorId: 'os-user:0',
      defaultDataFolder: '/nowhere',
    } as const;
    const parsed = parseCall(words, context as never);
    if (parsed.kind !== 'run') {
      err.push(JSON.stringify(parsed));
      return said(parsed.kind === 'wrong' ? 2 : 0);
    }
    const { command, call } = parsed;
    if (command.runs !== 'station') throw new Error(`${command.name} does not run on a station`);
    const io = {
      out: (line: string) => void out.push(line),
      err: (line: string) => void err.push(line),
      bytes: () => {
        throw new Error(`${command.name} gives no file here`);
      },
      progress: () => undefined,
      signal: new AbortController().signal,
    };
    try {
      return said(await command.run(this.station, call, io));
    } catch (error) {
      const report = reportError(error, 'en');
      err.push(...report.lines);
      return said(report.exitCode);
    }
  }

  close(): Promise<void> {
    return this.station.close();
  }
}
