/** `evidock doctor`: says what this machine lacks, each with the command that mends it. Works before there is any data. */
import { type DoctorLine, type DoctorMachine, doctor } from '../checking/doctor.ts';
import { loadWitnessPolicy } from '../config/witness-policy.ts';
import { loadSlotMap } from '../dock/usb/slot-map.ts';
import { createCopyEngine } from '../intake/engine/create-engine.ts';
import { loadNativeAddon } from '../intake/engine/native-addon.ts';
import { lastCosignatures } from '../ledger/last-cosignatures.ts';
import type { Language } from '../texts/cli-texts.ts';
import { doctorCheckTexts, doctorMendText, doctorStateTexts } from '../texts/doctor-texts.ts';
import { findMirrorId, isOnSameDisk } from '../vault/mirror-folder.ts';
import { type AloneCommand, type AloneContext, exitCodes } from './command.ts';

export const doctorCommand: AloneCommand = {
  runs: 'alone',
  needsFolder: false,
  name: 'doctor',
  summary: '检查本机缺少什么，并给出修复命令 / what this machine lacks, with the command that mends it',
  usage: 'evidock doctor [--data DIR] [--json]',
  options: { json: { type: 'boolean', help: '输出 JSON 行 / JSON lines on stdout, one a check' } },
  positionals: [],
  exits: '0 nothing is missing, 1 something is',
  async run(context, call, io) {
    let missing = 0;
    for await (const line of doctor(machineOf(context))) {
      io.signal.throwIfAborted();
      if (line.state === 'missing') missing += 1;
      io.out(call.values.json === true ? JSON.stringify(line) : lineText(line, call.language));
    }
    return missing === 0 ? exitCodes.done : exitCodes.incomplete;
  },
};

function machineOf({ dataFolder, configuration }: AloneContext): DoctorMachine {
  const { engine, ledger, vault, preview, probe, station, usbDock } = configuration;
  return {
    dataFolder,
    ffmpegPath: preview.ffmpegPath,
    ffprobePath: probe.ffprobePath,
    timeZone: station.timeZone,
    allowMemoryFileSystem: vault.allowMemoryFileSystem,
    mirrors: vault.mirrors.map((folder) => ({ folder, state: mirrorState(folder, dataFolder) })),
    allowNoReadBack: vault.allowNoReadBack,
    needsNativeEngine: engine.kind === 'native',
    loadNativeEngine: loadNativeAddon,
    engine: () => createCopyEngine(engine.kind),
    sqliteVersion,
    usbDock: {
      enabled: usbDock.enabled,
      slots: async () => (await loadSlotMap(dataFolder)).slots.length,
      helper: usbDock.helperProgram ?? usbDock.helperSocket,
    },
    witnesses: {
      hoursMax: ledger.witnessAbsenceHours,
      now: Date.now,
      policy: async () => (ledger.policyFile === null ? undefined : loadWitnessPolicy(ledger.policyFile)),
      cosignaturesBy: (keys) => lastCosignatures(dataFolder, keys),
    },
  };
}

function mirrorState(folder: string, dataFolder: string): 'present' | 'same-disk' | 'away' {
  if (findMirrorId(folder) === undefined) return 'away';
  return isOnSameDisk(folder, dataFolder) ? 'same-disk' : 'present';
}

/** Loaded here and now, so that a library that does not fit this machine is an answer and not the end. */
async function sqliteVersion(): Promise<string> {
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(':memory:');
  try {
    return database.prepare('SELECT sqlite_version()').pluck().get() as string;
  } finally {
    database.close();
  }
}

function lineText({ check, state, found, mend }: DoctorLine, language: Language): string {
  const text = `${doctorStateTexts[state][language]}  ${doctorCheckTexts[check][language]}  ${found}`;
  return mend === undefined ? text : `${text}  ${doctorMendText[language]}: ${mend}`;
}
