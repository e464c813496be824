/**
 * What `badusb` shows of the kernel, with the daemon and its helper: a recorder that is a keyboard as well sits in slot
 * 3. Its card is taken, no input device appears, and the ledger has the finding.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inputDevices, seenSockets } from '../host-view.ts';
import { realFiles } from '../real-clips.ts';
import { changedImages, makeRecorder } from '../sample-recorders.ts';
import type { Lab } from '../scenario.ts';
import { clipLines, fileLines, type StationPlace, type StationTrial, untilState } from '../station-scenario.ts';

const serial = 'BAD0001';
const socket = 2;

export const hiddenKeyboardTrial: StationTrial = {
  name: 'hidden-keyboard',
  goal: 'the daemon takes the card of a disk with a keyboard beside it; no input device appears, and it is a finding',
  secondsMax: 900,
  sockets: 8,
  shares: true,
  run: runHiddenKeyboard,
};

async function runHiddenKeyboard(lab: Lab, place: StationPlace): Promise<void> {
  const recorder = await makeRecorder(lab.folder, { at: 200, serial, files: realFiles(serial), keyboard: true });
  const { card, gadget } = recorder;
  const before = inputs();
  gadget.dock(socket);
  const seen = new Set<string>();
  const state = await lab.eventually(() => {
    for (const one of inputs()) if (!before.includes(one)) seen.add(one);
    const shown = place.daemon.wall.card(socket + 1)?.state ?? '';
    return ['done', 'attention', 'failed'].includes(shown) ? shown : undefined;
  }, 240);
  lab.step('the card is taken', state === 'done', { state });
  const device = seenSockets().get(socket);
  lab.step('the device is still there, with its disk', (device?.disks.length ?? 0) > 0, { device });
  await sleep(2000);
  for (const one of inputs()) if (!before.includes(one)) seen.add(one);
  lab.step('no input device appeared, at no time', seen.size === 0, { seen: [...seen], before });

  const sealed = clipLines(place.ledger);
  const missing = fileLines(serial, card.files).filter((line) => !sealed.includes(line));
  lab.step('its clips are sealed with their digests', missing.length === 0, { missing });
  const docking = place.ledger.dockings.findLast(({ slot }) => slot === String(socket + 1));
  lab.step('its docking has the finding', docking?.findings.includes('composite-device') === true, {
    findings: docking?.findings,
  });
  const changed = await changedImages([recorder]);
  lab.step('the image has not changed', changed.length === 0, { changed });
  await untilState(lab, place, { slot: socket + 1, states: ['empty'], secondsMax: 60 });
}

/** By sysfs and by the kernel's own list, which has names. */
function inputs(): string[] {
  const named = readFileSync('/proc/bus/input/devices', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('N: '));
  return [...inputDevices(), ...named];
}
