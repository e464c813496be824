/**
 * A recorder with several volumes is taken volume by volume, on a real station: each is a docking of its own, the slot
 * is told their sum, and what was found wrong before the first file stands in the first docking only. Files of one name,
 * size and time on two volumes are two clips.
 */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import type { DockedRecorder, TakeProgress } from '../../src/domain/dock.ts';
import { StationError } from '../../src/domain/errors.ts';
import { takenUrgently } from '../../src/domain/slot-machine.ts';
import { takeRecorder } from '../../src/station/take-recorder.ts';
import { Station } from '../../src/station.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';

let folder: string;
let station: Station;
let recorder: DockedRecorder;
/** Nothing is read before it opens. */
let gate = Promise.resolve();

beforeAll(async () => {
  folder = makeDiskFolder();
  const dataFolder = join(folder, 'data');
  mkdirSync(dataFolder);
  const configuration = parseConfiguration('engine: { kind: portable }\n', 'test');
  const log = pino({ level: 'silent' });
  station = await Station.open({ dataFolder, configuration, log, command: 'test', version: 'test' });
  await station.intake.rooms((engine) => ({
    name: engine.name,
    probeReadBack: (at) => engine.probeReadBack(at),
    copy: (request, control) => gate.then(() => engine.copy(request, control)),
    hash: (request, control) => gate.then(() => engine.hash(request, control)),
  }));
  const roots = ['one', 'two'].map((name) => join(folder, name));
  for (const [index, root] of roots.entries()) {
    mkdirSync(root);
    for (let file = 0; file <= index; file += 1) {
      writeFileSync(join(root, `${file}.mp4`), `clip ${index} ${file}`);
      utimesSync(join(root, `${file}.mp4`), 1_700_000_000, 1_700_000_000);
    }
  }
  recorder = {
    ...{ kind: 'usb', slot: '4', generation: 'g1', serial: 'TA00716', recorderBasis: 'usb' },
    root: Buffer.from(roots[0] ?? ''),
    moreRoots: [Buffer.from(roots[1] ?? '')],
    volumes: roots.map((path, index) => ({
      ...{ path, fileSystem: 'vfat', label: '', uuid: `AB12-000${index}`, options: 'ro' },
    })),
    findings: [{ code: 'composite-device', detail: 'a keyboard beside storage' }],
  };
});

afterAll(async () => {
  await station.close();
  removeFolder(folder);
});

const parts = () => ({ intake: station.intake, rereadHeld: 'never' as const });

test('every volume is a docking with its slot and volume; the sum and the first id are told', async () => {
  const told = { started: [] as string[], finishing: 0, progress: [] as TakeProgress[] };
  const summary = await takeRecorder(parts(), recorder, {
    signal: new AbortController().signal,
    onStarted: (docking) => told.started.push(docking),
    onProgress: (progress) => told.progress.push(progress),
    onFinishing: () => {
      told.finishing += 1;
    },
    onClearing: () => undefined,
    onStopped: () => undefined,
  });
  expect(summary).toMatchObject({ docking: told.started[0], sealed: 3, held: 0, failed: 0, cancelled: false });
  const { rows } = station.dockings.list({}, { limit: 9, offset: 0 });
  expect(rows.map(({ docking, slot, sealed, findings }) => [docking, slot, sealed, findings])).toEqual([
    [told.started[1], '4', 2, 0],
    [told.started[0], '4', 1, 1],
  ]);
  expect(told.started.map((id) => station.dockings.get(id).volumeUuid)).toEqual(['AB12-0000', 'AB12-0001']);
  expect(station.dockings.get(told.started[0] ?? '').findingList.map(({ code }) => code)).toEqual(['composite-device']);
  // The officer is told once that copying is over, and never sees the figures fall.
  expect(told.finishing).toBe(1);
  const done = told.progress.map(({ filesDone }) => filesDone);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(told.progress.at(-1)).toMatchObject({ filesDone: 3, files: 3 });
});

test('taken out after the first volume, the second is not begun', async () => {
  const ending = new AbortController();
  const started: string[] = [];
  const summary = await takeRecorder(parts(), recorder, {
    signal: ending.signal,
    onStarted: (docking) => {
      started.push(docking);
      ending.abort();
    },
    onProgress: () => undefined,
    onFinishing: () => undefined,
    onClearing: () => undefined,
    onStopped: () => undefined,
  }).catch((error: unknown) => error);
  expect(started).toHaveLength(1);
  expect(summary instanceof Error || (summary as { cancelled: boolean }).cancelled).toBe(true);
});

test('needed at once after the first volume was taken whole: the visit did not take all', async () => {
  const ending = new AbortController();
  const summary = await takeRecorder(
    {
      ...parts(),
      intake: {
        ingest: async (request, control) => {
          const result = await station.intake.ingest(request, control);
          ending.abort(new StationError(takenUrgently, 'needed'));
          return result;
        },
      },
    },
    recorder,
    {
      signal: ending.signal,
      onStarted: () => undefined,
      onProgress: () => undefined,
      onFinishing: () => undefined,
      onClearing: () => undefined,
      onStopped: () => undefined,
    },
  );
  expect(summary).toMatchObject({ failed: 0, cancelled: true, problem: takenUrgently });
});

test('needed at once while it waits for another docking of the same serial: it does not wait', async () => {
  const told = {
    onStarted: () => undefined,
    onProgress: () => undefined,
    onFinishing: () => undefined,
    onClearing: () => undefined,
    onStopped: () => undefined,
  };
  const { promise, resolve: openGate } = Promise.withResolvers<void>();
  gate = promise;
  const always = { intake: station.intake, rereadHeld: 'always' as const };
  const begun = Promise.withResolvers<void>();
  const onStarted = (): void => begun.resolve();
  const first = takeRecorder(always, recorder, { ...told, onStarted, signal: new AbortController().signal });
  await begun.promise;
  const twin = { ...recorder, slot: '5', generation: 'g2', isSerialShared: true };
  const ending = new AbortController();
  const second = takeRecorder(always, twin, { ...told, signal: ending.signal });
  setTimeout(() => ending.abort(new StationError(takenUrgently, 'needed')), 10);
  await expect(second).rejects.toMatchObject({ code: takenUrgently });
  // The first is still reading, and whoever comes next waits for it.
  openGate();
  expect(await first).toMatchObject({ failed: 0, notTaken: 0, cancelled: false });
});

test('the same visit again finds the same cards; another card is named', () => {
  expect(station.dockings.findingsOf(recorder)).toEqual([]);
  const other = { ...recorder, moreRoots: [], volumes: [{ ...recorder.volumes?.[0], uuid: 'FFEE-1234' }] };
  expect(station.dockings.findingsOf(other as DockedRecorder).map(({ code }) => code)).toEqual(['card-changed']);
});
