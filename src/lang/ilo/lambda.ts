// Inline functions: `(x:n>n;+x 1)`, without parameters `(>n;42)`. What they capture is found later, in finish.ts, when all
// functions of the program are known.
import type { LambdaExpr } from './ast.ts';
import { parseStatements } from './blocks.ts';
import { descend, expect, type Parser, spanFrom, startOf } from './cursor.ts';
import { HAS_GREATER } from './structure.ts';
import { Kind } from './tokens.ts';
import { parseParams, parseType } from './types.ts';

/** Whether the `(` under the cursor opens a lambda: parameters or `>` come first, and a `>` stands inside. */
export function startsLambda(p: Parser): boolean {
  const { kinds } = p;
  const first = kinds[p.position + 1]!;
  const heads = first === Kind.greater || (first === Kind.identifier && kinds[p.position + 2] === Kind.colon);
  return heads && (p.structure.inside[p.position]! & HAS_GREATER) !== 0;
}

export function parseLambda(p: Parser): LambdaExpr {
  const start = startOf(p);
  expect(p, Kind.openParen);
  descend(p);
  const outer = p.bareElements;
  p.bareElements = false;
  const params = parseParams(p);
  expect(p, Kind.greater);
  const result = parseType(p);
  if (p.kinds[p.position] === Kind.semicolon) p.position++;
  const body = parseStatements(p, Kind.closeParen);
  expect(p, Kind.closeParen);
  p.bareElements = outer;
  p.depth--;
  p.needsFinish = true;
  // Numbered when they end, so inner ones come first.
  const name = `${p.lambdaPrefix}${p.lambdas++}`;
  return { kind: 'lambda', name, params, result, body, captures: [], span: spanFrom(p, start) };
}
