/**
 * Which physical sockets are the dock's slots, by number as printed on the housing. A socket is a controller, the side
 * of it (a USB 3 socket is a port of two hubs) and the ports down to it: bus numbers and letters of disks move between
 * boots, these do not. What the calibration walk learnt stands in DATA/dock-slots.yaml; no other socket is the dock's.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { errorCode, errorMessage, StationError } from '../../domain/errors.ts';
import { replaceDurably } from '../../files/durable-files.ts';
import type { UsbDevice } from './ports.ts';

export interface Socket {
  /** As in UsbDevice. */
  readonly controller: string;
  readonly side: 'usb2' | 'usb3';
  /** Ports from the root hub down, such as `1.2`. */
  readonly ports: string;
}

/** The sockets of each slot number. */
export type SlotSockets = ReadonlyMap<number, readonly Socket[]>;

export const slotNumberMax = 200;
/** Two halves of a USB 3 socket, and as many again for a dock whose cables were moved. */
const socketsPerSlotMax = 4;
const superSpeedMbits = 5000;
const socketForm = /^(?<controller>[^\s/][^\s]{0,250}?)\/(?<side>usb[23])\/(?<ports>\d{1,3}(?:\.\d{1,3}){0,6})$/;

export function socketOf(device: Pick<UsbDevice, 'controller' | 'portPath' | 'speed'>): Socket {
  const { controller, portPath, speed } = device;
  // A SuperSpeed hub has SuperSpeed devices only, and the other half has none.
  const side = speed !== null && speed >= superSpeedMbits ? 'usb3' : 'usb2';
  return { controller, side, ports: portPath.slice(portPath.indexOf('-') + 1) };
}

/** Such as `pci0000:00/0000:00:14.0/usb3/1.2`; one text for one socket. */
export const socketText = ({ controller, side, ports }: Socket): string => `${controller}/${side}/${ports}`;

export function parseSocket(text: string): Socket | undefined {
  const { controller, side, ports } = socketForm.exec(text)?.groups ?? {};
  if (controller === undefined || ports === undefined) return undefined;
  return { controller, side: side === 'usb3' ? 'usb3' : 'usb2', ports };
}

export class SlotMap {
  readonly sockets: SlotSockets;
  readonly #slots = new Map<string, number>();

  constructor(sockets: SlotSockets = new Map()) {
    this.sockets = sockets;
    for (const [slot, own] of sockets) for (const socket of own) this.#slots.set(socketText(socket), slot);
  }

  get isCalibrated(): boolean {
    return this.sockets.size > 0;
  }

  /** Slot numbers in their order, as the pages show them. */
  get slots(): readonly number[] {
    return [...this.sockets.keys()].sort((a, b) => a - b);
  }

  slotOf(socket: Socket): number | undefined {
    return this.#slots.get(socketText(socket));
  }

  /** The slot gets these sockets beside those it has; a socket that another slot had is moved. */
  with(slot: number, sockets: readonly Socket[]): SlotMap {
    const moved = new Set(sockets.map(socketText));
    const next = new Map<number, readonly Socket[]>();
    for (const [number, own] of this.sockets) {
      const rest = own.filter((socket) => !moved.has(socketText(socket)));
      if (rest.length > 0) next.set(number, rest);
    }
    next.set(slot, [...(next.get(slot) ?? []), ...sockets].slice(-socketsPerSlotMax));
    return new SlotMap(next);
  }

  without(slot: number): SlotMap {
    return new SlotMap(new Map([...this.sockets].filter(([number]) => number !== slot)));
  }
}

const fileName = 'dock-slots.yaml';
const fileHead = `# Which USB socket is which slot of the dock, as learnt by "evidock slots learn" or told by "evidock slots set".
# A slot has one line for each path to its socket: controller/usb2 or usb3/ports. A USB 3 socket has two.
`;

export const slotFile = (dataFolder: string): string => join(dataFolder, fileName);

/** An empty map when nobody has calibrated the dock. @throws StationError dock-slots-invalid */
export async function loadSlotMap(dataFolder: string): Promise<SlotMap> {
  const file = slotFile(dataFolder);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    // Below something that is no folder there is no calibration either.
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(cause))) return new SlotMap();
    throw invalid(file, errorMessage(cause));
  }
  return parseSlotMap(text, file);
}

/** @throws the kernel's error */
export function saveSlotMap(dataFolder: string, map: SlotMap): Promise<void> {
  const lines = map.slots.flatMap((slot) => [
    `  ${slot}:`,
    ...(map.sockets.get(slot) ?? []).map((socket) => `    - ${JSON.stringify(socketText(socket))}`),
  ]);
  const text = `${fileHead}slots:${lines.length === 0 ? ' {}' : ''}\n${lines.map((line) => `${line}\n`).join('')}`;
  return replaceDurably(slotFile(dataFolder), Buffer.from(text));
}

/** For the helper's `--sockets`: one socket a line. */
export const socketLines = (map: SlotMap): string =>
  map.slots.flatMap((slot) => (map.sockets.get(slot) ?? []).map((socket) => `${socketText(socket)}\n`)).join('');

/** @throws StationError dock-slots-invalid */
export function parseSlotMap(text: string, file: string): SlotMap {
  const document = parseDocument(text, { prettyErrors: false });
  const problem = document.errors[0];
  if (problem !== undefined) throw invalid(file, problem.message);
  const slots: unknown = (document.toJS() as { slots?: unknown } | null)?.slots;
  if (typeof slots !== 'object' || slots === null || Array.isArray(slots))
    throw invalid(file, 'it has no table "slots"');
  const map = new Map<number, readonly Socket[]>();
  const seen = new Set<string>();
  for (const [key, value] of Object.entries(slots)) {
    const slot = Number(key);
    if (!isSlotNumber(slot)) throw invalid(file, `${JSON.stringify(key)} is no slot number`);
    if (!Array.isArray(value) || value.length === 0 || value.length > socketsPerSlotMax) {
      throw invalid(file, `slot ${slot} needs 1 to ${socketsPerSlotMax} sockets`);
    }
    const sockets = value.map((entry) => {
      const socket = typeof entry === 'string' ? parseSocket(entry) : undefined;
      if (socket === undefined) throw invalid(file, `slot ${slot}: ${JSON.stringify(entry)} is no socket`);
      if (seen.has(socketText(socket))) throw invalid(file, `the socket ${socketText(socket)} stands twice`);
      seen.add(socketText(socket));
      return socket;
    });
    map.set(slot, sockets);
  }
  return new SlotMap(map);
}

export const isSlotNumber = (slot: number): boolean => Number.isInteger(slot) && slot >= 1 && slot <= slotNumberMax;

function invalid(file: string, message: string): StationError {
  return new StationError('dock-slots-invalid', `${file}: ${message}`, {
    next: 'Mend the file, or remove it and calibrate the dock anew with "evidock slots learn".',
  });
}
