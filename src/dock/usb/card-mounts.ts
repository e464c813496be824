/**
 * The mounts of one visit: of each disk what can be read, once more writable for the moment of a clearing. It gives back
 * every one, whatever happened; what could not be let go stays known until it is.
 */
import type { CardReader } from '../../domain/card-reading.ts';
import type { DockedVolume, DockFinding } from '../../domain/dock.ts';
import { errorCode, errorMessage, StationError } from '../../domain/errors.ts';
import { FallbackCardReader, helperSource } from './card-reader/fallback-card-reader.ts';
import type { DockHelper, MountRequest, UsbDisk } from './ports.ts';

/** Volumes of one recorder: internal memory, a card or two, each with a few partitions. */
const volumesMax = 16;
/** Containers of logical partitions and boot stubs hold no files. */
const partitionSectorsMin = 64;

export interface CardMountsParts {
  readonly helper: DockHelper;
  /** Offset of the station's zone to UTC. */
  readonly timeOffsetMinutes: () => number;
}

export class CardMounts {
  readonly #parts: CardMountsParts;
  /** By path, with what it was mounted from. */
  readonly #mounts = new Map<string, MountRequest>();
  /** What was mounted when the recorder could be read; stays when it is let go, for clearing. */
  readonly #kept = new Map<string, MountRequest>();
  /** By the path of the mount. */
  readonly #readers = new Map<string, CardReader>();

  constructor(parts: CardMountsParts) {
    this.#parts = parts;
  }

  /** For what the kernel hides of a volume; undefined where it hides nothing. */
  reader(path: string): CardReader | undefined {
    return this.#readers.get(path);
  }

  /** What is mounted now is what may be cleared later. */
  keepForClearing(): void {
    for (const [path, request] of this.#mounts) this.#kept.set(path, request);
  }

  /** Each partition with files, or the whole disk where no partition has any. */
  async mountDisk(
    disk: UsbDisk,
    signal: AbortSignal,
  ): Promise<{ readonly volumes: readonly DockedVolume[]; readonly findings: readonly DockFinding[] }> {
    const { helper, timeOffsetMinutes } = this.#parts;
    const partitions = disk.partitions.filter(({ sectors }) => sectors >= partitionSectorsMin).map(({ name }) => name);
    if (partitions.length > volumesMax) throw new StationError('card-unreadable', `${partitions.length} partitions`);
    const volumes: DockedVolume[] = [];
    const strange: string[] = [];
    for (const device of [...partitions, disk.name]) {
      if (device === disk.name && volumes.length > 0) continue;
      signal.throwIfAborted();
      const found = await helper.identify(device);
      if (found === null) {
        if (device !== disk.name) strange.push(device.slice(disk.name.length));
        continue;
      }
      const { fileSystem, label, uuid } = found;
      const request = { device, fileSystem, timeOffsetMinutes: timeOffsetMinutes(), writable: false };
      const { path, options } = await helper.mount(request);
      this.#mounts.set(path, request);
      if (fileSystem !== 'ext4')
        this.#readers.set(path, new FallbackCardReader(helperSource(helper, device), request.timeOffsetMinutes));
      volumes.push({ path, fileSystem, label, uuid, options });
    }
    if (strange.length === 0 || volumes.length === 0) return { volumes, findings: [] };
    const detail = `partitions ${strange.join(', ')} of ${volumes.length + strange.length} have no file system known here`;
    return { volumes, findings: [{ code: 'volume-unreadable', detail }] };
  }

  /** @throws the helper's first error; what could not be let go is tried again at the next call */
  async unmountAll(): Promise<void> {
    let failure: unknown;
    for (const path of [...this.#mounts.keys()].reverse()) {
      try {
        await this.#parts.helper.unmount(path);
        this.#mounts.delete(path);
      } catch (error) {
        failure ??= error;
      }
    }
    if (failure !== undefined) throw failure;
  }

  /**
   * Lets everything go, mounts what was at `path` writable for the moment of `work`, and lets it go for good.
   * `assertSame` throws when the device is not the one that was read.
   * @throws StationError flush-failed; the helper's; whatever `work` and `assertSame` throw
   */
  async writable(path: string, assertSame: () => Promise<void>, work: (path: string) => Promise<void>): Promise<void> {
    const { helper } = this.#parts;
    const card = this.#kept.get(path);
    if (card === undefined) throw new Error('no volume of this visit was mounted there');
    await assertSame();
    await this.unmountAll();
    await helper.setWritable(card.device);
    const request: MountRequest = { ...card, writable: true };
    const mounted = await helper.mount(request).catch(async (error: unknown) => {
      // The helper takes the leave to write back by itself within a minute; this is only sooner.
      await helper.setReadOnly(card.device).catch(() => undefined);
      throw error;
    });
    this.#mounts.set(mounted.path, request);
    try {
      await assertSame();
      await work(mounted.path);
      await assertSame();
    } finally {
      await this.#unmountWritten(mounted.path, card.device);
    }
    await assertSame();
  }

  async #unmountWritten(path: string, device: string): Promise<void> {
    const { helper } = this.#parts;
    try {
      await helper.unmount(path);
      this.#mounts.delete(path);
    } catch (error) {
      if (errorCode((error as { cause?: unknown }).cause) !== 'flush-failed') throw error;
      this.#mounts.delete(path);
      // A helper that was started over the mount does not know what it had made writable.
      await helper.setReadOnly(device).catch(() => undefined);
      throw new StationError('flush-failed', errorMessage(error), { cause: error });
    }
  }
}
