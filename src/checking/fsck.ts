/**
 * fsck: verifies the ledger, then compares the registry and every original with what it says. It reads only and mends
 * nothing, and returns all findings. The data folder is owned only while the registry is compared, so that a recorder
 * can be docked while originals are read, which may take hours.
 */
import type { CopyEngine } from '../domain/copy-engine.ts';
import { errorCode } from '../domain/errors.ts';
import type { StoreFinding } from '../domain/findings.ts';
import type { RecordEnvelope } from '../domain/records.ts';
import { type CoverageRoom, checkCoverage } from './coverage-check.ts';
import { OriginalCheck, type VaultPlaces } from './original-check.ts';
import { type CheckedRegistry, checkRegistry, type RegistryRoom } from './registry-check.ts';
import { SealedOriginals } from './sealed-originals.ts';
import { findUnknown, listVault, type VaultInventory } from './vault-inventory.ts';

/** Originals that are read at the same time: one for each core of a small machine. */
const parallelOriginals = 2;

/** What a verification of the ledger says. */
export interface LedgerFacts {
  readonly findings: readonly StoreFinding[];
  readonly records: number;
  readonly documents: number;
  readonly tiles: number;
  readonly isReplayable: boolean;
}

export interface FsckDependencies<R extends CheckedRegistry<R>> {
  readonly dataFolder: string;
  readonly places: VaultPlaces;
  readonly engine: Pick<CopyEngine, 'hash'>;
  readonly verifyLedger: (onRecord: (record: RecordEnvelope) => void) => Promise<LedgerFacts>;
  readonly registry: RegistryRoom<R>;
  readonly coverage: CoverageRoom;
  /** Makes this process the owner of the folder; undefined when another one is. */
  readonly own: () => { readonly release: () => void } | undefined;
}

export interface FsckProgress {
  readonly originalsDone: number;
  readonly originals: number;
  readonly bytesDone: number;
  readonly bytes: number;
}

export interface FsckControl {
  readonly signal: AbortSignal;
  readonly onFinding: (finding: StoreFinding) => void;
  readonly onProgress: (progress: FsckProgress) => void;
}

export interface FsckSummary {
  readonly originals: number;
  readonly originalBytes: number;
  readonly records: number;
  readonly documents: number;
  readonly tiles: number;
  readonly findings: number;
  readonly registryCompared: boolean;
}

/** @throws the signal's reason, or CopyEngineError CANCELLED, when it is aborted */
export async function fsck<R extends CheckedRegistry<R>>(
  deps: FsckDependencies<R>,
  control: FsckControl,
): Promise<FsckSummary> {
  let findings = 0;
  const report = (found: readonly StoreFinding[]): void => {
    findings += found.length;
    for (const finding of found) control.onFinding(finding);
  };
  const inventory = await listVault(deps.places);
  const sealed = new SealedOriginals();
  const { ledger, registryCompared } = await checkRecords(deps, sealed, report);
  await checkOriginals(deps, sealed, { ...control, report });
  report(await unknownFiles(deps, { inventory, sealed, ledger }));
  const { records, documents, tiles } = ledger;
  const counts = { originals: sealed.size, originalBytes: sealed.bytes, records, documents, tiles };
  return { ...counts, findings, registryCompared };
}

async function checkRecords<R extends CheckedRegistry<R>>(
  deps: FsckDependencies<R>,
  sealed: SealedOriginals,
  report: (found: readonly StoreFinding[]) => void,
): Promise<{ readonly ledger: LedgerFacts; readonly registryCompared: boolean }> {
  const owned = deps.own();
  try {
    const ledger = await deps.verifyLedger((record) => sealed.take(record));
    report(ledger.findings);
    const registryCompared = owned !== undefined && ledger.findings.length === 0;
    if (registryCompared) {
      const found = await checkRegistry(deps.registry, ledger.records);
      report(found);
      // What is derived from a registry that is wrong says nothing.
      if (found.length === 0 && deps.registry.isThere()) report(await checkCoverage(deps.coverage));
    }
    return { ledger, registryCompared };
  } finally {
    owned?.release();
  }
}

type OriginalsControl = FsckControl & { readonly report: (found: readonly StoreFinding[]) => void };

async function checkOriginals<R extends CheckedRegistry<R>>(
  deps: FsckDependencies<R>,
  sealed: SealedOriginals,
  control: OriginalsControl,
): Promise<void> {
  const check = new OriginalCheck(deps);
  const totals = { originals: sealed.size, bytes: sealed.bytes };
  const underWay = new Map<string, number>();
  let originalsDone = 0;
  let finishedBytes = 0;
  const tell = (): void => {
    const bytesDone = [...underWay.values()].reduce((sum, bytes) => sum + bytes, finishedBytes);
    control.onProgress({ originalsDone, bytesDone, ...totals });
  };
  const waiting = sealed.values();
  const worker = async (): Promise<void> => {
    for (const original of waiting) {
      control.signal.throwIfAborted();
      const onProgress = ({ bytes }: { readonly bytes: number }): void => {
        underWay.set(original.sha256, bytes);
        tell();
      };
      control.report(await check.check(original, { signal: control.signal, onProgress }));
      underWay.delete(original.sha256);
      finishedBytes += original.bytes;
      originalsDone += 1;
    }
  };
  await Promise.all(Array.from({ length: parallelOriginals }, worker));
  tell();
}

interface Checked {
  readonly inventory: VaultInventory;
  readonly sealed: SealedOriginals;
  readonly ledger: LedgerFacts;
}

function unknownFiles<R extends CheckedRegistry<R>>(
  { dataFolder, places }: FsckDependencies<R>,
  { inventory, sealed, ledger }: Checked,
): Promise<StoreFinding[]> {
  const allRecordsSound = !ledger.findings.some(({ code }) => code.startsWith('record-'));
  return findUnknown({ dataFolder, places, inventory, sealed, allRecordsSound });
}

/** True for the ways in which a cancelled fsck ends. */
export const isCancelled = (error: unknown, signal: AbortSignal): boolean =>
  signal.aborted && (error === signal.reason || ['CANCELLED', 'ABORT_ERR'].includes(errorCode(error)));
