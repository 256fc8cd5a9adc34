// A run of the register machine that begins in the middle: frames are put in place with what their registers hold (landing.ts), and it stops at
// each charge of fuel that its watcher wants, where somebody else may go on with the innermost frame and give its result.
import { assert } from '../../base/assert.ts';
import type { CoreUnit } from '../../core/core.ts';
import { Fault } from '../../core/fault.ts';
import type { Value } from '../../core/value/value.ts';
import { explainThrown } from '../calls.ts';
import type { RunServices } from '../engine.ts';
import { argumentRegister, functionAt, largestFrame } from './code.ts';
import { dispatch } from './dispatch.ts';
import { FUEL_WIDTH, type Landing, type LandingUnit } from './landing.ts';
import { placeThrown } from './machine.ts';
import { sharedMemory } from './memory.ts';
import { DONE, FROM_OUTSIDE, MOVED, RegisterState, type Setting } from './state.ts';

/** Every call takes so many words. */
const CALL_WIDTH = 3;

/** A frame as it stands at a point. */
export interface LandedFrame {
  readonly landing: Landing;
  /** The value with a number in the IR; asked for those that are alive. */
  readonly held: (value: number) => Value;
}

/** How running went on: to the end, or to a charge of fuel that the watcher has stopped at. */
export type Landed = { readonly value: Value } | { readonly at: Landing };

export class LandedRun {
  private readonly landings: LandingUnit;
  private readonly setting: Setting;
  private readonly state: RegisterState;

  /** `services.maxDepth` is how many frames there may be. */
  constructor(core: CoreUnit, services: RunServices, landings: LandingUnit) {
    const { unit, watched } = landings;
    this.landings = landings;
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
    this.state = new RegisterState(this.setting, true);
    this.state.code = watched;
  }

  get depth(): number {
    return this.state.depth;
  }

  /** Begins with a function, when there is no frame yet. */
  begin(callee: number, args: readonly Value[]): void {
    const { state } = this;
    state.open(callee, FROM_OUTSIDE);
    args.forEach((arg, i) => {
      state.write(state.base + argumentRegister(i, args.length), arg);
    });
  }

  /** Puts a frame above the innermost one, which stands at a call. */
  push(frame: LandedFrame): void {
    const { state } = this;
    state.open(frame.landing.fn, state.depth === 0 ? FROM_OUTSIDE : state.pc);
    this.set(frame);
  }

  /** Lets the innermost frame, of the same function, stand at another point. */
  set({ landing, held }: LandedFrame): void {
    const { state } = this;
    assert(functionAt(this.setting.unit, state.pc) === landing.fn, 'a frame belongs to the function of its point');
    // A frame stands at its call until that is done, and behind a charge of fuel.
    state.pc = landing.instruction.op === 'call' ? landing.pc : landing.pc + FUEL_WIDTH;
    for (const [value, register] of landing.live) state.write(state.base + register, held(value));
  }

  /** What a register of the innermost frame holds. */
  read(register: number): Value {
    return this.state.read(this.state.base + register);
  }

  /** Charges the fuel of the point that the run was stopped at, and steps behind it. Throws a Fault. */
  step({ instruction }: Landing): void {
    const { state } = this;
    try {
      this.setting.services.meter?.charge(instruction.imm as number, 0);
    } catch (error) {
      throw this.fail(placeThrown(error, state));
    }
    state.pc += FUEL_WIDTH;
  }

  /** Ends the innermost frame with a result. Gives whether it was the only one. */
  giveBack(value: Value): boolean {
    const { state } = this;
    const { words, base } = state;
    const call = words[2 * base - 2]!;
    state.close();
    if (call < 0) return true;
    state.write(state.base + ((this.setting.unit.code[call]! >>> 8) & 255), value);
    state.pc = call + CALL_WIDTH;
    return false;
  }

  /** Runs until the end, or until `stops` says so at a charge of fuel, which has not been made then. Throws a Fault. */
  run(stops: (at: Landing) => boolean): Landed {
    const { state, setting } = this;
    const { byPlace } = this.landings;
    setting.watcher = ({ pc }) => !stops(byPlace.get(pc)!);
    try {
      let status = dispatch(state);
      while (status === MOVED) status = dispatch(state);
      if (status !== DONE) return { at: byPlace.get(state.pc)! };
    } catch (error) {
      throw this.fail(placeThrown(error, state));
    }
    return { value: state.read(state.resultAt) };
  }

  /** Completes what machine code has thrown in place of the innermost frame, with which its chain of calls begins. */
  completed(error: unknown): unknown {
    if (!(error instanceof Fault) || error.calls.length === 0) return this.fail(error);
    const outer = this.state.running().slice(0, -1);
    error.calls = [...outer.map(index => this.setting.core.functions[index]!.name), ...error.calls];
    return error;
  }

  private fail(error: unknown): unknown {
    const { state } = this;
    return explainThrown(error, this.setting.core, state.running(), state.depth);
  }
}
