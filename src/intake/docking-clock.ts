/**
 * The recorder's clock as one docking sees it: gathers what protocol, names and times on the card say, has the policy
 * measure it, and gives the record, the findings and each clip's corrected time. Whose names and times count is decided
 * here by where the files lie: on a card that a dock mounted, times are the recorder's; in a folder that somebody
 * copied, they may be anyone's, so only names count, and only where it is said which recorder it was.
 */
import { setImmediate } from 'node:timers/promises';
import type { ClipDocument } from '../domain/clip-facts.ts';
import { type ClipName, type CompiledNameTable, readClipName } from '../domain/clip-names.ts';
import {
  type ClockEvidence,
  type ClockMeasurement,
  correctedTime,
  type FileTime,
  isKnown,
  measureClock,
  middleOf,
  writtenStepMs,
} from '../domain/clock-offset.ts';
import type { DockFinding } from '../domain/dock.ts';
import { isDefaultSerial, type SourceId } from '../domain/ids.ts';
import { readablePath } from '../domain/readable-path.ts';
import {
  bracketBody,
  bracketOf,
  type ClockReading,
  type ClockSetting,
  isoTime,
  readingBody,
  readingOf,
} from '../domain/recorder-clock.ts';
import type { ClockMeasuredBody, EarlierSetting, NewRecord } from '../domain/records.ts';
import { localTimeToInstant } from '../domain/station-time.ts';
import type { DockingContext } from './docking-records.ts';
import type { ListedEntry, VolumeListing } from './inventory.ts';

/** What measuring asks of the dockings and settings before. */
export interface ClockRegistry {
  heldFrom(source: SourceId, path: Uint8Array): readonly unknown[];
  readonly clocks: {
    lastWholeDocking(source: SourceId, volumeUuid: string): LastDocking | undefined;
    wasListed(docking: string, path: Uint8Array): boolean;
    wasRecorded(source: SourceId, local: string, beforeSeq: number): boolean;
    settingsOf(
      recorder: string,
      source: SourceId,
      since: { readonly volumeUuid: string | null; readonly before: string },
    ): readonly EarlierSetting[];
  };
}

interface LastDocking {
  readonly docking: string;
  readonly endedAt: string;
  readonly endedSeq: number;
}

export interface DockingClockParts {
  readonly context: DockingContext;
  readonly names: CompiledNameTable;
  readonly registry: ClockRegistry;
}

/** A recording's file is closed by then at the latest; what was written later, something else wrote. */
const segmentMsMax = 3_600_000;
const minuteMs = 60_000;

const nothingSeen: ClockEvidence = {
  reading: null,
  laterReadings: [],
  settings: [],
  files: [],
  listedAtMs: 0,
  lastDockingEndedAtMs: null,
};

export class DockingClock {
  readonly #parts: DockingClockParts;
  #evidence: ClockEvidence = nothingSeen;
  #measured: ClockMeasurement = measureClock(nothingSeen);
  readonly #lastDocking: LastDocking | undefined;
  /** Serials that names carry. */
  readonly #serials: ReadonlySet<string>;

  private constructor(parts: DockingClockParts, serials: ReadonlySet<string>) {
    const { context, registry } = parts;
    const uuid = context.volume?.uuid;
    this.#parts = parts;
    this.#lastDocking = uuid ? registry.clocks.lastWholeDocking(context.source, uuid) : undefined;
    this.#serials = serials;
  }

  /** `listedAt`: not before the listing ended, by the station's clock. */
  static async measure(parts: DockingClockParts, listing: VolumeListing, listedAt: string): Promise<DockingClock> {
    const named = await gather(listing.entries, (entry) => {
      const name = entry.type === 'file' ? readClipName(readablePath(entry.path), parts.names) : undefined;
      return name === undefined ? undefined : { entry, name };
    });
    const clock = new DockingClock(parts, new Set(named.flatMap(({ name }) => name.serial ?? [])));
    const endedAt = clock.#lastDocking?.endedAt;
    clock.#evidence = {
      ...clock.#told(listedAt),
      files: await gather(named, ({ entry, name }) => clock.#fileTime(entry, name)),
      listedAtMs: Date.parse(listedAt),
      lastDockingEndedAtMs: endedAt === undefined ? null : Date.parse(endedAt),
    };
    clock.#measured = measureClock(clock.#evidence);
    return clock;
  }

  /** Undefined where there is no recorder that the times could be of. */
  record(): NewRecord | undefined {
    if (!this.#isMeasured()) return undefined;
    const { context } = this.#parts;
    const { docking, actor } = context;
    const { basis, offset, afterSetting, findings, newestMs, earliestNewMs } = this.#measured;
    const { reading, settings, files, listedAtMs } = this.#evidence;
    const iso = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));
    const body: ClockMeasuredBody = {
      docking,
      recorder: context.serial ?? null,
      basis,
      ...offset,
      offsetMs: middleOf(offset)?.offsetMs ?? null,
      boundMs: middleOf(offset)?.boundMs ?? null,
      findings,
      reading: reading === null ? null : readingBody(reading),
      settings: settings.map((setting) => ({
        local: setting.local,
        toldAt: isoTime(setting.toldMs),
        outcome: setting.outcome,
        ...bracketBody(setting),
      })),
      afterSetting: afterSetting === null ? null : { from: isoTime(afterSetting.fromMs), ...afterSetting.offset },
      files: {
        used: files.length,
        newestAt: iso(newestMs),
        earliestNewAt: iso(earliestNewMs),
        listedAt: isoTime(listedAtMs),
        lastDocking: this.#lastDocking?.docking ?? null,
        lastDockingEndedAt: this.#lastDocking?.endedAt ?? null,
      },
    };
    return { type: 'clock-measured', actor, subject: docking, body: { ...body } as never };
  }

  findings(): DockFinding[] {
    const { offset, findings, newestMs, earliestNewMs } = this.#measured;
    const { reading, listedAtMs, lastDockingEndedAtMs } = this.#evidence;
    const facts = [
      reading === null ? '' : `it said ${reading.local} at ${isoTime(reading.startedAtMs)}`,
      isKnown(offset) ? `offset ${offset.atLeastMs ?? '?'} to ${offset.atMostMs ?? '?'} ms` : '',
      newestMs === null ? '' : `newest time ${isoTime(newestMs)}, listed ${isoTime(listedAtMs)}`,
      earliestNewMs === null || lastDockingEndedAtMs === null
        ? ''
        : `recorded after ${isoTime(lastDockingEndedAtMs)}, says ${isoTime(earliestNewMs)}`,
    ].filter((fact) => fact !== '');
    return findings.map((code) => ({ code, detail: facts.join('; ') }));
  }

  /** What stands in the document of a clip of this name. */
  clipClock(name: ClipName | null): Pick<ClipDocument, 'clock' | 'correctedAt'> {
    if (!this.#isMeasured() || name === null || !this.#isOfRecorder(name)) return { clock: null, correctedAt: null };
    const { basis, offset } = this.#measured;
    const clock = { basis, ...offset };
    if (name.localTime === null) return { clock, correctedAt: null };
    // An older recording under a new name: what its clock was like then, this docking cannot say.
    if (this.#isOlder(name.localTime)) return { clock: null, correctedAt: null };
    const corrected = correctedTime(this.#said(name, name.localTime), this.#measured, this.#evidence.listedAtMs);
    if (corrected === null) return { clock, correctedAt: null };
    const iso = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));
    return { clock, correctedAt: { earliest: iso(corrected.earliestMs), latest: iso(corrected.latestMs) } };
  }

  /** A folder without a recorder has no clock. */
  #isMeasured(): boolean {
    const { context } = this.#parts;
    return context.serial !== undefined || isCard(context);
  }

  #isOfRecorder({ serial }: ClipName): boolean {
    const { context } = this.#parts;
    if (serial === null || serial === context.serial) return true;
    // A card's names may carry another number than the recorder's plug does, as long as they agree among themselves.
    return isCard(context) && this.#serials.size === 1;
  }

  /** Recorders rename what is marked as important afterwards: the same second, sealed before, is the same recording. */
  #isOlder(localTime: string): boolean {
    const { context, registry } = this.#parts;
    const last = this.#lastDocking;
    return last !== undefined && registry.clocks.wasRecorded(context.source, localTime, last.endedSeq);
  }

  #said(name: ClipName, localTime: string): Pick<FileTime, 'namedMs' | 'isImplausible'> {
    const namedMs = localTimeToInstant(localTime, this.#parts.context.timeZone);
    return { namedMs, isImplausible: name.localTimeDoubt === 'implausible' };
  }

  /** Undefined where the file says nothing of this clock as it is now: a clip that is held already said it before. */
  #fileTime(entry: ListedEntry, name: ClipName): FileTime | undefined {
    const { context, registry } = this.#parts;
    if (name.localTime === null || !this.#isMeasured() || !this.#isOfRecorder(name)) return undefined;
    if (registry.heldFrom(context.source, entry.path).length > 0) return undefined;
    if (this.#isOlder(name.localTime)) return undefined;
    const last = this.#lastDocking?.docking;
    const said = this.#said(name, name.localTime);
    return {
      ...said,
      writtenMs: said.isImplausible ? null : this.#writtenMs(entry, said.namedMs),
      isSinceLastDocking: last !== undefined && !registry.clocks.wasListed(last, entry.path),
    };
  }

  #writtenMs({ mtimeNs }: ListedEntry, namedMs: number): number | null {
    const { context } = this.#parts;
    if (!isCard(context)) return null;
    const ms = Number(mtimeNs / 1_000_000n);
    if (ms < namedMs - writtenStepMs - minuteMs * 1440 || ms > namedMs + segmentMsMax + minuteMs * 1440) return null;
    const writtenMs = zonedTime(ms, context);
    return writtenMs >= namedMs - writtenStepMs && writtenMs <= namedMs + segmentMsMax ? writtenMs : null;
  }

  /** What was read and set in this visit, and what was set since the recorder was last taken in, by earlier visits. */
  #told(listedAt: string): Pick<ClockEvidence, 'reading' | 'laterReadings' | 'settings'> {
    const { context, registry } = this.#parts;
    const { clock, serial, source } = context;
    const ownReading = clock?.reading ?? null;
    const ownSetting = clock?.setting ?? null;
    const visitedMs = ownReading?.startedAtMs ?? ownSetting?.plannedAtMs;
    const before = visitedMs === undefined ? listedAt : isoTime(visitedMs);
    const volumeUuid = context.volume?.uuid || null;
    const isKnownSerial = serial !== undefined && !isDefaultSerial(serial) && isCard(context);
    const earlier = isKnownSerial ? registry.clocks.settingsOf(serial, source, { volumeUuid, before }) : [];
    const settings = [...earlier.map(settingOf), ...(ownSetting === null ? [] : [ownSetting])];
    const [first] = earlier;
    if (first === undefined) return { reading: ownReading, laterReadings: [], settings };
    const later = earlier.slice(1).flatMap(({ reading }) => (reading === null ? [] : [readingOf(reading)]));
    const laterReadings: ClockReading[] = ownReading === null ? later : [...later, ownReading];
    return { reading: first.reading === null ? null : readingOf(first.reading), laterReadings, settings };
  }
}

/** A setting of which nobody knows how it ended was sent by then, or not at all. */
const settingMsMax = 15_000;

/** So many entries are looked at in one go; others have their turn in between. */
const entriesAtOnce = 256;

async function gather<T, R>(items: readonly T[], each: (item: T) => R | undefined): Promise<R[]> {
  const found: R[] = [];
  for (const [at, item] of items.entries()) {
    if (at % entriesAtOnce === entriesAtOnce - 1) await setImmediate();
    const result = each(item);
    if (result !== undefined) found.push(result);
  }
  return found;
}

/** A dock mounted it, or as good as: nobody copied it by hand. */
const isCard = ({ kind }: DockingContext): boolean => kind === 'usb' || kind === 'simulated';

/** FAT has local times: a mount turns all of them with one offset, where the zone may have several in a year. */
function zonedTime(ms: number, { volume, timeZone }: DockingContext): number {
  const minutes = /(?:^|,)time_offset=(-?\d{1,4})(?:,|$)/.exec(volume?.options ?? '')?.[1];
  if (minutes === undefined || (volume?.fileSystem !== 'vfat' && volume?.fileSystem !== 'exfat')) return ms;
  const local = new Date(ms + Number(minutes) * minuteMs).toISOString();
  return localTimeToInstant(local.slice(0, -5), timeZone) + (ms % 1000);
}

function settingOf(earlier: EarlierSetting): ClockSetting {
  const { local, toldAt, outcome, startedAt, endedAt, tookMs } = earlier;
  const toldMs = Date.parse(toldAt);
  const isBracketed = startedAt !== null && endedAt !== null && tookMs !== null;
  const bracket = isBracketed
    ? bracketOf({ startedAt, endedAt, tookMs })
    : { startedAtMs: Date.parse(earlier.time), endedAtMs: toldMs + settingMsMax, tookMs: settingMsMax };
  return {
    ...bracket,
    plannedAtMs: Date.parse(earlier.time),
    local,
    toldMs,
    outcome: outcome ?? 'failed',
    problem: null,
  };
}
