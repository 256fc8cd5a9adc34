// What builtins ask of their arguments. The verifier knows nothing about a value of type `_`, so every builtin looks before
// it works; these give the value in its JavaScript shape or throw the builtin's fault, with a text that names the
// argument, what was wanted and what came.
import { builtinFault, builtinSentence, type Fault } from '../../../core/fault.ts';
import { FunctionValue } from '../../../core/value/function.ts';
import { List } from '../../../core/value/list.ts';
import { type MapKey, MapValue } from '../../../core/value/map.ts';
import { describe, showNumber } from '../../../core/value/show.ts';
import type { Value } from '../../../core/value/value.ts';
import type { Cost } from './row.ts';

/** The arguments of a call. Engines hand in as many as a signature takes; one that is missing reads as nil. */
export function argument(args: readonly Value[], index: number): Value {
  return args[index] ?? null;
}

/** `what` names the argument (`index`), or says by itself what is required (`requires two numbers`). */
function misfit(builtin: string, what: string, wanted: string, value: Value): Fault {
  const got = `got ${describe(value)}`;
  if (what.startsWith('requires')) return builtinSentence(builtin, `${what}, ${got}`);
  if (/^arg \d$/.test(what)) return builtinSentence(builtin, `${what} requires ${wanted}, ${got}`);
  return builtinFault(builtin, what.includes('requires') ? `${what}, ${got}` : `${what} must be ${wanted}, ${got}`);
}

export function numberArgument(builtin: string, what: string, value: Value): number {
  if (typeof value === 'number') return value;
  throw misfit(builtin, what, 'a number', value);
}

/** A whole number of any size; NaN and infinities are refused with every other fraction. */
export function integerArgument(builtin: string, what: string, value: Value): number {
  const number = numberArgument(builtin, what, value);
  if (Number.isInteger(number)) return number;
  throw builtinFault(builtin, `${what} must be an integer, got ${showNumber(number)}`);
}

/** A whole number above 0. */
export function positiveArgument(builtin: string, what: string, value: Value): number {
  const number = numberArgument(builtin, what, value);
  if (Number.isInteger(number) && number > 0) return number;
  throw builtinFault(builtin, `${what} must be a positive integer, got ${showNumber(number)}`);
}

export function textArgument(builtin: string, what: string, value: Value): string {
  if (typeof value === 'string') return value;
  throw misfit(builtin, what, 'text', value);
}

export function listArgument(builtin: string, what: string, value: Value): List {
  if (value instanceof List) return value;
  throw misfit(builtin, what, 'a list', value);
}

export function mapArgument(builtin: string, value: Value): MapValue {
  if (value instanceof MapValue) return value;
  throw builtinFault(builtin, `expects a map, got ${describe(value)}`);
}

/** Something `context.call` can try to call: a function value, or text that may name a function. */
export function functionArgument(builtin: string, value: Value, what = 'first arg'): Value {
  if (value instanceof FunctionValue || typeof value === 'string') return value;
  throw builtinFault(builtin, `${what} must be a function reference, got ${describe(value)}`);
}

/** The numbers of a list, in an array of their own. */
export function numbersArgument(builtin: string, value: Value): Float64Array {
  const items = listArgument(builtin, 'arg', value).view();
  const numbers = new Float64Array(items.length);
  for (let i = 0; i < items.length; i++) {
    const item = items[i]!;
    if (typeof item !== 'number') {
      throw builtinFault(builtin, `list elements must be numbers, got ${describe(item)}`);
    }
    numbers[i] = item;
  }
  return numbers;
}

/** A map key: text as it is; a number rounded down, finite. Keys have 64 bits, so larger numbers meet at the ends. */
export function keyArgument(builtin: string, value: Value): MapKey {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') throw builtinFault(builtin, `key must be text or number, got ${describe(value)}`);
  if (!Number.isFinite(value)) throw builtinFault(builtin, `numeric key must be finite, got ${showNumber(value)}`);
  // `+ 0` turns -0 into 0.
  return Math.max(-(2 ** 63), Math.min(2 ** 63, Math.floor(value))) + 0;
}

/** What an element or a computed key counts as in `frq` and `grp`: as keyArgument, with booleans written as text. */
export function groupKey(builtin: string, demand: string, value: Value): MapKey {
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string' || typeof value === 'number') return keyArgument(builtin, value);
  throw builtinFault(builtin, `${demand}, got ${describe(value)}`);
}

/** Memory of a list besides its items. */
export const LIST_BYTES = 64;
export const ITEM_BYTES = 8;
/** Memory of one entry of a map or a set. */
export const ENTRY_BYTES = 40;

/** Items of a list, units of a text, entries of a map; 0 for anything else. */
export function sizeOf(value: Value | undefined): number {
  if (typeof value === 'string' || value instanceof List) return value.length;
  return value instanceof MapValue ? value.size : 0;
}

const ONE: Cost = { fuel: 1, bytes: 0 };

/** The cost of a call that does the same little work whatever its arguments. */
export function constantCost(): Cost {
  return ONE;
}

/**
 * The cost of a call that touches every item of one argument: `fuel` and `bytes` for each. A negative position counts from
 * the last argument.
 */
export function costPerItem(position: number, fuel: number, bytes: number): (args: readonly Value[]) => Cost {
  return args => {
    const size = sizeOf(args.at(position));
    return { fuel: 1 + fuel * size, bytes: bytes === 0 ? 0 : LIST_BYTES + bytes * size };
  };
}

/** The comparisons of sorting so many items: size · ⌈log2(size + 2)⌉. */
export function sortSteps(size: number): number {
  return size * (32 - Math.clz32(size + 1));
}

/** The cost of sorting one argument. */
export function sortCost(position: number): (args: readonly Value[]) => Cost {
  return args => {
    const size = sizeOf(args.at(position));
    return { fuel: 1 + sortSteps(size), bytes: LIST_BYTES + 3 * ITEM_BYTES * size };
  };
}
