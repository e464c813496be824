/**
 * The part of the composition root for shared recorders and claims: checking out (领用) with its self-check, returning
 * (交还), withdrawing what was entered by mistake, claiming a clip (认领), and what driver and card say while docked.
 */
import { statfs } from 'node:fs/promises';
import { assignmentsKnown } from '../domain/assignment-policy.ts';
import { type CheckOutCheck, checkOutChecks } from '../domain/check-out-policy.ts';
import {
  type CheckOut,
  type CheckOutDocument,
  type CheckOutWithdrawnDocument,
  type ClaimDocument,
  checkOutsKnownAt,
  type RecorderConditionBody,
  type ReturnBasis,
} from '../domain/checkout-facts.ts';
import type { DockedRecorder } from '../domain/dock.ts';
import { StationError } from '../domain/errors.ts';
import { type HandOutObjection, handOutObjections, planHandOut } from '../domain/hand-out-policy.ts';
import { isDefaultSerial, newCheckOutId, newDocumentId, recorderSourceId } from '../domain/ids.ts';
import { getCalendarDate, isOpenOn } from '../domain/people-facts.ts';
import type { HandedOut } from '../domain/recorder-views.ts';
import type { Actor } from '../domain/records.ts';
import { instantToLocalDate } from '../domain/station-time.ts';
import type { PeopleDesk } from './people-desk.ts';
import { type RecorderBook, recorderUnknown } from './recorder-book.ts';
import { assertOverruled, type RecorderDesk } from './recorder-desk.ts';
import { random, type StationContext, systemActor } from './station-context.ts';

export interface CheckOutRequest {
  readonly serial: string;
  readonly certificateNo: string;
  /** ISO UTC with milliseconds; now when not given. */
  readonly at: string | undefined;
  /** Of a shift that is entered afterwards. */
  readonly returnedAt: string | undefined;
  readonly evenSo: string | undefined;
  readonly actor: Actor;
}

export interface CheckOutParts {
  readonly people: Pick<PeopleDesk, 'inTurn'>;
  readonly book: RecorderBook;
  readonly recorders: Pick<RecorderDesk, 'assertOfficer'>;
}

export class CheckOutDesk {
  readonly #context: StationContext;
  readonly #parts: CheckOutParts;

  constructor(context: StationContext, parts: CheckOutParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** @throws StationError recorder-not-listed, officer-unknown, checkout-…, or the first objection's code */
  checkOut(request: CheckOutRequest): Promise<HandedOut> {
    return this.#parts.people.inTurn(async () => {
      const { serial, certificateNo, evenSo, returnedAt } = request;
      const at = request.at ?? new Date().toISOString();
      const { ends, objections } = this.#considered(serial, { certificateNo, at, returnedAt: returnedAt ?? null });
      assertOverruled(objections, evenSo);
      const checkout = newCheckOutId(random);
      const checks = this.selfCheck(serial);
      const isOverruled = evenSo !== undefined && objections.length > 0;
      const document: CheckOutDocument = { certificateNo, checks, ...(isOverruled ? { evenSo } : {}) };
      await this.#context.ledger.append({
        type: 'recorder-checked-out',
        actor: request.actor,
        subject: recorderSourceId(serial),
        body: {
          checkout,
          recorder: serial,
          at,
          ...(returnedAt === undefined ? {} : { returnedAt }),
          ...(ends === undefined ? {} : { ends: ends.checkout }),
        },
        documents: [{ id: newDocumentId(random), body: { ...document } as never }],
      });
      return { checkout, checks };
    });
  }

  /** What speaks against handing it out now. @throws as checkOut, but for objections */
  objections(serial: string, certificateNo: string): HandOutObjection[] {
    return this.#considered(serial, { certificateNo, at: new Date().toISOString(), returnedAt: null }).objections;
  }

  #considered(
    serial: string,
    wanted: { readonly certificateNo: string; readonly at: string; readonly returnedAt: string | null },
  ): { readonly ends: CheckOut | undefined; readonly objections: HandOutObjection[] } {
    const { people, recorders } = this.#context.registry;
    const { book } = this.#parts;
    const { certificateNo, at } = wanted;
    if (people.versionsOfKey('recorders', serial).length === 0) throw recorderUnknown(serial);
    this.#parts.recorders.assertOfficer(certificateNo);
    const known = checkOutsKnownAt(recorders.checkoutsOfRecorder(serial));
    const plan = planHandOut(wanted, { known, now: new Date().toISOString() });
    if (plan.kind !== 'possible') throw refusal(plan.kind, serial, 'other' in plan ? plan.other : undefined);
    const day = getCalendarDate(instantToLocalDate(Date.parse(at), book.timeZone));
    const isOpen = ({ outAt, returnedAt }: CheckOut): boolean =>
      outAt <= at && (returnedAt === null || returnedAt > at);
    const objections = handOutObjections({
      certificateNo,
      serial,
      ends: plan.ends,
      assignments: assignmentsKnown(people.assignmentsOfRecorder(serial)).filter((one) => isOpenOn(one, day)),
      state: book.recorder(serial, day)?.state,
      standing: book.standing(certificateNo, { asOf: day }).kind,
      officersOpen: checkOutsKnownAt(recorders.checkoutsOfOfficer(certificateNo)).filter(isOpen),
    });
    return { ends: plan.ends, objections };
  }

  /** @throws StationError recorder-not-out, checkout-in-future, checkout-returned-before-out */
  checkIn(request: {
    readonly serial: string;
    readonly at: string | undefined;
    readonly basis: ReturnBasis;
    readonly actor: Actor;
  }): Promise<CheckOut> {
    return this.#parts.people.inTurn(async () => {
      const { serial, basis, actor } = request;
      const now = new Date().toISOString();
      const at = request.at ?? now;
      const open = this.#open(serial);
      if (open === undefined) {
        throw new StationError('recorder-not-out', `${serial} is not checked out`, {
          next: `See who had it when: evidock recorders show ${serial}.`,
        });
      }
      if (at > now) throw refusal('in-future', serial);
      if (at <= open.outAt) throw refusal('returned-before-out', serial, open);
      const { ledger } = this.#context;
      const { record } = await ledger.append({
        type: 'recorder-returned',
        actor,
        subject: recorderSourceId(serial),
        body: { checkout: open.checkout, recorder: serial, at, basis },
      });
      return { ...open, returnedAt: at, returnedSeq: record.seq, returnBasis: basis };
    });
  }

  /** It never was; a right one may be entered in its place. @throws StationError checkout-unknown */
  withdraw(request: { readonly checkout: string; readonly reason: string; readonly actor: Actor }): Promise<CheckOut> {
    return this.#parts.people.inTurn(async () => {
      const known = this.#context.registry.recorders.checkout(request.checkout);
      if (known === undefined || known.withdrawnSeq !== null) {
        throw new StationError('checkout-unknown', `there is no check-out ${request.checkout}`, {
          next: 'Take its id from "evidock recorders show".',
        });
      }
      const document: CheckOutWithdrawnDocument = { certificateNo: known.certificateNo, reason: request.reason };
      await this.#context.ledger.append({
        type: 'checkout-withdrawn',
        actor: request.actor,
        subject: recorderSourceId(known.recorder),
        body: { checkout: known.checkout },
        documents: [{ id: newDocumentId(random), body: { ...document } }],
      });
      return known;
    });
  }

  /** What is known of it since it was last docked. */
  selfCheck(serial: string): CheckOutCheck[] {
    const { recorders } = this.#context.registry;
    const config = this.#context.options.configuration.recorders;
    const condition = recorders.condition(serial);
    const volumes = condition?.volumes ?? 1;
    const last = recorders.lastInventories(recorderSourceId(serial), volumes + 1);
    const visit = last.slice(0, volumes);
    const isOfVisit = visit.some(({ docking }) => docking === condition?.docking);
    const sum = (numbers: readonly (number | null)[]): number | null =>
      numbers.length === 0 || numbers.includes(null)
        ? null
        : numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
    const cleared = visit.reduce((total, { clearedBytes }) => total + clearedBytes, 0);
    const free = isOfVisit ? (condition?.freeBytes ?? null) : null;
    return checkOutChecks(
      {
        batteryPercent: isOfVisit ? (condition?.batteryPercent ?? null) : null,
        freeBytes: free === null ? null : free + cleared,
        clock: this.#clock(serial, { measured: visit[0], before: last[volumes]?.startedSeq ?? -1 }),
        filesOnCard: sum(visit.map(({ files, cleared: gone }) => (files === null ? null : files - gone))),
      },
      {
        batteryPercentMin: config.batteryPercentMin,
        freeBytesMin: config.freeMebibytesMin * 1024 * 1024,
        clockErrorMsMax: config.clockErrorSecondsMax * 1000,
        filesOnCardMax: config.filesOnCardMax,
      },
    );
  }

  /** Since it was set at its last docking it is right to what it was told; else as the docking measured it. */
  #clock(
    serial: string,
    {
      measured,
      before,
    }: {
      readonly measured: { readonly atLeastMs: number | null; readonly atMostMs: number | null } | undefined;
      readonly before: number;
    },
  ): { readonly atLeastMs: number | null; readonly atMostMs: number | null } | null {
    const set = this.#context.registry.recorders.lastClockSet(serial, before);
    if (set === undefined) return measured ?? null;
    const told = Date.parse(set.toldAt);
    return { atLeastMs: told - Date.parse(set.endedAt), atMostMs: told + 1000 - Date.parse(set.startedAt) };
  }

  /** @throws StationError clip-unknown, officer-unknown, claim-repeated */
  claim(request: {
    readonly clip: string;
    readonly certificateNo: string;
    readonly statement: string;
    readonly actor: Actor;
  }): Promise<number> {
    return this.#parts.people.inTurn(async () => {
      const { clip, certificateNo, statement, actor } = request;
      const { registry, ledger } = this.#context;
      if (registry.pages.clip(clip) === undefined) {
        throw new StationError('clip-unknown', `there is no clip ${clip}`, {
          next: 'List the clips with "evidock clips".',
        });
      }
      this.#parts.recorders.assertOfficer(certificateNo);
      const last = registry.recorders.claimsOfClip(clip).findLast((one) => one.certificateNo === certificateNo);
      if (last !== undefined && last.statement === statement) {
        throw new StationError('claim-repeated', `${certificateNo} has claimed ${clip} already (record ${last.seq})`, {
          next: 'Add a statement if there is more to say.',
        });
      }
      const document: ClaimDocument = { certificateNo, statement };
      const { record } = await ledger.append({
        type: 'clip-claimed',
        actor,
        subject: clip,
        body: { clip },
        documents: [{ id: newDocumentId(random), body: { ...document } }],
      });
      return record.seq;
    });
  }

  /** While it is docked: what driver and card say of it, and its return where configuration says so. */
  async docked(docking: string, recorder: DockedRecorder): Promise<void> {
    const { serial, isSerialShared, volumes = [], clock } = recorder;
    if (serial === undefined || isSerialShared === true || isDefaultSerial(serial)) return;
    const batteryPercent = clock?.batteryPercent ?? null;
    const freeBytes = await freeOn(volumes.map(({ path }) => path));
    if (batteryPercent !== null || freeBytes !== null) {
      const body: RecorderConditionBody = {
        docking,
        recorder: serial,
        volumes: Math.max(1, volumes.length),
        batteryPercent,
        freeBytes,
      };
      await this.#context.ledger.append({
        type: 'recorder-condition',
        actor: systemActor,
        subject: docking,
        body: { ...body },
      });
    }
    if (!this.#context.options.configuration.recorders.returnAtDock || this.#open(serial) === undefined) return;
    await this.checkIn({ serial, at: undefined, basis: 'docking', actor: systemActor });
  }

  #open(serial: string): CheckOut | undefined {
    const known = checkOutsKnownAt(this.#context.registry.recorders.checkoutsOfRecorder(serial));
    return known.findLast(({ returnedAt }) => returnedAt === null);
  }
}

/** Null where nothing is mounted, or a card does not say. */
async function freeOn(paths: readonly string[]): Promise<number | null> {
  if (paths.length === 0) return null;
  let free = 0;
  for (const path of paths) {
    const disk = await statfs(path).catch(() => undefined);
    if (disk === undefined) return null;
    free += disk.bavail * disk.bsize;
  }
  return Number.isSafeInteger(free) ? free : null;
}

function refusal(
  kind: 'in-future' | 'returned-before-out' | 'out-already' | 'overlaps',
  serial: string,
  other?: CheckOut,
): StationError {
  const span = other === undefined ? '' : ` (${other.certificateNo}, ${other.outAt} to ${other.returnedAt ?? 'now'})`;
  switch (kind) {
    case 'in-future':
      return new StationError('checkout-in-future', `${serial}: that time has not come`, {
        next: 'Give the time at which it was handed out or returned, station time.',
      });
    case 'returned-before-out':
      return new StationError('checkout-returned-before-out', `${serial}: returned before it was handed out${span}`, {
        next: 'Give a later time of return.',
      });
    case 'out-already':
      return new StationError('checked-out-already', `${serial} is checked out to the same officer${span}`, {
        next: `Return it first: evidock recorders check-in ${serial}.`,
      });
    case 'overlaps':
      return new StationError('checkout-overlaps', `${serial} was with somebody then${span}`, {
        next: 'Give --returned for a shift that was over before, or withdraw the wrong check-out.',
      });
  }
}
