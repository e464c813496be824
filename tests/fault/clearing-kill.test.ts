/**
 * Goal: `kill -9` in the middle of a clearing, at many random moments: no file is gone that is not sealed, whatever was
 * recorded as cleared is gone, what may be gone is named at the next start, fsck finds nothing, and the next docking
 * finishes. The moments are random; the seed is printed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { ClearingBench, filesOn } from '../support/clearing-bench.ts';
import { checkout, makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { seededRandom } from '../support/random.ts';
import { recordsOf, storeTroubles } from '../support/store-check.ts';

const rounds = 4;
const clips = 40;
const folder = makeDiskFolder();
afterAll(() => removeFolder(folder));

const config = 'engine: { kind: native }\nlog: { level: fatal }\nclearing: { policy: after-seal }\n';
const child = join(checkout, 'tests/support/clearing-child.ts');

async function clearAndKill(at: string, afterMs: number): Promise<void> {
  const running = spawn(process.execPath, [child, at], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(running, 'exit');
  const [said] = (await Promise.race([once(running.stdout, 'data'), exit])) as [Buffer | number | null];
  expect(String(said)).toContain('clearing');
  await Promise.race([sleep(afterMs), exit]);
  running.kill('SIGKILL');
  await exit;
}

/** The card as whoever pulls the recorder out has it. */
function takeOut(at: string): string {
  const dock = join(at, 'dock');
  const card = join(at, 'away/TA00716');
  const [seat] = existsSync(dock) ? readdirSync(dock) : [];
  if (seat !== undefined) renameSync(join(dock, seat), card);
  return card;
}

const nameOf = (index: number): string => `DCIM/TA00716_JX0227_20261121${String(100_000 + index)}.MP4`;

test('whatever the moment, nothing is lost and everything is said', async () => {
  const random = seededRandom('moments of killing a clearing');
  let interrupted = 0;
  for (let round = 0; round < rounds; round += 1) {
    const at = join(folder, `round-${round}`);
    mkdirSync(join(at, 'away/TA00716/DCIM'), { recursive: true });
    for (let index = 0; index < clips; index += 1) {
      writeFileSync(join(at, 'away/TA00716', nameOf(index)), random.bytes(20_000));
    }
    await clearAndKill(at, random.next() * 400);
    const card = takeOut(at);
    const left = filesOn(card);
    const data = join(at, 'data');
    const bench = await ClearingBench.open({ folder: at, config });
    try {
      const clearedClips = new Set(bench.records('clip-cleared').map(({ subject }) => subject));
      const rows = [...bench.station.context.registry.clips()];
      const clearedPaths = rows.filter(({ clip }) => clearedClips.has(clip)).map(({ path }) => path.toString());
      const gone = Array.from({ length: clips }, (_, index) => nameOf(index)).filter((name) => !left.includes(name));
      for (const path of clearedPaths) expect(left).not.toContain(path);
      const unsaid = gone.filter((path) => !clearedPaths.includes(path));
      // Between deleting and recording lies one file at most, and it stands among those that may be gone.
      expect(unsaid.length).toBeLessThanOrEqual(1);
      const cutOff = bench.records('clearing-interrupted');
      if (cutOff.length > 0) interrupted += 1;
      for (const path of unsaid) expect(Object.keys(bench.entries('clearing-interrupted'))).toContain(path);
      for (const path of gone) {
        const row = rows.find((clip) => clip.path.toString() === path);
        expect(
          readFileSync(join(data, 'vault/originals', row?.sha256.slice(0, 2) ?? '', row?.sha256 ?? '')),
        ).toHaveLength(20_000);
      }
      const view = await bench.visit('TA00716');
      expect(view).toMatchObject({ state: 'done', counts: { sealed: 0, held: left.length, cleared: left.length } });
      expect(filesOn(card)).toEqual([]);
    } finally {
      await bench.close();
    }
    expect(await storeTroubles(data)).toEqual([]);
    const dockings = recordsOf(data).filter(({ type }) => type === 'clearing-ended' || type === 'clearing-interrupted');
    expect(dockings.length).toBeGreaterThan(0);
    rmSync(at, { recursive: true });
  }
  expect(interrupted).toBeGreaterThan(0);
}, 240_000);
