/** `evidock coverage`: who must have a recorder and has none, under one profile, on one day, as known at a moment. */
import { coverageJson, officersJson } from '../coverage/coverage-report.ts';
import type { CoverageAnswer } from '../domain/coverage-policy.ts';
import type { CoverageAsked } from '../domain/coverage-questions.ts';
import { reportedOf } from '../domain/coverage-summary.ts';
import { rateText } from '../reporting/sheet.ts';
import type { Station } from '../station.ts';
import { codeText } from '../texts/code-texts.ts';
import { pageTexts } from '../texts/page-texts.ts';
import { coverageFormats } from '../web/web-coverage.ts';
import { choiceTrouble, dayOrToday, dayTrouble } from './call-words.ts';
import { type CommandCall, type CommandIo, exitCodes, type StationCommand } from './command.ts';
import { giveFile, outOption } from './file-output.ts';
import { knownAtOf, knownAtTrouble } from './known-at.ts';

export const coverageOptions = {
  profile: { type: 'string', value: 'NAME', help: '统计口径，默认第一个 / profile (default the first: ministry)' },
  'as-of': { type: 'string', value: 'DATE', help: '统计日期，默认今天 / on which day (default today)' },
  unit: { type: 'string', value: 'UNIT', help: '只看一个单位及其下级，编码或名称 / one unit and those below it' },
  'known-at': {
    type: 'string',
    value: 'SEQ|TIME',
    help: '按当时所知：记录序号或时间 / as known then: a sequence or a time (default now)',
  },
} as const;

export const coverageCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'coverage',
  summary: '配置率：谁应有而没有记录仪，为什么 / who must have a recorder and has none, and why',
  usage:
    'evidock coverage --data DIR [--profile NAME] [--as-of YYYY-MM-DD] [--unit CODE] [--known-at SEQ|TIME]\n' +
    '                      [--format json|csv|xlsx|html] [--out FILE] [--all] [--json]',
  options: {
    ...coverageOptions,
    format: { type: 'string', value: 'FORMAT', help: 'json, csv, xlsx, html' },
    out: outOption,
    all: {
      type: 'boolean',
      help: 'JSON 中列出名册全部人员及结论 / everybody in the roster, with the verdict, in the JSON',
    },
    json: { type: 'boolean', help: '同 --format json / the same as --format json' },
  },
  positionals: [],
  exits: '0 done (gaps do not change it), 1 no such profile or unit, or the file is there already',
  check(call) {
    const { format } = call.values;
    return choiceTrouble('--format', format, coverageFormats) ?? coverageTrouble(call);
  },
  async run(station, call, io) {
    const asked = askedOf(station, call);
    const { out } = call.values as { out?: string };
    const chosen = call.values.json === true ? 'json' : call.values.format;
    const format = coverageFormats.find((known) => known === chosen);
    if (format === undefined) {
      await printCoverage(station, { asked, call }, io);
      return exitCodes.done;
    }
    if (format === 'json' && call.values.all === true) {
      const report = await station.coverage.report(asked, progressOf(io));
      const json = { ...coverageJson(report), officers: officersJson(report.answer) };
      await giveFile(io, `${JSON.stringify(json)}\n`, out);
      return exitCodes.done;
    }
    const { bytes } = await station.coverageAnswers.file(asked, format, call.language, progressOf(io));
    await giveFile(io, bytes, out);
    return exitCodes.done;
  },
};

/** What is wrong with the options that all questions about coverage share. */
export const coverageTrouble = (call: CommandCall): string | undefined =>
  dayTrouble(call, 'as-of') ?? knownAtTrouble(call.values['known-at']);

export function askedOf(station: Station, call: CommandCall): CoverageAsked {
  const { values } = call;
  return {
    profile: values.profile as string | undefined,
    asOf: dayOrToday(station, call, 'as-of'),
    unit: values.unit as string | undefined,
    knownAt: knownAtOf(station, values['known-at'] as string | undefined),
  };
}

export const progressOf = (io: CommandIo) => ({
  onProgress: (done: number, total: number) => io.progress(`${done}/${total}`),
  signal: io.signal,
});

async function printCoverage(
  station: Station,
  { asked, call }: { readonly asked: CoverageAsked; readonly call: CommandCall },
  io: CommandIo,
): Promise<void> {
  const { answer } = await station.coverage.report(asked, progressOf(io));
  io.out(`${answer.profile.name}  ${answer.asOf}  ${answer.profile.clause}\n${ratesOf(answer, call).join('\n')}`);
  for (const { gap, certificateNo, name, unit } of answer.verdicts) {
    if (gap === null) continue;
    io.out(`${certificateNo}  ${name}  ${unit}  ${codeText('gap', gap.reason, call.language).word}`);
  }
}

/** Of recorders both ways of counting, and which one is reported. */
function ratesOf(answer: CoverageAnswer, { language }: CommandCall): string[] {
  const { profile, population, covered, coveredPersonally, coveredIncludingShared } = answer;
  const figures = (count: number): string => {
    return `${count}/${population}  ${population === 0 ? '-' : rateText(count / population)}`;
  };
  if (profile.requirement.kind !== 'recorder-per-officer') return [figures(covered)];
  const t = pageTexts[language].coverage;
  const isPersonal = reportedOf(profile) === 'personal-only';
  return [
    `${t.personalOnly}  ${figures(coveredPersonally)}  ${isPersonal ? t.reported : t.notReported}`,
    `${t.includingShared}  ${figures(coveredIncludingShared)}  ${isPersonal ? t.notReported : t.reported}`,
  ];
}
