/**
 * One person, one verdict: somebody with several certificates counts once, by the certificate that is worth most on
 * the day. The choice does not depend on the profile, so that a person belongs to one unit in every report of a day.
 */
import { type CertificateStanding, standingOfFacts } from './certificate-standing.ts';
import { type CalendarDate, compareText, type OfficerFacts, personOf } from './people-facts.ts';
import { certificateWorth } from './person-standing.ts';

export interface PersonOnDay {
  readonly person: string;
  /** By the certificate that speaks for the person. */
  readonly facts: OfficerFacts;
  readonly standing: CertificateStanding;
  /** Certificate numbers of the same person that day, in order. */
  readonly others: readonly string[];
}

export interface OfficersOfDay {
  readonly asOf: CalendarDate;
  /** Each certificate once. */
  readonly officers: readonly OfficerFacts[];
  /** By certificate number; what is not in it is read from the facts alone. */
  readonly standings?: ReadonlyMap<string, CertificateStanding>;
  /** Person by certificate number; what is not in it is read from the facts alone. */
  readonly persons?: ReadonlyMap<string, string>;
}

export function personsOnDay({ asOf, officers, standings, persons }: OfficersOfDay): PersonOnDay[] {
  const byPerson = new Map<string, PersonOnDay>();
  for (const facts of officers) {
    const person = persons?.get(facts.certificateNo) ?? personOf(facts);
    const standing = standings?.get(facts.certificateNo) ?? standingOfFacts(facts, asOf);
    const candidate = { person, facts, standing, others: [] };
    const known = byPerson.get(person);
    byPerson.set(person, known === undefined ? candidate : joined(known, candidate));
  }
  return [...byPerson.values()];
}

function joined(a: PersonOnDay, b: PersonOnDay): PersonOnDay {
  const [chosen, other] = byWorth(a, b) <= 0 ? [a, b] : [b, a];
  const others = [...a.others, ...b.others, other.facts.certificateNo].sort(compareText);
  return { ...chosen, others };
}

/** Valid before anything else, in the team before left, on duty before off duty, then the longest valid one. */
function byWorth(a: PersonOnDay, b: PersonOnDay): number {
  return (
    Number(b.facts.category !== 'auxiliary') - Number(a.facts.category !== 'auxiliary') ||
    certificateWorth[a.standing.kind] - certificateWorth[b.standing.kind] ||
    Number(b.facts.onDuty) - Number(a.facts.onDuty) ||
    compareText(b.facts.validUntil, a.facts.validUntil) ||
    compareText(a.facts.certificateNo, b.facts.certificateNo)
  );
}
