// Records: a shape (type name and field names, shared by all records built the same way) and one value per field, so that a
// field access is an index lookup in the shape and one load.
import type { Value } from './value.ts';

export class Shape {
  readonly typeName: string;
  /** In declaration order for declared types, in order of appearance for JSON objects. */
  readonly names: readonly string[];
  private readonly indexes: ReadonlyMap<string, number>;

  constructor(typeName: string, names: readonly string[]) {
    this.typeName = typeName;
    this.names = names;
    this.indexes = new Map(names.map((name, index) => [name, index]));
  }

  /** The index of a field, or undefined. */
  indexOf(name: string): number | undefined {
    return this.indexes.get(name);
  }
}

export class RecordValue {
  readonly shape: Shape;
  readonly values: readonly Value[];

  /** `values` in the order of `shape.names`; taken over. */
  constructor(shape: Shape, values: readonly Value[]) {
    this.shape = shape;
    this.values = values;
  }

  /** The field's value, or undefined when the record has no such field. */
  get(name: string): Value | undefined {
    const index = this.shape.indexOf(name);
    return index === undefined ? undefined : this.values[index];
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
    return new RecordValue(shape, values);
  }
}
