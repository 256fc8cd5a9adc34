// Expressions to Core. Core expressions contain no statements, so whatever decides control flow (`f! x`, a match or a ternary
// with statements in it) is put into `out` before the expression, and arguments that were already lowered are saved to slots
// first, so that evaluation stays left to right.
import type { Span } from '../../../base/span.ts';
import type { CoreExpr, CoreStmt } from '../../../core/core.ts';
import { ANY } from '../../../core/type.ts';
import type { BinaryExpr, CallExpr, CoalesceExpr, Expr, LambdaExpr, RecordExpr, TernaryExpr } from '../ast.ts';
import { constant, FunctionBuilder, local, RETURN, setSlot } from './function.ts';
import { chooseOp, isNumber } from './operators.ts';

export function lowerExpr(expr: Expr, fn: FunctionBuilder, out: CoreStmt[]): CoreExpr {
  const { span } = expr;
  switch (expr.kind) {
    case 'literal':
      return constant(expr.value, span);
    case 'ref':
      return lowerName(expr.name, span, fn);
    case 'call':
      return lowerCall(expr, fn, out);
    case 'binary':
      return lowerBinary(expr, fn, out);
    case 'unary': {
      const operand = lowerExpr(expr.operand, fn, out);
      if (expr.op === '!') return { kind: 'prim', op: 'not', args: [operand], span };
      return { kind: 'prim', op: isNumber(expr.operand) ? 'num.neg' : 'any.neg', args: [operand], span };
    }
    case 'ok':
      return { kind: 'prim', op: 'new.ok', args: [lowerExpr(expr.value, fn, out)], span };
    case 'err':
      return { kind: 'prim', op: 'new.err', args: [lowerExpr(expr.value, fn, out)], span };
    case 'list':
      return { kind: 'list', items: lowerAll(expr.items, fn, out), span };
    case 'record':
      return lowerRecord(expr, fn, out);
    case 'with': {
      const [object, ...values] = lowerAll([expr.object, ...expr.updates.map(update => update.value)], fn, out);
      return { kind: 'with', object: object!, names: expr.updates.map(update => update.name), values, span };
    }
    case 'field':
      return { kind: 'field', object: lowerExpr(expr.object, fn, out), name: expr.field, safe: expr.safe, span };
    case 'index':
      return { kind: 'index', object: lowerExpr(expr.object, fn, out), index: expr.index, safe: expr.safe, span };
    case 'coalesce':
      return lowerCoalesce(expr, fn, out);
    case 'ternary':
      return lowerTernary(expr, fn, out);
    case 'match': {
      const slot = fn.newSlot();
      out.push(setSlot(slot, constant(null, span), span));
      fn.unit.statements.match(expr, { to: 'slot', slot }, fn, out);
      return local(slot, span);
    }
    case 'lambda':
      return lowerLambda(expr, fn);
  }
}

/** Lowers several expressions that are evaluated one after the other and used together. */
function lowerAll(exprs: readonly Expr[], fn: FunctionBuilder, out: CoreStmt[]): CoreExpr[] {
  const results: CoreExpr[] = [];
  let saved = 0;
  for (const expr of exprs) {
    const before: CoreStmt[] = [];
    const result = lowerExpr(expr, fn, before);
    if (before.length > 0) {
      for (; saved < results.length; saved++) results[saved] = saveToSlot(results[saved]!, fn, out);
      for (const stmt of before) out.push(stmt);
    }
    results.push(result);
  }
  return results;
}

function saveToSlot(value: CoreExpr, fn: FunctionBuilder, out: CoreStmt[]): CoreExpr {
  if (value.kind === 'const') return value;
  const slot = fn.newSlot();
  out.push(setSlot(slot, value, value.span));
  return local(slot, value.span);
}

function lowerName(name: string, span: Span, fn: FunctionBuilder): CoreExpr {
  const binding = fn.find(name);
  if (binding) return { kind: 'local', slot: binding.slot, name, maybeEmpty: binding.maybeEmpty, span };
  const callee = fn.unit.byName.get(name);
  if (callee === undefined) fn.unit.nameBuiltin(name);
  return { kind: 'function', callee: callee ?? -1, name, captures: [], span };
}

function lowerCall(expr: CallExpr, fn: FunctionBuilder, out: CoreStmt[]): CoreExpr {
  const args = lowerAll(expr.args, fn, out);
  const call = resolveCall(expr, args, fn);
  const { span } = expr;
  if (expr.unwrap === 'panic') return { kind: 'prim', op: 'panic', args: [call], span };
  if (expr.unwrap === 'none') return call;
  const slot = fn.newSlot();
  out.push(setSlot(slot, call, span));
  const isErr: CoreExpr = { kind: 'prim', op: 'is.err', args: [local(slot, span)], span };
  const isNil: CoreExpr = { kind: 'prim', op: 'is.nil', args: [local(slot, span)], span };
  out.push({
    kind: 'cond',
    arms: [
      {
        test: { kind: 'or', left: isErr, right: isNil, span },
        body: [{ kind: 'return', value: local(slot, span), span }],
      },
    ],
    otherwise: [],
    span,
  });
  return { kind: 'prim', op: 'payload', args: [local(slot, span)], span };
}

function resolveCall(expr: CallExpr, args: readonly CoreExpr[], fn: FunctionBuilder): CoreExpr {
  const { name, span } = expr;
  const binding = fn.find(name);
  const isBuiltin = fn.unit.nameBuiltin(name);
  if (binding) {
    const callee: CoreExpr = {
      kind: 'local',
      slot: binding.slot,
      name,
      maybeEmpty: binding.maybeEmpty,
      span: expr.nameSpan,
    };
    return { kind: 'callValue', callee, fallback: name, args, span };
  }
  if (isBuiltin) return { kind: 'builtin', name, args, span };
  const callee = fn.unit.byName.get(name);
  if (callee !== undefined) return { kind: 'call', callee, args, span };
  const tool = fn.unit.toolByName.get(name);
  if (tool !== undefined) return { kind: 'tool', tool, args, span };
  return { kind: 'callValue', callee: constant(null, span), fallback: name, args, span };
}

function lowerBinary(expr: BinaryExpr, fn: FunctionBuilder, out: CoreStmt[]): CoreExpr {
  const { span, op } = expr;
  if (op === '&' || op === '|') return lowerLogical(expr, op, fn, out);
  const [left, right] = lowerAll([expr.left, expr.right], fn, out) as [CoreExpr, CoreExpr];
  return { kind: 'prim', op: chooseOp(op, expr.left, expr.right), args: [left, right], span };
}

/** `&` and `|` evaluate their right side only when the left does not decide; the result is one of the two values. */
function lowerLogical(expr: BinaryExpr, op: '&' | '|', fn: FunctionBuilder, out: CoreStmt[]): CoreExpr {
  const { span } = expr;
  const left = lowerExpr(expr.left, fn, out);
  const before: CoreStmt[] = [];
  const right = lowerExpr(expr.right, fn, before);
  if (before.length === 0) return { kind: op === '&' ? 'and' : 'or', left, right, span };
  const slot = fn.newSlot();
  out.push(setSlot(slot, left, span));
  before.push(setSlot(slot, right, span));
  const test: CoreExpr = { kind: 'prim', op: op === '&' ? 'truthy' : 'not', args: [local(slot, span)], span };
  out.push({ kind: 'cond', arms: [{ test, body: before }], otherwise: [], span });
  return local(slot, span);
}

function lowerCoalesce(expr: CoalesceExpr, fn: FunctionBuilder, out: CoreStmt[]): CoreExpr {
  const { span } = expr;
  const value = lowerExpr(expr.value, fn, out);
  const before: CoreStmt[] = [];
  const fallback = lowerExpr(expr.fallback, fn, before);
  if (before.length === 0) return { kind: 'coalesce', value, fallback, span };
  const slot = fn.newSlot();
  out.push(setSlot(slot, value, span));
  before.push(setSlot(slot, fallback, span));
  const test: CoreExpr = { kind: 'prim', op: 'is.nil', args: [local(slot, span)], span };
  out.push({ kind: 'cond', arms: [{ test, body: before }], otherwise: [], span });
  return local(slot, span);
}

function lowerTernary(expr: TernaryExpr, fn: FunctionBuilder, out: CoreStmt[]): CoreExpr {
  const { span } = expr;
  const test = lowerExpr(expr.condition, fn, out);
  const thenBefore: CoreStmt[] = [];
  const then = lowerExpr(expr.then, fn, thenBefore);
  const elseBefore: CoreStmt[] = [];
  const otherwise = lowerExpr(expr.otherwise, fn, elseBefore);
  if (thenBefore.length + elseBefore.length === 0) return { kind: 'if', test, then, otherwise, span };
  const slot = fn.newSlot();
  thenBefore.push(setSlot(slot, then, span));
  elseBefore.push(setSlot(slot, otherwise, span));
  out.push({ kind: 'cond', arms: [{ test, body: thenBefore }], otherwise: elseBefore, span });
  return local(slot, span);
}

function lowerRecord(expr: RecordExpr, fn: FunctionBuilder, out: CoreStmt[]): CoreExpr {
  const names = expr.fields.map(field => field.name);
  const shape = fn.unit.shape(expr.typeName, [...new Set(names)]);
  const values = lowerAll(
    expr.fields.map(field => field.value),
    fn,
    out,
  );
  return { kind: 'record', shape, values, order: names.map(name => shape.indexOf(name)!), span: expr.span };
}

function lowerLambda(expr: LambdaExpr, fn: FunctionBuilder): CoreExpr {
  const { span } = expr;
  const inner = new FunctionBuilder(fn.unit);
  for (const param of expr.params) inner.define(param.name);
  const captures = expr.captures.filter(name => fn.find(name));
  for (const name of captures) inner.define(name);
  const body: CoreStmt[] = [];
  fn.unit.statements.body(expr.body, RETURN, inner, body);
  const callee = fn.unit.functions.length;
  fn.unit.functions.push({
    name: expr.name,
    params: [...expr.params.map(({ name, type }) => ({ name, type })), ...captures.map(name => ({ name, type: ANY }))],
    captures: captures.length,
    result: expr.result,
    slots: inner.slots,
    body,
    span,
  });
  fn.unit.byName.set(expr.name, callee);
  return { kind: 'function', callee, name: expr.name, captures: captures.map(name => lowerName(name, span, fn)), span };
}
