// Lists are immutable to the program, and yet `xs=+=xs v` and `xs=lst xs i v` in a loop must be linear in time. The idea
// (H. Baker, "Shallow binding makes functional arrays fast", 1991): the newest version of a list owns the storage; an older
// version keeps only the way back, as one change that undoes what the newer version did. Reading an older version copies
// the storage once and makes that version an owner again, so a program pays for old versions only when it uses them.
//
// A part of a list (`tl`, `take`, `slc`) shares the storage too while it is at least half of it: walking a list with `hd` and
// `tl`, or using one as a queue, is linear as well, and a small part never keeps a large list alive.
//
// A program that changes a list in a loop mostly holds no older version at all. An engine that can tell (ir/passes/own.ts) says so with
// `appendOwned` and `setOwned`: then not even a new version is made, unless an older one that does exist leads here.
//
// Invariant: exactly one of `items`, `undo` and `whole` is set. Following `newer` always ends at an owner; `whole` is never
// a part itself. `items` is public for generated code and the register machine, which change it only where `appendOwned` and `setOwned` would.
import { checkListSize } from '../limits.ts';
import { takeRoom } from '../room.ts';
import type { Value } from './value.ts';

/** How to get this version from the newer one: put `value` back at `index`, or cut the list to `index` items. */
interface Undo {
  readonly newer: List;
  readonly index: number;
  readonly value: Value;
  readonly cut: boolean;
}

const BYTES_PER_ITEM = 8;

/** Lists up to this many items may grow without note, and longer ones note so many at a time. */
export const UNNOTED_ITEMS = 8192;

/** Parts smaller than this are copied, and lists of which one item changes; longer lists are joined in one go: that costs no more. */
const SMALL_PART = 32;

export class List {
  items: Value[] | undefined;
  private undo: Undo | undefined;
  /** The list that this one is a part of, from `start` on. */
  private whole: List | undefined;
  private start: number;
  length: number;
  /**
   * How many changes were made by making new versions since the storage was last copied. When there were any, an older version leads
   * here, so the storage must not change without an undo step.
   */
  changes = 0;

  /** Takes over `items`: the caller must not change it afterwards. */
  constructor(items: Value[]);
  /** A part of another list; for List itself. */
  constructor(items: undefined, whole: List, start: number, length: number);
  constructor(items: Value[] | undefined, whole?: List, start = 0, length = 0) {
    this.items = items;
    this.undo = undefined;
    this.whole = whole;
    this.start = start;
    this.length = items === undefined ? length : items.length;
  }

  /** The items, to be read only, and only until the next operation on any version of this list. */
  view(): readonly Value[] {
    return this.items ?? this.own();
  }

  /** The item at an index in 0 … length-1; undefined outside. */
  get(index: number): Value | undefined {
    if (this.items !== undefined) return this.items[index];
    if (this.whole === undefined) return this.own()[index];
    return index >= 0 && index < this.length ? this.whole.get(this.start + index) : undefined;
  }

  /** The items from `start` to before `end`, both in 0 … length. Amortised O(1) when repeated on its own result. */
  part(start: number, end: number): List {
    const length = end - start;
    if (length === this.length) return this;
    const whole = this.whole ?? this;
    const from = this.start + start;
    if (length < SMALL_PART || 2 * length < whole.length) return new List(whole.view().slice(from, from + length));
    return new List(undefined, whole, from, length);
  }

  /** This list with one more item at the end. Amortised O(1) when this is the newest version. */
  append(value: Value): List {
    if (this.whole !== undefined && this.start + this.length === this.whole.length) {
      return new List(undefined, this.whole.append(value), this.start, this.length + 1);
    }
    const items = this.items ?? this.own();
    const index = items.length;
    items.push(value);
    return this.handOver(items, index, null, true);
  }

  /** This list followed by `other`. Costs the length of `other` when this is the newest version. */
  concat(other: List): List {
    if (other.length === 0) return this;
    const added = other.view();
    const items = this.items ?? this.own();
    const index = items.length;
    const count = added.length;
    // What at least grows by half may be made anew for the same price, in one go, and both versions own their storage.
    if (count >= SMALL_PART && 2 * count >= index) {
      takeRoom(BYTES_PER_ITEM * (index + count));
      return new List(items.concat(added));
    }
    for (let i = 0; i < count; i++) items.push(added[i]!);
    return this.handOver(items, index, null, true);
  }

  /** This list with the item at `index` (0 … length-1) replaced. O(1) when this is the newest version. */
  set(index: number, value: Value): List {
    if (this.length <= SMALL_PART) {
      const copy = (this.items ?? this.own()).slice();
      copy[index] = value;
      return new List(copy);
    }
    const items = this.items ?? this.own();
    const old = items[index]!;
    items[index] = value;
    return this.handOver(items, index, old, false);
  }

  /** As `append`, for the only holder of this version, who gives it up: it may become the new one. */
  appendOwned(value: Value): List {
    const { items } = this;
    if (items === undefined || this.changes > 0) return this.appendSlowly(value);
    if (items.length >= UNNOTED_ITEMS && items.length % UNNOTED_ITEMS === 0) {
      checkListSize(items.length + 1);
      takeRoom(BYTES_PER_ITEM * UNNOTED_ITEMS);
    }
    this.length = items.push(value);
    return this;
  }

  private appendSlowly(value: Value): List {
    checkListSize(this.length + 1);
    const owner = this.alone();
    if (owner === undefined) return this.append(value);
    owner.length = owner.items!.push(value);
    return owner;
  }

  /** As `set`, for the only holder of this version, who gives it up: it may become the new one. */
  setOwned(index: number, value: Value): List {
    const owner = this.items === undefined || this.changes > 0 ? this.alone() : this;
    if (owner === undefined) return this.set(index, value);
    owner.items![index] = value;
    return owner;
  }

  /**
   * A copy that no older version leads to, once as many changes as there are items were made at the expense of a new version each:
   * then the copy costs no more than they did.
   */
  private alone(): List | undefined {
    if (this.whole !== undefined || (this.changes < this.length && this.length > SMALL_PART)) return undefined;
    return new List(this.items?.slice() ?? this.rebuild());
  }

  private handOver(items: Value[], index: number, value: Value, cut: boolean): List {
    const newer = new List(items);
    newer.changes = this.changes + 1;
    this.items = undefined;
    this.undo = { newer, index, value, cut };
    return newer;
  }

  /** Makes this version an owner: copies its part, or the newest storage with all later changes undone, newest first. */
  private own(): Value[] {
    const items = this.whole?.view().slice(this.start, this.start + this.length) ?? this.rebuild();
    this.items = items;
    this.undo = undefined;
    this.whole = undefined;
    this.start = 0;
    return items;
  }

  private rebuild(): Value[] {
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
    return items;
  }
}
