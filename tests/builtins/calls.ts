// Calls builtins of the real table, with callbacks written in JavaScript: `fn` makes a function value that runs one.
import { Fault } from '../../src/core/fault.ts';
import { FunctionValue } from '../../src/core/value/function.ts';
import { List } from '../../src/core/value/list.ts';
import { showValue } from '../../src/core/value/show.ts';
import type { Value } from '../../src/core/value/value.ts';
import type { BuiltinContext } from '../../src/lang/ilo/builtins/row.ts';
import { BUILTINS } from '../../src/lang/ilo/builtins/table.ts';
import { TEST_CONTEXT } from './harness.ts';

type Callback = (...args: Value[]) => Value;

const callbacks = new Map<string, Callback>();

/** A function value that runs `callback`. */
export function fn(callback: Callback): FunctionValue {
  const name = `callback${callbacks.size}`;
  callbacks.set(name, callback);
  return new FunctionValue(name, []);
}

export const list = (...items: Value[]): List => new List(items);

export interface Charges {
  fuel: number;
  bytes: number;
}

/** A context that runs callbacks, and text that names a builtin, and adds up what is charged. */
export function context(charges: Charges = { fuel: 0, bytes: 0 }): BuiltinContext {
  return {
    ...TEST_CONTEXT,
    call: (callee, args) => {
      const name = callee instanceof FunctionValue ? callee.name : String(callee);
      const callback = callbacks.get(name);
      return callback ? callback(...args) : call(name, ...args);
    },
    charge: (fuel, bytes) => {
      if (!(fuel >= 0 && bytes >= 0)) throw new Error(`charged ${fuel} and ${bytes}`);
      charges.fuel += fuel;
      charges.bytes += bytes;
    },
  };
}

/** Runs a builtin; its cost function is asked first, as an engine does. */
export function call(name: string, ...args: Value[]): Value {
  const row = BUILTINS.get(name);
  if (row === undefined) throw new Error(`no builtin named ${name}`);
  const used = context();
  const { fuel, bytes } = row.cost(args);
  used.charge(fuel, bytes);
  return row.run(args, used);
}

/** What a builtin gives, as the language prints it. */
export function show(name: string, ...args: Value[]): string {
  return showValue(call(name, ...args));
}

/** The fault of a builtin that must not succeed, as `CODE message`. */
export function faultOf(name: string, ...args: Value[]): string {
  try {
    call(name, ...args);
  } catch (error) {
    if (error instanceof Fault) return `${error.code} ${error.message}`;
    throw error;
  }
  throw new Error(`${name} did not fault`);
}
