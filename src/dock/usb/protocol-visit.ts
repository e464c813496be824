/**
 * What is said during one visit with a recorder that has a protocol of its own: who it is, its password, its clock and
 * battery, and that it is to come back as a disk. What it said counts for the device on the bus that said it.
 */
import type { RecorderClock } from '../../domain/recorder-clock.ts';
import { type Recognition, type RecorderTable, recogniseRecorder } from '../../domain/recorder-recognition.ts';
import { type ClockVisitParts, visitClock } from './clock-visit.ts';
import type { UsbDevice } from './ports.ts';
import type { RecorderDriver } from './recorder-driver.ts';

export interface ProtocolVisitParts extends ClockVisitParts {
  readonly slot: string;
  readonly table: RecorderTable;
  /** Speaks to a recorder by its own protocol; undefined where this station has no such driver. */
  readonly openDriver: (driver: string, device: UsbDevice) => RecorderDriver | undefined;
  readonly passwords: readonly string[];
  /** What an earlier visit of this plug learnt of the clock: it has set it, so reading it again would say nothing. */
  readonly clockBefore?: PluggedClock;
}

/** A clock as it was found, and the device on the bus whose it was. */
export interface PluggedClock {
  readonly deviceNumber: number;
  readonly clock: RecorderClock;
}

export class ProtocolVisit {
  readonly #parts: ProtocolVisitParts;
  readonly #signal: AbortSignal;
  /** `changing` until it is back as a disk. */
  #said:
    | { readonly serial: string | null; deviceNumber: number; changing: boolean; clock: RecorderClock | undefined }
    | undefined;

  constructor(parts: ProtocolVisitParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  get serial(): string | null {
    return this.#said?.serial ?? null;
  }

  /** It was asked to come back as a disk, and is not there yet. */
  get isChanging(): boolean {
    return this.#said?.changing === true;
  }

  /** True when there is nothing more to ask. */
  async ask(device: UsbDevice): Promise<boolean> {
    const { table, openDriver, passwords } = this.#parts;
    if (this.#said !== undefined) return true;
    const found: Recognition = recogniseRecorder({ ...device, cards: [], isRegistered: false }, table);
    const driver = found.kind === 'recorder' ? openDriver(found.driver, device) : undefined;
    if (driver === undefined) return device.disks.length > 0;
    const { serial } = await driver.identify();
    const { deviceNumber } = device;
    this.#said = { serial, deviceNumber, changing: false, clock: undefined };
    const said = this.#said;
    const isDisk = device.disks.some(({ sectors }) => sectors > 0);
    if (!isDisk) await driver.unlock(passwords);
    said.clock = await this.#visitClock(driver, { serial, deviceNumber, mayBeSet: !isDisk });
    if (isDisk) return true;
    said.changing = true;
    await driver.enterDiskMode();
    return true;
  }

  async #visitClock(
    driver: RecorderDriver,
    { serial, deviceNumber, mayBeSet }: { serial: string | null; deviceNumber: number; mayBeSet: boolean },
  ): Promise<RecorderClock> {
    const { slot, clockBefore } = this.#parts;
    if (clockBefore?.deviceNumber === deviceNumber) return clockBefore.clock;
    const clock = await visitClock({ slot, serial, driver, signal: this.#signal }, this.#parts, mayBeSet);
    return { ...clock, batteryPercent: await this.#battery(driver) };
  }

  /** Nobody's recordings wait for a battery's level. */
  async #battery(driver: RecorderDriver): Promise<number | null> {
    try {
      return (await driver.condition()).batteryPercent;
    } catch {
      this.#signal.throwIfAborted();
      return null;
    }
  }

  /** Of this device; also what the visit before was told, when it speaks its protocol no more. */
  clock(device?: UsbDevice): PluggedClock | undefined {
    const { clockBefore } = this.#parts;
    const said = this.#said;
    if (said?.clock !== undefined) return { deviceNumber: said.deviceNumber, clock: said.clock };
    return device === undefined || clockBefore?.deviceNumber === device.deviceNumber ? clockBefore : undefined;
  }

  /** Another device in the slot is another recorder, but for the one that comes back as a disk because it was asked to. */
  keep({ deviceNumber }: UsbDevice): void {
    const said = this.#said;
    if (said === undefined || said.deviceNumber === deviceNumber) return;
    if (said.changing) Object.assign(said, { deviceNumber, changing: false });
    else this.#said = undefined;
  }
}
