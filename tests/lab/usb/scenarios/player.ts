/**
 * JieLi DV16 recorders through the daemon and the helper's SCSI pass-through: one is identified, unlocked, told the
 * time, comes back as a disk and is taken; one has another password, one still records. Those two are shown as what
 * they are, are not locked, and give their clips once they may.
 */

import type { ClockMeasuredBody } from '../../../../src/domain/records.ts';
import type { LedgerView } from '../ledger-view.ts';
import { Dv16Recorder } from '../player/dv16-recorder.ts';
import { encodeGbk } from '../player/info-record.ts';
import { realFiles } from '../real-clips.ts';
import { changedImages, makeRecorder, type SampleRecorder } from '../sample-recorders.ts';
import type { Lab } from '../scenario.ts';
import {
  clipLines,
  fileLines,
  type StationPlace,
  type StationTrial,
  settledStates,
  untilState,
} from '../station-scenario.ts';

const good = { idCode: 'DSJ-1A', batteryPercent: 77, cardPresent: true, resolution: { width: 1920, height: 1080 } };
const shippedPassword = '000000';
const openSecondsMax = 240;
/** The station's zone, which has had no summer time since 1991. */
const zone = '+08:00';
/** Beyond what the station says the command took: from its second to the command, and the guest's slow waking. */
const clockSlackMs = 250;
const command = { identify: 2, setTime: 5, diskMode: 6, password: 13 };

export const playerTrial: StationTrial = {
  name: 'player',
  goal: 'a JieLi DV16 is identified, unlocked, told the time, becomes a disk and is taken; a wrong password locks nothing',
  secondsMax: 1500,
  sockets: 8,
  shares: true,
  run: runPlayer,
};

interface Player {
  readonly serial: string;
  readonly disk: SampleRecorder;
  readonly recorder: Dv16Recorder;
  readonly socket: number;
}

async function runPlayer(lab: Lab, place: StationPlace): Promise<void> {
  const plain = await makePlayer(lab, { at: 600, serial: 'DV00001', socket: 0 }, {});
  const locked = await makePlayer(lab, { at: 601, serial: 'DV00002', socket: 1 }, { password: 'secret99' });
  const busy = await makePlayer(lab, { at: 602, serial: 'DV00003', socket: 2 }, { recording: true });
  const players = [plain, locked, busy];
  for (const { recorder, socket } of players) recorder.dock(socket);

  const state = await untilState(lab, place, { slot: 1, states: settledStates, secondsMax: openSecondsMax });
  lab.step('the recorder is unlocked, comes back as a disk and is done', state === 'done', {
    state,
    asked: plain.recorder.asked,
  });
  const sealed = clipLines(place.ledger);
  const missing = fileLines(plain.serial, plain.disk.card.files).filter((line) => !sealed.includes(line));
  lab.step('its clips are sealed under the serial that its protocol said', missing.length === 0, { missing });
  checkClock(lab, place, plain);

  await checkRefused(lab, place, { player: locked, code: 'recorder-password-wrong' });
  const passwords = locked.recorder.asked.filter((code) => code === command.password).length;
  const openings = locked.recorder.asked.filter((code) => code === command.identify).length;
  lab.step('its password was asked for once', passwords === 1, { passwords, openings });
  const untold = !locked.recorder.asked.includes(command.setTime) && !locked.recorder.asked.includes(command.diskMode);
  lab.step('a locked recorder is neither told a time nor asked for its disk', untold, { asked: locked.recorder.asked });
  await checkRefused(lab, place, { player: busy, code: 'recorder-still-recording' });

  for (const { recorder } of players) await recorder.undock();
  const empty = await lab.eventually(
    () => [1, 2, 3].every((slot) => place.daemon.wall.card(slot)?.state === 'empty') || undefined,
    60,
  );
  lab.step('the slots are empty again', empty === true, {});
  // As the officer does it: the recording is stopped, and the recorder plugged in again.
  busy.recorder.stopRecording();
  busy.recorder.dock(busy.socket);
  const after = await untilState(lab, place, {
    slot: busy.socket + 1,
    states: settledStates,
    secondsMax: openSecondsMax,
  });
  const nowSealed = clipLines(place.ledger);
  const busyMissing = fileLines(busy.serial, busy.disk.card.files).filter((line) => !nowSealed.includes(line));
  lab.step('once it records no more it is taken', after === 'done' && busyMissing.length === 0, { after, busyMissing });

  for (const { recorder } of players) await recorder.remove();
  const changed = await changedImages(players.map(({ disk }) => disk));
  lab.step('no image has changed', changed.length === 0, { changed });
}

async function makePlayer(
  lab: Lab,
  { at, serial, socket }: { readonly at: number; readonly serial: string; readonly socket: number },
  more: { readonly password?: string; readonly recording?: boolean },
): Promise<Player> {
  // As a disk it shows no serial of its own.
  const disk = await makeRecorder(lab.folder, { at, serial, files: realFiles(serial) });
  const info = encodeGbk({ serial, officer: 'JX0227', officerName: '张三', unitCode: '370100', unitName: '一中队' });
  const options = { ...good, password: shippedPassword, recording: false, ...more, infoHex: info.toString('hex') };
  return {
    serial,
    disk,
    socket,
    recorder: await Dv16Recorder.make({ name: serial.toLowerCase(), options, disk: disk.gadget }),
  };
}

/** The recorder was told the time once, by a record that was there before, and heard the station's time. */
function checkClock(lab: Lab, place: StationPlace, { serial, recorder }: Player): void {
  const { ledger } = place;
  const settings = ledger.ofType('clock-setting').filter(({ body }) => body.recorder === serial);
  // A second that was missed on a slow machine is recorded as not sent, and another one follows.
  const ends = ledger.ofType('clock-set').filter(({ body }) => body.recorder === serial && body.outcome !== 'not-sent');
  const told = recorder.words.filter((word) => word.event === 'time');
  const [word] = told;
  const end = ends[0]?.body as { local: string; toldAt: string; outcome: string; tookMs: number } | undefined;
  const recorded = settings.length > 0 && ends.length === 1 && (settings.at(-1)?.seq ?? 0) < (ends[0]?.seq ?? 0);
  lab.step(
    'the ledger has the setting of its clock, before it was sent and how it ended',
    recorded && end?.outcome === 'set',
    {
      settings: settings.map(({ body }) => body),
      ends: ends.map(({ body }) => body),
    },
  );
  if (word === undefined || end === undefined) {
    lab.step('the recorder was told the time', false, { words: recorder.words });
    return;
  }
  const offsetMs = word.atMs - Date.parse(`${word.told}${zone}`);
  const boundMs = end.tookMs + clockSlackMs;
  lab.step(
    'it was told once, the time that it was',
    told.length === 1 && word.told === end.local && Math.abs(offsetMs) <= boundMs,
    {
      told: word.told,
      offsetMs,
      boundMs,
    },
  );
  checkOffset(lab, ledger, { serial, told: end.local, recorderMinusStationMs: -offsetMs });
}

/** What its docking says of its clock from the setting on must hold the truth, which only the recorder knows. */
function checkOffset(
  lab: Lab,
  ledger: LedgerView,
  truth: { readonly serial: string; readonly told: string; readonly recorderMinusStationMs: number },
): void {
  const { serial, told, recorderMinusStationMs } = truth;
  const docking = ledger.clips.find(({ recorder }) => recorder === serial)?.docking;
  const measured = ledger.ofType('clock-measured').filter(({ body }) => body.docking === docking);
  const body = measured[0]?.body as ClockMeasuredBody | undefined;
  const after = body?.afterSetting;
  const isCounted = body?.settings.length === 1 && body.settings[0]?.local === told;
  const holds =
    (after?.atLeastMs ?? Number.POSITIVE_INFINITY) <= recorderMinusStationMs &&
    (after?.atMostMs ?? Number.NEGATIVE_INFINITY) >= recorderMinusStationMs;
  lab.step(
    'its docking bounds the clock from the setting on, and the bounds are true',
    measured.length === 1 && isCounted && holds,
    {
      recorderMinusStationMs,
      measured: measured.map(({ body }) => body),
    },
  );
}

async function checkRefused(
  lab: Lab,
  place: StationPlace,
  { player: { socket, serial }, code }: { readonly player: Player; readonly code: string },
): Promise<void> {
  const slot = socket + 1;
  const state = await untilState(lab, place, { slot, states: ['failed'], secondsMax: openSecondsMax });
  const card = place.daemon.wall.card(slot);
  // The page's own words for it: what it is, and what to do.
  lab.step('the slot says what is wrong and what to do', state === 'failed' && (card?.texts.note ?? '') !== '', {
    slot,
    code,
    texts: card?.texts,
  });
  const sealed = clipLines(place.ledger).filter((line) => line.startsWith(serial));
  lab.step('nothing of it is sealed', sealed.length === 0, { sealed });
}
