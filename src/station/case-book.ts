/**
 * What one answer about cases is worked out from: every case, the clips that are linked to each, what their officers'
 * certificates were worth on a day. Made anew whenever the ledger grew, so that it never outlives what it says.
 */

import type { TimedClip } from '../domain/act-recordings.ts';
import { type KnownCase, knownCases } from '../domain/case-identity.ts';
import type { CertificateStanding } from '../domain/certificate-standing.ts';
import { clipTimeOf } from '../domain/clip-time.ts';
import { countsAt, type Version } from '../domain/history.ts';
import type { LinkAnswer } from '../domain/linking-policy.ts';
import { type CalendarDate, getCalendarDate, type OfficerFacts } from '../domain/people-facts.ts';
import { personStandingOn } from '../domain/person-standing.ts';
import type { DayStanding } from '../domain/self-check-policy.ts';
import { dayAfter, instantToLocalDate } from '../domain/station-time.ts';
import type { ClipLinker } from '../linking/clip-linker.ts';
import type { CaseClipRow } from '../registry/case-queries.ts';
import type { Registry } from '../registry/registry.ts';

/** Days on which one recording may have been made, before nobody can say. */
const daysMax = 31;

export interface CaseClip {
  readonly row: CaseClipRow;
  readonly link: LinkAnswer;
}

export class CaseBook {
  readonly cases: ReadonlyMap<string, KnownCase>;
  readonly #registry: Registry;
  readonly #timeZone: string;
  readonly #linker: ClipLinker;
  #clips: Map<string, CaseClip[]> | undefined;
  readonly #certificates = new Map<string, Version<OfficerFacts>[]>();
  readonly #standings = new Map<string, DayStanding>();

  constructor(registry: Registry, timeZone: string, linker: ClipLinker) {
    this.#registry = registry;
    this.#timeZone = timeZone;
    this.#linker = linker;
    this.cases = knownCases(registry.people.versions('cases'));
  }

  /** Whichever way the number is written, present or former. */
  find(number: string): KnownCase | undefined {
    const key = this.#linker.findCase(number);
    return key === undefined ? undefined : this.cases.get(key);
  }

  clipsOf(key: string): readonly CaseClip[] {
    this.#clips ??= this.#clipsByCase();
    return this.#clips.get(key) ?? [];
  }

  #clipsByCase(): Map<string, CaseClip[]> {
    const byCase = new Map<string, CaseClip[]>();
    for (const row of this.#registry.cases.clips()) {
      const link = this.#linker.link(row);
      if (link.case === null) continue;
      const clips = byCase.get(link.case.number);
      if (clips === undefined) byCase.set(link.case.number, [{ row, link }]);
      else clips.push({ row, link });
    }
    return byCase;
  }

  clip(id: string): CaseClip | undefined {
    const row = this.#registry.cases.clip(id);
    return row === undefined ? undefined : { row, link: this.#linker.link(row) };
  }

  /** Clips whose time is known, for the times of acts. */
  timed(clips: readonly CaseClip[]): readonly TimedClip[] {
    return clips.flatMap(({ row }) => {
      const time = clipTimeOf(row);
      if (time === undefined || (row.kind !== null && !['video', 'audio', 'picture'].includes(row.kind))) return [];
      return [{ clip: row.clip, time, clock: row.recorder === null ? null : `${row.recorder} ${row.docking}` }];
    });
  }

  localDay(ms: number): CalendarDate {
    return getCalendarDate(instantToLocalDate(ms, this.#timeZone));
  }

  /** Every day on which the recording may have been made; empty when nobody knows. */
  daysOf(row: CaseClipRow): readonly CalendarDate[] {
    const time = clipTimeOf(row);
    if (time === undefined) return [];
    const last = this.localDay(time.endMs[1]);
    const days: CalendarDate[] = [];
    for (let day = this.localDay(time.startMs[0]); day <= last; day = getCalendarDate(dayAfter(day))) {
      if (days.push(day) > daysMax) return [];
    }
    return days;
  }

  standings(certificateNo: string, days: readonly CalendarDate[]): readonly DayStanding[] {
    return days.map((day) => {
      const known = this.#standings.get(`${certificateNo}\n${day}`);
      if (known !== undefined) return known;
      const standing = { day, standing: this.#standing(certificateNo, day) };
      this.#standings.set(`${certificateNo}\n${day}`, standing);
      return standing;
    });
  }

  #standing(certificateNo: string, asOf: CalendarDate): CertificateStanding {
    return personStandingOn(this.#certificatesOf(certificateNo), { asOf })?.standing ?? { kind: 'unknown' };
  }

  nameOf(certificateNo: string): string | null {
    return this.#certificatesOf(certificateNo).findLast(({ key }) => key === certificateNo)?.facts.name ?? null;
  }

  /** All certificates of whoever has this one. */
  #certificatesOf(certificateNo: string): Version<OfficerFacts>[] {
    const before = this.#certificates.get(certificateNo);
    if (before !== undefined) return before;
    const all = this.#registry.people
      .certificatesOfHolder(certificateNo)
      .filter((version) => countsAt(version, Number.POSITIVE_INFINITY));
    this.#certificates.set(certificateNo, all);
    return all;
  }
}
