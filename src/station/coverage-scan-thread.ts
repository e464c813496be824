/** The thread in which a large roster is looked through for one answer, and the answer is made; it only reads. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { CacheFile } from '../coverage/cache-file.ts';
import { CacheReader } from '../coverage/cache-reader.ts';
import type { CalendarDate } from '../domain/people-facts.ts';
import { CoverageQueries } from '../registry/coverage-queries.ts';
import { openForReading } from '../registry/database.ts';
import { PeopleQueries } from '../registry/people-queries.ts';
import { gapDates, makeProduct } from './coverage-products.ts';
import { correctionsOf, type ScanWork, scanCoverage, sinceQuestion, startsThen } from './coverage-scan.ts';
import { sendSliced, type ThreadNews } from './sliced-answer.ts';

const { question, product, cache, registryFile, useDays, timeZone } = workerData as ScanWork;
const port = parentPort as MessagePort;
const db = openForReading(registryFile);
const source = new CoverageQueries(db, timeZone);
const tell = (done: number, total: number): void =>
  port.postMessage({ kind: 'progress', done, total } satisfies ThreadNews);
const facts = source.inOneState(() => ({
  scanned: scanCoverage(question, { people: new PeopleQueries(db), source, useDays }, tell),
  correctionsSince: correctionsOf(question, source),
}));
const answer = await makeProduct(product, {
  ...facts,
  startsOf: async (verdicts) =>
    cache === null ? startsThen(question, { source, useDays, verdicts }, { onProgress: tell }) : datesIn(cache),
});
db.close();
await sendSliced(port, answer);
port.close();

function datesIn({ path, profile }: NonNullable<ScanWork['cache']>): Map<string, CalendarDate> {
  const file = CacheFile.open(path, 'read');
  try {
    return gapDates(new CacheReader(file), sinceQuestion(question, { profile }));
  } finally {
    file.close();
  }
}
