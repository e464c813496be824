/**
 * Which serial a docked recorder has: protocol before USB before what lies on the card, with the source kept. Serials
 * that chips carry from the factory tell no recorder from another; they count only when there is no other, and then
 * the recorder is kept apart from all others that show the same.
 */
import { isDefaultSerial, isRecorderSerial } from './ids.ts';
import { matchesText } from './recorder-recognition.ts';

/** In the order in which they are believed. */
export const serialSources = ['protocol', 'usb', 'identity-file', 'label', 'names'] as const;
export type SerialSource = (typeof serialSources)[number];

export interface SerialEvidence {
  /** What each source says, as it came; several names may say different things. */
  readonly said: Partial<Record<SerialSource, readonly string[]>>;
  /** `*` allowed, from the table of recorders. */
  readonly placeholders: readonly string[];
  /** Whether a recorder of this serial stands in the registry. */
  readonly isRegistered: (serial: string) => boolean;
}

export interface ChosenSerial {
  readonly serial: string | undefined;
  /** `none` without a serial. */
  readonly basis: SerialSource | 'none';
  /** Many recorders may show this serial: it must not tie this one to another. */
  readonly isPlaceholder: boolean;
}

/**
 * A serial that the registry knows goes before one it does not, because cards behind a plain bridge chip show the
 * chip's number by USB; what the recorder's own protocol says goes before all.
 */
export function chooseSerial(evidence: SerialEvidence): ChosenSerial {
  const { placeholders, isRegistered } = evidence;
  const candidates = serialSources.flatMap((basis) => {
    const serials = usable(basis, evidence.said[basis] ?? []);
    return serials.map((serial) => ({ serial, basis, isPlaceholder: isPlaceholder(serial, placeholders) }));
  });
  const real = candidates.filter((candidate) => !candidate.isPlaceholder);
  const chosen =
    real.find(({ basis }) => basis === 'protocol') ??
    real.find(({ serial }) => isRegistered(serial)) ??
    real[0] ??
    candidates[0];
  return chosen ?? { serial: undefined, basis: 'none', isPlaceholder: false };
}

export const isPlaceholder = (serial: string, placeholders: readonly string[]): boolean =>
  isDefaultSerial(serial) || placeholders.some((placeholder) => matchesText(placeholder, serial));

/** Of one source: what can be a serial at all. Names that disagree say nothing: the card has seen several recorders. */
function usable(basis: SerialSource, said: readonly string[]): readonly string[] {
  const serials = [...new Set(said.filter(isRecorderSerial))];
  switch (basis) {
    case 'protocol':
    case 'usb':
    case 'identity-file':
      return serials;
    case 'label':
      return serials.filter(looksLikeSerial);
    case 'names':
      return serials.length === 1 ? serials : [];
  }
}

/** `NO NAME`, `CAM01` and `SDCARD` are labels of any card. */
const looksLikeSerial = (label: string): boolean =>
  /^[A-Za-z0-9_-]{5,32}$/.test(label) && (label.match(/\d/g)?.length ?? 0) >= 3;
