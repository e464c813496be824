/**
 * The composition root: builds the rooms from one configuration, starts and stops them in order, and hands each what
 * it needs of the others. The only place that knows all rooms; it takes no decisions of its own.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { buildNameTable } from './config/name-table.ts';
import type { Configuration } from './config/schema.ts';
import { StationError } from './domain/errors.ts';
import { newDockingId, newDocumentId, newFolderSourceId, recorderSourceId, type SourceId } from './domain/ids.ts';
import { readablePath } from './domain/readable-path.ts';
import type { Actor } from './domain/records.ts';
import { compileSkipRules } from './domain/skip-rules.ts';
import { Docking, type DockingControl, type DockingResult } from './intake/docking.ts';
import { createCopyEngine } from './intake/engine/create-engine.ts';
import { Ledger } from './ledger/ledger.ts';
import { ClipProber } from './preview/clip-prober.ts';
import { MediaProbe } from './preview/media-probe.ts';
import { defaultProbeLimits } from './preview/probe-facts.ts';
import { type ClipRow, Registry } from './registry/registry.ts';
import { type TakenCopy, Vault } from './vault/vault.ts';

const random = (count: number): Uint8Array => randomBytes(count);
const system: Actor = { kind: 'system', id: 'station' };

export interface StationOptions {
  readonly dataFolder: string;
  readonly configuration: Configuration;
  readonly log: Logger;
  /** What started the station, for its first record: `ingest`, `run`, … */
  readonly command: string;
  readonly version: string;
  /** Makes the registry anew from the ledger. */
  readonly rebuild?: boolean;
}

export interface IngestRequest {
  /** Absolute. */
  readonly sourceFolder: string;
  readonly recorder: string | undefined;
  readonly actor: Actor;
}

export interface IngestResult extends DockingResult {
  readonly docking: string;
  readonly recorder: string | null;
}

export class Station {
  readonly #options: StationOptions;
  readonly #registry: Registry;
  readonly #ledger: Ledger;
  readonly #closing = new AbortController();
  #intake: Promise<IntakeRooms> | undefined;
  /** Dockings of one source follow each other: two at once would seal the same clip twice. */
  readonly #perSource = new Map<string, Promise<unknown>>();

  private constructor(options: StationOptions, registry: Registry, ledger: Ledger) {
    this.#options = options;
    this.#registry = registry;
    this.#ledger = ledger;
  }

  /**
   * Opens ledger and registry of a data folder that this process has locked, and brings the registry up to date.
   * @throws StationError ledger-altered, registry-ahead, registry-newer, key-…
   */
  static async open(options: StationOptions): Promise<Station> {
    const registryFile = join(options.dataFolder, 'registry.db');
    if (options.rebuild === true) Registry.remove(registryFile);
    const registry = Registry.open(registryFile);
    const ledger = await Ledger.open({
      dataFolder: options.dataFolder,
      random,
      now: Date.now,
      upMs: upMilliseconds,
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      checkpointMs: options.configuration.ledger.checkpointSeconds * 1000,
      onDurable: (records) => registry.apply(records),
      onTrouble: (error) => options.log.error({ err: error }, 'the ledger could not sign a checkpoint'),
    });
    const station = new Station(options, registry, ledger);
    try {
      await station.#catchUp();
    } catch (error) {
      await station.close();
      throw error;
    }
    return station;
  }

  /** Replays what the registry has not seen, and ends what an interrupted process left open. */
  async #catchUp(): Promise<void> {
    const { nextSeq } = this.#registry;
    if (nextSeq > this.#ledger.size) {
      throw new StationError(
        'registry-ahead',
        `the registry knows ${nextSeq} records, the ledger has ${this.#ledger.size}: the ledger was set back`,
        { next: 'Find out who replaced the ledger. If it is the right one, run "evidock rebuild".' },
      );
    }
    await replayInto(this.#registry, this.#ledger, nextSeq);
    for (const docking of this.#registry.openDockings()) {
      this.#options.log.info({ docking }, 'a docking was interrupted');
      await this.#ledger.append({ type: 'docking-interrupted', actor: system, subject: docking, body: { docking } });
    }
  }

  /** Vault, engine and probe are opened when the first docking needs them: reading commands do without. */
  #intakeRooms(): Promise<IntakeRooms> {
    this.#intake ??= this.#openIntake();
    return this.#intake;
  }

  async #openIntake(): Promise<IntakeRooms> {
    const { configuration, dataFolder, command, version } = this.#options;
    const engine = createCopyEngine(configuration.engine.kind);
    const vault = await Vault.open({ dataFolder, engine, random, config: configuration.vault }, (sha256) =>
      this.#registry.hasOriginal(sha256),
    );
    const prober = this.#openProber(vault);
    await this.#ledger.append({
      type: 'station-started',
      actor: system,
      body: { command, version, node: process.version, engine: engine.name, readBack: vault.readBack },
    });
    return {
      engine,
      vault,
      prober,
      names: buildNameTable(configuration.names),
      skip: compileSkipRules(configuration.intake.skip),
    };
  }

  #openProber(vault: Vault): ClipProber {
    const { probe } = this.#options.configuration;
    const mediaProbe = new MediaProbe(probeLimits(probe), this.#options.log);
    return new ClipProber({
      waiting: (limit) =>
        this.#registry.unprobedClips(limit).map(({ clip, sha256, path }) => ({
          clip,
          originalPath: vault.originalPath(sha256),
          extension: /\.([^./]{1,16})$/.exec(readablePath(path))?.[1],
        })),
      probe: ({ originalPath, extension }, signal) =>
        mediaProbe.probe(originalPath, { signal, ...(extension === undefined ? {} : { extension }) }),
      record: async (clip, facts) => {
        const { kind, findings } = facts;
        await this.#ledger.append({
          type: 'clip-probed',
          actor: system,
          subject: clip,
          body: { clip, kind, findings: [...findings] },
          documents: [{ id: newDocumentId(random), body: facts as never }],
        });
      },
      parallel: probe.parallelFiles,
      signal: this.#closing.signal,
    });
  }

  /** Takes everything off a folder. @throws StationError source-missing, vault-…, ledger-… */
  async ingest(request: IngestRequest, control: DockingControl): Promise<IngestResult> {
    const rooms = await this.#intakeRooms();
    const root = realSourceFolder(request.sourceFolder);
    const key = request.recorder === undefined ? root.toString('hex') : recorderSourceId(request.recorder);
    const before = this.#perSource.get(key) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => this.#dock(rooms, { ...request, root }, control));
    this.#perSource.set(key, turn);
    return turn;
  }

  async #dock(
    rooms: IntakeRooms,
    request: IngestRequest & { readonly root: Buffer },
    control: DockingControl,
  ): Promise<IngestResult> {
    const { configuration } = this.#options;
    const { vault, engine, prober, names, skip } = rooms;
    await vault.emptyIncoming((sha256) => this.#registry.hasOriginal(sha256));
    const docking = newDockingId(random);
    const source = this.#sourceOf(request.recorder, request.root);
    const result = await new Docking<TakenCopy>(
      {
        vault,
        engine,
        names,
        skip,
        ledger: this.#ledger,
        registry: this.#registry,
        config: configuration.intake,
        rereadHeld: 'always',
        onSealed: () => prober.wake(),
      },
      {
        docking,
        kind: 'ingest',
        source,
        serial: request.recorder,
        recorderBasis: request.recorder === undefined ? 'none' : 'given',
        root: request.root,
        readBack: vault.readBack,
        engine: engine.name,
        timeZone: configuration.station.timeZone,
        actor: request.actor,
        random,
      },
      control,
    ).run();
    await vault.sweepUnsealed(async (sha256, bytes) => {
      await this.#ledger.append({ type: 'original-unsealed', actor: system, body: { sha256, bytes } });
      this.#options.log.warn({ sha256 }, 'an original without a seal record was moved to vault/unsealed');
    });
    await prober.idle();
    await this.#ledger.checkpoint();
    return { ...result, docking, recorder: request.recorder ?? null };
  }

  #sourceOf(recorder: string | undefined, root: Buffer): SourceId {
    if (recorder !== undefined) return recorderSourceId(recorder);
    return this.#registry.sourceOfFolder(root.toString('hex')) ?? newFolderSourceId(random);
  }

  clips(): IterableIterator<ClipRow> {
    return this.#registry.clips();
  }

  counts(): ReturnType<Registry['counts']> & { readonly records: number } {
    return { ...this.#registry.counts(), records: this.#ledger.size };
  }

  checkpoint(): Promise<string> {
    return this.#ledger.checkpoint();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    try {
      await this.#ledger.close();
    } finally {
      this.#registry.close();
    }
  }
}

interface IntakeRooms {
  readonly engine: ReturnType<typeof createCopyEngine>;
  readonly vault: Vault;
  readonly prober: ClipProber;
  readonly names: ReturnType<typeof buildNameTable>;
  readonly skip: ReturnType<typeof compileSkipRules>;
}

/** Records projected in one transaction while catching up. */
const replayGroup = 256;

async function replayInto(registry: Registry, ledger: Ledger, fromSeq: number): Promise<void> {
  if (fromSeq === ledger.size) return;
  let group = [];
  for await (const record of ledger.replay(fromSeq)) {
    group.push(record);
    if (group.length === replayGroup) {
      registry.apply(group);
      group = [];
    }
  }
  registry.apply(group);
}

/** @throws StationError source-missing */
function realSourceFolder(folder: string): Buffer {
  try {
    return realpathSync(folder, { encoding: 'buffer' });
  } catch (cause) {
    throw new StationError('source-missing', `there is no folder ${folder}`, {
      cause,
      next: 'Check the path, and that the card is mounted.',
    });
  }
}

function upMilliseconds(): number {
  return Math.round(Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 1000);
}

function probeLimits(config: Configuration['probe']): ConstructorParameters<typeof MediaProbe>[0] {
  return {
    ...defaultProbeLimits,
    ffprobePath: config.ffprobePath,
    wallMsMax: config.timeoutSeconds * 1000,
    cpuSecondsMax: config.cpuSecondsMax,
    memoryBytesMax: config.memoryBytesMax,
    outputBytesMax: config.outputBytesMax,
  };
}
