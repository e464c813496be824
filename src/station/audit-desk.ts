/** The part of the composition root that answers the auditor's page. It only asks and arranges. */
import { createHash } from 'node:crypto';
import { vaultPlace } from '../domain/keeping-facts.ts';
import { readIfThere } from '../files/if-there.ts';
import { LedgerLayout } from '../ledger/ledger-layout.ts';
import type { AuditEndedLog, AuditKey, AuditPlace, AuditView, WebAudit } from '../web/web-audit.ts';
import type { MirrorDesk } from './mirror-desk.ts';
import type { ProofDesk } from './proof-desk.ts';
import type { StampDesk } from './stamp-desk.ts';
import type { StationContext } from './station-context.ts';
import type { WitnessDesk } from './witness-desk.ts';

export interface AuditParts {
  readonly proofs: Pick<ProofDesk, 'fingerprints'>;
  readonly mirrors: Pick<MirrorDesk, 'views'>;
  readonly stamps: Pick<StampDesk, 'states'>;
  readonly witnesses: Pick<WitnessDesk, 'states'>;
}

export class AuditDesk implements WebAudit {
  readonly #context: StationContext;
  readonly #parts: AuditParts;

  constructor(context: StationContext, parts: AuditParts) {
    this.#context = context;
    this.#parts = parts;
  }

  async view(): Promise<AuditView> {
    const { ledger, options, proofs } = this.#context;
    const { stamps, witnesses } = this.#parts;
    return {
      station: ledger.station,
      records: ledger.size,
      checkpoint: (await proofs.head())?.note ?? null,
      endedLogs: await this.#endedLogs(),
      keys: await this.#keys(),
      witnesses: (await witnesses.states()).map(({ name, cosigned, trouble }) => ({
        name,
        cosigned: cosigned === undefined ? null : { at: cosigned.at.toISOString(), size: cosigned.size },
        trouble: trouble ?? null,
      })),
      stamps: (await stamps.states()).map(({ kind, size, time, trouble }) => ({
        kind,
        size: size ?? null,
        time: time ?? null,
        trouble: trouble ?? null,
      })),
      places: this.#places(),
      isPublic: options.configuration.ledger.publicRead,
    };
  }

  async #endedLogs(): Promise<readonly AuditEndedLog[]> {
    const { ledger, logProofs } = this.#context;
    return Promise.all(
      ledger.logs.logs.slice(0, -1).map(async (log) => ({
        log: log.layout.log,
        records: log.size,
        checkpoint: (await logProofs.sourceOf(log).head())?.note ?? null,
        isCompromised: log.closed === 'compromised',
      })),
    );
  }

  async #keys(): Promise<readonly AuditKey[]> {
    const sm2 = await this.#sm2Fingerprint();
    return [...(await this.#parts.proofs.fingerprints()), ...(sm2 === undefined ? [] : [sm2])];
  }

  async #sm2Fingerprint(): Promise<AuditKey | undefined> {
    const layout = new LedgerLayout(this.#context.options.dataFolder);
    const pem = await readIfThere(layout.stationKey('sm2.pem'));
    if (pem === undefined) return undefined;
    return { role: 'sm2', fingerprint: `SHA256(PEM) ${createHash('sha256').update(pem).digest('hex')}` };
  }

  #places(): readonly AuditPlace[] {
    const { copies } = this.#context.registry;
    const mirrors = this.#parts.mirrors.views().map(({ folder, mirror, state, behind, damaged }) => ({
      folder,
      scrubbedAt: mirror === null ? null : (copies.scrubbedAt(mirror) ?? null),
      behind: behind.originals,
      damaged,
      isPresent: state === 'present',
    }));
    const damaged = copies.damage().filter(({ place }) => place === vaultPlace).length;
    const vault = {
      folder: null,
      scrubbedAt: copies.scrubbedAt(vaultPlace) ?? null,
      behind: 0,
      damaged,
      isPresent: true,
    };
    return [vault, ...mirrors];
  }
}
