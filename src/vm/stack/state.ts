// What the run loop and the machine around it share: the arrays that a program lives in, facts about its functions, and what the loop
// leaves to the machine.
//
// Values, of the locals as of the operands, live in one array that grows; what a call has to remember lives in another. So the depth
// of a program is bounded by its limit and never by the stack of JavaScript:
//
//     values  … | arguments, locals, loops | operands … |        frames  … | return address, base of the caller, function |
//                 ^ base                                ^ sp                                                              ^ fp
//
// The arguments that a caller has pushed are the first places of the callee's frame. A builtin that calls functions is a walk
// (core/walk.ts), which waits beside these arrays while a function runs: walks.ts. So the loop never runs inside itself.
import type { CoreUnit } from '../../core/core.ts';
import type { Fault } from '../../core/fault.ts';
import { FunctionValue } from '../../core/value/function.ts';
import type { RecordValue } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import { type RunServices, Waiting } from '../engine.ts';
import type { StackCode } from './code.ts';

/** What a slot holds before it is set. A value like any other, so that nothing goes wrong where one gets loose. */
export const EMPTY = new FunctionValue('', []);

/** Return address of the frame that the run loop was started for. */
export const LEAVE = -1;

/** The return address of a function that a builtin calls is this minus the index of the builtin's instruction, which goes on then. */
export const IN_WALK = -2;

/** Places in `frames` for one call; the last one is the function. */
export const FRAME = 3;

/** What a name stands for when it is no program function; and what is to be called when nothing is left to call. */
export const ELSEWHERE = -1;

/** What suspends a metered run before it counts a call or a round of a loop. */
export const PAUSE = new Waiting();

/** Where a run stands. Where a call was suspended, its result goes to `sp`. */
export interface Place {
  readonly pc: number;
  readonly sp: number;
  readonly fp: number;
  readonly base: number;
}

/** Runs functions that have just been entered in another way. */
export interface StackNatives {
  /**
   * Runs the function whose frame has been opened, if it can: then its result lies at `sp`. Throws a Fault whose chain of calls is complete,
   * or PAUSE, and goes on when it is called again for the same frame.
   */
  readonly run: (place: Place) => boolean;
  /** The place of an instruction that returns. */
  readonly returnAt: number;
}

/** The machine, as far as the run loop works on it. */
export interface LoopState {
  readonly natives: StackNatives | undefined;
  readonly unit: CoreUnit;
  readonly code: StackCode;
  readonly services: RunServices;
  readonly values: Value[];
  readonly frames: number[];
  readonly maxFp: number;
  /** What the checker says of the functions. */
  readonly facts: Int32Array;
  /** Makes room for so many values. */
  readonly reserve: (size: number, fp: number) => void;
  readonly depthFault: () => Fault;
  /** Notes where something was thrown. It may run at the very end of the JavaScript stack, so it does next to nothing. */
  readonly noteThrown: (thrown: unknown, at: Place) => void;
  /** The program function that is called when a value is, or ELSEWHERE. */
  readonly programFunction: (callee: Value, fallback: string) => number;
  /**
   * These three call a builtin, call what is no program function, or go on with what a builtin began when its function has given a
   * value. Either they give the function to call next, whose arguments then lie from `sp` on, or ELSEWHERE, and the result lies there.
   */
  readonly callBuiltin: (name: number, sp: number, count: number) => number;
  readonly callOther: (callee: Value, args: readonly Value[], fallback: string, sp: number) => number;
  readonly goOn: (result: Value, sp: number) => number;
  readonly makeRecord: (layout: number, from: number) => RecordValue;
}
