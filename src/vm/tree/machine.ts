// The tree engine: walks Core and does what it says. It is the oracle that every faster engine is compared with, so it is
// written to be read; where speed costs no clarity (slots instead of names, completion codes instead of exceptions) it takes it.
//
// A call gets a frame: an array with one place per slot. Statements give a completion: whether control goes on, leaves the
// loop, starts its next round, or returns (the value is then in `returned`). Faults are thrown.
import { unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/span.ts';
import type { CoreExpr, CoreFunction, CoreStmt, CoreUnit } from '../../core/core.ts';
import { fault } from '../../core/fault.ts';
import type { Meter } from '../../core/meter.ts';
import { isTruthy } from '../../core/value/compare.ts';
import { FunctionValue } from '../../core/value/function.ts';
import { List } from '../../core/value/list.ts';
import { RecordValue, recordOf } from '../../core/value/record.ts';
import { describe } from '../../core/value/show.ts';
import type { Value } from '../../core/value/value.ts';
import { allocate, arityFault, at, callFunctionValue, explainThrown, spend } from '../calls.ts';
import { bytesOfFrame, callsThatFit, DeepCalls, type FrameCosts, MOST_INDIRECT } from '../deep.ts';
import type { RunServices } from '../engine.ts';
import * as operations from '../operations.ts';
import { applyBinary, applyUnary, bytesOfBinary } from '../primitives.ts';

type Frame = (Value | undefined)[];

const NORMAL = 0;
const BREAK = 1;
const CONTINUE = 2;
const RETURN = 3;
type Completion = typeof NORMAL | typeof BREAK | typeof CONTINUE | typeof RETURN;

/** See deep.ts. */
const FRAME_COSTS: FrameCosts = { call: 560, statement: 500, before: 0, chained: 0, expression: 420 };

export class TreeMachine {
  private readonly unit: CoreUnit;
  private readonly services: RunServices;
  private returned: Value = null;
  private depth = 0;
  /** How many calls of function values nest. */
  private indirect = 0;
  /** How many calls may lie around each function, once it has been called. */
  private readonly limits: (number | undefined)[] = [];
  private readonly deep: DeepCalls;
  private readonly meter: Meter | undefined;
  /** Indexes of the functions that are running, outermost first; only the first `depth` entries count. */
  private readonly running: number[] = [];

  constructor(unit: CoreUnit, services: RunServices) {
    this.unit = unit;
    this.services = services;
    this.deep = new DeepCalls(unit, services);
    this.meter = services.meter;
  }

  /** Calls a function of the program. Throws a Fault. */
  run(callee: number, args: readonly Value[]): Value {
    this.depth = 0;
    this.indirect = 0;
    try {
      return this.callFunction(callee, args);
    } catch (error) {
      throw explainThrown(error, this.unit, this.running, this.depth);
    }
  }

  /** Calls what a value stands for: a program function, a builtin, or text that names a program function. */
  callValue(callee: Value, args: readonly Value[], fallback: string): Value {
    return callFunctionValue(callee, args, fallback, this.unit, this.services, this.callFunction);
  }

  private readonly callFunction = (callee: number, args: readonly Value[]): Value => {
    const fn = this.unit.functions[callee]!;
    if (args.length !== fn.params.length) throw arityFault(fn, args.length);
    if (this.indirect >= MOST_INDIRECT) return this.deep.callBelow(this.running, this.depth, callee, args);
    const frame: Frame = new Array(fn.slots);
    for (let i = 0; i < args.length; i++) frame[i] = args[i];
    this.indirect++;
    const result = this.enter(callee, fn, frame, undefined);
    this.indirect--;
    return result;
  };

  /** `frame` has a place for every slot and holds the arguments; `span` is the place of the call. */
  private enter(callee: number, fn: CoreFunction, frame: Frame, span: Span | undefined): Value {
    if (this.depth >= (this.limits[callee] ?? this.limitOf(callee))) return this.enterDeep(callee, fn, frame, span);
    this.running[this.depth++] = callee;
    if (this.meter !== undefined) spend(this.meter, 1, 0, fn.span);
    const completion = this.runBlock(fn.body, frame);
    this.depth--;
    return completion === RETURN ? this.returned : null;
  }

  private limitOf(callee: number): number {
    const fits = callsThatFit(bytesOfFrame(this.unit.functions[callee]!, FRAME_COSTS));
    const limit = Math.min(this.services.maxDepth, fits);
    this.limits[callee] = limit;
    return limit;
  }

  private enterDeep(callee: number, fn: CoreFunction, frame: Frame, span: Span | undefined): Value {
    try {
      return this.deep.callBelow(this.running, this.depth, callee, frame.slice(0, fn.params.length) as Value[]);
    } catch (error) {
      throw at(error, span);
    }
  }

  private runBlock(block: readonly CoreStmt[], frame: Frame): Completion {
    for (let i = 0; i < block.length; i++) {
      const stmt = block[i]!;
      if (stmt.kind === 'set') {
        frame[stmt.slot] = this.evaluate(stmt.value, frame);
      } else {
        const completion = this.runStatement(stmt, frame);
        if (completion !== NORMAL) return completion;
      }
    }
    return NORMAL;
  }

  private runStatement(stmt: CoreStmt, frame: Frame): Completion {
    switch (stmt.kind) {
      case 'return':
        this.returned = this.evaluate(stmt.value, frame);
        return RETURN;
      case 'cond': {
        const { arms } = stmt;
        for (let i = 0; i < arms.length; i++) {
          if (isTruthy(this.evaluate(arms[i]!.test, frame))) return this.runBlock(arms[i]!.body, frame);
        }
        return this.runBlock(stmt.otherwise, frame);
      }
      case 'eval':
        this.evaluate(stmt.value, frame);
        return NORMAL;
      case 'set':
        frame[stmt.slot] = this.evaluate(stmt.value, frame);
        return NORMAL;
      case 'while':
        return this.runWhile(stmt, frame);
      case 'range':
        return this.runRange(stmt, frame);
      case 'foreach':
        return this.runForeach(stmt, frame);
      case 'destructure': {
        const record = this.evaluate(stmt.value, frame);
        if (!(record instanceof RecordValue)) {
          throw at(fault('ILO-R005', 'destructure', { value: describe(record) }), stmt.span);
        }
        stmt.names.forEach((name, i) => {
          const value = record.get(name);
          if (value === undefined) throw at(fault('ILO-R005', 'missing', { name }), stmt.span);
          frame[stmt.slots[i]!] = value;
        });
        return NORMAL;
      }
      case 'break':
        return BREAK;
      case 'continue':
        return CONTINUE;
      default:
        return unreachable(stmt);
    }
  }

  private runWhile(stmt: CoreStmt & { kind: 'while' }, frame: Frame): Completion {
    for (;;) {
      const before = this.runBlock(stmt.before, frame);
      if (before !== NORMAL) return before;
      if (!isTruthy(this.evaluate(stmt.test, frame))) return NORMAL;
      if (this.meter !== undefined) spend(this.meter, 1, 0, stmt.span);
      const completion = this.runBlock(stmt.body, frame);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
    }
  }

  private runRange(stmt: CoreStmt & { kind: 'range' }, frame: Frame): Completion {
    const first = this.evaluate(stmt.from, frame);
    const last = this.evaluate(stmt.to, frame);
    let from: number;
    let to: number;
    try {
      from = operations.rangeBound(first, 'start');
      to = operations.rangeBound(last, 'end');
    } catch (error) {
      throw at(error, stmt.span);
    }
    for (let i = from; i < to; i++) {
      if (this.meter !== undefined) spend(this.meter, 1, 0, stmt.span);
      frame[stmt.slot] = i;
      const completion = this.runBlock(stmt.body, frame);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
    }
    return NORMAL;
  }

  private runForeach(stmt: CoreStmt & { kind: 'foreach' }, frame: Frame): Completion {
    const list = this.evaluate(stmt.list, frame);
    if (!(list instanceof List)) throw at(fault('ILO-R007', 'foreach', { value: describe(list) }), stmt.span);
    const { length } = list;
    for (let i = 0; i < length; i++) {
      if (this.meter !== undefined) spend(this.meter, 1, 0, stmt.span);
      frame[stmt.slot] = list.get(i)!;
      const completion = this.runBlock(stmt.body, frame);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
    }
    return NORMAL;
  }

  private evaluateAll(exprs: readonly CoreExpr[], frame: Frame): Value[] {
    const values: Value[] = [];
    for (let i = 0; i < exprs.length; i++) values.push(this.evaluate(exprs[i]!, frame));
    return values;
  }

  private evaluate(expr: CoreExpr, frame: Frame): Value {
    switch (expr.kind) {
      case 'local': {
        const value = frame[expr.slot];
        if (value === undefined) throw at(fault('ILO-R001', 'variable', { name: expr.name }), expr.span);
        return value;
      }
      case 'prim':
        return this.primitive(expr, frame);
      case 'const':
        return expr.value;
      case 'call': {
        const fn = this.unit.functions[expr.callee]!;
        const { args } = expr;
        if (args.length !== fn.params.length) throw at(arityFault(fn, args.length), expr.span);
        const inner: Frame = new Array(fn.slots);
        for (let i = 0; i < args.length; i++) inner[i] = this.evaluate(args[i]!, frame);
        return this.enter(expr.callee, fn, inner, expr.span);
      }
      case 'builtin': {
        const args = this.evaluateAll(expr.args, frame);
        try {
          return this.services.builtin(expr.name)!(args);
        } catch (error) {
          throw at(error, expr.span);
        }
      }
      case 'callValue': {
        const args = this.evaluateAll(expr.args, frame);
        const callee = this.evaluate(expr.callee, frame);
        try {
          return this.callValue(callee, args, expr.fallback);
        } catch (error) {
          throw at(error, expr.span);
        }
      }
      case 'and': {
        const left = this.evaluate(expr.left, frame);
        return isTruthy(left) ? this.evaluate(expr.right, frame) : left;
      }
      case 'or': {
        const left = this.evaluate(expr.left, frame);
        return isTruthy(left) ? left : this.evaluate(expr.right, frame);
      }
      case 'coalesce': {
        const value = this.evaluate(expr.value, frame);
        return value === null ? this.evaluate(expr.fallback, frame) : value;
      }
      case 'if':
        return isTruthy(this.evaluate(expr.test, frame))
          ? this.evaluate(expr.then, frame)
          : this.evaluate(expr.otherwise, frame);
      case 'list': {
        const items = this.evaluateAll(expr.items, frame);
        this.allocate(items.length, expr.span);
        return new List(items);
      }
      case 'function': {
        const captures = this.evaluateAll(expr.captures, frame);
        this.allocate(captures.length, expr.span);
        return new FunctionValue(expr.name, captures);
      }
      default:
        return this.evaluateRecord(expr, frame);
    }
  }

  private evaluateRecord(
    expr: CoreExpr & { kind: 'record' | 'with' | 'field' | 'index' | 'tool' },
    frame: Frame,
  ): Value {
    try {
      switch (expr.kind) {
        case 'field':
          return operations.readField(this.evaluate(expr.object, frame), expr.name, expr.safe);
        case 'index':
          return operations.readIndex(this.evaluate(expr.object, frame), expr.index, expr.safe);
        case 'record': {
          const values = new Array<Value>(expr.shape.names.length).fill(null);
          for (let i = 0; i < expr.values.length; i++) values[expr.order[i]!] = this.evaluate(expr.values[i]!, frame);
          this.allocate(values.length, expr.span);
          return recordOf(expr.shape, values);
        }
        case 'with': {
          const object = this.evaluate(expr.object, frame);
          const values = this.evaluateAll(expr.values, frame);
          if (object instanceof RecordValue) this.allocate(object.size, expr.span);
          return operations.updateRecord(object, expr.names, values);
        }
        case 'tool':
          return this.services.tool(this.unit.tools[expr.tool]!, this.evaluateAll(expr.args, frame));
        default:
          return unreachable(expr);
      }
    } catch (error) {
      throw at(error, expr.span);
    }
  }

  private primitive(expr: CoreExpr & { kind: 'prim' }, frame: Frame): Value {
    const left = this.evaluate(expr.args[0]!, frame);
    if (expr.args.length === 1) {
      if (expr.op === 'new.ok' || expr.op === 'new.err') this.allocate(1, expr.span);
      try {
        return applyUnary(expr.op, left);
      } catch (error) {
        throw at(error, expr.span);
      }
    }
    const right = this.evaluate(expr.args[1]!, frame);
    if (this.meter !== undefined) {
      const bytes = bytesOfBinary(expr.op, right);
      if (bytes > 0) spend(this.meter, 0, bytes, expr.span);
    }
    try {
      return applyBinary(expr.op, left, right);
    } catch (error) {
      throw at(error, expr.span);
    }
  }

  /** Charges for an object with so many items. */
  private allocate(items: number, span: Span): void {
    if (this.meter !== undefined) allocate(this.meter, items, span);
  }
}
