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
  readonly #clips = new Map<string, readonly CaseClip[]>();
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

  /** In the order of sealing: what records tie to the case, and what only names it and nobody has looked at yet. */
  clipsOf(key: string): readonly CaseClip[] {
    const before = this.#clips.get(key);
    if (before !== undefined) return before;
    const { links, cases } = this.#registry;
    const named = [...(this.cases.get(key)?.numbers ?? [])].flatMap((number) => links.clipsNaming(number));
    const rows = cases.clipsAmong([...new Set([...links.clipsOfCase(key), ...named])]);
    const clips = rows
      .map((row) => ({ row, link: this.#linker.link(row) }))
      .filter(({ link }) => link.case?.number === key);
    this.#clips.set(key, clips);
    return clips;
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
