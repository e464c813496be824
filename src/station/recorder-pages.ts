/** The part of the composition root that answers the pages about recorders in people's hands. Nobody signs in there. */
import { assignmentsKnown } from '../domain/assignment-policy.ts';
import { standingOfFacts } from '../domain/certificate-standing.ts';
import { StationError } from '../domain/errors.ts';
import { versionsAsOf } from '../domain/history.ts';
import { compareText, isOpenOn, type OfficerFacts, unitKeyOf } from '../domain/people-facts.ts';
import type {
  OfficerChoice,
  RecorderDetail,
  RecorderMoment,
  RecorderRow,
  UnitChoice,
} from '../domain/recorder-views.ts';
import type { Actor } from '../domain/records.ts';
import type { Station } from '../station.ts';
import type { ClaimView, HandOutRequest, WebRecorders } from '../web/web-recorders.ts';

export class RecorderPages implements WebRecorders {
  readonly #station: Pick<Station, 'context' | 'recorderBook' | 'recorders' | 'checkOuts' | 'today'>;
  readonly #actor: Actor;

  constructor(station: Pick<Station, 'context' | 'recorderBook' | 'recorders' | 'checkOuts' | 'today'>, actor: Actor) {
    this.#station = station;
    this.#actor = actor;
  }

  list(moment: RecorderMoment): RecorderRow[] {
    return this.#station.recorderBook.list(moment);
  }

  find(serial: string, moment: RecorderMoment): RecorderDetail | undefined {
    try {
      return this.#station.recorderBook.show(serial, moment);
    } catch (error) {
      if (error instanceof StationError && error.code === 'recorder-not-listed') return undefined;
      throw error;
    }
  }

  findings(moment: RecorderMoment) {
    return this.#station.recorderBook.findings(moment);
  }

  units(): UnitChoice[] {
    const units = new Map<string, { name: string; officers: number; withoutRecorder: number }>();
    const recorders = this.#personalRecorders();
    for (const facts of this.#certified()) {
      const key = unitKeyOf(facts);
      const unit = units.get(key) ?? { name: facts.unit, officers: 0, withoutRecorder: 0 };
      unit.officers += 1;
      if (!recorders.has(facts.certificateNo)) unit.withoutRecorder += 1;
      units.set(key, unit);
    }
    return Array.from(units, ([key, unit]) => ({ key, ...unit })).sort(
      (a, b) => Number(b.withoutRecorder > 0) - Number(a.withoutRecorder > 0) || compareText(a.key, b.key),
    );
  }

  officers(unit: string): OfficerChoice[] {
    const recorders = this.#personalRecorders();
    return this.#certified()
      .filter((facts) => unitKeyOf(facts) === unit)
      .map(({ certificateNo, name, post }) => ({
        certificateNo,
        name,
        post,
        recorders: recorders.get(certificateNo) ?? [],
      }))
      .sort(
        (a, b) =>
          Math.min(a.recorders.length, 1) - Math.min(b.recorders.length, 1) ||
          compareText(a.certificateNo, b.certificateNo),
      );
  }

  #certified(): OfficerFacts[] {
    const asOf = this.#station.today();
    const held = versionsAsOf(this.#station.context.registry.people.versions('officers'), { asOf });
    return Array.from(held.values(), ({ facts }) => facts).filter(
      (facts) => facts.category !== 'auxiliary' && standingOfFacts(facts, asOf).kind === 'valid',
    );
  }

  /** By certificate number. */
  #personalRecorders(): Map<string, string[]> {
    const asOf = this.#station.today();
    const known = assignmentsKnown(this.#station.context.registry.people.versions('assignments'));
    const open = known.filter((one) => one.mode === 'personal' && isOpenOn(one, asOf));
    const byOfficer = Map.groupBy(open, ({ certificateNo }) => certificateNo);
    return new Map(Array.from(byOfficer, ([certificateNo, own]) => [certificateNo, own.map(({ serial }) => serial)]));
  }

  objections({ kind, serial, certificateNo, shared }: Omit<HandOutRequest, 'evenSo'>): { readonly code: string }[] {
    if (kind === 'check-out') return this.#station.checkOuts.objections(serial, certificateNo);
    const mode = shared ? 'shared' : 'personal';
    return this.#station.recorders.objections({ serial, certificateNo, from: this.#station.today(), mode });
  }

  selfCheck(serial: string) {
    return this.#station.checkOuts.selfCheck(serial);
  }

  async handOut({ kind, serial, certificateNo, shared, evenSo }: HandOutRequest): Promise<void> {
    const { recorders, checkOuts } = this.#station;
    const common = { serial, certificateNo, evenSo, actor: this.#actor };
    if (kind === 'check-out') await checkOuts.checkOut({ ...common, at: undefined, returnedAt: undefined });
    else await recorders.assign({ ...common, from: this.#station.today(), mode: shared ? 'shared' : 'personal' });
  }

  async checkIn(serial: string): Promise<void> {
    await this.#station.checkOuts.checkIn({ serial, at: undefined, basis: 'by-hand', actor: this.#actor });
  }

  async claim(request: { clip: string; certificateNo: string; statement: string }): Promise<void> {
    await this.#station.checkOuts.claim({ ...request, actor: this.#actor });
  }

  claims(clip: string): ClaimView[] {
    const { context, recorderBook } = this.#station;
    const asOf = this.#station.today();
    return context.registry.recorders.claimsOfClip(clip).map(({ certificateNo, statement, at, seq }) => {
      const name = recorderBook.officer(certificateNo, asOf)?.name ?? null;
      return { certificateNo, name, statement, at, seq };
    });
  }
}
