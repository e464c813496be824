/**
 * Who each row of a roster is: one id for a person over all their certificates. The person's number decides, else the
 * number of the certificate before, else the certificate itself; whoever none of them tells is somebody new. The same
 * file after itself finds the same persons.
 */
import type { Version } from './history.ts';
import { compareText, type OfficerFacts } from './people-facts.ts';

export interface IdentityRow {
  readonly line: number;
  readonly facts: OfficerFacts;
}

/** The certificate before is that of somebody with another person number. */
export interface IdentityConflict<R> {
  readonly row: R;
  readonly previousCertificateNo: string;
  /** Number of the person who holds or held the certificate before. */
  readonly otherPersonNo: string;
}

export interface IdentityQuestion<R extends IdentityRow> {
  readonly rows: readonly R[];
  /** Of officers; those that were undone are nobody's memory. */
  readonly versions: readonly Version<OfficerFacts>[];
  readonly newPerson: () => string;
}

export interface IdentityAnswer<R extends IdentityRow> {
  /** The rows without conflicts, `facts.person` filled in. */
  readonly rows: readonly R[];
  readonly conflicts: readonly IdentityConflict<R>[];
}

export function identifyPersons<R extends IdentityRow>(question: IdentityQuestion<R>): IdentityAnswer<R> {
  const memory = rememberPersons(question.versions);
  const { sound, conflicts } = withoutConflicts(question.rows, memory);
  const groups = groupRows(sound);
  const persons = new Map<string, string>();
  for (const [group, rows] of Map.groupBy(sound, (row) => groups.find(certificateNode(row.facts.certificateNo)))) {
    persons.set(group, knownPerson(rows, memory) ?? question.newPerson());
  }
  const rows = sound.map((row) => {
    const person = persons.get(groups.find(certificateNode(row.facts.certificateNo)));
    return { ...row, facts: { ...row.facts, ...(person === undefined ? {} : { person }) } };
  });
  return { rows, conflicts };
}

interface Memory {
  readonly byPersonNo: ReadonlyMap<string, string>;
  readonly byCertificate: ReadonlyMap<string, string>;
  /** The person's number that was last known of a certificate. */
  readonly numbers: ReadonlyMap<string, string>;
}

function rememberPersons(versions: readonly Version<OfficerFacts>[]): Memory {
  const byPersonNo = new Map<string, string>();
  const byCertificate = new Map<string, string>();
  const byPrevious = new Map<string, string>();
  const numbers = new Map<string, string>();
  const counting = versions.filter(({ undoneSequence }) => undoneSequence === undefined);
  for (const { key, facts } of counting.sort((a, b) => a.sequence - b.sequence)) {
    const { person, personNo, previousCertificateNo } = facts;
    if (personNo !== undefined) numbers.set(key, personNo);
    // Versions of before there were ids: the certificate stands for the person.
    const who = person ?? byCertificate.get(key) ?? key;
    byCertificate.set(key, who);
    if (personNo !== undefined) byPersonNo.set(personNo, who);
    if (previousCertificateNo !== undefined) byPrevious.set(previousCertificateNo, who);
  }
  // A certificate that only its successor ever named.
  for (const [certificate, person] of byPrevious) {
    if (!byCertificate.has(certificate)) byCertificate.set(certificate, person);
  }
  return { byPersonNo, byCertificate, numbers };
}

interface Sorted<R> {
  readonly sound: R[];
  readonly conflicts: IdentityConflict<R>[];
}

/** First those whose own words contradict, then those whose chain of certificates joins two persons' numbers. */
function withoutConflicts<R extends IdentityRow>(rows: readonly R[], memory: Memory): Sorted<R> {
  const numbers = new Map(memory.numbers);
  for (const { facts } of rows) if (facts.personNo !== undefined) numbers.set(facts.certificateNo, facts.personNo);
  const conflicts: IdentityConflict<R>[] = [];
  const plain: R[] = [];
  for (const row of rows) {
    const { personNo, previousCertificateNo } = row.facts;
    const other = previousCertificateNo === undefined ? undefined : numbers.get(previousCertificateNo);
    if (previousCertificateNo === undefined || personNo === undefined || other === undefined || other === personNo) {
      plain.push(row);
    } else {
      conflicts.push({ row, previousCertificateNo, otherPersonNo: other });
    }
  }
  const groups = groupRows(plain);
  const chains = Map.groupBy(plain, ({ facts }) => groups.find(certificateNode(facts.certificateNo)));
  const sorted = Array.from(chains.values(), sortChain);
  return {
    sound: sorted.flatMap(({ sound }) => sound).sort((a, b) => a.line - b.line),
    conflicts: [...conflicts, ...sorted.flatMap((one) => one.conflicts)].sort((a, b) => a.row.line - b.row.line),
  };
}

/** Rows that belong together. When two persons' numbers do, those that join them by a certificate before are wrong. */
function sortChain<R extends IdentityRow>(members: readonly R[]): Sorted<R> {
  const [first, second] = new Set(members.flatMap(({ facts }) => facts.personNo ?? []));
  if (first === undefined || second === undefined) return { sound: [...members], conflicts: [] };
  const sound: R[] = [];
  const conflicts: IdentityConflict<R>[] = [];
  for (const row of members) {
    const { personNo, previousCertificateNo } = row.facts;
    if (previousCertificateNo === undefined) sound.push(row);
    else conflicts.push({ row, previousCertificateNo, otherPersonNo: personNo === first ? second : first });
  }
  return { sound, conflicts };
}

const certificateNode = (certificateNo: string): string => `c ${certificateNo}`;
const numberNode = (personNo: string): string => `n ${personNo}`;

function groupRows(rows: readonly IdentityRow[]): Groups {
  const groups = new Groups();
  for (const { facts } of rows) {
    const own = certificateNode(facts.certificateNo);
    if (facts.personNo !== undefined) groups.join(own, numberNode(facts.personNo));
    if (facts.previousCertificateNo !== undefined) groups.join(own, certificateNode(facts.previousCertificateNo));
  }
  return groups;
}

/** By number, then by the certificate before, then by the certificate itself; among several the first in the file. */
function knownPerson(rows: readonly IdentityRow[], memory: Memory): string | undefined {
  const byNumber = rows.map(({ facts }) => memory.byPersonNo.get(facts.personNo ?? ''));
  const byPrevious = rows.map(({ facts }) => memory.byCertificate.get(facts.previousCertificateNo ?? ''));
  const byOwn = rows.map(({ facts }) => memory.byCertificate.get(facts.certificateNo));
  return [...byNumber, ...byPrevious, ...byOwn].find((person) => person !== undefined);
}

/** Disjoint sets of nodes, joined pair by pair. */
class Groups {
  readonly #above = new Map<string, string>();

  find(node: string): string {
    let top = node;
    for (let above = this.#above.get(top); above !== undefined; above = this.#above.get(top)) top = above;
    for (let at = node; at !== top; ) {
      const above = this.#above.get(at) ?? top;
      this.#above.set(at, top);
      at = above;
    }
    return top;
  }

  join(a: string, b: string): void {
    const [top, other] = [this.find(a), this.find(b)].sort(compareText) as [string, string];
    if (top !== other) this.#above.set(other, top);
  }
}

/** A certificate that another one of the same person takes the place of. */
export interface Replacement {
  readonly key: string;
  readonly facts: OfficerFacts;
}

export interface ReplacementQuestion {
  /** What holds on the effective day, of certificates that the file does not name. */
  readonly unnamed: readonly { readonly key: string; readonly facts: OfficerFacts }[];
  /** The file's rows, persons known. */
  readonly rows: readonly { readonly facts: OfficerFacts }[];
  /** A whole roster leaves out what no longer counts; a supplement only what it calls the one before. */
  readonly isWhole: boolean;
}

/** Certificates that the roster no longer names because it names a newer one of the same person. */
export function replacedCertificates({ unnamed, rows, isWhole }: ReplacementQuestion): Replacement[] {
  const successors = new Map<string, OfficerFacts>();
  const byPerson = new Map<string, OfficerFacts>();
  for (const { facts } of rows) {
    if (facts.previousCertificateNo !== undefined) successors.set(facts.previousCertificateNo, facts);
    if (!isWhole || facts.person === undefined) continue;
    const other = byPerson.get(facts.person);
    if (other === undefined || isNewer(facts, other)) byPerson.set(facts.person, facts);
  }
  return unnamed.flatMap(({ key, facts }) => {
    const successor = successors.get(key) ?? (facts.person === undefined ? undefined : byPerson.get(facts.person));
    if (successor === undefined || facts.replacedBy === successor.certificateNo) return [];
    const { replacedOn: _, ...held } = facts;
    const since = successor.certificateStatus === 'valid' ? successor.issuedOn : undefined;
    const replaced = {
      ...held,
      ...(successor.person === undefined ? {} : { person: successor.person }),
      replacedBy: successor.certificateNo,
      ...(since === undefined ? {} : { replacedOn: since }),
    };
    return [{ key, facts: replaced }];
  });
}

function isNewer(a: OfficerFacts, b: OfficerFacts): boolean {
  return compareText(a.issuedOn ?? '', b.issuedOn ?? '') > 0 || compareText(a.validUntil, b.validUntil) > 0;
}
