/**
 * Positions as recorders state them, in decimal degrees, and the check that one is possible at all. Also ISO 6709 as
 * MP4 and QuickTime files carry it (annex H: `+35.4868+112.4138+820.5/`). Whatever a file says is a claim of its
 * recorder: it is read strictly or not at all, and never corrected.
 */

export interface GeoPosition {
  /** Degrees, seven decimals: a centimetre. */
  readonly latitude: number;
  readonly longitude: number;
}

/**
 * Undefined where it lies on no globe. Exactly 0, 0 is what a receiver without a fix writes: nobody enforces traffic
 * rules there, so it is no position either.
 */
export function geoPosition(latitude: number, longitude: number): GeoPosition | undefined {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) || (latitude === 0 && longitude === 0)) {
    return undefined;
  }
  return { latitude: rounded(latitude), longitude: rounded(longitude) };
}

/** No minus zero, which JSON cannot say. */
const rounded = (degrees: number): number => Math.round(degrees * 1e7) / 1e7 + 0;

/** Latitude, longitude, height and reference system; after the slash some writers put the place's name. */
const form =
  /^([+-])(\d{1,6})(\.\d{1,12})?([+-])(\d{1,7})(\.\d{1,12})?(?:[+-]\d{1,6}(?:\.\d{1,12})?)?(?:CRS[\w:.-]{1,40})?$/;
const charsMax = 120;

/** Degrees, degrees with minutes, or with minutes and seconds, as the number of digits tells. */
export function readIso6709(text: string): GeoPosition | undefined {
  const [point = ''] = text.slice(0, charsMax).trim().split('/', 1);
  const match = form.exec(point);
  if (match === null) return undefined;
  const [, latitudeSign, latitude = '', latitudeRest, longitudeSign, longitude = '', longitudeRest] = match;
  const of = [
    degrees(latitude, latitudeRest, { sign: latitudeSign, degreeDigits: 2 }),
    degrees(longitude, longitudeRest, { sign: longitudeSign, degreeDigits: 3 }),
  ];
  return of[0] === undefined || of[1] === undefined ? undefined : geoPosition(of[0], of[1]);
}

function degrees(
  digits: string,
  rest: string | undefined,
  { sign, degreeDigits }: { readonly sign: string | undefined; readonly degreeDigits: number },
): number | undefined {
  const factor = sign === '-' ? -1 : 1;
  const last = (text: string): number => Number(`${text}${rest ?? ''}`);
  // Some writers leave out leading zeros of plain degrees.
  if (digits.length <= degreeDigits) return factor * last(digits);
  const whole = Number(digits.slice(0, degreeDigits));
  const more = digits.slice(degreeDigits);
  const [minutes, seconds] =
    more.length === 2 ? [last(more), 0] : more.length === 4 ? [Number(more.slice(0, 2)), last(more.slice(2))] : [];
  if (minutes === undefined || seconds === undefined || minutes >= 60 || seconds >= 60) return undefined;
  return factor * (whole + minutes / 60 + seconds / 3600);
}
