/**
 * The part of the composition root that writes receipts and checks them. A receipt is made from ledger facts alone, so
 * it comes out the same at any later time; checking one looks at every original that the docking handed in.
 */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { StationError } from '../domain/errors.ts';
import type { Sha256Hex } from '../domain/ids.ts';
import { readablePath } from '../domain/readable-path.ts';
import { type Receipt, type ReceiptCheck, receiptFindingsMax } from '../domain/receipt.ts';
import { type HandedInClip, judgeReceipt } from '../domain/receipt-policy.ts';
import {
  lettersOfDigest,
  type ReceiptFacts,
  readReceipt,
  stationLetters,
  writeReceipt,
} from '../domain/receipt-text.ts';
import type { HandedInRow } from '../registry/docking-queries.ts';
import { VaultLayout } from '../vault/vault-layout.ts';
import { type DockingDesk, dockingUnknown } from './docking-desk.ts';
import type { StationContext } from './station-context.ts';

/** Originals that are looked at together. */
const clipsPerPage = 200;

export class ReceiptDesk {
  readonly #context: StationContext;
  readonly #dockings: DockingDesk;
  readonly #vault: VaultLayout;

  constructor(context: StationContext, dockings: DockingDesk) {
    this.#context = context;
    this.#dockings = dockings;
    this.#vault = new VaultLayout(context.options.dataFolder);
  }

  /** @throws StationError docking-unknown, docking-open */
  async receipt(id: string): Promise<Receipt> {
    const { ledger, options, registry } = this.#context;
    const row = registry.dockings.docking(id);
    if (row === undefined) throw dockingUnknown(id);
    if (row.endedAt === null || row.endedSeq === null) {
      throw new StationError('docking-open', `the docking ${id} has not ended`, {
        next: 'Wait until the slot says that the recorder may be pulled out.',
      });
    }
    const { findingList: _list, records: _records, ...docking } = this.#dockings.get(id);
    const inventorySha256 = this.#inventoryDigest(id);
    const size = row.endedSeq + 1;
    const root = (await ledger.rootAt(size)).toString('hex');
    const facts: ReceiptFacts = {
      station: stationMark(ledger.station),
      docking: id,
      endedAtSeconds: Math.floor(Date.parse(row.endedAt) / 1000),
      listed: docking.listed ?? 0,
      kept: docking.sealed + (docking.held ?? 0),
      missing: docking.missing ?? 0,
      inventory: lettersOfDigest(inventorySha256),
      size,
      root: lettersOfDigest(root),
    };
    const station = { id: ledger.station, name: options.configuration.station.name };
    return { station, docking, facts, text: writeReceipt(facts), inventorySha256, root };
  }

  /** What the records name, one digest a line: also after the names themselves were lawfully deleted. */
  #inventoryDigest(docking: string): string {
    const digest = createHash('sha256');
    for (const part of this.#context.registry.dockings.inventoryParts(docking)) digest.update(`${part}\n`);
    return digest.digest('hex');
  }

  /** Whether this station still has what the receipt says. */
  async check(typed: string): Promise<ReceiptCheck> {
    const { ledger } = this.#context;
    const reading = readReceipt(typed);
    if (reading.kind === 'wrong') return { kind: 'unreadable', trouble: reading.trouble };
    const { facts } = reading;
    const docking = this.#dockings.find(facts.docking);
    const clips = docking === undefined ? [] : await this.#handedIn(facts.docking);
    const today = docking === undefined || docking.state === 'open' ? undefined : await this.receipt(facts.docking);
    const findings = judgeReceipt({
      receipt: facts,
      station: stationMark(ledger.station),
      ledgerSize: ledger.size,
      rootThen:
        facts.size > ledger.size ? undefined : lettersOfDigest((await ledger.rootAt(facts.size)).toString('hex')),
      today: today?.facts,
      clips,
    });
    return {
      kind: 'checked',
      facts,
      docking: today?.docking,
      clips: clips.length,
      findings: findings.slice(0, receiptFindingsMax),
      findingsCount: findings.length,
    };
  }

  async #handedIn(docking: string): Promise<HandedInClip[]> {
    const clips: HandedInClip[] = [];
    for (let afterClip = ''; ; ) {
      const rows = this.#context.registry.dockings.handedIn(docking, { limit: clipsPerPage, afterClip });
      clips.push(...(await Promise.all(rows.map((row) => this.#look(row)))));
      afterClip = rows.at(-1)?.clip ?? '';
      if (rows.length < clipsPerPage) return clips;
    }
  }

  async #look({ clip, path, sha256, bytes }: HandedInRow): Promise<HandedInClip> {
    const found = await stat(this.#vault.original(sha256 as Sha256Hex)).catch(() => undefined);
    const availability = this.#context.registry.copies.availability(clip);
    return {
      clip,
      path: readablePath(path),
      bytes,
      bytesInVault: found?.isFile() === true ? found.size : undefined,
      state: availability === 'deleted' || availability === 'damaged' ? availability : 'kept',
    };
  }
}

const stationMark = (station: string): string => station.replace(/^s-/, '').slice(0, stationLetters);
