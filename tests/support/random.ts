/**
 * Randomness that a test can repeat: EVIDOCK_TEST_SEED sets it, and whatever it is, it is printed.
 */

export interface SeededRandom {
  readonly seed: number;
  /** From 0 up to, not including, 1. */
  next(): number;
  bytes(count: number): Buffer;
}

/** Prints the seed with what it is for, so that a failure can be run again. */
export function seededRandom(purpose: string): SeededRandom {
  const seed = Number(process.env.EVIDOCK_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`${purpose}: EVIDOCK_TEST_SEED=${seed}\n`);
  return randomFrom(seed);
}

/** The same seed, the same numbers; whoever calls it says the seed. */
export function randomFrom(seed: number): SeededRandom {
  let state = seed >>> 0;
  // Mulberry32: small, and good enough to choose moments and fill files.
  const draw = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    seed,
    next: () => draw() / 2 ** 32,
    bytes(count) {
      const words = new Uint32Array(Math.ceil(count / 4));
      for (let at = 0; at < words.length; at += 1) words[at] = draw();
      return Buffer.from(words.buffer).subarray(0, count);
    },
  };
}
