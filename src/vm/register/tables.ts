// The tables of a unit while it is being lowered: everything that instructions name by index is kept once.
import type { Shape } from '../../core/value/record.ts';
import type { FieldSite } from './code.ts';

/** Gives equal keys the same index. */
class Interned<T> {
  readonly items: T[] = [];
  private readonly indexes = new Map<unknown, number>();

  indexOf(item: T, key: unknown = item): number {
    const known = this.indexes.get(key);
    if (known !== undefined) return known;
    const index = this.items.length;
    this.items.push(item);
    this.indexes.set(key, index);
    return index;
  }
}

export class UnitTables {
  readonly constants = new Interned<number | string>();
  readonly names = new Interned<string>();
  readonly fieldLists = new Interned<readonly string[]>();
  readonly shapes = new Interned<Shape>();
  readonly closures = new Interned<string>();
  readonly builtins = new Interned<string>();
  readonly sites: FieldSite[] = [];

  /** The index of a constant. A Map takes 0 and -0 for the same key, so -0 has a key of its own. */
  constant(value: number | string): number {
    return this.constants.indexOf(value, Object.is(value, -0) ? MINUS_ZERO : value);
  }

  /** The index of a new site. */
  site(): number {
    return this.sites.push({ shape: undefined, indexes: [], index: 0 }) - 1;
  }

  fieldList(names: readonly string[]): number {
    return this.fieldLists.indexOf(names, names.join('\n'));
  }
}

const MINUS_ZERO = Symbol('-0');
