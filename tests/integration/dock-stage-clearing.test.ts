/**
 * Goal: with the real daemon, helper, block devices and mounts, clearing removes exactly the sealed files from a card and
 * leaves a sound, flushed, locked file system; an urgent request gives a recorder back within three seconds in the middle
 * of a big file, unchanged; policy keep changes no byte of a card.
 */
import { createHash, randomBytes } from 'node:crypto';
import { appendFileSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { evidock, jsonLines, type RunningCli, startEvidock } from '../support/cli.ts';
import { run } from '../support/dock-helper-stage.ts';
import { type DockStationStage, openDockStationStage, type StageCard } from '../support/dock-station-stage.ts';
import { readSlotWall, type WallCard } from '../support/slot-wall.ts';
import { documentsOf, recordsOf, storeTroubles } from '../support/store-check.ts';

const settledMsMax = 120_000;
const testMsMax = 240_000;
const mayPullMsMax = 3_000;
const bigBytes = 200 * 1024 * 1024;

const clip = (serial: string, time: string): string => `DCIM/100MEDIA/${serial}_JX0227_20260804${time}.MOV`;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let stage: DockStationStage;
let running: RunningCli | undefined;

beforeAll(() => run('scripts/build-native', []));
afterEach(async () => {
  running?.child.kill('SIGTERM');
  await running?.result;
  running = undefined;
  await stage?.end();
});

async function open(cards: readonly StageCard[], clearing: 'keep' | 'after-seal'): Promise<string> {
  stage = await openDockStationStage(cards);
  const data = stage.newDataFolder('data');
  appendFileSync(join(data, 'config.yaml'), `clearing: { policy: ${clearing} }\n`);
  running = startEvidock(['run', '--data', data], { before: [...stage.enter] });
  return data;
}

/** The wall once every slot is in one of these states. */
async function until(...states: readonly string[]): Promise<readonly WallCard[]> {
  for (const untilMs = performance.now() + settledMsMax; performance.now() < untilMs; await pause(50)) {
    const { cards } = await readSlotWall(stage.port);
    if (cards.length > 0 && cards.every(({ state }) => states.includes(state))) return cards;
  }
  throw new Error(`never ${states.join(' or ')}: ${JSON.stringify(await readSlotWall(stage.port))}`);
}

async function stop(): Promise<void> {
  running?.child.kill('SIGTERM');
  const { code, stderr } = (await running?.result) ?? { code: null, stderr: '' };
  running = undefined;
  expect(code, stderr).toBe(0);
}

/** Names in a folder of a card that is mounted nowhere, and only if its file system is sound without any repair. */
function namesOn(image: string, folder: string): string[] {
  run('e2fsck', ['-fn', image]);
  const lines = run('debugfs', ['-R', `ls -p ${folder}`, image]).split('\n');
  return lines
    .flatMap((line) => line.split('/')[5] ?? [])
    .filter((name) => !['', '.', '..', 'lost+found'].includes(name));
}

/** Read-only in the kernel, as the helper leaves a card. */
function isLocked(image: string): boolean {
  const loop = run('losetup', ['-j', image]).split(':')[0] ?? '';
  return run('blockdev', ['--getro', loop]).trim() === '1';
}

test(
  'after seal: exactly the sealed files are gone, whatever their names; the card is sound, locked and mounted nowhere',
  async () => {
    const serial = 'TA00716';
    const files = new Map([
      [clip(serial, '100000'), Buffer.alloc(300_000, 1)],
      [clip(serial, '100500'), Buffer.alloc(200_000, 2)],
      ['System Volume Information/x.dat', Buffer.from('windows')],
    ]);
    const oddNames = [Buffer.from('a\nb "c" $(d) -rf.MOV'), Buffer.from([0xb8, 0xe6, 0x2e, 0x4d, 0x4f, 0x56])];
    const fill = (root: string): void => {
      for (const name of oddNames) writeFileSync(Buffer.concat([Buffer.from(`${root}/DCIM/`), name]), name);
      symlinkSync('100MEDIA', join(root, 'DCIM/101MEDIA'));
      symlinkSync('/etc/hostname', join(root, 'DCIM/link.MOV'));
      linkSync(join(root, clip(serial, '100000')), join(root, 'DCIM/twice.MOV'));
    };
    const data = await open([{ serial, files, fill }], 'after-seal');
    expect(await until('done', 'attention', 'failed')).toMatchObject([{ state: 'done', mayPull: true }]);
    expect(stage.mounts()).toEqual([]);
    const [image = ''] = stage.images;
    expect(isLocked(image)).toBe(true);
    await stop();
    expect(namesOn(image, '/DCIM/100MEDIA')).toEqual([]);
    expect(namesOn(image, '/DCIM').sort()).toEqual(['100MEDIA', '101MEDIA', 'link.MOV']);
    expect(namesOn(image, '"/System Volume Information"')).toEqual(['x.dat']);

    const records = recordsOf(data);
    const of = (type: string) => records.filter((record) => record.type === type);
    const [sealed, cleared] = [of('clip-sealed'), of('clip-cleared')];
    expect(sealed).toHaveLength(5);
    expect(cleared.map(({ subject, body }) => `${subject} ${body.sha256} ${body.recheck}`).sort()).toEqual(
      sealed.map(({ subject, body }) => `${subject} ${body.sha256} digest`).sort(),
    );
    const documents = documentsOf(data);
    const gone = cleared.map(({ documents: [first] = [] }) => String(documents.get(first?.id ?? '')?.pathHex));
    const wanted = [clip(serial, '100000'), clip(serial, '100500'), 'DCIM/twice.MOV'].map((path) => Buffer.from(path));
    for (const name of oddNames) wanted.push(Buffer.concat([Buffer.from('DCIM/'), name]));
    expect(gone.sort()).toEqual(wanted.map((path) => path.toString('hex')).sort());
    expect(of('clearing-ended').map(({ body }) => body)).toMatchObject([{ cleared: 5, stopped: null, flushed: true }]);
    expect(await storeTroubles(data)).toEqual([]);
  },
  testMsMax,
);

test(
  'an urgent request in the middle of a big file: unmounted within three seconds, no byte of the card changed',
  async () => {
    const serial = 'TA00717';
    const paths = ['100000', '101000', '102000'].map((time) => clip(serial, time));
    const bytes = randomBytes(bigBytes);
    const digests: string[] = [];
    const fill = (root: string): void => {
      mkdirSync(join(root, 'DCIM/100MEDIA'), { recursive: true });
      for (const [at, path] of paths.entries()) {
        bytes[0] = at;
        digests.push(sha256(bytes));
        writeFileSync(join(root, path), bytes);
      }
    };
    // Even where clearing is allowed, what was broken off is never written to.
    const data = await open([{ serial, files: new Map(), fill, mebibytes: 700 }], 'after-seal');
    const untouched = stage.imageDigests();
    await until('copying');
    const asked = await evidock(['slots', 'urgent', '1', '--data', data, '--json'], { before: [...stage.enter] });
    // Asked of the kernel right after it was said: the words on the wall are no proof.
    const left = stage.mounts();
    const [said, ended] = jsonLines(asked.stdout);
    process.stderr.write(`urgent in the middle of 200 MiB files: may be pulled after ${said?.ms} ms\n`);
    expect(asked.code, asked.stderr).toBe(0);
    expect(said?.event).toBe('may-pull');
    expect(Number(said?.ms)).toBeLessThan(mayPullMsMax);
    expect(left).toEqual([]);
    const notTaken = Number(ended?.notTaken);
    expect(notTaken).toBeGreaterThan(0);
    expect(await until('attention')).toMatchObject([{ mayPull: true }]);
    await stop();
    expect(stage.imageDigests()).toEqual(untouched);
    const records = recordsOf(data);
    const sealed = records.filter(({ type }) => type === 'clip-sealed').map(({ body }) => String(body.sha256));
    expect(sealed).toHaveLength(paths.length - notTaken);
    for (const digest of sealed) expect(digests).toContain(digest);
    expect(records.filter(({ type }) => type.startsWith('clear') || type === 'clip-cleared')).toEqual([]);
    const documents = documentsOf(data);
    const outcomes = records
      .filter(({ type }) => type === 'outcomes-listed')
      .flatMap(({ documents: some = [] }) =>
        some.flatMap(({ id }) => documents.get(id)?.entries as { outcome: string }[]),
      );
    expect(outcomes.filter(({ outcome }) => outcome === 'not-taken')).toHaveLength(notTaken);
    expect(await storeTroubles(data)).toEqual([]);
  },
  testMsMax,
);

test(
  'after seal: a card with an entry that cannot even be looked at is damaged, and is never written to',
  async () => {
    const serial = 'TA00719';
    const times = ['100000', '100500'];
    const files = new Map(times.map((time, at) => [clip(serial, time), Buffer.alloc(200_000, at)]));
    const spoil = (image: string): void => {
      // The directory goes on naming a file that has no inode any more.
      run('debugfs', ['-w', '-R', `clri ${clip(serial, '100500')}`, image]);
    };
    const data = await open([{ serial, files, spoil }], 'after-seal');
    const untouched = stage.imageDigests();
    expect(await until('done', 'attention', 'failed')).toMatchObject([{ state: 'attention', mayPull: true }]);
    await stop();
    expect(stage.imageDigests()).toEqual(untouched);
    const records = recordsOf(data);
    expect(records.filter(({ type }) => type === 'clip-sealed')).toHaveLength(1);
    expect(records.filter(({ type }) => type === 'clip-cleared')).toEqual([]);
    const documents = documentsOf(data);
    const plan = records
      .filter(({ type }) => type === 'clearing-planned')
      .flatMap(({ documents: some = [] }) =>
        some.flatMap(({ id }) => documents.get(id)?.entries as { keep: string }[]),
      );
    expect(plan.find(({ keep }) => keep === null)).toBeUndefined();
    expect(plan.map(({ keep }) => keep)).toContain('card-doubtful');
  },
  testMsMax,
);

test(
  'the helper dies while a card is cleared: not called flushed, the slot says so, the card is locked and sound',
  async () => {
    const serial = 'TA00720';
    const times = Array.from({ length: 60 }, (_, at) => String(100_000 + at));
    const files = new Map(times.map((time, at) => [clip(serial, time), Buffer.alloc(1_000_000, at)]));
    const data = await open([{ serial, files, mebibytes: 100 }], 'after-seal');
    await until('copying', 'finishing', 'clearing');
    const cleared = (): number => recordsOf(data).filter(({ type }) => type === 'clip-cleared').length;
    for (const untilMs = performance.now() + settledMsMax; cleared() < 3 && performance.now() < untilMs; )
      await pause(10);
    const helpers = stage.helpers();
    for (const pid of helpers) process.kill(pid, 'SIGKILL');
    expect([helpers.length, cleared() < times.length]).toEqual([1, true]);
    expect(await until('done', 'attention', 'failed')).toMatchObject([{ state: 'attention', mayPull: true }]);
    const [image = ''] = stage.images;
    expect([stage.mounts(), isLocked(image)]).toEqual([[], true]);
    await stop();
    const [ended] = recordsOf(data).filter(({ type }) => type === 'clearing-ended');
    expect(ended?.body).toMatchObject({ stopped: 'flush-failed', flushed: false });
    expect(namesOn(image, '/DCIM/100MEDIA')).toHaveLength(times.length - cleared());
    expect(await storeTroubles(data)).toEqual([]);
  },
  testMsMax,
);

test(
  'policy keep: every byte of the card is as it was',
  async () => {
    const serial = 'TA00718';
    const data = await open([{ serial, files: new Map([[clip(serial, '100000'), Buffer.alloc(300_000, 7)]]) }], 'keep');
    const [image = ''] = stage.images;
    const before = readFileSync(image);
    expect(await until('done', 'attention', 'failed')).toMatchObject([{ state: 'done', mayPull: true }]);
    await stop();
    expect(readFileSync(image).equals(before)).toBe(true);
    expect([stage.mounts(), isLocked(image)]).toEqual([[], true]);
    expect(recordsOf(data).filter(({ type }) => type === 'clip-sealed')).toHaveLength(1);
  },
  testMsMax,
);
