/**
 * The register of recorder use (执法记录仪使用台账) and the files of officers (一人一档): who used which recorder, when it
 * was handed over, and what it holds. Filled from rows that the station collected; nothing is decided here.
 */
import type { AssignmentMode, CalendarDate, CertificateStatus } from '../domain/people-facts.ts';
import type { Language } from '../texts/cli-texts.ts';
import { formTexts } from '../texts/form-texts.ts';
import type { CellKind, CellValue, Sheet } from './sheet.ts';

/** One use: a docking, or a check-out that led to none. Times are local to the station. */
export interface UseRow {
  readonly recorder: string;
  readonly users: readonly { readonly certificateNo: string; readonly name: string; readonly unit: string }[];
  readonly outAt: string | null;
  /** When it was given back or docked; null while it is out. */
  readonly backAt: string | null;
  readonly isDocked: boolean;
  readonly firstRecorded: string | null;
  readonly lastRecorded: string | null;
  readonly clips: number;
  readonly length: UseLength;
  readonly interrupted: number;
  readonly cases: readonly string[];
}

/** How long recordings are, as far as it is known: pictures and tracks have no length. */
export interface UseLength {
  /** Files that have a length, known or not. */
  readonly files: number;
  /** Of these, those whose length is not known. */
  readonly unknown: number;
  /** Of all others together. */
  readonly ms: number;
}

export interface UseForm {
  readonly language: Language;
  /** `YYYY-MM` */
  readonly month: string;
  readonly unit: string | null;
  readonly rows: readonly UseRow[];
}

const useKinds: readonly CellKind[] = [
  ...(['count', 'text', 'text', 'text', 'text'] as const),
  ...(['moment', 'moment', 'moment', 'moment'] as const),
  ...(['count', 'count', 'text', 'text', 'text'] as const),
];
const useWidths: readonly number[] = [6, 18, 14, 22, 24, 19, 19, 19, 19, 8, 10, 28, 20, 16];

export function useSheet({ language, month, unit, rows }: UseForm): Sheet {
  const t = formTexts[language];
  const { use } = t;
  return {
    name: use.title,
    title: use.title,
    lines: [t.unitLine(unit ?? t.allUnits), t.monthLine(month)],
    columns: use.columns.map((title, index) => ({
      title,
      kind: useKinds[index] ?? 'text',
      width: useWidths[index] ?? 12,
    })),
    rows: rows.map((row, index) => [index + 1, ...useCells(row, language)]),
    notes: [use.note],
  };
}

function useCells(row: UseRow, language: Language): CellValue[] {
  const { use } = formTexts[language];
  const remarks = [
    ...(row.isDocked ? [] : [row.backAt === null ? use.stillOut : use.notDocked]),
    ...(row.interrupted > 0 ? [use.interrupted(row.interrupted)] : []),
  ];
  const content =
    row.cases.length > 0
      ? row.cases.join('、')
      : row.clips > 0
        ? use.clips(row.clips, lengthText(row.length, language))
        : '';
  return [
    row.recorder,
    row.users.map(({ name }) => name).join('、') || use.unknownUser,
    row.users.map(({ certificateNo }) => certificateNo).join('、'),
    [...new Set(row.users.map(({ unit }) => unit))].join('、'),
    row.outAt,
    row.backAt,
    row.firstRecorded,
    row.lastRecorded,
    row.clips,
    lengthCell(row.length, language),
    content,
    remarks.join('；'),
    '',
  ];
}

const minutesOf = ({ ms }: UseLength): number => Math.round(ms / 60_000);

/** A number only where it is the whole truth: nothing that was recorded has 0 minutes. */
function lengthCell(length: UseLength, language: Language): CellValue {
  const { lengths } = formTexts[language];
  const { files, unknown, ms } = length;
  if (unknown > 0) return ms < 60_000 ? lengths.unknown : lengths.atLeast(Math.floor(ms / 60_000));
  return files > 0 && ms < 60_000 ? lengths.belowMinute : minutesOf(length);
}

/** Null: no file that has a length. */
function lengthText(length: UseLength, language: Language): string | null {
  if (length.files === 0) return null;
  const cell = lengthCell(length, language);
  const { lengths } = formTexts[language];
  if (typeof cell === 'number') return lengths.minutes(cell);
  const isSome = length.unknown > 0 && length.unknown < length.files;
  return `${lengths.said(String(cell))}${isSome ? lengths.unknownOf(length.unknown) : ''}`;
}

export interface PersonLine {
  readonly name: string;
  readonly certificateNo: string;
  readonly unit: string;
  readonly post: string;
  readonly status: CertificateStatus;
  readonly validUntil: CalendarDate;
  /** Of the recorder that is assigned on the last day of the month; the personal one first. */
  readonly assignment: { readonly serial: string; readonly mode: AssignmentMode; readonly from: CalendarDate } | null;
  readonly checkOuts: number;
  readonly dockings: number;
  readonly clips: number;
  readonly length: UseLength;
}

export interface PersonRegister {
  readonly language: Language;
  readonly month: string;
  readonly unit: string | null;
  readonly persons: readonly PersonLine[];
}

const registerKinds: readonly CellKind[] = [
  ...(['count', 'text', 'text', 'text', 'text', 'text', 'day', 'text', 'text', 'day'] as const),
  ...(['count', 'count', 'count', 'count'] as const),
];
const registerWidths: readonly number[] = [6, 14, 22, 26, 14, 11, 12, 18, 13, 12, 10, 10, 10, 12];

export function personRegisterSheet({ language, month, unit, persons }: PersonRegister): Sheet {
  const t = formTexts[language];
  const p = t.person;
  return {
    name: p.registerTitle,
    title: p.registerTitle,
    lines: [t.unitLine(unit ?? t.allUnits), t.monthLine(month)],
    columns: p.registerColumns.map((title, index) => ({
      title,
      kind: registerKinds[index] ?? 'text',
      width: registerWidths[index] ?? 12,
    })),
    rows: persons.map((person, index) => [
      index + 1,
      person.name,
      person.certificateNo,
      person.unit,
      person.post,
      p.statuses[person.status],
      person.validUntil,
      person.assignment?.serial ?? '',
      person.assignment === null ? '' : p.modes[person.assignment.mode],
      person.assignment?.from ?? null,
      person.checkOuts,
      person.dockings,
      person.clips,
      lengthCell(person.length, language),
    ]),
  };
}

export interface PersonFacts {
  readonly from: CalendarDate;
  readonly certificateNo: string;
  readonly name: string;
  readonly unit: string;
  readonly post: string;
  readonly onDuty: boolean;
  readonly status: CertificateStatus;
  readonly validUntil: CalendarDate;
}

export interface PersonFile {
  readonly language: Language;
  readonly month: string;
  /** Oldest first; the last one holds. */
  readonly history: readonly [PersonFacts, ...PersonFacts[]];
  readonly assignments: readonly {
    readonly serial: string;
    readonly mode: AssignmentMode;
    readonly from: CalendarDate;
    readonly until: CalendarDate | null;
  }[];
  readonly uses: readonly UseRow[];
}

export function personFileSheets({ language, month, history, assignments, uses }: PersonFile): Sheet[] {
  const t = formTexts[language];
  const p = t.person;
  const now = history.at(-1) ?? history[0];
  const duty = (onDuty: boolean): string => (onDuty ? p.onDuty : p.offDuty);
  const facts: readonly (readonly [string, string])[] = [
    [p.fields.name, now.name],
    [p.fields.certificateNo, now.certificateNo],
    [p.fields.unit, now.unit],
    [p.fields.post, now.post],
    [p.fields.duty, duty(now.onDuty)],
    [p.fields.validUntil, `${now.validUntil}（${p.statuses[now.status]}）`],
  ];
  return [
    {
      name: p.facts,
      title: p.facts,
      lines: [t.monthLine(month)],
      columns: [
        { title: p.factColumns[0], kind: 'text', width: 20 },
        { title: p.factColumns[1], kind: 'text', width: 50 },
      ],
      rows: facts,
    },
    {
      name: p.certificates,
      title: p.certificates,
      lines: [],
      columns: p.certificateColumns.map((title, index) => ({
        title,
        kind: index === 0 || index === 6 ? 'day' : 'text',
        width: [12, 18, 28, 16, 8, 10, 12][index] ?? 12,
      })),
      rows: history.map((one) => [
        one.from,
        one.certificateNo,
        one.unit,
        one.post,
        duty(one.onDuty),
        p.statuses[one.status],
        one.validUntil,
      ]),
    },
    {
      name: p.assignments,
      title: p.assignments,
      lines: [],
      columns: p.assignmentColumns.map((title, index) => ({ title, kind: index < 2 ? 'text' : 'day', width: 18 })),
      rows: assignments.map(({ serial, mode, from, until }) => [serial, p.modes[mode], from, until ?? p.open]),
    },
    { ...useSheet({ language, month, unit: now.unit, rows: uses }), name: p.use, title: p.use, lines: [] },
  ];
}
