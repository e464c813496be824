/**
 * Keys of what leaves the station about coverage: alerts and their webhook.
 * Declarations only; schema.ts puts the slices together.
 */
import Type from 'typebox';
import { ABSOLUTE_PATH, choiceKey, integerKey, ONE_LINE, optionalTextKey, section, textKey } from './key-types.ts';

export const alerts = section('Alerts about coverage: on the page, in the log, and by a webhook where one is named.', {
  webhookUrl: optionalTextKey({
    pattern: '^https?://',
    allowed: 'an http or https address',
    description: 'Where alerts are sent (POST, JSON). Keep it inside the country; null sends nothing.',
    default: null,
  }),
  webhookSecretFile: optionalTextKey({
    ...ABSOLUTE_PATH,
    description: 'File with the secret of the HMAC-SHA256 signature, at least 16 bytes; null sends unsigned.',
    default: null,
  }),
  webhookUnits: choiceKey(['keys', 'none'], {
    description:
      "Whether units' codes (names, where a roster has no codes) go along with the counts. Persons never do.",
    default: 'keys',
  }),
  webhookTimeoutSeconds: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 120,
    default: 10,
    description: 'How long the webhook may take to answer.',
  }),
  webhookAttempts: integerKey({
    unit: 'attempts',
    minimum: 1,
    maximum: 50,
    default: 10,
    description: 'So often an alert is tried, further and further apart (1 minute to 6 hours), before it is given up.',
  }),
  rosterDaysMax: integerKey({
    unit: 'days',
    minimum: 1,
    maximum: 366,
    default: 31,
    description: 'A roster whose newest import is older is told: teams update theirs every month.',
  }),
  deadlineDays: Type.Array(Type.Integer({ minimum: 0, maximum: 3650 }), {
    maxItems: 50,
    default: [90, 60, 30, 14, 7, 3, 1, 0],
    unit: 'days',
    description: 'So many days before the deadline it is told while somebody is missing, each once.',
  }),
  paceDays: integerKey({
    unit: 'days',
    minimum: 7,
    maximum: 366,
    default: 90,
    description: 'The pace so far is measured over so many days.',
  }),
});

export const reports = section('Forms and reports about coverage.', {
  rectificationTitle: textKey({
    ...ONE_LINE,
    description: 'Title of the rectification list.',
    default: '问题清单',
  }),
  lookBackTitle: textKey({
    ...ONE_LINE,
    description: 'Title of the look-back register.',
    default: '清查评估台账',
  }),
  measure: textKey({
    ...ONE_LINE,
    description: 'Measure (整改措施) that the rectification list proposes for a missing recorder.',
    default: '按编制配备标准补配执法记录仪，专人专配',
  }),
});
