/**
 * First and last position of a recorder's track, from the text at its beginning and at its end: NMEA 0183 sentences
 * (RMC, GGA) and GPX points. What does not hold together (a wrong check sum, no fix, a place on no globe) is passed
 * over. Times are those of the receiver, as the track has them.
 */
import { type GeoPosition, geoPosition } from './geo-position.ts';

export interface TrackPoint extends GeoPosition {
  /** ISO UTC; left out where the track does not say. */
  readonly at?: string;
}

export interface TrackFacts {
  /** Left out where the looked-at beginning, or end, has none. */
  readonly first?: TrackPoint;
  readonly last?: TrackPoint;
}

export interface TrackText {
  readonly container: string;
  readonly head: string;
  /** The same text as `head` where that is all of it. */
  readonly tail: string;
}

/** Undefined where neither end has a position, or the format is another. */
export function trackFacts({ container, head, tail }: TrackText): TrackFacts | undefined {
  const read = container === 'nmea' ? nmeaPoints : container === 'gpx' ? gpxPoints : undefined;
  if (read === undefined) return undefined;
  const [ahead, behind] = [read(head), tail === head ? undefined : read(tail)];
  const points = behind ?? ahead;
  // A sentence without a date tells where, the next one also when.
  const first = ahead.find(({ at }) => at !== undefined) ?? ahead[0];
  const last = points.findLast(({ at }) => at !== undefined) ?? points.at(-1);
  if (first === undefined && last === undefined) return undefined;
  return { ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }) };
}

/** The longest sentence of the standard has 82 characters; receivers write longer ones. */
const sentence = /^[^$\r\n]{0,40}\$([A-Z]{2}(?:RMC|GGA),[^\r\n*$]{1,160})(?:\*([0-9A-Fa-f]{2}))?[ \t]*$/;

function nmeaPoints(text: string): TrackPoint[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => {
    const [, content = '', sum] = sentence.exec(line) ?? [];
    if (content === '' || (sum !== undefined && Number.parseInt(sum, 16) !== checkSum(content))) return [];
    const fields = content.split(',');
    return (content.slice(2, 5) === 'RMC' ? recommended(fields) : fix(fields)) ?? [];
  });
}

const checkSum = (content: string): number =>
  Array.from(content).reduce((sum, letter) => sum ^ (letter.codePointAt(0) ?? 0), 0);

/** RMC: time, status (A: valid), latitude, N or S, longitude, E or W, speed, course, date. */
function recommended(fields: readonly string[]): TrackPoint | undefined {
  const [, time = '', status, , , , , , , date = ''] = fields;
  const position = status === 'A' ? nmeaPosition(fields.slice(3, 7)) : undefined;
  if (position === undefined) return undefined;
  const [, day, month, year] = /^(\d\d)(\d\d)(\d\d)$/.exec(date) ?? [];
  const [, hour, minute, second] = /^(\d\d)(\d\d)(\d\d)(?:\.\d{1,9})?$/.exec(time) ?? [];
  const at = instant(`20${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return { ...position, ...(at === undefined ? {} : { at }) };
}

/** GGA: time, latitude, N or S, longitude, E or W, quality (0: none). */
function fix(fields: readonly string[]): TrackPoint | undefined {
  return /^[1-9]$/.test(fields[6] ?? '') ? nmeaPosition(fields.slice(2, 6)) : undefined;
}

function nmeaPosition([latitude = '', north, longitude = '', east]: readonly string[]): GeoPosition | undefined {
  const up = north === 'N' ? 1 : north === 'S' ? -1 : undefined;
  const right = east === 'E' ? 1 : east === 'W' ? -1 : undefined;
  const [rows, columns] = [
    /^(\d{2})(\d{2}(?:\.\d{1,10})?)$/.exec(latitude),
    /^(\d{3})(\d{2}(?:\.\d{1,10})?)$/.exec(longitude),
  ];
  if (up === undefined || right === undefined || rows === null || columns === null) return undefined;
  const [rowMinutes, columnMinutes] = [Number(rows[2]), Number(columns[2])];
  if (rowMinutes >= 60 || columnMinutes >= 60) return undefined;
  return geoPosition(up * (Number(rows[1]) + rowMinutes / 60), right * (Number(columns[1]) + columnMinutes / 60));
}

const gpxPoint = /<(?:[\w-]{1,20}:)?(?:trkpt|rtept|wpt)\s([^<>]{1,200})>/g;
/** A point's own content, of which only its time is of interest. */
const gpxContentMax = 1000;
const gpxTime = /<(?:[\w-]{1,20}:)?time>\s{0,20}([0-9TZ:.+-]{10,40})\s{0,20}<\//;

function gpxPoints(text: string): TrackPoint[] {
  const found = [...text.matchAll(gpxPoint)];
  return found.flatMap((match, number) => {
    const attributes = match[1] ?? '';
    const position = geoPosition(attribute(attributes, 'lat'), attribute(attributes, 'lon'));
    if (position === undefined) return [];
    const from = match.index + match[0].length;
    const to = Math.min(found[number + 1]?.index ?? text.length, from + gpxContentMax);
    const at = attributes.endsWith('/') ? undefined : instant(gpxTime.exec(text.slice(from, to))?.[1] ?? '');
    return [{ ...position, ...(at === undefined ? {} : { at }) }];
  });
}

/** NaN where it is missing or no plain number. */
function attribute(attributes: string, name: 'lat' | 'lon'): number {
  const value = new RegExp(`(?:^|\\s)${name}\\s?=\\s?["']([+-]?\\d{1,3}(?:\\.\\d{1,18})?)["']`).exec(attributes)?.[1];
  return value === undefined ? Number.NaN : Number(value);
}

/** Only what names a zone and lies in this century: a receiver that lost its date says 1980. */
function instant(text: string): string | undefined {
  const isWhole = /^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const ms = isWhole ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
