/**
 * Policy after-seal with the real daemon: what was sealed leaves the card, everything else on it stays to the byte, and
 * the file system is in order. A card that refuses writes after the first few ends in a state that says so; what was
 * sealed stays sealed, and what the ledger says is gone is gone, nothing more.
 */
import type { CardFile } from '../card-image.ts';
import { clearedOf, leftOn, lineOf, sameSet } from '../cleared-card.ts';
import { makeRecorder, type SampleRecorder, sampleFiles } from '../sample-recorders.ts';
import type { Lab } from '../scenario.ts';
import {
  clipLines,
  fileLines,
  type StationPlace,
  type StationTrial,
  settledStates,
  slotOf,
  untilState,
} from '../station-scenario.ts';
import { cardTurnedReadOnly, failingCard } from './clearing-trouble.ts';

const secondsMax = 360;
/** Left out by the shipped skip rules, so never sealed. */
const indexFile: CardFile = { path: 'System Volume Information/IndexerVolumeGuid', content: Buffer.from('not a clip') };

export const clearingTrial: StationTrial = {
  name: 'clearing',
  goal: 'after-seal takes exactly the sealed files off the cards; a card that turns read-only in the middle is told',
  secondsMax: 1800,
  sockets: 8,
  // With trials whose cards must not be cleared either way: twins.
  shares: true,
  config: 'clearing: { policy: after-seal }\n',
  run: async (lab, place) => {
    await clearCards(lab, place);
    await failingCard(lab, place);
    await cardTurnedReadOnly(lab, place);
  },
};

async function clearCards(lab: Lab, place: StationPlace): Promise<void> {
  const recorders: SampleRecorder[] = [];
  // FAT32 with a partition table, exFAT with and without.
  for (const [socket, at] of [0, 1, 3].entries()) {
    const serial = `CL0000${socket}`;
    const files = [...sampleFiles(serial, 400_000), indexFile];
    const recorder = await makeRecorder(lab.folder, { at: 700 + at, serial, files, maxSpeed: 'high-speed' });
    recorder.gadget.dock(socket);
    recorders.push(recorder);
  }
  for (const { serial, card, gadget } of recorders) {
    const slot = slotOf(gadget);
    const state = await untilState(lab, place, { slot, states: settledStates, secondsMax });
    const { mayPull } = place.daemon.wall.card(slot) ?? {};
    lab.step('the recorder is cleared and may be pulled out', state === 'done' && mayPull === true, { slot, state });
    gadget.undock();
    const expected = fileLines(serial, sealable(card.files));
    const sealed = clipLines(place.ledger).filter((line) => line.startsWith(serial));
    const cleared = clearedOf(place, serial);
    lab.step(
      'each sealed file is recorded as cleared, once',
      sameSet(sealed, expected) && cleared.length === expected.length,
      {
        sealed: sealed.length,
        cleared: cleared.length,
      },
    );
    const left = await leftOn(card);
    lab.step('the card has lost exactly the sealed files', sameSet(left.lines, [lineOf(indexFile)]), {
      fileSystem: card.fileSystem,
      partitioned: card.partitioned,
      left: left.lines,
    });
    lab.step('its file system is in order', left.checked.code === 0, left.checked);
    gadget.remove();
  }
  await untilState(lab, place, { slot: 1, states: ['empty'], secondsMax: 60 });
}

const sealable = (files: readonly CardFile[]): CardFile[] => files.filter(({ path }) => path !== indexFile.path);
