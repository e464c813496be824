/**
 * The part of the composition root that looks at coverage by itself: once a day and after what changes it, compares with
 * the look before, raises and ends alerts as records, and hands them to the log and the webhook. The policy decides; what
 * is still to be sent is what the records say was raised and not sent, so a restart forgets nothing.
 */
import { readFileSync } from 'node:fs';
import {
  type Alert,
  type AlertKind,
  alertSteps,
  alertsOn,
  isRebound,
  retryDelayMs,
} from '../domain/coverage-alert-policy.ts';
import { coveragePace } from '../domain/coverage-pace.ts';
import type { CoverageAsked, CoverageEngine, CoverageOfDay, GapPerson } from '../domain/coverage-questions.ts';
import type {
  AlertDocument,
  CoverageAlertDeliveryBody,
  CoverageAlertEndedBody,
  CoverageAlertedBody,
  CoverageCheckedBody,
} from '../domain/coverage-records.ts';
import { addDays, daysFromTo } from '../domain/day-number.ts';
import { errorMessage, StationError } from '../domain/errors.ts';
import { newCoverageAlertId, newDocumentId } from '../domain/ids.ts';
import { type CalendarDate, getCalendarDate } from '../domain/people-facts.ts';
import { today } from '../domain/station-time.ts';
import type { CoverageAlertRow } from '../registry/coverage-book-queries.ts';
import { type AlertMessage, sendAlert, type WebhookResult, type WebhookTarget } from '../reporting/webhook.ts';
import { alertTexts } from '../texts/alert-texts.ts';
import { random, type StationContext, systemActor } from './station-context.ts';

/** Between two looks of a running station. */
const lookMs = 60 * 60_000;
/** After a record, so that an import is over. */
const settleMs = 60_000;
/** New gaps whose history is read for rebounds in one look; beyond, the rest is told as new gaps only. */
const historiesMax = 2000;
const secretBytesMin = 16;
const sentAtOnce = 20;

type GapSet = ReadonlyMap<string, GapPerson>;

export class CoverageAlertDesk {
  readonly #context: StationContext;
  readonly #engine: CoverageEngine;
  /** Gaps of the last look, by profile and person; read again from its day and sequence after a start. */
  readonly #gaps = new Map<string, GapSet>();
  readonly #attempts = new Map<string, { count: number; nextMs: number }>();
  #timer: NodeJS.Timeout | undefined;
  /** Looks and sendings one after the other: two at once would raise the same alert twice and send it twice. */
  #running: Promise<unknown> = Promise.resolve();

  constructor(context: StationContext, engine: CoverageEngine) {
    this.#context = context;
    this.#engine = engine;
  }

  /** Looks now, every hour, and a minute after new records; sends what waits. */
  start(): void {
    this.#context.onCheckpoint.add(() => this.#soon(settleMs));
    this.#soon(settleMs / 60);
  }

  /** Newest first. */
  alerts(limit = 200): CoverageAlertRow[] {
    return this.#context.registry.coverageBook.alerts(limit);
  }

  open(profile: string): CoverageAlertRow[] {
    return this.#context.registry.coverageBook.openAlerts(profile);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
  }

  #soon(ms: number): void {
    if (this.#context.closing.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#inTurn(() => this.#turn()), ms);
    this.#timer.unref();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#running.then(work);
    this.#running = done.catch(() => undefined);
    return done;
  }

  async #turn(): Promise<void> {
    const { log } = this.#context.options;
    try {
      await this.#look();
    } catch (error) {
      if (this.#context.closing.aborted) return;
      if (error instanceof StationError) log.info({ err: error }, 'coverage was not looked at');
      else log.error({ err: error }, 'coverage could not be looked at');
    }
    try {
      await this.#send();
    } catch (error) {
      if (this.#context.closing.aborted) return;
      log.error({ err: error }, 'alerts could not be sent');
    }
    this.#soon(Math.min(lookMs, this.#nextAttemptMs()));
  }

  /** One look at every profile. @returns what was raised @throws StationError coverage-building */
  look(): Promise<readonly Alert[]> {
    return this.#inTurn(() => this.#look());
  }

  async #look(): Promise<readonly Alert[]> {
    const { options } = this.#context;
    const day = getCalendarDate(today(Date.now(), options.configuration.station.timeZone));
    const raised: Alert[] = [];
    for (const profile of this.#engine.profiles.keys()) raised.push(...(await this.#lookAt(profile, day)));
    return raised;
  }

  async #lookAt(profile: string, asOf: CalendarDate): Promise<readonly Alert[]> {
    const { registry, options } = this.#context;
    const { alerts: config } = options.configuration;
    const now = await this.#engine.figures({ profile, asOf, unit: undefined });
    if (now.bases.officers === 'none') return [];
    const last = registry.coverageBook.lastCheck(profile);
    const before = await this.#gapsBefore(profile, last);
    const isSeen = last?.asOf === asOf && last.knownAt === now.knownAt;
    const gaps = isSeen && before !== undefined ? before : await this.#gapsOf({ profile, asOf });
    const fresh = before === undefined ? [] : [...gaps].filter(([person]) => !before.has(person)).map(([, row]) => row);
    const rebounds: string[] = [];
    for (const row of fresh.slice(0, historiesMax)) {
      const spans = await this.#engine.spansOf(profile, row.certificateNo);
      if (isRebound(spans.filter(({ from }) => from <= asOf))) rebounds.push(row.unitKey);
    }
    const holding = alertsOn(
      {
        profile,
        asOf,
        knownAt: now.knownAt,
        deadline: now.profile.deadline,
        gaps: now.missing,
        newGaps: fresh.map(({ unitKey }) => unitKey),
        rebounds,
        pace: coveragePace({ today: now, deadline: now.profile.deadline, before: await this.#figuresBefore(now) }),
        rosterAgeDays: this.#rosterAge(asOf),
      },
      config,
    );
    const steps = alertSteps(asOf, holding, registry.coverageBook.openAlerts(profile));
    const isSame = last?.asOf === asOf && last.population === now.population && last.covered === now.covered;
    if (!isSame || steps.raise.length > 0 || steps.end.length > 0) await this.#record(now, steps);
    this.#gaps.set(profile, gaps);
    return steps.raise;
  }

  async #gapsBefore(profile: string, last: CoverageCheckedBody | undefined): Promise<GapSet | undefined> {
    const known = this.#gaps.get(profile);
    if (known !== undefined || last === undefined) return known;
    return this.#gapsOf({ profile, asOf: last.asOf, knownAt: last.knownAt });
  }

  #gapsOf(asked: Omit<CoverageAsked, 'unit'>): Promise<GapSet> {
    return this.#engine.gaps({ ...asked, unit: undefined }, { signal: this.#context.closing });
  }

  async #figuresBefore({ profile, asOf }: CoverageOfDay): Promise<CoverageOfDay | undefined> {
    const { paceDays } = this.#context.options.configuration.alerts;
    const first = this.#context.registry.people.firstDay('officers');
    const from = addDays(asOf, -paceDays);
    const day = first !== null && first > from ? first : from;
    return day >= asOf ? undefined : this.#engine.figures({ profile: profile.name, asOf: day, unit: undefined });
  }

  #rosterAge(asOf: CalendarDate): number | null {
    const newest = this.#context.registry.people.importMarks('officers').at(-1);
    return newest === undefined ? null : Math.max(0, daysFromTo(newest.effectiveFrom, asOf));
  }

  async #record(now: CoverageOfDay, steps: ReturnType<typeof alertSteps<CoverageAlertRow>>): Promise<void> {
    const { ledger, options } = this.#context;
    const { profile, asOf, knownAt, population, covered } = now;
    const webhook = options.configuration.alerts.webhookUrl !== null;
    const checked: CoverageCheckedBody = { profile: profile.name, asOf, knownAt, population, covered };
    await ledger.appendAll([
      { type: 'coverage-checked', actor: systemActor, body: { ...checked } },
      ...steps.end.map(({ alert }) => ({
        type: 'coverage-alert-ended',
        actor: systemActor,
        subject: alert,
        body: { alert } satisfies CoverageAlertEndedBody,
      })),
      ...steps.raise.map(({ kind, key, count, units }) => {
        const alert = newCoverageAlertId(random);
        options.log.warn(
          { alert, kind, profile: profile.name, count },
          alertTexts[kind].en(String(count), profile.name),
        );
        const body: CoverageAlertedBody = { alert, kind, profile: profile.name, asOf, count, webhook };
        const document: AlertDocument = { key, units };
        const documents = [{ id: newDocumentId(random), body: document as never }];
        return { type: 'coverage-alerted', actor: systemActor, subject: alert, body: { ...body }, documents };
      }),
    ]);
  }

  /** Sends what waits and is due. Each outcome is a record: sent, or given up after the last attempt. */
  send(): Promise<void> {
    return this.#inTurn(() => this.#send());
  }

  async #send(): Promise<void> {
    const { registry, options, closing } = this.#context;
    const config = options.configuration.alerts;
    const target = this.#target();
    for (const row of registry.coverageBook.waitingAlerts(sentAtOnce)) {
      const known = this.#attempts.get(row.alert) ?? { count: 0, nextMs: 0 };
      if (known.nextMs > performance.now()) continue;
      if (closing.aborted) return;
      const result: WebhookResult =
        target === undefined
          ? { isReceived: false, status: 'no-webhook' }
          : await sendAlert(this.#message(row), target, closing);
      // A station that stops has not tried: the alert waits for the next start.
      if (closing.aborted && !result.isReceived) return;
      const count = known.count + 1;
      if (result.isReceived || count >= config.webhookAttempts || target === undefined) {
        await this.#settle(row.alert, { count, result });
      } else {
        this.#attempts.set(row.alert, { count, nextMs: performance.now() + retryDelayMs(count) });
        options.log.warn(
          { alert: row.alert, attempt: count, status: result.status },
          'the webhook did not take an alert',
        );
      }
    }
  }

  async #settle(alert: string, { count, result }: { count: number; result: WebhookResult }): Promise<void> {
    const body: CoverageAlertDeliveryBody = { alert, attempts: count, status: result.status };
    const type = result.isReceived ? 'coverage-alert-sent' : 'coverage-alert-not-sent';
    await this.#context.ledger.append({ type, actor: systemActor, subject: alert, body: { ...body } });
    this.#attempts.delete(alert);
    if (!result.isReceived) this.#context.options.log.error({ ...body }, 'an alert could not be sent');
  }

  #nextAttemptMs(): number {
    const times = Array.from(this.#attempts.values(), ({ nextMs }) => nextMs - performance.now());
    return Math.max(1000, Math.min(Number.POSITIVE_INFINITY, ...times));
  }

  #message(row: CoverageAlertRow): AlertMessage {
    const { ledger, options } = this.#context;
    const { alert, kind, profile, asOf, count, raisedAt, units } = row;
    const text = alertTexts[kind as AlertKind];
    return {
      alert,
      station: ledger.station,
      kind,
      profile,
      asOf,
      count,
      units: options.configuration.alerts.webhookUnits === 'keys' ? units : [],
      raisedAt,
      text: { zh: text.zh(String(count), profile), en: text.en(String(count), profile) },
    };
  }

  #target(): WebhookTarget | undefined {
    const { webhookUrl, webhookSecretFile, webhookTimeoutSeconds } = this.#context.options.configuration.alerts;
    if (webhookUrl === null) return undefined;
    return {
      url: webhookUrl,
      secret: webhookSecretFile === null ? null : readSecret(webhookSecretFile),
      timeoutMs: webhookTimeoutSeconds * 1000,
      now: () => Math.floor(Date.now() / 1000),
    };
  }
}

/** @throws StationError webhook-secret-unusable */
function readSecret(file: string): Buffer {
  const next = 'Write at least 16 bytes into the file that alerts.webhookSecretFile names.';
  let bytes: Buffer;
  try {
    bytes = Buffer.from(readFileSync(file, 'utf8').trim());
  } catch (cause) {
    throw new StationError('webhook-secret-unusable', `${file}: ${errorMessage(cause)}`, { cause, next });
  }
  if (bytes.length < secretBytesMin) {
    throw new StationError('webhook-secret-unusable', `${file} has only ${bytes.length} bytes`, { next });
  }
  return bytes;
}
