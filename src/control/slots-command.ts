/**
 * `evidock slots`: which USB socket is which slot of the dock. Listing changes nothing; `learn` walks along the dock,
 * `set` and `forget` do the same without hands. Only the file of slots is written; devices are never touched.
 */
import type { UsbDevice } from '../dock/usb/ports.ts';
import {
  isSlotNumber,
  loadSlotMap,
  parseSocket,
  type SlotMap,
  type Socket,
  saveSlotMap,
  slotNumberMax,
  socketLines,
  socketOf,
  socketText,
} from '../dock/usb/slot-map.ts';
import { SysfsTree } from '../dock/usb/sysfs-tree.ts';
import { StationError } from '../domain/errors.ts';
import { slotsTexts } from '../texts/slots-texts.ts';
import { type AloneCommand, type CommandCall, type CommandIo, exitCodes, type StationCommand } from './command.ts';
import { walkSlots } from './slots-walk.ts';

const learnPollMs = 200;

const listCommand: AloneCommand = {
  runs: 'alone',
  needsFolder: false,
  name: 'slots',
  summary: '采集口与 USB 插口的对应 / which USB socket is which slot',
  usage: 'evidock slots [--data DIR] [--json | --sockets]',
  options: {
    json: { type: 'boolean', help: '输出 JSON 行 / JSON lines on stdout, one a slot, then other devices' },
    sockets: { type: 'boolean', help: "特权助手的接口清单 / the sockets for the helper's --sockets file, one a line" },
  },
  positionals: [],
  exits: '0 calibrated, 1 not',
  async run({ dataFolder }, call, io) {
    const texts = slotsTexts[call.language];
    const map = await loadSlotMap(dataFolder);
    if (call.values.sockets === true) {
      for (const line of socketLines(map).split('\n').filter(Boolean)) io.out(line);
      return map.isCalibrated ? exitCodes.done : exitCodes.incomplete;
    }
    const devices = await new SysfsTree().devices();
    if (devices === undefined) io.err(texts.noUsb);
    if (!map.isCalibrated) io.err(texts.notCalibrated);
    for (const line of linesOf(map, devices ?? [])) {
      if (call.values.json === true) io.out(JSON.stringify(line));
      else
        io.out(
          `${line.slot ?? texts.notOfDock}  ${line.sockets.join('  ')}  ${deviceText(line.device) ?? texts.empty}`,
        );
    }
    return map.isCalibrated ? exitCodes.done : exitCodes.incomplete;
  },
};

interface SlotLine {
  readonly slot: number | null;
  readonly sockets: readonly string[];
  readonly device: ReturnType<typeof deviceFacts> | null;
}

/** Slots by number, then devices in no slot by port path, as one would number them. */
function linesOf(map: SlotMap, devices: readonly UsbDevice[]): readonly SlotLine[] {
  const slots = map.slots.map((slot): SlotLine => {
    const device = devices.find((one) => map.slotOf(socketOf(one)) === slot);
    return {
      slot,
      sockets: (map.sockets.get(slot) ?? []).map(socketText),
      device: device ? deviceFacts(device) : null,
    };
  });
  const others = devices
    .filter((device) => map.slotOf(socketOf(device)) === undefined)
    .map((device): SlotLine => ({ slot: null, sockets: [socketText(socketOf(device))], device: deviceFacts(device) }));
  return [...slots, ...others];
}

const deviceFacts = ({ portPath, product, serial, disks }: UsbDevice) => ({
  portPath,
  product,
  serial,
  disks: disks.map(({ name }) => name),
});

const deviceText = (device: SlotLine['device']): string | undefined =>
  device === null ? undefined : `${device.portPath} ${device.product ?? ''} ${device.serial ?? ''}`.trim();

const setCommand: StationCommand = {
  runs: 'station',
  makesFolder: true,
  name: 'slots set',
  summary: '指定采集口的 USB 插口 / tell which socket is slot N',
  usage: 'evidock slots set N PORT [--data DIR]     PORT: 3-1.2, or platform/dummy_hcd.0/usb2/1 as "slots" lists it',
  options: {},
  positionals: [
    { name: 'N', isPath: false },
    { name: 'PORT', isPath: false },
  ],
  exits: '0 done, 1 no such port on this machine',
  check: ({ positionals }) => slotTrouble(positionals[0] ?? ''),
  async run(station, call, io) {
    const [number = '', port = ''] = call.positionals;
    const socket = parseSocket(port);
    const sockets = socket === undefined ? await new SysfsTree().socketsAt(port) : [socket];
    if (sockets.length === 0) {
      throw new StationError('port-unknown', `there is no USB port ${port} on this machine`, {
        next: 'Plug something in and take the port from "evidock slots".',
      });
    }
    await keep(station.context.options.dataFolder, Number(number), sockets, { call, io });
    return exitCodes.done;
  },
};

const forgetCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'slots forget',
  summary: '取消采集口编号 / slot N is no slot any more',
  usage: 'evidock slots forget N [--data DIR]',
  options: {},
  positionals: [{ name: 'N', isPath: false }],
  exits: '0 done, 1 there is no such slot',
  check: ({ positionals }) => slotTrouble(positionals[0] ?? ''),
  async run(station, call, io) {
    const { dataFolder } = station.context.options;
    const map = await loadSlotMap(dataFolder);
    const slot = Number(call.positionals[0]);
    if (!map.sockets.has(slot)) {
      io.err(slotsTexts[call.language].unknownSlot);
      return exitCodes.incomplete;
    }
    await saveSlotMap(dataFolder, map.without(slot));
    io.err(slotsTexts[call.language].nextStart);
    return exitCodes.done;
  },
};

const learnCommand: StationCommand = {
  runs: 'station',
  makesFolder: true,
  name: 'slots learn',
  summary: '校准：逐个插入记录仪 / calibrate: plug a recorder into slot 1, then 2, ...',
  usage: 'evidock slots learn [--from N] [--count N] [--data DIR]',
  options: {
    from: { type: 'string', value: 'N', help: '从几号开始（默认 1） / the first slot (default 1)' },
    count: { type: 'string', value: 'N', help: '几个采集口（默认直到 Ctrl-C） / how many (default: until Ctrl-C)' },
  },
  positionals: [],
  exits: '0 all were learnt, 1 this machine has no USB, 130 ended by hand; what was learnt is kept',
  check: ({ values }) => slotTrouble(String(values.from ?? '1')) ?? slotTrouble(String(values.count ?? '1')),
  async run(station, call, io) {
    const first = Number(call.values.from ?? 1);
    const last = call.values.count === undefined ? slotNumberMax : first + Number(call.values.count) - 1;
    const tree = new SysfsTree();
    const texts = slotsTexts[call.language];
    if ((await tree.devices()) === undefined) {
      io.err(texts.noUsb);
      return exitCodes.incomplete;
    }
    await walkSlots({
      tree,
      first,
      last: Math.min(last, slotNumberMax),
      pollMs: learnPollMs,
      signal: io.signal,
      ask: (slot) => io.err(texts.plugInto(slot)),
      alreadyLearnt: (slot) => io.err(texts.alreadyLearnt(slot)),
      learnt: (slot, sockets) => keep(station.context.options.dataFolder, slot, sockets, { call, io }),
    });
    return exitCodes.done;
  },
};

async function keep(
  dataFolder: string,
  slot: number,
  sockets: readonly Socket[],
  { call, io }: { readonly call: CommandCall; readonly io: CommandIo },
): Promise<void> {
  const texts = slotsTexts[call.language];
  await saveSlotMap(dataFolder, (await loadSlotMap(dataFolder)).with(slot, sockets));
  io.out(texts.learnt(slot, sockets.map(socketText).join(', ')));
  io.err(texts.nextStart);
}

const slotTrouble = (text: string): string | undefined =>
  /^\d{1,3}$/.test(text) && isSlotNumber(Number(text))
    ? undefined
    : `"${text}" is no number from 1 to ${slotNumberMax}`;

export const slotsCommands = [listCommand, setCommand, learnCommand, forgetCommand] as const;
