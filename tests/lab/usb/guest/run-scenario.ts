/**
 * Inside the guest: runs one scenario (`run-scenario.ts NAME WISH`, the wish as JSON in base64url), one JSON line a step on stdout, the verdict
 * last. Exit codes: 0 passed, 1 failed.
 */
import { mkdirSync } from 'node:fs';
import { Lab, type LabWish } from '../scenario.ts';
import { getScenario } from '../scenarios.ts';

const [name = '', encoded = ''] = process.argv.slice(2);
const wish = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')) as LabWish;
const write = (line: object): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};
const folder = `/lab/${name}`;
mkdirSync(folder, { recursive: true });
const lab = new Lab({ wish, folder, results: '/run/evidock-lab/results', write });
try {
  await getScenario(name).run(lab);
} catch (error) {
  lab.step('the scenario ran to its end', false, { error: error instanceof Error ? error.stack : String(error) });
}
const verdict = lab.verdict(name);
write(verdict);
// Not process.exit: a scenario that leaves something running has a leak, and the time limit says so.
process.exitCode = verdict.verdict === 'passed' ? 0 : 1;
