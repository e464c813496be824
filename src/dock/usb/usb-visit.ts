/**
 * One visit of a device to a slot, until its cards can be read: judge its interfaces, let storage live and nothing
 * else, wait for the disks, set them read-only and see that they are, mount, look whose cards they are, choose a
 * serial. After each look at a card the device must still be the same, else nothing seen counts and it begins anew.
 * Its mounts are `card-mounts.ts`, what is said with the recorder `protocol-visit.ts`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CardReader } from '../../domain/card-reading.ts';
import type { DockedVolume, DockFinding } from '../../domain/dock.ts';
import { errorMessage, StationError } from '../../domain/errors.ts';
import { problemCode } from '../../domain/helper-problem.ts';
import type { RecorderClock } from '../../domain/recorder-clock.ts';
import { judgeInterfaces, type Recognition, recogniseRecorder, usbIdText } from '../../domain/recorder-recognition.ts';
import { type ChosenSerial, chooseSerial, type SerialEvidence } from '../../domain/recorder-serial.ts';
import { type CardLook, lookAtCard } from './card-look.ts';
import { CardMounts, type CardMountsParts } from './card-mounts.ts';
import { sightingOf } from './device-sighting.ts';
import type { UsbDevice, UsbDisk } from './ports.ts';
import { type PluggedClock, ProtocolVisit, type ProtocolVisitParts } from './protocol-visit.ts';

export interface UsbVisitParts extends ProtocolVisitParts, CardMountsParts {
  /** The device in this slot as it is now; undefined while there is none. */
  readonly device: () => Promise<UsbDevice | undefined>;
  readonly readName: (path: string) => { readonly serial: string | null } | undefined;
  readonly isRegistered: (serial: string) => boolean;
  readonly limits: UsbDockLimits;
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

export class UsbVisit {
  readonly #parts: UsbVisitParts;
  readonly #ending = new AbortController();
  readonly #mounts: CardMounts;
  #opened: UsbDevice | undefined;
  #findings: DockFinding[] = [];
  readonly #protocol: ProtocolVisit;
  #closing: Promise<void> | undefined;
  readonly #work: Promise<VisitOutcome>;

  constructor(parts: UsbVisitParts) {
    this.#parts = parts;
    this.#protocol = new ProtocolVisit(parts, this.#ending.signal);
    this.#mounts = new CardMounts(parts);
    this.#work = this.#run();
  }

  /** Never rejects. */
  get outcome(): Promise<VisitOutcome> {
    return this.#work;
  }

  /** How long the device may be away now and still be the same visit. */
  get awayMsMax(): number {
    const { reappearMs, resetMs } = this.#parts.limits;
    return this.#protocol.isChanging ? reappearMs : resetMs;
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
    await this.#mounts.unmountAll();
  }

  async #run(): Promise<VisitOutcome> {
    const { slot, log, limits } = this.#parts;
    for (let look = 1; ; look += 1) {
      try {
        return { kind: 'opened', recorder: await this.#open() };
      } catch (error) {
        const left = await this.#mounts.unmountAll().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (left !== undefined) log.warn({ err: left, slot }, 'a card could not be let go yet');
        if (error instanceof ChangedDevice && !this.#ending.signal.aborted && look < limits.looksMax) continue;
        const { code, final } = troubleOf(error);
        if (!this.#ending.signal.aborted) log.warn({ slot, code, reason: errorMessage(error) }, 'a device is not read');
        const clock = this.#protocol.clock();
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
    for (const disk of disks) {
      const mounted = await this.#mounts.mountDisk(disk, this.#ending.signal);
      volumes.push(...mounted.volumes);
      this.#findings.push(...mounted.findings);
    }
    if (volumes.length === 0) throw new StationError('card-unreadable', 'no file system that is known here');
    const looks: CardLook[] = [];
    for (const { path, label } of volumes) {
      const reader = this.#mounts.reader(path);
      looks.push(await lookAtCard(path, label, { ...this.#parts, reader, signal: this.#ending.signal }));
    }
    // A card that was pulled can look empty or healthy, so nothing seen counts unless it is still there.
    this.#assertSame(device, await this.#parts.device());
    this.#opened = device;
    this.#mounts.keepForClearing();
    return this.#recognised(device, volumes, looks);
  }

  /**
   * Once more for clearing: everything is let go, then what was mounted at `path` is mounted writable for the moment of
   * `work`, and let go for good. The device must be the same before and after, and nothing else is ever written to.
   * @throws StationError recorder-pulled, flush-failed; the helper's; whatever `work` throws
   */
  writable(path: string, work: (path: string) => Promise<void>): Promise<void> {
    return this.#mounts.writable(path, () => this.#assertStillOpened(), work);
  }

  async #assertStillOpened(): Promise<void> {
    const device = await this.#parts.device();
    if (this.#opened !== undefined && device !== undefined && sightingOf(device) === sightingOf(this.#opened)) return;
    throw new StationError('recorder-pulled', 'the device is not the one that was read');
  }

  #recognised(device: UsbDevice, volumes: readonly DockedVolume[], looks: readonly CardLook[]): OpenedRecorder {
    const { table, isRegistered, log, slot } = this.#parts;
    const said: SerialEvidence['said'] = {
      protocol: this.#protocol.serial === null ? [] : [this.#protocol.serial],
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
    const clock = this.#protocol.clock(device)?.clock;
    const cardReaders = volumes.map(({ path }) => this.#mounts.reader(path));
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
      this.#protocol.keep(device);
      const { storage } = judgeInterfaces(device.interfaces);
      // It came back as another device: what was allowed before was another one's.
      if (storage.some(({ authorised }) => !authorised)) throw new ChangedDevice();
      if (!asked) {
        asked = await this.#protocol.ask(device);
        if (asked) untilMs = monotonicMs() + limits.cardWaitMs;
      }
      if (device.disks.some(({ sectors }) => sectors > 0)) return device;
      if (monotonicMs() > untilMs) throw new StationError('card-missing', 'no card appeared');
      await this.#pause();
    }
  }

  async #setReadOnly(device: UsbDevice, disks: readonly UsbDisk[]): Promise<void> {
    const { helper } = this.#parts;
    for (const { name } of disks) await helper.setReadOnly(name);
    const after = await this.#parts.device();
    this.#assertSame(device, after);
    const open = after?.disks.filter(({ name, readOnly }) => !readOnly && disks.some((disk) => disk.name === name));
    if (open?.length !== 0) throw new StationError('card-not-read-only', 'the kernel did not set the card read-only');
  }

  #assertSame(before: UsbDevice, after: UsbDevice | undefined): void {
    this.#ending.signal.throwIfAborted();
    if (after === undefined || sightingOf(after) !== sightingOf(before)) throw new ChangedDevice();
  }

  async #pause(): Promise<void> {
    await sleep(this.#parts.limits.pollMs, undefined, { signal: this.#ending.signal });
  }
}

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
