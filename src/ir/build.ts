// Core to IR: one function at a time, straight through, with SSA construction on the fly (builder.ts).
//
// Slots become variables. A variable always holds a boxed value; arithmetic works on bare numbers, and a value that was just
// boxed is taken out of its box again for nothing, so that an expression over numbers contains no boxes. What crosses blocks
// stays boxed here; passes/unbox.ts finds the block parameters that only ever receive boxed numbers.
import { unreachable } from '../base/assert.ts';
import type { Span } from '../base/span.ts';
import type { CoreExpr, CoreFunction, CoreStmt, CoreUnit } from '../core/core.ts';
import type { Type } from '../core/type.ts';
import type { CoreOp } from '../spec/core-ops.ts';
import { BARE_OPS, IR_OPS, type IrOp, type IrType, isBoxed } from '../spec/ir-ops.ts';
import { FunctionBuilder, type OpenBlock } from './builder.ts';
import type { IrFunction, IrUnit, ValueId } from './ir.ts';

/** Builds the IR of a unit, without any pass. */
export function buildIr(unit: CoreUnit): IrUnit {
  return { functions: unit.functions.map(buildFunction), tools: unit.tools.map(tool => tool.name) };
}

/** Builds the IR of one function; it depends on nothing else. */
export function buildFunction(fn: CoreFunction): IrFunction {
  return new CoreToIr(fn).build();
}

interface LoopTargets {
  readonly next: OpenBlock;
  readonly after: OpenBlock;
}

/** The IR op for each primitive of Core; two operands unless the table says otherwise. */
const PRIM_OPS: Readonly<Partial<Record<CoreOp, IrOp>>> = {
  'num.add': 'num.add',
  'num.sub': 'num.sub',
  'num.mul': 'num.mul',
  'num.div': 'num.div',
  'num.neg': 'num.neg',
  'num.lt': 'num.lt',
  'num.le': 'num.le',
  'num.gt': 'num.gt',
  'num.ge': 'num.ge',
  'num.eq': 'num.eq',
  'any.sub': 'any.sub',
  'any.mul': 'any.mul',
  'any.div': 'any.div',
  'any.neg': 'any.neg',
  'any.lt': 'any.lt',
  'any.le': 'any.le',
  'any.gt': 'any.gt',
  'any.ge': 'any.ge',
  'any.eq': 'any.eq',
  'is.nil': 'is.nil',
  'is.ok': 'is.ok',
  'is.err': 'is.err',
  'is.num': 'is.num',
  'is.text': 'is.text',
  'is.bool': 'is.bool',
  'is.list': 'is.list',
  payload: 'payload',
  panic: 'panic',
};

/** What a declared type promises of a value, as far as the IR knows kinds of values. */
function declaredAs(type: Type): IrType {
  switch (type.kind) {
    case 'num':
    case 'bool':
    case 'text':
    case 'list':
    case 'result':
    case 'fn':
      return type.kind;
    default:
      return 'any';
  }
}

class CoreToIr {
  private readonly fn: CoreFunction;
  private readonly out = new FunctionBuilder();
  private readonly loops: LoopTargets[] = [];

  constructor(fn: CoreFunction) {
    this.fn = fn;
  }

  build(): IrFunction {
    const { fn, out } = this;
    fn.params.forEach((param, slot) => {
      out.write(slot, out.functionParam('any', param.name));
    });
    out.effect('fuel', [], fn.span, 1);
    if (fn.slots > fn.params.length) {
      const empty = out.emit('const.empty', [], fn.span);
      for (let slot = fn.params.length; slot < fn.slots; slot++) out.write(slot, empty);
    }
    this.block(fn.body);
    if (!out.ended) out.return(out.emit('const.nil', [], fn.span), fn.span);
    return out.finish({
      name: fn.name,
      params: fn.params.map(() => 'any'),
      result: 'any',
      declared: fn.params.map(param => declaredAs(param.type)),
      declaredResult: declaredAs(fn.result),
    });
  }

  // ---- statements

  private block(stmts: readonly CoreStmt[]): void {
    for (const stmt of stmts) {
      if (this.out.ended) return;
      this.statement(stmt);
    }
  }

  private statement(stmt: CoreStmt): void {
    const { out } = this;
    switch (stmt.kind) {
      case 'set': {
        const value = this.boxed(stmt.value);
        if (stmt.name !== '' && !out.names.has(value)) out.names.set(value, stmt.name);
        out.write(stmt.slot, value);
        return;
      }
      case 'eval':
        this.value(stmt.value);
        return;
      case 'return':
        out.return(this.boxed(stmt.value), stmt.span);
        return;
      case 'cond':
        this.cond(stmt);
        return;
      case 'destructure': {
        const record = out.emit('record.check', [this.boxed(stmt.value)], stmt.span);
        stmt.names.forEach((name, i) => {
          out.write(stmt.slots[i]!, out.emit('field', [record], stmt.span, name));
        });
        return;
      }
      case 'foreach':
        this.foreach(stmt);
        return;
      case 'range':
        this.range(stmt);
        return;
      case 'while':
        this.while(stmt);
        return;
      case 'break':
        out.jump(this.loops[this.loops.length - 1]!.after, stmt.span);
        return;
      case 'continue':
        out.jump(this.loops[this.loops.length - 1]!.next, stmt.span);
        return;
      default:
        unreachable(stmt);
    }
  }

  private cond(stmt: CoreStmt & { kind: 'cond' }): void {
    const { out } = this;
    const after = out.newBlock();
    for (const arm of stmt.arms) {
      const test = this.test(arm.test);
      const then = out.newBlock();
      const next = out.newBlock();
      out.branch(test, then, next, stmt.span);
      this.seal(then, next);
      out.enter(then);
      this.block(arm.body);
      out.jump(after, stmt.span);
      out.enter(next);
    }
    this.block(stmt.otherwise);
    out.jump(after, stmt.span);
    this.seal(after);
    out.enter(after);
  }

  private seal(...blocks: OpenBlock[]): void {
    for (const block of blocks) this.out.seal(block);
  }

  /** A loop whose head tests and whose rounds pass `next` before they come back to the head. */
  private loop(span: Span, test: () => ValueId, body: () => void, advance: () => void): void {
    const { out } = this;
    const head = out.newBlock();
    out.jump(head, span);
    out.enter(head);
    const going = test();
    const round = out.newBlock();
    const next = out.newBlock();
    const after = out.newBlock();
    out.branch(going, round, after, span);
    this.seal(round);
    out.enter(round);
    out.effect('fuel', [], span, 1);
    this.loops.push({ next, after });
    body();
    this.loops.pop();
    out.jump(next, span);
    this.seal(next);
    out.enter(next);
    advance();
    out.jump(head, span);
    this.seal(head, after);
    out.enter(after);
  }

  private while(stmt: CoreStmt & { kind: 'while' }): void {
    this.loop(
      stmt.span,
      () => {
        this.block(stmt.before);
        return this.test(stmt.test);
      },
      () => this.block(stmt.body),
      () => {},
    );
  }

  private range(stmt: CoreStmt & { kind: 'range' }): void {
    const { out } = this;
    const { span } = stmt;
    const from = this.boxed(stmt.from);
    const to = this.boxed(stmt.to);
    const start = out.emit('range.start', [from], span);
    const end = out.emit('range.end', [to], span);
    this.count(span, this.box(start, span), end, stmt.slot, counter => counter, stmt.body);
  }

  private foreach(stmt: CoreStmt & { kind: 'foreach' }): void {
    const { out } = this;
    const { span } = stmt;
    const list = out.emit('list.check', [this.boxed(stmt.list)], span);
    const length = out.emit('list.length', [list], span);
    const zero = this.box(out.emit('const.num', [], span, 0), span);
    const item = (counter: ValueId): ValueId => out.emit('list.item', [list, this.bare(counter, span)], span);
    this.count(span, zero, length, stmt.slot, item, stmt.body);
  }

  /** Counts a hidden variable from `start` to below `end`; each round sets `slot` from the counter and runs the body. */
  private count(
    span: Span,
    start: ValueId,
    end: ValueId,
    slot: number,
    value: (counter: ValueId) => ValueId,
    body: readonly CoreStmt[],
  ): void {
    const { out } = this;
    const counter = this.fn.slots + this.hidden++;
    out.write(counter, start);
    this.loop(
      span,
      () => out.emit('num.lt', [this.bare(out.read(counter), span), end], span),
      () => {
        out.write(slot, value(out.read(counter)));
        this.block(body);
      },
      () => {
        const one = out.emit('const.num', [], span, 1);
        out.write(counter, this.box(out.emit('num.add', [this.bare(out.read(counter), span), one], span), span));
      },
    );
  }

  private hidden = 0;

  // ---- expressions

  /** The value of an expression, boxed or bare, as it comes. */
  private value(expr: CoreExpr): ValueId {
    const { out } = this;
    const { span } = expr;
    switch (expr.kind) {
      case 'const':
        return this.constant(expr.value, span);
      case 'local': {
        const value = out.read(expr.slot);
        return expr.maybeEmpty ? out.emit('check.set', [value], span, expr.name) : value;
      }
      case 'prim':
        return this.prim(expr);
      case 'call':
        return out.emit('call', this.all(expr.args), span, expr.callee, 'any');
      case 'builtin':
        return out.emit('call.builtin', this.all(expr.args), span, expr.name);
      case 'callValue': {
        const args = this.all(expr.args);
        return out.emit('call.value', [this.boxed(expr.callee), ...args], span, expr.fallback);
      }
      case 'tool':
        return out.emit('call.tool', this.all(expr.args), span, expr.tool);
      case 'and':
        return this.choose(span, this.boxed(expr.left), true, () => this.boxed(expr.right));
      case 'or':
        return this.choose(span, this.boxed(expr.left), false, () => this.boxed(expr.right));
      case 'coalesce':
        return this.coalesce(expr);
      case 'if':
        return this.if(expr);
      case 'field':
        return out.emit(expr.safe ? 'field.safe' : 'field', [this.boxed(expr.object)], span, expr.name);
      case 'index':
        return out.emit(expr.safe ? 'list.index.safe' : 'list.index', [this.boxed(expr.object)], span, expr.index);
      case 'list': {
        const items = this.all(expr.items);
        out.effect('charge.items', [], span, items.length);
        return out.emit('list.new', items, span);
      }
      case 'record':
        return this.record(expr);
      case 'with': {
        const object = this.boxed(expr.object);
        const values = this.all(expr.values);
        out.effect('charge.copy', [object], span);
        return out.emit('record.with', [object, ...values], span, expr.names);
      }
      case 'function': {
        const captures = this.all(expr.captures);
        out.effect('charge.items', [], span, captures.length);
        return out.emit('fn.new', captures, span, { callee: expr.callee, name: expr.name });
      }
      default:
        return unreachable(expr);
    }
  }

  private all(exprs: readonly CoreExpr[]): ValueId[] {
    return exprs.map(expr => this.boxed(expr));
  }

  private constant(value: number | string | boolean | null, span: Span): ValueId {
    const { out } = this;
    if (typeof value === 'number') return out.emit('const.num', [], span, value);
    if (typeof value === 'boolean') return out.emit('const.bool', [], span, value);
    return value === null ? out.emit('const.nil', [], span) : out.emit('const.text', [], span, value);
  }

  private boxed(expr: CoreExpr): ValueId {
    return this.box(this.value(expr), expr.span);
  }

  private box(value: ValueId, span: Span): ValueId {
    const { out } = this;
    const type = out.types[value]!;
    if (isBoxed(type)) return value;
    return out.emit(type === 'bool' ? 'box.bool' : 'box.num', [value], span);
  }

  /** The number in a value that is known to be one. */
  private bare(value: ValueId, span: Span): ValueId {
    return this.bareNumber(value) ?? this.out.emit('unbox.num', [value], span);
  }

  /** The bare number behind a value, where that is plain to see. */
  private bareNumber(value: ValueId): ValueId | undefined {
    if (this.out.types[value] === 'num') return value;
    const made = this.out.definition(value);
    return made?.op === 'box.num' ? made.args[0] : undefined;
  }

  private prim(expr: CoreExpr & { kind: 'prim' }): ValueId {
    const { out } = this;
    const { op, span } = expr;
    const operands = expr.args.map(arg => this.value(arg));
    switch (op) {
      case 'truthy':
        return this.truthy(operands[0]!, span);
      case 'not':
        return out.emit('bool.not', [this.truthy(operands[0]!, span)], span);
      case 'any.ne':
        return out.emit('bool.not', [this.apply('any.eq', operands, span)], span);
      case 'any.add':
      case 'text.concat': {
        const bare = this.tryBare(op === 'any.add' ? 'any.add' : undefined, operands, span);
        if (bare !== undefined) return bare;
        const boxes = operands.map(value => this.box(value, span));
        out.effect('charge.join', [boxes[1]!], span);
        return out.emit(op, boxes, span);
      }
      case 'list.append': {
        const boxes = operands.map(value => this.box(value, span));
        out.effect('charge.append', [], span);
        return out.emit('list.append', boxes, span);
      }
      case 'new.ok':
      case 'new.err': {
        const inner = this.box(operands[0]!, span);
        out.effect('charge.items', [], span, 1);
        return out.emit(op, [inner], span);
      }
      default:
        return this.apply(PRIM_OPS[op]!, operands, span);
    }
  }

  private apply(op: IrOp, operands: readonly ValueId[], span: Span): ValueId {
    const bare = this.tryBare(op, operands, span);
    if (bare !== undefined) return bare;
    const wanted = IR_OPS[op].args;
    const args = operands.map((value, i) => (wanted[i] === 'num' ? this.bare(value, span) : this.box(value, span)));
    return this.out.emit(op, args, span);
  }

  /** A checked op on operands that are plainly numbers needs no check. */
  private tryBare(op: IrOp | undefined, operands: readonly ValueId[], span: Span): ValueId | undefined {
    const bareOp = op === undefined ? undefined : BARE_OPS[op];
    if (bareOp === undefined) return undefined;
    const numbers = operands.map(value => this.bareNumber(value));
    if (numbers.includes(undefined)) return undefined;
    return this.out.emit(bareOp, numbers as ValueId[], span);
  }

  private test(expr: CoreExpr): ValueId {
    return this.truthy(this.value(expr), expr.span);
  }

  private truthy(value: ValueId, span: Span): ValueId {
    const { out } = this;
    if (out.types[value] === 'bool') return value;
    const made = out.definition(value);
    if (made?.op === 'box.bool') return made.args[0]!;
    const number = this.bareNumber(value);
    if (number !== undefined) return out.emit('num.truthy', [number], span);
    return out.emit('any.truthy', [value], span);
  }

  /** `left` when its truth is not `when`, else what `right` gives: `&` and `|`. */
  private choose(span: Span, left: ValueId, when: boolean, right: () => ValueId): ValueId {
    const test = this.truthy(left, span);
    return this.join(
      span,
      test,
      () => (when ? right() : left),
      () => (when ? left : right()),
    );
  }

  private coalesce(expr: CoreExpr & { kind: 'coalesce' }): ValueId {
    const value = this.boxed(expr.value);
    const isNil = this.out.emit('is.nil', [value], expr.span);
    return this.join(
      expr.span,
      isNil,
      () => this.boxed(expr.fallback),
      () => value,
    );
  }

  private if(expr: CoreExpr & { kind: 'if' }): ValueId {
    const test = this.test(expr.test);
    return this.join(
      expr.span,
      test,
      () => this.boxed(expr.then),
      () => this.boxed(expr.otherwise),
    );
  }

  private join(span: Span, test: ValueId, then: () => ValueId, otherwise: () => ValueId): ValueId {
    const { out } = this;
    const variable = this.fn.slots + this.hidden++;
    const yes = out.newBlock();
    const no = out.newBlock();
    const after = out.newBlock();
    out.branch(test, yes, no, span);
    this.seal(yes, no);
    out.enter(yes);
    out.write(variable, then());
    out.jump(after, span);
    out.enter(no);
    out.write(variable, otherwise());
    out.jump(after, span);
    this.seal(after);
    out.enter(after);
    return out.read(variable);
  }

  private record(expr: CoreExpr & { kind: 'record' }): ValueId {
    const { out } = this;
    const { span, shape } = expr;
    const values = new Array<ValueId | undefined>(shape.names.length).fill(undefined);
    expr.values.forEach((value, i) => {
      values[expr.order[i]!] = this.boxed(value);
    });
    const complete = values.map(value => value ?? out.emit('const.nil', [], span));
    out.effect('charge.items', [], span, complete.length);
    return out.emit('record.new', complete, span, shape);
  }
}
