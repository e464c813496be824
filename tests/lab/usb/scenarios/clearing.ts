/**
 * Policy after-seal with the real daemon: what was sealed leaves the card, everything else on it stays to the byte, and
 * the file system is in order. A card that refuses writes after the first few ends in a state that says so; what was
 * sealed stays sealed, and what the ledger says is gone is gone, nothing more.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { type CardFile, withLoop } from '../card-image.ts';
import type { DiskWord } from '../player/failing-disk-program.ts';
import { ProgramGadget } from '../player/program-gadget.ts';
import { makeRecorder, type SampleRecorder, sampleFiles } from '../sample-recorders.ts';
import type { Lab } from '../scenario.ts';
import {
  cardMounts,
  clipLines,
  fileLines,
  type StationPlace,
  type StationTrial,
  settledStates,
  sha256Of,
  slotOf,
  untilState,
} from '../station-scenario.ts';

const run = promisify(execFile);
const secondsMax = 360;
/** Enough for the first deletions, not for all. */
const writesOfFailingCard = 6;
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
  },
};

async function clearCards(lab: Lab, place: StationPlace): Promise<void> {
  const recorders: SampleRecorder[] = [];
  // FAT32 with a partition table, exFAT with and without.
  for (const [socket, at] of [0, 1, 3].entries()) {
    const serial = `CL0000${socket}`;
    const files = [...sampleFiles(serial, 400_000), indexFile];
    const recorder = await makeRecorder(lab.folder, { at: 700 + at, serial, files });
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
    const left = await filesOf(card.image, card.fileSystem, card.partitioned);
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

async function failingCard(lab: Lab, place: StationPlace): Promise<void> {
  const serial = 'CL00009';
  const files = ['1', '2', '3', '4'].flatMap((day) =>
    sampleFiles(`${serial}/${day}`, 60_000).map((file, number) => ({
      ...file,
      path: `DCIM/100MEDIA/${serial}_JX0227_2026080${day}10000${number}.MOV`,
    })),
  );
  // FAT32: its driver turns the mount read-only when the card refuses.
  const { card, gadget } = await makeRecorder(lab.folder, { at: 708, serial, files });
  gadget.remove();
  // High speed: at SuperSpeed dummy_hcd fails reads in pieces of 512 bytes, and the card must fail by writes alone.
  const usb = {
    vendorId: 0x4255,
    productId: 2,
    serial,
    manufacturer: 'Recorder Works',
    product: 'DSJ-4G',
    maxSpeed: 'high-speed',
  } as const;
  const words = [card.image, String(writesOfFailingCard)];
  const disk = await ProgramGadget.make<DiskWord>({ name: 'failing', usb, program: 'failing-disk-program.ts', words });
  disk.gadget.dock(4);
  const state = await untilState(lab, place, { slot: 5, states: settledStates, secondsMax });
  const shown = place.daemon.wall.card(5);
  const refused = disk.said.filter(({ event }) => event === 'refused').length;
  lab.step('the card took some writes and refused the rest', refused > 0, { refused, said: disk.said.length });
  const isTold = (state === 'attention' || state === 'failed') && (shown?.texts.note ?? '') !== '';
  lab.step('the slot says that clearing failed, in a state that has ended', isTold, { state, texts: shown?.texts });
  lab.step('the recorder may be pulled out', shown?.mayPull === true, {});
  const expected = fileLines(serial, files);
  const sealed = clipLines(place.ledger).filter((line) => line.startsWith(serial));
  lab.step('its clips stay sealed', sameSet(sealed, expected), { sealed: sealed.length, expected: expected.length });
  const docking = place.ledger.dockings.find(({ slot }) => slot === '5');
  const ends = place.ledger.ofType('clearing-ended').filter(({ body }) => body.docking === docking?.docking);
  lab.step(
    'the ledger has the end of the clearing, and a finding',
    ends.length === 1 && docking?.findings.includes('clearing-failed') === true,
    {
      ends: ends.map(({ body }) => body),
      findings: docking?.findings,
    },
  );
  disk.gadget.undock();
  await untilState(lab, place, { slot: 5, states: ['empty', 'pulled'], secondsMax: 60 });
  await lab.eventually(() => cardMounts().length === 0 || undefined, 60);
  await disk.remove();
  // The card cannot be asked what it would have written, but nothing that the ledger calls kept may be gone.
  const left = await filesOf(card.image, card.fileSystem, card.partitioned);
  const cleared = clearedOf(place, serial);
  const lost = files
    .filter((file) => !cleared.includes(file.path) && !left.lines.includes(lineOf(file)))
    .map(({ path }) => path);
  const mayBeGone = keptOf(place, docking?.docking)
    .filter(({ reason }) => reason === 'may-be-gone')
    .map(({ path }) => path);
  lab.step(
    'what is not recorded as cleared is still on the card',
    lost.every((path) => mayBeGone.includes(path)),
    {
      cleared: cleared.length,
      left: left.lines.length,
      lost,
      mayBeGone,
    },
  );
  const back = files
    .filter((file) => cleared.includes(file.path) && left.lines.includes(lineOf(file)))
    .map(({ path }) => path);
  lab.step('what is recorded as cleared is gone from it', back.length === 0, { back, checked: left.checked });
}

const sealable = (files: readonly CardFile[]): CardFile[] => files.filter(({ path }) => path !== indexFile.path);
const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  String([...a].sort()) === String([...b].sort());
const lineOf = ({ path, content }: CardFile): string => `${path} ${sha256Of(content)}`;

/** Paths that the ledger says are gone from the recorder. */
function clearedOf(place: StationPlace, serial: string): string[] {
  const { ledger } = place;
  return ledger
    .ofType('clip-cleared')
    .flatMap((record) => ledger.documentsOf(record) as { path: string }[])
    .map(({ path }) => path)
    .filter((path) => path.includes(serial));
}

function keptOf(place: StationPlace, docking: string | undefined): { path: string; reason: string }[] {
  const { ledger } = place;
  return ledger
    .ofType('clearing-kept')
    .filter(({ body }) => body.docking === docking)
    .flatMap((record) => ledger.documentsOf(record) as { entries: { path: string; reason: string }[] }[])
    .flatMap(({ entries }) => entries);
}

/** Every file of the image by the kernel's own driver, and what the file system's checker says; changes nothing. */
async function filesOf(image: string, fileSystem: string, partitioned: boolean) {
  return withLoop(image, partitioned ? 1024 * 1024 : 0, async (device) => {
    const mounted = mkdtempSync(`${image}-left-`);
    const type = fileSystem === 'exfat' ? 'exfat' : 'vfat';
    await run('mount', ['-t', type, '-o', 'ro,iocharset=utf8', device, mounted]);
    let lines: string[];
    try {
      lines = readdirSync(mounted, { recursive: true, encoding: 'utf8' })
        .map((name) => join(mounted, name))
        .filter((path) => statSync(path).isFile())
        .map((path) => `${relative(mounted, path)} ${sha256Of(readFileSync(path))}`);
    } finally {
      await run('umount', [mounted]);
      rmdirSync(mounted);
    }
    const checker = fileSystem === 'exfat' ? 'fsck.exfat' : 'fsck.fat';
    const checked = await run(checker, ['-n', device]).then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        said: `${error.stdout}${error.stderr}`,
      }),
    );
    return { lines, checked };
  });
}
