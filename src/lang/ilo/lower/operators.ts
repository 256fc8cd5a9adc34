// Which primitive an operator becomes. Declared types are promises that nobody enforces at run time (a command-line argument
// or a JSON value may break them), so `num.*` is chosen only where the operand is a number whatever happens.
import type { CoreExpr } from '../../../core/core.ts';
import { CORE_OPS, type CoreOp } from '../../../spec/core-ops.ts';
import type { BinaryOp } from '../ast.ts';
import type { UnitBuilder } from './function.ts';

type StrictOp = Exclude<BinaryOp, '&' | '|'>;

export const NUMBER_OPS: Readonly<Partial<Record<StrictOp, CoreOp>>> = {
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

export const CHECKED_OPS: Readonly<Record<StrictOp, CoreOp>> = {
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

export function isProvenNumber(expr: CoreExpr, unit: UnitBuilder): boolean {
  return provenResult(expr, unit) === 'num';
}

export function isProvenText(expr: CoreExpr, unit: UnitBuilder): boolean {
  return provenResult(expr, unit) === 'text';
}

function provenResult(expr: CoreExpr, unit: UnitBuilder): 'num' | 'text' | 'other' {
  if (expr.kind === 'const')
    return typeof expr.value === 'number' ? 'num' : typeof expr.value === 'string' ? 'text' : 'other';
  if (expr.kind === 'prim') {
    const { result } = CORE_OPS[expr.op];
    return result === 'num' || result === 'text' ? result : 'other';
  }
  if (expr.kind === 'builtin') {
    const signatures = unit.builtins.get(expr.name)?.signatures ?? [];
    if (signatures.length > 0 && signatures.every(signature => signature.endsWith('> n'))) return 'num';
    if (signatures.length > 0 && signatures.every(signature => signature.endsWith('> t'))) return 'text';
  }
  return 'other';
}
