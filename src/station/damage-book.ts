/**
 * The part of the composition root that writes damage down: what a check found about one original in one place becomes
 * a record, once, so that every page where it appears shows it and nothing serves it.
 */
import type { StoreFinding } from '../domain/findings.ts';
import type { Sha256Hex } from '../domain/ids.ts';
import type { DamageState, OriginalDamagedBody, Place } from '../domain/keeping-facts.ts';
import { type StationContext, systemActor } from './station-context.ts';

const damageStates: { readonly [code: string]: DamageState } = {
  'original-altered': 'altered',
  'original-missing': 'missing',
  'original-unreadable': 'unreadable',
};

/** The damage that the findings about one original speak of; undefined when the original itself is sound. */
export function damageIn(
  findings: readonly StoreFinding[],
  place: Place,
  sha256: Sha256Hex,
): OriginalDamagedBody | undefined {
  for (const { code, damagedBlocks } of findings) {
    const state = damageStates[code];
    if (state === undefined) continue;
    return { place, sha256, state, ...(damagedBlocks === undefined ? {} : { blocks: damagedBlocks }) };
  }
  return undefined;
}

/** Records a damage unless the registry knows just that already. */
export async function recordDamage(
  { registry, ledger, options }: StationContext,
  damage: OriginalDamagedBody,
): Promise<void> {
  const { place, sha256, state, blocks } = damage;
  const known = registry.copies.damageOf(sha256, place);
  if (known?.state === state && known.blocks === (blocks ?? null)) return;
  options.log.error({ sha256, place, state, blocks }, 'an original is damaged');
  await ledger.append({ type: 'original-damaged', actor: systemActor, subject: sha256, body: { ...damage } });
}
