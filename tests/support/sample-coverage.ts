/**
 * Coverage for tests of the pages alone: an invented team judged by the real policy, every reason at least once, with
 * texts as hostile as a roster can carry. What takes an engine (moves, history) is made up and agrees with itself.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { coverageCsv, coverageJson } from '../../src/coverage/coverage-report.ts';
import { stockJson } from '../../src/coverage/stock-json.ts';
import { trendJson } from '../../src/coverage/trend-json.ts';
import { changeParts } from '../../src/domain/coverage-moves.ts';
import { unitsByMonth } from '../../src/domain/coverage-over-time.ts';
import { countdown, coveragePace, monthEnds, yearlyRise } from '../../src/domain/coverage-pace.ts';
import { type CoverageAnswer, coverage } from '../../src/domain/coverage-policy.ts';
import { type CoverageProfile, readCoverageProfiles } from '../../src/domain/coverage-profile.ts';
import type { CoverageAsked, CoverageListAsked, CoverageOfDay } from '../../src/domain/coverage-questions.ts';
import { addDays } from '../../src/domain/day-number.ts';
import { StationError } from '../../src/domain/errors.ts';
import {
  type AssignmentFacts,
  getCalendarDate as day,
  type OfficerFacts,
  type RecorderFacts,
} from '../../src/domain/people-facts.ts';
import type { CoverageFileView, WebCoverage } from '../../src/web/web-coverage.ts';

export interface SampleRoster {
  readonly names: readonly string[];
  readonly units: readonly string[];
  readonly hostile: readonly string[];
  readonly empty: boolean;
}

const profilesFile = new URL('../../config/profiles.yaml', import.meta.url);
const reading = readCoverageProfiles(parse(readFileSync(profilesFile, 'utf8')));
if ('problems' in reading) throw new Error('the shipped profiles have mistakes');
const { profiles } = reading;
const officersCount = 144;
const everybody = day('2025-01-01');

export class SampleCoverage implements WebCoverage {
  readonly useDays = 30;
  readonly #roster: SampleRoster;

  constructor(roster: SampleRoster) {
    this.#roster = roster;
  }

  lastRecord: WebCoverage['lastRecord'] = () => 4_000_000;

  lastRecordUntil: WebCoverage['lastRecordUntil'] = (time) => (time < '2021' ? undefined : 40);

  status: WebCoverage['status'] = () => ({ state: 'building', done: 3, total: 9 });

  async figures(asked: CoverageAsked): Promise<CoverageOfDay> {
    if (asked.unit === 'unit-that-fails') throw new StationError('some-new-code', 'a refusal for tests');
    if (asked.unit === 'unit-that-builds') throw new StationError('coverage-building', 'not yet');
    if (asked.unit === 'unit-unknown') throw new StationError('unit-unknown', 'no such unit');
    const answer = this.#answer(asked);
    const { verdicts: _, notes: __, unit, units, ...figures } = answer;
    return {
      ...figures,
      knownAt: 40,
      bases: {
        officers: this.#roster.empty ? 'none' : asked.asOf < '2026-01-01' ? 'before-first' : 'history',
        recorders: 'history',
        assignments: 'history',
      },
      unitPath: unit === null ? [] : [{ unitKey: unit, name: unit, parent: null }],
      units: units.map(({ unit: name, ...one }) => ({ ...one, name, parent: null, own: one })),
    };
  }

  async list(asked: CoverageListAsked): ReturnType<WebCoverage['list']> {
    const { verdicts } = this.#answer(asked);
    const rows = verdicts
      .filter((verdict) => asked.status === undefined || verdict.status === asked.status)
      .filter(({ gap, outOfPopulation }) => {
        return asked.reason === undefined || gap?.reason === asked.reason || outOfPopulation[0] === asked.reason;
      })
      .map((verdict) => ({
        ...verdict,
        gapSince: verdict.gap === null || asked.knownAt !== undefined ? null : day('2026-03-01'),
      }));
    if (asked.descending === true) rows.reverse();
    const first = (asked.page - 1) * asked.pageSize;
    return { asked, knownAt: 40, total: rows.length, rows: rows.slice(first, first + asked.pageSize) };
  }

  async stock({ asOf }: CoverageAsked): ReturnType<WebCoverage['stock']> {
    const nasty = this.#roster.hostile[0];
    const unitKey = nasty ?? this.#roster.units[0] ?? null;
    const certificateNo = certificateOf(1);
    const gap = { certificateNo, name: nasty ?? '李秀英', unitKey: unitKey ?? '', unit: unitKey ?? '' };
    return {
      asOf,
      idle: [{ serial: 'TA00990', model: nasty ?? 'DSJ-K9', unitKey, unit: unitKey }],
      outside: [{ ...gap, serial: 'TA00991', reasons: ['certificate-suspended', 'not-on-duty'] }],
      inRepair: [{ serial: 'TA00992', model: 'DSJ-K9', unitKey, unit: unitKey, back: addDays(asOf, 20) }],
      waiting: [{ ...gap, reason: 'no-recorder', since: day('2026-03-01'), serial: null }],
      proposals: [{ serial: 'TA00990', fromUnit: unitKey, certificateNo, toUnit: unitKey ?? '' }],
      returning: [],
    };
  }

  async overTime(asked: CoverageAsked): ReturnType<WebCoverage['overTime']> {
    const today = await this.figures(asked);
    const days = monthEnds(addDays(asked.asOf, -300), asked.asOf);
    const months = await Promise.all(days.map((asOf) => this.figures({ ...asked, asOf })));
    const before = months[0];
    const pace = coveragePace({ today, deadline: today.profile.deadline, before });
    const moves = [
      { from: 'gap', to: 'covered', fromReason: null, toReason: null, persons: 2 },
      { from: 'gap', to: 'out', fromReason: null, toReason: 'certificate-suspended', persons: 1 },
    ] as const;
    return {
      today,
      pace,
      units: unitsByMonth(null, months),
      months: months.map((figures, index) => {
        const last = months[index - 1];
        if (last === undefined) return { figures, change: null };
        const parts = changeParts(last, moves);
        return { figures, change: { since: last.asOf, parts, gapsOpened: 1, gapsClosed: 3, rebounds: 1 } };
      }),
      years: yearlyRise([
        { asOf: day('2024-12-31'), population: 120, covered: 60, origin: 'handed-in' },
        { asOf: day('2025-12-31'), population: 126, covered: 80, origin: 'handed-in' },
        { ...today, origin: 'computed' },
      ]).map((row) => ({ ...row, source: row.origin === 'computed' ? null : (this.#roster.hostile[0] ?? '年报') })),
      coming: countdown(pace, today.asOf).map((one) => ({
        ...one,
        gapsKnown: today.missing,
        populationKnown: today.population,
      })),
      completeSince: null,
    };
  }

  casesWithoutRecording: WebCoverage['casesWithoutRecording'] = async () => [
    {
      caseNumber: this.#roster.hostile[1] ?? '阳交罚〔2026〕12号',
      certificateNo: certificateOf(2),
      name: this.#roster.hostile[0] ?? '王强',
      unitKey: 'A',
      unit: 'A',
      serial: null,
    },
  ];

  spansOf: WebCoverage['spansOf'] = async () => [];

  alerts: WebCoverage['alerts'] = () =>
    this.#roster.empty
      ? []
      : [
          {
            kind: 'new-gap',
            count: 2,
            asOf: '2026-11-20',
            units: [{ unit: this.#roster.hostile[0] ?? 'A01', count: 2 }],
          },
        ];

  handedIn: WebCoverage['handedIn'] = () => [
    {
      report: 'h-0',
      seq: 7,
      month: '2026-10',
      asOf: '2026-10-31',
      unit: this.#roster.hostile[0] ?? null,
      population: 126,
      covered: 100,
      reportedAt: '2026-11-02T01:00:00.000Z',
      handedInBy: this.#roster.hostile[0] ?? '张三',
    },
  ];

  async file(asked: CoverageAsked, format: string): Promise<CoverageFileView> {
    const reported = { answer: this.#answer(asked), bases: (await this.figures(asked)).bases };
    const name = `coverage-${asked.profile}-${asked.asOf}.${format}`;
    const text = format === 'json' ? JSON.stringify(coverageJson(reported)) : coverageCsv(reported, (reason) => reason);
    const mime = format === 'json' ? 'application/json; charset=utf-8' : 'text/csv; charset=utf-8';
    return { name, mime, bytes: Buffer.from(text) };
  }

  trendFile: WebCoverage['trendFile'] = async (asked, format) => ({
    name: `trend.${format}`,
    mime: 'application/json; charset=utf-8',
    bytes: Buffer.from(JSON.stringify(trendJson(await this.overTime(asked)))),
  });

  stockFile: WebCoverage['stockFile'] = async (asked, format) => ({
    name: `stock.${format}`,
    mime: 'application/json; charset=utf-8',
    bytes: Buffer.from(JSON.stringify(stockJson(await this.stock(asked), await this.figures(asked)))),
  });

  form: WebCoverage['form'] = async (form, _asked, format) => ({
    name: `${form}.${format}`,
    mime: 'text/html; charset=utf-8',
    bytes: Buffer.from('<!doctype html><title>x</title><style>p{}</style><p>form</p>'),
    style: 'p{}',
  });

  #answer({ profile: name, asOf, unit }: CoverageAsked): CoverageAnswer {
    const profile = profiles.get(name ?? 'ministry') as CoverageProfile;
    const team = this.#team();
    const officers = team.officers.filter((officer) => unit === undefined || officer.unit === unit);
    return { ...coverage({ profile, asOf, ...team, officers }), unit: unit ?? null };
  }

  #team(): {
    readonly officers: readonly OfficerFacts[];
    readonly recorders: readonly RecorderFacts[];
    readonly assignments: readonly AssignmentFacts[];
  } {
    const { names, units, hostile, empty } = this.#roster;
    if (empty) return { officers: [], recorders: [], assignments: [] };
    const numbers = Array.from({ length: officersCount }, (_, index) => index);
    const officers = numbers.map((index): OfficerFacts => {
      const nasty = hostile[index % Math.max(1, hostile.length)];
      return {
        certificateNo: nasty === undefined ? certificateOf(index) : `${nasty}${index}`,
        name: nasty ?? names[index % names.length] ?? '',
        unit: nasty ?? units[index % units.length] ?? '',
        post: nasty ?? (index % 8 === 7 ? '内勤' : '路面执法'),
        onDuty: index % 31 !== 30,
        certificateStatus: index % 29 === 28 ? 'suspended' : 'valid',
        validUntil: day('2027-06-30'),
      };
    });
    const state = (index: number): RecorderFacts['state'] =>
      index % 40 === 10 ? 'repair' : index % 40 === 20 ? 'lost' : index % 40 === 30 ? 'scrapped' : 'in-service';
    const recorders = numbers.map((index) => ({ serial: serialOf(index), model: 'DSJ-K9', state: state(index) }));
    const assignments = officers.flatMap(({ certificateNo }, index): AssignmentFacts[] => {
      if (index % 17 === 16) return [];
      const mode = index % 19 === 18 ? 'shared' : 'personal';
      const from = index % 23 === 22 ? day('2026-12-15') : index % 5 === 0 ? day('2026-08-01') : everybody;
      return [{ certificateNo, serial: serialOf(index % 37 === 36 ? index - 1 : index), from, until: null, mode }];
    });
    return { officers, recorders, assignments };
  }
}

const certificateOf = (index: number): string => `14052${String(1_000_017 + index * 37)}`;
const serialOf = (index: number): string => `TA00${String(700 + index)}`;
