/** What a notice of the dock changes about a slot: only a slot in which nothing else goes on. */
import { expect, test } from 'vitest';
import { withNotice } from '../../src/dock/slot-view.ts';
import type { SlotState, SlotView } from '../../src/domain/dock.ts';

const sinceMs = Date.UTC(2026, 10, 21, 8, 0, 0);
const view = (state: SlotState): SlotView => ({
  ...{ kind: 'usb', slot: '3', state, mayPull: state === 'done', serial: 'TA1', docking: 'd-1' },
  ...{ filesDone: 4, files: 9, bytesDone: 40, bytes: 90, secondsLeft: 7, problem: null },
  counts: { sealed: 4, held: 0, skipped: 0, refused: 0, failed: 5 },
  since: '2026-11-21T07:00:00.000Z',
});
const states: readonly SlotState[] = [
  ...(['empty', 'waiting', 'listing', 'copying', 'finishing', 'clearing', 'done', 'attention'] as const),
  ...(['pulled', 'failed'] as const),
];

test('without a notice nothing changes', () => {
  for (const state of states) expect(withNotice(view(state), undefined)).toEqual(view(state));
});

test.each(['empty', 'pulled'] as const)(
  'while a device is opened in a slot that is %s, it waits and stays',
  (state) => {
    const shown = withNotice(view(state), { slot: '3', problem: null, sinceMs });
    expect(shown).toMatchObject({ state: 'waiting', mayPull: false, problem: null, since: '2026-11-21T08:00:00.000Z' });
  },
);

test.each(['empty', 'pulled'] as const)(
  'what is no recorder in a slot that is %s may be pulled out, and says why',
  (state) => {
    const shown = withNotice(view(state), { slot: '3', problem: 'not-a-recorder', sinceMs });
    expect(shown).toMatchObject({ kind: 'usb', slot: '3', state: 'failed', mayPull: true, problem: 'not-a-recorder' });
    // Nothing of the visit before is shown beside it.
    expect(shown).toMatchObject({ serial: null, docking: null, counts: null, secondsLeft: null, files: 0, bytes: 0 });
  },
);

test('a recorder that is being read, or has been, is never covered by a notice', () => {
  for (const state of states.filter((one) => one !== 'empty' && one !== 'pulled')) {
    expect(withNotice(view(state), { slot: '3', problem: 'not-a-recorder', sinceMs }), state).toEqual(view(state));
  }
});
