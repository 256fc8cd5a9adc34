// Lists are immutable to the program, and yet `xs=+=xs v` and `xs=lst xs i v` in a loop must be linear in time. The idea
// (H. Baker, "Shallow binding makes functional arrays fast", 1991): the newest version of a list owns the storage; an older
// version keeps only the way back, as one change that undoes what the newer version did. Reading an older version copies
// the storage once and makes that version an owner again, so a program pays for old versions only when it uses them.
//
// Invariant: exactly one of `items` and `newer` is set. Following `newer` always ends at an owner.
import type { Value } from './value.ts';

/** How to get this version from the newer one: put `value` back at `index`, or cut the list to `index` items. */
interface Undo {
  readonly newer: List;
  readonly index: number;
  readonly value: Value;
  readonly cut: boolean;
}

export class List {
  private items: Value[] | undefined;
  private undo: Undo | undefined;
  readonly length: number;

  /** Takes over `items`: the caller must not change it afterwards. */
  constructor(items: Value[]) {
    this.items = items;
    this.undo = undefined;
    this.length = items.length;
  }

  /** The items, to be read only, and only until the next operation on any version of this list. */
  view(): readonly Value[] {
    return this.items ?? this.own();
  }

  /** The item at an index in 0 … length-1; undefined outside. */
  get(index: number): Value | undefined {
    return (this.items ?? this.own())[index];
  }

  /** This list with one more item at the end. Amortised O(1) when this is the newest version. */
  append(value: Value): List {
    const items = this.items ?? this.own();
    const index = items.length;
    items.push(value);
    return this.handOver(items, { index, value: null, cut: true });
  }

  /** This list followed by `other`. Costs the length of `other` when this is the newest version. */
  concat(other: List): List {
    if (other.length === 0) return this;
    const added = other.view();
    const items = this.items ?? this.own();
    const index = items.length;
    const count = added.length;
    for (let i = 0; i < count; i++) items.push(added[i]!);
    return this.handOver(items, { index, value: null, cut: true });
  }

  /** This list with the item at `index` (0 … length-1) replaced. O(1) when this is the newest version. */
  set(index: number, value: Value): List {
    const items = this.items ?? this.own();
    const old = items[index]!;
    items[index] = value;
    return this.handOver(items, { index, value: old, cut: false });
  }

  private handOver(items: Value[], change: { index: number; value: Value; cut: boolean }): List {
    const newer = new List(items);
    this.items = undefined;
    this.undo = { newer, ...change };
    return newer;
  }

  /** Copies the storage from the owner and undoes the changes on the way, newest first. */
  private own(): Value[] {
    const path: Undo[] = [];
    let version: List = this;
    while (version.items === undefined) {
      path.push(version.undo!);
      version = version.undo!.newer;
    }
    const items = version.items.slice();
    for (let i = path.length - 1; i >= 0; i--) {
      const { index, value, cut } = path[i]!;
      if (cut) items.length = index;
      else items[index] = value;
    }
    this.items = items;
    this.undo = undefined;
    return items;
  }
}

export const EMPTY_LIST_ITEMS: readonly Value[] = [];
