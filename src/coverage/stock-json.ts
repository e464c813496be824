/** Stock and proposals as JSON. The names of the keys are a published form: keys may be added, never renamed. */
import type { CoverageOfDay } from '../domain/coverage-questions.ts';
import { type IdleRecorder, issuesOf, type StockAnswer } from '../domain/coverage-stock.ts';

export function stockJson(
  stock: StockAnswer,
  { profile, asOf, knownAt, unitPath }: Pick<CoverageOfDay, 'profile' | 'asOf' | 'knownAt' | 'unitPath'>,
): object {
  return {
    event: 'stock',
    profile: profile.name,
    as_of: asOf,
    known_at: knownAt,
    unit: unitPath.at(-1)?.unitKey ?? null,
    clause: profile.clause,
    proposals: issuesOf(stock).map(({ recorder, gap }) => ({
      ...recorderJson(recorder),
      certificate_no: gap.certificateNo,
      name: gap.name,
      to_unit: gap.unit,
      to_unit_code: gap.unitKey,
      reason: gap.reason,
      gap_since: gap.since,
    })),
    idle: stock.idle.map(recorderJson),
    outside: stock.outside.map(({ serial, certificateNo, name, unit, unitKey, reasons }) => ({
      recorder_serial: serial,
      certificate_no: certificateNo,
      name,
      unit,
      unit_code: unitKey,
      reasons,
    })),
    in_repair: stock.inRepair.map((recorder) => ({ ...recorderJson(recorder), expected_back: recorder.back })),
    // Of those in repair that nobody holds: for which gap the budget counts them.
    returning: stock.returning.map(({ serial, certificateNo, toUnit }) => ({
      recorder_serial: serial,
      certificate_no: certificateNo,
      to_unit_code: toUnit,
    })),
  };
}

/** `unit` null: the list of recorders names none. */
const recorderJson = ({ serial, model, unit, unitKey }: IdleRecorder) => ({
  recorder_serial: serial,
  model,
  unit,
  unit_code: unitKey,
});
