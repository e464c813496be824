/** Units as questions name them: by code or by name. */
import { StationError } from '../domain/errors.ts';
import { nearNames } from '../domain/near-names.ts';

/** Names by key, of units that rosters brought as such and of those that only officers name. */
export type UnitNames = ReadonlyMap<string, string>;

/**
 * @returns the unit's key
 * @throws StationError unit-unknown, and unit-ambiguous for a name that several units bear
 */
export function findUnit(asked: string, names: UnitNames): string {
  if (names.has(asked)) return asked;
  const keys = [...names].flatMap(([key, name]) => (name === asked ? [key] : []));
  const [key] = keys;
  if (keys.length > 1) {
    throw new StationError('unit-ambiguous', `several units are called "${asked}": ${keys.join(', ')}`, {
      next: 'Name the unit by its code.',
    });
  }
  if (key !== undefined) return key;
  const near = nearNames(asked, [...names.keys(), ...names.values()]);
  const named = near.length === 0 ? '' : `; did you mean ${near.map((name) => `"${name}"`).join(', ')}?`;
  throw new StationError('unit-unknown', `no roster has the unit "${asked}"${named}`, {
    next: 'Write the unit as the roster does, or its code.',
  });
}

/** The key of a unit as a list writes it, by code or by name; as written where no roster knows it, or several bear it. */
export function unitKeysOf(names: UnitNames): (written: string) => string {
  const keys = Map.groupBy(names.keys(), (key) => names.get(key));
  return (written) => {
    const [key, other] = names.has(written) ? [written] : (keys.get(written) ?? []);
    return key === undefined || other !== undefined ? written : key;
  };
}
