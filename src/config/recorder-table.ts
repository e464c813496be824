/**
 * Reads the table of recorders, config/recorders.yaml. It comes with the program, so a mistake in it is refused whole
 * and names its place: a recorder that is taken for another one is worse than a station that says what is wrong.
 */
import { readFileSync } from 'node:fs';
import Type from 'typebox';
import { Check } from 'typebox/value';
import { parse } from 'yaml';
import { errorMessage, StationError } from '../domain/errors.ts';
import type { RecorderFingerprint, RecorderMark, RecorderTable } from '../domain/recorder-recognition.ts';

export const shippedRecordersFile = new URL('../../config/recorders.yaml', import.meta.url);

const text = Type.String({ minLength: 1, maxLength: 200 });
const markSchema = Type.Object(
  {
    usbId: Type.Optional(Type.String({ pattern: '^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$' })),
    interfaceClass: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
    manufacturer: Type.Optional(text),
    product: Type.Optional(text),
    inquiry: Type.Optional(text),
    label: Type.Optional(text),
    folder: Type.Optional(text),
    rootFile: Type.Optional(text),
    namedFile: Type.Optional(Type.Boolean()),
    registered: Type.Optional(Type.Boolean()),
    score: Type.Integer({ minimum: -1000, maximum: 1000 }),
  },
  { additionalProperties: false },
);
const recorderSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,59}$' }),
    name: text,
    driver: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,59}$' }),
    marks: Type.Array(markSchema, { minItems: 1, maxItems: 50 }),
  },
  { additionalProperties: false },
);

/** @throws StationError recorders-invalid */
export function loadRecorderTable(file: string | URL = shippedRecordersFile): RecorderTable {
  let content: unknown;
  try {
    content = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw invalid(file, errorMessage(cause));
  }
  const { acceptScore, placeholderSerials, recorders } = (content ?? {}) as { readonly [key: string]: unknown };
  if (!Check(Type.Integer({ minimum: 1, maximum: 1000 }), acceptScore)) throw invalid(file, 'acceptScore is missing');
  if (!Check(Type.Array(text), placeholderSerials)) throw invalid(file, 'placeholderSerials is no list of texts');
  if (!Array.isArray(recorders) || recorders.length === 0) throw invalid(file, 'recorders is no list');
  const table: RecorderFingerprint[] = [];
  for (const [index, recorder] of recorders.entries()) {
    if (!Check(recorderSchema, recorder)) throw invalid(file, `recorders[${index}] does not fit the form`);
    for (const mark of recorder.marks) {
      if (Object.keys(mark).length !== 2) throw invalid(file, `recorders[${index}]: a mark needs a score and one key`);
    }
    if (table.some(({ id }) => id === recorder.id)) throw invalid(file, `the id ${recorder.id} occurs twice`);
    table.push({ ...recorder, marks: recorder.marks as readonly RecorderMark[] });
  }
  return { acceptScore, placeholderSerials, recorders: table };
}

function invalid(file: string | URL, message: string): StationError {
  return new StationError('recorders-invalid', `the table of recorders ${String(file)}: ${message}`, {
    next: 'Correct the file; config/recorders.yaml of the program shows every key.',
  });
}
