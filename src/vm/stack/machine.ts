// The stack engine: Core compiled to stack bytecode (compile.ts), checked (check.ts), and run by a loop (loop.ts) on arrays of its
// own, so that calls nest as deep as the limit says. It is also where the engines whose calls nest on JavaScript's stack go on when
// that is used up (../deep.ts): a run may begin below calls that are somebody else's.
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
import { capturesOf, type WalkCalls, type WalkMaker, Walks } from './walks.ts';

/** Places that the array of values may have: as many as a list may have items. */
const MAX_VALUES = 2 ** 26;

/** What a name calls. */
interface Named {
  /** A function of the program, or ELSEWHERE. */
  readonly index: number;
  readonly walk: WalkMaker | undefined;
}

export class StackMachine implements LoopState, WalkCalls {
  readonly unit: CoreUnit;
  readonly code: StackCode;
  readonly services: RunServices;
  readonly values: Value[] = [];
  readonly frames: number[] = [];
  readonly maxFp: number;
  readonly facts: Int32Array;
  private readonly walks: Walks;
  private readonly named = new Map<string, Named>();
  private readonly builtins: (((args: readonly Value[]) => Value) | undefined)[] = [];
  private readonly walkMakers: (WalkMaker | undefined)[] = [];
  /** What was thrown, and which instruction was to blame. */
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
    this.walks = new Walks(this);
  }

  /** Calls a function of the program. Throws a Fault. */
  run(callee: number, args: readonly Value[]): Value {
    return this.runBelow(0, callee, args);
  }

  /** Calls a function of the program that has `depth` calls around it; a fault's chain of calls begins with this one. Throws a Fault. */
  runBelow(depth: number, callee: number, args: readonly Value[]): Value {
    this.walks.clear();
    this.thrown = undefined;
    try {
      if (args.length !== this.code.functions[callee]!.params) {
        throw arityFault(this.unit.functions[callee]!, args.length);
      }
      if (depth >= this.services.maxDepth) throw this.depthFault();
      while (this.frames.length < FRAME * depth) this.frames.push(0);
      this.reserve(this.facts[callee * FACTS + SIZE]!, FRAME * depth);
      for (let i = 0; i < args.length; i++) this.values[i] = args[i]!;
      return runLoop(this, callee, FRAME * depth);
    } catch (error) {
      throw this.explain(error, depth);
    }
  }

  /** Calls what a value stands for, while nothing runs: during a run, walks are how builtins call. Throws a Fault. */
  callValue(callee: Value, args: readonly Value[], fallback: string): Value {
    return callFunctionValue(callee, args, fallback, this.unit, this.services, (index, all) => this.run(index, all));
  }

  callPlain(callee: Value, args: readonly Value[], fallback: string): Value {
    return this.callValue(callee, args, fallback);
  }

  programFunction(callee: Value, fallback: string): number {
    return this.find(callee, fallback).index;
  }

  walkMaker(callee: Value, fallback: string): WalkMaker | undefined {
    return this.find(callee, fallback).walk;
  }

  private find(callee: Value, fallback: string): Named {
    let name = fallback;
    if (callee instanceof FunctionValue) name = callee.name;
    else if (typeof callee === 'string' && (this.unit.byName.has(callee) || this.unit.toolByName.has(callee))) {
      name = callee;
    }
    let found = this.named.get(name);
    if (found === undefined) {
      const { unit, services } = this;
      // A builtin goes before a function of the same name.
      const isBuiltin = services.builtin(name) !== undefined;
      found = { index: isBuiltin ? ELSEWHERE : (unit.byName.get(name) ?? ELSEWHERE), walk: services.walk(name) };
      this.named.set(name, found);
    }
    return found;
  }

  callBuiltin(name: number, sp: number, count: number): number {
    let builtin = this.builtins[name];
    if (builtin === undefined) {
      const called = this.code.names[name]!;
      builtin = this.services.builtin(called);
      if (builtin === undefined) throw fault('ILO-R002', 'function', { name: called });
      this.builtins[name] = builtin;
      this.walkMakers[name] = this.services.walk(called);
    }
    const { values } = this;
    const makeWalk = this.walkMakers[name];
    if (makeWalk !== undefined) return this.walks.begin(makeWalk(values.slice(sp, sp + count)), sp);
    if (count === 1) values[sp] = builtin([values[sp]!]);
    else if (count === 2) values[sp] = builtin([values[sp]!, values[sp + 1]!]);
    else values[sp] = builtin(values.slice(sp, sp + count));
    return ELSEWHERE;
  }

  callOther(callee: Value, args: readonly Value[], fallback: string, sp: number): number {
    const makeWalk = this.walkMaker(callee, fallback);
    if (makeWalk !== undefined) return this.walks.begin(makeWalk([...args, ...capturesOf(callee)]), sp);
    this.values[sp] = this.callPlain(callee, args, fallback);
    return ELSEWHERE;
  }

  goOn(result: Value, sp: number): number {
    return this.walks.goOn(result, sp);
  }

  place(callee: number, args: readonly Value[], captures: readonly Value[], sp: number): void {
    const count = args.length + captures.length;
    if (count !== this.code.functions[callee]!.params) throw arityFault(this.unit.functions[callee]!, count);
    const { values } = this;
    for (let i = 0; i < args.length; i++) values[sp + i] = args[i]!;
    for (let i = 0; i < captures.length; i++) values[sp + args.length + i] = captures[i]!;
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
    this.thrown = thrown;
    this.thrownPc = pc;
    this.thrownFp = fp;
  }

  /** Completes what was thrown with the place, the chain of calls and the file. */
  private explain(thrown: unknown, depth: number): unknown {
    const noted = thrown === this.thrown;
    const { thrownPc: pc, thrownFp: fp, code } = this;
    this.thrown = undefined;
    if (!noted) return explainThrown(thrown, this.unit, [], 0);
    // A function is entered once its entry has been paid for.
    const end = code.words[pc] === STACK_OP_NUMBERS['charge.call'] ? fp - FRAME : fp;
    const running: number[] = [];
    for (let next = FRAME * (depth + 1); next <= end; next += FRAME) running.push(this.frames[next - 1]!);
    return explainThrown(at(thrown, placeAt(code, pc)), this.unit, running, running.length);
  }
}
