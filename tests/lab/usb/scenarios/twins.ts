/**
 * Two recorders that nobody can tell apart by what they say: both show the serial 0000000, each with other clips. They
 * must stay two dockings of two sources, each clip in its own slot, with a finding that says so.
 */
import { realFiles } from '../real-clips.ts';
import { changedImages, makeRecorder, type SampleRecorder } from '../sample-recorders.ts';
import type { Lab } from '../scenario.ts';
import { type StationPlace, type StationTrial, sha256Of, slotOf, untilState } from '../station-scenario.ts';

const serial = '0000000';
const seats = [
  { socket: 3, name: 'left' },
  { socket: 5, name: 'right' },
] as const;

export const twinsTrial: StationTrial = {
  name: 'twins',
  goal: 'two recorders with serial 0000000 are two dockings with a finding, and no clip of one stands with the other',
  secondsMax: 900,
  sockets: 8,
  shares: true,
  run: runTwins,
};

async function runTwins(lab: Lab, place: StationPlace): Promise<void> {
  const recorders: (SampleRecorder & { readonly socket: number })[] = [];
  for (const [at, { socket, name }] of seats.entries()) {
    const files = realFiles(serial, name);
    recorders.push({ ...(await makeRecorder(lab.folder, { at: 100 + at, serial, files })), socket });
  }
  const before = place.ledger.dockings.length;
  for (const { gadget, socket } of recorders) gadget.dock(socket);
  const states = [];
  for (const { gadget } of recorders) {
    states.push(
      await untilState(lab, place, { slot: slotOf(gadget), states: ['done', 'attention', 'failed'], secondsMax: 240 }),
    );
  }
  lab.step(
    'both are done',
    states.every((state) => state === 'done'),
    { states },
  );

  const dockings = place.ledger.dockings.slice(before);
  const sources = new Set(dockings.map(({ source }) => source));
  lab.step('they are two dockings of two sources', dockings.length === 2 && sources.size === 2, {
    sources: [...sources],
  });
  for (const { socket, card } of recorders) {
    const docking = dockings.find(({ slot }) => slot === String(socket + 1));
    const sealed = docking?.sealed.map(({ sha256 }) => sha256).sort() ?? [];
    const own = card.files.map(({ content }) => sha256Of(content)).sort();
    lab.step('the docking of a slot has the clips of its card and no other', String(sealed) === String(own), {
      slot: socket + 1,
      sealed: sealed.length,
    });
  }
  const findings = dockings.map((docking) => docking.findings);
  const told =
    findings.every((codes) => codes.includes('default-serial')) && findings.flat().includes('duplicate-serial');
  lab.step('each says that its serial tells nothing, one that another showed it too', told, { findings });
  const changed = await changedImages(recorders);
  lab.step('no image has changed', changed.length === 0, { changed });
}
