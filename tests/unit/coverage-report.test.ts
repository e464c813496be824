/**
 * Goal: the answer leaves the station in the published form: the JSON keys that the issue names, and a CSV that a
 * Chinese spreadsheet opens rightly and cannot be made to execute. Profiles with mistakes are refused with all of them.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCoverageProfiles } from '../../src/config/profiles.ts';
import { coverageCsv, coverageJson } from '../../src/coverage/coverage-report.ts';
import { type CoverageQuestion, coverage, coverageOfUnits } from '../../src/domain/coverage-policy.ts';
import { readCoverageProfiles } from '../../src/domain/coverage-profile.ts';
import { StationError } from '../../src/domain/errors.ts';
import { getCalendarDate } from '../../src/domain/people-facts.ts';

const profiles = await loadCoverageProfiles();
const ministry = profiles.get('ministry') ?? expect.fail('no profile');
const bases = { officers: 'history', recorders: 'history', assignments: 'none' } as const;
const from = getCalendarDate('2026-01-01');

const officer = (certificateNo: string, name: string, unit = '一大队', post = '一线') => ({
  certificateNo,
  name,
  unit,
  post,
  onDuty: true,
  certificateStatus: 'valid' as const,
  validUntil: getCalendarDate('2027-01-01'),
});
const question: CoverageQuestion = {
  profile: ministry,
  asOf: getCalendarDate('2026-05-01'),
  officers: [officer('1', '张三'), officer('2', '李四'), officer('3', '王五', '二大队', '无人机班')],
  recorders: [{ serial: 'R1', model: 'K9', state: 'in-service' }],
  assignments: [
    { certificateNo: '1', serial: 'R1', from, until: null, mode: 'personal' },
    { certificateNo: '2', serial: 'R1', from: getCalendarDate('2026-02-01'), until: null, mode: 'personal' },
    { certificateNo: '3', serial: 'R9', from, until: null, mode: 'personal' },
  ],
};
const answer = coverage(question);
const clause = '交办法〔2024〕25号 二(四)3';

describe('JSON', () => {
  it('is one object with the published keys', () => {
    expect(coverageJson({ answer, bases })).toEqual({
      profile: 'ministry',
      as_of: '2026-05-01',
      clause,
      population: 3,
      covered: 1,
      rate: 1 / 3,
      basis: 'roster',
      recorders_basis: 'history',
      assignments_basis: 'none',
      unit: null,
      reported: 'personal-only',
      covered_personal_only: 1,
      covered_including_shared: 1,
      deadline: '2026-12-31',
      deadline_passed: false,
      gaps: [
        {
          certificate_no: '2',
          name: '李四',
          unit: '一大队',
          reason: 'held-by-another',
          clause,
          recorder_serial: 'R1',
          held_by: '1',
          holder_standing: 'in-population',
          due_on: '2026-12-31',
          overdue_days: 0,
          remarks: [],
        },
        {
          certificate_no: '3',
          name: '王五',
          unit: '二大队',
          reason: 'no-recorder',
          clause,
          unregistered_recorder: 'R9',
          due_on: '2026-12-31',
          overdue_days: 0,
          remarks: [],
        },
      ],
      required: 3,
      gap: 2,
      use: {
        clause: '交办法〔2024〕25号 二(一)2',
        counts: { 'in-use': 0, 'no-footage': 0, 'not-docked-lately': 0, 'never-docked': 0 },
      },
      units: [
        { unit: '一大队', population: 2, covered: 1, gap: 1, rate: 1 / 2 },
        { unit: '二大队', population: 1, covered: 0, gap: 1, rate: 0 },
      ],
      unmapped_posts: [{ post: '无人机班', officers: 1 }],
      notes: [{ kind: 'recorder-not-registered', recorder_serial: 'R9', certificate_no: '3' }],
    });
  });

  it.each([
    ['history', 'roster'],
    ['before-first', 'before-first-roster'],
    ['none', 'no-roster'],
  ] as const)('says on which roster it rests: %s as %s', (officers, basis) => {
    expect(coverageJson({ answer, bases: { ...bases, officers } }).basis).toBe(basis);
  });

  it.each([
    ['2026-12-31', false],
    ['2027-01-01', true],
  ])('says on %s whether the deadline has passed: %s', (asOf, passed) => {
    const later = coverage({ ...question, asOf: getCalendarDate(asOf) });
    expect(coverageJson({ answer: later, bases }).deadline_passed).toBe(passed);
  });

  it('holds one unit alone when narrowed, and null as the rate of nobody', () => {
    const narrowed = coverageJson({ answer: coverageOfUnits(answer, '二大队', new Set(['二大队'])), bases });
    expect(narrowed).toMatchObject({ unit: '二大队', population: 1, covered: 0, rate: 0 });
    expect(narrowed.gaps.map((gap) => gap.certificate_no)).toEqual(['3']);
    expect(coverageJson({ answer: coverageOfUnits(answer, '无', new Set()), bases }).rate).toBeNull();
  });
});

describe('CSV', () => {
  const csv = (asked: CoverageQuestion = question) =>
    coverageCsv({ answer: coverage(asked), bases }, (word) => `词 ${word}`);

  it('begins with a byte-order mark and Chinese headings, and has a line for each gap', () => {
    expect(csv()).toBe(
      '\ufeff执法证号,姓名,单位,原因代码,原因,记录仪编号,依据条款,统计口径,统计日期\r\n' +
        `2,李四,一大队,held-by-another,词 held-by-another,R1,${clause},ministry,2026-05-01\r\n` +
        `3,王五,二大队,no-recorder,词 no-recorder,R9,${clause},ministry,2026-05-01\r\n`,
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1+1', '=HYPERLINK("http://x","y")'])(
    'defuses the name %j',
    (name) => {
      const rows = parse(csv({ ...question, officers: [officer('2', name)] }), { bom: true, record_delimiter: '\r\n' });
      expect(rows[1]?.[1]).toBe(`'${name}`);
    },
  );

  it('leaves an equals sign inside a name alone, and quotes what must be quoted', () => {
    const rows = parse(csv({ ...question, officers: [officer('2', '张=三, "小"\n张')] }), {
      bom: true,
      record_delimiter: '\r\n',
    });
    expect(rows[1]?.[1]).toBe('张=三, "小"\n张');
  });
});

describe('profiles', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evidock-profiles-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('ship with both documents, their clauses and the deadline', () => {
    const shown = [...profiles.values()].map(({ name, clause: cited, deadline, population, requirement }) => ({
      name,
      cited,
      deadline,
      population,
      requirement,
    }));
    const requirement = { kind: 'recorder-per-officer', countsShared: false };
    const deadline = '2026-12-31';
    expect(shown).toEqual([
      { name: 'ministry', cited: clause, deadline, population: ['certified', 'on-duty', 'front-line'], requirement },
      { name: 'county', cited: '阳交字〔2024〕93号 二(五)17', deadline, population: ['certified'], requirement },
    ]);
  });

  it('are refused with every mistake at once', () => {
    const reading = readCoverageProfiles({
      posts: { frontLine: ['一线', ''], notFrontLine: ['内 勤', '内勤'], other: [] },
      profiles: {
        Bad: {
          title: { 'zh-CN': '口径', en: ' ' },
          document: '文',
          clause: '一',
          deadline: '2026-02-30',
          population: ['certified', 'tall'],
          requirement: { kind: 'two-recorders', countsShared: 'no' },
          extra: 1,
        },
        empty: null,
      },
    });
    const problems = 'problems' in reading ? reading.problems.map(({ path }) => path) : [];
    expect(problems).toEqual(
      expect.arrayContaining([
        'posts.other',
        'posts.frontLine',
        'posts.notFrontLine',
        'profiles.Bad',
        'profiles.Bad.title.en',
        'profiles.Bad.deadline',
        'profiles.Bad.population',
        'profiles.Bad.requirement.kind',
        'profiles.Bad.requirement.countsShared',
        'profiles.Bad.extra',
        'profiles.empty',
      ]),
    );
  });

  it.each([null, 'text', [], {}])('are refused when the file holds only %j', (parsed) => {
    expect(readCoverageProfiles(parsed)).toHaveProperty('problems');
  });

  it.each([
    ['mistakes', 'profiles: {}\n', 'profiles-invalid', 'at least one profile'],
    ['broken YAML', 'posts: [\n', 'profiles-invalid', 'line 2'],
    ['a key twice', 'posts: {}\nposts: {}\n', 'profiles-invalid', 'line 2'],
  ])('in a file with %s are refused with a code', async (name, text, code, message) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.yaml`);
    await writeFile(file, text);
    const error = await loadCoverageProfiles(file).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StationError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('in a file that is not there are refused with a code', async () => {
    await expect(loadCoverageProfiles(join(folder, 'none.yaml'))).rejects.toMatchObject({
      code: 'profiles-unreadable',
    });
  });
});
