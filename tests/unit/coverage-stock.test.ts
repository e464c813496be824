/** Goal: idle recorders go to whom they should, the budget sheet adds up for each unit, and a tree of units always ends. */
import { describe, expect, it } from 'vitest';
import { loadCoverageProfiles } from '../../src/config/profiles.ts';
import { coverage } from '../../src/domain/coverage-policy.ts';
import { budgetOf, stockOf } from '../../src/domain/coverage-stock.ts';
import {
  type AssignmentFacts,
  type CalendarDate,
  getCalendarDate,
  type OfficerFacts,
  type RecorderFacts,
} from '../../src/domain/people-facts.ts';
import { distancesFrom, pathTo, subtreeOf, unitTreeOn } from '../../src/domain/unit-tree.ts';

const ministry = (await loadCoverageProfiles()).get('ministry') ?? expect.fail('no profile');
const asOf = getCalendarDate('2026-12-01');
const units = (pairs: [string, string | undefined][]) =>
  pairs.map(([unit, parent]) => ({
    key: unit,
    effectiveFrom: getCalendarDate('2026-01-01'),
    sequence: 1,
    facts: { unit, ...(parent === undefined ? {} : { parent }) },
  }));
const tree = unitTreeOn(
  units([
    ['top', undefined],
    ['a', 'top'],
    ['b', 'top'],
    ['b1', 'b'],
  ]),
  asOf,
);
const officer = (certificateNo: string, unit: string): OfficerFacts => ({
  certificateNo,
  name: certificateNo,
  unit,
  post: '一线',
  onDuty: true,
  certificateStatus: 'valid',
  validUntil: getCalendarDate('2030-01-01'),
});
const recorder = (serial: string, unit: string | undefined, more: Partial<RecorderFacts> = {}): RecorderFacts => ({
  serial,
  model: 'K9',
  state: 'in-service',
  ...(unit === undefined ? {} : { unit }),
  ...more,
});

interface Scene {
  readonly officers: OfficerFacts[];
  readonly recorders: RecorderFacts[];
  readonly assignments?: AssignmentFacts[];
  readonly since?: [string, string][];
}

function ask({ officers, recorders, assignments = [], since = [] }: Scene) {
  const answer = coverage({ profile: ministry, asOf, officers, recorders, assignments });
  const stock = stockOf({
    answer,
    recorders,
    holders: new Map(
      assignments.filter(({ from }) => from <= asOf).map(({ serial, certificateNo }) => [serial, certificateNo]),
    ),
    promised: new Map(
      assignments.filter(({ from }) => from > asOf).map(({ serial, certificateNo }) => [serial, certificateNo]),
    ),
    gapSince: new Map(since.map(([number, day]) => [number, day as CalendarDate])),
    tree,
    repairDays: 20,
  });
  return { answer, stock, pairs: stock.proposals.map(({ serial, certificateNo }) => `${serial} ${certificateNo}`) };
}

describe('proposals', () => {
  it('serve the own unit first, then the nearest, the longest waiting before others', () => {
    const officers = [officer('1', 'a'), officer('2', 'b'), officer('3', 'b1'), officer('4', 'b1')];
    const since: [string, string][] = [
      ['3', '2026-05-01'],
      ['4', '2026-03-01'],
      ['2', '2026-01-01'],
      ['1', '2026-02-01'],
    ];
    const of = (recorders: RecorderFacts[]) => ask({ officers, recorders, since }).pairs;
    expect(of([recorder('R1', 'b1')])).toEqual(['R1 4']);
    expect(of([recorder('R1', 'b1'), recorder('R2', 'b1'), recorder('R3', 'b1'), recorder('R4', 'b1')])).toEqual([
      'R1 4',
      'R2 3',
      'R3 2',
      'R4 1',
    ]);
    expect(of([recorder('R1', undefined)])).toEqual(['R1 2']);
    // What b1 could use is b's own before it goes down the tree.
    expect(of([recorder('R1', 'a'), recorder('R2', 'b')])).toEqual(['R1 1', 'R2 2']);
  });

  it('give what an assignment promises from a later day to that officer and to nobody else', () => {
    const assignments: AssignmentFacts[] = [
      { certificateNo: '2', serial: 'R1', from: getCalendarDate('2026-12-02'), until: null, mode: 'personal' },
    ];
    const since: [string, string][] = [
      ['1', '2026-01-01'],
      ['2', '2026-11-01'],
    ];
    const scene = { officers: [officer('1', 'a'), officer('2', 'b')], assignments, since };
    expect(ask({ ...scene, recorders: [recorder('R1', 'a')] }).pairs).toEqual(['R1 2']);
    expect(ask({ ...scene, recorders: [recorder('R1', 'a'), recorder('R2', 'b')] }).pairs).toEqual(['R1 2', 'R2 1']);
  });

  it('give nobody what is promised to an officer who has no gap, and sooner to one who waits for a repair', () => {
    const promise = (certificateNo: string, serial: string, from: string): AssignmentFacts => ({
      ...{ certificateNo, serial, from: getCalendarDate(from), until: null, mode: 'personal' },
    });
    const officers = [officer('1', 'a'), { ...officer('2', 'b'), onDuty: false }, officer('3', 'b')];
    const recorders = [recorder('R1', 'a'), recorder('R2', 'b'), recorder('R9', 'b', { state: 'repair' })];
    const assignments = [
      promise('2', 'R1', '2026-12-02'),
      promise('3', 'R2', '2026-12-02'),
      promise('3', 'R9', '2026-01-01'),
    ];
    expect(ask({ officers, recorders, assignments }).pairs).toEqual(['R2 3']);
  });

  it('pass by recorders that are held, lost or in repair, and who only waits for a repair comes last', () => {
    const assignments: AssignmentFacts[] = [
      { certificateNo: '1', serial: 'R9', from: getCalendarDate('2026-01-01'), until: null, mode: 'personal' },
    ];
    const recorders = [
      recorder('R1', 'a'),
      recorder('R8', 'a', { state: 'lost' }),
      recorder('R9', 'a', { state: 'repair' }),
    ];
    const { pairs, stock } = ask({ officers: [officer('1', 'a'), officer('2', 'b')], recorders, assignments });
    expect(pairs).toEqual(['R1 2']);
    expect(stock.inRepair).toEqual([{ serial: 'R9', model: 'K9', unitKey: 'a', unit: 'a', back: '2026-12-21' }]);
  });
});

it('recorders with people who do not count are told with who it is, where, and every reason', () => {
  const away: OfficerFacts = { ...officer('1', 'a'), onDuty: false, certificateStatus: 'suspended' };
  const assignments: AssignmentFacts[] = [
    { certificateNo: '1', serial: 'R1', from: getCalendarDate('2026-01-01'), until: null, mode: 'personal' },
  ];
  const { stock } = ask({ officers: [{ ...away, name: '甲' }], recorders: [recorder('R1', 'b')], assignments });
  const reasons = ['certificate-suspended', 'not-on-duty'];
  expect(stock.outside).toEqual([{ serial: 'R1', certificateNo: '1', name: '甲', unitKey: 'a', unit: 'a', reasons }]);
});

describe('the budget sheet', () => {
  const officers = [...'12345678'].map((number) => officer(number, number < '6' ? 'a' : 'b'));
  const assignments: AssignmentFacts[] = [
    { certificateNo: '1', serial: 'R9', from: getCalendarDate('2026-01-01'), until: null, mode: 'personal' },
  ];
  const sheet = (stateSince: string, spareRate: number) => {
    const recorders = [recorder('R1', 'a'), recorder('R9', 'a', { state: 'repair', stateSince })];
    const { answer, stock } = ask({ officers, recorders, assignments });
    return budgetOf(answer, stock, { unitPriceFen: 120_000, spareRate, repairDays: 20, clauses: ['c'] });
  };

  it('is gap less idle less back from repair plus spares, by unit, and its total is the sum of its lines', () => {
    const { lines, total } = sheet('2026-12-01', 0.05);
    expect(lines).toMatchObject([
      { unitKey: 'a', gap: 5, fromIdle: 1, fromRepair: 1, spare: 1, toBuy: 4, costFen: 480_000 },
      { unitKey: 'b', gap: 3, fromIdle: 0, fromRepair: 0, spare: 1, toBuy: 4, costFen: 480_000 },
    ]);
    expect(total).toEqual({ gap: 8, fromIdle: 1, fromRepair: 1, spare: 2, toBuy: 8, costFen: 960_000 });
  });

  it('counts what nobody holds and comes back in time as well, own unit first, and only once', () => {
    const recorders = [
      recorder('R1', 'a', { state: 'repair', stateSince: '2026-12-11' }),
      recorder('R2', 'b', { state: 'repair', stateSince: '2026-12-12' }),
      recorder('R3', 'b', { state: 'repair', stateSince: '2026-12-01' }),
      recorder('R9', 'a', { state: 'repair', stateSince: '2026-12-01' }),
    ];
    const { answer, stock } = ask({ officers, recorders, assignments });
    expect(stock.returning.map(({ serial, toUnit }) => `${serial} ${toUnit}`)).toEqual(['R1 a', 'R3 b']);
    const terms = { unitPriceFen: null, spareRate: 0, repairDays: 20, clauses: [] };
    expect(budgetOf(answer, stock, terms).lines).toMatchObject([
      { unitKey: 'a', gap: 5, fromIdle: 0, fromRepair: 2, toBuy: 3 },
      { unitKey: 'b', gap: 3, fromIdle: 0, fromRepair: 1, toBuy: 2 },
    ]);
  });

  it('counts a repair only when it is over by the deadline', () => {
    expect(sheet('2026-12-11', 0).total.fromRepair).toBe(1);
    expect(sheet('2026-12-12', 0).total.fromRepair).toBe(0);
  });
});

describe('the tree of units', () => {
  it('knows who is below whom, and how far apart two are', () => {
    expect([...subtreeOf(tree, 'b')]).toEqual(['b', 'b1']);
    expect(pathTo(tree, 'b1')).toEqual(['top', 'b', 'b1']);
    expect(distancesFrom(tree, 'b1').get('a')).toBe(3);
    expect([...subtreeOf(tree, 'nobody')]).toEqual(['nobody']);
  });

  it('gives a unit that is only above others the name that a roster of another day has, where it was known', () => {
    // As an import writes it down: nobody belonged to J, so that its code stands for its name.
    const [below, above] = units([
      ['b1', 'J'],
      ['J', undefined],
    ]);
    const named = { key: 'J', effectiveFrom: getCalendarDate('2027-01-01'), sequence: 5, facts: { unit: '交通局' } };
    const nameOf = (...of: Parameters<typeof unitTreeOn>) => unitTreeOn(...of).get('J')?.name;
    const versions = below === undefined || above === undefined ? [] : [below, above, named];
    expect(nameOf(versions, asOf)).toBe('交通局');
    expect(nameOf(versions, asOf, 4)).toBe('J');
    expect(nameOf(versions.slice(0, 2), asOf)).toBe('J');
    expect(nameOf(versions.slice(0, 1), asOf)).toBe('J');
  });

  it('ends where units lie in a ring', () => {
    const ring = unitTreeOn(
      units([
        ['x', 'y'],
        ['y', 'z'],
        ['z', 'x'],
        ['w', 'x'],
      ]),
      asOf,
    );
    expect([...subtreeOf(ring, 'x')].sort()).toEqual(['w', 'x', 'y', 'z']);
    expect(pathTo(ring, 'w')).toEqual(['x', 'w']);
  });
});
