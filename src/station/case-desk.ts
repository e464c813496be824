/**
 * The part of the composition root for cases: what their clips prove, which acts were not recorded, which periods run,
 * what reviewers ticked. It asks registry, linker and the policies of domain/, and records reviews; it decides nothing.
 */
import { type ActList, findActCode, findItemCode, itemsOf, procedureOf } from '../domain/act-list.ts';
import { type ActRecording, actRecordings } from '../domain/act-recordings.ts';
import { type ActReviewDocument, isClosedCase, type ReviewAnswer } from '../domain/case-facts.ts';
import type { KnownCase } from '../domain/case-identity.ts';
import type {
  ActView,
  CaseClock,
  CaseQuality,
  CaseSummary,
  CaseView,
  ClipCheckView,
  ComplaintView,
  ItemView,
  ReviewView,
} from '../domain/case-views.ts';
import { StationError } from '../domain/errors.ts';
import { versionsAsOf } from '../domain/history.ts';
import { newDocumentId, newReviewId } from '../domain/ids.ts';
import { legalClock } from '../domain/legal-clocks.ts';
import { type CalendarDate, type CaseAct, compareText, getCalendarDate } from '../domain/people-facts.ts';
import type { Actor } from '../domain/records.ts';
import { type CheckReason, type CheckState, qualities, worstState } from '../domain/self-check-policy.ts';
import { today } from '../domain/station-time.ts';
import type { WorkingCalendar } from '../domain/working-days.ts';
import type { ReviewRow } from '../registry/case-queries.ts';
import { CaseBook } from './case-book.ts';
import { clipCheckView } from './clip-check.ts';
import type { SubjectToDelete } from './deletion-desk.ts';
import type { PeopleDesk } from './people-desk.ts';
import { random, type StationContext } from './station-context.ts';

export interface CaseTables {
  readonly acts: ActList;
  readonly calendar: WorkingCalendar;
}

export interface ReviewRequest {
  /** A case by number with one of its acts (code, title or ref), or a clip. */
  readonly target: { readonly case: string; readonly act: string } | { readonly clip: string };
  readonly answers: { readonly [item: string]: ReviewAnswer };
  readonly clips: readonly string[];
  readonly note: string;
  readonly reviewer: string;
  readonly actor: Actor;
}

export interface CaseListQuery {
  /** Part of a number, party, plate, unit or place. */
  readonly search?: string | undefined;
  readonly state?: 'open' | 'closed' | undefined;
}

export class CaseDesk {
  readonly tables: CaseTables;
  readonly #context: StationContext;
  readonly #people: PeopleDesk;
  #book: { readonly size: number; readonly book: CaseBook } | undefined;

  constructor(context: StationContext, people: PeopleDesk, tables: CaseTables) {
    this.#context = context;
    this.#people = people;
    this.tables = tables;
  }

  get #timeZone(): string {
    return this.#context.options.configuration.station.timeZone;
  }

  /** What holds as long as the ledger does not grow. */
  #current(): CaseBook {
    const { registry, ledger } = this.#context;
    if (this.#book?.size !== ledger.size) {
      const book = new CaseBook(registry, this.#timeZone, this.#people.linker());
      this.#book = { size: ledger.size, book };
    }
    return this.#book.book;
  }

  /** The newest first; those with a running clock that ends first before all others. */
  list({ search, state }: CaseListQuery = {}): CaseSummary[] {
    const book = this.#current();
    const wanted = search?.trim().toLowerCase() ?? '';
    const known = [...book.cases.values()].filter(({ facts, numbers }) => {
      const texts = [...numbers, facts.party, facts.plate, facts.unit, facts.place, facts.externalKey];
      const isFound = wanted === '' || texts.some((text) => text?.toLowerCase().includes(wanted));
      return isFound && (state === undefined || isClosedCase(facts) === (state === 'closed'));
    });
    const dueOf = ({ clock }: CaseSummary): string => clock?.dueOn ?? '9999';
    return known
      .map((one) => this.#summary(book, one))
      .sort(
        (a, b) =>
          compareText(dueOf(a), dueOf(b)) || compareText(b.startedAt.utc, a.startedAt.utc) || compareText(a.key, b.key),
      );
  }

  #summary(book: CaseBook, known: KnownCase): CaseSummary {
    const { key, facts } = known;
    const acts = this.#acts(book, known);
    const clips = book.clipsOf(key).length;
    const [clock = null] = this.#clocks(known, acts).filter(({ endedOn }) => endedOn === null);
    return {
      key,
      number: facts.caseNumber,
      kind: facts.kind ?? null,
      unit: facts.unit,
      status: facts.status,
      startedAt: facts.startedAt,
      isClosed: isClosedCase(facts),
      clips,
      notRecorded: acts.filter(({ state }) => state === 'not-recorded').length,
      breaks: acts.reduce((sum, { breaks }) => sum + breaks.length, 0),
      clock,
    };
  }

  /** Periods that run or ended, of every open case; the one that ends first comes first. */
  clocks(): CaseClock[] {
    const book = this.#current();
    return [...book.cases.values()]
      .flatMap((known) => (isClosedCase(known.facts) ? [] : this.#clocks(known, this.#acts(book, known))))
      .sort((a, b) => compareText(a.dueOn, b.dueOn) || compareText(a.case, b.case));
  }

  #acts(book: CaseBook, { key, facts }: KnownCase, reviews?: readonly ReviewRow[]): readonly ActRecording[] {
    const { breakSeconds, edgeSeconds } = this.#context.options.configuration.cases;
    const byReview = new Map<string, readonly string[]>();
    for (const { act, document } of reviews ?? this.#context.registry.cases.reviewsOf(key, [])) {
      if (act !== null) byReview.set(act, document.clips);
    }
    return actRecordings({
      facts,
      list: this.tables.acts,
      clips: book.timed(book.clipsOf(key)),
      byReview,
      tolerance: { breakMs: breakSeconds * 1000, edgeMs: edgeSeconds * 1000 },
    });
  }

  #clocks({ key, facts }: KnownCase, recordings: readonly ActRecording[]): CaseClock[] {
    const { acts } = this.tables;
    const dayOf = (act: CaseAct): CalendarDate => getCalendarDate(act.from.local.slice(0, 10));
    const dated = recordings.flatMap(({ dated: act }) => (act === null ? [] : [act]));
    const daysOf = (role: 'extends' | 'ends', kind: string, after: CaseAct): CalendarDate[] =>
      dated.filter((one) => acts.acts.get(one.act)?.[role] === kind && one.from.utc >= after.from.utc).map(dayOf);
    return recordings
      .flatMap(({ act, dated: started, clips }): CaseClock[] => {
        const definition = acts.acts.get(act);
        const kind = definition?.clock;
        if (kind === undefined || started === null) return [];
        const clock = legalClock({
          kind,
          startedOn: dayOf(started),
          extendedOn: daysOf('extends', kind, started),
          endedOn: daysOf('ends', kind, started)[0] ?? facts.closedOn ?? null,
          today: this.#today(),
          soonDays: this.#context.options.configuration.cases.soonDays,
          calendar: this.tables.calendar,
        });
        const sureFirst = [...clips].sort((a, b) => Number(b.certainty === 'sure') - Number(a.certainty === 'sure'));
        return [
          {
            ...clock,
            case: key,
            number: facts.caseNumber,
            unit: facts.unit,
            act,
            title: definition?.title ?? null,
            clips: sureFirst.map(({ clip }) => clip),
          },
        ];
      })
      .sort((a, b) => compareText(a.dueOn, b.dueOn));
  }

  #today(): CalendarDate {
    return getCalendarDate(today(Date.now(), this.#timeZone));
  }

  /** Undefined when there is no such case. */
  find(number: string): CaseView | undefined {
    const book = this.#current();
    const known = book.find(number);
    if (known === undefined) return undefined;
    const { key, facts } = known;
    const own = book.clipsOf(key);
    const reviews = this.#context.registry.cases.reviewsOf(
      key,
      own.map(({ row }) => row.clip),
    );
    const acts = this.#acts(book, known, reviews);
    const clips = own
      .map((clip) => clipCheckView(this.#parts(book), clip, { known, acts, reviews }))
      .sort((a, b) => (a.time?.startMs[0] ?? Infinity) - (b.time?.startMs[0] ?? Infinity));
    const { code, procedure, isAssumed } = procedureOf(this.tables.acts, facts);
    return {
      key,
      facts,
      formerNumbers: [...known.numbers].filter((one) => one !== facts.caseNumber),
      isClosed: isClosedCase(facts),
      officers: facts.officers.map((certificateNo) => ({ certificateNo, name: book.nameOf(certificateNo) })),
      procedure: { code, title: procedure.title, clause: procedure.clause ?? null, isAssumed },
      qualities: qualities.map((quality) => caseQuality(quality, clips)),
      clips,
      acts: acts.map((act) => this.#actView(act, reviews)),
      clocks: this.#clocks(known, acts),
      reviews: reviews.map(reviewView).reverse(),
    };
  }

  #parts(book: CaseBook) {
    return { registry: this.#context.registry, book, list: this.tables.acts, timeZone: this.#timeZone };
  }

  #actView(act: ActRecording, reviews: readonly ReviewRow[]): ActView {
    const { acts, stages, items } = this.tables.acts;
    const definition = acts.get(act.act);
    const ofAct = reviews.filter((review) => review.act === act.ref);
    const itemView = (code: string): ItemView[] => {
      const item = items.get(code);
      if (item === undefined) return [];
      const last = ofAct.findLast(({ document }) => document.answers[code] !== undefined);
      return [
        {
          code,
          title: { 'zh-CN': item['zh-CN'], en: item.en },
          clause: item.clause ?? null,
          answer: last?.document.answers[code] ?? null,
          by: last?.document.reviewer ?? null,
          at: last?.at ?? null,
        },
      ];
    };
    return {
      ...act,
      title: definition?.title ?? null,
      stage: definition === undefined ? null : (stages.get(definition.stage) ?? null),
      clause: definition?.clause ?? null,
      items: act.state === 'paper' ? [] : itemsOf(this.tables.acts, act.act).flatMap(itemView),
    };
  }

  /** @throws StationError case-unknown */
  check(number: string): CaseView {
    const view = this.find(number);
    if (view !== undefined) return view;
    throw new StationError('case-unknown', `there is no case ${number}`, {
      next: 'Import the cases first: evidock cases import FILE.',
    });
  }

  /** Undefined when there is no such clip. */
  findClipCheck(id: string): ClipCheckView | undefined {
    const book = this.#current();
    const clip = book.clip(id);
    if (clip === undefined) return undefined;
    const known = clip.link.case === null ? undefined : book.cases.get(clip.link.case.number);
    const reviews = this.#context.registry.cases.reviewsOf(known?.key ?? '', [id]);
    const acts = known === undefined ? [] : this.#acts(book, known, reviews);
    return clipCheckView(this.#parts(book), clip, { known, acts, reviews });
  }

  /** @throws StationError clip-unknown */
  checkClip(id: string): ClipCheckView {
    const view = this.findClipCheck(id);
    if (view === undefined) throw clipUnknown(id);
    return view;
  }

  /** Newest first. */
  complaints(): ComplaintView[] {
    const held = versionsAsOf(this.#context.registry.people.versions('complaints'), {
      asOf: getCalendarDate('9999-12-31'),
    });
    return Array.from(held.values(), ({ facts, effectiveFrom }) => ({ facts, since: effectiveFrom })).sort((a, b) =>
      compareText(b.facts.receivedAt.utc, a.facts.receivedAt.utc),
    );
  }

  /** What a lawful deletion of a case or complaint covers. @throws StationError case-unknown, complaint-unknown */
  toDelete(kind: 'cases' | 'complaints', number: string): SubjectToDelete {
    if (kind === 'cases') {
      const { key, facts, formerNumbers, clips } = this.check(number);
      const words = [key, facts.caseNumber, ...formerNumbers];
      return { subject: { kind, key }, words, clips: clips.map(({ clip }) => clip) };
    }
    if (this.#context.registry.people.versionsOfKey(kind, number).length === 0) {
      throw new StationError('complaint-unknown', `there is no complaint ${number}`, {
        next: 'Give the number as the import had it.',
      });
    }
    return { subject: { kind, key: number }, words: [number], clips: [] };
  }

  /** Records what somebody ticked. @returns the record's sequence @throws StationError case-unknown, act-unknown, clip-unknown, item-unknown */
  async review(request: ReviewRequest): Promise<number> {
    const review = newReviewId(random);
    const about = this.#about(request);
    const items = 'clip' in request.target ? [...this.tables.acts.items.keys()] : about.items;
    const answers = Object.fromEntries(
      Object.entries(request.answers).map(([words, answer]) => [
        findItemCode(this.tables.acts, words) ?? words,
        answer,
      ]),
    );
    const unknown = Object.keys(answers).find((item) => !items.includes(item));
    if (unknown !== undefined) {
      const asked = items.map((item) => `${item} ${this.tables.acts.items.get(item)?.['zh-CN'] ?? ''}`.trim());
      throw new StationError('item-unknown', `${unknown} is not asked of this act; asked are ${asked.join(', ')}`, {
        next: 'Tick one of those.',
      });
    }
    const lost = request.clips.find((clip) => this.#context.registry.cases.clip(clip) === undefined);
    if (lost !== undefined) throw clipUnknown(lost);
    const { clips, note, reviewer } = request;
    const document: ActReviewDocument = { case: about.case, act: about.act, answers, clips, note, reviewer };
    const { record } = await this.#context.ledger.append({
      type: 'act-reviewed',
      actor: request.actor,
      subject: about.clip ?? review,
      body: { review, ...(about.clip === undefined ? {} : { clip: about.clip }) },
      documents: [{ id: newDocumentId(random), body: { ...document, answers: { ...answers }, clips: [...clips] } }],
    });
    return record.seq;
  }

  #about({ target }: ReviewRequest): {
    readonly case: string | null;
    readonly act: string | null;
    readonly clip?: string;
    readonly items: readonly string[];
  } {
    if ('clip' in target) {
      const clip = this.#current().clip(target.clip);
      if (clip === undefined) throw clipUnknown(target.clip);
      return { case: clip.link.case?.number ?? null, act: null, clip: target.clip, items: [] };
    }
    const view = this.check(target.case);
    const code = findActCode(this.tables.acts, target.act) ?? target.act;
    const named = view.acts.filter(({ ref, act }) => ref === target.act || act === code);
    const [act] = named;
    if (act === undefined || (named.length > 1 && !named.some(({ ref }) => ref === target.act))) {
      const refs = view.acts.map(({ ref }) => ref).join(', ');
      throw new StationError('act-unknown', `case ${target.case} has no single act ${target.act}; there are ${refs}`, {
        next: 'Name one of those.',
      });
    }
    return { case: view.key, act: act.ref, items: act.items.map((item) => item.code) };
  }
}

const clipUnknown = (clip: string): StationError =>
  new StationError('clip-unknown', `there is no clip ${clip}`, { next: 'List the clips with "evidock clips".' });

const reviewView = ({ seq, at, actor, act, clip, document }: ReviewRow): ReviewView => ({
  seq,
  at,
  actor,
  act,
  clip,
  reviewer: document.reviewer,
  answers: document.answers,
  clips: document.clips,
  note: document.note,
});

function caseQuality(quality: CaseQuality['quality'], clips: readonly ClipCheckView[]): CaseQuality {
  const counts: { [S in CheckState]: number } = { grounded: 0, doubtful: 0, pending: 0 };
  const reasons = new Map<string, { reason: CheckReason; clips: string[] }>();
  for (const clip of clips) {
    const check = clip.qualities.find((one) => one.quality === quality);
    if (check === undefined) continue;
    counts[check.state] += 1;
    for (const reason of check.reasons.filter(({ state }) => state !== 'grounded')) {
      const same = JSON.stringify([reason.code, reason.values]);
      const known = reasons.get(same) ?? { reason, clips: [] };
      known.clips.push(clip.clip);
      reasons.set(same, known);
    }
  }
  const states = (Object.keys(counts) as CheckState[]).filter((state) => counts[state] > 0);
  return { quality, state: worstState(states), clips: counts, reasons: [...reasons.values()] };
}
