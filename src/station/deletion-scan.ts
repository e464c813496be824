/** Reads the ledger for the documents that a lawful deletion covers. */
import {
  clipOfDocuments,
  holdOf,
  missingWithout,
  type SubjectKey,
  SubjectKeys,
  subjectOfPerson,
  subjectsOfDocument,
} from '../domain/deletion-policy.ts';
import type { DocumentId } from '../domain/ids.ts';
import type { ReplayedRecord } from '../domain/records.ts';
import {
  type ImportStartedBody,
  isVersionDocument,
  type MissingDocument,
  type SubjectKind,
  subjectChanges,
} from '../domain/subject-kinds.ts';

type Replay = () => AsyncIterable<ReplayedRecord>;

/** Documents of each clip, those that are overwritten already left out. */
export async function documentsOfClips(replay: Replay, clips: ReadonlySet<string>): Promise<Map<string, DocumentId[]>> {
  const found = new Map<string, DocumentId[]>([...clips].map((clip) => [clip, []]));
  for await (const { record, documents } of replay()) {
    const own = found.get(clipOfDocuments(record) ?? '');
    for (const document of documents) if ('body' in document) own?.push(document.id);
  }
  return found;
}

export interface KeptMissing {
  readonly import: string;
  readonly list: MissingDocument;
}

export interface PersonScan {
  readonly subjects: readonly SubjectKey[];
  readonly documents: readonly DocumentId[];
  /** Lists of missing subjects that name the person, with the keys that stay. */
  readonly missing: readonly KeptMissing[];
  /** Certificate number and names: an import file that holds one of them goes. */
  readonly words: readonly string[];
}

export async function scanPerson(replay: Replay, person: { key: string; withCases: boolean }): Promise<PersonScan> {
  const subjects = new SubjectKeys();
  // Check-outs and claims name the certificate even where no roster has it.
  subjects.add({ kind: 'officers', key: person.key });
  const words = new Set<string>([person.key]);
  for await (const { record, documents } of replay()) {
    if (record.type !== 'import-part' && !subjectChanges.some((type) => type === record.type)) continue;
    for (const document of documents) {
      if (!('body' in document) || !isVersionDocument(document.body)) continue;
      const version = document.body;
      const subject = subjectOfPerson(version, person);
      if (subject !== undefined) subjects.add(subject);
      if (subject?.kind === 'officers') words.add((version.facts as { readonly name: string }).name);
    }
  }
  const { documents, missing } = await documentsOfSubjects(replay, subjects);
  return { subjects: subjects.values(), documents, missing, words: [...words] };
}

/** What came to be said of the same subjects since; nothing that is overwritten counts. */
export async function scanAgain(replay: Replay, { subjects: known, words }: PersonScan): Promise<PersonScan> {
  const subjects = new SubjectKeys();
  for (const subject of known) subjects.add(subject);
  return { subjects: known, words, ...(await documentsOfSubjects(replay, subjects)) };
}

/** One case or complaint: `words` are what names it in import files. */
export async function scanSubject(replay: Replay, subject: SubjectKey, words: readonly string[]): Promise<PersonScan> {
  const subjects = new SubjectKeys();
  subjects.add(subject);
  const { documents, missing } = await documentsOfSubjects(replay, subjects);
  return { subjects: subjects.values(), documents, missing, words };
}

/** A second pass: a case in which the person once was goes with all its versions. */
async function documentsOfSubjects(
  replay: Replay,
  subjects: SubjectKeys,
): Promise<Pick<PersonScan, 'documents' | 'missing'>> {
  const kinds = new Map<string, SubjectKind>();
  const ids: DocumentId[] = [];
  const missing: KeptMissing[] = [];
  const holds = new Set<string>();
  for await (const { record, documents } of replay()) {
    const started = record.body as unknown as ImportStartedBody;
    if (record.type === 'import-started') kinds.set(started.import, started.kind);
    for (const document of documents) {
      if (isCovered(record, document, { subjects, holds })) ids.push(document.id);
      const kind = kinds.get(started.import);
      if (record.type !== 'import-missing' || !('body' in document) || kind === undefined) continue;
      const list = document.body as unknown as MissingDocument;
      const kept = missingWithout(list, kind, subjects);
      if (kept === undefined) continue;
      ids.push(document.id);
      missing.push({ import: started.import, list: { ...list, keys: kept } });
    }
  }
  return { documents: ids, missing };
}

/** A hold that names one of the subjects goes with what was said when it was released. */
function isCovered(
  record: ReplayedRecord['record'],
  document: ReplayedRecord['documents'][number],
  { subjects, holds }: { readonly subjects: SubjectKeys; readonly holds: Set<string> },
): boolean {
  if (!('body' in document)) return false;
  const hold = holdOf(record);
  const isNamed = subjectsOfDocument(record, document).some((subject) => subjects.has(subject));
  if (isNamed && hold !== undefined) holds.add(hold);
  return isNamed || (hold !== undefined && holds.has(hold));
}
