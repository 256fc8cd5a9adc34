// The closure engine: Core compiled to nested JavaScript functions (code.ts), one function of the program at a time, when it is
// first called. It is what runs fast where code may not be generated from strings. The answers are those of the tree engine:
// the same operations, the same faults at the same places, the same charges in the same order.
import type { CoreUnit } from '../../core/core.ts';
import type { Value } from '../../core/value/value.ts';
import { arityFault, callFunctionValue, explainThrown } from '../calls.ts';
import type { Machine, RunServices } from '../engine.ts';
import { compileBody } from './bodies.ts';
import { frameOf, makeEnter } from './calls.ts';
import type { Compiler, State, Target } from './code.ts';
import { compileTest, compileValue } from './expressions.ts';
import { compileBlock } from './statements.ts';

/** Makes a machine for one run of a unit; functions are compiled as they are called. */
export function createClosureMachine(unit: CoreUnit, services: RunServices): Machine {
  const state: State = { depth: 0, returned: null, running: [] };
  const enter = makeEnter({ services, state });
  const targets: Target[] = [];

  function target(index: number): Target {
    const known = targets[index];
    if (known) return known;
    const fn = unit.functions[index]!;
    const made: Target = {
      index,
      fn,
      body: frame => {
        made.body = compileBody(fn.body, compiler);
        return made.body(frame);
      },
    };
    targets[index] = made;
    return made;
  }

  function callFunction(index: number, args: readonly Value[]): Value {
    const called = target(index);
    const { fn } = called;
    if (args.length !== fn.params.length) throw arityFault(fn, args.length);
    return enter(called, frameOf(fn.slots, args), undefined);
  }

  const callValue: Machine['callValue'] = (callee, args, fallback) =>
    callFunctionValue(callee, args, fallback, unit, services, callFunction);

  const compiler: Compiler = {
    unit,
    services,
    meter: services.meter,
    state,
    target,
    callValue,
    value: expr => compileValue(expr, compiler, enter),
    test: expr => compileTest(expr, compiler),
    block: block => compileBlock(block, compiler),
  };

  return {
    run: (callee, args) => {
      state.depth = 0;
      try {
        return callFunction(callee, args);
      } catch (error) {
        throw explainThrown(error, unit, state.running, state.depth);
      }
    },
    callValue,
  };
}
