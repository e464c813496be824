/**
 * The part of the composition root for exports: which clips, whether it may be, the records around it, and the bag. The
 * request is recorded before the first byte is written, a refusal as well; how it ended is the last record.
 */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { errorCode, StationError } from '../domain/errors.ts';
import {
  clipsPerRecord,
  type ExportClipsBody,
  type ExportDocument,
  type ExportEndedBody,
  type ExportRefusedBody,
  type ExportRequestedBody,
} from '../domain/export-facts.ts';
import { judgeApproval, purposeOf } from '../domain/export-policy.ts';
import { newDocumentId, newExportId, type Sha256Hex } from '../domain/ids.ts';
import type { Actor, NewRecord } from '../domain/records.ts';
import {
  type BagControl,
  type BagDerived,
  type BagOriginal,
  finishBag,
  type WrittenBag,
  writeDerived,
  writeOriginals,
} from '../exporting/bag-writer.ts';
import { ExportFolder } from '../exporting/export-folder.ts';
import { openExportKey } from '../exporting/export-key.ts';
import { packBag } from '../exporting/pack-bag.ts';
import { fingerprintsOf, type KeyFingerprint } from '../exporting/trust-file.ts';
import type { ClipRow } from '../registry/registry.ts';
import { pdfPaper } from '../reporting/pdf-paper.ts';
import { VaultLayout } from '../vault/vault-layout.ts';
import { bagContent } from './bag-content.ts';
import { recordClockState } from './clock-state.ts';
import type { HoldDesk } from './hold-desk.ts';
import { clipsOfCase } from './link-registry.ts';
import type { PeopleDesk } from './people-desk.ts';
import type { StampDesk } from './stamp-desk.ts';
import { random, type StationContext } from './station-context.ts';
import { stationKeys } from './station-keys.ts';

/** More than any case has; a request beyond it is a mistake. */
const clipsMax = 5000;

/** Previews as their makers name them. */
const derivedNames = ['playable.mp4', 'playable.m4a', 'playable.jpg', 'poster.jpg'] as const;

export interface ExportRequest {
  readonly clips: readonly string[];
  readonly caseNumber: string | undefined;
  /** Absolute. */
  readonly out: string;
  readonly zip: boolean;
  /** Whether playable copies and posters go along, for viewers that cannot play the originals. */
  readonly withPreviews: boolean;
  readonly purpose: string;
  readonly basis: string | undefined;
  readonly applicant: string;
  readonly approvedBy: string | undefined;
  readonly recipient: string | undefined;
  readonly actor: Actor;
}

export interface ExportResult extends WrittenBag {
  readonly export: string;
  readonly out: string;
  readonly clips: number;
  readonly resumed: boolean;
  /** Clips of which a preview went along; absent when none were asked for. */
  readonly withPreviews?: number;
  readonly fingerprints: readonly KeyFingerprint[];
}

export class ExportDesk {
  readonly #context: StationContext;
  readonly #people: PeopleDesk;
  readonly #stamps: Pick<StampDesk, 'stampNote'>;
  readonly #holds: Pick<HoldDesk, 'standing'>;
  /** Targets that are being written: a second export to the same place waits for nobody and is refused. */
  readonly #busy = new Set<string>();

  constructor(
    context: StationContext,
    people: PeopleDesk,
    parts: { readonly stamps: Pick<StampDesk, 'stampNote'>; readonly holds: Pick<HoldDesk, 'standing'> },
  ) {
    this.#context = context;
    this.#people = people;
    this.#stamps = parts.stamps;
    this.#holds = parts.holds;
  }

  /** @throws StationError export-…, clip-…, case-unknown, original-altered, original-missing; AbortError */
  async export(request: ExportRequest, control: BagControl): Promise<ExportResult> {
    const target = targetOf(request);
    this.#assertOutside(target);
    if (this.#busy.has(target)) {
      throw new StationError('export-out-taken', `${target} is being written by another export`);
    }
    this.#busy.add(target);
    try {
      const rows = this.#rows(request);
      const document = documentOf(request);
      await this.#assertApproved(request, document);
      const asked = {
        ...document,
        clips: rows.map(({ clip }) => clip),
        zip: request.zip,
        withPreviews: request.withPreviews,
        actor: request.actor.id,
      };
      const folder = await ExportFolder.open(target, asked, () => newExportId(random));
      return await this.#carryOut({ request, rows, document, folder, target }, control);
    } finally {
      this.#busy.delete(target);
    }
  }

  async #carryOut(work: ExportWork, control: BagControl): Promise<ExportResult> {
    const { folder, request } = work;
    if (folder.ready === undefined) await this.#write(work, control);
    await folder.publish(request.zip ? 'packed' : 'bag');
    const ready = folder.ready as NonNullable<ExportFolder['ready']>;
    const { registry, ledger } = this.#context;
    if (registry.exports.export(folder.id)?.state === 'open') {
      const body: ExportEndedBody = { export: folder.id, ...ready };
      await ledger.append({ type: 'export-ended', actor: request.actor, subject: folder.id, body: { ...body } });
      await ledger.checkpoint();
    }
    await folder.remove();
    const { tagManifestSha256, files, bytes } = ready;
    return {
      export: folder.id,
      out: work.target,
      clips: work.rows.length,
      resumed: folder.isResumed,
      ...(request.withPreviews ? { withPreviews: new Set(this.#derived(work.rows).map(({ clip }) => clip)).size } : {}),
      fingerprints: fingerprintsOf(await stationKeys(this.#context)),
      ...{ tagManifestSha256, files, bytes },
    };
  }

  async #write(work: ExportWork, control: BagControl): Promise<void> {
    const { folder, rows, request } = work;
    const { registry, ledger } = this.#context;
    const key = await this.#signingKey(request.actor);
    if (registry.exports.export(folder.id) === undefined) {
      await ledger.appendAll(requestRecords(work));
      await recordClockState(this.#context, 'export');
    }
    const originals = rows.map((row) => this.#original(row));
    let listed: Awaited<ReturnType<typeof writeOriginals>>;
    try {
      listed = await writeOriginals(folder.bag, originals, control);
    } catch (error) {
      if (error instanceof StationError) await this.#refuse(work, error);
      throw error;
    }
    const derived = await writeDerived(folder.bag, request.withPreviews ? this.#derived(rows) : [], control);
    await ledger.checkpoint();
    const { content, checkpointSize } = await bagContent({
      context: this.#context,
      people: this.#people,
      exportId: folder.id,
      document: work.document,
      actor: request.actor,
      rows,
      holdsOf: this.#holds.standing(),
      listed,
      derived,
      key,
      pdfOf: (report) => this.#pdfOf(report, folder.scratch, control.signal),
      stampsOf: (note) => this.#stamps.stampNote(note, folder.scratch),
    });
    const written = await finishBag(folder.bag, content, [...listed, ...derived]);
    if (request.zip)
      await packBag(folder.bag, folder.packed, basename(work.target).replace(/\.zip$/, ''), control.signal);
    await folder.markReady({ ...written, checkpointSize });
  }

  /** Nothing left the station: the unfinished bag goes, the record stays. */
  async #refuse({ folder, request }: ExportWork, error: StationError): Promise<void> {
    const clip = (error.cause as { clip?: string } | undefined)?.clip;
    const body: ExportRefusedBody = { export: folder.id, reason: error.code, ...(clip === undefined ? {} : { clip }) };
    await this.#context.ledger.append({
      type: 'export-refused',
      actor: request.actor,
      subject: folder.id,
      body: { ...body },
    });
    await folder.remove();
  }

  /** The first export makes the key and tells the ledger, so that whoever trusts the log can follow it to the key. */
  async #signingKey(actor: Actor): ReturnType<typeof openExportKey> {
    const { registry, ledger, options } = this.#context;
    const key = await openExportKey(options.dataFolder, registry.exports.currentKey());
    const hex = key.raw.toString('hex');
    if (registry.exports.keyRecord(hex) === undefined) {
      await ledger.append({ type: 'export-key-made', actor, body: { key: hex } });
    }
    return key;
  }

  #original({ clip, sha256, sm3, bytes, path }: ClipRow): BagOriginal {
    const extension = /\.([A-Za-z0-9]{1,16})$/.exec(path.toString('latin1'))?.[1]?.toLowerCase();
    return {
      clip,
      path: `data/clips/${clip}${extension === undefined ? '' : `.${extension}`}`,
      source: new VaultLayout(this.#context.options.dataFolder).original(sha256 as Sha256Hex),
      ...{ bytes, sha256, sm3 },
    };
  }

  /** A report that could not be printed costs the bag nothing: the HTML is there. */
  async #pdfOf(html: string, scratch: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const { configuration, log } = this.#context.options;
    const { pdf, pdfBrowser: browser } = configuration.exporting;
    if (!pdf) return undefined;
    const paper = await pdfPaper({ html, browser, scratch, signal });
    if (paper.kind === 'made') return paper.pdf;
    log.warn({ paper }, 'the custody report was not printed as PDF');
    return undefined;
  }

  #derived(rows: readonly ClipRow[]): BagDerived[] {
    const folder = join(this.#context.options.dataFolder, 'preview');
    return rows.flatMap(({ clip }) =>
      derivedNames
        .map((name) => ({ clip, path: `data/derived/${clip}.${name}`, source: join(folder, clip, name) }))
        .filter(({ source }) => existsSync(source)),
    );
  }

  /** The wanted clips in the order of sealing. */
  #rows({ clips, caseNumber }: ExportRequest): ClipRow[] {
    const { registry } = this.#context;
    const wanted = new Set(clips);
    for (const clip of wanted) {
      if (registry.pages.clip(clip) !== undefined) continue;
      this.#assertAvailable(clip);
      throw new StationError('clip-unknown', `there is no clip ${clip}`, { next: 'List the clips: evidock clips.' });
    }
    if (caseNumber !== undefined) {
      for (const clip of clipsOfCase(registry, this.#people.linker(), caseNumber)) wanted.add(clip);
    }
    const rows: ClipRow[] = [];
    if (wanted.size > 0) for (const row of registry.clips()) if (wanted.has(row.clip)) rows.push(row);
    if (rows.length === 0) {
      throw new StationError('export-empty', `no clip is linked to the case ${caseNumber}`, {
        next: 'Link clips to the case first: evidock link CLIP --case NUMBER --reason TEXT.',
      });
    }
    if (rows.length > clipsMax)
      throw new StationError('export-too-many', `${rows.length} clips; the limit is ${clipsMax}`);
    for (const { clip } of rows) this.#assertAvailable(clip);
    return rows;
  }

  #assertAvailable(clip: string): void {
    const state = this.#context.registry.copies.availability(clip);
    if (state !== 'restricted' && state !== 'deleted') return;
    throw new StationError(`clip-${state}`, `clip ${clip} is ${state} and cannot be exported`, {
      next: state === 'restricted' ? 'Have the restriction lifted first.' : 'Its records and proofs remain.',
    });
  }

  async #assertApproved(request: ExportRequest, document: ExportDocument): Promise<void> {
    const { applicant, approvedBy, actor } = request;
    const { approverRequired } = this.#context.options.configuration.exporting;
    const answer = judgeApproval({ applicant, approvedBy, isApproverRequired: approverRequired });
    if (answer === 'approved') return;
    const id = newExportId(random);
    const body: ExportRefusedBody = { export: id, reason: answer };
    const documents = [{ id: newDocumentId(random), body: { ...document } }];
    await this.#context.ledger.append({ type: 'export-refused', actor, subject: id, body: { ...body }, documents });
    throw new StationError(`export-${answer}`, 'an export needs a second person who approves it', {
      next: 'Name that person with --approved-by, or set exporting.approverRequired: false in the configuration.',
    });
  }

  #assertOutside(target: string): void {
    const { dataFolder } = this.#context.options;
    if (!`${realTarget(target)}${sep}`.startsWith(`${realpathSync(dataFolder)}${sep}`)) return;
    throw new StationError('export-out-inside', `${target} lies in the data folder`, {
      next: 'Choose a place outside, such as a disk of the receiving office.',
    });
  }
}

interface ExportWork {
  readonly request: ExportRequest;
  readonly rows: readonly ClipRow[];
  readonly document: ExportDocument;
  readonly folder: ExportFolder;
  readonly target: string;
}

function targetOf({ out, zip }: ExportRequest): string {
  const plain = out.length > 1 && out.endsWith(sep) ? out.slice(0, -1) : out;
  return zip && !plain.endsWith('.zip') ? `${plain}.zip` : plain;
}

/** Where the target really lies: its folder may be a link, and may be still to be made. */
function realTarget(target: string): string {
  const parent = dirname(target);
  if (parent === target) return target;
  try {
    return join(realpathSync(parent), basename(target));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return join(realTarget(parent), basename(target));
  }
}

function documentOf(request: ExportRequest): ExportDocument {
  return {
    purpose: request.purpose,
    basis: request.basis ?? null,
    applicant: request.applicant,
    approvedBy: request.approvedBy ?? null,
    recipient: request.recipient ?? null,
    caseNumber: request.caseNumber ?? null,
  };
}

function requestRecords({ request, rows, document, folder }: ExportWork): NewRecord[] {
  const { actor } = request;
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const body: ExportRequestedBody = {
    export: folder.id,
    purpose: purposeOf(request.purpose),
    clips: rows.length,
    bytes,
  };
  const records: NewRecord[] = [
    {
      type: 'export-requested',
      actor,
      subject: folder.id,
      body: { ...body },
      documents: [{ id: newDocumentId(random), body: { ...document } }],
    },
  ];
  for (let at = 0; at < rows.length; at += clipsPerRecord) {
    const clips = rows.slice(at, at + clipsPerRecord).map(({ clip }) => clip);
    const part: ExportClipsBody = { export: folder.id, part: at / clipsPerRecord + 1, clips };
    records.push({ type: 'export-clips', actor, subject: folder.id, body: { ...part } });
  }
  return records;
}
