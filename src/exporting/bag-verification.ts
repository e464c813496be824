/**
 * Verifies a bag of a station offline, from the bag and keys that came another way: its digests and form, the signature
 * over it, the checkpoint, a proof for each record, and that clips and documents are those the records speak of. It
 * goes on after each finding and returns them all.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VerificationCode, VerificationFinding } from '../domain/verification.ts';
import { type LogKeys, type ProvedHead, verifySigsumProof } from '../formats/inclusion-proofs.ts';
import { sha256 } from '../formats/merkle-hash.ts';
import { keyOfOpenSsh } from '../formats/open-ssh-key.ts';
import { type Checkpoint, openCheckpoint, parseVerifierKey } from '../formats/signed-note.ts';
import { keyOfSshSignature } from '../formats/ssh-signature.ts';
import { originOf } from '../formats/tree-origin.ts';
import { BagLog, believedLogs, holdsCheckpoint } from './bag-logs.ts';
import { signatureName, tagManifestName } from './bag-writer.ts';
import { type BagitVerdict, shownPath, type ValidationControl, validateBag } from './bagit-validation.ts';
import { forkOf } from './proved-file.ts';
import { parseRecordLine, RecordEvidence } from './record-evidence.ts';
import type { TrustedKeys } from './trust-file.ts';

export const signatureNamespace = 'evidence@station';

export interface BagVerdict {
  readonly findings: readonly VerificationFinding[];
  readonly clips: number;
  readonly records: number;
}

/** @throws the kernel's error when the folder cannot be read; AbortError */
export async function verifyBag(
  folder: string,
  trust: TrustedKeys | undefined,
  control: ValidationControl = {},
): Promise<BagVerdict> {
  const bagit = await validateBag(folder, { ...control, moreAlgorithms: ['sha256', 'sm3'] });
  const bag = new BagVerification(folder, bagit);
  await bag.judgeNames();
  await bag.judgeSm3();
  await bag.readLogs();
  const exportKey = await bag.judgeSignature();
  await bag.judgeRecords();
  bag.judgeChain();
  await bag.judgeDocuments();
  bag.judgeClips();
  bag.judgeTrust(trust, exportKey);
  return { findings: [...bagit.findings, ...bag.findings], clips: bag.clips, records: bag.records };
}

const clipPath = /^data\/clips\/([^/]+?)(?:\.[A-Za-z0-9]{1,16})?$/;
const endedLogPath = /^logs\/(0|[1-9]\d{0,5})\//;
const recordPath = /^data\/records\/(\d+)\.json$/;
const documentPath = /^data\/documents\/([^/]+)\.json$/;

class BagVerification {
  readonly findings: VerificationFinding[] = [];
  readonly #folder: string;
  readonly #bagit: BagitVerdict;
  readonly #evidence = new RecordEvidence();
  /** Oldest first; none when the keys cannot be read. */
  readonly #logs: BagLog[] = [];
  clips = 0;
  records = 0;

  constructor(folder: string, bagit: BagitVerdict) {
    this.#folder = folder;
    this.#bagit = bagit;
  }

  #add(code: VerificationCode, file: string, detail?: string): void {
    this.findings.push({ code, file, ...(detail === undefined ? {} : { detail }) });
  }

  async #read(file: string): Promise<Buffer | undefined> {
    return this.#bagit.tree.files.has(file) ? readFile(join(this.#folder, file)) : undefined;
  }

  #filesLike(form: RegExp): { readonly file: string; readonly name: string }[] {
    return [...this.#bagit.tree.files.keys()].sort().flatMap((file) => {
      const match = form.exec(file);
      return match ? [{ file, name: match[1] ?? '' }] : [];
    });
  }

  /** RFC 8493 lets tag files be added; in a bag of ours the signature covers every one. */
  async judgeNames(): Promise<void> {
    // Without the tag manifest nothing was added: the manifest is what is missing.
    if (!this.#bagit.tree.files.has(tagManifestName)) return this.#add('manifest-missing', tagManifestName);
    for (const file of this.#bagit.tree.files.keys()) {
      const isCovered = file.startsWith('data/') || file === tagManifestName || file === signatureName;
      if (!isCovered && !this.#bagit.listedTags.has(file))
        this.#add('file-added', file, 'the tag manifest does not list it');
    }
  }

  async judgeSm3(): Promise<void> {
    const text = (await this.#read('sm3sums.txt'))?.toString('latin1') ?? '';
    const listed = new Set<string>();
    const told = new Set(this.#bagit.findings.map(({ file }) => file));
    for (const line of text.split('\n').filter(Boolean)) {
      const [, digest, file = ''] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
      const shown = file === '' ? 'sm3sums.txt' : shownPath(file);
      listed.add(file);
      const present = this.#bagit.digests.get(file)?.get('sm3');
      if (file === '' || (present !== undefined && present !== digest))
        this.#add('file-altered', shown, 'not what sm3sums.txt says');
      else if (present === undefined && !told.has(shown)) this.#add('file-missing', shown);
    }
    for (const file of this.#bagit.tree.files.keys()) {
      if (file.startsWith('data/') && text !== '' && !listed.has(file))
        this.#add('manifest-incomplete', 'sm3sums.txt', `it does not list ${shownPath(file)}`);
    }
  }

  /** Keys and checkpoint of the log that went on when the bag was made, and of those that had ended. */
  async readLogs(): Promise<void> {
    const numbers = this.#filesLike(endedLogPath).map(({ name }) => Number(name));
    const ended = [...new Set(numbers)].sort((a, b) => a - b).map((log) => `logs/${log}/`);
    for (const folder of [...ended, '']) {
      const keys = await this.#readKeys(folder);
      if (keys === undefined) continue;
      const log = new BagLog(folder, keys);
      log.checkpoint = await this.#readCheckpoint(log);
      this.#logs.push(log);
    }
  }

  async #readKeys(folder: string): Promise<LogKeys | undefined> {
    const log = parseVerifierKey((await this.#read(`${folder}log.vkey`))?.toString('latin1') ?? '');
    const leafKey = keyOfOpenSsh((await this.#read(`${folder}leaf.pub`))?.toString('latin1') ?? '');
    if (log === undefined || log.name !== originOf(log.rawKey)) this.#add('key-missing', `${folder}log.vkey`);
    if (leafKey === undefined) this.#add('key-missing', `${folder}leaf.pub`);
    // verify.sh tells the fingerprint of this file, so it must be the key that the checkpoint is checked with.
    const shown = keyOfOpenSsh((await this.#read(`${folder}log.pub`))?.toString('latin1') ?? '');
    if (shown === undefined) this.#add('key-missing', `${folder}log.pub`);
    else if (log !== undefined && !shown.equals(log.rawKey)) {
      this.#add('key-untrusted', `${folder}log.pub`, `it is not the key of ${folder}log.vkey`);
    }
    return log === undefined || leafKey === undefined ? undefined : { logKey: log.rawKey, leafKey };
  }

  async #readCheckpoint({ folder, keys: { logKey } }: BagLog): Promise<Checkpoint | undefined> {
    const file = `${folder}checkpoint`;
    const note = (await this.#read(file))?.toString('utf8');
    const checkpoint = note === undefined ? undefined : openCheckpoint(note, originOf(logKey), logKey);
    if (note === undefined) this.#add('checkpoint-missing', file);
    else if (typeof checkpoint === 'string') this.#add('checkpoint-wrong', file, checkpoint);
    return typeof checkpoint === 'string' ? undefined : checkpoint;
  }

  /** The key that signed this bag; undefined where there is no good signature. */
  async judgeSignature(): Promise<Buffer | undefined> {
    const manifest = await this.#read(tagManifestName);
    const armored = (await this.#read(signatureName))?.toString('latin1');
    if (armored === undefined) {
      this.#add('signature-missing', signatureName);
      return undefined;
    }
    if (manifest === undefined) return undefined;
    const key = keyOfSshSignature(armored, manifest, signatureNamespace);
    if (key === undefined) {
      this.#add('signature-wrong', signatureName, `it is no signature over ${tagManifestName}`);
      return undefined;
    }
    const allowed = (await this.#read('allowed_signers'))?.toString('latin1');
    if (allowed === undefined) {
      this.#add('key-missing', 'allowed_signers');
      return key;
    }
    const named = allowed
      .split('\n')
      .some((line) => keyOfOpenSsh(line.slice(line.indexOf('ssh-ed25519')))?.equals(key));
    if (!named) this.#add('signature-wrong', signatureName, 'its key does not stand in allowed_signers');
    return key;
  }

  async judgeRecords(): Promise<void> {
    for (const { file, name } of this.#filesLike(recordPath)) {
      this.records += 1;
      // Without keys nothing can be said of any record; that they are missing is told.
      if (this.#logs.length > 0) await this.#judgeRecord(file, name);
    }
  }

  async #judgeRecord(file: string, name: string): Promise<void> {
    const line = (await this.#read(file)) as Buffer;
    const proof = (await this.#read(`proofs/${name}.sigsum`))?.toString('latin1');
    const hash = /^version=2\nlog=([0-9a-f]{64})\n/.exec(proof ?? '')?.[1];
    // The log that went on is the one that a proof of no log here is measured by.
    const log = this.#logs.find((one) => one.hash === hash) ?? (this.#logs.at(-1) as BagLog);
    const proved = proof === undefined ? 'there is no proof' : verifySigsumProof(proof, line, log.keys);
    if (typeof proved === 'string') return this.#add('record-unproved', file, proved);
    const record = parseRecordLine(line);
    if (record === undefined || String(record.seq) !== name)
      return this.#add('record-invalid', file, 'it is not the record of that number');
    this.#judgeHead(log, proved.head, `proofs/${name}.sigsum`);
    log.add(proved.index, record);
  }

  /** All proofs of a log lead to its checkpoint; two heads of one size with two roots are two histories. */
  #judgeHead({ checkpoint }: BagLog, head: ProvedHead, file: string): void {
    if (checkpoint === undefined) return;
    if (head.size !== BigInt(checkpoint.size))
      this.#add('record-unproved', file, 'it leads to another checkpoint than the one here');
    else if (!head.root.equals(checkpoint.root)) this.#add('log-forked', file, 'the log signed two trees of one size');
  }

  /** Records are numbered on from one log to the next, and each log goes on from the very tree that is here. */
  judgeChain(): void {
    for (const log of this.#logs) {
      for (const { record, index } of log.records()) {
        if (BigInt(record.seq) === log.firstSequence + index) this.#evidence.add(record);
        else this.#add('record-invalid', `data/records/${record.seq}.json`, 'it is not the record of that number');
      }
      const next = this.#logs.find((other) => holdsCheckpoint(other, log) === false);
      if (next !== undefined)
        this.#add('log-forked', `${log.folder}checkpoint`, 'the log after it goes on from another tree');
    }
  }

  async judgeDocuments(): Promise<void> {
    for (const { file, name } of this.#filesLike(documentPath)) {
      const wanted = this.#evidence.documentDigest(name);
      if (wanted === undefined) this.#add('document-unproved', file, 'no proven record names it');
      else if (sha256((await this.#read(file)) as Buffer).toString('hex') !== wanted)
        this.#add('document-altered', file);
    }
  }

  judgeClips(): void {
    for (const { file, name } of this.#filesLike(clipPath)) {
      this.clips += 1;
      const seal = this.#evidence.sealOf(name);
      const digests = this.#bagit.digests.get(file);
      if (seal === undefined) this.#add('clip-unproved', file, 'no proven record seals it');
      else if (digests !== undefined && (digests.get('sha256') !== seal.sha256 || digests.get('sm3') !== seal.sm3)) {
        this.#add('clip-altered', file, 'its digests are not those of the seal record');
      }
    }
    if (this.clips === 0)
      this.#add('clip-unproved', 'data/clips', 'there is no clip here: is this a bag of a station?');
  }

  judgeTrust(trust: TrustedKeys | undefined, exportKey: Buffer | undefined): void {
    if (this.#logs.length === 0) return;
    if (trust === undefined) {
      this.#add('key-untrusted', 'log.vkey', 'no trust file was given: the keys are only those of the bag');
      return;
    }
    const believed = believedLogs(this.#logs, trust);
    for (const log of this.#logs) this.#judgeLogTrust(log, believed, trust);
    this.#judgeExportKey(exportKey, believed, trust);
  }

  #judgeLogTrust(log: BagLog, believed: ReadonlySet<BagLog>, trust: TrustedKeys): void {
    const { folder, keys, checkpoint } = log;
    const isListed = trust.logs.has(keys.logKey.toString('hex'));
    if (!believed.has(log)) {
      const isGivenUp = [...believed].some(({ closing }) => closing?.logKey === keys.logKey.toString('hex'));
      const detail = isGivenUp
        ? 'the key that the trust file has was given up as compromised: get a newer trust file'
        : 'the trust file has another log key';
      this.#add('key-untrusted', `${folder}log.vkey`, detail);
    }
    if ((isListed || !believed.has(log)) && !trust.leaves.has(keys.leafKey.toString('hex')))
      this.#add('key-untrusted', `${folder}leaf.pub`, 'the trust file has another leaf key');
    if (checkpoint === undefined) return;
    this.findings.push(...forkOf(checkpoint, `${folder}checkpoint`, trust));
    // Its last record stands in this tree, so the log was never larger.
    const isLarger = trust.checkpoints.some(
      ({ origin, size }) => origin === checkpoint.origin && size > checkpoint.size,
    );
    if (log.closing !== undefined && isLarger)
      this.#add('log-forked', `${folder}checkpoint`, 'the log ends here, and the trust file has a larger tree of it');
  }

  /** A believed log may name the key itself: then a trust file from before the first export is enough. */
  #judgeExportKey(exportKey: Buffer | undefined, believed: ReadonlySet<BagLog>, trust: TrustedKeys): void {
    if (exportKey === undefined) return;
    const signer = exportKey.toString('hex');
    const named = new RecordEvidence();
    for (const log of believed) for (const { record } of log.records()) named.add(record);
    if (trust.withdrawnExports.has(signer) || named.withdrawsExportKey(signer))
      this.#add('key-untrusted', 'allowed_signers', 'the export key was withdrawn as compromised');
    else if (!trust.exports.has(signer) && !named.namesExportKey(signer))
      this.#add('key-untrusted', 'allowed_signers', 'neither the trust file nor a proven record has the export key');
  }
}
