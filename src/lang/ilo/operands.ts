// Operands: what an operator or a call takes, an atom or a prefix operator with its own operands. Prefix operators have
// fixed arity, so `+*a b c` needs no parentheses. A name among operands is a reference, unless it is a function whose number
// of operands is known and something follows that can be one: then it is a call and takes exactly that many.
import type { Span } from '../../base/span.ts';
import type { BinaryOp, CoalesceExpr, Expr } from './ast.ts';
import { parseAtom, unwrapAt } from './atoms.ts';
import { makeCall } from './call-node.ts';
import {
  type Callee,
  calleeOf,
  descend,
  expectValueHere,
  fail,
  isFlush,
  keep,
  nameAt,
  type Parser,
  spanFrom,
  startOf,
  startsOperand,
  taken,
  tokenSpan,
  tokenStartsOperand,
} from './cursor.ts';
import { chainTooShort } from './prefix-chain.ts';
import { BINARY_OPERATOR, INFIX, Kind, PREFIX_BINARY, Role, STARTS_ATOM, TOKEN_BITS } from './tokens.ts';

export function parseOperand(p: Parser): Expr {
  const kind = p.kinds[p.position]!;
  switch (kind) {
    case Kind.minus:
      return parseMinus(p);
    case Kind.coalesce:
      return parsePrefixCoalesce(p);
    case Kind.dollar:
      return parseDollar(p);
    case Kind.bang:
      return parseNot(p);
    case Kind.tilde:
    case Kind.caret: {
      const start = startOf(p);
      p.position++;
      descend(p);
      const value = parseOperand(p);
      p.depth--;
      return { kind: kind === Kind.tilde ? 'ok' : 'err', value, span: spanFrom(p, start) };
    }
    case Kind.identifier:
      expectValueHere(p);
      return parseAtom(p);
    default:
      return (TOKEN_BITS[kind]! & PREFIX_BINARY) !== 0 ? parsePrefixBinary(p) : parseAtom(p);
  }
}

/** `!x`. */
export function parseNot(p: Parser): Expr {
  const start = startOf(p);
  p.position++;
  descend(p);
  const operand = parseOperand(p);
  p.depth--;
  return { kind: 'unary', op: '!', operand, span: spanFrom(p, start) };
}

/** `-x`, or `-a b` when a second operand follows. */
export function parseMinus(p: Parser): Expr {
  if (isDoubleMinusTrap(p))
    fail(
      p,
      'ILO-P021',
      'trap',
      {},
      'to negate the sum of both write `- 0 +*a b *c d`; to subtract them bind first: `p=*a b;q=*c d;- p q`',
    );
  const start = startOf(p);
  p.position++;
  descend(p);
  const first = parseOperand(p);
  const second = startsOperand(p) ? parseOperand(p) : undefined;
  p.depth--;
  const span = spanFrom(p, start);
  if (second === undefined) return { kind: 'unary', op: '-', operand: first, span };
  return { kind: 'binary', op: '-', left: first, right: second, infix: false, span, type: undefined };
}

/**
 * `- -*a b *c d` reads as -(a·b - c·d), while everybody means -(a·b) - c·d. The tokens: two minus signs, then twice an
 * arithmetic operator with two atoms.
 */
function isDoubleMinusTrap(p: Parser): boolean {
  const { kinds, position } = p;
  return kinds[position + 1] === Kind.minus && isPlainProduct(p, position + 2) && isPlainProduct(p, position + 5);
}

function isPlainProduct(p: Parser, index: number): boolean {
  const kind = p.kinds[index];
  const arithmetic = kind === Kind.plus || kind === Kind.star || kind === Kind.slash;
  return arithmetic && isAtomStart(p, index + 1) && isAtomStart(p, index + 2);
}

function isAtomStart(p: Parser, index: number): boolean {
  return (TOKEN_BITS[p.kinds[index]!]! & STARTS_ATOM) !== 0;
}

/** `$url`, `$!url`: a GET request. */
export function parseDollar(p: Parser): Expr {
  const index = p.position++;
  const unwrap = unwrapAt(p, p.position);
  if (unwrap !== 'none') p.position++;
  descend(p);
  const arg = parseOperand(p);
  p.depth--;
  const nameSpan = tokenSpan(p, index);
  return {
    kind: 'call',
    name: 'get',
    nameSpan,
    args: [arg],
    unwrap,
    form: 'dollar',
    span: spanFrom(p, nameSpan.start),
  };
}

/** `??value fallback`. The value may be a call of a known function: `??mget m "k" 0`. */
export function parsePrefixCoalesce(p: Parser): CoalesceExpr {
  const start = startOf(p);
  p.position++;
  descend(p);
  const value = parseArgument(p, false, undefined, 0);
  const fallback = p.rules.innerExpression(p);
  p.depth--;
  return { kind: 'coalesce', value, fallback, span: spanFrom(p, start) };
}

/** `+a b` and every other operator that always has two operands. */
export function parsePrefixBinary(p: Parser): Expr {
  const index = p.position;
  const kind = p.kinds[index]!;
  refuseForeignOperator(p, kind);
  const missing = chainTooShort(p);
  if (missing !== undefined)
    fail(p, 'ILO-P003', 'chain', missing, 'give every operator two operands, or bind parts first: `r=+a b;+r c`');
  const start = startOf(p);
  p.position++;
  descend(p);
  const left = parseBinaryOperand(p);
  const right = parseBinaryOperand(p);
  p.depth--;
  return binary(BINARY_OPERATOR[kind]!, left, right, false, spanFrom(p, start));
}

export function binary(op: BinaryOp, left: Expr, right: Expr, infix: boolean, span: Span): Expr {
  return { kind: 'binary', op, left, right, infix, span, type: undefined };
}

function refuseForeignOperator(p: Parser, kind: number): void {
  const next = p.kinds[p.position + 1]!;
  if (kind === Kind.equal && (next === Kind.less || next === Kind.greater)) {
    const [found, instead] = next === Kind.less ? ['=<', '<='] : ['=>', '>='];
    fail(p, 'ILO-P003', 'compoundOperator', { found }, `use \`${instead}\` (single token): \`${instead}a b\``);
  }
  if (kind === next && (kind === Kind.and || kind === Kind.or)) {
    const sign = kind === Kind.and ? '&' : '|';
    fail(
      p,
      'ILO-P003',
      'doubledOperator',
      { found: sign + sign, instead: sign, word: sign === '&' ? 'AND' : 'OR' },
      "'&' for AND is written `&a b`, '|' for OR `|a b`",
    );
  }
}

/** As an operand, but a known function that something follows is a call: `>len q 0`. */
function parseBinaryOperand(p: Parser): Expr {
  const index = p.position;
  if (p.kinds[index] === Kind.identifier && tokenStartsOperand(p, index + 1)) {
    const callee = calleeAt(p, index);
    if (callee !== undefined) return parseKnownCall(p, callee);
  }
  return parseOperand(p);
}

/** The callee that the name at `index` would call as an argument, if it is known and takes operands. */
function calleeAt(p: Parser, index: number): Callee | undefined {
  const callee = calleeOf(p, nameAt(p, index));
  return callee !== undefined && callee.operands > 0 && mayBeCalled(p, index) ? callee : undefined;
}

/** Not when what follows makes the name a record, a field access, `name()` or `name!`. */
function mayBeCalled(p: Parser, index: number): boolean {
  const { kinds } = p;
  const next = kinds[index + 1]!;
  if (next === Kind.identifier) return kinds[index + 2] !== Kind.colon;
  if (next === Kind.dot || next === Kind.dotQuestion) return false;
  if (next === Kind.openParen) return kinds[index + 2] !== Kind.closeParen;
  if (next === Kind.bang || next === Kind.bangBang) return !isFlush(p, index + 1);
  return true;
}

/** The name under the cursor with exactly as many arguments as it takes, or fewer if no more follow. */
export function parseKnownCall(p: Parser, callee: Callee): Expr {
  const index = p.position++;
  descend(p);
  const args = parseKnownArguments(p, nameAt(p, index), callee);
  p.depth--;
  return makeCall(p, index, args, 'none', 'plain', spanFrom(p, p.tokens.starts[index]!));
}

function parseKnownArguments(p: Parser, name: string, callee: Callee): Expr[] {
  const first = p.keptCount;
  const outer: Outer = { name, operands: callee.operands };
  for (let slot = 0; slot < callee.operands && startsOperand(p); slot++)
    keep(p, parseArgument(p, takesFunction(callee, slot), outer, slot));
  return taken(p, first);
}

export function takesFunction(callee: Callee | undefined, slot: number): boolean {
  return callee !== undefined && slot < 31 && (callee.functions & (1 << slot)) !== 0;
}

/** The call whose argument is being read; `operands` counts those that are written behind its name. */
export interface Outer {
  readonly name: string;
  readonly operands: number;
}

/** Argument number `slot` of a call, or of `??` when there is no outer call. */
export function parseArgument(p: Parser, functionExpected: boolean, outer: Outer | undefined, slot: number): Expr {
  const index = p.position;
  if (functionExpected || p.kinds[index] !== Kind.identifier) return parseOperand(p);
  if (outer !== undefined && p.tokens.roles[index] === Role.fmt && mayBeCalled(p, index))
    return parseTrailingFormat(p, outer, slot);
  const callee = calleeAt(p, index);
  return callee === undefined ? parseOperand(p) : parseKnownCall(p, callee);
}

/** `prnt fmt "{}" x`: `fmt` takes everything that follows and so must come last. */
function parseTrailingFormat(p: Parser, outer: Outer, slot: number): Expr {
  const index = p.position;
  const name = nameAt(p, index);
  if (slot + 1 !== outer.operands)
    fail(
      p,
      'ILO-P018',
      'variadic',
      { name, outer: outer.name },
      `\`${outer.name}\` takes ${outer.operands}, and \`${name}\` would take all that follows: write \`(${name} "…" …)\``,
    );
  p.position++;
  descend(p);
  const args: Expr[] = [];
  while (startsOperand(p)) {
    args.push(parseArgument(p, false, undefined, 0));
    if (endsArguments(p)) break;
  }
  p.depth--;
  return makeCall(p, index, args, 'none', 'plain', spanFrom(p, p.tokens.starts[index]!));
}

/** Whether the operator under the cursor takes the call before it as its left operand, and does not begin another argument. */
export function endsArguments(p: Parser): boolean {
  const kind = p.kinds[p.position]!;
  if ((TOKEN_BITS[kind]! & INFIX) === 0) return false;
  return kind === Kind.coalesce || p.structure.groupEnd[p.position] === 0;
}
