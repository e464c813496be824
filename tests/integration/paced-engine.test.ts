// Goal: cards of the demo are read slowly enough to be watched, by the real engine; a pulled recorder ends the wait at
// once, and what does not come from a simulated card is not slowed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { CopyProgress } from '../../src/domain/copy-engine.ts';
import { createCopyEngine } from '../../src/intake/engine/create-engine.ts';
import { pacedEngine } from '../../src/simulator/paced-engine.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';

const folder = makeDiskFolder();
afterAll(() => removeFolder(folder));
const bytes = Buffer.alloc(100_000, 7);
for (const card of ['cards/1', 'cards-of-others']) {
  mkdirSync(join(folder, card), { recursive: true });
  writeFileSync(join(folder, card, 'a.mp4'), bytes);
}
const engine = pacedEngine(createCopyEngine('portable'), { folder: join(folder, 'cards'), bytesPerSecond: 100_000 });
let copies = 0;

async function copyFrom(card: string, signal?: AbortSignal) {
  const { mode } = await engine.probeReadBack(folder);
  if (mode === 'none') throw new Error('the tests need a disk');
  copies += 1;
  const progress: CopyProgress[] = [];
  const started = performance.now();
  const result = await engine
    .copy(
      {
        source: { root: Buffer.from(join(folder, card)), path: Buffer.from('a.mp4') },
        expected: { bytes: bytes.length, mtimeNs: -1n },
        target: join(folder, `copy-${copies}`),
        readBack: mode,
        sm3: true,
      },
      { onProgress: (told) => progress.push(told), ...(signal === undefined ? {} : { signal }) },
    )
    .then(
      () => 'copied',
      (error: { code: string }) => error.code,
    );
  return { result, progress, ms: performance.now() - started };
}

test('a simulated card gives its bytes at its pace, and tells them on the way', async () => {
  const { result, progress, ms } = await copyFrom('cards/1');
  // The engine looks at the file after the wait, as at any other: this one is not what was listed.
  expect(result).toBe('SOURCE_CHANGED');
  expect(ms).toBeGreaterThan(900);
  expect(progress.slice(0, 5).map((told) => told.bytes)).toEqual([0, 20_000, 40_000, 60_000, 80_000]);
});

test('what comes from elsewhere is not slowed', async () => {
  expect((await copyFrom('cards-of-others')).ms).toBeLessThan(800);
});

test('a recorder that is pulled out is not waited for', async () => {
  const { result, ms } = await copyFrom('cards/1', AbortSignal.timeout(100));
  expect(result).toBe('CANCELLED');
  expect(ms).toBeLessThan(800);
});
