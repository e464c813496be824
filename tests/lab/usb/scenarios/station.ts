/**
 * The real daemon with as many recorders as wanted, docked at once: each is sealed in its own
 * slot with the digests of the files that were put on its card, may then be pulled out, and its image has not changed.
 */
import { realFiles } from '../real-clips.ts';
import { changedImages, makeRecorder, type SampleRecorder, serialOf } from '../sample-recorders.ts';
import type { Lab } from '../scenario.ts';
import {
  cardMounts,
  comparedClips,
  fileLines,
  type StationPlace,
  type StationTrial,
  secondsSince,
  settledStates,
  slotOf,
} from '../station-scenario.ts';

/** A few hundred on a machine of one's own; a guest that gets a quarter of a core has taken 1.9 s for 24. */
const dockedMsMax = 10_000;

export const allAtOnce: StationTrial = {
  name: 'station',
  goal: 'the real daemon seals every recorder in its own slot, digests as on the cards, images unchanged, fsck clean',
  secondsMax: 2400,
  shares: true,
  run: async (lab, place) => {
    const recorders: SampleRecorder[] = [];
    for (let at = 0; at < lab.recorders; at += 1) {
      const serial = serialOf(at);
      recorders.push(await makeRecorder(lab.folder, { at, serial, files: realFiles(serial) }));
    }
    const kinds = recorders.map(({ card }) => `${card.fileSystem}${card.partitioned ? ' with partitions' : ''}`);
    lab.step('the cards are made', true, { recorders: recorders.length, kinds: [...new Set(kinds)] });
    await takeAll(lab, place, recorders);
    const changed = await changedImages(recorders);
    lab.step('no image has changed', changed.length === 0, { changed });
  },
};

async function takeAll(lab: Lab, place: StationPlace, recorders: readonly SampleRecorder[]): Promise<void> {
  const before = place.ledger.dockings.length;
  const started = performance.now();
  for (const [socket, { gadget }] of recorders.entries()) gadget.dock(socket);
  const dockedMs = Math.round(performance.now() - started);
  lab.step('all are docked at once', dockedMs <= dockedMsMax, { dockedMs });
  const doneAfter = await untilAllSettled(lab, place, { recorders, started });
  const faulty = recorders
    .map(({ serial, gadget }) => ({ serial, card: place.daemon.wall.card(slotOf(gadget)) }))
    .filter(({ serial, card }) => card?.state !== 'done' || !card.mayPull || !card.texts.serial.includes(serial));
  const right = doneAfter.length === recorders.length && faulty.length === 0;
  lab.step('each is done in its own slot and may be pulled out', right, { doneAfter, faulty });

  const { ledger } = place;
  const dockings = ledger.dockings.slice(before);
  const expected = recorders.flatMap(({ serial, card }) => fileLines(serial, card.files));
  const { same, facts } = comparedClips(ledger, expected);
  lab.step('every file is sealed once, with its digest', same, facts);
  const places = recorders.map(({ serial, gadget }) => `${serial} in slot ${slotOf(gadget)}`);
  const answered = (await place.daemon.ask('dockings')).lines
    .filter(({ recorder }) => recorders.some(({ serial }) => serial === recorder))
    .map(({ recorder, slot }) => `${recorder} in slot ${slot}`);
  const rightSlots = answered.length === places.length && places.every((one) => answered.includes(one));
  lab.step('the station says one docking of each, in its slot', rightSlots, rightSlots ? {} : { places, answered });
  const bySlot = dockings.filter(({ slot, sealed, listed }) => {
    const own = recorders.find(({ gadget }) => String(slotOf(gadget)) === slot);
    return own !== undefined && sealed.length === listed.length && sealed.every((clip) => clip.recorder === own.serial);
  });
  lab.step('and each clip belongs to the docking in that slot', bySlot.length === recorders.length, {
    right: bySlot.length,
  });

  for (const { gadget } of recorders) gadget.undock();
  const empty = await lab.eventually(
    () => place.daemon.wall.cards.every(({ state }) => state === 'empty') || undefined,
    120,
  );
  const mounts = cardMounts();
  lab.step('all slots are empty and nothing stays mounted', empty === true && mounts.length === 0, { mounts });
}

/** When each settled, in seconds, in the order in which they did; those that never did are not in it. */
async function untilAllSettled(
  lab: Lab,
  place: StationPlace,
  { recorders, started }: { readonly recorders: readonly SampleRecorder[]; readonly started: number },
): Promise<number[]> {
  const settled = new Map<number, number>();
  let before = '';
  await lab.eventually(
    () => {
      const states = recorders.map(({ gadget }) => place.daemon.wall.card(slotOf(gadget))?.state ?? 'unknown');
      for (const [at, state] of states.entries()) {
        if (settledStates.includes(state) && !settled.has(at)) settled.set(at, secondsSince(started));
      }
      const shown = JSON.stringify(Object.groupBy(states, (state) => state));
      if (shown !== before) lab.step('the slot wall changed', true, { states: states.join(' ') });
      before = shown;
      return settled.size === recorders.length || undefined;
    },
    120 + 60 * recorders.length,
  );
  return [...settled.values()];
}
