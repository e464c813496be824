/**
 * Goal: doctor warns when the cosignatures that the policy asks for are too old or were never there, by what really
 * lies with the ledger, before and after a change of keys; and counts a quorum, not every witness.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkWitnesses, type WitnessMachine } from '../../src/checking/doctor-witnesses.ts';
import { loadWitnessPolicy } from '../../src/config/witness-policy.ts';
import { parseSigsumPolicy, type SigsumPolicy } from '../../src/formats/sigsum-policy.ts';
import { lastCosignatures } from '../../src/ledger/last-cosignatures.ts';
import { evidock, ingest, jsonLines } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';

const folder = makeDiskFolder();
const data = join(folder, 'data');
const witness = join(folder, 'witness');
const stick = join(folder, 'stick');
const file = join(folder, 'policy');
let policy: SigsumPolicy;

async function run(...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await evidock(words);
  expect(code, stdout + stderr).toBe(0);
  return stdout;
}

beforeAll(async () => {
  mkdirSync(join(folder, 'card'));
  writeFileSync(join(folder, 'card/clip.mp4'), 'clip');
  expect((await ingest(join(folder, 'card'), data)).code).toBe(0);
  const made = await run('witness', 'init', '--data', witness, '--name', 'witness.example/w1');
  const line = made.split('\n')[1]?.replace('witness.example/w1', 'w1') ?? '';
  writeFileSync(file, `${line}\nwitness w2 ${'11'.repeat(32)}\ngroup any-of any w1 w2\nquorum any-of\n`);
  writeFileSync(join(data, 'config.yaml'), `ledger: { policyFile: ${file} }\n`);
  policy = await loadWitnessPolicy(file);
}, 60_000);

afterAll(() => removeFolder(folder));

/** Two days; the clock as far on as asked. */
const machine = (hoursLater = 0, change: Partial<WitnessMachine> = {}): WitnessMachine => ({
  hoursMax: 48,
  now: () => Date.now() + hoursLater * 3_600_000,
  policy: async () => policy,
  cosignaturesBy: (keys) => lastCosignatures(data, keys),
  ...change,
});

it('without a policy, or one that needs nobody, it says that nobody would notice', async () => {
  const none = parseSigsumPolicy('quorum none\n');
  for (const given of [undefined, none as SigsumPolicy])
    expect(await checkWitnesses(machine(0, { policy: async () => given }))).toMatchObject({ state: 'warning' });
});

it('a policy that cannot be read is something missing, and a folder without a ledger says nothing', async () => {
  const broken = machine(0, { policy: () => loadWitnessPolicy(join(folder, 'no-policy')) });
  expect(await checkWitnesses(broken)).toMatchObject({ state: 'missing' });
  const empty = machine(0, { cosignaturesBy: (keys) => lastCosignatures(join(folder, 'nothing'), keys) });
  expect(await checkWitnesses(empty)).toMatchObject({ state: 'unknown' });
});

it('never cosigned, cosigned now, cosigned too long ago, and still after a change of keys', async () => {
  expect(await checkWitnesses(machine())).toMatchObject({ state: 'warning', mend: 'evidock witness ask' });
  const doctor = await evidock(['doctor', '--data', data, '--json']);
  expect(jsonLines(doctor.stdout)).toContainEqual(expect.objectContaining({ check: 'witnesses', state: 'warning' }));

  writeFileSync(join(witness, 'logs'), JSON.parse(await run('keys', 'list', '--data', data, '--json')).logs[0].vkey);
  await run('witness', 'carry', '--out', stick, '--data', data);
  await run('witness', 'sign', stick, '--data', witness);
  await run('witness', 'take', stick, '--data', data);
  expect(await checkWitnesses(machine())).toMatchObject({ state: 'ok', found: 'w1 0 h ago, w2 never' });
  expect(await checkWitnesses(machine(47))).toMatchObject({ state: 'ok', found: 'w1 47 h ago, w2 never' });
  expect(await checkWitnesses(machine(49))).toMatchObject({ state: 'warning' });

  await run('keys', 'change', '--approved-by', '李四', '--data', data);
  expect(await checkWitnesses(machine(47))).toMatchObject({ state: 'ok' });
  expect(await checkWitnesses(machine(49))).toMatchObject({ state: 'warning' });
}, 60_000);
