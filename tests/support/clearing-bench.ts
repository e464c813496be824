/**
 * A real station with a simulated dock of real folders, for tests of clearing and of urgent requests: recorders are
 * plugged in by the test, everything else is the station's own work.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { DockKeeper } from '../../src/dock/dock-keeper.ts';
import type { CopyEngine } from '../../src/domain/copy-engine.ts';
import type { Dock, SlotState, SlotView } from '../../src/domain/dock.ts';
import { SimulatedSlots, type SimulatedVisit } from '../../src/simulator/simulated-dock-slots.ts';
import { takeRecorder } from '../../src/station/take-recorder.ts';
import { Station } from '../../src/station.ts';
import { runFsck } from './checked-store.ts';
import { documentsOf, type LedgerLine, recordsOf } from './store-check.ts';

export interface ClearingBenchOptions {
  readonly folder: string;
  readonly config: string;
  /** The dock as the station sees it. */
  readonly around?: (dock: SimulatedSlots) => Dock;
  readonly aroundEngine?: (engine: CopyEngine) => CopyEngine;
}

export class ClearingBench {
  readonly slots: SimulatedSlots;
  readonly keeper: DockKeeper;
  readonly station: Station;
  readonly folder: string;

  private constructor(options: ClearingBenchOptions, station: Station) {
    this.folder = options.folder;
    this.station = station;
    this.slots = new SimulatedSlots(join(options.folder, 'dock'), 4);
    const dock = options.around?.(this.slots) ?? this.slots;
    this.keeper = new DockKeeper({
      docks: [dock],
      config: { parallelRecorders: 2, scanMilliseconds: 100 },
      take: (recorder, control) => {
        const clear = station.clearing.ofRecorder(dock, recorder);
        const rereadHeld = clear === undefined ? 'never' : 'always';
        return takeRecorder({ intake: station.intake, rereadHeld, clear }, recorder, control);
      },
      log: pino({ level: 'silent' }),
      now: Date.now,
    });
  }

  static async open(options: ClearingBenchOptions): Promise<ClearingBench> {
    const dataFolder = join(options.folder, 'data');
    mkdirSync(dataFolder, { recursive: true });
    const configuration = parseConfiguration(options.config, 'test');
    const log = pino({ level: 'silent' });
    const station = await Station.open({ dataFolder, configuration, log, command: 'test', version: 'test' });
    await station.intake.rooms(options.aroundEngine);
    const bench = new ClearingBench(options, station);
    bench.keeper.start();
    return bench;
  }

  /** Writes files onto a recorder's card; the card lies in its own folder while it is not docked. */
  card(serial: string, files: { readonly [path: string]: string | Uint8Array }): string {
    const card = join(this.folder, 'away', serial);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(card, path)), { recursive: true });
      writeFileSync(join(card, path), content);
    }
    return card;
  }

  plugIn(serial: string, slot = '1'): Promise<SimulatedVisit> {
    return this.slots.plugIn({ serial, card: join(this.folder, 'away', serial) }, slot);
  }

  /** One whole visit, and what the slot showed at its end. */
  async visit(serial: string, slot = '1'): Promise<SlotView> {
    const visit = await this.plugIn(serial, slot);
    const view = await this.until(slot, ['done', 'attention', 'failed']);
    await visit.released;
    await this.slots.takeOut(visit);
    await this.until(slot, ['empty']);
    return view;
  }

  view(slot = '1'): SlotView {
    const view = this.keeper.slots().find((one) => one.slot === slot);
    if (view === undefined) throw new Error(`no slot ${slot}`);
    return view;
  }

  async until(slot: string, states: readonly SlotState[]): Promise<SlotView> {
    for (;;) {
      const view = this.view(slot);
      if (states.includes(view.state)) return view;
      await sleep(5);
    }
  }

  async close(): Promise<void> {
    await this.keeper.stop();
    await this.slots.stop();
    await this.station.close();
  }

  records(...types: readonly string[]): LedgerLine[] {
    return recordsOf(join(this.folder, 'data')).filter(({ type }) => types.includes(type));
  }

  /** Entries of the documents of such records, by readable path, or by its hex where a document has no other. */
  entries(type: string, ofDocking?: string): { readonly [path: string]: { readonly [key: string]: unknown } } {
    const documents = documentsOf(join(this.folder, 'data'));
    const found = this.records(type)
      .filter(({ body }) => ofDocking === undefined || body.docking === ofDocking)
      .flatMap((record) => record.documents ?? [])
      .flatMap(({ id }) => (documents.get(id)?.entries ?? []) as { path?: string; pathHex: string }[]);
    return Object.fromEntries(found.map((entry) => [entry.path ?? entry.pathHex, entry]));
  }

  /** Codes of fsck's findings; the station must be closed. */
  async fsck(): Promise<readonly string[]> {
    return (await runFsck(join(this.folder, 'data'))).findings.map(({ code }) => code);
  }
}

export const filesOn = (card: string): string[] =>
  readdirSync(card, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(card.length + 1))
    .sort();
