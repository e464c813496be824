/**
 * Keys of what happens to evidence: intake, names, vault, ledger.
 * Declarations only; schema.ts puts the slices together.
 */

import Type from 'typebox';
import {
  ABSOLUTE_PATH,
  choiceKey,
  GIB,
  integerKey,
  MIB,
  ONE_LINE,
  optionalTextKey,
  RULE_ID,
  section,
  switchKey,
  TIB,
} from './key-types.ts';
import { namePatternItem } from './name-pattern-schema.ts';
import { defaultSkipRules } from './skip-rule-defaults.ts';

const skipRule = Type.Object(
  {
    id: Type.String({ ...RULE_ID, description: 'Name of the rule, as inventories give it.' }),
    path: Type.String({
      pattern: '^[^/\\u0000][^\\u0000]{0,499}$',
      allowed: 'a glob of at most 500 characters that does not begin with a slash',
      description:
        'Glob over the path from the root of the volume, ignoring case: * and ? within a name, ** over folders, a slash at the end for a whole folder.',
    }),
    reason: Type.String({ ...ONE_LINE, description: 'Why such a file is no evidence; stands in the inventory.' }),
  },
  { additionalProperties: false },
);

export const intake = section('Taking files off recorders.', {
  parallelFiles: integerKey({
    unit: 'files',
    minimum: 1,
    maximum: 16,
    default: 2,
    description: 'Files of one recorder that are copied at the same time.',
  }),
  maxFiles: integerKey({
    unit: 'files',
    minimum: 1,
    maximum: 10_000_000,
    default: 1_000_000,
    description: 'Entries of one volume that an inventory lists; a volume with more is refused.',
  }),
  maxDepth: integerKey({
    unit: 'folders',
    minimum: 1,
    maximum: 256,
    default: 64,
    description: 'Folders inside each other that an inventory follows; what lies deeper is refused.',
  }),
  rereadHeld: choiceKey(['never', 'sample', 'always'], {
    description:
      'Dock only: whether a file that by recorder, volume, path, size and time is held already is read again to be sure.',
    default: 'sample',
  }),
  rereadSamplePercent: integerKey({
    unit: 'percent',
    minimum: 1,
    maximum: 100,
    default: 5,
    description: 'Share of such files that `rereadHeld: sample` reads again, at least one a docking.',
  }),
  skip: Type.Array(skipRule, {
    maxItems: 200,
    default: defaultSkipRules,
    description:
      'Rules for files that stay behind. By default only what an operating system writes; all else is evidence.',
  }),
});

export const names = section('What file names of recorders say.', {
  patterns: Type.Array(namePatternItem, {
    maxItems: 200,
    default: [],
    description:
      'Own patterns, tried before the shipped ones (config/name-patterns.yaml, which explains the form); each must match its examples.',
  }),
  shippedPatterns: switchKey({ description: 'Whether the shipped patterns are tried as well.', default: true }),
  plausibleYearMin: integerKey({
    unit: 'year',
    minimum: 1970,
    maximum: 9999,
    default: 2014,
    description: 'Times in names before this year are kept and doubted: clocks fall back to 1970, 2000 or 2013.',
  }),
  plausibleYearMax: integerKey({
    unit: 'year',
    minimum: 1970,
    maximum: 9999,
    default: 2079,
    description: 'Times in names after this year are kept and doubted.',
  }),
});

export const clearing = section('Clearing: deleting sealed files from the recorder, so that it may be used again.', {
  policy: choiceKey(['keep', 'after-seal', 'after-copies'], {
    description:
      'keep writes to no recorder, ever. after-seal deletes what was sealed, or read again and found held, in the same docking; after-copies only what lies in `copies` verified places.',
    default: 'keep',
  }),
  copies: integerKey({
    unit: 'copies',
    minimum: 2,
    maximum: 16,
    default: 2,
    description:
      'With after-copies: how many verified copies there must be, the vault and each mirror counting as one.',
  }),
  recheck: choiceKey(['digest', 'size-and-time'], {
    description:
      'How a file is looked at on the recorder right before it is deleted: digest reads it whole once more, size-and-time only looks at its entry.',
    default: 'digest',
  }),
});

export const vault = section('The vault, where originals lie.', {
  mirrors: Type.Array(Type.String({ ...ABSOLUTE_PATH }), {
    default: [],
    maxItems: 8,
    unit: 'folders',
    description:
      'Folders on other disks that get a copy of every original and of the ledger. Each is initialised once: `evidock mirrors add DIR`.',
  }),
  allowMemoryFileSystem: switchKey({
    description: 'Whether the vault may lie in memory (tmpfs), where a power cut takes everything. For trials only.',
    default: false,
  }),
  allowNoReadBack: switchKey({
    description: 'Whether a disk that cannot be read past the page cache may be used. Copies are then not proved.',
    default: false,
  }),
  marginPercent: integerKey({
    unit: 'percent',
    minimum: 0,
    maximum: 50,
    default: 1,
    description: 'Share of the file system that copies leave free for ledger and registry, within the next two limits.',
  }),
  marginBytesMin: integerKey({
    unit: 'bytes',
    minimum: 0,
    maximum: TIB,
    default: 16 * MIB,
    description: 'Space that copies leave free at least.',
  }),
  marginBytesMax: integerKey({
    unit: 'bytes',
    minimum: 0,
    maximum: TIB,
    default: GIB,
    description: 'Space beyond which the margin does not grow, however large the disk is.',
  }),
});

export const ledger = section('The ledger.', {
  checkpointSeconds: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 3600,
    default: 60,
    description: 'A signed checkpoint follows a record within this time.',
  }),
  publicRead: switchKey({
    description:
      'Whether checkpoint, tiles and proofs are served below /log/ to whoever reaches the pages. They hold no personal data.',
    default: true,
  }),
  policyFile: optionalTextKey({
    ...ABSOLUTE_PATH,
    description:
      "The witnesses that cosign checkpoints and how many are needed, as Sigsum's policy file; null asks no witness.",
    default: null,
  }),
  witnessTimeoutSeconds: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 300,
    default: 20,
    description: 'How long one question to a witness may take; they are asked in the background.',
  }),
  witnessAbsenceHours: integerKey({
    unit: 'hours',
    minimum: 1,
    maximum: 24 * 366,
    default: 72,
    description: 'When the cosignatures that the policy asks for are older than this, "evidock doctor" warns.',
  }),
  sm2: switchKey({
    description: 'Whether every checkpoint gets a second signature, SM2 over SM3, made by the program openssl.',
    default: false,
  }),
  timeStampUrl: optionalTextKey({
    pattern: '^https?://',
    allowed: 'an http or https address',
    description: 'The time stamping authority (RFC 3161) that is asked for tokens in the background; null asks none.',
    default: null,
  }),
  timeStampCaFile: optionalTextKey({
    ...ABSOLUTE_PATH,
    description: "PEM file of the certificates that issued the authority's; needed with an address.",
    default: null,
  }),
  timeStampDigest: choiceKey(['sha256', 'sm3'], {
    description: 'Digest that the authority stamps; sm3 where it can.',
    default: 'sha256',
  }),
  timeStampMinutes: integerKey({
    unit: 'minutes',
    minimum: 1,
    maximum: 10_080,
    default: 60,
    description: 'No more than one token within this time, and only over something new.',
  }),
  timeStampTimeoutSeconds: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 300,
    default: 30,
    description: 'How long the authority may take to answer.',
  }),
});

export const scrub = section('Reading originals again to be sure of them, at low priority while the station runs.', {
  enabled: switchKey({ description: 'Whether the running station scrubs by itself, once a day.', default: true }),
  hour: integerKey({
    unit: 'hour of the day',
    minimum: 0,
    maximum: 23,
    default: 2,
    description: 'When, in station time; a station that is off at that hour scrubs after two days at any hour.',
  }),
  subsetParts: integerKey({
    unit: 'days',
    minimum: 1,
    maximum: 1000,
    default: 30,
    description: 'Each scrub reads one part in so many, in rotation: after as many days every original was read.',
  }),
});

export const exporting = section('Bags for court and other offices.', {
  approverRequired: switchKey({
    description: 'Whether an export needs a second person who approves it, and who is not the applicant.',
    default: true,
  }),
  pdf: switchKey({
    description:
      'Whether bags hold the custody report as PDF beside the HTML, where the machine has a browser to print it.',
    default: true,
  }),
  pdfBrowser: optionalTextKey({
    ...ABSOLUTE_PATH,
    description: 'The Chromium that prints PDFs; null takes the one of the system.',
    default: null,
  }),
});
