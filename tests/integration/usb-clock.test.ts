/**
 * Goal: a recorder that speaks a protocol has its clock read before anything sets it, and set only after the ledger
 * holds what will be sent, on the whole second; what goes wrong with a clock is a finding and never keeps the card shut.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadRecorderTable } from '../../src/config/recorder-table.ts';
import { JieLiDv16 } from '../../src/dock/usb/jieli-dv16.ts';
import type { UsbDevice } from '../../src/dock/usb/ports.ts';
import type { RecorderDriver } from '../../src/dock/usb/recorder-driver.ts';
import { parseSlotMap } from '../../src/dock/usb/slot-map.ts';
import { UsbDock, type UsbDockParts } from '../../src/dock/usb/usb-dock.ts';
import type { DockedRecorder } from '../../src/domain/dock.ts';
import type { ClockStep } from '../../src/domain/recorder-clock.ts';
import { instantToLocalTime, localTimeToInstant } from '../../src/domain/station-time.ts';
import { SimulatedDv16, type SimulatedDv16Options } from '../../src/simulator/simulated-dv16.ts';
import { SimulatedUsb } from '../../src/simulator/simulated-usb.ts';

const timeZone = 'Asia/Shanghai';
const nothing = (): void => undefined;
/** What the last try may miss its second by, and a busy machine the moment of the answer. */
const slackMs = 700;
const info = Buffer.alloc(94);
info.write('DV00001');

let folder: string;
let usb: SimulatedUsb;
let dock: UsbDock;
let recorder: SimulatedDv16;
let steps: { step: ClockStep; toldBefore: string | undefined }[];
let told: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidock-clock-'));
  usb = new SimulatedUsb(join(folder, 'usb'));
  steps = [];
  told = [];
});
afterEach(async () => {
  await dock.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Plugs in a DV16; `readClock` stands for a driver of a protocol that can be asked. */
async function plugIn(
  options: Partial<SimulatedDv16Options>,
  { readClock, ...parts }: Partial<UsbDockParts> & { readClock?: () => Promise<string> } = {},
): Promise<void> {
  recorder = new SimulatedDv16({
    idCode: 'JLDV16',
    info,
    password: '000000',
    cardPresent: true,
    recording: false,
    batteryPercent: 87,
    resolution: { width: 1920, height: 1080 },
    ...options,
  });
  const card = join(folder, 'away', 'card');
  mkdirSync(join(card, 'DCIM', '100MEDIA'), { recursive: true });
  writeFileSync(join(card, 'DCIM', '100MEDIA', 'clip.mp4'), 'clip');
  dock = new UsbDock({
    tree: usb,
    helper: usb,
    slots: parseSlotMap('slots: { 4: [platform/simulated.1/usb2/1] }', 'test'),
    table: loadRecorderTable(),
    readName: () => undefined,
    isRegistered: () => false,
    openDriver: (name, { disks }: UsbDevice): RecorderDriver | undefined => {
      const generic = disks[0]?.generic;
      if (name !== 'jieli-dv16' || generic == null) return undefined;
      const driver = new JieLiDv16((request) => usb.scsi({ ...request, generic }));
      return readClock === undefined ? driver : Object.assign(driver, { readClock });
    },
    passwords: ['000000'],
    timeZone,
    setsClock: true,
    recordClock: async (_slot, step) => {
      await sleep(20);
      steps.push({ step, toldBefore: recorder.clockTold });
    },
    timeOffsetMinutes: () => 480,
    onFinding: (slot, { code }) => told.push(`${slot} ${code}`),
    log: { info: nothing, warn: nothing, error: nothing },
    now: Date.now,
    monotonicMs: () => performance.now(),
    ...parts,
    limits: { pollMs: 5, cardWaitMs: 3000, resetMs: 100, reappearMs: 2000, retryMs: 50, ...parts.limits },
  });
  await usb.plugIn('1-1', {
    inquiry: { vendor: 'DV16', model: 'DEVICE V1.00' },
    volumes: [],
    protocol: { recorder, disk: { serial: null, volumes: [{ card }] } },
  });
}

async function opened(): Promise<DockedRecorder> {
  for (let tries = 0; tries < 2000; tries += 1) {
    const [found] = await dock.scan();
    if (found !== undefined) return found;
    await sleep(5);
  }
  throw new Error(`it did not open: ${JSON.stringify(dock.notices())}`);
}

test('the clock is set on the whole second, after the ledger was told of it, and the recorder says so', async () => {
  await plugIn({});
  const { clock, serial, findings } = await opened();
  expect(serial).toBe('DV00001');
  expect(findings).toEqual([]);
  // On a busy machine a second may be missed, and another one follows.
  const said = steps.filter(({ step: { step } }) => step !== 'not-sent');
  expect(new Set(said.slice(0, -1).map(({ step: { step }, toldBefore }) => `${step} ${toldBefore}`))).toEqual(
    new Set(['setting undefined']),
  );
  expect(said.at(-1)).toMatchObject({ step: { step: 'set' }, toldBefore: recorder.clockTold });
  const setting = clock?.setting;
  expect(setting).toMatchObject({ outcome: 'set', problem: null, local: recorder.clockTold });
  expect(setting?.toldMs).toBe(localTimeToInstant(recorder.clockTold ?? '', timeZone));
  expect((setting?.toldMs ?? 0) % 1000).toBe(0);
  // As exactly as whole seconds allow: what it was told is what the station's clock showed.
  expect(Math.abs((recorder.toldAtMs ?? 0) - (setting?.toldMs ?? 0))).toBeLessThan(slackMs);
  const last = steps.findLast(({ step: { step } }) => step === 'setting');
  expect(last?.step).toMatchObject({ serial: 'DV00001', toldMs: setting?.toldMs, reading: null });
  expect(clock?.reading).toBeNull();
});

test('a protocol that can be asked is asked before it is told', async () => {
  const hour = 3_600_000;
  let askedBefore: string | undefined = 'never';
  await plugIn(
    {},
    {
      readClock: async () => {
        askedBefore = recorder.clockTold;
        await sleep(30);
        return instantToLocalTime(Date.now() - 2 * hour, timeZone);
      },
    },
  );
  const { clock } = await opened();
  expect(askedBefore).toBeUndefined();
  const reading = clock?.reading;
  expect(reading?.tookMs).toBeGreaterThanOrEqual(29);
  const offsetMs = (reading?.recorderMs ?? 0) - (reading?.startedAtMs ?? 0);
  expect(Math.abs(offsetMs + 2 * hour)).toBeLessThan(1500);
  expect(steps[0]?.step).toMatchObject({ step: 'setting', reading });
});

test.each([
  ['says nonsense', async () => '2026-13-45T99:00:00', 'clock-unread'],
  ['does not answer', () => Promise.reject(new Error('silence')), 'clock-unread'],
])('a clock that %s is a finding, and is set all the same', async (_what, readClock, code) => {
  await plugIn({}, { readClock });
  const { clock, findings } = await opened();
  expect(findings?.map((finding) => finding.code)).toEqual([code]);
  expect(clock).toMatchObject({ reading: null, setting: { outcome: 'set' } });
});

test('a recorder that refuses the time is opened all the same; that it may be wrong is known', async () => {
  await plugIn({ refusesTime: true });
  const { clock, findings } = await opened();
  expect(clock?.setting).toMatchObject({ outcome: 'failed', problem: 'recorder-refused' });
  expect(findings?.map(({ code }) => code)).toEqual(['clock-not-set']);
  expect(steps.at(-1)?.step).toMatchObject({ step: 'set', setting: { outcome: 'failed' } });
});

test('nothing is sent that the ledger does not hold', async () => {
  await plugIn({}, { recordClock: () => Promise.reject(new Error('no space')) });
  const { clock, findings } = await opened();
  expect(recorder.clockTold).toBeUndefined();
  expect(clock?.setting).toBeNull();
  expect(findings).toEqual([{ code: 'clock-not-set', detail: 'no space' }]);
});

test('a ledger that takes longer than a second gets another second, and the recorder none that has passed', async () => {
  await plugIn(
    {},
    {
      recordClock: async (_slot, step) => {
        if (step.step === 'setting' && steps.length === 0) await sleep(1500);
        steps.push({ step, toldBefore: recorder.clockTold });
      },
    },
  );
  const { clock } = await opened();
  const said = steps.map(({ step: { step } }) => step);
  expect(said.slice(0, 3)).toEqual(['setting', 'not-sent', 'setting']);
  expect(said.at(-1)).toBe('set');
  expect(clock?.setting).toMatchObject({ outcome: 'set', problem: null });
  expect(Math.abs((recorder.toldAtMs ?? 0) - (clock?.setting?.toldMs ?? 0))).toBeLessThan(slackMs);
});

test('a station whose own clock cannot be right passes it to nobody', async () => {
  const lostMs = Date.now() - Date.parse('2000-01-01T00:00:00Z');
  await plugIn({}, { now: () => Date.now() - lostMs });
  const { findings } = await opened();
  expect(recorder.clockTold).toBeUndefined();
  expect(steps).toEqual([]);
  expect(findings?.map(({ code }) => code)).toEqual(['clock-not-set']);
});

test('configuration keeps clocks as they are', async () => {
  await plugIn({}, { setsClock: false });
  expect((await opened()).clock).toEqual({ reading: null, setting: null, findings: [], batteryPercent: 87 });
  expect(recorder.clockTold).toBeUndefined();
});

test('a visit that is begun anew does not read a clock that the one before has set', async () => {
  let readings = 0;
  const hour = 3_600_000;
  await plugIn(
    { recording: true },
    {
      readClock: async () => {
        readings += 1;
        const told = recorder.toldAtMs === undefined ? -hour : 0;
        return instantToLocalTime(Date.now() + told, timeZone);
      },
    },
  );
  for (let tries = 0; dock.notices()[0]?.problem !== 'recorder-still-recording' && tries < 1000; tries += 1) {
    await dock.scan();
    await sleep(5);
  }
  recorder.stopRecording();
  const { clock } = await opened();
  expect(readings).toBe(1);
  expect(steps.filter(({ step: { step } }) => step === 'set')).toHaveLength(1);
  expect((clock?.reading?.recorderMs ?? 0) - (clock?.reading?.startedAtMs ?? 0)).toBeLessThan(-hour + 1500);
});
