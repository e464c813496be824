/**
 * Goal: the USB dock opens recorders in its own sockets and nothing else: every device is judged before it is touched,
 * read-only before it is mounted, the same before and after it was looked at, and let go whatever happens; two
 * recorders never become one.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { buildNameTable } from '../../src/config/name-table.ts';
import { loadRecorderTable } from '../../src/config/recorder-table.ts';
import { helperSource } from '../../src/dock/usb/card-reader/fallback-card-reader.ts';
import type { DockHelper, UsbTree } from '../../src/dock/usb/ports.ts';
import type { RecorderDriver } from '../../src/dock/usb/recorder-driver.ts';
import { parseSlotMap } from '../../src/dock/usb/slot-map.ts';
import { UsbDock, type UsbDockParts } from '../../src/dock/usb/usb-dock.ts';
import { readClipName } from '../../src/domain/clip-names.ts';
import type { DockedRecorder } from '../../src/domain/dock.ts';
import { StationError } from '../../src/domain/errors.ts';
import { readablePath } from '../../src/domain/readable-path.ts';
import { SimulatedUsb, type SimulatedUsbDevice } from '../../src/simulator/simulated-usb.ts';
import { makeExfatImage } from '../support/exfat-writer.ts';

const names = buildNameTable(parseConfiguration('', 'test').names);
const slots = parseSlotMap(
  'slots: { 1: [platform/simulated.1/usb2/1], 2: [platform/simulated.1/usb2/2.1], 3: [platform/simulated.1/usb2/3, platform/simulated.2/usb2/3] }',
  'test',
);
const nothing = (): void => undefined;

let folder: string;
let usb: SimulatedUsb;
let dock: UsbDock;
let told: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidock-usb-'));
  usb = new SimulatedUsb(join(folder, 'usb'));
  told = [];
  dock = make({});
});
afterEach(async () => {
  await dock.stop();
  expect(usb.mounts).toEqual([]);
  expect(usb.listeners).toBe(0);
  rmSync(folder, { recursive: true, force: true });
});

function make(changes: Partial<UsbDockParts>): UsbDock {
  return new UsbDock({
    // Here the compiler checks that the simulation fits both ports.
    tree: usb satisfies UsbTree,
    helper: usb satisfies DockHelper,
    slots,
    table: loadRecorderTable(),
    readName: (path) => readClipName(path, names),
    isRegistered: () => false,
    openDriver: () => undefined,
    passwords: [],
    timeZone: 'Asia/Shanghai',
    setsClock: true,
    recordClock: async () => undefined,
    timeOffsetMinutes: () => 480,
    onFinding: (slot, { code }) => told.push(`${slot} ${code}`),
    log: { info: nothing, warn: nothing, error: nothing },
    now: Date.now,
    monotonicMs: () => performance.now(),
    ...changes,
    limits: { pollMs: 5, cardWaitMs: 200, resetMs: 100, reappearMs: 400, retryMs: 50, ...changes.limits },
  });
}

/** A card with these files; the folder it comes from. */
function card(name: string, files: readonly string[] = ['DCIM/100MEDIA/clip.mp4']): string {
  const root = join(folder, 'away', name);
  mkdirSync(root, { recursive: true });
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), `${name} ${file}`);
  }
  return root;
}
const recorder = (name: string, changes: Partial<SimulatedUsbDevice> = {}): SimulatedUsbDevice => ({
  serial: name,
  volumes: [{ card: card(name) }],
  ...changes,
});

async function until<T>(look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 500; tries += 1) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(5);
  }
  throw new Error(`it did not come: ${JSON.stringify(dock.notices())}`);
}
const docked = (count = 1): Promise<readonly DockedRecorder[]> =>
  until(async () => {
    const recorders = await dock.scan();
    return recorders.length === count ? recorders : undefined;
  });
const problemOf = (slot: string): Promise<string> =>
  until(async () => {
    await dock.scan();
    return dock.notices().find((notice) => notice.slot === slot)?.problem ?? undefined;
  });

test('a recorder is authorised, set read-only, mounted, recognised; everything goes again', async () => {
  await usb.plugIn('1-2.1', recorder('TA00716'));
  const [found] = await docked();
  expect(found).toMatchObject({
    kind: 'usb',
    slot: '2',
    serial: 'TA00716',
    recorderBasis: 'usb',
    isSerialShared: false,
  });
  expect(found?.findings).toEqual([]);
  expect(found?.volumes?.[0]).toMatchObject({ fileSystem: 'vfat', options: 'ro,time_offset=480' });
  const verbs = usb.calls.map((call) => call.split(' ')[0]);
  expect(verbs).toEqual(['authorise', 'setReadOnly', 'identify', 'mount']);
  expect(dock.slots).toEqual(['1', '2', '3']);
  if (found !== undefined) await dock.release(found);
  expect(usb.mounts).toEqual([]);
  expect(await dock.scan()).toEqual([found]);
});

test('a slot never looks empty while its recorder is opened, nor between that and the scan that tells of it', async () => {
  await usb.plugIn('1-1', recorder('TA00716'));
  await dock.scan();
  // Nobody scans meanwhile; it is open some time after it was mounted.
  for (let looks = 0; looks < 60; looks += 1) {
    expect(dock.notices()).toEqual([{ slot: '1', problem: null, sinceMs: expect.any(Number) }]);
    await sleep(5);
  }
  expect(usb.mounts).toHaveLength(1);
  expect(await dock.scan()).toMatchObject([{ slot: '1', serial: 'TA00716' }]);
  expect(dock.notices()).toEqual([]);
});

test('outside of the calibrated sockets nothing is touched: not the disk of the station, not what hangs behind a hub', async () => {
  for (const portPath of ['1-2', '1-1.1', '1-9', '9-1']) await usb.plugIn(portPath, recorder(`R${portPath}`));
  await dock.scan();
  await sleep(50);
  expect(await dock.scan()).toEqual([]);
  expect(dock.notices()).toEqual([]);
  expect(usb.calls).toEqual([]);
});

test('an uncalibrated dock says so; a machine without USB is an empty dock', async () => {
  const uncalibrated = make({ slots: parseSlotMap('slots: {}', 'test') });
  await expect(uncalibrated.scan()).rejects.toThrow(expect.objectContaining({ code: 'dock-not-calibrated' }));
  await uncalibrated.stop();
  usb.hasUsb = false;
  expect(await dock.scan()).toEqual([]);
});

test('a keyboard is refused and told once; beside storage the disk is taken and the keyboard never allowed', async () => {
  await usb.plugIn('1-1', { interfaceClasses: [0x03], volumes: [] });
  await usb.plugIn('1-3', recorder('TA00716', { interfaceClasses: [0x08, 0x03] }));
  const [found] = await docked();
  expect(found?.findings).toEqual([{ code: 'composite-device', detail: expect.stringContaining('class 3') }]);
  expect(await problemOf('1')).toBe('not-a-recorder');
  await sleep(150);
  await dock.scan();
  expect(told).toEqual(['1 not-a-recorder']);
  expect(usb.calls.filter((call) => call.startsWith('authorise'))).toEqual(['authorise 1-3:1.0']);
});

test('what is no recorder is let go and shown as unknown; a vendor device without a driver as well', async () => {
  await usb.plugIn('1-1', recorder('STICK01', { volumes: [{ card: card('stick', ['Documents/a.pdf']) }] }));
  await usb.plugIn('1-3', { vendorId: 0x4255, productId: 1, interfaceClasses: [0xff], volumes: [] });
  expect(await problemOf('1')).toBe('recorder-unknown');
  expect(await problemOf('3')).toBe('driver-missing');
  expect(usb.mounts).toEqual([]);
  const mounted = usb.calls.filter((call) => call.startsWith('mount')).length;
  await sleep(200);
  await dock.scan();
  expect(usb.calls.filter((call) => call.startsWith('mount'))).toHaveLength(mounted);
});

test('an empty card of a recorder that is registered is taken', async () => {
  dock = make({ isRegistered: (serial) => serial === 'TA00716' });
  await usb.plugIn('1-1', recorder('TA00716', { volumes: [{ card: card('empty', []) }] }));
  expect((await docked())[0]).toMatchObject({ serial: 'TA00716' });
});

test('serials: identity file, label, names; a symbolic link as identity file is not followed', async () => {
  const bound = card('bound', ['DCIM/a.mp4']);
  writeFileSync(join(bound, 'Station_Bind.ini'), '[bind]\r\nrecorder_serial = TA00001\r\nuser_name=x\r\n');
  writeFileSync(join(folder, 'secret'), 'recorder_serial=SECRET1');
  const linked = card('linked', ['DCIM/a.mp4']);
  symlinkSync(join(folder, 'secret'), join(linked, 'station_bind.ini'));
  await usb.plugIn('1-1', { volumes: [{ card: bound, label: 'TA00002' }] });
  await usb.plugIn('1-2.1', { volumes: [{ card: linked, label: 'TA00003' }] });
  await usb.plugIn('1-3', { volumes: [{ card: card('named', ['DCIM/TA00716_JX0227_20170623093621.MOV']) }] });
  const found = await docked(3);
  expect(found.map(({ serial, recorderBasis }) => `${serial} ${recorderBasis}`).sort()).toEqual([
    'TA00001 identity-file',
    'TA00003 label',
    'TA00716 names',
  ]);
});

test('two recorders that show zeros, and two that show one serial, are kept apart and are a finding', async () => {
  await usb.plugIn('1-1', recorder('zero1', { serial: '0000000' }));
  await usb.plugIn('1-2.1', recorder('zero2', { serial: '0000000' }));
  const zeros = await docked(2);
  expect(zeros.map(({ serial, isSerialShared }) => [serial, isSerialShared])).toEqual([
    ['0000000', true],
    ['0000000', true],
  ]);
  expect(zeros.flatMap(({ findings }) => findings?.map(({ code }) => code) ?? [])).toEqual(['duplicate-serial']);
  await usb.takeOut('1-1');
  await usb.takeOut('1-2.1');
  await docked(0);
  await usb.plugIn('1-1', recorder('TA00716'));
  await docked();
  await usb.plugIn('1-3', recorder('copy', { serial: 'TA00716' }));
  const twins = await docked(2);
  expect(twins.map(({ isSerialShared }) => isSerialShared)).toEqual([false, true]);
  expect(twins[1]?.findings?.[0]).toMatchObject({
    code: 'duplicate-serial',
    detail: 'TA00716 in slots 1 and 3 at once',
  });
});

test('several partitions are several volumes; one that nobody knows is a finding', async () => {
  const volumes = [{ card: card('p1') }, {}, { card: card('p3', ['police/video/x.mp4']) }];
  await usb.plugIn('1-1', recorder('TA00716', { volumes }));
  const [found] = await docked();
  expect(found?.moreRoots).toHaveLength(1);
  expect(readdirSync(Buffer.from(found?.moreRoots?.[0] ?? []))).toEqual(['police']);
  expect(found?.findings).toEqual([
    { code: 'volume-unreadable', detail: expect.stringContaining('partitions 2 of 3') },
  ]);
});

test('no card, a card nobody knows, and a helper that fails are said, tried again some times, and given up', async () => {
  await usb.plugIn('1-1', { serial: 'TA00001', volumes: [] });
  await usb.plugIn('1-2.1', { serial: 'TA00002', volumes: [{}] });
  for (let tries = 0; tries < 20; tries += 1) usb.fail('mount', 'helper-failed');
  await usb.plugIn('1-3', recorder('TA00003'));
  expect(await problemOf('1')).toBe('card-missing');
  expect(await problemOf('2')).toBe('card-unreadable');
  expect(await problemOf('3')).toBe('helper-failed');
  for (let scans = 0; scans < 100; scans += 1) {
    await dock.scan();
    await sleep(10);
  }
  expect(usb.calls.filter((call) => call.startsWith('mount'))).toHaveLength(4);
  expect(dock.notices().find(({ slot }) => slot === '3')?.problem).toBe('helper-failed');
});

test('a helper that fails once does not cost the docking', async () => {
  usb.fail('setReadOnly', 'helper-failed');
  await usb.plugIn('1-1', recorder('TA00716'));
  expect(await problemOf('1')).toBe('helper-failed');
  expect(await docked()).toHaveLength(1);
});

test('a card that the kernel did not set read-only is never mounted', async () => {
  dock = make({
    helper: {
      setReadOnly: async () => undefined,
      setWritable: (device) => usb.setWritable(device),
      identify: (device) => usb.identify(device),
      mount: (request) => usb.mount(request),
      unmount: (path) => usb.unmount(path),
      authorise: (name) => usb.authorise(name),
      scsi: (request) => usb.scsi(request),
      readDevice: (request) => usb.readDevice(request),
      leftMounts: () => usb.leftMounts(),
      close: () => usb.close(),
    },
  });
  await usb.plugIn('1-1', recorder('TA00716'));
  expect(await problemOf('1')).toBe('card-not-read-only');
  expect(usb.calls.some((call) => call.startsWith('mount'))).toBe(false);
});

test('pulled out at any moment of being opened: nothing stays mounted, and the next one is opened', async () => {
  for (let delay = 0; delay < 25; delay += 1) {
    await usb.plugIn('1-1', recorder(`TA${String(delay).padStart(5, '0')}`));
    await dock.scan();
    await sleep(delay);
    await usb.takeOut('1-1');
    const seen = await dock.scan();
    for (const one of seen) await dock.release(one);
    await until(async () => {
      for (const one of await dock.scan()) await dock.release(one);
      return usb.mounts.length === 0 && dock.notices().length === 0 ? true : undefined;
    });
  }
  await usb.plugIn('1-1', recorder('LAST001'));
  expect((await docked())[0]?.serial).toBe('LAST001');
});

test('swapped between two scans: the new one is another visit, the old one is let go when it is released', async () => {
  await usb.plugIn('1-1', recorder('TA00001'));
  const [first] = await docked();
  await usb.takeOut('1-1');
  await usb.plugIn('1-1', recorder('TA00002'));
  expect(await dock.scan()).toEqual([]);
  const [second] = await docked();
  expect(second).toMatchObject({ serial: 'TA00002' });
  expect(second?.generation).not.toBe(first?.generation);
  expect(usb.mounts).toHaveLength(2);
  if (first !== undefined) await dock.release(first);
  expect(usb.mounts).toHaveLength(1);
  expect(
    readFileSync(Buffer.concat([Buffer.from(second?.root ?? []), Buffer.from('/DCIM/100MEDIA/clip.mp4')]), 'utf8'),
  ).toContain('TA00002');
});

test('a volume that cannot be let go is told to whoever releases it, and can be released again', async () => {
  await usb.plugIn('1-1', recorder('TA00716'));
  const [found] = await docked();
  if (found === undefined) throw new Error('nobody');
  usb.fail('unmount', 'helper-failed');
  await expect(dock.release(found)).rejects.toThrow(expect.objectContaining({ code: 'helper-failed' }));
  expect(usb.mounts).toHaveLength(1);
  await dock.release(found);
  expect(usb.mounts).toEqual([]);
});

test('what an earlier daemon left mounted is let go before anything is opened', async () => {
  await usb.plugIn('1-1', recorder('TA00716'));
  await docked();
  // A daemon that died: nobody unmounts.
  const next = make({});
  await next.scan();
  expect(usb.calls.findLastIndex((call) => call.startsWith('unmount'))).toBeGreaterThan(0);
  await next.stop();
});

test('a recorder with a protocol: identified, unlocked, comes back as a disk, and is the same visit', async () => {
  const asked: string[] = [];
  const driver: Pick<RecorderDriver, 'identify' | 'unlock' | 'enterDiskMode'> = {
    identify: async () => {
      asked.push('identify');
      return { idCode: 'X', serial: 'DV00001', officer: null, officerName: null, unitCode: null, unitName: null };
    },
    unlock: async (passwords) => {
      asked.push(`unlock ${passwords.length}`);
    },
    enterDiskMode: async () => {
      asked.push('disk mode');
      await usb.takeOut('1-1');
      setTimeout(() => void usb.plugIn('1-1', recorder('plain')), 200);
    },
  };
  dock = make({
    passwords: ['000000'],
    openDriver: (name) => (name === 'jieli-dv16' ? (driver as RecorderDriver) : undefined),
  });
  await usb.plugIn('1-1', { inquiry: { vendor: 'DV16', model: 'DEVICE V1.00' }, volumes: [] });
  const states = new Set<string>();
  const [found] = await until(async () => {
    const recorders = await dock.scan();
    states.add(JSON.stringify(dock.notices().map(({ problem }) => problem)));
    return recorders.length === 1 ? recorders : undefined;
  });
  expect(asked).toEqual(['identify', 'unlock 1', 'disk mode']);
  expect(found).toMatchObject({ serial: 'DV00001', recorderBasis: 'protocol' });
  expect([...states]).toEqual(['[null]', '[]']);
});

test('a wrong password is tried once for each plug, however long the recorder stays', async () => {
  let tries = 0;
  const identity = { idCode: 'X', serial: 'DV00001', officer: null, officerName: null, unitCode: null, unitName: null };
  const unlock = async () => {
    tries += 1;
    throw new StationError('recorder-password-wrong', 'another one');
  };
  const driver = { identify: async () => identity, unlock };
  dock = make({
    passwords: ['000000'],
    openDriver: (name) => (name === 'jieli-dv16' ? (driver as unknown as RecorderDriver) : undefined),
  });
  const plugIn = () => usb.plugIn('1-1', { inquiry: { vendor: 'DV16', model: 'DEVICE V1.00' }, volumes: [] });
  await plugIn();
  expect(await problemOf('1')).toBe('recorder-password-wrong');
  for (let scans = 0; scans < 30; scans += 1) {
    await dock.scan();
    await sleep(10);
  }
  expect(tries).toBe(1);
  await usb.takeOut('1-1');
  await until(async () => {
    await dock.scan();
    return dock.notices().length === 0 || undefined;
  });
  await plugIn();
  expect(await problemOf('1')).toBe('recorder-password-wrong');
  expect(tries).toBe(2);
});

test('what the protocol said of one recorder is not believed of the next in the slot', async () => {
  const identify = async () => {
    await usb.takeOut('1-1');
    await usb.plugIn('1-1', recorder('TA00716'));
    return { idCode: 'X', serial: 'DV00001', officer: null, officerName: null, unitCode: null, unitName: null };
  };
  const driver = { identify, unlock: async () => undefined, enterDiskMode: () => Promise.reject(new Error('gone')) };
  dock = make({ openDriver: (name) => (name === 'jieli-dv16' ? (driver as unknown as RecorderDriver) : undefined) });
  await usb.plugIn('1-1', { inquiry: { vendor: 'DV16', model: 'DEVICE V1.00' }, volumes: [] });
  expect((await docked())[0]).toMatchObject({ serial: 'TA00716', recorderBasis: 'usb' });
});

test('200 visits leave no mount, listener or visit behind', async () => {
  const device = recorder('TA00716');
  for (let visit = 0; visit < 200; visit += 1) {
    await usb.plugIn('1-1', device);
    const [found] = await docked();
    if (found !== undefined && visit % 2 === 0) await dock.release(found);
    await usb.takeOut('1-1');
    await docked(0);
    if (found !== undefined && visit % 2 === 1) await dock.release(found);
  }
  expect(usb.mounts).toEqual([]);
  expect(dock.notices()).toEqual([]);
});

test('a card whose root the kernel cannot list is recognised by its raw bytes, and each volume has its raw reader', async () => {
  const image = join(folder, 'card.img');
  const clip = { name: 'TA00716_JX0227_20260804100000.MOV', content: Buffer.from('clip') };
  makeExfatImage(image, [{ name: 'a/b.mp4' }, { name: 'DCIM', files: [{ name: '100MEDIA', files: [clip] }] }]);
  // What is no folder fails to be listed, as a root with a hostile name does.
  const root = join(folder, 'root');
  writeFileSync(root, '');
  const volumes = [
    { card: root, image, fileSystem: 'exfat' as const },
    { card: card('second'), fileSystem: 'ext4' as const },
  ];
  await usb.plugIn('1-1', { serial: null, volumes });
  const [found] = await docked();
  expect(found).toMatchObject({ serial: 'TA00716', recorderBasis: 'names' });
  expect(found?.cardReaders?.map((reader) => reader === undefined)).toEqual([false, true]);
  const limits = { maxFiles: 100, maxDepth: 8 };
  const entries = (await found?.cardReaders?.[0]?.list(limits, new AbortController().signal)) ?? [];
  expect(entries.map(({ path }) => readablePath(path))).toContain('a\\xff002fb.mp4');
  // The helper's word for a card that is gone is the reader's as well.
  usb.fail('readDevice', 'helper-failed');
  await expect(found?.cardReaders?.[0]?.list(limits, new AbortController().signal)).rejects.toMatchObject({
    code: 'helper-failed',
  });
  await usb.takeOut('1-1');
});

test('what the helper says of a raw read is told apart: gone, a bad sector, anything else', async () => {
  const saying = (code: string) => ({
    readDevice: () =>
      Promise.reject(new StationError('helper-failed', code, { cause: Object.assign(new Error(), { code }) })),
  });
  for (const [said, code] of [
    ['device-gone', 'card-gone'],
    ['device-changed', 'card-gone'],
    ['device-failed', 'card-read-error'],
    ['busy', 'helper-failed'],
  ] as const) {
    await expect(helperSource(saying(said), 'sda')(0, 4096)).rejects.toMatchObject({ code });
  }
});
