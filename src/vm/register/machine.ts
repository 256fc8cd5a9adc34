// The register engine: compiles a unit to register code and runs it. `vm` keeps one state for all runs of a unit, `vm-fresh` makes
// one for each run.
//
// A program can be run to its end (`run`) or by instructions (`start`, then `resume` until it is done). Builtins that take
// functions call back through `callValue`, which runs the loop inside itself: such a call is one instruction to `resume`.
import type { CoreUnit } from '../../core/core.ts';
import { Fault } from '../../core/fault.ts';
import type { Value } from '../../core/value/value.ts';
import { OPCODE_OF } from '../../spec/register-ops.ts';
import { at, callFunctionValue, explainThrown } from '../calls.ts';
import type { RunServices } from '../engine.ts';
import { spanAt } from './code.ts';
import { enterFunction } from './cold.ts';
import { type Compiled, compileUnit } from './compile.ts';
import { DONE, dispatch, MOVED, SUSPENDED } from './loop.ts';
import { FRAME_FUNCTION, FRAME_SIZE, FROM_OUTSIDE, RegisterState } from './state.ts';

/** How many instructions run between two looks at whether to go on; only `resume` ever stops. */
const WITHOUT_END = 2 ** 30;

export interface RegisterOptions {
  /** Makes a new state for each run instead of using one again. */
  readonly fresh: boolean;
}

/** What `resume` gives. */
export type Progress = { readonly done: false } | { readonly done: true; readonly value: Value };

export class RegisterMachine {
  private readonly compiled: Compiled;
  private readonly core: CoreUnit;
  private readonly services: RunServices;
  private readonly fresh: boolean;
  private state: RegisterState | undefined;

  constructor(core: CoreUnit, services: RunServices, options: RegisterOptions, compiled?: Compiled) {
    this.core = core;
    this.services = services;
    this.fresh = options.fresh;
    this.compiled = compiled ?? compileUnit(core, { metered: services.meter !== undefined });
  }

  /** Calls a function of the program. Throws a Fault. */
  run(callee: number, args: readonly Value[]): Value {
    const state = this.acquire();
    let value: Value;
    try {
      state.pc = enterFunction(state, callee, args, FROM_OUTSIDE);
      while (dispatch(state, WITHOUT_END) !== DONE);
      value = state.read(state.resultAt);
    } catch (error) {
      throw this.explain(this.place(error));
    }
    this.release();
    return value;
  }

  /** Makes ready to call a function of the program. Throws a Fault when it takes other arguments. */
  start(callee: number, args: readonly Value[]): void {
    const state = this.acquire();
    try {
      state.pc = enterFunction(state, callee, args, FROM_OUTSIDE);
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** Runs at most so many instructions of what was started. Throws a Fault. */
  resume(steps: number): Progress {
    const state = this.state!;
    try {
      let status = dispatch(state, steps);
      while (status === MOVED) status = dispatch(state, state.stepsLeft);
      if (status === SUSPENDED) return { done: false };
      const value = state.read(state.resultAt);
      this.release();
      return { done: true, value };
    } catch (error) {
      throw this.explain(this.place(error));
    }
  }

  /** Calls a function value in the middle of an instruction of this machine. Throws a Fault. */
  callValue(callee: Value, args: readonly Value[], fallback: string): Value {
    const state = this.state!;
    return callFunctionValue(callee, args, fallback, this.core, this.services, (index, all) => {
      const { pc } = state;
      state.pc = enterFunction(state, index, all, FROM_OUTSIDE);
      const value = this.runFrame();
      state.pc = pc;
      return value;
    });
  }

  /** Runs the frame that was opened from outside to its end. */
  private runFrame(): Value {
    const state = this.state!;
    try {
      while (dispatch(state, WITHOUT_END) !== DONE);
    } catch (error) {
      throw this.place(error);
    }
    return state.read(state.resultAt);
  }

  private acquire(): RegisterState {
    const { compiled, services } = this;
    let state = this.state ?? (this.fresh ? undefined : compiled.spare);
    compiled.spare = undefined;
    if (state === undefined) state = new RegisterState(compiled.unit, this.core, services);
    state.reset(services);
    this.state = state;
    return state;
  }

  private release(): void {
    const state = this.state!;
    if (this.fresh) {
      this.state = undefined;
      return;
    }
    state.release();
    this.compiled.spare = state;
    this.state = undefined;
  }

  /** Gives a fault the place of the instruction that threw it, unless a place further in is known. */
  private place(thrown: unknown): unknown {
    const state = this.state!;
    const error = at(thrown, undefined);
    if (!(error instanceof Fault) || error.span !== undefined) return error;
    const { unit, pc } = state;
    const fn = unit.functions[state.innermost()];
    if (fn === undefined) return error;
    error.span = spanAt(fn, pc);
    // A function whose first charge strikes was not entered yet.
    if (pc === fn.start && (unit.code[pc]! & 255) === OPCODE_OF.fuel) state.depth--;
    return error;
  }

  /** Completes what was thrown with the chain of calls, and ends the run. */
  private explain(thrown: unknown): unknown {
    const { frames, depth } = this.state!;
    const running = Array.from({ length: depth }, (_, i) => frames[i * FRAME_SIZE + FRAME_FUNCTION]!);
    const error = explainThrown(thrown, this.core, running, depth);
    this.release();
    return error;
  }
}
