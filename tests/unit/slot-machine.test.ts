// Goal: the whole transition table of a slot, each state against each input of its own visit and of another one, and
// the promise that a recorder may never be pulled while anything may still be read or let go.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DockingSummary } from '../../src/domain/dock.ts';
import { hasEnded, mayPull, type Slot, type SlotInput, stepSlot } from '../../src/domain/slot-machine.ts';

const progress = { filesDone: 1, files: 4, bytesDone: 10, bytes: 40 };
const summary: DockingSummary = {
  docking: 'd-1',
  sealed: 3,
  held: 1,
  skipped: 2,
  refused: 0,
  failed: 0,
  cancelled: false,
};
const own = { generation: 'g1', docking: null };

const slots = {
  empty: { state: 'empty' },
  waiting: { state: 'waiting', generation: 'g1' },
  listing: { ...own, state: 'listing' },
  copying: { ...own, state: 'copying', progress },
  finishing: { ...own, state: 'finishing', progress, outcome: null },
  'finishing+released': { ...own, state: 'finishing', progress, outcome: null, released: true },
  'finishing+ended': { ...own, state: 'finishing', progress, outcome: { kind: 'ended', summary } },
  'finishing+failed': { ...own, state: 'finishing', progress, outcome: { kind: 'failed', problem: 'vault-full' } },
  clearing: { ...own, state: 'clearing', progress, clearing: { filesDone: 1, files: 3 } },
  done: { state: 'done', generation: 'g1', summary },
  attention: { state: 'attention', generation: 'g1', summary },
  failed: { ...own, state: 'failed', problem: 'vault-full', released: true },
  'failed+held': { ...own, state: 'failed', problem: 'EBUSY', released: false },
  'pulled+taking': { ...own, state: 'pulled', taking: true, summary: null },
  pulled: { ...own, state: 'pulled', taking: false, summary: null },
} satisfies Record<string, Slot>;

const inputs = (generation: string) =>
  ({
    appeared: { kind: 'appeared', generation },
    turn: { kind: 'turn', generation },
    started: { kind: 'started', generation, docking: 'd-1' },
    progress: { kind: 'progress', generation, progress },
    finishing: { kind: 'finishing', generation },
    clearing: { kind: 'clearing', generation, clearing: { filesDone: 2, files: 3 } },
    ended: { kind: 'ended', generation, summary },
    failed: { kind: 'failed', generation, problem: 'vault-full' },
    released: { kind: 'released', generation },
    'not-released': { kind: 'not-released', generation, problem: 'EBUSY' },
    gone: { kind: 'gone', generation },
    urgent: { kind: 'urgent', generation },
  }) satisfies Record<string, SlotInput>;

type SlotName = keyof typeof slots;
type InputName = keyof ReturnType<typeof inputs>;

function nameOf(slot: Slot): SlotName {
  if (slot.state === 'finishing' && slot.released === true) return 'finishing+released';
  if (slot.state === 'finishing' && slot.outcome !== null) return `finishing+${slot.outcome.kind}`;
  if (slot.state === 'failed' && !slot.released) return 'failed+held';
  return slot.state === 'pulled' && slot.taking ? 'pulled+taking' : slot.state;
}

/** `state effect:generation …`, or `-` when nothing changed at all. */
function stepText(slot: Slot, input: SlotInput): string {
  const step = stepSlot(slot, input);
  if (step.slot === slot && step.effects.length === 0) return '-';
  return [nameOf(step.slot), ...step.effects.map((effect) => `${effect.kind}:${effect.generation}`)].join(' ');
}

/** Inputs of the visit that the slot is in; what is not named changes nothing. */
const ownVisit: Record<SlotName, Partial<Record<InputName, string>>> = {
  empty: { appeared: 'waiting queue:g1', ended: 'empty release:g1', failed: 'empty release:g1' },
  waiting: {
    turn: 'listing take:g1',
    gone: 'pulled leave-queue:g1 release:g1',
    urgent: 'finishing+ended leave-queue:g1 release:g1',
  },
  listing: {
    started: 'listing',
    progress: 'copying',
    finishing: 'finishing',
    ended: 'finishing+ended release:g1',
    failed: 'finishing+failed release:g1',
    gone: 'pulled+taking abort:g1',
    urgent: 'listing stop:g1',
  },
  copying: {
    started: 'copying',
    progress: 'copying',
    finishing: 'finishing',
    ended: 'finishing+ended release:g1',
    failed: 'finishing+failed release:g1',
    gone: 'pulled+taking abort:g1',
    urgent: 'copying stop:g1',
  },
  clearing: {
    clearing: 'clearing',
    finishing: 'finishing',
    ended: 'finishing+ended release:g1',
    failed: 'finishing+failed release:g1',
    gone: 'pulled+taking abort:g1',
    urgent: 'clearing stop:g1',
  },
  finishing: {
    started: 'finishing',
    progress: 'finishing',
    clearing: 'clearing',
    ended: 'finishing+ended release:g1',
    failed: 'finishing+failed release:g1',
    gone: 'pulled+taking abort:g1',
    released: 'finishing+released',
    urgent: 'finishing stop:g1',
  },
  'finishing+released': {
    started: 'finishing+released',
    progress: 'finishing+released',
    ended: 'done release:g1',
    failed: 'failed release:g1',
    released: 'finishing+released',
    gone: 'empty',
    urgent: 'finishing+released stop:g1',
  },
  'finishing+ended': { released: 'done', 'not-released': 'failed+held', gone: 'pulled' },
  'finishing+failed': { released: 'failed', 'not-released': 'failed+held', gone: 'pulled' },
  done: { gone: 'empty' },
  attention: { gone: 'empty' },
  failed: { released: 'failed', gone: 'empty' },
  'failed+held': { released: 'failed', gone: 'empty' },
  'pulled+taking': { started: 'pulled+taking', ended: 'pulled release:g1', failed: 'pulled release:g1' },
  pulled: { appeared: 'waiting queue:g1' },
};

/** Inputs of another visit: an end is always let go, a new recorder takes the slot, all else is a late word. */
const otherVisit: Record<SlotName, string> = {
  empty: 'waiting queue:g2',
  waiting: 'waiting leave-queue:g1 release:g1 queue:g2',
  listing: 'waiting abort:g1 queue:g2',
  copying: 'waiting abort:g1 queue:g2',
  finishing: 'waiting abort:g1 queue:g2',
  clearing: 'waiting abort:g1 queue:g2',
  'finishing+released': 'waiting queue:g2',
  'finishing+ended': 'waiting queue:g2',
  'finishing+failed': 'waiting queue:g2',
  done: 'waiting queue:g2',
  attention: 'waiting queue:g2',
  failed: 'waiting queue:g2',
  'failed+held': 'waiting queue:g2',
  'pulled+taking': 'waiting queue:g2',
  pulled: 'waiting queue:g2',
};

describe('each state and input', () => {
  const slotNames = Object.keys(slots) as SlotName[];
  const inputNames = Object.keys(inputs('g1')) as InputName[];

  test.each(slotNames)('of the same visit, from %s', (name) => {
    const seen = Object.fromEntries(inputNames.map((input) => [input, stepText(slots[name], inputs('g1')[input])]));
    const expected = Object.fromEntries(inputNames.map((input) => [input, ownVisit[name][input] ?? '-']));
    expect(seen).toEqual(expected);
  });

  test.each(slotNames)('of another visit, from %s', (name) => {
    const seen = Object.fromEntries(inputNames.map((input) => [input, stepText(slots[name], inputs('g2')[input])]));
    const late = Object.fromEntries(inputNames.map((input) => [input, '-']));
    const ended = `${name} release:g2`;
    expect(seen).toEqual({ ...late, appeared: otherVisit[name], ended, failed: ended });
  });
});

test('a docking is done only when everything that should be taken was taken', () => {
  const outcome = (changes: Partial<DockingSummary>): string => {
    const slot = {
      ...slots['finishing+ended'],
      outcome: { kind: 'ended', summary: { ...summary, ...changes } },
    } as Slot;
    return nameOf(stepSlot(slot, inputs('g1').released).slot);
  };
  expect(outcome({})).toBe('done');
  expect(outcome({ sealed: 0, held: 9, skipped: 9 })).toBe('done');
  expect(outcome({ refused: 1 })).toBe('attention');
  expect(outcome({ failed: 1 })).toBe('attention');
  expect(outcome({ cancelled: true })).toBe('attention');
  expect(outcome({ cleared: 2, problem: 'clearing-card-read-only' })).toBe('attention');
  expect(outcome({ cleared: 3 })).toBe('done');
});

test('a recorder needed before its files were listed is let go and ends in attention, with nothing counted', () => {
  const letGo = stepSlot(slots.waiting, inputs('g1').urgent).slot;
  expect(mayPull(letGo)).toBe(false);
  expect(stepSlot(letGo, inputs('g1').released).slot).toMatchObject({
    state: 'attention',
    summary: { docking: null, sealed: 0, problem: 'taken-urgently' },
  });
});

test('what was learned on the way is kept: docking, progress, counts and problem', () => {
  const started = stepSlot(slots.listing, inputs('g1').started).slot;
  const copying = stepSlot(started, inputs('g1').progress).slot;
  expect(copying).toEqual({ state: 'copying', generation: 'g1', docking: 'd-1', progress });
  const pulled = stepSlot(stepSlot(copying, inputs('g1').gone).slot, inputs('g1').ended).slot;
  expect(pulled).toEqual({ state: 'pulled', generation: 'g1', docking: 'd-1', taking: false, summary });
  const failing = stepSlot(stepSlot(copying, inputs('g1').failed).slot, inputs('g1').released).slot;
  expect(failing).toMatchObject({ state: 'failed', docking: 'd-1', problem: 'vault-full', released: true });
});

test('which states allow pulling out', () => {
  const allowed = (Object.keys(slots) as SlotName[]).filter((name) => mayPull(slots[name]));
  expect(allowed).toEqual(['empty', 'finishing+released', 'done', 'attention', 'failed', 'pulled+taking', 'pulled']);
  expect((Object.keys(slots) as SlotName[]).filter((name) => hasEnded(slots[name].state))).toEqual([
    'done',
    'attention',
    'failed',
    'failed+held',
    'pulled+taking',
    'pulled',
  ]);
});

test('in any order of inputs only letting go of the volume, or its being gone, allows pulling out', () => {
  const anyInput = fc
    .tuple(fc.constantFrom(...(Object.keys(inputs('g1')) as InputName[])), fc.constantFrom('g1', 'g2'))
    .map(([name, generation]): SlotInput => inputs(generation)[name]);
  fc.assert(
    fc.property(fc.array(anyInput, { maxLength: 60 }), (sequence) => {
      let slot: Slot = { state: 'empty' };
      for (const input of sequence) {
        const before: Slot = slot;
        slot = stepSlot(slot, input).slot;
        if (!mayPull(before) && mayPull(slot)) expect(input.kind).toMatch(/^(released|gone)$/);
      }
    }),
  );
});
