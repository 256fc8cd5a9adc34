// Objects in registers, for the instructions of the loop that look into them: small functions that V8 puts into the loop.
import type { List } from '../../core/value/list.ts';
import type { RecordValue } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import { concatText } from '../operations.ts';
import type { RegisterState } from './state.ts';
import { canonical, TAG_HANDLE } from './value-word.ts';

/** The heap value in a register, as what asks it for one of its properties needs it; undefined when there is none. */
function objectAt(state: RegisterState, at: number): Value | undefined {
  const { words } = state;
  const handle = words[2 * at]!;
  // Below zero are constant texts.
  return words[2 * at + 1] === TAG_HANDLE && handle >= 0 ? state.heap.values[handle] : undefined;
}

/**
 * The items of the list in a register, when it holds its storage itself; undefined otherwise. Asking any object for `items` is faster
 * than asking for its class.
 */
export function itemsAt(state: RegisterState, at: number): Value[] | undefined {
  return (objectAt(state, at) as List | null | undefined)?.items;
}

/** The item at an index inside; undefined where there is none, and for everything that is no index. */
export function itemAt(items: readonly Value[] | undefined, index: number): Value | undefined {
  const whole = index | 0;
  if (items === undefined || whole !== index || whole < 0 || whole >= items.length) return undefined;
  return items[whole];
}

// What follows does the usual case of an instruction and gives false, with nothing done, in any other. `state.pc` and `state.base`
// must be current.

/** Puts an item of a list into register place `to`. */
export function putItem(state: RegisterState, to: number, from: number, index: number): boolean {
  const item = itemAt(itemsAt(state, from), index);
  if (item === undefined) return false;
  putAt(state, to, item);
  return true;
}

/** Puts one text and another one behind it into register place `to`. */
export function putJoined(state: RegisterState, to: number, left: number, right: number): boolean {
  const first = state.read(left);
  const second = state.read(right);
  if (typeof first !== 'string' || typeof second !== 'string') return false;
  state.writeHandle(to, concatText(first, second));
  return true;
}

/** Puts the field of a record that the site knows into register place `to`. */
export function putField(state: RegisterState, to: number, from: number, at: number): boolean {
  const record = objectAt(state, from) as RecordValue | null | undefined;
  const site = state.setting.unit.sites[at]!;
  const shape = record?.shape;
  if (shape === undefined || shape !== site.shape) return false;
  putAt(state, to, record!.values[site.indexes[0]!]!);
  return true;
}

/** Appends to a list that nobody else has. */
export function appendOwned(state: RegisterState, to: number, from: number, value: number): boolean {
  const list = objectAt(state, from) as List | null | undefined;
  if (list?.items === undefined) return false;
  putChanged(state, to, from, list, list.appendOwned(valueAt(state, value)));
  return true;
}

/** Replaces an item of a list that nobody else has. */
export function setOwned(state: RegisterState, to: number, from: number, index: number, value: number): boolean {
  const list = objectAt(state, from) as List | null | undefined;
  const whole = index | 0;
  if (list?.items === undefined || whole !== index || whole < 0 || whole >= list.length) return false;
  putChanged(state, to, from, list, list.setOwned(whole, valueAt(state, value)));
  return true;
}

/** Copies the registers of a list from the frame at `base` to the start of the one at `below`. */
export function copyArguments(state: RegisterState, base: number, below: number, list: number): void {
  const { words } = state;
  const { lists } = state.setting.unit;
  const count = lists[list]!;
  for (let i = 0; i < count; i++) {
    const from = 2 * (base + lists[list + 1 + i]!);
    words[2 * (below + i)] = words[from]!;
    words[2 * (below + i) + 1] = words[from + 1]!;
  }
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

/** Puts the list that another one in a register has become into a register: often the same, which has a handle already. */
function putChanged(state: RegisterState, to: number, from: number, before: List, after: List): void {
  if (after === before) {
    const { words } = state;
    words[2 * to] = words[2 * from]!;
    words[2 * to + 1] = TAG_HANDLE;
  } else {
    state.writeHandle(to, after);
  }
}

/** What is left after a division. Whole numbers are divided much faster than doubles; a left operand of 0 may be -0. */
export function remainder(left: number, right: number): number {
  const areWhole = (left | 0) === left && (right | 0) === right && left > 0 && right > 0;
  return areWhole ? (left | 0) % (right | 0) : left % right;
}
