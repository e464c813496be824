/**
 * Keys of how long clips are kept. Every rule that matches counts and the one that keeps longest wins, so a rule can be
 * added without shortening what another one keeps; what no rule matches is kept.
 */
import Type from 'typebox';
import { periodPattern } from '../domain/retention-period.ts';
import { ABSOLUTE_PATH, integerKey, ONE_LINE, optionalTextKey, RULE_ID, section } from './key-types.ts';

const words = (description: string) =>
  Type.Optional(Type.Array(Type.String({ ...ONE_LINE }), { maxItems: 50, unit: 'words', description }));

const retentionRule = Type.Object(
  {
    id: Type.String({ ...RULE_ID, description: 'Name of the rule, as deletion records give it.' }),
    title: Type.String({ ...ONE_LINE, description: 'What the class is called on pages and papers.' }),
    clause: Type.Optional(
      Type.String({ ...ONE_LINE, description: 'The document and clause that the period rests on.' }),
    ),
    keep: Type.String({
      pattern: periodPattern,
      allowed: 'N days|months|years, permanent, case, case + N days|months|years, or N days after mark',
      description:
        'How long. Days, months and years run from the sealing. case: while the case is open, then the time after its closing; without such a time until one is configured.',
    }),
    case: Type.Optional(
      Type.Enum(['any', 'linked', 'none'], { description: 'Whether the clip must be linked to a case; default any.' }),
    ),
    caseKinds: words('Kinds of case as the case list writes them; only clips of such a case.'),
    important: Type.Optional(
      Type.Enum(['any', 'device', 'human', 'either'], {
        description: 'Whose mark of importance is asked for; default any, which asks for none.',
      }),
    ),
    categories: words('Ids of categories that a person gave the clip.'),
    kinds: Type.Optional(
      Type.Array(Type.Enum(['video', 'audio', 'picture', 'track', 'log', 'other']), {
        maxItems: 6,
        description: 'Kinds of content.',
      }),
    ),
  },
  { additionalProperties: false },
);

const category = Type.Object(
  {
    id: Type.String({ ...RULE_ID, description: 'Name of the category, as records give it.' }),
    title: Type.String({ ...ONE_LINE, description: 'What people call it.' }),
  },
  { additionalProperties: false },
);

export const keeping = section('How long clips are kept, holds, and deletion runs.', {
  rules: Type.Array(retentionRule, {
    maxItems: 100,
    default: [
      { id: 'case-file', title: '案件证据（随案卷）', clause: '与案卷同期保存', keep: 'case', case: 'linked' },
      { id: 'ordinary', title: '一般', clause: '行政处罚法第三十六条', keep: '24 months' },
    ],
    description:
      'Retention rules. All that match a clip count and the strictest wins; a clip that none matches is kept. A clip whose time is over is deleted by an approved deletion run only.',
  }),
  categories: Type.Array(category, {
    maxItems: 100,
    default: [],
    description: 'Categories that a person may give a clip with `evidock mark`, for rules to ask for.',
  }),
  complaintMarginMinutes: integerKey({
    unit: 'minutes',
    minimum: 0,
    maximum: 10_080,
    default: 60,
    description: 'How far from the time that a complaint names a clip is still proposed for its hold.',
  }),
  complaintPlaceMetres: integerKey({
    unit: 'metres',
    minimum: 10,
    maximum: 100_000,
    default: 1000,
    description: 'How far from the place that a complaint names.',
  }),
  bagFolder: optionalTextKey({
    ...ABSOLUTE_PATH,
    description:
      "Where the button on a hold's page puts the bag for a review or lawsuit, outside the data folder; null leaves it to the command line.",
    default: null,
  }),
});
