/**
 * Dockings for tests of the pages alone: one of each state, with more entries than a page, and texts as hostile as a
 * card can carry. Receipts are of the real format, so that the page's code can be read back.
 */
import type { DockingDetail, DockingEntryView, DockingView } from '../../src/domain/docking-views.ts';
import { StationError } from '../../src/domain/errors.ts';
import type { Receipt } from '../../src/domain/receipt.ts';
import { type ReceiptFacts, readReceipt, writeReceipt } from '../../src/domain/receipt-text.ts';
import type { WebDockings } from '../../src/web/web-dockings.ts';

export const sampleDockingIds = ['d-1', 'd-2', 'd-3', 'd-4'].map((id) => id.padEnd(22, '0'));

export interface SampleDockingsOptions {
  /** Put where texts of a card or recorder stand. */
  readonly hostile?: string | undefined;
  readonly dockings?: number;
}

export function sampleDockings({ hostile, dockings = 4 }: SampleDockingsOptions): WebDockings {
  const views = Array.from({ length: dockings }, (_, at) => viewOf(at, hostile));
  const receiptOf = (docking: DockingView): Receipt => {
    const facts: ReceiptFacts = {
      station: '8bampf',
      docking: docking.docking,
      endedAtSeconds: 1_795_250_850,
      listed: 250,
      kept: 247,
      missing: docking.missing ?? 0,
      inventory: '5af9zz99nk',
      size: 18_204,
      root: '0hvrrr5trp',
    };
    const station = { id: 's-8bampft9ctmkp9zevbw4', name: '交通运输综合执法支队 采集站 01' };
    return {
      station,
      docking,
      facts,
      text: writeReceipt(facts),
      inventorySha256: 'a'.repeat(64),
      root: 'b'.repeat(64),
    };
  };
  return {
    list: ({ state, slot, recorder, day }, { limit, offset }) => {
      const rows = views.filter(
        (view) =>
          (state === undefined || view.state === state) &&
          (slot === undefined || view.slot === slot) &&
          (recorder === undefined || view.recorder === recorder) &&
          (day === undefined || view.startedAt.startsWith(day)),
      );
      return { rows: rows.slice(offset, offset + limit), total: rows.length };
    },
    find: (id) => {
      const view = views.find(({ docking }) => docking === id);
      return view === undefined ? undefined : detailOf(view, hostile);
    },
    entries: (_id, { limit, offset }) => {
      const entries = Array.from({ length: 250 }, (_, at) => entryOf(at, hostile));
      return { rows: entries.slice(offset, offset + limit), total: entries.length };
    },
    isRegistered: (serial) => !serial.endsWith('0'),
    receipt: async (id) => {
      const view = views.find(({ docking }) => docking === id);
      if (view === undefined || view.endedAt === null) throw new StationError('docking-open', 'it runs');
      return receiptOf(view);
    },
    checkReceipt: async (typed) => {
      const reading = readReceipt(typed);
      if (reading.kind === 'wrong') return { kind: 'unreadable', trouble: reading.trouble };
      const docking = views.find((view) => view.docking === reading.facts.docking);
      const findings =
        docking === views[0] ? [] : [{ code: 'receipt-original-missing', about: hostile ?? 'c-1' } as const];
      return { kind: 'checked', facts: reading.facts, docking, clips: 247, findings, findingsCount: findings.length };
    },
  };
}

const shapes: readonly Pick<
  DockingView,
  'state' | 'endedAt' | 'sealed' | 'held' | 'skipped' | 'missing' | 'findings'
>[] = [
  { state: 'ended', endedAt: '2026-11-21T08:47:30.000Z', sealed: 244, held: 3, skipped: 1, missing: 2, findings: 1 },
  {
    ...{ state: 'interrupted', endedAt: '2026-11-21T08:47:30.000Z', sealed: 100, held: null, skipped: null },
    ...{ missing: 150, findings: 0 },
  },
  { state: 'open', endedAt: null, sealed: 100, held: null, skipped: null, missing: null, findings: 0 },
  { state: 'ended', endedAt: '2026-11-21T08:47:30.000Z', sealed: 246, held: 3, skipped: 1, missing: 0, findings: 0 },
];

function viewOf(at: number, hostile: string | undefined): DockingView {
  return {
    ...(shapes[at % shapes.length] as (typeof shapes)[number]),
    docking: sampleDockingIds[at] ?? `d-${at}`.padEnd(22, '0'),
    kind: 'usb',
    slot: hostile ?? String(at + 1),
    recorder: hostile ?? `TA0071${at % 10}`,
    isRegistered: at % 2 === 1 ? false : null,
    startedAt: '2026-11-21T08:40:12.412Z',
    listed: 250,
    bytes: 8.7e9,
  };
}

function detailOf(view: DockingView, hostile: string | undefined): DockingDetail {
  return {
    ...view,
    recorderBasis: 'usb',
    clock: { basis: 'protocol', atLeastMs: 41_000, atMostMs: 43_000 },
    clearing: view.missing === 0 ? { state: 'ended', toClear: 9, cleared: 8 } : null,
    inventoryComplete: true,
    volumeUuid: hostile ?? '1A2B-3C4D',
    findingList: [{ code: hostile ?? 'several-serials', detail: hostile ?? 'names carry TA00716, TA00717' }],
    records: ['docking-started', 'inventory-listed', 'docking-ended'].map((type, at) => ({
      seq: 1200 + at,
      type: hostile ?? type,
      time: '2026-11-21T08:40:12.412Z',
      actor: hostile ?? 'system:station',
    })),
    recordCount: 5,
  };
}

function entryOf(at: number, hostile: string | undefined): DockingEntryView {
  const outcomes = ['failed', null, 'skipped'] as const;
  const outcome = at < 3 ? (outcomes[at] ?? null) : 'sealed';
  const path = hostile ?? `DCIM/100MEDIA/TA00716_JX0227_2026112108${String(at).padStart(4, '0')}.MP4`;
  return {
    path,
    pathHex: '',
    type: 'file',
    bytes: 34_000_000 + at,
    outcome,
    reason: outcome === 'failed' ? 'read-error' : outcome === 'skipped' ? 'rule:logs' : null,
    detail: outcome === 'failed' ? (hostile ?? 'EIO at 4096') : null,
    clip: outcome === 'sealed' ? `c-${at}` : null,
  };
}
