/** The demo: the invented team comes in through the ordinary imports, and a simulated dock beside the configured ones. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CopyEngine } from '../domain/copy-engine.ts';
import type { Dock } from '../domain/dock.ts';
import { demoImports, demoRecorders } from '../simulator/demo-team.ts';
import { FootageScenes } from '../simulator/footage-scenes.ts';
import { pacedEngine } from '../simulator/paced-engine.ts';
import { createSimulatedDock } from '../simulator/simulated-dock.ts';
import type { Station } from '../station.ts';
import { random, systemActor } from './station-context.ts';

const demoSlots = 8;
/** A card of ten short clips then takes about ten seconds, as a real one takes minutes. */
const cardBytesPerSecond = 128 * 1024;
/** Imports the team and its year, file by file, into a station that has no people yet. */
export async function importDemoTeam(station: Station): Promise<void> {
  if (station.context.registry.people.hasAny('officers')) return;
  for (const { kind, effective, csv } of demoImports(station.today())) {
    await station.people.import({
      kind,
      bytes: Buffer.from(csv),
      effective,
      dryRun: false,
      allowPartial: false,
      actor: systemActor,
      onProgress: () => undefined,
    });
  }
}

/** Where the cards lie: beside the data folder, because a source inside it would be refused. */
const cardsFolder = (station: Station): string => `${station.context.options.dataFolder}-cards`;

/** The engine for the demo: what comes from simulated cards comes slowly enough to be watched. */
export function demoEngine(station: Station): (engine: CopyEngine) => CopyEngine {
  return (engine) => pacedEngine(engine, { folder: cardsFolder(station), bytesPerSecond: cardBytesPerSecond });
}

/** The cards go when the dock stops. */
export async function makeDemoDock(station: Station): Promise<Dock> {
  const { log, configuration } = station.context.options;
  const folder = cardsFolder(station);
  const [seed = 0] = random(1);
  log.info({ seed }, 'the simulated dock draws its faults and rhythm from this seed');
  const dock = createSimulatedDock({
    folder,
    scenes: new FootageScenes(join(folder, 'scenes'), configuration.preview.ffmpegPath),
    slots: demoSlots,
    recorders: demoRecorders,
    seed,
    log,
  });
  dock.start();
  return {
    kind: dock.kind,
    slots: dock.slots,
    scan: () => dock.scan(),
    onHint: (listener) => dock.onHint(listener),
    release: (recorder) => dock.release(recorder),
    writable: (recorder, root, work) => dock.writable(recorder, root, work),
    async stop() {
      await dock.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
