/** Facts as rows of the monthly exchange. The order of the fields is that of the columns; nothing is decided here. */
import type { CoverageAnswer } from '../domain/coverage-policy.ts';
import type { CoverageFigures } from '../domain/coverage-summary.ts';
import type { ExchangeRow } from '../domain/exchange-columns.ts';
import type { Version } from '../domain/history.ts';
import type { LinkAnswer } from '../domain/linking-policy.ts';
import type { RecorderFacts } from '../domain/people-facts.ts';
import { type AssignmentFacts, type CaseFacts, type OfficerFacts, personOf } from '../domain/people-facts.ts';

export function officerRow({ facts, effectiveFrom }: Version<OfficerFacts>, parentUnit: string | null): ExchangeRow {
  return {
    certificate_no: facts.certificateNo,
    person_id: personOf(facts),
    name: facts.name,
    unit: facts.unit,
    unit_code: facts.unitCode ?? null,
    parent_unit: parentUnit,
    post: facts.post,
    on_duty: facts.onDuty,
    duty_reason: facts.dutyReason ?? null,
    certificate_status: facts.certificateStatus,
    status_from: facts.statusFrom ?? null,
    status_until: facts.statusUntil ?? null,
    person_no: facts.personNo ?? null,
    previous_certificate_no: facts.previousCertificateNo ?? null,
    issued_on: facts.issuedOn ?? null,
    valid_until: facts.validUntil,
    left_on: facts.leftOn ?? null,
    left_reason: facts.leftReason ?? null,
    category: facts.category ?? null,
    replaced_by: facts.replacedBy ?? null,
    effective_from: effectiveFrom,
  };
}

export function recorderRow(
  { facts, effectiveFrom }: Version<RecorderFacts>,
  holder: AssignmentFacts | null,
): ExchangeRow {
  return {
    recorder_serial: facts.serial,
    model: facts.model,
    state: facts.state,
    state_since: facts.stateSince ?? null,
    pool_unit: facts.unit ?? null,
    holder_certificate_no: holder?.certificateNo ?? null,
    holder_mode: holder?.mode ?? null,
    effective_from: effectiveFrom,
  };
}

export const assignmentRow = ({ certificateNo, serial, from, until, mode }: AssignmentFacts): ExchangeRow => ({
  certificate_no: certificateNo,
  recorder_serial: serial,
  from,
  until,
  mode,
});

/** Party, plate, place and acts stay at the station: nothing that is counted needs them. */
export const caseRow = (facts: CaseFacts): ExchangeRow => ({
  case_number: facts.caseNumber,
  external_key: facts.externalKey ?? null,
  kind: facts.kind ?? null,
  unit: facts.unit,
  officers: facts.officers.join(';'),
  started_at: facts.startedAt.local,
  ended_at: facts.endedAt?.local ?? null,
  status: facts.status,
  decided_at: facts.decidedAt?.local ?? null,
  closed_on: facts.closedOn ?? null,
});

export interface LinkedClipFacts {
  readonly clip: string;
  readonly sha256: string;
  readonly recorder: string | null;
  readonly recordedAt: string | null;
  readonly correctedEarliest: string | null;
  readonly correctedLatest: string | null;
  readonly durationMs: number | null;
  readonly sealedAt: string;
}

export const linkRow = (clip: LinkedClipFacts, { officer, case: link }: LinkAnswer, caseNumber: string | null) => ({
  clip_id: clip.clip,
  sha256: clip.sha256,
  recorder_serial: clip.recorder,
  case_number: caseNumber,
  case_basis: link?.basis ?? null,
  officer_certificate_no: officer?.number ?? null,
  officer_basis: officer?.basis ?? null,
  recorded_at: clip.recordedAt,
  corrected_earliest: clip.correctedEarliest,
  corrected_latest: clip.correctedLatest,
  length_ms: clip.durationMs === null ? null : Math.round(clip.durationMs),
  sealed_at: clip.sealedAt,
});

/** The whole first, then each unit without those below it, by key. */
export function coverageRows(answer: CoverageAnswer): ExchangeRow[] {
  const { profile, reported, units } = answer;
  const row = (figures: CoverageFigures, unit: { unit: string; unitKey: string } | null): ExchangeRow => {
    const { population } = figures;
    const share = (covered: number): number | null => (population === 0 ? null : covered / population);
    return {
      profile: profile.name,
      clause: profile.clause,
      deadline: profile.deadline,
      scope: unit === null ? 'all' : 'unit',
      unit_key: unit?.unitKey ?? null,
      unit: unit?.unit ?? null,
      population,
      covered: figures.covered,
      rate: figures.rate,
      required: figures.required,
      missing: figures.missing,
      reported_figure: reported,
      covered_personally: figures.coveredPersonally,
      rate_personally: share(figures.coveredPersonally),
      covered_including_shared: figures.coveredIncludingShared,
      rate_including_shared: share(figures.coveredIncludingShared),
    };
  };
  return [row(answer, null), ...units.map((unit) => row(unit, unit))];
}
