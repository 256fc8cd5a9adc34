// JavaScript source from the IR. A group of functions becomes the body of one function that is handed what the code needs:
//
//     X   helpers, and `builtin`, `site`: what is declared at the top     C   constant objects (shapes, lists of names)
//     S   the machine's state; its `depth` is set before other code runs   T   all functions of the program, by index
//     fN(d, v0, …)   function N; `d` calls lie around it, `c` is `d + 1`   vN  a value of the IR
//     gN(d, v0, …)   the same, when whoever calls has looked at `d`        hN(v0, …)   the same, when `d` need not be known: countdown.ts
//     M   the meter, and `u`, what is left of its fuel: see metering.ts
//     p   the place in the source, as a number, set before what may fault  e   what was thrown
//     tN  a value on its way when block parameters are set at once         LN  the label of block N
//     wN  a value in the fast form of a loop, FN its label: fast-loops.ts  iN  a value inside one expression, or from before a loop
//
// Depth is an argument, so that entering and leaving cost one comparison; the chain of calls is put together only when a fault
// passes through, by the `catch` of each function on its way. Charges are there only in the metered form of the code.
//
// Nothing here recurses on the structure of a program: what is still to be written waits on a stack.

import type { IrFunction } from '../../ir/ir.ts';
import { FunctionEmitter } from './function-emitter.ts';
import { Group } from './group.ts';
import type { EmitOptions } from './options.ts';

export interface Emitted {
  readonly source: string;
  /** C of the source. */
  readonly constants: readonly unknown[];
  /** Functions outside the group that it calls. */
  readonly externals: ReadonlySet<number>;
}

/** The source of some functions, as the body of a function of X and C that gives them as an array, in order. */
export function emitGroup(
  members: readonly number[],
  functionAt: (index: number) => IrFunction,
  options: EmitOptions,
): Emitted {
  const group = new Group();
  const leaves = leavesOf(members, functionAt);
  const bodies = new Map<number, string>();
  // Who calls a leaf has to know how deep it may lie.
  for (const index of [...leaves, ...members]) {
    if (bodies.has(index)) continue;
    const isLeaf = leaves.has(index);
    const { text, limit } = new FunctionEmitter(functionAt(index), index, group, options).emit(isLeaf);
    bodies.set(index, text);
    if (isLeaf) group.leaves.set(index, limit);
  }
  const last = `return [${members.map(index => `f${index}`).join(', ')}];\n`;
  return {
    source: `${[...group.declarations(), ...members.map(index => bodies.get(index)!)].join('\n')}\n${last}`,
    constants: group.constants,
    externals: group.externals,
  };
}

/** The functions that others of the group call and that call none themselves. */
function leavesOf(members: readonly number[], functionAt: (index: number) => IrFunction): ReadonlySet<number> {
  const called = new Set<number>();
  const callers = new Set<number>();
  for (const index of members) {
    for (const block of functionAt(index).blocks) {
      for (const { op, imm } of block.code) {
        if (op === 'call') called.add(imm as number);
        if (op === 'call' || op === 'fn.new') callers.add(index);
      }
    }
  }
  return new Set(members.filter(index => called.has(index) && !callers.has(index)));
}
