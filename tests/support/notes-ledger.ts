/** For tests of the ledger alone: a real one with records that mean nothing, each with a document. */
import { Ledger } from '../../src/ledger/ledger.ts';
import type { SeededRandom } from './random.ts';

export function openNotesLedger(dataFolder: string, random: SeededRandom): Promise<Ledger> {
  return Ledger.open({
    dataFolder,
    random: (count) => random.bytes(count),
    now: Date.now,
    upMs: () => 1,
    boot: 'boot',
    checkpointMs: 3_600_000,
    rehearse: () => undefined,
    onDurable: () => undefined,
    onTrouble: (error) => {
      throw error;
    },
  });
}

type NewRecord = Parameters<Ledger['append']>[0];

let notes = 0;

export function notesOf(count: number): NewRecord[] {
  return Array.from({ length: count }, () => {
    notes += 1;
    const id = `x-${String(notes).padStart(20, '0')}` as never;
    const actor = { kind: 'system', id: 'test' } as const;
    return { type: 'note', actor, body: { number: notes }, documents: [{ id, body: { text: `note ${notes}` } }] };
  });
}
