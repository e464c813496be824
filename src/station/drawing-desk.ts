/**
 * The part of the composition root for drawing closed penalty cases to ask about: the list goes into the ledger first,
 * then the seed comes from what the station cannot choose. With a witness the draw is made by itself as soon as the
 * first cosignature over the list is on disk, so nobody waits for one that suits.
 */
import { createHash } from 'node:crypto';
import { knownCases } from '../domain/case-identity.ts';
import {
  casesPerPart,
  type DrawingListBody,
  type DrawnBody,
  type DrawnDocument,
  type FollowUpDocument,
  type RedrawDocument,
  type SeedSource,
} from '../domain/drawing-facts.ts';
import {
  canonicalList,
  closingDay,
  type DrawLot,
  drawCount,
  drawMethod,
  drawOrder,
  drawPercentMin,
  isPenaltyCase,
  typedNumber,
} from '../domain/drawing-policy.ts';
import { StationError } from '../domain/errors.ts';
import { type DocumentId, newDocumentId, newDrawingId } from '../domain/ids.ts';
import { findCalendarDate } from '../domain/people-facts.ts';
import { isSamePerson } from '../domain/person-names.ts';
import type { Actor, NewRecord } from '../domain/records.ts';
import type { DrawingCaseRow, DrawingListRow, DrawingRoundRow, FollowUpRow } from '../registry/drawing-queries.ts';
import { random, type StationContext, systemActor } from './station-context.ts';

export interface MonthRequest {
  /** `YYYY-MM` */
  readonly month: string;
  readonly percent: number;
  /** Empty: those of the configuration. */
  readonly kinds: readonly string[];
  /** The public number that gives the seed; undefined for a witness. */
  readonly source: string | undefined;
  readonly actor: Actor;
}

export interface TypedNumber {
  readonly number: string;
  readonly again: string;
  readonly by: string;
  readonly and: string;
}

export interface RedrawRequest {
  readonly reason: string;
  readonly requestedBy: string;
  readonly approvedBy: string;
  readonly source: string | undefined;
  readonly actor: Actor;
}

export interface ShownRound extends DrawingRoundRow {
  /** Every key in the order of its hash; empty before the draw. The first `result.keys.length` were drawn. */
  readonly lots: readonly DrawLot[];
}

export interface ShownDrawing extends DrawingListRow {
  readonly cases: readonly DrawingCaseRow[];
  readonly rounds: readonly ShownRound[];
  readonly followUps: readonly FollowUpRow[];
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export class DrawingDesk {
  readonly #context: StationContext;
  /** Draws one after another: the same round is never drawn twice. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: StationContext) {
    this.#context = context;
  }

  /**
   * Closes the list of a month that is over. A later list of that month holds only what no earlier one does, such as
   * cases that were entered late: whoever dislikes a draw cannot list the month anew.
   * @throws StationError drawing-month-open, drawing-empty, drawing-month-listed, drawing-no-witness
   */
  listMonth(request: MonthRequest, today: string): Promise<ShownDrawing> {
    return this.#next(() => this.#closeList(request, today));
  }

  async #closeList(request: MonthRequest, today: string): Promise<ShownDrawing> {
    const { ledger, registry, options } = this.#context;
    const { month, actor, percent } = request;
    if (findCalendarDate(`${month}-01`) === undefined || month >= today.slice(0, 7) || percent < drawPercentMin) {
      throw new StationError('drawing-month-open', `${month} is not over on ${today}, or is no month`, {
        next: 'Name a month that is over, YYYY-MM.',
      });
    }
    const seedFrom = this.#seedFrom(request.source);
    const kinds = request.kinds.length > 0 ? request.kinds : options.configuration.cases.penaltyKinds;
    const knownAt = ledger.size;
    const closed = [...knownCases(registry.people.versions('cases')).values()].filter(
      ({ facts }) => closingDay(facts)?.startsWith(month) === true && isPenaltyCase(facts, kinds),
    );
    const listed = new Set(registry.drawings.casesOfMonth(month));
    const cases = closed.filter(({ key }) => !listed.has(key));
    if (cases.length === 0 && closed.length > 0) {
      throw new StationError('drawing-month-listed', `a list holds every penalty case closed in ${month} already`, {
        next: 'Draw from that list; another draw from it needs "evidock drawing redraw".',
      });
    }
    if (cases.length === 0) {
      throw new StationError('drawing-empty', `no penalty case was closed in ${month}`, {
        next: 'Check the closing days and kinds in the case list; name other kinds with --kind.',
      });
    }
    const list = newDrawingId(random);
    const documents = cases.map(({ key, facts }) => ({
      id: newDocumentId(random),
      body: { case: key, number: facts.caseNumber },
    }));
    const records: NewRecord[] = [];
    for (let at = 0; at < documents.length; at += casesPerPart) {
      const part = documents.slice(at, at + casesPerPart);
      records.push({ type: 'drawing-list-part', actor, subject: list, body: { list }, documents: part });
    }
    const body: DrawingListBody = {
      ...{ list, month, count: cases.length, percent, seedFrom, knownAt },
      sha256: sha256(canonicalList(documents.map(({ id }) => id))),
    };
    const document = { id: newDocumentId(random), body: { kinds: [...kinds], source: request.source ?? null } };
    records.push({ type: 'drawing-list-closed', actor, subject: list, body: { ...body }, documents: [document] });
    await ledger.appendAll(records);
    // What a witness or a reader is to hold before the seed is known.
    await ledger.checkpoint();
    return this.show(list);
  }

  #seedFrom(source: string | undefined): SeedSource {
    if (source !== undefined) return 'public';
    if (this.#context.policy.needsWitnesses) return 'witness';
    throw new StationError('drawing-no-witness', 'no witness is configured', {
      next: 'Name a public number with --public, or configure witnesses.',
    });
  }

  /** @throws StationError drawing-unknown, drawing-drawn-already, drawing-seed-missing, drawing-seed-other, drawing-number-differs */
  draw(list: string, typed: TypedNumber | undefined, actor: Actor): Promise<ShownDrawing> {
    return this.#next(async () => {
      const round = this.#newestRound(list);
      if (round.drawnSeq !== null) {
        throw new StationError('drawing-drawn-already', `round ${round.round} of ${list} was drawn`, {
          next: 'Look with "evidock drawing show"; another draw needs "evidock drawing redraw".',
        });
      }
      if ((typed === undefined) !== (round.seedFrom === 'witness')) {
        throw new StationError('drawing-seed-other', `the seed comes from a ${round.seedFrom} source`, {
          next:
            round.seedFrom === 'witness'
              ? 'Draw without a number.'
              : 'Give --number, --again, --by and --and: two people type it.',
        });
      }
      const seed = typed === undefined ? await this.#cosignedSeed(round) : publicSeed(typed);
      await this.#record(list, round, seed, actor);
      return this.show(list);
    });
  }

  async #record(list: string, round: DrawingRoundRow, { size, ...seeded }: Seed, actor: Actor): Promise<void> {
    const { ledger, registry } = this.#context;
    const { percent } = this.#list(list);
    const keys = registry.drawings.cases(list).map(({ key }) => key);
    const lots = drawOrder(keys, seeded.seed, sha256).slice(0, drawCount(keys.length, percent));
    const body: DrawnBody = {
      ...{ list, round: round.round, seedFrom: round.seedFrom, method: drawMethod, drawn: lots.length },
      seedSha256: sha256(seeded.seed),
      ...(size === undefined ? {} : { size }),
    };
    const document: DrawnDocument = { ...seeded, keys: lots.map(({ key }) => key as DocumentId) };
    await ledger.append({
      type: 'drawing-drawn',
      actor,
      subject: list,
      body: { ...body },
      documents: [{ id: newDocumentId(random), body: document as never }],
    });
  }

  /**
   * The earliest cosignature of the checkpoint that covers what began the round. Of its line the 64 bytes of the
   * signature are the seed: other characters of base64 can write the same line, which would leave the station a choice.
   */
  async #cosignedSeed({ seq }: DrawingRoundRow): Promise<Seed> {
    const { source, index } = this.#context.logProofs.placeOf(seq);
    const head = await source.cosignedHead();
    const first = head?.cosignatures.toSorted((a, b) => Number(a.time - b.time) || a.key.compare(b.key))[0];
    if (head === undefined || first === undefined || head.size <= index) {
      throw new StationError('drawing-seed-missing', `no cosigned checkpoint covers record ${seq} yet`, {
        next: 'Ask the witnesses: evidock witness ask; the draw follows by itself.',
      });
    }
    return { seed: first.signature.toString('hex'), checkpoint: head.note, size: head.size };
  }

  /** Draws in the background whatever waited for a witness; called when a cosignature is on disk, and at start. */
  drawSoon(): void {
    const { registry, options, closing } = this.#context;
    if (closing.aborted || registry.drawings.waitingForWitness().length === 0) return;
    void this.#next(async () => {
      for (const list of registry.drawings.waitingForWitness()) {
        const round = this.#newestRound(list);
        await this.#record(list, round, await this.#cosignedSeed(round), systemActor);
      }
    }).catch((error: unknown) => {
      if (error instanceof StationError && error.code === 'drawing-seed-missing') return;
      options.log.error({ err: error }, 'what waited for a witness could not be drawn');
    });
  }

  async idle(): Promise<void> {
    await this.#last.catch(() => undefined);
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn;
    return turn;
  }

  /** Begins another round; earlier ones stay. @throws StationError drawing-unknown, drawing-not-drawn, drawing-approver */
  redraw(list: string, request: RedrawRequest): Promise<ShownDrawing> {
    return this.#next(async () => {
      const { reason, requestedBy, approvedBy, actor, source } = request;
      const before = this.#newestRound(list);
      if (before.drawnSeq === null) {
        throw new StationError('drawing-not-drawn', `round ${before.round} of ${list} was not drawn yet`, {
          next: 'Draw it first: evidock drawing draw.',
        });
      }
      if (isSamePerson(requestedBy, approvedBy)) {
        throw new StationError('drawing-approver', 'one person asked and approved', { next: 'Have another approve.' });
      }
      const body = { list, round: before.round + 1, seedFrom: this.#seedFrom(source) };
      const document: RedrawDocument = { source: source ?? null, reason, requestedBy, approvedBy };
      const documents = [{ id: newDocumentId(random), body: document as never }];
      await this.#context.ledger.append({ type: 'drawing-redraw-ordered', actor, subject: list, body, documents });
      await this.#context.ledger.checkpoint();
      return this.show(list);
    });
  }

  /** `drawn`: the case's number, any it ever had, or its key in the list. @throws StationError drawing-case-not-drawn */
  async followUp(list: string, drawn: string, facts: Omit<FollowUpDocument, 'case'>, actor: Actor): Promise<void> {
    const { ledger, registry } = this.#context;
    this.#list(list);
    const known = knownCases(registry.people.versions('cases'));
    const keys = new Set<string>(registry.drawings.rounds(list).flatMap(({ result }) => result?.keys ?? []));
    const wanted = typedNumber(drawn);
    const found = registry.drawings.cases(list).find((row) => {
      if (row.case === null || !keys.has(row.key)) return false;
      const names = [row.key, row.number ?? '', ...(known.get(row.case)?.numbers ?? [])];
      return names.some((name) => typedNumber(name) === wanted);
    });
    if (found?.case == null) {
      throw new StationError('drawing-case-not-drawn', `${drawn} was not drawn from ${list}`, {
        next: 'Look with "evidock drawing show".',
      });
    }
    const document: FollowUpDocument = { case: found.case, ...facts };
    await ledger.append({
      type: 'case-followed-up',
      actor,
      subject: list,
      body: { list, key: found.key },
      documents: [{ id: newDocumentId(random), body: document as never }],
    });
  }

  /** Newest first. */
  lists(): DrawingListRow[] {
    return this.#context.registry.drawings.lists();
  }

  /** @throws StationError drawing-unknown */
  show(list: string): ShownDrawing {
    const { drawings } = this.#context.registry;
    const row = this.#list(list);
    const cases = drawings.cases(list);
    const keys = cases.map(({ key }) => key);
    const rounds = drawings.rounds(list).map((round) => ({
      ...round,
      lots: round.result === null ? [] : drawOrder(keys, round.result.seed, sha256),
    }));
    return { ...row, cases, rounds, followUps: drawings.followUps(list) };
  }

  #list(list: string): DrawingListRow {
    const row = this.#context.registry.drawings.list(list);
    if (row !== undefined) return row;
    throw new StationError('drawing-unknown', `there is no list ${list}`, {
      next: 'List them with "evidock drawing list".',
    });
  }

  #newestRound(list: string): DrawingRoundRow {
    this.#list(list);
    return this.#context.registry.drawings.rounds(list).at(-1) as DrawingRoundRow;
  }
}

interface Seed extends Omit<DrawnDocument, 'keys'> {
  readonly size?: number;
}

function publicSeed({ number, again, by, and }: TypedNumber): Seed {
  const seed = typedNumber(number);
  if (seed === '' || seed !== typedNumber(again) || isSamePerson(by, and)) {
    throw new StationError('drawing-number-differs', 'two people must type the same number', {
      next: 'Let two people type it, each from where it was published.',
    });
  }
  return { seed, typedBy: [by, and] };
}
