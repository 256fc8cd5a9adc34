// Expressions. `parseExpression` is what stands on the right of `=`, in parentheses and as a statement; around the core
// (a prefix form, a match, or a call with infix operators) come `with`, `??` and `>>`, each binding more loosely.
import type { Expr, FieldInit, Unwrap } from './ast.ts';
import { parseAtom, unwrapAt } from './atoms.ts';
import { makeCall } from './call-node.ts';
import {
  type Callee,
  calleeOf,
  checkLinks,
  descend,
  expectIdentifier,
  keep,
  nameAt,
  type Parser,
  spanFrom,
  startOf,
  startsOperand,
  taken,
} from './cursor.ts';
import { parseQuestion } from './match.ts';
import {
  binary,
  endsArguments,
  type Outer,
  parseArgument,
  parseDollar,
  parseKnownCall,
  parseMinus,
  parseNot,
  parseOperand,
  parsePrefixBinary,
  parsePrefixCoalesce,
  takesFunction,
} from './operands.ts';
import { BINARY_OPERATOR, INFIX_POWER, Kind, PREFIX_BINARY, Role, TOKEN_BITS } from './tokens.ts';

/** A full expression. */
export function parseExpression(p: Parser): Expr {
  const start = startOf(p);
  const kind = p.kinds[p.position]!;
  let value: Expr;
  if (kind === Kind.tilde || kind === Kind.caret) {
    p.position++;
    descend(p);
    const inner = parseInnerExpression(p);
    p.depth--;
    value = { kind: kind === Kind.tilde ? 'ok' : 'err', value: inner, span: spanFrom(p, start) };
  } else value = parseInnerExpression(p);
  if (p.kinds[p.position] === Kind.with) value = parseWith(p, start, value);
  if (p.kinds[p.position] === Kind.coalesce) value = parseCoalesce(p, start, value);
  return p.kinds[p.position] === Kind.pipe ? parsePipe(p, start, value) : value;
}

/** An expression without what binds loosely. Prefix forms are complete in themselves; infix operators follow only calls and atoms. */
export function parseInnerExpression(p: Parser): Expr {
  const kind = p.kinds[p.position]!;
  switch (kind) {
    case Kind.identifier: {
      const start = startOf(p);
      return parseInfix(p, start, parseCallOrAtom(p), 1);
    }
    case Kind.minus:
      return parseMinus(p);
    case Kind.bang:
      return parseNot(p);
    case Kind.dollar:
      return parseDollar(p);
    case Kind.coalesce:
      return parsePrefixCoalesce(p);
    case Kind.question:
      return parseQuestion(p, false);
    default: {
      if ((TOKEN_BITS[kind]! & PREFIX_BINARY) !== 0) return parsePrefixBinary(p);
      const start = startOf(p);
      return parseInfix(p, start, parseCallOrAtom(p), 1);
    }
  }
}

/** Operators between operands, by precedence climbing: takes those that bind at least as tightly as `power`. */
function parseInfix(p: Parser, start: number, first: Expr, power: number): Expr {
  let left = first;
  for (let links = 0; ; links++) {
    checkLinks(p, links);
    const kind = p.kinds[p.position]!;
    const own = INFIX_POWER[kind]!;
    if (own === 0 || own < power) return left;
    p.position++;
    const rightStart = startOf(p);
    descend(p);
    const right = parseInfix(p, rightStart, parseOperand(p), own + 1);
    p.depth--;
    left = binary(BINARY_OPERATOR[kind]!, left, right, true, spanFrom(p, start));
  }
}

/** `object with field:value …`. */
function parseWith(p: Parser, start: number, object: Expr): Expr {
  p.position++;
  const updates = parseFieldValues(p);
  return { kind: 'with', object, updates, span: spanFrom(p, start) };
}

function parseFieldValues(p: Parser): FieldInit[] {
  const first = p.keptCount;
  while (p.kinds[p.position] === Kind.identifier && p.kinds[p.position + 1] === Kind.colon) {
    const start = startOf(p);
    const name = nameAt(p, p.position);
    p.position += 2;
    keep(p, { name, value: parseAtom(p), span: spanFrom(p, start) } satisfies FieldInit);
  }
  return taken(p, first);
}

function parseCoalesce(p: Parser, start: number, first: Expr): Expr {
  let value = first;
  for (let links = 0; p.kinds[p.position] === Kind.coalesce; links++) {
    checkLinks(p, links);
    p.position++;
    const fallback = parseInnerExpression(p);
    value = { kind: 'coalesce', value, fallback, span: spanFrom(p, start) };
  }
  return value;
}

/** `value>>f a`: the value is the last argument of the call. */
function parsePipe(p: Parser, start: number, first: Expr): Expr {
  let value = first;
  for (let links = 0; p.kinds[p.position] === Kind.pipe; links++) {
    checkLinks(p, links);
    p.position++;
    const index = expectIdentifier(p);
    const unwrap = takeUnwrap(p);
    const name = nameAt(p, index);
    const callee = calleeOf(p, name);
    const outer = callee && callee.operands > 0 ? { name, operands: callee.operands - 1 } : undefined;
    const args: Expr[] = [];
    while (startsOperand(p)) args.push(parseArgument(p, takesFunction(callee, args.length), outer, args.length));
    args.push(value);
    value = makeCall(p, index, args, unwrap, 'pipe', spanFrom(p, start));
  }
  return value;
}

function takeUnwrap(p: Parser): Unwrap {
  const unwrap = unwrapAt(p, p.position);
  if (unwrap !== 'none') p.position++;
  return unwrap;
}

/** A call with its arguments, a record, or an atom. */
function parseCallOrAtom(p: Parser): Expr {
  const start = startOf(p);
  const first = p.position;
  const atom = parseAtom(p);
  if (atom.kind !== 'ref') return atom;
  // `(f) x` calls f as well; then the name is not the first token.
  let index = first;
  while (p.kinds[index] === Kind.openParen) index++;
  if (p.kinds[index] !== Kind.identifier) return atom;
  const unwrap = takeUnwrap(p);
  const { kinds } = p;
  if (unwrap !== 'none') {
    if (kinds[p.position] === Kind.openParen && kinds[p.position + 1] === Kind.closeParen) {
      p.position += 2;
      return makeCall(p, index, [], unwrap, 'plain', spanFrom(p, start));
    }
    const args = parseArguments(p, atom.name, false);
    return makeCall(p, index, args, unwrap, 'plain', spanFrom(p, start));
  }
  const next = kinds[p.position]!;
  if (next === Kind.identifier && kinds[p.position + 1] === Kind.colon) {
    const fields = parseFieldValues(p);
    return { kind: 'record', typeName: atom.name, fields, span: spanFrom(p, start), type: undefined };
  }
  if (!startsOperand(p)) {
    if (p.tokens.roles[index] !== Role.nullary) return atom;
    return makeCall(p, index, [], 'none', 'plain', atom.span);
  }
  if (p.bareElements) {
    const callee = calleeOf(p, atom.name);
    if (callee === undefined || callee.operands === 0 || index !== first) return atom;
    p.position = index;
    return parseKnownCall(p, callee);
  }
  if (endsArguments(p) && !startsGroup(p)) return atom;
  const args = parseArguments(p, atom.name, true);
  return makeCall(p, index, args, 'none', 'plain', spanFrom(p, start));
}

/** `f ??a b`: directly behind the name, `??` with two operands is an argument. */
function startsGroup(p: Parser): boolean {
  return p.structure.groupEnd[p.position]! > 0;
}

/** All operands that follow. With `stopAtInfix`, an operator behind an argument ends the call: `f a + b` is `(f a) + b`. */
function parseArguments(p: Parser, name: string, stopAtInfix: boolean): Expr[] {
  const callee: Callee | undefined = calleeOf(p, name);
  const outer: Outer | undefined = callee && callee.operands > 0 ? { name, operands: callee.operands } : undefined;
  const first = p.keptCount;
  for (let slot = 0; startsOperand(p); slot++) {
    keep(p, parseArgument(p, takesFunction(callee, slot), outer, slot));
    if (stopAtInfix && endsArguments(p)) break;
  }
  return taken(p, first);
}
