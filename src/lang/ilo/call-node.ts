// Call nodes. Long aliases of builtins become their short names here and nowhere else.
import type { Span } from '../../base/span.ts';
import { builtinOfAlias } from '../../spec/builtin-names.ts';
import type { CallExpr, Expr, Unwrap } from './ast.ts';
import { nameAt, type Parser, tokenSpan } from './cursor.ts';

/** A call whose name is the token at `index`. */
export function makeCall(
  p: Parser,
  index: number,
  args: readonly Expr[],
  unwrap: Unwrap,
  form: CallExpr['form'],
  span: Span,
): CallExpr {
  const written = nameAt(p, index);
  const name = builtinOfAlias(written);
  if (name === undefined)
    return { kind: 'call', name: written, nameSpan: tokenSpan(p, index), args, unwrap, form, span, type: undefined };
  return {
    kind: 'call',
    name,
    alias: written,
    nameSpan: tokenSpan(p, index),
    args,
    unwrap,
    form,
    span,
    type: undefined,
  };
}
