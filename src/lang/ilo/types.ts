// Types and parameter lists. Types are prefix notation like everything else: `L n`, `M t L n`, `R (F n n) t`.
import { ANY, BOOL, fnOf, listOf, mapOf, NUM, named, optionalOf, resultOf, TEXT, type Type } from '../../core/type.ts';
import type { Param } from './ast.ts';
import {
  atEnd,
  descend,
  expect,
  expectIdentifier,
  fail,
  failAt,
  isFresh,
  keep,
  nameAt,
  type Parser,
  showToken,
  spanFrom,
  taken,
  tokenSpan,
} from './cursor.ts';
import { Kind, Role } from './tokens.ts';

/** One type. A type never reaches over the end of an unindented line. */
export function parseType(p: Parser): Type {
  const last = p.position > 0 ? p.position - 1 : 0;
  if (atEnd(p)) failAt(p, tokenSpan(p, last), 'ILO-P008', 'type', {});
  if (isFresh(p)) failAt(p, tokenSpan(p, last), 'ILO-P007', 'endOfLine', {});
  const kind = p.kinds[p.position]!;
  if (kind === Kind.identifier) return namedType(p);
  if (kind === Kind.underscore || kind === Kind.invalid) {
    p.position++;
    return ANY;
  }
  descend(p);
  const type = compoundType(p, kind);
  p.depth--;
  return type;
}

function namedType(p: Parser): Type {
  const role = p.tokens.roles[p.position]!;
  const name = nameAt(p, p.position++);
  if (role === Role.n) return NUM;
  if (role === Role.t) return TEXT;
  if (role === Role.b) return BOOL;
  return named(name);
}

function compoundType(p: Parser, kind: number): Type {
  const start = p.position++;
  switch (kind) {
    case Kind.openParen: {
      const inner = parseType(p);
      expect(p, Kind.closeParen);
      return inner;
    }
    case Kind.optionalType:
      return optionalOf(parseType(p));
    case Kind.listType:
      return listOf(parseType(p));
    case Kind.mapType: {
      const key = parseType(p);
      return mapOf(key, parseType(p));
    }
    case Kind.resultType: {
      const ok = parseType(p);
      return resultOf(ok, parseType(p));
    }
    case Kind.sumType:
      return sumType(p);
    case Kind.functionType:
      return functionType(p);
    default:
      p.position = start;
      return fail(
        p,
        'ILO-P007',
        'type',
        { got: showToken(p, start) },
        kind === Kind.openBracket ? 'a list of numbers has the type `L n`' : undefined,
      );
  }
}

/** A name that a parameter begins with is no type. */
function atParameter(p: Parser): boolean {
  return p.kinds[p.position] === Kind.identifier && p.kinds[p.position + 1] === Kind.colon;
}

function sumType(p: Parser): Type {
  const variants: string[] = [];
  while (p.kinds[p.position] === Kind.identifier && !atParameter(p) && !isFresh(p))
    variants.push(nameAt(p, p.position++));
  if (variants.length === 0) fail(p, 'ILO-P010', 'variants', {});
  return { kind: 'sum', variants };
}

/** `F a b c`: takes a and b, gives c. Takes every type that follows. */
function functionType(p: Parser): Type {
  const types: Type[] = [];
  while (startsType(p) && !atParameter(p) && !isFresh(p)) types.push(parseType(p));
  const result = types.pop();
  return result === undefined ? fail(p, 'ILO-P009', 'functionType', {}) : fnOf(types, result);
}

function startsType(p: Parser): boolean {
  const kind = p.kinds[p.position]!;
  return (
    kind === Kind.identifier ||
    kind === Kind.underscore ||
    kind === Kind.openParen ||
    (kind >= Kind.listType && kind <= Kind.sumType)
  );
}

/** `name:type name:type …`, as long as it goes on this way on the same line. */
export function parseParams(p: Parser): Param[] {
  const first = p.keptCount;
  while (atParameter(p) && !isFresh(p)) keep(p, parseParam(p));
  return taken(p, first);
}

/** `name:type`. */
export function parseParam(p: Parser): Param {
  const index = expectIdentifier(p);
  const start = p.tokens.starts[index]!;
  expect(p, Kind.colon);
  const type = parseType(p);
  return { name: nameAt(p, index), type, span: spanFrom(p, start) };
}
