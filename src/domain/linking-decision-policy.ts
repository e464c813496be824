/**
 * What follows from the candidates of a clip: linked by the station itself, proposed to people, or left open. The
 * station decides only where two independent things agree and nothing comes near; a wrong link costs more than a tap.
 * Its truth table is tests/unit/linking-decision.test.ts.
 */
import type { Candidate, ClipEvidence } from './linking-candidate-policy.ts';

/** Below this nothing is proposed. */
export const proposedScoreMin = 20;
/** At most so many are proposed. */
export const proposedMax = 5;
/** Another candidate as near as this in score, or in time, makes it two that may be meant. */
const rivalBounds = { score: 15, gapMs: 15 * 60_000, startMs: 86_400_000 } as const;
/** The range in which the recording may lie must be inside the case by this much on either side. */
export const marginMsMin = 60_000;

export type CaseDecision =
  | { readonly state: 'automatic'; readonly rule: 'number' | 'time'; readonly candidate: Candidate }
  | { readonly state: 'suggested'; readonly why: HoldBack }
  | { readonly state: 'open' };

/** Why the best candidate was not linked by the station. */
export type HoldBack =
  /** A person has spoken about this clip: linked, unlinked or rejected something. */
  | 'persons-word'
  | 'doubt'
  | 'rival'
  /** Its number stands in the name, but the case lasts so long that the time says nothing: numbers stay set. */
  | 'long-case'
  /** Neither the number, nor time and officer together, are good enough. */
  | 'evidence-too-thin';

/** @param ranked best first; candidates that a person rejected are not among them */
export function decideCase(
  evidence: ClipEvidence,
  ranked: readonly Candidate[],
  hasPersonsWord: 'persons-word' | 'none',
): CaseDecision {
  const [best, ...others] = ranked;
  if (best === undefined || best.score < proposedScoreMin) return { state: 'open' };
  if (hasPersonsWord === 'persons-word') return { state: 'suggested', why: 'persons-word' };
  if (best.reasons.some(({ code }) => contradicting.has(code))) return { state: 'suggested', why: 'doubt' };
  const rule = fitsByNumber(evidence, best) ? 'number' : fitsByTime(evidence, best) ? 'time' : undefined;
  if (rule === undefined) {
    const isNamed = best.numberInName === 'exact' && best.time.fit === 'in-long-case';
    return { state: 'suggested', why: isNamed ? 'long-case' : 'evidence-too-thin' };
  }
  if (others.some((other) => isRival(evidence, best, other))) return { state: 'suggested', why: 'rival' };
  return { state: 'automatic', rule, candidate: best };
}

const contradicting: ReadonlySet<string> = new Set([
  'other-number-in-name',
  'other-officer',
  'officer-unsure',
  'outside-time',
  'far-in-place',
  'time-unknown',
]);

/**
 * The name has exactly this number, and both officer and time agree. Of a case that is known by its days only, or has no
 * end, the time agrees with a patrol on which the number was still set as well: there something that was linked and
 * recorded in the same minutes must agree, another file of the recording or what another recorder saw.
 */
function fitsByNumber({ officer }: ClipEvidence, { numberInName, officer: fit, time, reasons }: Candidate): boolean {
  if (numberInName !== 'exact' || fit !== 'same' || officer === null || officer.basis === 'claim') return false;
  if (time.fit === 'in-long-case') return reasons.some(({ code }) => linkedBeside.has(code));
  return time.fit === 'within' || (time.fit === 'during-act' && time.gapMs === 0);
}

const linkedBeside: ReadonlySet<string> = new Set(['neighbour-linked', 'companion-linked']);

/** The whole range in which the recording may lie is inside this case of an officer who surely recorded it. */
function fitsByTime(evidence: ClipEvidence, { officer: fit, time }: Candidate): boolean {
  if (evidence.caseInName !== null || fit !== 'same' || evidence.officer?.isSure !== true) return false;
  return time.isPrecise && time.marginMs !== null && time.marginMs >= marginMsMin;
}

function isRival(evidence: ClipEvidence, best: Candidate, other: Candidate): boolean {
  if (other.score >= best.score - rivalBounds.score) return true;
  const has = (one: Candidate, code: string): boolean => one.reasons.some((reason) => reason.code === code);
  if (has(other, 'plate-in-name') && !has(best, 'plate-in-name')) return true;
  if (has(other, 'neighbour-linked') && !has(best, 'neighbour-linked')) return true;
  if (other.officer === 'other') return false;
  const isNear = other.time.gapMs <= rivalBounds.gapMs;
  if (other.time.isPrecise || other.time.fit === 'during-act') return isNear;
  // A case that has been open for weeks is no rival; one that began around then is.
  return isNear && other.time.fromStartMs <= rivalBounds.startMs && evidence.time !== null;
}

/** What people are shown, best first. */
export const proposals = (ranked: readonly Candidate[]): Candidate[] =>
  ranked.filter(({ score }) => score >= proposedScoreMin).slice(0, proposedMax);
