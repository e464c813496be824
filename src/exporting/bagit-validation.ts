/**
 * Judges a folder by RFC 8493 alone, whoever made it: declaration, manifests, completeness, every digest. It collects
 * everything that is wrong, follows no link and no URL, and knows nothing of ledgers or keys.
 */
import { getHashes, hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readablePath } from '../domain/readable-path.ts';
import type { VerificationCode, VerificationFinding } from '../domain/verification.ts';
import { type BagTree, bytesOfKey, listBagTree, type PathKey, pathOnDisk } from './bag-tree.ts';
import {
  type BagDeclaration,
  decodeTagFile,
  type ManifestEntry,
  readDeclaration,
  readFetchList,
  readManifest,
  readPayloadOxum,
  TagFindings,
} from './bagit-tags.ts';
import { digestsOfFile } from './stream-digests.ts';

/** A longer tag file is not read: no bag of a sane size has one. */
const tagFileBytesMax = 256 * 1024 * 1024;

export interface BagitVerdict {
  readonly findings: readonly VerificationFinding[];
  readonly tree: BagTree;
  /** Digests of files that were read, by path and algorithm. */
  readonly digests: ReadonlyMap<PathKey, ReadonlyMap<string, string>>;
  /** What tag manifests list. */
  readonly listedTags: ReadonlySet<PathKey>;
}

export interface ValidationControl {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((bytes: number, ofBytes: number) => void) | undefined;
  /** Read along with those that manifests ask for. */
  readonly moreAlgorithms?: readonly string[];
}

interface Manifest {
  readonly file: string;
  readonly algorithm: string;
  readonly lists: 'payload' | 'tags';
  readonly entries: readonly ManifestEntry[];
}

/** @throws the kernel's error when the folder cannot be read; AbortError */
export async function validateBag(folder: string, control: ValidationControl = {}): Promise<BagitVerdict> {
  return new BagValidation(folder, await listBagTree(folder), control).run();
}

const isPayload = (key: PathKey): boolean => key.startsWith('data/');
const isKnown = (algorithm: string): boolean => getHashes().includes(algorithm);
export const shownPath = (key: PathKey): string => readablePath(bytesOfKey(key));

class BagValidation {
  readonly #folder: string;
  readonly #tree: BagTree;
  readonly #control: ValidationControl;
  readonly #findings: VerificationFinding[] = [];
  readonly #digests = new Map<PathKey, ReadonlyMap<string, string>>();
  /** Files on disk by their name in NFC, for names that a file system or an archive has normalised on the way. */
  #byNfc: Map<string, PathKey[]> | undefined;

  constructor(folder: string, tree: BagTree, control: ValidationControl) {
    this.#folder = folder;
    this.#tree = tree;
    this.#control = control;
  }

  async run(): Promise<BagitVerdict> {
    for (const key of this.#tree.odd) this.#add('file-not-plain', key, 'it is a link or a special file');
    if (!this.#tree.folders.has('data')) this.#add('payload-folder-missing', 'data');
    const declaration = await this.#declaration();
    const manifests = await this.#manifests(declaration);
    const fetched = await this.#fetchList(declaration);
    this.#judgeManifests(manifests, declaration.version);
    this.#judgePayload(manifests);
    await this.#judgeFiles(manifests, fetched);
    await this.#judgeOxum(declaration);
    const listedTags = manifests
      .filter(({ lists }) => lists === 'tags')
      .flatMap(({ entries }) => entries.map(({ key }) => key));
    return { findings: this.#findings, tree: this.#tree, digests: this.#digests, listedTags: new Set(listedTags) };
  }

  #add(code: VerificationCode, key: PathKey, detail?: string): void {
    this.#findings.push({ code, file: shownPath(key), ...(detail === undefined ? {} : { detail }) });
  }

  async #tagFile(key: PathKey): Promise<Buffer | undefined> {
    const bytes = this.#tree.files.get(key);
    if (bytes === undefined) return undefined;
    if (bytes > tagFileBytesMax) {
      this.#add('manifest-invalid', key, `it is longer than ${tagFileBytesMax} bytes`);
      return undefined;
    }
    return readFile(pathOnDisk(this.#folder, key));
  }

  /** Where the declaration is no good the rest is judged as the RFC would have it. */
  async #declaration(): Promise<BagDeclaration> {
    const asRfc = { version: '1.0', encoding: 'UTF-8' };
    const bytes = await this.#tagFile('bagit.txt');
    if (bytes === undefined) {
      this.#add('bag-declaration-missing', 'bagit.txt');
      return asRfc;
    }
    const findings = new TagFindings('bagit.txt');
    const declaration = readDeclaration(bytes, findings);
    this.#findings.push(...findings.list);
    return declaration ?? asRfc;
  }

  /** Hands the text of a tag file to a reader, and takes its findings over. */
  async #readTags<T>(
    key: PathKey,
    encoding: string,
    read: (text: string, findings: TagFindings) => T,
  ): Promise<T | undefined> {
    const bytes = await this.#tagFile(key);
    if (bytes === undefined) return undefined;
    const findings = new TagFindings(shownPath(key));
    const text = decodeTagFile(bytes, encoding, findings);
    const result = text === undefined ? undefined : read(text, findings);
    this.#findings.push(...findings.list);
    return result;
  }

  async #manifests({ version, encoding }: BagDeclaration): Promise<Manifest[]> {
    const manifests: Manifest[] = [];
    for (const key of [...this.#tree.files.keys()].sort()) {
      const match = /^(tag)?manifest-([A-Za-z0-9]+)\.txt$/.exec(key);
      if (!match) continue;
      const algorithm = (match[2] ?? '').toLowerCase();
      const lists = match[1] === undefined ? 'payload' : 'tags';
      const digestLength = isKnown(algorithm) ? hash(algorithm, '', 'hex').length : undefined;
      const entries = await this.#readTags(key, encoding, (text, findings) =>
        readManifest(text, { version, lists, digestLength }, findings),
      );
      manifests.push({
        file: key,
        algorithm,
        lists,
        entries: (entries ?? []).map((entry) => this.#onDisk(entry, key)),
      });
    }
    return manifests;
  }

  /** The entry with the name that the file has here, where that is the same text in another normal form. */
  #onDisk(entry: ManifestEntry, manifest: PathKey): ManifestEntry {
    if (this.#tree.files.has(entry.key)) return entry;
    this.#byNfc ??= Map.groupBy(this.#tree.files.keys(), (key) =>
      bytesOfKey(key).toString('utf8').normalize('NFC'),
    ) as Map<string, PathKey[]>;
    const found = this.#byNfc.get(entry.path.normalize('NFC')) ?? [];
    if (found.length !== 1 || found[0] === undefined) return entry;
    this.#add('name-normalised', manifest, `${entry.path} is written in another Unicode normal form`);
    return { ...entry, key: found[0] };
  }

  async #fetchList({ version, encoding }: BagDeclaration): Promise<ReadonlySet<PathKey>> {
    const keys = await this.#readTags('fetch.txt', encoding, (text, findings) =>
      readFetchList(text, version, findings),
    );
    return new Set(keys);
  }

  #judgeManifests(manifests: readonly Manifest[], version: string): void {
    const payload = manifests.filter(({ lists }) => lists === 'payload');
    if (payload.length === 0) this.#add('manifest-missing', 'manifest-sha256.txt', 'the bag has no payload manifest');
    const known = payload.filter(({ algorithm }) => isKnown(algorithm));
    if (payload.length > 0 && known.length === 0) {
      this.#add(
        'manifest-unreadable',
        payload[0]?.file ?? '',
        'no payload manifest has an algorithm that is known here',
      );
    }
    for (const { file, algorithm } of manifests)
      if (!isKnown(algorithm)) this.#add('algorithm-skipped', file, algorithm);
    // Since the RFC each payload manifest lists all of the payload.
    if (version !== '1.0') return;
    const all = new Set(payload.flatMap(({ entries }) => entries.map(({ key }) => key)));
    for (const { file, entries } of payload) {
      const own = new Set(entries.map(({ key }) => key));
      for (const key of all)
        if (!own.has(key)) this.#add('manifest-incomplete', file, `it does not list ${shownPath(key)}`);
    }
  }

  #judgePayload(manifests: readonly Manifest[]): void {
    // Without any manifest nothing is added: the manifest is what is missing.
    if (!manifests.some(({ lists }) => lists === 'payload')) return;
    const listed = new Set(
      manifests.filter(({ lists }) => lists === 'payload').flatMap(({ entries }) => entries.map(({ key }) => key)),
    );
    for (const key of this.#tree.files.keys()) {
      if (isPayload(key) && !listed.has(key)) this.#add('file-added', key, 'no payload manifest lists it');
    }
  }

  /** Reads each listed file once, for all manifests that list it. */
  async #judgeFiles(manifests: readonly Manifest[], fetched: ReadonlySet<PathKey>): Promise<void> {
    const wanted = claimsByFile(manifests);
    for (const key of fetched) {
      if (!wanted.has(key)) this.#add('fetch-invalid', 'fetch.txt', `no manifest lists ${shownPath(key)}`);
    }
    const progress = { done: 0, total: 0 };
    for (const key of wanted.keys()) progress.total += this.#tree.files.get(key) ?? 0;
    for (const [key, claims] of wanted) {
      if (this.#tree.files.has(key)) await this.#judgeFile(key, claims, progress);
      // A link in its place is told already.
      else if (!this.#tree.odd.includes(key)) this.#add(fetched.has(key) ? 'fetch-pending' : 'file-missing', key);
    }
  }

  async #judgeFile(
    key: PathKey,
    claims: readonly Claim[],
    progress: { done: number; readonly total: number },
  ): Promise<void> {
    const { signal, onProgress, moreAlgorithms = [] } = this.#control;
    const known = claims.filter(({ algorithm }) => isKnown(algorithm));
    const algorithms = new Set(known.map(({ algorithm }) => algorithm));
    if (isPayload(key)) for (const algorithm of moreAlgorithms) algorithms.add(algorithm);
    const { digests } = await digestsOfFile(pathOnDisk(this.#folder, key), [...algorithms], {
      signal,
      onBytes: (bytes) => {
        progress.done += bytes;
        onProgress?.(progress.done, progress.total);
      },
    });
    this.#digests.set(key, digests);
    const wrong = known.filter(({ algorithm, digest }) => digests.get(algorithm) !== digest);
    if (wrong.length === 0) return;
    this.#add('file-altered', key, `not what ${wrong.map(({ manifest }) => manifest).join(', ')} says`);
  }

  async #judgeOxum({ encoding }: BagDeclaration): Promise<void> {
    const oxum = await this.#readTags('bag-info.txt', encoding, readPayloadOxum);
    if (oxum === undefined) return;
    const sizes = [...this.#tree.files].filter(([key]) => isPayload(key)).map(([, bytes]) => bytes);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (oxum.bytes === BigInt(bytes) && oxum.files === BigInt(sizes.length)) return;
    // Files told as missing explain it: nothing is altered for all that is known.
    const gone = this.#findings.filter(({ code }) => code === 'file-missing' || code === 'fetch-pending');
    const payloadGone = gone.filter(({ file }) => isPayload(file as PathKey)).length;
    if (payloadGone > 0 && oxum.bytes >= BigInt(bytes) && oxum.files === BigInt(sizes.length + payloadGone)) return;
    this.#add(
      'payload-oxum-differs',
      'bag-info.txt',
      `the payload is ${bytes}.${sizes.length}, it says ${oxum.bytes}.${oxum.files}`,
    );
  }
}

/** What a manifest says of a file. */
interface Claim {
  readonly algorithm: string;
  readonly digest: string;
  readonly manifest: string;
}

function claimsByFile(manifests: readonly Manifest[]): Map<PathKey, Claim[]> {
  const claims = new Map<PathKey, Claim[]>();
  for (const { algorithm, entries, file } of manifests) {
    for (const { key, digest } of entries) {
      claims.set(key, [...(claims.get(key) ?? []), { algorithm, digest, manifest: file }]);
    }
  }
  return claims;
}
