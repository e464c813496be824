/**
 * Reading and setting a recorder's clock while it still speaks its protocol. It is read before anything sets it, and
 * nothing is sent before the ledger holds what will be sent. Recorders take whole seconds, so the command leaves when
 * the station's second begins. Trouble with a clock never keeps recordings from being taken: it is a finding.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DockFinding } from '../../domain/dock.ts';
import { errorCode, errorMessage } from '../../domain/errors.ts';
import {
  type Bracket,
  type ClockReading,
  type ClockSetting,
  type ClockStep,
  mayBeTold,
  type RecorderClock,
} from '../../domain/recorder-clock.ts';
import { instantToLocalTime, isCalendarTime, localTimeToInstant } from '../../domain/station-time.ts';
import type { DockLog } from '../dock-log.ts';
import type { RecorderDriver } from './recorder-driver.ts';

export interface ClockVisitParts {
  /** Of the station: recorders say and take local time. */
  readonly timeZone: string;
  /** Whether clocks are set at all. */
  readonly setsClock: boolean;
  /** Resolves when the step is durable in the ledger. */
  readonly recordClock: (slot: string, step: ClockStep) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly log: DockLog;
}

export interface ClockVisit {
  readonly slot: string;
  readonly serial: string | null;
  readonly driver: Pick<RecorderDriver, 'readClock' | 'setClock'>;
  readonly signal: AbortSignal;
}

type Clockwork = Omit<ClockVisit, 'driver'> & ClockVisitParts;

/** No recorder says more. */
const resolutionMs = 1000;
/**
 * From planning a second to its beginning: the record must be durable by then. A command that would leave further than
 * `missedByMs` from its second waits for another one; the last try takes what a busy machine can do.
 */
const tries = [
  { leadMs: 300, missedByMs: 100 },
  { leadMs: 1500, missedByMs: 100 },
  { leadMs: 4000, missedByMs: 500 },
] as const;

/** Never rejects but for the signal. `mayBeSet`: the recorder listens and is unlocked. */
export async function visitClock(
  { driver, ...visit }: ClockVisit,
  parts: ClockVisitParts,
  mayBeSet: boolean,
): Promise<RecorderClock> {
  const findings: DockFinding[] = [];
  const work: Clockwork = { ...visit, ...parts };
  const attempt = async <T>(code: string, act: () => Promise<T>): Promise<T | null> => {
    try {
      return await act();
    } catch (error) {
      visit.signal.throwIfAborted();
      findings.push({ code, detail: errorMessage(error) });
      return null;
    }
  };
  const { readClock } = driver;
  const reading =
    readClock === undefined ? null : await attempt('clock-unread', () => readOnce(() => readClock.call(driver), work));
  const setting =
    mayBeSet && parts.setsClock
      ? await attempt('clock-not-set', () => setOnce((local) => driver.setClock(local), reading, work))
      : null;
  if (setting?.outcome === 'failed') findings.push({ code: 'clock-not-set', detail: `it answered ${setting.problem}` });
  return { reading, setting, findings };
}

async function readOnce(read: () => Promise<string>, work: Clockwork): Promise<ClockReading> {
  const { value: local, bracket } = await bracketed(read, work);
  if (!isCalendarTime(local)) throw new Error(`it says ${JSON.stringify(local.slice(0, 40))}, which is no time`);
  return { ...bracket, local, recorderMs: localTimeToInstant(local, work.timeZone), resolutionMs };
}

/** @throws Error when nothing was sent, and why */
async function setOnce(
  set: (local: string) => Promise<void>,
  reading: ClockReading | null,
  work: Clockwork,
): Promise<ClockSetting> {
  const { slot, serial, timeZone, now, signal, recordClock, log } = work;
  const plannedAtMs = Math.floor(now());
  for (const { leadMs, missedByMs } of tries) {
    const toldMs = Math.ceil((now() + leadMs) / 1000) * 1000;
    const local = instantToLocalTime(toldMs, timeZone);
    if (!mayBeTold(local)) throw new Error(`the station's own clock says ${local}`);
    await recordClock(slot, { step: 'setting', serial, reading, toldMs, local });
    const waitMs = toldMs - now();
    if (waitMs > 0 && waitMs <= leadMs + 1000) await sleep(waitMs, undefined, { signal });
    // The ledger took too long, the machine was busy, or somebody turned the wall clock: another second.
    if (Math.abs(now() - toldMs) > missedByMs) {
      await recordClock(slot, { step: 'not-sent', serial, toldMs, local });
      continue;
    }
    const { value: error, bracket } = await bracketed(() => set(local).then(() => undefined, asError), work);
    signal.throwIfAborted();
    const [outcome, problem] = error === undefined ? (['set', null] as const) : (['failed', errorCode(error)] as const);
    const setting: ClockSetting = { ...bracket, plannedAtMs, local, toldMs, outcome, problem };
    // What was sent was sent: how it ended goes along with the docking even where it cannot be recorded here.
    await recordClock(slot, { step: 'set', serial, setting }).catch((reason: unknown) =>
      log.error({ err: reason, slot }, 'how the setting of a clock ended could not be recorded'),
    );
    return setting;
  }
  throw new Error('no second could be met: ledger or machine are too slow');
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

async function bracketed<T>(
  act: () => Promise<T>,
  { now, monotonicMs }: Clockwork,
): Promise<{ value: T; bracket: Bracket }> {
  const startedAtMs = now();
  const startedMs = monotonicMs();
  const value = await act();
  const tookMs = Math.ceil(monotonicMs() - startedMs);
  return { value, bracket: { startedAtMs: Math.floor(startedAtMs), endedAtMs: Math.ceil(now()), tookMs } };
}
