import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests use real files, SQLite and ffmpeg on two cores: two workers, and generous limits instead of timed assertions. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '../..'),
    include: ['tests/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
