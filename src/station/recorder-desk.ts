/**
 * The part of the composition root that changes recorders and assignments by hand: states, pools, giving, taking back,
 * handing on. Each change is one record, so it holds whole or not at all; what speaks against it is asked of the policy,
 * and whoever does it even so says why.
 */
import {
  type AssignmentObjection,
  alreadyAssigned,
  assignmentObjections,
  assignmentsKnown,
  beginning,
  effectiveDay,
  ending,
  lastDayBefore,
} from '../domain/assignment-policy.ts';
import { checkOutsKnownAt } from '../domain/checkout-facts.ts';
import { StationError } from '../domain/errors.ts';
import { newDocumentId, recorderSourceId } from '../domain/ids.ts';
import {
  type AssignmentFacts,
  type AssignmentMode,
  assignmentKey,
  type CalendarDate,
  compareText,
  getCalendarDate,
  isOpenOn,
  type RecorderFacts,
  type RecorderState,
  unitKeyOf,
} from '../domain/people-facts.ts';
import type { Actor } from '../domain/records.ts';
import type { ChangeReasonDocument, SubjectChange, VersionDocument } from '../domain/subject-kinds.ts';
import type { PeopleDesk } from './people-desk.ts';
import { type RecorderBook, recorderUnknown } from './recorder-book.ts';
import { random, type StationContext } from './station-context.ts';

export interface StateChange {
  readonly serial: string;
  readonly state: RecorderState;
  /** A day, or `YYYY-MM-DDTHH:MM:SS`, station time. */
  readonly since: string;
  readonly reason: string | undefined;
  readonly actor: Actor;
}

export interface StateChanged {
  readonly serial: string;
  readonly state: RecorderState;
  readonly since: string;
  /** An entry from a later day that goes on holding from then. */
  readonly later: { readonly state: RecorderState; readonly from: CalendarDate } | null;
}

export interface AssignRequest {
  readonly serial: string;
  readonly certificateNo: string;
  readonly from: CalendarDate;
  readonly mode: AssignmentMode;
  /** Why, although something speaks against it. */
  readonly evenSo: string | undefined;
  readonly actor: Actor;
}

export interface SwapRequest {
  readonly serial: string;
  /** The officer who takes it over, or the recorder that comes in its place. */
  readonly target: { readonly certificateNo: string } | { readonly serial: string };
  readonly on: CalendarDate;
  /** What becomes of the one that was exchanged. */
  readonly state: RecorderState | undefined;
  readonly evenSo: string | undefined;
  readonly actor: Actor;
}

export interface Swapped {
  readonly ended: AssignmentFacts;
  readonly begun: AssignmentFacts;
}

export class RecorderDesk {
  readonly #context: StationContext;
  readonly #people: Pick<PeopleDesk, 'inTurn'>;
  readonly #book: RecorderBook;

  constructor(context: StationContext, people: Pick<PeopleDesk, 'inTurn'>, book: RecorderBook) {
    this.#context = context;
    this.#people = people;
    this.#book = book;
  }

  /** @throws StationError recorder-not-listed, recorder-in-state */
  setState(change: StateChange): Promise<StateChanged> {
    return this.#people.inTurn(async () => {
      const { serial, state, since, reason } = change;
      const day = getCalendarDate(since.slice(0, 10));
      const { document, later } = this.#stateVersion(serial, { state, since });
      const before = this.#book.recorder(serial, day);
      if (before?.state === state && before.stateSince === since && reason === undefined) {
        throw new StationError('recorder-in-state', `${serial} is ${state} since ${since} already`, {
          next: 'See "evidock recorders show" for what is recorded.',
        });
      }
      const why: ChangeReasonDocument[] = reason === undefined ? [] : [{ kind: 'recorders', key: serial, reason }];
      await this.#record('recorder-changed', serial, { change: 'state', actor: change.actor }, [document, ...why]);
      return { serial, state, since, later };
    });
  }

  /** Puts it into a unit's pool; null takes it out of any. @throws StationError recorder-not-listed, unit-unknown */
  setPool(change: {
    readonly serial: string;
    readonly unit: string | null;
    readonly on: CalendarDate;
    readonly actor: Actor;
  }): Promise<{ readonly serial: string; readonly unit: string | null }> {
    return this.#people.inTurn(async () => {
      const { serial, on } = change;
      const { unit: _before, ...facts } = this.#recorder(serial, on);
      const unit = change.unit === null ? null : this.unitKey(change.unit);
      const document: VersionDocument = {
        kind: 'recorders',
        key: serial,
        effectiveFrom: effectiveDay(on, this.#firstDay('recorders')),
        facts: unit === null ? facts : { ...facts, unit },
      };
      await this.#record('recorder-changed', serial, { change: 'pool', actor: change.actor }, [document]);
      return { serial, unit };
    });
  }

  /** @throws StationError recorder-not-listed, officer-unknown, assigned-already, or the first objection's code */
  assign(request: AssignRequest): Promise<AssignmentFacts> {
    return this.#people.inTurn(async () => {
      const { serial, certificateNo, from, mode, evenSo } = request;
      const facts: AssignmentFacts = { certificateNo, serial, from, until: null, mode };
      const objections = this.#checked(facts, []);
      assertOverruled(objections, evenSo);
      const documents = [beginning(facts, this.#firstDay('assignments')), ...whyEvenSo(facts, objections, evenSo)];
      await this.#record('assignment-changed', serial, { change: 'assigned', actor: request.actor }, documents);
      return facts;
    });
  }

  /** What speaks against it, for whoever is asked first. @throws as assign, but for objections */
  objections(facts: Omit<AssignmentFacts, 'until'>): AssignmentObjection[] {
    return this.#checked({ ...facts, until: null }, []);
  }

  /** `on`: its last day. @throws StationError recorder-not-assigned, recorder-several-holders, returned-already */
  giveBack(request: {
    readonly serial: string;
    readonly certificateNo: string | undefined;
    readonly on: CalendarDate;
    readonly actor: Actor;
  }): Promise<AssignmentFacts> {
    return this.#people.inTurn(async () => {
      const { serial, certificateNo, on } = request;
      const open = this.#openOn(serial, on, certificateNo);
      const out = open.filter(({ until }) => until !== on);
      const [returned] = open;
      if (out.length === 0 && returned !== undefined) {
        throw new StationError(
          'returned-already',
          `${returned.certificateNo} has returned ${serial} on ${on} already`,
          {
            next: `Nothing was recorded. See who had it when: evidock recorders show ${serial}.`,
          },
        );
      }
      const held = onlyOne(out, { serial, on, certificateNo });
      await this.#record('assignment-changed', serial, { change: 'returned', actor: request.actor }, [
        ...this.#ending(held, on),
      ]);
      return { ...held, until: on };
    });
  }

  /** @throws StationError recorder-not-listed, officer-unknown, recorder-not-assigned, recorder-several-holders, … */
  swap(request: SwapRequest): Promise<Swapped> {
    return this.#people.inTurn(async () => {
      const { serial, target, on, evenSo } = request;
      this.#recorder(serial, on);
      const held = onlyOne(this.#openOn(serial, on, undefined), { serial, on, certificateNo: undefined });
      const lastDay = lastDayBefore(on);
      const begun: AssignmentFacts = { ...held, ...target, from: on, until: null };
      if (assignmentKey(begun) === assignmentKey({ ...held, from: on })) {
        throw new StationError('assigned-already', `${held.certificateNo} has ${serial} already`, {
          next: 'Name another officer or another recorder.',
        });
      }
      const objections = this.#checked(begun, [held]);
      assertOverruled(objections, evenSo);
      const state =
        request.state === undefined ? [] : [this.#stateVersion(serial, { state: request.state, since: on }).document];
      const change = 'serial' in target ? 'exchanged' : 'handed-over';
      await this.#record('assignment-changed', serial, { change, actor: request.actor }, [
        ...this.#ending(held, lastDay),
        beginning(begun, this.#firstDay('assignments')),
        ...state,
        ...whyEvenSo(begun, objections, evenSo),
      ]);
      return { ended: { ...held, until: lastDay }, begun };
    });
  }

  /** The key of a unit by its name or its code. @throws StationError unit-unknown */
  unitKey(text: string): string {
    const { people } = this.#context.registry;
    for (const { facts } of people.versions('units'))
      if (facts.unit === text || facts.unitCode === text) return facts.unitCode ?? facts.unit;
    for (const { facts } of people.versions('officers'))
      if (facts.unit === text || facts.unitCode === text) return unitKeyOf(facts);
    throw new StationError('unit-unknown', `no roster has the unit "${text}"`, {
      next: 'Write the unit as the roster does.',
    });
  }

  /** What speaks against it; `ended`: assignments that end with the same record. */
  #checked(facts: AssignmentFacts, ended: readonly AssignmentFacts[]): AssignmentObjection[] {
    const { certificateNo, serial, from, mode } = facts;
    const { people, recorders } = this.#context.registry;
    const recorder = this.#recorder(serial, from);
    this.assertOfficer(certificateNo);
    const gone = new Set(ended.map(assignmentKey));
    const known = (versions: ReturnType<typeof people.assignmentsOfRecorder>): AssignmentFacts[] =>
      assignmentsKnown(versions).filter((one) => !gone.has(assignmentKey(one)));
    const ofRecorder = known(people.assignmentsOfRecorder(serial));
    const already = alreadyAssigned(ofRecorder, facts);
    if (already !== undefined) {
      const until = already.until === null ? '' : ` to ${already.until}`;
      throw new StationError('assigned-already', `${certificateNo} has ${serial} from ${already.from}${until}`, {
        next: `To end it: evidock recorders return ${serial} --on DATE.`,
      });
    }
    const out = checkOutsKnownAt(recorders.checkoutsOfRecorder(serial)).find(({ returnedAt }) => returnedAt === null);
    return assignmentObjections({
      certificateNo,
      serial,
      from,
      mode,
      state: recorder.state,
      standing: this.#book.standing(certificateNo, { asOf: from }).kind,
      ofRecorder,
      ofOfficer: known(people.assignmentsOfOfficer(certificateNo)),
      checkedOutTo: out?.certificateNo,
    });
  }

  /** @throws StationError officer-unknown */
  assertOfficer(certificateNo: string): void {
    if (this.#context.registry.people.versionsOfKey('officers', certificateNo).length > 0) return;
    throw new StationError('officer-unknown', `the roster has no certificate ${certificateNo}`, {
      next: 'Import the roster first: evidock roster import FILE.',
    });
  }

  #recorder(serial: string, on: CalendarDate): RecorderFacts {
    const { people } = this.#context.registry;
    const versions = people.versionsOfKey('recorders', serial);
    // One that is listed from a later day on only is told as it will be.
    const facts =
      this.#book.recorder(serial, on) ?? versions.find(({ undoneSequence }) => undoneSequence === undefined)?.facts;
    if (facts === undefined) throw recorderUnknown(serial);
    return facts;
  }

  #stateVersion(
    serial: string,
    { state, since }: Pick<StateChange, 'state' | 'since'>,
  ): { readonly document: VersionDocument; readonly later: StateChanged['later'] } {
    const day = getCalendarDate(since.slice(0, 10));
    const facts: RecorderFacts = { ...this.#recorder(serial, day), state, stateSince: since };
    const effectiveFrom = effectiveDay(day, this.#firstDay('recorders'));
    const later = this.#context.registry.people
      .versionsOfKey('recorders', serial)
      .filter((one) => one.undoneSequence === undefined && one.effectiveFrom > effectiveFrom)
      .sort((a, b) => compareText(a.effectiveFrom, b.effectiveFrom) || b.sequence - a.sequence)[0];
    return {
      document: { kind: 'recorders', key: serial, effectiveFrom, facts },
      later: later === undefined ? null : { state: later.facts.state, from: later.effectiveFrom },
    };
  }

  /** Of one officer, when that is given. */
  #openOn(serial: string, on: CalendarDate, certificateNo: string | undefined): AssignmentFacts[] {
    return assignmentsKnown(this.#context.registry.people.assignmentsOfRecorder(serial)).filter(
      (one) => isOpenOn(one, on) && (certificateNo === undefined || one.certificateNo === certificateNo),
    );
  }

  #ending(held: AssignmentFacts, lastDay: CalendarDate): VersionDocument[] {
    const versions = this.#context.registry.people.versionsOfKey('assignments', assignmentKey(held));
    return ending(held, lastDay, { versions, firstDay: this.#firstDay('assignments') });
  }

  #firstDay(kind: 'recorders' | 'assignments'): CalendarDate | null {
    return this.#context.registry.people.firstDay(kind);
  }

  async #record(
    type: SubjectChange,
    serial: string,
    { change, actor }: { readonly change: string; readonly actor: Actor },
    documents: readonly (VersionDocument | ChangeReasonDocument)[],
  ): Promise<void> {
    await this.#context.ledger.append({
      type,
      actor,
      subject: recorderSourceId(serial),
      body: { change },
      documents: documents.map((body) => ({ id: newDocumentId(random), body: { ...body } as never })),
    });
  }
}

/** The one assignment of several that are open. @throws StationError recorder-not-assigned, recorder-several-holders */
function onlyOne(
  open: readonly AssignmentFacts[],
  { serial, on, certificateNo }: { serial: string; on: CalendarDate; certificateNo: string | undefined },
): AssignmentFacts {
  const [held, ...others] = open;
  if (held === undefined) {
    const whom = certificateNo === undefined ? 'nobody' : `not ${certificateNo}`;
    throw new StationError('recorder-not-assigned', `${whom} has ${serial} on ${on}`, {
      next: `See who had it when: evidock recorders show ${serial}.`,
    });
  }
  if (others.length > 0) {
    const whom = open.map((one) => one.certificateNo).join(', ');
    throw new StationError('recorder-several-holders', `${serial} has several holders on ${on}: ${whom}`, {
      next: `Say whose it is: evidock recorders return ${serial} CERTIFICATE.`,
    });
  }
  return held;
}

/** @throws StationError with the first objection's code when nobody overruled them */
export function assertOverruled(objections: readonly { readonly code: string }[], evenSo: string | undefined): void {
  const [first] = objections;
  if (first === undefined || evenSo !== undefined) return;
  const all = objections.map((one) => Object.values(one).join(' ')).join('; ');
  throw new StationError(first.code, all, { next: 'Put that right first, or give --even-so REASON.' });
}

function whyEvenSo(
  facts: AssignmentFacts,
  objections: readonly AssignmentObjection[],
  evenSo: string | undefined,
): ChangeReasonDocument[] {
  if (evenSo === undefined || objections.length === 0) return [];
  const codes = objections.map(({ code }) => code).join(', ');
  return [{ kind: 'assignments', key: assignmentKey(facts), reason: `${codes}: ${evenSo}` }];
}
