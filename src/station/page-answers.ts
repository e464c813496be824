/**
 * The part of the composition root that answers the pages: puts registry rows, links, previews and coverage together
 * into what the pages show. It asks and arranges; policies decide.
 */
import { statfsSync } from 'node:fs';
import { holdingsOn } from '../domain/coverage-holders.ts';
import type { DockProblem, SlotView } from '../domain/dock.ts';
import { versionsAsOf } from '../domain/history.ts';
import type { LinkAnswer } from '../domain/linking-policy.ts';
import { type CalendarDate, getCalendarDate, type OfficerFacts } from '../domain/people-facts.ts';
import { readablePath } from '../domain/readable-path.ts';
import { dayAfter, localTimeToInstant, today } from '../domain/station-time.ts';
import type { ClipLinker } from '../linking/clip-linker.ts';
import type { ClipFilter, ClipPageRow } from '../registry/page-queries.ts';
import type { WebAudit } from '../web/web-audit.ts';
import type { WebCases } from '../web/web-cases.ts';
import type { WebCoverage } from '../web/web-coverage.ts';
import type { WebDockings } from '../web/web-dockings.ts';
import type { WebExchange } from '../web/web-exchange.ts';
import type { WebImports } from '../web/web-imports.ts';
import type { WebKeeping } from '../web/web-keeping.ts';
import type { WebLinks } from '../web/web-links.ts';
import type { WebPeople } from '../web/web-people.ts';
import type { WebRecorders } from '../web/web-recorders.ts';
import type {
  ClipDetail,
  ClipQuery,
  ClipView,
  LedgerAlarmView,
  LinkView,
  ProfileView,
  StationFooter,
  WebStation,
} from '../web/web-station.ts';
import type { AlarmDesk } from './alarm-desk.ts';
import type { DockingDesk } from './docking-desk.ts';
import type { HoldDesk } from './hold-desk.ts';
import type { MirrorDesk } from './mirror-desk.ts';
import type { PeopleDesk } from './people-desk.ts';
import type { PreviewDesk } from './preview-desk.ts';
import type { ReceiptDesk } from './receipt-desk.ts';
import type { StationContext } from './station-context.ts';
import { ViewBook } from './view-book.ts';

/** Clips that one answer to a `lacking` filter looks through, newest first: the link of each has to be worked out. */
const lackingLookedThrough = 20_000;

export interface SlotSource {
  views(): readonly SlotView[];
  problems(): readonly DockProblem[];
  onChange(listener: () => void): () => void;
}

export interface PageParts {
  readonly context: StationContext;
  readonly people: PeopleDesk;
  readonly dockings: DockingDesk;
  readonly receipts: ReceiptDesk;
  readonly previews: PreviewDesk;
  readonly audit: WebAudit;
  readonly coverage: WebCoverage;
  readonly alarms: Pick<AlarmDesk, 'open' | 'onChange'>;
  readonly slots: SlotSource;
  readonly readBack: string;
  readonly demo: boolean;
  readonly mirrors?: Pick<MirrorDesk, 'presence'>;
  readonly recorders?: WebRecorders;
  readonly roster?: WebPeople;
  readonly imports?: WebImports;
  readonly cases?: WebCases;
  readonly links?: WebLinks;
  readonly keeping?: WebKeeping;
  readonly exchange?: WebExchange;
  readonly holds?: Pick<HoldDesk, 'isHeld'>;
}

export class PageAnswers implements WebStation {
  readonly name: string;
  readonly timeZone: string;
  readonly dockings: WebDockings;
  readonly audit: WebAudit;
  readonly coverage: WebCoverage;
  readonly recorders?: WebRecorders;
  readonly people?: WebPeople;
  readonly imports?: WebImports;
  readonly cases?: WebCases;
  readonly links?: WebLinks;
  readonly keeping?: WebKeeping;
  readonly exchange?: WebExchange;
  readonly #parts: PageParts;
  readonly #views: ViewBook;

  constructor(parts: PageParts) {
    const { station } = parts.context.options.configuration;
    this.name = station.name;
    this.timeZone = station.timeZone;
    this.#parts = parts;
    this.#views = new ViewBook(parts.context);
    this.dockings = this.#dockingAnswers(parts);
    this.audit = parts.audit;
    this.coverage = parts.coverage;
    if (parts.recorders !== undefined) this.recorders = parts.recorders;
    if (parts.roster !== undefined) this.people = parts.roster;
    if (parts.imports !== undefined) this.imports = parts.imports;
    if (parts.cases !== undefined) this.cases = parts.cases;
    if (parts.links !== undefined) this.links = parts.links;
    if (parts.keeping !== undefined) this.keeping = parts.keeping;
    if (parts.exchange !== undefined) this.exchange = parts.exchange;
  }

  #dockingAnswers({ dockings, receipts }: PageParts): WebDockings {
    return {
      list: ({ slot, recorder, state, day }, rows) => {
        const [startedFrom, startedTo] = day === undefined ? [] : [this.#startOf(day), this.#startOf(dayAfter(day))];
        return dockings.list({ slot, recorder, state, startedFrom, startedTo }, rows);
      },
      find: (id) => dockings.find(id),
      entries: (id, rows) => dockings.entries(id, rows),
      isRegistered: (serial) => dockings.isRegistered(serial),
      receipt: (id) => receipts.receipt(id),
      checkReceipt: (typed) => receipts.check(typed),
    };
  }

  today(): CalendarDate {
    return getCalendarDate(today(Date.now(), this.timeZone));
  }

  slots(): readonly SlotView[] {
    return this.#parts.slots.views();
  }

  dockProblems(): readonly DockProblem[] {
    return this.#parts.slots.problems();
  }

  ledgerAlarms(): readonly LedgerAlarmView[] {
    return this.#parts.alarms.open().map(({ kind, raisedAt }) => ({ kind, since: raisedAt }));
  }

  onSlots(listener: () => void): () => void {
    const stopSlots = this.#parts.slots.onChange(listener);
    const stopAlarms = this.#parts.alarms.onChange(listener);
    return () => {
      stopSlots();
      stopAlarms();
    };
  }

  holderOf(serial: string): { name: string; unit: string; certificateNo: string } | null {
    const { people } = this.#parts.context.registry;
    const asOf = this.today();
    const known = versionsAsOf(people.assignmentsOfRecorder(serial), { asOf });
    const assignments = Array.from(known.values(), ({ facts }) => facts);
    const holder = holdingsOn({ asOf, recorders: [], assignments }).recorders.get(serial)?.holder;
    if (holder == null) return null;
    const officer = this.#officer(holder.certificateNo);
    return { name: officer?.name ?? '', unit: officer?.unit ?? '', certificateNo: holder.certificateNo };
  }

  /** What the roster says of an officer today; before their first day there, what it will say then. */
  #officer(certificateNo: string): OfficerFacts | undefined {
    const versions = this.#parts.context.registry.people.versionsOfKey('officers', certificateNo);
    const held = versionsAsOf(versions, { asOf: this.today() }).get(certificateNo) ?? versions[0];
    return held?.facts;
  }

  footer(): StationFooter {
    const { context, previews, readBack, demo } = this.#parts;
    const mirrors = this.#parts.mirrors?.presence();
    const disk = statfsSync(context.options.dataFolder);
    return {
      freeBytes: disk.bavail * disk.bsize,
      totalBytes: disk.blocks * disk.bsize,
      clips: context.registry.counts().clips,
      records: context.ledger.size,
      previewsWaiting: previews.waiting,
      readBack,
      demo,
      ...(mirrors === undefined ? {} : { mirrors }),
    };
  }

  clips(query: ClipQuery): { rows: ClipView[]; total: number } {
    const { pages } = this.#parts.context.registry;
    const filter = this.#filter(query);
    const offset = (query.page - 1) * query.pageSize;
    const linker = this.#parts.people.linker();
    const isHeld = this.#parts.holds?.isHeld() ?? (() => false);
    const { lacking } = query;
    if (lacking === 'finding') {
      const found = pages.clipsWithFinding();
      const lacks = (row: ClipPageRow): boolean => found.has(row.clip) || linker.link(row).findings.length > 0;
      const rows = pages.clips(filter, { limit: lackingLookedThrough, offset: 0 }).filter(lacks);
      return {
        rows: rows.slice(offset, offset + query.pageSize).map((row) => this.#view(row, linker, isHeld)),
        total: rows.length,
      };
    }
    const lacked = { ...filter, lacking };
    const rows = pages.clips(lacked, { limit: query.pageSize, offset });
    return { rows: rows.map((row) => this.#view(row, linker, isHeld)), total: pages.count(lacked) };
  }

  #startOf(date: string): string {
    return new Date(localTimeToInstant(`${date}T00:00:00`, this.timeZone)).toISOString();
  }

  #filter({ kind, day, search }: ClipQuery): ClipFilter {
    const text = search?.trim();
    return {
      kind,
      search: text === '' ? undefined : text,
      recordedFrom: day === undefined ? undefined : this.#startOf(day),
      recordedTo: day === undefined ? undefined : this.#startOf(dayAfter(day)),
    };
  }

  #view(row: ClipPageRow, linker: ClipLinker, isHeld: (clip: string) => boolean): ClipView {
    const link = linker.link(row);
    const facts = row.facts === null ? null : (JSON.parse(row.facts) as { durationMs?: number });
    return {
      clip: row.clip,
      kind: row.kind as ClipView['kind'],
      path: readablePath(row.path),
      bytes: row.bytes,
      recorder: row.recorder,
      officer: this.#officerLink(link),
      case: this.#caseLink(link),
      recordedAt: row.recordedAt,
      sealedAt: row.sealedAt,
      important: row.important === 1,
      ...this.#humanMark(row.clip),
      ...(isHeld(row.clip) && { isHeld: true }),
      durationMs: facts?.durationMs ?? null,
      hasPoster: this.media(row.clip, 'poster') !== undefined,
      findings: [
        ...this.#parts.context.registry.pages.findings(row.clip),
        ...link.findings.map((code) => ({ code, detail: null })),
      ],
    };
  }

  #humanMark(clip: string): Pick<ClipView, 'humanMark'> {
    const mark = this.#parts.context.registry.retention.mark(clip);
    if (mark === undefined) return {};
    return { humanMark: mark.important === 1 ? 'important' : 'not-important' };
  }

  #caseLink({ case: linked }: LinkAnswer): LinkView | null {
    if (linked === null) return null;
    const facts = this.#parts.context.registry.links.caseFacts(linked.number);
    const number = facts?.caseNumber ?? linked.number;
    return { ...linked, number, name: null, unit: null, known: facts !== undefined };
  }

  #officerLink({ officer }: LinkAnswer): LinkView | null {
    if (officer === null) return null;
    const facts = this.#officer(officer.number);
    return { ...officer, name: facts?.name ?? null, unit: facts?.unit ?? null, known: facts !== undefined };
  }

  clip(id: string): ClipDetail | undefined {
    const { context, previews, people } = this.#parts;
    const { pages } = context.registry;
    const row = pages.clip(id);
    if (row === undefined) return undefined;
    const availability = context.registry.copies.availability(id);
    const original = pages.original(row.sha256);
    const docking = pages.docking(row.docking);
    if (original === undefined || docking === undefined) throw new Error(`clip ${id} has no original or no docking`);
    return {
      ...this.#view(row, people.linker(), this.#parts.holds?.isHeld() ?? (() => false)),
      sha256: row.sha256,
      ...original,
      docking,
      ...clockOf(row),
      facts: row.facts === null ? null : (JSON.parse(row.facts) as { [key: string]: unknown }),
      preview:
        availability === 'damaged' || availability === 'restricted'
          ? { state: 'withheld', why: availability }
          : previews.state(id, row.kind),
      history: pages.history(id, row.docking),
    };
  }

  recordView(id: string): Promise<void> {
    return this.#views.record(id);
  }

  media(id: string, which: 'playable' | 'poster'): { path: string; mime: string } | undefined {
    // Only an id that the registry knows becomes part of a path; damaged and restricted clips are not served.
    const { registry } = this.#parts.context;
    return registry.copies.availability(id) === 'available' ? this.#parts.previews.file(id, which) : undefined;
  }

  profiles(): ProfileView[] {
    return Array.from(this.#parts.people.profiles.values(), ({ name, title }) => ({ name, title }));
  }
}

function clockOf(row: ClipPageRow): Pick<ClipDetail, 'clock' | 'correctedAt'> {
  const { clockBasis: basis, clockAtLeastMs: atLeastMs, clockAtMostMs: atMostMs } = row;
  const { correctedEarliest: earliest, correctedLatest: latest } = row;
  return {
    clock: basis === null ? null : { basis, atLeastMs, atMostMs },
    correctedAt: earliest === null && latest === null ? null : { earliest, latest },
  };
}
