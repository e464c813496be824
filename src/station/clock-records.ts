/**
 * What the ledger is told of a recorder's clock being set: `clock-setting` durably before the command is sent, with
 * what its clock said until then, and `clock-set` with how it ended. The subject is the slot: there is no docking yet.
 */
import { bracketBody, type ClockStep, isoTime, readingBody } from '../domain/recorder-clock.ts';
import type { ClockSetBody, ClockSettingBody, NewRecord } from '../domain/records.ts';
import { systemActor } from './station-context.ts';

export function clockStepRecord(slot: string, step: ClockStep): NewRecord {
  const subject = `slot-${slot}`;
  if (step.step === 'setting') {
    const { serial, local } = step;
    const reading = step.reading === null ? null : readingBody(step.reading);
    const body: ClockSettingBody = { slot, recorder: serial, reading, local, toldAt: isoTime(step.toldMs) };
    return { type: 'clock-setting', actor: systemActor, subject, body: { ...body } as never };
  }
  const ended =
    step.step === 'set'
      ? { ...step.setting, ...bracketBody(step.setting) }
      : { ...step, outcome: 'not-sent' as const, problem: null, startedAt: null, endedAt: null, tookMs: null };
  const { local, toldMs, outcome, problem, startedAt, endedAt, tookMs } = ended;
  const { serial: recorder } = step;
  const body: ClockSetBody = {
    slot,
    recorder,
    local,
    toldAt: isoTime(toldMs),
    outcome,
    problem,
    startedAt,
    endedAt,
    tookMs,
  };
  return { type: 'clock-set', actor: systemActor, subject, body: { ...body } as never };
}
