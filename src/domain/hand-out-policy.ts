/**
 * Handing a shared recorder out for a shift (领用): at no moment does one recorder have two users, whatever is entered
 * afterwards and in whichever order. What only speaks against it may be overruled by whoever stands at the counter.
 */
import type { CertificateStanding } from './certificate-standing.ts';
import type { CheckOut } from './checkout-facts.ts';
import type { AssignmentFacts, RecorderState } from './people-facts.ts';

export interface HandOut {
  readonly certificateNo: string;
  /** ISO UTC. */
  readonly at: string;
  /** Null: it is still out. */
  readonly returnedAt: string | null;
}

export type HandOutPlan =
  /** `ends`: the check-out of somebody else that this one ends. */
  | { readonly kind: 'possible'; readonly ends: CheckOut | undefined }
  | { readonly kind: 'in-future' }
  | { readonly kind: 'returned-before-out' }
  | { readonly kind: 'out-already'; readonly other: CheckOut }
  | { readonly kind: 'overlaps'; readonly other: CheckOut };

/** `known`: check-outs of the recorder that count now; `now`: ISO UTC. */
export function planHandOut(
  wanted: HandOut,
  { known, now }: { readonly known: readonly CheckOut[]; readonly now: string },
): HandOutPlan {
  const { certificateNo, at, returnedAt } = wanted;
  if (at > now || (returnedAt !== null && returnedAt > now)) return { kind: 'in-future' };
  if (returnedAt !== null && returnedAt <= at) return { kind: 'returned-before-out' };
  let ends: CheckOut | undefined;
  for (const other of known) {
    const startsInTime = returnedAt === null || other.outAt < returnedAt;
    if (!startsInTime || (other.returnedAt !== null && other.returnedAt <= at)) continue;
    const isOut = other.returnedAt === null && other.outAt < at && returnedAt === null;
    if (!isOut) return { kind: 'overlaps', other };
    if (other.certificateNo === certificateNo) return { kind: 'out-already', other };
    ends = other;
  }
  return { kind: 'possible', ends };
}

export type HandOutObjection =
  | { readonly code: 'recorder-checked-out'; readonly certificateNo: string }
  | { readonly code: 'recorder-held'; readonly certificateNo: string }
  | { readonly code: 'officer-has-another'; readonly serial: string }
  | { readonly code: 'recorder-not-in-service'; readonly state: RecorderState }
  | { readonly code: 'certificate-not-valid'; readonly standing: CertificateStanding['kind'] };

export interface HandOutQuestion {
  readonly certificateNo: string;
  readonly serial: string;
  readonly ends: CheckOut | undefined;
  /** Assignments of the recorder that are open that day. */
  readonly assignments: readonly AssignmentFacts[];
  readonly state: RecorderState | undefined;
  readonly standing: CertificateStanding['kind'];
  /** Recorders that the officer has out at that moment. */
  readonly officersOpen: readonly CheckOut[];
}

export function handOutObjections(question: HandOutQuestion): HandOutObjection[] {
  const { certificateNo, serial, ends, assignments, state, standing, officersOpen } = question;
  const objections: HandOutObjection[] = [];
  if (ends !== undefined) objections.push({ code: 'recorder-checked-out', certificateNo: ends.certificateNo });
  const personal = assignments.filter(({ mode }) => mode === 'personal').map((one) => one.certificateNo);
  for (const holder of new Set(personal))
    if (holder !== certificateNo) objections.push({ code: 'recorder-held', certificateNo: holder });
  for (const other of officersOpen)
    if (other.recorder !== serial) objections.push({ code: 'officer-has-another', serial: other.recorder });
  if (state !== undefined && state !== 'in-service') objections.push({ code: 'recorder-not-in-service', state });
  if (standing !== 'valid') objections.push({ code: 'certificate-not-valid', standing });
  return objections;
}
