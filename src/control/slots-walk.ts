/**
 * The walk of `evidock slots learn`: one slot after the other, each learnt from the one device that comes. Whoever walks
 * along the dock with a recorder makes mistakes; a socket that this walk has had already is told, never moved.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { UsbDevice, UsbTree } from '../dock/usb/ports.ts';
import { type Socket, socketOf, socketText } from '../dock/usb/slot-map.ts';

export interface SlotWalk {
  readonly tree: Pick<UsbTree, 'devices'> & { socketsAt(portPath: string): Promise<readonly Socket[]> };
  readonly first: number;
  readonly last: number;
  readonly pollMs: number;
  readonly signal: AbortSignal;
  /** Asks for a recorder in this slot. */
  readonly ask: (slot: number) => void;
  /** The recorder is in a slot that was learnt before, in this walk. */
  readonly alreadyLearnt: (slot: number) => void;
  readonly learnt: (slot: number, sockets: readonly Socket[]) => Promise<void>;
}

/** @throws AbortError when it is ended by hand; what was learnt stays learnt */
export async function walkSlots(walk: SlotWalk): Promise<void> {
  const had = new Map<string, number>();
  for (let slot = walk.first; slot <= walk.last; slot += 1) {
    walk.ask(slot);
    const sockets = await nextSockets(walk, had);
    for (const socket of sockets) had.set(socketText(socket), slot);
    await walk.learnt(slot, sockets);
  }
}

async function nextSockets(walk: SlotWalk, had: ReadonlyMap<string, number>): Promise<readonly Socket[]> {
  for (;;) {
    const device = await newcomer(walk);
    const found = await walk.tree.socketsAt(device.portPath);
    const sockets = found.length > 0 ? found : [socketOf(device)];
    const before = sockets.map((socket) => had.get(socketText(socket))).find((slot) => slot !== undefined);
    if (before === undefined) return sockets;
    walk.alreadyLearnt(before);
  }
}

/** The one device that comes; two at once say nothing about which slot is which. */
async function newcomer({ tree, pollMs, signal }: SlotWalk): Promise<UsbDevice> {
  const keyOf = (device: UsbDevice): string => `${device.portPath} ${device.deviceNumber}`;
  let known = new Set((await tree.devices())?.map(keyOf));
  for (;;) {
    await sleep(pollMs, undefined, { signal });
    const devices = (await tree.devices()) ?? [];
    const fresh = devices.filter((device) => !known.has(keyOf(device)));
    if (fresh.length === 1 && fresh[0] !== undefined) return fresh[0];
    known = new Set(devices.map(keyOf));
  }
}
