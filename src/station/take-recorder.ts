/**
 * Taking everything off one docked recorder: each of its volumes is a docking of its own, one after the other, because
 * a clip's path is told from the root of its volume. The slot is shown their sum.
 */

import type { DockedRecorder, DockingSummary, TakeControl, TakeProgress } from '../domain/dock.ts';
import { errorCode } from '../domain/errors.ts';
import type { RereadHeld } from '../domain/intake-plan-policy.ts';
import { takenUrgently } from '../domain/slot-machine.ts';
import type { ClearingResult } from '../intake/clearing.ts';
import type { IngestRequest, IntakeDesk } from './intake-desk.ts';
import { systemActor } from './station-context.ts';

export interface TakeParts {
  readonly intake: Pick<IntakeDesk, 'ingest'>;
  readonly rereadHeld: RereadHeld;
  /** Clears one volume after everything was taken; undefined where nothing is ever deleted. */
  readonly clear?: ClearVolume | undefined;
}

/** `root` is where the volume was read. */
export type ClearVolume = (
  volume: { readonly docking: string; readonly root: Uint8Array },
  control: TakeControl,
) => Promise<ClearingResult>;

/** @throws StationError as IntakeDesk.ingest; what was sealed before stays sealed */
export async function takeRecorder(
  { intake, rereadHeld, clear }: TakeParts,
  recorder: DockedRecorder,
  control: TakeControl,
): Promise<DockingSummary> {
  const roots = [recorder.root, ...(recorder.moreRoots ?? [])];
  let sum: DockingSummary | undefined;
  const volumes: { readonly docking: string; readonly root: Uint8Array }[] = [];
  let before: TakeProgress = { filesDone: 0, files: 0, bytesDone: 0, bytes: 0 };
  for (const [index, root] of roots.entries()) {
    if (control.signal.aborted && sum !== undefined) {
      // What lies on this volume was not even listed: the visit did not take all.
      sum = { ...sum, cancelled: true };
      break;
    }
    let progress = before;
    const result = await intake.ingest(
      requestOf(recorder, root, index, { rereadHeld, control, last: roots.length - 1 }),
      {
        signal: control.signal,
        onStopped: control.onStopped,
        onEvent: () => undefined,
        onProgress: (now) => {
          progress = added(before, now);
          control.onProgress(progress);
        },
      },
    );
    before = progress;
    volumes.push({ docking: result.docking, root });
    sum = sum === undefined ? result : addedSummary(sum, result);
  }
  if (sum === undefined) throw new Error('a recorder without a volume was docked');
  const { docking, sealed, held, skipped, refused, failed, cancelled, notTaken = 0 } = sum;
  const cleared = clear === undefined ? {} : await clearAll(clear, volumes, control);
  const isUrgent = cancelled && errorCode(control.signal.reason) === takenUrgently;
  return {
    ...{ docking, sealed, held, skipped, refused, failed, cancelled, notTaken },
    ...(isUrgent ? { problem: takenUrgently } : {}),
    ...cleared,
  };
}

/** Volume by volume, until one meets trouble: then the others of the same recorder are left alone too. */
async function clearAll(
  clear: ClearVolume,
  volumes: readonly { readonly docking: string; readonly root: Uint8Array }[],
  control: TakeControl,
): Promise<Pick<DockingSummary, 'cleared' | 'problem'>> {
  let cleared = 0;
  for (const volume of volumes) {
    if (control.signal.aborted) break;
    try {
      const result = await clear(volume, control);
      cleared += result.cleared;
      if (result.problem !== null) return { cleared, problem: result.problem };
    } catch (error) {
      // Stopped while the plan was made: nothing was deleted, and everything was taken.
      if (!control.signal.aborted) throw error;
    }
  }
  return { cleared };
}

function requestOf(
  recorder: DockedRecorder,
  root: Uint8Array,
  index: number,
  {
    rereadHeld,
    control,
    last,
  }: { readonly rereadHeld: RereadHeld; readonly control: TakeControl; readonly last: number },
): IngestRequest {
  const volume = recorder.volumes?.[index];
  const cardReader = recorder.cardReaders?.[index];
  return {
    kind: recorder.kind,
    root,
    recorder: recorder.serial,
    recorderBasis: recorder.recorderBasis,
    // A path is told from the root of its volume, so another volume may hold another file of the same name, size and
    // time: only the bytes tell whether it is held already.
    rereadHeld: last > 0 ? 'always' : rereadHeld,
    actor: systemActor,
    // A sub-folder's name was typed by a person: it stands in the document only.
    ...(recorder.kind === 'import-folder' ? {} : { slot: recorder.slot }),
    ...(recorder.listing === undefined ? {} : { listing: recorder.listing }),
    ...(recorder.isSerialShared === undefined ? {} : { isSerialShared: recorder.isSerialShared }),
    ...(volume === undefined ? {} : { volume }),
    ...(cardReader === undefined ? {} : { cardReader }),
    ...(recorder.clock === undefined ? {} : { clock: recorder.clock }),
    // Once is enough: they are about the recorder, not about one of its volumes.
    ...(index > 0 || recorder.findings === undefined ? {} : { dockFindings: recorder.findings }),
    awaitsProbe: false,
    onStarted: control.onStarted,
    // With more volumes to come the recorder is still being read.
    ...(index === last ? { onFinishing: control.onFinishing } : {}),
  };
}

const added = (a: TakeProgress, b: TakeProgress): TakeProgress => ({
  filesDone: a.filesDone + b.filesDone,
  files: a.files + b.files,
  bytesDone: a.bytesDone + b.bytesDone,
  bytes: a.bytes + b.bytes,
});

/** The first docking's id stands for the visit. */
const addedSummary = (a: DockingSummary, b: DockingSummary): DockingSummary => ({
  docking: a.docking,
  sealed: a.sealed + b.sealed,
  held: a.held + b.held,
  skipped: a.skipped + b.skipped,
  refused: a.refused + b.refused,
  failed: a.failed + b.failed,
  cancelled: a.cancelled || b.cancelled,
  notTaken: (a.notTaken ?? 0) + (b.notTaken ?? 0),
});
