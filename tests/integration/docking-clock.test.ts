/**
 * Goal: each docking measures the recorder's clock before its first seal and writes down how; each clip carries the
 * offset and a corrected time beside the original one; a rebuild knows the same; and nothing absurd sorts or loses
 * anything. A real station, ledger and registry; cards are folders, the DV16 is simulated.
 */
import { mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { buildNameTable } from '../../src/config/name-table.ts';
import { loadRecorderTable } from '../../src/config/recorder-table.ts';
import { JieLiDv16 } from '../../src/dock/usb/jieli-dv16.ts';
import { parseSlotMap } from '../../src/dock/usb/slot-map.ts';
import { UsbDock } from '../../src/dock/usb/usb-dock.ts';
import { readClipName } from '../../src/domain/clip-names.ts';
import type { DockedRecorder } from '../../src/domain/dock.ts';
import type { ClockReading, RecorderClock } from '../../src/domain/recorder-clock.ts';
import type { ClockMeasuredBody } from '../../src/domain/records.ts';
import { instantToLocalTime } from '../../src/domain/station-time.ts';
import { Registry } from '../../src/registry/registry.ts';
import { SimulatedDv16 } from '../../src/simulator/simulated-dv16.ts';
import { SimulatedUsb } from '../../src/simulator/simulated-usb.ts';
import { clockStepRecord } from '../../src/station/clock-records.ts';
import type { IngestRequest } from '../../src/station/intake-desk.ts';
import { systemActor } from '../../src/station/station-context.ts';
import { takeRecorder } from '../../src/station/take-recorder.ts';
import { Station } from '../../src/station.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { documentsOf, recordsOf } from '../support/store-check.ts';

const timeZone = 'Asia/Shanghai';
const hour = 3_600_000;
const signal = new AbortController().signal;

let folder: string;
let data: string;
let card: string;
let station: Station;

beforeEach(async () => {
  folder = makeDiskFolder();
  data = join(folder, 'data');
  card = join(folder, 'card');
  mkdirSync(data);
  mkdirSync(card);
  const configuration = parseConfiguration('engine: { kind: portable }\n', 'test');
  const log = pino({ level: 'silent' });
  station = await Station.open({ dataFolder: data, configuration, log, command: 'test', version: 'test' });
});
afterEach(async () => {
  // What a rebuild makes of the ledger is what the registry holds.
  const rebuilt = Registry.open(':memory:');
  await rebuilt.replay(station.context.ledger.replay(0), station.context.ledger.size);
  expect(station.context.registry.differencesFrom(rebuilt)).toEqual([]);
  rebuilt.close();
  await station.close();
  removeFolder(folder);
});

/** A recording that began at `ms` by the recorder's clock, and took a minute; its name. */
function record(ms: number, { serial = 'TA00716', writtenMs = ms + 60_000 } = {}): string {
  const local = instantToLocalTime(ms, timeZone).replaceAll(/[-:]/g, '').replace('T', '');
  const name = `${serial}_JX0227_${local}.LOG`;
  writeFileSync(join(card, name), `REC ${local}\r\n`);
  utimesSync(join(card, name), writtenMs / 1000, writtenMs / 1000);
  return name;
}

const volume = { path: '/x', fileSystem: 'vfat', label: '', uuid: '1234-ABCD', options: 'ro,time_offset=480' };

async function dock(more: Partial<IngestRequest> = {}): Promise<readonly string[]> {
  const request: IngestRequest = {
    kind: 'usb',
    root: Buffer.from(card),
    recorder: 'TA00716',
    recorderBasis: 'usb',
    rereadHeld: 'never',
    actor: systemActor,
    slot: '1',
    volume,
    awaitsProbe: false,
    ...more,
  };
  const quiet = { signal, onEvent: () => undefined, onProgress: () => undefined };
  return (await station.intake.ingest(request, quiet)).findings;
}

const measured = (): ClockMeasuredBody[] =>
  recordsOf(data)
    .filter(({ type }) => type === 'clock-measured')
    .map(({ body }) => body as unknown as ClockMeasuredBody);
const clipOf = (name: string) => [...station.clips()].find(({ path }) => path.toString() === name);

function reading(offsetMs: number): ClockReading {
  const startedAtMs = Date.now();
  const local = instantToLocalTime(startedAtMs + offsetMs, timeZone);
  const recorderMs = Math.floor((startedAtMs + offsetMs) / 1000) * 1000;
  return { local, recorderMs, resolutionMs: 1000, startedAtMs, endedAtMs: startedAtMs + 30, tookMs: 30 };
}
const clock = (offsetMs: number): RecorderClock => ({ reading: reading(offsetMs), setting: null, findings: [] });

test('a clock that was read: offset and bound stand in the ledger before the first seal, and with each clip', async () => {
  const began = Date.now() - 3 * hour;
  const name = record(began - 2 * hour);
  expect(await dock({ clock: clock(-2 * hour) })).toEqual(['clock-wrong']);
  const types = recordsOf(data).map(({ type }) => type);
  expect(types.indexOf('clock-measured')).toBeGreaterThan(types.lastIndexOf('inventory-listed'));
  expect(types.indexOf('clock-measured')).toBeLessThan(types.indexOf('clip-sealed'));
  const [body] = measured();
  expect(body).toMatchObject({ basis: 'protocol', findings: ['clock-wrong'], settings: [] });
  expect(Math.abs((body?.offsetMs ?? 0) + 2 * hour)).toBeLessThanOrEqual(body?.boundMs ?? 0);
  expect(body?.boundMs).toBe(515);
  const clip = clipOf(name);
  expect(clip).toMatchObject({
    clockBasis: 'protocol',
    clockAtLeastMs: body?.atLeastMs,
    clockAtMostMs: body?.atMostMs,
  });
  expect(Date.parse(clip?.correctedEarliest ?? '')).toBeLessThanOrEqual(began);
  expect(Date.parse(clip?.correctedLatest ?? '')).toBeGreaterThanOrEqual(began);
  // The original time stays as the name has it.
  expect(Date.parse(clip?.recordedAt ?? '')).toBe(Math.floor((began - 2 * hour) / 1000) * 1000);
  const sealed = recordsOf(data).find(({ type }) => type === 'clip-sealed');
  const document = documentsOf(data).get(sealed?.documents?.[0]?.id ?? '');
  expect(document).toMatchObject({
    recordedAt: clip?.recordedAt,
    clock: { basis: 'protocol', atLeastMs: body?.atLeastMs, atMostMs: body?.atMostMs },
    correctedAt: { earliest: clip?.correctedEarliest, latest: clip?.correctedLatest },
  });
});

test('without a protocol the second docking of a card bounds the clock from both sides', async () => {
  record(Date.now() - 10 * hour);
  expect(await dock()).toEqual([]);
  expect(measured()[0]).toMatchObject({ basis: 'files', atMostMs: null, files: { used: 1, lastDocking: null } });
  await sleep(20);
  const began = Date.now();
  const name = record(began - hour, { writtenMs: began - hour });
  expect(await dock()).toEqual(['clock-behind']);
  const body = measured()[1];
  expect(body?.files).toMatchObject({ used: 1, lastDocking: measured()[0]?.docking });
  expect(body?.atMostMs).toBeGreaterThanOrEqual(-hour);
  expect(body?.atLeastMs).toBeLessThanOrEqual(-hour);
  expect((body?.boundMs ?? 0) * 2).toBeLessThan(5000);
  const clip = clipOf(name);
  expect(Date.parse(clip?.correctedEarliest ?? '')).toBeLessThanOrEqual(began);
  expect(Date.parse(clip?.correctedLatest ?? '')).toBeGreaterThanOrEqual(began);
});

test('a recording that was marked and so renamed after it was sealed is no recording since the last docking', async () => {
  const name = record(Date.now() - 10 * hour);
  await dock();
  const marked = name.replace('.LOG', '_IMP.LOG');
  renameSync(join(card, name), join(card, marked));
  const fresh = record(Date.now());
  expect(await dock()).toEqual([]);
  expect(measured()[1]?.files).toMatchObject({ used: 1, lastDocking: measured()[0]?.docking });
  expect(clipOf(marked)).toMatchObject({ clockBasis: null, correctedEarliest: null, correctedLatest: null });
  expect(clipOf(fresh)?.clockBasis).toBe('files');
});

test('another card, or one that was not taken whole, bounds nothing from above', async () => {
  record(Date.now() - 10 * hour);
  await dock();
  // A card from the drawer, with recordings of last month.
  record(Date.now() - 700 * hour);
  expect(await dock({ volume: { ...volume, uuid: 'FFFF-0001' } })).toEqual([]);
  expect(measured()[1]).toMatchObject({ basis: 'files', atMostMs: null });
});

test('a folder that somebody copied: names count where the recorder is given, times of files never', async () => {
  record(Date.now() - 10 * hour, { writtenMs: Date.now() - 9.5 * hour });
  const byHand = { kind: 'ingest', recorderBasis: 'given' } as const;
  const { volume: _none, slot: _slot, ...request } = { ...byHand, volume: undefined, slot: undefined };
  const quiet = { signal, onEvent: () => undefined, onProgress: () => undefined };
  const base = { root: Buffer.from(card), rereadHeld: 'never', actor: systemActor, awaitsProbe: false } as const;
  await station.intake.ingest({ ...base, ...request, recorder: 'TA00716' }, quiet);
  const [body] = measured();
  expect(body).toMatchObject({ basis: 'files', atMostMs: null });
  expect(Math.abs((body?.atLeastMs ?? 0) + 10 * hour)).toBeLessThan(20_000);
  // Without a recorder there is no clock to measure.
  mkdirSync(join(folder, 'other'));
  writeFileSync(join(folder, 'other', 'TA00716_JX0227_20260101100000.LOG'), 'x');
  await station.intake.ingest(
    { ...base, ...request, root: Buffer.from(join(folder, 'other')), recorder: undefined, recorderBasis: 'none' },
    quiet,
  );
  expect(measured()).toHaveLength(1);
  expect(clipOf('TA00716_JX0227_20260101100000.LOG')).toMatchObject({ clockBasis: null, correctedLatest: null });
});

test('absurd clocks are findings: every clip is sealed, in the order of the card, and none is corrected', async () => {
  const names = [Date.parse('1970-01-02T00:00:00Z'), Date.parse('2099-06-01T00:00:00Z'), Date.now() - hour].map((ms) =>
    record(ms, { writtenMs: Date.now() - hour }),
  );
  expect(await dock({ clock: clock(0) })).toEqual(
    expect.arrayContaining(['clock-absurd', 'clock-jumped', 'name-time-implausible']),
  );
  const clips = [...station.clips()];
  expect(clips.map(({ path }) => path.toString()).sort()).toEqual([...names].sort());
  for (const clip of clips) expect(clip).toMatchObject({ correctedEarliest: null, correctedLatest: null });
  expect(measured()[0]).toMatchObject({ basis: 'protocol', atLeastMs: null, offsetMs: null });
  // The reading stays on record all the same.
  expect(measured()[0]?.reading).not.toBeNull();
});

test('a clock at 1970 is a finding, and the reading is kept', async () => {
  record(Date.now() - hour);
  expect(await dock({ clock: clock(-Date.now()) })).toEqual(['clock-absurd']);
  expect(measured()[0]).toMatchObject({
    atLeastMs: null,
    reading: { local: expect.stringContaining('1970-01-01T08') },
  });
});

test('a DV16 at the dock: set, recorded, and its clips corrected by what files say of the clock before', async () => {
  const usb = new SimulatedUsb(join(folder, 'usb'));
  const info = Buffer.alloc(94);
  info.write('TA00716');
  const { context } = station;
  const nothing = (): void => undefined;
  const names = buildNameTable(parseConfiguration('', 'test').names);
  const usbDock = new UsbDock({
    tree: usb,
    helper: usb,
    slots: parseSlotMap('slots: { 4: [platform/simulated.1/usb2/1] }', 'test'),
    table: loadRecorderTable(),
    readName: (path) => readClipName(path, names),
    isRegistered: () => false,
    openDriver: (name, { disks }) => {
      const generic = disks[0]?.generic;
      if (name !== 'jieli-dv16' || generic == null) return undefined;
      return new JieLiDv16((request) => usb.scsi({ ...request, generic }));
    },
    passwords: ['000000'],
    timeZone,
    setsClock: true,
    recordClock: async (slot, step) => {
      await context.ledger.append(clockStepRecord(slot, step));
    },
    timeOffsetMinutes: () => 480,
    onFinding: nothing,
    log: { info: nothing, warn: nothing, error: nothing },
    now: Date.now,
    monotonicMs: () => performance.now(),
    limits: { pollMs: 5, reappearMs: 2000, retryMs: 50 },
  });
  const until = async <T>(look: () => T | undefined): Promise<T> => {
    for (let tries = 0; tries < 1500; tries += 1) {
      const recorders = await usbDock.scan();
      found = recorders[0];
      const seen = look();
      if (seen !== undefined) return seen;
      await sleep(10);
    }
    throw new Error(`it did not come: ${JSON.stringify(usbDock.notices())}`);
  };
  let found: DockedRecorder | undefined;
  const visit = async (recording = false): Promise<SimulatedDv16> => {
    const recorder = new SimulatedDv16({
      idCode: 'JLDV16',
      info,
      password: '000000',
      cardPresent: true,
      recording,
      batteryPercent: 50,
      resolution: { width: 1280, height: 720 },
    });
    const disk = { serial: null, volumes: [{ card, uuid: '1234-ABCD' }] };
    const inquiry = { vendor: 'DV16', model: 'DEVICE V1.00' };
    await usb.plugIn('1-1', { inquiry, volumes: [], protocol: { recorder, disk } });
    if (recording) return recorder;
    const docked = await until(() => found);
    const control = {
      signal,
      onStarted: nothing,
      onProgress: nothing,
      onFinishing: nothing,
      onClearing: nothing,
      onStopped: nothing,
    };
    await takeRecorder({ intake: station.intake, rereadHeld: 'never' }, docked, control);
    await usbDock.release(docked);
    await usb.takeOut('1-1');
    await usbDock.scan();
    return recorder;
  };
  try {
    record(Date.now() - 10 * hour);
    const first = await visit();
    const began = Date.now();
    // It did not keep the time: an hour ahead again, and plugged in twice before it could be read.
    const name = record(began + hour, { writtenMs: began + hour });
    const busy = await visit(true);
    await until(() => usbDock.notices()[0]?.problem === 'recorder-still-recording' || undefined);
    await usb.takeOut('1-1');
    await until(() => usbDock.notices().length === 0 || undefined);
    const last = await visit();
    const told = [first, busy, last].map(({ clockTold }) => clockTold);
    // On a busy machine a second may be missed, and another one follows.
    const ends = recordsOf(data).filter(({ type, body }) => type === 'clock-set' && body.outcome !== 'not-sent');
    expect(ends.map(({ body }) => body.local)).toEqual(told);
    for (const { seq, subject, body } of ends) {
      expect(subject).toBe('slot-4');
      const before = recordsOf(data)[seq - 1];
      expect(before).toMatchObject({ type: 'clock-setting', body: { recorder: 'TA00716', local: body.local } });
    }
    expect(measured()[0]?.settings.map(({ local }) => local)).toEqual([told[0]]);
    // The setting of the visit that failed counts as well: what was recorded before it carries the old offset.
    expect(measured()[1]?.settings.map(({ local }) => local)).toEqual([told[1], told[2]]);
    expect(measured()[1]).toMatchObject({ basis: 'files', findings: ['clock-ahead'] });
    const clip = clipOf(name);
    expect(Date.parse(clip?.correctedEarliest ?? '')).toBeLessThanOrEqual(began);
    expect(Date.parse(clip?.correctedLatest ?? '')).toBeGreaterThanOrEqual(began);
    expect(Date.parse(clip?.correctedLatest ?? '')).toBeLessThan(began + 60_000);
  } finally {
    await usbDock.stop();
  }
}, 60_000);
