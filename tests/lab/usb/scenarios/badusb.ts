/**
 * A disk with a keyboard beside it: with interfaces unauthorised by default, letting the kernel have the storage
 * interface alone gives a disk and no input device. The other way round is tried too, so that the trial can fail.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Gadget } from '../gadget.ts';
import {
  attribute,
  authoriseByDefault,
  inputDevices,
  readySectors,
  type SeenDevice,
  seenSockets,
} from '../host-view.ts';
import { makeSampleCard, sampleGadget } from '../sample-recorders.ts';
import type { Lab, Scenario } from '../scenario.ts';

const devices = '/sys/bus/usb/devices';
const massStorage = '08';

export const badusb: Scenario = {
  name: 'badusb',
  goal: 'a composite disk and keyboard gives a disk and no input device when only its storage interface is authorised',
  secondsMax: 120,
  run: runBadusb,
};

async function runBadusb(lab: Lab): Promise<void> {
  const card = await makeSampleCard(lab.folder, 0);
  const before = inputDevices();
  const gadget = sampleGadget('BAD0001', card.image, { keyboard: true });
  authoriseByDefault('0');
  const device = await dockAndSee(lab, gadget);
  if (device === undefined) return;
  const interfaces = interfacesOf(device);
  lab.step(
    'both interfaces are seen, neither is authorised',
    interfaces.every(({ authorised }) => !authorised),
    {
      interfaces,
    },
  );
  await sleep(1000);
  const nothing = seenSockets().get(2)?.disks.length === 0 && newInputs(before).length === 0;
  lab.step('there is neither a disk nor an input device', nothing, { inputs: newInputs(before) });

  for (const { name } of interfaces.filter(({ interfaceClass }) => interfaceClass === massStorage)) {
    writeFileSync(`${devices}/${name}/authorized`, '1');
    writeFileSync('/sys/bus/usb/drivers_probe', name);
  }
  const disk = await lab.eventually(() => {
    const [name] = seenSockets().get(2)?.disks ?? [];
    return name !== undefined && readySectors(name) > 0 ? name : undefined;
  }, 20);
  await sleep(1000);
  lab.step('after authorising its storage interface there is a disk', disk !== undefined, { disk });
  lab.step('there is still no input device', newInputs(before).length === 0, { inputs: newInputs(before) });

  gadget.undock();
  await lab.eventually(() => (seenSockets().size === 0 ? true : undefined), 20);
  authoriseByDefault('1');
  await dockAndSee(lab, gadget);
  const keyboard = await lab.eventually(() => newInputs(before)[0], 20);
  lab.step('without that care there would be a keyboard', keyboard !== undefined, { keyboard });
  gadget.remove();
}

async function dockAndSee(lab: Lab, gadget: Gadget): Promise<SeenDevice | undefined> {
  gadget.dock(2);
  const seen = await lab.eventually(() => {
    const device = seenSockets().get(2);
    return device !== undefined && interfacesOf(device).length === 2 ? device : undefined;
  }, 20);
  lab.step('the composite device is seen', seen !== undefined, { portPath: seen?.portPath });
  return seen;
}

function interfacesOf({ portPath }: SeenDevice): { name: string; interfaceClass?: string; authorised: boolean }[] {
  return [0, 1].flatMap((number) => {
    const name = `${portPath}:1.${number}`;
    const interfaceClass = attribute(`${devices}/${name}/bInterfaceClass`);
    const authorised = attribute(`${devices}/${name}/authorized`) === '1';
    return interfaceClass === undefined ? [] : [{ name, interfaceClass, authorised }];
  });
}

function newInputs(before: readonly string[]): string[] {
  return inputDevices().filter((name) => !before.includes(name));
}
