// Objects in registers, for the instructions of the loop that look into them. The functions capture the registers, as the loop does, and
// V8 puts those that are small and often called into it.
//
// The names with `put`, `append`, `set` and `update` do the usual case of an instruction and give false, with nothing done, in any other: cold.ts does
// every case. A new handle is only made where no sweep is due, so except for putJoined `state.pc` and `state.base` need not be current.
//
// Numbers are stored by statements of their own: V8 widens every array that a statement has met to what that statement has ever stored, and
// one that only stores numbers leaves arrays of bare numbers as they are.
import { type List, UNNOTED_ITEMS } from '../../core/value/list.ts';
import { RecordValue } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import { concatText } from '../operations.ts';
import { FIRST_INLINE } from './code.ts';
import { ITEMS_PER_UNIT } from './handles.ts';
import type { RegisterState } from './state.ts';
import { canonical, TAG_BOOL, TAG_HANDLE, TAG_NIL } from './value-word.ts';

export interface ObjectAccess {
  /**
   * The items of the list in a register, when it holds its storage itself; undefined otherwise. Asking any object for `items` is faster
   * than asking for its class.
   */
  readonly itemsAt: (state: RegisterState, at: number) => Value[] | undefined;
  readonly putBoolean: (to: number, value: boolean) => void;
  /** Puts the length of such a list into register place `to`. */
  readonly putLength: (state: RegisterState, to: number, from: number) => boolean;
  /** The items of a list that is an item of the list in a register; undefined where there is none. */
  readonly innerItems: (state: RegisterState, at: number, index: number) => Value[] | undefined;
  /** Puts an item that needs no handle into a register: a number or a truth value. */
  readonly putPlain: (to: number, items: readonly Value[] | undefined, index: number) => boolean;
  /** Puts any item into a register. */
  readonly putItem: (state: RegisterState, to: number, items: readonly Value[] | undefined, index: number) => boolean;
  /** Puts one text and another one behind it into register place `to`. */
  readonly putJoined: (state: RegisterState, to: number, left: number, right: number) => boolean;
  /** Puts the field of a record that the site knows into register place `to`. */
  readonly putField: (state: RegisterState, to: number, from: number, site: number) => boolean;
  /** Puts a new record without an array, with the values of a register list, into register place `to`. */
  readonly putRecord: (state: RegisterState, base: number, to: number, list: number, shape: number) => boolean;
  /** Replaces fields of the first record of a register list, in a copy unless nobody else has it. */
  readonly updateFields: (
    state: RegisterState,
    base: number,
    to: number,
    list: number,
    site: number,
    isOwned: boolean,
  ) => boolean;
  /** Appends to a list that nobody else has and to which no older version leads. */
  readonly appendOwned: (state: RegisterState, to: number, from: number, value: number) => boolean;
  /** Replaces an item of such a list. */
  readonly setOwned: (state: RegisterState, to: number, from: number, index: number, value: number) => boolean;
  readonly rest: (left: number, right: number) => number;
  /** Copies the registers of a list from the frame at `base` to the start of the one at `below`. */
  readonly copyArguments: (state: RegisterState, base: number, below: number, list: number) => void;
}

export function makeObjectAccess(F: Float64Array, W: Int32Array): ObjectAccess {
  // V8 takes these for constants, and what is imported for variables.
  const HANDLE = TAG_HANDLE;
  const BOOL = TAG_BOOL;
  const NIL = TAG_NIL;
  const COUNTED = ITEMS_PER_UNIT;
  const NOTED = UNNOTED_ITEMS;
  const INLINE = FIRST_INLINE;
  const Made = RecordValue;

  /** The heap value in a register, as what asks it for one of its properties needs it; undefined when there is none. */
  const objectAt = (state: RegisterState, at: number): Value | undefined => {
    const handle = W[at << 1]!;
    // Below zero are constant texts.
    return W[(at << 1) | 1] === HANDLE && handle >= 0 ? state.heap.values[handle] : undefined;
  };

  const anyAt = (state: RegisterState, at: number): Value => {
    const number = F[at]!;
    return Number.isNaN(number) ? state.read(at) : number;
  };

  /** The text in a register; undefined when there is none. */
  const textAt = (state: RegisterState, at: number): string | undefined => {
    if (W[(at << 1) | 1] !== HANDLE) return undefined;
    const handle = W[at << 1]!;
    const value = handle < 0 ? state.setting.unit.texts[~handle] : state.heap.values[handle];
    return typeof value === 'string' ? value : undefined;
  };

  /** Puts a value that is no number into a register. */
  const putOther = (state: RegisterState, at: number, value: Value): boolean => {
    if (typeof value === 'boolean') {
      W[at << 1] = value ? 1 : 0;
      W[(at << 1) | 1] = BOOL;
      return true;
    }
    if (value === null) {
      W[at << 1] = 0;
      W[(at << 1) | 1] = NIL;
      return true;
    }
    if (state.heap.isDue || (typeof value === 'string' && value.length >= COUNTED)) return false;
    W[at << 1] = state.heap.add(value);
    W[(at << 1) | 1] = HANDLE;
    return true;
  };

  const put = (state: RegisterState, at: number, value: Value): boolean => {
    if (typeof value !== 'number') return putOther(state, at, value);
    // Makes a double of it before it is looked at.
    const number = value - 0;
    F[at] = Number.isNaN(number) ? Number.NaN : number;
    return true;
  };

  const putBoolean = (to: number, value: boolean): void => {
    W[to << 1] = value ? 1 : 0;
    W[(to << 1) | 1] = BOOL;
  };

  const itemsAt = (state: RegisterState, at: number): Value[] | undefined => {
    const handle = W[at << 1]!;
    if (W[(at << 1) | 1] !== HANDLE || handle < 0) return undefined;
    return (state.heap.values[handle] as List | null | undefined)?.items;
  };

  return {
    itemsAt,
    rest: remainder,
    putBoolean,
    putLength: (state, to, from) => {
      const items = itemsAt(state, from);
      if (items === undefined) return false;
      F[to] = items.length;
      return true;
    },
    innerItems: (state, at, index) => {
      const rows = (objectAt(state, at) as List | null | undefined)?.items;
      const whole = index | 0;
      if (rows === undefined || whole !== index || whole >>> 0 >= rows.length) return undefined;
      return (rows[whole] as List | null)?.items;
    },
    putPlain: (to, items, index) => {
      const whole = index | 0;
      if (items === undefined || whole !== index || whole >>> 0 >= items.length) return false;
      const item = items[whole]!;
      if (typeof item === 'number') {
        const number = item - 0;
        F[to] = Number.isNaN(number) ? Number.NaN : number;
        return true;
      }
      if (typeof item !== 'boolean') return false;
      W[to << 1] = item ? 1 : 0;
      W[(to << 1) | 1] = BOOL;
      return true;
    },
    putItem: (state, to, items, index) => {
      const whole = index | 0;
      if (items === undefined || whole !== index || whole >>> 0 >= items.length) return false;
      return put(state, to, items[whole]!);
    },
    putJoined: (state, to, left, right) => {
      const first = textAt(state, left);
      const second = textAt(state, right);
      if (first === undefined || second === undefined) return false;
      state.writeHandle(to, concatText(first, second));
      return true;
    },
    putField: (state, to, from, at) => {
      const record = objectAt(state, from) as RecordValue | null | undefined;
      const site = state.sites[at]!;
      const shape = record?.shape;
      if (shape === undefined || shape !== site.shape) return false;
      const { index } = site;
      if (index >= 0) return put(state, to, (record!.first as Value[])[index]!);
      return put(state, to, index === INLINE ? (record!.first as Value) : record!.second);
    },
    putRecord: (state, base, to, list, at) => {
      const { lists, shapes } = state.setting.unit;
      const shape = shapes[at]!;
      const count = lists[list]!;
      if (!shape.isInline || count === 0 || state.heap.isDue) return false;
      const first = anyAt(state, (base + lists[list + 1]!) | 0);
      const second = count > 1 ? anyAt(state, (base + lists[list + 2]!) | 0) : null;
      W[to << 1] = state.heap.add(new Made(shape, first, second));
      W[(to << 1) | 1] = HANDLE;
      return true;
    },
    updateFields: (state, base, to, list, at, isOwned) => {
      const { lists } = state.setting.unit;
      const from = (base + lists[list + 1]!) | 0;
      const record = objectAt(state, from) as RecordValue | null | undefined;
      const site = state.sites[at]!;
      const { indexes } = site;
      const shape = record?.shape;
      if (shape === undefined || shape !== site.shape || site.index < 0) return false;
      if (indexes.length !== lists[list]! - 1 || state.heap.isDue) return false;
      const values = isOwned ? (record!.first as Value[]) : (record!.first as Value[]).slice();
      for (let i = 0; i < indexes.length; i++) {
        const value = (base + lists[list + 2 + i]!) | 0;
        const number = F[value]!;
        if (!Number.isNaN(number)) values[indexes[i]!] = number;
        else values[indexes[i]!] = state.read(value);
      }
      W[to << 1] = isOwned ? W[from << 1]! : state.heap.add(new Made(shape, values));
      W[(to << 1) | 1] = HANDLE;
      return true;
    },
    appendOwned: (state, to, from, value) => {
      const list = objectAt(state, from) as List | null | undefined;
      const items = list?.items;
      if (items === undefined || list!.changes !== 0) return false;
      const { length } = items;
      // The list itself notes the room that it takes, and is never too large in between.
      if (length % NOTED === 0 && length !== 0) return false;
      const number = F[value]!;
      if (!Number.isNaN(number)) items.push(number);
      else if (W[(value << 1) | 1] === BOOL) items.push(W[value << 1] !== 0);
      else items.push(state.read(value));
      list!.length = length + 1;
      W[to << 1] = W[from << 1]!;
      W[(to << 1) | 1] = HANDLE;
      return true;
    },
    setOwned: (state, to, from, index, value) => {
      const list = objectAt(state, from) as List | null | undefined;
      const items = list?.items;
      const whole = index | 0;
      if (items === undefined || whole !== index || whole >>> 0 >= items.length || list!.changes !== 0) return false;
      const number = F[value]!;
      if (!Number.isNaN(number)) items[whole] = number;
      else if (W[(value << 1) | 1] === BOOL) items[whole] = W[value << 1] !== 0;
      else items[whole] = state.read(value);
      W[to << 1] = W[from << 1]!;
      W[(to << 1) | 1] = HANDLE;
      return true;
    },
    copyArguments: (state, base, below, list) => {
      const { lists } = state.setting.unit;
      const count = lists[list]!;
      for (let i = 0; i < count; i++) {
        const from = (base + lists[list + 1 + i]!) << 1;
        W[(below + i) << 1] = W[from]!;
        W[((below + i) << 1) | 1] = W[from + 1]!;
      }
    },
  };
}

/** The value in a register, mostly a number. */
export function valueAt(state: RegisterState, at: number): Value {
  const number = state.floats[at]!;
  return Number.isNaN(number) ? state.read(at) : number;
}

/** Puts a value into a register, mostly a number. `state.pc` and `state.base` must be current. */
export function putAt(state: RegisterState, at: number, value: Value): void {
  if (typeof value === 'number') state.floats[at] = canonical(value);
  else state.write(at, value);
}

/** What is left after a division. Whole numbers are divided much faster than doubles; a left operand of 0 may be -0. */
export function remainder(left: number, right: number): number {
  const areWhole = (left | 0) === left && (right | 0) === right && left > 0 && right > 0;
  return areWhole ? (left | 0) % (right | 0) : left % right;
}
