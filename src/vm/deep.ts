// Deep recursion. JavaScript's stack is small (under a megabyte on the main thread), cannot grow, and ends with an error that may
// strike anywhere. So engines whose calls nest on it use a fixed part of it, and from there on the stack machine takes over: the
// call that would be one too many, and everything beneath it, runs in frames that lie in arrays. How deep calls may nest is then
// what the limit of the run says, and nothing else, on every engine.
//
// When a call is one too many is known before the run. What a frame takes at most is computed for each function (by the engine:
// from how deep it nests, or how many variables it has), and a function may be entered on JavaScript's stack as long as there are
// fewer calls around it than `callsThatFit`: a comparison with the depth, which is compared with the limit anyway. Calls of function
// values, by the program or by builtins, come through more frames of the engine, and are counted on their own (MOST_INDIRECT).
//
// Rejected: catching the RangeError, after which V8 promises nothing (it ends the process when the regular-expression compiler meets
// the end of the stack), and a thread with a large stack, which has to begin the run again. The RangeError is still made a fault
// (calls.ts), for a host that has used up the stack before it calls.
import type { CoreFunction, CoreUnit } from '../core/core.ts';
import { Fault } from '../core/fault.ts';
import type { Value } from '../core/value/value.ts';
import { visitFunction } from '../core/visit.ts';
import { at, depthFault } from './calls.ts';
import type { RunServices } from './engine.ts';
import { StackMachine } from './stack/machine.ts';

/**
 * Functions whose frames take at most so many bytes may be entered below so many calls. Each depth is taken by one frame, so the worst
 * program (the largest frames below the fewest calls, then smaller ones) takes the sum over the rows: 525 KB. One whose frames are
 * alike takes less than half of that. `node scripts/stack-need.mjs` measures.
 */
const FITS: readonly (readonly [bytes: number, calls: number])[] = [
  [256, 800],
  [640, 250],
  [1280, 100],
  [4096, 12],
  [32_768, 2],
  [98_304, 1],
];

/** How many calls may lie around a function whose frame takes so many bytes of JavaScript's stack. */
export function callsThatFit(bytes: number): number {
  return FITS.find(([most]) => bytes <= most)?.[1] ?? 0;
}

/** So many calls of function values may nest on JavaScript's stack; each takes up to 2,300 bytes besides the function's own frame. */
export const MOST_INDIRECT = 64;

/** Bytes of JavaScript's stack that the parts of a function take while a call that stands in them runs. */
export interface FrameCosts {
  /** The call itself. */
  readonly call: number;
  /** Each statement around it. */
  readonly statement: number;
  /** Each statement before it in a body, for up to `chained` of them. */
  readonly before: number;
  readonly chained: number;
  /** Each expression around it. */
  readonly expression: number;
}

/** The bytes of JavaScript's stack that a call of a function takes at most while it calls something itself. */
export function bytesOfFrame(fn: CoreFunction, costs: FrameCosts): number {
  let most = 0;
  visitFunction(fn, (expr, statements, expressions) => {
    const { kind } = expr;
    if (kind !== 'call' && kind !== 'callValue' && kind !== 'builtin') return;
    most = Math.max(most, statements * costs.statement + expressions * costs.expression);
  });
  return costs.call + costs.before * Math.min(fn.body.length, costs.chained) + most;
}

/** Where an engine goes on with calls that would be too many for JavaScript's stack. One for each machine. */
export class DeepCalls {
  private readonly unit: CoreUnit;
  private readonly services: RunServices;
  private machine: StackMachine | undefined;

  constructor(unit: CoreUnit, services: RunServices) {
    this.unit = unit;
    this.services = services;
  }

  /**
   * Calls a function that has `depth` calls around it. Throws a Fault, whose chain of calls begins with this call; it has neither
   * chain nor place where the function could not be entered.
   */
  call(callee: number, depth: number, args: readonly Value[]): Value {
    const { maxDepth } = this.services;
    if (depth >= maxDepth) throw depthFault(maxDepth, undefined);
    this.services.wentDeep?.(depth);
    this.machine ??= new StackMachine(this.unit, this.services);
    return this.machine.runBelow(depth, callee, args);
  }

  /** The same for engines that know the functions around the call: `running` holds their indexes, in its first `depth` places. */
  callBelow(running: readonly number[], depth: number, callee: number, args: readonly Value[]): Value {
    try {
      return this.call(callee, depth, args);
    } catch (thrown) {
      const error = at(thrown, undefined);
      if (error instanceof Fault && error.calls.length > 0) {
        error.calls = [...running.slice(0, depth).map(index => this.unit.functions[index]!.name), ...error.calls];
      }
      throw error;
    }
  }
}
