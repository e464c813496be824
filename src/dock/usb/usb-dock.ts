/**
 * The dock of real sockets: what sits in a calibrated socket, opened read-only, as recorders. A scan looks at the
 * kernel's tree and never waits for a device: opening goes on beside it, one visit a slot, and hints when it is done.
 * A device that is not yet, or never, a recorder that can be read is a notice of its slot. Nothing outside the
 * calibrated sockets is touched, so the station's own disks and keyboards are none of its business.
 */
import type { Dock, DockedRecorder, DockFinding, SlotNotice, WritableVolume } from '../../domain/dock.ts';
import { StationError } from '../../domain/errors.ts';
import { settlesWithin } from '../settles-within.ts';
import { generationOf, sightingOf } from './device-sighting.ts';
import type { UsbDevice, UsbTree } from './ports.ts';
import type { PluggedClock } from './protocol-visit.ts';
import { type SlotMap, socketOf } from './slot-map.ts';
import { type OpenedRecorder, type UsbDockLimits, UsbVisit, type UsbVisitParts, usbDockLimits } from './usb-visit.ts';

export interface UsbDockParts extends Omit<UsbVisitParts, 'slot' | 'device' | 'limits' | 'clockBefore'> {
  readonly tree: UsbTree;
  readonly slots: SlotMap;
  /** Findings about what sits in a slot and is not taken in. */
  readonly onFinding: (slot: string, finding: DockFinding) => void;
  readonly limits?: Partial<UsbDockLimits>;
}

interface Seat {
  readonly slot: string;
  readonly visit: UsbVisit;
  readonly sinceMs: number;
  /** The device as it was last seen; it may be away for a moment while it changes into a disk. */
  sighting: string;
  seenMs: number;
  /** `told`: open, and a scan said so. */
  state: 'opening' | 'open' | 'told' | 'closed';
  recorder: DockedRecorder | undefined;
  generation: string | undefined;
  /** Someone was told of the recorder, and has not released it yet. */
  awaitsRelease: boolean;
  problem: string | undefined;
  closedMs: number;
  /** What a visit that failed learnt of the recorder's clock. */
  clock: PluggedClock | undefined;
  /** When it was last tried to let a visit go that nobody will release. */
  letGoMs: number | undefined;
  triesLeft: number;
}

/** `stop` does not wait longer for a helper that hangs in the kernel. */
const stopMsMax = 20_000;
/** The same finding about the same slot is not told again before. */
const findingGapMs = 600_000;
const findingsRemembered = 500;

export class UsbDock implements Dock {
  readonly kind = 'usb';
  readonly slots: readonly string[];
  readonly #parts: UsbDockParts;
  readonly #limits: UsbDockLimits;
  readonly #seats = new Map<string, Seat>();
  /** Visits whose recorder is gone and not released yet. */
  readonly #leaving = new Set<Seat>();
  readonly #hintListeners = new Set<() => void>();
  readonly #told = new Map<string, number>();
  #stopTreeHints: (() => void) | undefined;
  #lookUnderWay: Promise<unknown> = Promise.resolve();
  #nextLook: Promise<readonly UsbDevice[]> | undefined;
  #isClean = false;
  #stopping: Promise<void> | undefined;
  #visits = 0;

  constructor(parts: UsbDockParts) {
    this.#parts = parts;
    this.#limits = { ...usbDockLimits, ...parts.limits };
    this.slots = parts.slots.slots.map(String);
  }

  /** @throws StationError dock-not-calibrated; the helper's errors while it cannot be reached */
  async scan(): Promise<readonly DockedRecorder[]> {
    if (this.#stopping !== undefined) return [];
    if (!this.#parts.slots.isCalibrated) {
      throw new StationError('dock-not-calibrated', 'nobody has told which USB sockets are slots of the dock', {
        next: 'Run "evidock slots learn" and plug a recorder into each slot.',
      });
    }
    await this.#unmountLeft();
    for (const seat of this.#leaving) this.#letGo(seat);
    const bySlot = this.#bySlot(await this.#look());
    for (const slot of new Set([...this.#seats.keys(), ...bySlot.keys()])) this.#compare(slot, bySlot.get(slot));
    return [...this.#seats.values()].flatMap((seat) => {
      if (seat.recorder === undefined) return [];
      if (seat.state === 'open') seat.awaitsRelease = true;
      seat.state = seat.state === 'open' ? 'told' : seat.state;
      return [seat.recorder];
    });
  }

  notices(): readonly SlotNotice[] {
    // Until a scan told of it an open recorder is still being opened: without a notice its slot would look empty.
    return [...this.#seats.values()]
      .filter(({ state }) => state !== 'told')
      .map(({ slot, sinceMs, problem }) => ({ slot, sinceMs, problem: problem ?? null }));
  }

  onHint(listener: () => void): () => void {
    const entry = (): void => listener();
    this.#hintListeners.add(entry);
    this.#stopTreeHints ??= this.#parts.tree.onHint(() => this.#hint());
    return () => this.#hintListeners.delete(entry);
  }

  async release({ generation }: DockedRecorder): Promise<void> {
    const seat = [...this.#seats.values(), ...this.#leaving].find(
      ({ recorder }) => recorder?.generation === generation,
    );
    if (seat === undefined) return;
    seat.awaitsRelease = false;
    await seat.visit.close();
    this.#leaving.delete(seat);
  }

  async writable(
    { generation }: DockedRecorder,
    root: Uint8Array,
    work: (volume: WritableVolume) => Promise<void>,
  ): Promise<void> {
    const seat = [...this.#seats.values()].find(({ recorder }) => recorder?.generation === generation);
    if (seat === undefined) throw new StationError('recorder-pulled', 'the recorder is not there any more');
    await seat.visit.writable(Buffer.from(root).toString(), (path) => work({ root: Buffer.from(path) }));
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#stopTreeHints?.();
    this.#hintListeners.clear();
    const seats = [...this.#seats.values(), ...this.#leaving];
    const closed = Promise.allSettled(seats.map(({ visit }) => visit.close()));
    if (!(await settlesWithin(closed, stopMsMax))) this.#parts.log.error({}, 'cards could not be let go in time');
    await this.#parts.helper.close();
  }

  /** What an earlier daemon left mounted is not ours to read: it may belong to a card that is long gone. */
  async #unmountLeft(): Promise<void> {
    if (this.#isClean) return;
    const { helper, log } = this.#parts;
    for (const path of await helper.leftMounts()) {
      log.info({ path }, 'a mount that was left behind is let go');
      // Each visit mounts at a place of its own, so one that stays is in nobody's way.
      await helper.unmount(path).catch((error: unknown) => log.warn({ err: error, path }, 'it could not be let go'));
    }
    this.#isClean = true;
  }

  /**
   * A look that began after this call: what a visit has just done or read must be in it. Those who ask while one is
   * under way share the next. No USB at all is an empty dock.
   */
  #look(): Promise<readonly UsbDevice[]> {
    this.#nextLook ??= this.#lookUnderWay.then(() => {
      this.#nextLook = undefined;
      const look = this.#parts.tree.devices().then((devices) => devices ?? []);
      this.#lookUnderWay = look.catch(() => undefined);
      return look;
    });
    return this.#nextLook;
  }

  #bySlot(devices: readonly UsbDevice[]): ReadonlyMap<string, UsbDevice> {
    const bySlot = new Map<string, UsbDevice>();
    for (const device of devices) {
      const slot = this.#parts.slots.slotOf(socketOf(device));
      if (slot === undefined) continue;
      const other = bySlot.get(String(slot));
      if (other === undefined) bySlot.set(String(slot), device);
      else {
        const detail = `devices at ${other.portPath} and ${device.portPath}: the first is read`;
        this.#tell(String(slot), { code: 'slot-has-two-devices', detail });
      }
    }
    return bySlot;
  }

  #compare(slot: string, device: UsbDevice | undefined): void {
    const seat = this.#seats.get(slot);
    const nowMs = this.#parts.monotonicMs();
    if (device === undefined) {
      const mayReturn = seat?.state === 'opening' && nowMs - seat.seenMs < seat.visit.awayMsMax;
      if (seat !== undefined && !mayReturn) this.#retire(seat);
      return;
    }
    if (seat === undefined) {
      this.#begin(slot, device, { triesLeft: this.#limits.retriesMax, clock: undefined });
      return;
    }
    seat.seenMs = nowMs;
    const sighting = sightingOf(device);
    switch (seat.state) {
      case 'opening':
        seat.sighting = sighting;
        return;
      case 'open':
      case 'told':
        if (generationOf(device) === seat.generation) return;
        this.#retire(seat);
        this.#begin(slot, device, { triesLeft: this.#limits.retriesMax, clock: undefined });
        return;
      case 'closed': {
        const changed = seat.sighting !== sighting;
        const again = seat.triesLeft > 0 && nowMs - seat.closedMs > this.#limits.retryMs;
        if (!changed && !again) return;
        this.#retire(seat);
        const triesLeft = changed ? this.#limits.retriesMax : seat.triesLeft - 1;
        this.#begin(slot, device, { triesLeft, clock: seat.clock });
      }
    }
  }

  #begin(slot: string, device: UsbDevice, { triesLeft, clock }: Pick<Seat, 'triesLeft' | 'clock'>): void {
    const visit = new UsbVisit({
      ...this.#parts,
      limits: this.#limits,
      slot,
      device: () => this.#deviceIn(slot),
      ...(clock === undefined ? {} : { clockBefore: clock }),
    });
    const seat: Seat = {
      slot,
      visit,
      sinceMs: this.#parts.now(),
      sighting: sightingOf(device),
      seenMs: this.#parts.monotonicMs(),
      state: 'opening',
      recorder: undefined,
      generation: undefined,
      awaitsRelease: false,
      problem: undefined,
      closedMs: 0,
      clock,
      letGoMs: undefined,
      triesLeft,
    };
    this.#seats.set(slot, seat);
    void this.#follow(seat);
  }

  async #deviceIn(slot: string): Promise<UsbDevice | undefined> {
    return this.#bySlot(await this.#look()).get(slot);
  }

  /** Never rejects: a visit's outcome is a value. */
  async #follow(seat: Seat): Promise<void> {
    const outcome = await seat.visit.outcome;
    if (this.#seats.get(seat.slot) !== seat) return;
    if (outcome.kind === 'opened') {
      seat.generation = generationOf(outcome.recorder.device);
      seat.recorder = this.#recorderOf(seat.slot, outcome.recorder);
      seat.state = 'open';
    } else {
      for (const finding of outcome.findings) this.#tell(seat.slot, finding);
      seat.state = 'closed';
      seat.problem = outcome.problem;
      seat.clock = outcome.clock;
      seat.closedMs = this.#parts.monotonicMs();
      if (outcome.final) seat.triesLeft = 0;
    }
    this.#hint();
  }

  #recorderOf(slot: string, { device, chosen, volumes, cardReaders, findings, clock }: OpenedRecorder): DockedRecorder {
    const [first, ...more] = volumes.map(({ path }) => Buffer.from(path));
    if (first === undefined) throw new Error('a recorder without a volume was opened');
    const twin = [...this.#seats.values()].find(
      ({ recorder }) => chosen.serial !== undefined && recorder?.serial === chosen.serial && recorder.slot !== slot,
    );
    const all = [...findings];
    if (twin !== undefined) {
      all.push({ code: 'duplicate-serial', detail: `${chosen.serial} in slots ${twin.slot} and ${slot} at once` });
    }
    this.#visits += 1;
    return {
      kind: 'usb',
      slot,
      // Numbers of devices come round again, so the visit is counted as well.
      generation: `${this.#visits}-${generationOf(device)}`,
      serial: chosen.serial,
      recorderBasis: chosen.basis,
      root: first,
      moreRoots: more,
      volumes,
      cardReaders,
      isSerialShared: chosen.isPlaceholder || twin !== undefined,
      ...(clock === undefined ? {} : { clock }),
      findings: all,
    };
  }

  #retire(seat: Seat): void {
    this.#seats.delete(seat.slot);
    this.#leaving.add(seat);
    this.#letGo(seat);
  }

  /** Whoever was told of the recorder releases it first: its files are still open. The rest is let go here. */
  #letGo(seat: Seat): void {
    const nowMs = this.#parts.monotonicMs();
    if (seat.awaitsRelease || (seat.letGoMs !== undefined && nowMs - seat.letGoMs < this.#limits.retryMs)) return;
    seat.letGoMs = nowMs;
    void seat.visit.close().then(
      () => this.#leaving.delete(seat),
      (error: unknown) => this.#parts.log.warn({ err: error, slot: seat.slot }, 'a card could not be let go'),
    );
  }

  #tell(slot: string, finding: DockFinding): void {
    const key = `${slot}\n${finding.code}\n${finding.detail}`;
    const nowMs = this.#parts.monotonicMs();
    const before = this.#told.get(key);
    if (before !== undefined && nowMs - before < findingGapMs) return;
    if (this.#told.size >= findingsRemembered) this.#told.clear();
    this.#told.set(key, nowMs);
    this.#parts.onFinding(slot, finding);
  }

  #hint(): void {
    for (const listener of this.#hintListeners) listener();
  }
}
