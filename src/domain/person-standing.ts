/**
 * What a person's certificates were worth together on a day: somebody with a new number is the same person, so the
 * best of all of them counts. Asked by whoever knows a certificate number and means the one who holds it.
 */
import { type CertificateStanding, certificateStandingOn } from './certificate-standing.ts';
import type { HistoryQuestion, Version } from './history.ts';
import { compareText, type OfficerFacts } from './people-facts.ts';

export interface PersonStanding {
  readonly certificateNo: string;
  readonly standing: CertificateStanding;
}

/** The less, the more it is worth. */
export const certificateWorth: { readonly [K in CertificateStanding['kind']]: number } = {
  valid: 0,
  open: 1,
  suspended: 2,
  expired: 2,
  withdrawn: 2,
  cancelled: 2,
  'not-yet-issued': 3,
  left: 4,
  replaced: 5,
  unknown: 6,
};

/** `versions`: of all certificates of one person. Undefined when there are none. */
export function personStandingOn(
  versions: readonly Version<OfficerFacts>[],
  question: HistoryQuestion,
): PersonStanding | undefined {
  let best: PersonStanding | undefined;
  const keys = Map.groupBy(versions, ({ key }) => key);
  for (const certificateNo of [...keys.keys()].sort(compareText)) {
    const standing = certificateStandingOn(keys.get(certificateNo) ?? [], question);
    if (best === undefined || certificateWorth[standing.kind] < certificateWorth[best.standing.kind])
      best = { certificateNo, standing };
  }
  return best;
}
