// Expressions evaluated into an array: arguments of function values, items, fields.
import type { CoreExpr } from '../../core/core.ts';
import type { Value } from '../../core/value/value.ts';
import type { Code, Compiler, Frame } from './code.ts';

/** Evaluates from left to right. */
export function evaluateAll(codes: readonly Code[], frame: Frame): Value[] {
  const values: Value[] = [];
  for (let i = 0; i < codes.length; i++) values.push(codes[i]!(frame));
  return values;
}

/** Evaluates parts into an array. */
export type Parts = (frame: Frame) => Value[];

/** Code that evaluates from left to right. */
export function compileParts(exprs: readonly CoreExpr[], compiler: Compiler): Parts {
  const codes = exprs.map(expr => compiler.value(expr));
  const [a, b, c] = codes;
  if (a === undefined) return () => [];
  if (b === undefined) return f => [a(f)];
  if (c === undefined) return f => [a(f), b(f)];
  if (codes.length === 3) return f => [a(f), b(f), c(f)];
  return f => evaluateAll(codes, f);
}
