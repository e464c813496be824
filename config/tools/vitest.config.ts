import { join, relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const root = join(import.meta.dirname, '../..');

/** Folders of tests by how long a file of theirs takes. */
const longestFirst = ['e2e', 'fault', 'lab', 'integration', 'contract', 'unit'];

const turnOf = ({ moduleId }: TestSpecification): number =>
  longestFirst.indexOf(relative(join(root, 'tests'), moduleId).split('/')[0] ?? '');

/**
 * Files that take long begin first, so that no worker is left alone with one at the end. Before there are results of an
 * earlier run vitest goes by the size of a file, and a test that waits for processes has few lines.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((left, right) => turnOf(left) - turnOf(right));
  }
}

/** Tests use real files, SQLite and ffmpeg on two cores: two workers, and generous limits instead of timed assertions. */
export default defineConfig({
  test: {
    root,
    include: ['tests/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    sequence: { sequencer: LongestFirst },
  },
});
