/**
 * What a command of the command line is: its words, its options, and the work. `station` commands need the data
 * folder's owner and run wherever it is, in this process or over the local socket; `alone` commands run right here.
 * Every call loads all commands, so their modules import words and what `Station` has anyway; a room that one command
 * alone needs is imported when it runs.
 */
import type { Logger } from 'pino';
import type { Configuration } from '../config/schema.ts';
import type { Station } from '../station.ts';
import type { Language } from '../texts/cli-texts.ts';

/** Exit codes that every command shares; a command's own help lists those it uses. */
export const exitCodes = {
  done: 0,
  /** Something was not as it should be: a file not taken, a finding. */
  incomplete: 1,
  usage: 2,
  internal: 70,
  /** Another process holds the data folder and could not be asked. */
  inUse: 75,
  configuration: 78,
  interrupted: 130,
} as const;

/** Where a command's result and its talk go. stdout carries the result only. */
export interface CommandIo {
  out(line: string): void;
  /** A file as it is: nothing is added. */
  bytes(content: Uint8Array): void;
  err(line: string): void;
  /** Replaces the last progress line on a terminal; elsewhere printed now and then. */
  progress(line: string): void;
  readonly signal: AbortSignal;
}

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly value?: string;
  /** A file or folder: made absolute. */
  readonly isPath?: true;
  /** May be given several times; all of them stand in the call's `lists`. */
  readonly isRepeated?: true;
  readonly help: string;
}

/** What was asked, with paths made absolute, so that it means the same in another process. */
export interface CommandCall {
  readonly values: { readonly [option: string]: string | boolean | undefined };
  /** What repeated options were given, each as often as it was. */
  readonly lists: { readonly [option: string]: readonly string[] };
  readonly positionals: readonly string[];
  readonly language: Language;
  /** `os-user:<uid>` of whoever asked. */
  readonly actorId: string;
}

interface CommandWords {
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  /** Options beside `--data`, `--config`, `--lang`, `--help`, which every command has. */
  readonly options: { readonly [name: string]: CommandOption };
  /** Those that may be left out come last. */
  readonly positionals: readonly { readonly name: string; readonly isPath: boolean; readonly isOptional?: true }[];
  readonly exits: string;
  /** A data folder of its own when `--data` is not given; it is removed when the command has ended. */
  readonly temporaryDataFolder?: (values: CommandCall['values']) => string | undefined;
  /** What may be wrong with the call beyond its form; a text ends it as a usage error. */
  readonly check?: (call: CommandCall) => string | undefined;
}

export interface StationCommand extends CommandWords {
  readonly runs: 'station';
  /** Whether the data folder is made when it is missing. */
  readonly makesFolder: boolean;
  /** The registry is removed first, so that opening the station makes it anew; never in another process. */
  readonly rebuilds?: true;
  /** Needs the folder itself; it is never handed to the process that holds it. */
  readonly ownProcess?: true;
  /** What must be right before the data folder is made or touched. @throws StationError */
  readonly checkBefore?: (call: CommandCall, dataFolder: string) => void;
  run(station: Station, call: CommandCall, io: CommandIo): Promise<number>;
}

export interface AloneContext {
  /** Absolute; it need not exist when the command does not need it. */
  readonly dataFolder: string;
  readonly configuration: Configuration;
  readonly log: Logger;
}

export interface AloneCommand extends CommandWords {
  readonly runs: 'alone';
  /** Whether the data folder must be there. */
  readonly needsFolder: boolean;
  run(context: AloneContext, call: CommandCall, io: CommandIo): Promise<number>;
}

export type Command = StationCommand | AloneCommand;
