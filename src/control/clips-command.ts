/** `evidock clips`: every sealed clip, in the order of sealing. */
import { middleOf } from '../domain/clock-offset.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { LinkedClip } from '../station.ts';
import { cliTexts, type Language } from '../texts/cli-texts.ts';
import { codeWord } from '../texts/code-texts.ts';
import { exitCodes, type StationCommand } from './command.ts';
import { humanBytes } from './human-bytes.ts';

export const clipsCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'clips',
  summary: '列出已固定的视音频文件 / list the sealed clips',
  usage: 'evidock clips --data DIR [--json]',
  options: { json: { type: 'boolean', help: '输出 JSON 行 / JSON lines, one a clip' } },
  positionals: [],
  exits: '0 done',
  async run(station, call, io) {
    let count = 0;
    for (const row of station.clips()) {
      io.out(
        call.values.json === true
          ? JSON.stringify(clipLine(row))
          : clipText(row, station.shownTime(row.recordedAt), call.language),
      );
      count += 1;
    }
    if (count === 0) io.err(cliTexts[call.language].clipsNone);
    return exitCodes.done;
  },
};

/** The documented JSON form of a clip. `kind` is null until the content was looked at. */
function clipLine(row: LinkedClip): object {
  const { clip, kind, recorder, path, bytes, sha256, sm3, recordedAt, sealedAt } = row;
  return {
    clip,
    kind,
    recorder,
    path: readablePath(path),
    pathHex: path.toString('hex'),
    bytes,
    sha256,
    sm3,
    officer: row.linkedOfficer,
    case: row.linkedCase ?? row.namedCase,
    recordedAt,
    correctedAt: correctedAt(row),
    clock: clockFacts(row),
    sealedAt,
    state: row.availability,
  };
}

/** When the recording began by the station's clock, from when to when; null at an end that nothing limits. */
function correctedAt({ correctedEarliest: earliest, correctedLatest: latest }: LinkedClip): object | null {
  return earliest === null && latest === null ? null : { earliest, latest };
}

/** Recorder minus station, as the clip's docking measured it; `offsetMs` ± `boundMs` where both ends are known. */
function clockFacts({ clockBasis: basis, clockAtLeastMs, clockAtMostMs }: LinkedClip): object | null {
  if (basis === null) return null;
  const range = { atLeastMs: clockAtLeastMs, atMostMs: clockAtMostMs };
  return { basis, ...range, ...(middleOf(range) ?? { offsetMs: null, boundMs: null }) };
}

function clipText(row: LinkedClip, recordedAt: string, language: Language): string {
  const cells = [row.clip, row.kind ?? '?', row.recorder ?? '-', row.linkedOfficer ?? '-', recordedAt];
  const state = row.availability === 'available' ? '' : `  [${codeWord('availability', row.availability, language)}]`;
  return `${cells.join('  ')}  ${humanBytes(row.bytes)}  ${readablePath(row.path)}${state}`;
}
