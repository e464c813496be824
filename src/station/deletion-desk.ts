/**
 * The part of the composition root for lawful deletion: finds what it covers, records rule and approver, and only when
 * that is durable removes originals, previews and import files and overwrites documents. Whatever interrupts it, the
 * next start goes on; mirrors follow when they are there.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { consentTrouble, type DeletionConsent } from '../domain/deletion-policy.ts';
import { StationError } from '../domain/errors.ts';
import { type DocumentId, newDeletionId, newDocumentId, type Sha256Hex } from '../domain/ids.ts';
import {
  clipsPerDeletion,
  type DeletionApprovedBody,
  type DeletionTargetDocument,
  documentsPerDeletion,
  vaultPlace,
} from '../domain/keeping-facts.ts';
import type { Actor, NewRecord, ReplayedRecord } from '../domain/records.ts';
import { syncFolder } from '../files/durable-files.ts';
import { namesIn } from '../files/if-there.ts';
import { eraseDocuments } from '../ledger/document-erasure.ts';
import { decodeTableText } from '../people/table-text.ts';
import type { Vault } from '../vault/vault.ts';
import { documentsOfClips, type PersonScan, scanAgain, scanPerson, scanSubject } from './deletion-scan.ts';
import type { HoldDesk } from './hold-desk.ts';
import type { PeopleDesk } from './people-desk.ts';
import { random, type StationContext, systemActor } from './station-context.ts';

export interface DeletionRequest {
  readonly consent: DeletionConsent;
  readonly actor: Actor;
  /** Also what is linked to a case, which is otherwise kept as long as the case file. */
  readonly override: boolean;
}

export interface DeletionResult {
  readonly deletions: readonly string[];
  readonly clips: number;
  readonly documents: number;
  /** Places where it is still to be carried out: mirrors that are away. */
  readonly open: readonly string[];
}

/** A busy ledger grows all the time; records about one clip do not. */
const scansMax = 5;

export interface SubjectToDelete {
  readonly subject: { readonly kind: 'cases' | 'complaints'; readonly key: string };
  /** Whatever names it: an import file that holds one of these goes. */
  readonly words: readonly string[];
  /** Its clips, which stay; one that is on hold keeps the case as well. */
  readonly clips: readonly string[];
}

/** One record's worth of what is to be deleted. */
interface Portion {
  readonly kind: 'clip' | 'person';
  readonly clips: readonly string[];
  readonly documents: readonly DocumentId[];
  readonly target?: DeletionTargetDocument;
  readonly run?: string;
}

interface RunSteps {
  readonly run: string;
  readonly actor: Actor;
  readonly decide: (clip: string) => Promise<DeletionConsent | undefined>;
  readonly signal: AbortSignal;
}

export class DeletionDesk {
  readonly #context: StationContext;
  readonly #people: PeopleDesk;
  readonly #rooms: () => Promise<{ readonly vault: Vault }>;
  /** Carries out deletions in the mirrors that are here; what cannot be reached stays open. */
  readonly #reachMirrors: () => Promise<void>;
  readonly #holds: Pick<HoldDesk, 'assertFree' | 'assertPersonFree' | 'assertSubjectFree'>;
  readonly #forgetCaches: () => Promise<void>;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    context: StationContext,
    people: PeopleDesk,
    parts: {
      readonly rooms: () => Promise<{ readonly vault: Vault }>;
      readonly reachMirrors: () => Promise<void>;
      readonly holds: Pick<HoldDesk, 'assertFree' | 'assertPersonFree' | 'assertSubjectFree'>;
      /** Throws away what was worked out from people. */
      readonly forgetCaches: () => Promise<void>;
    },
  ) {
    this.#context = context;
    this.#people = people;
    this.#rooms = parts.rooms;
    this.#reachMirrors = parts.reachMirrors;
    this.#holds = parts.holds;
    this.#forgetCaches = parts.forgetCaches;
  }

  /** @throws StationError clip-unknown, clip-on-hold, clip-in-case, deletion-not-approved */
  deleteClips(clips: readonly string[], request: DeletionRequest): Promise<DeletionResult> {
    return this.#inTurn(async () => {
      this.#assertMayDelete(clips, request);
      const documents = await documentsOfClips(this.#replay, new Set(clips));
      const portions: Portion[] = [];
      for (const [clip, ids] of documents) {
        const last = portions.at(-1);
        const fits =
          last && last.clips.length < clipsPerDeletion && last.documents.length + ids.length <= documentsPerDeletion;
        const before: Portion = fits ? (portions.pop() as Portion) : { kind: 'clip', clips: [], documents: [] };
        portions.push({ kind: 'clip', clips: [...before.clips, clip], documents: [...before.documents, ...ids] });
      }
      return this.#finish(await this.#approve(portions, [], request), portions);
    });
  }

  /** @throws StationError person-unknown, person-on-hold, subject-on-hold, deletion-too-large, deletion-not-approved */
  deletePerson(
    person: { readonly key: string; readonly withCases: boolean },
    request: DeletionRequest,
  ): Promise<DeletionResult> {
    return this.#inTurn(async () => {
      assertConsent(request.consent);
      this.#holds.assertPersonFree(person.key);
      const scan = await scanPerson(this.#replay, person);
      if (scan.documents.length === 0) {
        throw new StationError('person-unknown', `no document speaks of a certificate ${person.key}`, {
          next: 'Give the certificate number as the roster has it.',
        });
      }
      for (const subject of scan.subjects) this.#holds.assertSubjectFree(subject);
      return this.#deleteScanned(scan, request);
    });
  }

  /** A case or a complaint, with what links and reviews say of it. @throws StationError clip-on-hold, subject-on-hold, deletion-too-large, deletion-not-approved */
  deleteSubject({ subject, words, clips }: SubjectToDelete, request: DeletionRequest): Promise<DeletionResult> {
    return this.#inTurn(async () => {
      assertConsent(request.consent);
      for (const clip of clips) this.#holds.assertFree(clip);
      this.#holds.assertSubjectFree(subject);
      return this.#deleteScanned(await scanSubject(this.#replay, subject, words), request);
    });
  }

  async #deleteScanned(scan: PersonScan, request: DeletionRequest): Promise<DeletionResult> {
    if (scan.documents.length >= documentsPerDeletion) {
      throw new StationError('deletion-too-large', `${scan.documents.length} documents would go`, {
        next: `One deletion covers at most ${documentsPerDeletion - 1} documents.`,
      });
    }
    const deletions: string[] = [];
    const portions: Portion[] = [];
    // What somebody was just saying when it was approved came into the ledger behind what was read: that goes as well.
    for (let found = scan; found.documents.length > 0 && portions.length < scansMax; ) {
      const { documents, subjects, words } = found;
      const portion: Portion = { kind: 'person', clips: [], documents, target: { subjects, words } };
      portions.push(portion);
      deletions.push(...(await this.#approve([portion], missingRecords(found, request.actor), request)));
      found = await scanAgain(this.#replay, found);
    }
    return this.#finish(deletions, portions);
  }

  #assertMayDelete(clips: readonly string[], { consent, override }: DeletionRequest): void {
    assertConsent(consent);
    const linker = this.#people.linker();
    for (const clip of clips) {
      const row = this.#context.registry.pages.clip(clip);
      if (row === undefined) {
        throw new StationError('clip-unknown', `there is no clip ${clip}`, {
          next: 'List the clips with "evidock clips".',
        });
      }
      this.#holds.assertFree(clip);
      const { case: linked, namedCase } = linker.link(row);
      const number = linked?.number ?? namedCase;
      if (number === null || override) continue;
      throw new StationError('clip-in-case', `clip ${clip} belongs to case ${number}`, {
        next: 'It is kept as long as the case file. Give --override only when the rule covers that too.',
      });
    }
  }

  /**
   * The clips of an approved run, one by one. `decide` is asked right before, when everything that speaks of the clip is
   * known; undefined leaves it. Other deletions and holds get their turn in between.
   */
  async deleteEach(clips: readonly string[], { run, actor, decide, signal }: RunSteps): Promise<void> {
    const documents = new Map<string, DocumentId[]>(clips.map((clip) => [clip, []]));
    let scanned = 0;
    const scan = async (): Promise<void> => {
      const { ledger } = this.#context;
      const size = ledger.size;
      const news = (): AsyncIterable<ReplayedRecord> => until(ledger.replay(scanned), size);
      for (const [clip, ids] of await documentsOfClips(news, new Set(clips))) documents.get(clip)?.push(...ids);
      scanned = size;
    };
    for (const clip of clips) {
      if (signal.aborted) break;
      await this.#inTurn(async () => {
        await this.#rooms();
        let consent: DeletionConsent | undefined;
        // Something may have been recorded about the clip while the ledger was read.
        for (let tries = 0; tries === 0 || (scanned < this.#context.ledger.size && tries < scansMax); tries += 1) {
          await scan();
          consent = await decide(clip);
          if (consent === undefined) return;
        }
        if (consent === undefined) return;
        const portion: Portion = { kind: 'clip', clips: [clip], documents: documents.get(clip) ?? [], run };
        await this.#approve([portion], [], { consent, actor, override: false });
      });
    }
    await this.#reachMirrors();
  }

  /** What must not happen in the middle of a deletion, such as placing a hold. */
  between<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(work);
  }

  readonly #replay = (): AsyncIterable<ReplayedRecord> => {
    const { ledger } = this.#context;
    return until(ledger.replay(0), ledger.size);
  };

  async #approve(
    portions: readonly Portion[],
    before: readonly NewRecord[],
    request: DeletionRequest,
  ): Promise<readonly string[]> {
    const deletions = portions.map(() => newDeletionId(random));
    // The vault must be usable before anything is approved that has to be removed from it.
    await this.#rooms();
    for (const [at, portion] of portions.entries()) {
      const record = approval(deletions[at] as string, portion, request);
      await this.#context.ledger.appendAll(at === 0 ? [...before, record] : [record]);
    }
    await this.#carryOut();
    return deletions;
  }

  async #finish(deletions: readonly string[], portions: readonly Portion[]): Promise<DeletionResult> {
    await this.#reachMirrors();
    const { copies } = this.#context.registry;
    const isOpen = (place: string): boolean =>
      copies.openDeletions(place).some(({ deletion }) => deletions.includes(deletion));
    return {
      deletions,
      clips: portions.reduce((sum, { clips }) => sum + clips.length, 0),
      documents: portions.reduce((sum, { documents }) => sum + documents.length, 0),
      open: [vaultPlace, ...copies.mirrors().map(({ mirror }) => mirror)].filter(isOpen),
    };
  }

  /** Goes on with what was approved and not carried out in the vault. */
  carryOn(): Promise<void> {
    if (this.#context.registry.copies.openDeletions(vaultPlace).length === 0) return Promise.resolve();
    return this.#inTurn(() => this.#carryOut());
  }

  async #carryOut(): Promise<void> {
    const { registry, ledger } = this.#context;
    const { vault } = await this.#rooms();
    for (const { deletion, approvedSeq } of registry.copies.openDeletions(vaultPlace)) {
      if (!(await this.#removeOriginals(vault, deletion))) continue;
      const approved = await firstOf(ledger.replay(approvedSeq));
      const body = approved.record.body as unknown as DeletionApprovedBody;
      const target = approved.documents[1];
      if (target !== undefined && 'body' in target) {
        await this.#removeImports((target.body as unknown as DeletionTargetDocument).words);
      }
      registry.dropTraces();
      if (target !== undefined) await this.#forgetCaches();
      // Last, because they say what else is to be removed.
      await eraseDocuments(this.#context.options.dataFolder, new Set(body.documents), approvedSeq);
      await ledger.append({
        type: 'deletion-carried-out',
        actor: systemActor,
        subject: deletion,
        body: { deletion, place: vaultPlace },
      });
    }
  }

  /** False when a docking takes in the same bytes right now: later, then. */
  async #removeOriginals(vault: Vault, deletion: string): Promise<boolean> {
    const { registry, options } = this.#context;
    const clips = registry.copies.deletedClips(deletion);
    for (const { clip } of clips) await rm(join(options.dataFolder, 'preview', clip), { recursive: true, force: true });
    const isSealed = (sha256: Sha256Hex): boolean => registry.hasOriginal(sha256);
    for (const sha256 of new Set(clips.map((one) => one.sha256))) {
      if ((await vault.removeOriginal(sha256, isSealed)) === 'waits') return false;
    }
    return true;
  }

  /** Files as they came that hold the person; their digests stay in the ledger. */
  async #removeImports(words: readonly string[]): Promise<void> {
    const folder = join(this.#context.options.dataFolder, 'imports');
    for (const name of await namesIn(folder)) {
      const text = decodeTableText(await readFile(join(folder, name)))?.text;
      // What cannot be read as text may hold anyone.
      if (text === undefined || words.some((word) => unescaped(text).includes(word))) await rm(join(folder, name));
    }
    await syncFolder(folder);
  }

  /** Only keeps a clip: neither shown nor played nor exported. @throws StationError clip-unknown */
  async restrict(
    clip: string,
    { reason, actor, lift }: { reason: string; actor: Actor; lift: boolean },
  ): Promise<void> {
    const { registry, ledger } = this.#context;
    const availability = registry.copies.availability(clip);
    if (availability === 'unknown' || availability === 'deleted') {
      throw new StationError('clip-unknown', `there is no clip ${clip}`, {
        next: 'List the clips with "evidock clips".',
      });
    }
    await ledger.append({
      type: lift ? 'restriction-lifted' : 'clip-restricted',
      actor,
      subject: clip,
      body: { clip },
      documents: [{ id: newDocumentId(random), body: { reason } }],
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.catch(() => undefined).then(work);
    this.#turn = turn;
    return turn;
  }

  async close(): Promise<void> {
    await this.#turn.catch(() => undefined);
  }
}

function assertConsent(consent: DeletionConsent): void {
  const trouble = consentTrouble(consent);
  if (trouble === undefined) return;
  throw new StationError('deletion-not-approved', trouble, {
    next: 'Two persons are needed: one asks, another approves.',
  });
}

function approval(deletion: string, portion: Portion, { consent, actor, override }: DeletionRequest): NewRecord {
  const { kind, clips, documents, target, run } = portion;
  const targetId = newDocumentId(random);
  return {
    type: 'deletion-approved',
    actor,
    subject: deletion,
    body: {
      deletion,
      kind,
      clips: [...clips],
      documents: target === undefined ? [...documents] : [...documents, targetId],
      ...(target === undefined ? {} : { target: targetId }),
      ...(run === undefined ? {} : { run }),
    },
    documents: [
      { id: newDocumentId(random), body: { ...consent, ...(override ? { override: true } : {}) } },
      ...(target === undefined ? [] : [{ id: targetId, body: { ...target } as never }]),
    ],
  };
}

/** Lists that name the person are overwritten; what else they say is said again first. */
const missingRecords = ({ missing }: PersonScan, actor: Actor): NewRecord[] =>
  missing
    .filter(({ list }) => list.keys.length > 0)
    .map(({ import: id, list }) => ({
      type: 'import-missing',
      actor,
      subject: id,
      body: { import: id },
      documents: [{ id: newDocumentId(random), body: { ...list, keys: [...list.keys] } }],
    }));

async function* until(records: AsyncIterable<ReplayedRecord>, endSeq: number): AsyncGenerator<ReplayedRecord> {
  for await (const one of records) {
    if (one.record.seq >= endSeq) return;
    yield one;
  }
}

async function firstOf(records: AsyncIterable<ReplayedRecord>): Promise<ReplayedRecord> {
  for await (const one of records) return one;
  throw new Error('the record of a deletion is missing');
}

/** JSON may write any letter as `\\uXXXX`. */
const unescaped = (text: string): string =>
  text.replace(/\\u([0-9a-f]{4})/giu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
