/** The thread in which a large roster is looked through for one answer; it only reads. */
import { parentPort, workerData } from 'node:worker_threads';
import { CoverageQueries } from '../registry/coverage-queries.ts';
import { openForReading } from '../registry/database.ts';
import { PeopleQueries } from '../registry/people-queries.ts';
import { type ScanNews, type ScanWork, scanCoverage } from './coverage-scan.ts';

const { question, registryFile, useDays, timeZone } = workerData as ScanWork;
const tell = (news: ScanNews): void => parentPort?.postMessage(news);
const db = openForReading(registryFile);
const source = new CoverageQueries(db, timeZone);
const from = { people: new PeopleQueries(db), source, useDays };
const answer = source.inOneState(() =>
  scanCoverage(question, from, (done, total) => tell({ kind: 'progress', done, total })),
);
tell({ kind: 'answer', answer });
db.close();
