/**
 * What the pages need of the station, in their own words; station.ts hands an implementation in. Everything here is a
 * plain answer: no SQL, no paths of the vault beyond previews, no decisions.
 */

import type { DockProblem, SlotView } from '../domain/dock.ts';
import type { LinkBasis } from '../domain/linking-facts.ts';
import type { WebAudit } from './web-audit.ts';
import type { WebCases } from './web-cases.ts';
import type { WebCoverage } from './web-coverage.ts';
import type { WebDockings } from './web-dockings.ts';
import type { WebExchange } from './web-exchange.ts';
import type { WebImports } from './web-imports.ts';
import type { WebKeeping } from './web-keeping.ts';
import type { WebLinks } from './web-links.ts';
import type { WebPeople } from './web-people.ts';
import type { WebRecorders } from './web-recorders.ts';

/** A finding about a clip or docking: its code, and details where there are any. */
export interface FindingView {
  readonly code: string;
  readonly detail: string | null;
}

/** The officer or case of a clip, with the reason. */
export interface LinkView {
  /** Certificate number or case number; as the file name has it when `known` is false. */
  readonly number: string;
  /** The officer's name; null for a case or when not known. */
  readonly name: string | null;
  readonly unit: string | null;
  readonly basis: LinkBasis;
  /** Whether roster or case list know the number. */
  readonly known: boolean;
}

export interface ClipView {
  readonly clip: string;
  readonly kind: 'video' | 'audio' | 'picture' | 'track' | 'log' | 'other' | null;
  readonly path: string;
  readonly bytes: number;
  readonly recorder: string | null;
  readonly officer: LinkView | null;
  readonly case: LinkView | null;
  /** ISO UTC; null where the name says nothing. The page shows station time. */
  readonly recordedAt: string | null;
  readonly sealedAt: string;
  readonly important: boolean;
  /** What a person said of it, beside the device's mark; absent where nobody did. */
  readonly humanMark?: 'important' | 'not-important';
  /** Nothing may delete it now. */
  readonly isHeld?: true;
  readonly durationMs: number | null;
  readonly hasPoster: boolean;
  readonly findings: readonly FindingView[];
}

export interface ClipDetail extends ClipView {
  readonly sha256: string;
  readonly sm3: string;
  readonly fsverity: string;
  readonly readBack: string;
  readonly docking: {
    readonly docking: string;
    readonly kind: string;
    readonly startedAt: string;
    readonly state: string;
  };
  /** The recorder's clock as the docking measured it: recorder minus station, null at an end that nothing limits. */
  readonly clock: {
    readonly basis: 'protocol' | 'files' | 'none';
    readonly atLeastMs: number | null;
    readonly atMostMs: number | null;
  } | null;
  /** When it began by the station's clock, beside `recordedAt`. ISO UTC. */
  readonly correctedAt: { readonly earliest: string | null; readonly latest: string | null } | null;
  /** Container, codecs, sizes: whatever the probe wrote down. */
  readonly facts: { readonly [key: string]: unknown } | null;
  readonly preview:
    | { readonly state: 'ready'; readonly mime: string }
    | { readonly state: 'waiting' }
    | { readonly state: 'none' }
    | { readonly state: 'failed'; readonly code: string }
    /** Neither shown nor played: the original is damaged, or only kept (限制处理). */
    | { readonly state: 'withheld'; readonly why: 'damaged' | 'restricted' };
  /** The custody history: every record about the clip, its docking included, oldest first. */
  readonly history: readonly {
    readonly seq: number;
    readonly type: string;
    readonly time: string;
    readonly actor: string;
    /** Of a link by hand: the number and the reason. */
    readonly detail: string | null;
  }[];
}

export interface ClipQuery {
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
  readonly kind: string | undefined;
  /** Station-time day of recording, `YYYY-MM-DD`. */
  readonly day: string | undefined;
  /** Part of a path, serial, officer or case number. */
  readonly search: string | undefined;
  /** `officer`: clips without an officer; `case`: without a case; `finding`: with findings. */
  readonly lacking: 'officer' | 'case' | 'finding' | undefined;
}

export interface StationFooter {
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly clips: number;
  readonly records: number;
  readonly previewsWaiting: number;
  /** How copies are confirmed here; `memory-fs` proves nothing and must be shown. */
  readonly readBack: string;
  readonly demo: boolean;
  /** Configured mirrors and how many of them are there and take copies; absent where that is not known. */
  readonly mirrors?: { readonly present: number; readonly all: number };
}

/** Figures of one unit, as the profile counts. */
/** A profile by its name in the configuration and its titles. */
export interface ProfileView {
  readonly name: string;
  readonly title: { readonly 'zh-CN': string; readonly en: string };
}

export interface LedgerAlarmView {
  readonly kind: string;
  /** ISO UTC. */
  readonly since: string;
}

export interface WebStation {
  readonly dockings: WebDockings;
  readonly audit: WebAudit;
  /** Given where recorders can be given to people. */
  /** Given where links are said on pages. */
  readonly links?: WebLinks;
  readonly recorders?: WebRecorders;
  /** Given where the roster is shown. */
  readonly people?: WebPeople;
  /** Given where tables can be imported. */
  readonly imports?: WebImports;
  /** Absent where nothing keeps cases. */
  readonly cases?: WebCases;
  /** Given where the pages about keeping are shown. */
  readonly keeping?: WebKeeping;
  /** Given where another system may read a month. */
  readonly exchange?: WebExchange;
  readonly name: string;
  readonly timeZone: string;
  /** Today in station time, `YYYY-MM-DD`. */
  today(): string;
  slots(): readonly SlotView[];
  /** Docks that cannot be looked at: what their slots show may be old. */
  dockProblems(): readonly DockProblem[];
  /** Open alarms about the ledger: nothing is taken in while there is one. */
  ledgerAlarms(): readonly LedgerAlarmView[];
  /** Calls `listener` after slots, problems or alarms changed, at most a few times a second; the returned function stops that. */
  onSlots(listener: () => void): () => void;
  /** Who a recorder is assigned to today; null when nobody is. */
  holderOf(serial: string): { readonly name: string; readonly unit: string; readonly certificateNo: string } | null;
  footer(): StationFooter;
  clips(query: ClipQuery): { readonly rows: readonly ClipView[]; readonly total: number };
  clip(id: string): ClipDetail | undefined;
  /** A preview file, absolute; undefined when there is none. */
  media(id: string, which: 'playable' | 'poster'): { readonly path: string; readonly mime: string } | undefined;
  /** Writes down that the clip is being watched; nothing is handed out before that is durable. */
  recordView(id: string): Promise<void>;
  /** Profiles in the order of the configuration. */
  profiles(): readonly ProfileView[];
  readonly coverage: WebCoverage;
}
