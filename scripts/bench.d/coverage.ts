/**
 * Coverage of a province: figures of any day and pages of the list over years of history, beside a scan of everything.
 * The roster is made up and written straight into the registry; the station, its cache and its answers are the real ones.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { pino } from 'pino';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { CacheFile } from '../../src/coverage/cache-file.ts';
import { CacheReader } from '../../src/coverage/cache-reader.ts';
import type { CoverageAsked, CoverageListAsked } from '../../src/domain/coverage-questions.ts';
import { dayNumber, dayOfNumber } from '../../src/domain/day-number.ts';
import type { CalendarDate } from '../../src/domain/people-facts.ts';
import { Station } from '../../src/station.ts';
import { type RosterSize, unitCode, writeRoster } from './parts/coverage-roster.ts';
import { describeMachine, describeVersions } from './parts/machine.ts';

const { values } = parseArgs({
  options: {
    officers: { type: 'string', default: '1000000' },
    years: { type: 'string', default: '10' },
    dockings: { type: 'string', default: '1000000' },
    units: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '40' },
    scan: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(`Usage: scripts/bench coverage [--officers 1000000] [--years 10] [--dockings 1000000] [--units 4000]
       [--rounds 40] [--scan]
  --scan also asks the policy about everybody at once (gigabytes of memory at a million officers)
Exit codes: 0 measured, 1 failed.
`);
  process.exit(0);
}
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(tmpdir(), 'evidock-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const say = (text: string): void => void process.stderr.write(`coverage: ${text}\n`);

interface Times {
  readonly medianMs: number;
  readonly worstMs: number;
  readonly firstMs: number;
  /** Processor time of one answer on average: what others at work on the machine do not change. */
  readonly cpuMs: number;
}

async function timed(count: number, ask: (round: number) => Promise<unknown>): Promise<Times> {
  const times: number[] = [];
  const cpuBefore = process.cpuUsage();
  for (let round = 0; round < count; round += 1) {
    const start = performance.now();
    await ask(round);
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const [firstMs = 0] = times;
  const sorted = [...times].sort((a, b) => a - b);
  const rounded = (ms: number | undefined): number => Math.round((ms ?? 0) * 100) / 100;
  return {
    medianMs: rounded(sorted[sorted.length >> 1]),
    worstMs: rounded(sorted.at(-1)),
    firstMs: rounded(firstMs),
    cpuMs: rounded((user + system) / 1000 / count),
  };
}

const lastDay = dayNumber('2026-11-20' as CalendarDate);
const someDay = (round: number, years: number): CalendarDate =>
  dayOfNumber(lastDay - ((round * 9_973) % Math.round(years * 365)));

function sizeOf(path: string): number {
  return readdirSync(path).reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
}

async function measure(size: RosterSize): Promise<object> {
  const dataFolder = join(folder, `${size.officers}-${size.years}`);
  mkdirSync(dataFolder, { recursive: true });
  const configuration = parseConfiguration('engine: { kind: portable }\n', 'bench');
  const options = {
    dataFolder,
    configuration,
    log: pino({ level: 'warn' }, pino.destination(2)),
    command: 'bench',
    version: 'bench',
  };
  await (await Station.open(options)).close();
  const registryFile = join(dataFolder, 'registry.db');
  writeRoster(registryFile, size, say);
  const station = await Station.open(options);
  try {
    return await measureStation(station, { size, dataFolder, registryFile });
  } finally {
    await station.close();
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly size: RosterSize;
  readonly dataFolder: string;
  readonly registryFile: string;
}

async function measureStation(station: Station, { size, dataFolder, registryFile }: Measured): Promise<object> {
  const { coverage } = station;
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const start = performance.now();
  const cpuStart = process.cpuUsage();
  let said = 0;
  const asked: CoverageAsked = { profile: 'ministry', asOf: dayOfNumber(lastDay), unit: undefined };
  const whole = await coverage.figures(asked, {
    onProgress: (done, total) => {
      if (performance.now() - said < 5_000) return;
      said = performance.now();
      say(`cache ${done} of ${total}`);
    },
  });
  const built = process.cpuUsage(cpuStart);
  const buildSeconds = Math.round((performance.now() - start) / 100) / 10;
  delay.disable();
  say(`cache built in ${buildSeconds} s`);
  const { years, units } = size;
  const figures = {
    wholeAnyDay: await timed(rounds, (round) => coverage.figures({ ...asked, asOf: someDay(round, years) })),
    wholeCounty: await timed(rounds, (round) =>
      coverage.figures({ ...asked, profile: 'county', asOf: someDay(round, years) }),
    ),
    subtree: await timed(rounds, (round) =>
      coverage.figures({
        ...asked,
        asOf: someDay(round, years),
        unit: unitCode(1 + (round % Math.min(110, units - 1))),
      }),
    ),
    oneUnit: await timed(rounds, (round) =>
      coverage.figures({
        ...asked,
        asOf: someDay(round, years),
        unit: unitCode(units - 1 - (round % Math.min(100, units - 1))),
      }),
    ),
  };
  const pages = await measurePages(station, size, whole.missing);
  const overTime = await measureOverTime(station, asked);
  const update = await measureUpdate(station, { size, dataFolder, registryFile });
  const cacheFolder = join(dataFolder, 'coverage');
  const cacheFile = join(cacheFolder, readdirSync(cacheFolder).find((name) => name.endsWith('.db')) ?? '');
  return {
    size,
    answer: { population: whole.population, covered: whole.covered, gap: whole.missing },
    build: {
      seconds: buildSeconds,
      cpuSeconds: Math.round((built.user + built.system) / 1e5) / 10,
      cacheBytes: sizeOf(cacheFolder),
      registryBytes: statSync(registryFile).size,
      eventLoopDelayMsP99: Math.round(delay.percentile(99) / 1e5) / 10,
    },
    figures,
    pages,
    overTime,
    update,
    scanOfAllSpans: scanOfAllSpans(cacheFile),
    ...(values.scan && { policyScan: await timed(1, () => coverage.report(asked)) }),
    queryPlans: plansOf(cacheFile),
  };
}

/** The trend page, counted once, and how long it keeps everybody else waiting. */
async function measureOverTime(station: Station, asked: CoverageAsked): Promise<object> {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const { firstMs, cpuMs } = await timed(1, () => station.coverageAnswers.overTime(asked));
  delay.disable();
  return { milliseconds: firstMs, cpuMs, eventLoopDelayMsMax: Math.round(delay.max / 1e5) / 10 };
}

async function measurePages(station: Station, { officers, years, units }: RosterSize, gap: number): Promise<object> {
  const page = (asked: Partial<CoverageListAsked>, last: number) =>
    timed(rounds, (round) =>
      station.coverage.list({
        profile: 'ministry',
        unit: undefined,
        asOf: someDay(round, years),
        page: 1 + ((round * 7) % Math.max(1, Math.floor(last / 50))),
        pageSize: 50,
        ...asked,
      }),
    );
  return {
    gapsAnywhere: await page({ status: 'gap' }, gap),
    everybodyAnywhere: await page({}, officers * 0.7),
    everybodyByCertificateDescending: await page({ sort: 'certificate', descending: true }, officers * 0.7),
    outLastPages: await page({ status: 'out', asOf: dayOfNumber(lastDay) }, officers * 0.2),
    gapsByReason: await page({ status: 'gap', sort: 'reason' }, gap),
    lostOnly: await page({ reason: 'lost' }, 500),
    notDockedLately: await page({ reason: 'not-docked-lately' }, officers * 0.1),
    subtreeOfATenth: await page({ status: 'gap', unit: unitCode(3) }, gap / 10),
    subtreeByCertificate: await page({ status: 'gap', unit: unitCode(3), sort: 'certificate' }, gap / 10),
    everybodyByName: await page({ sort: 'name' }, officers * 0.7),
    gapsByNameDescending: await page({ status: 'gap', sort: 'name', descending: true }, gap),
    gapsBySince: await page({ status: 'gap', sort: 'since' }, gap),
    everybodyBySince: await page({ sort: 'since' }, officers * 0.7),
    // Everybody but the few whom no unit of the tree has: the largest subtree there is.
    largestSubtreeByCertificate: await page({ unit: unitCode(0), sort: 'certificate' }, officers * 0.7),
    largestSubtreeByName: await page({ unit: unitCode(0), sort: 'name' }, officers * 0.7),
    largestSubtreeGapsBySince: await page({ status: 'gap', unit: unitCode(0), sort: 'since' }, gap),
    subtreeByName: await page({ status: 'gap', unit: unitCode(3), sort: 'name' }, gap / 10),
    lostByName: await page({ reason: 'lost', sort: 'name' }, 500),
    lostBySince: await page({ reason: 'lost', sort: 'since' }, 500),
    oneUnitBySince: await page({ status: 'gap', unit: unitCode(units - 1), sort: 'since' }, 50),
  };
}

/** One import's worth of change: a hundredth of the officers. */
async function measureUpdate(station: Station, { registryFile, size }: Measured): Promise<object> {
  const db = new Database(registryFile);
  const changed = db
    .prepare(
      `INSERT INTO versions (kind, key, effective_from, origin, brought_by, seq, facts)
       SELECT kind, key, '2026-11-19', 'bench-update', 'bench-update', 900000, json_set(facts, '$.onDuty', json('false'))
       FROM versions WHERE kind = 'officers' GROUP BY key HAVING max(effective_from) LIMIT ?`,
    )
    .run(Math.ceil(size.officers / 100)).changes;
  db.close();
  // The thread's own time is in it.
  const times = await timed(1, () =>
    station.coverage.figures({ profile: 'ministry', asOf: dayOfNumber(lastDay), unit: undefined }),
  );
  return { officers: changed, milliseconds: times.firstMs, cpuMs: times.cpuMs };
}

/** What the same figures cost when every span is looked at. */
function scanOfAllSpans(cacheFile: string): object {
  const db = new Database(cacheFile, { readonly: true });
  const sql = 'SELECT substr(codes, 1, 1), count(*) FROM spans WHERE from_day <= ? AND until_day > ? GROUP BY 1';
  const start = performance.now();
  db.prepare(sql).all(lastDay, lastDay);
  const milliseconds = Math.round(performance.now() - start);
  const spans = db.prepare('SELECT count(*) FROM spans').pluck().get();
  db.close();
  return { spans, milliseconds };
}

function plansOf(cacheFile: string): object {
  const file = CacheFile.open(cacheFile, 'read');
  const plans = new CacheReader(file).plans();
  file.close();
  return plans;
}

const size: RosterSize = {
  officers: Number(values.officers),
  years: Number(values.years),
  dockings: Number(values.dockings),
  units: Number(values.units),
};
const machine = describeMachine();
const province = await measure(size);
say(`measured ${JSON.stringify(province)}`);
// The same people with a fifth of the history: what an answer costs must not follow it.
const tenth = {
  ...size,
  officers: Math.ceil(size.officers / 10),
  dockings: Math.ceil(size.dockings / 10),
  units: Math.ceil(size.units / 10),
};
const growth = { long: await measure(tenth), short: await measure({ ...tenth, years: Math.max(1, size.years / 5) }) };
process.stdout.write(`${JSON.stringify({ machine, versions: describeVersions({}), province, growth }, null, 2)}\n`);
