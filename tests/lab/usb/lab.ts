/**
 * The command line of the USB laboratory (`scripts/lab usb`): runs one scenario or all of them in the guest and says
 * what held. stdout carries the result, stderr what goes on.
 */
import { randomInt } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkout, removeFolder } from '../../support/disk-folder.ts';
import { defaultWish, runTrial, type Trial, type TrialWish } from './run-lab.ts';
import { getScenario, scenarios } from './scenarios.ts';
import type { Acceleration } from './virtual-machine.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true },
    recorders: { type: 'string', default: '24' },
    undocks: { type: 'string', default: String(defaultWish.undocks) },
    cycles: { type: 'string', default: String(defaultWish.cycles) },
    seed: { type: 'string' },
    accel: { type: 'string' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    'save-fixtures': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

function usage(): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return `Usage: scripts/lab usb [--scenario NAME]... [--recorders N] [--undocks N] [--cycles N] [--seed N]
                      [--accel kvm|tcg] [--json] [--keep] [--save-fixtures]
  Boots Debian's kernel in QEMU on this machine's own root (read-only) and plays recorders on its virtual USB sockets.
  --scenario NAME  one of those below; may be given several times; without it all but the slice, a guest each;
                   those with the real daemon may be joined by + and share one (clearing with twins only)
  --recorders N    1 to 24, where a scenario can choose (default 24)
  --undocks N      of the scenario "undocking": how often a recorder is pulled out too early (default ${defaultWish.undocks})
  --cycles N       of the scenario "cycles": how often one is docked and taken out (default ${defaultWish.cycles})
  --seed N         of what is drawn by lot (default: drawn anew, and said)
  --accel          without it KVM where it works, else emulation
  --json           each step and each run as a JSON line on stdout
  --keep           leaves disk, console and results of each run and says where
  --save-fixtures  after a scenario "fixtures" that passed: its files replace those of fixtures/usb
Scenarios:
${scenarios.map(({ name, goal }) => `  ${name.padEnd(width)}  ${goal}`).join('\n')}
Exit codes: 0 everything held, 1 something did not, 2 usage.
`;
}

function report(trial: Trial, scenario: string): boolean {
  const { machine, verdict, kernel } = trial;
  const passed = verdict?.verdict === 'passed';
  const { acceleration, bootSeconds, seconds, ended } = machine;
  if (values.json) {
    const run = { run: scenario, passed, kernel, acceleration, bootSeconds, seconds, ended, words: trial.words };
    process.stdout.write(`${JSON.stringify(run)}\n`);
    return passed;
  }
  for (const { step, ok, seconds: at, ...facts } of trial.steps) {
    process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${scenario}: ${step} (${at} s) ${JSON.stringify(facts)}\n`);
  }
  const how = `${acceleration}, up after ${bootSeconds} s, ${seconds} s in all, ${ended}`;
  process.stdout.write(`${passed ? 'ok  ' : 'FAIL'} ${scenario} (${kernel}, ${how})\n`);
  if (!passed) process.stdout.write(`${trial.words}\n`);
  return passed;
}

async function main(): Promise<number> {
  const recorders = Number(values.recorders);
  const seed = Number(values.seed ?? randomInt(1, 1_000_000));
  const wish = { undocks: Number(values.undocks), cycles: Number(values.cycles), seed };
  const names = values.scenario ?? scenarios.map(({ name }) => name).filter((name) => name !== 'slice');
  const wrongAccel = values.accel !== undefined && !['kvm', 'tcg'].includes(values.accel);
  const wrongCount = Object.values(wish).some((count) => !Number.isInteger(count) || count < 1 || count > 1_000_000);
  if (!Number.isInteger(recorders) || recorders < 1 || recorders > 24 || wrongCount || wrongAccel) {
    process.stderr.write(usage());
    return 2;
  }
  for (const name of names) getScenario(name);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  let failed = 0;
  for (const scenario of names) {
    if (stop.signal.aborted) break;
    process.stderr.write(`lab: ${scenario}, seed ${seed}\n`);
    if (!(await runAndReport({ scenario, recorders, wish, signal: stop.signal }))) failed += 1;
  }
  return failed === 0 && !stop.signal.aborted ? 0 : 1;
}

async function runAndReport(wish: TrialWish): Promise<boolean> {
  const { scenario } = wish;
  const trial = await runTrial({
    ...wish,
    ...(values.accel === undefined ? {} : { acceleration: values.accel as Acceleration }),
    onLine: (line) => {
      if (values.json) process.stdout.write(`${JSON.stringify(line)}\n`);
    },
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const passed = report(trial, scenario);
  if (passed && values['save-fixtures'] && scenario === 'fixtures') {
    cpSync(join(trial.results, 'fixtures'), join(checkout, 'fixtures/usb'), { recursive: true });
  }
  if (values.keep) process.stderr.write(`lab: kept in ${trial.folder}\n`);
  else removeFolder(trial.folder);
  return passed;
}

if (values.help) {
  process.stdout.write(usage());
} else {
  process.exitCode = await main();
}
