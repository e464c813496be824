/**
 * The part of the composition root for holds (保全): placing and releasing them, what they cover, the bag that answers a
 * review or lawsuit, and what a complaint proposes. Whoever deletes asks here first.
 */
import { setImmediate as immediate } from 'node:timers/promises';
import { foldPlate, foldUnit, type Proposal, proposeClips } from '../domain/complaint-clips-policy.ts';
import type { SubjectKey } from '../domain/deletion-policy.ts';
import { StationError } from '../domain/errors.ts';
import { purposeWords } from '../domain/export-policy.ts';
import { versionsAsOf } from '../domain/history.ts';
import { answerDue, type HoldKind } from '../domain/hold-policy.ts';
import { newDocumentId, newHoldId } from '../domain/ids.ts';
import { foldCaseNumber } from '../domain/linking-facts.ts';
import type { LinkAnswer } from '../domain/linking-policy.ts';
import {
  type CalendarDate,
  type ComplaintFacts,
  getCalendarDate,
  type OfficerFacts,
  unitKeyOf,
} from '../domain/people-facts.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { Actor, NewRecord } from '../domain/records.ts';
import { clipsPerRecord, type HoldDocument, type HoldPlacedBody } from '../domain/retention-facts.ts';
import { dayAfter, instantToLocalDate, localTimeToInstant, today } from '../domain/station-time.ts';
import { pathTo, type UnitTree, unitTreeOn } from '../domain/unit-tree.ts';
import { daysLeft, type WorkingCalendar } from '../domain/working-days.ts';
import { type ClipJudge, recordedRange } from '../keeping/clip-judge.ts';
import type { HoldRow, KeepableRow } from '../registry/retention-queries.ts';
import { clipJudge, holdIndex } from './clip-judging.ts';
import type { ExportRequest } from './export-desk.ts';
import type { LinkDesk } from './link-desk.ts';
import type { PeopleDesk } from './people-desk.ts';
import { random, type StationContext } from './station-context.ts';

export interface HoldRequest {
  readonly kind: HoldKind;
  readonly number: string;
  readonly clips: readonly string[];
  readonly caseNumber?: string | undefined;
  readonly officer?: string | undefined;
  /** Station-time days that limit the officer's clips, both included. */
  readonly from?: CalendarDate | undefined;
  readonly until?: CalendarDate | undefined;
  /** Today when not given. */
  readonly receivedOn?: CalendarDate | undefined;
  readonly complaint?: string | undefined;
  readonly name: string;
  readonly reason?: string | undefined;
  readonly actor: Actor;
}

export interface HoldView extends HoldRow {
  /** Clips that it names one by one. */
  readonly namedClips: number;
  /** Days left after today for the answer; negative: so many over. Null where none is due. */
  readonly daysLeft: number | null;
}

export interface PlacedHold extends HoldView {
  /** Years of the answer's time that the calendar of working days does not have. */
  readonly unknownYears: readonly number[];
  /** False: no case list has its case; it holds what is linked to that number all the same. */
  readonly isCaseKnown: boolean;
}

const purposes: { readonly [K in HoldKind]: string } = {
  review: purposeWords.review,
  litigation: purposeWords.litigation,
  discipline: purposeWords.discipline,
  transfer: purposeWords.transfer,
  complaint: purposeWords.supervision,
  case: purposeWords['file-review'],
  other: purposeWords.other,
};

/** Clips that one look through all of them takes at a time, between which others get their turn. */
const pageRows = 500;

export class HoldDesk {
  readonly #context: StationContext;
  readonly #people: PeopleDesk;
  readonly #calendar: WorkingCalendar;
  readonly #links: Pick<LinkDesk, 'proposals' | 'caseNumber' | 'linksOf'>;
  /** Runs work while no deletion is under way. */
  readonly #between: <T>(work: () => Promise<T>) => Promise<T>;

  constructor(
    context: StationContext,
    people: PeopleDesk,
    parts: {
      readonly calendar: WorkingCalendar;
      readonly links: Pick<LinkDesk, 'proposals' | 'caseNumber' | 'linksOf'>;
      readonly between: <T>(work: () => Promise<T>) => Promise<T>;
    },
  ) {
    this.#context = context;
    this.#people = people;
    this.#calendar = parts.calendar;
    this.#between = parts.between;
    this.#links = parts.links;
  }

  today(): CalendarDate {
    return getCalendarDate(today(Date.now(), this.#context.options.configuration.station.timeZone));
  }

  /** A case is proposed, and nobody has said yes or no. */
  readonly #hasOpenProposal = (clip: string): boolean => {
    const last = this.#links
      .linksOf(clip)
      .history.findLast(({ target, action }) => target === 'case' && action !== 'rejected');
    const isAnswered = last !== undefined && last.action !== 'unlinked';
    return !isAnswered && this.#links.proposals(clip).length > 0;
  };

  judge(asOf: CalendarDate = this.today()): ClipJudge<HoldRow> {
    return clipJudge(this.#context, this.#people, { asOf, hasOpenProposal: this.#hasOpenProposal });
  }

  /** Holds that stand on a clip now. */
  holdsOf(clip: string): readonly HoldRow[] {
    return this.standing()(clip);
  }

  /** The same for many clips of one answer. */
  standing(): (clip: string) => readonly HoldRow[] {
    const judge = this.judge();
    return (clip) => {
      const row = this.#context.registry.retention.keepable(clip);
      return row === undefined ? [] : judge.holdsOf(row);
    };
  }

  isHeld(): (clip: string) => boolean {
    const holdsOf = this.standing();
    return (clip) => holdsOf(clip).length > 0;
  }

  /** @throws StationError clip-on-hold */
  assertFree(clip: string): void {
    const [hold] = this.holdsOf(clip);
    if (hold === undefined) return;
    throw new StationError('clip-on-hold', `clip ${clip} is on hold ${hold.hold} (${hold.number})`, {
      next: 'Nothing on hold is deleted, by whomever. Release the hold first: evidock hold release.',
    });
  }

  /** @throws StationError person-on-hold */
  assertPersonFree(certificateNo: string): void {
    const index = holdIndex(this.#context, this.#context.registry.retention.standingHolds());
    const [hold] = index.ofOfficer(certificateNo);
    if (hold === undefined) return;
    throw new StationError('person-on-hold', `${hold.hold} (${hold.number}) holds what this officer recorded`, {
      next: 'Release the hold first: evidock hold release.',
    });
  }

  /** A case or complaint that a hold names. @throws StationError subject-on-hold */
  assertSubjectFree({ kind, key }: SubjectKey): void {
    const hold = this.#context.registry.retention
      .standingHolds()
      .find(
        ({ caseNumber, complaint }) =>
          (kind === 'cases' ? caseNumber : kind === 'complaints' ? complaint : null) === key,
      );
    if (hold === undefined) return;
    throw new StationError('subject-on-hold', `${hold.hold} (${hold.number}) holds ${key}`, {
      next: 'Release the hold first: evidock hold release.',
    });
  }

  /** @throws StationError clip-unknown, officer-unknown, hold-empty */
  async place(request: HoldRequest): Promise<PlacedHold> {
    const scope = this.#scope(request);
    const receivedOn = request.receivedOn ?? this.today();
    const due = answerDue(request.kind, receivedOn, this.#calendar);
    const hold = newHoldId(random);
    const document: HoldDocument = {
      number: request.number,
      placedBy: request.name,
      reason: request.reason ?? null,
      receivedOn,
      answerBy: due?.day ?? null,
      caseNumber: scope.caseNumber,
      officer: scope.officer,
      from: request.from === undefined ? null : this.#startOf(request.from),
      until: request.until === undefined ? null : this.#startOf(dayAfter(request.until)),
      complaint: request.complaint ?? null,
    };
    await this.#between(() =>
      this.#context.ledger.appendAll(placing(hold, { ...request, clips: scope.clips }, document)),
    );
    return { ...this.hold(hold), unknownYears: due?.unknownYears ?? [], isCaseKnown: scope.isCaseKnown };
  }

  #scope(request: HoldRequest) {
    const { registry } = this.#context;
    const clips = [...new Set(request.clips)];
    for (const clip of clips) if (registry.pages.clip(clip) === undefined) throw clipUnknown(clip);
    const { caseNumber = null, officer = null } = request;
    if (clips.length === 0 && caseNumber === null && officer === null) {
      throw new StationError('hold-empty', 'a hold needs clips, a case or an officer', {
        next: 'Give --clip, --case or --officer.',
      });
    }
    if (officer !== null && registry.people.versionsOfKey('officers', officer).length === 0) {
      throw new StationError('officer-unknown', `the roster has no certificate ${officer}`, {
        next: 'Import the roster first: evidock roster import FILE.',
      });
    }
    const known = caseNumber === null ? undefined : this.#people.linker().findCase(caseNumber);
    return { clips, officer, caseNumber: known ?? caseNumber, isCaseKnown: caseNumber === null || known !== undefined };
  }

  /** @throws StationError hold-unknown, hold-released-before */
  async release(hold: string, by: { name: string; reason: string; actor: Actor }): Promise<HoldView> {
    const known = this.hold(hold);
    if (known.releasedAt !== null) {
      throw new StationError('hold-released-before', `${hold} was released by ${known.releasedBy}`);
    }
    const documents = [{ id: newDocumentId(random), body: { releasedBy: by.name, reason: by.reason } }];
    await this.#context.ledger.append({
      ...{ type: 'hold-released', actor: by.actor, subject: hold, body: { hold } },
      documents,
    });
    return this.hold(hold);
  }

  /** @throws StationError hold-unknown */
  hold(hold: string): HoldView {
    const row = this.#context.registry.retention.hold(hold);
    if (row !== undefined) return this.#view(row);
    throw new StationError('hold-unknown', `there is no hold ${hold}`, { next: 'List them with "evidock hold list".' });
  }

  /** Those that stand, then the latest that were released. */
  holds(released: number): HoldView[] {
    const { retention } = this.#context.registry;
    return [...retention.standingHolds(), ...retention.releasedHolds(released)].map((row) => this.#view(row));
  }

  #view(row: HoldRow): HoldView {
    const { answerBy, kind, releasedAt } = row;
    const left =
      answerBy === null || releasedAt !== null
        ? null
        : daysLeft(this.#calendar, {
            from: this.today(),
            to: getCalendarDate(answerBy),
            counts: kind === 'review' ? 'working' : 'calendar',
          });
    const { caseNumber } = row;
    return {
      ...row,
      // It holds by the key of the case; people know its number.
      caseNumber: caseNumber === null ? null : this.#links.caseNumber(caseNumber),
      namedClips: this.#context.registry.retention.clipsOfHold(row.hold).length,
      daysLeft: left,
    };
  }

  /** Every clip that a hold covers now, or would cover had it not been released; in the order of sealing. */
  async clipsOf(hold: string): Promise<string[]> {
    const { retention } = this.#context.registry;
    const row = retention.hold(hold);
    if (row === undefined) return [];
    if (row.caseNumber === null && row.officer === null) {
      return retention.clipsOfHold(hold).filter((clip) => retention.keepable(clip) !== undefined);
    }
    const judge = clipJudge(
      this.#context,
      this.#people,
      { asOf: this.today(), hasOpenProposal: this.#hasOpenProposal },
      [row],
    );
    const clips: string[] = [];
    for await (const clip of this.allClips()) if (judge.holdsOf(clip).length > 0) clips.push(clip.clip);
    return clips;
  }

  /** In the order of sealing; others get their turn in between. */
  async *allClips(sealedBefore = '9999'): AsyncGenerator<KeepableRow> {
    let after = -1;
    for (;;) {
      const rows = this.#context.registry.retention.sealedBefore(sealedBefore, after, pageRows);
      yield* rows;
      if (rows.length < pageRows) return;
      after = rows.at(-1)?.sealedSeq ?? after;
      await immediate();
    }
  }

  /** What the bag of a hold asks of the exports desk. @throws StationError hold-unknown, hold-empty */
  async bagRequest(
    hold: string,
    wanted: Pick<ExportRequest, 'out' | 'approvedBy' | 'recipient' | 'actor' | 'zip'> & {
      applicant: string | undefined;
    },
  ): Promise<ExportRequest> {
    const row = this.hold(hold);
    const clips = await this.clipsOf(hold);
    if (clips.length === 0) {
      throw new StationError('hold-empty', `hold ${hold} covers no clip`, { next: 'Link clips to its case first.' });
    }
    const { applicant = row.placedBy, ...rest } = wanted;
    const caseNumber = row.caseNumber ?? undefined;
    return {
      ...rest,
      applicant,
      clips,
      caseNumber,
      withPreviews: false,
      purpose: purposes[row.kind],
      basis: row.number,
    };
  }

  /** Clips that a complaint touches, best first. @throws StationError complaint-unknown */
  async propose(number: string): Promise<(Proposal & { readonly path: string; readonly isHeld: boolean })[]> {
    const facts = this.#complaint(number);
    const { keeping, station } = this.#context.options.configuration;
    const linker = this.#people.linker();
    const judge = this.judge();
    const plate = plateOf(facts);
    const unit = facts.unit === undefined ? null : foldUnit(facts.unit);
    const { people } = this.#context.registry;
    const tree = unitTreeOn(people.versions('units'), this.today());
    const named = facts.caseNumber === undefined ? null : foldKey(linker, facts.caseNumber);
    const rows = new Map<string, KeepableRow>();
    const clips = [];
    for await (const row of this.allClips()) {
      const link = linker.link(row);
      const linked = caseOf(link);
      const ofCase = linked === null ? undefined : this.#holding('cases', linked);
      const officer =
        link.officer === null
          ? undefined
          : // Whoever was moved since belongs to the unit of that day.
            this.#holding('officers', link.officer.number, this.#dayOf(row.correctedEarliest ?? row.recordedAt));
      const inName = plate !== null && foldPlate(readablePath(row.path)).includes(plate);
      rows.set(row.clip, row);
      clips.push({
        clip: row.clip,
        recorded: recordedRange(row),
        caseNumber: linked === null ? null : foldCaseNumber(linked),
        plate: inName ? plate : plateOf(ofCase),
        place: ofCase?.place ?? null,
        position: positionOf(ofCase),
        units: unitsOf(officer, tree),
      });
    }
    const question = {
      ...{ caseNumber: named, plate, unit, place: facts.place ?? null },
      isUnitKnown: [...people.unitNames()].flat().some((known) => foldUnit(known) === unit),
      ...{
        position: positionOf(facts),
        happened: happenedRange(facts, keeping.complaintMarginMinutes, station.timeZone),
      },
    };
    return proposeClips(question, clips, keeping.complaintPlaceMetres).map((proposal) => {
      const row = rows.get(proposal.clip) as KeepableRow;
      return { ...proposal, path: readablePath(row.path), isHeld: judge.holdsOf(row).length > 0 };
    });
  }

  #complaint(number: string): ComplaintFacts {
    const facts = this.#holding('complaints', number.trim());
    if (facts !== undefined) return facts;
    throw new StationError('complaint-unknown', `there is no complaint ${number}`, {
      next: 'Import the complaints first: evidock complaints import FILE.',
    });
  }

  #holding<K extends 'cases' | 'officers' | 'complaints'>(kind: K, key: string, asOf = this.today()) {
    const versions = this.#context.registry.people.versionsOfKey(kind, key);
    return (versionsAsOf(versions, { asOf }).get(key) ?? versions[0])?.facts;
  }

  #dayOf(instant: string | null): CalendarDate {
    const { timeZone } = this.#context.options.configuration.station;
    return instant === null ? this.today() : getCalendarDate(instantToLocalDate(Date.parse(instant), timeZone));
  }

  #startOf(day: string): string {
    const { timeZone } = this.#context.options.configuration.station;
    return new Date(localTimeToInstant(`${day}T00:00:00`, timeZone)).toISOString();
  }
}

const clipUnknown = (clip: string): StationError =>
  new StationError('clip-unknown', `there is no clip ${clip}`, { next: 'List the clips with "evidock clips".' });

function placing(hold: string, { kind, clips, actor }: HoldRequest, document: HoldDocument): NewRecord[] {
  const body: HoldPlacedBody = { hold, kind, clips: clips.slice(0, clipsPerRecord) };
  const documents = [{ id: newDocumentId(random), body: { ...document } }];
  const records: NewRecord[] = [{ type: 'hold-placed', actor, subject: hold, body: { ...body }, documents }];
  for (let at = clipsPerRecord; at < clips.length; at += clipsPerRecord) {
    const more = { hold, clips: clips.slice(at, at + clipsPerRecord) };
    records.push({ type: 'hold-extended', actor, subject: hold, body: more });
  }
  return records;
}

const plateOf = (facts: { readonly plate?: string } | undefined): string | null =>
  facts?.plate === undefined ? null : foldPlate(facts.plate);

const foldKey = (linker: { findCase(number: string): string | undefined }, number: string): string =>
  foldCaseNumber(linker.findCase(number) ?? number);

function positionOf(facts: { readonly latitude?: number; readonly longitude?: number } | undefined) {
  const { latitude, longitude } = facts ?? {};
  return latitude === undefined || longitude === undefined ? null : { latitude, longitude };
}

/** A complaint may name the unit itself or any above it, by name or code. */
function unitsOf(officer: OfficerFacts | undefined, tree: UnitTree): string[] {
  if (officer === undefined) return [];
  const keys = pathTo(tree, unitKeyOf(officer));
  return [officer.unit, ...keys, ...keys.flatMap((key) => tree.get(key)?.name ?? [])].map(foldUnit);
}

/** A day without an hour is the whole day. */
function happenedRange({ happenedFrom, happenedUntil }: ComplaintFacts, marginMinutes: number, timeZone: string) {
  const first = happenedFrom ?? happenedUntil;
  if (first === undefined) return null;
  const last = happenedUntil ?? first;
  const isDay = !last.local.includes('T');
  const day = last.local.slice(0, 10);
  const end = isDay ? localTimeToInstant(`${dayAfter(day)}T00:00:00`, timeZone) : Date.parse(last.utc);
  const margin = marginMinutes * 60_000;
  return {
    earliest: new Date(Date.parse(first.utc) - margin).toISOString(),
    latest: new Date(end + margin).toISOString(),
  };
}

/** The case that it is tied to, or that its name has while nobody has decided. */
const caseOf = ({ case: linked, namedCase }: LinkAnswer): string | null => linked?.number ?? namedCase;
