// Equality of whole values, for builtins that look for one value among others (`has`, `unq`). The operator `=` never
// looks inside lists, maps and records (compare.ts); these do. Iterative: how deep values nest is up to the program.
import { checkMapSize } from '../limits.ts';
import { valuesEqual } from './compare.ts';
import { FunctionValue } from './function.ts';
import { List } from './list.ts';
import { MapValue } from './map.ts';
import { RecordValue } from './record.ts';
import { Err, Ok } from './result.ts';
import { showNumber } from './show.ts';
import type { Value } from './value.ts';

/** From so many pairs on, those that were compared are remembered: values that share their parts repeat them without end. */
const REMEMBER_FROM = 1000;

/** Whether two values are equal, item by item and field by field; single values as `=` compares them. */
export function deepEqual(first: Value, second: Value): boolean {
  if (typeof first !== 'object' || first === null) return valuesEqual(first, second);
  const pairs: [Value, Value][] = [[first, second]];
  const compared = new Map<Value, Set<Value>>();
  let count = 0;
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b] = pair;
    if (a === b) continue;
    if (++count > REMEMBER_FROM && typeof a === 'object' && a !== null) {
      const others = compared.get(a);
      if (others === undefined) compared.set(a, new Set([b]));
      else if (others.has(b)) continue;
      else others.add(b);
    }
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
    if (a.size !== b.size) return false;
    return a.shape.names.every((name, i) => {
      const other = b.get(name);
      if (other !== undefined) pairs.push([a.at(i), other]);
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

type Composite = Exclude<Value, string | number | boolean | null>;
export type IdentityKey = string | number | boolean | null;

/**
 * Gives values primitives that two of them share exactly when they are the same value: numbers bit for bit except that -0 is 0
 * and all NaN are one, text and number apart, lists, maps and records by their parts. Fit as keys of a Map or Set, and
 * comparable only with keys of the same source. Each part is looked at once, however often values share it: inside a key a
 * composite stands for itself by a number, which equal ones have in common.
 */
export function identityKeys(): (value: Value) => IdentityKey {
  const numberOfKey = new Map<string, number>();
  const numberOfPart = new Map<Composite, number>();
  const isUnknown = (part: Value): part is Composite =>
    typeof part === 'object' && part !== null && !numberOfPart.has(part);
  const compositeKey = (value: Composite): string => {
    const work: Composite[] = [value];
    for (;;) {
      const item = work[work.length - 1]!;
      if (item !== value && numberOfPart.has(item)) {
        // Pushed twice before it was looked at.
        work.pop();
        continue;
      }
      const parts = keyParts(item);
      const before = work.length;
      for (const part of parts) if (isUnknown(part)) work.push(part);
      if (work.length > before) continue;
      const key = joinKey(item, parts, numberOfPart);
      work.pop();
      if (work.length === 0) return key;
      let number = numberOfKey.get(key);
      if (number === undefined) {
        number = numberOfKey.size;
        numberOfKey.set(key, number);
      }
      numberOfPart.set(item, number);
      checkMapSize(numberOfPart.size);
    }
  };
  return value => {
    if (typeof value === 'object' && value !== null) return compositeKey(value);
    // A text that could be mistaken for a composite's key (which begins with NUL) is marked.
    return typeof value === 'string' && value.startsWith('\0') ? `\0t${value}` : value;
  };
}

function joinKey(value: Composite, parts: readonly Value[], numberOfPart: ReadonlyMap<Composite, number>): string {
  const out: string[] = ['\0', keyLetter(value), String(parts.length), ':'];
  for (const part of parts) {
    if (typeof part === 'string') out.push('t', String(part.length), ':', part);
    else if (typeof part === 'number') out.push('n', showNumber(part), ';');
    else if (typeof part === 'boolean') out.push(part ? 'T' : 'F');
    else if (part === null) out.push('_');
    else out.push('#', String(numberOfPart.get(part)), ';');
  }
  return out.join('');
}

function keyLetter(value: Composite): string {
  if (value instanceof List) return 'L';
  if (value instanceof MapValue) return 'M';
  if (value instanceof RecordValue) return 'R';
  if (value instanceof FunctionValue) return 'C';
  return value instanceof Ok ? 'O' : 'E';
}

/** Everything that makes a value what it is, in an order that equal values have in common. */
function keyParts(value: Composite): readonly Value[] {
  if (value instanceof List) return value.view();
  if (value instanceof MapValue) return value.sortedKeys().flatMap(key => [key, value.get(key)!]);
  if (value instanceof RecordValue) {
    const fields = [...value.shape.names].sort().flatMap(name => [name, value.get(name)!]);
    return [value.shape.typeName, ...fields];
  }
  if (value instanceof FunctionValue) return [value.name, ...value.captures];
  return [value.value];
}
