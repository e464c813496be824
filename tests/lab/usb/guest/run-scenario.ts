/**
 * Inside the guest: runs one scenario (`run-scenario.ts NAME RECORDERS`), one JSON line a step on stdout, the verdict
 * last. Exit codes: 0 passed, 1 failed.
 */
import { mkdirSync } from 'node:fs';
import { Lab } from '../scenario.ts';
import { getScenario } from '../scenarios.ts';

const [name = '', recorders = ''] = process.argv.slice(2);
const write = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
const folder = `/lab/${name}`;
mkdirSync(folder, { recursive: true });
const lab = new Lab({ recorders: Number(recorders), folder, results: '/run/evidock-lab/results', write });
try {
  await getScenario(name).run(lab);
} catch (error) {
  lab.step('the scenario ran to its end', false, { error: error instanceof Error ? error.stack : String(error) });
}
const verdict = lab.verdict(name);
write(verdict);
// Not process.exit: a scenario that leaves something running has a leak, and the time limit says so.
process.exitCode = verdict.verdict === 'passed' ? 0 : 1;
