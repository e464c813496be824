/**
 * Reading the command line: which command, its options, its paths made absolute. Mistakes are values with words, so
 * that the caller prints them and ends with the exit code for usage.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { errorMessage } from '../domain/errors.ts';
import type { Language } from '../texts/cli-texts.ts';
import type { Command, CommandCall } from './command.ts';
import { commandGroups, commands, commandsBelow, findCommand } from './commands.ts';

export interface ParseContext {
  readonly cwd: string;
  /** Undefined when this user has no home. */
  readonly defaultDataFolder: string | undefined;
  readonly language: Language;
  readonly actorId: string;
}

export type ParsedCall =
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'wrong'; readonly message: string; readonly usage: string }
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly call: CommandCall;
      readonly dataFolder: string;
      /** The data folder is the command's own and goes with it. */
      readonly isTemporary: boolean;
      readonly configFile: string | undefined;
    };

const shared = {
  data: { type: 'string', value: 'DIR', help: '数据目录 / data folder' },
  config: { type: 'string', value: 'FILE', help: '配置文件 / configuration (default DATA/config.yaml)' },
  lang: { type: 'string', value: 'zh|en', help: '提示语言 / language of texts for people' },
  help: { type: 'boolean', help: '显示帮助 / this text' },
} as const;

export function parseCall(args: readonly string[], context: ParseContext): ParsedCall {
  const [name] = args;
  if (name === undefined) return { kind: 'wrong', message: 'no command given', usage: overview() };
  if (name === '--help' || name === '-h' || name === 'help') return { kind: 'help', text: overview() };
  // Some commands have two or three words (`roster import`, `coverage report list`): the longest name counts.
  const words = [3, 2, 1].find((count) => args.length >= count && findCommand(args.slice(0, count).join(' ')));
  const command = words === undefined ? undefined : findCommand(args.slice(0, words).join(' '));
  const rest = args.slice(words ?? 1);
  if (command === undefined) return noSuchCommand(name, args);
  const wrong = (message: string): ParsedCall => ({ kind: 'wrong', message, usage: commandHelp(command) });
  let parsed: ReturnType<typeof parseArgs>;
  try {
    const options = { ...shared, ...command.options };
    parsed = parseArgs({ args: rest, options: plain(options), allowPositionals: true, strict: true });
  } catch (error) {
    return wrong(`命令行无法理解 / ${errorMessage(error)}`);
  }
  const { values, lists } = split(command, parsed.values, context.cwd);
  if (values.help === true) return { kind: 'help', text: commandHelp(command) };
  const language = values.lang ?? context.language;
  if (language !== 'zh' && language !== 'en') return wrong('--lang 只能是 zh 或 en / --lang is zh or en');
  const needed = command.positionals.filter(({ isOptional }) => isOptional !== true).length;
  if (parsed.positionals.length < needed || parsed.positionals.length > command.positionals.length) {
    const names = command.positionals.map(({ name: word, isOptional }) => (isOptional === true ? `[${word}]` : word));
    return wrong(`参数应为 / expected ${names.join(' ') || 'no argument'}`);
  }
  const empty = emptyArgument(command, parsed.positionals, values);
  if (empty !== undefined) return wrong(`${empty} 为空 / ${empty} is empty`);
  const data = chooseDataFolder(command, values, context);
  if (data === undefined)
    return wrong('该用户没有主目录，请给出 --data / --data is needed: this user has no home folder');
  const call: CommandCall = {
    values,
    lists,
    positionals: parsed.positionals.map((text, at) =>
      command.positionals[at]?.isPath ? resolve(context.cwd, text) : text,
    ),
    language,
    actorId: context.actorId,
  };
  const trouble = command.check?.(call);
  if (trouble !== undefined) return wrong(trouble);
  return {
    kind: 'run',
    command,
    call,
    ...data,
    configFile: values.config === undefined ? undefined : resolve(context.cwd, values.config as string),
  };
}

function chooseDataFolder(
  command: Command,
  values: CommandCall['values'],
  context: ParseContext,
): { readonly dataFolder: string; readonly isTemporary: boolean } | undefined {
  if (typeof values.data === 'string') return { dataFolder: resolve(context.cwd, values.data), isTemporary: false };
  const temporary = command.temporaryDataFolder?.(values);
  const dataFolder = temporary ?? context.defaultDataFolder;
  return dataFolder === undefined ? undefined : { dataFolder, isTemporary: temporary !== undefined };
}

/** An empty word is most often a shell variable that was not set; as a path it would mean the current folder. */
function emptyArgument(
  command: Command,
  positionals: readonly string[],
  values: CommandCall['values'],
): string | undefined {
  const option = Object.keys(values).find((name) => values[name] === '');
  if (option !== undefined) return `--${option}`;
  return command.positionals.find(({ isPath }, at) => isPath && positionals[at] === '')?.name;
}

function plain(options: Command['options']): { [name: string]: { type: 'string' | 'boolean'; multiple: boolean } } {
  const forms = Object.entries(options).map(([name, { type, isRepeated }]) => [
    name,
    { type, multiple: isRepeated === true },
  ]);
  return Object.fromEntries(forms);
}

/** Repeated options apart from the others, and paths absolute. A repeated one that is empty is kept, to be refused. */
function split(
  command: Command,
  parsed: ReturnType<typeof parseArgs>['values'],
  cwd: string,
): Pick<CommandCall, 'values' | 'lists'> {
  const values: { [option: string]: string | boolean } = {};
  const lists: { [option: string]: readonly string[] } = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (Array.isArray(value)) {
      lists[name] = value.map(String);
      if (value.includes('')) values[name] = '';
    } else if (value !== undefined) {
      const isPath = command.options[name]?.isPath === true && value !== '';
      values[name] = isPath ? resolve(cwd, String(value)) : value;
    }
  }
  return { values, lists };
}

/** A first word that other commands begin with asks for those. */
function noSuchCommand(name: string, args: readonly string[]): ParsedCall {
  const below = commandsBelow(name);
  const usage = below.length > 0 ? overviewBelow(below) : overview();
  if (below.length > 0 && args.includes('--help')) return { kind: 'help', text: usage };
  return { kind: 'wrong', message: `没有这个命令 / there is no command "${args.join(' ')}"`, usage };
}

function overview(): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const lines = commandGroups.flatMap(({ title, commands: members }) => [
    title,
    ...members.map((command) => summaryLine(command, width)),
    '',
  ]);
  return [
    'Usage: evidock COMMAND [options]      evidock COMMAND --help',
    '',
    ...lines,
    'Exit codes: 0 done, 1 something was not as it should be, 2 usage, 70 internal error, 75 data folder in use,',
    '            78 configuration, 130 cancelled.',
  ].join('\n');
}

const summaryLine = ({ name, summary }: Command, width: number): string => `  ${name.padEnd(width)}  ${summary}`;

/** Of a first word that is no command by itself: what there is below it. */
function overviewBelow(members: readonly Command[]): string {
  const width = Math.max(...members.map(({ name }) => name.length));
  return members.map((command) => summaryLine(command, width)).join('\n');
}

function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...shared } as Command['options']).map(([name, option]) => {
    const form = `--${name}${option.value === undefined ? '' : ` ${option.value}`}`;
    return `  ${form.padEnd(20)}  ${option.help}`;
  });
  return [
    `Usage: ${command.usage}`,
    '',
    command.summary,
    '',
    ...options,
    '',
    `Exit codes: ${command.exits},`,
    '            2 usage, 75 data folder in use, 78 configuration.',
  ].join('\n');
}
