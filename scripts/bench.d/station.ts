/**
 * The running station with N simulated recorders docked at once: event-loop delay, and how live the slot wall is.
 * The station runs as its own process's service would, in this process, on a fresh data folder with real footage.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { makeCard } from '../../src/simulator/footage.ts';
import { FootageScenes } from '../../src/simulator/footage-scenes.ts';
import { SimulatedSlots } from '../../src/simulator/simulated-dock-slots.ts';
import { runService } from '../../src/station/service.ts';
import { Station } from '../../src/station.ts';
import { describeMachine, describeVersions, loadAverage } from './parts/machine.ts';

const { values } = parseArgs({
  options: {
    recorders: { type: 'string', default: '8' },
    clips: { type: 'string', default: '50' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(
    'Usage: scripts/bench station [--recorders 8] [--clips 50]\nExit codes: 0 measured, 1 failed.\n',
  );
  process.exit(0);
}
const recorders = Number(values.recorders);
const clips = Number(values.clips);
const folder = mkdtempSync(join(tmpdir(), 'evidock-bench-'));
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

interface Live {
  events: number;
  longestGapMs: number;
  progressSeen: number;
}

/** Listens to the slot wall's events as a browser does. */
async function watchWall(address: string, live: Live): Promise<void> {
  const response = await fetch(`${address}/events/slots`, { signal: stop.signal });
  let last = performance.now();
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    const now = performance.now();
    live.longestGapMs = Math.max(live.longestGapMs, now - last);
    last = now;
    live.events += 1;
    if (decoder.decode(chunk, { stream: true }).includes('copying')) live.progressSeen += 1;
  }
}

try {
  process.stderr.write(`station: making ${recorders} cards of ${clips} clips\n`);
  const scenes = new FootageScenes(join(folder, 'scenes'));
  const cards = [];
  for (let at = 0; at < recorders; at += 1) {
    const serial = `TA0${String(1000 + at)}`;
    const card = join(folder, 'cards', serial);
    const files = await makeCard(scenes, {
      folder: card,
      serial,
      officer: `JX0${100 + at}`,
      day: '2026-11-20',
      seed: at,
      clips,
    });
    cards.push({ serial, card, bytes: files.reduce((sum, file) => sum + file.bytes, 0), files: files.length });
  }
  const configuration = parseConfiguration('web: { port: 0 }\ndock: { parallelRecorders: 8 }\n', 'bench');
  const log = pino({ level: 'warn' }, pino.destination({ fd: 2, sync: true }));
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder);
  const station = await Station.open({ dataFolder, configuration, log, command: 'bench', version: 'bench' });
  const dock = new SimulatedSlots(join(folder, 'dock'), recorders);
  const live: Live = { events: 0, longestGapMs: 0, progressSeen: 0 };
  let ready = (_address: string): void => undefined;
  const address = new Promise<string>((resolve) => {
    ready = resolve;
  });
  const service = runService(station, {
    demo: false,
    moreDocks: [async () => dock],
    signal: stop.signal,
    onReady: ready,
  });
  const watching = watchWall(await address, live).catch(() => undefined);
  await sleep(1000);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  const loadBefore = loadAverage();
  const started = performance.now();
  delay.enable();
  const visits = await Promise.all(cards.map(({ serial, card }, at) => dock.plugIn({ serial, card }, String(at + 1))));
  await Promise.all(visits.map(({ released }) => released));
  delay.disable();
  const seconds = (performance.now() - started) / 1000;
  const counts = station.counts();
  stop.abort();
  await service;
  await watching;
  await station.close();
  const ms = (nanoseconds: number): number => Math.round(nanoseconds / 1e4) / 100;
  const bytes = cards.reduce((sum, card) => sum + card.bytes, 0);
  process.stdout.write(
    `${JSON.stringify(
      {
        bench: 'station',
        machine: describeMachine(),
        loadBefore,
        versions: describeVersions({}),
        recorders,
        clips: cards.reduce((sum, card) => sum + card.files, 0),
        bytes,
        sealed: counts.clips,
        secondsUntilAllMayBePulled: Math.round(seconds * 100) / 100,
        eventLoopDelayMs: {
          p50: ms(delay.percentile(50)),
          p99: ms(delay.percentile(99)),
          max: ms(delay.max),
          samplingMs: 10,
        },
        slotWall: {
          ...live,
          longestGapMs: Math.round(live.longestGapMs),
          eventsPerSecond: Math.round((live.events / seconds) * 10) / 10,
        },
      },
      undefined,
      2,
    )}\n`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
