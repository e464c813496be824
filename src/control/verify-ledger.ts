/**
 * A whole ledger, verified from its files and its public keys, as an auditor does who holds a copy: everything that
 * fsck says of it, and whether it still is the log that the trust file knows.
 */
import type { StoreFinding, StoreFindingCode } from '../domain/findings.ts';
import type { KeyChangeReason } from '../domain/log-facts.ts';
import type { VerificationCode, VerificationFinding } from '../domain/verification.ts';
import { forkOf } from '../exporting/proved-file.ts';
import type { TrustedKeys } from '../exporting/trust-file.ts';
import { readIfThere } from '../files/if-there.ts';
import { verifyConsistency } from '../formats/merkle-proof.ts';
import { keyOfOpenSsh } from '../formats/open-ssh-key.ts';
import { type Checkpoint, parseVerifierKey } from '../formats/signed-note.ts';
import { originOf } from '../formats/tree-origin.ts';
import { LedgerLayout } from '../ledger/ledger-layout.ts';
import { verifyLedger } from '../ledger/ledger-verification.ts';
import { readLogTable } from '../ledger/log-table.ts';
import { ProofSource } from '../ledger/proof-source.ts';
import { findingTexts } from '../texts/finding-texts.ts';
import type { CommandIo } from './command.ts';
import type { Verified } from './verify-command.ts';

export async function verifyWholeLedger(
  folder: string,
  trust: TrustedKeys | undefined,
  io: CommandIo,
): Promise<Verified> {
  const verdict = await verifyLedger(folder, { signal: io.signal });
  const findings: Verified['findings'][number][] = verdict.findings.map(asVerification);
  findings.push(...(await judgeTrust(folder, trust, findings.length === 0)));
  return { what: 'ledger', findings, records: verdict.records };
}

function asVerification({ code, file, detail }: StoreFinding): Verified['findings'][number] {
  return { code: verificationCode(code), file, text: findingTexts[code], ...(detail === undefined ? {} : { detail }) };
}

/** Records and checkpoint each signed, and yet of two trees: that is no accident of a disk. */
function verificationCode(code: StoreFindingCode): VerificationCode {
  if (code === 'tree-differs') return 'log-forked';
  return code.endsWith('-missing') ? 'ledger-missing' : 'ledger-altered';
}

interface KnownLog {
  readonly layout: LedgerLayout;
  readonly origin: string;
  readonly logKey: Buffer;
  readonly leafKey: Buffer;
  /** The next log was begun; `compromised` when its keys were given up for that. */
  readonly closed: KeyChangeReason | undefined;
}

async function judgeTrust(
  folder: string,
  trust: TrustedKeys | undefined,
  isSound: boolean,
): Promise<VerificationFinding[]> {
  const file = new LedgerLayout(folder).relative('keys/log.vkey');
  if (trust === undefined) return [{ code: 'key-untrusted', file, detail: 'no trust file was given' }];
  const findings: VerificationFinding[] = [];
  const logs: KnownLog[] = [];
  const heads = (await readLogTable(folder)).logs;
  for (const [at, { layout }] of heads.entries()) {
    const keys = await readKeys(layout);
    if (keys === undefined) findings.push({ code: 'key-missing', file: layout.relative('keys/log.vkey') });
    else logs.push({ layout, ...keys, closed: heads[at + 1]?.continues?.reason });
  }
  const believed = believedLogs(logs, trust, isSound);
  for (const log of logs) {
    if (!believed.has(log)) {
      const detail = 'the trust file has other keys';
      findings.push({ code: 'key-untrusted', file: log.layout.relative('keys/log.vkey'), detail });
    } else if (isSound) findings.push(...(await judgeHistory(folder, log, trust)));
  }
  return findings;
}

async function readKeys(layout: LedgerLayout): Promise<Pick<KnownLog, 'origin' | 'logKey' | 'leafKey'> | undefined> {
  const text = async (path: string): Promise<string> =>
    (await readIfThere(layout.path(path)))?.toString('latin1') ?? '';
  const logKey = parseVerifierKey(await text('keys/log.vkey'))?.rawKey;
  const leafKey = keyOfOpenSsh(await text('keys/leaf.pub'));
  return logKey === undefined || leafKey === undefined ? undefined : { origin: originOf(logKey), logKey, leafKey };
}

/**
 * Logs whose keys the trust file has, and those that one of them leads to: in a sound ledger each log names the keys of
 * the next and holds the last checkpoint of the one before. A key that was given up as compromised leads nowhere.
 */
function believedLogs(logs: readonly KnownLog[], trust: TrustedKeys, isSound: boolean): Set<KnownLog> {
  const believed = new Set(
    logs.filter(
      ({ logKey, leafKey }) => trust.logs.has(logKey.toString('hex')) && trust.leaves.has(leafKey.toString('hex')),
    ),
  );
  if (!isSound) return believed;
  for (const [at, log] of logs.entries()) {
    const before = logs[at - 1];
    if (before !== undefined && believed.has(before) && before.closed === 'routine') believed.add(log);
  }
  for (const [at, log] of [...logs.entries()].reverse()) {
    const next = logs[at + 1];
    if (next !== undefined && believed.has(next)) believed.add(log);
  }
  return believed;
}

/** Whether the log goes on from every checkpoint of it that the trust file knows, and no further than its end. */
async function judgeHistory(folder: string, log: KnownLog, trust: TrustedKeys): Promise<VerificationFinding[]> {
  const { origin, logKey, leafKey, layout } = log;
  const source = new ProofSource(folder, { origin, logKey, leafKey, witnessKeys: [], log: layout.log });
  const file = layout.relative(layout.checkpoint);
  const findings: VerificationFinding[] = [];
  for (const known of trust.checkpoints.filter((one) => one.origin === origin)) {
    if (await isContinued(source, known)) continue;
    const detail = `it does not go on from the checkpoint of size ${known.size} in the trust file`;
    findings.push({ code: 'log-forked', file, detail });
  }
  const head = await source.head();
  return findings.length > 0 || head === undefined
    ? findings
    : forkOf({ origin, size: head.size, root: head.root }, file, trust);
}

/** Whether the ledger here begins with the tree that was known before. */
async function isContinued(source: ProofSource, known: Checkpoint): Promise<boolean> {
  const head = await source.head();
  if (head === undefined || head.size < known.size) return false;
  if (known.size === 0) return true;
  const path =
    known.size === head.size ? [] : await source.consistencyPath(source.tiles(head.size), known.size, head.size);
  return verifyConsistency({
    oldSize: BigInt(known.size),
    oldRoot: known.root,
    newSize: BigInt(head.size),
    newRoot: head.root,
    path,
  });
}
