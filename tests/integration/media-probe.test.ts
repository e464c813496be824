// Goal: a probe says what a file is from its content alone, finds every way in which recorders break files, and never
// lets a media tool guess, hang, or see a file that is no media.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MediaProbe } from '../../src/preview/media-probe.ts';
import { defaultProbeLimits, type ProbeFacts } from '../../src/preview/probe-facts.ts';
import { makeSampleMedia, type SampleMedia } from './sample-media.ts';

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
