/**
 * `evidock witness`: the small program that another office runs, and the station's side of it. Without a network the
 * two meet on a stick: the station writes requests, the witness an answer, the station takes it back.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { StationError } from '../domain/errors.ts';
import { ensureFolder, replaceDurably } from '../files/durable-files.ts';
import { tryLockFolder } from '../files/folder-lock.ts';
import { ifThere, namesIn, readTextIfThere } from '../files/if-there.ts';
import { requestBytesMax } from '../formats/add-checkpoint.ts';
import type { Station } from '../station.ts';
import type { Language } from '../texts/cli-texts.ts';
import { witnessTexts } from '../texts/witness-texts.ts';
import { Witness, type WitnessAnswer } from '../witness/witness.ts';
import { WitnessFolder } from '../witness/witness-folder.ts';
import { serveWitness } from '../witness/witness-server.ts';
import { type AloneCommand, type CommandIo, exitCodes, type StationCommand } from './command.ts';

const answerFile = 'answer';
const requestFile = (oldSize: number): string => `from-${oldSize}.request`;
const endedLogFolder = (log: number): string => `log-${log}`;
const nowSeconds = (): number => Math.floor(Date.now() / 1000);

const initCommand: AloneCommand = {
  runs: 'alone',
  needsFolder: false,
  name: 'witness init',
  summary: '建立见证方（另一单位运行） / make a witness, run by another office',
  usage: 'evidock witness init --data DIR --name NAME',
  options: { name: { type: 'string', value: 'NAME', help: '密钥名，如 witness.example.gov / name of the key' } },
  positionals: [],
  exits: '0 made, 1 there is one already',
  check: ({ values }) => (values.name === undefined ? '缺少 --name / --name is needed' : undefined),
  async run({ dataFolder }, call, io) {
    const vkey = await WitnessFolder.make(dataFolder, String(call.values.name));
    const { signer } = await WitnessFolder.open(dataFolder);
    io.out(vkey);
    io.out(`witness ${signer.name} ${Buffer.from(signer.rawKey).toString('hex')}`);
    io.err(witnessTexts[call.language].made(join(dataFolder, 'logs')));
    return exitCodes.done;
  },
};

const serveCommand: AloneCommand = {
  runs: 'alone',
  needsFolder: false,
  name: 'witness',
  summary: '运行见证方，为存证日志的校验点副署 / run the witness: it cosigns checkpoints of ledgers',
  usage: 'evidock witness --data DIR [--listen HOST:PORT]',
  options: {
    listen: { type: 'string', value: 'HOST:PORT', help: '监听地址 / address to listen on (default 127.0.0.1:8421)' },
  },
  positionals: [],
  exits: '0 stopped by a signal, 1 it could not run',
  check: ({ values }) =>
    parseListen(values.listen) === undefined ? '--listen：形如 HOST:PORT / --listen is HOST:PORT' : undefined,
  run: ({ dataFolder }, call, io) =>
    withWitness(dataFolder, async (witness) => {
      const texts = witnessTexts[call.language];
      const { host, port } = parseListen(call.values.listen) ?? { host: '127.0.0.1', port: 8421 };
      const { server, address } = await serveWitness({ witness, host, port, onAnswer: (line) => io.err(line) });
      io.err(texts.running(witness.name, address));
      await new Promise<void>((resolve) => {
        if (io.signal.aborted) resolve();
        else io.signal.addEventListener('abort', () => resolve(), { once: true });
      });
      // Requests that are under way are answered; idle connections must not hold up the end.
      server.closeIdleConnections();
      await new Promise((resolve) => server.close(resolve));
      return exitCodes.done;
    }),
};

const signCommand: AloneCommand = {
  runs: 'alone',
  needsFolder: false,
  name: 'witness sign',
  summary: '见证方为 U 盘中的校验点副署 / the witness cosigns the checkpoint on a stick',
  usage: 'evidock witness sign DIR --data WITNESS_DIR',
  options: {},
  positionals: [{ name: 'DIR', isPath: true }],
  exits: '0 signed, 1 refused',
  run: ({ dataFolder }, call, io) =>
    withWitness(dataFolder, async (witness) => {
      const words = { io, language: call.language };
      const stick = call.positionals[0] as string;
      // A witness that came after a log had ended knows nothing of it: that is no fault of this trip.
      for (const folder of await endedLogsOn(stick)) await signFolder(witness, folder, words);
      return signFolder(witness, stick, words);
    }),
};

async function signFolder(
  witness: Witness,
  folder: string,
  { io, language }: { readonly io: CommandIo; readonly language: Language },
): Promise<number> {
  const texts = witnessTexts[language];
  // A witness that is new to the log takes the proof from 0; any other says which one it needs.
  let answer = await askFromStick(witness, folder, 0);
  if (answer?.status === 409) {
    const { size } = answer;
    answer = await askFromStick(witness, folder, size);
    if (answer === undefined) return refuse(io.err, texts.needsProof(size));
  }
  if (answer === undefined) return refuse(io.err, texts.noRequest(folder));
  if (answer.status === 409) return refuse(io.err, texts.needsProof(answer.size));
  if (answer.status !== 200) return refuse(io.err, texts.refused(answer.status, answer.reason));
  await replaceDurably(join(folder, answerFile), Buffer.from(answer.lines), 0o644);
  io.out(answer.lines.trimEnd());
  return exitCodes.done;
}

const carryCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'witness carry',
  summary: '把校验点写到 U 盘，带给见证方 / write the checkpoint to a stick for a witness',
  usage: 'evidock witness carry --out DIR --data DIR [--from SIZE]',
  options: {
    out: { type: 'string', value: 'DIR', help: '写到此目录 / folder to write to' },
    from: { type: 'string', value: 'SIZE', help: '见证方上次见过的记录数 / records that the witness has seen last' },
  },
  positionals: [],
  exits: '0 written',
  check({ values }) {
    if (typeof values.out !== 'string' || !values.out.startsWith('/'))
      return '--out：绝对路径的文件夹 / --out: an absolute folder';
    const isSize = values.from === undefined || /^\d{1,15}$/.test(String(values.from));
    return isSize ? undefined : '--from：记录数 / --from: a number of records';
  },
  async run(station, call, io) {
    const folder = String(call.values.out);
    await ensureFolder(folder, 0o755);
    const from = call.values.from === undefined ? [] : [Number(call.values.from)];
    for (const { oldSize, text, endedLog } of await station.witnesses.requestsForStick(from)) {
      const place = endedLog === undefined ? folder : join(folder, endedLogFolder(endedLog));
      await ensureFolder(place, 0o755);
      await replaceDurably(join(place, requestFile(oldSize)), Buffer.from(text), 0o644);
      io.out(join(place, requestFile(oldSize)));
    }
    return exitCodes.done;
  },
};

const takeCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'witness take',
  summary: '取回 U 盘中见证方的副署 / take the cosignature of a witness back from a stick',
  usage: 'evidock witness take DIR --data DIR',
  options: {},
  positionals: [{ name: 'DIR', isPath: true }],
  exits: '0 kept, 1 it is not good',
  async run(station, call, io) {
    const texts = witnessTexts[call.language];
    const stick = call.positionals[0] as string;
    for (const folder of await endedLogsOn(stick)) {
      const taken = await takeFrom(station, folder);
      if (taken !== undefined && 'why' in taken) io.err(taken.why);
    }
    const taken = (await takeFrom(station, stick)) ?? { why: texts.noAnswer(stick) };
    if ('why' in taken) return refuse(io.err, taken.why);
    io.out(taken.name);
    return exitCodes.done;
  },
};

/** Undefined when there is no answer on the stick. */
async function takeFrom(station: Station, folder: string): Promise<Taken | undefined> {
  const request = await readFromStick(join(folder, requestFile(0)));
  const answer = await readFromStick(join(folder, answerFile));
  return request === undefined || answer === undefined ? undefined : station.witnesses.takeAnswer(request, answer);
}

type Taken = Awaited<ReturnType<Station['witnesses']['takeAnswer']>>;

const askCommand: StationCommand = {
  runs: 'station',
  makesFolder: false,
  name: 'witness ask',
  summary: '立即请各见证方副署 / ask every witness for its cosignature now',
  usage: 'evidock witness ask --data DIR [--json]',
  options: { json: { type: 'boolean', help: '输出 JSON 行 / JSON lines on stdout, one a witness' } },
  positionals: [],
  exits: '0 all have cosigned the newest checkpoint, 1 one has not',
  async run(station, call, io) {
    await station.checkpoint();
    await station.witnesses.ask();
    let missing = 0;
    for (const { name, cosigned, trouble } of await station.witnesses.states()) {
      if (trouble !== undefined || cosigned === undefined) missing += 1;
      const size = cosigned?.size ?? null;
      const at = cosigned?.at.toISOString() ?? null;
      if (call.values.json === true) io.out(JSON.stringify({ name, size, at, trouble: trouble ?? null }));
      else io.out(`${name}  ${size ?? '-'}  ${at ?? '-'}  ${trouble ?? ''}`.trimEnd());
    }
    return missing === 0 ? exitCodes.done : exitCodes.incomplete;
  },
};

/** In the order in which help lists them. */
export const witnessCommands = [askCommand, carryCommand, takeCommand, serveCommand, initCommand, signCommand] as const;

/** Two processes with one state could sign two histories: so one holds the folder. */
async function withWitness(folder: string, work: (witness: Witness) => Promise<number>): Promise<number> {
  const opened = await WitnessFolder.open(folder);
  const lock = tryLockFolder(folder);
  if (lock === undefined) {
    throw new StationError('folder-in-use', `another process runs the witness of ${folder}`, {
      next: 'Stop it first, or ask it over the network.',
    });
  }
  try {
    return await work(new Witness(opened, nowSeconds));
  } finally {
    lock.release();
  }
}

/** The stick's folders for logs that have ended. */
async function endedLogsOn(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => /^log-\d{1,6}$/.test(name)).map((name) => join(folder, name));
}

async function askFromStick(witness: Witness, folder: string, oldSize: number): Promise<WitnessAnswer | undefined> {
  const request = await readFromStick(join(folder, requestFile(oldSize)));
  return request === undefined ? undefined : witness.addCheckpoint(request);
}

async function readFromStick(path: string): Promise<string | undefined> {
  const found = await ifThere(stat(path));
  return found === undefined || found.size > requestBytesMax ? undefined : readTextIfThere(path);
}

function refuse(say: (line: string) => void, why: string): number {
  say(why);
  return exitCodes.incomplete;
}

function parseListen(value: string | boolean | undefined): { host: string; port: number } | undefined {
  if (value === undefined) return { host: '127.0.0.1', port: 8421 };
  const match = /^(\[[0-9a-fA-F:]+\]|[^:\s]+):(\d{1,5})$/.exec(String(value));
  const port = Number(match?.[2] ?? Number.NaN);
  return match === null || port > 65_535 ? undefined : { host: (match[1] ?? '').replaceAll(/[[\]]/g, ''), port };
}
