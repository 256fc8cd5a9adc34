// Which primitive an operator becomes. Declared types are promises that nobody enforces at run time (a command-line argument
// or a JSON value may break them), so `num.*` is chosen only where the verifier has proven the operand to be a number (prove.ts
// says what its types mean); elsewhere the operator looks at its operands.
import type { CoreOp } from '../../../spec/core-ops.ts';
import type { BinaryOp, Expr } from '../ast.ts';

type StrictOp = Exclude<BinaryOp, '&' | '|'>;

const NUMBER_OPS: Readonly<Partial<Record<StrictOp, CoreOp>>> = {
  '+': 'num.add',
  '-': 'num.sub',
  '*': 'num.mul',
  '/': 'num.div',
  '<': 'num.lt',
  '<=': 'num.le',
  '>': 'num.gt',
  '>=': 'num.ge',
  '=': 'num.eq',
};

const CHECKED_OPS: Readonly<Record<StrictOp, CoreOp>> = {
  '+': 'any.add',
  '-': 'any.sub',
  '*': 'any.mul',
  '/': 'any.div',
  '<': 'any.lt',
  '<=': 'any.le',
  '>': 'any.gt',
  '>=': 'any.ge',
  '=': 'any.eq',
  '!=': 'any.ne',
  '+=': 'list.append',
};

/** The primitive for a binary operator on these operands. */
export function chooseOp(op: StrictOp, left: Expr, right: Expr): CoreOp {
  const numberOp = NUMBER_OPS[op];
  if (numberOp && isNumber(left) && isNumber(right)) return numberOp;
  if (op === '+' && isText(left) && isText(right)) return 'text.concat';
  return CHECKED_OPS[op];
}

export function isNumber(expr: Expr): boolean {
  return expr.type?.kind === 'num';
}

function isText(expr: Expr): boolean {
  return expr.type?.kind === 'text' || expr.type?.kind === 'sum';
}
