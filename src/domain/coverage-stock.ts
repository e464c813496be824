/**
 * The other way round: recorders that lie idle and recorders with people who do not count, which idle recorder could go
 * to whom today, and what remains to be bought (缺口测算). Pure; it proposes and decides nothing.
 *
 * - Idle: in service, in the list, and nobody holds it. Its unit is that of the list of recorders.
 * - Proposal: each idle recorder to one gap that it would close at once, every unit with its own first, then the nearest
 *   unit of the tree; within a unit the gap that has waited longest. Who only waits for a repair comes after all others.
 *   What an assignment promises from a later day goes to that officer, only sooner, or to nobody.
 * - Returning: what nobody holds and comes back from repair in time (by the deadline; after it, within the days of a
 *   repair) goes the same way to the gaps that are left, those aside whose own recorder comes back in time.
 * - To buy: gap − idle − back from repair in time, then the spare rate on what is left, rounded up, for each unit. Idle
 *   and returning count where the proposal sends them, so that the sheet of the whole is the sum of its lines.
 */

import { dayOf } from './coverage-day.ts';
import type { CoverageAnswer } from './coverage-policy.ts';
import type { GapReason, OutOfPopulationReason } from './coverage-verdict.ts';
import { addDays, dayNumber } from './day-number.ts';
import { type CalendarDate, compareText, type RecorderFacts } from './people-facts.ts';
import { distancesFrom, type UnitTree } from './unit-tree.ts';

export interface IdleRecorder {
  readonly serial: string;
  readonly model: string;
  /** Null where the list of recorders names no unit. */
  readonly unitKey: string | null;
  /** Its name, for people. */
  readonly unit: string | null;
}

/** A working recorder, personally with somebody who does not count. */
export interface RecorderOutside {
  readonly serial: string;
  readonly certificateNo: string;
  readonly name: string;
  readonly unitKey: string;
  readonly unit: string;
  /** Every reason why they do not count. */
  readonly reasons: readonly OutOfPopulationReason[];
}

export interface WaitingGap {
  readonly certificateNo: string;
  readonly name: string;
  readonly unitKey: string;
  readonly unit: string;
  readonly reason: GapReason;
  /** Since when the gap is open; null where that is not known. */
  readonly since: CalendarDate | null;
  /** Their own recorder, where they only wait until it is back from repair. */
  readonly serial: string | null;
}

export interface IssueProposal {
  readonly serial: string;
  readonly fromUnit: string | null;
  readonly certificateNo: string;
  readonly toUnit: string;
}

export interface StockAnswer {
  readonly asOf: CalendarDate;
  readonly idle: readonly IdleRecorder[];
  readonly outside: readonly RecorderOutside[];
  /** In repair, with the day on which each is expected back. */
  readonly inRepair: readonly (IdleRecorder & { readonly back: CalendarDate })[];
  /** Gaps, the longest waiting first. */
  readonly waiting: readonly WaitingGap[];
  /** Its length is how many gaps can be closed today. */
  readonly proposals: readonly IssueProposal[];
  /** Of recorders in repair, for the gaps that are left: these need not be bought. */
  readonly returning: readonly IssueProposal[];
}

export interface StockQuestion {
  readonly answer: CoverageAnswer;
  /** The recorders of the day, their state that of the day. */
  readonly recorders: readonly RecorderFacts[];
  /** Who holds which recorder that day, by serial; without those in store. */
  readonly holders: ReadonlyMap<string, string>;
  /** To whom an assignment that is still to begin gives which recorder, by serial. */
  readonly promised: ReadonlyMap<string, string>;
  /** First day of the open gap by certificate number. */
  readonly gapSince: ReadonlyMap<string, CalendarDate>;
  readonly tree: UnitTree;
  /** Days that a repair takes, counted from `stateSince`, or from the day itself where that is not known. */
  readonly repairDays: number;
}

export function stockOf(question: StockQuestion): StockAnswer {
  const { answer, recorders, holders, repairDays, tree } = question;
  const shown = shownIn(tree);
  const bySerial = [...recorders].sort((a, b) => compareText(a.serial, b.serial));
  const idle = bySerial.filter(({ serial, state }) => state === 'in-service' && !holders.has(serial)).map(shown);
  const inRepair = bySerial
    .filter(({ state }) => state === 'repair')
    .map((recorder) => ({ ...shown(recorder), back: backOn(recorder, answer.asOf, repairDays) }));
  const waiting = waitingGaps(question);
  const proposals = proposalsOf(idle, waiting, question);
  const inTime = backInTime(inRepair, answer, repairDays);
  const ownReturns = new Set(inTime.map(({ serial }) => serial));
  const returning = proposalsOf(
    inTime.filter(({ serial }) => !holders.has(serial)),
    withoutProposed([], waiting, proposals).waiting.filter(({ serial }) => serial === null || !ownReturns.has(serial)),
    question,
  );
  return { asOf: answer.asOf, idle, outside: recordersOutside(answer), inRepair, waiting, proposals, returning };
}

/** Whose repair is over before something is bought in its place: by the deadline; after it, within the days of a repair. */
function backInTime<R extends { readonly back: CalendarDate }>(
  inRepair: readonly R[],
  { profile, asOf }: CoverageAnswer,
  repairDays: number,
): R[] {
  const lastDay = asOf < profile.deadline ? profile.deadline : addDays(asOf, repairDays);
  return inRepair.filter(({ back }) => back <= lastDay);
}

/** With whom each one is: an assignment may name any certificate of theirs. */
function recordersOutside({ notes, verdicts }: CoverageAnswer): RecorderOutside[] {
  const held = notes.filter(({ kind }) => kind === 'held-outside-population');
  const certificates = new Set(held.map(({ certificateNo }) => certificateNo));
  const holders = new Map(
    verdicts.flatMap((verdict) =>
      [verdict.certificateNo, ...verdict.otherCertificates].flatMap((number) =>
        certificates.has(number) ? [[number, verdict] as const] : [],
      ),
    ),
  );
  return held.flatMap(({ serial, certificateNo }) => {
    const holder = holders.get(certificateNo);
    if (holder === undefined) return [];
    const { name, unitKey, unit, outOfPopulation: reasons } = holder;
    return [{ serial, certificateNo, name, unitKey, unit, reasons }];
  });
}

/** The recorder and the gap of each proposal, as lists for people show them. */
export function issuesOf({ idle, waiting, proposals }: Pick<StockAnswer, 'idle' | 'waiting' | 'proposals'>) {
  const recorders = new Map(idle.map((recorder) => [recorder.serial, recorder]));
  const gaps = new Map(waiting.map((gap) => [gap.certificateNo, gap]));
  return proposals.flatMap(({ serial, certificateNo }): Issue[] => {
    const [recorder, gap] = [recorders.get(serial), gaps.get(certificateNo)];
    return recorder === undefined || gap === undefined ? [] : [{ recorder, gap }];
  });
}

export interface Issue {
  readonly recorder: IdleRecorder;
  readonly gap: WaitingGap;
}

const shownIn =
  (tree: UnitTree) =>
  ({ serial, model, unit }: RecorderFacts): IdleRecorder => ({
    serial,
    model,
    unitKey: unit ?? null,
    unit: unit === undefined ? null : (tree.get(unit)?.name ?? unit),
  });

/** Never before the day itself: a repair that takes longer than it should is still one. */
function backOn({ stateSince }: RecorderFacts, asOf: CalendarDate, repairDays: number): CalendarDate {
  const expected = addDays(stateSince === undefined ? asOf : dayOf(stateSince), repairDays);
  return expected < asOf ? asOf : expected;
}

function waitingGaps({ answer, gapSince }: StockQuestion): WaitingGap[] {
  const gaps = answer.verdicts.flatMap((verdict) => {
    if (verdict.gap === null) return [];
    const { certificateNo, name, unitKey, unit, gap } = verdict;
    const since = gapSince.get(certificateNo) ?? null;
    const serial = gap.reason === 'in-repair' ? gap.serial : null;
    return [{ certificateNo, name, unitKey, unit, reason: gap.reason, since, serial }];
  });
  const age = ({ since }: WaitingGap): number => (since === null ? Number.POSITIVE_INFINITY : dayNumber(since));
  return gaps.sort((a, b) => age(a) - age(b) || compareText(a.certificateNo, b.certificateNo));
}

function proposalsOf(
  recorders: readonly IdleRecorder[],
  waiting: readonly WaitingGap[],
  { answer, promised, tree }: StockQuestion,
): IssueProposal[] {
  const kept = promisedProposals(recorders, waiting, { answer, promised });
  const free = recorders.filter(({ serial }) => !promised.has(serial));
  const others = withoutProposed(free, waiting, kept);
  const atOnce = proposalsFor(
    others.idle,
    others.waiting.filter(({ reason }) => reason !== 'in-repair'),
    tree,
  );
  const rest = withoutProposed(others.idle, others.waiting, atOnce);
  const forRepairs = proposalsFor(
    rest.idle,
    rest.waiting.filter(({ reason }) => reason === 'in-repair'),
    tree,
  );
  return [...kept, ...atOnce, ...forRepairs];
}

/** Given to somebody else, it would have two holders on the day on which the assignment begins. */
function promisedProposals(
  recorders: readonly IdleRecorder[],
  waiting: readonly WaitingGap[],
  { answer, promised }: Pick<StockQuestion, 'answer' | 'promised'>,
): IssueProposal[] {
  // An assignment may name any certificate of theirs.
  const main = new Map(
    answer.verdicts.flatMap(({ certificateNo, otherCertificates }) =>
      otherCertificates.map((other) => [other, certificateNo] as const),
    ),
  );
  const gaps = new Map(waiting.map((gap) => [gap.certificateNo, gap]));
  return recorders.flatMap((recorder) => {
    const officer = promised.get(recorder.serial);
    if (officer === undefined) return [];
    const certificateNo = main.get(officer) ?? officer;
    const gap = gaps.get(certificateNo);
    gaps.delete(certificateNo);
    return gap === undefined ? [] : [proposal(recorder, gap)];
  });
}

function withoutProposed(
  idle: readonly IdleRecorder[],
  waiting: readonly WaitingGap[],
  proposals: readonly IssueProposal[],
): { readonly idle: IdleRecorder[]; readonly waiting: WaitingGap[] } {
  const given = new Set(proposals.map(({ serial }) => serial));
  const served = new Set(proposals.map(({ certificateNo }) => certificateNo));
  return {
    idle: idle.filter(({ serial }) => !given.has(serial)),
    waiting: waiting.filter(({ certificateNo }) => !served.has(certificateNo)),
  };
}

/** Units of the tree are asked from near to far; recorders without a unit go where somebody has waited longest. */
function proposalsFor(idle: readonly IdleRecorder[], waiting: readonly WaitingGap[], tree: UnitTree): IssueProposal[] {
  const gaps = new Map<string, WaitingGap[]>();
  for (const [unit, list] of Map.groupBy(waiting, ({ unitKey }) => unitKey)) gaps.set(unit, [...list]);
  const proposals: IssueProposal[] = [];
  const left: IdleRecorder[] = [];
  for (const recorder of idle) {
    const next = recorder.unitKey === null ? undefined : gaps.get(recorder.unitKey)?.shift();
    if (next === undefined) left.push(recorder);
    else proposals.push(proposal(recorder, next));
  }
  const served = new Set(proposals.map(({ certificateNo }) => certificateNo));
  const rest = new Set(waiting.filter(({ certificateNo }) => !served.has(certificateNo)));
  const nearest = new Map<string, string[]>();
  for (const recorder of left) {
    if (rest.size === 0) break;
    const next = nextGap(recorder, { gaps, rest, nearest, tree });
    if (next === undefined) continue;
    rest.delete(next);
    proposals.push(proposal(recorder, next));
  }
  return proposals;
}

interface OpenGaps {
  readonly gaps: ReadonlyMap<string, WaitingGap[]>;
  /** In the order of waiting. */
  readonly rest: ReadonlySet<WaitingGap>;
  /** Units with gaps by distance from a unit, worked out once for each. */
  readonly nearest: Map<string, string[]>;
  readonly tree: UnitTree;
}

function nextGap({ unitKey }: IdleRecorder, { gaps, rest, nearest, tree }: OpenGaps): WaitingGap | undefined {
  if (unitKey === null) {
    const [longest] = rest;
    if (longest !== undefined) removeFrom(gaps, longest);
    return longest;
  }
  let order = nearest.get(unitKey);
  if (order === undefined) {
    const distance = distancesFrom(tree, unitKey);
    const far = Number.POSITIVE_INFINITY;
    order = [...gaps.keys()].sort(
      (a, b) => compareDistance(distance.get(a) ?? far, distance.get(b) ?? far) || compareText(a, b),
    );
    nearest.set(unitKey, order);
  }
  while (order.length > 0) {
    const next = gaps.get(order[0] as string)?.shift();
    if (next !== undefined) return next;
    order.shift();
  }
  return undefined;
}

/** Infinity minus infinity is no number. */
const compareDistance = (a: number, b: number): number => (a === b ? 0 : a - b);

function removeFrom(gaps: ReadonlyMap<string, WaitingGap[]>, gap: WaitingGap): void {
  const list = gaps.get(gap.unitKey);
  list?.splice(list.indexOf(gap), 1);
}

const proposal = (recorder: IdleRecorder, gap: WaitingGap): IssueProposal => ({
  serial: recorder.serial,
  fromUnit: recorder.unitKey,
  certificateNo: gap.certificateNo,
  toUnit: gap.unitKey,
});

export interface BudgetTerms {
  /** Of one recorder, in fen (1/100 yuan), so that sums are exact; null while nobody has said it. */
  readonly unitPriceFen: number | null;
  /** 0.05: five spare recorders for each hundred that are to be bought. */
  readonly spareRate: number;
  readonly repairDays: number;
  readonly clauses: readonly string[];
}

export interface BudgetLine {
  readonly unitKey: string;
  readonly unit: string;
  readonly gap: number;
  /** Gaps that idle recorders close by the proposal. */
  readonly fromIdle: number;
  /** Gaps whose own recorder is back from repair in time, and those to which one that nobody holds goes then. */
  readonly fromRepair: number;
  readonly spare: number;
  readonly toBuy: number;
  /** Null without a price. */
  readonly costFen: number | null;
}

export interface BudgetSheet {
  readonly asOf: CalendarDate;
  readonly profile: string;
  readonly clause: string;
  readonly terms: BudgetTerms;
  /** Units with a gap, by key; the total is their sum. */
  readonly lines: readonly BudgetLine[];
  readonly total: Omit<BudgetLine, 'unitKey' | 'unit'>;
}

export function budgetOf(answer: CoverageAnswer, stock: StockAnswer, terms: BudgetTerms): BudgetSheet {
  const { profile, asOf } = answer;
  const inTime = new Set(backInTime(stock.inRepair, answer, terms.repairDays).map(({ serial }) => serial));
  const served = new Set(stock.proposals.map(({ certificateNo }) => certificateNo));
  const returning = new Set(stock.returning.map(({ certificateNo }) => certificateNo));
  const byUnit = [...Map.groupBy(stock.waiting, ({ unitKey }) => unitKey)];
  const lines = byUnit
    .sort(([a], [b]) => compareText(a, b))
    .map(([unitKey, gaps]): BudgetLine => {
      const fromIdle = gaps.filter(({ certificateNo }) => served.has(certificateNo)).length;
      const fromRepair = gaps.filter(
        ({ certificateNo, serial }) =>
          !served.has(certificateNo) && (returning.has(certificateNo) || (serial !== null && inTime.has(serial))),
      ).length;
      const lacking = gaps.length - fromIdle - fromRepair;
      // 0.05 of 20 is a little over 1 in binary numbers: rounded before it is rounded up.
      const spare = Math.ceil(Math.round(lacking * terms.spareRate * 1e6) / 1e6);
      const toBuy = lacking + spare;
      const costFen = terms.unitPriceFen === null ? null : toBuy * terms.unitPriceFen;
      return { unitKey, unit: gaps[0]?.unit ?? unitKey, gap: gaps.length, fromIdle, fromRepair, spare, toBuy, costFen };
    });
  return { asOf, profile: profile.name, clause: profile.clause, terms, lines, total: totalOf(lines, terms) };
}

function totalOf(lines: readonly BudgetLine[], { unitPriceFen }: BudgetTerms): BudgetSheet['total'] {
  const sum = (field: 'gap' | 'fromIdle' | 'fromRepair' | 'spare' | 'toBuy'): number =>
    lines.reduce((total, line) => total + line[field], 0);
  const toBuy = sum('toBuy');
  const costFen = unitPriceFen === null ? null : toBuy * unitPriceFen;
  return {
    gap: sum('gap'),
    fromIdle: sum('fromIdle'),
    fromRepair: sum('fromRepair'),
    spare: sum('spare'),
    toBuy,
    costFen,
  };
}
