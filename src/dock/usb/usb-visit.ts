/**
 * One visit of a device to a slot, until its cards can be read: judge its interfaces, let storage live and nothing
 * else, wait for the disks, set them read-only and see that they are, mount, look whose cards they are, choose a
 * serial. After each look at a card the device must still be the same, else nothing seen counts and it begins anew.
 * It owns the mounts of its visit and gives back every one, whatever happened.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CardReader } from '../../domain/card-reading.ts';
import type { DockedVolume, DockFinding } from '../../domain/dock.ts';
import { errorCode, errorMessage, StationError } from '../../domain/errors.ts';
import { problemCode } from '../../domain/helper-problem.ts';
import type { RecorderClock } from '../../domain/recorder-clock.ts';
import {
  judgeInterfaces,
  type Recognition,
  type RecorderTable,
  recogniseRecorder,
  usbIdText,
} from '../../domain/recorder-recognition.ts';
import { type ChosenSerial, chooseSerial, type SerialEvidence } from '../../domain/recorder-serial.ts';
import type { DockLog } from '../dock-log.ts';
import { type CardLook, lookAtCard } from './card-look.ts';
import { FallbackCardReader, helperSource } from './card-reader/fallback-card-reader.ts';
import { type ClockVisitParts, visitClock } from './clock-visit.ts';
import type { DockHelper, MountRequest, UsbDevice, UsbDisk } from './ports.ts';
import type { RecorderDriver } from './recorder-driver.ts';

export interface UsbVisitParts extends ClockVisitParts {
  readonly slot: string;
  /** The device in this slot as it is now; undefined while there is none. */
  readonly device: () => Promise<UsbDevice | undefined>;
  readonly helper: DockHelper;
  readonly table: RecorderTable;
  readonly readName: (path: string) => { readonly serial: string | null } | undefined;
  readonly isRegistered: (serial: string) => boolean;
  /** Speaks to a recorder by its own protocol; undefined where this station has no such driver. */
  readonly openDriver: (driver: string, device: UsbDevice) => RecorderDriver | undefined;
  readonly passwords: readonly string[];
  /** Offset of the station's zone to UTC. */
  readonly timeOffsetMinutes: () => number;
  readonly limits: UsbDockLimits;
  readonly log: DockLog;
  /** What an earlier visit of this plug learnt of the clock: it has set it, so reading it again would say nothing. */
  readonly clockBefore?: PluggedClock;
}

/** A clock as it was found, and the device on the bus whose it was. */
export interface PluggedClock {
  readonly deviceNumber: number;
  readonly clock: RecorderClock;
}

export interface UsbDockLimits {
  /** How often a visit that waits looks again. */
  readonly pollMs: number;
  /** From its interfaces being allowed to a disk with a medium. */
  readonly cardWaitMs: number;
  /** So long a device may be away after a reset, and still be the same visit. */
  readonly resetMs: number;
  /** The same after it was asked to change into a disk. */
  readonly reappearMs: number;
  /** A device that is another one after each look is given up after so many. */
  readonly looksMax: number;
  /** A visit that failed is begun anew after so long, so many times. */
  readonly retryMs: number;
  readonly retriesMax: number;
}

export const usbDockLimits: UsbDockLimits = {
  pollMs: 250,
  cardWaitMs: 20_000,
  resetMs: 3_000,
  reappearMs: 15_000,
  looksMax: 12,
  retryMs: 10_000,
  retriesMax: 3,
};

/** A recorder whose cards can be read. */
export interface OpenedRecorder {
  readonly device: UsbDevice;
  readonly chosen: ChosenSerial;
  readonly model: string;
  readonly volumes: readonly DockedVolume[];
  /** Of each volume, in the same order. */
  readonly cardReaders: readonly (CardReader | undefined)[];
  readonly findings: readonly DockFinding[];
  /** Undefined where no protocol was spoken. */
  readonly clock: RecorderClock | undefined;
}

export type VisitOutcome =
  | { readonly kind: 'opened'; readonly recorder: OpenedRecorder }
  /** Nothing was mounted, or it was let go again. `final`: trying again cannot help. */
  | {
      readonly kind: 'closed';
      readonly problem: string;
      readonly final: boolean;
      readonly findings: readonly DockFinding[];
      /** For the next visit of the same plug. */
      readonly clock: PluggedClock | undefined;
    };

/** Volumes of one recorder: internal memory, a card or two, each with a few partitions. */
const volumesMax = 16;
/** Containers of logical partitions and boot stubs hold no files. */
const partitionSectorsMin = 64;

export class UsbVisit {
  readonly #parts: UsbVisitParts;
  readonly #ending = new AbortController();
  /** By path, with what it was mounted from. */
  readonly #mounts = new Map<string, MountRequest>();
  #opened: UsbDevice | undefined;
  /** What was mounted when the recorder could be read; stays when it is let go, for clearing. */
  readonly #cards = new Map<string, MountRequest>();
  /** By the path of the mount. */
  readonly #readers = new Map<string, CardReader>();
  #findings: DockFinding[] = [];
  /** What its protocol said, and of which device on the bus; `changing` until it is back as a disk. */
  #protocol:
    | { readonly serial: string | null; deviceNumber: number; changing: boolean; clock: RecorderClock | undefined }
    | undefined;
  #closing: Promise<void> | undefined;
  readonly #work: Promise<VisitOutcome>;

  constructor(parts: UsbVisitParts) {
    this.#parts = parts;
    this.#work = this.#run();
  }

  /** Never rejects. */
  get outcome(): Promise<VisitOutcome> {
    return this.#work;
  }

  /** How long the device may be away now and still be the same visit. */
  get awayMsMax(): number {
    const { reappearMs, resetMs } = this.#parts.limits;
    return this.#protocol?.changing === true ? reappearMs : resetMs;
  }

  /**
   * Ends what is under way and unmounts everything; safe twice, and again after it failed.
   * @throws the helper's error while a mount is left
   */
  close(): Promise<void> {
    this.#closing ??= this.#close().finally(() => {
      this.#closing = undefined;
    });
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#ending.abort(new StationError('recorder-pulled', 'the visit has ended'));
    await this.#work;
    await this.#unmountAll();
  }

  async #unmountAll(): Promise<void> {
    let failure: unknown;
    for (const path of [...this.#mounts.keys()].reverse()) {
      try {
        await this.#parts.helper.unmount(path);
        this.#mounts.delete(path);
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }

  async #run(): Promise<VisitOutcome> {
    const { slot, log, limits } = this.#parts;
    for (let look = 1; ; look += 1) {
      try {
        return { kind: 'opened', recorder: await this.#open() };
      } catch (error) {
        const left = await this.#unmountAll().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (left !== undefined) log.warn({ err: left, slot }, 'a card could not be let go yet');
        if (error instanceof ChangedDevice && !this.#ending.signal.aborted && look < limits.looksMax) continue;
        const { code, final } = troubleOf(error);
        if (!this.#ending.signal.aborted) log.warn({ slot, code, reason: errorMessage(error) }, 'a device is not read');
        const clock = this.#pluggedClock();
        return {
          kind: 'closed',
          problem: code,
          final,
          clock,
          findings: [...this.#findings, ...(clock?.clock.findings ?? [])],
        };
      }
    }
  }

  async #open(): Promise<OpenedRecorder> {
    this.#findings = [];
    await this.#allowStorage(await this.#settledDevice());
    const device = await this.#deviceWithCards();
    const disks = device.disks.filter(({ sectors }) => sectors > 0);
    await this.#setReadOnly(device, disks);
    const volumes: DockedVolume[] = [];
    for (const disk of disks) volumes.push(...(await this.#mountDisk(disk)));
    if (volumes.length === 0) throw new StationError('card-unreadable', 'no file system that is known here');
    const looks: CardLook[] = [];
    for (const { path, label } of volumes) {
      const reader = this.#readers.get(path);
      looks.push(await lookAtCard(path, label, { ...this.#parts, reader, signal: this.#ending.signal }));
    }
    // A card that was pulled can look empty or healthy, so nothing seen counts unless it is still there.
    this.#assertSame(device, await this.#parts.device());
    this.#opened = device;
    for (const [path, request] of this.#mounts) this.#cards.set(path, request);
    return this.#recognised(device, volumes, looks);
  }

  /**
   * Once more for clearing: everything is let go, then what was mounted at `path` is mounted writable for the moment of
   * `work`, and let go for good. The device must be the same before and after, and nothing else is ever written to.
   * @throws StationError recorder-pulled, flush-failed; the helper's; whatever `work` throws
   */
  async writable(path: string, work: (path: string) => Promise<void>): Promise<void> {
    const { helper } = this.#parts;
    const card = this.#cards.get(path);
    if (card === undefined) throw new Error('no volume of this visit was mounted there');
    await this.#assertStillOpened();
    await this.#unmountAll();
    await helper.setWritable(card.device);
    const request: MountRequest = { ...card, writable: true };
    const mounted = await helper.mount(request).catch(async (error: unknown) => {
      // The helper takes the leave to write back by itself within a minute; this is only sooner.
      await helper.setReadOnly(card.device).catch(() => undefined);
      throw error;
    });
    this.#mounts.set(mounted.path, request);
    try {
      await this.#assertStillOpened();
      await work(mounted.path);
      await this.#assertStillOpened();
    } finally {
      await this.#unmountWritten(mounted.path, card.device);
    }
    await this.#assertStillOpened();
  }

  async #assertStillOpened(): Promise<void> {
    const device = await this.#parts.device();
    if (this.#opened !== undefined && device !== undefined && sightingOf(device) === sightingOf(this.#opened)) return;
    throw new StationError('recorder-pulled', 'the device is not the one that was read');
  }

  async #unmountWritten(path: string, device: string): Promise<void> {
    const { helper } = this.#parts;
    try {
      await helper.unmount(path);
      this.#mounts.delete(path);
    } catch (error) {
      if (errorCode((error as { cause?: unknown }).cause) !== 'flush-failed') throw error;
      this.#mounts.delete(path);
      // A helper that was started over the mount does not know what it had made writable.
      await helper.setReadOnly(device).catch(() => undefined);
      throw new StationError('flush-failed', errorMessage(error), { cause: error });
    }
  }

  #recognised(device: UsbDevice, volumes: readonly DockedVolume[], looks: readonly CardLook[]): OpenedRecorder {
    const { table, isRegistered, log, slot } = this.#parts;
    const said: SerialEvidence['said'] = {
      protocol: this.#protocol?.serial == null ? [] : [this.#protocol.serial],
      usb: device.serial === null ? [] : [device.serial],
      'identity-file': looks.flatMap(({ identitySerials }) => identitySerials),
      label: looks.map(({ label }) => label),
      names: looks.flatMap(({ nameSerials }) => nameSerials),
    };
    const chosen = chooseSerial({ said, placeholders: table.placeholderSerials, isRegistered });
    const registered = chosen.serial !== undefined && !chosen.isPlaceholder && isRegistered(chosen.serial);
    const recognition = recogniseRecorder({ ...device, cards: looks, isRegistered: registered }, table);
    const model = modelOf(recognition);
    const facts = {
      slot,
      usb: usbIdText(device),
      port: device.portPath,
      model,
      serial: chosen.serial,
      basis: chosen.basis,
    };
    log.info({ ...facts, mounts: volumes.map(({ options }) => options) }, 'a recorder can be read');
    const clock = this.#pluggedClock(device)?.clock;
    const cardReaders = volumes.map(({ path }) => this.#readers.get(path));
    const all = [...this.#findings, ...(clock?.findings ?? [])];
    return { device, chosen, model, volumes, cardReaders, clock, findings: all };
  }

  /** What is plugged in, once two looks in a row say the same. */
  async #settledDevice(): Promise<UsbDevice> {
    let [before, awaySinceMs] = ['', this.#parts.monotonicMs()];
    for (;;) {
      this.#ending.signal.throwIfAborted();
      const device = await this.#parts.device();
      if (device !== undefined) {
        const now = sightingOf(device);
        if (now === before) return device;
        before = now;
        awaySinceMs = this.#parts.monotonicMs();
      } else if (this.#parts.monotonicMs() - awaySinceMs > this.awayMsMax) {
        throw new StationError('recorder-pulled', 'the device went away');
      }
      await this.#pause();
    }
  }

  /** Keyboards, network cards and the like never get a driver; beside storage they are a finding. */
  async #allowStorage(device: UsbDevice): Promise<void> {
    const { helper, table, openDriver } = this.#parts;
    const { storage, foreign, quiet, finding } = judgeInterfaces(device.interfaces);
    if (finding !== null) {
      const classes = foreign.map(
        ({ interfaceClass, driver }) =>
          `${interfaceClass.toString(16)}${driver === null ? '' : ` (driven by ${driver})`}`,
      );
      this.#findings.push({
        code: finding,
        detail: `${describe(device)} has interfaces of class ${classes.join(', ') || 'none'}`,
      });
    }
    if (storage.length === 0) {
      if (quiet.length === 0) throw new FinalTrouble('not-a-recorder', 'it has no interface that a recorder has');
      const found = recogniseRecorder({ ...device, cards: [], isRegistered: false }, table);
      if (found.kind !== 'recorder') throw new FinalTrouble('recorder-unknown', `unknown device ${describe(device)}`);
      if (openDriver(found.driver, device) === undefined)
        throw new FinalTrouble('driver-missing', `no driver ${found.driver}`);
      return;
    }
    for (const { name, authorised } of storage) if (!authorised) await helper.authorise(name);
  }

  /** The device once a disk has a medium; a recorder with a protocol of its own is asked for its disk mode. */
  async #deviceWithCards(): Promise<UsbDevice> {
    const { limits, monotonicMs } = this.#parts;
    let untilMs = monotonicMs() + limits.cardWaitMs;
    let asked = false;
    for (;;) {
      const device = await this.#settledDevice();
      this.#keepProtocol(device);
      const { storage } = judgeInterfaces(device.interfaces);
      // It came back as another device: what was allowed before was another one's.
      if (storage.some(({ authorised }) => !authorised)) throw new ChangedDevice();
      if (!asked) {
        asked = await this.#askProtocol(device);
        if (asked) untilMs = monotonicMs() + limits.cardWaitMs;
      }
      if (device.disks.some(({ sectors }) => sectors > 0)) return device;
      if (monotonicMs() > untilMs) throw new StationError('card-missing', 'no card appeared');
      await this.#pause();
    }
  }

  /** True when there is nothing more to ask. */
  async #askProtocol(device: UsbDevice): Promise<boolean> {
    const { table, openDriver, passwords } = this.#parts;
    if (this.#protocol !== undefined) return true;
    const found: Recognition = recogniseRecorder({ ...device, cards: [], isRegistered: false }, table);
    const driver = found.kind === 'recorder' ? openDriver(found.driver, device) : undefined;
    if (driver === undefined) return device.disks.length > 0;
    const { serial } = await driver.identify();
    const { deviceNumber } = device;
    this.#protocol = { serial, deviceNumber, changing: false, clock: undefined };
    const protocol = this.#protocol;
    const isDisk = device.disks.some(({ sectors }) => sectors > 0);
    if (!isDisk) await driver.unlock(passwords);
    protocol.clock = await this.#visitClock(driver, { serial, deviceNumber, mayBeSet: !isDisk });
    if (isDisk) return true;
    protocol.changing = true;
    await driver.enterDiskMode();
    return true;
  }

  async #visitClock(
    driver: RecorderDriver,
    { serial, deviceNumber, mayBeSet }: { serial: string | null; deviceNumber: number; mayBeSet: boolean },
  ): Promise<RecorderClock> {
    const { slot, clockBefore } = this.#parts;
    if (clockBefore?.deviceNumber === deviceNumber) return clockBefore.clock;
    const clock = await visitClock({ slot, serial, driver, signal: this.#ending.signal }, this.#parts, mayBeSet);
    return { ...clock, batteryPercent: await this.#battery(driver) };
  }

  /** Nobody's recordings wait for a battery's level. */
  async #battery(driver: RecorderDriver): Promise<number | null> {
    try {
      return (await driver.condition()).batteryPercent;
    } catch {
      this.#ending.signal.throwIfAborted();
      return null;
    }
  }

  /** Of this device; also what the visit before was told, when it speaks its protocol no more. */
  #pluggedClock(device?: UsbDevice): PluggedClock | undefined {
    const { clockBefore } = this.#parts;
    const protocol = this.#protocol;
    if (protocol?.clock !== undefined) return { deviceNumber: protocol.deviceNumber, clock: protocol.clock };
    return device === undefined || clockBefore?.deviceNumber === device.deviceNumber ? clockBefore : undefined;
  }

  /** Another device in the slot is another recorder, but for the one that comes back as a disk because it was asked to. */
  #keepProtocol({ deviceNumber }: UsbDevice): void {
    const protocol = this.#protocol;
    if (protocol === undefined || protocol.deviceNumber === deviceNumber) return;
    if (protocol.changing) Object.assign(protocol, { deviceNumber, changing: false });
    else this.#protocol = undefined;
  }

  async #setReadOnly(device: UsbDevice, disks: readonly UsbDisk[]): Promise<void> {
    const { helper } = this.#parts;
    for (const { name } of disks) await helper.setReadOnly(name);
    const after = await this.#parts.device();
    this.#assertSame(device, after);
    const open = after?.disks.filter(({ name, readOnly }) => !readOnly && disks.some((disk) => disk.name === name));
    if (open?.length !== 0) throw new StationError('card-not-read-only', 'the kernel did not set the card read-only');
  }

  /** Each partition with files, or the whole disk where no partition has any. */
  async #mountDisk(disk: UsbDisk): Promise<readonly DockedVolume[]> {
    const { helper, timeOffsetMinutes } = this.#parts;
    const partitions = disk.partitions.filter(({ sectors }) => sectors >= partitionSectorsMin).map(({ name }) => name);
    if (partitions.length > volumesMax) throw new StationError('card-unreadable', `${partitions.length} partitions`);
    const volumes: DockedVolume[] = [];
    const strange: string[] = [];
    for (const device of [...partitions, disk.name]) {
      if (device === disk.name && volumes.length > 0) continue;
      this.#ending.signal.throwIfAborted();
      const found = await helper.identify(device);
      if (found === null) {
        if (device !== disk.name) strange.push(device.slice(disk.name.length));
        continue;
      }
      const { fileSystem, label, uuid } = found;
      const request = { device, fileSystem, timeOffsetMinutes: timeOffsetMinutes(), writable: false };
      const { path, options } = await helper.mount(request);
      this.#mounts.set(path, request);
      if (fileSystem !== 'ext4')
        this.#readers.set(path, new FallbackCardReader(helperSource(helper, device), request.timeOffsetMinutes));
      volumes.push({ path, fileSystem, label, uuid, options });
    }
    if (strange.length > 0 && volumes.length > 0) {
      const detail = `partitions ${strange.join(', ')} of ${volumes.length + strange.length} have no file system known here`;
      this.#findings.push({ code: 'volume-unreadable', detail });
    }
    return volumes;
  }

  #assertSame(before: UsbDevice, after: UsbDevice | undefined): void {
    this.#ending.signal.throwIfAborted();
    if (after === undefined || sightingOf(after) !== sightingOf(before)) throw new ChangedDevice();
  }

  async #pause(): Promise<void> {
    await sleep(this.#parts.limits.pollMs, undefined, { signal: this.#ending.signal });
  }
}

/** What must stay the same for what was seen to count. */
export const sightingOf = ({ portPath, deviceNumber, interfaces, disks }: UsbDevice): string =>
  JSON.stringify([
    portPath,
    deviceNumber,
    interfaces.map(({ name }) => name),
    disks.map(({ name, sectors, diskSequence, partitions }) => [name, sectors, diskSequence, partitions]),
  ]);

/** Said of a mounted recorder: another plug or another medium is another visit. */
export const generationOf = ({ portPath, deviceNumber, disks }: UsbDevice): string => {
  const media = disks
    .filter(({ sectors }) => sectors > 0)
    .map(({ name, diskSequence }) => `${name}.${diskSequence ?? 0}`);
  return [portPath, deviceNumber, ...media].join('-');
};

/** The device is not the one that was looked at: begin anew with what is there. */
class ChangedDevice extends StationError {
  constructor() {
    super('recorder-unsteady', 'the device changes again and again');
  }
}

/** Trying the same device again cannot help. */
class FinalTrouble extends StationError {}

function troubleOf(error: unknown): { readonly code: string; readonly final: boolean } {
  if (error instanceof FinalTrouble) return { code: error.code, final: true };
  const code = error instanceof Error && error.name === 'AbortError' ? 'recorder-pulled' : problemCode(error);
  // Passwords are tried once for each plug: some recorders lock themselves after a few wrong ones.
  return { code, final: code === 'recorder-password-wrong' };
}

/** @throws FinalTrouble recorder-unknown, recorder-ambiguous */
function modelOf(recognition: Recognition): string {
  switch (recognition.kind) {
    case 'recorder':
      return recognition.model;
    case 'unknown':
      throw new FinalTrouble('recorder-unknown', `its cards look like no recorder's (${recognition.score})`);
    case 'ambiguous':
      throw new FinalTrouble('recorder-ambiguous', `it may be ${recognition.models.join(' or ')}`);
  }
}

const describe = (device: UsbDevice): string => `${usbIdText(device)} (${device.product ?? 'no name'})`;
