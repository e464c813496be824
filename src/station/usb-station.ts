/**
 * The USB dock as this station has it: whether there is one at all, its helper, what the registry knows of serials, and
 * where its findings go.
 */
import { join } from 'node:path';
import { buildNameTable } from '../config/name-table.ts';
import { loadRecorderTable } from '../config/recorder-table.ts';
import type { UsbDockConfig } from '../config/schema.ts';
import { HelperClient } from '../dock/usb/helper-client.ts';
import { JieLiDv16 } from '../dock/usb/jieli-dv16.ts';
import type { DockHelper, UsbDevice } from '../dock/usb/ports.ts';
import type { RecorderDriver } from '../dock/usb/recorder-driver.ts';
import { loadSlotMap, type SlotMap, socketLines } from '../dock/usb/slot-map.ts';
import { SysfsTree } from '../dock/usb/sysfs-tree.ts';
import { UsbDock } from '../dock/usb/usb-dock.ts';
import { usbHints } from '../dock/usb/usb-hints.ts';
import { readClipName } from '../domain/clip-names.ts';
import type { Dock, DockFinding } from '../domain/dock.ts';
import { newDocumentId } from '../domain/ids.ts';
import { instantToLocalTime, localTimeToInstant } from '../domain/station-time.ts';
import { ensureFolder, replaceDurably } from '../files/durable-files.ts';
import type { Station } from '../station.ts';
import { clockStepRecord } from './clock-records.ts';
import { random, systemActor } from './station-context.ts';

/** Where a helper that the station starts itself mounts; the service says its own. */
const mountRoot = '/run/evidock-dock/cards';
const minuteMs = 60_000;

/** Undefined when this station looks at no USB. @throws StationError dock-slots-invalid, recorders-invalid */
export async function makeUsbDock(station: Station): Promise<Dock | undefined> {
  const { configuration, dataFolder, log } = station.context.options;
  const { usbDock: config, names } = configuration;
  if (config.enabled === 'never') return undefined;
  const slots = await loadSlotMap(dataFolder);
  const tree = new SysfsTree({ hints: usbHints(log) });
  if (config.enabled === 'auto' && !(slots.isCalibrated && (await tree.devices()) !== undefined)) return undefined;
  const nameTable = buildNameTable(names);
  const helper = await openHelper(station, config, slots);
  return new UsbDock({
    tree,
    helper,
    slots,
    table: loadRecorderTable(),
    readName: (path) => readClipName(path, nameTable),
    isRegistered: (serial) => station.context.registry.people.versionsOfKey('recorders', serial).length > 0,
    openDriver: (name, device) => openDriver(helper, name, device),
    passwords: config.passwords,
    timeZone: configuration.station.timeZone,
    setsClock: config.setClock,
    recordClock: async (slot, step) => {
      await station.context.ledger.append(clockStepRecord(slot, step));
    },
    timeOffsetMinutes: () => offsetMinutes(Date.now(), configuration.station.timeZone),
    onFinding: (slot, finding) => {
      void recordFinding(station, slot, finding).catch((error: unknown) =>
        log.error({ err: error, slot, code: finding.code }, 'a finding of the dock could not be recorded'),
      );
    },
    log,
    now: Date.now,
    monotonicMs: () => performance.now(),
  });
}

async function openHelper(station: Station, config: UsbDockConfig, slots: SlotMap): Promise<DockHelper> {
  const { dataFolder, log } = station.context.options;
  const parts = { log, monotonicMs: () => performance.now() };
  if (config.helperProgram === null) {
    return new HelperClient({ ...parts, place: { kind: 'socket', path: config.helperSocket } });
  }
  await ensureFolder(mountRoot, 0o755);
  const sockets = join(dataFolder, 'dock-sockets.txt');
  await replaceDurably(sockets, Buffer.from(socketLines(slots)));
  const own = ['--uid', String(process.getuid?.() ?? 0), '--gid', String(process.getgid?.() ?? 0)];
  const command = [config.helperProgram, '--fd3', '--lab', '--root', mountRoot, ...own, '--sockets', sockets] as const;
  return new HelperClient({ ...parts, place: { kind: 'child', command: [...command] } });
}

/** The drivers there are; they speak through the generic node of the recorder's disk. */
function openDriver(helper: DockHelper, name: string, { disks }: UsbDevice): RecorderDriver | undefined {
  const generic = disks.find((disk) => disk.generic !== null)?.generic;
  if (name !== 'jieli-dv16' || generic == null) return undefined;
  return new JieLiDv16((request) => helper.scsi({ ...request, generic }));
}

/** Local time minus UTC, which FAT's local times are read with. */
function offsetMinutes(nowMs: number, timeZone: string): number {
  const asIfUtc = localTimeToInstant(instantToLocalTime(nowMs, timeZone), 'UTC');
  return Math.round((asIfUtc - nowMs) / minuteMs);
}

/** About what sits in a slot without a docking. */
async function recordFinding(station: Station, slot: string, { code, detail }: DockFinding): Promise<void> {
  await station.context.ledger.append({
    type: 'finding-raised',
    actor: systemActor,
    subject: `slot-${slot}`,
    body: { code, slot },
    documents: [{ id: newDocumentId(random), body: { detail } }],
  });
}
