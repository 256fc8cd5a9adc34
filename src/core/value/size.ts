// How long a value is at least when it is written out. A value that shares its parts can be exponentially longer as text than it
// is in memory; whoever writes one asks here first, as soon as the text is not short any more.
import { List } from './list.ts';
import { MapValue } from './map.ts';
import { RecordValue } from './record.ts';
import { Err, Ok } from './result.ts';
import type { Value } from './value.ts';

/** What of a value the text contains besides its parts. */
export interface Written {
  /** A character or more for `~` and `^`. */
  readonly results: boolean;
  /** What a function has captured. */
  readonly captures: boolean;
}

/**
 * A lower bound of the length of a value's text, in time proportional to its distinct parts, however often they are shared:
 * the sum over its parts, each counted once and remembered.
 */
export function leastUnits(value: Value, written: Written): number {
  const known = new Map<Value, number>();
  const work: Value[] = [value];
  while (work.length > 0) {
    const item = work[work.length - 1]!;
    if (typeof item !== 'object' || item === null || known.has(item)) {
      work.pop();
      continue;
    }
    let units = item instanceof Ok || item instanceof Err ? Number(written.results) : 1;
    const before = work.length;
    for (const part of partsOf(item, written)) {
      if (typeof part !== 'object' || part === null) units += typeof part === 'string' ? part.length : 1;
      else if (known.has(part)) units += known.get(part)!;
      else work.push(part);
    }
    if (work.length === before) {
      known.set(item, units);
      work.pop();
    }
  }
  return known.get(value) ?? 0;
}

function partsOf(value: Exclude<Value, string | number | boolean | null>, written: Written): Iterable<Value> {
  if (value instanceof List) return value.view();
  if (value instanceof MapValue) return value.view().values();
  if (value instanceof RecordValue) return value.values;
  if (value instanceof Ok || value instanceof Err) return [value.value];
  return written.captures ? value.captures : [];
}
