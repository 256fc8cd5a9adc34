// The tree engine: walks Core and does what it says. It is the oracle that every faster engine is compared with, so it is
// written to be read; where speed costs no clarity (slots instead of names, completion codes instead of exceptions) it takes it.
//
// A call gets a frame: an array with one place per slot. Statements give a completion: whether control goes on, leaves the
// loop, starts its next round, or returns (the value is then in `returned`). Faults are thrown.
import { unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/span.ts';
import type { CoreExpr, CoreFunction, CoreStmt, CoreUnit } from '../../core/core.ts';
import { Fault, fault } from '../../core/fault.ts';
import { BYTES_PER_ITEM, BYTES_PER_OBJECT, BYTES_PER_UNIT, type Meter } from '../../core/meter.ts';
import { isTruthy, valuesEqual } from '../../core/value/compare.ts';
import { FunctionValue } from '../../core/value/function.ts';
import { List } from '../../core/value/list.ts';
import { RecordValue } from '../../core/value/record.ts';
import { Err, Ok } from '../../core/value/result.ts';
import { describe } from '../../core/value/show.ts';
import type { Value } from '../../core/value/value.ts';
import type { CoreOp } from '../../spec/core-ops.ts';
import type { RunServices } from '../engine.ts';
import * as operations from '../operations.ts';

type Frame = (Value | undefined)[];

const NORMAL = 0;
const BREAK = 1;
const CONTINUE = 2;
const RETURN = 3;
type Completion = typeof NORMAL | typeof BREAK | typeof CONTINUE | typeof RETURN;

export class TreeMachine {
  private readonly unit: CoreUnit;
  private readonly services: RunServices;
  private returned: Value = null;
  private depth = 0;
  private readonly maxDepth: number;
  private readonly meter: Meter | undefined;
  /** Indexes of the functions that are running, outermost first; only the first `depth` entries count. */
  private readonly running: number[] = [];

  constructor(unit: CoreUnit, services: RunServices) {
    this.unit = unit;
    this.services = services;
    this.maxDepth = services.maxDepth;
    this.meter = services.meter;
  }

  /** Calls a function of the program. Throws a Fault. */
  run(callee: number, args: readonly Value[]): Value {
    this.depth = 0;
    try {
      return this.callWith(callee, args);
    } catch (error) {
      throw this.explain(error);
    }
  }

  /** Calls what a value stands for: a program function, a builtin, or text that names a program function. */
  callValue(callee: Value, args: readonly Value[], fallback: string): Value {
    let name = fallback;
    let all = args;
    if (callee instanceof FunctionValue) {
      name = callee.name;
      if (callee.captures.length > 0) all = [...args, ...callee.captures];
    } else if (typeof callee === 'string' && this.isCallable(callee)) {
      name = callee;
    }
    const builtin = this.services.builtin(name);
    if (builtin) return builtin(all);
    const index = this.unit.byName.get(name);
    if (index !== undefined) return this.callWith(index, all);
    const tool = this.unit.toolByName.get(name);
    if (tool !== undefined) return this.services.tool(this.unit.tools[tool]!, all);
    throw fault('ILO-R002', 'function', { name: name === '' ? describe(callee) : name });
  }

  private isCallable(name: string): boolean {
    return this.unit.byName.has(name) || this.unit.toolByName.has(name);
  }

  /** Completes what was thrown with what only the machine knows: the chain of calls, and the depth where the stack ended. */
  private explain(thrown: unknown): unknown {
    const error = isStackOverflow(thrown) ? this.stackFault() : thrown;
    if (error instanceof Fault) {
      if (error.calls.length === 0) {
        error.calls = this.running.slice(0, this.depth).map(index => this.unit.functions[index]!.name);
      }
      const file = this.unit.functions[this.running[this.depth - 1] ?? -1]?.file;
      if (file !== undefined && error.file === undefined) error.file = file;
    }
    return error;
  }

  private stackFault(): Fault {
    const innermost = this.unit.functions[this.running[this.depth - 1]!]!;
    return this.at(fault('ILO-R040', 'stack', { depth: this.depth }), innermost.span) as Fault;
  }

  private callWith(callee: number, args: readonly Value[]): Value {
    const fn = this.unit.functions[callee]!;
    if (args.length !== fn.params.length) throw this.arityFault(fn, args.length);
    const frame: Frame = new Array(fn.slots);
    for (let i = 0; i < args.length; i++) frame[i] = args[i];
    return this.enter(callee, fn, frame, undefined);
  }

  /** `frame` has a place for every slot and holds the arguments; `span` is the place of the call. */
  private enter(callee: number, fn: CoreFunction, frame: Frame, span: Span | undefined): Value {
    if (this.depth >= this.maxDepth) throw this.at(fault('ILO-R040', 'depth', { limit: this.maxDepth }), span);
    if (this.meter !== undefined) this.spend(1, 0, fn.span);
    this.running[this.depth++] = callee;
    const completion = this.runBlock(fn.body, frame);
    this.depth--;
    return completion === RETURN ? this.returned : null;
  }

  private arityFault(fn: CoreFunction, got: number): Fault {
    const want = fn.params.length - fn.captures;
    return fault('ILO-R004', 'arity', { name: fn.name, want, got: got - fn.captures });
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
          throw this.at(fault('ILO-R005', 'destructure', { value: describe(record) }), stmt.span);
        }
        stmt.names.forEach((name, i) => {
          const value = record.get(name);
          if (value === undefined) throw this.at(fault('ILO-R005', 'missing', { name }), stmt.span);
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
      if (this.meter !== undefined) this.spend(1, 0, stmt.span);
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
      throw this.at(error, stmt.span);
    }
    for (let i = from; i < to; i++) {
      if (this.meter !== undefined) this.spend(1, 0, stmt.span);
      frame[stmt.slot] = i;
      const completion = this.runBlock(stmt.body, frame);
      if (completion === BREAK) return NORMAL;
      if (completion === RETURN) return RETURN;
    }
    return NORMAL;
  }

  private runForeach(stmt: CoreStmt & { kind: 'foreach' }, frame: Frame): Completion {
    const list = this.evaluate(stmt.list, frame);
    if (!(list instanceof List)) throw this.at(fault('ILO-R007', 'foreach', { value: describe(list) }), stmt.span);
    const { length } = list;
    for (let i = 0; i < length; i++) {
      if (this.meter !== undefined) this.spend(1, 0, stmt.span);
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
        if (value === undefined) throw this.at(fault('ILO-R001', 'variable', { name: expr.name }), expr.span);
        return value;
      }
      case 'prim':
        return this.primitive(expr, frame);
      case 'const':
        return expr.value;
      case 'call': {
        const fn = this.unit.functions[expr.callee]!;
        const { args } = expr;
        if (args.length !== fn.params.length) throw this.at(this.arityFault(fn, args.length), expr.span);
        const inner: Frame = new Array(fn.slots);
        for (let i = 0; i < args.length; i++) inner[i] = this.evaluate(args[i]!, frame);
        return this.enter(expr.callee, fn, inner, expr.span);
      }
      case 'builtin': {
        const args = this.evaluateAll(expr.args, frame);
        try {
          return this.services.builtin(expr.name)!(args);
        } catch (error) {
          throw this.at(error, expr.span);
        }
      }
      case 'callValue': {
        const args = this.evaluateAll(expr.args, frame);
        const callee = this.evaluate(expr.callee, frame);
        try {
          return this.callValue(callee, args, expr.fallback);
        } catch (error) {
          throw this.at(error, expr.span);
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
          return new RecordValue(expr.shape, values);
        }
        case 'with': {
          const object = this.evaluate(expr.object, frame);
          const values = this.evaluateAll(expr.values, frame);
          if (object instanceof RecordValue) this.allocate(object.values.length, expr.span);
          return operations.updateRecord(object, expr.names, values);
        }
        case 'tool':
          return this.services.tool(this.unit.tools[expr.tool]!, this.evaluateAll(expr.args, frame));
        default:
          return unreachable(expr);
      }
    } catch (error) {
      throw this.at(error, expr.span);
    }
  }

  private primitive(expr: CoreExpr & { kind: 'prim' }, frame: Frame): Value {
    const left = this.evaluate(expr.args[0]!, frame);
    if (expr.args.length === 1) {
      switch (expr.op) {
        case 'not':
          return !isTruthy(left);
        case 'truthy':
          return isTruthy(left);
        case 'is.nil':
          return left === null;
        case 'is.ok':
          return left instanceof Ok;
        case 'is.err':
          return left instanceof Err;
        case 'is.num':
          return typeof left === 'number';
        case 'is.text':
          return typeof left === 'string';
        case 'is.bool':
          return typeof left === 'boolean';
        case 'is.list':
          return left instanceof List;
        case 'payload':
          return operations.payload(left);
        case 'new.ok':
          this.allocate(1, expr.span);
          return new Ok(left);
        case 'new.err':
          this.allocate(1, expr.span);
          return new Err(left);
        case 'num.neg':
          return -(left as number);
        case 'panic':
        case 'any.neg':
          try {
            return expr.op === 'panic' ? operations.panic(left) : operations.negate(left);
          } catch (error) {
            throw this.at(error, expr.span);
          }
      }
    }
    const right = this.evaluate(expr.args[1]!, frame);
    if (this.meter !== undefined) {
      const bytes = bytesOfBinary(expr.op, right);
      if (bytes > 0) this.spend(0, bytes, expr.span);
    }
    try {
      return applyBinary(expr.op, left, right);
    } catch (error) {
      throw this.at(error, expr.span);
    }
  }

  /** Gives a fault the place where it happened, unless a place further in is known. */
  private at(error: unknown, span: Span | undefined): unknown {
    if (error instanceof Fault && error.span === undefined) error.span = span;
    return error;
  }

  /** Charges the meter; call it only where there is one, so that a run without limits pays a test and no more. */
  private spend(fuel: number, bytes: number, span: Span | undefined): void {
    try {
      this.meter!.charge(fuel, bytes);
    } catch (error) {
      throw this.at(error, span);
    }
  }

  /** Charges for an object with so many items. */
  private allocate(items: number, span: Span): void {
    if (this.meter !== undefined) this.spend(0, BYTES_PER_OBJECT + BYTES_PER_ITEM * items, span);
  }
}

/** What joining or appending is charged: see meter.ts. */
function bytesOfBinary(op: CoreOp, right: Value): number {
  if (op === 'list.append') return BYTES_PER_ITEM;
  if (op !== 'any.add' && op !== 'text.concat') return 0;
  if (typeof right === 'string') return BYTES_PER_UNIT * right.length;
  return right instanceof List ? BYTES_PER_ITEM * right.length : 0;
}

/** V8 throws a RangeError when JavaScript calls nest too deeply for the thread's stack. */
function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof RangeError && /call stack/i.test(thrown.message);
}

/** Applies a primitive of two operands. Throws a Fault without a place. */
function applyBinary(op: CoreOp, left: Value, right: Value): Value {
  switch (op) {
    case 'any.add':
      return operations.add(left, right);
    case 'any.sub':
      return operations.subtract(left, right);
    case 'any.mul':
      return operations.multiply(left, right);
    case 'any.lt':
      return operations.lessThan(left, right);
    case 'any.le':
      return operations.lessOrEqual(left, right);
    case 'any.gt':
      return operations.greaterThan(left, right);
    case 'any.ge':
      return operations.greaterOrEqual(left, right);
    case 'any.eq':
    case 'num.eq':
      return valuesEqual(left, right);
    case 'any.ne':
      return !valuesEqual(left, right);
    case 'any.div':
    case 'num.div':
      return operations.divide(left, right);
    case 'num.add':
      return (left as number) + (right as number);
    case 'num.sub':
      return (left as number) - (right as number);
    case 'num.mul':
      return (left as number) * (right as number);
    case 'num.lt':
      return (left as number) < (right as number);
    case 'num.le':
      return (left as number) <= (right as number);
    case 'num.gt':
      return (left as number) > (right as number);
    case 'num.ge':
      return (left as number) >= (right as number);
    case 'text.concat':
      return operations.concatText(left as string, right as string);
    case 'list.append':
      return operations.append(left, right);
    default:
      throw new TypeError(`not a primitive of two operands: ${op}`);
  }
}
