/**
 * Keys of what media tools may do and use: probing originals and making previews.
 * Declarations only; schema.ts puts the slices together.
 */

import { ABSOLUTE_PATH, GIB, integerKey, KIB, MIB, section, TIB, textKey } from './key-types.ts';

export const probe = section('Looking into originals with ffprobe: what a file is, and whether it is whole.', {
  ffprobePath: textKey({ ...ABSOLUTE_PATH, description: 'The program.', default: '/usr/bin/ffprobe' }),
  parallelFiles: integerKey({
    unit: 'files',
    minimum: 1,
    maximum: 16,
    default: 1,
    description: 'Files that are probed at the same time.',
  }),
  timeoutSeconds: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 600,
    default: 20,
    description: 'Time for one file by the clock; then the program is killed.',
  }),
  cpuSecondsMax: integerKey({
    unit: 'seconds',
    minimum: 1,
    maximum: 600,
    default: 10,
    description: 'Processor time for one file.',
  }),
  memoryBytesMax: integerKey({
    unit: 'bytes',
    minimum: 128 * MIB,
    maximum: 64 * GIB,
    default: GIB,
    description: 'Address space of one program.',
  }),
  outputBytesMax: integerKey({
    unit: 'bytes',
    minimum: 4 * KIB,
    maximum: 64 * MIB,
    default: 256 * KIB,
    description: 'Text that it may print about one file.',
  }),
});

export const preview = section('Playable copies and posters. They wait for copying and never delay sealing.', {
  ffmpegPath: textKey({ ...ABSOLUTE_PATH, description: 'The program.', default: '/usr/bin/ffmpeg' }),
  parallelJobs: integerKey({
    unit: 'jobs',
    minimum: 1,
    maximum: 16,
    default: 1,
    description: 'Previews that are made at the same time.',
  }),
  parallelThreads: integerKey({
    unit: 'threads',
    minimum: 1,
    maximum: 64,
    default: 2,
    description: 'Threads of one program.',
  }),
  queueJobsMax: integerKey({
    unit: 'jobs',
    minimum: 1,
    maximum: 1_000_000,
    default: 5000,
    description: 'Clips that may wait for their preview at a time.',
  }),
  attemptsMax: integerKey({
    unit: 'attempts',
    minimum: 1,
    maximum: 100,
    default: 3,
    description: 'How often a preview is tried that failed for a reason that may pass.',
  }),
  timeoutSeconds: integerKey({
    unit: 'seconds',
    minimum: 10,
    maximum: 172_800,
    default: 21_600,
    description: 'Time for one preview by the clock, however long the clip is; then it is given up.',
  }),
  cpuSecondsMax: integerKey({
    unit: 'seconds',
    minimum: 10,
    maximum: 172_800,
    default: 21_600,
    description: 'Processor time for one preview.',
  }),
  memoryBytesMax: integerKey({
    unit: 'bytes',
    minimum: 256 * MIB,
    maximum: 64 * GIB,
    default: 4 * GIB,
    description: 'Address space of one program.',
  }),
  playableBytesMax: integerKey({
    unit: 'bytes',
    minimum: MIB,
    maximum: TIB,
    default: 16 * GIB,
    description: 'Size of one playable copy.',
  }),
  freeBytesMin: integerKey({
    unit: 'bytes',
    minimum: 0,
    maximum: TIB,
    default: 2 * GIB,
    description: 'No preview is begun that would leave less space free than this.',
  }),
  heightPixelsMax: integerKey({
    unit: 'pixels',
    minimum: 120,
    maximum: 4320,
    default: 480,
    description: 'Height of video where it has to be converted at all; smaller video keeps its own.',
  }),
  posterWidthPixelsMax: integerKey({
    unit: 'pixels',
    minimum: 64,
    maximum: 3840,
    default: 640,
    description: 'Width of the still picture that stands for a clip.',
  }),
  pictureEdgePixelsMax: integerKey({
    unit: 'pixels',
    minimum: 64,
    maximum: 16_384,
    default: 1920,
    description: 'Longer edge of the copy of a picture.',
  }),
});
