/**
 * A copy engine that gets the files of simulated cards no faster than a recorder would give them. Their clips are
 * short, so that a demonstration stays small, and would be over before anyone sees them; other sources are not slowed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CopyControl, CopyEngine, CopyRequest } from '../domain/copy-engine.ts';

export interface Pace {
  /** Absolute path below which sources are slow. */
  readonly folder: string;
  /** Of one file; several that are copied at once are each as fast. */
  readonly bytesPerSecond: number;
}

/** However large a file is, and however small: a text file is seen as well. */
const fileMsMax = 6_000;
const fileMsMin = 150;
/** As often as an engine tells. */
const tellMs = 200;

export function pacedEngine(engine: CopyEngine, pace: Pace): CopyEngine {
  const prefix = Buffer.from(`${pace.folder}/`);
  const isSlow = ({ root }: CopyRequest['source']): boolean =>
    prefix.equals(Buffer.from(root).subarray(0, prefix.length));
  return {
    name: engine.name,
    async copy(request, control) {
      if (isSlow(request.source)) await giveSlowly(request.expected?.bytes ?? 0, pace, control);
      // Aborted or changed in the meantime: the engine says so itself.
      return engine.copy(request, control);
    },
    hash: (request, control) => engine.hash(request, control),
    probeReadBack: (folder) => engine.probeReadBack(folder),
  };
}

/** Counts the bytes as a slow card would give them; the true copy then tells its own. Ends early when aborted. */
async function giveSlowly(totalBytes: number, { bytesPerSecond }: Pace, control: CopyControl = {}): Promise<void> {
  const { signal, onProgress } = control;
  const wholeMs = Math.min(fileMsMax, Math.max(fileMsMin, (totalBytes / bytesPerSecond) * 1000));
  for (let passedMs = 0; passedMs < wholeMs && signal?.aborted !== true; passedMs += tellMs) {
    onProgress?.({ phase: 'copying', bytes: Math.floor((totalBytes * passedMs) / wholeMs), totalBytes });
    await sleep(Math.min(tellMs, wholeMs - passedMs), undefined, signal === undefined ? {} : { signal }).catch(
      () => undefined,
    );
  }
}
