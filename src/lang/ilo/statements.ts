// Statements. The first token decides nearly always; an expression becomes a guard when a block follows it, or, if it is a
// comparison or a logical operator, when a value follows (`>x 9 "big"`).
import { diagnose } from '../../diag/diagnostic.ts';
import { isBuiltinName } from '../../spec/builtin-names.ts';
import type { Expr, GuardStmt, Stmt } from './ast.ts';
import { parseBlock } from './blocks.ts';
import {
  bareWord,
  descend,
  expect,
  expectIdentifier,
  expectValueHere,
  fail,
  nameAt,
  type Parser,
  previousEnd,
  record,
  spanFrom,
  startOf,
  startsOperand,
  tokenSpan,
} from './cursor.ts';
import { parseExpression, parseInnerExpression } from './expressions.ts';
import { parseQuestion, questionStatement, startsDestructure } from './match.ts';
import { parseOperand } from './operands.ts';
import { Kind, Role, reservedAdvice } from './tokens.ts';

export function parseStatement(p: Parser): Stmt {
  const start = startOf(p);
  const kind = p.kinds[p.position]!;
  if (p.kinds[p.position + 1] === Kind.equal) refuseReservedBinding(p);
  switch (kind) {
    case Kind.question:
      return questionStatement(parseQuestion(p, true));
    case Kind.at:
      return parseLoop(p, start);
    case Kind.bang:
      return parseNegated(p, start);
    case Kind.caret: {
      p.position++;
      descend(p);
      const value = parseInnerExpression(p);
      p.depth--;
      const span = spanFrom(p, start);
      return { kind: 'expr', value: { kind: 'err', value, span }, span };
    }
    case Kind.openBrace:
      if (startsDestructure(p)) return parseDestructure(p, start);
      break;
    case Kind.identifier:
      return parseNameStatement(p, start);
  }
  return parseGuardOrExpression(p, start);
}

/** The words that loops and early returns are made of, or a binding, or anything else that begins with a name. */
function parseNameStatement(p: Parser, start: number): Stmt {
  switch (p.tokens.roles[p.position]) {
    case Role.ret: {
      p.position++;
      const value = parseExpression(p);
      return { kind: 'return', value, span: spanFrom(p, start) };
    }
    case Role.brk: {
      p.position++;
      const value = endsStatement(p) ? undefined : parseExpression(p);
      return { kind: 'break', value, span: spanFrom(p, start) };
    }
    case Role.cnt:
      p.position++;
      return { kind: 'continue', span: spanFrom(p, start) };
    case Role.wh: {
      p.position++;
      const condition = parseExpression(p);
      const body = parseBlock(p);
      return { kind: 'while', condition, body, span: spanFrom(p, start) };
    }
  }
  if (p.kinds[p.position + 1] === Kind.equal) return parseBinding(p, start);
  return parseGuardOrExpression(p, start);
}

function endsStatement(p: Parser): boolean {
  const kind = p.kinds[p.position]!;
  return kind === Kind.end || kind === Kind.semicolon || kind === Kind.closeBrace || kind === Kind.closeParen;
}

/** Reports `if=5`, `brk=5`: words that no program may bind. The next token is `=`. */
export function refuseReservedBinding(p: Parser): void {
  const kind = p.kinds[p.position]!;
  const advice = reservedAdvice(kind);
  if (advice !== undefined) fail(p, 'ILO-P011', 'reserved', { word: bareWord(kind) }, advice);
  const use = kind === Kind.identifier ? LOOP_WORDS.get(p.tokens.roles[p.position]!) : undefined;
  if (use === undefined) return;
  const word = nameAt(p, p.position);
  fail(
    p,
    'ILO-P011',
    'statementWord',
    { word, use },
    `pick a different name like \`${word === 'cnt' ? 'count' : 'brake'}\``,
  );
}

/** Reports `len=5`, and says whether it did. Until the declaration ends, `len` is then read as the variable that was meant. */
export function refuseBuiltinBinding(p: Parser): boolean {
  const index = p.position;
  const name = p.kinds[index] === Kind.identifier ? nameAt(p, index) : '';
  if (!isBuiltinName(name)) return false;
  const extras = { span: tokenSpan(p, index), label: 'here' };
  if (name === 'fld') {
    const suggestion = 'pick a different name like `field` or `folder`';
    record(
      p,
      diagnose('ILO-P011', 'statementWord', { word: name, use: 'the fold builtin' }, { ...extras, suggestion }),
    );
  } else {
    const suggestion = `rename to something like \`my${name}\` or \`${name}v\`: calls of this name go to the builtin`;
    record(p, diagnose('ILO-P011', 'builtinBinding', { name }, { ...extras, suggestion }));
  }
  p.hidden.add(name);
  return true;
}

/** Not `ret` and `wh`: a comparison may follow those (`ret =x 0`). */
const LOOP_WORDS: ReadonlyMap<number, string> = new Map([
  [Role.brk, 'break (loop control)'],
  [Role.cnt, 'continue (loop control)'],
]);

/** `name=value`, `name=condition{a}{b}`, or `name=condition{value}`, which binds only when the condition holds. */
function parseBinding(p: Parser, start: number): Stmt {
  refuseBuiltinBinding(p);
  const index = expectIdentifier(p);
  const name = nameAt(p, index);
  const nameSpan = tokenSpan(p, index);
  p.position++;
  refuseMapLiteral(p, name);
  expectValueHere(p);
  const value = parseExpression(p);
  if (p.kinds[p.position] !== Kind.openBrace || !isCondition(value))
    return { kind: 'let', name, nameSpan, value, span: spanFrom(p, start) };
  const then = parseBlock(p);
  if (p.kinds[p.position] === Kind.openBrace) {
    const otherwise = parseBlock(p);
    const span = spanFrom(p, start);
    return { kind: 'let', name, nameSpan, value: choice(value, then, otherwise, spanFrom(p, value.span.start)), span };
  }
  const last = then.at(-1);
  const body: Stmt[] =
    last === undefined
      ? [{ kind: 'let', name, nameSpan, value: nil(previousEnd(p) - 1), span: spanFrom(p, start) }]
      : last.kind === 'expr'
        ? [...then.slice(0, -1), { kind: 'let', name, nameSpan, value: last.value, span: last.span }]
        : then;
  return guard(value, false, body, undefined, false, spanFrom(p, start));
}

/** The value of a condition with two blocks. Blocks of one expression make a ternary; longer ones a match on the condition. */
function choice(condition: Expr, then: readonly Stmt[], otherwise: readonly Stmt[], span: Expr['span']): Expr {
  if (then.length <= 1 && otherwise.length <= 1)
    return {
      kind: 'ternary',
      condition,
      then: blockValue(then, span.end),
      otherwise: blockValue(otherwise, span.end),
      form: 'braces',
      span,
    };
  const arm = (value: boolean, body: readonly Stmt[]) =>
    ({ pattern: { kind: 'literal', value, span: condition.span }, body, span }) as const;
  return { kind: 'match', subject: condition, arms: [arm(true, then), arm(false, otherwise)], span };
}

function blockValue(body: readonly Stmt[], place: number): Expr {
  const last = body.at(-1);
  return last?.kind === 'expr' ? last.value : nil(place);
}

function nil(place: number): Expr {
  return { kind: 'literal', value: null, span: { start: place, end: place } };
}

/** `m={"a" 1}`: there are no map literals. */
function refuseMapLiteral(p: Parser, name: string): void {
  if (p.kinds[p.position] !== Kind.openBrace) return;
  const first = p.kinds[p.position + 1];
  if (first !== Kind.text && first !== Kind.number && first !== Kind.closeBrace) return;
  fail(
    p,
    'ILO-P009',
    'mapLiteral',
    { name, block: '{...}' },
    `build maps with \`mmap\` and \`mset\`: \`${name}=mset mmap "key" value\``,
  );
}

/** `{a;b}=record`. */
function parseDestructure(p: Parser, start: number): Stmt {
  expect(p, Kind.openBrace);
  const names: { name: string; span: { start: number; end: number } }[] = [];
  for (;;) {
    const index = expectIdentifier(p);
    names.push({ name: nameAt(p, index), span: tokenSpan(p, index) });
    if (p.kinds[p.position] !== Kind.semicolon) break;
    p.position++;
  }
  expect(p, Kind.closeBrace);
  expect(p, Kind.equal);
  const value = parseExpression(p);
  return { kind: 'destructure', names, value, span: spanFrom(p, start) };
}

/** `@x collection{…}` or `@i from..to{…}`. */
function parseLoop(p: Parser, start: number): Stmt {
  expect(p, Kind.at);
  const name = nameAt(p, expectIdentifier(p));
  const first = parseInnerExpression(p);
  if (p.kinds[p.position] === Kind.dotDot) {
    p.position++;
    const to = parseInnerExpression(p);
    const body = parseBlock(p);
    return { kind: 'range', name, from: first, to, body, span: spanFrom(p, start) };
  }
  const body = parseBlock(p);
  return { kind: 'foreach', name, collection: first, body, span: spanFrom(p, start) };
}

/** `!condition{…}`, `!condition value`, or the value `!x`. */
function parseNegated(p: Parser, start: number): Stmt {
  p.position++;
  descend(p);
  const operand = parseInnerExpression(p);
  p.depth--;
  const guarded = parseGuard(p, start, operand, true);
  if (guarded !== undefined) return guarded;
  const span = spanFrom(p, start);
  return { kind: 'expr', value: { kind: 'unary', op: '!', operand, span }, span };
}

function parseGuardOrExpression(p: Parser, start: number): Stmt {
  const value = parseExpression(p);
  const guarded = parseGuard(p, start, value, false);
  if (guarded !== undefined) return guarded;
  // One span serves both, unless parentheses stand around the value.
  const { span } = value;
  const same = span.start === start && span.end === previousEnd(p);
  return { kind: 'expr', value, span: same ? span : spanFrom(p, start) };
}

function parseGuard(p: Parser, start: number, condition: Expr, negated: boolean): Stmt | undefined {
  if (p.kinds[p.position] === Kind.openBrace) {
    const body = parseBlock(p);
    const otherwise = p.kinds[p.position] === Kind.openBrace ? parseBlock(p) : undefined;
    return guard(condition, negated, body, otherwise, false, spanFrom(p, start));
  }
  if (!isCondition(condition) || !startsOperand(p)) return undefined;
  const bodyStart = startOf(p);
  const value = parseOperand(p);
  const body: Stmt[] = [{ kind: 'expr', value, span: spanFrom(p, bodyStart) }];
  if (!endsStatement(p) && !endsAtDeclaration(p))
    fail(p, 'ILO-P016', 'guardBody', {}, 'a call as the value of a guard needs parentheses: `>=x 9 (f x)`');
  return guard(condition, negated, body, undefined, true, spanFrom(p, start));
}

/** The guard is the last statement of its function and the next line is another declaration. */
function endsAtDeclaration(p: Parser): boolean {
  return p.tokens.fresh[p.position] === 1 && !startsOperand(p);
}

function guard(
  condition: Expr,
  negated: boolean,
  body: readonly Stmt[],
  otherwise: readonly Stmt[] | undefined,
  braceless: boolean,
  span: Stmt['span'],
): GuardStmt {
  return { kind: 'guard', condition, negated, body, otherwise, braceless, span };
}

/** Comparisons and logical operators: what may be a condition without braces around its value. */
function isCondition(value: Expr): boolean {
  if (value.kind !== 'binary') return false;
  const { op } = value;
  return op !== '+' && op !== '-' && op !== '*' && op !== '/' && op !== '+=';
}
