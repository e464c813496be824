/**
 * Goal: what driver and card said while a recorder was docked is what its self-check says when it is handed out; being
 * docked returns a shared recorder only where configuration says so.
 */
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DockedRecorder } from '../../src/domain/dock.ts';
import { systemActor } from '../../src/station/station-context.ts';
import { runFsck } from '../support/checked-store.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { InProcess } from '../support/in-process.ts';
import { recordsOf } from '../support/store-check.ts';

let root: string;
let data: string;
let card: string;

beforeEach(() => {
  root = makeDiskFolder();
  data = join(root, 'data');
  card = join(root, 'card');
  for (const folder of [data, card]) mkdirSync(folder);
  for (const name of ['a.bin', 'b.bin']) writeFileSync(join(card, name), name);
  writeFileSync(
    join(root, 'roster.csv'),
    '姓名,执法证号,单位,岗位,有效期至,证件状态,在岗\n张三,1401,一大队,路面执法,2030-01-01,有效,是\n',
  );
  writeFileSync(join(root, 'recorders.csv'), '记录仪编号,型号,状态\nR1,M,在用\n');
});
afterEach(() => removeFolder(root));

async function open(config: string): Promise<InProcess> {
  const bench = await InProcess.open(data, `engine: { kind: portable }\n${config}`);
  for (const kind of ['roster', 'recorders']) {
    const { code, stderr } = await bench.run([kind, 'import', join(root, `${kind}.csv`), '--effective', '2026-01-01']);
    expect(code, stderr).toBe(0);
  }
  return bench;
}

/** One visit, as the service tells of it. */
async function dock({ station }: InProcess, batteryPercent: number | null): Promise<void> {
  const volume = { path: card, fileSystem: 'vfat', label: '', uuid: '1A2B-3C4D', options: '' };
  const { docking } = await station.intake.ingest(
    {
      kind: 'usb',
      root: Buffer.from(card),
      recorder: 'R1',
      recorderBasis: 'protocol',
      rereadHeld: 'never',
      actor: systemActor,
      awaitsProbe: true,
      volume,
    },
    { signal: new AbortController().signal, onEvent: () => undefined, onProgress: () => undefined },
  );
  const recorder: DockedRecorder = {
    kind: 'usb',
    slot: '1',
    generation: 'g',
    serial: 'R1',
    recorderBasis: 'protocol',
    root: Buffer.from(card),
    volumes: [volume],
    clock: { reading: null, setting: null, findings: [], batteryPercent },
  };
  await station.checkOuts.docked(docking, recorder);
}

test('battery, space and files are those of the last docking, judged by the configuration', async () => {
  const free = statfsSync(card).bavail * statfsSync(card).bsize;
  const bench = await open('recorders: { batteryPercentMin: 60, freeMebibytesMin: 0, filesOnCardMax: 2 }\n');
  await dock(bench, 59);
  const [battery, space, clock, files] = bench.station.checkOuts.selfCheck('R1');
  expect([battery, files]).toEqual([
    { point: 'battery', state: 'warn', figure: 59 },
    { point: 'card', state: 'ok', figure: 2 },
  ]);
  expect(space?.state).toBe('ok');
  expect(Math.abs((space?.figure ?? 0) - free)).toBeLessThan(1024 ** 3);
  expect(clock?.point).toBe('clock');
  writeFileSync(join(card, 'c.bin'), 'c');
  await dock(bench, 60);
  expect(bench.station.checkOuts.selfCheck('R1').map(({ point, state }) => `${point} ${state}`)).toEqual(
    expect.arrayContaining(['battery ok', 'card warn']),
  );
  // The next docking did not say.
  await dock(bench, null);
  expect(bench.station.checkOuts.selfCheck('R1')[0]).toEqual({ point: 'battery', state: 'unknown' });
  const said = await bench.run(['recorders', 'check-out', 'R1', '1401', '--json']);
  expect(JSON.parse(said.stdout).checks).toEqual(bench.station.checkOuts.selfCheck('R1'));
  await bench.close();
  expect((await runFsck(data)).findings).toEqual([]);
});

test.each([
  ['', 0],
  ['recorders: { returnAtDock: true }\n', 1],
])('docking a recorder that is checked out, with "%s", records %i returns', async (config, returns) => {
  const bench = await open(config);
  expect((await bench.run(['recorders', 'check-out', 'R1', '1401'])).code).toBe(0);
  await dock(bench, null);
  const returned = recordsOf(data).filter(({ type }) => type === 'recorder-returned');
  expect(returned.map(({ body }) => body.basis)).toEqual(Array(returns).fill('docking'));
  expect(bench.station.context.registry.recorders.openCheckouts()).toHaveLength(1 - returns);
  await bench.close();
  expect((await runFsck(data)).findings).toEqual([]);
});
