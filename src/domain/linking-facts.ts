/**
 * What records and documents about links say, and the reasons in which a machine states why a clip may belong to a
 * case or an officer. A reason is a code with at most one figure and one word, so that it can be told in any language
 * later; it never names a person, because the document of a case outlives that person's deletion.
 */

export type LinkTarget = 'case' | 'officer';

/** Why a clip is tied: a person said so, a person took what was proposed, or by which evidence the station did. */
export type LinkBasis = 'by-hand' | 'confirmed' | 'automatic' | 'assignment' | 'check-out' | 'claim' | 'name';

/** Bases that are a person's word: no machine ever overwrites them. */
export const isPersonsWord = (basis: string): boolean => basis === 'by-hand' || basis === 'confirmed';

export type LinkReasonCode =
  /** `word`: `exact`, or `similar` where only brackets, signs or 第…号 differ. */
  | 'number-in-name'
  /** `word`: the basis by which the officer of the clip is known. */
  | 'same-officer'
  /** `figure`: how many officers may have recorded it. */
  | 'possible-officer'
  | 'same-unit'
  /** `word`: the act. */
  | 'during-act'
  /** `figure`: how far inside, milliseconds, from the nearer end of the case's time. */
  | 'within-time'
  /** `figure`: percent of the recording. */
  | 'overlaps-time'
  /** A case of several days or without an end. `figure`: milliseconds since it began. */
  | 'in-long-case'
  /** `figure`: milliseconds between recording and case. */
  | 'near-in-time'
  /** `figure`: metres. */
  | 'near-in-place'
  | 'plate-in-name'
  /** `figure`: milliseconds between them; `word`: `person` or `station`, who had linked it. */
  | 'neighbour-linked'
  /** Another officer of the case recorded at the same time. */
  | 'companion-recorded'
  /** What another officer recorded at the same time is linked to it. */
  | 'companion-linked'
  | LinkDoubtCode;

/** What speaks against it, or makes it unsure. */
export type LinkDoubtCode =
  | 'other-number-in-name'
  | 'other-officer'
  /** Name and assignment disagree about who recorded. */
  | 'officer-unsure'
  /** `figure`: milliseconds between recording and case. */
  | 'outside-time'
  /** `figure`: metres. */
  | 'far-in-place'
  /** Nobody measured the recorder's clock closely: `figure`: milliseconds that it may be off; absent: not limited. */
  | 'clock-unmeasured'
  | 'time-unknown';

const doubts: ReadonlySet<string> = new Set<LinkDoubtCode>([
  'other-number-in-name',
  'other-officer',
  'officer-unsure',
  'outside-time',
  'far-in-place',
  'clock-unmeasured',
  'time-unknown',
]);
export const isDoubt = ({ code }: LinkReason): boolean => doubts.has(code);

export interface LinkReason {
  readonly code: LinkReasonCode;
  readonly figure?: number;
  readonly word?: string;
  /** Of an act: its titles by the list of acts, added for reading. */
  readonly names?: { readonly 'zh-CN': string; readonly en: string };
}

/** Body of `clip-linked`. */
export interface ClipLinkedBody {
  readonly clip: string;
  readonly target: LinkTarget;
  readonly basis: LinkBasis;
  /** Where the station proposed or decided it. */
  readonly score?: number;
  readonly reasons?: readonly LinkReasonCode[];
}

/** Document of `clip-linked`, `clip-unlinked` and `link-rejected`. */
export interface LinkDocument {
  /** Certificate number, or the key of a case. */
  readonly number: string;
  /** What a person said; empty where the station decided. */
  readonly reason: string;
  readonly reasons?: readonly LinkReason[];
}

/** Body of `clip-unlinked` (it was linked, wrongly) and `link-rejected` (it was proposed, wrongly). */
export interface ClipUnlinkedBody {
  readonly clip: string;
  readonly target: LinkTarget;
}

/** Body of `link-settled`: a person says that the clip belongs to no case; its document has the reason only. */
export interface LinkSettledBody {
  readonly clip: string;
  readonly target: LinkTarget;
}

/** Body of `links-decided`: every clip that was probed, and every fact that was known, before a sequence was looked at. */
export interface LinksDecidedBody {
  readonly throughSeq: number;
  readonly clips: number;
  readonly linkedCases: number;
  readonly linkedOfficers: number;
  readonly outdated: number;
}

/** `〔2026〕`, `（2026）`, `[2026]` and `(2026)`, and full-width digits, are one way of writing. */
export function foldCaseNumber(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[〔【［[]/gu, '(')
    .replaceAll(/[〕】］\]]/gu, ')')
    .replaceAll(/\s+/gu, '')
    .toLowerCase();
}

/** What is left of a number when signs that names drop or change do not count: letters, characters and digits. */
export function looseCaseNumber(text: string): string {
  return foldCaseNumber(text).replaceAll(/[^\p{L}\p{N}]+|第|号/gu, '');
}

/** A number plate as compared: `晋A·12345` and `晋a 12345` are one. */
export const foldPlate = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '')
    .toUpperCase();

const plate =
  /[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·. -]?[A-HJ-NP-Z0-9]{4,6}[挂学警港澳A-HJ-NP-Z0-9]/giu;

/** Plates that a path names, folded, each once. */
export function platesIn(path: string): string[] {
  const found = path.normalize('NFKC').match(plate) ?? [];
  return [...new Set(found.map(foldPlate))];
}
