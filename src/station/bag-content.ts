/**
 * Puts together what a bag holds beside its originals: records with a proof each, the documents that may go along, keys,
 * checkpoint, report. It asks registry, ledger and linking, and arranges; exporting/ knows the forms.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExportDocument } from '../domain/export-facts.ts';
import { isDisclosed } from '../domain/export-policy.ts';
import type { Actor } from '../domain/records.ts';
import { instantToLocalDate } from '../domain/station-time.ts';
import { signatureNamespace } from '../exporting/bag-verification.ts';
import type { BagContent, writeOriginals } from '../exporting/bag-writer.ts';
import { custodyReport } from '../exporting/custody-report.ts';
import { type ExportKey, exportKeyComment } from '../exporting/export-key.ts';
import { provJson } from '../exporting/prov-json.ts';
import { fingerprintLine, fingerprintsOf } from '../exporting/trust-file.ts';
import { openSshText } from '../formats/open-ssh-key.ts';
import { signSsh } from '../formats/ssh-signature.ts';
import { type ExactRecord, readExactLines } from '../ledger/exact-lines.ts';
import type { ClipRow } from '../registry/registry.ts';
import type { HoldRow } from '../registry/retention-queries.ts';
import { stationClockText } from '../texts/custody-texts.ts';
import { verifyGuide } from '../texts/verify-guide.ts';
import { bagProofs } from './bag-proofs.ts';
import { stationClock } from './clock-state.ts';
import { custodyFacts } from './custody-facts.ts';
import type { PeopleDesk } from './people-desk.ts';
import type { StationContext } from './station-context.ts';
import { stationKeys } from './station-keys.ts';

export interface BagParts {
  readonly context: StationContext;
  readonly people: PeopleDesk;
  readonly exportId: string;
  readonly document: ExportDocument;
  readonly actor: Actor;
  readonly rows: readonly ClipRow[];
  /** Holds that stand on a clip. */
  readonly holdsOf: (clip: string) => readonly HoldRow[];
  readonly listed: Awaited<ReturnType<typeof writeOriginals>>;
  /** Playable copies and posters that go along. */
  readonly derived: Awaited<ReturnType<typeof writeOriginals>>;
  readonly key: ExportKey;
  /** The report as PDF; undefined where none can or shall be made. */
  readonly pdfOf: (report: string) => Promise<Uint8Array | undefined>;
  /** Time stamp and SM2 signature over the bag's checkpoint, by name; what cannot be had is left out. */
  readonly stampsOf: (note: string) => Promise<ReadonlyMap<string, Uint8Array>>;
}

/** A checkpoint over all records of the bag must have been signed. */
export async function bagContent(parts: BagParts): Promise<{ content: BagContent; checkpointSize: number }> {
  const { context, exportId, document, actor, rows, key } = parts;
  const { options, ledger, registry } = context;
  const records = await recordsOf(parts);
  const seqs = records.map(({ record }) => record.seq);
  const { texts, head, examples } = await bagProofs(context, seqs);
  const payload = payloadOf(parts, records);
  const tags = await tagsOf(parts, texts);
  for (const [name, bytes] of await parts.stampsOf(head.note)) tags.set(name, bytes);
  const stamps = { hasTimeStamp: tags.has('checkpoint.tsr'), hasSm2: tags.has('checkpoint.sm2') };
  const program = `evidock ${options.version}`;
  const fingerprints = fingerprintsOf({ ...(await stationKeys(context)), exportKey: key.raw }).map(fingerprintLine);
  const requestedAt = registry.exports.export(exportId)?.requestedAt ?? '';
  const { station } = options.configuration;
  const clips = custodyFacts(parts, records);
  const report = custodyReport({
    ...{
      station: `${station.name} (${ledger.station})`,
      program,
      timeZone: station.timeZone,
      stationClock: stationClockText(await stationClock()),
    },
    ...{ madeAt: clips.local(requestedAt), exportId, ...document, maker: `${actor.kind}:${actor.id}` },
    clips: clips.custody,
    checkpoint: `${head.size} ${head.root.toString('hex')}`,
    fingerprints,
  });
  payload.set('data/custody.html', Buffer.from(report));
  const pdf = await parts.pdfOf(report);
  if (pdf !== undefined) payload.set('data/custody.pdf', pdf);
  const agent = `${actor.kind}:${actor.id}`;
  const provenance = provJson({
    ...{ exportId, station: ledger.station, program, requestedAt, actor: agent },
    clips: clips.provenance,
  });
  tags.set('prov.json', Buffer.from(provenance));
  const extras = { hasPdf: pdf !== undefined, hasDerived: parts.derived.length > 0 };
  const guide = verifyGuide({ station: ledger.station, examples, fingerprints, ...stamps, ...extras });
  tags.set('VERIFY.txt', Buffer.from(guide));
  const content: BagContent = {
    payload,
    tags,
    info: [
      ['Source-Organization', station.name],
      ['External-Identifier', exportId],
      ['External-Description', `${rows.length} clips of the docking station ${ledger.station}`],
      ['Bagging-Date', instantToLocalDate(Date.parse(requestedAt), station.timeZone)],
      ['Bag-Software-Agent', program],
    ],
    sign: (tagManifest) => signSsh(tagManifest, signatureNamespace, key.secret),
  };
  return { content, checkpointSize: head.size };
}

/** Records about the ledger's keys go with every bag: they tie the keys to the logs, and the logs to each other. */
const keyRecords = ['ledger-opened', 'log-closed', 'log-continued', 'export-key-made'] as const;

function recordsOf({ context, rows }: BagParts): Promise<ExactRecord[]> {
  const { exports } = context.registry;
  const own = keyRecords.flatMap((type) => exports.recordsOfType(type));
  const seqs = new Set([...own, ...rows.flatMap(({ clip, docking }) => exports.recordsAbout(clip, docking))]);
  return readExactLines(context.ledger.logs, [...seqs]);
}

function payloadOf({ rows, exportId }: BagParts, records: readonly ExactRecord[]): Map<string, Uint8Array> {
  const clips = new Set<string>(rows.map(({ clip }) => clip));
  const payload = new Map<string, Uint8Array>();
  for (const { record, line, documents } of records) {
    payload.set(`data/records/${record.seq}.json`, line);
    if (!isDisclosed({ type: record.type, subject: record.subject, clips, exportId })) continue;
    for (const [id, bytes] of documents) payload.set(`data/documents/${id}.json`, bytes);
  }
  return payload;
}

async function tagsOf(
  { context, key }: BagParts,
  texts: ReadonlyMap<string, string>,
): Promise<Map<string, Uint8Array>> {
  const tags = new Map<string, Uint8Array>(Array.from(texts, ([name, text]) => [name, Buffer.from(text)]));
  const signers = `${context.ledger.station} namespaces="${signatureNamespace}" ${openSshText(key.raw, exportKeyComment)}`;
  tags.set('allowed_signers', Buffer.from(signers));
  tags.set('verify.sh', await readFile(join(import.meta.dirname, '../exporting/assets/verify.sh')));
  return tags;
}
