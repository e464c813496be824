// Goal: a probe says what a file is from its content alone, finds every way in which recorders break files, and never
// lets a media tool guess, hang, or see a file that is no media.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MediaProbe } from '../../src/preview/media-probe.ts';
import { defaultProbeLimits, type ProbeFacts } from '../../src/preview/probe-facts.ts';
import { nmeaTrack } from '../../src/simulator/footage-bytes.ts';
import { ffmpeg, makeSampleMedia, type SampleMedia } from './sample-media.ts';

const folder = mkdtempSync(join(tmpdir(), 'evidock-probe-'));
const probe = new MediaProbe(defaultProbeLimits);
let media: SampleMedia;

beforeAll(() => {
  media = makeSampleMedia(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Under a name like the vault's: nothing of a recorder's name is left. */
function probeAsOriginal(path: string, extension?: string): Promise<ProbeFacts> {
  const original = join(folder, 'a'.repeat(64));
  rmSync(original, { force: true });
  copyFileSync(path, original);
  return probe.probe(original, extension === undefined ? {} : { extension });
}

test('an H.264 recording is a video with its streams, duration and own time', async () => {
  const facts = await probeAsOriginal(media.h264, 'mp4');
  expect(facts).toMatchObject({ kind: 'video', container: 'mp4', findings: [] });
  expect(facts.createdAt).toBe('2026-08-04T02:00:00.000000Z');
  expect(facts.durationMs).toBeGreaterThan(3900);
  expect(facts.streams).toMatchObject([
    { type: 'video', codec: 'h264', width: 640, height: 360, frameRate: 25, pixelFormat: 'yuv420p' },
    { type: 'audio', codec: 'aac', sampleRate: 44100, channels: 1 },
  ]);
  expect(facts.probedBy).toMatch(/^ffprobe \d/);
});

test('H.265, AVI, WAV and MP3 are recognised by their content', async () => {
  expect(await probeAsOriginal(media.h265)).toMatchObject({ kind: 'video', streams: [{ codec: 'hevc' }, {}] });
  expect(await probeAsOriginal(media.aviWithPcm)).toMatchObject({ kind: 'video', container: 'avi', findings: [] });
  expect(await probeAsOriginal(media.wav)).toMatchObject({ kind: 'audio', container: 'wav', findings: [] });
  expect(await probeAsOriginal(media.mp3)).toMatchObject({ kind: 'audio', container: 'mp3', findings: [] });
});

test('an .mp3 that holds AAC in MP4 is audio and no finding', async () => {
  const facts = await probeAsOriginal(media.aacInMp4, '.mp3');
  expect(facts).toMatchObject({ kind: 'audio', container: 'mp4', findings: [], streams: [{ codec: 'aac' }] });
});

test('pictures say their size without a media tool', async () => {
  const jpg = await probeAsOriginal(media.jpg, 'JPG');
  expect(jpg).toMatchObject({ kind: 'picture', container: 'jpeg', findings: [], probedBy: 'signature' });
  expect(jpg.streams).toMatchObject([{ width: 640, height: 360 }]);
  expect(await probeAsOriginal(media.bmp)).toMatchObject({ kind: 'picture', streams: [{ width: 640, height: 360 }] });
});

test('tracks and logs are recognised as text, in UTF-8 and GBK', async () => {
  expect(await probeAsOriginal(media.nmea, 'nmea')).toMatchObject({ kind: 'track', container: 'nmea', findings: [] });
  expect(await probeAsOriginal(media.log, 'log')).toMatchObject({ kind: 'log', container: 'text', findings: [] });
  const gbk = Buffer.from('bfaabbfa20706f776572206f6e0d0a', 'hex');
  expect(await probeBytes(gbk, 'log')).toMatchObject({ kind: 'log', findings: [] });
  const json = Buffer.from('[{"time":"2026-08-04 10:00:00","lat":39.9,"lon":116.4}]');
  expect(await probeBytes(json, 'json')).toMatchObject({ kind: 'track', container: 'json' });
  const wkt = Buffer.from('LINESTRING (116.4 39.9, 116.5 39.9)');
  expect(await probeBytes(wkt)).toMatchObject({ kind: 'track', container: 'wkt' });
});

test('a recording says where it was made, as MP4 and as QuickTime write it, and nothing where that is nonsense', async () => {
  const located = async (name: string, tags: readonly string[]): Promise<ProbeFacts> => {
    const path = join(folder, name);
    ffmpeg(['-i', media.h264, '-c', 'copy', ...tags.flatMap((tag) => ['-metadata', tag]), path]);
    return probeAsOriginal(path);
  };
  const place = { latitude: 35.4868, longitude: 112.4138 };
  expect((await located('place.mp4', ['location=+35.4868+112.4138+820.5/'])).place).toEqual(place);
  expect(
    (await located('place-zh.mp4', ['location=+35.4868+112.4138/', 'location-chi=+35.4868+112.4138/'])).place,
  ).toEqual(place);
  const path = join(folder, 'place.mov');
  const keys = [
    '-movflags',
    'use_metadata_tags',
    '-metadata',
    'com.apple.quicktime.location.ISO6709=+35.4868+112.4138/',
  ];
  ffmpeg(['-i', media.h264, '-c', 'copy', ...keys, path]);
  expect((await probeAsOriginal(path)).place).toEqual(place);
  expect(await probeAsOriginal(media.h264)).not.toHaveProperty('place');
  const wordy = `location=+35.4868+112.4138/${'x'.repeat(60_000)}`;
  expect(await located('wordy.mp4', [wordy])).toMatchObject({ kind: 'video', findings: [], place });
  for (const text of ['+95.0+112.4/', '+00.0000+000.0000/', 'Beijing']) {
    const facts = await located('nowhere.mp4', [`location=${text}`]);
    expect(facts).toMatchObject({ kind: 'video', findings: [] });
    expect(facts).not.toHaveProperty('place');
  }
});

test('a track says where and when it begins and ends, also one larger than what is read of it', async () => {
  const begin = Date.parse('2026-08-04T02:00:00Z');
  const walk = nmeaTrack(begin, 4000, () => 0.5);
  expect(walk.length).toBeGreaterThan(500_000);
  const facts = await probeBytes(walk, 'nmea');
  expect(facts).toMatchObject({
    kind: 'track',
    container: 'nmea',
    track: {
      first: { latitude: 37.85, longitude: 113.55, at: '2026-08-04T02:00:00.000Z' },
      last: { latitude: 37.85, longitude: 113.55, at: '2026-08-04T03:06:39.000Z' },
    },
  });
  // The battery died.
  const died = await probeBytes(Buffer.concat([walk.subarray(0, 400_000), Buffer.alloc(30_000)]));
  expect(died.track?.last?.at).toMatch(/^2026-08-04T02:\d\d/);
  const points = Array.from({ length: 3000 }, (_, at) => {
    const time = new Date(begin + at * 1000).toISOString();
    return `<trkpt lat="${(35 + at / 10_000).toFixed(6)}" lon="112.4"><time>${time}</time></trkpt>`;
  });
  const gpx = `\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">
    <trk><trkseg>${points.join('\n')}</trkseg></trk></gpx>`;
  expect(await probeBytes(Buffer.from(gpx), 'gpx')).toMatchObject({
    kind: 'track',
    container: 'gpx',
    findings: [],
    track: {
      first: { latitude: 35, longitude: 112.4, at: '2026-08-04T02:00:00.000Z' },
      last: { latitude: 35.2999, longitude: 112.4, at: '2026-08-04T02:49:59.000Z' },
    },
  });
  expect(await probeBytes(Buffer.from('<gpx></gpx>'), 'gpx')).not.toHaveProperty('track');
});

test('a recording without its index is a video with that finding, and no tool is asked', async () => {
  const facts = await probeAsOriginal(media.withoutIndex, 'mp4');
  expect(facts).toMatchObject({ kind: 'video', probedBy: 'signature' });
  expect(facts.findings).toContain('video-without-index');
});

test('a faststart recording cut to a third is found truncated although its header says the full length', async () => {
  const facts = await probeAsOriginal(media.cutToAThird, 'mp4');
  expect(facts).toMatchObject({ kind: 'video', findings: ['video-truncated'] });
  expect(facts.durationMs).toBeGreaterThan(3900);
});

test('an FLV that ends in the middle of a tag is truncated', async () => {
  expect(await probeAsOriginal(media.flv, 'flv')).toMatchObject({ kind: 'video', container: 'flv', findings: [] });
  expect(await probeAsOriginal(media.flvCut, 'flv')).toMatchObject({ kind: 'video', findings: ['video-truncated'] });
});

test('a long tail of zero bytes is found, also when the whole file is zeros', async () => {
  expect(await probeAsOriginal(media.zeroTail, 'mp4')).toMatchObject({ kind: 'video', findings: ['zero-tail'] });
  expect(await probeBytes(Buffer.alloc(3_000_000))).toMatchObject({ kind: 'other', findings: ['zero-tail'] });
});

test('digital silence in a sound file is not a zero tail', async () => {
  const wav = readFileSync(media.wav);
  wav.fill(0, 200);
  expect((await probeBytes(wav)).findings).toEqual([]);
});

test('a WAV whose length was never written, and one cut short, are truncated', async () => {
  const wav = readFileSync(media.wav);
  expect((await probeBytes(wav.subarray(0, 9000))).findings).toEqual(['audio-truncated']);
  wav.writeUInt32LE(0, 4);
  expect((await probeBytes(wav)).findings).toContain('audio-truncated');
});

test('text named .mp4 is a log whose content differs from its name', async () => {
  const facts = await probeAsOriginal(media.log, 'mp4');
  expect(facts).toMatchObject({ kind: 'log', findings: ['content-differs-from-name'], probedBy: 'signature' });
});

test('a play list named .mp4 is text: no tool opens it or its neighbours', async () => {
  const facts = await probeAsOriginal(media.concat, 'mp4');
  expect(facts).toMatchObject({ kind: 'log', streams: [], probedBy: 'signature' });
  expect(facts.durationMs).toBeUndefined();
});

test('a box header before a play list does not make ffprobe read the play list', async () => {
  const disguised = Buffer.concat([
    Buffer.from('\0\0\0\x10ftypisom\0\0\0\0', 'latin1'),
    Buffer.from('\0\0\0\x08moov', 'latin1'),
    readFileSync(media.concat),
  ]);
  const facts = await probeBytes(disguised, 'mp4');
  expect(facts.streams).toEqual([]);
  expect(facts.findings).toContain('unreadable-media');
});

test('noise, an empty file, a missing file, a folder and a link are answered, never thrown', async () => {
  const noise = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919 + (at >> 3) * 31) % 256));
  expect(await probeBytes(noise, 'mp4')).toMatchObject({ kind: 'other', findings: ['content-differs-from-name'] });
  expect(await probeBytes(Buffer.alloc(0))).toMatchObject({ kind: 'other', findings: ['empty-file'] });
  symlinkSync(media.h264, join(folder, 'link'));
  for (const path of [join(folder, 'absent'), folder, join(folder, 'link')]) {
    expect(await probe.probe(path)).toMatchObject({ kind: 'other', findings: ['unreadable-media'] });
  }
});

test('every prefix of a recording is answered without an exception', async () => {
  const whole = readFileSync(media.h264);
  for (const length of [1, 4, 8, 12, 16, 24, 31, 40, 100, 700, 2000]) {
    const facts = await probeBytes(whole.subarray(0, length), 'mp4');
    expect(facts.findings.length, `first ${length} bytes`).toBeGreaterThan(0);
  }
});

test('a probe that has no time, no memory, no room for its answer or no tool says so', async () => {
  const slow = new MediaProbe({ ...defaultProbeLimits, ffprobePath: endlessTool(), wallMsMax: 300 });
  expect((await slow.probe(media.h264)).findings).toEqual(['probe-timeout']);
  const wordy = new MediaProbe({ ...defaultProbeLimits, outputBytesMax: 100 });
  expect((await wordy.probe(media.h264)).findings).toEqual(['probe-limit']);
  const narrow = new MediaProbe({ ...defaultProbeLimits, memoryBytesMax: 120_000_000 });
  expect((await narrow.probe(media.h264)).findings).toEqual(['probe-limit']);
  const absent = new MediaProbe({ ...defaultProbeLimits, ffprobePath: '/usr/bin/no-such-ffprobe' });
  expect((await absent.probe(media.h264)).findings).toEqual(['unreadable-media']);
});

test('cancelling ends the tool and is the only thing a probe throws', async () => {
  const cancel = new AbortController();
  const slow = new MediaProbe({ ...defaultProbeLimits, ffprobePath: endlessTool() });
  const running = slow.probe(media.h264, { signal: cancel.signal });
  setTimeout(() => cancel.abort(new Error('the recorder was pulled out')), 200);
  await expect(running).rejects.toThrow('the recorder was pulled out');
  await expect(probe.probe(media.h264, { signal: cancel.signal })).rejects.toThrow('the recorder was pulled out');
});

test('a probe leaves bytes and times of the original as they were', async () => {
  const before = { bytes: readFileSync(media.h265), mtimeMs: statSync(media.h265).mtimeMs };
  await probe.probe(media.h265);
  expect(readFileSync(media.h265).equals(before.bytes)).toBe(true);
  expect(statSync(media.h265).mtimeMs).toBe(before.mtimeMs);
});

function probeBytes(bytes: Uint8Array, extension?: string): Promise<ProbeFacts> {
  const path = join(folder, 'some-bytes');
  writeFileSync(path, bytes);
  return probeAsOriginal(path, extension);
}

/** A stand-in for a tool that hangs: what a hostile file does to a real one, without waiting for such a file. */
function endlessTool(): string {
  const path = join(folder, 'endless-tool');
  writeFileSync(path, '#!/bin/sh\nsleep 600 &\nwait\n', { mode: 0o755 });
  return path;
}
