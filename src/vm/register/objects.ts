// Objects in registers, for the instructions of the loop that look into them: small functions that V8 puts into the loop.
import { List } from '../../core/value/list.ts';
import type { Value } from '../../core/value/value.ts';
import type { RegisterState } from './state.ts';
import { canonical, TAG_HANDLE } from './value-word.ts';

/** The list in a register; undefined when something else is there. */
export function listAt(state: RegisterState, at: number): List | undefined {
  const { words } = state;
  const handle = words[2 * at]!;
  // Below zero are constant texts.
  if (words[2 * at + 1] !== TAG_HANDLE || handle < 0) return undefined;
  const value = state.heap.values[handle];
  return value instanceof List ? value : undefined;
}

/** Whether a number is the index of an item. */
export function isIndex(list: List, index: number): boolean {
  return index >= 0 && index < list.length && Math.floor(index) === index;
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
