// Objects in registers, for the instructions of the loop that look into them: small functions that V8 puts into the loop.
import type { List } from '../../core/value/list.ts';
import type { RecordValue } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import type { RegisterState } from './state.ts';
import { canonical, TAG_HANDLE } from './value-word.ts';

/**
 * The list in a register, when it holds its storage itself; undefined otherwise. Asking any object for `items` is faster than asking
 * for its class.
 */
export function listAt(state: RegisterState, at: number): (List & { readonly items: Value[] }) | undefined {
  const { words } = state;
  const handle = words[2 * at]!;
  // Below zero are constant texts.
  if (words[2 * at + 1] !== TAG_HANDLE || handle < 0) return undefined;
  const value = state.heap.values[handle] as (List & { readonly items: Value[] }) | null | undefined;
  return value?.items === undefined ? undefined : value;
}

/** The item at an index inside; undefined where there is none, and for everything that is no index. */
export function itemAt(items: readonly Value[] | undefined, index: number): Value | undefined {
  const whole = index | 0;
  if (items === undefined || whole !== index || whole < 0 || whole >= items.length) return undefined;
  return items[whole];
}

/** The record in a register; undefined when something else is there. */
export function recordAt(state: RegisterState, at: number): RecordValue | undefined {
  const { words } = state;
  const handle = words[2 * at]!;
  if (words[2 * at + 1] !== TAG_HANDLE || handle < 0) return undefined;
  const value = state.heap.values[handle] as RecordValue | null | undefined;
  return value?.shape === undefined ? undefined : value;
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
export function putChanged(state: RegisterState, to: number, from: number, before: List, after: List): void {
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
