/**
 * Dockings as the registry tells them: from the records alone, in pages, what was not taken first. And a registry of
 * an older program, which forgets what it projected so that the ledger is replayed into the new columns.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import type { DockedRecorder } from '../../src/domain/dock.ts';
import { missingOf } from '../../src/domain/docking-views.ts';
import type { DockingId, DocumentId, Sha256Hex, SourceId, StationId } from '../../src/domain/ids.ts';
import type { RecordEnvelope, ReplayedRecord } from '../../src/domain/records.ts';
import { openDatabase } from '../../src/registry/database.ts';
import { Registry } from '../../src/registry/registry.ts';
import { DockingDesk } from '../../src/station/docking-desk.ts';

const folder = mkdtempSync(join(tmpdir(), 'evidock-dockings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hex = (text: string): string => Buffer.from(text).toString('hex');
const digest = (letter: string): Sha256Hex => letter.repeat(64) as Sha256Hex;

/** Records as a ledger would replay them, numbered as they come. */
class Records {
  readonly list: ReplayedRecord[] = [];

  add(type: string, subject: string, body: object, document?: object): void {
    const seq = this.list.length;
    const id = `x-${seq}` as DocumentId;
    const record: RecordEnvelope = {
      v: 1,
      seq,
      type,
      time: new Date(Date.UTC(2026, 10, 20, 8, 0, seq)).toISOString(),
      upMs: 0,
      boot: 'b',
      station: 's-1' as StationId,
      nonce: '',
      prev: '',
      actor: { kind: 'system', id: 'station' },
      subject,
      body: body as RecordEnvelope['body'],
      ...(document === undefined ? {} : { documents: [{ id, sha256: digest('e') }] }),
    };
    this.list.push({ record, documents: document === undefined ? [] : [{ id, body: document as never }] });
  }

  start(docking: string, more: { source?: string; slot?: string; uuid?: string } = {}): void {
    const { source = 'recorder:TA1', slot, uuid } = more;
    const body = { docking, kind: 'usb', source, recorderBasis: 'usb', readBack: 'direct', engine: 'native', slot };
    const volume =
      uuid === undefined ? {} : { volume: { uuid, path: '/x', fileSystem: 'vfat', label: '', options: '' } };
    this.add('docking-started', docking, body, { folder: '/x', folderHex: hex('/x'), ...volume });
  }

  list5(docking: string): void {
    const names = ['a.mp4', 'b.mp4', 'c.log', 'd.mp4', 'e.mp4'];
    const entries = names.map((path) => ({ path, pathHex: hex(path), type: 'file', bytes: 10 }));
    const body = { docking, part: 1, last: true, entries: 5, files: 5, bytes: 50, complete: true };
    this.add('inventory-listed', docking, body, { entries });
  }

  seal(docking: string, path: string): void {
    const body = {
      ...{ clip: `c-${path}`, docking, source: 'recorder:TA1', bytes: 10, sha256: digest('a'), sm3: digest('b') },
      ...{ fsverity: digest('c'), readBack: 'direct', engine: 'native', original: 'new', findings: [] },
    };
    const document = { path, pathHex: hex(path), mtimeNs: '1', recorder: 'TA1', name: null, recordedAt: null };
    this.add('clip-sealed', `c-${path}`, body, document);
  }

  end(docking: string): void {
    const entries = [
      { pathHex: hex('b.mp4'), outcome: 'failed', reason: 'read-error', detail: 'EIO at 4096' },
      { pathHex: hex('c.log'), outcome: 'skipped', reason: 'rule:logs' },
      { pathHex: hex('d.mp4'), outcome: 'already-held', clip: 'c-a.mp4' },
      { pathHex: hex('e.mp4'), outcome: 'refused', reason: 'unknown' },
    ];
    this.add('outcomes-listed', docking, { docking, entries: 4 }, { entries });
    const counts = { sealed: 1, held: 1, skipped: 1, refused: 1, failed: 1 };
    this.add('docking-ended', docking, { docking, ...counts, cancelled: false });
  }
}

function deskOf(records: Records): { desk: DockingDesk; registry: Registry } {
  const registry = Registry.open(':memory:');
  registry.apply(records.list);
  return { desk: new DockingDesk(registry, 'Asia/Shanghai'), registry };
}

describe('dockings', () => {
  const records = new Records();
  for (const docking of ['d-1', 'd-2', 'd-3']) {
    records.start(docking, { slot: docking.slice(2), source: docking === 'd-3' ? 'recorder:TA9' : 'recorder:TA1' });
    records.list5(docking);
    if (docking === 'd-1') records.seal(docking, 'a.mp4');
    if (docking === 'd-1') records.end(docking);
    if (docking === 'd-2') records.add('docking-interrupted', docking, { docking });
  }
  const { desk } = deskOf(records);

  test('come newest first, with slot, recorder and what is missing', () => {
    const { rows, total } = desk.list({}, { limit: 10, offset: 0 });
    expect(total).toBe(3);
    expect(rows.map(({ docking, slot, state, missing }) => [docking, slot, state, missing])).toEqual([
      ['d-3', '3', 'open', null],
      ['d-2', '2', 'interrupted', 5],
      ['d-1', '1', 'ended', 2],
    ]);
  });

  test('are found by slot, whole serial and state', () => {
    const ids = (filter: object): string[] => desk.list(filter, { limit: 9, offset: 0 }).rows.map((row) => row.docking);
    expect(ids({ slot: '2' })).toEqual(['d-2']);
    expect(ids({ recorder: 'TA1' })).toEqual(['d-2', 'd-1']);
    expect(ids({ recorder: 'TA' })).toEqual([]);
    expect(ids({ state: 'open' })).toEqual(['d-3']);
  });

  test('name what was not taken first, with the reason, and then the rest', () => {
    const { rows, total } = desk.entries('d-1', { limit: 10, offset: 0 });
    expect(total).toBe(5);
    expect(rows.map(({ path, outcome, reason, detail }) => [path, outcome, reason, detail])).toEqual([
      ['b.mp4', 'failed', 'read-error', 'EIO at 4096'],
      ['e.mp4', 'refused', 'unknown', null],
      ['c.log', 'skipped', 'rule:logs', null],
      ['a.mp4', 'sealed', null, null],
      ['d.mp4', 'already-held', null, null],
    ]);
  });

  test('of which nothing is registered while there is no list of recorders', () => {
    expect(desk.get('d-1').isRegistered).toBeNull();
    expect(() => desk.get('d-9')).toThrow('no docking d-9');
  });
});

describe('a docked recorder', () => {
  const docked = (serial: string, uuid: string): DockedRecorder => ({
    ...{ kind: 'usb', slot: '1', generation: 'g', serial, recorderBasis: 'usb', root: Buffer.from('/x') },
    volumes: [{ path: '/x', fileSystem: 'vfat', label: '', uuid, options: '' }],
  });
  const codes = (desk: DockingDesk, recorder: DockedRecorder): string[] =>
    desk.findingsOf(recorder).map(({ code }) => code);

  test('with the card of its last docking is nothing to look into, with another one it is', () => {
    const records = new Records();
    records.start('d-1', { uuid: 'AAAA-1111' });
    records.start('d-2', { uuid: 'BBBB-2222' });
    records.start('d-3', { uuid: 'CCCC-3333', source: `recorder:0000000/d-${'0'.repeat(20)}` });
    const { desk } = deskOf(records);
    expect(codes(desk, docked('TA1', 'BBBB-2222'))).toEqual([]);
    expect(codes(desk, docked('TA1', 'AAAA-1111'))).toEqual(['card-changed']);
    expect(codes(desk, docked('TA7', 'AAAA-1111'))).toEqual(['card-of-another-recorder']);
    expect(desk.findingsOf(docked('TA7', 'CCCC-3333'))[0]?.detail).toContain('came with 0000000 last time');
    expect(codes(desk, docked('0000000', 'CCCC-3333'))).toEqual([]);
  });
});

test('a serial that many recorders share is shown without what tells its dockings apart', () => {
  const records = new Records();
  records.start(`d-${'0'.repeat(20)}`, { source: `recorder:0000000/d-${'0'.repeat(20)}` as SourceId });
  const { desk } = deskOf(records);
  expect(desk.list({ recorder: '0000000' }, { limit: 5, offset: 0 }).rows.map(({ recorder }) => recorder)).toEqual([
    '0000000',
  ]);
});

test('streams through more rows than one page, each once, without a gap', async () => {
  const records = new Records();
  for (let number = 0; number < 1203; number += 1) records.start(`d-${number}`);
  const entries = Array.from({ length: 1203 }, (_, at) => ({ path: `${at}`, pathHex: hex(`${at}`), type: 'file' }));
  const body = { docking: 'd-0', part: 1, last: true, entries: 1203, files: 1203, bytes: 0, complete: true };
  records.add('inventory-listed', 'd-0', body, { entries });
  const { desk } = deskOf(records);
  const seen: string[] = [];
  for await (const { docking } of desk.each({}, 5000)) seen.push(docking);
  expect(seen).toEqual(Array.from({ length: 1203 }, (_, at) => `d-${1202 - at}`));
  const paths = new Set<string>();
  for await (const { path } of desk.eachEntry('d-0', 5000)) paths.add(path);
  expect(paths.size).toBe(1203);
  const few: string[] = [];
  for await (const { docking } of desk.each({}, 501)) few.push(docking);
  expect(few).toHaveLength(501);
});

test.each([
  [{ state: 'open', entries: 5, sealed: 1, held: null, skipped: null }, null],
  [{ state: 'interrupted', entries: null, sealed: 0, held: null, skipped: null }, null],
  [{ state: 'interrupted', entries: 5, sealed: 2, held: null, skipped: null }, 3],
  [{ state: 'cancelled', entries: 5, sealed: 2, held: 1, skipped: 1 }, 1],
  [{ state: 'ended', entries: 5, sealed: 3, held: 1, skipped: 1 }, 0],
] as const)('what is missing of %j', (counts, missing) => {
  expect(missingOf(counts)).toBe(missing);
});

test('a registry of version 2 forgets its rows, so that the ledger is replayed into what is new', () => {
  const file = join(folder, 'old.db');
  const old = new Database(file);
  for (const name of ['schema-v1.sql', 'schema-v2.sql']) {
    old.exec(readFileSync(join(import.meta.dirname, '../../src/registry', name), 'utf8'));
  }
  old.pragma('user_version = 2');
  old.exec(`INSERT INTO sources VALUES ('recorder:TA1', 'TA1', NULL);
    INSERT INTO dockings (docking, kind, source, recorder_basis, started_at, started_seq, state)
      VALUES ('d-1', 'usb', 'recorder:TA1', 'usb', '2026-11-20T08:00:00.000Z', 0, 'open');
    INSERT INTO records VALUES (0, 'docking-started', 't', 'system', 'station', 'd-1');
    UPDATE applied SET next_seq = 1;`);
  old.close();
  const db = openDatabase(file);
  expect(db.prepare('SELECT next_seq FROM applied').pluck().get()).toBe(0);
  db.close();
  const records = new Records();
  records.start('d-1', { slot: '7' });
  const registry = Registry.open(file);
  registry.apply(records.list);
  expect(registry.dockings.docking('d-1' as DockingId)?.slot).toBe('7');
  registry.close();
});
