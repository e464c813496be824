/** What the commands about recorders in people's hands have in common: words of the command line, and their checks. */
import { StationError } from '../domain/errors.ts';
import { isRecorderSerial } from '../domain/ids.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import { isCalendarTime, localTimeToInstant } from '../domain/station-time.ts';
import type { Station } from '../station.ts';
import { dayOrToday, dayTrouble } from './call-words.ts';
import type { CommandCall, CommandOption } from './command.ts';

export const evenSoOption: CommandOption = {
  type: 'string',
  value: 'REASON',
  help: '有异议仍要办理的理由，写入存证日志 / why, although something speaks against it',
};
export const momentOptions = {
  'as-of': { type: 'string', value: 'DATE', help: '某日的情况，默认今天 / as it was on a day (default today)' },
  'known-at': { type: 'string', value: 'SEQ', help: '只算到这条记录为止 / as known at that record of the ledger' },
} as const satisfies { readonly [name: string]: CommandOption };

const certificatePattern = /^[^\s\p{C}]{1,64}$/u;

/** What is wrong with a serial; undefined when nothing is. */
export const serialTrouble = (text: string | undefined): string | undefined =>
  isRecorderSerial(text ?? '')
    ? undefined
    : 'SERIAL：编号为 1 至 64 个字母、数字和 . _ : / - / SERIAL: 1 to 64 letters, digits and . _ : / - are a serial';

export const certificateTrouble = (text: string | undefined): string | undefined =>
  certificatePattern.test(text ?? '')
    ? undefined
    : 'CERTIFICATE：执法证号，与名册一致 / CERTIFICATE: a certificate number as the roster has it';

export function timeTrouble({ values }: CommandCall, option: string): string | undefined {
  const text = values[option];
  return typeof text === 'string' && localTimeOf(text) === undefined
    ? `--${option}：时间写作 YYYY-MM-DDTHH:MM / --${option}: a time as YYYY-MM-DDTHH:MM, station time`
    : undefined;
}

export function momentTrouble(call: CommandCall): string | undefined {
  const known = call.values['known-at'];
  if (typeof known === 'string' && !/^\d{1,15}$/.test(known))
    return '--known-at：记录序号 / --known-at: the sequence of a record';
  return dayTrouble(call, 'as-of');
}

export function momentOf(station: Station, call: CommandCall): { asOf: CalendarDate; knownAt?: number } {
  const known = call.values['known-at'];
  const asOf = dayOrToday(station, call, 'as-of');
  return typeof known === 'string' ? { asOf, knownAt: Number(known) } : { asOf };
}

/** ISO UTC of a station-time option; undefined when it was not given. */
export function instantOf(station: Station, { values }: CommandCall, option: string): string | undefined {
  const local = typeof values[option] === 'string' ? localTimeOf(values[option]) : undefined;
  if (local === undefined) return undefined;
  return new Date(localTimeToInstant(local, station.recorderBook.timeZone)).toISOString();
}

/** `YYYY-MM-DDTHH:MM:SS` of what people type: a blank for the T, and seconds left out. */
export function localTimeOf(text: string): string | undefined {
  const full = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}$/.test(text) ? `${text}:00` : text;
  const local = full.replace(' ', 'T');
  return isCalendarTime(local) ? local : undefined;
}

/** `14052201001 张伟`, or the number alone where no roster has it. */
export function officerName(station: Station, certificateNo: string): string {
  const name = station.recorderBook.officer(certificateNo, station.today())?.name;
  return name === undefined ? certificateNo : `${name} ${certificateNo}`;
}

export function assertOnlyOne(isOne: boolean, isOther: boolean, text: string): void {
  if (isOne !== isOther) return;
  throw new StationError('swap-unknown', `"${text}" is ${isOne ? 'a serial and a certificate number' : 'neither'}`, {
    next: 'Give a serial of the list of recorders or a certificate number of the roster.',
  });
}
