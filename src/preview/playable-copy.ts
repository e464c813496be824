/**
 * Writes the copy of a clip that a browser plays: MP4 with its index first, H.264 and AAC. It reads the original and
 * writes one file of its own; what cannot be copied is encoded small. A truncated recording is copied as far as it goes.
 */
import { open } from 'node:fs/promises';
import { judgeMp4Layout, walkMp4Boxes } from '../domain/mp4-boxes.ts';
import { demuxerOf } from './content-signature.ts';
import { type RunControl, runFfmpeg } from './ffmpeg-adapter.ts';
import { encodeAll, type PlayablePlan } from './playable-plan.ts';
import { type PreviewJob, type PreviewLimits, PreviewTrouble } from './preview-result.ts';

export interface PlayableTarget {
  readonly job: PreviewJob;
  readonly plan: PlayablePlan;
  /** Absolute path of a temporary file; the caller renames it. */
  readonly file: string;
  readonly limits: PreviewLimits;
}

/** @throws PreviewTrouble, or the signal's reason when it is aborted. */
export async function writePlayableCopy(target: PlayableTarget, control: RunControl): Promise<void> {
  try {
    await writeOnce(target, control);
  } catch (error) {
    const encoded = encodeAll(target.plan);
    const mayHelp = error instanceof PreviewTrouble && ['unreadable', 'nothing-playable'].includes(error.code);
    if (!mayHelp || encoded === undefined) {
      throw error;
    }
    await writeOnce({ ...target, plan: encoded }, control);
  }
}

async function writeOnce(target: PlayableTarget, control: RunControl): Promise<void> {
  const { job, plan, limits } = target;
  const answer = await runFfmpeg(
    {
      input: {
        file: job.originalPath,
        demuxer: demuxerOf(job.facts.container),
        // AVI and transport streams may carry no time stamps; half a frame at a cut makes a browser give up the rest.
        options: ['-fflags', '+genpts+discardcorrupt'],
      },
      output: { to: target.file, muxer: 'mp4', options: [...streamOptions(plan, limits), ...containerOptions] },
      limits,
      durationMs: job.facts.durationMs,
    },
    control,
  );
  if (answer.reachedMs <= 0 && answer.frames === 0) {
    throw new PreviewTrouble('nothing-playable', 'ffmpeg wrote no frame and no sample');
  }
  await assertWhole(target.file, limits);
}

const containerOptions = [
  '-movflags',
  '+faststart',
  '-avoid_negative_ts',
  'make_zero',
  '-max_muxing_queue_size',
  '2048',
];

function streamOptions(plan: PlayablePlan, limits: PreviewLimits): string[] {
  const options: string[] = [];
  if (plan.video !== undefined) {
    options.push('-map', `0:${plan.video.index}`);
    options.push(...(plan.video.how === 'copy' ? ['-c:v', 'copy'] : encodedVideo(limits)));
  }
  if (plan.audio !== undefined) {
    options.push('-map', `0:${plan.audio.index}`);
    options.push(...(plan.audio.how === 'copy' ? ['-c:a', 'copy'] : ['-c:a', 'aac', '-b:a', '64k', '-ac', '1']));
  }
  return options;
}

/** A key frame every two seconds or so lets a browser seek at once; 4:2:0 because nothing else plays everywhere. */
function encodedVideo(limits: PreviewLimits): string[] {
  const scale = `scale=-2:2*trunc(min(${limits.heightMax}\\,ih)/2)`;
  const filter = ['-filter:v', `${scale},format=yuv420p`, '-fpsmax', '30'];
  return [...filter, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '27', '-g', '60'];
}

/** The copy is checked like any other MP4: an exit code proves nothing. */
async function assertWhole(file: string, limits: PreviewLimits): Promise<void> {
  await using handle = await open(file, 'r');
  const { size } = await handle.stat();
  const readAt = async (offset: number, length: number): Promise<Uint8Array> => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  };
  const layout = await walkMp4Boxes({ fileBytes: size, readAt }, { boxesMax: 1000, indexBytesMax: 0 });
  if (size > limits.playableBytesMax || judgeMp4Layout(layout).length > 0) {
    throw new PreviewTrouble('nothing-playable', 'the copy is not a whole MP4 file');
  }
}
