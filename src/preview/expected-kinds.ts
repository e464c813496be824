/**
 * What a name's extension promises, and whether the content keeps it. The extension only ever raises a question;
 * it never decides a kind.
 */
import type { ClipKind } from './probe-facts.ts';

const promisedBy: ReadonlyMap<string, readonly ClipKind[]> = new Map([
  // A film container may hold sound only; a sound file must not turn out to be a film.
  ...each(['mp4', 'mov', 'm4v', 'avi', 'flv', 'mkv', 'ts', 'mts', 'mpg', '3gp', 'asf', 'ogg'], ['video', 'audio']),
  ...each(['mp3', 'wav', 'aac', 'm4a', 'amr'], ['audio']),
  ...each(['jpg', 'jpeg', 'png', 'bmp', 'webp', 'heic'], ['picture']),
  ...each(['nmea', 'gpx', 'wkt', 'json', 'geojson', 'gps'], ['track', 'log']),
  ...each(['log', 'txt', 'ini', 'csv', 'xml'], ['log', 'track']),
]);

/** `extension` with or without its dot, any case; unknown ones promise nothing. */
export function differsFromName(kind: ClipKind, extension: string | undefined): boolean {
  const promised = promisedBy.get((extension ?? '').replace(/^\./, '').toLowerCase());
  return promised !== undefined && !promised.includes(kind);
}

function each(extensions: readonly string[], kinds: readonly ClipKind[]): [string, readonly ClipKind[]][] {
  return extensions.map((extension) => [extension, kinds]);
}
