/**
 * A prepared day with a known truth, for linking: officers, recorders, cases, and clips of which the generator knows to
 * which case they belong. It is made awkward on purpose: shared recorders, a clock two hours off, names with a wrong
 * officer or a wrong case, cases that overlap at one place, two officers recording one case, footage of no case at all;
 * where it is asked for, cases that name days only, and patrols on which the number of the officer's last case stayed set.
 */
import { buildNameTable } from '../../src/config/name-table.ts';
import { readClipName } from '../../src/domain/clip-names.ts';
import { correctedTime, measureClock } from '../../src/domain/clock-offset.ts';
import { getCalendarDate } from '../../src/domain/people-facts.ts';
import { instantToLocalTime, localTimeToInstant } from '../../src/domain/station-time.ts';
import { systemActor } from '../../src/station/station-context.ts';
import type { Station } from '../../src/station.ts';
import { randomFrom, type SeededRandom } from './random.ts';

export const timeZone = 'Asia/Shanghai';
export const preparedDay = '2026-11-18';
const minuteMs = 60_000;
const atMs = (clock: string): number => localTimeToInstant(`${preparedDay}T${clock}`, timeZone);

export interface PreparedOptions {
  readonly seed: number;
  readonly officers?: number;
  readonly cases?: number;
  readonly clips?: number;
  /** How many of the recorders' clocks were read when they were docked; the others' were not. */
  readonly measuredShare?: number;
  /** Every case names its day and no time. */
  readonly daysOnly?: boolean;
  /** How many clips are of no case; of those, how many have the number of a case of their own officer. */
  readonly patrolShare?: number;
  readonly numberedPatrolShare?: number;
}

export interface PreparedCase {
  readonly number: string;
  readonly officers: readonly string[];
  readonly startMs: number;
  readonly endMs: number;
  readonly row: readonly string[];
}

export interface PreparedClip {
  readonly id: string;
  readonly recorder: string;
  readonly path: string;
  readonly durationMs: number;
  /** Who really recorded it, and for which case; null: for none. */
  readonly officer: string;
  readonly truth: string | null;
}

export interface PreparedDay {
  readonly tables: { readonly officers: string; readonly assignments: string; readonly cases: string };
  readonly cases: readonly PreparedCase[];
  readonly clips: readonly PreparedClip[];
  readonly checkOuts: readonly { recorder: string; officer: string; outMs: number; backMs: number }[];
  /** Recorder minus station, by recorder; null: nobody read the clock. */
  readonly offsets: ReadonlyMap<string, number | null>;
}

const csv = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map((cell) => `"${cell}"`).join(',')}\n`).join('');
const local = (ms: number): string => instantToLocalTime(ms, timeZone).replace('T', ' ');

export function preparedDayOf(options: PreparedOptions): PreparedDay {
  const random = randomFrom(options.seed);
  const below = (count: number): number => Math.floor(random.next() * count);
  const officers = Array.from({ length: options.officers ?? 25 }, (_, at) => `JX${String(1001 + at)}`);
  const unitOf = (officer: string): number => Math.floor(officers.indexOf(officer) / 5);
  const { daysOnly = false, patrolShare = 0.1, numberedPatrolShare = 0 } = options;
  const cases = makeCases(random, { officers, count: options.cases ?? 60, unitOf, daysOnly });
  // The last unit shares three recorders and checks them out; everyone else has one of their own.
  const pool = officers.slice(-5);
  const personal = new Map(officers.slice(0, -5).map((officer, at) => [officer, `TA${String(10_001 + at)}`]));
  const shared = ['TA20001', 'TA20002', 'TA20003'];
  const checkOuts = pool.flatMap((officer, at) => {
    const recorder = shared[at % shared.length] as string;
    const isMorning = at < shared.length;
    return [
      {
        recorder,
        officer,
        outMs: atMs(isMorning ? '07:30:00' : '13:10:00'),
        backMs: atMs(isMorning ? '13:00:00' : '19:30:00'),
      },
    ];
  });
  const recorders = [...personal.values(), ...shared];
  const offsets = new Map<string, number | null>(
    recorders.map((serial, at) => {
      if (at === 3) return [serial, 2 * 3_600_000];
      return [serial, random.next() < (options.measuredShare ?? 0.85) ? (below(121) - 60) * 1000 : null];
    }),
  );
  const clips = makeClips(random, {
    count: options.clips ?? 200,
    cases,
    officers,
    recorderAt: (officer, ms) =>
      personal.get(officer) ??
      checkOuts.find((one) => one.officer === officer && one.outMs <= ms && ms + 40 * minuteMs < one.backMs)?.recorder,
    offsets,
    patrolShare,
    numberedPatrolShare,
  });
  const officerRows = officers.map((officer) => [
    officer,
    `人员${officer}`,
    `第${unitOf(officer) + 1}大队`,
    '路面执法',
    '是',
    '有效',
    '2030-12-31',
  ]);
  const assignmentRows = [
    ...[...personal].map(([officer, serial]) => [officer, serial, '2026-01-01', '', '个人']),
    ...pool.flatMap((officer) => shared.map((serial) => [officer, serial, '2026-01-01', '', '公用'])),
  ];
  return {
    tables: {
      officers: csv([['执法证号', '姓名', '单位', '岗位', '在岗', '证件状态', '有效期至'], ...officerRows]),
      assignments: csv([['执法证号', '记录仪编号', '起始', '截止', '方式'], ...assignmentRows]),
      cases: csv([['案号', '单位', '开始', '结束', '执法人员', '状态'], ...cases.map(({ row }) => row)]),
    },
    cases,
    clips,
    checkOuts,
    offsets,
  };
}

interface CaseWorld {
  readonly officers: readonly string[];
  readonly count: number;
  readonly unitOf: (officer: string) => number;
  readonly daysOnly: boolean;
}

function makeCases(random: SeededRandom, { officers, count, unitOf, daysOnly }: CaseWorld): PreparedCase[] {
  const below = (most: number): number => Math.floor(random.next() * most);
  const busy = new Map<string, { startMs: number; endMs: number }[]>();
  const byDay = new Set<string>();
  const cases: PreparedCase[] = [];
  for (let tries = 0; cases.length < count && tries < 20_000; tries += 1) {
    const startMs = atMs('08:00:00') + below(600) * minuteMs;
    const endMs = startMs + (20 + below(71)) * minuteMs;
    const first = officers[below(officers.length)] as string;
    const colleagues = officers.filter((one) => one !== first && unitOf(one) === unitOf(first));
    const second = colleagues[below(colleagues.length)] as string;
    // Some officers do two things at once; most do one after the other, often without a pause.
    const mayOverlap = cases.length % 20 === 7;
    const isFree = [first, second].every((officer) =>
      (busy.get(officer) ?? []).every((one) => one.endMs <= startMs || endMs <= one.startMs),
    );
    if (!isFree && !mayOverlap) continue;
    for (const officer of [first, second]) busy.set(officer, [...(busy.get(officer) ?? []), { startMs, endMs }]);
    const number = `晋交执罚〔2026〕${String(1001 + cases.length)}号`;
    // Of two cases without times on one day nobody could tell which it was.
    const isByDay = daysOnly || (cases.length % 15 === 4 && ![first, second].some((officer) => byDay.has(officer)));
    if (isByDay) for (const officer of [first, second]) byDay.add(officer);
    const times = isByDay ? [preparedDay, preparedDay] : [local(startMs), local(endMs)];
    const row = [number, `第${unitOf(first) + 1}大队`, ...times, `${first};${second}`, '办理中'];
    cases.push({ number, officers: [first, second], startMs, endMs, row });
  }
  return cases;
}

interface ClipWorld {
  readonly count: number;
  readonly cases: readonly PreparedCase[];
  readonly officers: readonly string[];
  readonly recorderAt: (officer: string, ms: number) => string | undefined;
  readonly offsets: ReadonlyMap<string, number | null>;
  readonly patrolShare: number;
  readonly numberedPatrolShare: number;
}

function makeClips(random: SeededRandom, world: ClipWorld): PreparedClip[] {
  const { cases, officers, offsets } = world;
  const below = (most: number): number => Math.floor(random.next() * most);
  const clips: PreparedClip[] = [];
  const add = (officer: string, startMs: number, lengthMs: number, found: PreparedCase | null): void => {
    const recorder = world.recorderAt(officer, startMs);
    if (recorder === undefined || clips.length >= world.count) return;
    const isTaken = clips.some((one) => one.recorder === recorder && one.path.includes(stamp(startMs, recorder)));
    if (isTaken) return;
    const wrongOfficer = officers[below(officers.length)] as string;
    const dice = random.next();
    const named = dice < 0.12 ? '000000' : dice < 0.17 ? wrongOfficer : officer;
    const own = found === null ? cases.filter((one) => one.officers.includes(officer)) : [];
    const isNumbered = own.length > 0 && random.next() < world.numberedPatrolShare;
    const namedCase = isNumbered ? own[below(own.length)] : caseInName(random, cases, found);
    const path =
      namedCase === undefined
        ? `${recorder}_${named}_${stamp(startMs, recorder)}.mp4`
        : `police/video/20261118/${namedCase.number}_${named}_video_${stamp(startMs, recorder).replace(/(\d{8})/, '$1_')}.mp4`;
    const id = `c-${String(clips.length).padStart(20, '0')}`;
    clips.push({ id, recorder, path, durationMs: lengthMs, officer, truth: found?.number ?? null });
  };
  const stamp = (ms: number, recorder: string): string =>
    instantToLocalTime(ms + (offsets.get(recorder) ?? Math.round((random.next() - 0.5) * 60_000)), timeZone).replaceAll(
      /\D/g,
      '',
    );
  for (let tries = 0; clips.length < world.count && tries < 20_000; tries += 1) {
    if (random.next() < world.patrolShare) {
      // A patrol between cases.
      const officer = officers[below(officers.length)] as string;
      const startMs = atMs('08:00:00') + below(600) * minuteMs;
      const lengthMs = (2 + below(6)) * minuteMs;
      const isFree = cases.every(
        (one) => !one.officers.includes(officer) || one.endMs <= startMs || startMs + lengthMs <= one.startMs,
      );
      if (isFree) add(officer, startMs, lengthMs, null);
      continue;
    }
    const found = cases[below(cases.length)] as PreparedCase;
    const lengthMs = Math.min(found.endMs - found.startMs - 4 * minuteMs, (3 + below(12)) * minuteMs);
    const startMs = found.startMs + minuteMs + below(found.endMs - found.startMs - lengthMs - 2 * minuteMs);
    // Two officers record one act from two sides.
    const who = random.next() < 0.4 ? found.officers : [found.officers[below(2)] as string];
    for (const [at, officer] of who.entries()) add(officer, startMs + at * 20_000, lengthMs, found);
  }
  return clips;
}

/** Most names have none; of those that do, one in six has a wrong one. */
function caseInName(
  random: SeededRandom,
  cases: readonly PreparedCase[],
  found: PreparedCase | null,
): PreparedCase | undefined {
  const dice = random.next();
  const any = cases[Math.floor(random.next() * cases.length)];
  if (found === null) return dice < 0.1 ? any : undefined;
  if (dice < 0.3) return found;
  return dice < 0.36 ? (previousOf(cases, found) ?? any) : undefined;
}

/** The case whose number stayed set: the same officer's one before. */
function previousOf(cases: readonly PreparedCase[], found: PreparedCase): PreparedCase | undefined {
  return cases
    .filter((one) => one.endMs <= found.startMs && one.officers.some((officer) => found.officers.includes(officer)))
    .sort((a, b) => b.endMs - a.endMs)[0];
}

/** What an earlier roster said, and the same day where cases know every third officer by a renewed certificate. */
export function withRenewals(day: PreparedDay): { readonly before: string; readonly day: PreparedDay } {
  const renewed = /JX\d\d\d[258]/gu;
  const [head = '', ...rows] = day.tables.officers.trimEnd().split('\n');
  const officers = rows.map((row) => {
    const old = renewed.exec(row)?.[0];
    renewed.lastIndex = 0;
    return old === undefined ? `${row},""` : `${row.replace(old, `${old}-2`)},"${old}"`;
  });
  return {
    before: day.tables.officers,
    day: {
      ...day,
      tables: {
        officers: [`${head},"原执法证号"`, ...officers, ''].join('\n'),
        assignments: day.tables.assignments,
        cases: day.tables.cases.replaceAll(renewed, '$&-2'),
      },
    },
  };
}

/** Takes the day in: tables through the ordinary imports, clips and check-outs as the records that intake writes. */
export async function takeIn(station: Station, day: PreparedDay): Promise<void> {
  for (const kind of ['officers', 'assignments', 'cases'] as const) {
    const { reading } = await station.people.import({
      kind,
      bytes: Buffer.from(day.tables[kind]),
      effective: getCalendarDate('2026-01-01'),
      dryRun: false,
      allowPartial: false,
      actor: systemActor,
      onProgress: () => undefined,
    });
    if (reading.problems.length > 0) throw new Error(JSON.stringify(reading.problems.slice(0, 3)));
  }
  const { ledger } = station.context;
  for (const { recorder, officer, outMs, backMs } of day.checkOuts) {
    const checkout = `k-${officer}`;
    await ledger.appendAll([
      {
        type: 'recorder-checked-out',
        actor: systemActor,
        subject: recorder,
        body: { checkout, recorder, at: new Date(outMs).toISOString() },
        documents: [{ id: `x-out-${officer}` as never, body: { certificateNo: officer, checks: [] } }],
      },
      {
        type: 'recorder-returned',
        actor: systemActor,
        subject: recorder,
        body: { checkout, recorder, at: new Date(backMs).toISOString(), basis: 'by-hand' },
      },
    ]);
  }
  await takeInClips(station, day);
}

export async function takeInClips(station: Station, day: PreparedDay): Promise<void> {
  const names = buildNameTable(station.context.options.configuration.names);
  const listedAtMs = atMs('20:30:00');
  for (const [recorder, offsetMs] of day.offsets) {
    const clips = day.clips.filter((clip) => clip.recorder === recorder);
    if (clips.length === 0) continue;
    const docking = `d-${recorder}`;
    const bracket = { startedAtMs: listedAtMs, endedAtMs: listedAtMs + 400, tookMs: 400 };
    const measured = measureClock({
      reading:
        offsetMs === null
          ? null
          : {
              ...bracket,
              local: '',
              recorderMs: Math.floor((listedAtMs + offsetMs) / 1000) * 1000,
              resolutionMs: 1000,
            },
      laterReadings: [],
      settings: [],
      files: [],
      listedAtMs,
      lastDockingEndedAtMs: null,
    });
    await station.context.ledger.appendAll([
      {
        type: 'docking-started',
        actor: systemActor,
        subject: docking,
        body: {
          docking,
          kind: 'usb',
          source: `recorder:${recorder}`,
          recorderBasis: 'protocol',
          readBack: 'direct',
          engine: 'portable',
        },
        documents: [{ id: `x-${docking}` as never, body: { folder: '/', folderHex: '2f' } }],
      },
      ...clips.flatMap((clip) => {
        const name = readClipName(clip.path, names) ?? null;
        const namedMs = name?.localTime == null ? null : localTimeToInstant(name.localTime, timeZone);
        const corrected =
          namedMs === null ? null : correctedTime({ namedMs, isImplausible: false }, measured, listedAtMs);
        const iso = (ms: number | null | undefined): string | null =>
          ms === null || ms === undefined ? null : new Date(ms).toISOString();
        const sha256 = Buffer.from(clip.id.padEnd(32).slice(0, 32)).toString('hex');
        return [
          {
            type: 'clip-sealed',
            actor: systemActor,
            subject: clip.id,
            body: {
              clip: clip.id,
              docking,
              source: `recorder:${recorder}`,
              bytes: 1000,
              sha256,
              sm3: sha256,
              fsverity: sha256,
              readBack: 'direct',
              engine: 'portable',
              original: 'new',
              findings: [],
            },
            documents: [
              {
                id: `x-${clip.id}` as never,
                body: {
                  path: clip.path,
                  pathHex: Buffer.from(clip.path).toString('hex'),
                  mtimeNs: '0',
                  recorder,
                  recorderBasis: 'protocol',
                  name: name as never,
                  recordedAt: iso(namedMs),
                  timeZone,
                  clock: { basis: measured.basis, ...measured.offset },
                  correctedAt: corrected && { earliest: iso(corrected.earliestMs), latest: iso(corrected.latestMs) },
                },
              },
            ],
          },
          {
            type: 'clip-probed',
            actor: systemActor,
            subject: clip.id,
            body: { clip: clip.id, kind: 'video', findings: [] },
            documents: [
              {
                id: `x-probe-${clip.id}` as never,
                body: { kind: 'video', container: 'mp4', durationMs: clip.durationMs, streams: [], findings: [] },
              },
            ],
          },
        ];
      }),
    ]);
  }
}
