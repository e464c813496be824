/**
 * Goal: what a real kernel showed (fixtures/usb, Linux 6.1 with dummy_hcd and xHCI) is read right: disks tied to ports,
 * hubs behind hubs, both halves of a socket, interfaces with and without drivers.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { socketOf, socketText } from '../../src/dock/usb/slot-map.ts';
import { SysfsTree } from '../../src/dock/usb/sysfs-tree.ts';
import { judgeInterfaces } from '../../src/domain/recorder-recognition.ts';
import { layOutSysfs, type SysfsDump } from '../lab/usb/sysfs-dump.ts';

const fixtures = new URL('../../fixtures/usb/', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'evidock-fixtures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(name: string) {
  const root = mkdtempSync(join(folder, name));
  layOutSysfs(JSON.parse(readFileSync(join(fixtures, `${name}.json`), 'utf8')) as SysfsDump, root);
  const tree = new SysfsTree({ root });
  return { root, tree, devices: (await tree.devices()) ?? expect.fail('no USB') };
}

test('every fixture is read whole: each disk of block/ belongs to one device', async () => {
  for (const file of readdirSync(fixtures).filter((name) => name.endsWith('.json'))) {
    const name = file.slice(0, -'.json'.length);
    const { devices } = await read(name);
    const dump = JSON.parse(readFileSync(join(fixtures, file), 'utf8')) as SysfsDump;
    const disks = Object.keys(dump.links).flatMap((path) => /^block\/(sd[a-z]+)$/.exec(path)?.[1] ?? []);
    expect(devices.flatMap((device) => device.disks.map((disk) => disk.name)).sort(), name).toEqual(disks.sort());
    for (const device of devices) expect(device.controller, name).toMatch(/^(platform|pci)/);
  }
});

test('an empty socket has no device, and its two halves are one socket', async () => {
  const { root, tree, devices } = await read('empty-socket');
  expect(devices).toEqual([]);
  const bus = readdirSync(join(root, 'bus/usb/devices')).find((name) => /^usb\d+$/.test(name)) ?? '';
  const sockets = (await tree.socketsAt(`${bus.slice(3)}-1`)).map(socketText).sort();
  expect(sockets).toEqual([expect.stringMatching(/\/usb2\/1$/), expect.stringMatching(/\/usb3\/1$/)]);
});

test('recorders: with a partition table, without, with two units, and two with one serial', async () => {
  const partitioned = (await read('recorder-partitioned')).devices[0];
  expect(partitioned?.disks[0]?.partitions).toHaveLength(1);
  expect(partitioned?.disks[0]?.diskSequence).toBeGreaterThan(0);
  expect((await read('recorder-unpartitioned')).devices[0]?.disks[0]?.partitions).toEqual([]);
  const units = (await read('recorder-two-units')).devices[0]?.disks;
  expect(units?.map(({ readOnly }) => readOnly)).toEqual([true, true]);
  const same = (await read('same-serials')).devices;
  expect(same.map(({ serial }) => serial)).toEqual(['0000000', '0000000']);
  expect(new Set(same.map((device) => socketText(socketOf(device)))).size).toBe(2);
});

test('a disk with a keyboard is a composite device, and what got no driver says so', async () => {
  for (const [name, drivers] of [
    ['composite-authorised', true],
    ['composite-unauthorised', false],
  ] as const) {
    const device = (await read(name)).devices[0];
    const verdict = judgeInterfaces(device?.interfaces ?? []);
    expect(verdict.finding, name).toBe('composite-device');
    expect(
      verdict.foreign.some(({ driver }) => driver !== null),
      name,
    ).toBe(drivers);
  }
});

test('hubs behind hubs: no hub is a device, and each disk hangs at its own port', async () => {
  const { devices } = await read('hubs-behind-hubs');
  expect(devices.some(({ deviceClass }) => deviceClass === 9)).toBe(false);
  const depths = devices.filter(({ disks }) => disks.length > 0).map(({ portPath }) => portPath.split('.').length);
  expect(Math.max(...depths)).toBeGreaterThanOrEqual(3);
});
