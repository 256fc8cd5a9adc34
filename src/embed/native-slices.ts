// Machine code in runs that stop: functions that the stack machine enters run natively, in slices (jit/native/slices.ts). Between two looks at the
// clock native code does much more than the stack machine does, so its slices are measured by the clock.
import type { CoreUnit } from '../core/core.ts';
import { Fault } from '../core/fault.ts';
import type { Meter } from '../core/meter.ts';
import { fitsIr } from '../ir/size.ts';
import type { Pause } from '../jit/native/call.ts';
import { isBare } from '../jit/native/shapes.ts';
import { type SlicedCall, SlicedCalls } from '../jit/native/slices.ts';
import { STACK_OP_NUMBERS } from '../spec/stack-ops.ts';
import type { RunServices } from '../vm/engine.ts';
import { WIDTHS } from '../vm/stack/cold.ts';
import type { StackMachine } from '../vm/stack/machine.ts';
import { FRAME, PAUSE, type Place, type StackNatives } from '../vm/stack/state.ts';

/** Milliseconds that the event loop waits for native code at most, about. */
const MOST_MILLISECONDS = 4;
/** Units of fuel between two looks at the clock, when a pause is wanted. */
const FUEL_PER_LOOK = 50_000;

export class NativeSlices implements StackNatives {
  readonly returnAt: number;
  private readonly unit: CoreUnit;
  private readonly machine: StackMachine;
  private readonly calls: SlicedCalls;
  private readonly pause: Pause;
  /** When the event loop had its turn. */
  private since = performance.now();
  /** What was left, and the frame that it runs in. */
  private left: { readonly call: SlicedCall; readonly fp: number } | undefined;
  /** Whether anything ran natively. */
  used = false;

  /** Undefined where there is no machine code, and for a program none of whose functions ever ends. */
  static create(unit: CoreUnit, services: RunServices, machine: StackMachine): NativeSlices | undefined {
    const returnAt = placeOfReturn(machine);
    if (returnAt === undefined) return undefined;
    const calls = fitsIr(unit) ? SlicedCalls.create(unit, services) : undefined;
    return calls === undefined ? undefined : new NativeSlices(unit, services.meter!, machine, calls, returnAt);
  }

  private constructor(unit: CoreUnit, meter: Meter, machine: StackMachine, calls: SlicedCalls, returnAt: number) {
    this.unit = unit;
    this.machine = machine;
    this.calls = calls;
    this.returnAt = returnAt;
    this.pause = {
      isDue: () => meter.fuel >= meter.pauseAt && performance.now() - this.since >= MOST_MILLISECONDS,
      untilDue: () => Math.max(FUEL_PER_LOOK, meter.pauseAt - meter.fuel),
    };
  }

  /** The event loop had its turn. */
  begin(): void {
    this.since = performance.now();
  }

  run({ sp, fp, base }: Place): boolean {
    const call = this.left?.fp === fp ? this.left.call : this.enter(fp, base);
    if (call === undefined) return false;
    this.left = undefined;
    this.used = true;
    let end: ReturnType<SlicedCall['goOn']>;
    try {
      end = call.goOn();
    } catch (error) {
      if (error instanceof Fault && error.calls.length > 0) error.calls = [...this.callers(fp), ...error.calls];
      throw error;
    }
    if (!end.done) {
      this.left = { call, fp };
      throw PAUSE;
    }
    this.machine.values[sp] = end.value;
    return true;
  }

  private enter(fp: number, base: number): SlicedCall | undefined {
    const { frames, values } = this.machine;
    const index = frames[fp - 1]!;
    if (!this.calls.isWorthwhile(index)) return undefined;
    const depth = fp / FRAME - 1;
    const args = values.slice(base, base + this.unit.functions[index]!.params.length);
    // Copying a list costs as much as going through it once: only what is called from outside may do that.
    if (depth > 0 && args.some(arg => typeof arg !== 'number' && typeof arg !== 'boolean')) return undefined;
    const fn = this.calls.fitting(index, args);
    if (fn === undefined || (depth > 0 && !isBare(fn.entry.result))) return undefined;
    return this.calls.begin(index, fn, depth, args, this.pause);
  }

  /** The functions around the one that runs in a frame, outermost first. */
  private callers(fp: number): string[] {
    const names: string[] = [];
    for (let at = FRAME; at < fp; at += FRAME) names.push(this.unit.functions[this.machine.frames[at - 1]!]!.name);
    return names;
  }
}

function placeOfReturn({ code: { words } }: StackMachine): number | undefined {
  for (let pc = 0; pc < words.length; pc += WIDTHS[words[pc]!]!) if (words[pc] === STACK_OP_NUMBERS.return) return pc;
  return undefined;
}
