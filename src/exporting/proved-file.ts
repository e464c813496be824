/**
 * Verifies one file by the proof that lies beside it (`NAME.tlog-proof`), or such a proof alone. The proof carries the
 * record that sealed the clip; the file is the clip when its digests are that record's.
 */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { VerificationFinding } from '../domain/verification.ts';
import { ifThere, readTextIfThere } from '../files/if-there.ts';
import { parseTlogProof, verifyTlogProof } from '../formats/inclusion-proofs.ts';
import { type Checkpoint, parseCheckpoint } from '../formats/signed-note.ts';
import { parseRecordLine, RecordEvidence } from './record-evidence.ts';
import { type DigestControl, digestsOfFile } from './stream-digests.ts';
import type { TrustedKeys } from './trust-file.ts';

export const proofSuffix = '.tlog-proof';

/** A proof of a record of at most 16 KiB is far shorter. */
const proofBytesMax = 1024 * 1024;

/** @returns undefined when there is no such file, or it is too long to be a proof */
export async function readProofText(path: string): Promise<string | undefined> {
  const found = await ifThere(stat(path));
  return found === undefined || found.size > proofBytesMax ? undefined : readTextIfThere(path);
}

/** @param file the clip's path; undefined when only the proof is to be judged */
export async function verifyProved(
  proof: { readonly path: string; readonly text: string },
  file: string | undefined,
  trust: TrustedKeys | undefined,
  control: DigestControl = {},
): Promise<VerificationFinding[]> {
  const name = basename(proof.path);
  const evidence = new RecordEvidence();
  const findings = judgeProof(proof.text, { name, evidence }, trust);
  if (file === undefined || findings.some(({ code }) => code === 'record-unproved')) return findings;
  const { digests } = await digestsOfFile(file, ['sha256', 'sm3'], control);
  const seal = evidence.sealWith(digests.get('sha256') as string);
  if (!evidence.hasSeal)
    findings.push({ code: 'file-unproved', file: basename(file), detail: 'the proof is of no seal record' });
  else if (seal?.digests.sm3 !== digests.get('sm3')) findings.push({ code: 'clip-altered', file: basename(file) });
  return findings;
}

function judgeProof(
  text: string,
  into: { readonly name: string; readonly evidence: RecordEvidence },
  trust: TrustedKeys | undefined,
): VerificationFinding[] {
  const { name, evidence } = into;
  const unproved = (detail: string): VerificationFinding[] => [{ code: 'record-unproved', file: name, detail }];
  const proof = parseTlogProof(text);
  const record = proof && parseRecordLine(proof.record);
  const checkpoint = proof && parseCheckpoint(proof.note);
  if (proof === undefined || record === undefined || checkpoint === undefined)
    return unproved('it is no proof of a record');
  const logKey = trust?.logOf(checkpoint.origin);
  if (trust === undefined || logKey === undefined) {
    // What the record says of the file can still be compared; nobody vouches for the record.
    evidence.add(record);
    if (trust === undefined)
      return [{ code: 'key-missing', file: name, detail: 'a proof carries no keys: give --trust FILE' }];
    return [{ code: 'key-untrusted', file: name, detail: `no key of the log ${checkpoint.origin}` }];
  }
  const reasons = [...trust.leaves].map((hex) => verifyTlogProof(proof, { logKey, leafKey: Buffer.from(hex, 'hex') }));
  const proved = reasons.find((one) => typeof one !== 'string');
  if (proved === undefined) return unproved(String(reasons[0] ?? 'the trust file has no leaf key'));
  const { firstSequence } = trust.standingOf(checkpoint.origin);
  if (BigInt(record.seq) !== proved.index + BigInt(firstSequence))
    return unproved('it is not the record of that number');
  evidence.add(record);
  return forkOf(checkpoint, name, trust);
}

/**
 * What the trust file's own checkpoints of that log say against this one. A log that has ended has no larger tree; and
 * once its key was given up as compromised only the tree that it ended with counts, which its successor holds.
 */
export function forkOf(checkpoint: Checkpoint, file: string, trust: TrustedKeys): VerificationFinding[] {
  const known = trust.checkpoints.filter(({ origin }) => origin === checkpoint.origin);
  const { state } = trust.standingOf(checkpoint.origin);
  const same = known.filter(({ size }) => size === checkpoint.size);
  if (same.some(({ root }) => !root.equals(checkpoint.root)))
    return [{ code: 'log-forked', file, detail: 'the trust file has another tree of the same size' }];
  const end = Math.max(...known.map(({ size }) => size));
  if (state === 'going' || known.length === 0 || checkpoint.size === end) return [];
  if (checkpoint.size > end)
    return [{ code: 'log-forked', file, detail: `the log had ended with its checkpoint of size ${end}` }];
  if (state === 'ended') return [];
  const detail = `the key of this log was compromised: only what leads to its last checkpoint (size ${end}) counts`;
  return [{ code: 'key-untrusted', file, detail }];
}
