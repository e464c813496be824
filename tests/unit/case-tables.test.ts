/**
 * Goal: cases and complaints come in with every column, from a spreadsheet and as JSON; a case stays the same case when
 * the enforcement system changes its number; the shipped list of acts and the calendar are sound.
 */
import { describe, expect, it } from 'vitest';
import { loadActList, loadWorkingCalendar } from '../../src/config/case-tables.ts';
import { findActCode, procedureOf } from '../../src/domain/act-list.ts';
import { type CaseRow, identifyCases } from '../../src/domain/case-identity.ts';
import type { Version } from '../../src/domain/history.ts';
import { type CaseFacts, getCalendarDate } from '../../src/domain/people-facts.ts';
import { localTimeToInstant } from '../../src/domain/station-time.ts';
import { readCases } from '../../src/people/cases-table.ts';
import { readComplaints } from '../../src/people/complaints-table.ts';

const acts = loadActList(null);
const toInstant = (local: string) => localTimeToInstant(local, 'Asia/Shanghai');
const reading = { toInstant, actCode: (words: string) => findActCode(acts, words) };
const head =
  '案号,系统编号,案件类型,单位,开始,结束,执法人员,状态,当事人,车牌号,地点,纬度,经度,决定时间,结案日期,执法行为';
const cases = (...rows: string[]) => readCases(Buffer.from([head, ...rows].join('\n')), reading);
const good =
  '阳交罚〔2026〕12号,K1,一般程序,一大队,2026-03-02 09:30,2026-03-05,1001;1002,已结案,某公司,晋E12345,治超站,35.48,112.41,2026-03-10,2026-03-20,"询问 2026-03-02 09:30~10:15 @ 治超站；登记保存 2026年3月2日 11:00"';

const at = (local: string) => ({
  local,
  utc: new Date(toInstant(local.length === 10 ? `${local}T00:00:00` : local)).toISOString(),
});

describe('cases', () => {
  it('takes every column, and acts by the codes of the list', () => {
    expect(cases(good)).toMatchObject({
      problems: [],
      absentFields: [],
      rows: [
        {
          facts: {
            caseNumber: '阳交罚〔2026〕12号',
            externalKey: 'K1',
            kind: '一般程序',
            party: '某公司',
            plate: '晋E12345',
            place: '治超站',
            latitude: 35.48,
            longitude: 112.41,
            decidedAt: at('2026-03-10'),
            closedOn: '2026-03-20',
            acts: [
              { act: 'inquiry', from: at('2026-03-02T09:30:00'), until: at('2026-03-02T10:15:00'), place: '治超站' },
              { act: 'evidence-registration', from: at('2026-03-02T11:00:00') },
            ],
          },
        },
      ],
    });
  });

  it('says the same of the same case as JSON', () => {
    const object = {
      case_number: '阳交罚〔2026〕12号',
      externalKey: 'K1',
      kind: '一般程序',
      unit: '一大队',
      startedAt: '2026-03-02T09:30:00',
      ended_at: '2026-03-05',
      officers: ['1001', '1002'],
      status: '已结案',
      party: '某公司',
      plate: '晋E12345',
      place: '治超站',
      latitude: 35.48,
      longitude: 112.41,
      decidedAt: '2026-03-10',
      closedOn: '2026-03-20',
      acts: [
        { act: 'inquiry', from: '2026-03-02T09:30:00', until: '2026-03-02T10:15:00', place: '治超站' },
        { act: '登记保存', from: '2026-03-02 11:00' },
      ],
    };
    for (const json of [object, [object], { cases: [object] }]) {
      expect(readCases(Buffer.from(JSON.stringify(json)), reading)).toMatchObject({
        problems: [],
        rows: [{ facts: cases(good).rows[0]?.facts }],
      });
    }
  });

  it.each([
    ['{"cases": 3}', 'missing-column'],
    ['[1, 2]', 'not-json'],
    ['[{"case_number": "1"', 'not-json'],
  ])('refuses the JSON %s', (json, reason) => {
    expect(readCases(Buffer.from(json), reading).problems[0]).toMatchObject({ reason });
  });

  it.each([
    ['询问', 'not-an-act'],
    ['2026-03-02 09:30', 'not-an-act'],
    ['询问 2026-02-30 09:30', 'not-an-act'],
    ['询问 2026-03-02 09:30~10:15~11:00', 'not-an-act'],
    ['询问 2026-03-02 09:30~08:00', 'act-ended-before-started'],
  ])('refuses the act %s', (act, reason) => {
    const row = good.replace(/"询问.*"/u, act);
    expect(cases(row)).toMatchObject({ rows: [], problems: [{ line: 2, column: '执法行为', reason }] });
  });

  it('keeps the words of an act that the list does not know', () => {
    expect(cases(good.replace(/"询问.*"/u, '涉水救援 2026-03-02 09:30')).rows[0]?.facts.acts).toMatchObject([
      { act: '涉水救援' },
    ]);
  });

  it.each(['95', 'x', '35.48°', '1e1'])('refuses the latitude %s', (latitude) => {
    expect(cases(good.replace('35.48', latitude)).problems).toMatchObject([{ reason: 'not-a-coordinate' }]);
  });

  it('says which facts a table has no column for', () => {
    const few = readCases(
      Buffer.from('案号,单位,开始,结束,执法人员,状态\n1号,一大队,2026-03-02,,1001,办理中'),
      reading,
    );
    expect(few.absentFields).toContain('acts');
    expect(few.rows[0]?.facts).toEqual({
      caseNumber: '1号',
      unit: '一大队',
      startedAt: at('2026-03-02'),
      endedAt: null,
      officers: ['1001'],
      status: '办理中',
    });
  });
});

describe('which case a row speaks of', () => {
  const facts = (caseNumber: string, externalKey?: string): CaseFacts => ({
    caseNumber,
    unit: '',
    startedAt: at('2026-03-02'),
    endedAt: null,
    officers: [],
    status: '',
    ...(externalKey === undefined ? {} : { externalKey }),
  });
  const version = (key: string, sequence: number, of: CaseFacts): Version<CaseFacts> => ({
    key,
    sequence,
    effectiveFrom: getCalendarDate('2026-03-02'),
    facts: of,
  });
  const row = (line: number, of: CaseFacts): CaseRow => ({ line, key: of.caseNumber, facts: of });
  const keysOf = (rows: CaseRow[], versions: Version<CaseFacts>[]) =>
    identifyCases(rows, versions).rows.map(({ key }) => key);
  const known = [version('1', 1, facts('1', 'A')), version('2', 2, facts('2'))];

  it.each([
    ['its system key, although the number changed', facts('9', 'A'), '1'],
    ['its number', facts('2'), '2'],
    ['its number, and brings the key', facts('2', 'B'), '2'],
    ['its number without the key it once had', facts('1'), '1'],
    ['nothing known', facts('3', 'C'), '3'],
    ['another key under a number that is taken', facts('1', 'C'), '1~2'],
  ])('knows a case by %s', (_, of, key) => {
    expect(keysOf([row(2, of)], known)).toEqual([key]);
  });

  it('swaps two numbers in one file', () => {
    const both = [version('1', 1, facts('1', 'A')), version('2', 2, facts('2', 'B'))];
    expect(keysOf([row(2, facts('2', 'A')), row(3, facts('1', 'B'))], both)).toEqual(['1', '2']);
  });

  it('asks when a number was given up and the row has no key', () => {
    const renumbered = [...known, version('1', 3, facts('9', 'A'))];
    expect(identifyCases([row(2, facts('1'))], renumbered)).toMatchObject({ rows: [], renumbered: [{ current: '9' }] });
    expect(keysOf([row(2, facts('1', 'Z'))], renumbered)).toEqual(['1~2']);
  });

  it('does not take two rows for the same case', () => {
    expect(identifyCases([row(2, facts('9', 'A')), row(3, facts('1', 'A'))], known)).toMatchObject({
      rows: [{ key: '1' }],
      repeated: [{ otherLine: 2 }],
    });
  });
});

describe('complaints', () => {
  const complaintHead = '投诉编号,渠道,受理时间,发生时间,地点,车牌号,案号,内容';
  const complaints = (...rows: string[]) => readComplaints(Buffer.from([complaintHead, ...rows].join('\n')), toInstant);

  it('takes a day alone as the whole of it', () => {
    expect(complaints('T1,12345,2026-03-03 08:00,2026-03-02,治超站,晋E12345,,态度差').rows[0]?.facts).toEqual({
      complaintNumber: 'T1',
      channel: '12345',
      receivedAt: at('2026-03-03T08:00:00'),
      happenedFrom: at('2026-03-02'),
      happenedUntil: { local: '2026-03-02', utc: at('2026-03-03').utc },
      place: '治超站',
      plate: '晋E12345',
      text: '态度差',
    });
  });

  it('needs number, channel and day', () => {
    expect(complaints(',,,,,,,').problems).toEqual([]);
    expect(complaints('T1,,昨天,,,,,').problems).toMatchObject([
      { column: '渠道', reason: 'empty' },
      { column: '受理时间', reason: 'not-a-time' },
    ]);
  });
});

describe('the shipped tables', () => {
  it('finds the procedure of a case by its kind, and says when it assumes one', () => {
    expect(procedureOf(acts, { kind: '简易程序' })).toMatchObject({ code: 'summary', isAssumed: false });
    expect(procedureOf(acts, { kind: '一般 程序' })).toMatchObject({ code: 'ordinary', isAssumed: false });
    expect(procedureOf(acts, {})).toMatchObject({ code: 'ordinary', isAssumed: true });
  });

  it('has the years that are published', () => {
    expect([...loadWorkingCalendar(null).keys()]).toEqual([2024, 2025, 2026]);
  });
});
