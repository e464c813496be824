/**
 * `evidock scrub`: reads originals again, in rotation and at low priority, and records what was found. `--repair` puts
 * a damaged original back from a mirror; nothing is ever mended without being asked for and recorded.
 */
import { parseSubset } from '../domain/scrub-policy.ts';
import { findingTexts } from '../texts/finding-texts.ts';
import { keepingTexts } from '../texts/keeping-texts.ts';
import { exitCodes, type StationCommand } from './command.ts';
import { humanBytes } from './human-bytes.ts';

export const scrubCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'scrub',
  summary: '巡检：重新读取原始数据 / read originals again, in rotation',
  usage: 'evidock scrub [--subset 1/30] [--mirrors] [--repair] [--data DIR] [--json]',
  options: {
    subset: {
      type: 'string',
      value: 'N/M',
      help: '只读其中一部分，轮流进行 / that part of all originals, going on where the last scrub ended',
    },
    mirrors: { type: 'boolean', help: '也巡检在线镜像中的副本 / the copies in mirrors that are there too' },
    repair: {
      type: 'boolean',
      help: '用镜像副本修复损坏的原始数据，并记录 / put damaged originals back from mirrors; recorded',
    },
    json: { type: 'boolean', help: '输出 JSON 行 / JSON lines on stdout: findings, repaired, then scrubbed' },
  },
  positionals: [],
  exits: '0 nothing is damaged, 1 something is or was found, 130 cancelled; the next scrub goes on from there',
  check: ({ values }) =>
    parseSubset(String(values.subset ?? '1/1')) === undefined
      ? '--subset：形如 1/30 的分数 / --subset: a fraction such as 1/30'
      : undefined,
  async run(station, call, io) {
    const { language } = call;
    const texts = keepingTexts[language];
    const isJson = call.values.json === true;
    const subset = parseSubset(String(call.values.subset ?? '1/1')) ?? { parts: 1, of: 1 };
    let findings = 0;
    const summary = await station.scrubs.run(
      { subset, mirrors: call.values.mirrors === true, repair: call.values.repair === true },
      {
        signal: io.signal,
        onFinding: (place, { code, file, clip, sha256, detail }) => {
          findings += 1;
          if (isJson) io.out(JSON.stringify({ event: 'finding', place, code, file, clip, sha256, detail }));
          else {
            const more = [clip, detail].filter((text) => text !== undefined).join('; ');
            io.out(`${texts.place(place)}  ${file}  ${findingTexts[code][language]}${more && `  (${more})`}`);
          }
        },
        onRepaired: (sha256, from) =>
          io.out(isJson ? JSON.stringify({ event: 'repaired', sha256, from }) : texts.scrubRepaired(sha256, from)),
        onProgress: ({ place, done, originals, bytes }) =>
          io.progress(texts.scrubProgress(texts.place(place), done, originals, humanBytes(bytes))),
      },
    );
    if (isJson) io.out(JSON.stringify({ event: 'scrubbed', ...summary }));
    else io.out(texts.scrubEnded(summary.checked, humanBytes(summary.bytes), summary.damaged));
    if (summary.cancelled) {
      io.err(texts.scrubCancelled);
      return exitCodes.interrupted;
    }
    if (summary.damaged > 0 && call.values.repair !== true) io.err(texts.scrubRepairNext);
    return summary.damaged + findings - summary.repaired === 0 ? exitCodes.done : exitCodes.incomplete;
  },
};
