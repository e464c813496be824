/** `evidock ingest`: takes everything off a folder by hand; prints one line a file and the counts at the end. */
import { isRecorderSerial } from '../domain/ids.ts';
import type { DockingEvent } from '../intake/docking-outcomes.ts';
import type { DockingProgress } from '../intake/docking-progress.ts';
import { openSourceFolder } from '../intake/source-folder.ts';
import type { IngestResult } from '../station/intake-desk.ts';
import { cliTexts, type Language } from '../texts/cli-texts.ts';
import { actorOf } from './call-words.ts';
import { type CommandIo, exitCodes, type StationCommand } from './command.ts';
import { humanBytes } from './human-bytes.ts';

export const ingestCommand: StationCommand = {
  runs: 'station',
  makesFolder: true,
  name: 'ingest',
  summary: '采集一个文件夹：清点、复制、回读、固定 / take everything off a folder: list, copy, read back, seal',
  usage: 'evidock ingest SOURCE_DIR --data DIR [--recorder SERIAL] [--json]',
  options: {
    recorder: { type: 'string', value: 'SERIAL', help: '记录仪编号 / serial of the recorder the folder came from' },
    json: { type: 'boolean', help: '输出 JSON 行 / JSON lines on stdout, one a file, then docking-ended' },
  },
  positionals: [{ name: 'SOURCE_DIR', isPath: true }],
  exits: '0 all taken or held, 1 something was not taken, 130 cancelled',
  check: ({ values }) =>
    typeof values.recorder === 'string' && !isRecorderSerial(values.recorder)
      ? '--recorder：编号为 1 至 64 个字母、数字或 . _ : / - / --recorder: 1 to 64 letters, digits and . _ : / - are a serial'
      : undefined,
  // A wrong source must neither leave an empty data folder behind nor make one on the card itself.
  checkBefore(call, dataFolder) {
    openSourceFolder(call.positionals[0] as string, dataFolder);
  },
  async run(station, call, io) {
    const json = call.values.json === true;
    const started = performance.now();
    const recorder = call.values.recorder as string | undefined;
    const result = await station.intake.ingest(
      {
        kind: 'ingest',
        root: Buffer.from(call.positionals[0] as string),
        recorder,
        recorderBasis: recorder === undefined ? 'none' : 'given',
        rereadHeld: 'always',
        awaitsProbe: true,
        actor: actorOf(call),
      },
      {
        signal: io.signal,
        onEvent: (event) => io.out(json ? JSON.stringify(event) : eventLine(event, call.language)),
        onProgress: (progress) => io.progress(progressLine(progress, performance.now() - started, call.language)),
      },
    );
    await station.links.decide();
    printEnd(result, { json, language: call.language }, io);
    if (result.cancelled) return exitCodes.interrupted;
    return result.failed + result.refused > 0 ? exitCodes.incomplete : exitCodes.done;
  },
};

function printEnd(result: IngestResult, form: { json: boolean; language: Language }, io: CommandIo): void {
  const texts = cliTexts[form.language];
  if (form.json) io.out(JSON.stringify({ event: 'docking-ended', ...result }));
  else {
    io.out(texts.dockingEnded(result));
    if (result.findings.length > 0)
      io.out(`${texts.findingsCount(result.findings.length)} ${result.findings.join(', ')}`);
  }
  if (result.cancelled) io.err(texts.cancelled);
}

function eventLine(event: DockingEvent, language: Language): string {
  const word = cliTexts[language].outcome[event.event];
  if ('clip' in event) return `${word}  ${event.path}  ${humanBytes(event.bytes)}  sha256:${event.sha256}`;
  return `${word}  ${event.path}  ${event.reason}${event.detail === undefined ? '' : `  (${event.detail})`}`;
}

function progressLine(progress: DockingProgress, elapsedMs: number, language: Language): string {
  const { filesDone, files, bytesDone, bytes } = progress;
  const rate = humanBytes(bytesDone / Math.max(0.001, elapsedMs / 1000));
  return cliTexts[language].progress(filesDone, files, humanBytes(bytesDone), humanBytes(bytes), rate);
}
