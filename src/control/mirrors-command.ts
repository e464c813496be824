/**
 * `evidock mirrors`: where copies of the originals lie on other disks, and whether they are up to date. `add` makes an
 * empty folder a mirror, `sync` copies now what the running station would copy by and by.
 */

import type { MirrorView } from '../station/mirror-desk.ts';
import type { Station } from '../station.ts';
import type { Language } from '../texts/cli-texts.ts';
import { keepingTexts, mirrorStateTexts } from '../texts/keeping-texts.ts';
import { actorOf } from './call-words.ts';
import { type CommandCall, type CommandIo, exitCodes, type StationCommand } from './command.ts';
import { humanBytes } from './human-bytes.ts';

const json = { type: 'boolean', help: '输出 JSON 行 / JSON lines on stdout, one a mirror' } as const;

const listCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'mirrors',
  summary: '镜像：各盘上副本的状态 / copies of the originals on other disks',
  usage: 'evidock mirrors [--data DIR] [--json]',
  options: { json },
  positionals: [],
  exits: '0 every mirror is there and has everything, 1 one is not or lacks something',
  async run(station, call, io) {
    return show(station, call, io);
  },
};

const addCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'mirrors add',
  summary: '把另一块盘上的空目录设为镜像 / make an empty folder on another disk a mirror',
  usage: 'evidock mirrors add DIR [--data DIR]     once a disk; DIR also stands in vault.mirrors of the configuration',
  options: {},
  positionals: [{ name: 'DIR', isPath: true }],
  exits: '0 done, 1 the folder cannot be one',
  async run(station, call, io) {
    const folder = call.positionals[0] as string;
    const texts = keepingTexts[call.language];
    const mirror = await station.mirrors.add(folder, actorOf(call));
    io.out(texts.mirrorAdded(folder, mirror));
    if (!station.mirrors.folders.includes(folder)) io.err(texts.mirrorAddToConfiguration(folder));
    else if (station.mirrors.views().some((view) => view.folder === folder && view.sameDisk))
      io.err(texts.mirrorSameDisk);
    return exitCodes.done;
  },
};

const syncCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'mirrors sync',
  summary: '立即补齐镜像 / copy to the mirrors now what they lack',
  usage: 'evidock mirrors sync [--data DIR] [--json]',
  options: { json },
  positionals: [],
  exits: '0 every mirror is there and has everything, 1 one is not or lacks something, 130 cancelled',
  async run(station, call, io) {
    const texts = keepingTexts[call.language];
    try {
      await station.mirrors.sync({
        signal: io.signal,
        onProgress: ({ folder, done, originals }) => io.progress(texts.mirrorProgress(folder, done, originals)),
      });
    } catch (error) {
      if (io.signal.aborted) return exitCodes.interrupted;
      throw error;
    }
    return show(station, call, io);
  },
};

function show(station: Station, { language, values }: CommandCall, io: CommandIo): number {
  const views = station.mirrors.views();
  if (views.length === 0) io.err(keepingTexts[language].noMirrors);
  for (const view of views) {
    io.out(values.json === true ? JSON.stringify(view) : lineOf(view, station.shownTime(view.copiedAt), language));
  }
  return views.every(isGood) ? exitCodes.done : exitCodes.incomplete;
}

const isGood = ({ state, behind, damaged, deletionsOpen, ledgerDiffers }: MirrorView): boolean =>
  state === 'present' && behind.originals === 0 && damaged === 0 && deletionsOpen === 0 && ledgerDiffers === null;

function lineOf(view: MirrorView, copiedAt: string, language: Language): string {
  const texts = keepingTexts[language];
  const state = mirrorStateTexts[view.state]?.[language] ?? view.state;
  return [
    view.folder,
    view.problem === null ? state : `${state} (${view.problem})`,
    texts.mirrorCopies(view.copies, view.behind.originals, humanBytes(view.behind.bytes)),
    ...(view.copiedAt === null ? [] : [texts.mirrorLastCopy(copiedAt)]),
    ...(view.damaged === 0 ? [] : [texts.mirrorDamaged(view.damaged)]),
    ...(view.deletionsOpen === 0 ? [] : [texts.mirrorDeletionsOpen(view.deletionsOpen)]),
    ...(view.ledgerDiffers === null ? [] : [texts.mirrorLedgerDiffers(view.ledgerDiffers)]),
    ...(view.sameDisk ? [texts.mirrorSameDisk] : []),
    ...(view.state === 'not-initialised' ? [texts.mirrorAddNext(view.folder)] : []),
  ].join('  ');
}

export const mirrorsCommands = [listCommand, addCommand, syncCommand] as const;
