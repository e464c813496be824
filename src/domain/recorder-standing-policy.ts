/**
 * What a recorder's serial and its cards say together, before the first file is read: whether the list of recorders
 * has it, and whether the card is the one it had. Cards get swapped, so these are findings to look into, never a
 * reason to leave footage on a card.
 */
import type { DockFinding } from './dock.ts';
import type { RecorderState } from './people-facts.ts';

export interface RecorderStanding {
  readonly serial: string;
  /** A factory default, or shown by two recorders: it says nothing about which recorder this is. */
  readonly isSerialShared: boolean;
  /** Null while there is no list of recorders: then nobody can be missing from it. */
  readonly isRegistered: boolean | null;
  /** As the list has it today; undefined where no list has it. */
  readonly state?: RecorderState | undefined;
  /** Ids of the volumes that are in it now, as the file systems state them. */
  readonly volumes: readonly string[];
  /** Of its last visit; empty when it never came, or its volumes had no id. */
  readonly volumesBefore: readonly string[];
  /** For each volume that came with a recorder before: the serial of the last one. */
  readonly serialsBefore: ReadonlyMap<string, string>;
}

export function recorderFindings(standing: RecorderStanding): DockFinding[] {
  const { serial, isSerialShared, isRegistered, serialsBefore } = standing;
  const volumes = standing.volumes.filter(tellsCardsApart);
  const findings: DockFinding[] = [];
  if (isRegistered === false && !isSerialShared) {
    findings.push({ code: 'recorder-not-registered', detail: `the list of recorders has no ${serial}` });
  }
  if (!isSerialShared && standing.state !== undefined && standing.state !== 'in-service') {
    findings.push({ code: dockedCodes[standing.state], detail: `the list has ${serial} as ${standing.state}` });
  }
  const before = standing.volumesBefore.filter(tellsCardsApart);
  const others = volumes.filter((volume) => !before.includes(volume));
  if (!isSerialShared && isRegistered !== false && before.length > 0 && others.length > 0) {
    findings.push({
      code: 'card-changed',
      detail: `${serial} came with volume ${before.join(', ')} last time, now with ${others.join(', ')}`,
    });
  }
  const foreign = volumes.filter((volume) => (serialsBefore.get(volume) ?? serial) !== serial);
  if (foreign.length > 0) {
    const detail = foreign.map((volume) => `volume ${volume} came with ${serialsBefore.get(volume)} last time`);
    findings.push({ code: 'card-of-another-recorder', detail: `${detail.join('; ')}, now with ${serial}` });
  }
  return findings;
}

const dockedCodes = {
  lost: 'lost-recorder-docked',
  repair: 'repair-recorder-docked',
  scrapped: 'scrapped-recorder-docked',
} as const;

/** Blank ids and runs of one digit come from formatting tools that set none. */
const tellsCardsApart = (volume: string): boolean => !/^(.?)(?:\1|-)*$/u.test(volume);
