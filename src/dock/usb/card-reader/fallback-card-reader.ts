/**
 * The fallback reader of cards: FAT12, FAT16, FAT32 and exFAT from their raw bytes, read-only, as cross-check of the
 * kernel's listing and for files that the kernel cannot open by name. Each listing and each reading opens the volume
 * anew, with nothing kept from before, and ends by asking the card whether it is still the same.
 */
import { type CardEntry, CardError, type CardListingLimits, type CardReader } from '../../../domain/card-reading.ts';
import { errorCode, StationError } from '../../../domain/errors.ts';
import type { DockHelper } from '../ports.ts';
import { CardBytes, type RawSource } from './card-bytes.ts';
import { type CardVolume, runsOf } from './card-volume.ts';
import { walkCard } from './card-walk.ts';
import { openExfat } from './exfat-volume.ts';
import { openFat } from './fat-volume.ts';

const zeroBytes = 1024 * 1024;

export class FallbackCardReader implements CardReader {
  readonly #source: RawSource;
  readonly #timeOffsetMinutes: number;
  #head: Buffer | undefined;

  /** `timeOffsetMinutes`: local time of the card minus UTC, as it is mounted with. */
  constructor(source: RawSource, timeOffsetMinutes: number) {
    this.#source = source;
    this.#timeOffsetMinutes = timeOffsetMinutes;
  }

  async list(limits: CardListingLimits, signal: AbortSignal): Promise<readonly CardEntry[]> {
    const { bytes, volume } = await this.#open(signal);
    const entries = await walkCard(bytes, volume, limits);
    await bytes.assertSame();
    return entries;
  }

  async read(entry: CardEntry, take: (bytes: Uint8Array) => Promise<void>, signal: AbortSignal): Promise<void> {
    const { bytes, volume } = await this.#open(signal);
    const written = Math.min(entry.place.validBytes, entry.bytes);
    if (entry.bytes > volume.clusters * volume.clusterBytes)
      throw new CardError('card-damaged', `${entry.bytes} bytes are more than the card holds`);
    for await (const { offset, length } of runsOf(volume, entry.place, written)) {
      await take(await bytes.read(offset, length));
    }
    for (let left = entry.bytes - written; left > 0; left -= zeroBytes) {
      signal.throwIfAborted();
      await take(Buffer.alloc(Math.min(left, zeroBytes)));
    }
    await bytes.assertSame();
  }

  async #open(signal: AbortSignal): Promise<{ readonly bytes: CardBytes; readonly volume: CardVolume }> {
    const bytes = await CardBytes.open(this.#source, signal);
    this.#head ??= bytes.head;
    if (!this.#head.equals(bytes.head)) throw new CardError('card-gone', 'another card is there now');
    return { bytes, volume: await openVolume(bytes, this.#timeOffsetMinutes) };
  }
}

/** @throws CardError card-unknown, card-damaged */
export async function openVolume(bytes: CardBytes, timeOffsetMinutes: number): Promise<CardVolume> {
  if (bytes.head.length < 512) throw new CardError('card-unknown', 'the device is too small for a file system');
  const isExfat = bytes.head.toString('latin1', 3, 11) === 'EXFAT   ';
  return isExfat ? openExfat(bytes, timeOffsetMinutes) : openFat(bytes, timeOffsetMinutes);
}

/** The raw bytes of a disk or partition, through the helper. */
export function helperSource(helper: Pick<DockHelper, 'readDevice'>, device: string): RawSource {
  return async (offset, length) => {
    try {
      return await helper.readDevice({ device, offset, length });
    } catch (error) {
      const code = error instanceof StationError ? errorCode(error.cause) : 'unknown';
      if (code === 'device-gone' || code === 'device-changed') throw new CardError('card-gone', 'it went away', error);
      if (code === 'device-failed') throw new CardError('card-read-error', `no bytes at ${offset}`, error);
      throw error;
    }
  };
}
