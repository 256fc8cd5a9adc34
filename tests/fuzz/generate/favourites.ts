// Numbers that a program has more than its share of.
import type { Chooser } from '../random.ts';

/** A number that a program is full of, as source and as an argument: faults often need the same one in two places. */
export type Favourite = readonly [source: string, argument: number];

const FAVOURITES: readonly Favourite[] = [
  ['(-0)', -0],
  ['(-0)', -0],
  ['(1e999 - 1e999)', Number.NaN],
  ['1e999', Number.POSITIVE_INFINITY],
  ['0.1', 0.1],
  ['0.5', 0.5],
  ['(-2.5)', -2.5],
  ['1.0000000000000002', 1.0000000000000002],
  ['128', 128],
  ['(-128)', -128],
  ['65536', 65536],
  ['2147483648', 2147483648],
  ['9007199254740992', 9007199254740992],
];

export function someFavourite(choose: Chooser): Favourite | undefined {
  return choose.chance(40) ? choose.pick(FAVOURITES) : undefined;
}
