/**
 * The self-check of a recorder that is handed out: battery, space, clock, and what is still on its card. Each point is
 * ok, a warning, or unknown, never a refusal: who stands at the counter decides, and what they saw is recorded.
 */
export const checkPoints = ['battery', 'space', 'clock', 'card'] as const;
export type CheckPoint = (typeof checkPoints)[number];

/** `figure`: percent of battery, bytes that are free, milliseconds that its clock is off at most, files on the card. */
export interface CheckOutCheck {
  readonly point: CheckPoint;
  readonly state: 'ok' | 'warn' | 'unknown';
  readonly figure?: number;
}

export interface CheckOutFacts {
  /** Percent, as its driver said at the last docking; null: it does not say. */
  readonly batteryPercent: number | null;
  readonly freeBytes: number | null;
  /** Of its last docking, or what holds since its clock was set there; an end that is null is not limited. */
  readonly clock: { readonly atLeastMs: number | null; readonly atMostMs: number | null } | null;
  /** Files left on its card when it was last taken out; null: it was never docked here, or not listed whole. */
  readonly filesOnCard: number | null;
}

export interface CheckOutThresholds {
  readonly batteryPercentMin: number;
  readonly freeBytesMin: number;
  readonly clockErrorMsMax: number;
  readonly filesOnCardMax: number;
}

export function checkOutChecks(facts: CheckOutFacts, thresholds: CheckOutThresholds): CheckOutCheck[] {
  const { batteryPercent, freeBytes, filesOnCard } = facts;
  return [
    judged('battery', batteryPercent, (percent) => percent >= thresholds.batteryPercentMin),
    judged('space', freeBytes, (bytes) => bytes >= thresholds.freeBytesMin),
    judged('clock', clockErrorMs(facts.clock, thresholds.clockErrorMsMax), (ms) => ms <= thresholds.clockErrorMsMax),
    judged('card', filesOnCard, (files) => files <= thresholds.filesOnCardMax),
  ];
}

/** The most that it can be off either way. Where one end is open, the other may still prove that it is far off. */
function clockErrorMs(clock: CheckOutFacts['clock'], max: number): number | null {
  if (clock === null) return null;
  const { atLeastMs, atMostMs } = clock;
  if (atLeastMs !== null && atMostMs !== null) return Math.max(Math.abs(atLeastMs), Math.abs(atMostMs));
  if (atLeastMs !== null && atLeastMs > max) return atLeastMs;
  return atMostMs !== null && -atMostMs > max ? -atMostMs : null;
}

function judged(point: CheckPoint, figure: number | null, isGood: (figure: number) => boolean): CheckOutCheck {
  if (figure === null) return { point, state: 'unknown' };
  return { point, state: isGood(figure) ? 'ok' : 'warn', figure };
}
