/**
 * What an error means at the end of a command: the lines for people and the exit code. One place, so that a command
 * says the same whether it ran here or in the process that owns the data folder.
 */
import { errorCode, errorMessage, StationError } from '../domain/errors.ts';
import { cliTexts, type Language } from '../texts/cli-texts.ts';
import { errorNext, errorText } from '../texts/error-texts.ts';
import { exitCodes } from './command.ts';

export interface ErrorReport {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

export function reportError(error: unknown, language: Language): ErrorReport {
  const texts = cliTexts[language];
  if (error instanceof StationError) {
    const headline = errorText(error.code, language);
    const known = errorNext(error.code, language);
    const next = language === 'zh' ? (known ?? error.next) : (error.next ?? known);
    return {
      lines: [
        `${texts.error} [${error.code}]: ${headline === undefined ? '' : `${headline} `}${error.message}`,
        ...(next === undefined ? [] : [`${texts.next}: ${next}`]),
      ],
      exitCode: exitOf(error.code),
    };
  }
  // The disk or the system said no: nothing that a stack would explain.
  if (isDiskFull(error)) {
    const line = `${texts.error} [disk-full]: ${errorText('disk-full', language)} ${errorMessage(error)}`;
    return {
      lines: [line, `${texts.next}: ${errorNext('disk-full', language) ?? freeSpace}`],
      exitCode: exitCodes.incomplete,
    };
  }
  if (isSystemError(error)) {
    const line = `${texts.error} [${errorCode(error)}]: ${texts.systemError} ${errorMessage(error)}`;
    return { lines: [line], exitCode: exitCodes.incomplete };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { lines: [`${texts.error}: ${stack}`], exitCode: exitCodes.internal };
}

function exitOf(code: string): number {
  if (code === 'configuration-invalid') return exitCodes.configuration;
  if (code === 'folder-in-use' || code === 'holder-gone') return exitCodes.inUse;
  return code === 'usage' ? exitCodes.usage : exitCodes.incomplete;
}

const freeSpace =
  'Free space on the disk of the data folder, then run the same command again; what was sealed stays sealed.';

/** SQLite's own codes too: it needs space even to read, for the file by which its readers and writers agree. */
function isDiskFull(error: unknown): boolean {
  if (!isSystemError(error)) return false;
  // Of a watch the kernel says ENOSPC when there are too many of them.
  if (error instanceof Error && 'syscall' in error && error.syscall === 'watch') return false;
  return ['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE'].includes(errorCode(error));
}

/** An error of the kernel as Node gives it, or one of SQLite. */
function isSystemError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'SqliteError' || ('syscall' in error && /^E[A-Z0-9]+$/.test(errorCode(error)));
}
