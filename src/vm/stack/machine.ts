// The stack engine: Core compiled to stack bytecode (compile.ts), checked (check.ts), and run by a loop (loop.ts) on arrays of its
// own, so that calls nest as deep as the limit says, and a run may be suspended in any depth (`start`, then `resume` until it is done):
// where a tool is called whose answer is not there yet, and before any call or round of a loop. It is also where the engines whose calls nest on JavaScript's stack go on when
// that is used up (../deep.ts): a run may begin below calls that are somebody else's.
import type { CoreUnit } from '../../core/core.ts';
import { type Fault, fault } from '../../core/fault.ts';
import { FunctionValue } from '../../core/value/function.ts';
import { type RecordValue, recordOf } from '../../core/value/record.ts';
import type { Value } from '../../core/value/value.ts';
import { arityFault, at, callFunctionValue, explainThrown } from '../calls.ts';
import { type Entry, type RunServices, Waiting } from '../engine.ts';
import { checkStack } from './check.ts';
import { FACTS, PARAMS, placeAt, SIZE, type StackCode } from './code.ts';
import { compileStack } from './compile.ts';
import { runLoop } from './loop.ts';
import { ELSEWHERE, FRAME, IN_WALK, LEAVE, type LoopState, PAUSE, type Place, type StackNatives } from './state.ts';
import { capturesOf, type WalkCalls, type WalkMaker, Walks } from './walks.ts';

/** Places that the array of values may have: as many as a list may have items. */
const MAX_VALUES = 2 ** 26;

/** What `start` and `resume` give. `waiting` is what the tool has thrown; undefined when the run was only paused. */
export type Progress =
  | { readonly done: true; readonly value: Value }
  | { readonly done: false; readonly waiting: Waiting | undefined };

const NOWHERE: Place = { pc: LEAVE, sp: 0, fp: 0, base: 0 };

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
  /** For runs that may be suspended. */
  natives: StackNatives | undefined = undefined;
  private readonly walks: Walks;
  private readonly named = new Map<string, Named>();
  private readonly builtins: (((args: readonly Value[]) => Value) | undefined)[] = [];
  private readonly walkMakers: (WalkMaker | undefined)[] = [];
  /** What was thrown last, and where the run stood. */
  private thrown: unknown;
  private at = NOWHERE;

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
    try {
      return runLoop(this, callee, this.begin(depth, callee, args), LEAVE);
    } catch (error) {
      throw this.explain(error, depth);
    }
  }

  /** A prepared call: for up to three arguments, nothing is put into a list. */
  entry(callee: number): Entry {
    const { params } = this.code.functions[callee]!;
    const { values } = this;
    const place: Place = { pc: LEAVE, sp: params, fp: 0, base: 0 };
    this.reserve(this.facts[callee * FACTS + SIZE]!, 0);
    switch (params) {
      case 1:
        return (...args) => {
          if (args.length !== 1) throw this.wrongCount(callee, args.length);
          values[0] = args[0]!;
          return this.enter(callee, place);
        };
      case 2:
        return (...args) => {
          if (args.length !== 2) throw this.wrongCount(callee, args.length);
          values[0] = args[0]!;
          values[1] = args[1]!;
          return this.enter(callee, place);
        };
      case 3:
        return (...args) => {
          if (args.length !== 3) throw this.wrongCount(callee, args.length);
          values[0] = args[0]!;
          values[1] = args[1]!;
          values[2] = args[2]!;
          return this.enter(callee, place);
        };
      default:
        return (...args) => this.run(callee, args);
    }
  }

  /** The list of arguments of a prepared call must not be handed on: V8 then never makes it. */
  private wrongCount(callee: number, count: number): unknown {
    return explainThrown(arityFault(this.unit.functions[callee]!, count), this.unit, [], 0);
  }

  private enter(callee: number, place: Place): Value {
    this.walks.clear();
    try {
      return runLoop(this, callee, place, LEAVE);
    } catch (error) {
      throw this.explain(error, 0);
    }
  }

  /** Calls a function of the program, until the run is done or suspended. Throws a Fault. */
  start(callee: number, args: readonly Value[]): Progress {
    return this.advance(() => runLoop(this, callee, this.begin(0, callee, args), LEAVE));
  }

  /** Goes on with a suspended run; `answer` is the result of the tool where it waited for one. Throws a Fault. */
  resume(answer: Value = null): Progress {
    return this.resumeWith(() => answer);
  }

  /** As `resume`, where making the answer may throw: a Fault has its place in the call that waited, and what is Waiting waits there again. */
  resumeWith(makeAnswer: () => Value): Progress {
    const { at } = this;
    if (this.thrown === PAUSE) return this.advance(() => runLoop(this, ELSEWHERE, at, LEAVE));
    return this.advance(() => {
      const { pc, sp } = at;
      const answer = this.made(makeAnswer, at);
      let callee = ELSEWHERE;
      if (this.walks.isCalling) callee = this.answerWalk(answer, at);
      else this.values[sp] = answer;
      if (callee === ELSEWHERE) return runLoop(this, ELSEWHERE, { ...at, pc: pc + 3, sp: sp + 1 }, LEAVE);
      return runLoop(this, callee, { ...at, sp: sp + this.facts[callee * FACTS + PARAMS]! }, IN_WALK - pc);
    });
  }

  private made(makeAnswer: () => Value, at: Place): Value {
    try {
      return makeAnswer();
    } catch (error) {
      this.noteThrown(error, at);
      throw error;
    }
  }

  private answerWalk(answer: Value, at: Place): number {
    try {
      return this.walks.goOn(answer, at.sp);
    } catch (error) {
      this.noteThrown(error, at);
      throw error;
    }
  }

  private advance(go: () => Value): Progress {
    try {
      return { done: true, value: go() };
    } catch (error) {
      if (!(error instanceof Waiting)) throw this.explain(error, 0);
      this.thrown = error;
      return { done: false, waiting: error === PAUSE ? undefined : error };
    }
  }

  /** Makes ready to call a function that has `depth` calls around it. */
  private begin(depth: number, callee: number, args: readonly Value[]): Place {
    this.walks.clear();
    this.thrown = undefined;
    if (args.length !== this.code.functions[callee]!.params) {
      throw arityFault(this.unit.functions[callee]!, args.length);
    }
    if (depth >= this.services.maxDepth) throw this.depthFault();
    const fp = FRAME * depth;
    while (this.frames.length < fp) this.frames.push(0);
    this.reserve(this.facts[callee * FACTS + SIZE]!, fp);
    for (let i = 0; i < args.length; i++) this.values[i] = args[i]!;
    return { pc: LEAVE, sp: args.length, fp, base: 0 };
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
    return recordOf(shape, values);
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

  noteThrown(thrown: unknown, at: Place): void {
    this.thrown = thrown;
    this.at = at;
  }

  /** Completes what was thrown with the place, the chain of calls and the file. */
  private explain(thrown: unknown, depth: number): unknown {
    const isNoted = thrown === this.thrown;
    const { code } = this;
    const { pc, fp } = this.at;
    this.thrown = undefined;
    if (!isNoted) return explainThrown(thrown, this.unit, [], 0);
    const running: number[] = [];
    for (let next = FRAME * (depth + 1); next <= fp; next += FRAME) running.push(this.frames[next - 1]!);
    return explainThrown(at(thrown, placeAt(code, pc)), this.unit, running, running.length);
  }
}
