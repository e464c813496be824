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
  const keys = await bag.readKeys();
  const exportKey = await bag.judgeSignature();
  if (keys !== undefined) {
    await bag.judgeCheckpoint(keys);
    await bag.judgeRecords(keys);
  }
  await bag.judgeDocuments();
  bag.judgeClips();
  bag.judgeTrust(trust, keys, exportKey);
  return { findings: [...bagit.findings, ...bag.findings], clips: bag.clips, records: bag.records };
}

const clipPath = /^data\/clips\/([^/]+?)(?:\.[A-Za-z0-9]{1,16})?$/;
const recordPath = /^data\/records\/(\d+)\.json$/;
const documentPath = /^data\/documents\/([^/]+)\.json$/;

class BagVerification {
  readonly findings: VerificationFinding[] = [];
  readonly #folder: string;
  readonly #bagit: BagitVerdict;
  readonly #evidence = new RecordEvidence();
  #checkpoint: Checkpoint | undefined;
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

  async readKeys(): Promise<LogKeys | undefined> {
    const log = parseVerifierKey((await this.#read('log.vkey'))?.toString('latin1') ?? '');
    const leafKey = keyOfOpenSsh((await this.#read('leaf.pub'))?.toString('latin1') ?? '');
    if (log === undefined || log.name !== originOf(log.rawKey)) this.#add('key-missing', 'log.vkey');
    if (leafKey === undefined) this.#add('key-missing', 'leaf.pub');
    return log === undefined || leafKey === undefined ? undefined : { logKey: log.rawKey, leafKey };
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

  async judgeCheckpoint({ logKey }: LogKeys): Promise<void> {
    const note = (await this.#read('checkpoint'))?.toString('utf8');
    if (note === undefined) return this.#add('checkpoint-missing', 'checkpoint');
    const checkpoint = openCheckpoint(note, originOf(logKey), logKey);
    if (typeof checkpoint === 'string') this.#add('checkpoint-wrong', 'checkpoint', checkpoint);
    else this.#checkpoint = checkpoint;
  }

  async judgeRecords(keys: LogKeys): Promise<void> {
    for (const { file, name } of this.#filesLike(recordPath)) {
      this.records += 1;
      const line = (await this.#read(file)) as Buffer;
      const proof = (await this.#read(`proofs/${name}.sigsum`))?.toString('latin1');
      const proved = proof === undefined ? 'there is no proof' : verifySigsumProof(proof, line, keys);
      if (typeof proved === 'string') {
        this.#add('record-unproved', file, proved);
        continue;
      }
      const record = parseRecordLine(line);
      if (record === undefined || String(record.seq) !== name || BigInt(record.seq) !== proved.index) {
        this.#add('record-invalid', file, 'it is not the record of that number');
        continue;
      }
      this.#judgeHead(proved.head, `proofs/${name}.sigsum`);
      this.#evidence.add(record);
    }
  }

  /** All proofs of a bag lead to its checkpoint; two heads of one size with two roots are two histories. */
  #judgeHead(head: ProvedHead, file: string): void {
    const checkpoint = this.#checkpoint;
    if (checkpoint === undefined) return;
    if (head.size !== BigInt(checkpoint.size))
      this.#add('record-unproved', file, 'it leads to another checkpoint than the one here');
    else if (!head.root.equals(checkpoint.root)) this.#add('log-forked', file, 'the log signed two trees of one size');
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

  judgeTrust(trust: TrustedKeys | undefined, keys: LogKeys | undefined, exportKey: Buffer | undefined): void {
    if (keys === undefined) return;
    if (trust === undefined) {
      this.#add('key-untrusted', 'log.vkey', 'no trust file was given: the keys are only those of the bag');
      return;
    }
    const isLogTrusted = trust.logs.has(keys.logKey.toString('hex'));
    if (!isLogTrusted) this.#add('key-untrusted', 'log.vkey', 'the trust file has another log key');
    if (!trust.leaves.has(keys.leafKey.toString('hex'))) {
      this.#add('key-untrusted', 'leaf.pub', 'the trust file has another leaf key');
    }
    // A trusted log may name the key itself: then a trust file from before the first export is enough.
    const signer = exportKey?.toString('hex') ?? '';
    const isNamed = isLogTrusted && this.#evidence.namesExportKey(signer);
    if (exportKey !== undefined && !trust.exports.has(signer) && !isNamed) {
      this.#add('key-untrusted', 'allowed_signers', 'neither the trust file nor a proven record has the export key');
    }
    if (this.#checkpoint !== undefined) this.findings.push(...forkOf(this.#checkpoint, 'checkpoint', trust));
  }
}
