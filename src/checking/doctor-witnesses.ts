/**
 * Whether the witnesses of the policy are still there: the newest cosignature of each, as it lies with the ledger. It
 * asks nobody. A witness that is away is not missed by the station, only by whoever checks it later.
 */
import { errorMessage } from '../domain/errors.ts';
import type { DoctorLine } from './doctor.ts';

/** What a policy says, as far as it matters here. */
export interface WitnessingPolicy {
  readonly witnesses: readonly { readonly name: string; readonly key: Buffer }[];
  readonly needsWitnesses: boolean;
  /** Whether cosignatures by these witnesses (raw keys, hex) are enough. */
  isQuorum(keys: ReadonlySet<string>): boolean;
}

export interface WitnessMachine {
  /** Cosignatures may be this old. */
  readonly hoursMax: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Undefined when none is configured. @throws StationError policy-invalid */
  readonly policy: () => Promise<WitnessingPolicy | undefined>;
  /** When each key cosigned last, by raw key in hex; undefined when there is no ledger. @throws StationError ledger-altered */
  readonly cosignaturesBy: (keys: readonly Buffer[]) => Promise<ReadonlyMap<string, Date> | undefined>;
}

const check = 'witnesses';
const hourMs = 3_600_000;
const mend = 'evidock witness ask';

export async function checkWitnesses(machine: WitnessMachine): Promise<DoctorLine> {
  try {
    const policy = await machine.policy();
    if (policy?.needsWitnesses !== true) {
      return { check, state: 'warning', found: 'none (ledger.policyFile): nobody would notice a rewritten ledger' };
    }
    const last = await machine.cosignaturesBy(policy.witnesses.map(({ key }) => key));
    return last === undefined
      ? { check, state: 'unknown', found: 'there is no ledger yet' }
      : judge(machine, policy, last);
  } catch (error) {
    return { check, state: 'missing', found: errorMessage(error) };
  }
}

function judge(
  { hoursMax, now }: WitnessMachine,
  policy: WitnessingPolicy,
  last: ReadonlyMap<string, Date>,
): DoctorLine {
  const hoursOf = (key: Buffer): number | undefined => {
    const at = last.get(key.toString('hex'));
    return at === undefined ? undefined : Math.max(0, now() - at.getTime()) / hourMs;
  };
  const recent = policy.witnesses.filter(({ key }) => (hoursOf(key) ?? Number.POSITIVE_INFINITY) <= hoursMax);
  const found = policy.witnesses
    .map(({ name, key }) => {
      const hours = hoursOf(key);
      return hours === undefined ? `${name} never` : `${name} ${Math.floor(hours)} h ago`;
    })
    .join(', ');
  if (policy.isQuorum(new Set(recent.map(({ key }) => key.toString('hex'))))) return { check, state: 'ok', found };
  return { check, state: 'warning', found: `${found}; the policy wants them within ${hoursMax} h`, mend };
}
