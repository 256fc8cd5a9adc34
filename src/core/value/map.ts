// Maps from text or integers to values. A text key and an integer key never meet (`"1"` is not `1`), because a JavaScript
// Map keeps strings and numbers apart; `__proto__` is a key like any other. Versions work as in list.ts: the newest owns the
// storage, older ones keep one undo step each.
import { sortTexts } from './text-order.ts';
import type { Value } from './value.ts';

export type MapKey = string | number;

interface Undo {
  readonly newer: MapValue;
  readonly key: MapKey;
  /** The value before the change; undefined when the key was absent. */
  readonly value: Value | undefined;
}

export class MapValue {
  /** Public for generated code, which reads it and never changes it. */
  entries: Map<MapKey, Value> | undefined;
  private undo: Undo | undefined;
  size: number;
  /** As in list.ts: changes made by making new versions since the storage was last copied. */
  private changes = 0;

  /** Takes over `entries`: the caller must not change it afterwards. Integer keys must be integers, never -0. */
  constructor(entries: Map<MapKey, Value>) {
    this.entries = entries;
    this.undo = undefined;
    this.size = entries.size;
  }

  /** The entries, to be read only, in no meaningful order, and only until the next operation on any version. */
  view(): ReadonlyMap<MapKey, Value> {
    return this.entries ?? this.own();
  }

  get(key: MapKey): Value | undefined {
    return (this.entries ?? this.own()).get(key);
  }

  has(key: MapKey): boolean {
    return (this.entries ?? this.own()).has(key);
  }

  /** This map with `key` set to `value`. O(1) when this is the newest version. */
  set(key: MapKey, value: Value): MapValue {
    const entries = this.entries ?? this.own();
    const old = entries.get(key);
    entries.set(key, value);
    return this.handOver(entries, key, old);
  }

  /** As `set`, for the only holder of this version, who gives it up: it may become the new one. */
  setOwned(key: MapKey, value: Value): MapValue {
    const owner = this.entries === undefined || this.changes > 0 ? this.alone() : this;
    if (owner === undefined) return this.set(key, value);
    owner.entries!.set(key, value);
    owner.size = owner.entries!.size;
    return owner;
  }

  /** A copy that no older version leads to, once that costs no more than the new versions made so far. */
  private alone(): MapValue | undefined {
    if (this.changes < this.size) return undefined;
    return new MapValue(new Map(this.view()));
  }

  /** This map without `key`. O(1) when this is the newest version. */
  delete(key: MapKey): MapValue {
    const entries = this.entries ?? this.own();
    const old = entries.get(key);
    if (old === undefined) return this;
    entries.delete(key);
    return this.handOver(entries, key, old);
  }

  /** Keys in ilo's order: integers ascending, then texts by code point. */
  sortedKeys(): MapKey[] {
    const numbers: number[] = [];
    const texts: string[] = [];
    for (const key of this.view().keys()) {
      if (typeof key === 'number') numbers.push(key);
      else texts.push(key);
    }
    sortTexts(texts);
    return numbers.length === 0 ? texts : [...numbers.sort((a, b) => a - b), ...texts];
  }

  private handOver(entries: Map<MapKey, Value>, key: MapKey, value: Value | undefined): MapValue {
    const newer = new MapValue(entries);
    newer.changes = this.changes + 1;
    this.entries = undefined;
    this.undo = { newer, key, value };
    return newer;
  }

  private own(): Map<MapKey, Value> {
    const path: Undo[] = [];
    let version: MapValue = this;
    while (version.entries === undefined) {
      path.push(version.undo!);
      version = version.undo!.newer;
    }
    const entries = new Map(version.entries);
    for (let i = path.length - 1; i >= 0; i--) {
      const { key, value } = path[i]!;
      if (value === undefined) entries.delete(key);
      else entries.set(key, value);
    }
    this.entries = entries;
    this.undo = undefined;
    return entries;
  }
}
