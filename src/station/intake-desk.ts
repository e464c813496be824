/**
 * The part of the composition root that takes recorders in: builds engine, vault, probe and names when the first
 * docking needs them, and runs dockings. By hand and from a dock it is the same way.
 */
import { buildNameTable } from '../config/name-table.ts';
import type { Configuration } from '../config/schema.ts';
import { canonicalJson } from '../domain/canonical-json.ts';
import type { CardReader } from '../domain/card-reading.ts';
import type { CopyEngine } from '../domain/copy-engine.ts';
import type { DockedVolume, DockFinding } from '../domain/dock.ts';
import {
  type DockingId,
  defaultSerialSourceId,
  isDefaultSerial,
  newDockingId,
  newDocumentId,
  newFolderSourceId,
  recorderSourceId,
  type SourceId,
} from '../domain/ids.ts';
import type { RereadHeld } from '../domain/intake-plan-policy.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { RecorderClock } from '../domain/recorder-clock.ts';
import type { Actor } from '../domain/records.ts';
import { compileSkipRules } from '../domain/skip-rules.ts';
import { sha256 } from '../formats/merkle-hash.ts';
import { Docking, type DockingControl, type DockingResult } from '../intake/docking.ts';
import { createCopyEngine } from '../intake/engine/create-engine.ts';
import { openSourceFolder } from '../intake/source-folder.ts';
import { ClipProber } from '../preview/clip-prober.ts';
import { MediaProbe } from '../preview/media-probe.ts';
import { defaultProbeLimits, type ProbeLimits } from '../preview/probe-facts.ts';
import { type TakenCopy, Vault } from '../vault/vault.ts';
import type { AlarmDesk } from './alarm-desk.ts';
import { stationClock } from './clock-state.ts';
import { random, type StationContext, systemActor } from './station-context.ts';

export interface IngestRequest {
  /** `ingest` by hand, or the kind of dock. */
  readonly kind: string;
  /** Absolute path of the volume's root, raw bytes. */
  readonly root: Uint8Array;
  readonly recorder: string | undefined;
  readonly recorderBasis: string;
  readonly rereadHeld: RereadHeld;
  readonly actor: Actor;
  /** Docks with slots: the number as printed on the housing. */
  readonly slot?: string;
  /** Import folders: digest of the listing. */
  readonly listing?: string;
  /** The serial must not tie this docking to any other. */
  readonly isSerialShared?: boolean;
  readonly dockFindings?: readonly DockFinding[];
  readonly clock?: RecorderClock;
  readonly volume?: DockedVolume;
  readonly cardReader?: CardReader;
  readonly onStarted?: (docking: string) => void;
  /** By hand the answer waits for the probe, so that nothing is left to do; at a dock the officer need not. */
  readonly awaitsProbe: boolean;
  /** All copies are done; content is looked at and the checkpoint signed. */
  readonly onFinishing?: () => void;
}

export interface IngestResult extends DockingResult {
  readonly docking: string;
  readonly recorder: string | null;
}

interface IntakeRooms {
  readonly engine: CopyEngine;
  readonly vault: Vault;
  readonly prober: ClipProber;
  readonly names: ReturnType<typeof buildNameTable>;
  readonly skip: ReturnType<typeof compileSkipRules>;
}

export class IntakeDesk {
  readonly #context: StationContext;
  readonly #alarms: Pick<AlarmDesk, 'assertNone'>;
  /** Told of each clip whose content is known: its preview may be made. */
  readonly #onProbed: (clip: string) => void;
  #rooms: Promise<IntakeRooms> | undefined;
  /** Dockings of one source follow each other: two at once would seal the same clip twice. */
  readonly #perSource = new Map<string, Promise<unknown>>();

  constructor(context: StationContext, alarms: Pick<AlarmDesk, 'assertNone'>, onProbed: (clip: string) => void) {
    this.#context = context;
    this.#alarms = alarms;
    this.#onProbed = onProbed;
  }

  /**
   * Vault, engine and probe; opened when first needed, because reading commands do without. `around` puts another
   * engine around the configured one, and counts for whoever comes first.
   */
  rooms(around: (engine: CopyEngine) => CopyEngine = (engine) => engine): Promise<IntakeRooms> {
    // A vault that could not be opened may be there the next time.
    this.#rooms ??= this.#open(around).catch((error: unknown) => {
      this.#rooms = undefined;
      throw error;
    });
    return this.#rooms;
  }

  /** Resolves when nothing writes any more. The caller has aborted what runs. */
  async close(): Promise<void> {
    await this.#rooms?.then(({ prober }) => prober.idle()).catch(() => undefined);
  }

  async #open(around: (engine: CopyEngine) => CopyEngine): Promise<IntakeRooms> {
    const { options, registry, ledger } = this.#context;
    const { configuration, dataFolder, command, version } = options;
    const engine = around(createCopyEngine(configuration.engine.kind));
    const vault = await Vault.open({ dataFolder, engine, random, config: configuration.vault }, (sha256) =>
      registry.hasOriginal(sha256),
    );
    await ledger.append({
      type: 'station-started',
      actor: systemActor,
      body: {
        command,
        version,
        node: process.version,
        engine: engine.name,
        readBack: vault.readBack,
        // The effective configuration, in canonical form; `evidock config` prints it.
        configuration: sha256(Buffer.from(canonicalJson(configuration as never))).toString('hex'),
        logKey: sha256(ledger.publicKeys.logKey).toString('hex'),
        leafKey: sha256(ledger.publicKeys.leafKey).toString('hex'),
        stationClock: { ...(await stationClock()) },
      },
    });
    return {
      engine,
      vault,
      prober: this.#openProber(vault),
      names: buildNameTable(configuration.names),
      skip: compileSkipRules(configuration.intake.skip),
    };
  }

  #openProber(vault: Vault): ClipProber {
    const { options, registry, ledger, closing } = this.#context;
    const { probe } = options.configuration;
    const mediaProbe = new MediaProbe(probeLimits(probe), options.log);
    return new ClipProber({
      waiting: (limit) =>
        registry.unprobedClips(limit).map(({ clip, sha256, path }) => ({
          clip,
          originalPath: vault.originalPath(sha256),
          extension: /\.([^./]{1,16})$/.exec(readablePath(path))?.[1],
        })),
      probe: ({ originalPath, extension }, signal) =>
        mediaProbe.probe(originalPath, { signal, ...(extension === undefined ? {} : { extension }) }),
      record: async (probed) => {
        await ledger.appendAll(
          probed.map(({ clip, facts }) => ({
            type: 'clip-probed',
            actor: systemActor,
            subject: clip,
            body: { clip, kind: facts.kind, findings: [...facts.findings] },
            documents: [{ id: newDocumentId(random), body: facts as never }],
          })),
        );
        for (const { clip } of probed) this.#onProbed(clip);
      },
      parallel: probe.parallelFiles,
      signal: closing,
    });
  }

  /** Takes everything off a volume. @throws StationError alarm-open, source-missing, source-overlaps-data, vault-…, ledger-… */
  async ingest(request: IngestRequest, control: DockingControl): Promise<IngestResult> {
    this.#alarms.assertNone();
    const rooms = await this.rooms();
    const root = openSourceFolder(request.root, this.#context.options.dataFolder);
    const key = request.recorder === undefined ? root.toString('hex') : recorderSourceId(request.recorder);
    const before = this.#perSource.get(key) ?? Promise.resolve();
    const turn = untilAborted(before, control.signal).then(() => this.#dock(rooms, { ...request, root }, control));
    // Whoever gives up waiting leaves the next one waiting for those before.
    const over = Promise.allSettled([before, turn]).then(() => {
      if (this.#perSource.get(key) === over) this.#perSource.delete(key);
    });
    this.#perSource.set(key, over);
    return turn;
  }

  async #dock(
    rooms: IntakeRooms,
    request: IngestRequest & { readonly root: Buffer },
    control: DockingControl,
  ): Promise<IngestResult> {
    const { options, registry, ledger } = this.#context;
    const { configuration } = options;
    const { vault, engine, prober, names, skip } = rooms;
    await vault.emptyIncoming((sha256) => registry.hasOriginal(sha256));
    const docking = newDockingId(random);
    request.onStarted?.(docking);
    const result = await new Docking<TakenCopy>(
      {
        vault,
        engine,
        names,
        skip,
        ledger,
        registry,
        config: configuration.intake,
        rereadHeld: request.rereadHeld,
        onSealed: () => prober.wake(),
      },
      {
        docking,
        kind: request.kind,
        source: this.#sourceOf(docking, request),
        serial: request.recorder,
        recorderBasis: request.recorderBasis,
        ...(request.slot === undefined ? {} : { slot: request.slot }),
        ...(request.listing === undefined ? {} : { listing: request.listing }),
        ...(request.dockFindings === undefined ? {} : { dockFindings: request.dockFindings }),
        ...(request.clock === undefined ? {} : { clock: request.clock }),
        ...(request.volume === undefined ? {} : { volume: request.volume }),
        ...(request.cardReader === undefined ? {} : { cardReader: request.cardReader }),
        root: request.root,
        readBack: vault.readBack,
        stationClock: await stationClock(),
        engine: engine.name,
        timeZone: configuration.station.timeZone,
        actor: request.actor,
        random,
      },
      control,
    ).run();
    request.onFinishing?.();
    await this.#sweep(vault);
    if (request.awaitsProbe) await prober.idle(control.signal);
    await ledger.checkpoint();
    return { ...result, docking, recorder: request.recorder ?? null };
  }

  /** Originals that an interrupted sealing left and no docking adopted are set aside, once. */
  async #sweep(vault: Vault): Promise<void> {
    const { ledger, options, registry } = this.#context;
    await vault.sweepUnsealed(
      (sha256) => registry.hasOriginal(sha256),
      async (sha256, bytes) => {
        if (registry.hasRecordAbout('original-unsealed', sha256)) return;
        const body = { sha256, bytes };
        await ledger.append({ type: 'original-unsealed', actor: systemActor, subject: sha256, body });
        options.log.warn({ sha256 }, 'an original without a seal record was moved to vault/unsealed');
      },
    );
  }

  #sourceOf(docking: DockingId, { recorder, root, isSerialShared = false }: IngestRequest): SourceId {
    if (recorder !== undefined && (isSerialShared || isDefaultSerial(recorder))) {
      return defaultSerialSourceId(recorder, docking);
    }
    if (recorder !== undefined) return recorderSourceId(recorder);
    return this.#context.registry.sourceOfFolder(Buffer.from(root).toString('hex')) ?? newFolderSourceId(random);
  }
}

/** Settles with `work`, however it ends. @throws the signal's reason, at once */
async function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  work.then(
    () => resolve(),
    () => resolve(),
  );
  await promise.finally(() => signal.removeEventListener('abort', abort));
}

function probeLimits(config: Configuration['probe']): ProbeLimits {
  return {
    ...defaultProbeLimits,
    ffprobePath: config.ffprobePath,
    wallMsMax: config.timeoutSeconds * 1000,
    cpuSecondsMax: config.cpuSecondsMax,
    memoryBytesMax: config.memoryBytesMax,
    outputBytesMax: config.outputBytesMax,
  };
}
