/**
 * Lets a volume go, and is not put off by one refusal: something may still hold it for a moment. As long as it did not
 * work the recorder may not be pulled out, and the reason is told; if it works after all, that is told too.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dock, DockedRecorder } from '../domain/dock.ts';
import { errorCode } from '../domain/errors.ts';
import type { DockLog } from './dock-log.ts';
import { settlesWithin } from './settles-within.ts';

export interface LetGoListener {
  readonly log: DockLog;
  readonly onReleased: () => void;
  readonly onHeld: (problem: string) => void;
}

const attemptsMax = 3;
const retryAfterMs = 1_000;
/** Flushing a slow card takes its time; a longer silence is told, and the same call is waited for further. */
const releaseMsMax = 30_000;

export async function letGo(dock: Dock, recorder: DockedRecorder, listener: LetGoListener): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await releaseOnce(dock, recorder, listener);
      listener.onReleased();
      return;
    } catch (error) {
      listener.log.warn({ err: error, slot: recorder.slot, attempt }, 'a volume could not be let go');
      if (attempt === attemptsMax) {
        const code = errorCode(error);
        listener.onHeld(code === 'unknown' ? 'release-failed' : code);
        return;
      }
    }
    await sleep(retryAfterMs);
  }
}

async function releaseOnce(dock: Dock, recorder: DockedRecorder, listener: LetGoListener): Promise<void> {
  // Called inside an async function: a dock that throws at once rejects like any other.
  const released = dock.release(recorder);
  if (await settlesWithin(released, releaseMsMax)) return;
  listener.log.error({ slot: recorder.slot }, 'letting a volume go takes very long');
  listener.onHeld('release-slow');
  await released;
}
