// Records: a shape (type name and field names, shared by all records built the same way) and one value per field, so that a
// field access is an index lookup in the shape and one load.
//
// Records of up to two fields that a program declares (nodes of trees and lists, say) keep their values in the object itself, which halves what one
// costs. All others have an array: V8 keeps an array of nothing but numbers without a box around each, and a property not. Which of the two it is stands
// in the shape, so whoever has compared the shape knows.
import type { Value } from './value.ts';

/** How many values a record has room for. */
const MOST_INLINE = 2;

/** Where the values of inline fields are, by index: for generated code. */
export const INLINE_FIELDS = ['first', 'second'] as const;

export class Shape {
  readonly typeName: string;
  /** In declaration order for declared types, in order of appearance for JSON objects. */
  readonly names: readonly string[];
  /** Whether its records keep their values without an array. */
  readonly isInline: boolean;
  private readonly indexes: ReadonlyMap<string, number>;

  /** `mayBeInline`: whether that pays, when there are few enough fields. */
  constructor(typeName: string, names: readonly string[], mayBeInline = false) {
    this.typeName = typeName;
    this.names = names;
    this.isInline = mayBeInline && names.length <= MOST_INLINE;
    this.indexes = new Map(names.map((name, index) => [name, index]));
  }

  /** The index of a field, or undefined. */
  indexOf(name: string): number | undefined {
    return this.indexes.get(name);
  }
}

export class RecordValue {
  readonly shape: Shape;
  /** The value of the first field, or the array of all values. Both are public for generated code. */
  first: Value | Value[];
  second: Value;

  /** As the shape says: up to two values, or the array of all, in the order of `shape.names`, which is taken over. See recordOf. */
  constructor(shape: Shape, first: Value | Value[], second: Value = null) {
    this.shape = shape;
    this.first = first;
    this.second = second;
  }

  /** The values in the order of `shape.names`. */
  get values(): readonly Value[] {
    const { shape, first, second } = this;
    return shape.isInline ? ([first, second] as Value[]).slice(0, shape.names.length) : (first as Value[]);
  }

  /** How many fields there are. */
  get size(): number {
    return this.shape.names.length;
  }

  /** The value of the field at an index in 0 … size-1. */
  at(index: number): Value {
    if (!this.shape.isInline) return (this.first as Value[])[index]!;
    return index === 0 ? (this.first as Value) : this.second;
  }

  /** The field's value, or undefined when the record has no such field. */
  get(name: string): Value | undefined {
    const index = this.shape.indexOf(name);
    return index === undefined ? undefined : this.at(index);
  }

  /** Another record with the same values. */
  copy(): RecordValue {
    const { shape, first, second } = this;
    return shape.isInline ? new RecordValue(shape, first, second) : new RecordValue(shape, (first as Value[]).slice());
  }

  /** Changes a field in place: for whoever is the only holder of the record. */
  put(index: number, value: Value): void {
    if (!this.shape.isInline) (this.first as Value[])[index] = value;
    else if (index === 0) this.first = value;
    else this.second = value;
  }

  /** A copy with some fields replaced; a name that the record lacks is added at the end. */
  with(updates: readonly (readonly [string, Value])[]): RecordValue {
    const values = this.values.slice();
    let shape = this.shape;
    for (const [name, value] of updates) {
      const index = shape.indexOf(name);
      if (index === undefined) {
        shape = new Shape(shape.typeName, [...shape.names, name]);
        values.push(value);
      } else {
        values[index] = value;
      }
    }
    return recordOf(shape, values);
  }
}

/** A record of these values, in the order of `shape.names`; taken over. */
export function recordOf(shape: Shape, values: Value[]): RecordValue {
  return shape.isInline ? new RecordValue(shape, values[0] ?? null, values[1] ?? null) : new RecordValue(shape, values);
}
