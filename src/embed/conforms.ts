// Whether a value is of a declared type, into its parts: asked of values that were saved, because the proof of a program's types relies on what
// enters it.
import type { Type } from '../core/type.ts';
import { List } from '../core/value/list.ts';
import { MapValue } from '../core/value/map.ts';
import { RecordValue } from '../core/value/record.ts';
import { Err, Ok } from '../core/value/result.ts';
import type { Value } from '../core/value/value.ts';
import type { DataTypes } from './data.ts';

export function conforms(value: Value, type: Type, types: DataTypes): boolean {
  const holds = (part: Value, of: Type): boolean => conforms(part, of, types);
  switch (type.kind) {
    case 'num':
      return typeof value === 'number';
    case 'text':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'nil':
      return value === null;
    case 'any':
      return true;
    case 'optional':
      return value === null || holds(value, type.of);
    case 'sum':
      return typeof value === 'string' && type.variants.includes(value);
    case 'list':
      return value instanceof List && value.view().every(item => holds(item, type.of));
    case 'map':
      return (
        value instanceof MapValue &&
        [...value.view()].every(([key, part]) => holds(key, type.key) && holds(part, type.value))
      );
    case 'result':
      return value instanceof Ok ? holds(value.value, type.ok) : value instanceof Err && holds(value.value, type.err);
    case 'named': {
      const record = types.record(type.name);
      if (record === undefined) return true;
      if (!(value instanceof RecordValue) || value.shape.typeName !== type.name) return false;
      return record.fields.every(({ name, type: of }) => {
        const part = value.get(name);
        return part !== undefined && holds(part, of);
      });
    }
    case 'fn':
      return false;
  }
}
