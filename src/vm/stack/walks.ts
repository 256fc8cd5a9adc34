// Builtins that call functions, on the stack machine: their walks (core/walk.ts) wait here, the innermost last, while a function that
// they call has its frame like any other. A walk may call a builtin that is a walk itself, which then is `inner`: its result goes
// to the walk below and not to the program.
import { FunctionValue } from '../../core/value/function.ts';
import type { Value } from '../../core/value/value.ts';
import type { Walk } from '../../core/walk.ts';
import { ELSEWHERE } from './state.ts';

/** Makes the walk of a builtin for its arguments, and charges for it. */
export type WalkMaker = (args: readonly Value[]) => Walk;

/** The machine, as far as walks need it. */
export interface WalkCalls {
  readonly values: Value[];
  /** The program function that is called when a value is, or ELSEWHERE. */
  readonly programFunction: (callee: Value, fallback: string) => number;
  /** How a builtin that calls functions begins, if that is what a value stands for. */
  readonly walkMaker: (callee: Value, fallback: string) => WalkMaker | undefined;
  /** Calls what is neither. */
  readonly callPlain: (callee: Value, args: readonly Value[], fallback: string) => Value;
  /** Puts arguments and captured values from `sp` on, for a function of the program. */
  readonly place: (callee: number, args: readonly Value[], captures: readonly Value[], sp: number) => void;
}

interface OpenWalk {
  readonly walk: Walk;
  /** The function of the program that it calls, or ELSEWHERE. */
  readonly callee: number;
  readonly inner: boolean;
}

const NONE: readonly Value[] = [];

export const capturesOf = (callee: Value): readonly Value[] =>
  callee instanceof FunctionValue ? callee.captures : NONE;

export class Walks {
  private readonly machine: WalkCalls;
  private readonly open: OpenWalk[] = [];
  /** Whether the innermost walk calls something that is no function of the program: a tool may suspend the run there. */
  isCalling = false;

  constructor(machine: WalkCalls) {
    this.machine = machine;
  }

  /** Forgets what a fault has left behind. */
  clear(): void {
    if (this.open.length > 0) this.open.length = 0;
    this.isCalling = false;
  }

  /** Begins a walk: see LoopState for what it gives. */
  begin(walk: Walk, sp: number): number {
    this.push(walk, false);
    return this.step(sp);
  }

  /** The innermost walk gets what its function gave. */
  goOn(result: Value, sp: number): number {
    this.isCalling = false;
    this.take(result);
    return this.step(sp);
  }

  private push(walk: Walk, inner: boolean): void {
    // A walk without calls may have no function.
    const callee = walk.fn === null ? ELSEWHERE : this.machine.programFunction(walk.fn, '');
    this.open.push({ walk, callee, inner });
  }

  private take(result: Value): void {
    this.open[this.open.length - 1]!.walk.take(result);
  }

  private step(sp: number): number {
    const { machine } = this;
    for (;;) {
      const { walk, callee, inner } = this.open[this.open.length - 1]!;
      const args = walk.next();
      if (args === undefined) {
        this.open.pop();
        const result = walk.finish();
        if (inner) {
          this.take(result);
          continue;
        }
        machine.values[sp] = result;
        return ELSEWHERE;
      }
      if (callee !== ELSEWHERE) {
        machine.place(callee, args, capturesOf(walk.fn), sp);
        return callee;
      }
      const make = machine.walkMaker(walk.fn, '');
      if (make !== undefined) {
        this.push(make(args), true);
        continue;
      }
      this.isCalling = true;
      const result = machine.callPlain(walk.fn, args, '');
      this.isCalling = false;
      this.take(result);
    }
  }
}
