/**
 * The command line: arguments in, exit code out, signals in between. No logic: control/ has the commands.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type CommandIo, exitCodes } from './control/command.ts';
import { reportError } from './control/error-report.ts';
import { parseCall } from './control/parse-call.ts';
import { errorCode, errorMessage } from './domain/errors.ts';
import { cliTexts, type Language } from './texts/cli-texts.ts';

/** Without a terminal, progress is a line now and then. */
const progressLineMs = 5000;

const environment = process.env;
const locale = environment.LC_ALL || environment.LC_MESSAGES || environment.LANG || '';
const language: Language = locale.toLowerCase().startsWith('en') ? 'en' : 'zh';
const ownUid = process.getuid?.() ?? 0;

/** Undefined for a user without a login session, such as that of a service. */
function runtimeFolder(uid: number): string | undefined {
  if (uid === 0) return '/run/evidock';
  return uid === ownUid && environment.XDG_RUNTIME_DIR ? join(environment.XDG_RUNTIME_DIR, 'evidock') : undefined;
}

/** Undefined for a user without a home, who must say --data. */
function defaultDataFolder(): string | undefined {
  if (ownUid === 0) return '/var/lib/evidock';
  try {
    return join(homedir(), '.local/share/evidock');
  } catch {
    return undefined;
  }
}

/** The folder that relative arguments are relative to; the root when it was deleted under us. */
function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}

function terminalIo(signal: AbortSignal): CommandIo {
  const terminal = process.stderr.isTTY === true;
  let shown = false;
  let lastLine = performance.now();
  const clear = (): void => {
    if (shown) process.stderr.write('\r\u001b[K');
    shown = false;
  };
  return {
    signal,
    out(line) {
      clear();
      process.stdout.write(`${line}\n`);
    },
    bytes(content) {
      clear();
      process.stdout.write(content);
    },
    err(line) {
      clear();
      process.stderr.write(`${line}\n`);
    },
    progress(line) {
      if (terminal) {
        process.stderr.write(`\r\u001b[K${line}`);
        shown = true;
      } else if (performance.now() - lastLine >= progressLineMs) {
        lastLine = performance.now();
        process.stderr.write(`${line}\n`);
      }
    },
  };
}

async function main(): Promise<number> {
  const parsed = parseCall(process.argv.slice(2), {
    cwd: currentFolder(),
    defaultDataFolder: defaultDataFolder(),
    language,
    actorId: `os-user:${ownUid}`,
  });
  if (parsed.kind === 'help') {
    process.stdout.write(`${parsed.text}\n`);
    return exitCodes.done;
  }
  if (parsed.kind === 'wrong') {
    process.stderr.write(`${cliTexts[language].error}: ${parsed.message}\n\n${parsed.usage}\n`);
    return exitCodes.usage;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // The second time the user means it.
      if (stop.signal.aborted) process.exit(exitCodes.interrupted);
      stop.abort();
    });
  }
  try {
    // Help and mistakes are told without waiting for what carries commands out.
    const [{ runCommand }, { pino }] = await Promise.all([import('./control/run-command.ts'), import('pino')]);
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
    return await runCommand(parsed, terminalIo(stop.signal), {
      runtimeFolder,
      version,
      makeLog: (level) => pino({ level, base: null }, pino.destination({ fd: 2, sync: true })),
    });
  } catch (error) {
    if (stop.signal.aborted && error instanceof Error && error.name === 'AbortError') return exitCodes.interrupted;
    const { lines, exitCode } = reportError(error, parsed.call.language);
    for (const line of lines) process.stderr.write(`${line}\n`);
    return exitCode;
  }
}

let unwritten: unknown;
// A reader that has seen enough (such as `head`) closes the pipe: not our trouble, and the work goes on.
process.stderr.on('error', () => undefined);
process.stdout.on('error', (error) => {
  if (errorCode(error) === 'EPIPE' || unwritten !== undefined) return;
  // What was asked is carried out whole, but nobody may take the lost lines for none.
  unwritten = error;
  process.stderr.write(`${cliTexts[language].error}: ${cliTexts[language].outputLost} ${errorMessage(error)}\n`);
});
const exitCode = await main();
process.exitCode = unwritten !== undefined && exitCode === exitCodes.done ? exitCodes.incomplete : exitCode;
