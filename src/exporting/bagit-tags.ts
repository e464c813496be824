/**
 * Reading the tag files of a bag (RFC 8493, 2): declaration, manifests, fetch list and bag-info. Each reader gives what
 * it understood and what is wrong with the rest; none of them believes a path before it was looked at.
 */
import type { VerificationCode, VerificationFinding } from '../domain/verification.ts';
import { keyOfPath, type PathKey } from './bag-tree.ts';

export interface BagDeclaration {
  /** `1.0`, or a version before the RFC. */
  readonly version: string;
  readonly encoding: string;
}

/** Forms of the drafts before the RFC; their bags are still about. */
const earlierVersions = new Set(['0.93', '0.94', '0.95', '0.96', '0.97']);

export class TagFindings {
  readonly list: VerificationFinding[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  add(code: VerificationCode, detail: string): void {
    this.list.push({ code, file: this.#file, detail });
  }
}

/** Lines may end in LF, CR or CRLF; the last may have no end (RFC 8493, 2.2). */
const linesOf = (text: string): string[] => text.replace(/(\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/);

/** `bagit.txt`: two lines, exactly so spelled, UTF-8 without a byte order mark (2.1.1). */
export function readDeclaration(bytes: Uint8Array, findings: TagFindings): BagDeclaration | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  const match = /^BagIt-Version: (\d+\.\d+)(?:\r\n|\r|\n)Tag-File-Character-Encoding: (\S+)(?:\r\n|\r|\n)?$/.exec(text);
  if (!match) {
    findings.add('bag-declaration-invalid', 'it is not the two lines that RFC 8493 prescribes');
    return undefined;
  }
  const [, version = '', encoding = ''] = match;
  if (version !== '1.0' && !earlierVersions.has(version)) findings.add('bag-version-unknown', `version ${version}`);
  return { version, encoding };
}

/** The text of a tag file in the bag's encoding. A byte order mark before UTF-8 is passed over, with a note. */
export function decodeTagFile(bytes: Uint8Array, encoding: string, findings: TagFindings): string | undefined {
  let text: string;
  try {
    // "UTF-16" leaves the order of bytes to the mark before the text; a decoder takes it for little-endian.
    const isBigEndian = /^utf-?16$/i.test(encoding) && bytes[0] === 0xfe && bytes[1] === 0xff;
    text = new TextDecoder(isBigEndian ? 'utf-16be' : encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const isUnknown = error instanceof RangeError;
    findings.add(
      isUnknown ? 'bag-encoding-unknown' : 'manifest-invalid',
      isUnknown ? `encoding ${encoding}` : `it is not ${encoding}`,
    );
    return undefined;
  }
  if (!text.startsWith('\ufeff')) return text;
  if (/^utf-?8$/i.test(encoding)) findings.add('spelling-accepted', 'a byte order mark stands before the first line');
  return text.slice(1);
}

export interface ManifestEntry {
  readonly key: PathKey;
  readonly path: string;
  readonly digest: string;
}

export interface ManifestForm {
  readonly version: string;
  /** Payload manifests list what lies in `data/`, tag manifests what does not. */
  readonly lists: 'payload' | 'tags';
  /** Hex digits of a digest, undefined where the algorithm is not known. */
  readonly digestLength: number | undefined;
}

export function readManifest(text: string, form: ManifestForm, findings: TagFindings): ManifestEntry[] {
  const entries = new Map<PathKey, ManifestEntry>();
  if (text === '') return [];
  for (const [at, line] of linesOf(text).entries()) {
    const match = /^([0-9A-Fa-f]+)[ \t]+(\*?)(.+)$/su.exec(line);
    if (!match || (form.digestLength !== undefined && match[1]?.length !== form.digestLength)) {
      findings.add('manifest-invalid', `line ${at + 1} is no digest and path`);
      continue;
    }
    const [, digest = '', marker, written = ''] = match;
    if (marker === '*') findings.add('spelling-accepted', `line ${at + 1} has the marker of binary mode`);
    const path = takePath(written, form, (detail) => findings.add('spelling-accepted', `line ${at + 1} ${detail}`));
    if (path === undefined) {
      findings.add('manifest-path-unsafe', `line ${at + 1}: ${written.slice(0, 200)}`);
      continue;
    }
    const entry = { key: keyOfPath(path), path, digest: digest.toLowerCase() };
    const before = entries.get(entry.key);
    if (before === undefined) entries.set(entry.key, entry);
    else addDuplicate({ form, same: before.digest === entry.digest, path }, findings);
  }
  return [...entries.values()];
}

/** The RFC wants each path exactly once; the drafts before it did not say so. */
function addDuplicate(
  twice: { readonly form: ManifestForm; readonly same: boolean; readonly path: string },
  findings: TagFindings,
): void {
  const code = twice.form.version !== '1.0' && twice.same ? 'spelling-accepted' : 'manifest-duplicate';
  findings.add(code, `${twice.path.slice(0, 200)} is listed twice`);
}

/** Undefined for a path that leads out of what the manifest may list. */
function takePath(written: string, form: ManifestForm, note: (detail: string) => void): string | undefined {
  let path = written;
  if (path.startsWith('./')) {
    note('begins with ./');
    path = path.slice(2);
  }
  // Only these three, and only since the RFC: `%7E` is a name with a percent sign in it.
  if (form.version === '1.0')
    path = path.replaceAll(/%(0A|0D|25)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  if (path.startsWith('/') || path.startsWith('~') || path.includes('\0')) return undefined;
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) return undefined;
  return path.startsWith('data/') === (form.lists === 'payload') ? path : undefined;
}

/** `fetch.txt`: URL, length or `-`, path below `data/` (2.2.3). URLs are never followed. */
export function readFetchList(text: string, version: string, findings: TagFindings): PathKey[] {
  const keys: PathKey[] = [];
  for (const [at, line] of (text === '' ? [] : linesOf(text)).entries()) {
    const match = /^\S+[ \t]+(?:\d+|-)[ \t]+(.+)$/su.exec(line);
    const path =
      match && takePath(match[1] ?? '', { version, lists: 'payload', digestLength: undefined }, () => undefined);
    if (path) keys.push(keyOfPath(path));
    else findings.add('fetch-invalid', `line ${at + 1}: ${line.slice(0, 200)}`);
  }
  return keys;
}

export interface PayloadOxum {
  readonly bytes: bigint;
  readonly files: bigint;
}

/** `bag-info.txt`: what it says of the payload's size, where it says so (2.2.2). */
export function readPayloadOxum(text: string, findings: TagFindings): PayloadOxum | undefined {
  const values = labelledValues(text, findings)
    .filter(({ label }) => label.toLowerCase() === 'payload-oxum')
    .map(({ value }) => value);
  const [first] = values;
  if (first === undefined) return undefined;
  const match = /^(\d+)\.(\d+)$/.exec(first);
  if (values.length === 1 && match) return { bytes: BigInt(match[1] ?? 0), files: BigInt(match[2] ?? 0) };
  findings.add('bag-info-invalid', values.length > 1 ? 'Payload-Oxum stands twice' : 'Payload-Oxum is no count');
  return undefined;
}

function labelledValues(text: string, findings: TagFindings): { label: string; value: string }[] {
  const found: { label: string; value: string }[] = [];
  for (const [at, line] of (text === '' ? [] : linesOf(text)).entries()) {
    // A line that begins with a blank goes on with the value before it.
    if (/^[ \t]/.test(line) || line === '') continue;
    const match = /^([^:]+?)[ \t]*:(.*)$/.exec(line);
    if (match) found.push({ label: match[1] ?? '', value: (match[2] ?? '').trim() });
    else findings.add('bag-info-invalid', `line ${at + 1} is no label and value`);
  }
  return found;
}
