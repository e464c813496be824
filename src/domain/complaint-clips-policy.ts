/**
 * Which clips a complaint touches: by its case, its plate, and by time and place. It proposes with reasons; a person
 * confirms, and only then a hold stands. What contradicts the complaint (another unit, another place) is left out
 * where nothing but the time speaks for it.
 */

export interface ComplaintQuestion {
  readonly caseNumber: string | null;
  /** Folded, see `foldPlate`. */
  readonly plate: string | null;
  /** Folded, see `foldUnit`; null: the complaint names none. */
  readonly unit: string | null;
  /** A roster has a unit of that name or code. One that none has, or that is written otherwise, excludes nobody. */
  readonly isUnitKnown: boolean;
  readonly place: string | null;
  readonly position: Position | null;
  /** When it happened, with the margin; null: the complaint does not say. */
  readonly happened: { readonly earliest: string; readonly latest: string } | null;
}

export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** A clip, with what its case and its officer add. */
export interface ComplaintClip {
  readonly clip: string;
  readonly recorded: { readonly earliest: string; readonly latest: string } | null;
  readonly caseNumber: string | null;
  readonly plate: string | null;
  readonly place: string | null;
  readonly position: Position | null;
  /** Of its officer, and every unit above it: codes and names, folded. */
  readonly units: readonly string[];
}

export type ProposalReason = 'case' | 'plate' | 'time' | 'place' | 'unit';

export interface Proposal {
  readonly clip: string;
  readonly reasons: readonly ProposalReason[];
  readonly score: number;
}

const weights: { readonly [R in ProposalReason]: number } = { case: 8, plate: 6, time: 4, place: 2, unit: 1 };

/** Best first, equal ones by id. */
export function proposeClips(
  question: ComplaintQuestion,
  clips: readonly ComplaintClip[],
  placeMetres: number,
): Proposal[] {
  return clips
    .flatMap((clip) => propose(question, clip, placeMetres) ?? [])
    .sort((a, b) => b.score - a.score || (a.clip < b.clip ? -1 : 1));
}

function propose(question: ComplaintQuestion, clip: ComplaintClip, placeMetres: number): Proposal | undefined {
  const { happened, plate, unit, isUnitKnown } = question;
  const isCase = question.caseNumber !== null && clip.caseNumber === question.caseNumber;
  const isPlate = plate !== null && clip.plate === plate;
  const isTime = happened !== null && clip.recorded !== null && overlaps(happened, clip.recorded);
  const isElsewhen = happened !== null && clip.recorded !== null && !isTime;
  const isPlace = placeMatches(question, clip, placeMetres);
  const isUnit = unit !== null && clip.units.includes(unit);
  const isOtherUnit = unit !== null && isUnitKnown && clip.units.length > 0 && !isUnit;
  const speaks = isCase || (isPlate && !isElsewhen) || (isTime && !isOtherUnit && isPlace !== false);
  if (!speaks) return undefined;
  const held: { readonly [R in ProposalReason]: boolean } = {
    ...{ case: isCase, plate: isPlate, time: isTime },
    ...{ place: isPlace === true, unit: isUnit },
  };
  const reasons = (Object.keys(weights) as ProposalReason[]).filter((reason) => held[reason]);
  return { clip: clip.clip, reasons, score: reasons.reduce((sum, reason) => sum + weights[reason], 0) };
}

interface Range {
  readonly earliest: string;
  readonly latest: string;
}

const overlaps = (a: Range, b: Range): boolean => a.earliest <= b.latest && b.earliest <= a.latest;

/** Undefined: nobody can say, since one of them has no place; words that differ prove no other place. */
function placeMatches(question: ComplaintQuestion, clip: ComplaintClip, metres: number): boolean | undefined {
  if (question.position !== null && clip.position !== null) {
    return metresBetween(question.position, clip.position) <= metres;
  }
  const [asked, known] = [foldPlace(question.place), foldPlace(clip.place)];
  if (asked === '' || known === '') return undefined;
  return asked.includes(known) || known.includes(asked) ? true : undefined;
}

const foldPlace = (text: string | null): string => (text ?? '').normalize('NFKC').replaceAll(/\s+/gu, '').toLowerCase();

/** Names and codes of units as compared: full-width signs and spaces make no other unit. */
export const foldUnit = (text: string): string => foldPlace(text);

/** Plates are written with and without the point: `晋E·12345`, `晋E12345`. */
export const foldPlate = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\s·•.-]+/gu, '')
    .toUpperCase();

/** On a sphere: places within some kilometres, so nothing finer is needed. */
function metresBetween(a: Position, b: Position): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const dLatitude = radians(b.latitude - a.latitude);
  const dLongitude = radians(b.longitude - a.longitude);
  const h =
    Math.sin(dLatitude / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(dLongitude / 2) ** 2;
  return 2 * 6_371_000 * Math.asin(Math.min(1, Math.sqrt(h)));
}
