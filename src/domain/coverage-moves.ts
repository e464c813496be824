/**
 * A month's change of the rate taken apart: how much comes from recorders, and how much from people who left the count
 * (暂扣, 离岗, 转岗), so that nobody improves the rate by shrinking the denominator. Pure, from the moves that the engine
 * counted between two days; the parts add up to the whole change exactly.
 */
import { rateOf } from './coverage-pace.ts';
import type { CoverageMove, StandingWord } from './coverage-questions.ts';
import { compareText } from './people-facts.ts';

type Standing = 'out' | 'covered' | 'uncovered';
export type MoveKind =
  | 'issued'
  | 'lost-cover'
  | 'entered-covered'
  | 'entered-uncovered'
  | 'left-covered'
  | 'left-uncovered';

/** In the order in which they are shown. */
export const moveKinds: readonly MoveKind[] = [
  'issued',
  'lost-cover',
  'entered-covered',
  'entered-uncovered',
  'left-covered',
  'left-uncovered',
];

export interface MovedFigures {
  readonly population: number;
  readonly covered: number;
}

export interface RateParts {
  readonly before: number | null;
  readonly after: number | null;
  /** Points of the rate by people who left the count, by people who joined it, by recorders issued less cover lost. */
  readonly byLeaving: number | null;
  readonly byEntering: number | null;
  readonly byRecorders: number | null;
  /** The rate that there would be if those who left still counted as they last did. */
  readonly withoutLeaving: number | null;
}

export interface ChangeParts {
  readonly tally: Readonly<Record<MoveKind, number>>;
  /** How many left the count for which reason, the commonest first. */
  readonly leftBy: readonly { readonly reason: string; readonly persons: number }[];
  readonly rate: RateParts;
  readonly end: MovedFigures;
  /** The rate is better, and without those who left it would not be. */
  readonly onlyByLeaving: boolean;
}

const standings: Readonly<Record<StandingWord, Standing>> = {
  absent: 'out',
  out: 'out',
  covered: 'covered',
  gap: 'uncovered',
  counted: 'uncovered',
};

const kinds: Readonly<Record<Standing, Readonly<Record<Standing, MoveKind | null>>>> = {
  out: { out: null, covered: 'entered-covered', uncovered: 'entered-uncovered' },
  covered: { out: 'left-covered', covered: null, uncovered: 'lost-cover' },
  uncovered: { out: 'left-uncovered', covered: 'issued', uncovered: null },
};

/** Null for a move that changes no figure of the whole, such as one from unit to unit. */
export const moveKind = ({ from, to }: Pick<CoverageMove, 'from' | 'to'>): MoveKind | null =>
  kinds[standings[from]][standings[to]];

export function changeParts(start: MovedFigures, moves: readonly CoverageMove[]): ChangeParts {
  const tally = Object.fromEntries(moveKinds.map((kind) => [kind, 0])) as Record<MoveKind, number>;
  const left = new Map<string, number>();
  for (const move of moves) {
    const kind = moveKind(move);
    if (kind === null) continue;
    tally[kind] += move.persons;
    if (kind !== 'left-covered' && kind !== 'left-uncovered') continue;
    const reason = move.to === 'absent' ? 'absent' : (move.toReason ?? 'absent');
    left.set(reason, (left.get(reason) ?? 0) + move.persons);
  }
  const leftBy = [...left]
    .map(([reason, persons]) => ({ reason, persons }))
    .sort((a, b) => b.persons - a.persons || compareText(a.reason, b.reason));
  return { tally, leftBy, ...partsOf(start, tally) };
}

/** First those who left are taken out, then those who joined are put in, then recorders. */
function partsOf(
  start: MovedFigures,
  tally: Readonly<Record<MoveKind, number>>,
): Pick<ChangeParts, 'rate' | 'end' | 'onlyByLeaving'> {
  const gone = tally['left-covered'] + tally['left-uncovered'];
  const stayed = { population: start.population - gone, covered: start.covered - tally['left-covered'] };
  const joined = {
    population: stayed.population + tally['entered-covered'] + tally['entered-uncovered'],
    covered: stayed.covered + tally['entered-covered'],
  };
  const end = { population: joined.population, covered: joined.covered + tally.issued - tally['lost-cover'] };
  const [before, withoutLeft, withJoined, after] = [rateOf(start), rateOf(stayed), rateOf(joined), rateOf(end)];
  const withoutLeaving = rateOf({ population: end.population + gone, covered: end.covered + tally['left-covered'] });
  return {
    end,
    rate: {
      before,
      after,
      byLeaving: less(withoutLeft, before),
      byEntering: less(withJoined, withoutLeft),
      byRecorders: less(after, withJoined),
      withoutLeaving,
    },
    onlyByLeaving:
      before !== null && after !== null && withoutLeaving !== null && after > before && withoutLeaving <= before,
  };
}

const less = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b);
