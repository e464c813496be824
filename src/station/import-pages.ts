/** The part of the composition root that answers the pages about imports. Nobody signs in there. */
import { createHash } from 'node:crypto';
import { StationError } from '../domain/errors.ts';
import type { OfficerFacts } from '../domain/people-facts.ts';
import type { Actor } from '../domain/records.ts';
import type { PeopleImportRequest, PeopleImportResult } from '../people/people-import.ts';
import { tableLimits } from '../people/table-limits.ts';
import type { ImportRow } from '../registry/people-queries.ts';
import type { Station } from '../station.ts';
import type {
  AskedComparison,
  AskedImport,
  ComparisonView,
  ImportView,
  NewUpload,
  WebImports,
} from '../web/web-imports.ts';
import { type KeptUpload, UploadShelf } from './upload-shelf.ts';

const minutesKept = 30;
const shelfLimits = { uploads: 8, bytes: tableLimits.bytes, keptMs: minutesKept * 60_000 };

type OfStation = Pick<Station, 'context' | 'people' | 'roster' | 'links'>;

export class ImportPages implements WebImports {
  readonly bytesMax = tableLimits.bytes;
  readonly minutesKept = minutesKept;
  readonly #station: OfStation;
  readonly #actor: Actor;
  readonly #shelf: UploadShelf;
  /** Imports of uploads, also finished ones, so that a second press of the button ends at the same one. */
  readonly #taken = new Map<string, Promise<string | undefined>>();

  constructor(station: OfStation, actor: Actor, now: () => number = Date.now) {
    this.#station = station;
    this.#actor = actor;
    this.#shelf = new UploadShelf(shelfLimits, now);
  }

  keep(upload: NewUpload): string {
    const name = this.#shelf.put(upload);
    this.#taken.delete(name);
    return name;
  }

  async compare(asked: AskedComparison): Promise<ComparisonView> {
    const upload = this.#get(asked.upload);
    return this.#view(upload, await this.#run(upload, asked, { dryRun: true, allowPartial: false }));
  }

  take(asked: AskedImport): Promise<string | undefined> {
    const before = this.#taken.get(asked.upload);
    if (before !== undefined) return before;
    const taking = this.#take(asked);
    this.#taken.set(asked.upload, taking);
    const forget = (): boolean => this.#taken.delete(asked.upload);
    taking.then((id) => id ?? forget(), forget);
    const [oldest] = this.#taken.keys();
    if (this.#taken.size > shelfLimits.uploads && oldest !== undefined) this.#taken.delete(oldest);
    return taking;
  }

  async #take(asked: AskedImport): Promise<string | undefined> {
    const upload = this.#get(asked.upload);
    const seen = await this.#run(upload, asked, { dryRun: true, allowPartial: false });
    if (fingerprintOf(seen) !== asked.fingerprint) {
      throw new StationError('import-differs', 'what is known has changed since the file was compared', {
        next: 'Go back, compare again and confirm what is shown then.',
      });
    }
    const { import: id } = await this.#run(upload, asked, { dryRun: false, allowPartial: asked.allowPartial });
    if (id === null) return undefined;
    this.#shelf.remove(asked.upload);
    await this.#station.links.decide();
    return id;
  }

  /** @throws StationError upload-gone */
  #get(name: string): KeptUpload {
    const upload = this.#shelf.find(name);
    if (upload !== undefined) return upload;
    throw new StationError('upload-gone', 'the file is no longer kept here', { next: 'Choose it once more.' });
  }

  #run(
    { kind, bytes, fileName }: KeptUpload,
    { effective, sheet, isSupplement }: AskedComparison,
    how: Pick<PeopleImportRequest, 'dryRun' | 'allowPartial'>,
  ): Promise<PeopleImportResult> {
    return this.#station.people.import({
      ...{ kind, bytes, fileName, effective, ...how },
      ...(sheet === undefined ? {} : { sheet }),
      isSupplement: kind === 'officers' && isSupplement,
      actor: this.#actor,
      onProgress: () => undefined,
    });
  }

  #view({ kind, fileName, bytes, sha256 }: KeptUpload, result: PeopleImportResult): ComparisonView {
    const { reading, difference, units } = result;
    const { rows, problems, ignoredColumns, format, encoding, sheet } = reading;
    const { added, changed, missing, unchanged } = difference;
    return {
      ...{ kind, fileName, fileBytes: bytes.byteLength, sha256, format, encoding, sheet },
      ...{ added, changed, missing, problems, ignoredColumns, units: units.length, rows: rows.length },
      unchanged: unchanged.length,
      unmappedPosts:
        kind === 'officers' ? this.#station.roster.unmappedPosts(rows.map(({ facts }) => facts as OfficerFacts)) : [],
      fingerprint: fingerprintOf(result),
    };
  }

  list(): readonly ImportView[] {
    return this.#station.roster.imports().map(importView);
  }

  find(id: string): ImportView | undefined {
    const row = this.#station.context.registry.people.findImport(id);
    return row && importView(row);
  }

  async undo(request: { readonly import: string; readonly reason: string }): Promise<number> {
    const kept = await this.#station.roster.undo({ ...request, actor: this.#actor });
    await this.#station.links.decide();
    return kept;
  }
}

function importView({ isWhole, undoneAt, undoneBy, endedSeq: _, undoneSeq: __, ...row }: ImportRow): ImportView {
  const undone = undoneAt === null ? null : { at: undoneAt, by: undoneBy ?? '' };
  return { ...row, isSupplement: isWhole === 0, undone };
}

/** Ids of persons are drawn anew in each comparison. */
function fingerprintOf({ difference, units, reading }: PeopleImportResult): string {
  const { added, changed, missing, unchanged } = difference;
  const rows = changed.map(({ key, fields }) => ({ key, fields: fields.filter(({ field }) => field !== 'person') }));
  const told = [added, rows, missing, unchanged.length, units, reading.problems.length];
  const text = JSON.stringify(told, (name, value: unknown) => (name === 'person' ? undefined : value));
  return createHash('sha256').update(text).digest('hex');
}
