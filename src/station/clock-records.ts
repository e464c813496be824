/**
 * What the ledger is told of a recorder's clock being set: `clock-setting` durably before the command is sent, with
 * what its clock said until then, and `clock-set` with how it ended. The subject is the slot: there is no docking yet.
 */
import type { Bracket, ClockReading, ClockStep } from '../domain/recorder-clock.ts';
import type { ClockReadingBody, ClockSetBody, ClockSettingBody, NewRecord } from '../domain/records.ts';
import { systemActor } from './station-context.ts';

export function clockStepRecord(slot: string, step: ClockStep): NewRecord {
  const subject = `slot-${slot}`;
  if (step.step === 'setting') {
    const { serial, local } = step;
    const reading = step.reading === null ? null : readingBody(step.reading);
    const body: ClockSettingBody = { slot, recorder: serial, reading, local, toldAt: iso(step.toldMs) };
    return { type: 'clock-setting', actor: systemActor, subject, body: { ...body } as never };
  }
  const { serial, setting } = step;
  const { local, outcome, problem } = setting;
  const body: ClockSetBody = {
    slot,
    recorder: serial,
    local,
    toldAt: iso(setting.toldMs),
    outcome,
    problem,
    ...bracketBody(setting),
  };
  return { type: 'clock-set', actor: systemActor, subject, body: { ...body } as never };
}

export const readingBody = (reading: ClockReading): ClockReadingBody => ({
  local: reading.local,
  recorderAt: iso(reading.recorderMs),
  resolutionMs: reading.resolutionMs,
  ...bracketBody(reading),
});

export const bracketBody = ({ startedAtMs, endedAtMs, tookMs }: Bracket) => ({
  startedAt: iso(startedAtMs),
  endedAt: iso(endedAtMs),
  tookMs,
});

const iso = (ms: number): string => new Date(ms).toISOString();
