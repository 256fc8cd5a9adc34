// Everything that begins with `?`: matches (`?x{…}`, `?{…}` on the last result), and choices between two values
// (`?=x 0 a b`, `?h a b`, `?h{a}{b}`).
import type { Arm, Expr, Stmt, TernaryExpr } from './ast.ts';
import { parseAtom } from './atoms.ts';
import { parseBlock } from './blocks.ts';
import {
  descend,
  expect,
  FAILED,
  fail,
  isLineBreak,
  keep,
  type Parser,
  spanFrom,
  startOf,
  startsOperand,
  taken,
} from './cursor.ts';
import { parseOperand, parsePrefixBinary } from './operands.ts';
import { parsePattern, startsArm } from './patterns.ts';
import { HAS_COLON_OR_SEMICOLON } from './structure.ts';
import { Kind, Role } from './tokens.ts';

/** A `?` in a statement or a value. As a statement, a match may hold more; the parts are the same. */
export function parseQuestion(p: Parser, asStatement: boolean): Expr {
  const start = startOf(p);
  expect(p, Kind.question);
  descend(p);
  const choice = parseAfterQuestion(p, start, asStatement);
  p.depth--;
  return choice;
}

function parseAfterQuestion(p: Parser, start: number, asStatement: boolean): Expr {
  const kind = p.kinds[p.position]!;
  if (kind >= Kind.equal && kind <= Kind.greaterEqual) return chooseBetweenOperands(p, start, parsePrefixBinary(p));
  const subject = kind === Kind.openBrace ? undefined : parseAtom(p);
  if (subject !== undefined) {
    if (startsBraceChoice(p)) return chooseBetweenBraces(p, start, subject);
    if (p.kinds[p.position] !== Kind.openBrace && startsOperand(p)) return chooseBetweenOperands(p, start, subject);
  }
  if (asStatement && subject?.kind === 'ref' && p.kinds[p.position] === Kind.openBrace)
    refuseStatementBody(p, subject.name);
  expect(p, Kind.openBrace);
  const arms = parseArms(p);
  expect(p, Kind.closeBrace);
  return { kind: 'match', subject, arms, span: spanFrom(p, start) };
}

/** The statement form of what `parseQuestion` gave. */
export function questionStatement(choice: Expr): Stmt {
  if (choice.kind !== 'match') return { kind: 'expr', value: choice, span: choice.span };
  return { kind: 'match', subject: choice.subject, arms: choice.arms, span: choice.span };
}

function chooseBetweenOperands(p: Parser, start: number, condition: Expr): TernaryExpr {
  const then = parseOperand(p);
  const otherwise = parseOperand(p);
  return { kind: 'ternary', condition, then, otherwise, form: 'prefix', span: spanFrom(p, start) };
}

/** `{value}{value}`: no `:` or `;` in the first pair of braces, and a second pair behind it. */
function startsBraceChoice(p: Parser): boolean {
  const index = p.position;
  if (p.kinds[index] !== Kind.openBrace) return false;
  const close = p.structure.partner[index]!;
  if (close <= index + 1 || p.kinds[close + 1] !== Kind.openBrace) return false;
  return (p.structure.inside[index]! & HAS_COLON_OR_SEMICOLON) === 0;
}

function chooseBetweenBraces(p: Parser, start: number, condition: Expr): TernaryExpr {
  const then = parseBracedValue(p);
  const otherwise = parseBracedValue(p);
  return { kind: 'ternary', condition, then, otherwise, form: 'braces', span: spanFrom(p, start) };
}

function parseBracedValue(p: Parser): Expr {
  expect(p, Kind.openBrace);
  const value = p.rules.expression(p);
  expect(p, Kind.closeBrace);
  return value;
}

/** `?ready{go x}`: somebody wants a condition, but `?x{…}` is a match and `go x` no pattern. */
function refuseStatementBody(p: Parser, subject: string): void {
  const { kinds } = p;
  const index = p.position + 1;
  const kind = kinds[index]!;
  if (kind === Kind.identifier ? looksLikePattern(p, index) : !isStatementOperator(kind)) return;
  fail(
    p,
    'ILO-P011',
    'statementInMatch',
    { subject, block: '{...}' },
    `to run statements on a condition write \`=${subject} true{…}\`, or \`!${subject}{…}\` for its opposite`,
  );
}

function looksLikePattern(p: Parser, index: number): boolean {
  const { kinds } = p;
  const next = kinds[index + 1]!;
  if (next === Kind.colon) return true;
  const role = p.tokens.roles[index]!;
  const typed = role === Role.n || role === Role.t || role === Role.b || role === Role.l;
  return typed && (next === Kind.identifier || next === Kind.underscore) && kinds[index + 2] === Kind.colon;
}

function isStatementOperator(kind: number): boolean {
  return (
    (kind >= Kind.equal && kind <= Kind.greaterEqual) || (kind >= Kind.plus && kind <= Kind.slash) || kind === Kind.bang
  );
}

/** Arms up to the closing brace, separated by `;`. A mistake in one does not hide those behind it. */
function parseArms(p: Parser): Arm[] {
  const first = p.keptCount;
  const open = p.position - 1;
  while (p.kinds[p.position] !== Kind.closeBrace) {
    const start = p.position;
    const { depth, bareElements, keptCount } = p;
    try {
      keep(p, parseArm(p));
      const kind = p.kinds[p.position];
      if (kind === Kind.closeBrace) break;
      if (kind !== Kind.semicolon) expect(p, kind === Kind.end ? Kind.closeBrace : Kind.semicolon);
      p.position++;
    } catch (error) {
      if (error !== FAILED || p.structure.partner[open]! < 0) throw error;
      p.depth = depth;
      p.bareElements = bareElements;
      p.keptCount = keptCount;
      skipToArm(p, start, p.structure.partner[open]!);
    }
  }
  return taken(p, first);
}

function parseArm(p: Parser): Arm {
  const start = startOf(p);
  const pattern = parsePattern(p);
  expect(p, Kind.colon);
  // The body may begin in the next line.
  if (isLineBreak(p, p.position) && !startsArm(p, p.position + 1)) p.position++;
  const body = parseArmBody(p);
  return { pattern, body, span: spanFrom(p, start) };
}

/** `{…}`, or statements as long as what follows a `;` is no pattern. */
function parseArmBody(p: Parser): Stmt[] {
  if (p.kinds[p.position] === Kind.openBrace && !startsDestructure(p)) return parseBlock(p);
  if (endsArm(p)) return [];
  const first = p.keptCount;
  keep(p, p.rules.statement(p));
  while (p.kinds[p.position] === Kind.semicolon && !startsArm(p, p.position + 1)) {
    p.position++;
    if (endsArm(p)) break;
    keep(p, p.rules.statement(p));
  }
  return taken(p, first);
}

function endsArm(p: Parser): boolean {
  const kind = p.kinds[p.position]!;
  return kind === Kind.end || kind === Kind.closeBrace || kind === Kind.semicolon;
}

function skipToArm(p: Parser, start: number, close: number): void {
  let at = start;
  while (at < close) {
    if (at >= p.position && p.kinds[at] === Kind.semicolon && startsArm(p, at + 1)) {
      p.position = at + 1;
      return;
    }
    const partner = p.structure.partner[at]!;
    at = partner > at ? partner + 1 : at + 1;
  }
  p.position = close;
}

/** `{a;b}=`: names and `;` only, then `=`. */
export function startsDestructure(p: Parser): boolean {
  const { kinds, structure, position } = p;
  const close = structure.partner[position]!;
  if (close < 0 || kinds[close + 1] !== Kind.equal) return false;
  for (let index = position + 1; index < close; index++)
    if (kinds[index] !== Kind.identifier && kinds[index] !== Kind.semicolon) return false;
  return true;
}
