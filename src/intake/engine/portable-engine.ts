/**
 * The copy engine in plain Node, for machines where the addon cannot be built; chosen by configuration only. Each job
 * runs in a worker thread of its own, so hashing and waiting for the disk never hold up the event loop. Slower than
 * the native engine; what it does less well is said in portable/portable-work.ts.
 */
import { Worker } from 'node:worker_threads';
import type { CopyEngine, CopyResult, HashResult, ReadBackAbility } from '../../domain/copy-engine.ts';
import { engineError } from './engine-error.ts';
import { type EngineJob, followJob } from './engine-job.ts';
import { assertAbsolute, assertCopyRequest, assertHashRequest, sourceText } from './engine-request.ts';
import { JobSwitches } from './portable/job-switches.ts';
import type { PortableAnswer, PortableOrder, PortableTask } from './portable/portable-worker.ts';

/** Workers kept for the next job; starting one takes tens of milliseconds. */
const idleWorkersMax = 2;
const workerUrl = new URL('./portable/portable-worker.ts', import.meta.url);

export function createPortableEngine(): CopyEngine {
  const idle: PortableWorker[] = [];
  const start = <T>(task: PortableTask): EngineJob<T> => startJob<T>(idle, task);
  return {
    name: 'portable',
    async copy(request, control) {
      assertCopyRequest(request);
      const subject = { path: sourceText(request.source), side: 'source' } as const;
      return await followJob(() => start<CopyResult>({ kind: 'copy', request }), subject, control);
    },
    async hash(request, control) {
      assertHashRequest(request);
      const subject = { path: sourceText(request.source), side: 'source' } as const;
      return await followJob(() => start<HashResult>({ kind: 'hash', request }), subject, control);
    },
    async probeReadBack(folder) {
      assertAbsolute('folder', folder);
      const subject = { path: folder, side: 'target' } as const;
      return await followJob(() => start<ReadBackAbility>({ kind: 'probe', folder }), subject);
    },
  };
}

function startJob<T>(idle: PortableWorker[], task: PortableTask): EngineJob<T> {
  const switches = new JobSwitches();
  const worker = idle.pop() ?? new PortableWorker();
  const done = worker.perform({ task, shared: switches.shared }).then((answer) => {
    if (idle.length < idleWorkersMax) {
      idle.push(worker);
    } else {
      worker.end();
    }
    if ('error' in answer) {
      throw engineError(answer.error);
    }
    return answer.result as T;
  });
  return { done, progress: () => switches.numbers(), cancel: () => switches.cancel() };
}

/** A worker thread that does one job after the other. It keeps the process alive only while it works. */
class PortableWorker {
  readonly #thread = new Worker(workerUrl, { execArgv: [] });
  #answer: PromiseWithResolvers<PortableAnswer> | undefined;

  constructor() {
    this.#thread.on('message', (answer: PortableAnswer) => {
      this.#thread.unref();
      this.#answer?.resolve(answer);
    });
    this.#thread.on('error', (error) => this.#answer?.reject(error));
    this.#thread.on('exit', (status) => this.#answer?.reject(new Error(`the engine's worker ended: ${status}`)));
  }

  perform(order: PortableOrder): Promise<PortableAnswer> {
    this.#answer = Promise.withResolvers();
    this.#thread.ref();
    this.#thread.postMessage(order);
    return this.#answer.promise;
  }

  end(): void {
    void this.#thread.terminate();
  }
}
