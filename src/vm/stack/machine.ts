// The stack engine: Core compiled to stack bytecode (compile.ts), checked (check.ts), and run by a loop (loop.ts) on arrays of its
// own, so that calls nest as deep as the limit says.
import type { CoreUnit } from '../../core/core.ts';
import { type Fault, fault } from '../../core/fault.ts';
import { FunctionValue } from '../../core/value/function.ts';
import { RecordValue } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import { STACK_OP_NUMBERS } from '../../spec/stack-ops.ts';
import { arityFault, at, callFunctionValue, explainThrown } from '../calls.ts';
import type { RunServices } from '../engine.ts';
import { checkStack } from './check.ts';
import { FACTS, placeAt, SIZE, type StackCode } from './code.ts';
import { compileStack } from './compile.ts';
import { runLoop } from './loop.ts';
import { ELSEWHERE, FRAME, type LoopState } from './state.ts';

/** Places that the array of values may have: as many as a list may have items. */
const MAX_VALUES = 2 ** 26;

export class StackMachine implements LoopState {
  readonly unit: CoreUnit;
  readonly code: StackCode;
  readonly services: RunServices;
  readonly values: Value[] = [];
  readonly frames: number[] = [];
  sp = 0;
  fp = 0;
  readonly maxFp: number;
  readonly facts: Int32Array;
  private readonly functionOfName = new Map<string, number>();
  private readonly builtins: (((args: readonly Value[]) => Value) | undefined)[] = [];
  /** What was thrown last, and which instruction of the innermost run of the loop was to blame. */
  private thrown: unknown;
  private thrownPc = 0;
  private thrownFp = 0;

  /** Makes a machine for one run of a unit. Throws a StackCodeError when the code, if one is given, is malformed. */
  constructor(unit: CoreUnit, services: RunServices, code = compileStack(unit, services.meter !== undefined)) {
    this.unit = unit;
    this.code = code;
    this.services = services;
    this.facts = checkStack(code);
    this.maxFp = FRAME * services.maxDepth;
  }

  /** Calls a function of the program. Throws a Fault. */
  run(callee: number, args: readonly Value[]): Value {
    this.sp = 0;
    this.fp = 0;
    try {
      return this.callFunction(callee, args);
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** Calls what a value stands for: a program function, a builtin, or text that names a program function. Throws a Fault. */
  callValue(callee: Value, args: readonly Value[], fallback: string): Value {
    return callFunctionValue(callee, args, fallback, this.unit, this.services, (index, all) =>
      this.callFunction(index, all),
    );
  }

  private callFunction(callee: number, args: readonly Value[]): Value {
    if (args.length !== this.code.functions[callee]!.params)
      throw arityFault(this.unit.functions[callee]!, args.length);
    if (this.fp >= this.maxFp) throw this.depthFault();
    this.reserve(this.sp + this.facts[callee * FACTS + SIZE]!, this.fp);
    for (let i = 0; i < args.length; i++) this.values[this.sp + i] = args[i]!;
    return runLoop(this, callee);
  }

  programFunction(callee: Value, fallback: string): number {
    let name = fallback;
    if (callee instanceof FunctionValue) name = callee.name;
    else if (typeof callee === 'string' && (this.unit.byName.has(callee) || this.unit.toolByName.has(callee))) {
      name = callee;
    }
    let index = this.functionOfName.get(name);
    if (index === undefined) {
      // A builtin goes before a function of the same name.
      const isBuiltin = this.services.builtin(name) !== undefined;
      index = isBuiltin ? ELSEWHERE : (this.unit.byName.get(name) ?? ELSEWHERE);
      this.functionOfName.set(name, index);
    }
    return index;
  }

  callBuiltin(name: number, from: number, to: number): Value {
    let builtin = this.builtins[name];
    if (builtin === undefined) {
      builtin = this.services.builtin(this.code.names[name]!);
      if (builtin === undefined) throw fault('ILO-R002', 'function', { name: this.code.names[name]! });
      this.builtins[name] = builtin;
    }
    const { values } = this;
    if (to - from === 1) return builtin([values[from]!]);
    if (to - from === 2) return builtin([values[from]!, values[from + 1]!]);
    return builtin(values.slice(from, to));
  }

  makeRecord(layout: number, from: number): RecordValue {
    const { shape, order } = this.code.layouts[layout]!;
    const values = new Array<Value>(shape.names.length).fill(null);
    for (let i = 0; i < order.length; i++) values[order[i]!] = this.values[from + i]!;
    return new RecordValue(shape, values);
  }

  reserve(size: number, fp: number): void {
    const { values } = this;
    if (size <= values.length) return;
    if (size > MAX_VALUES) throw fault('ILO-R040', 'stack', { depth: fp / FRAME });
    const room = Math.min(MAX_VALUES, Math.max(2 * values.length, size, 64));
    while (values.length < room) values.push(null);
  }

  depthFault(): Fault {
    return fault('ILO-R040', 'depth', { limit: this.services.maxDepth });
  }

  noteThrown(thrown: unknown, pc: number, fp: number): void {
    if (thrown === this.thrown) return;
    this.thrown = thrown;
    this.thrownPc = pc;
    this.thrownFp = fp;
  }

  /** Completes what was thrown with the place, the chain of calls and the file. */
  private explain(thrown: unknown): unknown {
    const noted = thrown === this.thrown;
    const { thrownPc: pc, thrownFp: fp, code } = this;
    this.thrown = undefined;
    if (!noted) return explainThrown(thrown, this.unit, [], 0);
    // A function is entered once its entry has been paid for.
    const end = code.words[pc] === STACK_OP_NUMBERS['charge.call'] ? fp - FRAME : fp;
    const running: number[] = [];
    for (let next = FRAME; next <= end; next += FRAME) running.push(this.frames[next - 1]!);
    return explainThrown(at(thrown, placeAt(code, pc)), this.unit, running, running.length);
  }
}
