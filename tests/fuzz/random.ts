// Choices by seed. The same seed makes the same choices on every machine, whatever ran before.
import { makeRandom } from '../lang/random-programs.ts';

export interface Chooser {
  /** A whole number from 0 to below the bound. */
  readonly below: (bound: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
  /** True in so many of a hundred cases. */
  readonly chance: (percent: number) => boolean;
  /** An item, each as likely as its weight; undefined when all weigh nothing. */
  readonly weighted: <T>(items: readonly T[], weight: (item: T) => number) => T | undefined;
}

export function makeChooser(seed: number): Chooser {
  // Seeds that follow each other would begin with similar numbers.
  const below = makeRandom(Math.imul(seed, 0x9e3779b1) ^ (seed >>> 7));
  below(2);
  return {
    below,
    pick: items => items[below(items.length)]!,
    chance: percent => below(100) < percent,
    weighted: (items, weight) => {
      let sum = 0;
      for (const item of items) sum += weight(item);
      if (sum === 0) return undefined;
      let left = below(sum);
      for (const item of items) {
        left -= weight(item);
        if (left < 0) return item;
      }
      return undefined;
    },
  };
}
