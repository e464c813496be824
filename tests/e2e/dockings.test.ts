/**
 * What was handed in can be told and proved later: dockings and receipts by the command line, on a real data folder;
 * the same receipt after a rebuild, and an original that went away is named.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { evidock, jsonLines } from '../support/cli.ts';
import { clipsHere, evidockHere, ingestHere } from '../support/in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'evidock-handed-in-'));
const data = join(folder, 'data');
const card = join(folder, 'card');
let docking: string;
let code: string;

const run = (...args: string[]) => evidockHere([...args, '--data', data]);
/** What the command line itself prints and ends with, once for each form. */
const runAsProcess = (...args: string[]) => evidock([...args, '--data', data]);

beforeAll(async () => {
  mkdirSync(card);
  for (const name of ['a.mp4', 'b.mp4', 'c.mp4']) writeFileSync(join(card, name), `clip ${name}`);
  await ingestHere(card, data, ['--recorder', 'TA00716']);
  symlinkSync('a.mp4', join(card, 'link.mp4'));
  const second = await ingestHere(card, data, ['--recorder', 'TA00716']);
  docking = String(second.ended?.docking);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('dockings come newest first, one object a line, and can be narrowed', async () => {
  const lines = jsonLines((await runAsProcess('dockings', '--json')).stdout);
  expect(lines.map(({ sealed, held, skipped, missing }) => ({ sealed, held, skipped, missing }))).toEqual([
    { sealed: 0, held: 3, skipped: 1, missing: 0 },
    { sealed: 3, held: 0, skipped: 0, missing: 0 },
  ]);
  expect(lines[0]).toMatchObject({ docking, recorder: 'TA00716', kind: 'ingest', state: 'ended', isRegistered: null });
  expect(jsonLines((await run('dockings', '--json', '--limit', '1')).stdout)).toHaveLength(1);
  expect(jsonLines((await run('dockings', '--json', '--recorder', 'TA0071')).stdout)).toHaveLength(0);
  expect((await run('dockings', '--state', 'lost')).code).toBe(2);
});

test('one docking is told with every entry of its inventory', async () => {
  const [head, ...entries] = jsonLines((await run('dockings', docking, '--json')).stdout);
  expect(head).toMatchObject({ docking, listed: 4, held: 3 });
  expect(entries.map(({ path, outcome }) => [path, outcome])).toEqual([
    ['link.mp4', 'skipped'],
    ['a.mp4', 'already-held'],
    ['b.mp4', 'already-held'],
    ['c.mp4', 'already-held'],
  ]);
  const none = await runAsProcess('dockings', 'd-none');
  expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('[docking-unknown]')]);
});

test('a receipt checks out, also as it is typed', async () => {
  const receipt = JSON.parse((await runAsProcess('receipt', docking, '--json')).stdout);
  expect(receipt.facts).toMatchObject({ docking, listed: 4, kept: 3, missing: 0 });
  code = receipt.text;
  const good = await runAsProcess('receipt', 'check', code.toLowerCase().replaceAll('.', ' . '));
  expect([good.code, good.stdout]).toEqual([0, expect.stringContaining('all 3 clips are sealed')]);
  const mistyped = await run(
    'receipt',
    'check',
    code.replace(/.$/, (last) => (last === 'Z' ? 'Y' : 'Z')),
    '--json',
  );
  expect([mistyped.code, JSON.parse(mistyped.stdout)]).toEqual([
    1,
    { good: false, kind: 'unreadable', trouble: 'mistyped' },
  ]);
});

test('the same receipt comes out after more was taken in and the registry was made anew', async () => {
  writeFileSync(join(card, 'd.mp4'), 'one more');
  await ingestHere(card, data, ['--recorder', 'TA00716']);
  expect((await run('rebuild')).code).toBe(0);
  expect(JSON.parse((await run('receipt', docking, '--json')).stdout).text).toBe(code);
  expect((await run('receipt', 'check', code)).code).toBe(0);
});

test('an original that is gone, or has another size, is named', async () => {
  const [first, second] = await clipsHere(data);
  const original = (sha256: unknown): string =>
    join(data, 'vault/originals', String(sha256).slice(0, 2), String(sha256));
  rmSync(original(first?.sha256));
  rmSync(original(second?.sha256));
  writeFileSync(original(second?.sha256), 'x');
  const bad = await run('receipt', 'check', code, '--json');
  const { good, findings } = JSON.parse(bad.stdout);
  expect([bad.code, good]).toEqual([1, false]);
  expect(findings).toEqual(
    expect.arrayContaining([
      { code: 'receipt-original-missing', about: `${first?.clip} ${first?.path}` },
      { code: 'receipt-original-size', about: `${second?.clip} ${second?.path}` },
    ]),
  );
  expect(findings).toHaveLength(2);
});

test('a station that never made it says so', async () => {
  const other = join(folder, 'other');
  await ingestHere(card, other);
  const result = await evidockHere(['receipt', 'check', code, '--data', other, '--json']);
  expect([result.code, JSON.parse(result.stdout).findings[0].code]).toEqual([1, 'receipt-of-another-station']);
});

test('a recorder is put into the list by one command, and is not registered only where there is a list', async () => {
  const listed = join(folder, 'listed');
  const go = (...args: string[]) => evidockHere([...args, '--data', listed]);
  await ingestHere(card, listed, ['--recorder', 'TA00716']);
  const standing = async () => jsonLines((await go('dockings', '--json')).stdout).map((line) => line.isRegistered);
  expect(await standing()).toEqual([null]);
  expect((await go('recorders', 'add', 'TA00999', '--model', 'DSJ "Q", 执法仪')).code).toBe(0);
  expect(await standing()).toEqual([false]);
  const added = await go('recorders', 'add', 'TA00716', '--model', 'DSJ-Q', '--effective', '2026-01-01', '--json');
  expect(JSON.parse(added.stdout)).toMatchObject({ event: 'registered', serial: 'TA00716', effective: '2026-01-01' });
  expect(await standing()).toEqual([true]);
  const again = await go('recorders', 'add', 'TA00716', '--model', 'DSJ-Q');
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('[recorder-registered]')]);
  expect((await go('recorders', 'add', 'TA00717')).code).toBe(2);
  expect((await go('fsck')).code).toBe(0);
});
