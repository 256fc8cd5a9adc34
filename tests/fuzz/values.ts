// Arguments as plain data, so that a call can be written to a file and read again, and every run gets values that no other run has
// touched; and values as text that tells apart whatever the language can tell apart, and more: -0 from 0, `1` from `"1"`.
import type { Type } from '../../src/core/type.ts';
import { FunctionValue } from '../../src/core/value/function.ts';
import { List } from '../../src/core/value/list.ts';
import { type MapKey, MapValue } from '../../src/core/value/map.ts';
import { RecordValue, Shape } from '../../src/core/value/record.ts';
import { Err, Ok } from '../../src/core/value/result.ts';
import type { Value } from '../../src/core/value/value.ts';
import type { FunctionHead } from './generate/context.ts';
import type { Favourite } from './generate/favourites.ts';
import { type RecordType, someType } from './generate/types.ts';
import type { Chooser } from './random.ts';

/** A value as JSON. Numbers that JSON lacks are written `{"num":"NaN"}`. */
export type Plain =
  | number
  | string
  | boolean
  | null
  | { readonly num: string }
  | { readonly list: readonly Plain[] }
  | { readonly map: readonly (readonly [MapKey, Plain])[] }
  | { readonly record: string; readonly fields: readonly (readonly [string, Plain])[] }
  | { readonly ok: Plain }
  | { readonly err: Plain }
  | { readonly fn: string };

const NUMBERS: readonly Plain[] = [{ num: '-0' }, 0, 1, 2, 3, 5, 7, -1, -3, 0.5, 2.5, 10, 100];
const EDGES: readonly Plain[] = [
  { num: 'NaN' },
  { num: '-0' },
  { num: 'Infinity' },
  { num: '-Infinity' },
  2147483647,
  -2147483648,
  4294967296,
  9007199254740992,
  1e21,
  1e308,
  5e-324,
  0.1,
];
const TEXTS: readonly string[] = ['', 'a', 'b', 'ab', 'Zz', '1', 'é😀', 'x y', 'red'];

interface Known {
  readonly choose: Chooser;
  readonly favourite: Favourite | undefined;
  readonly records: readonly RecordType[];
  readonly heads: readonly FunctionHead[];
}

/** An argument of the type. */
export function someArgument(known: Known, type: Type): Plain {
  const { choose, records, heads, favourite } = known;
  const some = (of: Type): Plain => someArgument(known, of);
  switch (type.kind) {
    case 'num':
      if (favourite !== undefined && choose.chance(35)) return plainNumber(favourite[1]);
      return choose.pick(choose.chance(20) ? EDGES : NUMBERS);
    case 'text':
      return choose.pick(TEXTS);
    case 'bool':
      return choose.chance(50);
    case 'nil':
      return null;
    case 'any':
      return choose.chance(15) ? null : some(someType(choose, records));
    case 'optional':
      return choose.chance(40) ? null : some(type.of);
    case 'list':
      return { list: Array.from({ length: choose.below(5) }, () => some(type.of)) };
    case 'map': {
      const keys: MapKey[] = type.key.kind === 'num' ? [0, 1, 2] : ['a', 'b', ''];
      return { map: keys.slice(0, choose.below(4)).map(key => [key, some(type.value)]) };
    }
    case 'result':
      return choose.chance(65) ? { ok: some(type.ok) } : { err: some(type.err) };
    case 'sum':
      return choose.pick(type.variants);
    case 'fn': {
      const fitting = heads.filter(head => head.params.length === type.params.length);
      return { fn: fitting.length > 0 ? choose.pick(fitting).name : choose.pick(['abs', 'str', 'len', 'max', 'none']) };
    }
    case 'named': {
      const { name, fields } = records.find(record => record.name === type.name)!;
      return { record: name, fields: fields.map(field => [field.name, some(field.type)]) };
    }
  }
}

function plainNumber(n: number): Plain {
  return Number.isFinite(n) && !Object.is(n, -0) ? n : { num: Object.is(n, -0) ? '-0' : String(n) };
}

export function toValue(plain: Plain): Value {
  if (typeof plain !== 'object' || plain === null) return plain;
  if ('num' in plain) return Number(plain.num);
  if ('list' in plain) return new List(plain.list.map(toValue));
  if ('map' in plain) return new MapValue(new Map(plain.map.map(([key, value]) => [key, toValue(value)])));
  if ('ok' in plain) return new Ok(toValue(plain.ok));
  if ('err' in plain) return new Err(toValue(plain.err));
  if ('fn' in plain) return new FunctionValue(plain.fn, []);
  const names = plain.fields.map(([name]) => name);
  const values = plain.fields.map(([, value]) => toValue(value));
  return new RecordValue(new Shape(plain.record, names), values);
}

/** Longer texts are cut: where two runs differ they do so early, or their bytes differ. */
const MOST_UNITS = 10_000;

/** The value without ambiguity. */
export function exactly(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return inside(value, { left: MOST_UNITS });
}

function inside(value: Value, room: { left: number }): string {
  if (typeof value !== 'object' || value === null) {
    const text = exactly(value);
    room.left -= text.length;
    return text;
  }
  if (room.left <= 0) return '…';
  room.left -= 2;
  const all = (values: readonly Value[]): string => {
    let text = '';
    for (const each of values) {
      if (room.left <= 0) return `${text}…`;
      text += `${inside(each, room)} `;
    }
    return text;
  };
  if (value instanceof List) return `[${all(value.view())}]`;
  if (value instanceof MapValue) {
    const keys = value.sortedKeys();
    return `{${keys.map(key => JSON.stringify(key)).join(' ')}: ${all(keys.map(key => value.get(key)!))}}`;
  }
  if (value instanceof RecordValue)
    return `${value.shape.typeName}(${value.shape.names.join(' ')}: ${all(value.values)})`;
  if (value instanceof Ok) return `~${inside(value.value, room)}`;
  if (value instanceof Err) return `^${inside(value.value, room)}`;
  return `fn ${value.name}(${all(value.captures)})`;
}
