// Between which bounds a whole number lies. Whatever is kept in a general register lies within ±2^52, so that sums of two are exact as
// doubles, and as 64-bit integers all the more.

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** No whole number in a general register lies further from zero. */
export const MOST = 2 ** 52;

/** Further than any whole number: what is rounded to be compared with them ends there. */
export const LIMIT = 2 ** 62;

/** More items than any list has: the heap ends before (memory.ts). */
export const MOST_ITEMS = 2 ** 27;

/** What nothing has come to yet. */
export const NOTHING: Range = { low: Number.POSITIVE_INFINITY, high: Number.NEGATIVE_INFINITY };
export const ANYTHING: Range = { low: -MOST, high: MOST };

export const isNothing = ({ low, high }: Range): boolean => low > high;
export const holdsZero = ({ low, high }: Range): boolean => low <= 0 && high >= 0;
export const isBeyond = ({ low, high }: Range): boolean => low < -MOST || high > MOST;

export function join(a: Range, b: Range): Range {
  return { low: Math.min(a.low, b.low), high: Math.max(a.high, b.high) };
}

export function meet(a: Range, b: Range): Range {
  return { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
}

/** What arithmetic gives; not exact beyond 2^53, where it is only asked whether that is too far. */
export function arithmetic(op: 'add' | 'sub' | 'mul', a: Range, b: Range): Range {
  if (isNothing(a) || isNothing(b)) return NOTHING;
  if (op === 'add') return { low: a.low + b.low, high: a.high + b.high };
  if (op === 'sub') return { low: a.low - b.high, high: a.high - b.low };
  const ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** Where bounds that keep growing go at once. */
const STEPS: readonly number[] = [0, 1, MOST_ITEMS, 2 ** 31 - 1, MOST];

/** A range that holds both, and that can grow only a few times more. */
export function widen(before: Range, after: Range): Range {
  const low = after.low < before.low ? -(STEPS.find(step => -step <= after.low) ?? MOST) : before.low;
  const high = after.high > before.high ? (STEPS.find(step => step >= after.high) ?? MOST) : before.high;
  return { low: low === 0 ? 0 : low, high };
}
