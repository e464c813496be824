/**
 * Names simulated files as real recorders name theirs: four makes, each with its own folders, order of parts and
 * extensions. The station must read them by its table of patterns; nothing here is shared with that table.
 */

export type FootageSort = 'h264' | 'h265' | 'wav' | 'aac' | 'picture' | 'track' | 'log' | 'never-closed' | 'zero-tail';

/**
 * - `serial-first`: `TA00716_JX0227_20170623093621.MOV`, in DCIM;
 * - `dcam`: `DCAM_CAM001_000001_20260804_100000_IMP.mp4`;
 * - `police-folders`: `police/video/20260804/<case>_JX0227_video_20260804_100000_start.mp4`;
 * - `nameless`: `DCIM/100MEDIA/20260804100000.mp4`, without officer or serial.
 */
export type Make = 'serial-first' | 'dcam' | 'police-folders' | 'nameless';

export const makes: readonly Make[] = ['serial-first', 'dcam', 'police-folders', 'nameless'];

export interface NameParts {
  readonly make: Make;
  readonly sort: FootageSort;
  readonly serial: string;
  /** Six zeros when nobody set it. */
  readonly officer: string;
  readonly caseNumber?: string | undefined;
  /** `YYYYMMDD` and `HHMMSS` by the recorder's clock. */
  readonly date: string;
  readonly time: string;
  readonly important: boolean;
}

/** Path relative to the card's root, components joined by `/`. */
export function footageName(parts: NameParts): string {
  const { make, serial, officer, date, time } = parts;
  const extension = extensionOf(parts);
  const important = parts.important ? '_IMP' : '';
  const broken = parts.sort === 'never-closed' || parts.sort === 'zero-tail';
  switch (make) {
    case 'serial-first':
      return `DCIM/100MEDIA/${serial}_${officer}_${date}${time}${important}.${extension.toUpperCase()}`;
    case 'dcam':
      return `Media/DCAM_${serial}_${officer}_${date}_${time}${important}.${extension}`;
    case 'police-folders': {
      const { folder, type } = policeWords(parts.sort);
      const caseNumber = parts.caseNumber === undefined ? '' : `${parts.caseNumber}_`;
      const start = broken ? '_start' : '';
      return `police/${folder}/${date}/${caseNumber}${officer}_${type}_${date}_${time}${important}${start}.${extension}`;
    }
    case 'nameless':
      return `DCIM/100MEDIA/${date}${time}${important}.${extension}`;
  }
}

function extensionOf(parts: NameParts): string {
  switch (parts.sort) {
    case 'wav':
      return 'wav';
    case 'aac':
      // The well-known trap: these recorders call AAC in MP4 an mp3.
      return parts.make === 'police-folders' ? 'mp3' : 'm4a';
    case 'picture':
      return 'jpg';
    case 'track':
      return 'nmea';
    case 'log':
      return 'log';
    default:
      return parts.make === 'serial-first' ? 'mov' : 'mp4';
  }
}

function policeWords(sort: FootageSort): { folder: string; type: string } {
  switch (sort) {
    case 'wav':
      return { folder: 'audio', type: 'audio' };
    case 'aac':
      return { folder: 'sound', type: 'sound' };
    case 'picture':
      return { folder: 'camera', type: 'camera' };
    case 'track':
    case 'log':
      return { folder: 'video', type: sort };
    default:
      return { folder: 'video', type: 'video' };
  }
}
