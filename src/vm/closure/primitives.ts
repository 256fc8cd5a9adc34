// Primitives as code and as conditions. Two numbers take the forms of arithmetic.ts and comparisons.ts; whatever else the
// operands are goes the slow way, which charges, faults and says where.
import type { CoreExpr } from '../../core/core.ts';
import type { Meter } from '../../core/meter.ts';
import { isTruthy } from '../../core/value/compare.ts';
import { Err, Ok } from '../../core/value/result.ts';
import type { Value } from '../../core/value/value.ts';
import { CORE_OPS, type CoreOp } from '../../spec/core-ops.ts';
import { allocate, at, spend } from '../calls.ts';
import { append, concatText } from '../operations.ts';
import { applyBinary, applyUnary, bytesOfBinary } from '../primitives.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { type Action, type Code, type Compiler, constantNumber, type Frame, sureSlot, type Test } from './code.ts';
import { COMPARISONS } from './comparisons.ts';
import { chooseForm, type Slow } from './forms.ts';

type Primitive = CoreExpr & { kind: 'prim' };

/** The value of a primitive. */
export function compilePrimitive(expr: Primitive, compiler: Compiler): Code {
  const [left, right] = expr.args;
  if (right === undefined) return compileUnary(expr, compiler.value(left!), compiler);
  const arithmetic = ARITHMETIC[expr.op];
  if (arithmetic) return chooseForm<Value>(arithmetic, left!, right, slowWay(expr, compiler.meter), compiler);
  if (expr.op === 'text.concat' || expr.op === 'list.append') return compileJoin(expr, compiler);
  if (CORE_OPS[expr.op].result === 'bool') return compileComparison(expr, compiler);
  const slow = slowWay(expr, compiler.meter);
  const x = compiler.value(left!);
  const y = compiler.value(right);
  return f => slow(x(f), y(f));
}

/** A primitive of arithmetic that puts its result into a slot; undefined where there is no form of its own for that. */
export function compileSetPrimitive(to: number, expr: Primitive, compiler: Compiler): Action | undefined {
  const forms = ARITHMETIC[expr.op];
  const [left, right] = expr.args;
  if (forms === undefined || right === undefined) return undefined;
  const a = sureSlot(left!);
  if (a === undefined) return undefined;
  const slow = slowWay(expr, compiler.meter);
  const b = sureSlot(right);
  if (b !== undefined) return forms.setLocalLocal(to, a, b, slow);
  const constant = constantNumber(right);
  return constant === undefined ? undefined : forms.setLocalConst(to, a, constant, slow);
}

/** A primitive that gives a boolean, as a condition; undefined for any other. */
export function compilePrimitiveTest(expr: Primitive, compiler: Compiler): Test | undefined {
  const [left, right] = expr.args;
  if (right !== undefined) return CORE_OPS[expr.op].result === 'bool' ? compileComparison(expr, compiler) : undefined;
  return compileUnaryTest(expr.op, left!, compiler);
}

/** Runs one way or the other, as a condition says. */
export function compileBranch<Result>(
  test: CoreExpr,
  then: (frame: Frame) => Result,
  otherwise: (frame: Frame) => Result,
  compiler: Compiler,
): (frame: Frame) => Result {
  if (test.kind === 'prim') {
    const forms = COMPARISONS[test.op];
    const [left, right] = test.args;
    const a = sureSlot(left!);
    if (forms !== undefined && a !== undefined) {
      const slow = slowWay(test, compiler.meter) as Slow<boolean>;
      const b = sureSlot(right!);
      if (b !== undefined) return forms.branchLocalLocal(a, b, slow, then, otherwise);
      const constant = constantNumber(right!);
      if (constant !== undefined) return forms.branchLocalConst(a, constant, slow, then, otherwise);
    }
  }
  const holds = compiler.test(test);
  return f => (holds(f) ? then(f) : otherwise(f));
}

function compileComparison(expr: Primitive, compiler: Compiler): Test {
  const [left, right] = expr.args;
  if (expr.op === 'any.eq' && right!.kind === 'const' && typeof right!.value !== 'number') {
    return compileSame(left!, right!.value, compiler);
  }
  const slow = slowWay(expr, compiler.meter) as Slow<boolean>;
  const forms = COMPARISONS[expr.op];
  if (forms) return chooseForm<boolean>(forms, left!, right!, slow, compiler);
  const x = compiler.value(left!);
  const y = compiler.value(right!);
  return f => slow(x(f), y(f));
}

/** Equality with a constant text, boolean or nil is identity. */
function compileSame(expr: CoreExpr, constant: Value, compiler: Compiler): Test {
  const slot = sureSlot(expr);
  if (slot !== undefined) return f => f[slot] === constant;
  const code = compiler.value(expr);
  return f => code(f) === constant;
}

/** Applies the primitive whatever the operands are. Throws a Fault at the place of the expression. */
function slowWay({ op, span }: Primitive, meter: Meter | undefined): Slow<Value> {
  const apply = (left: Value, right: Value): Value => {
    try {
      return applyBinary(op, left, right);
    } catch (error) {
      throw at(error, span);
    }
  };
  if (meter === undefined || (op !== 'any.add' && op !== 'text.concat' && op !== 'list.append')) return apply;
  return (left, right) => {
    const bytes = bytesOfBinary(op, right);
    if (bytes > 0) spend(meter, 0, bytes, span);
    return apply(left, right);
  };
}

/** Texts joined, and `+=`: where lists and texts are built. */
function compileJoin(expr: Primitive, compiler: Compiler): Code {
  const { op, span } = expr;
  const [left, right] = expr.args;
  const x = compiler.value(left!);
  const y = compiler.value(right!);
  if (compiler.meter !== undefined) {
    const slow = slowWay(expr, compiler.meter);
    return f => slow(x(f), y(f));
  }
  if (op === 'list.append') {
    return f => {
      const list = x(f);
      const item = y(f);
      try {
        return append(list, item);
      } catch (error) {
        throw at(error, span);
      }
    };
  }
  return f => {
    const text = x(f);
    const more = y(f);
    try {
      return concatText(text as string, more as string);
    } catch (error) {
      throw at(error, span);
    }
  };
}

function compileUnary(expr: Primitive, code: Code, { meter }: Compiler): Code {
  const { op, span } = expr;
  switch (op) {
    case 'not':
      return f => !isTruthy(code(f));
    case 'is.nil':
      return f => code(f) === null;
    case 'payload':
      return f => {
        const value = code(f);
        return value instanceof Ok || value instanceof Err ? value.value : value;
      };
    case 'new.ok':
      if (meter !== undefined) break;
      return f => new Ok(code(f));
    case 'new.err':
      if (meter !== undefined) break;
      return f => new Err(code(f));
  }
  const allocates = meter !== undefined && (op === 'new.ok' || op === 'new.err');
  return f => {
    const value = code(f);
    if (allocates) allocate(meter, 1, span);
    try {
      return applyUnary(op, value);
    } catch (error) {
      throw at(error, span);
    }
  };
}

function compileUnaryTest(op: CoreOp, operand: CoreExpr, compiler: Compiler): Test | undefined {
  if (op === 'truthy') return compiler.test(operand);
  if (op === 'not') {
    const test = compiler.test(operand);
    return f => !test(f);
  }
  if (CORE_OPS[op].result !== 'bool') return undefined;
  const code = compiler.value(operand);
  switch (op) {
    case 'is.nil':
      return f => code(f) === null;
    case 'is.ok':
      return f => code(f) instanceof Ok;
    case 'is.err':
      return f => code(f) instanceof Err;
    default:
      return f => applyUnary(op, code(f)) as boolean;
  }
}
