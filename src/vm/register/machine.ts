// The register engine: compiles a unit to register code and runs it. `vm` keeps one state for all runs of a machine, `vm-fresh` makes
// one for each run. What is nothing but arithmetic runs without any (straight.ts).
//
// A program can be run to its end (`run`, `entry`) or by instructions (`start`, then `resume` until it is done). Builtins that take
// functions call back through `callValue`, which runs the loop inside itself, in a run to the end, which is fastest. In a run by
// instructions they are taken apart (walks.ts): what they call has its frame here, and the run can be suspended in it. That is so for each
// such instruction that is watched, and so for all of them unless `start` was told to watch fewer.
import type { CoreUnit } from '../../core/core.ts';
import { Fault } from '../../core/fault.ts';
import { FunctionValue } from '../../core/value/function.ts';
import type { Value } from '../../core/value/value.ts';
import { at, callFunctionValue, explainThrown } from '../calls.ts';
import { DeepCalls, MOST_INDIRECT } from '../deep.ts';
import type { Entry, RunServices } from '../engine.ts';
import { functionAt, largestFrame, type RegisterUnit, spanAt } from './code.ts';
import { enterFunction } from './cold.ts';
import { compileUnit } from './compile.ts';
import { dispatch } from './dispatch.ts';
import { sharedMemory } from './memory.ts';
import { valueAt } from './objects.ts';
import { DONE, FROM_OUTSIDE, RegisterState, type Setting, SUSPENDED, type Watcher } from './state.ts';
import { callStraight, type StraightCode, straightCode, straightEntry } from './straight.ts';
import { canonical } from './value-word.ts';
import { RegisterWalks } from './walks.ts';
import { warmUp } from './warm.ts';
import { watchAll } from './watch.ts';

export interface RegisterOptions {
  /** Makes a new state for each run instead of using one again. */
  readonly fresh: boolean;
}

/** What `resume` gives. */
export type Progress = { readonly done: false } | { readonly done: true; readonly value: Value };

export class RegisterMachine {
  private readonly setting: Setting;
  private readonly fresh: boolean;
  /** How many calls back nest, each in a loop of its own; where they go on when there are too many. */
  private nested = 0;
  private deep: DeepCalls | undefined;
  /** The function value that was called back last, and the function that it stands for. */
  private lastCallee: FunctionValue | undefined;
  private lastIndex = 0;
  /** The code of that function when it is straight. */
  private lastStraight: StraightCode | undefined;
  /** What was started by `start`. */
  private started: RegisterState | undefined;
  /** The builtins that wait in it for what they call. */
  private walks: RegisterWalks | undefined;

  constructor(core: CoreUnit, services: RunServices, options: RegisterOptions, compiled?: RegisterUnit) {
    const unit = compiled ?? compileUnit(core, { metered: services.meter !== undefined });
    this.setting = {
      unit,
      memory: sharedMemory(),
      core,
      services,
      maxDepth: services.maxDepth,
      largest: largestFrame(unit) + 1,
      builtins: [],
      caller: undefined,
      watcher: undefined,
    };
    this.fresh = options.fresh;
    warmUp();
  }

  /** Calls a function of the program. Throws a Fault. */
  run(callee: number, args: readonly Value[]): Value {
    const state = this.acquire();
    const { depth } = state;
    if (depth !== 0 && !state.isOnTop) return this.callBelow(state, callee, args);
    try {
      enterFunction(state, callee, args, ~state.pc);
    } catch (error) {
      throw this.fail(error, state, depth);
    }
    return this.finish(state);
  }

  /** The same for many calls of one function. */
  entry(callee: number): Entry {
    const usual = this.usualEntry(callee);
    return straightEntry(this.setting, callee, usual) ?? usual;
  }

  /**
   * The same without a list of arguments and without looking for the version of the function that fits, when it takes a few
   * numbers and gets them.
   */
  private usualEntry(callee: number): Entry {
    const { unit, maxDepth } = this.setting;
    const { version, wants } = unit.functions[callee]!;
    const areNumbers = wants.every(want => want === 'number');
    const { start } = unit.functions[version ?? callee]!;
    const isSimple = version !== undefined && areNumbers && maxDepth > 0;
    switch (isSimple ? wants.length : -1) {
      case 1:
        return (...args) => {
          const first = args[0];
          const state = this.acquire();
          if (args.length !== 1 || typeof first !== 'number' || state.depth !== 0) return this.run(callee, args);
          state.openFirst(start);
          state.floats[state.base] = canonical(first);
          return this.finish(state);
        };
      case 2:
        return (...args) => {
          const first = args[0];
          const second = args[1];
          const state = this.acquire();
          if (args.length !== 2 || typeof first !== 'number' || typeof second !== 'number' || state.depth !== 0) {
            return this.run(callee, args);
          }
          state.openFirst(start);
          state.floats[state.base] = canonical(first);
          state.floats[state.base + 1] = canonical(second);
          return this.finish(state);
        };
      case 3:
        return (...args) => {
          const first = args[0];
          const second = args[1];
          const third = args[2];
          const state = this.acquire();
          const areThree = args.length === 3 && typeof third === 'number';
          if (!areThree || typeof first !== 'number' || typeof second !== 'number' || state.depth !== 0) {
            return this.run(callee, args);
          }
          state.openFirst(start);
          state.floats[state.base] = canonical(first);
          state.floats[state.base + 1] = canonical(second);
          state.floats[state.base + 2] = canonical(third);
          return this.finish(state);
        };
      default:
        return (...args) => this.run(callee, args);
    }
  }

  /**
   * Makes ready to call a function of the program, with every instruction watched or those of `code` (watch.ts). Throws a Fault when it
   * takes other arguments.
   */
  start(callee: number, args: readonly Value[], code: Int32Array = watchAll(this.setting.unit)): void {
    const { setting } = this;
    const state = new RegisterState(setting, true);
    this.started = state;
    this.walks = new RegisterWalks(state, (value, all, fallback) => this.callValue(value, all, fallback));
    try {
      enterFunction(state, callee, args, FROM_OUTSIDE);
    } catch (error) {
      throw this.fail(error, state, 0);
    }
    state.code = code;
  }

  /**
   * Runs what was started until it ends or the watcher says no; it is asked before each watched instruction, and may read the registers:
   * what records the way through a hot loop does so here. Throws a Fault.
   */
  observe(watcher: Watcher): Progress {
    return this.resumeWith(watcher);
  }

  /** Runs at most so many instructions of what was started. Throws a Fault. */
  resume(steps: number): Progress {
    let left = steps;
    return this.resumeWith(() => --left >= 0);
  }

  private resumeWith(watcher: Watcher): Progress {
    const state = this.started!;
    const walks = this.walks!;
    const { setting } = this;
    const { caller } = setting;
    let isWalk = false;
    setting.watcher = each => {
      const goesOn = watcher(each);
      isWalk = goesOn && walks.isNext;
      return goesOn && !isWalk;
    };
    try {
      for (;;) {
        const status = dispatch(state);
        if (status === SUSPENDED) {
          if (!isWalk) return { done: false };
          walks.begin();
        } else if (status === DONE) {
          if (state.depth === 0) break;
          // What has ended was called by a builtin.
          walks.goOn();
        }
      }
    } catch (error) {
      throw this.fail(placeThrown(error, state), state, 0);
    } finally {
      // What is suspended calls nothing, and is not called back.
      setting.caller = caller;
    }
    return { done: true, value: state.read(state.resultAt) };
  }

  /** How many places the table of heap values has: for tests. */
  get handles(): number {
    return this.started?.heap.values.length ?? 0;
  }

  /** Calls a function value in the middle of an instruction of this machine. Throws a Fault. */
  callValue(callee: Value, args: readonly Value[], fallback: string): Value {
    // A builtin calls the same value for every item.
    if (callee === this.lastCallee) {
      const number = this.callLastStraight(args);
      if (Number.isNaN(number)) return this.callBack(this.lastIndex, withCaptures(args, this.lastCallee));
      return this.lastStraight!.isTruth ? number !== 0 : number;
    }
    const { core, services } = this.setting;
    return callFunctionValue(callee, args, fallback, core, services, (index, all) => {
      if (callee instanceof FunctionValue) {
        this.lastCallee = callee;
        this.lastIndex = index;
        this.lastStraight = callee.captures.length === 0 ? straightCode(this.setting.unit, index) : undefined;
      }
      return this.callBack(index, all);
    });
  }

  /** A number, or 0 or 1 for a truth value; NaN where the usual way has to be gone. */
  private callLastStraight(args: readonly Value[]): number {
    const { lastStraight, setting } = this;
    const { caller, unit } = setting;
    if (lastStraight === undefined || caller === undefined || caller.depth === 0 || !caller.isOnTop) return Number.NaN;
    return callStraight(caller, lastStraight.start, unit.functions[this.lastIndex]!.params, args);
  }

  /** Runs a function of the program above what runs, in a loop of its own. */
  private callBack(callee: number, args: readonly Value[]): Value {
    const { unit, caller: state } = this.setting;
    if (state === undefined || state.depth === 0) return this.run(callee, args);
    if (this.nested >= MOST_INDIRECT || !state.isOnTop) return this.callBelow(state, callee, args);
    enterFunction(state, callee, args, ~state.pc);
    this.nested++;
    const { code } = state;
    if (state.isApart) state.code = unit.code;
    try {
      while (dispatch(state) !== DONE);
    } catch (error) {
      throw placeThrown(error, state);
    }
    state.code = code;
    this.nested--;
    return valueAt(state, state.resultAt);
  }

  /** Runs a function of the program beneath what runs, where there is no room above it. */
  private callBelow(state: RegisterState, callee: number, args: readonly Value[]): Value {
    const { core, services } = this.setting;
    this.deep ??= new DeepCalls(core, services);
    return this.deep.callBelow(state.running(), state.depth, callee, args);
  }

  /** A state to open a frame on: a new one, or above what runs. */
  private acquire(): RegisterState {
    const { caller } = this.setting;
    if (caller !== undefined && (caller.depth !== 0 || !this.fresh)) return caller;
    const state = new RegisterState(this.setting, false);
    if (!this.fresh) this.setting.caller = state;
    return state;
  }

  /** Runs the frame that was opened last to its end, and gives its result. */
  private finish(state: RegisterState): Value {
    const { depth } = state;
    try {
      while (dispatch(state) !== DONE);
    } catch (error) {
      throw this.fail(placeThrown(error, state), state, depth - 1);
    }
    // What is a number as a double is a number.
    const number = state.floats[state.resultAt]!;
    const value = Number.isNaN(number) ? state.read(state.resultAt) : number;
    if (state.isUsed && depth === 1) state.release();
    return value;
  }

  /** Completes what was thrown with the chain of calls, and leaves the frames above `depth`. */
  private fail(thrown: unknown, state: RegisterState, depth: number): unknown {
    const error = explainThrown(thrown, this.setting.core, state.running(), state.depth);
    while (state.depth > depth) state.close();
    if (depth === 0) {
      state.release();
      this.nested = 0;
    }
    return error;
  }
}

/** Gives a fault the place of the instruction that threw it, unless a place further in is known. */
export function placeThrown(thrown: unknown, state: RegisterState): unknown {
  const { unit } = state.setting;
  const error = at(thrown, undefined);
  if (!(error instanceof Fault) || error.span !== undefined || state.depth === 0) return error;
  const { pc } = state;
  const fn = unit.functions[functionAt(unit, pc)]!;
  error.span = spanAt(fn, pc);
  return error;
}

/** The arguments of a call of a function value: what it has captured stands behind them. */
function withCaptures(args: readonly Value[], { captures }: FunctionValue): readonly Value[] {
  return captures.length === 0 ? args : [...args, ...captures];
}
