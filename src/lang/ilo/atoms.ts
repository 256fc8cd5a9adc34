// Atoms: literals, names with their fields, parentheses, lists, inline functions.
import type { CallExpr, Expr, RefExpr, Unwrap } from './ast.ts';
import { makeCall } from './call-node.ts';
import {
  atEnd,
  bareWord,
  checkLinks,
  descend,
  expect,
  expectIdentifier,
  fail,
  failAt,
  isFlush,
  isFresh,
  keep,
  nameAt,
  type Parser,
  showToken,
  spanFrom,
  startOf,
  taken,
  tokenSpan,
} from './cursor.ts';
import { parseLambda, startsLambda } from './lambda.ts';
import { numberValue, textValue } from './literals.ts';
import { HAS_COMMA } from './structure.ts';
import { Kind, Role, reservedAdvice } from './tokens.ts';

export function parseAtom(p: Parser): Expr {
  const index = p.position;
  const start = startOf(p);
  switch (p.kinds[index]) {
    case Kind.identifier:
      return parseName(p);
    case Kind.number:
      p.position++;
      return { kind: 'literal', value: numberValue(p, index), span: spanFrom(p, start), type: undefined };
    case Kind.text:
      p.position++;
      return { kind: 'literal', value: textValue(p, index), span: spanFrom(p, start), type: undefined };
    case Kind.true:
    case Kind.false:
      p.position++;
      return { kind: 'literal', value: p.kinds[index] === Kind.true, span: spanFrom(p, start), type: undefined };
    case Kind.nil:
    case Kind.invalid:
      p.position++;
      return { kind: 'literal', value: null, span: spanFrom(p, start), type: undefined };
    case Kind.underscore:
      p.position++;
      return { kind: 'ref', name: '_', span: spanFrom(p, start), type: undefined };
    case Kind.openParen:
      return startsLambda(p) ? parseLambda(p) : parseParenthesis(p);
    case Kind.openBracket:
      return parseList(p);
    default:
      return failExpression(p);
  }
}

function failExpression(p: Parser): never {
  if (atEnd(p)) return failAt(p, tokenSpan(p, p.position), 'ILO-P010', 'expression', {});
  const kind = p.kinds[p.position]!;
  if (kind === Kind.fn || kind === Kind.def)
    return fail(
      p,
      'ILO-P009',
      'reserved',
      { word: bareWord(kind) },
      'an inline lambda is `(x:n>n;body)`: `map (x:n>n;+x 1) xs`',
    );
  return fail(p, 'ILO-P009', 'expression', { got: showToken(p, p.position) }, reservedAdvice(kind));
}

function parseParenthesis(p: Parser): Expr {
  p.position++;
  descend(p);
  const outer = p.bareElements;
  p.bareElements = false;
  const inner = p.rules.expression(p);
  p.bareElements = outer;
  p.depth--;
  expect(p, Kind.closeParen);
  return inner;
}

/**
 * `[1 2 3]` or `[1, 2, 3]`. One comma anywhere makes every element a full expression (`[flr x, cel x]`); without commas
 * a name is an element by itself and only functions that are known take arguments.
 */
function parseList(p: Parser): Expr {
  const open = p.position;
  const start = startOf(p);
  const outer = p.bareElements;
  if ((p.structure.inside[p.position]! & HAS_COMMA) === 0) p.bareElements = true;
  p.position++;
  descend(p);
  const first = p.keptCount;
  while (p.kinds[p.position] !== Kind.closeBracket) {
    const kind = p.kinds[p.position]!;
    if (kind === Kind.end) failAt(p, tokenSpan(p, open), 'ILO-P010', 'expression', {}, 'this list has no `]`');
    if (kind === Kind.semicolon || isFresh(p))
      if (p.structure.partner[open]! < 0)
        failAt(p, tokenSpan(p, open), 'ILO-P003', 'token', { expected: '`]`', got: showToken(p, p.position) });
    if (kind === Kind.semicolon)
      fail(p, 'ILO-P009', 'listSeparator', {}, 'elements are separated by blanks or commas: `[1 2 3]`');
    keep(p, parseElement(p));
    if (p.kinds[p.position] === Kind.comma) p.position++;
  }
  p.position++;
  p.depth--;
  p.bareElements = outer;
  return { kind: 'list', items: taken(p, first), span: spanFrom(p, start), type: undefined };
}

function parseElement(p: Parser): Expr {
  const kind = p.kinds[p.position]!;
  if (kind !== Kind.tilde && kind !== Kind.caret) return p.rules.innerExpression(p);
  const start = startOf(p);
  p.position++;
  descend(p);
  const value = p.rules.innerExpression(p);
  p.depth--;
  return { kind: kind === Kind.tilde ? 'ok' : 'err', value, span: spanFrom(p, start) };
}

/** The unwrap mark at `index`, if it stands flush behind the token before it. */
export function unwrapAt(p: Parser, index: number): Unwrap {
  const kind = p.kinds[index]!;
  if (kind !== Kind.bang && kind !== Kind.bangBang) return 'none';
  if (!isFlush(p, index)) return 'none';
  return kind === Kind.bang ? 'propagate' : 'panic';
}

/** A name, a call `name()`, or a name with fields and indices. */
function parseName(p: Parser): Expr {
  const index = p.position++;
  const { kinds } = p;
  const next = kinds[p.position]!;
  if (next === Kind.openParen && kinds[p.position + 1] === Kind.closeParen) {
    p.position += 2;
    return callWithout(p, index, 'none');
  }
  if (p.tokens.roles[index] === Role.mmap) return callWithout(p, index, 'none');
  if (next === Kind.bang || next === Kind.bangBang) {
    const unwrap = unwrapAt(p, p.position);
    if (unwrap !== 'none' && kinds[p.position + 1] === Kind.openParen && kinds[p.position + 2] === Kind.closeParen) {
      p.position += 3;
      return callWithout(p, index, unwrap);
    }
  }
  const name: RefExpr = { kind: 'ref', name: nameAt(p, index), span: tokenSpan(p, index), type: undefined };
  return next === Kind.dot || next === Kind.dotQuestion ? parseFields(p, name) : name;
}

function callWithout(p: Parser, index: number, unwrap: Unwrap): CallExpr {
  return makeCall(p, index, [], unwrap, 'plain', spanFrom(p, p.tokens.starts[index]!));
}

function parseFields(p: Parser, name: RefExpr): Expr {
  const { kinds } = p;
  let object: Expr = name;
  for (let links = 0; ; links++) {
    checkLinks(p, links);
    const kind = kinds[p.position]!;
    if (kind !== Kind.dot && kind !== Kind.dotQuestion) return object;
    const safe = kind === Kind.dotQuestion;
    const index = ++p.position;
    const position = kinds[index] === Kind.number ? numberValue(p, index) : -1;
    if (position >= 0 && Number.isInteger(position)) {
      p.position++;
      object = { kind: 'index', object, index: position, safe, span: spanFrom(p, name.span.start) };
      continue;
    }
    if (kinds[index] === Kind.openParen)
      fail(
        p,
        'ILO-P005',
        'name',
        { got: showToken(p, index) },
        `index with a computed number by \`at ${name.name} (…)\``,
      );
    expectIdentifier(p);
    p.needsFinish = true;
    object = {
      kind: 'field',
      object,
      field: nameAt(p, index),
      safe,
      span: spanFrom(p, name.span.start),
      type: undefined,
    };
  }
}
