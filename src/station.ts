/**
 * The composition root: builds the rooms from one configuration, starts and stops them in order, and hands each what
 * it needs of the others. With its parts in station/ the only place that knows all rooms; it takes no decisions.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadActList, loadWorkingCalendar } from './config/case-tables.ts';
import { loadCoverageProfiles } from './config/profiles.ts';
import { loadWitnessPolicy } from './config/witness-policy.ts';
import { newDocumentId } from './domain/ids.ts';
import type { CalendarDate } from './domain/people-facts.ts';
import { getCalendarDate } from './domain/people-facts.ts';
import type { Actor } from './domain/records.ts';
import { instantToLocalTime, today } from './domain/station-time.ts';
import { finishErasing } from './ledger/document-erasure.ts';
import { Ledger } from './ledger/ledger.ts';
import { LogProofs } from './ledger/log-proofs.ts';
import type { ClipAvailability } from './registry/copy-queries.ts';
import { type ClipRow, Registry } from './registry/registry.ts';
import { AlarmDesk } from './station/alarm-desk.ts';
import { CaseDesk, type CaseTables } from './station/case-desk.ts';
import { CheckOutDesk } from './station/check-out-desk.ts';
import { ClearingBook } from './station/clearing-book.ts';
import { ClearingDesk } from './station/clearing-desk.ts';
import { CoverageAlertDesk } from './station/coverage-alert-desk.ts';
import { CoverageAnswers } from './station/coverage-answers.ts';
import { CoverageBookDesk } from './station/coverage-book-desk.ts';
import { CoverageDesk } from './station/coverage-desk.ts';
import { DeletionDesk } from './station/deletion-desk.ts';
import { DockingDesk } from './station/docking-desk.ts';
import { DrawingDesk } from './station/drawing-desk.ts';
import { ExchangeDesk } from './station/exchange-desk.ts';
import { ExportDesk } from './station/export-desk.ts';
import { HoldDesk } from './station/hold-desk.ts';
import { IntakeDesk } from './station/intake-desk.ts';
import { KeepingDesk } from './station/keeping-desk.ts';
import { KeyDesk } from './station/key-desk.ts';
import { LinkDesk } from './station/link-desk.ts';
import { MirrorDesk } from './station/mirror-desk.ts';
import { PeopleDesk } from './station/people-desk.ts';
import { ProofDesk } from './station/proof-desk.ts';
import { QueueDesk } from './station/queue-desk.ts';
import { ReceiptDesk } from './station/receipt-desk.ts';
import { RecorderBook } from './station/recorder-book.ts';
import { RecorderDesk } from './station/recorder-desk.ts';
import { RosterDesk } from './station/roster-desk.ts';
import { ScrubDesk } from './station/scrub-desk.ts';
import { StampDesk } from './station/stamp-desk.ts';
import { random, type StationContext, type StationOptions, systemActor } from './station/station-context.ts';
import { UrgentDesk } from './station/urgent-desk.ts';
import { WitnessDesk } from './station/witness-desk.ts';

/** A clip with what links say of it. */
export interface LinkedClip extends ClipRow {
  readonly linkedOfficer: string | null;
  readonly linkedCase: string | null;
  /** Of a clip that is linked to none: the number in its name. */
  readonly namedCase: string | null;
  readonly availability: ClipAvailability;
}

export class Station {
  readonly context: StationContext;
  readonly intake: IntakeDesk;
  readonly people: PeopleDesk;
  readonly coverage: CoverageDesk;
  readonly coverageBook: CoverageBookDesk;
  readonly coverageAlerts: CoverageAlertDesk;
  readonly coverageAnswers: CoverageAnswers;
  readonly cases: CaseDesk;
  readonly roster: RosterDesk;
  readonly links: LinkDesk;
  readonly queue: QueueDesk;
  readonly exports: ExportDesk;
  readonly proofs: ProofDesk;
  readonly exchange: ExchangeDesk;
  readonly dockings: DockingDesk;
  readonly mirrors: MirrorDesk;
  readonly deletions: DeletionDesk;
  readonly holds: HoldDesk;
  readonly keeping: KeepingDesk;
  readonly clearing: ClearingDesk;
  readonly clearings: ClearingBook;
  readonly receipts: ReceiptDesk;
  readonly scrubs: ScrubDesk;
  readonly alarms: AlarmDesk;
  readonly witnesses: WitnessDesk;
  readonly urgent: UrgentDesk;
  readonly stamps: StampDesk;
  readonly recorderBook: RecorderBook;
  readonly recorders: RecorderDesk;
  readonly checkOuts: CheckOutDesk;
  readonly keys: KeyDesk;
  readonly drawings: DrawingDesk;
  readonly #closing: AbortController;
  readonly #onProbed = new Set<(clip: string) => void>();

  private constructor(context: StationContext, closing: AbortController, people: PeopleDesk, tables: CaseTables) {
    this.context = context;
    this.#closing = closing;
    this.people = people;
    this.coverage = new CoverageDesk(context, people);
    this.roster = new RosterDesk(context, people);
    this.coverageBook = new CoverageBookDesk(context, this.coverage);
    this.coverageAlerts = new CoverageAlertDesk(context, this.coverage);
    this.coverageAnswers = new CoverageAnswers(context, {
      engine: this.coverage,
      people,
      alerts: this.coverageAlerts,
      book: this.coverageBook,
    });
    this.recorderBook = new RecorderBook(context);
    this.recorders = new RecorderDesk(context, people, this.recorderBook);
    this.checkOuts = new CheckOutDesk(context, { people, book: this.recorderBook, recorders: this.recorders });
    this.dockings = new DockingDesk(context.registry, context.options.configuration.station.timeZone);
    this.cases = new CaseDesk(context, people, tables);
    this.links = new LinkDesk(context, tables.acts);
    this.exchange = new ExchangeDesk(context, { engine: this.coverage, links: this.links });
    this.queue = new QueueDesk(context, this.links);
    this.receipts = new ReceiptDesk(context, this.dockings);
    this.alarms = new AlarmDesk(context);
    this.witnesses = new WitnessDesk(context, this.alarms);
    this.drawings = new DrawingDesk(context);
    this.witnesses.onCosigned = () => this.drawings.drawSoon();
    this.stamps = new StampDesk(context);
    this.holds = new HoldDesk(context, people, {
      calendar: tables.calendar,
      between: (work) => this.deletions.between(work),
      links: this.links,
    });
    this.proofs = new ProofDesk(context);
    this.exports = new ExportDesk(context, people, { stamps: this.stamps, holds: this.holds });
    this.keys = new KeyDesk(context, { alarms: this.alarms, witnesses: this.witnesses });
    this.intake = new IntakeDesk(context, this.alarms, (clip) => {
      for (const listener of this.#onProbed) listener(clip);
    });
    this.mirrors = new MirrorDesk(context, () => this.intake.rooms());
    this.deletions = new DeletionDesk(context, people, {
      holds: this.holds,
      rooms: () => this.intake.rooms(),
      reachMirrors: () => this.mirrors.removeDeleted(),
      forgetCaches: () => this.coverage.forget(),
    });
    const copiesOf = (sha256: string): number => this.mirrors.copiesAtHand(sha256);
    this.urgent = new UrgentDesk(context);
    this.clearings = new ClearingBook(context, people);
    this.keeping = new KeepingDesk(context, { holds: this.holds, deletions: this.deletions });
    this.clearing = new ClearingDesk(context, { intake: this.intake, people, copiesOf, holds: this.holds });
    this.scrubs = new ScrubDesk(context, this.mirrors);
  }

  /**
   * Opens ledger and registry of a data folder that this process has locked, and brings the registry up to date.
   * @throws StationError ledger-altered, registry-newer, profiles-invalid, key-…
   */
  static async open(options: StationOptions): Promise<Station> {
    const profiles = await loadCoverageProfiles(options.configuration.coverage.profilesFile ?? undefined);
    const { cases } = options.configuration;
    const tables = { acts: loadActList(cases.actsFile), calendar: loadWorkingCalendar(cases.calendarFile) };
    const policy = await loadWitnessPolicy(options.configuration.ledger.policyFile ?? undefined);
    await finishErasing(options.dataFolder);
    const registryFile = join(options.dataFolder, 'registry.db');
    if (options.rebuild === true) Registry.remove(registryFile);
    let registry = Registry.open(registryFile);
    const onCheckpoint = new Set<() => void>();
    const ledger = await Ledger.open({
      dataFolder: options.dataFolder,
      random,
      now: Date.now,
      upMs: upMilliseconds,
      boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
      checkpointMs: options.configuration.ledger.checkpointSeconds * 1000,
      rehearse: (records) => registry.rehearse(records),
      onDurable: (records) => registry.apply(records),
      onCheckpoint: () => {
        for (const listener of onCheckpoint) listener();
      },
      onTrouble: (error) => options.log.error({ err: error }, 'the ledger could not sign a checkpoint'),
    });
    // The ledger alone was set back. What it holds is what counts; the newer registry stays beside as a trace of the rest.
    const known = registry.nextSeq;
    const isSetBack = known > ledger.size;
    if (isSetBack) {
      registry.close();
      Registry.setAside(registryFile);
      registry = Registry.open(registryFile);
    }
    const closing = new AbortController();
    const logProofs = new LogProofs({
      dataFolder: options.dataFolder,
      logs: () => ledger.logs,
      witnessKeys: policy.witnesses.map(({ key }) => key),
    });
    const context: StationContext = {
      options,
      registry,
      ledger,
      get proofs() {
        return logProofs.current;
      },
      logProofs,
      policy,
      onCheckpoint,
      closing: closing.signal,
    };
    const station = new Station(context, closing, new PeopleDesk(context, profiles, tables.acts), tables);
    try {
      const setBackTo = ledger.size;
      await station.#catchUp();
      if (isSetBack) await station.alarms.raise({ kind: 'registry-ahead', evidence: `${known} ${setBackTo}` });
      await station.alarms.raiseContradictions();
      await station.deletions.carryOn();
      station.drawings.drawSoon();
    } catch (error) {
      await station.close();
      throw error;
    }
    return station;
  }

  /** Replays what the registry has not seen, and ends what an interrupted process left open. */
  async #catchUp(): Promise<void> {
    const { registry, ledger, options } = this.context;
    const { nextSeq } = registry;
    if (nextSeq < ledger.size) await registry.replay(ledger.replay(nextSeq), ledger.size);
    for (const docking of registry.openDockings()) {
      options.log.info({ docking }, 'a docking was interrupted');
      await ledger.append({ type: 'docking-interrupted', actor: systemActor, subject: docking, body: { docking } });
    }
    await this.clearing.endInterrupted();
    for (const id of registry.people.openImports()) {
      options.log.info({ import: id }, 'an import was interrupted; nothing of it counts');
      await ledger.append({ type: 'import-interrupted', actor: systemActor, subject: id, body: { import: id } });
    }
  }

  /** Calls `listener` for each clip whose content became known. */
  onProbed(listener: (clip: string) => void): void {
    this.#onProbed.add(listener);
  }

  today(): CalendarDate {
    return getCalendarDate(today(Date.now(), this.context.options.configuration.station.timeZone));
  }

  /** An ISO instant as `YYYY-MM-DD HH:MM:SS` in the station's time zone, for people; null and what is no time as a dash. */
  shownTime(iso: string | null): string {
    const ms = iso === null ? Number.NaN : Date.parse(iso);
    if (Number.isNaN(ms)) return '-';
    return instantToLocalTime(ms, this.context.options.configuration.station.timeZone).replace('T', ' ');
  }

  /** Clips in the order of sealing, with the officer and case they are linked to. */
  *clips(): Generator<LinkedClip> {
    const linker = this.links.linker();
    const { copies } = this.context.registry;
    for (const row of this.context.registry.clips()) {
      const { officer, case: linkedCase, namedCase } = linker.link(row);
      const linkedOfficer = officer?.number ?? null;
      yield {
        ...row,
        linkedOfficer,
        namedCase,
        linkedCase: linkedCase === null ? null : this.links.caseNumber(linkedCase.number),
        availability: copies.availability(row.clip),
      };
    }
  }

  counts(): ReturnType<Registry['counts']> & { readonly records: number } {
    return { ...this.context.registry.counts(), records: this.context.ledger.size };
  }

  /** A shift hands the station over to the next. @returns the record's sequence */
  async recordHandover(names: { readonly from: string; readonly to: string }, actor: Actor): Promise<number> {
    const documents = [{ id: newDocumentId(random), body: names }];
    const { record } = await this.context.ledger.append({ type: 'shift-handed-over', actor, body: {}, documents });
    return record.seq;
  }

  checkpoint(): Promise<string> {
    return this.context.ledger.checkpoint();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.coverageAlerts.close();
    await this.coverage.close();
    await this.links.close();
    await this.deletions.close();
    await this.scrubs.close();
    await this.mirrors.close();
    await this.intake.close();
    await this.witnesses.idle();
    await this.drawings.idle();
    await this.stamps.idle();
    try {
      await this.context.ledger.close();
    } finally {
      this.context.registry.close();
    }
  }
}

function upMilliseconds(): number {
  return Math.round(Number.parseFloat(readFileSync('/proc/uptime', 'utf8')) * 1000);
}
