// Goal: every kind of clip a recorder makes, whole or broken, becomes something a browser plays or an honest failure;
// originals stay as they were; the work yields to copying, ends when told, and never throws at intake.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MediaProbe } from '../../src/preview/media-probe.ts';
import { PreviewMaker } from '../../src/preview/preview-maker.ts';
import { type PreviewEvent, PreviewQueue } from '../../src/preview/preview-queue.ts';
import { defaultPreviewLimits, type PreviewJob, type PreviewLimits } from '../../src/preview/preview-result.ts';
import { defaultProbeLimits } from '../../src/preview/probe-facts.ts';
import { makeSampleMedia, type SampleMedia } from './sample-media.ts';

const root = mkdtempSync(join(tmpdir(), 'evidock-preview-'));
const folder = join(root, 'preview');
const limits: PreviewLimits = { ...defaultPreviewLimits, freeBytesMin: 0, retryAfterMs: 20 };
const probe = new MediaProbe(defaultProbeLimits);
const maker = new PreviewMaker({ folder, limits });
let media: SampleMedia;

beforeAll(() => {
  mkdirSync(join(root, 'media'));
  mkdirSync(folder);
  media = makeSampleMedia(join(root, 'media'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function jobFor(clip: string, originalPath: string): Promise<PreviewJob> {
  return { clip, originalPath, facts: await probe.probe(originalPath) };
}

async function make(clip: string, originalPath: string) {
  return maker.make(await jobFor(clip, originalPath));
}

/** What ffprobe says of a preview: `codec/codec seconds`. */
function streamsOf(file: string): string {
  const args = ['-v', 'error', '-show_entries', 'stream=codec_name:format=duration', '-of', 'csv=p=0'];
  const [video, ...rest] = execFileSync('ffprobe', [...args, join(folder, file)])
    .toString()
    .trim()
    .split(/\s+/);
  return [video, ...rest].join(' ');
}

/** What a full decoding complains about: a browser is less forgiving than ffmpeg. */
function decodingTrouble(file: string): string {
  const args = ['-nostdin', '-v', 'error', '-xerror', '-err_detect', 'explode', '-i', join(folder, file)];
  const { stderr } = spawnSync('ffmpeg', [...args, '-f', 'null', '-']);
  return stderr.toString();
}

function indexComesFirst(file: string): boolean {
  const bytes = readFileSync(join(folder, file));
  return bytes.indexOf('moov') < bytes.indexOf('mdat');
}

test('H.264 with AAC is copied, not encoded, with the index first and a poster beside it', async () => {
  const result = await make('clip-h264', media.h264);
  expect(result).toMatchObject({
    playable: { file: 'clip-h264/playable.mp4', mime: 'video/mp4' },
    poster: { file: 'clip-h264/poster.jpg', mime: 'image/jpeg' },
  });
  expect(result.failure).toBeUndefined();
  expect(indexComesFirst('clip-h264/playable.mp4')).toBe(true);
  expect(packetsDigest(join(folder, 'clip-h264/playable.mp4'))).toBe(packetsDigest(media.h264));
  expect(await sharp(join(folder, 'clip-h264/poster.jpg')).metadata()).toMatchObject({ width: 640, height: 360 });
  expect(readdirSync(join(folder, 'clip-h264')).sort()).toEqual(['playable.mp4', 'poster.jpg']);
});

test('H.265 becomes H.264', async () => {
  const result = await make('clip-h265', media.h265);
  expect(result.failure).toBeUndefined();
  expect(streamsOf('clip-h265/playable.mp4')).toMatch(/^h264 aac 2\.\d+/);
});

test('sound that browsers do not play is encoded while the pictures are copied', async () => {
  const result = await make('clip-avi', media.aviWithPcm);
  expect(result.failure).toBeUndefined();
  expect(streamsOf('clip-avi/playable.mp4')).toMatch(/^h264 aac 4\.\d+/);
});

test('a recording cut to a third plays as far as it goes', async () => {
  const result = await make('clip-cut', media.cutToAThird);
  expect(result).toMatchObject({ playable: { mime: 'video/mp4' }, poster: { mime: 'image/jpeg' } });
  const seconds = Number(streamsOf('clip-cut/playable.mp4').split(' ').at(-1));
  expect(seconds).toBeGreaterThan(0.5);
  expect(seconds).toBeLessThan(2.5);
  expect(decodingTrouble('clip-cut/playable.mp4')).toBe('');
});

test('a half frame at the end of a cut recording is left out, and sound that never came is not waited for', async () => {
  const flv = await make('clip-flv', media.flvCut);
  expect(flv.failure).toBeUndefined();
  expect(decodingTrouble('clip-flv/playable.mp4')).toBe('');
  const stream = await make('clip-ts', media.streamCut);
  expect(stream.failure).toBeUndefined();
  expect(streamsOf('clip-ts/playable.mp4')).toMatch(/^h264 \d/);
});

test('streams that cannot be copied although their facts say so are encoded after all', async () => {
  const job = await jobFor('clip-lie', media.aviWithPcm);
  const streams = job.facts.streams.map((stream) => (stream.type === 'audio' ? { ...stream, codec: 'aac' } : stream));
  const result = await maker.make({ ...job, facts: { ...job.facts, streams } });
  expect(result.failure).toBeUndefined();
  expect(streamsOf('clip-lie/playable.mp4')).toMatch(/^h264 aac 4\.\d+/);
});

test('a recording that was never closed is a failure with its reason, and starts no tool', async () => {
  const idle = new PreviewMaker({ folder, limits: { ...limits, ffmpegPath: '/usr/bin/no-such-ffmpeg' } });
  const result = await idle.make(await jobFor('clip-open', media.withoutIndex));
  expect(result).toMatchObject({ failure: { code: 'no-index' } });
  expect(result.playable).toBeUndefined();
});

test('sound recordings become AAC with a waveform as their poster', async () => {
  for (const [clip, path] of Object.entries({
    'clip-wav': media.wav,
    'clip-mp3': media.mp3,
    'clip-aac': media.aacInMp4,
  })) {
    const result = await make(clip, path);
    expect(result).toMatchObject({ playable: { file: `${clip}/playable.m4a`, mime: 'audio/mp4' } });
    expect(result.failure).toBeUndefined();
    expect(streamsOf(`${clip}/playable.m4a`)).toMatch(/^aac [34]\.\d+/);
    expect(await sharp(join(folder, clip, 'poster.jpg')).metadata()).toMatchObject({ width: 640, height: 160 });
  }
});

test('pictures get a copy to look at and a poster; a bitmap too', async () => {
  for (const [clip, path] of Object.entries({ 'clip-jpg': media.jpg, 'clip-bmp': media.bmp })) {
    const result = await make(clip, path);
    expect(result).toMatchObject({ playable: { file: `${clip}/playable.jpg`, mime: 'image/jpeg' }, poster: {} });
    expect(result.failure).toBeUndefined();
  }
});

test('a picture of too many pixels is refused, not decoded', async () => {
  const careful = new PreviewMaker({ folder, limits: { ...limits, picturePixelsMax: 1000 } });
  for (const path of [media.jpg, media.bmp]) {
    expect(await careful.make(await jobFor('clip-bomb', path))).toMatchObject({ failure: { code: 'too-large' } });
  }
});

test('logs and tracks have no preview and no failure', async () => {
  expect(await make('clip-log', media.log)).toEqual({});
  expect(await make('clip-nmea', media.nmea)).toEqual({});
  expect(existsSync(join(folder, 'clip-log'))).toBe(false);
});

test('a play list that passes for a video is not opened as one, nor are its neighbours', async () => {
  const { facts } = await jobFor('clip-list', media.h264);
  const result = await maker.make({ clip: 'clip-list', originalPath: media.concat, facts });
  expect(result).toMatchObject({ failure: { code: expect.stringMatching(/^(unreadable|nothing-playable)$/) } });
  expect(readdirSync(join(folder, 'clip-list'))).toEqual([]);
});

test('originals keep their bytes, their time and their mode', async () => {
  for (const path of [media.h265, media.cutToAThird, media.wav, media.jpg]) {
    chmodSync(path, 0o444);
    const before = { sha256: sha256(path), ...times(path) };
    await make('clip-untouched', path);
    expect({ sha256: sha256(path), ...times(path) }).toEqual(before);
  }
});

test('what is there already is found again, and removed when asked', async () => {
  const made = await make('clip-found', media.h264);
  expect(await maker.findExisting('clip-found')).toEqual(made);
  await maker.remove('clip-found');
  expect(await maker.findExisting('clip-found')).toEqual({});
});

test('a clip id that is a path is a broken invariant', async () => {
  const job = await jobFor('../escape', media.h264);
  await expect(maker.make(job)).rejects.toThrow('not a clip id');
});

test('a full disk is a failure of the station, before anything is written', async () => {
  const crowded = new PreviewMaker({ folder, limits: { ...limits, freeBytesMin: 2 ** 60 } });
  expect(await crowded.make(await jobFor('clip-full', media.h264))).toMatchObject({ failure: { code: 'no-space' } });
});

test('a copy that grows beyond its limit is ended and leaves nothing', async () => {
  const small = new PreviewMaker({ folder, limits: { ...limits, playableBytesMax: 20_000 } });
  const result = await small.make(await jobFor('clip-large', media.h264));
  expect(result).toMatchObject({ failure: { code: 'too-large', step: 'playable' } });
  expect(readdirSync(join(folder, 'clip-large'))).toEqual(['poster.jpg']);
});

test('the queue makes one preview after the other, tells its progress, and settles', async () => {
  const { queue, events } = startQueue();
  queue.add(await jobFor('queue-1', media.h264));
  queue.add(await jobFor('queue-2', media.h265));
  expect(queue.add(await jobFor('queue-2', media.h265))).toBe('already-queued');
  await queue.whenIdle();
  const order = events.filter((event) => event.kind !== 'progress' && event.kind !== 'queued');
  expect(order.map((event) => `${event.kind} ${event.clip}`)).toEqual([
    'started queue-1',
    'done queue-1',
    'started queue-2',
    'done queue-2',
  ]);
  const shares = events.flatMap((event) => (event.kind === 'progress' ? [event.share] : []));
  expect(Math.max(...shares)).toBeGreaterThan(0.9);
  await queue.stop();
});

test('the queue yields: while copying runs nothing starts, and what runs stands still and goes on', async () => {
  const { tool, pids } = slowTool('slow-ffmpeg');
  const { queue } = startQueue({ ffmpegPath: tool });
  queue.pause();
  queue.add(await jobFor('yield-1', media.h264));
  await sleep(150);
  expect(queue.state()).toEqual({ paused: true, running: [], waiting: 1 });
  queue.resume();
  const [pid] = await waitFor(() => (pids().length > 0 ? pids() : undefined));
  queue.pause();
  await waitFor(() => (processState(pid) === 'T' ? true : undefined));
  queue.resume();
  await waitFor(() => (processState(pid) !== 'T' ? true : undefined));
  await queue.stop();
  expect(processState(pid)).toBe('gone');
});

test('time spent paused does not count against the wall clock', async () => {
  const { tool, pids } = slowTool('paused-ffmpeg');
  const { queue, events } = startQueue({ ffmpegPath: tool, wallMsBase: 600, wallPerDuration: 0, attemptsMax: 1 });
  queue.add(await jobFor('paused-1', media.wav));
  await waitFor(() => (pids().length > 0 ? true : undefined));
  queue.pause();
  await sleep(1200);
  expect(events.some((event) => event.kind === 'done')).toBe(false);
  queue.resume();
  await queue.whenIdle();
  expect(events.at(-1)).toMatchObject({ kind: 'done', result: { failure: { code: 'timeout' } } });
});

test('cancelling ends the whole process group and leaves no half file', async () => {
  const { tool, pids } = slowTool('cancelled-ffmpeg');
  const { queue, events } = startQueue({ ffmpegPath: tool });
  queue.add(await jobFor('cancel-1', media.h264));
  const started = await waitFor(() => (pids().length === 2 ? pids() : undefined));
  expect(queue.cancel('cancel-1')).toBe(true);
  await queue.whenIdle();
  expect(events.at(-1)).toEqual({ kind: 'cancelled', clip: 'cancel-1' });
  await waitFor(() => (started.every((pid) => processState(pid) === 'gone') ? true : undefined));
  expect(readdirSync(join(folder, 'cancel-1'))).toEqual([]);
  expect(queue.cancel('cancel-1')).toBe(false);
});

test('a station that is killed takes its media tools with it', async () => {
  const notes = join(root, 'orphan.pid');
  const tool = join(root, 'orphan-tool');
  writeFileSync(tool, `#!/bin/sh\necho $$ > ${notes}\nexec sleep 600\n`, { mode: 0o755 });
  const guard = new URL('../../src/preview/guarded-process.ts', import.meta.url).href;
  const bounds = { wallMsMax: 1e6, cpuSecondsMax: 60, memoryBytesMax: 1e9, openFilesMax: 32, fileBytesMax: 1e6 };
  const run = JSON.stringify({ program: tool, args: [], limits: { ...bounds, outputBytesMax: 1000 } });
  const script = `import { runGuarded } from '${guard}'; await runGuarded(${run});`;
  const station = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
  const pid = await waitFor(() => (existsSync(notes) ? Number(readFileSync(notes, 'utf8')) || undefined : undefined));
  expect(processState(pid)).not.toBe('gone');
  station.kill('SIGKILL');
  await waitFor(() => (processState(pid) === 'gone' ? true : undefined));
});

test('trouble of the station is tried again a limited number of times, trouble of the clip is not', async () => {
  const { queue, events } = startQueue({ ffmpegPath: '/usr/bin/no-such-ffmpeg', attemptsMax: 3 });
  queue.add(await jobFor('retry-1', media.h264));
  await queue.whenIdle();
  expect(events.filter((event) => event.kind === 'started')).toHaveLength(3);
  expect(events.at(-1)).toMatchObject({ kind: 'done', result: { failure: { code: 'tool-missing' } } });

  const once = startQueue();
  once.queue.add(await jobFor('retry-2', media.withoutIndex));
  await once.queue.whenIdle();
  expect(once.events.filter((event) => event.kind === 'started')).toHaveLength(1);
});

test('a full queue says so, and a listener that throws disturbs nobody', async () => {
  const log = pino({ level: 'silent' });
  const queue = new PreviewQueue({
    folder,
    limits: { ...limits, queueMax: 1 },
    log,
    now: Date.now,
    onEvent: () => {
      throw new Error('a page went away');
    },
  });
  queue.pause();
  expect(queue.add(await jobFor('full-1', media.h264))).toBe('queued');
  expect(queue.add(await jobFor('full-2', media.h264))).toBe('full');
  queue.resume();
  await queue.whenIdle();
  expect((await maker.findExisting('full-1')).playable).toBeDefined();
  await queue.stop();
  expect(queue.add(await jobFor('full-3', media.h264))).toBe('stopped');
});

function startQueue(changes: Partial<PreviewLimits> = {}) {
  const events: PreviewEvent[] = [];
  const queue = new PreviewQueue({
    folder,
    limits: { ...limits, ...changes },
    log: pino({ level: 'silent' }),
    now: Date.now,
    onEvent: (event) => events.push(event),
  });
  return { queue, events };
}

/** Stands in for an ffmpeg that works for hours: it notes its pid and that of a child in its group. */
function slowTool(name: string): { tool: string; pids: () => number[] } {
  const [tool, notes] = [join(root, name), join(root, `${name}.pids`)];
  writeFileSync(tool, `#!/bin/sh\necho $$ >> ${notes}\nsleep 600 &\necho $! >> ${notes}\nwait\n`, { mode: 0o755 });
  const pids = () =>
    existsSync(notes) ? readFileSync(notes, 'utf8').trim().split('\n').filter(Boolean).map(Number) : [];
  return { tool, pids };
}

/** The kernel's letter for a process (`S`, `T`, `Z`, …), or `gone`. */
function processState(pid: number | undefined): string {
  try {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] ?? 'gone';
    return state === 'Z' ? 'gone' : state;
  } catch {
    return 'gone';
  }
}

async function waitFor<T>(look: () => T | undefined): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const seen = look();
    if (seen !== undefined) {
      return seen;
    }
    await sleep(25);
  }
  throw new Error('waited 10 s in vain');
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function times(path: string) {
  const { mtimeNs, mode, size } = statSync(path, { bigint: true });
  return { mtimeNs, mode, size };
}

/** A digest over the encoded pictures themselves: equal when nothing was encoded again. */
function packetsDigest(path: string): string {
  const args = ['-v', 'error', '-i', path, '-map', '0:v', '-c', 'copy', '-f', 'md5', '-'];
  return execFileSync('ffmpeg', ['-nostdin', ...args])
    .toString()
    .trim();
}
