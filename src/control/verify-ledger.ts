/**
 * A whole ledger, verified from its files and its public keys, as an auditor does who holds a copy: everything that
 * fsck says of it, and whether it still is the log that the trust file knows.
 */
import type { StoreFinding, StoreFindingCode } from '../domain/findings.ts';
import type { VerificationCode, VerificationFinding } from '../domain/verification.ts';
import type { TrustedKeys } from '../exporting/trust-file.ts';
import { verifyConsistency } from '../formats/merkle-proof.ts';
import { keyOfOpenSsh } from '../formats/open-ssh-key.ts';
import { type Checkpoint, parseVerifierKey } from '../formats/signed-note.ts';
import { originOf } from '../formats/tree-origin.ts';
import { LedgerLayout } from '../ledger/ledger-layout.ts';
import { readIfThere } from '../ledger/ledger-reading.ts';
import { verifyLedger } from '../ledger/ledger-verification.ts';
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

async function judgeTrust(
  folder: string,
  trust: TrustedKeys | undefined,
  isSound: boolean,
): Promise<VerificationFinding[]> {
  const file = LedgerLayout.relative('keys/log.vkey');
  if (trust === undefined) return [{ code: 'key-untrusted', file, detail: 'no trust file was given' }];
  const layout = new LedgerLayout(folder);
  const text = async (path: string): Promise<string> =>
    (await readIfThere(layout.path(path)))?.toString('latin1') ?? '';
  const logKey = parseVerifierKey(await text('keys/log.vkey'))?.rawKey;
  const leafKey = keyOfOpenSsh(await text('keys/leaf.pub'));
  if (logKey === undefined || leafKey === undefined) return [{ code: 'key-missing', file }];
  const isTrusted = trust.logs.has(logKey.toString('hex')) && trust.leaves.has(leafKey.toString('hex'));
  if (!isTrusted) return [{ code: 'key-untrusted', file, detail: 'the trust file has other keys' }];
  if (!isSound) return [];
  const origin = originOf(logKey);
  const source = new ProofSource(folder, { origin, logKey, leafKey, witnessKeys: [] });
  const findings: VerificationFinding[] = [];
  for (const known of trust.checkpoints) {
    if (known.origin === origin && !(await isContinued(source, known))) {
      const detail = `it does not go on from the checkpoint of size ${known.size} in the trust file`;
      findings.push({ code: 'log-forked', file: LedgerLayout.relative('checkpoint'), detail });
    }
  }
  return findings;
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
