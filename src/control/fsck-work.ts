/**
 * What `evidock fsck` does: hands ledger, vault, registry and engine to the check, and prints what it finds. It runs
 * beside a station; the registry is compared only when no other process owns the data folder.
 */
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FsckProgress, type FsckSummary, fsck, isCancelled } from '../checking/fsck.ts';
import { checkMirror, MirroredOriginals } from '../checking/mirror-check.ts';
import type { RegistryRoom } from '../checking/registry-check.ts';
import type { EngineConfig } from '../config/schema.ts';
import { errorCode } from '../domain/errors.ts';
import type { StoreFinding } from '../domain/findings.ts';
import { tryLockFolder } from '../files/folder-lock.ts';
import { createCopyEngine } from '../intake/engine/create-engine.ts';
import { replayRecords } from '../ledger/ledger-reading.ts';
import { verifyLedger } from '../ledger/ledger-verification.ts';
import { readLogTable } from '../ledger/log-table.ts';
import { Registry } from '../registry/registry.ts';
import { placesOf } from '../station/vault-places.ts';
import { cliTexts, type Language } from '../texts/cli-texts.ts';
import { findingTexts } from '../texts/finding-texts.ts';
import { findMirrorId } from '../vault/mirror-folder.ts';
import { type AloneContext, type CommandCall, type CommandIo, exitCodes } from './command.ts';
import { coverageRoom } from './fsck-coverage.ts';
import { humanBytes } from './human-bytes.ts';

const registryFile = 'registry.db';

/** @returns the exit code */
export async function checkStore(context: AloneContext, call: CommandCall, io: CommandIo): Promise<number> {
  const { dataFolder, configuration } = context;
  const json = call.values.json === true;
  const { language } = call;
  const started = performance.now();
  const copies = new MirroredOriginals();
  const onFinding = (finding: StoreFinding): void =>
    io.out(json ? findingJson(finding) : findingLine(finding, language));
  try {
    let summary = await fsck(
      {
        dataFolder,
        places: placesOf(dataFolder),
        engine: createCopyEngine(configuration.engine.kind),
        verifyLedger: (onRecord) =>
          verifyLedger(dataFolder, {
            signal: io.signal,
            onRecord(record) {
              onRecord(record);
              copies.take(record);
            },
          }),
        registry: registryRoom(dataFolder),
        coverage: coverageRoom(context, { everybody: call.values.coverage === true, signal: io.signal }),
        own: () => own(dataFolder),
      },
      {
        signal: io.signal,
        onFinding,
        onProgress: (progress) => io.progress(progressLine(progress, performance.now() - started, language)),
      },
    );
    for (const folder of call.values.mirrors === true ? configuration.vault.mirrors : []) {
      for await (const finding of mirrorFindings({ folder, copies, engine: configuration.engine.kind }, io.signal)) {
        onFinding(finding);
        summary = { ...summary, findings: summary.findings + 1 };
      }
    }
    if (json) io.out(JSON.stringify({ event: 'checked', ...summary }));
    else for (const line of summaryLines(summary, language)) io.out(line);
    return summary.findings === 0 ? exitCodes.done : exitCodes.incomplete;
  } catch (error) {
    if (isCancelled(error, io.signal)) return exitCodes.interrupted;
    throw error;
  }
}

async function* mirrorFindings(
  { folder, copies, engine }: { folder: string; copies: MirroredOriginals; engine: EngineConfig['kind'] },
  signal: AbortSignal,
): AsyncGenerator<StoreFinding> {
  const mirror = findMirrorId(folder);
  if (mirror === undefined) {
    yield { code: 'mirror-away', file: folder };
    return;
  }
  const check = { dataFolder: folder, places: placesOf(folder), engine: createCopyEngine(engine) };
  const verify = () => verifyLedger(folder, { signal, place: mirror });
  yield* checkMirror({ mirror, copies, check, verifyLedger: verify }, { signal });
}

/** Undefined also where nothing can be written, such as a back-up that is mounted read-only. */
function own(dataFolder: string): { readonly release: () => void } | undefined {
  try {
    const lock = tryLockFolder(dataFolder);
    lock?.describe({ pid: process.pid, command: 'fsck', since: new Date().toISOString() });
    return lock;
  } catch (error) {
    if (errorCode(error) === 'folder-not-usable') return undefined;
    throw error;
  }
}

function registryRoom(dataFolder: string): RegistryRoom<OpenedRegistry> {
  const path = join(dataFolder, registryFile);
  return {
    file: registryFile,
    isThere: () => existsSync(path),
    openCopy: () => OpenedRegistry.copyOf(path),
    async replay(endSeq) {
      const registry = Registry.open(':memory:');
      await registry.replay(replayRecords((await readLogTable(dataFolder)).logs, 0), endSeq);
      return new OpenedRegistry(registry, undefined);
    },
  };
}

/** A registry in memory or in a folder of its own, which goes with it. */
class OpenedRegistry {
  readonly #registry: Registry;
  readonly #folder: string | undefined;

  constructor(registry: Registry, folder: string | undefined) {
    this.#registry = registry;
    this.#folder = folder;
  }

  /** Opened for writing, so that an older schema is brought up to date before it is compared. */
  static async copyOf(path: string): Promise<OpenedRegistry> {
    const folder = await mkdtemp(join(tmpdir(), 'evidock-fsck-'));
    try {
      for (const suffix of ['', '-wal']) {
        if (existsSync(path + suffix)) {
          await copyFile(path + suffix, join(folder, registryFile + suffix), constants.COPYFILE_FICLONE);
        }
      }
      return new OpenedRegistry(Registry.open(join(folder, registryFile)), folder);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get nextSeq(): number {
    return this.#registry.nextSeq;
  }

  integrityProblems(): string[] {
    return this.#registry.integrityProblems();
  }

  differencesFrom(expected: OpenedRegistry, limit?: number): string[] {
    return this.#registry.differencesFrom(expected.#registry, limit);
  }

  async close(): Promise<void> {
    this.#registry.close();
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}

const findingJson = ({ code, file, clip, sha256, detail }: StoreFinding): string =>
  JSON.stringify({ event: 'finding', code, file, clip, sha256, detail });

function findingLine({ code, file, clip, detail }: StoreFinding, language: Language): string {
  const more = [clip, detail].filter((text) => text !== undefined);
  return `${file}  ${findingTexts[code][language]}${more.length === 0 ? '' : `  (${more.join('; ')})`}`;
}

function summaryLines(summary: FsckSummary, language: Language): string[] {
  const texts = cliTexts[language];
  const { originals, records, documents, tiles, findings, registryCompared } = summary;
  return [
    ...(registryCompared ? [] : [texts.registryNotCompared]),
    texts.checked(originals, records, documents, tiles),
    findings === 0 ? texts.findingsNone : texts.findingsCount(findings),
  ];
}

function progressLine(progress: FsckProgress, elapsedMs: number, language: Language): string {
  const { originalsDone, originals, bytesDone, bytes } = progress;
  const rate = humanBytes(bytesDone / Math.max(0.001, elapsedMs / 1000));
  return cliTexts[language].progress(originalsDone, originals, humanBytes(bytesDone), humanBytes(bytes), rate);
}
