/**
 * The station as a service: docks, previews and pages beside the open ledger. Started in this order and stopped in
 * the opposite one, so that nothing is asked of a part that is gone.
 */
import { realpathSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DockKeeper } from '../dock/dock-keeper.ts';
import { ImportFolder } from '../dock/import-folder.ts';
import type { CopyEngine } from '../domain/copy-engine.ts';
import type { Dock, DockedRecorder, DockingSummary, TakeControl } from '../domain/dock.ts';
import { ensureFolder } from '../files/durable-files.ts';
import { certificateStyle, clearingCertificatePage } from '../reporting/clearing-certificate-page.ts';
import type { Station } from '../station.ts';
import { buildWebApp } from '../web/build-web-app.ts';
import { listen } from '../web/listen.ts';
import { AuditDesk } from './audit-desk.ts';
import { clockStateMs, recordClockState } from './clock-state.ts';
import { ExchangePages } from './exchange-pages.ts';
import { ImportPages } from './import-pages.ts';
import { KeepingPages } from './keeping-pages.ts';
import { PageAnswers } from './page-answers.ts';
import { PeoplePages } from './people-pages.ts';
import { PreviewDesk } from './preview-desk.ts';
import { publicLogs } from './public-ledger.ts';
import { RecorderPages } from './recorder-pages.ts';
import { takeRecorder } from './take-recorder.ts';
import { makeUsbDock } from './usb-station.ts';
import { webCases } from './web-cases.ts';
import { webLinks } from './web-links.ts';

/** Nobody signs in at the kiosk. */
const kiosk = { kind: 'person', id: 'kiosk' } as const;

/** A dock that is made for the service and stopped with it. */
export type MakeDock = (station: Station) => Promise<Dock>;

export interface ServiceOptions {
  /** Docks beside the configured ones: the simulated one of the demo. */
  readonly moreDocks: readonly MakeDock[];
  readonly demo: boolean;
  /** Puts another engine around the configured one: that of the demo is as slow as a recorder. */
  readonly aroundEngine?: (engine: CopyEngine) => CopyEngine;
  readonly signal: AbortSignal;
  /** Told once, with the address of the pages. */
  readonly onReady: (address: string) => void;
}

/** Runs until the signal is aborted. @throws StationError vault-…, web-address-refused, web-port-in-use */
export async function runService(station: Station, options: ServiceOptions): Promise<void> {
  const { context } = station;
  const { configuration, log } = context.options;
  const { vault, prober } = await station.intake.rooms(options.aroundEngine);
  const previews = await PreviewDesk.open(context, (sha256) => vault.originalPath(sha256));
  station.onProbed(() => previews.feed());
  prober.wake();
  station.mirrors.start();
  station.scrubs.start();
  station.links.start();
  const docks = await makeDocks(station, options.moreDocks);
  const keeper = new DockKeeper({
    docks,
    config: configuration.dock,
    take: (recorder, control) => take(station, previews, { recorder, control, docks }),
    log,
    now: Date.now,
  });
  const pages = new PageAnswers({
    context,
    people: station.people,
    dockings: station.dockings,
    receipts: station.receipts,
    alarms: station.alarms,
    audit: new AuditDesk(context, station),
    coverage: station.coverageAnswers,
    previews,
    slots: {
      views: () => keeper.slots(),
      problems: () => keeper.problems(),
      onChange: (listener) => keeper.onChange(listener),
    },
    readBack: vault.readBack,
    mirrors: station.mirrors,
    recorders: new RecorderPages(station, kiosk),
    roster: new PeoplePages(station, kiosk),
    imports: new ImportPages(station, kiosk),
    cases: webCases(station, kiosk),
    links: webLinks(station, kiosk),
    keeping: new KeepingPages(context, station),
    exchange: new ExchangePages(station.exchange, configuration.station),
    holds: station.holds,
    demo: options.demo,
  });
  if (context.policy.witnesses.length > 0) {
    context.onCheckpoint.add(() => station.witnesses.askSoon());
    station.witnesses.askSoon();
  }
  context.onCheckpoint.add(() => station.coverage.refresh());
  station.coverage.refresh();
  station.coverageAlerts.start();
  context.onCheckpoint.add(() => station.stamps.stampSoon());
  station.stamps.stampSoon();
  const app = buildWebApp({
    station: pages,
    log,
    certificates: {
      style: certificateStyle,
      page: async (docking) => {
        if (context.registry.clearing.clearing(docking) === undefined) return undefined;
        const certificate = await station.clearings.certificate(docking);
        return clearingCertificatePage(certificate, configuration.station.timeZone).toString();
      },
    },
    urgent: { request: async (slot) => void (await station.urgent.request({ ...slot, actor: kiosk })) },
    ...(configuration.ledger.publicRead && { ledger: publicLogs(context.logProofs) }),
  });
  let stopUrgent = (): void => undefined;
  let clockTimer: NodeJS.Timeout | undefined;
  const delay = monitorEventLoopDelay({ resolution: 10 });
  try {
    options.onReady(await listen(app, configuration.web));
    keeper.start();
    // What two persons agreed on and a stop cut off.
    station.keeping.resumeAll(options.signal).catch((error: unknown) => {
      log.error({ err: error }, 'a deletion run could not be carried on');
    });
    stopUrgent = station.urgent.serve(keeper);
    delay.enable();
    clockTimer = setInterval(() => {
      recordClockState(context, 'hourly').catch((error: unknown) => {
        log.error({ err: error }, "the station's clock could not be recorded");
      });
    }, clockStateMs);
    await aborted(options.signal);
  } finally {
    delay.disable();
    clearInterval(clockTimer);
    log.info({ eventLoopDelayMsP99: Math.round(delay.percentile(99) / 1e5) / 10 }, 'the station is stopping');
    stopUrgent();
    await app.close();
    await keeper.stop();
    for (const dock of docks) await dock.stop();
    await previews.close();
  }
}

async function makeDocks(station: Station, more: readonly MakeDock[]): Promise<Dock[]> {
  const { configuration, log } = station.context.options;
  const { importFolder, intake } = configuration;
  const docks: Dock[] = [];
  if (importFolder.path !== null) {
    await ensureFolder(importFolder.path, 0o755);
    docks.push(
      new ImportFolder({
        // What a docking records is the real path, and by it the same content is known again.
        folder: realpathSync(importFolder.path),
        settleMs: importFolder.settleSeconds * 1000,
        limits: intake,
        wasTaken: (folder, listing) =>
          station.context.registry.pages.wasTaken(Buffer.from(folder).toString('hex'), listing),
        log,
        monotonicMs: () => performance.now(),
      }),
    );
  }
  const usb = await makeUsbDock(station);
  if (usb !== undefined) docks.push(usb);
  for (const make of more) docks.push(await make(station));
  return docks;
}

async function take(
  station: Station,
  previews: PreviewDesk,
  { recorder, control, docks }: { recorder: DockedRecorder; control: TakeControl; docks: readonly Dock[] },
): Promise<DockingSummary> {
  let copying = true;
  const copyingEnded = (): void => {
    if (!copying) return;
    copying = false;
    previews.copyingEnded();
    station.mirrors.copyingEnded();
    station.scrubs.copyingEnded();
  };
  previews.copyingBegan();
  station.mirrors.copyingBegan();
  station.scrubs.copyingBegan();
  try {
    const dock = docks.find(({ kind }) => kind === recorder.kind);
    const clear = dock === undefined ? undefined : station.clearing.ofRecorder(dock, recorder);
    // Only what was read again in this docking may be cleared.
    const rereadHeld = clear === undefined ? station.context.options.configuration.intake.rereadHeld : 'always';
    const findings = [...(recorder.findings ?? []), ...station.dockings.findingsOf(recorder)];
    return await takeRecorder(
      { intake: station.intake, rereadHeld, clear },
      { ...recorder, findings },
      {
        ...control,
        onStarted: (docking) => {
          control.onStarted(docking);
          station.checkOuts.docked(docking, recorder).catch((error: unknown) => {
            station.context.options.log.error({ err: error, docking }, 'battery and space could not be recorded');
          });
        },
        onFinishing: () => {
          copyingEnded();
          control.onFinishing();
        },
      },
    );
  } finally {
    copyingEnded();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
