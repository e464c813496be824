// Goal: a card that could not be cleared never hides that files were not taken, nor says that everything was.
import { expect, test } from 'vitest';
import type { SlotView } from '../../src/domain/dock.ts';
import { pageLanguages } from '../../src/web/page-context.ts';
import { type SlotSource, slotWall } from '../../src/web/slot-card.ts';
import type { StationFooter } from '../../src/web/web-station.ts';

const footer: StationFooter = {
  ...{ freeBytes: 1, totalBytes: 2, clips: 0, records: 0, previewsWaiting: 0 },
  ...{ readBack: 'direct', demo: false },
};

function shown(failed: number): { readonly state: string; readonly note: string } {
  const slot: SlotView = {
    ...{ kind: 'usb', slot: '1', state: 'attention', mayPull: true, serial: null, docking: 'd-1' },
    ...{ filesDone: 3, files: 3, bytesDone: 3, bytes: 3, secondsLeft: null },
    counts: { sealed: 3 - failed, held: 0, skipped: 0, refused: 0, failed, cleared: 0 },
    problem: 'clearing-card-read-only',
    since: '2026-11-22T00:00:00.000Z',
  };
  const source: SlotSource = {
    slots: () => [slot],
    dockProblems: () => [],
    ledgerAlarms: () => [],
    holderOf: () => null,
    footer: () => footer,
    dockings: { isRegistered: () => true },
  };
  const [card] = slotWall(source, pageLanguages('Asia/Shanghai')('zh')).cards;
  return { state: card?.texts.state ?? '', note: card?.texts.note ?? '' };
}

test('all taken and not cleared: only the card needs someone', () => {
  expect(shown(0).state).toBe('未能清空');
});

test('not all taken and not cleared: both are said, and not that all is sealed', () => {
  const { state, note } = shown(1);
  expect(state).not.toBe('未能清空');
  expect(note).toContain('只读');
  expect(note).toContain('1');
  expect(note).not.toContain('全部固定');
});
