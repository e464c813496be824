/**
 * Every key of the station's configuration. A room gets its own slice (`configuration.intake`) and its type, never
 * the whole. Lists and tables that a file gives replace the default as a whole; nothing is merged inside them.
 * A new key needs nothing but its line here and a new example file (vitest -u on configuration.test.ts).
 */

import Type from 'typebox';
import {
  ABSOLUTE_PATH,
  choiceKey,
  integerKey,
  ONE_LINE,
  optionalTextKey,
  RULE_ID,
  section,
  switchKey,
  textKey,
} from './key-types.ts';
import { namePatternItem } from './name-pattern-schema.ts';
import { defaultSkipRules } from './skip-rule-defaults.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

const station = section('The station itself.', {
  name: textKey({
    ...ONE_LINE,
    description: 'Name of the station, as it stands on pages and reports.',
    default: '采集站',
  }),
  timeZone: textKey({
    pattern: '^[A-Za-z]',
    allowed: 'a time zone by its IANA name, such as Asia/Shanghai',
    description: 'Zone of file-name times, FAT times, "today" and dates on the command line, whatever the machine has.',
    default: 'Asia/Shanghai',
  }),
});

const log = section('The log, written to standard error.', {
  level: choiceKey(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], {
    description: 'The least important messages that are still written.',
    default: 'info',
  }),
});

const engine = section('The copy engine, which reads, hashes, writes and reads back.', {
  kind: choiceKey(['native', 'portable'], {
    description:
      'native is the C++ addon, portable plain Node: slower, for machines without a build. Never chosen silently.',
    default: 'native',
  }),
});

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

const intake = section('Taking files off recorders.', {
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

const vault = section('The vault, where originals lie.', {
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

const ledger = section('The ledger.', {
  checkpointSeconds: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 3600,
    default: 60,
    description: 'A signed checkpoint follows a record within this time.',
  }),
});

const probe = section('Looking into originals with ffprobe: what a file is, and whether it is whole.', {
  ffprobePath: textKey({ ...ABSOLUTE_PATH, description: 'The program.', default: '/usr/bin/ffprobe' }),
  parallelFiles: integerKey({
    unit: 'files',
    minimum: 1,
    maximum: 16,
    default: 1,
    description: 'Files that are probed at the same time.',
  }),
  timeoutSeconds: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 600,
    default: 20,
    description: 'Time for one file by the clock; then the program is killed.',
  }),
  cpuSecondsMax: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 600,
    default: 10,
    description: 'Processor time for one file.',
  }),
  memoryBytesMax: integerKey({
    unit: 'bytes',
    minimum: 128 * MIB,
    maximum: 64 * GIB,
    default: GIB,
    description: 'Address space of one program.',
  }),
  outputBytesMax: integerKey({
    unit: 'bytes',
    minimum: 4 * KIB,
    maximum: 64 * MIB,
    default: 256 * KIB,
    description: 'Text that it may print about one file.',
  }),
});

const names = section('What file names of recorders say.', {
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

const web = section('The pages.', {
  host: choiceKey(['127.0.0.1', '::1'], {
    description: 'Address to listen on. Only this machine itself, since there are no accounts yet.',
    default: '127.0.0.1',
  }),
  port: integerKey({
    unit: 'port',
    minimum: 0,
    maximum: 65_535,
    default: 8420,
    description: 'TCP port; 0 takes any free one.',
  }),
});

const importFolder = section('A folder into which people copy cards; each sub-folder is taken in as a docking.', {
  path: optionalTextKey({ ...ABSOLUTE_PATH, description: 'The folder to watch; null watches none.', default: null }),
  settleSeconds: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 3600,
    default: 10,
    description: 'A sub-folder is taken when no size and no time in it changed for so long.',
  }),
});

const preview = section('Playable copies and posters. They wait for copying and never delay sealing.', {
  ffmpegPath: textKey({ ...ABSOLUTE_PATH, description: 'The program.', default: '/usr/bin/ffmpeg' }),
  parallelJobs: integerKey({
    unit: 'jobs',
    minimum: 1,
    maximum: 16,
    default: 1,
    description: 'Previews that are made at the same time.',
  }),
  queueJobsMax: integerKey({
    unit: 'jobs',
    minimum: 1,
    maximum: 10_000_000,
    default: 100_000,
    description: 'Clips that may wait for their preview; those beyond are queued again at the next start.',
  }),
  timeoutSeconds: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 86_400,
    default: 3600,
    description: 'Time for one preview by the clock; then it is given up.',
  }),
  memoryBytesMax: integerKey({
    unit: 'bytes',
    minimum: 256 * MIB,
    maximum: 64 * GIB,
    default: 2 * GIB,
    description: 'Address space of one program.',
  }),
  heightPixelsMax: integerKey({
    unit: 'pixels',
    minimum: 120,
    maximum: 4320,
    default: 720,
    description: 'Pictures higher than this are made smaller where a clip has to be converted at all.',
  }),
  posterWidthPixels: integerKey({
    unit: 'pixels',
    minimum: 64,
    maximum: 3840,
    default: 640,
    description: 'Width of the still picture that stands for a clip.',
  }),
});

const people = section('Officers and their posts.', {
  frontLinePosts: Type.Record(Type.String(), Type.Boolean(), {
    allowed: 'a table of posts with true (front-line) or false',
    description:
      'Posts (岗位) as rosters write them, and whether they are front-line (一线). A post not listed is a finding.',
    default: {
      一线: true,
      路面执法: true,
      治超站: true,
      水上: true,
      内勤: false,
      法制审核: false,
    },
  }),
});

export const configurationSchema = Type.Object(
  { station, log, engine, intake, vault, ledger, probe, names, web, importFolder, preview, people },
  { default: {}, additionalProperties: false },
);

export type Configuration = Type.Static<typeof configurationSchema>;
export type StationConfig = Configuration['station'];
export type LogConfig = Configuration['log'];
export type EngineConfig = Configuration['engine'];
export type IntakeConfig = Configuration['intake'];
export type VaultConfig = Configuration['vault'];
export type LedgerConfig = Configuration['ledger'];
export type ProbeConfig = Configuration['probe'];
export type NamesConfig = Configuration['names'];
export type WebConfig = Configuration['web'];
export type ImportFolderConfig = Configuration['importFolder'];
export type PreviewConfig = Configuration['preview'];
export type PeopleConfig = Configuration['people'];
