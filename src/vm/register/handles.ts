// The table of heap values that registers hold handles of. A register below the top of the running frames is the only root, so
// whoever makes a handle puts it into a register at once; a sweep may happen whenever one is made.
import { List } from '../../core/value/list.ts';
import { MapValue } from '../../core/value/map.ts';
import type { Value } from '../../core/value/value.ts';
import { HIGH, LOW, TAG_HANDLE } from './value-word.ts';

/** Handles are swept when so many units were made since the last time, or as many as were left then. */
const MIN_UNITS = 4096;
/** A text counts one unit, and one more for each so many characters; so do lists and maps that come from builtins. */
export const ITEMS_PER_UNIT = 4096;

export class Handles {
  /** The values by handle; null where a handle is free. */
  readonly values: Value[] = [];
  /** The free handles below `values.length`, the first `freeCount` of them. */
  private free = new Int32Array(0);
  private freeCount = 0;
  /** How many units may be made before the next sweep. */
  private left: number;

  constructor(left = MIN_UNITS) {
    this.left = left;
  }

  /** Whether it is time to sweep. */
  get isDue(): boolean {
    return this.left <= 0;
  }

  /** Counts a value as larger than one unit. */
  count(units: number): void {
    this.left -= Math.floor(units);
  }

  add(value: Value): number {
    this.left--;
    if (this.freeCount === 0) return this.values.push(value) - 1;
    this.freeCount--;
    const handle = this.free[this.freeCount]!;
    this.values[handle] = value;
    return handle;
  }

  /** Forgets all values. */
  clear(): void {
    this.values.length = 0;
    this.freeCount = 0;
    this.left = MIN_UNITS;
  }

  /** Frees the handles that no register from `start` to before `end` holds. */
  sweep(words: Int32Array, start: number, end: number): void {
    const { values } = this;
    const count = values.length;
    const marked = new Uint8Array(count);
    for (let i = 2 * start; i < 2 * end; i += 2) {
      const low = words[i + LOW]!;
      if (words[i + HIGH] === TAG_HANDLE && low >= 0) marked[low] = 1;
    }
    if (this.free.length < count) this.free = new Int32Array(2 * count);
    const { free } = this;
    let freeCount = 0;
    let units = 0;
    // Downwards, so that low handles are taken first.
    for (let handle = count - 1; handle >= 0; handle--) {
      if (marked[handle] === 1) {
        units += unitsOf(values[handle]!);
      } else {
        values[handle] = null;
        free[freeCount++] = handle;
      }
    }
    this.freeCount = freeCount;
    // Registers are looked through again only when as much was made as there was to look through.
    this.left = Math.max(MIN_UNITS, units, count - freeCount, (end - start) >> 1);
  }
}

/** What a large value counts for. */
export function unitsOf(value: Value): number {
  if (typeof value === 'string') return 1 + Math.floor(value.length / ITEMS_PER_UNIT);
  if (value instanceof List) return 1 + Math.floor(value.length / ITEMS_PER_UNIT);
  if (value instanceof MapValue) return 1 + Math.floor(value.size / ITEMS_PER_UNIT);
  return 1;
}
