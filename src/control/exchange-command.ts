/** `evidock exchange`: a month's officers, recorders, assignments, cases, links and coverage for another system. */

import { exchangeTables, tableTitles } from '../domain/exchange-columns.ts';
import { exchangeFileFormats } from '../reporting/exchange-files.ts';
import { exchangeTexts } from '../texts/exchange-texts.ts';
import {
  actorOf,
  choiceTrouble,
  dayOf,
  dayTrouble,
  firstTrouble,
  jsonOption,
  monthTrouble,
  textOf,
  typedText,
} from './call-words.ts';
import { exitCodes, type StationCommand } from './command.ts';
import { knownAtOf, knownAtTrouble } from './known-at.ts';

const formats = [...exchangeFileFormats, 'both'] as const;

export const exchangeCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'exchange',
  summary: '月度数据交换：按月导出人员、记录仪、配发、案件、关联和配置率 / a month for another system, CSV and JSON',
  usage:
    'evidock exchange --month YYYY-MM --out DIR --data DIR [--as-of YYYY-MM-DD] [--known-at SEQ|TIME]\n' +
    `                 [--only ${exchangeTables.join('|')}]... [--format ${formats.join('|')}] [--json]`,
  options: {
    month: { type: 'string', value: 'YYYY-MM', help: '月份；未结束的按今天 / a month; one that runs as of today' },
    'as-of': { type: 'string', value: 'DATE', help: '当月某日，默认月末 / a day of the month (default its last)' },
    'known-at': {
      type: 'string',
      value: 'SEQ|TIME',
      help: '按当时所知：记录序号或时间 / as known then: a sequence or a time (default now)',
    },
    out: { type: 'string', value: 'DIR', isPath: true, help: '写入新目录 / a new folder for the files' },
    only: {
      type: 'string',
      value: 'TABLE',
      isRepeated: true,
      help: '只导出这张表，可重复 / this table only, may be repeated',
    },
    format: { type: 'string', value: 'FORMAT', help: 'csv, json, both（默认 / default）' },
    json: jsonOption,
  },
  positionals: [],
  exits: '0 written and recorded, 1 not possible: the folder is there, or the month has not begun, 130 cancelled',
  check(call) {
    const { values, lists } = call;
    return firstTrouble(
      monthTrouble(call, 'month'),
      values.out === undefined ? '--out：必填，新目录 / --out is needed: a new folder' : undefined,
      dayTrouble(call, 'as-of'),
      ...(lists.only ?? []).map((name) => choiceTrouble('--only', name, exchangeTables)),
      choiceTrouble('--format', values.format, formats),
      knownAtTrouble(values['known-at']),
    );
  },
  async run(station, call, io) {
    const { values, lists, language } = call;
    const knownAt = knownAtOf(station, values['known-at'] as string | undefined);
    const period = station.exchange.period(
      { month: textOf(call, 'month'), asOf: dayOf(call, 'as-of'), knownAt },
      station.today(),
    );
    const only = lists.only ?? [];
    const out = values.out as string;
    const texts = exchangeTexts[language];
    const made = await station.exchange
      .make(period, {
        out,
        tables: exchangeTables.filter((table) => only.length === 0 || only.includes(table)),
        formats: exchangeFileFormats.filter((format) =>
          [undefined, 'both', format].includes(typedText(call, 'format')),
        ),
        actor: actorOf(call),
        onTable: (table) => io.progress(table),
        signal: io.signal,
      })
      .catch((error: unknown) => {
        if (io.signal.aborted && error instanceof Error && error.name === 'AbortError') return undefined;
        throw error;
      });
    if (made === undefined) {
      io.err(texts.cancelled);
      return exitCodes.interrupted;
    }
    const { manifest, manifestSha256, seq } = made;
    if (values.json === true) {
      io.out(JSON.stringify({ event: 'exchange-made', out, seq, manifestSha256, ...manifest }));
      return exitCodes.done;
    }
    io.out(texts.made(manifest.month, manifest.as_of, manifest.known_at, seq));
    for (const { table, rows } of manifest.tables) io.out(`  ${texts.rows(table, rows, tableTitles[table][language])}`);
    io.out(`  exchange.json sha256:${manifestSha256}`);
    io.err(texts.files(out));
    return exitCodes.done;
  },
};
