// Equality and truth, the same for operators, patterns and builtins.
import { beforeComparing } from '../long-work.ts';
import { List } from './list.ts';
import type { Value } from './value.ts';

/** `=`: numbers within 2^-52 of each other, equal text, equal booleans, nil with nil; everything else is unequal. */
export function valuesEqual(a: Value, b: Value): boolean {
  if (typeof a === 'number') return typeof b === 'number' && Math.abs(a - b) < Number.EPSILON;
  if (typeof a === 'object' && a !== null) return false;
  if (typeof a === 'string' && typeof b === 'string' && a.length === b.length) beforeComparing(a, b);
  return a === b;
}

/** What a condition takes as true: not false, nil, 0, "", []. NaN is true. */
export function isTruthy(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null || value === 0 || value === '') return false;
  if (value instanceof List) return value.length > 0;
  return true;
}
