// The border between JavaScript and a program. Everything crosses by copy, guided by the declared type where there is one; nothing of
// the host can be reached from a program, and nothing of a program from the host.
//
//     JavaScript                          ilo
//     number, string, boolean, null       the same; NaN is one NaN, halves of surrogate pairs become U+FFFD
//     undefined, holes of arrays          nil
//     array                               list
//     typed array of numbers              list of numbers; a detached one is refused
//     plain object                        record or map as declared, otherwise a record of type `json`
//     {ok: v}, {err: e}                   ~v, ^e where a result is declared
//     Map                                 map with text or integer keys
//
// Getters are read once, as JSON.stringify reads them; symbol keys are not looked at. Proxies, functions, symbols, bigints,
// instances of classes and cycles are refused with ILO-E001 and the path to them. `__proto__` is a key like any other in both directions:
// objects that come out have no prototype.
import { types } from 'node:util';
import { MAX_TEXT_UNITS } from '../core/limits.ts';
import { showType, type Type } from '../core/type.ts';
import { List } from '../core/value/list.ts';
import { type MapKey, MapValue } from '../core/value/map.ts';
import { RecordValue, recordOf, Shape } from '../core/value/record.ts';
import { Err, Ok } from '../core/value/result.ts';
import type { Value } from '../core/value/value.ts';
import type { Data } from './api.ts';
import { type IloError, usageError } from './errors.ts';

/** Deeper data is refused, which is also how a cycle ends. */
const DEEPEST = 500;

/** More parts than this are not copied in one call: data that shares its parts can be exponentially larger copied than it is. */
const MOST_PARTS = 2 ** 23;

/** A list, record or map counts as so many parts: it takes as much memory as so many numbers in a list do. */
const CONTAINER = 8;

/** What a program declares about the types that data takes. */
export interface DataTypes {
  /** The fields of a record type, aliases replaced; undefined for a name that is none. */
  readonly record: (name: string) => RecordType | undefined;
}

export interface RecordType {
  readonly shape: Shape;
  readonly fields: readonly { readonly name: string; readonly type: Type }[];
}

/** Where a value stands, written only when something is wrong with it. */
interface Path {
  readonly parent: Path | undefined;
  readonly step: string | number;
}

/** One copy that is under way. */
interface Copy {
  readonly record: DataTypes['record'];
  /** How many parts it may still make. */
  left: number;
}

/** Copies a value in. `what` names it in messages. Throws IloError ILO-E001. */
export function toValue(data: unknown, type: Type, types: DataTypes, what: string): Value {
  return copyIn(data, type, { record: types.record, left: MOST_PARTS }, { parent: undefined, step: what }, 0);
}

function copyIn(data: unknown, type: Type, copy: Copy, path: Path, depth: number): Value {
  switch (typeof data) {
    case 'number':
      if (accepts(type, 'num')) return data;
      break;
    case 'string':
      if (accepts(type, 'text') || (type.kind === 'sum' && type.variants.includes(data))) {
        if (data.length > MAX_TEXT_UNITS) throw refused(path, `a text has at most ${MAX_TEXT_UNITS} units`);
        return data.isWellFormed() ? data : data.toWellFormed();
      }
      break;
    case 'boolean':
      if (accepts(type, 'bool')) return data;
      break;
    case 'undefined':
      if (acceptsNil(type)) return null;
      break;
    case 'object':
      if (data === null) {
        if (acceptsNil(type)) return null;
        break;
      }
      return copyObject(data, type.kind === 'optional' ? type.of : type, copy, path, depth);
    default:
      throw refused(path, `a ${typeof data} cannot be passed to a program`);
  }
  throw refused(path, `expected ${showType(type)}, got ${describe(data)}`);
}

function accepts(type: Type, kind: 'num' | 'text' | 'bool'): boolean {
  if (type.kind === kind || type.kind === 'any') return true;
  return type.kind === 'optional' && accepts(type.of, kind);
}

function acceptsNil(type: Type): boolean {
  return type.kind === 'nil' || type.kind === 'any' || type.kind === 'optional';
}

function copyObject(data: object, type: Type, copy: Copy, path: Path, depth: number): Value {
  if (depth >= DEEPEST) throw refused(path, `data nests deeper than ${DEEPEST} levels, or contains itself`);
  copy.left -= CONTAINER;
  if (copy.left < 0) throw refused(path, tooMany());
  if (types.isProxy(data)) throw refused(path, 'a proxy cannot be passed to a program');
  if (Array.isArray(data)) {
    if (type.kind !== 'list' && type.kind !== 'any') throw refused(path, `expected ${showType(type)}, got an array`);
    const of = type.kind === 'list' ? type.of : type;
    const count = data.length;
    copy.left -= count;
    if (copy.left < 0) throw refused(path, tooMany());
    const items: Value[] = [];
    for (let i = 0; i < count; i++) {
      const item: unknown = data[i];
      // Most long lists are of numbers.
      items.push(
        typeof item === 'number' && of.kind === 'num'
          ? item
          : copyIn(item, of, copy, { parent: path, step: i }, depth + 1),
      );
    }
    return new List(items);
  }
  if (ArrayBuffer.isView(data)) return copyTypedArray(data, type, copy, path);
  const prototype: unknown = Object.getPrototypeOf(data);
  if (types.isMap(data) && prototype === Map.prototype) return copyMap(data, type, copy, path, depth);
  if (prototype !== Object.prototype && prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw refused(path, `an instance of ${nameOfClass(data)} cannot be passed to a program; hand in a plain object`);
  }
  return copyPlain(data as Record<string, unknown>, type, copy, path, depth);
}

function copyPlain(data: Record<string, unknown>, type: Type, copy: Copy, path: Path, depth: number): Value {
  switch (type.kind) {
    case 'named': {
      const record = copy.record(type.name);
      // A type variable: anything.
      if (record === undefined) return copyUntyped(data, copy, path, depth);
      const values: Value[] = [];
      for (const field of record.fields) {
        const part = Object.hasOwn(data, field.name) ? data[field.name] : undefined;
        values.push(copyIn(part, field.type, copy, { parent: path, step: field.name }, depth + 1));
      }
      return recordOf(record.shape, values);
    }
    case 'map': {
      const entries = new Map<MapKey, Value>();
      for (const name of namesOf(data, copy, path)) {
        const at = { parent: path, step: name };
        entries.set(mapKey(name, type.key, at), copyIn(data[name], type.value, copy, at, depth + 1));
      }
      return new MapValue(entries);
    }
    case 'result': {
      const names = Object.keys(data);
      const name = names[0];
      if (names.length !== 1 || (name !== 'ok' && name !== 'err')) {
        throw refused(path, `expected {ok: …} or {err: …} for ${showType(type)}`);
      }
      const at = { parent: path, step: name };
      return name === 'ok'
        ? new Ok(copyIn(data.ok, type.ok, copy, at, depth + 1))
        : new Err(copyIn(data.err, type.err, copy, at, depth + 1));
    }
    case 'any':
      return copyUntyped(data, copy, path, depth);
    default:
      throw refused(path, `expected ${showType(type)}, got an object`);
  }
}

const ANY: Type = { kind: 'any' };

function copyUntyped(data: Record<string, unknown>, copy: Copy, path: Path, depth: number): Value {
  const names = namesOf(data, copy, path);
  const values = names.map(name => copyIn(data[name], ANY, copy, { parent: path, step: name }, depth + 1));
  return recordOf(new Shape('json', names.map(wellFormed)), values);
}

function namesOf(data: Record<string, unknown>, copy: Copy, path: Path): readonly string[] {
  const names = Object.keys(data);
  copy.left -= names.length;
  if (copy.left < 0) throw refused(path, tooMany());
  return names;
}

/** How many entries a map has, whatever it says itself. */
const sizeOf = Object.getOwnPropertyDescriptor(Map.prototype, 'size')!.get as (this: unknown) => number;

function copyMap(data: ReadonlyMap<unknown, unknown>, type: Type, copy: Copy, path: Path, depth: number): Value {
  if (type.kind !== 'map' && type.kind !== 'any') throw refused(path, `expected ${showType(type)}, got a Map`);
  const [keyType, valueType] = type.kind === 'map' ? [type.key, type.value] : [ANY, ANY];
  const entries = new Map<MapKey, Value>();
  const size = sizeOf.call(data);
  // Not by its iterator, which anybody can replace.
  Map.prototype.forEach.call(data, (part: unknown, key: unknown) => {
    const at = { parent: path, step: typeof key === 'string' || typeof key === 'number' ? String(key) : typeof key };
    // A getter among the values may make the map grow for as long as it is read.
    if (sizeOf.call(data) !== size) throw refused(path, 'the map has changed while it was read');
    if (--copy.left < 0) throw refused(path, tooMany());
    if (typeof key === 'number' ? !Number.isInteger(key) : typeof key !== 'string') {
      throw refused(at, 'a map key must be text or an integer');
    }
    const wanted = typeof key === 'number' ? 'num' : 'text';
    if (!accepts(keyType, wanted) && keyType.kind !== 'named')
      throw refused(at, `expected a key of type ${showType(keyType)}`);
    entries.set(
      typeof key === 'number' ? key + 0 : wellFormed(key as string),
      copyIn(part, valueType, copy, at, depth + 1),
    );
  });
  return new MapValue(entries);
}

function mapKey(name: string, type: Type, path: Path): MapKey {
  if (type.kind !== 'num') return wellFormed(name);
  const key = Number(name);
  if (!Number.isInteger(key) || String(key) !== name) throw refused(path, 'expected an integer as key');
  return key;
}

function copyTypedArray(data: ArrayBufferView, type: Type, copy: Copy, path: Path): Value {
  const isList = type.kind === 'list' && (type.of.kind === 'num' || type.of.kind === 'any');
  if (!isList && type.kind !== 'any') throw refused(path, `expected ${showType(type)}, got a typed array`);
  if (!types.isTypedArray(data) || types.isBigInt64Array(data) || types.isBigUint64Array(data)) {
    throw refused(path, `a ${nameOfClass(data)} cannot be passed to a program`);
  }
  copy.left -= lengthOf(data);
  if (copy.left < 0) throw refused(path, tooMany());
  const numbers = numbersOf(data);
  if (numbers === undefined) throw refused(path, 'the buffer of this typed array is detached');
  const items: Value[] = [];
  for (let i = 0; i < numbers.length; i++) items.push(numbers[i]!);
  return new List(items);
}

// A typed array's memory, whatever its class and its own properties say of `length`, `buffer` and `slice`.

const lengthOfTyped = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Float64Array.prototype), 'length')!.get!;

/** How many numbers a typed array holds; 0 for a detached one. */
export function lengthOf(data: NodeJS.TypedArray): number {
  return lengthOfTyped.call(data) as number;
}

/** A copy, because another thread may write to a shared buffer while we read; undefined for a detached one. */
export function numbersOf(data: NodeJS.TypedArray): Float64Array | undefined {
  try {
    return new Float64Array(data as Float64Array);
  } catch {
    return undefined;
  }
}

function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

function nameOfClass(data: object): string {
  const made: unknown = (data as { constructor?: unknown }).constructor;
  return typeof made === 'function' && typeof made.name === 'string' && made.name !== '' ? made.name : 'a class';
}

function describe(data: unknown): string {
  if (data === null || data === undefined) return 'nil';
  return typeof data === 'string' ? 'text' : `a ${typeof data}`;
}

function tooMany(): string {
  return `data of more than ${MOST_PARTS} parts (a list, record or map is ${CONTAINER}) cannot be copied in one call`;
}

function refused(path: Path, problem: string): IloError {
  const steps: string[] = [];
  for (let at: Path | undefined = path; at !== undefined; at = at.parent) {
    if (at.parent === undefined) steps.push(String(at.step));
    else steps.push(typeof at.step === 'number' ? `[${at.step}]` : `.${at.step}`);
  }
  const parts = steps.reverse();
  const place = parts.length > 12 ? [...parts.slice(0, 6), '…', ...parts.slice(-6)].join('') : parts.join('');
  return usageError('ILO-E001', `${place}: ${problem}`);
}

/** Copies a value out. Throws IloError ILO-E001 for functions, which have no meaning outside their program. */
export function toData(value: Value): Data {
  if (typeof value !== 'object' || value === null) return value;
  // Counted before anything is copied: a value that shares its parts can be exponentially larger copied than it is.
  measure(value, { left: MOST_PARTS }, 0);
  return copyOut(value);
}

function measure(value: Value, copy: { left: number }, depth: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth >= DEEPEST) throw usageError('ILO-E001', `the result nests deeper than ${DEEPEST} levels`);
  if (value instanceof List) {
    const items = value.view();
    spend(copy, items.length);
    for (let i = 0; i < items.length; i++) {
      const item = items[i]!;
      if (typeof item === 'object') measure(item, copy, depth + 1);
    }
  } else if (value instanceof RecordValue) {
    const { length } = value.shape.names;
    spend(copy, length);
    for (let i = 0; i < length; i++) measure(value.at(i), copy, depth + 1);
  } else if (value instanceof MapValue) {
    spend(copy, value.size);
    for (const part of value.view().values()) measure(part, copy, depth + 1);
  } else if (value instanceof Ok || value instanceof Err) {
    spend(copy, 1);
    measure(value.value, copy, depth + 1);
  } else {
    throw usageError('ILO-E001', 'the result contains a function, which has no meaning outside its program');
  }
}

function spend(copy: { left: number }, parts: number): void {
  copy.left -= parts + CONTAINER;
  if (copy.left < 0) throw usageError('ILO-E001', `the result: ${tooMany()}`);
}

/** Of what was measured. */
function copyOut(value: Value): Data {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof List) {
    const items = value.view();
    const out: Data[] = [];
    for (let i = 0; i < items.length; i++) {
      const item = items[i]!;
      out.push(typeof item === 'number' ? item : copyOut(item));
    }
    return out;
  }
  const out = Object.create(null) as Record<string, Data>;
  if (value instanceof RecordValue) {
    const { names } = value.shape;
    for (let i = 0; i < names.length; i++) out[names[i]!] = copyOut(value.at(i));
  } else if (value instanceof MapValue) {
    for (const key of value.sortedKeys()) out[key] = copyOut(value.get(key)!);
  } else if (value instanceof Ok) out.ok = copyOut(value.value);
  else if (value instanceof Err) out.err = copyOut(value.value);
  return out;
}
