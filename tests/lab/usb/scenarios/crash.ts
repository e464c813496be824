/**
 * The daemon dies from one moment to the next while cards are mounted and being read, first alone, then together with
 * its helper. The next start lets every mount go, ends the open dockings and goes on; at the end all is sealed once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { changedImages, makeRecorder, type SampleRecorder, sampleFiles, serialOf } from '../sample-recorders.ts';
import type { Lab } from '../scenario.ts';
import {
  cardMounts,
  comparedClips,
  fileLines,
  type StationPlace,
  type StationTrial,
  settledStates,
  slotOf,
} from '../station-scenario.ts';

const count = 3;
const bytesEach = 3_000_000;

export const crashTrial: StationTrial = {
  name: 'crash',
  goal: 'after kill -9 with cards mounted the next start lets them go, ends what was open and takes everything once',
  secondsMax: 1800,
  sockets: 8,
  shares: true,
  run: runCrash,
};

async function runCrash(lab: Lab, place: StationPlace): Promise<void> {
  const recorders: SampleRecorder[] = [];
  for (let at = 300; at < 300 + count; at += 1) {
    const serial = serialOf(at);
    recorders.push(await makeRecorder(lab.folder, { at, serial, files: sampleFiles(serial, bytesEach) }));
  }
  for (const [socket, { gadget }] of recorders.entries()) gadget.dock(socket);
  for (const helper of [false, true]) {
    const how = helper ? 'the daemon with its helper' : 'the daemon alone';
    const reading = await lab.eventually(() => {
      const states = place.daemon.wall.cards.map(({ state }) => state);
      return states.includes('copying') && cardMounts().length > 0 ? states : undefined;
    }, 240);
    const mounted = cardMounts();
    await place.kill({ helper });
    lab.step(`${how} dies while a card is read`, reading !== undefined, { reading, mounted: mounted.length });
    await sleep(1000);
    const left = cardMounts();
    if (helper) lab.step('mounts are left behind', left.length > 0, { left: left.length });
    const openBefore = place.ledger.dockings.filter(({ end }) => end === 'open').length;
    await place.start();
    const gone = await lab.eventually(() => {
      const now = cardMounts().map(placeOf);
      return left.every((line) => !now.includes(placeOf(line))) || undefined;
    }, 120);
    lab.step('what was mounted then is let go by the next start', gone === true, { before: left, now: cardMounts() });
    const ended = place.ledger.dockings.filter(({ end }) => end === 'interrupted').length;
    lab.step('dockings that were open are recorded as interrupted', ended >= openBefore, { openBefore, ended });
  }
  const settled = await lab.eventually(
    () =>
      recorders.every(({ gadget }) => settledStates.includes(place.daemon.wall.card(slotOf(gadget))?.state ?? '')) ||
      undefined,
    360,
  );
  const states = recorders.map(({ gadget }) => place.daemon.wall.card(slotOf(gadget))?.state);
  lab.step('it goes on: each is done', settled === true && states.every((state) => state === 'done'), { states });
  const expected = recorders.flatMap(({ serial, card }) => fileLines(serial, card.files));
  const { same, facts } = comparedClips(place.ledger, expected);
  lab.step('every file is sealed once, with its digest', same, facts);
  const changed = await changedImages(recorders);
  lab.step('no image has changed', changed.length === 0, { changed });
}

/** The mount point of a line of /proc/self/mounts. */
const placeOf = (line: string): string => line.split(' ')[1] ?? '';
