/**
 * Goal: the bus reader understands what a real kernel showed. The trees in fixtures/usb are laid out as a folder and
 * read as /sys is; what was plugged in then is known from the scenario that dumped them.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { SysfsTree } from '../../../src/dock/usb/sysfs-tree.ts';
import { checkout, makeDiskFolder, removeFolder } from '../../support/disk-folder.ts';
import { layOutSysfs, type SysfsDump } from './sysfs-dump.ts';

const folder = makeDiskFolder();
afterAll(() => removeFolder(folder));

async function devicesOf(name: string) {
  const dump = JSON.parse(readFileSync(join(checkout, 'fixtures/usb', `${name}.json`), 'utf8')) as SysfsDump;
  const root = join(folder, name);
  layOutSysfs(dump, root);
  return (await new SysfsTree({ root }).devices()) ?? [];
}

test('a recorder has its identity, its disk, its partition and its generic node', async () => {
  const [recorder, ...more] = await devicesOf('recorder-partitioned');
  expect(more).toEqual([]);
  expect(recorder).toMatchObject({
    ...{ vendorId: 0x4255, productId: 2, serial: 'TA00716', manufacturer: 'Recorder Works', product: 'DSJ-4G' },
    ...{ controller: 'platform/dummy_hcd.0', speed: 5000, authorised: true },
    interfaces: [{ interfaceClass: 8, interfaceSubclass: 6, interfaceProtocol: 0x50, driver: 'usb-storage' }],
    disks: [{ sectors: 73_728, readOnly: false, vendor: 'DSJ', model: 'RECORDER CARD' }],
  });
  expect(recorder?.disks[0]?.partitions).toMatchObject([{ sectors: 71_680 }]);
  expect(recorder?.disks[0]?.generic).toMatch(/^sg\d+$/);
  expect(recorder?.disks[0]?.diskSequence).toBeGreaterThan(0);
});

test('a card without a partition table has a disk and no partition, two units are two disks', async () => {
  const [plain] = await devicesOf('recorder-unpartitioned');
  expect(plain?.disks).toMatchObject([{ sectors: 32_768, partitions: [] }]);
  const [two] = await devicesOf('recorder-two-units');
  expect(two?.disks.map(({ readOnly }) => readOnly)).toEqual([true, true]);
});

test('disks behind hubs belong to their own device, and the hubs are left out', async () => {
  const devices = await devicesOf('hubs-behind-hubs');
  const places = devices.map(({ portPath, serial, disks }) => [portPath.replace(/^\d+/, ''), serial, disks.length]);
  expect(places).toEqual([
    ['-1.3', 'TA00802', 1],
    ['-1.4.2', 'TA00801', 1],
    ['-2', expect.any(String), 0],
    ['-3', 'TA00803', 1],
  ]);
  expect(new Set(devices.map(({ controller }) => controller))).toEqual(new Set(['pci0000:00/0000:00:04.0']));
  const drivers = devices.flatMap(({ interfaces }) => interfaces.map(({ driver }) => driver));
  expect(drivers).toEqual(['usb-storage', 'usb-storage', 'usbhid', 'uas']);
});

test('a disk with a keyboard: without authorisation neither has a driver, with it both have', async () => {
  const interfacesOf = async (name: string) =>
    (await devicesOf(name)).flatMap(({ interfaces }) =>
      interfaces.map(({ interfaceClass, authorised, driver }) => [interfaceClass, authorised, driver]),
    );
  expect(await interfacesOf('composite-authorised')).toEqual([
    [8, true, 'usb-storage'],
    [3, true, 'usbhid'],
  ]);
  expect(await interfacesOf('composite-unauthorised')).toEqual([
    [8, false, null],
    [3, false, null],
  ]);
});

test('two recorders with one serial sit on two controllers, and an empty socket shows nothing', async () => {
  const same = await devicesOf('same-serials');
  expect(same.map(({ serial, controller }) => [serial, controller])).toEqual([
    ['0000000', 'platform/dummy_hcd.0'],
    ['0000000', 'platform/dummy_hcd.1'],
  ]);
  expect(await devicesOf('empty-socket')).toEqual([]);
});
