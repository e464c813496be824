/**
 * Goal: by the real command line, the self-check says of each recording what speaks for it and what does not, with the
 * clause: a certificate that was suspended between two recordings shows 有依据 and 存疑 with the date; acts without a
 * recording and breaks inside one are found; ticks change the answer and stay in the ledger through rebuild and fsck;
 * a case keeps its identity under a new number; the law's periods run by working days.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CaseView, ClipCheckView } from '../../src/domain/case-views.ts';
import type { Quality, QualityCheck } from '../../src/domain/self-check-policy.ts';
import { type CaseStage, caseNumber, caseTable, makeCaseStage } from '../support/case-stage.ts';
import { runFsck } from '../support/checked-store.ts';
import { jsonLines } from '../support/cli.ts';
import { makeDiskFolder, removeFolder } from '../support/disk-folder.ts';

const root = makeDiskFolder();
const number = caseNumber;
let data: string;
let inquiry: string;
let afterBreak: string;
let suspended: string;
let run: CaseStage['run'];
let write: CaseStage['write'];

async function caseView(of = number): Promise<CaseView> {
  const { stdout, stderr } = await run('cases', 'check', of, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout) as CaseView;
}
async function clipView(clip: string): Promise<ClipCheckView> {
  return JSON.parse((await run('clips', 'check', clip, '--json')).stdout) as ClipCheckView;
}
const qualityOf = (checks: readonly QualityCheck[], quality: Quality): QualityCheck =>
  checks.find((one) => one.quality === quality) as QualityCheck;
const reasonOf = ({ qualities }: ClipCheckView, code: string) =>
  qualities.flatMap(({ reasons }) => reasons).find((reason) => reason.code === code);

beforeAll(async () => {
  ({ data, inquiry, afterBreak, suspended, run, write } = await makeCaseStage(root));
}, 120_000);

afterAll(() => removeFolder(root));

it('shows a certificate as grounded before its suspension and as doubtful after it, with the date', async () => {
  expect(reasonOf(await clipView(inquiry), 'certificate-valid')).toMatchObject({
    state: 'grounded',
    clause: '行政处罚法 42',
    values: { certificateNo: '1001', day: '2026-03-10' },
  });
  expect(reasonOf(await clipView(suspended), 'certificate-lapsed')).toMatchObject({
    state: 'doubtful',
    values: { certificateNo: '1001', day: '2026-03-20', standing: 'suspended', since: '2026-03-15' },
  });
  const text = await run('clips', 'check', suspended, '--lang', 'zh');
  expect(text.code).toBe(1);
  expect(text.stdout).toContain('存疑: 执法证 1001 自 2026-03-15 起暂扣，录制日 2026-03-20');
});

it('counts two certified officers although one of three is suspended', async () => {
  expect(reasonOf(await clipView(suspended), 'two-officers')).toMatchObject({ values: { sure: '2' } });
});

it('never says a verdict', async () => {
  const texts = await Promise.all([
    run('cases', 'check', number, '--lang', 'zh'),
    run('cases', 'check', number, '--json'),
  ]);
  for (const { stdout } of texts) expect(stdout).not.toMatch(/合法/u);
});

it('finds the act without a recording, the break inside one, and the clip behind a period', async () => {
  const view = await caseView();
  const act = (code: string) => view.acts.find((one) => one.act === code);
  expect(view.acts.map(({ act: code, state }) => [code, state])).toEqual([
    ['inquiry', 'recorded'],
    ['evidence-registration', 'recorded'],
    ['service', 'not-recorded'],
    ['on-site-check', 'not-dated'],
  ]);
  expect(act('inquiry')?.breaks).toMatchObject([{ kind: 'pause', before: inquiry, after: afterBreak, isSure: true }]);
  const [pause] = act('inquiry')?.breaks ?? [];
  expect(Math.round(((pause?.untilMs ?? 0) - (pause?.fromMs ?? 0)) / 1000)).toBe(40);
  // 2026-03-10 is a Tuesday; seven working days after it.
  expect(view.clocks).toMatchObject([
    { kind: 'evidence-registration', startedOn: '2026-03-10', dueOn: '2026-03-19', state: 'overdue' },
  ]);
  expect(view.clocks[0]?.clips).toContain(inquiry);
  const clocks = await run('cases', 'clocks', '--json');
  expect([clocks.code, jsonLines(clocks.stdout).length]).toEqual([1, 1]);
});

it('takes the ticks of a reviewer, keeps each, and the newest answers', async () => {
  const announced = async () => {
    const { qualities } = await clipView(inquiry);
    return qualityOf(qualities, 'lawful').reasons.find(({ code }) => code.includes('announce'))?.code;
  };
  expect(await announced()).toBe('announcement-open');
  const tick = (item: string, answer: string) =>
    run('cases', 'review', number, '--act', '询问', '--tick', `${item}=${answer}`, '--reviewer', '赵六');
  expect((await tick('recording-announced', 'no')).code).toBe(0);
  expect(await announced()).toBe('not-announced');
  // By its title, as the list of acts has it.
  expect((await tick('已告知录音录像', 'yes')).code).toBe(0);
  expect(await announced()).toBe('announced');
  expect(qualityOf((await clipView(inquiry)).qualities, 'lawful').state).toBe('grounded');
  const { reviews } = await caseView();
  expect(reviews.map(({ reviewer, answers }) => [reviewer, answers])).toEqual([
    ['赵六', { 'recording-announced': 'yes' }],
    ['赵六', { 'recording-announced': 'no' }],
  ]);
  const shown = await run(
    'cases',
    'review',
    number,
    '--act',
    'on-site-check',
    '--shows',
    inquiry,
    '--reviewer',
    '赵六',
  );
  expect(shown.code).toBe(0);
  expect((await caseView()).acts.find(({ act }) => act === 'on-site-check')).toMatchObject({ state: 'recorded' });
  for (const [wrong, code] of [
    [['--act', '抽样', '--tick', 'recording-announced=yes'], 'act-unknown'],
    [['--act', '询问', '--tick', 'sample-sealed=yes'], 'item-unknown'],
    [['--act', '询问', '--shows', 'c-none'], 'clip-unknown'],
  ] as const) {
    const refused = await run('cases', 'review', number, ...wrong, '--reviewer', '赵六', '--json');
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining(code)]);
  }
});

it('knows the case under its new number by its system key, and its clips stay', async () => {
  const renumbered = '晋交罚〔2026〕99号';
  const json = write('news.json', JSON.stringify([{ ...jsonCase(renumbered), status: '已决定' }]));
  const { code, stdout } = await run('cases', 'update', json, '--json');
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { event: 'updated', added: [], changed: [{ key: number }] }]);
  const view = await caseView(renumbered);
  expect(view.clips.map(({ clip }) => clip)).toContain(inquiry);
  // What the message had no column for stays.
  expect([view.facts.party, view.facts.acts?.length, view.formerNumbers]).toEqual(['某公司', 3, [number]]);
  expect((await caseView(number)).key).toBe(view.key);
  const again = await run('cases', 'update', json, '--json');
  expect(JSON.parse(again.stdout)).toMatchObject({ event: 'compared', changed: [], unchanged: 1, records: [] });
  const asks = await run('cases', 'update', write('old.csv', caseTable(number, { key: '', withActs: false })));
  expect([asks.code, asks.stderr]).toEqual([1, expect.stringContaining(renumbered)]);
});

function jsonCase(caseNumber: string) {
  const officers = ['1001', '1002', '1003'];
  return { caseNumber, externalKey: 'K1', unit: '一大队', startedAt: '2026-03-10', endedAt: '2026-03-31', officers };
}

it('is the same after a rebuild, and clean', async () => {
  const before = await caseView();
  expect((await runFsck(data)).findings).toEqual([]);
  expect((await run('rebuild')).code).toBe(0);
  expect(await caseView()).toEqual(before);
  expect((await runFsck(data)).findings).toEqual([]);
});

it('forgets the reviews of a clip with it', async () => {
  const consent = ['--rule', 'r', '--reason', 'x', '--requested-by', 'a', '--approved-by', 'b', '--override'];
  const note = 'a remark that must go';
  const words = ['--clip', suspended, '--tick', 'recording-announced=no', '--note', note, '--reviewer', '赵六'];
  expect((await run('cases', 'review', ...words)).code).toBe(0);
  expect((await caseView()).reviews[0]).toMatchObject({ clip: suspended, note });
  expect((await run('delete', 'clip', suspended, ...consent)).code).toBe(0);
  expect(JSON.stringify(await caseView())).not.toContain(note);
  expect((await runFsck(data)).findings).toEqual([]);
  expect((await run('rebuild')).code).toBe(0);
  expect((await runFsck(data)).findings).toEqual([]);
});

it('forgets a case with its reviews, links and import files, and a complaint', async () => {
  const consent = ['--rule', 'r', '--reason', 'x', '--requested-by', 'a', '--approved-by', 'b'];
  const escaped = '"\\u67d0\\u516c\\u53f8"';
  const json = `[{"case_number":"晋交罚〔2026〕99号","external_key":"K1","unit":"","started_at":"2026-03-10","ended_at":null,"officers":[],"status":"","party":${escaped}}]`;
  expect((await run('cases', 'import', write('escaped.json', json), '--effective', '2026-05-01')).code).toBe(0);
  const table = '投诉编号,渠道,受理时间,内容\nT-77,12345,2026-03-12,说得很清楚\n';
  expect((await run('complaints', 'import', write('complaints.csv', table))).code).toBe(0);
  await run('link', inquiry, '--case', number, '--reason', 'a reason that must go');
  expect((await run('delete', 'case', '晋交罚〔2026〕99号', ...consent)).code).toBe(0);
  expect((await run('delete', 'complaint', 'T-77', ...consent)).code).toBe(0);
  expect((await run('delete', 'complaint', 'T-78', ...consent)).code).toBe(1);
  expect((await run('cases', '--json')).stdout).toBe('');
  const left = readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(?:ledger|imports|registry)/u.test(name) && statSync(join(data, name)).isFile())
    .map((name) => readFileSync(join(data, name), 'latin1'))
    .join('\n');
  for (const word of ['某公司', '赵六', '说得很清楚', 'a reason that must go', '99号']) {
    expect(left.includes(Buffer.from(word).toString('latin1')), word).toBe(false);
  }
  expect(left).not.toContain(escaped.slice(1, -1));
  expect((await runFsck(data)).findings).toEqual([]);
  expect((await run('rebuild')).code).toBe(0);
  expect((await runFsck(data)).findings).toEqual([]);
});
