// Equality of whole values, for builtins that look for one value among others (`has`, `unq`). The operator `=` never
// looks inside lists, maps and records (compare.ts); these do. Iterative: how deep values nest is up to the program.
import { valuesEqual } from './compare.ts';
import { FunctionValue } from './function.ts';
import { List } from './list.ts';
import { MapValue } from './map.ts';
import { RecordValue } from './record.ts';
import { Err, Ok } from './result.ts';
import { showNumber } from './show.ts';
import type { Value } from './value.ts';

/** Whether two values are equal, item by item and field by field; single values as `=` compares them. */
export function deepEqual(first: Value, second: Value): boolean {
  if (typeof first !== 'object' || first === null) return valuesEqual(first, second);
  const pairs: [Value, Value][] = [[first, second]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b] = pair;
    if (a === b) continue;
    if (!pushParts(a, b, pairs)) return false;
  }
  return true;
}

/** Pushes the parts that must be equal for `a` and `b` to be; false when they differ already. */
function pushParts(a: Value, b: Value, pairs: [Value, Value][]): boolean {
  if (a instanceof List) {
    if (!(b instanceof List) || a.length !== b.length) return false;
    for (let i = a.length - 1; i >= 0; i--) pairs.push([a.get(i)!, b.get(i)!]);
    return true;
  }
  if (a instanceof MapValue) {
    if (!(b instanceof MapValue) || a.size !== b.size) return false;
    for (const [key, value] of a.view()) {
      const other = b.get(key);
      if (other === undefined) return false;
      pairs.push([value, other]);
    }
    return true;
  }
  if (a instanceof RecordValue) {
    if (!(b instanceof RecordValue) || a.shape.typeName !== b.shape.typeName) return false;
    if (a.values.length !== b.values.length) return false;
    return a.shape.names.every((name, i) => {
      const other = b.get(name);
      if (other !== undefined) pairs.push([a.values[i]!, other]);
      return other !== undefined;
    });
  }
  if (a instanceof Ok || a instanceof Err) {
    if (!(a instanceof Ok ? b instanceof Ok : b instanceof Err)) return false;
    pairs.push([a.value, (b as Ok | Err).value]);
    return true;
  }
  if (a instanceof FunctionValue) {
    if (!(b instanceof FunctionValue) || a.name !== b.name || a.captures.length !== b.captures.length) return false;
    for (let i = 0; i < a.captures.length; i++) pairs.push([a.captures[i]!, b.captures[i]!]);
    return true;
  }
  return valuesEqual(a, b);
}

/**
 * A primitive that two values share exactly when they are the same value: numbers bit for bit except that -0 is 0 and all
 * NaN are one, text and number apart, lists, maps and records by their parts. Fit as the key of a Map or Set.
 */
export function identityKey(value: Value): string | number | boolean | null {
  if (typeof value === 'object' && value !== null) return compositeKey(value);
  // A text that could be mistaken for a composite's key (which begins with NUL) is marked.
  return typeof value === 'string' && value.startsWith('\0') ? `\0t${value}` : value;
}

type Work = Value | { readonly literal: string };

function compositeKey(value: Value): string {
  const out: string[] = ['\0'];
  const work: Work[] = [value];
  for (let item = work.pop(); item !== undefined; item = work.pop()) {
    if (typeof item === 'string') out.push('t', String(item.length), ':', item);
    else if (typeof item === 'number') out.push('n', showNumber(item), ';');
    else if (typeof item === 'boolean') out.push(item ? 'T' : 'F');
    else if (item === null) out.push('_');
    else if ('literal' in item) out.push(item.literal);
    else pushKeyParts(item, work);
  }
  return out.join('');
}

function pushKeyParts(value: Exclude<Value, string | number | boolean | null>, work: Work[]): void {
  if (value instanceof List) {
    for (let i = value.length - 1; i >= 0; i--) work.push(value.get(i)!);
    work.push({ literal: `L${value.length}:` });
  } else if (value instanceof MapValue) {
    for (const key of value.sortedKeys()) work.push(value.get(key)!, key);
    work.push({ literal: `M${value.size}:` });
  } else if (value instanceof RecordValue) {
    for (const name of [...value.shape.names].sort()) work.push(value.get(name)!, name);
    work.push(value.shape.typeName, { literal: `R${value.values.length}:` });
  } else if (value instanceof FunctionValue) {
    for (let i = value.captures.length - 1; i >= 0; i--) work.push(value.captures[i]!);
    work.push(value.name, { literal: `C${value.captures.length}:` });
  } else {
    work.push(value.value, { literal: value instanceof Ok ? 'O' : 'E' });
  }
}
