/**
 * Goal: each of the four tables turns rows into exactly the normalised facts that the issue names, in every form that
 * people hand in, and each kind of mistake is named with line, heading, value and reason.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { localTimeToInstant } from '../../src/domain/station-time.ts';
import { readAssignments } from '../../src/people/assignments-table.ts';
import { readCases } from '../../src/people/cases-table.ts';
import { readRecorders } from '../../src/people/recorders-table.ts';
import { readRoster } from '../../src/people/roster-table.ts';

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/people/${name}`, import.meta.url));
const rosterHeader = '执法证号,姓名,单位,岗位,在岗,证件状态,有效期至';
const roster = (...rows: string[]) => readRoster(Buffer.from([rosterHeader, ...rows].join('\n')));
const recorders = (...rows: string[]) => readRecorders(Buffer.from(['记录仪编号,型号,状态', ...rows].join('\n')));
const assignments = (...rows: string[]) =>
  readAssignments(Buffer.from(['执法证号,记录仪编号,起始,截止,方式', ...rows].join('\n')));
const inShanghai = (local: string) => localTimeToInstant(local, 'Asia/Shanghai');
const cases = (...rows: string[]) =>
  readCases(Buffer.from(['案号,单位,开始,结束,执法人员,状态', ...rows].join('\n')), inShanghai);

describe('roster', () => {
  const good = '1001,张三,一大队,一线,是,有效,2027-06-30';

  it('turns a row into the facts of an officer', () => {
    expect(roster(good)).toMatchObject({
      rows: [
        {
          line: 2,
          key: '1001',
          facts: {
            certificateNo: '1001',
            name: '张三',
            unit: '一大队',
            post: '一线',
            onDuty: true,
            certificateStatus: 'valid',
            validUntil: '2027-06-30',
          },
        },
      ],
      problems: [],
    });
  });

  it('reads the same officers from the file that a Chinese spreadsheet saved', () => {
    const plain = readRoster(fixture('roster.csv'));
    const saved = readRoster(fixture('roster-gbk.csv'));
    expect(plain.rows).toHaveLength(13);
    expect(saved.rows).toEqual(plain.rows);
    expect(saved).toMatchObject({ problems: [], encoding: 'gb18030', ignoredColumns: ['序号'] });
  });

  it.each(['=1+1', '+张三', '-张三', '@张三'])('takes the name %s as it is', (name) => {
    expect(roster(good.replace('张三', name)).rows[0]?.facts.name).toBe(name);
  });

  it('trims blanks of both widths and joins lines inside a name', () => {
    expect(roster(good.replace('张三', '"　张\n 三 "')).rows[0]?.facts.name).toBe('张 三');
  });

  it.each([
    ['有效', 'valid'],
    ['暂扣', 'suspended'],
    ['收回', 'withdrawn'],
    ['注销', 'cancelled'],
    [' Suspended ', 'suspended'],
  ])('reads the certificate status %s as %s', (word, status) => {
    expect(roster(good.replace('有效', word)).rows[0]?.facts.certificateStatus).toBe(status);
  });

  it.each([
    ['是', true],
    ['否', false],
    ['Yes', true],
    ['NO', false],
  ])('reads on duty %s as %s', (word, onDuty) => {
    expect(roster(good.replace('是', word)).rows[0]?.facts.onDuty).toBe(onDuty);
  });

  it.each([
    ['2027-06-30', '2027-06-30'],
    ['2027/6/30', '2027-06-30'],
    ['2027.06.30', '2027-06-30'],
    ['2027年6月30日', '2027-06-30'],
    ['２０２７－０６－３０', '2027-06-30'],
    ['2028-02-29', '2028-02-29'],
    ['46568', '2027-06-30'],
    ['20270630', '2027-06-30'],
    ['2027-06-30 00:00:00', '2027-06-30'],
  ])('reads the date %s', (written, date) => {
    expect(roster(good.replace('2027-06-30', written)).rows[0]?.facts.validUntil).toBe(date);
  });

  it.each([
    '2027-02-29',
    '2027-13-01',
    '2027-00-10',
    '2027-04-31',
    '0027-06-30',
    '27-06-30',
    '2027-06/30',
    '462030',
    '20271301',
    '长期',
    '2027-06-30 x',
  ])('refuses %s as a date', (written) => {
    expect(roster(good.replace('2027-06-30', written))).toMatchObject({
      rows: [],
      problems: [{ line: 2, column: '有效期至', value: written, reason: 'not-a-date' }],
    });
  });

  it.each(['1.23E+17', '1.40522E+16', '1e+17', '1.4E17', '１．２３Ｅ＋１７'])(
    'refuses the certificate number %s, which a spreadsheet has shortened',
    (number) => {
      expect(roster(good.replace('1001', number)).problems).toMatchObject([
        { line: 2, column: '执法证号', reason: 'spreadsheet-number' },
      ]);
    },
  );

  it.each([
    ['１４０５２２０１', '14052201'],
    ["'14052201", '14052201'],
    ['"=""14052201"""', '14052201'],
    ['"14052201\t"', '14052201'],
    ['晋Ｅ-0123', '晋E-0123'],
    ['140522199001010012', '140522199001010012'],
  ])('reads the certificate number %s', (written, number) => {
    expect(roster(good.replace('1001', written)).rows[0]?.key).toBe(number);
  });

  it.each(['10 01', '=SUM(A1)', '-1001', '1'.repeat(65)])('refuses the certificate number %s', (number) => {
    expect(roster(good.replace('1001', number)).problems).toMatchObject([{ reason: 'not-a-certificate-number' }]);
  });

  it('names every mistake of a row, and takes the other rows', () => {
    const reading = roster('1.2E+9,,,,也许,过期,明天', good);
    expect(reading.rows.map(({ line }) => line)).toEqual([3]);
    expect(reading.problems).toEqual([
      { line: 2, column: '执法证号', value: '1.2E+9', reason: 'spreadsheet-number' },
      { line: 2, column: '姓名', value: '', reason: 'empty' },
      { line: 2, column: '单位', value: '', reason: 'empty' },
      { line: 2, column: '在岗', value: '也许', reason: 'not-in-list', accepted: ['是', '否'] },
      { line: 2, column: '证件状态', value: '过期', reason: 'not-in-list', accepted: ['有效', '暂扣', '收回', '注销'] },
      { line: 2, column: '有效期至', value: '明天', reason: 'not-a-date' },
    ]);
  });

  it('names an English heading as the file wrote it', () => {
    const table = 'Certificate_No,name,unit,post,on_duty,certificate_status,valid_until\n1,a,b,c,maybe,有效,2027-01-01';
    expect(readRoster(Buffer.from(table)).problems).toMatchObject([{ column: 'on_duty', value: 'maybe' }]);
  });

  it('takes an empty post: it is unmapped, not wrong', () => {
    expect(roster(good.replace('一线', '')).rows[0]?.facts.post).toBe('');
  });

  it('counts rows that say the same once, with a note', () => {
    const reading = roster(good, '1002,李四,一大队,一线,是,有效,2027-06-30', good.replace('2027-06-30', '2027/6/30'));
    expect(reading.rows.map(({ key }) => key)).toEqual(['1001', '1002']);
    expect(reading).toMatchObject({ problems: [], notes: [{ line: 4, reason: 'repeats-line', otherLine: 2 }] });
  });

  it('takes none of the rows that contradict each other, and names both lines', () => {
    const reading = roster(good, good.replace('有效', '注销'), '1002,李四,一大队,一线,是,有效,2027-06-30');
    expect(reading.rows.map(({ key }) => key)).toEqual(['1002']);
    expect(reading.problems).toEqual([
      { line: 3, column: '执法证号', value: '1001', reason: 'differs-from-line', otherLine: 2 },
    ]);
  });
});

describe('recorders', () => {
  it('reads the list that has a byte-order mark and English headings', () => {
    const reading = readRecorders(fixture('recorders.csv'));
    expect(reading.problems).toEqual([]);
    expect(reading.rows.slice(4, 8).map(({ facts }) => facts)).toEqual([
      { serial: 'R005', model: 'DSJ-K9', state: 'in-service' },
      { serial: 'R006', model: 'DSJ-A2', state: 'lost' },
      { serial: 'R007', model: 'DSJ-A2', state: 'repair' },
      { serial: 'R008', model: 'DSJ-A2', state: 'scrapped' },
    ]);
  });

  it('takes an empty model', () => {
    expect(recorders('R1,,在用').rows[0]?.facts).toEqual({ serial: 'R1', model: '', state: 'in-service' });
  });

  it.each([
    ['', 'empty'],
    ['1.2E+12', 'spreadsheet-number'],
    ['R 1', 'not-a-serial'],
    ['记录仪一号', 'not-a-serial'],
  ])('refuses the serial "%s"', (serial, reason) => {
    expect(recorders(`${serial},K9,在用`).problems).toMatchObject([{ line: 2, column: '记录仪编号', reason }]);
  });

  it('keeps a serial whose letters and digits only look like a number', () => {
    expect(recorders('7E1234,K9,在用').rows[0]?.key).toBe('7E1234');
  });

  it('refuses a state that is not in the list', () => {
    expect(recorders('R1,K9,正常').problems).toMatchObject([
      { column: '状态', reason: 'not-in-list', accepted: ['在用', '维修', '丢失', '报废'] },
    ]);
  });
});

describe('assignments', () => {
  it('reads assignments separated by semicolons, open-ended or not, personal or shared', () => {
    const reading = readAssignments(fixture('assignments.csv'));
    expect(reading).toMatchObject({ problems: [], separator: ';' });
    expect(reading.rows.filter((_, place) => place === 5 || place === 9)).toEqual([
      {
        line: 7,
        key: '14052202003 R004 2025-01-01',
        facts: { certificateNo: '14052202003', serial: 'R004', from: '2025-01-01', until: null, mode: 'shared' },
      },
      {
        line: 11,
        key: '14052202006 R009 2025-01-01',
        facts: {
          certificateNo: '14052202006',
          serial: 'R009',
          from: '2025-01-01',
          until: '2025-12-31',
          mode: 'personal',
        },
      },
    ]);
  });

  it('takes an assignment of a single day', () => {
    expect(assignments('1001,R1,2026-01-01,2026-01-01,个人').problems).toEqual([]);
  });

  it('refuses an assignment that ends before it begins', () => {
    expect(assignments('1001,R1,2026-01-02,2026-01-01,个人')).toMatchObject({
      rows: [],
      problems: [{ line: 2, column: '截止', value: '2026-01-01', reason: 'until-before-from' }],
    });
  });

  it('refuses an empty first day, a bad last day and an unknown mode together', () => {
    expect(assignments('1001,R1,,2026-02-30,借用').problems.map(({ column, reason }) => [column, reason])).toEqual([
      ['起始', 'empty'],
      ['截止', 'not-a-date'],
      ['方式', 'not-in-list'],
    ]);
  });

  it('tells one officer with one recorder at two times apart', () => {
    const reading = assignments('1001,R1,2026-01-01,2026-01-31,个人', '1001,R1,2026-03-01,,个人');
    expect(reading.rows).toHaveLength(2);
    expect(reading.problems).toEqual([]);
  });
});

describe('cases', () => {
  it('reads times in the zone of the station and spans the whole last day', () => {
    const reading = readCases(fixture('cases.csv'), inShanghai);
    expect(reading.problems).toEqual([]);
    expect(reading.rows.map(({ facts }) => facts)).toEqual([
      {
        caseNumber: '阳交罚〔2026〕12号',
        unit: '一大队',
        startedAt: { local: '2026-03-02T09:30:00', utc: '2026-03-02T01:30:00.000Z' },
        endedAt: { local: '2026-03-05', utc: '2026-03-05T16:00:00.000Z' },
        officers: ['14052201001', '14052201002'],
        status: '已结案',
      },
      {
        caseNumber: '阳交罚〔2026〕13号',
        unit: '二大队',
        startedAt: { local: '2026-03-09', utc: '2026-03-08T16:00:00.000Z' },
        endedAt: null,
        officers: ['14052202001'],
        status: '调查取证',
      },
    ]);
  });

  it.each([
    ['2026-03-02 09:30', '2026-03-02T09:30:00'],
    ['2026-03-02T09:30:15', '2026-03-02T09:30:15'],
    ['2026-03-02 09:30:15.250', '2026-03-02T09:30:15'],
    ['2026/3/2 9:30', '2026-03-02T09:30:00'],
    ['2026年3月2日9时30分', '2026-03-02T09:30:00'],
    ['2026年3月2日 9时5分7秒', '2026-03-02T09:05:07'],
    ['２０２６－０３－０２　０９：３０', '2026-03-02T09:30:00'],
  ])('reads the time %s', (written, local) => {
    expect(cases(`A1,一大队,${written},,1001,`).rows[0]?.facts.startedAt.local).toBe(local);
  });

  it.each(['2026-03-02 24:00', '2026-02-30 10:00', '10:00', '2026-03-02 9', '9999-12-31'])(
    'refuses %s as a time',
    (written) => {
      expect(cases(`A1,一大队,${written},,1001,`).problems).toMatchObject([{ column: '开始', reason: 'not-a-time' }]);
    },
  );

  it('lets a case begin and end on the same day, and refuses an end before the start', () => {
    expect(cases('A1,一大队,2026-03-02 09:30,2026-03-02,1001,').problems).toEqual([]);
    expect(cases('A1,一大队,2026-03-02 09:30,2026-03-02 09:29,1001,').problems).toMatchObject([
      { line: 2, column: '结束', reason: 'ended-before-started' },
    ]);
  });

  it('takes officers joined by any semicolon or 、, each once, or none', () => {
    const [some, none] = cases('A1,,2026-03-02,,1001； 1002、1001;,', 'A2,,2026-03-02,,,').rows;
    expect(some?.facts.officers).toEqual(['1001', '1002']);
    expect(none?.facts.officers).toEqual([]);
  });

  it('names the officer whose number is no certificate number', () => {
    expect(cases('A1,,2026-03-02,,1001;1.2E+17,').problems).toMatchObject([
      { column: '执法人员', value: '1.2E+17', reason: 'spreadsheet-number' },
    ]);
  });

  it('keeps the brackets of a case number and narrows its digits', () => {
    expect(cases(' 阳交罚（２０２６）１２号 ,,2026-03-02,,,').rows[0]?.key).toBe('阳交罚（2026）12号');
  });

  it('refuses a case without a number', () => {
    expect(cases(',一大队,2026-03-02,,,').problems).toMatchObject([{ column: '案号', reason: 'empty' }]);
  });
});
