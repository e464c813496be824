/**
 * What a scenario of the USB laboratory is, and what it is given. A scenario runs inside the guest, as root, on a real
 * kernel; it says what it saw step by step, and a step that does not hold fails it. Loading one must have no effect,
 * because the host loads it too, for its machine.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Scenario {
  readonly name: string;
  /** One sentence: what is proved when it passes. */
  readonly goal: string;
  readonly secondsMax: number;
  /** Virtual sockets; without it as many as there are recorders, and at least 8. */
  readonly sockets?: number;
  /** More USB hardware than the virtual sockets: QEMU arguments, files of the run lie in `folder`. */
  readonly machine?: (folder: string) => Promise<readonly string[]>;
  readonly run: (lab: Lab) => Promise<void>;
}

/** One JSON line; `ok` is false for a step that did not hold. */
export interface Step {
  readonly step: string;
  readonly ok: boolean;
  /** Since the scenario began. */
  readonly seconds: number;
  readonly [fact: string]: unknown;
}

export interface Verdict {
  readonly verdict: 'passed' | 'failed';
  readonly scenario: string;
  readonly steps: number;
  readonly failed: readonly string[];
  readonly seconds: number;
}

/** What the caller chose; a scenario ignores what it has no use for. */
export interface LabWish {
  /** 1 to 24. */
  readonly recorders: number;
  /** How often recorders are pulled out too early. */
  readonly undocks: number;
  readonly cycles: number;
  /** Of everything drawn by lot; the same seed draws the same. */
  readonly seed: number;
}

export class Lab {
  readonly wish: LabWish;
  /** A folder on the ext4 disk. */
  readonly folder: string;
  /** What lies here is on the host after the run. */
  readonly results: string;
  /** Before the names of steps, where several trials share a guest. */
  prefix = '';
  readonly #steps: Step[] = [];
  readonly #write: (line: object) => void;
  readonly #started = performance.now();

  constructor(place: { wish: LabWish; folder: string; results: string; write: (line: object) => void }) {
    this.wish = place.wish;
    this.folder = place.folder;
    this.results = place.results;
    this.#write = place.write;
  }

  get recorders(): number {
    return this.wish.recorders;
  }

  /** Something that was looked at; goes on whatever it was, so that a run tells everything that is wrong. */
  step(name: string, ok: boolean, facts: { readonly [fact: string]: unknown } = {}): void {
    const step = { step: `${this.prefix}${name}`, ok, seconds: this.#seconds(), ...facts };
    this.#steps.push(step);
    this.#write(step);
  }

  /** Waits until `look` answers with something; undefined after `secondsMax`. */
  async eventually<T>(look: () => T | undefined | Promise<T | undefined>, secondsMax: number): Promise<T | undefined> {
    const until = performance.now() + secondsMax * 1000;
    for (;;) {
      const seen = await look();
      if (seen !== undefined) return seen;
      if (performance.now() > until) return undefined;
      await sleep(20);
    }
  }

  verdict(scenario: string): Verdict {
    const failed = this.#steps.filter(({ ok }) => !ok).map(({ step }) => step);
    const passed = failed.length === 0 && this.#steps.length > 0;
    const verdict = passed ? ('passed' as const) : ('failed' as const);
    return { verdict, scenario, steps: this.#steps.length, failed, seconds: this.#seconds() };
  }

  #seconds(): number {
    return Math.round((performance.now() - this.#started) / 10) / 100;
  }
}
