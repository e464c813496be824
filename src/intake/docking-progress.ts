/** How far a docking is: bytes of finished files, and of each file under way as far as it has come. */
import type { ListedEntry, VolumeListing } from './inventory.ts';

export interface DockingProgress {
  readonly filesDone: number;
  readonly files: number;
  readonly bytesDone: number;
  readonly bytes: number;
}

export class DockingMeter {
  readonly #onProgress: (progress: DockingProgress) => void;
  readonly #underWay = new Map<ListedEntry, number>();
  #all: Pick<VolumeListing, 'files' | 'bytes'> = { files: 0, bytes: 0 };
  #filesDone = 0;
  #bytesDone = 0;

  constructor(onProgress: (progress: DockingProgress) => void) {
    this.#onProgress = onProgress;
  }

  begin({ files, bytes }: VolumeListing): void {
    this.#all = { files, bytes };
  }

  /** So many of its bytes are done; fewer than before where it begins again. */
  underWay(entry: ListedEntry, bytes: number): void {
    this.#underWay.set(entry, bytes);
    this.report();
  }

  /** Nothing more is done about it, whatever became of it. */
  done(entry: ListedEntry): void {
    this.#underWay.delete(entry);
    if (entry.type !== 'file') return;
    this.#filesDone += 1;
    this.#bytesDone += entry.bytes;
  }

  report(): void {
    let bytesDone = this.#bytesDone;
    for (const bytes of this.#underWay.values()) bytesDone += bytes;
    const { files, bytes } = this.#all;
    this.#onProgress({ filesDone: this.#filesDone, files, bytesDone, bytes });
  }
}
