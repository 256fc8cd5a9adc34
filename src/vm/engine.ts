// What an engine needs from around it and what it offers. The runtime builds the services; engines never see the builtin
// table, the host or the command line.
import type { CoreTool, CoreUnit } from '../core/core.ts';
import type { Meter } from '../core/meter.ts';
import type { Value } from '../core/value/value.ts';
import type { Walk } from '../core/walk.ts';

export interface RunServices {
  /** The implementation of a builtin, bound to this run; undefined when there is no builtin of that name. */
  readonly builtin: (name: string) => ((args: readonly Value[]) => Value) | undefined;
  /** The same builtin as a walk, for those that call functions; undefined for all others. */
  readonly walk: (name: string) => ((args: readonly Value[]) => Walk) | undefined;
  /** Calls an external tool. */
  readonly tool: (tool: CoreTool, args: readonly Value[]) => Value;
  /** How deeply calls may nest. */
  readonly maxDepth: number;
  /** Counts against the limits of the run; undefined when it has none. */
  readonly meter: Meter | undefined;
  /** Told of every call that goes on in the stack machine (deep.ts) and how many calls lie around it, when somebody wants to know. */
  readonly wentDeep?: ((depth: number) => void) | undefined;
}

export interface Machine {
  /** Calls a function of the unit, by index. Throws a Fault. */
  readonly run: (callee: number, args: readonly Value[]) => Value;
  /** Calls a function value; used by builtins that take functions. Throws a Fault. */
  readonly callValue: (callee: Value, args: readonly Value[], fallback: string) => Value;
  /**
   * A function that calls the function at an index again and again, as `run` does but without what can be done once. An engine
   * without one has nothing to gain from it; ask through `entryOf`.
   */
  readonly entry?: (callee: number) => Entry;
}

/** Thrown by `RunServices.tool` when the answer is not there yet: not a Fault, but a reason to suspend the run. */
export class Waiting {}

/** A prepared call. Throws a Fault, also for another number of arguments than the function has. */
export type Entry = (...args: readonly Value[]) => Value;

/** How to call a function of the unit many times on this machine. */
export function entryOf(machine: Machine, callee: number): Entry {
  return machine.entry?.(callee) ?? ((...args) => machine.run(callee, args));
}

export interface Engine {
  readonly name: string;
  readonly doc: string;
  readonly prepare: (unit: CoreUnit, services: RunServices) => Machine;
}
