/**
 * The real daemon with as many recorders as wanted, docked within a second of each other: each is sealed in its own
 * slot with the digests of the files that were put on its card, may then be pulled out, and its image has not changed.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { evidock } from '../../../support/cli.ts';
import { imageDigest } from '../card-image.ts';
import type { Gadget } from '../gadget.ts';
import { makeSampleCard, type SampleCard, sampleGadget, serialOf } from '../sample-recorders.ts';
import type { Lab, Scenario } from '../scenario.ts';
import { makeStationFolder, StationProcess, type WallCard } from '../station-process.ts';

/** States in which a docking has ended, well or not. */
const settledStates = ['done', 'attention', 'failed'];

interface Recorder {
  readonly serial: string;
  readonly card: SampleCard;
  readonly digest: string;
  readonly gadget: Gadget;
}

export const station: Scenario = {
  name: 'station',
  goal: 'the real daemon seals every recorder in its own slot, digests as on the cards, images unchanged, fsck clean',
  secondsMax: 900,
  run: runStation,
};

async function runStation(lab: Lab): Promise<void> {
  const recorders: Recorder[] = [];
  for (let at = 0; at < lab.recorders; at += 1) {
    const card = await makeSampleCard(lab.folder, at, 100_000);
    const serial = serialOf(at);
    recorders.push({ serial, card, digest: await imageDigest(card.image), gadget: sampleGadget(serial, card.image) });
  }
  const sockets = Number(readFileSync('/sys/module/dummy_hcd/parameters/num', 'utf8'));
  const daemon = new StationProcess(makeStationFolder(lab.folder, sockets));
  const up = await lab.eventually(async () => (await daemon.isUp()) || undefined, 120);
  lab.step('the daemon runs', up === true, { recorders: recorders.length, sockets });
  try {
    if (up === true) await takeAll(lab, daemon, recorders);
  } finally {
    const { code, log } = await daemon.stop();
    writeFileSync(join(lab.results, 'daemon.log'), log);
    lab.step('the daemon stops when it is told to', code === 0, { code, ...(code === 0 ? {} : { log }) });
  }
  for (const { gadget } of recorders) gadget.remove();
  const fsck = await evidock(['fsck', '--data', daemon.data, '--json']);
  lab.step('fsck finds nothing', fsck.code === 0, {
    code: fsck.code,
    said: `${fsck.stdout}${fsck.stderr}`.slice(-500),
  });
  const changed: string[] = [];
  for (const { card, digest } of recorders) if ((await imageDigest(card.image)) !== digest) changed.push(card.image);
  lab.step('no image has changed', changed.length === 0, { changed });
}

async function takeAll(lab: Lab, daemon: StationProcess, recorders: readonly Recorder[]): Promise<void> {
  const started = performance.now();
  for (const [socket, { gadget }] of recorders.entries()) gadget.dock(socket);
  const dockedMs = Math.round(performance.now() - started);
  lab.step('all are docked within a second', dockedMs <= 1000, { dockedMs });
  let before = '';
  const done = await lab.eventually(
    async () => {
      const wall = await daemon.wall();
      const states = recorders.map((_, at) => cardOf(wall, at)?.state ?? '?').join(' ');
      if (states !== before) lab.step('the slot wall was looked at', true, { states });
      before = states;
      return recorders.every((_, at) => settledStates.includes(cardOf(wall, at)?.state ?? '')) || undefined;
    },
    60 + 15 * recorders.length,
  );
  const wall = await daemon.wall();
  const shown = recorders.map(({ serial }, at) => ({ serial, ...(cardOf(wall, at) ?? {}) }));
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  const right = shown.every(
    ({ serial, texts, state, mayPull }) => state === 'done' && mayPull && texts?.serial.includes(serial),
  );
  const faulty = shown
    .filter((card) => card.state !== 'done')
    .map(({ serial, state, texts }) => ({ serial, state, texts }));
  lab.step('each is done in its own slot and may be pulled out', done === true && right, {
    takenSeconds: seconds,
    faulty,
  });

  const clips = await daemon.clips();
  const expected = recorders.flatMap(({ serial, card }) =>
    card.files.map(({ path, content }) => `${serial} ${path} ${createHash('sha256').update(content).digest('hex')}`),
  );
  const sealed = new Set(clips.map(({ recorder, path, sha256 }) => `${recorder} ${path} ${sha256}`));
  const missing = expected.filter((line) => !sealed.has(line));
  const same = missing.length === 0 && clips.length === expected.length;
  lab.step('every file is sealed once, with its digest', same, { sealed: clips.length, missing });

  for (const { gadget } of recorders) gadget.undock();
  const empty = await lab.eventually(async () => {
    const now = await daemon.wall();
    return now.every(({ state }) => state === 'empty') || undefined;
  }, 60);
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('/dev/sd'));
  lab.step('all slots are empty and nothing stays mounted', empty === true && mounts.length === 0, { mounts });
}

function cardOf(wall: readonly WallCard[], socket: number): WallCard | undefined {
  return wall.find(({ texts }) => texts.number === String(socket + 1));
}
