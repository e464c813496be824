/** A process to be killed: one recorder is taken and cleared in the folder that is given; says when it begins to clear. */
import { ClearingBench } from './clearing-bench.ts';

const [folder = ''] = process.argv.slice(2);
const config = 'engine: { kind: native }\nlog: { level: fatal }\nclearing: { policy: after-seal }\n';
const bench = await ClearingBench.open({ folder, config });
const visit = await bench.plugIn('TA00716');
await bench.until('1', ['clearing', 'done', 'attention', 'failed']);
process.stdout.write('clearing\n');
const view = await bench.until('1', ['done', 'attention', 'failed']);
await visit.released;
await bench.close();
process.stdout.write(`${view.state}\n`);
