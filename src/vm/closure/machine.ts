// The closure engine: Core compiled to nested JavaScript functions (code.ts), one function of the program at a time, when it is
// first called. It is what runs fast where code may not be generated from strings. The answers are those of the tree engine:
// the same operations, the same faults at the same places, the same charges in the same order.
import type { Span } from '../../base/span.ts';
import type { CoreUnit } from '../../core/core.ts';
import { FunctionValue } from '../../core/value/function.ts';
import type { Value } from '../../core/value/value.ts';
import { arityFault, at, callFunctionValue, explainThrown } from '../calls.ts';
import { bytesOfFrame, callsThatFit, DeepCalls, type FrameCosts, MOST_INDIRECT } from '../deep.ts';
import type { Entry, RunServices } from '../engine.ts';
import { compileBody } from './bodies.ts';
import { frameOf } from './calls.ts';
import type { Code, Compiler, Frame, State, Target } from './code.ts';
import { compileTest, compileValue } from './expressions.ts';
import { compileBlock } from './statements.ts';

const NONE: readonly Value[] = [];

/** See deep.ts. */
const FRAME_COSTS: FrameCosts = { call: 450, statement: 220, before: 100, chained: 13, expression: 110 };

/** A class, because V8 inlines `enter` at every call only when all machines share one function for it. */
export class ClosureMachine implements State {
  depth = 0;
  returned: Value = null;
  readonly running: number[] = [];
  /** How many calls of function values nest. */
  private indirect = 0;
  private readonly deep: DeepCalls;
  private readonly unit: CoreUnit;
  private readonly services: RunServices;
  private readonly targets: Target[] = [];
  private readonly compiler: Compiler;
  private calledName: string | undefined;
  private calledIndex: number | undefined;

  /** Functions of the unit are compiled as they are called. */
  constructor(unit: CoreUnit, services: RunServices) {
    this.unit = unit;
    this.services = services;
    this.deep = new DeepCalls(unit, services);
    const compiler: Compiler = {
      unit,
      services,
      meter: services.meter,
      state: this,
      target: index => this.target(index),
      callValue: (callee, args, fallback) => this.callValue(callee, args, fallback),
      value: expr => compileValue(expr, compiler),
      test: expr => compileTest(expr, compiler),
      block: block => compileBlock(block, compiler),
    };
    this.compiler = compiler;
  }

  /** Calls a function of the program. Throws a Fault. */
  run(callee: number, args: readonly Value[]): Value {
    this.depth = 0;
    this.indirect = 0;
    try {
      return this.callFunction(callee, args);
    } catch (error) {
      throw explainThrown(error, this.unit, this.running, this.depth);
    }
  }

  /** A prepared call: for up to three arguments, nothing is put into a list. */
  entry(callee: number): Entry {
    const target = this.target(callee);
    const none = undefined;
    switch (target.fn.slots <= 8 ? target.arity : -1) {
      case 1:
        return (...args) => {
          if (args.length !== 1) throw this.wrongCount(callee, args.length);
          return this.enterFirst(target, [args[0], none, none, none, none, none, none, none]);
        };
      case 2:
        return (...args) => {
          if (args.length !== 2) throw this.wrongCount(callee, args.length);
          return this.enterFirst(target, [args[0], args[1], none, none, none, none, none, none]);
        };
      case 3:
        return (...args) => {
          if (args.length !== 3) throw this.wrongCount(callee, args.length);
          return this.enterFirst(target, [args[0], args[1], args[2], none, none, none, none, none]);
        };
      default:
        return (...args) => this.run(callee, args);
    }
  }

  /** The list of arguments of a prepared call must not be handed on: V8 then never makes it. */
  private wrongCount(callee: number, count: number): unknown {
    return explainThrown(arityFault(this.unit.functions[callee]!, count), this.unit, [], 0);
  }

  private enterFirst(target: Target, frame: Frame): Value {
    this.depth = 0;
    this.indirect = 0;
    try {
      return this.enter(target, frame, undefined);
    } catch (error) {
      throw explainThrown(error, this.unit, this.running, this.depth);
    }
  }

  /** Calls what a value stands for: a program function, a builtin, or text that names a program function. */
  callValue(callee: Value, args: readonly Value[], fallback: string): Value {
    if (callee instanceof FunctionValue) {
      const { name, captures } = callee;
      const index = name === this.calledName ? this.calledIndex : this.findFunction(name);
      if (index !== undefined) return this.callFunction(index, args, captures);
    }
    return callFunctionValue(callee, args, fallback, this.unit, this.services, (index, all) =>
      this.callFunction(index, all),
    );
  }

  /** The function that a function value of this name calls, which is remembered: callbacks are called again and again. */
  private findFunction(name: string): number | undefined {
    const index = this.services.builtin(name) === undefined ? this.unit.byName.get(name) : undefined;
    this.calledName = name;
    this.calledIndex = index;
    return index;
  }

  enter(target: Target, frame: Frame, span: Span | undefined): Value {
    if (this.depth >= target.limit) return this.enterDeep(target, frame, span);
    this.running[this.depth++] = target.index;
    const result = target.body(frame);
    this.depth--;
    return result;
  }

  private enterDeep(target: Target, frame: Frame, span: Span | undefined): Value {
    try {
      const args = frame.slice(0, target.arity) as Value[];
      return this.deep.callBelow(this.running, this.depth, target.index, args);
    } catch (error) {
      throw at(error, span);
    }
  }

  /** The captured values follow the arguments. */
  private callFunction(index: number, args: readonly Value[], captures: readonly Value[] = NONE): Value {
    const target = this.targets[index] ?? this.target(index);
    const count = args.length;
    if (count + captures.length !== target.arity) throw arityFault(target.fn, count + captures.length);
    const frame = frameOf(target.fn.slots, args);
    for (let i = 0; i < captures.length; i++) frame[count + i] = captures[i];
    if (this.indirect >= MOST_INDIRECT) return this.enterDeep(target, frame, undefined);
    this.indirect++;
    const result = this.enter(target, frame, undefined);
    this.indirect--;
    return result;
  }

  private target(index: number): Target {
    const known = this.targets[index];
    if (known) return known;
    const fn = this.unit.functions[index]!;
    const target: Target = {
      index,
      fn,
      arity: fn.params.length,
      limit: Math.min(this.services.maxDepth, callsThatFit(bytesOfFrame(fn, FRAME_COSTS))),
      body: frame => {
        target.body = this.charged(compileBody(fn.body, this.compiler), fn.span);
        return target.body(frame);
      },
    };
    this.targets[index] = target;
    return target;
  }

  /** A body that is charged for. */
  private charged(body: Code, span: Span): Code {
    const { meter } = this.services;
    if (meter === undefined) return body;
    return frame => {
      try {
        meter.charge(1, 0);
      } catch (error) {
        throw at(error, span);
      }
      return body(frame);
    };
  }
}
