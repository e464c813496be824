/**
 * Small clips that are what recorders make: the host has ffmpeg make them once for a run, the guest gives each its own
 * bytes by a `free` box at the end of the MP4 (ISO/IEC 14496-12, 8.1.2), which players pass over.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CardFile } from './card-image.ts';

const run = promisify(execFile);

/** In the guest. */
const folder = '/lab/clips';
const names = { video: 'video.mp4', picture: 'picture.jpg' } as const;
const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=15'];
const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=16000'];

/** On the host. @throws ffmpeg's error with its words */
export async function makeRealClips(target: string): Promise<void> {
  const quiet = ['-hide_banner', '-loglevel', 'error', '-y'];
  const video = [
    '-t',
    '4',
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    '-shortest',
  ];
  await run('ffmpeg', [...quiet, ...picture, ...sound, ...video, join(target, names.video)]);
  await run('ffmpeg', [...quiet, ...picture, '-frames:v', '1', join(target, names.picture)]);
}

/** Two videos and a picture, no two with the same bytes for different words. */
export function realFiles(serial: string, words: string = serial): CardFile[] {
  const minutes = ['00', '05', '10'];
  return [names.video, names.video, names.picture].map((name, index) => {
    const isVideo = name === names.video;
    const path = `DCIM/100MEDIA/${serial}_JX0227_2026080410${minutes[index]}00.${isVideo ? 'MOV' : 'JPG'}`;
    const mark = Buffer.from(`${words} ${index}`);
    const content = Buffer.concat([readFileSync(join(folder, name)), isVideo ? freeBox(mark) : mark]);
    return { path, content, modified: new Date(`2026-08-04T10:${minutes[index]}:00Z`) };
  });
}

function freeBox(content: Buffer): Buffer {
  const head = Buffer.alloc(8, 'free', 'latin1');
  head.writeUInt32BE(8 + content.length, 0);
  head.write('free', 4, 'latin1');
  return Buffer.concat([head, content]);
}
