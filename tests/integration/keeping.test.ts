/**
 * Goal: a deletion run takes what is over its time and leaves what a hold, a case, an absurd clock or an open question
 * keeps, saying why; two persons are needed; a clip that was deleted is not taken again without a word. Real ledger,
 * vault and command line; the clips were sealed in January 2024 by the station's own clock.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runFsck } from '../support/checked-store.ts';
import { type JsonLine, jsonLines } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';
import { clipsHere, evidockHere, ingestHere } from '../support/in-process.ts';
import { sealThen } from '../support/old-station.ts';
import { recordsOf } from '../support/store-check.ts';

const root = makeDiskFolder();
const data = join(root, 'data');
const card = join(root, 'card');
const at = (officer: string, time: string): string => `TA00716_${officer}_${time}.LOG`;
const plain = at('JX0227', '20240105080000');
const other = at('JX0227', '20240105090000');
const onHold = at('JX0227', '20240106080000');
const ofCase = at('JX0227', '20240107080000');
const marked = at('JX0227', '20240108080000');
const absurd = at('JX0227', '19700101080000');
const unknownOfficer = at('ZZ9999', '20240105100000');
const suspended = at('JX0333', '20240105110000');
const renewed = at('JX0444', '20240105120000');
const nobody = 'notes.log';
const names = [plain, other, onHold, ofCase, marked, absurd, unknownOfficer, suspended, renewed, nobody];
const configuration = `keeping:
  rules:
    - { id: case-file, title: 案件证据, clause: 与案卷同期, keep: case + 5 years, case: linked }
    - { id: ordinary, title: 一般, keep: 24 months }
    - { id: important, title: 人工标记重要, keep: permanent, important: human }
`;
let clips: JsonLine[];

const run = (...words: string[]) => evidockHere([...words, '--data', data]);
const json = async (...words: string[]): Promise<JsonLine[]> => jsonLines((await run(...words, '--json')).stdout);
const clip = (name: string): string => clips.find(({ path }) => path === name)?.clip as string;
const originalOf = (name: string): string => {
  const sha256 = clips.find(({ path }) => path === name)?.sha256 as string;
  return join(data, 'vault/originals', sha256.slice(0, 2), sha256);
};
async function expectClean(): Promise<void> {
  expect((await runFsck(data)).findings).toEqual([]);
  expect((await run('rebuild')).code).toBe(0);
  expect((await runFsck(data)).findings).toEqual([]);
}

beforeAll(async () => {
  await sealThen({ data, card, names, sealedAt: new Date('2024-01-10T02:00:00Z'), configuration });
  const people = join(root, 'people');
  const table = async (kind: string, text: string): Promise<void> => {
    writeFileSync(`${people}-${kind}.csv`, text);
    const { code, stderr } = await run(kind, 'import', `${people}-${kind}.csv`, '--effective', '2024-01-01');
    expect(code, stderr).toBe(0);
  };
  await table(
    'roster',
    '姓名,执法证号,人员编号,单位,上级单位,岗位,发证日期,有效期至,证件状态,状态起始日期,在岗\n' +
      '赵六,JX0227,P1,一大队,市支队,路面执法,2020-01-01,2028-01-01,有效,,是\n' +
      '钱七,JX0333,P2,一大队,市支队,路面执法,2020-01-01,2028-01-01,暂扣,2023-12-01,是\n' +
      '孙八,JX0444,P3,一大队,市支队,路面执法,2020-01-01,2023-12-31,有效,,是\n' +
      '孙八,JX0445,P3,一大队,市支队,路面执法,2023-12-20,2028-01-01,有效,,是\n',
  );
  await table(
    'cases',
    '案号,单位,开始时间,结束时间,执法人员,状态\n阳交罚〔2024〕7号,一大队,2024-01-07 07:00,,JX0227,调查取证\n',
  );
  clips = await clipsHere(data);
  expect(clips).toHaveLength(names.length);
  await run('link', clip(ofCase), '--case', '阳交罚〔2024〕7号', '--reason', '现场');
});

afterAll(() => removeFolder(root));

it('explains of each clip which rules apply, which one wins, and until when', async () => {
  const [shown] = await json('keeping', 'show', clip(plain));
  expect(shown).toMatchObject({
    class: 'ordinary',
    sealedOn: '2024-01-10',
    lastDay: '2026-01-10',
    isOver: true,
    reasons: [],
  });
  const [linked] = await json('keeping', 'show', clip(ofCase));
  expect(linked).toMatchObject({ class: 'case-file', lastDay: null, isOver: false, case: '阳交罚〔2024〕7号' });
  expect(linked?.rules).toMatchObject([{ id: 'case-file' }, { id: 'ordinary' }]);
  const { stdout } = await run('keeping', 'show', clip(ofCase), '--lang', 'zh');
  expect(stdout).toContain('案件未结');
  const [early] = await json('keeping', 'show', clip(plain), '--as-of', '2026-01-10');
  expect(early).toMatchObject({ isOver: false });
  expect((await run('keeping', 'show', 'c-none')).code).toBe(1);
});

it('raises no question where a renewed certificate of the same person was valid that day', async () => {
  const [shown] = await json('keeping', 'show', clip(renewed));
  expect(shown).toMatchObject({ isOver: true, reasons: [] });
  await run('mark', clip(renewed), '--important', '--reason', '留存');
});

it('keeps the marks of device and person apart', async () => {
  const words = ['mark', clip(marked), '--important', '--reason', '妨碍执行公务'];
  expect((await json(...words))[0]).toMatchObject({ class: 'important', lastDay: null, deviceMark: false });
  expect((await run('mark', clip(marked), '--important')).code).toBe(2);
  const record = recordsOf(data).findLast(({ type }) => type === 'clip-marked');
  expect(record?.body).toEqual({ clip: clip(marked), important: true });
  expect((await run('mark', clip(plain), '--important', '--category', 'x', '--reason', 'x')).stderr).toContain(
    'category-unknown',
  );
});

it('a hold stops a single deletion too, and its record names nobody', async () => {
  const number = '（2026）晋0522行初1号';
  const words = ['--kind', '诉讼', '--number', number, '--received', '2026-11-02', '--by', '张三'];
  const [hold] = await json('hold', 'place', ...words, '--clip', clip(onHold));
  expect(hold).toMatchObject({ kind: 'litigation', number, answerBy: '2026-11-17', covered: 1 });
  const consent = ['--rule', 'r', '--reason', 'x', '--requested-by', 'a', '--approved-by', 'b', '--override'];
  const refused = await run('delete', 'clip', clip(onHold), ...consent);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('clip-on-hold')]);
  expect(existsSync(originalOf(onHold))).toBe(true);
  expect(JSON.stringify(recordsOf(data).filter(({ type }) => type === 'hold-placed'))).not.toMatch(/张三|行初/);
  expect((await run('hold', 'place', ...words)).code).toBe(2);
  expect((await run('hold', 'place', ...words, '--clip', 'c-none')).stderr).toContain('clip-unknown');
});

it('a run is listed first, with every clip that stays and why; nothing is recorded by looking', async () => {
  const before = recordsOf(data).length;
  const lines = await json('keeping', 'run', '--list');
  const of = (event: string): Map<string, JsonLine> =>
    new Map(lines.filter((line) => line.event === event).map((line) => [line.path, line]));
  expect([...of('due').keys()].sort()).toEqual([plain, other].sort());
  const stays = of('stays');
  const reasons = (name: string): unknown => stays.get(name)?.reasons;
  expect(reasons(onHold)).toEqual(['held']);
  expect(reasons(ofCase)).toEqual(['not-over']);
  expect(reasons(marked)).toEqual(['not-over']);
  expect(reasons(absurd)).toContain('clock-absurd');
  expect(reasons(unknownOfficer)).toEqual(['link-open']);
  expect(reasons(suspended)).toEqual(['certificate-open']);
  expect(reasons(nobody)).toEqual(expect.arrayContaining(['time-unknown', 'no-officer']));
  expect(lines.at(-1)).toMatchObject({ event: 'surveyed', due: 2, stays: 8 });
  expect(recordsOf(data).length).toBe(before);
  // No period is over by then.
  expect((await json('keeping', 'run', '--list', '--as-of', '2026-01-10')).at(-1)).toMatchObject({ due: 0 });
});

it('needs a second person, is judged again right before, and leaves the hold, the case and the 1970 clip', async () => {
  expect((await run('keeping', 'run')).code).toBe(2);
  const future = await run('keeping', 'run', '--by', '李四', '--reason', '到期', '--as-of', '2090-01-01');
  expect([future.code, future.stderr]).toEqual([1, expect.stringContaining('run-in-future')]);
  const proposed = (await json('keeping', 'run', '--by', '李四', '--reason', '到期')).at(-1);
  expect(proposed).toMatchObject({ event: 'run-proposed', clips: 2 });
  const id = proposed?.run as string;
  const same = await run('keeping', 'approve', id, '--approved-by', ' 李 四');
  expect([same.code, same.stderr]).toEqual([1, expect.stringContaining('run-same-person')]);
  expect((await run('keeping', 'resume', id)).stderr).toContain('run-not-approved');
  // Between the proposal and the approval somebody complains.
  await run('hold', 'place', '--kind', '投诉举报', '--number', '12328-1', '--by', '张三', '--clip', clip(other));
  const [ended] = await json('keeping', 'approve', id, '--approved-by', '王五');
  expect(ended).toMatchObject({ state: 'ended', deleted: 1, kept: 1, approvedBy: '王五' });
  const left = (await clipsHere(data)).map(({ path }) => path).sort();
  expect(left).toEqual(names.filter((name) => name !== plain).sort());
  expect(existsSync(originalOf(plain))).toBe(false);
  for (const name of [other, onHold, ofCase, absurd]) expect(existsSync(originalOf(name)), name).toBe(true);
  const lines = await json('keeping', 'runs', id);
  expect(
    lines
      .slice(1)
      .map(({ clip: one, outcome, reasons }) => [one, outcome, reasons])
      .sort(),
  ).toEqual(
    [
      [clip(plain), 'deleted', []],
      [clip(other), 'kept', ['held']],
    ].sort(),
  );
  expect((await run('keeping', 'approve', id, '--approved-by', '王五')).stderr).toContain('run-closed');
  expect((await run('keeping', 'cancel', id, '--by', '李四', '--reason', 'x')).stderr).toContain('run-closed');
  await expectClean();
  expect((await json('keeping', 'runs', id))[0]).toMatchObject({ state: 'ended', deleted: 1, kept: 1 });
});

it('a deleted clip says by whom and why, and is not taken again from its recorder', async () => {
  const shown = await run('keeping', 'show', clip(plain), '--json');
  expect([shown.code, jsonLines(shown.stdout)[0]]).toEqual([
    1,
    expect.objectContaining({ event: 'deleted-clip', rule: 'ordinary', requestedBy: '李四', approvedBy: '王五' }),
  ]);
  const before = recordsOf(data).filter(({ type }) => type === 'clip-sealed').length;
  const again = await ingestHere(card, data, ['--recorder', 'TA00716']);
  expect(again.lines.find(({ path }) => path === plain)).toMatchObject({
    ...{ event: 'skipped', reason: 'lawfully-deleted', detail: jsonLines(shown.stdout)[0]?.deletion },
  });
  expect(recordsOf(data).filter(({ type }) => type === 'clip-sealed').length).toBe(before);
  // The same bytes of another recorder are another clip.
  const elsewhere = await ingestHere(card, data, ['--recorder', 'TA00999']);
  expect(elsewhere.lines.find(({ path }) => path === plain)?.event).toBe('sealed');
  await expectClean();
});

it('a hold on a case holds clips that are linked later, until it is released', async () => {
  const number = '阳交罚〔2024〕7号';
  const place = ['hold', 'place', '--kind', '案件', '--number', '留存1', '--by', '张三', '--case', '阳交罚[2024]7号'];
  const [hold] = await json(...place);
  expect(hold).toMatchObject({ caseNumber: number, covered: 1 });
  await run('link', clip(suspended), '--case', number, '--reason', '同案');
  const id = hold?.hold as string;
  expect(
    (await json('hold', 'show', id))
      .slice(1)
      .map((line) => line.clip)
      .sort(),
  ).toEqual([clip(ofCase), clip(suspended)].sort());
  const consent = ['--rule', 'r', '--reason', 'x', '--requested-by', 'a', '--approved-by', 'b', '--override'];
  expect((await run('delete', 'clip', clip(suspended), ...consent)).stderr).toContain('clip-on-hold');
  const released = await json('hold', 'release', id, '--by', '王五', '--reason', '案结');
  expect(released[0]).toMatchObject({ releasedBy: '王五' });
  expect((await run('hold', 'release', id, '--by', '王五', '--reason', '案结')).stderr).toContain(
    'hold-released-before',
  );
  expect((await run('delete', 'clip', clip(suspended), ...consent)).code).toBe(0);
  await expectClean();
});

it("a hold on an officer holds that officer's days, and forgetting the officer is refused", async () => {
  const place = ['hold', 'place', '--kind', '纪检监察', '--number', '纪1', '--by', '张三', '--officer', 'JX0227'];
  const [hold] = await json(...place, '--from', '2024-01-07', '--until', '2024-01-08');
  const held = (await json('hold', 'show', hold?.hold as string)).slice(1).map((line) => line.clip);
  // Nobody knows when the one of 1970 was recorded, so it is held as well.
  const own = new Set(clips.map((line) => line.clip));
  expect(held.filter((one) => own.has(one)).sort()).toEqual([clip(ofCase), clip(marked), clip(absurd)].sort());
  const consent = ['--rule', 'r', '--reason', 'x', '--requested-by', 'a', '--approved-by', 'b'];
  expect((await run('delete', 'person', 'JX0227', ...consent)).stderr).toContain('person-on-hold');
  await run('hold', 'release', hold?.hold as string, '--by', '王五', '--reason', 'x');
});

it('the bag of a lawsuit is one command', async () => {
  const [hold] = (await json('hold', 'list')).filter(({ kind }) => kind === 'litigation');
  const out = join(root, 'bag');
  const bag = await run('hold', 'bag', hold?.hold as string, '--out', out, '--approved-by', '王五');
  expect(bag.code, bag.stderr).toBe(0);
  expect(existsSync(join(out, 'data/custody.html'))).toBe(true);
  expect(recordsOf(data).findLast(({ type }) => type === 'export-requested')?.body).toMatchObject({
    ...{ purpose: 'litigation', clips: 1 },
  });
  expect((await run('hold', 'bag', 'z-none', '--out', out)).stderr).toContain('hold-unknown');
});

it('a complaint proposes clips by time, plate and unit with reasons, and confirming it holds them', async () => {
  const table = join(root, 'complaints.csv');
  writeFileSync(
    table,
    '工单号,渠道,受理时间,发生时间,发生截止,单位\n' +
      ['一大队', '一　大队', '市支队', '第一执法大队']
        .map((unit, at) => `12345-${7 + at},12345,2026-11-20 09:00,2024-01-05 09:05,2024-01-05 09:20,${unit}\n`)
        .join(''),
  );
  const imported = await run('complaints', 'import', table, '--effective', '2024-01-01');
  expect(imported.code, imported.stderr).toBe(0);
  const proposals = await json('hold', 'propose', '12345-7');
  expect(proposals[0]).toMatchObject({ path: other, reasons: ['time', 'unit'] });
  expect(new Set(proposals.map(({ path }) => path))).toEqual(new Set([other, unknownOfficer]));
  // Written otherwise, a unit above, and one that no roster has: none of them leaves the officer's clip out.
  const reasonsOf = async (number: string) =>
    (await json('hold', 'propose', number)).find(({ path }) => path === other)?.reasons;
  expect(await reasonsOf('12345-8')).toEqual(['time', 'unit']);
  expect(await reasonsOf('12345-9')).toEqual(['time', 'unit']);
  expect(await reasonsOf('12345-10')).toEqual(['time']);
  const [hold] = await json('hold', 'confirm', '12345-7', '--by', '张三', '--clip', clip(unknownOfficer));
  expect(hold).toMatchObject({ kind: 'complaint', number: '12345-7', covered: 1 });
  expect((await json('keeping', 'show', clip(unknownOfficer)))[0]?.reasons).toContain('held');
  expect((await run('hold', 'propose', 'none')).stderr).toContain('complaint-unknown');
});
