// Goal: simulated cards hold real media under names the station can read, the same for the same seed, every clip with
// bytes of its own, and fast enough for a demonstration of eight recorders.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { MediaProbe } from '../../src/preview/media-probe.ts';
import { defaultProbeLimits } from '../../src/preview/probe-facts.ts';
import { type CardWish, type FootageFile, makeCard } from '../../src/simulator/footage.ts';
import { type FootageSort, makes } from '../../src/simulator/footage-names.ts';
import { FootageScenes } from '../../src/simulator/footage-scenes.ts';

const root = mkdtempSync(join(tmpdir(), 'evidock-footage-'));
const scenes = new FootageScenes(join(root, 'scenes'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function card(name: string, changes: Partial<CardWish> = {}) {
  const wish = { serial: 'TA00716', officer: 'JX0227', day: '2026-08-04', seed: 1, clips: 12, ...changes };
  return makeCard(scenes, { ...wish, folder: join(root, name) });
}

function digests(name: string, files: readonly FootageFile[]): string[] {
  return files.map(({ path }) =>
    createHash('sha256')
      .update(readFileSync(join(root, name, path)))
      .digest('hex'),
  );
}

test('eight cards of fifty clips are made, every clip different, the same again for the same seed', async () => {
  const all: string[] = [];
  for (let recorder = 0; recorder < 8; recorder += 1) {
    const files = await card(`many-${recorder}`, { serial: `TA0071${recorder}`, clips: 50 });
    expect(new Set(files.map((file) => file.path)).size).toBe(50);
    all.push(...digests(`many-${recorder}`, files));
  }
  expect(new Set(all).size).toBe(400);
  const again = await card('again', { serial: 'TA00713', clips: 50 });
  expect(digests('again', again)).toEqual(all.slice(150, 200));
});

test('each sort of clip is what it claims to be, and the broken ones are found broken', async () => {
  const probe = new MediaProbe(defaultProbeLimits);
  const expected: Record<FootageSort, object> = {
    h264: { kind: 'video', findings: [], streams: [{ codec: 'h264' }, { codec: 'aac' }] },
    h265: { kind: 'video', findings: [], streams: [{ codec: 'hevc' }, { codec: 'aac' }] },
    wav: { kind: 'audio', container: 'wav', findings: [] },
    aac: { kind: 'audio', container: 'mp4', findings: [] },
    picture: { kind: 'picture', container: 'jpeg', findings: [] },
    track: { kind: 'track', container: 'nmea', findings: [] },
    log: { kind: 'log', findings: [] },
    'never-closed': { kind: 'video', findings: ['video-without-index', 'video-truncated'] },
    'zero-tail': { kind: 'video', findings: ['video-without-index', 'zero-tail'] },
  };
  for (const [sort, facts] of Object.entries(expected)) {
    const files = await card(`sort-${sort}`, { clips: 2, mix: { [sort]: 1 }, make: 'police-folders' });
    for (const { path } of files) {
      const extension = extname(path);
      expect(await probe.probe(join(root, `sort-${sort}`, path), { extension }), path).toMatchObject(facts);
    }
  }
});

test('names follow the four makes of recorders', async () => {
  const shapes: Record<(typeof makes)[number], RegExp> = {
    'serial-first': /^DCIM\/100MEDIA\/TA00716_JX0227_20260804\d{6}(_IMP)?\.(MOV|WAV|M4A|JPG|NMEA|LOG)$/,
    dcam: /^Media\/DCAM_TA00716_JX0227_20260804_\d{6}(_IMP)?\.(mp4|wav|m4a|jpg|nmea|log)$/,
    'police-folders':
      /^police\/(video|audio|camera|sound)\/20260804\/(案2026-7_)?JX0227_[a-z]+_20260804_\d{6}(_IMP)?(_start)?\.\w+$/,
    nameless: /^DCIM\/100MEDIA\/20260804\d{6}(_IMP)?\.(mp4|wav|m4a|jpg|nmea|log)$/,
  };
  for (const make of makes) {
    const files = await card(`make-${make}`, { make, caseNumber: '案2026-7', clips: 30 });
    for (const file of files) {
      expect(file.path).toMatch(shapes[make]);
      expect(file.bytes).toBe(statSync(join(root, `make-${make}`, file.path)).size);
    }
  }
});

test('a longer clip repeats its scene', async () => {
  const mix = { h264: 1 };
  const [short] = await card('short', { clips: 1, mix });
  const [long] = await card('long', { clips: 1, mix, repeat: 5 });
  expect(long?.bytes).toBeGreaterThan((short?.bytes ?? 0) * 3);
});
