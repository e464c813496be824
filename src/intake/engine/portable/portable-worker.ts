/** The worker thread of the portable engine: takes one job at a time, answers with its result or its error's fields. */
import { parentPort } from 'node:worker_threads';
import type { CopyRequest, HashRequest } from '../../../domain/copy-engine.ts';
import type { EngineErrorFields } from '../engine-error.ts';
import { fieldsOf } from './engine-failure.ts';
import { JobSwitches } from './job-switches.ts';
import { copyFile, hashFile } from './portable-work.ts';
import { probeReadBack } from './read-back-probe.ts';

export type PortableTask =
  | { readonly kind: 'copy'; readonly request: CopyRequest }
  | { readonly kind: 'hash'; readonly request: HashRequest }
  | { readonly kind: 'probe'; readonly folder: string };

export interface PortableOrder {
  readonly task: PortableTask;
  readonly shared: SharedArrayBuffer;
}

export type PortableAnswer = { readonly result: unknown } | { readonly error: EngineErrorFields };

async function perform(task: PortableTask, switches: JobSwitches): Promise<unknown> {
  switch (task.kind) {
    case 'copy':
      return await copyFile(task.request, switches);
    case 'hash':
      return await hashFile(task.request, switches);
    case 'probe':
      return await probeReadBack(task.folder);
  }
}

async function answer({ task, shared }: PortableOrder): Promise<PortableAnswer> {
  try {
    return { result: await perform(task, new JobSwitches(shared)) };
  } catch (error) {
    return { error: fieldsOf(error) };
  }
}

parentPort?.on('message', (order: PortableOrder) => {
  void answer(order).then((message) => parentPort?.postMessage(message));
});
