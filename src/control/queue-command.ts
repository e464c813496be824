/** `evidock queue`: clips without an officer or a case, oldest first, with what is proposed and how late they came. */
import { readablePath } from '../domain/readable-path.ts';
import type { QueueEntry } from '../station/queue-desk.ts';
import type { Station } from '../station.ts';
import { heldBackSentences, linkingTexts, reasonSentence, spanText } from '../texts/linking-texts.ts';
import { type CommandCall, exitCodes, type StationCommand } from './command.ts';
import { proposalLine } from './link-command.ts';

const limitDefault = 100;
const limitMax = 10_000;

export const queueCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'queue',
  summary:
    '待关联的文件：先自动关联，再列出缺人员或案件的 / clips without an officer or a case, after the station linked what is sure',
  usage: 'evidock queue [--limit N] [--page N] --data DIR [--json]',
  options: {
    limit: { type: 'string', value: 'N', help: `每页条数，默认 ${limitDefault} / so many at a time` },
    page: { type: 'string', value: 'N', help: '第几页 / which page, from 1' },
    json: { type: 'boolean', help: '输出 JSON 行：每个文件一行，最后是合计 / JSON lines, one a clip, then the totals' },
  },
  positionals: [],
  exits: '0 done',
  check({ values }) {
    for (const name of ['limit', 'page']) {
      const text = values[name];
      const isNumber = text === undefined || /^[1-9]\d{0,6}$/.test(String(text));
      if (!isNumber || (name === 'limit' && Number(text ?? 1) > limitMax)) {
        return `--${name}：正整数 / a number from 1${name === 'limit' ? ` to ${limitMax}` : ''}`;
      }
    }
    return undefined;
  },
  async run(station, call, io) {
    const texts = linkingTexts[call.language];
    await station.links.decide((done, of) => io.progress(texts.looking(done, of)));
    const limit = Number(call.values.limit ?? limitDefault);
    const offset = (Number(call.values.page ?? 1) - 1) * limit;
    const { entries, ...counts } = station.queue.page({ limit, offset });
    for (const entry of entries) {
      io.out(call.values.json === true ? JSON.stringify(entryLine(station, entry)) : entryText(station, entry, call));
    }
    if (call.values.json === true) {
      const { clips, withoutOfficer, withoutCase } = counts;
      io.out(JSON.stringify({ event: 'queue', clips, without_officer: withoutOfficer, without_case: withoutCase }));
    } else if (counts.clips === 0) io.err(texts.queueEmpty);
    else io.out(texts.queueCounted(counts.clips, counts.withoutOfficer, counts.withoutCase));
    return exitCodes.done;
  },
};

function entryLine(station: Station, { row, links, lacks, ageMs, proposals, part, handIn }: QueueEntry): object {
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    clip: row.clip,
    path: readablePath(row.path),
    recorder: row.recorder,
    kind: row.kind,
    occurredAt: row.occurredAt,
    sealedAt: row.sealedAt,
    age_ms: ageMs,
    lacks,
    officer: links.officer?.number ?? null,
    case: links.case === null ? null : station.links.caseNumber(links.case.number),
    findings: links.findings,
    part,
    suggestions: proposals.map(proposalLine),
    hand_in: handIn && {
      duty_end: iso(handIn.dutyEndMs),
      basis: handIn.basis,
      due: iso(handIn.dueMs),
      late_ms: handIn.lateMs,
    },
  };
}

function entryText(station: Station, entry: QueueEntry, { language }: CommandCall): string {
  const { row, lacks, ageMs, proposals, handIn, links } = entry;
  const texts = linkingTexts[language];
  const [best] = proposals;
  const cells = [
    row.clip,
    row.recorder ?? '-',
    station.shownTime(row.occurredAt),
    texts.age(spanText(ageMs, language)),
    lacks.map((target) => (target === 'officer' ? texts.noOfficer : texts.noCase)).join(' ') || '-',
    links.officer?.number ?? '-',
    readablePath(row.path),
    ...(handIn !== null && handIn.lateMs > 0 ? [texts.late(spanText(handIn.lateMs, language))] : []),
    best === undefined ? texts.noProposal : texts.best(best.number, best.score),
  ];
  const head = cells.join('  ');
  if (best === undefined) return head;
  const why = best.reasons.map((reason) => reasonSentence(reason, language));
  if (best.heldBack !== null) why.push(heldBackSentences[best.heldBack][language]);
  return `${head}\n    ${why.join('; ')}`;
}
