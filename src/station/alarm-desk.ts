/**
 * The part of the composition root that holds alarms about the ledger: raises each once, refuses intake while one is
 * open, and records who has seen it and why the station may go on. An alarm is a record, so a restart does not end it.
 */
import type { AcknowledgementDocument, AlarmAcknowledgedBody, AlarmRaisedBody } from '../domain/alarm-facts.ts';
import { StationError } from '../domain/errors.ts';
import { newDocumentId } from '../domain/ids.ts';
import type { Actor } from '../domain/records.ts';
import type { AlarmRow } from '../registry/alarm-registry.ts';
import { random, type StationContext, systemActor } from './station-context.ts';

export interface Acknowledgement extends AcknowledgementDocument {
  /** The alarm's number. */
  readonly alarm: number;
  readonly actor: Actor;
}

export class AlarmDesk {
  readonly #context: StationContext;
  readonly #listeners = new Set<() => void>();

  constructor(context: StationContext) {
    this.#context = context;
  }

  all(): AlarmRow[] {
    return this.#context.registry.alarms.all();
  }

  open(): AlarmRow[] {
    return this.#context.registry.alarms.open();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What opening the ledger found against remembered checkpoints. */
  async raiseContradictions(): Promise<void> {
    for (const { kind, remembered } of this.#context.ledger.checkpoints.contradictions) {
      await this.raise({
        kind,
        evidence: `${remembered.source} ${remembered.size} ${remembered.root.toString('hex')}`,
      });
    }
  }

  async raise({ kind, evidence }: Pick<AlarmRaisedBody, 'kind' | 'evidence'>): Promise<void> {
    const { registry, ledger, options } = this.#context;
    if (registry.alarms.knows(kind, evidence)) return;
    options.log.error({ kind, evidence, size: ledger.size }, 'the ledger is not the one that was signed before');
    const body = { kind, evidence, size: ledger.size } satisfies AlarmRaisedBody;
    await ledger.append({ type: 'alarm-raised', actor: systemActor, body });
    this.#tell();
  }

  /** @throws StationError alarm-unknown */
  async acknowledge({ alarm, by, reason, actor }: Acknowledgement): Promise<void> {
    const { ledger } = this.#context;
    if (!this.open().some((row) => row.alarm === alarm)) {
      throw new StationError('alarm-unknown', `there is no open alarm ${alarm}`, {
        next: 'Run "evidock alarm list" to see the alarms.',
      });
    }
    await ledger.append({
      type: 'alarm-acknowledged',
      actor,
      body: { alarm } satisfies AlarmAcknowledgedBody,
      documents: [{ id: newDocumentId(random), body: { by, reason } satisfies AcknowledgementDocument }],
    });
    // With the last one seen, this ledger is the one that later starts must agree with.
    if (this.open().length === 0) await ledger.checkpoints.acceptContradictions();
    this.#tell();
  }

  /** @throws StationError alarm-open */
  assertNone(): void {
    const [first] = this.open();
    if (first === undefined) return;
    throw new StationError('alarm-open', `nothing is taken in while alarm ${first.alarm} (${first.kind}) is open`, {
      next: `An administrator looks into it, then runs "evidock alarm acknowledge ${first.alarm} --by NAME --reason TEXT".`,
    });
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
