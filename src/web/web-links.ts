/** What the pages need of links, in their own words; station/ hands an implementation in. */
import type { HoldBack } from '../domain/linking-decision-policy.ts';
import type { LinkReason, LinkTarget } from '../domain/linking-facts.ts';
import type { LinkView } from './web-station.ts';

export interface ProposalView {
  /** By what the case is known here, and its number for people. */
  readonly key: string;
  readonly number: string;
  readonly score: number;
  readonly reasons: readonly LinkReason[];
  /** Why the station leaves it to people; null where another one is better. */
  readonly heldBack: HoldBack | null;
}

export interface QueueRowView {
  readonly clip: string;
  readonly path: string;
  readonly recorder: string | null;
  /** ISO UTC, corrected where that is known. */
  readonly occurredAt: string;
  readonly ageMs: number;
  readonly officer: LinkView | null;
  readonly case: LinkView | null;
  readonly proposals: readonly ProposalView[];
  /** Where it stands in its recording, from 1. */
  readonly part: { readonly at: number; readonly of: number };
  /** Milliseconds that it was handed in too late, 0 when in time; null when nobody can say. */
  readonly lateMs: number | null;
  readonly dueAt: string | null;
}

export interface QueueView {
  readonly rows: readonly QueueRowView[];
  readonly clips: number;
  readonly withoutOfficer: number;
  readonly withoutCase: number;
}

export interface LinkStepView {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly target: LinkTarget;
  readonly action: 'linked' | 'unlinked' | 'rejected' | 'settled';
  readonly number: string;
  readonly basis: string;
  readonly reason: string | null;
  readonly reasons: readonly LinkReason[];
}

export interface RecordingPartView {
  readonly clip: string;
  readonly path: string;
  readonly recordedAt: string | null;
  readonly durationMs: number | null;
  /** To the part before, milliseconds: a gap above zero, an overlap below it; null for the first. */
  readonly gapMs: number | null;
}

export interface ClipLinksView {
  readonly case: LinkView | null;
  readonly steps: readonly LinkStepView[];
  readonly proposals: readonly ProposalView[];
  readonly recording: readonly RecordingPartView[];
}

export interface WebLinks {
  queue(page: { readonly limit: number; readonly offset: number }): QueueView;
  ofClip(clip: string): ClipLinksView;
  /** Where clips stand in their recordings; those that were never cut are left out. */
  parts(clips: readonly string[]): ReadonlyMap<string, { readonly at: number; readonly of: number }>;
  /** @throws StationError clip-unknown, case-unknown, officer-unknown */
  link(what: { clips: readonly string[]; target: LinkTarget; number: string; reason: string }): Promise<void>;
  reject(what: { clips: readonly string[]; target: LinkTarget; number: string; reason: string }): Promise<void>;
  /** @throws StationError not-linked */
  unlink(what: { clips: readonly string[]; target: LinkTarget; reason: string }): Promise<void>;
  settle(what: { clips: readonly string[]; reason: string }): Promise<void>;
}
