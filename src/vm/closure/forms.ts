// Operations on two numbers come in one form per place where the operands live, and this is where a form is chosen. Where the
// types are proven the check that both are numbers stays: V8 makes it anyway, and one table serves `num.*` and `any.*`.
import type { CoreExpr } from '../../core/core.ts';
import type { Value } from '../../core/value/value.ts';
import { type Code, type Compiler, constantNumber, type Frame, sureSlot } from './code.ts';

/** What the operation is when an operand is no number: it may fault, and says where. */
export type Slow<Result extends Value> = (left: Value, right: Value) => Result;

/** One operation on two numbers, for every place where its operands can live. `a` and `b` are slots. */
export interface Forms<Result extends Value> {
  readonly localLocal: (a: number, b: number, slow: Slow<Result>) => (f: Frame) => Result;
  readonly localConst: (a: number, y: number, slow: Slow<Result>) => (f: Frame) => Result;
  readonly localCode: (a: number, right: Code, slow: Slow<Result>) => (f: Frame) => Result;
  readonly codeLocal: (left: Code, b: number, slow: Slow<Result>) => (f: Frame) => Result;
  readonly codeConst: (left: Code, y: number, slow: Slow<Result>) => (f: Frame) => Result;
  readonly codeCode: (left: Code, right: Code, slow: Slow<Result>) => (f: Frame) => Result;
}

/** The form of an operation for these two operands. */
export function chooseForm<Result extends Value>(
  forms: Forms<Result>,
  left: CoreExpr,
  right: CoreExpr,
  slow: Slow<Result>,
  compiler: Compiler,
): (frame: Frame) => Result {
  const a = sureSlot(left);
  const b = sureSlot(right);
  const constant = constantNumber(right);
  // Evaluating an operand sets no local, so a local may be read after the other operand was evaluated.
  if (a !== undefined) {
    if (b !== undefined) return forms.localLocal(a, b, slow);
    if (constant !== undefined) return forms.localConst(a, constant, slow);
    return forms.localCode(a, compiler.value(right), slow);
  }
  if (b !== undefined) return forms.codeLocal(compiler.value(left), b, slow);
  if (constant !== undefined) return forms.codeConst(compiler.value(left), constant, slow);
  return forms.codeCode(compiler.value(left), compiler.value(right), slow);
}
