/** `evidock run`: the station as a service, until it is told to stop. With `--demo` on simulated recorders. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { cliTexts } from '../texts/cli-texts.ts';
import { exitCodes, type StationCommand } from './command.ts';

/** Not the folder for temporary files, which is memory on many systems: a vault there would be refused. */
const demoParent = '/var/tmp';

export const runStationCommand: StationCommand = {
  runs: 'station',
  makesFolder: true,
  ownProcess: true,
  name: 'run',
  summary: '运行采集站（页面在 http://127.0.0.1:8420/） / run the station and its pages',
  usage: 'evidock run [--data DIR] [--config FILE] [--demo]',
  options: {
    demo: {
      type: 'boolean',
      help: '模拟记录仪，临时数据目录 / simulated recorders; a temporary data folder unless --data is given',
    },
  },
  positionals: [],
  exits: '0 stopped by a signal, 1 it could not run',
  temporaryDataFolder: ({ demo }) =>
    demo === true ? join(demoParent, `evidock-demo-${randomUUID().slice(0, 8)}`) : undefined,
  async run(station, call, io) {
    const texts = cliTexts[call.language];
    const demo = call.values.demo === true ? await import('../station/demo.ts') : undefined;
    const { runService } = await import('../station/service.ts');
    if (demo !== undefined) {
      io.err(texts.demoPreparing);
      await demo.importDemoTeam(station);
    }
    await runService(station, {
      demo: demo !== undefined,
      moreDocks: demo === undefined ? [] : [demo.makeDemoDock],
      ...(demo && { aroundEngine: demo.demoEngine(station) }),
      signal: io.signal,
      onReady: (address) => {
        io.err(texts.running(address, station.context.options.dataFolder));
        if (demo !== undefined) io.err(texts.demoRunning);
      },
    });
    return exitCodes.done;
  },
};
