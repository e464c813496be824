/**
 * What a lawful deletion covers and whether it may be approved. Which documents speak of a clip or a person is decided
 * here, from the type of their record and what they say; nothing else of the ledger is ever overwritten. Whoever acted for
 * the station (reviewed, asked, placed, approved) is named by that act of office, which goes with what it is about and
 * not with its author: a typed name does not tell a person from a namesake.
 */
import type { ActReviewDocument } from './case-facts.ts';
import type { DrawingCaseDocument } from './drawing-facts.ts';
import { isSamePerson } from './person-names.ts';
import type { RecordEnvelope, ReplayedDocument } from './records.ts';
import type { HoldDocument, HoldReleasedBody } from './retention-facts.ts';
import { type MissingDocument, type SubjectKind, subjectChanges, type VersionDocument } from './subject-kinds.ts';

export interface DeletionConsent {
  readonly rule: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/** What is wrong with who asks and who approves; undefined when nothing is. */
export function consentTrouble({ rule, reason, requestedBy, approvedBy }: DeletionConsent): string | undefined {
  for (const [option, text] of Object.entries({
    rule,
    reason,
    'requested-by': requestedBy,
    'approved-by': approvedBy,
  })) {
    if (text.trim() === '' || text.length > 500) return `--${option}: 1 to 500 characters`;
  }
  if (isSamePerson(requestedBy, approvedBy)) return 'whoever asks for a deletion cannot approve it';
  return undefined;
}

/** A subject of imports, by kind and key. */
export interface SubjectKey {
  readonly kind: SubjectKind;
  readonly key: string;
}

const textOf = ({ kind, key }: SubjectKey): string => `${kind}\n${key}`;

export class SubjectKeys {
  readonly #keys = new Map<string, SubjectKey>();

  add(key: SubjectKey): void {
    this.#keys.set(textOf(key), key);
  }

  has(key: SubjectKey): boolean {
    return this.#keys.has(textOf(key));
  }

  values(): SubjectKey[] {
    return [...this.#keys.values()];
  }
}

/**
 * The clip that a record's documents speak of. The certificate of a clearing stays: it is the proof of what was deleted
 * on the recorder.
 */
export function clipOfDocuments(record: RecordEnvelope): string | undefined {
  if (record.type === 'clip-cleared' || record.documents === undefined) return undefined;
  const { clip } = record.body;
  return typeof clip === 'string' ? clip : undefined;
}

/** What an import's document is about, when it is about this person: the roster line, assignments, cases if asked. */
export function subjectOfPerson(
  document: VersionDocument,
  { key, withCases }: { readonly key: string; readonly withCases: boolean },
): SubjectKey | undefined {
  const own: SubjectKey = { kind: document.kind, key: document.key };
  const facts = document.facts as { readonly certificateNo?: string; readonly officers?: readonly string[] };
  if (document.kind === 'officers' || document.kind === 'assignments')
    return facts.certificateNo === key ? own : undefined;
  return withCases && document.kind === 'cases' && facts.officers?.includes(key) ? own : undefined;
}

/** Records whose documents each name one officer by `certificateNo`. */
const namesOfficer = new Set(['recorder-checked-out', 'checkout-withdrawn', 'clip-claimed']);

/** Records of drawings whose documents each speak of one case; a list's keys and a draw name none. */
const namesDrawnCase = new Set(['drawing-list-part', 'case-followed-up']);

/** Records whose document names the officer or case that a clip is, or is not, tied to. */
const namesLinked = new Set(['clip-linked', 'clip-unlinked', 'link-rejected']);

/**
 * The subjects of which any's deletion takes this document along: a hold may name an officer, a case and a complaint.
 */
export function subjectsOfDocument(record: RecordEnvelope, document: ReplayedDocument): readonly SubjectKey[] {
  if (record.type === 'hold-placed' && 'body' in document) {
    const { officer, caseNumber, complaint } = document.body as unknown as HoldDocument;
    return [
      ...(officer === null ? [] : [{ kind: 'officers', key: officer } as const]),
      ...(caseNumber === null ? [] : [{ kind: 'cases', key: caseNumber } as const]),
      ...(complaint === null ? [] : [{ kind: 'complaints', key: complaint } as const]),
    ];
  }
  const subject = subjectOfDocument(record, document);
  return subject === undefined ? [] : [subject];
}

/** The hold of which a record says that it was placed or released; its documents go together. */
export function holdOf({ type, body }: RecordEnvelope): string | undefined {
  return type === 'hold-placed' || type === 'hold-released' ? (body as unknown as HoldReleasedBody).hold : undefined;
}

function subjectOfDocument(record: RecordEnvelope, document: ReplayedDocument): SubjectKey | undefined {
  if (!('body' in document)) return undefined;
  if (record.type === 'import-part' || subjectChanges.some((type) => type === record.type)) {
    const { kind, key } = document.body as unknown as VersionDocument;
    return kind === undefined || key === undefined ? undefined : { kind, key };
  }
  if (namesOfficer.has(record.type)) {
    return { kind: 'officers', key: (document.body as { readonly certificateNo: string }).certificateNo };
  }
  if (record.type === 'act-reviewed') {
    const { case: key } = document.body as unknown as ActReviewDocument;
    return key === null ? undefined : { kind: 'cases', key };
  }
  if (namesDrawnCase.has(record.type)) {
    return { kind: 'cases', key: (document.body as unknown as DrawingCaseDocument).case };
  }
  if (!namesLinked.has(record.type)) return undefined;
  const kind = record.body.target === 'officer' ? 'officers' : 'cases';
  return { kind, key: (document.body as { readonly number: string }).number };
}

/** The keys of a list of missing subjects that stay when some are forgotten; undefined when it names none of them. */
export function missingWithout(
  document: MissingDocument,
  kind: SubjectKind,
  forgotten: SubjectKeys,
): readonly string[] | undefined {
  const kept = document.keys.filter((key) => !forgotten.has({ kind, key }));
  return kept.length === document.keys.length ? undefined : kept;
}
