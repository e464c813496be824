/**
 * Turns the bytes of a scene into those of one clip, without an encoder: its own times, a mark that makes its digest
 * unique, and the ways in which recorders leave a file broken. It also writes what recorders write as text.
 */
import { readBoxHeader } from '../domain/mp4-boxes.ts';

/** A number generator of 32-bit state (mulberry32): the same seed gives the same card on every machine. */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `createdMs` becomes the container's own time; undefined leaves it unset, as some recorders do. */
export function markedMp4(scene: Buffer, mark: string, createdMs: number | undefined): Buffer {
  const copy = Buffer.from(scene);
  // Seconds since 1904 (ISO/IEC 14496-12).
  writeTimes(copy, createdMs === undefined ? 0 : Math.floor(createdMs / 1000) + 2_082_844_800);
  const text = Buffer.from(mark, 'utf8');
  const free = Buffer.alloc(8);
  free.writeUInt32BE(text.length + 8);
  free.write('free', 4, 'latin1');
  return Buffer.concat([copy, free, text]);
}

/** The battery died: the index was never written, and the last `lostBytes` of the media neither. */
export function neverClosedMp4(scene: Buffer, lostBytes: number): Buffer {
  const index = topLevel(scene).find((box) => box.type === 'moov')?.offset ?? scene.length;
  return Buffer.from(scene.subarray(0, Math.max(64, index - lostBytes)));
}

/** The same on a recorder that allocates the file beforehand: its size is right, its end is zeros. */
export function preallocatedMp4(scene: Buffer, lostBytes: number): Buffer {
  return Buffer.concat([neverClosedMp4(scene, lostBytes), Buffer.alloc(1024 * 1024 + lostBytes)]);
}

/** The mark goes into a LIST chunk after the samples; the RIFF length is kept true. */
export function markedWav(scene: Buffer, mark: string): Buffer {
  const text = Buffer.from(mark.length % 2 === 0 ? mark : `${mark} `, 'latin1');
  const header = Buffer.from('LIST\0\0\0\0INFOICMT\0\0\0\0', 'latin1');
  header.writeUInt32LE(text.length + 12, 4);
  header.writeUInt32LE(text.length, 16);
  const whole = Buffer.concat([scene, header, text]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}

/** The mark goes into a comment segment right after the start of the image. */
export function markedJpeg(scene: Buffer, mark: string): Buffer {
  const text = Buffer.from(mark, 'utf8');
  const comment = Buffer.from([0xff, 0xfe, 0, 0]);
  comment.writeUInt16BE(text.length + 2, 2);
  return Buffer.concat([scene.subarray(0, 2), comment, text, scene.subarray(2)]);
}

/** A walk of one position a second, as RMC and GGA sentences with their check sums. */
export function nmeaTrack(startMs: number, seconds: number, random: () => number): Buffer {
  let latitude = 37.8 + random() / 10;
  let longitude = 113.5 + random() / 10;
  const lines: string[] = [];
  for (let second = 0; second < seconds; second += 1) {
    const [date, time] = new Date(startMs + second * 1000).toISOString().split('T') as [string, string];
    const clock = `${time.slice(0, 8).replaceAll(':', '')}.000`;
    const day = `${date.slice(8, 10)}${date.slice(5, 7)}${date.slice(2, 4)}`;
    const position = `${degrees(latitude, 2)},N,${degrees(longitude, 3)},E`;
    lines.push(sentence(`GPRMC,${clock},A,${position},${(random() * 12).toFixed(1)},84.4,${day},,,A`));
    lines.push(sentence(`GPGGA,${clock},${position},1,09,0.9,702.5,M,-24.0,M,,`));
    latitude += (random() - 0.5) / 5000;
    longitude += (random() - 0.5) / 5000;
  }
  return Buffer.from(lines.join(''), 'latin1');
}

export function deviceLog(startMs: number, serial: string, random: () => number): Buffer {
  const words = ['REC START', 'REC STOP', 'PHOTO', 'KEY IMP', 'BATTERY', 'USB IN', 'GPS FIX', 'GPS LOST'];
  let at = startMs;
  const lines = Array.from({ length: 40 }, () => {
    at += Math.floor(random() * 240_000);
    const time = new Date(at).toISOString().replace('T', ' ').slice(0, 19);
    return `${time} [${serial}] ${words[Math.floor(random() * words.length)]} ${Math.floor(random() * 100)}%\r\n`;
  });
  return Buffer.from(lines.join(''), 'utf8');
}

interface BoxPlace {
  readonly type: string;
  readonly offset: number;
  readonly headerBytes: number;
  readonly end: number;
}

function topLevel(bytes: Buffer, from = 0, to = bytes.length): BoxPlace[] {
  const places: BoxPlace[] = [];
  for (let offset = from; offset < to; ) {
    const box = readBoxHeader(bytes.subarray(offset, Math.min(to, offset + 16)), offset);
    if (typeof box === 'string') {
      break;
    }
    const end = Math.min(to, offset + (box.declaredBytes ?? to - offset));
    places.push({ type: box.type, offset, headerBytes: box.headerBytes, end });
    offset = end;
  }
  return places;
}

/** `mvhd`, `tkhd` and `mdhd` of version 0 begin with version and flags, then created and changed, 4 bytes each. */
function writeTimes(bytes: Buffer, seconds: number, from = 0, to = bytes.length): void {
  for (const box of topLevel(bytes, from, to)) {
    const content = box.offset + box.headerBytes;
    if (['moov', 'trak', 'mdia'].includes(box.type)) {
      writeTimes(bytes, seconds, content, box.end);
    } else if (['mvhd', 'tkhd', 'mdhd'].includes(box.type) && bytes[content] === 0) {
      bytes.writeUInt32BE(seconds, content + 4);
      bytes.writeUInt32BE(seconds, content + 8);
    }
  }
}

function degrees(value: number, width: number): string {
  const whole = Math.floor(value);
  return `${String(whole).padStart(width, '0')}${((value - whole) * 60).toFixed(4).padStart(7, '0')}`;
}

function sentence(body: string): string {
  const sum = [...body].reduce((value, letter) => value ^ letter.charCodeAt(0), 0);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`;
}
