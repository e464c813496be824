/**
 * Carrying a parsed command out: alone, as the owner of the data folder, or by asking the owner. Owning means: lock,
 * station, and a local socket over which other processes' commands come in while this one runs.
 */
import { rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import { loadConfiguration } from '../config/load-configuration.ts';
import { errorCode, StationError } from '../domain/errors.ts';
import type { FolderLock } from '../files/folder-lock.ts';
import { peerCredentials } from '../intake/engine/native-addon.ts';
import type { Station } from '../station.ts';
import { cliTexts } from '../texts/cli-texts.ts';
import type { CommandIo, StationCommand } from './command.ts';
import { findCommand } from './commands.ts';
import { becomeOwner, folderInUse, lockOrAsk, prepareFolder, socketName } from './data-folder.ts';
import { callOverSocket, type RemoteCall, serveSocket } from './local-socket.ts';
import type { ParsedCall } from './parse-call.ts';
import { openSocketFolder } from './socket-folder.ts';

export interface RunContext {
  /** Where sockets go when the process runs as this user; undefined when that user has no such folder. */
  readonly runtimeFolder: (uid: number) => string | undefined;
  readonly version: string;
  readonly makeLog: (level: string) => Logger;
}

type RunnableCall = Extract<ParsedCall, { kind: 'run' }>;

/** @returns the exit code @throws StationError */
export async function runCommand(parsed: RunnableCall, io: CommandIo, context: RunContext): Promise<number> {
  const { command, call } = parsed;
  const make = command.runs === 'station' && command.makesFolder;
  // A wrong configuration must not leave an empty data folder behind.
  const configuration = loadConfiguration({ file: parsed.configFile, dataFolder: parsed.dataFolder });
  const log = context.makeLog(configuration.log.level);
  if (command.runs === 'alone' && !command.needsFolder) {
    return command.run({ dataFolder: parsed.dataFolder, configuration, log }, call, io);
  }
  if (command.runs === 'station') command.checkBefore?.(call, parsed.dataFolder);
  const dataFolder = await prepareFolder({ dataFolder: parsed.dataFolder, make });
  const uid = becomeOwner(dataFolder);
  if (uid !== undefined) io.err(cliTexts[call.language].runsAsOwner(uid));
  if (command.runs === 'alone') return command.run({ dataFolder, configuration, log }, call, io);

  const request: RemoteCall = { command: command.name, call };
  const result = await lockOrAsk(dataFolder, io.signal, async (holder) => {
    if (command.ownProcess) throw folderInUse(holder);
    if (holder.socket === undefined) return undefined;
    io.err(cliTexts[call.language].workingThrough(holder.pid, holder.command));
    return callOverSocket(holder.socket, request, io);
  });
  if ('answer' in result) return result.answer;
  try {
    // Opening may take long: whoever comes now shall at least read who it is.
    result.lock.describe({ pid: process.pid, command: command.name, since: new Date().toISOString() });
    // Only whoever owns the folder needs it: not what asks the owner, nor what checks and verifies beside it.
    const room = await import('../station.ts');
    const station = await room.Station.open({
      dataFolder,
      configuration,
      log,
      command: command.name,
      version: context.version,
      rebuild: command.rebuilds === true,
    });
    return await runAsOwner({ station, command, request, dataFolder, lock: result.lock }, io, context);
  } finally {
    result.lock.release();
    if (parsed.isTemporary) await rm(dataFolder, { recursive: true, force: true });
  }
}

interface Owned {
  readonly station: Station;
  readonly command: StationCommand;
  readonly request: RemoteCall;
  readonly dataFolder: string;
  readonly lock: FolderLock;
}

async function runAsOwner(owned: Owned, io: CommandIo, context: RunContext): Promise<number> {
  const { station, command, request, dataFolder, lock } = owned;
  const ownUid = process.geteuid?.() ?? 0;
  try {
    const server = await serveSocket({
      folder: openSocketFolder(context.runtimeFolder(ownUid), ownUid),
      name: socketName(dataFolder),
      ownUid,
      peerUid,
      signal: io.signal,
      run: (remote, remoteIo) => runRemote(station, remote, remoteIo),
    });
    try {
      lock.describe({ pid: process.pid, command: command.name, since: new Date().toISOString(), socket: server.path });
      return await command.run(station, request.call, io);
    } finally {
      await server.close();
    }
  } finally {
    await station.close();
  }
}

/** Undefined where the addon is not built: then the folder's mode guards alone. */
function peerUid(fd: number): number | undefined {
  try {
    return peerCredentials(fd).uid;
  } catch (error) {
    if (errorCode(error) === 'engine-not-built') return undefined;
    throw error;
  }
}

/** A call that came over the socket; its errors go back as text there. */
async function runRemote(station: Station, remote: RemoteCall, io: CommandIo): Promise<number> {
  const command = findCommand(remote.command);
  if (command?.runs !== 'station' || command.ownProcess) {
    throw new StationError('usage', `"${remote.command}" cannot be carried out by another process`);
  }
  return command.run(station, remote.call, io);
}
