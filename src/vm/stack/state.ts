// What the run loop and the machine around it share: the arrays that a program lives in (loop.ts says how), facts about its
// functions, and what the loop leaves to the machine.
import type { CoreUnit } from '../../core/core.ts';
import type { Fault } from '../../core/fault.ts';
import { FunctionValue } from '../../core/value/function.ts';
import type { RecordValue } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import type { RunServices } from '../engine.ts';
import type { StackCode } from './code.ts';

/** What a slot holds before it is set. A value like any other, so that nothing goes wrong where one gets loose. */
export const EMPTY = new FunctionValue('', []);

/** Return address of a frame that the run loop was started for. */
export const LEAVE = -1;

/** Places in `frames` for one call; the last one is the function. */
export const FRAME = 3;

/** What a name stands for when it is no program function. */
export const ELSEWHERE = -1;

/** The machine, as far as the run loop works on it. */
export interface LoopState {
  readonly unit: CoreUnit;
  readonly code: StackCode;
  readonly services: RunServices;
  readonly values: Value[];
  readonly frames: number[];
  /** Where the arrays end outside of the loop: it writes them down before it calls anything that may start it again. */
  sp: number;
  fp: number;
  readonly maxFp: number;
  /** What the checker says of the functions. */
  readonly facts: Int32Array;
  /** Makes room for so many values. */
  readonly reserve: (size: number, fp: number) => void;
  readonly depthFault: () => Fault;
  /** Notes what is to blame. It may run at the very end of the JavaScript stack, so it does next to nothing. */
  readonly noteThrown: (thrown: unknown, pc: number, fp: number) => void;
  /** The program function that is called when a value is, or ELSEWHERE. */
  readonly programFunction: (callee: Value, fallback: string) => number;
  readonly callValue: (callee: Value, args: readonly Value[], fallback: string) => Value;
  /** Calls the builtin with the values from one place to before another. */
  readonly callBuiltin: (name: number, from: number, to: number) => Value;
  readonly makeRecord: (layout: number, from: number) => RecordValue;
}
