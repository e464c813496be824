/**
 * Reads the tables that cases are judged with: the acts that are to be recorded, and the calendar of working days. A
 * mistake in one is refused whole and names its place, because a wrong deadline is worse than none.
 */
import { readFileSync } from 'node:fs';
import Type from 'typebox';
import { parse } from 'yaml';
import { type ActList, actListProblems } from '../domain/act-list.ts';
import { errorMessage, StationError } from '../domain/errors.ts';
import { findCalendarDate } from '../domain/people-facts.ts';
import { dayAfter } from '../domain/station-time.ts';
import type { CalendarYear, WorkingCalendar } from '../domain/working-days.ts';
import { keyText } from './configuration-error.ts';
import { findSchemaTroubles } from './schema-troubles.ts';

export const shippedActsFile = new URL('../../config/acts/transport.yaml', import.meta.url);
export const shippedCalendarFile = new URL('../../config/calendar/china.yaml', import.meta.url);

const code = '^[a-z0-9][a-z0-9-]{0,59}$';
const text = Type.String({ minLength: 1, maxLength: 200 });
const texts = Type.Array(text, { maxItems: 100 });
const title = Type.Object({ 'zh-CN': text, en: text }, { additionalProperties: false });
const table = <T extends Type.TSchema>(entry: T) => Type.Record(Type.String({ pattern: code }), entry);
const clock = Type.Enum(['evidence-registration', 'seizure']);
const actsSchema = Type.Object(
  {
    stages: table(title),
    items: table(
      Type.Object(
        {
          'zh-CN': text,
          en: text,
          clause: Type.Optional(text),
          announced: Type.Optional(Type.Boolean()),
        },
        { additionalProperties: false },
      ),
    ),
    acts: table(
      Type.Object(
        {
          title,
          words: texts,
          stage: text,
          shows: texts,
          clause: Type.Optional(text),
          recorded: Type.Optional(Type.Boolean()),
          clock: Type.Optional(clock),
          extends: Type.Optional(clock),
          ends: Type.Optional(clock),
        },
        { additionalProperties: false },
      ),
    ),
    procedures: table(
      Type.Object(
        { title, kinds: texts, requires: texts, clause: Type.Optional(text) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

const span = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}(/\\d{4}-\\d{2}-\\d{2})?$',
  allowed: 'a day YYYY-MM-DD, or two with a slash',
});
const calendarSchema = Type.Object(
  {
    years: Type.Record(
      Type.String({ pattern: '^\\d{4}$' }),
      Type.Object(
        { holidays: Type.Array(span, { maxItems: 100 }), workdays: Type.Array(span, { maxItems: 100 }) },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** @throws StationError acts-invalid */
export function loadActList(file: string | null): ActList {
  const from = file ?? shippedActsFile;
  const raw = readTables(from, actsSchema, 'acts-invalid') as Type.Static<typeof actsSchema>;
  const list: ActList = {
    stages: new Map(Object.entries(raw.stages)),
    items: new Map(Object.entries(raw.items)),
    acts: new Map(Object.entries(raw.acts)),
    procedures: new Map(Object.entries(raw.procedures)),
  };
  const problems = actListProblems(list);
  if (problems.length > 0) throw invalid('acts-invalid', from, problems);
  return list;
}

/** @throws StationError calendar-invalid */
export function loadWorkingCalendar(file: string | null): WorkingCalendar {
  const from = file ?? shippedCalendarFile;
  const raw = readTables(from, calendarSchema, 'calendar-invalid') as Type.Static<typeof calendarSchema>;
  const problems: string[] = [];
  const calendar = new Map<number, CalendarYear>();
  for (const [year, { holidays, workdays }] of Object.entries(raw.years)) {
    const daysOf = (name: string, spans: readonly string[]): Set<string> => {
      const days = new Set<string>();
      for (const one of spans) {
        const [first = '', last = first] = one.split('/');
        const isSpan = findCalendarDate(first) !== undefined && findCalendarDate(last) !== undefined && first <= last;
        if (!isSpan || !first.startsWith(year) || !last.startsWith(year)) {
          problems.push(`years.${year}.${name}: ${one} is no span of days of that year`);
        } else for (let day = first; day <= last; day = dayAfter(day)) days.add(day);
      }
      return days;
    };
    const free = daysOf('holidays', holidays);
    const worked = daysOf('workdays', workdays);
    for (const day of worked) if (free.has(day)) problems.push(`years.${year}: ${day} stands in both lists`);
    calendar.set(Number(year), { holidays: free, workdays: worked });
  }
  if (problems.length > 0) throw invalid('calendar-invalid', from, problems);
  return calendar;
}

type TableCode = 'acts-invalid' | 'calendar-invalid';

function readTables(file: string | URL, schema: Type.TSchema, errorCode: TableCode): unknown {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw invalid(errorCode, file, [errorMessage(cause)]);
  }
  const troubles = findSchemaTroubles(schema, content);
  if (troubles.length === 0) return content;
  throw invalid(
    errorCode,
    file,
    troubles.map(({ path, message }) => `${keyText(path)}: ${message}`),
  );
}

function invalid(errorCode: TableCode, file: string | URL, problems: readonly string[]): StationError {
  const name = file instanceof URL ? file.pathname : file;
  const shipped = errorCode === 'acts-invalid' ? 'config/acts/transport.yaml' : 'config/calendar/china.yaml';
  return new StationError(errorCode, `${name}:\n${problems.map((one) => `  ${one}`).join('\n')}`, {
    next: `Correct the file; ${shipped} of the program shows every key.`,
  });
}
