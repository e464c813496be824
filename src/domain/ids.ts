/**
 * Branded text types and the drawing of ids. Ids carry 100 random bits, so they are unique across stations without
 * asking anyone. Randomness is handed in; nothing here reads a clock or a device.
 */

declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

export type ClipId = Branded<string, 'ClipId'>;
export type DockingId = Branded<string, 'DockingId'>;
export type DocumentId = Branded<string, 'DocumentId'>;
/** Where a clip came from: `recorder:<serial>`, or `folder:<random>` for an import folder without a known recorder. */
export type SourceId = Branded<string, 'SourceId'>;
export type StationId = Branded<string, 'StationId'>;
/** SHA-256 as 64 lower-case hex digits. */
export type Sha256Hex = Branded<string, 'Sha256Hex'>;

/** Crockford's base 32, lower case: no i, l, o, u, so an id can be read aloud. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const idLength = 20;

/** Returns `count` bytes nobody can predict. */
export type RandomBytes = (count: number) => Uint8Array;

function drawText(random: RandomBytes): string {
  let text = '';
  for (const byte of random(idLength)) text += alphabet[byte & 31];
  return text;
}

export const newClipId = (random: RandomBytes): ClipId => `c-${drawText(random)}` as ClipId;
export const newDockingId = (random: RandomBytes): DockingId => `d-${drawText(random)}` as DockingId;
export const newDocumentId = (random: RandomBytes): DocumentId => `x-${drawText(random)}` as DocumentId;
export const newClearingRequestId = (random: RandomBytes): string => `q-${drawText(random)}`;
export const newStationId = (random: RandomBytes): StationId => `s-${drawText(random)}` as StationId;
export const newCheckOutId = (random: RandomBytes): string => `k-${drawText(random)}`;
export const newMirrorId = (random: RandomBytes): string => `m-${drawText(random)}`;
export const newDeletionId = (random: RandomBytes): string => `e-${drawText(random)}`;
export const newCoverageReportId = (random: RandomBytes): string => `h-${drawText(random)}`;
export const newCoverageAlertId = (random: RandomBytes): string => `w-${drawText(random)}`;
export const newReviewId = (random: RandomBytes): string => `v-${drawText(random)}`;
export const newHoldId = (random: RandomBytes): string => `z-${drawText(random)}`;
export const newRunId = (random: RandomBytes): string => `r-${drawText(random)}`;
export const newDrawingId = (random: RandomBytes): string => `l-${drawText(random)}`;
export const newExportId = (random: RandomBytes): string => `b-${drawText(random)}`;
export const newFolderSourceId = (random: RandomBytes): SourceId => `folder:${drawText(random)}` as SourceId;

export const recorderSourceId = (serial: string): SourceId => `recorder:${serial}` as SourceId;

/** The serial in a recorder's source id, undefined for a folder's. */
export function serialOfSource(source: SourceId): string | undefined {
  return source.startsWith('recorder:') ? source.slice('recorder:'.length) : undefined;
}

/**
 * A serial of zeros is a factory default that many recorders share: it tells no recorder from another, so each docking
 * is a source of its own.
 */
export const isDefaultSerial = (serial: string): boolean => /^0+$/.test(serial);

export const defaultSerialSourceId = (serial: string, docking: DockingId): SourceId =>
  `recorder:${serial}/${docking}` as SourceId;

/** Serials are what a label can carry: 1 to 64 letters, digits and `. _ - : /`, nothing that could break a line. */
export function isRecorderSerial(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/.test(text);
}

export function isSha256Hex(text: string): text is Sha256Hex {
  return /^[0-9a-f]{64}$/.test(text);
}
