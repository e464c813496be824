/** Keys of rosters and other lists that people hand in. Declarations only; schema.ts puts the slices together. */

import Type from 'typebox';
import { choiceKey, integerKey, section } from './key-types.ts';

const ownHeading = Type.Object(
  {
    table: choiceKey(['roster', 'recorders', 'assignments', 'cases', 'complaints'], {
      description: 'Kind of table.',
      default: 'roster',
    }),
    column: Type.String({
      pattern: '^[a-z][a-z0-9_]{0,39}$',
      allowed: 'a column by its English heading, as `evidock roster import --help` lists them',
      description: 'The column, by its English heading, such as certificate_no.',
    }),
    headings: Type.Array(
      Type.String({ pattern: '^[^\\u0000-\\u001f]{1,100}$', allowed: 'a heading of 1 to 100 characters' }),
      { minItems: 1, maxItems: 20, description: 'Headings that this office uses for it, besides the known ones.' },
    ),
  },
  { additionalProperties: false },
);

export const people = section('Rosters and other lists: how their columns are called, when the next one is due.', {
  columns: Type.Array(ownHeading, {
    maxItems: 200,
    default: [],
    description: 'Own headings of columns, accepted beside those that the program knows.',
  }),
  rosterMonths: integerKey({
    unit: 'months',
    minimum: 1,
    maximum: 24,
    default: 1,
    description: 'A roster is due so long after the newest one; the rules want it every month.',
  }),
});
