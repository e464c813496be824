/**
 * Small real media files for tests, made once a run with ffmpeg, and the ways in which a recorder's file breaks.
 * Only tests use it; it calls ffmpeg plainly, since what it reads is its own.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SampleMedia {
  readonly h264: string;
  readonly h265: string;
  readonly withoutIndex: string;
  readonly cutToAThird: string;
  readonly zeroTail: string;
  readonly aviWithPcm: string;
  readonly flv: string;
  readonly flvCut: string;
  /** A transport stream cut before the first sound: its table announces sound that never comes. */
  readonly streamCut: string;
  readonly wav: string;
  readonly aacInMp4: string;
  readonly mp3: string;
  readonly jpg: string;
  readonly bmp: string;
  readonly nmea: string;
  readonly log: string;
  readonly concat: string;
}

export function makeSampleMedia(folder: string): SampleMedia {
  const at = (name: string): string => join(folder, name);
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25:duration=4'];
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=4'];
  const h264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-pix_fmt', 'yuv420p'];
  const aac = ['-c:a', 'aac', '-b:a', '48k'];

  const time = ['-metadata', 'creation_time=2026-08-04T02:00:00Z'];
  ffmpeg([...picture, ...sound, ...h264, ...aac, ...time, '-movflags', '+faststart', at('h264.mp4')]);
  ffmpeg(['-i', at('h264.mp4'), '-c', 'copy', at('index-last.mp4')]);
  ffmpeg(['-i', at('h264.mp4'), '-c:v', 'copy', '-c:a', 'pcm_s16le', at('pcm.avi')]);
  ffmpeg(['-i', at('h264.mp4'), '-c', 'copy', at('h264.flv')]);
  ffmpeg(['-i', at('h264.mp4'), '-c', 'copy', at('h264.ts')]);
  const x265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-tag:v', 'hvc1'];
  ffmpeg([...picture, ...sound, ...x265, ...aac, '-t', '2', at('h265.mp4')]);
  ffmpeg([...sound, '-c:a', 'pcm_s16le', '-ar', '8000', at('sound.wav')]);
  ffmpeg([...sound, ...aac, '-f', 'mp4', at('sound.aac-in-mp4')]);
  ffmpeg([...sound, '-c:a', 'libmp3lame', at('sound.mp3')]);
  ffmpeg([...picture, '-frames:v', '1', '-update', '1', at('still.jpg')]);
  ffmpeg([...picture, '-frames:v', '1', '-update', '1', at('still.bmp')]);

  copyFileSync(at('index-last.mp4'), at('no-index.mp4'));
  truncateSync(at('no-index.mp4'), Math.floor(statSync(at('no-index.mp4')).size * 0.9));
  removeIndex(at('no-index.mp4'));
  copyFileSync(at('h264.mp4'), at('third.mp4'));
  truncateSync(at('third.mp4'), Math.floor(statSync(at('third.mp4')).size / 3));
  copyFileSync(at('h264.mp4'), at('zero-tail.mp4'));
  appendFileSync(at('zero-tail.mp4'), Buffer.alloc(1_200_000));

  writeFileSync(at('cut.flv'), readFileSync(at('h264.flv')).subarray(0, 100_000));
  writeFileSync(at('cut.ts'), readFileSync(at('h264.ts')).subarray(0, 188 * 300));

  const sentence = '$GPRMC,020000.00,A,3955.1234,N,11624.5678,E,0.5,84.4,040826,,,A*5C\r\n';
  writeFileSync(at('track.nmea'), sentence.repeat(20));
  writeFileSync(at('device.log'), '2026-08-04 10:00:00 开机 power on, battery 98%\r\n'.repeat(50));
  // What makes a careless tool open the neighbours of a file.
  writeFileSync(at('concat.mp4'), "ffconcat version 1.0\nfile 'h264.mp4'\nfile 'sound.wav'\n");
  return {
    h264: at('h264.mp4'),
    h265: at('h265.mp4'),
    withoutIndex: at('no-index.mp4'),
    cutToAThird: at('third.mp4'),
    zeroTail: at('zero-tail.mp4'),
    aviWithPcm: at('pcm.avi'),
    flv: at('h264.flv'),
    flvCut: at('cut.flv'),
    streamCut: at('cut.ts'),
    wav: at('sound.wav'),
    aacInMp4: at('sound.aac-in-mp4'),
    mp3: at('sound.mp3'),
    jpg: at('still.jpg'),
    bmp: at('still.bmp'),
    nmea: at('track.nmea'),
    log: at('device.log'),
    concat: at('concat.mp4'),
  };
}

export function ffmpeg(args: readonly string[]): void {
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Cuts the file before its `moov`, as a battery that dies before the recording is closed does. */
function removeIndex(path: string): void {
  const at = readFileSync(path).indexOf('moov');
  if (at > 4) {
    truncateSync(path, at - 4);
  }
}
