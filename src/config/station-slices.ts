/**
 * Keys of the station as people meet it: its name, log and engine, pages, import folder, coverage.
 * Declarations only; schema.ts puts the slices together.
 */

import Type from 'typebox';
import {
  ABSOLUTE_PATH,
  choiceKey,
  integerKey,
  ONE_LINE,
  optionalTextKey,
  section,
  switchKey,
  textKey,
} from './key-types.ts';

export const station = section('The station itself.', {
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

export const log = section('The log, written to standard error.', {
  level: choiceKey(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], {
    description: 'The least important messages that are still written.',
    default: 'info',
  }),
});

export const engine = section('The copy engine, which reads, hashes, writes and reads back.', {
  kind: choiceKey(['native', 'portable'], {
    description:
      'native is the C++ addon, portable plain Node: slower, for machines without a build. Never chosen silently.',
    default: 'native',
  }),
});

export const web = section('The pages.', {
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

export const importFolder = section(
  'A folder into which people copy cards; each sub-folder is taken in as a docking.',
  {
    path: optionalTextKey({ ...ABSOLUTE_PATH, description: 'The folder to watch; null watches none.', default: null }),
    settleSeconds: integerKey({
      unit: 'seconds',
      minimum: 1,
      maximum: 3600,
      default: 10,
      description: 'A sub-folder is taken when no size and no time in it changed for so long.',
    }),
  },
);

export const dock = section('The dock: looking for recorders, and how many are read at once.', {
  parallelRecorders: integerKey({
    unit: 'recorders',
    minimum: 1,
    maximum: 64,
    default: 4,
    description: 'Recorders that are read at the same time; others wait for their turn in order of arrival.',
  }),
  scanMilliseconds: integerKey({
    unit: 'milliseconds',
    minimum: 100,
    maximum: 1000,
    default: 1000,
    description: 'How often the dock is looked at when nothing hints at a change. Hints are looked into at once.',
  }),
});

export const usbDock = section('Recorders in USB sockets. Which sockets are the slots: `evidock slots`.', {
  enabled: choiceKey(['auto', 'always', 'never'], {
    description: 'auto looks at USB when this machine has it and `evidock slots` has told which sockets are slots.',
    default: 'auto',
  }),
  helperSocket: textKey({
    ...ABSOLUTE_PATH,
    description: 'Where the privileged helper of the dock listens.',
    default: '/run/evidock-dock/helper.sock',
  }),
  helperProgram: optionalTextKey({
    ...ABSOLUTE_PATH,
    description:
      'Laboratory only: a station that runs as root starts this helper itself instead of using the service; null uses the service.',
    default: null,
  }),
  setClock: switchKey({
    description:
      "Whether a recorder's clock is set to the station's, after it was read. Each setting is recorded before it is done.",
    default: true,
  }),
  passwords: Type.Array(Type.String({ pattern: '^[\\u0020-\\u007e]{1,16}$' }), {
    default: ['000000', '12345678', '00000000', '123456'],
    maxItems: 20,
    unit: 'passwords',
    description: "Passwords of recorders' own protocols, each tried once. The default ones are what factories set.",
  }),
});

export const recorders = section("Recorders in people's hands: check-out, and what is worth a look.", {
  returnAtDock: switchKey({
    description:
      'Whether docking a shared recorder returns it (交还). Off: somebody says so, because a recorder may be docked within a shift.',
    default: false,
  }),
  notSeenDays: integerKey({
    unit: 'days',
    minimum: 1,
    maximum: 3650,
    default: 30,
    description: 'A recorder in service that was not docked for longer is a finding.',
  }),
  checkedOutHours: integerKey({
    unit: 'hours',
    minimum: 1,
    maximum: 8760,
    default: 24,
    description: 'A shared recorder that is out for longer is a finding.',
  }),
  batteryPercentMin: integerKey({
    unit: 'percent',
    minimum: 0,
    maximum: 100,
    default: 50,
    description: 'Self-check at check-out: below it the battery is a warning.',
  }),
  freeMebibytesMin: integerKey({
    unit: 'MiB',
    minimum: 0,
    maximum: 1_048_576,
    default: 4096,
    description: 'Self-check at check-out: below it the free space of the card is a warning.',
  }),
  clockErrorSecondsMax: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 86_400,
    default: 60,
    description: 'Self-check at check-out: a clock that may be off by more is a warning.',
  }),
  filesOnCardMax: integerKey({
    unit: 'files',
    minimum: 0,
    maximum: 1_000_000,
    default: 0,
    description: 'Self-check at check-out: more files left on the card are a warning.',
  }),
});

export const linking = section('Tying clips to officers and cases; by when recordings must be handed in.', {
  handInRule: choiceKey(['same-day', 'hours-after-duty'], {
    description:
      'By when recordings must be handed in after the end of duty: before that day ends, or within handInHours. Local rule.',
    default: 'hours-after-duty',
  }),
  handInHours: integerKey({
    unit: 'hours',
    minimum: 1,
    maximum: 720,
    default: 24,
    description:
      'Hours from the end of duty: the return of the recorder where it is recorded, else the last recording of the shift.',
  }),
});

export const coverage = section('Coverage: who must have a recorder, by when, under which clause.', {
  profilesFile: optionalTextKey({
    ...ABSOLUTE_PATH,
    description:
      'Own profiles and table of posts in place of the shipped ones; the form is that of config/profiles.yaml.',
    default: null,
  }),
  useDays: integerKey({
    unit: 'days',
    minimum: 1,
    maximum: 3660,
    default: 30,
    description: 'Coverage in use: a recorder is in use when it was docked with footage within so many days.',
  }),
  recorderPriceYuan: integerKey({
    unit: 'yuan',
    minimum: 0,
    maximum: 1_000_000,
    default: 0,
    description: 'Price of one recorder for the budget sheet; 0 leaves the sheet without costs.',
  }),
  sparePercent: integerKey({
    unit: 'percent',
    minimum: 0,
    maximum: 100,
    default: 0,
    description: 'Spare recorders (备用) for each hundred that are to be bought, rounded up for each unit.',
  }),
  repairDays: integerKey({
    unit: 'days',
    minimum: 0,
    maximum: 3660,
    default: 30,
    description: 'After so many days a recorder is expected back from repair.',
  }),
});

export const cases = section('Cases: the acts to record, legal clocks, the self-check.', {
  actsFile: optionalTextKey({
    ...ABSOLUTE_PATH,
    description: 'Own list of acts in place of the shipped one; the form is that of config/acts/transport.yaml.',
    default: null,
  }),
  calendarFile: optionalTextKey({
    ...ABSOLUTE_PATH,
    description:
      'Own calendar of public holidays and make-up days; the form is that of config/calendar/china.yaml, which knows 2024 to 2026.',
    default: null,
  }),
  soonDays: integerKey({
    unit: 'days',
    minimum: 0,
    maximum: 30,
    default: 2,
    description: 'So many days before its end a legal clock is shown as due soon; of the kind that it counts.',
  }),
  breakSeconds: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 3600,
    default: 10,
    description: 'A pause between two clips of one act that is longer is a break, and wants a note.',
  }),
  edgeSeconds: integerKey({
    unit: 'seconds',
    minimum: 0,
    maximum: 3600,
    default: 120,
    description:
      'So much later than the stated start of an act a recording may begin, or end so much earlier, since people write times in minutes.',
  }),
  penaltyKinds: Type.Array(Type.String({ ...ONE_LINE }), {
    maxItems: 50,
    unit: 'words',
    default: ['行政处罚', '普通程序', '一般程序', '简易程序'],
    description:
      'Kinds of case, as the case list writes them, that the monthly drawing counts as penalty cases; a case without a kind counts when its number has 罚.',
  }),
});
