// Sets of code points as sorted, disjoint, non-adjacent ranges in one flat array: low, high, low, high, … Both ends belong to
// the range. Operations take time linear in the number of ranges.

export type Ranges = readonly number[];

export const NO_CODE_POINT: Ranges = [];

/** Any ranges, in any order, brought into the form that the other functions take. */
export function normalize(pairs: readonly (readonly [number, number])[]): Ranges {
  const sorted = [...pairs].sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [low, high] of sorted) {
    const last = out.length - 1;
    if (last > 0 && low <= out[last]! + 1) out[last] = Math.max(out[last]!, high);
    else out.push(low, high);
  }
  return out;
}

export function pairsOf(ranges: Ranges): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i]!, ranges[i + 1]!]);
  return pairs;
}

export function union(sets: readonly Ranges[]): Ranges {
  if (sets.length === 1) return sets[0]!;
  return normalize(sets.flatMap(pairsOf));
}

export function intersect(a: Ranges, b: Ranges): Ranges {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const low = Math.max(a[i]!, b[j]!);
    const high = Math.min(a[i + 1]!, b[j + 1]!);
    if (low <= high) out.push(low, high);
    if (a[i + 1]! < b[j + 1]!) i += 2;
    else j += 2;
  }
  return out;
}

/** The code points of `all` that are not in `set`. */
export function subtract(all: Ranges, set: Ranges): Ranges {
  const out: number[] = [];
  let j = 0;
  for (let i = 0; i < all.length; i += 2) {
    let low = all[i]!;
    const high = all[i + 1]!;
    while (j < set.length && set[j + 1]! < low) j += 2;
    for (let k = j; k < set.length && set[k]! <= high; k += 2) {
      if (set[k]! > low) out.push(low, set[k]! - 1);
      low = set[k + 1]! + 1;
    }
    if (low <= high) out.push(low, high);
  }
  return out;
}

export function contains(ranges: Ranges, codePoint: number): boolean {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[2 * middle + 1]! < codePoint) low = middle + 1;
    else high = middle;
  }
  return 2 * low < ranges.length && ranges[2 * low]! <= codePoint;
}

export function countCodePoints(ranges: Ranges): number {
  let count = 0;
  for (let i = 0; i < ranges.length; i += 2) count += ranges[i + 1]! - ranges[i]! + 1;
  return count;
}
