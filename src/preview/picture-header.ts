/**
 * Reads the size, and for JPEG the camera's own time, out of a picture's header bytes. No decoder runs for a probe:
 * the headers are small, and a hostile picture must not reach a decoder while evidence is being taken in.
 */

export interface PictureHeader {
  readonly width: number;
  readonly height: number;
  /** Exif DateTimeOriginal as written (`2026:08:04 10:00:00`), never trusted. */
  readonly createdAt?: string;
}

/** `undefined`: the header is not whole or not sensible. */
export function readPictureHeader(container: string, head: Uint8Array): PictureHeader | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  try {
    switch (container) {
      case 'png':
        return sized(view.getUint32(16), view.getUint32(20));
      case 'bmp':
        return view.getUint32(14, true) === 12
          ? sized(view.getUint16(18, true), view.getUint16(20, true))
          : sized(view.getInt32(18, true), Math.abs(view.getInt32(22, true)));
      case 'jpeg':
        return readJpeg(view, head);
      default:
        return undefined;
    }
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}

/** The major brand of a file that begins with `ftyp`, else an empty string. */
export function readMp4Brand(head: Uint8Array): string {
  const word = (at: number): string => String.fromCharCode(...head.subarray(at, at + 4));
  return word(4) === 'ftyp' ? word(8) : '';
}

function sized(width: number, height: number): PictureHeader | undefined {
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/** Walks the marker segments (ITU-T T.81, B.1) up to the frame header. */
function readJpeg(view: DataView, head: Uint8Array): PictureHeader | undefined {
  let createdAt: string | undefined;
  let at = 2;
  while (at + 4 <= head.length) {
    const marker = view.getUint16(at);
    if (marker === 0xffff) {
      at += 1;
      continue;
    }
    if (marker < 0xff01 || marker === 0xffda) {
      return undefined;
    }
    const length = view.getUint16(at + 2);
    if (marker === 0xffe1) {
      createdAt ??= exifTime(head.subarray(at + 4, at + 2 + length));
    }
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) {
      const size = sized(view.getUint16(at + 7), view.getUint16(at + 5));
      return size !== undefined && createdAt !== undefined ? { ...size, createdAt } : size;
    }
    at += 2 + Math.max(2, length);
  }
  return undefined;
}

const exifFolderTag = 0x8769;
const originalTimeTag = 0x9003;

function exifTime(segment: Uint8Array): string | undefined {
  if (String.fromCharCode(...segment.subarray(0, 6)) !== 'Exif\0\0' || segment.length < 14) {
    return undefined;
  }
  const tiff = segment.subarray(6);
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  const little = view.getUint16(0) === 0x4949;
  try {
    const folder = tiffValue(view, view.getUint32(4, little), { tag: exifFolderTag, little });
    const value = folder === undefined ? undefined : tiffValue(view, folder, { tag: originalTimeTag, little });
    const text = value === undefined ? '' : String.fromCharCode(...tiff.subarray(value, value + 19));
    return /^[\d: ]{19}$/.test(text) ? text : undefined;
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}

/** The value field of a tag in one TIFF folder: 12-byte entries after a count. */
function tiffValue(view: DataView, folder: number, want: { tag: number; little: boolean }): number | undefined {
  const count = view.getUint16(folder, want.little);
  for (let entry = 0; entry < count; entry += 1) {
    const at = folder + 2 + entry * 12;
    if (view.getUint16(at, want.little) === want.tag) {
      return view.getUint32(at + 8, want.little);
    }
  }
  return undefined;
}
