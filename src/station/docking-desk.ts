/**
 * The part of the composition root that tells of dockings: the list, one docking with its inventory, and what the
 * list of recorders says of its recorder. Long answers come in pages of the registry, with a turn for others between.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { DockedRecorder, DockFinding } from '../domain/dock.ts';
import { type DockingDetail, type DockingEntryView, type DockingView, missingOf } from '../domain/docking-views.ts';
import { StationError } from '../domain/errors.ts';
import { versionsAsOf } from '../domain/history.ts';
import { isDefaultSerial, recorderSourceId } from '../domain/ids.ts';
import { getCalendarDate, type RecorderState } from '../domain/people-facts.ts';
import { readablePath } from '../domain/readable-path.ts';
import { recorderFindings } from '../domain/recorder-standing-policy.ts';
import { today } from '../domain/station-time.ts';
import type { DockingFilter, DockingRow, InventoryRow } from '../registry/docking-queries.ts';
import type { Registry } from '../registry/registry.ts';

/** Rows that one turn of the event loop reads. */
const pageRows = 500;
/** Records of one docking that a page shows. */
const recordsShown = 200;

export interface DockingPage {
  readonly limit: number;
  readonly offset: number;
}

export class DockingDesk {
  readonly #registry: Registry;

  readonly #timeZone: string;

  constructor(registry: Registry, timeZone: string) {
    this.#registry = registry;
    this.#timeZone = timeZone;
  }

  list(filter: DockingFilter, page: DockingPage): { readonly rows: DockingView[]; readonly total: number } {
    const { dockings } = this.#registry;
    return { rows: dockings.dockings(filter, page).map((row) => this.#view(row)), total: dockings.count(filter) };
  }

  /** Newest first. */
  async *each(filter: DockingFilter, limit: number): AsyncGenerator<DockingView> {
    let beforeSeq: number | undefined;
    for (let left = limit; left > 0; ) {
      const page = { limit: Math.min(left, pageRows), ...(beforeSeq === undefined ? {} : { beforeSeq }) };
      const rows = this.#registry.dockings.dockings(filter, page);
      for (const row of rows) yield this.#view(row);
      if (rows.length < page.limit) return;
      left -= rows.length;
      beforeSeq = rows.at(-1)?.startedSeq;
      await turn();
    }
  }

  find(id: string): DockingDetail | undefined {
    const { dockings } = this.#registry;
    const row = dockings.docking(id);
    if (row === undefined) return undefined;
    return {
      ...this.#view(row),
      recorderBasis: row.recorderBasis,
      inventoryComplete: row.inventoryComplete === null ? null : row.inventoryComplete === 1,
      volumeUuid: row.volumeUuid,
      clock: dockings.clock(id) ?? null,
      clearing: this.#clearing(id),
      findingList: dockings.findings(id),
      records: dockings.records(id, recordsShown),
      recordCount: dockings.recordCount(id),
    };
  }

  #clearing(id: string): DockingDetail['clearing'] {
    const { clearing } = this.#registry;
    const planned = clearing.clearing(id);
    if (planned === undefined) return null;
    return { state: planned.state, toClear: planned.toClear, cleared: clearing.cleared(id).length };
  }

  /** @throws StationError docking-unknown */
  get(id: string): DockingDetail {
    const found = this.find(id);
    if (found === undefined) throw dockingUnknown(id);
    return found;
  }

  /** What was not taken comes first. */
  entries(id: string, page: DockingPage): { readonly rows: DockingEntryView[]; readonly total: number } {
    const { dockings } = this.#registry;
    return { rows: dockings.inventory(id, page).map(entryView), total: dockings.inventoryCount(id) };
  }

  async *eachEntry(id: string, limit: number): AsyncGenerator<DockingEntryView> {
    let after: InventoryRow | undefined;
    for (let left = limit; left > 0; ) {
      const page = { limit: Math.min(left, pageRows), after };
      const rows = this.#registry.dockings.inventory(id, page);
      yield* rows.map(entryView);
      if (rows.length < page.limit) return;
      left -= rows.length;
      after = rows.at(-1);
      await turn();
    }
  }

  /** Whether the list of recorders has it; null when there is no list. */
  isRegistered(serial: string): boolean | null {
    const { people } = this.#registry;
    if (people.versionsOfKey('recorders', serial).length > 0) return true;
    return people.hasAny('recorders') ? false : null;
  }

  /** What is to be looked into about a recorder that was docked; it is taken in all the same. */
  findingsOf(recorder: DockedRecorder): DockFinding[] {
    const { serial, volumes = [] } = recorder;
    if (serial === undefined) return [];
    const { dockings } = this.#registry;
    const isSerialShared = recorder.isSerialShared === true || isDefaultSerial(serial);
    const ids = volumes.map(({ uuid }) => uuid);
    const before = ids.map((uuid) => [uuid, dockings.recorderOfVolume(uuid)] as const);
    return recorderFindings({
      serial,
      isSerialShared,
      isRegistered: this.isRegistered(serial),
      state: this.#state(serial),
      volumes: ids,
      // As many as there are now: each volume is a docking of its own.
      volumesBefore: isSerialShared ? [] : dockings.volumesBefore(recorderSourceId(serial), Math.max(1, ids.length)),
      serialsBefore: new Map(before.filter((pair): pair is readonly [string, string] => pair[1] !== undefined)),
    });
  }

  #state(serial: string): RecorderState | undefined {
    const asOf = getCalendarDate(today(Date.now(), this.#timeZone));
    return versionsAsOf(this.#registry.people.versionsOfKey('recorders', serial), { asOf }).get(serial)?.facts.state;
  }

  #view(row: DockingRow): DockingView {
    const { docking, kind, slot, recorder, state, startedAt, endedAt, entries, bytes, sealed, held, skipped } = row;
    return {
      docking,
      kind,
      slot,
      recorder,
      isRegistered: recorder === null || isDefaultSerial(recorder) ? null : this.isRegistered(recorder),
      state,
      startedAt,
      endedAt,
      listed: entries,
      bytes,
      sealed,
      held,
      skipped,
      missing: missingOf(row),
      findings: row.findings,
    };
  }
}

export const dockingUnknown = (id: string): StationError =>
  new StationError('docking-unknown', `there is no docking ${id}`, {
    next: 'List the dockings with "evidock dockings".',
  });

function entryView({ path, type, bytes, outcome, reason, detail, clip }: InventoryRow): DockingEntryView {
  return { path: readablePath(path), pathHex: path.toString('hex'), type, bytes, outcome, reason, detail, clip };
}
