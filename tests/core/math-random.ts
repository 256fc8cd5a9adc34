// Numbers without a pattern for the tests of the elementary functions, the same in every run.

/** A number from 0 to below 1, with 53 bits that vary. */
export type Random = () => number;

export function random(seed: number): Random {
  let state = seed >>> 0;
  const word = (): number => {
    // A counter, with its bits mixed.
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
  return () => (word() * 2 ** 21 + (word() >>> 11)) / 2 ** 53;
}
