/** Builds the judge of one answer (keeping/) from registry, links and configuration. */
import { retentionRules } from '../config/keeping-rules.ts';
import { foldCaseNumber } from '../domain/linking-facts.ts';
import { type CalendarDate, personOf } from '../domain/people-facts.ts';
import { ClipJudge } from '../keeping/clip-judge.ts';
import { HoldIndex } from '../keeping/hold-index.ts';
import type { HoldRow } from '../registry/retention-queries.ts';
import type { PeopleDesk } from './people-desk.ts';
import type { StationContext } from './station-context.ts';

interface Asked {
  readonly asOf: CalendarDate;
  readonly hasOpenProposal: (clip: string) => boolean;
}

/** `holds`: those that are asked about; by default all that stand. */
export function clipJudge(
  context: StationContext,
  people: PeopleDesk,
  { asOf, hasOpenProposal }: Asked,
  holds: readonly HoldRow[] = context.registry.retention.standingHolds(),
): ClipJudge<HoldRow> {
  const { registry, options } = context;
  return new ClipJudge({
    registry: {
      mark: (clip) => registry.retention.mark(clip),
      findings: (clip) => registry.pages.findings(clip),
      clockFindings: () => registry.retention.clockFindings(),
      versionsOfCase: (number) => registry.people.versionsOfKey('cases', number),
      certificatesOfHolder: (number) => registry.people.certificatesOfHolder(number),
    },
    linker: people.linker(),
    holds: holdIndex(context, holds),
    rules: retentionRules(options.configuration.keeping),
    timeZone: options.configuration.station.timeZone,
    foldCase: foldCaseNumber,
    asOf,
    hasOpenProposal,
  });
}

export function holdIndex({ registry }: StationContext, holds: readonly HoldRow[]): HoldIndex<HoldRow> {
  return new HoldIndex(
    holds.map((hold) => ({
      hold,
      scope: {
        clips: new Set(registry.retention.clipsOfHold(hold.hold)),
        caseNumber: hold.caseNumber === null ? null : foldCaseNumber(hold.caseNumber),
        officers: certificatesOf(registry, hold.officer),
        from: hold.recordedFrom,
        until: hold.recordedUntil,
      },
    })),
  );
}

/** A renewed certificate is the same person's. */
function certificatesOf({ people }: StationContext['registry'], officer: string | null): ReadonlySet<string> {
  if (officer === null) return new Set();
  const persons = new Set(people.versionsOfKey('officers', officer).map(({ facts }) => personOf(facts)));
  const others = [...persons].flatMap((person) => people.certificatesOfPerson(person).map(({ key }) => key));
  return new Set([officer, ...others]);
}
