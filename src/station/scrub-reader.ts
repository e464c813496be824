/**
 * A process of its own that reads originals for a scrub, so that the kernel can be told that it may wait: it is started
 * under nice and ionice. A line of JSON in names an original, a line out says what was found. It decides and records
 * nothing, and ends with its input.
 */
import { createInterface } from 'node:readline';
import { OriginalCheck } from '../checking/original-check.ts';
import type { SealedOriginal } from '../checking/sealed-originals.ts';
import type { StoreFinding } from '../domain/findings.ts';
import { createCopyEngine } from '../intake/engine/create-engine.ts';
import { placesOf } from './vault-places.ts';

export interface ReadOrder {
  /** The data folder, or the mirror's. */
  readonly folder: string;
  readonly original: SealedOriginal;
}

export interface ReadAnswer {
  readonly findings: readonly StoreFinding[];
}

const engine = createCopyEngine(process.argv[2] === 'portable' ? 'portable' : 'native');
for await (const line of createInterface({ input: process.stdin })) {
  const { folder, original } = JSON.parse(line) as ReadOrder;
  const check = new OriginalCheck({ dataFolder: folder, places: placesOf(folder), engine });
  const answer: ReadAnswer = { findings: await check.check(original, {}) };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
