/**
 * Real sysfs trees for the tests of the bus reader: docks what a station may meet and writes what the kernel shows to
 * results/fixtures/, a file each. `scripts/lab usb --scenario fixtures --save-fixtures` puts them into fixtures/usb.
 */
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Gadget } from '../gadget.ts';
import { authoriseByDefault, readySectors, type SeenDevice, seenDevices } from '../host-view.ts';
import { makeSampleCard, sampleGadget } from '../sample-recorders.ts';
import type { Lab, Scenario } from '../scenario.ts';
import { dumpSysfs } from '../sysfs-dump.ts';

export const fixtures: Scenario = {
  name: 'fixtures',
  goal: 'sysfs as a kernel shows it with recorders, hubs behind hubs, a keyboard, an empty bus: as files for unit tests',
  secondsMax: 180,
  machine: hubsBehindHubs,
  run: runFixtures,
};

/** QEMU's own devices: a disk behind two hubs, one behind one hub, a UAS disk and a keyboard on the controller. */
async function hubsBehindHubs(folder: string): Promise<string[]> {
  const drives = ['deep', 'near', 'uas'];
  for (const drive of drives) {
    await writeFile(join(folder, drive), '');
    await truncate(join(folder, drive), 8 * 1024 * 1024);
  }
  return [
    ...['-device', 'qemu-xhci,id=x,p2=8,p3=8'],
    ...drives.flatMap((name) => ['-drive', `if=none,id=${name},format=raw,file=${join(folder, name)}`]),
    ...['-device', 'usb-hub,bus=x.0,port=1', '-device', 'usb-hub,bus=x.0,port=1.4'],
    ...['-device', 'usb-storage,bus=x.0,port=1.4.2,drive=deep,serial=TA00801', '-device', 'usb-kbd,bus=x.0,port=2'],
    ...['-device', 'usb-storage,bus=x.0,port=1.3,drive=near,serial=TA00802'],
    ...['-device', 'usb-uas,id=u,bus=x.0,port=3,serial=TA00803', '-device', 'scsi-hd,bus=u.0,drive=uas'],
  ];
}

async function runFixtures(lab: Lab): Promise<void> {
  await mkdir(join(lab.results, 'fixtures'), { recursive: true });
  const real = await settled(lab, (device) => device.socket === undefined, 3);
  lab.step('disks behind hubs are there', real.length >= 6, { devices: real });
  await write(lab, 'hubs-behind-hubs', 'xHCI; disks behind one and two hubs, a UAS disk, a keyboard, two hubs', 'pci');
  await write(lab, 'empty-socket', 'one virtual socket with nothing in it', 'dummy_hcd.0/');

  const plain = await makeSampleCard(lab.folder, 0);
  const second = await makeSampleCard(lab.folder, 3);
  const third = await makeSampleCard(lab.folder, 1);
  await one(lab, 'recorder-partitioned', 'a recorder, one partition', sampleGadget('TA00716', plain.image));
  await one(lab, 'recorder-unpartitioned', 'no partition table', sampleGadget('TA00717', second.image));
  const disks = [plain.image, third.image].map((image) => ({ image, readOnly: true, inquiry: 'DSJ     TWO CARDS' }));
  await one(lab, 'recorder-two-units', 'two logical units, both read-only', sampleGadget('TA00718', '', { disks }), 2);
  await one(lab, 'composite-authorised', 'disk and keyboard, all authorised', bad(plain.image));
  authoriseByDefault('0');
  await one(lab, 'composite-unauthorised', 'disk and keyboard, no interface authorised', bad(plain.image), 0);
  authoriseByDefault('1');
  await sameSerials(lab, [plain.image, second.image]);
}

function bad(image: string): Gadget {
  return sampleGadget('BAD0001', image, { keyboard: true });
}

async function one(lab: Lab, name: string, about: string, gadget: Gadget, disks = 1): Promise<void> {
  gadget.dock(0);
  const seen = await settled(lab, (device) => device.socket === 0, disks);
  lab.step(`${name} is seen`, seen.flatMap((device) => device.disks).length === disks, { devices: seen });
  await write(lab, name, about, 'dummy_hcd.0/');
  await remove(lab, [gadget]);
}

async function sameSerials(lab: Lab, images: readonly string[]): Promise<void> {
  const gadgets = images.map((image) => sampleGadget('0000000', image));
  for (const [socket, gadget] of gadgets.entries()) gadget.dock(socket);
  const seen = await settled(lab, (device) => device.socket !== undefined, 2);
  lab.step('two recorders with one serial are seen', seen.length === 2, { devices: seen });
  await write(lab, 'same-serials', 'two recorders with the serial 0000000', 'dummy_hcd.[01]/');
  await remove(lab, gadgets);
}

/** Waits until the wanted devices have that many disks between them, all with a medium, and then for drivers. */
async function settled(lab: Lab, wanted: (device: SeenDevice) => boolean, disks: number): Promise<SeenDevice[]> {
  const look = (): SeenDevice[] => seenDevices().filter(wanted);
  await lab.eventually(() => {
    const devices = look();
    const ready = devices.flatMap((device) => device.disks).filter((disk) => readySectors(disk) > 0);
    return devices.length > 0 && ready.length === disks ? true : undefined;
  }, 20);
  await sleep(1500);
  return look();
}

async function write(lab: Lab, name: string, about: string, root: string): Promise<void> {
  const pattern = new RegExp(root, 'u');
  const dump = dumpSysfs('/sys', about, (path) => pattern.test(path));
  await writeFile(join(lab.results, 'fixtures', `${name}.json`), `${JSON.stringify(dump, null, 1)}\n`);
}

async function remove(lab: Lab, gadgets: readonly Gadget[]): Promise<void> {
  for (const gadget of gadgets) gadget.remove();
  await lab.eventually(() => (seenDevices().every(({ socket }) => socket === undefined) ? true : undefined), 20);
}
