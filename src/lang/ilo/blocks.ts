// Lists of statements, and how the parser goes on after a mistake in one of them: it skips to the `;` or the closing
// bracket of the same list, stepping over whole bracket pairs, and never beyond the next declaration. So every
// statement is reported at most once and the ones behind it are still read.
import type { Stmt } from './ast.ts';
import { descend, expect, FAILED, fail, isFresh, keep, nameAt, type Parser, showToken, taken } from './cursor.ts';
import { wordAdvice } from './habits.ts';
import { isFunctionHeader, startsDeclaration } from './structure.ts';
import { Kind, Role, showKind } from './tokens.ts';

/** `{statement;…}`. */
export function parseBlock(p: Parser): Stmt[] {
  expect(p, Kind.openBrace);
  descend(p);
  const body = parseStatements(p, Kind.closeBrace);
  p.depth--;
  expect(p, Kind.closeBrace);
  return body;
}

/**
 * Statements separated by `;` up to `closer`, which is not consumed. With `Kind.end` this is the body of a declaration
 * and ends where the next one begins.
 */
export function parseStatements(p: Parser, closer: number): Stmt[] {
  if (atBodyEnd(p, closer)) return [];
  const first = p.keptCount;
  for (;;) {
    const start = p.position;
    const { depth, bareElements, keptCount } = p;
    try {
      keep(p, p.rules.statement(p));
      if (!endsStatement(p, closer)) leftOver(p, closer);
    } catch (error) {
      if (error !== FAILED) throw error;
      p.depth = depth;
      p.bareElements = bareElements;
      p.keptCount = keptCount;
      if (!skipToSeparator(p, start, closer)) throw error;
    }
    if (p.kinds[p.position] !== Kind.semicolon) break;
    p.position++;
    if (atBodyEnd(p, closer) || (closer === Kind.end && startsNextDeclaration(p))) break;
  }
  return taken(p, first);
}

function atBodyEnd(p: Parser, closer: number): boolean {
  const kind = p.kinds[p.position]!;
  return kind === Kind.end || kind === closer;
}

/** Behind a `;` of a declaration's body. */
function startsNextDeclaration(p: Parser): boolean {
  const kind = p.kinds[p.position]!;
  if (kind === Kind.type || kind === Kind.tool || kind === Kind.use) return true;
  const { roles, fresh } = p.tokens;
  if (roles[p.position] === Role.alias && fresh[p.position] === 1) return startsDeclaration(p.tokens, p.position);
  return isFunctionHeader(p.tokens, p.structure, p.position);
}

function endsStatement(p: Parser, closer: number): boolean {
  const kind = p.kinds[p.position]!;
  if (kind === Kind.semicolon || kind === closer || kind === Kind.end) return true;
  if (closer !== Kind.end) return false;
  // An unindented name is a header, even one that is not complete.
  return startsDeclaration(p.tokens, p.position) || (kind === Kind.identifier && isFresh(p));
}

function leftOver(p: Parser, closer: number): never {
  const got = showToken(p, p.position);
  if (closer === Kind.end) return fail(p, 'ILO-P001', 'declaration', { got }, declarationAdvice(p));
  if (closer === Kind.closeParen) {
    const chained = 'chained calls inside an inline lambda need explicit parens: `(a:n>n;+a (f (g a)))`';
    const suggestion = p.kinds[p.position] === Kind.identifier ? chained : 'statements are separated by `;`';
    return fail(p, 'ILO-P003', 'lambdaEnd', { got }, suggestion);
  }
  return fail(p, 'ILO-P003', 'token', { expected: showKind(closer), got }, 'statements are separated by `;`');
}

export const FUNCTION_ADVICE = 'function syntax: `name param:type>type;body`, without a word before it';

/** What somebody probably meant who wrote this token where a declaration belongs. */
export function declarationAdvice(p: Parser): string | undefined {
  const kind = p.kinds[p.position]!;
  if (kind >= Kind.or && kind <= Kind.caret)
    return 'this value belongs to no function; bind parts of a long expression first: `r=*a b;+r 1`';
  if (kind === Kind.fn || kind === Kind.def) return FUNCTION_ADVICE;
  if (kind === Kind.let || kind === Kind.var || kind === Kind.const)
    return 'assignment syntax: `name=value`, inside a function';
  if (kind === Kind.return)
    return 'the last expression in a function body is the return value; `ret value` returns early';
  if (kind === Kind.if) return 'branch with `condition{body}`, choose with `?condition{a}{b}`';
  if (kind === Kind.question) return 'a choice begins with its sign: `?condition a b`';
  const behindName = p.position > 0 && p.kinds[p.position - 1] === Kind.identifier;
  if (kind === Kind.openParen && behindName && p.kinds[p.position - 2] === Kind.dot)
    return 'there are no methods: a function comes first, `len xs`';
  const word = kind === Kind.identifier ? wordAdvice(nameAt(p, p.position)) : undefined;
  if (word !== undefined) return word;
  return p.position > 0 && !isFresh(p)
    ? 'nothing takes this in: statements are separated by `;`, calls among operands stand in parentheses'
    : undefined;
}

/**
 * Moves from a failed statement that began at `start` to the `;` behind it or to `closer`. False when the next declaration
 * or the end comes first and this list cannot go on.
 */
function skipToSeparator(p: Parser, start: number, closer: number): boolean {
  const { kinds, tokens, structure } = p;
  let at = start;
  while (at < tokens.count) {
    if (at >= p.position) {
      const kind = kinds[at]!;
      if (kind === Kind.semicolon || kind === closer) break;
      if (at > start && tokens.fresh[at] === 1 && startsDeclaration(tokens, at)) {
        p.position = at;
        return closer === Kind.end;
      }
    }
    const partner = structure.partner[at]!;
    at = partner > at ? partner + 1 : at + 1;
  }
  p.position = at;
  return at < tokens.count || closer === Kind.end;
}
