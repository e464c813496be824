/**
 * Decisions about an export: what it may be for, whether it needs a second person, and which documents of the ledger
 * go along. The least that proves the clip: other people's footage and other exports' names stay behind.
 */
import { isSamePerson } from './person-names.ts';

export const exportPurposes = [
  'review',
  'litigation',
  'transfer',
  'supervision',
  'discipline',
  'file-review',
  'other',
] as const;
export type ExportPurpose = (typeof exportPurposes)[number];

/** As the rules call them; a purpose may be given in either language. */
export const purposeWords: { readonly [P in ExportPurpose]: string } = {
  review: '复议',
  litigation: '诉讼',
  transfer: '移送',
  supervision: '监督',
  discipline: '纪检',
  'file-review': '案卷评查',
  other: '其他',
};

/** Anything that is none of the known purposes is `other`; the text itself is kept in any case. */
export function purposeOf(text: string): ExportPurpose {
  const wanted = text.trim().toLowerCase();
  return exportPurposes.find((purpose) => purpose === wanted || purposeWords[purpose] === wanted) ?? 'other';
}

export interface ApprovalQuestion {
  readonly applicant: string;
  readonly approvedBy: string | undefined;
  /** From the configuration: whether a second person must approve. */
  readonly isApproverRequired: boolean;
}

export type ApprovalAnswer = 'approved' | 'approver-missing' | 'approver-is-applicant';

/** A second person by default: the applicant's own approval is none. */
export function judgeApproval({ applicant, approvedBy, isApproverRequired }: ApprovalQuestion): ApprovalAnswer {
  if (!isApproverRequired) return 'approved';
  if (approvedBy === undefined) return 'approver-missing';
  return isSamePerson(applicant, approvedBy) ? 'approver-is-applicant' : 'approved';
}

export interface DisclosureQuestion {
  readonly type: string;
  readonly subject: string | undefined;
  /** Clips of this export, and its own id. */
  readonly clips: ReadonlySet<string>;
  readonly exportId: string;
}

/** Records about the clip itself whose documents say only what they say of it. */
const ofTheClip = new Set([
  'clip-sealed',
  'clip-probed',
  'clip-linked',
  'clip-unlinked',
  'clip-claimed',
  'clip-cleared',
  'finding-raised',
]);

/**
 * Whether a record's documents go into the bag. An inventory names everything that was on the recorder, so only its
 * record goes along: the salted digest proves the document whenever a court asks for it. Types that nobody has
 * thought of here stay behind.
 */
export function isDisclosed({ type, subject, clips, exportId }: DisclosureQuestion): boolean {
  if (subject === undefined) return false;
  if (clips.has(subject)) return ofTheClip.has(type);
  return subject === exportId || type === 'docking-started';
}
