/**
 * What the commands read out of a call alike: typed texts, days, who asks; and what is wrong with them, Chinese first,
 * as a usage error shows it. Words of one room of commands (serials, moments) stand with those commands.
 */
import { type CalendarDate, findCalendarDate } from '../domain/people-facts.ts';
import type { Station } from '../station.ts';
import type { CommandCall, CommandOption } from './command.ts';

/** Characters of a reason or a remark, where the command has no limit of its own. */
export const reasonLengthMax = 2000;

export const jsonOption: CommandOption = { type: 'boolean', help: '输出 JSON / JSON on stdout' };

/** Without blanks around it; undefined when the option was not given. */
export function typedText({ values }: CommandCall, option: string): string | undefined {
  const value = values[option];
  return typeof value === 'string' ? value.trim() : undefined;
}

/** The same, and empty when the option was not given. */
export const textOf = (call: CommandCall, option: string): string => typedText(call, option) ?? '';

/** Who asks, as the ledger's records name them. */
export const actorOf = ({ actorId }: CommandCall) => ({ kind: 'person', id: actorId }) as const;

/** Undefined when the option was not given, or is no day: `dayTrouble` tells that before. */
export const dayOf = (call: CommandCall, option: string): CalendarDate | undefined =>
  findCalendarDate(textOf(call, option));

export const dayOrToday = (station: Station, call: CommandCall, option: string): CalendarDate =>
  dayOf(call, option) ?? station.today();

/** The first of several checks that found something. */
export const firstTrouble = (...troubles: readonly (string | undefined)[]): string | undefined =>
  troubles.find((trouble) => trouble !== undefined);

/** Texts that must be given. */
export function neededTrouble(call: CommandCall, lengthMax: number, ...options: readonly string[]): string | undefined {
  const wrong = options.find((option) => !isText(textOf(call, option), lengthMax));
  if (wrong === undefined) return undefined;
  return `--${wrong}：必填，至多 ${lengthMax} 字 / --${wrong} is needed, at most ${lengthMax} characters`;
}

/** Texts that may be left out. */
export function textTrouble(call: CommandCall, lengthMax: number, ...options: readonly string[]): string | undefined {
  const wrong = options.find((option) => !isText(typedText(call, option) ?? '-', lengthMax));
  return wrong === undefined
    ? undefined
    : `--${wrong}：1 至 ${lengthMax} 字 / --${wrong}: 1 to ${lengthMax} characters`;
}

const isText = (text: string, lengthMax: number): boolean => text !== '' && text.length <= lengthMax;

/** Days that may be left out. */
export function dayTrouble(call: CommandCall, ...options: readonly string[]): string | undefined {
  const wrong = options.find((option) => call.values[option] !== undefined && dayOf(call, option) === undefined);
  return wrong === undefined ? undefined : `--${wrong}：日期写作 YYYY-MM-DD / --${wrong}: a day as YYYY-MM-DD`;
}

/** A month that must be given. */
export const monthTrouble = (call: CommandCall, option: string): string | undefined =>
  /^\d{4}-(?:0[1-9]|1[0-2])$/u.test(textOf(call, option))
    ? undefined
    : `--${option}：月份写作 YYYY-MM / --${option}: a month as YYYY-MM`;

/** One word of a list, where it was given; `name` is the option with its dashes, or the argument. */
export const choiceTrouble = (name: string, text: unknown, choices: readonly string[]): string | undefined =>
  text === undefined || choices.some((choice) => choice === text)
    ? undefined
    : `${name} 只能是其中之一 / ${name} is one of ${choices.join(', ')}`;
