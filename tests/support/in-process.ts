/**
 * Commands of the command line in this process: parsed, checked and reported as everywhere, without a process each. For
 * tests of many commands; that a process and the local socket do the same is tested elsewhere.
 */
import { pino } from 'pino';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import type { CommandIo } from '../../src/control/command.ts';
import { reportError } from '../../src/control/error-report.ts';
import { type ParsedCall, parseCall } from '../../src/control/parse-call.ts';
import { runCommand } from '../../src/control/run-command.ts';
import { Station } from '../../src/station.ts';
import { type CliResult, type Ingested, ingested, type JsonLine, jsonLines } from './cli.ts';

export interface Said extends CliResult {
  readonly code: number;
  readonly signal: null;
}

type RunnableCall = Extract<ParsedCall, { kind: 'run' }>;

/** On one open station. */
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

  run(words: readonly string[]): Promise<Said> {
    return saidBy(words, ({ command, call }, io) => {
      if (command.runs !== 'station') throw new Error(`${command.name} does not run on a station`);
      return command.run(this.station, call, io);
    });
  }

  close(): Promise<void> {
    return this.station.close();
  }
}

/** A command from its words to its end: locks the data folder, opens it, works and closes it, as a process does. */
export function evidockHere(words: readonly string[]): Promise<Said> {
  return saidBy(words, (parsed, io) =>
    runCommand(parsed, io, {
      runtimeFolder: () => undefined,
      version: 'test',
      makeLog: (level) => pino({ level, base: null }, { write: (line) => io.err(line.trimEnd()) }),
    }),
  );
}

export async function ingestHere(source: string, data: string, more: readonly string[] = []): Promise<Ingested> {
  return ingested(await evidockHere(['ingest', source, '--data', data, '--json', ...more]));
}

export async function clipsHere(data: string): Promise<JsonLine[]> {
  const { code, stdout, stderr } = await evidockHere(['clips', '--data', data, '--json']);
  if (code !== 0) throw new Error(`clips ended with ${code}: ${stderr}`);
  return jsonLines(stdout);
}

async function saidBy(
  words: readonly string[],
  carryOut: (parsed: RunnableCall, io: CommandIo) => Promise<number>,
): Promise<Said> {
  const out: Uint8Array[] = [];
  const err: string[] = [];
  const said = (code: number): Said => ({
    ...{ code, signal: null },
    stdout: Buffer.concat(out).toString('utf8'),
    stderr: err.map((line) => `${line}\n`).join(''),
  });
  const parsed = parseCall(words, {
    cwd: process.cwd(),
    language: 'en',
    actorId: 'os-user:0',
    defaultDataFolder: '/nowhere',
  });
  if (parsed.kind !== 'run') {
    err.push(JSON.stringify(parsed));
    return said(parsed.kind === 'wrong' ? 2 : 0);
  }
  try {
    const code = await carryOut(parsed, {
      out: (line) => void out.push(Buffer.from(`${line}\n`)),
      err: (line) => void err.push(line),
      bytes: (content) => void out.push(content),
      progress: () => undefined,
      signal: new AbortController().signal,
    });
    return said(code);
  } catch (error) {
    const report = reportError(error, parsed.call.language);
    err.push(...report.lines);
    return said(report.exitCode);
  }
}
