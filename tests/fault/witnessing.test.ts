/**
 * Goal: whatever call of storing fails or kills, a witness never hands out a cosignature that it would forget, and a
 * station that takes cosignatures in keeps a sound ledger, raises no alarm, and takes them in the next time.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CallFault, faultName, startWithFault } from '../support/call-faults.ts';
import type { CliResult } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { evidockHere, ingestHere } from '../support/in-process.ts';
import { storeTroubles } from '../support/store-check.ts';

const folder = makeDiskFolder();
const data = join(folder, 'data');
const witness = join(folder, 'witness');
const stick = join(folder, 'stick');
let stateFile = '';

const sizeIn = (file: string): number => Number(readFileSync(file, 'utf8').split('\n')[1]);

async function takeIn(name: string): Promise<void> {
  const card = join(folder, name);
  mkdirSync(card);
  writeFileSync(join(card, `${name}.log`), name);
  expect((await ingestHere(card, data)).code).toBe(0);
}

/** A command on the folder of a station or a witness: in a process of its own with the fault in it, or without one. */
function run(words: readonly string[], at: string, fault?: CallFault): Promise<CliResult> {
  const whole = [...words, '--data', at];
  return fault === undefined ? evidockHere(whole) : startWithFault(whole, { fault, data: at }).result;
}
const carry = (): Promise<CliResult> => run(['witness', 'carry', '--out', stick], data);

beforeAll(async () => {
  await takeIn('one');
  const made = await run(['witness', 'init', '--name', 'w.example/1'], witness);
  writeFileSync(join(witness, 'logs'), readFileSync(join(data, 'ledger/keys/log.vkey')));
  writeFileSync(join(folder, 'policy'), `${made.stdout.split('\n')[1]}\nquorum w.example/1\n`);
  writeFileSync(join(data, 'config.yaml'), `ledger: { policyFile: ${join(folder, 'policy')} }\n`);
  await carry();
  expect((await run(['witness', 'sign', stick], witness)).code).toBe(0);
  expect((await run(['witness', 'take', stick], data)).code).toBe(0);
  stateFile = readdirSync(join(witness, 'state'))[0] ?? '';
  await takeIn('two');
  rmSync(stick, { recursive: true });
  await carry();
});
afterAll(() => removeFolder(folder));

test('a witness remembers before it answers', async () => {
  const old = sizeIn(join(witness, 'state', stateFile));
  const grown = sizeIn(join(data, 'ledger/checkpoint'));
  expect(grown).toBeGreaterThan(old);
  const path = `state/${stateFile}.new`;
  const faults: CallFault[] = [
    { call: 'openat', action: 'ENOSPC', when: '1', path },
    { call: 'fdatasync', action: 'EIO', when: '1', path },
    { call: 'fdatasync', action: 'KILL', when: '1', path },
    { call: 'rename', action: 'EIO', when: '1', path },
    { call: 'rename', action: 'KILL', when: '1', path },
    { call: 'fsync', action: 'EIO', when: '1', path: 'state' },
  ];
  for (const fault of faults) {
    const trial = join(folder, 'trial');
    cpSync(witness, trial, { recursive: true });
    const failed = await run(['witness', 'sign', stick], trial, fault);
    expect(failed.code, faultName(fault)).not.toBe(0);
    expect([failed.stdout, existsSync(join(stick, 'answer'))], faultName(fault)).toEqual(['', false]);
    const remembered = sizeIn(join(trial, 'state', stateFile));
    expect([old, grown], faultName(fault)).toContain(remembered);
    // From whatever it remembers it goes on: with the proof from there.
    await run(['witness', 'carry', '--out', stick, '--from', String(remembered)], data);
    expect((await run(['witness', 'sign', stick], trial)).code, faultName(fault)).toBe(0);
    expect(sizeIn(join(trial, 'state', stateFile))).toBe(sizeIn(join(data, 'ledger/checkpoint')));
    rmSync(join(stick, 'answer'));
    rmSync(trial, { recursive: true });
  }
}, 600_000);

test('a station keeps a sound ledger when a cosignature cannot be stored', async () => {
  expect((await run(['witness', 'sign', stick], witness)).code).toBe(0);
  const faults: CallFault[] = [
    { call: 'fdatasync', action: 'EIO', when: '1', path: 'ledger/checkpoint.new' },
    { call: 'rename', action: 'KILL', when: '1', path: 'ledger/checkpoint.new' },
    { call: 'rename', action: 'KILL', when: '1', path: 'ledger/cosigned-checkpoint.new' },
    { call: 'openat', action: 'ENOSPC', when: '1', path: 'ledger/cosigned-checkpoint.new' },
    { call: 'rename', action: 'KILL', when: '1', path: 'keys/remembered.json.new' },
    { call: 'fdatasync', action: 'EIO', when: '1', path: 'keys/remembered.json.new' },
  ];
  for (const fault of faults) {
    const trial = join(folder, 'trial');
    cpSync(data, trial, { recursive: true });
    const failed = await run(['witness', 'take', stick], trial, fault);
    expect(failed.code, faultName(fault)).not.toBe(0);
    expect((await run(['alarm', 'list'], trial)).code, faultName(fault)).toBe(0);
    expect(await storeTroubles(trial), faultName(fault)).toEqual([]);
    const again = await run(['witness', 'take', stick], trial);
    expect(again.code, `${faultName(fault)}: ${again.stderr}`).toBe(0);
    expect(sizeIn(join(trial, 'ledger/cosigned-checkpoint'))).toBe(sizeIn(join(data, 'ledger/checkpoint')));
    rmSync(trial, { recursive: true });
  }
}, 600_000);
