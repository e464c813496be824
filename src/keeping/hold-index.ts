/** The holds that stand, arranged so that each of thousands of clips is asked about at once. */
import { type HeldClip, type HoldScope, isCovered } from '../domain/hold-policy.ts';

export interface IndexedHold<H> {
  readonly hold: H;
  readonly scope: HoldScope;
}

export class HoldIndex<H> {
  readonly #byClip = new Map<string, IndexedHold<H>[]>();
  readonly #byCase = new Map<string, IndexedHold<H>[]>();
  readonly #byOfficer = new Map<string, IndexedHold<H>[]>();
  readonly isEmpty: boolean;

  constructor(holds: readonly IndexedHold<H>[]) {
    this.isEmpty = holds.length === 0;
    for (const one of holds) {
      const { clips, caseNumber, officers } = one.scope;
      for (const clip of clips) add(this.#byClip, clip, one);
      if (caseNumber !== null) add(this.#byCase, caseNumber, one);
      for (const officer of officers) add(this.#byOfficer, officer, one);
    }
  }

  /** In the order in which they were given. */
  of(clip: HeldClip): H[] {
    const near = new Set([
      ...(this.#byClip.get(clip.clip) ?? []),
      ...(this.#byCase.get(clip.caseNumber ?? '') ?? []),
      ...(this.#byOfficer.get(clip.officer ?? '') ?? []),
    ]);
    return [...near].filter(({ scope }) => isCovered(scope, clip)).map(({ hold }) => hold);
  }

  /** Holds that name one of these certificates, whatever is linked to them. */
  ofOfficer(certificateNo: string): H[] {
    return (this.#byOfficer.get(certificateNo) ?? []).map(({ hold }) => hold);
  }
}

function add<V>(map: Map<string, V[]>, key: string, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
