/**
 * doctor: what this machine has and lacks, each with the command that mends it. It changes nothing but a probe file
 * that goes again, and never says that something is there which it did not see work.
 */
import { errorMessage, StationError } from '../domain/errors.ts';
import type { DoctorCheckName, DoctorState } from '../texts/doctor-texts.ts';
import { checkFolder, type FolderMachine } from './doctor-folder.ts';
import { checkWitnesses, type WitnessMachine } from './doctor-witnesses.ts';
import { cpuFlags, fileExists, firstChineseFont, programVersion, runProgram } from './machine-facts.ts';

export interface DoctorLine {
  readonly check: DoctorCheckName;
  readonly state: DoctorState;
  /** What was seen, in a few English words or a version. */
  readonly found: string;
  /** A command. */
  readonly mend?: string;
}

export interface DoctorMachine extends FolderMachine {
  readonly ffmpegPath: string;
  readonly ffprobePath: string;
  readonly timeZone: string;
  readonly usbDock: DockMachine;
  readonly witnesses: WitnessMachine;
  /** Whether the configuration chooses the native engine. */
  readonly needsNativeEngine: boolean;
  /** @throws StationError engine-not-built */
  readonly loadNativeEngine: () => void;
  /** @throws when better-sqlite3 cannot be loaded */
  readonly sqliteVersion: () => Promise<string>;
}

/** What concerns recorders in USB sockets. */
export interface DockMachine {
  readonly enabled: 'auto' | 'always' | 'never';
  /** How many slots are calibrated. @throws StationError dock-slots-invalid */
  readonly slots: () => Promise<number>;
  /** The helper's socket or program. */
  readonly helper: string;
}

const nodeMajorMin = 24;
/** First release without the defect that could corrupt a database in WAL mode. */
const sqliteVersionMin = [3, 51, 3] as const;
const setup = 'scripts/setup';
const install = (debianPackage: string): string => `apt-get install -y ${debianPackage}`;

/** In the order in which a person should mend. */
export async function* doctor(machine: DoctorMachine): AsyncGenerator<DoctorLine> {
  yield checkNode();
  yield checkEngine(machine);
  yield await checkSqlite(machine);
  yield await checkProgram('ffmpeg', machine.ffmpegPath, ['-version'], 'ffmpeg');
  yield await checkProgram('ffprobe', machine.ffprobePath, ['-version'], 'ffmpeg');
  for (const name of ['flock', 'prlimit', 'setpriv', 'ionice'] as const) {
    yield await checkProgram(name, name, ['--version'], 'util-linux');
  }
  yield checkShaInstructions();
  yield* checkFolder(machine);
  yield await checkWitnesses(machine.witnesses);
  yield await checkClock();
  yield checkTimeZones(machine.timeZone);
  yield await checkFont();
  yield checkUsb();
  yield* checkDock(machine.usbDock);
}

function checkNode(): DoctorLine {
  const found = process.versions.node;
  const isNew = Number(found.split('.')[0]) >= nodeMajorMin;
  return isNew ? { check: 'node', state: 'ok', found } : { check: 'node', state: 'missing', found, mend: setup };
}

function checkEngine(machine: DoctorMachine): DoctorLine {
  try {
    machine.loadNativeEngine();
    return { check: 'engine', state: 'ok', found: 'native' };
  } catch (error) {
    if (!(error instanceof StationError)) throw error;
    const state = machine.needsNativeEngine ? 'missing' : 'warning';
    return { check: 'engine', state, found: error.message, mend: setup };
  }
}

async function checkSqlite(machine: DoctorMachine): Promise<DoctorLine> {
  try {
    const found = await machine.sqliteVersion();
    const state = isAtLeast(found, sqliteVersionMin) ? 'ok' : 'missing';
    return { check: 'sqlite', state, found, ...(state === 'ok' ? {} : { mend: setup }) };
  } catch (error) {
    return { check: 'sqlite', state: 'missing', found: errorMessage(error), mend: setup };
  }
}

function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [at, wanted] of least.entries()) {
    const part = parts[at] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

async function checkProgram(
  check: DoctorCheckName,
  program: string,
  args: readonly string[],
  debianPackage: string,
): Promise<DoctorLine> {
  const version = await programVersion(program, args);
  if (version !== undefined) return { check, state: 'ok', found: version };
  return { check, state: 'missing', found: `${program} does not run`, mend: install(debianPackage) };
}

/** Hashing is about four times as fast with them; nothing depends on them. */
function checkShaInstructions(): DoctorLine {
  const flags = cpuFlags();
  const check = 'sha-instructions';
  if (flags === undefined) return { check, state: 'unknown', found: 'the processor does not say' };
  const flag = ['sha_ni', 'sha2'].find((name) => flags.has(name));
  return flag ? { check, state: 'ok', found: flag } : { check, state: 'warning', found: 'none: hashing is slower' };
}

async function checkClock(): Promise<DoctorLine> {
  const systemd = (await runProgram('timedatectl', ['show', '--property=NTPSynchronized', '--value']))?.trim();
  if (systemd === 'yes') return { check: 'clock', state: 'ok', found: 'synchronised (timedatectl)' };
  // RFC 5905 counts 16 as not synchronised, and chronyc says 0 before the first measurement.
  const stratum = Number((await runProgram('chronyc', ['-c', 'tracking']))?.split(',')[2]);
  if (stratum > 0 && stratum < 16) return { check: 'clock', state: 'ok', found: 'synchronised (chrony)' };
  if (systemd === 'no' || Number.isInteger(stratum)) {
    return { check: 'clock', state: 'warning', found: 'not synchronised', mend: 'timedatectl set-ntp true' };
  }
  return { check: 'clock', state: 'unknown', found: 'neither timedatectl nor chronyc can say' };
}

/** Node has time zones of its own; the system's are what other programs on this machine go by. */
function checkTimeZones(timeZone: string): DoctorLine {
  if (fileExists(`/usr/share/zoneinfo/${timeZone}`)) return { check: 'time-zones', state: 'ok', found: timeZone };
  const found = `${timeZone} is not in /usr/share/zoneinfo`;
  return { check: 'time-zones', state: 'warning', found, mend: install('tzdata') };
}

async function checkFont(): Promise<DoctorLine> {
  const font = await firstChineseFont();
  if (font !== undefined) return { check: 'font', state: 'ok', found: font };
  return { check: 'font', state: 'warning', found: 'no font with Chinese', mend: install('fonts-wqy-microhei') };
}

function checkUsb(): DoctorLine {
  if (fileExists('/sys/bus/usb/devices')) return { check: 'usb', state: 'ok', found: '/sys/bus/usb/devices' };
  return { check: 'usb', state: 'warning', found: 'this machine shows no USB bus: no recorder can be docked' };
}

/** Recorders in USB sockets need both; a station that only takes in folders needs neither. */
async function* checkDock({ enabled, slots, helper }: DockMachine): AsyncGenerator<DoctorLine> {
  if (enabled === 'never') {
    for (const check of ['dock-slots', 'dock-helper'] as const) yield { check, state: 'ok', found: 'not wanted here' };
    return;
  }
  const mend = 'evidock slots learn';
  let count = 0;
  try {
    count = await slots();
    if (count > 0) yield { check: 'dock-slots', state: 'ok', found: `${count} slots` };
    else
      yield { check: 'dock-slots', state: enabled === 'always' ? 'missing' : 'warning', found: 'not calibrated', mend };
  } catch (error) {
    yield { check: 'dock-slots', state: 'missing', found: errorMessage(error), mend };
  }
  const isThere = fileExists(helper);
  const state = isThere ? 'ok' : count > 0 || enabled === 'always' ? 'missing' : 'warning';
  yield { check: 'dock-helper', state, found: isThere ? helper : `${helper} is not there` };
}
