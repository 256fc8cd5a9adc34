// Matches: what a pattern binds, what the whole is worth, and whether every case is covered.
import type { Span } from '../../base/span.ts';
import { ANY, BOOL, listOf, NIL, NUM, showType, TEXT, type Type } from '../../core/type.ts';
import type { Arm, Expr, LiteralValue, Pattern } from './ast.ts';
import { type BodyContext, bind, enterScope, leaveScope, reportIn } from './verify-context.ts';

/** The type of a match, which is that of its first arm whose type is known. */
export function inferMatch(body: BodyContext, subject: Expr | undefined, arms: readonly Arm[], span: Span): Type {
  const subjectType = subject ? body.program.infer(body, subject) : NIL;
  let result: Type = ANY;
  for (const arm of arms) {
    const mark = enterScope(body);
    bindPattern(body, arm.pattern, subjectType);
    const type = body.program.block(body, arm.body);
    leaveScope(body, mark);
    if (result.kind === 'any') result = type;
  }
  checkExhaustive(body, subjectType, arms, subject?.span ?? span);
  return result;
}

function bindPattern(body: BodyContext, pattern: Pattern, subject: Type): void {
  switch (pattern.kind) {
    case 'ok':
      bind(body, pattern.name, subject.kind === 'result' ? subject.ok : ANY);
      return;
    case 'err':
      bind(body, pattern.name, subject.kind === 'result' ? subject.err : ANY);
      return;
    case 'wildcard':
      bind(body, '_', subject);
      return;
    case 'is':
      bind(body, pattern.name, TESTED[pattern.type]);
      return;
    case 'literal':
      return;
  }
}

/** What a type pattern proves about the value it binds. */
export const TESTED: Readonly<Record<(Pattern & { kind: 'is' })['type'], Type>> = {
  num: NUM,
  text: TEXT,
  bool: BOOL,
  list: listOf(ANY),
};

function checkExhaustive(body: BodyContext, subject: Type, arms: readonly Arm[], span: Span): void {
  // A type pattern counts as a catch-all: nobody tests for a type and means to cover the rest one by one.
  if (arms.some(({ pattern }) => pattern.kind === 'wildcard' || pattern.kind === 'is')) return;
  const report = (variant: 'result' | 'bool' | 'sum', missing: readonly string[], arms: readonly string[]): void => {
    if (missing.length === 0) return;
    reportIn(body, 'ILO-T024', variant, { missing: missing.join(', ') }, span, `add: ${arms.join(' or ')}`);
  };
  switch (subject.kind) {
    case 'result': {
      const ok = arms.some(({ pattern }) => pattern.kind === 'ok');
      const err = arms.some(({ pattern }) => pattern.kind === 'err');
      const missing = [
        ...(ok ? [] : [{ sign: '~', arm: `~v: <expr>  (v is ${showType(subject.ok)})` }]),
        ...(err ? [] : [{ sign: '^', arm: `^e: <expr>  (e is ${showType(subject.err)})` }]),
      ];
      report(
        'result',
        missing.map(({ sign }) => sign),
        missing.map(({ arm }) => arm),
      );
      return;
    }
    case 'bool': {
      const values = literals(arms);
      const missing = [true, false].filter(value => !values.has(value)).map(String);
      report(
        'bool',
        missing,
        missing.map(value => `${value}: <expr>`),
      );
      return;
    }
    case 'sum': {
      const values = literals(arms);
      const missing = subject.variants.filter(variant => !values.has(variant));
      report(
        'sum',
        missing,
        missing.map(variant => `"${variant}": <expr>`),
      );
      return;
    }
    case 'any':
    case 'nil':
      return;
    default:
      reportIn(body, 'ILO-T024', 'open', {}, span, 'add a wildcard arm: _: <default-expr>');
  }
}

function literals(arms: readonly Arm[]): ReadonlySet<LiteralValue> {
  const values = new Set<LiteralValue>();
  for (const { pattern } of arms) if (pattern.kind === 'literal') values.add(pattern.value);
  return values;
}
