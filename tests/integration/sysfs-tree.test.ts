/**
 * Goal: the kernel's USB tree is read as it is: dummy_hcd and PCI paths, hubs behind hubs, both halves of a USB 3
 * socket, disks by the nearest port, files that vanish, hostile strings, and a machine without any USB.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  loadSlotMap,
  parseSlotMap,
  parseSocket,
  SlotMap,
  saveSlotMap,
  socketOf,
  socketText,
} from '../../src/dock/usb/slot-map.ts';
import { SysfsTree } from '../../src/dock/usb/sysfs-tree.ts';
import { usbHints } from '../../src/dock/usb/usb-hints.ts';
import { deviceAttributes, SysfsFolder, storageInterface } from '../support/sysfs-folder.ts';

let folder: string;
let sysfs: SysfsFolder;
let tree: SysfsTree;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evidock-sysfs-'));
  sysfs = new SysfsFolder(join(folder, 'sys'));
  tree = new SysfsTree({ root: sysfs.root });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pci = 'pci0000:00/0000:00:14.0';

describe('devices', () => {
  test('a recorder on dummy_hcd: strings, interfaces, disk and partitions', async () => {
    sysfs.addBus(2, 'platform/dummy_hcd.0', 5000);
    sysfs.add({
      portPath: '2-1',
      attributes: deviceAttributes({ speed: '5000', serial: 'TA00716', product: 'DSJ 执法仪', manufacturer: 'ACME' }),
      interfaces: [storageInterface, { cls: '03', sub: '01', protocol: '01', authorized: '0' }],
      disks: [
        {
          name: 'sda',
          size: 131072,
          diskseq: 9,
          ro: '1',
          vendor: 'DV16    ',
          model: 'DEVICE V1.00    ',
          sg: 'sg0',
          partitions: [
            [10, 2048],
            [2, 4096],
          ],
        },
      ],
    });
    expect(await tree.devices()).toEqual([
      {
        portPath: '2-1',
        controller: 'platform/dummy_hcd.0',
        busNumber: 2,
        deviceNumber: 3,
        vendorId: 0x0781,
        productId: 0x5567,
        deviceClass: 0,
        serial: 'TA00716',
        manufacturer: 'ACME',
        product: 'DSJ 执法仪',
        speed: 5000,
        authorised: true,
        interfaces: [
          {
            name: '2-1:1.0',
            interfaceClass: 8,
            interfaceSubclass: 6,
            interfaceProtocol: 0x50,
            authorised: true,
            driver: 'usb-storage',
          },
          {
            name: '2-1:1.1',
            interfaceClass: 3,
            interfaceSubclass: 1,
            interfaceProtocol: 1,
            authorised: false,
            driver: null,
          },
        ],
        disks: [
          {
            name: 'sda',
            sectors: 131072,
            diskSequence: 9,
            readOnly: true,
            vendor: 'DV16',
            model: 'DEVICE V1.00',
            generic: 'sg0',
            partitions: [
              { name: 'sda2', sectors: 4096 },
              { name: 'sda10', sectors: 2048 },
            ],
          },
        ],
      },
    ]);
  });

  test('hubs are left out; what hangs behind two of them is found, its disk belongs to it and not to a neighbour', async () => {
    sysfs.addBus(1, pci, 480);
    for (const portPath of ['1-2', '1-2.10'])
      sysfs.add({ portPath, attributes: deviceAttributes({ bDeviceClass: '09' }) });
    sysfs.add({ portPath: '1-2.9', attributes: deviceAttributes(), interfaces: [storageInterface] });
    const disks = [{ name: 'sdaa', size: 0 }];
    sysfs.add({ portPath: '1-2.10.1', attributes: deviceAttributes(), interfaces: [storageInterface], disks });
    const devices = await tree.devices();
    expect(devices?.map(({ portPath, controller }) => [portPath, controller])).toEqual([
      ['1-2.9', pci],
      ['1-2.10.1', pci],
    ]);
    expect(devices?.[0]?.disks).toEqual([]);
    expect(devices?.[1]?.disks[0]).toMatchObject({ name: 'sdaa', sectors: 0, diskSequence: null, generic: null });
  });

  test('a device whose files vanish while it is read is left out, and its neighbour is not', async () => {
    sysfs.addBus(1, pci, 480);
    for (const portPath of ['1-1', '1-2', '1-3'])
      sysfs.add({ portPath, attributes: deviceAttributes({ devnum: portPath[2] ?? '' }) });
    rmSync(join(sysfs.root, 'devices', pci, 'usb1/1-2/idVendor'));
    rmSync(join(sysfs.root, 'devices', pci, 'usb1/1-3'), { recursive: true });
    expect((await tree.devices())?.map(({ portPath }) => portPath)).toEqual(['1-1']);
  });

  test('another recorder on the same port is not taken for the one before, whatever the port and its number say', async () => {
    sysfs.addBus(1, pci, 480);
    const seen: unknown[] = [];
    for (const serial of ['TA00001', 'TA00002']) {
      const disks = [{ name: 'sda', size: 8, diskseq: seen.length + 1 }];
      sysfs.add({ portPath: '1-1', attributes: deviceAttributes({ serial }), interfaces: [storageInterface], disks });
      const [device] = (await tree.devices()) ?? [];
      seen.push([device?.serial, device?.disks[0]?.diskSequence]);
      sysfs.remove('1-1');
      expect(await tree.devices()).toEqual([]);
    }
    expect(seen).toEqual([
      ['TA00001', 1],
      ['TA00002', 2],
    ]);
  });

  test('a stick with a disk that is not on USB, and other strange names, are nobody', async () => {
    sysfs.addBus(1, pci, 480);
    writeFileSync(join(sysfs.root, 'block', 'sdz'), 'no folder');
    writeFileSync(join(sysfs.root, 'bus/usb/devices', '1-1; rm'), '');
    expect(await tree.devices()).toEqual([]);
  });

  test('strings are bounded, and control characters and direction marks do not get through', async () => {
    sysfs.addBus(1, pci, 480);
    const attributes = deviceAttributes({
      serial: 'TA\u001b[2J\u202e\ud800',
      product: 'x'.repeat(5000),
      manufacturer: '  ',
    });
    sysfs.add({ portPath: '1-1', attributes });
    const [device] = (await tree.devices()) ?? [];
    expect(device?.serial).toMatch(/^TA\ufffd\[2J\ufffd+$/);
    expect(device?.product).toHaveLength(128);
    expect(device?.manufacturer).toBeNull();
  });

  test('a machine without USB is undefined, and so is one without sysfs', async () => {
    expect(await new SysfsTree({ root: join(folder, 'nowhere') }).devices()).toBeUndefined();
    expect(await new SysfsTree({ root: join(folder, 'nowhere') }).socketsAt('1-1')).toEqual([]);
  });
});

describe('sockets', () => {
  test('an empty port has a socket, and both halves of a USB 3 socket are found from either', async () => {
    sysfs.addBus(1, pci, 480);
    sysfs.addBus(2, pci, 5000);
    sysfs.add({ portPath: '1-4', attributes: deviceAttributes({ bDeviceClass: '09' }) });
    sysfs.add({ portPath: '2-2', attributes: deviceAttributes({ bDeviceClass: '09', speed: '5000' }) });
    sysfs.pairPorts('1-3', '2-1');
    sysfs.pairPorts('1-4.2', '2-2.2');
    const text = async (portPath: string) => (await tree.socketsAt(portPath)).map(socketText);
    expect(await text('1-3')).toEqual([`${pci}/usb2/3`, `${pci}/usb3/1`]);
    expect(await text('2-1')).toEqual([`${pci}/usb3/1`, `${pci}/usb2/3`]);
    expect(await text('2-2.2')).toEqual([`${pci}/usb3/2.2`, `${pci}/usb2/4.2`]);
    expect(await text('1-9')).toEqual([`${pci}/usb2/9`]);
    for (const wrong of ['3-1', '1-', '1-1:1.0', '../1-1', '']) expect(await text(wrong)).toEqual([]);
  });

  test('the same ports on the two sides of a controller are two sockets; a bus number is none', () => {
    const at = (portPath: string, speed: number | null) => socketText(socketOf({ controller: pci, portPath, speed }));
    expect(at('1-2', 480)).not.toBe(at('2-2', 5000));
    expect(at('1-2', 480)).toBe(at('7-2', 12));
    expect(at('1-2', null)).toBe(at('1-2', 480));
    expect(parseSocket(at('1-2.3', 10000))).toEqual({ controller: pci, side: 'usb3', ports: '2.3' });
    for (const wrong of ['', '1-2', '/usb2/1', 'a/usb4/1', 'a/usb2/', 'a b/usb2/1'])
      expect(parseSocket(wrong)).toBeUndefined();
  });
});

describe('the map of slots', () => {
  const socket = (text: string) => parseSocket(text) ?? expect.fail(text);

  test('what is saved is read back, ordered by slot', async () => {
    const map = new SlotMap().with(10, [socket('a/usb2/1')]).with(2, [socket('a/usb2/2'), socket('a/usb3/2')]);
    await saveSlotMap(folder, map);
    const again = await loadSlotMap(folder);
    expect(again.slots).toEqual([2, 10]);
    expect(again.slotOf(socket('a/usb3/2'))).toBe(2);
    expect(again.slotOf(socket('a/usb3/1'))).toBeUndefined();
    expect(readFileSync(join(folder, 'dock-slots.yaml'), 'utf8')).toContain(
      '  2:\n    - "a/usb2/2"\n    - "a/usb3/2"\n',
    );
    await saveSlotMap(folder, again.without(2).without(10));
    expect((await loadSlotMap(folder)).isCalibrated).toBe(false);
    expect(readdirSync(folder).filter((name) => name.startsWith('dock-slots'))).toEqual(['dock-slots.yaml']);
  });

  test('a socket belongs to one slot: told again it moves, and a slot learns its second path', () => {
    const map = new SlotMap()
      .with(1, [socket('a/usb2/1')])
      .with(2, [socket('a/usb2/2')])
      .with(1, [socket('a/usb3/1')]);
    expect(map.sockets.get(1)?.map(socketText)).toEqual(['a/usb2/1', 'a/usb3/1']);
    const moved = map.with(2, [socket('a/usb3/1')]);
    expect(moved.sockets.get(1)?.map(socketText)).toEqual(['a/usb2/1']);
    expect(moved.slotOf(socket('a/usb3/1'))).toBe(2);
    expect(moved.with(2, [socket('a/usb2/1')]).slots).toEqual([2]);
  });

  test('nobody has calibrated: an empty map; a file with mistakes is refused whole', async () => {
    expect((await loadSlotMap(join(folder, 'none'))).isCalibrated).toBe(false);
    for (const text of [
      '',
      'slots: [1]',
      'slots: { 0: [a/usb2/1] }',
      'slots: { x: [a/usb2/1] }',
      'slots: { 1: [] }',
      'slots: { 1: a/usb2/1 }',
      'slots: { 1: [nonsense] }',
      'slots: { 1: [a/usb2/1], 2: [a/usb2/1] }',
      'slots: {',
    ]) {
      expect(() => parseSlotMap(text, 'f'), text).toThrow(expect.objectContaining({ code: 'dock-slots-invalid' }));
    }
  });
});

describe('hints', () => {
  const nothing = (): void => undefined;
  const log = { info: nothing, warn: nothing, error: nothing };

  test('are asked for safely first, told to each listener, and stopped one by one', async () => {
    const target = new EventTarget();
    const usb = {
      getDevices: async () => [],
      addEventListener: (type: string, listener: () => void) => target.addEventListener(type, listener),
      removeEventListener: (type: string, listener: () => void) => target.removeEventListener(type, listener),
    };
    const heard = { a: 0, b: 0, c: 0 };
    const hints = usbHints(log, async () => usb);
    const stops = [hints(() => (heard.a += 1)), hints(() => (heard.b += 1)), hints(() => (heard.c += 1))];
    stops[2]?.();
    await new Promise((resolve) => setTimeout(resolve, 10));
    target.dispatchEvent(new Event('connect'));
    stops[0]?.();
    target.dispatchEvent(new Event('disconnect'));
    expect(heard).toEqual({ a: 1, b: 2, c: 0 });
    stops[1]?.();
    target.dispatchEvent(new Event('connect'));
    expect(heard).toEqual({ a: 1, b: 2, c: 0 });
  });

  test('a machine without USB costs nothing but the hints: the real package, asked on this machine', async () => {
    const stop = usbHints(log)(nothing);
    await new Promise((resolve) => setTimeout(resolve, 300));
    stop();
    stop();
  });
});
