/**
 * Makes the still picture of a clip: a key frame of a video, the waveform of a sound recording, a small copy of a
 * picture. Video and sound are decoded by ffmpeg in its guarded process; of pictures only JPEG, PNG and WebP are
 * decoded in this process, with every other loader of the library switched off and a limit on pixels and time.
 */
import sharp from 'sharp';
import { demuxerOf } from './content-signature.ts';
import { type RunControl, runFfmpeg } from './ffmpeg-adapter.ts';
import { type PreviewJob, type PreviewLimits, PreviewTrouble } from './preview-result.ts';

sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp'].flatMap((format) => [
    `VipsForeignLoad${format}File`,
    `VipsForeignLoad${format}Buffer`,
  ]),
});
// An original must not stay open, nor a frame in memory, after its poster is made.
sharp.cache(false);

export interface StillTarget {
  readonly job: PreviewJob;
  /** Absolute path of a temporary file; the caller renames it. */
  readonly file: string;
  readonly limits: PreviewLimits;
}

/** @throws PreviewTrouble, or the signal's reason when it is aborted. */
export async function writePoster(target: StillTarget, control: RunControl): Promise<void> {
  const width = target.limits.posterWidthMax;
  await writeJpeg(await stillOf(target, control), target, { width, height: width });
}

/** The copy of a picture that a page shows large. @throws like `writePoster`. */
export async function writePictureCopy(target: StillTarget, control: RunControl): Promise<void> {
  const edge = target.limits.pictureEdgeMax;
  await writeJpeg(await stillOf(target, control), target, { width: edge, height: edge });
}

async function stillOf(target: StillTarget, control: RunControl): Promise<string | Buffer> {
  const { facts, originalPath } = target.job;
  switch (facts.kind) {
    case 'video':
      return keyFrame(target, control);
    case 'audio':
      return waveform(target, control);
    default:
      if (facts.container === 'bmp') {
        return decodedBitmap(target, control);
      }
      if (!['jpeg', 'png', 'webp'].includes(facts.container)) {
        throw new PreviewTrouble('unsupported-picture', facts.container);
      }
      return originalPath;
  }
}

async function writeJpeg(
  still: string | Buffer,
  target: StillTarget,
  box: { readonly width: number; readonly height: number },
): Promise<void> {
  const { limits } = target;
  try {
    await sharp(still, { limitInputPixels: limits.picturePixelsMax, failOn: 'none', pages: 1 })
      .timeout({ seconds: limits.pictureSecondsMax })
      .rotate()
      .resize({ ...box, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#101418' })
      .jpeg({ quality: 78 })
      .toFile(target.file);
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 300) : 'sharp failed';
    const code = /pixel limit/.test(detail) ? 'too-large' : /timeout/.test(detail) ? 'timeout' : 'unreadable';
    throw new PreviewTrouble(code, detail);
  }
}

/** The first second is often a lens cap or a hand: look a little later, and be content with less if need be. */
async function keyFrame(target: StillTarget, control: RunControl): Promise<Buffer> {
  const { facts } = target.job;
  const video = facts.streams.find((stream) => stream.type === 'video' && stream.cover !== true);
  const later = (facts.durationMs ?? 0) > 3000 ? [['-ss', '1', '-noaccurate_seek', '-skip_frame', 'nokey']] : [];
  for (const options of [...later, ['-skip_frame', 'nokey'], []]) {
    const frame = await oneFrame(target, control, { options, stream: video?.index ?? 0 });
    if (frame.length > 0) {
      return frame;
    }
  }
  throw new PreviewTrouble('nothing-playable', 'no frame could be decoded');
}

async function decodedBitmap(target: StillTarget, control: RunControl): Promise<Buffer> {
  const [size] = target.job.facts.streams;
  if ((size?.width ?? 0) * (size?.height ?? 0) > target.limits.picturePixelsMax) {
    throw new PreviewTrouble('too-large', 'more pixels than the limit');
  }
  const frame = await oneFrame(target, control, { options: [], stream: 0 });
  if (frame.length === 0) {
    throw new PreviewTrouble('unreadable', 'the bitmap could not be decoded');
  }
  return frame;
}

/** A frame as PNG, empty when the tool ran and found none. */
async function oneFrame(
  target: StillTarget,
  control: RunControl,
  how: { readonly options: readonly string[]; readonly stream: number },
): Promise<Buffer> {
  const { job, limits } = target;
  const edge = limits.pictureEdgeMax;
  const scale = `scale=min(${edge}\\,iw):min(${edge}\\,ih):force_original_aspect_ratio=decrease`;
  const filter = ['-map', `0:${how.stream}`, '-frames:v', '1', '-filter:v', scale];
  try {
    const answer = await runFfmpeg(
      {
        input: { file: job.originalPath, demuxer: demuxerOf(job.facts.container), options: how.options },
        output: { to: 'pipe', muxer: 'image2pipe', options: [...filter, '-c:v', 'png'] },
        limits,
      },
      control,
    );
    return answer.output;
  } catch (error) {
    if (error instanceof PreviewTrouble && error.code === 'unreadable') {
      return Buffer.alloc(0);
    }
    throw error;
  }
}

async function waveform(target: StillTarget, control: RunControl): Promise<Buffer> {
  const { job, limits } = target;
  const audio = job.facts.streams.find((stream) => stream.type === 'audio');
  const size = `${limits.posterWidthMax}x${Math.round(limits.posterWidthMax / 4)}`;
  const picture = `aformat=channel_layouts=mono,showwavespic=s=${size}:colors=0x7fb2e5:scale=sqrt`;
  const answer = await runFfmpeg(
    {
      input: { file: job.originalPath, demuxer: demuxerOf(job.facts.container) },
      output: {
        to: 'pipe',
        muxer: 'image2pipe',
        options: ['-filter_complex', `[0:${audio?.index ?? 0}]${picture}`, '-frames:v', '1', '-c:v', 'png'],
      },
      limits,
      durationMs: job.facts.durationMs,
    },
    control,
  );
  if (answer.output.length === 0) {
    throw new PreviewTrouble('nothing-playable', 'no sound could be decoded');
  }
  return answer.output;
}
