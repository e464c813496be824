/** `evidock slots urgent`: someone needs the recorder in a slot at once; waits until it may be pulled out. */
import { StationError } from '../domain/errors.ts';
import { slotsTexts } from '../texts/slots-texts.ts';
import { actorOf, jsonOption } from './call-words.ts';
import { exitCodes, type StationCommand } from './command.ts';

const kinds = ['usb', 'simulated'];

export const urgentCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'slots urgent',
  summary: '紧急取用：停止采集，尽快可以拔出 / someone needs the recorder at once: stop, let it go',
  usage: 'evidock slots urgent N [--dock KIND] [--data DIR] [--json]',
  options: {
    dock: { type: 'string', value: 'KIND', help: 'usb 或 simulated，两者都有该号时 / where both have a slot N' },
    json: jsonOption,
  },
  positionals: [{ name: 'N', isPath: false }],
  exits: '0 the recorder may be pulled out, 1 nothing was under way, or it is not free after 30 s',
  check: ({ values }) =>
    values.dock === undefined || kinds.includes(String(values.dock))
      ? undefined
      : `--dock 只能是 / --dock is ${kinds.join(' or ')}`,
  async run(station, call, io) {
    const [slot = ''] = call.positionals;
    const texts = slotsTexts[call.language];
    const started = performance.now();
    const kind = call.values.dock as string | undefined;
    let asked: Awaited<ReturnType<typeof station.urgent.request>>;
    try {
      asked = await station.urgent.request({ slot, kind, actor: actorOf(call) });
    } catch (error) {
      if (!(error instanceof StationError) || error.code !== 'slot-not-busy') throw error;
      io.err(texts.nothingToStop(slot));
      return exitCodes.incomplete;
    }
    await station.urgent.mayPull(asked, io.signal);
    const ms = Math.round(performance.now() - started);
    const json = call.values.json === true;
    io.out(json ? JSON.stringify({ event: 'may-pull', slot, ms }) : texts.mayPullNow(slot));
    const { docking, state, counts } = await station.urgent.settled(asked, io.signal);
    const notTaken = counts?.notTaken ?? 0;
    if (json) io.out(JSON.stringify({ event: 'ended', slot, docking, state, notTaken }));
    else if (notTaken > 0) io.out(texts.notTaken(notTaken));
    return exitCodes.done;
  },
};
