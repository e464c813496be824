/**
 * The part of the composition root that answers about clearings and takes consent: a linked or held clip leaves its
 * recorder only when one named person asked for it and another one agreed. Names and reasons stand in documents.
 */
import type { ClearingCertificate, ClearingConsentView, ClearingView } from '../domain/clearing-certificate.ts';
import type { ClearingConsentDocument } from '../domain/clearing-facts.ts';
import { StationError } from '../domain/errors.ts';
import { newClearingRequestId, newDocumentId } from '../domain/ids.ts';
import { isSamePerson } from '../domain/person-names.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { Actor, NewRecord } from '../domain/records.ts';
import { clipsOfCase } from './link-registry.ts';
import type { PeopleDesk } from './people-desk.ts';
import { random, type StationContext } from './station-context.ts';

/** Clips that one record names: it is at most 16 KiB long. */
const clipsPerRecord = 300;
/** Clips that one request asks for. */
const clipsPerRequestMax = 10_000;

export interface Consent {
  readonly name: string;
  readonly reason: string;
  readonly actor: Actor;
}

export class ClearingBook {
  readonly #context: StationContext;
  readonly #people: PeopleDesk;

  constructor(context: StationContext, people: PeopleDesk) {
    this.#context = context;
    this.#people = people;
  }

  /** @throws StationError clearing-unknown */
  async certificate(docking: string): Promise<ClearingCertificate> {
    const { registry, ledger, options } = this.#context;
    const row = registry.clearing.clearing(docking);
    if (row === undefined) {
      throw new StationError('clearing-unknown', `nothing was cleared in docking ${docking}`, {
        next: 'List clearings with "evidock clearing list".',
      });
    }
    const { toClear: _toClear, flushed, ...facts } = row;
    const cleared = registry.clearing.cleared(docking).map((file) => ({ ...file, ...names(file.path) }));
    const size = row.endedSeq === null ? undefined : row.endedSeq + 1;
    return {
      station: { id: ledger.station, name: options.configuration.station.name },
      ...facts,
      flushed: flushed === null ? null : flushed === 1,
      clearedBytes: cleared.reduce((sum, { bytes }) => sum + bytes, 0),
      cleared,
      stayed: registry.clearing.stayed(docking).map(({ path, bytes, reason }) => ({
        ...names(path),
        bytes,
        reason: reason ?? 'may-be-gone',
      })),
      consents: registry.clearing.consentsOf(docking),
      checkpoint: size === undefined ? null : shownHead(await ledger.headAt(size)),
    };
  }

  clearings(limit: number): readonly ClearingView[] {
    return this.#context.registry.clearing.clearings(limit);
  }

  requests(limit: number): readonly ClearingConsentView[] {
    return this.#context.registry.clearing.requests(limit);
  }

  /** One person asks; nothing is deleted before another one agrees. @throws StationError clip-not-on-case, clip-unknown */
  async request(wanted: { readonly clips: readonly string[]; readonly case?: string | undefined }, consent: Consent) {
    const clips = [...new Set([...wanted.clips, ...(wanted.case === undefined ? [] : this.#clipsOfCase(wanted.case))])];
    for (const clip of clips) {
      if (this.#context.registry.pages.clip(clip) !== undefined) continue;
      throw new StationError('clip-unknown', `there is no clip ${clip}`, { next: 'List clips with "evidock clips".' });
    }
    if (clips.length === 0 || clips.length > clipsPerRequestMax) {
      throw new StationError('clip-not-on-case', `${clips.length} clips: there must be 1 to ${clipsPerRequestMax}`, {
        next: 'Name clips, or a case that has some.',
      });
    }
    const request = newClearingRequestId(random);
    for (let at = 0; at < clips.length; at += clipsPerRecord) {
      const body = { request, clips: clips.slice(at, at + clipsPerRecord) };
      await this.#context.ledger.append(consentRecord('clearing-requested', body, consent));
    }
    return { request, clips };
  }

  /** @throws StationError clearing-request-unknown, clearing-approved-before, clearing-same-person */
  async approve(request: string, consent: Consent): Promise<ClearingConsentView> {
    const asked = this.#context.registry.clearing.request(request);
    if (asked === undefined || asked.requester === null) {
      throw new StationError('clearing-request-unknown', `there is no request ${request} by a known person`, {
        next: 'List requests with "evidock clearing list".',
      });
    }
    if (asked.approvedSeq !== null) {
      throw new StationError('clearing-approved-before', `request ${request} was approved before`);
    }
    if (isSamePerson(asked.requester, consent.name)) {
      throw new StationError('clearing-same-person', `${consent.name} asked for it`, {
        next: 'Another person must approve.',
      });
    }
    await this.#context.ledger.append(consentRecord('clearing-approved', { request }, consent));
    return asked;
  }

  /** Clips that are linked to the case now, however they are. */
  #clipsOfCase(number: string): string[] {
    return clipsOfCase(this.#context.registry, this.#people.linker(), number);
  }
}

const shownHead = ({ size, root }: { readonly size: number; readonly root: Buffer }) => ({
  size,
  root: root.toString('hex'),
});

const names = (path: Buffer): { path: string; pathHex: string } => ({
  path: readablePath(path),
  pathHex: path.toString('hex'),
});

function consentRecord(
  type: string,
  body: { readonly request: string; readonly clips?: readonly string[] },
  { name, reason, actor }: Consent,
): NewRecord {
  const document: ClearingConsentDocument = { name, reason };
  return {
    type,
    actor,
    subject: body.request,
    body,
    documents: [{ id: newDocumentId(random), body: { ...document } }],
  };
}
