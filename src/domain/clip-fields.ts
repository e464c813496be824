/**
 * What is known of a clip by its own row in the registry, but for the bytes of its path; whoever asks takes the part
 * that the question needs. Instants are ISO UTC. `registry/clip-columns.ts` has the column behind each.
 */
import type { ClockBasis } from './clock-offset.ts';
import type { ClipId, DockingId, Sha256Hex, SourceId } from './ids.ts';

export interface ClipFields {
  readonly clip: ClipId;
  readonly source: SourceId;
  readonly docking: DockingId;
  readonly sha256: Sha256Hex;
  readonly bytes: number;
  /** From the probe, like `facts`, its JSON; null until it has run. */
  readonly kind: string | null;
  readonly facts: string | null;
  readonly isProbed: 0 | 1;
  readonly durationMs: number | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly recorder: string | null;
  /** As the name has them; what people and linking say stands in the links. */
  readonly officer: string | null;
  readonly caseNumber: string | null;
  /** The recorder's own time: as an instant, and as the name writes it. */
  readonly recordedAt: string | null;
  readonly recordedLocal: string | null;
  readonly sequence: number | null;
  readonly important: 0 | 1;
  readonly interrupted: 0 | 1;
  readonly clockBasis: ClockBasis | null;
  readonly clockAtLeastMs: number | null;
  readonly clockAtMostMs: number | null;
  readonly correctedEarliest: string | null;
  readonly correctedLatest: string | null;
  readonly occurredAt: string;
  readonly sealedAt: string;
  readonly sealedSeq: number;
  readonly isRestricted: 0 | 1;
}
