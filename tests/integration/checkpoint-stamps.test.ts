/**
 * Goal: a checkpoint gets its SM2 signature and its time stamp in the background, openssl alone accepts both and
 * refuses them over anything else, and an authority that is away or lies costs nothing but the stamp, which is said.
 * A real station, real openssl, an authority on loopback.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { StampDesk } from '../../src/station/stamp-desk.ts';
import { systemActor } from '../../src/station/station-context.ts';
import { Station } from '../../src/station.ts';
import { evidock, jsonLines } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { recordsOf } from '../support/store-check.ts';
import { startTimeStampingAuthority, type TimeStampingAuthority } from '../support/time-stamping-authority.ts';

const folder = makeDiskFolder();
let authority: TimeStampingAuthority;
const stations: Station[] = [];
let stationCount = 0;

beforeAll(async () => {
  authority = await startTimeStampingAuthority(join(folder, 'authority'));
});
afterEach(async () => {
  authority.mode = 'good';
  for (const station of stations.splice(0)) await station.close();
});
afterAll(async () => {
  await authority.end();
  removeFolder(folder);
});

async function openStation(ledger: string): Promise<{ data: string; station: Station; desk: StampDesk }> {
  stationCount += 1;
  const data = join(folder, `data-${stationCount}`);
  mkdirSync(data);
  const configuration = parseConfiguration(`engine: { kind: portable }\nledger: { ${ledger} }\n`, 'test');
  const log = pino({ level: 'silent' });
  const station = await Station.open({ dataFolder: data, configuration, log, command: 'test', version: 'test' });
  stations.push(station);
  return { data, station, desk: new StampDesk(station.context) };
}

const timeStamp = (more = ''): string =>
  `timeStampUrl: "${authority.url}", timeStampCaFile: "${authority.caFile}"${more}`;

async function addRecord(station: Station): Promise<void> {
  await station.context.ledger.append({ type: 'test-note', actor: systemActor, body: {} });
  await station.checkpoint();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()) && tries < 400; tries += 1) await pause(25);
  expect(await holds()).toBe(true);
}

function accepts(words: readonly string[]): boolean {
  try {
    execFileSync('openssl', [...words], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const stampFolder = (data: string): string => {
  const sizes = readdirSync(join(data, 'ledger/stamps')).map(Number);
  return join(data, 'ledger/stamps', String(Math.max(...sizes)));
};

test('every checkpoint gets an SM2 signature that openssl checks with the published key', async () => {
  const { data, station, desk } = await openStation('sm2: true');
  for (let round = 0; round < 2; round += 1) {
    await addRecord(station);
    desk.stampSoon();
    await desk.idle();
    const at = stampFolder(data);
    const note = join(at, 'checkpoint');
    expect(readFileSync(note, 'utf8').split('\n')[1]).toBe(at.slice(at.lastIndexOf('/') + 1));
    const verify = ['dgst', '-sm3', '-sigopt', 'distid:1234567812345678', '-signature', join(at, 'checkpoint.sm2')];
    const key = ['-verify', join(data, 'ledger/keys/sm2.pem')];
    expect(accepts([...verify, ...key, note])).toBe(true);
    writeFileSync(join(folder, 'other'), readFileSync(note, 'utf8').replace('\n', 'x\n'));
    expect(accepts([...verify, ...key, join(folder, 'other')])).toBe(false);
  }
  expect(recordsOf(data).filter(({ type }) => type === 'key-made')).toHaveLength(1);
  expect(await desk.states()).toMatchObject([{ kind: 'sm2', trouble: undefined }]);
});

test.each(['sha256', 'sm3'])('the newest checkpoint gets a time stamp over its %s', async (digest) => {
  const { data, station, desk } = await openStation(timeStamp(`, timeStampDigest: ${digest}`));
  await addRecord(station);
  desk.stampSoon();
  await until(async () => (await desk.states())[0]?.time !== undefined);
  await station.close();
  await desk.idle();
  const at = join(data, 'ledger/stamps', readdirSync(join(data, 'ledger/stamps'))[0] ?? '');
  const verify = ['ts', '-verify', '-in', join(at, 'checkpoint.tsr'), '-CAfile', authority.caFile];
  expect(accepts([...verify, '-data', join(at, 'checkpoint')])).toBe(true);
  expect(accepts([...verify, '-data', join(data, 'ledger/records/000000.jsonl')])).toBe(false);
  const stamped = recordsOf(data).filter(({ type }) => type === 'checkpoint-stamped');
  expect(stamped).toHaveLength(1);
  expect(Math.abs(Date.parse(String(stamped[0]?.body.time)) - Date.now())).toBeLessThan(60_000);
  expect((await evidock(['fsck', '--data', data])).code).toBe(0);
});

test('its own record and an unchanged ledger ask for no other token', async () => {
  const { station, desk } = await openStation(timeStamp());
  await addRecord(station);
  desk.stampSoon();
  await until(async () => (await desk.states())[0]?.time !== undefined);
  await station.checkpoint();
  const { asked } = authority;
  desk.stampSoon();
  await pause(300);
  expect(authority.asked).toBe(asked);
});

test.each([
  ['silent', /HTTP 503/],
  ['replay', /no good token/],
] as const)('an authority that is %s leaves no token and is named', async (mode, reason) => {
  const { data, station, desk } = await openStation(timeStamp());
  await addRecord(station);
  authority.mode = mode;
  desk.stampSoon();
  await until(async () => (await desk.states())[0]?.trouble !== undefined);
  expect((await desk.states())[0]?.trouble).toMatch(reason);
  expect(readdirSync(stampFolder(data))).not.toContain('checkpoint.tsr');
  expect(recordsOf(data).map(({ type }) => type)).not.toContain('checkpoint-stamped');
});

test('fsck names a stamp that was altered, and no other file', async () => {
  const { data, station, desk } = await openStation(`sm2: true, ${timeStamp()}`);
  for (let round = 0; round < 2; round += 1) {
    await addRecord(station);
    desk.stampSoon();
    await until(async () => (await desk.states()).every(({ size }) => size !== undefined));
  }
  await station.close();
  await desk.idle();
  const found = async () =>
    jsonLines((await evidock(['fsck', '--data', data, '--json'])).stdout).flatMap(({ event, file, code }) =>
      event === 'finding' ? [`${String(code)} ${String(file)}`] : [],
    );
  expect(await found()).toEqual([]);
  const sizes = readdirSync(join(data, 'ledger/stamps'))
    .map(Number)
    .sort((a, b) => a - b);
  for (const [name, code] of [
    ['checkpoint', 'checkpoint-altered'],
    ['checkpoint.sm2', 'stamp-altered'],
  ] as const) {
    const file = `ledger/stamps/${sizes[0]}/${name}`;
    const good = readFileSync(join(data, file));
    const bad = Buffer.from(good);
    bad.writeUInt8(bad.readUInt8(bad.length - 9) ^ 1, bad.length - 9);
    writeFileSync(join(data, file), bad);
    expect(await found()).toContain(`${code} ${file}`);
    writeFileSync(join(data, file), good);
  }
  writeFileSync(join(data, `ledger/stamps/${sizes[0]}/strange`), 'x');
  expect(await found()).toEqual([`unexpected-file ledger/stamps/${sizes[0]}/strange`]);
});

test('the command line stamps, and says which stamps there are', async () => {
  const { data, station } = await openStation('sm2: true');
  await addRecord(station);
  await station.close();
  writeFileSync(
    join(data, 'config.yaml'),
    `ledger: { sm2: true, timeStampUrl: "http://127.0.0.1:1/", timeStampCaFile: "${authority.caFile}" }\n`,
  );
  // The first call makes the key, which is a record of its own.
  await evidock(['checkpoint', '--data', data]);
  const { code, stdout, stderr } = await evidock(['checkpoint', '--data', data]);
  expect([code, stdout]).toEqual([0, readFileSync(join(data, 'ledger/checkpoint'), 'utf8')]);
  expect(stderr).toMatch(/SM2\/SM3 signature: over the first \d+ records\nTime stamp \(RFC 3161\): none yet \(.+fetch/);
  const { stamps } = JSON.parse((await evidock(['checkpoint', '--data', data, '--json'])).stdout);
  expect(stamps).toMatchObject([{ kind: 'sm2', size: expect.any(Number) }, { kind: 'time-stamp' }]);
});

test('a hand-over is recorded without names, and printed under the checkpoint that covers it', async () => {
  const { data, station } = await openStation('sm2: false');
  await addRecord(station);
  await station.close();
  const words = ['handover', '--data', data, '--json', '--from', '张三', '--to'];
  expect((await evidock([...words, ' 张 三'])).code).toBe(2);
  const { code, stdout } = await evidock([...words, '李四']);
  expect(code).toBe(0);
  const { record, checkpoint, keys } = JSON.parse(stdout);
  const written = recordsOf(data)[record];
  expect(written?.type).toBe('shift-handed-over');
  expect(JSON.stringify(written)).not.toMatch(/张三|李四/);
  expect(Number(checkpoint.split('\n')[1])).toBeGreaterThan(record);
  expect(keys.map(({ role }: { role: string }) => role)).toEqual(['log', 'leaf']);
});
