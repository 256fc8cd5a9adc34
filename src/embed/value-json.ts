// Values as JSON without loss, for what is saved: NaN and -0 stay what they are, maps stay maps, records keep the name of their type.
import { List } from '../core/value/list.ts';
import { type MapKey, MapValue } from '../core/value/map.ts';
import { RecordValue, recordOf, Shape } from '../core/value/record.ts';
import { Err, Ok } from '../core/value/result.ts';
import type { Value } from '../core/value/value.ts';

/** Everything that JSON has no word for is an array with a letter in front. */
export type ValueJson = number | string | boolean | null | readonly [letter: string, ...parts: unknown[]];

/** Throws TypeError for a function, which has no form outside its program. */
export function valueToJson(value: Value): ValueJson {
  if (typeof value === 'number') {
    return Number.isFinite(value) && !Object.is(value, -0) ? value : ['n', Object.is(value, -0) ? '-0' : String(value)];
  }
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof List) return ['l', ...value.view().map(valueToJson)];
  if (value instanceof MapValue) return ['m', ...[...value.view()].map(([key, part]) => [key, valueToJson(part)])];
  if (value instanceof RecordValue) {
    return ['r', value.shape.typeName, ...value.shape.names.map((name, i) => [name, valueToJson(value.at(i))])];
  }
  if (value instanceof Ok) return ['o', valueToJson(value.value)];
  if (value instanceof Err) return ['e', valueToJson(value.value)];
  throw new TypeError('a function cannot be saved');
}

/** What crosses the border nests less deeply: arguments and answers, which is all that is saved. */
const DEEPEST = 600;

/** Throws TypeError for anything that valueToJson does not make. */
export function valueFromJson(json: unknown, depth = 0): Value {
  if (typeof json === 'number' || typeof json === 'string' || typeof json === 'boolean' || json === null) return json;
  if (!Array.isArray(json) || depth > DEEPEST) throw new TypeError('not a saved value');
  const [letter, ...parts] = json as unknown[];
  switch (letter) {
    case 'n':
      return Number(parts[0]);
    case 'l':
      return new List(parts.map(part => valueFromJson(part, depth + 1)));
    case 'm':
      return new MapValue(new Map(parts.map(part => pairFromJson(part, isMapKey, depth + 1))));
    case 'r': {
      const [typeName, ...fields] = parts;
      const pairs = fields.map(field => pairFromJson(field, isText, depth + 1));
      if (!isText(typeName)) throw new TypeError('not a saved record');
      return recordOf(
        new Shape(
          typeName,
          pairs.map(([name]) => name),
        ),
        pairs.map(([, value]) => value),
      );
    }
    case 'o':
      return new Ok(valueFromJson(parts[0], depth + 1));
    case 'e':
      return new Err(valueFromJson(parts[0], depth + 1));
    default:
      throw new TypeError('not a saved value');
  }
}

function pairFromJson<Key>(json: unknown, isKey: (key: unknown) => key is Key, depth: number): [Key, Value] {
  if (!Array.isArray(json) || json.length !== 2 || !isKey(json[0])) throw new TypeError('not a saved pair');
  return [json[0], valueFromJson(json[1], depth)];
}

const isText = (key: unknown): key is string => typeof key === 'string';
const isMapKey = (key: unknown): key is MapKey => isText(key) || Number.isInteger(key);
