// Goal: the whole truth table of clearing: a file is cleared only when nothing at all speaks against it, each doubt alone
// keeps it and is told by its own reason, and no combination of doubts ever clears.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClearingInput,
  type ClearingPolicy,
  clearingProblem,
  decideClearing,
  isAskedStop,
  judgeRecheck,
  type KeepReason,
} from '../../src/domain/clearing-policy.ts';

const good: ClearingInput = {
  policy: 'after-seal',
  copiesWanted: 2,
  docking: {
    ended: 'ended',
    inventoryComplete: true,
    readErrors: false,
    isSerialShared: false,
    readBack: 'direct',
  },
  file: {
    outcome: 'sealed',
    readNow: true,
    original: 'verified',
    copies: 2,
    isLinkedToCase: false,
    isHeld: false,
    isApproved: false,
  },
};

interface Change {
  readonly policy?: ClearingPolicy;
  readonly docking?: Partial<ClearingInput['docking']>;
  readonly file?: Partial<ClearingInput['file']>;
}
const changed = (change: Change, from: ClearingInput = good): ClearingInput => ({
  ...from,
  policy: change.policy ?? from.policy,
  docking: { ...from.docking, ...change.docking },
  file: { ...from.file, ...change.file },
});
const answer = (change: Change): string => {
  const decision = decideClearing(changed(change));
  return decision.decision === 'keep' ? decision.reason : ['clear', ...decision.warnings].join(' ');
};

/** Every doubt there is, in the order in which the first is told. */
const doubts: readonly (readonly [Change, KeepReason])[] = [
  [{ policy: 'keep' }, 'policy-keep'],
  [{ docking: { ended: 'cancelled' } }, 'docking-not-ended'],
  [{ docking: { ended: 'interrupted' } }, 'docking-not-ended'],
  [{ docking: { inventoryComplete: false } }, 'inventory-incomplete'],
  [{ docking: { readErrors: true } }, 'card-doubtful'],
  [{ docking: { isSerialShared: true } }, 'serial-shared'],
  [{ docking: { readBack: 'none' } }, 'vault-unproved'],
  [{ docking: { readBack: 'memory-fs' } }, 'vault-unproved'],
  [{ file: { outcome: null } }, 'not-sealed-now'],
  [{ file: { outcome: 'skipped' } }, 'not-sealed-now'],
  [{ file: { outcome: 'refused' } }, 'not-sealed-now'],
  [{ file: { outcome: 'failed' } }, 'not-sealed-now'],
  [{ file: { outcome: 'not-taken' } }, 'not-sealed-now'],
  [{ file: { outcome: 'already-held', readNow: false } }, 'not-reread'],
  [{ file: { original: 'missing' } }, 'original-missing'],
  [{ file: { original: 'damaged' } }, 'original-damaged'],
  [{ file: { isHeld: true } }, 'on-hold'],
  [{ file: { isLinkedToCase: true } }, 'linked-awaits-approval'],
  [{ policy: 'after-copies', file: { copies: 1 } }, 'too-few-copies'],
];

describe('deciding', () => {
  test.each(doubts)('%j alone keeps the file', (change, reason) => {
    expect(answer(change)).toBe(reason);
  });

  test('nothing speaks against it', () => {
    expect(answer({})).toBe('clear');
    expect(answer({ file: { outcome: 'already-held' } })).toBe('clear');
    expect(answer({ docking: { readBack: 'dropped-cache' } })).toBe('clear');
    expect(answer({ policy: 'after-copies' })).toBe('clear');
    expect(answer({ policy: 'after-copies', file: { copies: 3 } })).toBe('clear');
  });

  test('with a single copy it warns, and only after-copies waits for more', () => {
    expect(answer({ file: { copies: 1 } })).toBe('clear single-copy');
    expect(answer({ policy: 'after-copies', file: { copies: 1 } })).toBe('too-few-copies');
  });

  test('two people may let a linked clip go, and nothing else; a hold is stronger than they are', () => {
    expect(answer({ file: { isLinkedToCase: true, isHeld: true } })).toBe('on-hold');
    expect(answer({ file: { isLinkedToCase: true, isHeld: true, isApproved: true } })).toBe('on-hold');
    for (const [change, reason] of doubts) {
      const approved = answer({ ...change, file: { ...change.file, isApproved: true } });
      expect(approved).toBe(reason.endsWith('awaits-approval') ? 'clear' : reason);
    }
  });

  test('any set of doubts keeps, for the reason of the first one', () => {
    fc.assert(
      fc.property(fc.subarray([...doubts.keys()], { minLength: 1 }), (chosen) => {
        let input = good;
        for (const at of chosen.toReversed()) input = changed(doubts[at]?.[0] ?? {}, input);
        const decision = decideClearing(input);
        expect(decision.decision).toBe('keep');
        // Of two that speak of the same thing the earlier one overwrote the later.
        if (decision.decision === 'keep') expect(decision.reason).toBe(doubts[chosen[0] ?? 0]?.[1]);
      }),
    );
  });
});

describe('looking again', () => {
  const listed = { bytes: 5, mtimeNs: '7', sha256: 'aa' };
  const found = (change: object) => ({ bytes: 5, mtimeNs: '7', sha256: 'aa' as string | undefined, ...change });
  test.each([
    [found({}), 'same', 'same'],
    [found({ sha256: undefined }), 'changed-on-recorder', 'same'],
    [found({ sha256: 'bb' }), 'changed-on-recorder', 'changed-on-recorder'],
    [found({ bytes: 6 }), 'changed-on-recorder', 'changed-on-recorder'],
    [found({ mtimeNs: '8' }), 'changed-on-recorder', 'changed-on-recorder'],
    [undefined, 'changed-on-recorder', 'changed-on-recorder'],
  ])('%j', (now, byDigest, bySize) => {
    expect(judgeRecheck({ recheck: 'digest', listed, found: now })).toBe(byDigest);
    expect(judgeRecheck({ recheck: 'size-and-time', listed, found: now })).toBe(bySize);
  });
});

test('what an error means for the slot', () => {
  const codes = ['EROFS', 'EIO', 'ENOSPC', 'ENODEV', 'recorder-pulled', 'flush-failed', 'EACCES', 'helper-refused'];
  expect(codes.map(clearingProblem)).toEqual([
    'clearing-card-read-only',
    'clearing-card-error',
    'clearing-card-full',
    'recorder-pulled',
    'recorder-pulled',
    'clearing-not-flushed',
    'clearing-failed',
    'clearing-failed',
  ]);
  expect(['taken-urgently', 'station-stopping', 'recorder-pulled', 'EIO'].map(isAskedStop)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
