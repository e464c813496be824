/**
 * Cards that stop taking writes in the middle of being cleared: one refuses them itself (sense DATA PROTECT, which the
 * kernel tells as an I/O error), one has its file system turned read-only by the kernel. Both ways the docking ends in a
 * state that says so, what was sealed stays sealed, and the ledger and the card agree on what is gone.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeText } from '../../../../src/texts/code-texts.ts';
import type { CardFile } from '../card-image.ts';
import { clearedOf, keptOf, type LeftOnCard, leftOn, lineOf, sameSet } from '../cleared-card.ts';
import type { Gadget } from '../gadget.ts';
import type { DiskWord } from '../player/failing-disk-program.ts';
import { ProgramGadget } from '../player/program-gadget.ts';
import { makeRecorder, sampleFiles } from '../sample-recorders.ts';
import type { Lab } from '../scenario.ts';
import {
  cardMounts,
  clipLines,
  fileLines,
  type StationPlace,
  settledStates,
  slotOf,
  untilState,
} from '../station-scenario.ts';

const secondsMax = 360;
/** Enough for the first deletions, not for all. */
const writesOfFailingCard = 6;
const days = ['1', '2', '3', '4', '5', '6', '7', '8'];
const clipFolder = 'DCIM/100MEDIA';

/** The recorder's card refuses writes: a program plays the disk, since a gadget's own acknowledges what is lost. */
export async function failingCard(lab: Lab, place: StationPlace): Promise<void> {
  const serial = 'CL00009';
  const files = clipsOf(serial);
  const { card, gadget: plain } = await makeRecorder(lab.folder, { at: 708, serial, files, maxSpeed: 'high-speed' });
  plain.remove();
  const words = [card.image, String(writesOfFailingCard)];
  const disk = await ProgramGadget.make<DiskWord>({
    name: 'failing',
    usb: plain.wish,
    program: 'failing-disk-program.ts',
    words,
  });
  disk.gadget.dock(4);
  const judged = { gadget: disk.gadget, serial, files, problem: 'clearing-card-error' };
  await judgeStation(lab, place, judged);
  const refused = disk.said.filter(({ event }) => event === 'refused').length;
  const taken = disk.said.filter(({ event }) => event === 'written').length;
  lab.step('the card took some writes and refused the rest', refused > 0 && taken > 0, { taken, refused });
  await takeAway(lab, place, disk.gadget);
  await disk.remove();
  // What the checker says is shown, not judged: a card that refuses writes cannot be left in order.
  judgeCard(lab, place, { ...judged, left: await leftOn(card) });
}

/** The kernel turns the file system read-only while files go, as it does when it finds something wrong with it. */
export async function cardTurnedReadOnly(lab: Lab, place: StationPlace): Promise<void> {
  const serial = 'CL00010';
  const files = clipsOf(serial);
  const { card, gadget } = await makeRecorder(lab.folder, { at: 712, serial, files, maxSpeed: 'high-speed' });
  gadget.dock(5);
  const turned = await lab.eventually(() => turnReadOnly(files.length), secondsMax);
  lab.step('the file system turned read-only in the middle', turned !== undefined, { filesThen: turned });
  const judged = { gadget, serial, files, problem: 'clearing-card-read-only' };
  await judgeStation(lab, place, judged);
  await takeAway(lab, place, gadget);
  gadget.remove();
  const left = await leftOn(card);
  judgeCard(lab, place, { ...judged, left });
  lab.step('its file system is in order', left.checked.code === 0, left.checked);
}

interface Judged {
  readonly gadget: Gadget;
  readonly serial: string;
  readonly files: readonly CardFile[];
  /** What the slot must show. */
  readonly problem: string;
}

/** What the slot and the ledger say while the recorder still sits there. */
async function judgeStation(lab: Lab, place: StationPlace, judged: Judged): Promise<void> {
  const { gadget, serial, files, problem } = judged;
  const slot = slotOf(gadget);
  const state = await untilState(lab, place, { slot, states: settledStates, secondsMax });
  const shown = place.daemon.wall.card(slot);
  const isTold = shown?.texts.note.startsWith(codeText('problem', problem, 'en').word) === true;
  lab.step('the slot says that the card could not be cleared, and why', state === 'attention' && isTold, {
    slot,
    state,
    problem,
    texts: shown?.texts,
  });
  lab.step('the recorder may be pulled out', shown?.mayPull === true, {});
  const sealed = clipLines(place.ledger).filter((line) => line.startsWith(serial));
  const expected = fileLines(serial, files);
  lab.step('its clips stay sealed', sameSet(sealed, expected), { sealed: sealed.length, expected: expected.length });
  const docking = dockingOf(place, serial);
  const ends = place.ledger.ofType('clearing-ended').filter(({ body }) => body.docking === docking?.docking);
  const isFound = docking?.findings.includes('clearing-failed') === true;
  lab.step('the ledger has the end of the clearing, and a finding', ends.length === 1 && isFound, {
    ends: ends.map(({ body }) => body),
    findings: docking?.findings,
  });
}

async function takeAway(lab: Lab, place: StationPlace, gadget: Gadget): Promise<void> {
  const slot = slotOf(gadget);
  gadget.undock();
  await untilState(lab, place, { slot, states: ['empty', 'pulled'], secondsMax: 60 });
  await lab.eventually(() => cardMounts().length === 0 || undefined, 60);
}

/** Nothing that the ledger calls kept may be gone from the card, and nothing that it calls cleared may be there. */
function judgeCard(lab: Lab, place: StationPlace, judged: Judged & { readonly left: LeftOnCard }): void {
  const { serial, files, left } = judged;
  const cleared = clearedOf(place, serial);
  const lost = files
    .filter((file) => !cleared.includes(file.path) && !left.lines.includes(lineOf(file)))
    .map(({ path }) => path);
  const mayBeGone = keptOf(place, dockingOf(place, serial)?.docking)
    .filter(({ reason }) => reason === 'may-be-gone')
    .map(({ path }) => path);
  const some = cleared.length > 0 && left.lines.length > 0;
  const known = lost.every((path) => mayBeGone.includes(path));
  lab.step('some files are cleared, and what is not recorded so is still on the card', some && known, {
    cleared: cleared.length,
    left: left.lines.length,
    lost,
    mayBeGone,
  });
  const back = files
    .filter((file) => cleared.includes(file.path) && left.lines.includes(lineOf(file)))
    .map(({ path }) => path);
  lab.step('what is recorded as cleared is gone from it', back.length === 0, { back, checked: left.checked });
}

const dockingOf = (place: StationPlace, serial: string) =>
  place.ledger.dockings.find(({ sealed }) => sealed.some(({ recorder }) => recorder === serial));

function clipsOf(serial: string): CardFile[] {
  return days.flatMap((day) =>
    sampleFiles(`${serial}/${day}`, 60_000).map((file, number) => ({
      ...file,
      path: `${clipFolder}/${serial}_JX0227_2026080${day}10000${number}.MOV`,
    })),
  );
}

/**
 * Remounts the card that is being cleared read-only once the first file is gone; how many it has then. Undefined while
 * there is no such card, and while the kernel says EBUSY because a file is just being deleted.
 */
function turnReadOnly(files: number): number | undefined {
  const mounted = cardMounts()
    .find((line) => line.includes(' rw,'))
    ?.split(' ')[1];
  if (mounted === undefined) return undefined;
  try {
    const left = readdirSync(join(mounted, clipFolder)).length;
    if (left === files) return undefined;
    execFileSync('mount', ['-o', 'remount,ro', mounted], { stdio: 'ignore' });
    return left;
  } catch {
    return undefined;
  }
}
