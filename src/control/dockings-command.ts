/**
 * `evidock dockings [ID]`: every visit of a recorder, or one with its whole inventory, what was not taken first. The
 * answer streams: it is read from the registry in pages, so a long list holds nothing up.
 */
import { type DockingDetail, type DockingEntryView, type DockingView, dockingStates } from '../domain/docking-views.ts';
import type { Station } from '../station.ts';
import type { Language } from '../texts/cli-texts.ts';
import { codeText, codeWord } from '../texts/code-texts.ts';
import { dockingLineTexts, dockingTexts } from '../texts/docking-texts.ts';
import { choiceTrouble } from './call-words.ts';
import { type CommandCall, type CommandIo, exitCodes, type StationCommand } from './command.ts';
import { humanBytes } from './human-bytes.ts';

const listLimit = 50;
const limitMax = 10_000_000;

export const dockingsCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'dockings',
  summary: '接入记录；给出标识时列出整份清单 / list dockings, or one with its whole inventory',
  usage: 'evidock dockings [DOCKING] --data DIR [--slot N] [--recorder SERIAL] [--state STATE] [--limit N] [--json]',
  options: {
    slot: { type: 'string', value: 'N', help: '只列此采集口 / of one slot only' },
    recorder: {
      type: 'string',
      value: 'SERIAL',
      help: '只列此记录仪（完整编号） / of one recorder, by its whole serial',
    },
    state: { type: 'string', value: 'STATE', help: '只列此结果 / open, ended, cancelled or interrupted' },
    limit: {
      type: 'string',
      value: 'N',
      help: `最多几行（列表默认 ${listLimit}，清单默认全部） / at most so many lines`,
    },
    json: {
      type: 'boolean',
      help: '输出 JSON 行 / JSON lines: one a docking; with DOCKING the docking, then its entries',
    },
  },
  positionals: [{ name: 'DOCKING', isPath: false, isOptional: true }],
  exits: '0 done, 1 no such docking, or it ended with entries that were not taken',
  check({ values, positionals }) {
    const { state, limit } = values;
    const stateTrouble = choiceTrouble('--state', state, dockingStates);
    if (stateTrouble !== undefined) return stateTrouble;
    if (limit !== undefined && !/^[1-9]\d{0,6}$/.test(String(limit)))
      return `--limit：1 到 ${limitMax - 1} 的数 / --limit is a number from 1 to ${limitMax - 1}`;
    const filtered = values.slot ?? values.recorder ?? values.state;
    return positionals.length > 0 && filtered !== undefined
      ? '给出 DOCKING 时不用筛选条件 / a DOCKING needs no filter'
      : undefined;
  },
  run: (station, call, io) => (call.positionals.length === 0 ? list(station, call, io) : show(station, call, io)),
};

async function list(station: Station, { values, language }: CommandCall, io: CommandIo): Promise<number> {
  const limit = values.limit === undefined ? (values.json === true ? limitMax : listLimit) : Number(values.limit);
  const filter = {
    slot: values.slot as string | undefined,
    recorder: values.recorder as string | undefined,
    state: values.state as string | undefined,
  };
  let count = 0;
  // One more is asked for, to know whether there are more.
  for await (const row of station.dockings.each(filter, limit + 1)) {
    if (io.signal.aborted) return exitCodes.interrupted;
    if (count === limit) {
      io.err(dockingLineTexts[language].limited(limit));
      break;
    }
    count += 1;
    io.out(values.json === true ? JSON.stringify(row) : dockingLine(row, station.shownTime(row.startedAt), language));
  }
  if (count === 0) io.err(dockingTexts[language].none);
  return exitCodes.done;
}

async function show(station: Station, call: CommandCall, io: CommandIo): Promise<number> {
  const { values, language } = call;
  const docking = station.dockings.get(call.positionals[0] as string);
  const { records, recordCount, findingList, ...facts } = docking;
  if (values.json === true) io.out(JSON.stringify({ ...facts, findings: findingList, records: recordCount }));
  else for (const line of headLines(docking, station.shownTime(docking.startedAt), language)) io.out(line);
  const limit = values.limit === undefined ? limitMax : Number(values.limit);
  for await (const entry of station.dockings.eachEntry(docking.docking, limit)) {
    if (io.signal.aborted) return exitCodes.interrupted;
    io.out(values.json === true ? JSON.stringify(entry) : entryLine(entry, docking, language));
  }
  const incomplete = docking.state !== 'open' && docking.missing !== 0;
  return incomplete ? exitCodes.incomplete : exitCodes.done;
}

function dockingLine(row: DockingView, startedAt: string, language: Language): string {
  const texts = dockingTexts[language];
  const lines = dockingLineTexts[language];
  const cells = [
    row.docking,
    startedAt,
    row.slot === null ? codeWord('dockKind', row.kind, language) : `${texts.slot} ${row.slot}`,
    `${row.recorder ?? '-'}${row.isRegistered === false ? ` (${texts.notRegistered})` : ''}`,
    lines.states[row.state],
    lines.line({
      listed: String(row.listed ?? '-'),
      sealed: row.sealed,
      held: row.held ?? 0,
      missing: String(row.missing ?? '-'),
      findings: row.findings,
    }),
  ];
  return cells.join('  ');
}

function headLines(docking: DockingDetail, startedAt: string, language: Language): string[] {
  const texts = dockingTexts[language];
  const findings = docking.findingList.map(({ code, detail }) => {
    const { word, more } = codeText('finding', code, language);
    return `! ${word} [${code}] ${more}${detail === null ? '' : ` (${detail})`}`;
  });
  const serial = docking.isRegistered === false ? docking.recorder : null;
  return [
    dockingLine(docking, startedAt, language),
    ...(serial === null ? [] : [texts.notRegisteredNext(serial)]),
    ...(docking.inventoryComplete === false ? [texts.inventoryIncomplete] : []),
    ...findings,
  ];
}

function entryLine(entry: DockingEntryView, { state }: DockingDetail, language: Language): string {
  const texts = dockingTexts[language];
  const pending = state === 'open' ? texts.pending : texts.notReached;
  const word = entry.outcome === null ? pending : codeWord('outcome', entry.outcome, language);
  const why = [entry.reason, entry.detail].filter((text) => text !== null).join(': ');
  const size = entry.bytes === null ? entry.type : humanBytes(entry.bytes);
  return `${word}  ${entry.path}  ${size}${why === '' ? '' : `  ${why}`}${entry.clip === null ? '' : `  ${entry.clip}`}`;
}
