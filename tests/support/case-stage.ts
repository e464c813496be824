/** A data folder with a case, made by the real command line: three recordings, two rosters with a suspension between. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CliResult } from './cli.ts';
import { clipsHere, evidockHere, ingestHere } from './in-process.ts';

export const caseNumber = '晋交罚〔2026〕12号';
const acts = '询问 2026-03-10 09:30~09:32; 先行登记保存 2026-03-10 09:30; 送达 2026-03-20 15:00';

export interface CaseStage {
  readonly data: string;
  /** From before the suspension; the second goes on after a break, the third is from after the suspension. */
  readonly inquiry: string;
  readonly afterBreak: string;
  readonly suspended: string;
  readonly run: (...words: string[]) => Promise<CliResult>;
  /** Writes a file beside the data folder. @returns its path */
  readonly write: (name: string, text: string) => string;
}

const roster = (status: string): string => `执法证号,姓名,单位,岗位,在岗,证件状态,状态起始日期,有效期至,发证日期
1001,张三,一大队,路面执法,是,${status},2028-01-01,2020-01-01
1002,李四,一大队,路面执法,是,有效,,2028-01-01,2020-01-01
1003,王五,一大队,路面执法,是,有效,,2028-01-01,2020-01-01
`;

/** The table of the case; `key` is the enforcement system's. */
export const caseTable = (numbered: string, { key = 'K1', withActs = true } = {}): string =>
  `案号,系统编号,案件类型,单位,开始,结束,执法人员,状态,当事人,执法行为\n${numbered},${key},一般程序,一大队,2026-03-10,2026-03-31,1001;1002;1003,办理中,某公司,"${withActs ? acts : ''}"\n`;

export async function makeCaseStage(root: string): Promise<CaseStage> {
  const data = join(root, 'data');
  const card = join(root, 'card');
  const sample = join(root, 'sample.mp4');
  const ffmpeg = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc=s=64x48:r=2:d=20', '-c:v', 'libx264', sample];
  execFileSync('ffmpeg', ffmpeg);
  for (const [index, stamp] of ['20260310_093000', '20260310_093100', '20260320_100000'].entries()) {
    const path = join(card, `police/video/${stamp.slice(0, 8)}/${caseNumber}_1001_video_${stamp}.mp4`);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(sample, path);
    const at = new Date(Date.UTC(2026, 2, 20, 2, index));
    utimesSync(path, at, at);
  }
  mkdirSync(data);
  const run = (...words: string[]): Promise<CliResult> => evidockHere([...words, '--data', data]);
  const write = (name: string, text: string): string => {
    writeFileSync(join(root, name), text);
    return join(root, name);
  };
  expectDone(await ingestHere(card, data, ['--recorder', 'CAM001']));
  for (const [kind, file, effective] of [
    ['roster', write('first.csv', roster('有效,')), '2026-01-01'],
    ['roster', write('second.csv', roster('暂扣,2026-03-15')), '2026-04-01'],
    ['cases', write('cases.csv', caseTable(caseNumber)), '2026-03-10'],
  ] as const) {
    expectDone(await run(kind, 'import', file, '--effective', effective));
  }
  const clips = await clipsHere(data);
  const at = (stamp: string): string => clips.find(({ path }) => path.includes(stamp))?.clip as string;
  const [inquiry, afterBreak, suspended] = [at('0310_093000'), at('0310_093100'), at('0320_100000')];
  // Of no act that has a time: in a case of three weeks its number alone makes it a proposal, which somebody takes.
  expectDone(await run('link', suspended, '--case', caseNumber, '--reason', 'his word'));
  return { data, inquiry, afterBreak, suspended, run, write };
}

function expectDone({ code, stderr }: CliResult): void {
  if (code !== 0) throw new Error(`ended with ${code}: ${stderr}`);
}
