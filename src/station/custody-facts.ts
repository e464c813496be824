/** What the custody report says of each clip, from its records and documents, the registry and the roster. */
import type { ClipClock, ClipDocument, CorrectedAt, DockingDocument } from '../domain/clip-facts.ts';
import { versionsAsOf } from '../domain/history.ts';
import { getCalendarDate } from '../domain/people-facts.ts';
import { readablePath } from '../domain/readable-path.ts';
import type { ClipSealedBody, DockingStartedBody } from '../domain/records.ts';
import { instantToLocalDate, instantToLocalTime } from '../domain/station-time.ts';
import type { CustodyClip, CustodyRecord } from '../exporting/custody-report.ts';
import type { ProvenanceClip } from '../exporting/prov-json.ts';
import type { ExactRecord } from '../ledger/exact-lines.ts';
import type { ClipLinker } from '../linking/clip-linker.ts';
import type { ClipRow } from '../registry/registry.ts';
import { codeText, codeWord } from '../texts/code-texts.ts';
import { type BothLanguages, custodyTexts } from '../texts/custody-texts.ts';
import { holdKindTexts } from '../texts/retention-texts.ts';
import type { BagParts } from './bag-content.ts';

type WordDictionary = Parameters<typeof codeWord>[0];

export interface CustodyFacts {
  readonly custody: CustodyClip[];
  readonly provenance: ProvenanceClip[];
  /** An ISO instant as the station's local time. */
  readonly local: (instant: string) => string;
}

export function custodyFacts(parts: BagParts, records: readonly ExactRecord[]): CustodyFacts {
  const facts = new FactsOfClips(parts, records);
  return {
    custody: parts.rows.map((row) => facts.custody(row)),
    provenance: parts.rows.map((row) => facts.provenance(row)),
    local: (instant) => facts.local(instant),
  };
}

class FactsOfClips {
  readonly #parts: BagParts;
  readonly #timeZone: string;
  readonly #linker: ClipLinker;
  readonly #bySeq: ReadonlyMap<number, ExactRecord>;

  constructor(parts: BagParts, records: readonly ExactRecord[]) {
    this.#parts = parts;
    this.#timeZone = parts.context.options.configuration.station.timeZone;
    this.#linker = parts.people.linker();
    this.#bySeq = new Map(records.map((record) => [record.record.seq, record]));
  }

  local(instant: string): string {
    return instantToLocalTime(Date.parse(instant), this.#timeZone).replace('T', ' ');
  }

  custody(row: ClipRow): CustodyClip {
    const { context, listed } = this.#parts;
    const about = this.#about(row);
    const seal = about.find(({ record }) => record.type === 'clip-sealed') as ExactRecord;
    const docking = about.find(({ record }) => record.type === 'docking-started') as ExactRecord;
    const sealed = seal.record.body as unknown as ClipSealedBody;
    const started = docking.record.body as unknown as DockingStartedBody;
    const named = firstDocument<ClipDocument>(seal);
    const file = listed.find(({ path }) => path.includes(`/${row.clip}`));
    const media = mediaFacts(context.registry.pages.clip(row.clip)?.facts ?? null);
    return {
      clip: row.clip,
      file: file?.path ?? '',
      derived: this.#derived(row),
      kind: bothWords('kind', row.kind ?? 'other'),
      ...media,
      bytes: row.bytes,
      sha256: sealed.sha256,
      sha512: file?.digests.get('sha512') ?? '',
      sm3: sealed.sm3,
      fsverity: sealed.fsverity,
      name: readablePath(row.path),
      nameHex: row.path.toString('hex'),
      recorder: row.recorder,
      recorderBasis: bothWords('recorderBasis', named?.recorderBasis ?? started.recorderBasis),
      officer: this.#officer(row),
      recordedAt: named?.name?.localTime?.replace('T', ' ') ?? null,
      clockError: clockText(named?.clock ?? null),
      correctedAt: this.#corrected(named?.correctedAt ?? null),
      dockedAt: this.local(docking.record.time),
      dockKind: bothWords('dockKind', started.kind),
      isByHand: started.kind === 'ingest' || started.kind === 'import-folder',
      slot: started.slot ?? null,
      volume: volumeText(firstDocument<DockingDocument>(docking)),
      clearedAt: this.#clearedAt(row),
      sealedAt: this.local(seal.record.time),
      readBack: bothWords('readBack', sealed.readBack),
      engine: bothWords('engine', sealed.engine),
      findings: this.#findings(row),
      holds: this.#holds(row),
      records: about.map((record) => this.#record(record)),
    };
  }

  #holds({ clip }: ClipRow): string[] {
    return this.#parts.holdsOf(clip).map(({ kind, number, placedAt }) => {
      const words = holdKindTexts[kind];
      return `${words.zh} ${words.en} ${number} (${this.local(placedAt)})`;
    });
  }

  #derived({ clip }: ClipRow): string[] {
    return this.#parts.derived.map(({ path }) => path).filter((path) => path.startsWith(`data/derived/${clip}.`));
  }

  #corrected(range: CorrectedAt | null): string | null {
    if (range === null || (range.earliest === null && range.latest === null)) return null;
    const end = (instant: string | null): string => (instant === null ? '?' : this.local(instant));
    return `${end(range.earliest)} ~ ${end(range.latest)}`;
  }

  /** When the file was deleted from its recorder, by whichever docking; null while no record tells of that. */
  #clearedAt({ clip }: ClipRow): string | null {
    const time = this.#parts.context.registry.exports.clearedAt(clip);
    return time === undefined ? null : this.local(time);
  }

  provenance(row: ClipRow): ProvenanceClip {
    const docking = this.#parts.context.registry.pages.docking(row.docking);
    const file = this.#parts.listed.find(({ path }) => path.includes(`/${row.clip}`))?.path ?? '';
    const { clip, sha256, source, sealedAt } = row;
    const derived = this.#derived(row);
    return { clip, file, derived, sha256, docking: row.docking, source, dockedAt: docking?.startedAt ?? '', sealedAt };
  }

  #about({ clip, docking }: ClipRow): ExactRecord[] {
    const seqs = this.#parts.context.registry.exports.recordsAbout(clip, docking);
    return seqs.flatMap((seq) => this.#bySeq.get(seq) ?? []);
  }

  #record({ record }: ExactRecord): CustodyRecord {
    const { seq, time, type, actor } = record;
    return { seq, time: this.local(time), type: bothWords('recordType', type), actor: `${actor.kind}:${actor.id}` };
  }

  /** Name, unit and number as the roster had them on the day of the recording. */
  #officer(row: ClipRow): string | null {
    const { officer } = this.#linker.link(row);
    if (officer === null) return null;
    const versions = this.#parts.context.registry.people.versionsOfKey('officers', officer.number);
    const day = getCalendarDate(instantToLocalDate(Date.parse(row.recordedAt ?? row.sealedAt), this.#timeZone));
    const facts = (versionsAsOf(versions, { asOf: day }).get(officer.number) ?? versions[0])?.facts;
    const basis = bothWords('linkBasis', officer.basis);
    const who = facts === undefined ? '' : `${facts.name}，${facts.unit}，`;
    return `${who}执法证 ${officer.number}（${basis.zh} ${basis.en}）`;
  }

  #findings(row: ClipRow): BothLanguages[] {
    const { registry } = this.#parts.context;
    const codes = [...registry.pages.findings(row.clip).map(({ code }) => code), ...this.#linker.link(row).findings];
    return codes.map((code) => ({
      zh: codeText('finding', code, 'zh').word,
      en: codeText('finding', code, 'en').word,
    }));
  }
}

const bothWords = (dictionary: WordDictionary, code: string): BothLanguages => ({
  zh: codeWord(dictionary, code, 'zh'),
  en: codeWord(dictionary, code, 'en'),
});

/** The body of a record's first document; undefined when it was lawfully erased. */
function firstDocument<T>({ documents }: ExactRecord): T | undefined {
  const [line] = documents.values();
  return line === undefined ? undefined : (JSON.parse(line.toString('utf8')) as { body: T }).body;
}

/** Seconds of the recorder's clock before (+) or behind (-) the station's; null where nothing is claimed. */
function clockText(clock: ClipClock | null): BothLanguages | null {
  if (clock === null || (clock.atLeastMs === null && clock.atMostMs === null)) return null;
  return custodyTexts.clockRange(clock.atLeastMs, clock.atMostMs, clock.basis === 'protocol');
}

function volumeText(document: DockingDocument | undefined): string | null {
  const volume = document?.volume;
  if (volume === undefined) return null;
  return [volume.fileSystem, volume.uuid, volume.label].filter(Boolean).join(' ');
}

interface ProbedFacts {
  readonly container?: string;
  readonly durationMs?: number;
  readonly streams?: readonly { readonly codec: string; readonly width?: number; readonly height?: number }[];
}

function mediaFacts(text: string | null): { readonly format: BothLanguages; readonly length: string | null } {
  if (text === null) return { format: custodyTexts.notKnown, length: null };
  const { container = 'unknown', durationMs, streams = [] } = JSON.parse(text) as ProbedFacts;
  const parts = streams.map(({ codec, width, height }) =>
    width === undefined ? codec : `${codec} ${width}×${height}`,
  );
  const length = durationMs === undefined ? null : new Date(durationMs).toISOString().slice(11, 23);
  const { zh, en } = bothWords('container', container);
  return { format: { zh: [zh, ...parts].join('，'), en: [en, ...parts].join(', ') }, length };
}
