/** The thread in which a large roster is looked through for one answer, and the answer is made; it only reads. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { CacheFile } from '../coverage/cache-file.ts';
import { CacheReader } from '../coverage/cache-reader.ts';
import { CoverageQueries } from '../registry/coverage-queries.ts';
import { openForReading } from '../registry/database.ts';
import { PeopleQueries } from '../registry/people-queries.ts';
import { gapDates, makeProduct } from './coverage-products.ts';
import { correctionsOf, membersIn, type ScanWork, scanCoverage, sinceQuestion, startsThen } from './coverage-scan.ts';
import { sendSliced, type ThreadNews } from './sliced-answer.ts';

const { question, product, cache, registryFile, useDays, timeZone } = workerData as ScanWork;
const port = parentPort as MessagePort;
const db = openForReading(registryFile);
const source = new CoverageQueries(db, timeZone);
const tell = (done: number, total: number): void =>
  port.postMessage({ kind: 'progress', done, total } satisfies ThreadNews);
const opened = cache && { file: CacheFile.open(cache.path, 'read'), profile: cache.profile };
const facts = source.inOneState(() => {
  const members = opened && membersIn(opened.file, question, { profile: opened.profile, source });
  return {
    scanned: scanCoverage(question, { people: new PeopleQueries(db), source, useDays }, tell, members),
    correctionsSince: correctionsOf(question, source),
  };
});
const answer = await makeProduct(product, {
  ...facts,
  startsOf: async (verdicts) =>
    opened === null
      ? startsThen(question, { source, useDays, verdicts }, { onProgress: tell })
      : gapDates(new CacheReader(opened.file), sinceQuestion(question, opened)),
});
opened?.file.close();
db.close();
await sendSliced(port, answer);
port.close();
