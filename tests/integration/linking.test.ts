/**
 * Goal: what people and the station say of links are records that hold as of any sequence; nobody's word is overwritten;
 * a link of the station that no longer follows is a finding; all of it survives a rebuild and a lawful deletion.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfiguration } from '../../src/config/load-configuration.ts';
import { getCalendarDate } from '../../src/domain/people-facts.ts';
import { Registry } from '../../src/registry/registry.ts';
import { systemActor } from '../../src/station/station-context.ts';
import { Station } from '../../src/station.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { type PreparedClip, type PreparedDay, preparedDayOf, takeIn } from '../support/prepared-day.ts';

const folder = makeDiskFolder();
const dataFolder = join(folder, 'data');
const actor = { kind: 'person', id: 'os-user:1' } as const;
let station: Station;
let day: PreparedDay;
let automatic: PreparedClip[];
let open: PreparedClip[];

const openStation = (rebuild: boolean): Promise<Station> =>
  Station.open({
    dataFolder,
    configuration: parseConfiguration('engine: { kind: portable }\n', 'test'),
    log: pino({ level: 'silent' }),
    command: 'test',
    version: 'test',
    rebuild,
  });

beforeAll(async () => {
  mkdirSync(dataFolder);
  station = await openStation(false);
  day = preparedDayOf({ seed: 7 });
  await takeIn(station, day);
  await station.links.decide();
  automatic = day.clips.filter(({ id }) => station.links.linksOf(id).case?.basis === 'automatic');
  open = day.clips.filter(({ id, truth }) => truth !== null && station.links.linksOf(id).case === null);
});
afterAll(async () => {
  await station.close();
  removeFolder(folder);
});

const caseOf = (clip: PreparedClip | undefined, knownAt?: number) =>
  station.links.linksOf(clip?.id ?? '', { knownAt }).case;
const now = (): number => station.context.registry.nextSeq - 1;

test('a second pass finds nothing to do and writes nothing', async () => {
  const before = now();
  expect(await station.links.decide()).toMatchObject({ clips: 0, linkedCases: 0 });
  expect(now()).toBe(before);
});

test('recorders whose file names have another officer than their assignment are found, and no others', () => {
  const asOf = station.today();
  const told = (knownAt?: number): string[] =>
    station.recorderBook
      .findings(knownAt === undefined ? { asOf } : { asOf, knownAt })
      .filter(({ code, serial }) => code === 'name-officer-differs' && !serial.startsWith('TA2'))
      .map(({ serial, certificateNo, others }) => `${serial} ${certificateNo} ${others?.join()}`);
  const expected = day.clips.flatMap(({ recorder, officer, path }) => {
    const named = /_(JX\d{4})_/.exec(path)?.[1] ?? officer;
    // Those that are shared have no assignment that names one officer.
    return recorder.startsWith('TA2') || named === officer ? [] : [`${recorder} ${named} ${officer}`];
  });
  expect(expected.length).toBeGreaterThan(2);
  expect(told()).toEqual([...new Set(expected)].sort());
  expect(told(5)).toEqual([]);
});

test('each step holds as of its sequence, and says who and why', async () => {
  const [clip] = automatic;
  const [other] = day.cases.filter(({ number }) => number !== clip?.truth);
  if (clip === undefined || other === undefined) throw new Error('the day has none');
  const decided = now();
  await station.links.unlink({ clips: [clip.id], target: 'case', reason: 'patrol', actor });
  const unlinked = now();
  await station.links.link({ clips: [clip.id], target: 'case', number: other.number, reason: 'as Li says', actor });
  expect(caseOf(clip)?.number).toBe(other.number);
  expect(caseOf(clip, unlinked)).toBeNull();
  expect(caseOf(clip, decided)).toEqual({ number: clip.truth, basis: 'automatic' });
  expect(caseOf(clip, 10)).toBeNull();
  const steps = station.links.linksOf(clip.id).history.filter(({ target }) => target === 'case');
  expect(steps.map(({ action, reason, actor: by }) => [action, reason, by])).toEqual([
    ['linked', null, 'system:station'],
    ['unlinked', 'patrol', 'person:os-user:1'],
    ['linked', 'as Li says', 'person:os-user:1'],
  ]);
  expect(steps[0]?.reasons.length).toBeGreaterThan(1);
});

test('what a person refused is never proposed again, and a taken proposal is told as confirmed', async () => {
  const clip = open.find(({ id }) => station.links.proposals(id).length > 1);
  const [first, second] = station.links.proposals(clip?.id ?? '');
  if (clip === undefined || first === undefined || second === undefined) throw new Error('the day has none');
  const request = { clips: [clip.id], target: 'case', reason: '', actor } as const;
  await station.links.reject({ ...request, number: first.number });
  expect(station.links.proposals(clip.id).map(({ key }) => key)).not.toContain(first.key);
  expect(caseOf(clip)).toBeNull();
  await station.links.link({ ...request, number: second.number });
  expect(caseOf(clip)).toEqual({ number: second.key, basis: 'confirmed' });
});

test('many are linked at once or none, and the queue holds those that lack something, oldest first', async () => {
  const before = station.queue.page({ limit: 500, offset: 0 });
  expect(before.entries.length).toBe(before.clips);
  const times = before.entries.map(({ row }) => row.occurredAt);
  expect(times).toEqual([...times].sort());
  const [a, b] = before.entries
    .filter(({ lacks }) => lacks.length === 1 && lacks[0] === 'case')
    .map(({ row }) => row.clip);
  const number = day.cases[0]?.number ?? '';
  const all = { target: 'case', number, reason: 'one stop', actor } as const;
  await expect(station.links.link({ ...all, clips: [a ?? '', 'c-none'] })).rejects.toMatchObject({
    code: 'clip-unknown',
  });
  expect(station.queue.counts().clips).toBe(before.clips);
  await station.links.link({ ...all, clips: [a ?? '', b ?? ''] });
  expect(station.queue.counts().clips).toBe(before.clips - 2);
  expect(station.links.clipsOfCase(number)).toEqual(expect.arrayContaining([a, b]));
  const settled = before.entries.at(-1)?.row.clip ?? '';
  await station.links.settle({ clips: [settled], reason: 'patrol', actor });
  expect(station.queue.page({ limit: 500, offset: 0 }).entries.map(({ row }) => row.clip)).not.toContain(settled);
});

test('when a case changes, what the station linked stays and is found, and a person’s word stands', async () => {
  const clip = automatic.find(({ id, truth }) => caseOf({ id } as PreparedClip)?.number === truth && truth !== null);
  const found = day.cases.find(({ number }) => number === clip?.truth);
  if (clip === undefined || found === undefined) throw new Error('the day has none');
  const moved = found.row.map((cell, at) => (at === 2 ? '2026-11-10 08:00' : at === 3 ? '2026-11-10 09:00' : cell));
  const table = `案号,单位,开始,结束,执法人员,状态\n${moved.join(',')}\n`;
  await station.people.import({
    kind: 'cases',
    bytes: Buffer.from(table),
    effective: getCalendarDate('2026-01-02'),
    dryRun: false,
    allowPartial: false,
    actor: systemActor,
    onProgress: () => undefined,
  });
  expect(await station.links.decide()).toMatchObject({ outdated: expect.any(Number) });
  expect(caseOf(clip)?.number).toBe(clip.truth);
  const codes = () => station.context.registry.pages.findings(clip.id).map(({ code }) => code);
  expect(codes()).toContain('case-link-outdated');
  await station.links.link({ clips: [clip.id], target: 'case', number: found.number, reason: 'it is', actor });
  expect(codes()).not.toContain('case-link-outdated');
});

test('a rebuild gives the same rows', async () => {
  const { registry, ledger } = station.context;
  const expected = Registry.open(':memory:');
  await expected.replay(ledger.replay(0), ledger.size);
  expect(registry.differencesFrom(expected)).toEqual([]);
  expected.close();
});
