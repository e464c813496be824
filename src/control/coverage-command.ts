/** `evidock coverage`: who must have a recorder and has none, under one profile, on one day. */
import { coverageCsv, coverageJson } from '../coverage/coverage-report.ts';
import { findCalendarDate, getCalendarDate } from '../domain/people-facts.ts';
import { codeText } from '../texts/code-texts.ts';
import { coverageFile } from '../web/coverage-file.ts';
import { exitCodes, type StationCommand } from './command.ts';

const formats = ['json', 'csv', 'html'] as const;

export const coverageCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'coverage',
  summary: '配置率：谁应有而没有记录仪，为什么 / who must have a recorder and has none, and why',
  usage:
    'evidock coverage --data DIR [--profile NAME] [--as-of YYYY-MM-DD] [--unit CODE] [--format json|csv|html] [--json]',
  options: {
    profile: { type: 'string', value: 'NAME', help: '统计口径，默认第一个 / profile (default the first: ministry)' },
    'as-of': { type: 'string', value: 'DATE', help: '统计日期，默认今天 / on which day (default today)' },
    unit: { type: 'string', value: 'UNIT', help: '只看一个单位 / one unit only' },
    format: { type: 'string', value: 'FORMAT', help: 'json, csv, html' },
    json: { type: 'boolean', help: '同 --format json / the same as --format json' },
  },
  positionals: [],
  exits: '0 done (gaps do not change it)',
  check({ values }) {
    if (typeof values['as-of'] === 'string' && findCalendarDate(values['as-of']) === undefined) {
      return '--as-of is a date, YYYY-MM-DD';
    }
    const wrong = values.format !== undefined && !formats.includes(values.format as (typeof formats)[number]);
    return wrong ? `--format is one of ${formats.join(', ')}` : undefined;
  },
  async run(station, call, io) {
    const query = {
      profile: call.values.profile as string | undefined,
      asOf: getCalendarDate((call.values['as-of'] as string | undefined) ?? station.today()),
      unit: call.values.unit as string | undefined,
    };
    const format = call.values.json === true ? 'json' : (call.values.format ?? 'text');
    const reported = station.people.coverage(query);
    const json = coverageJson(reported);
    if (format === 'json') io.out(JSON.stringify(json));
    else if (format === 'html') {
      const { name, timeZone } = station.context.options.configuration.station;
      const view = { ...json, by_unit: reported.answer.units };
      const profileTitle = reported.answer.profile.title[call.language === 'zh' ? 'zh-CN' : 'en'];
      io.out(
        coverageFile({
          view,
          profileTitle,
          stationName: name,
          timeZone,
          language: call.language,
          now: new Date().toISOString(),
        }),
      );
    } else if (format === 'csv') {
      io.out(coverageCsv(reported, (reason) => codeText('gap', reason, call.language).word).replace(/\r\n$/u, '\r'));
    } else {
      const rate = json.rate === null ? '-' : `${(json.rate * 100).toFixed(1)} %`;
      io.out(`${json.profile}  ${json.as_of}  ${json.clause}\n${json.covered}/${json.population}  ${rate}`);
      for (const gap of json.gaps) {
        io.out(`${gap.certificate_no}  ${gap.name}  ${gap.unit}  ${codeText('gap', gap.reason, call.language).word}`);
      }
    }
    return exitCodes.done;
  },
};
