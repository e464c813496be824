/**
 * The form of one own name pattern in configuration. What a pattern means and whether it is admitted is decided in
 * domain/clip-names.ts; this only says which keys a row may have.
 */

import Type from 'typebox';
import { ONE_LINE, RULE_ID } from './key-types.ts';

const text = (description: string) =>
  Type.Optional(Type.Union([Type.String(), Type.Null()], { allowed: 'text or null', description }));

const mark = (description: string) => Type.Optional(Type.Boolean({ description }));

const oneOf = <const T extends string[]>(values: readonly [...T], description: string) =>
  Type.Optional(
    Type.Union([Type.Enum([...values] as [...T]), Type.Null()], {
      allowed: `${values.join(', ')} or null`,
      description,
    }),
  );

const says = Type.Object(
  {
    serial: text('Serial of the recorder.'),
    officer: text('Number of the officer; null when it consists of zeros.'),
    caseNumber: text('Case number.'),
    localTime: text('YYYY-MM-DDTHH:MM:SS by the clock of the recorder.'),
    localTimeDoubt: oneOf(['impossible', 'implausible'], 'Why the time is in doubt.'),
    important: mark('Marked important on the recorder (IMP).'),
    interrupted: mark('The recording did not end in order (_start).'),
    encrypted: mark('Encrypted by the recorder (enc).'),
    mediaHint: oneOf(['video', 'audio', 'picture', 'track', 'log'], 'Kind that a word of the name announces.'),
    sequence: Type.Optional(
      Type.Union([Type.Integer(), Type.Null()], { allowed: 'an integer or null', description: 'Running number.' }),
    ),
  },
  { additionalProperties: false, description: 'What is read from it; what is left out must be null or false.' },
);

const example = Type.Object(
  { path: Type.String({ description: 'A path as a recorder writes it.' }), says },
  { additionalProperties: false },
);

export const namePatternItem = Type.Object(
  {
    id: Type.String({ ...RULE_ID, description: 'Name of the pattern, kept with each clip that it matched.' }),
    description: Type.String({ ...ONE_LINE, description: 'Which recorders name files so.' }),
    stem: Type.Optional(
      Type.String({ maxLength: 2000, description: 'Regular expression for the file name without its extension.' }),
    ),
    path: Type.Optional(
      Type.String({ maxLength: 2000, description: 'Instead of stem: for the last components of the path.' }),
    ),
    examples: Type.Array(example, { minItems: 1, maxItems: 50, description: 'Paths that it must match.' }),
  },
  { additionalProperties: false },
);
