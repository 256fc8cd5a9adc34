// The state of one parse and the steps every rule uses. Rules are functions over this state; a rule that cannot go on
// reports one diagnostic and throws ParseFailure, and the nearest list of statements, arms or declarations catches it,
// skips to where the next item begins and goes on. `TOO_DEEP` and `TOO_MANY` end the declaration or the whole parse.
//
// A few rules need each other across files (a parenthesis holds an expression, a lambda holds statements). To keep
// imports one way they are reached through `rules`, filled in by parse.ts.
import type { Span } from '../../base/span.ts';
import { type Diagnostic, type DiagnosticExtras, diagnose, type HolesOf, type Variant } from '../../diag/diagnostic.ts';
import { BUILTIN_NAMES } from '../../spec/builtin-names.ts';
import type { DiagnosticCode } from '../../spec/diagnostics/all.ts';
import type { TokenList } from '../kit/token-list.ts';
import type { Expr, Stmt } from './ast.ts';
import { tokenAdvice } from './habits.ts';
import { DIAGNOSTIC_LIMIT } from './lexer.ts';
import { mayBeFunctionHeader, type Structure } from './structure.ts';
import { Kind, Role, reservedAdvice, STARTS_OPERAND, showKind, TOKEN_BITS } from './tokens.ts';

/** Constructs may be nested this deeply. Every later phase may recurse once (with a few frames) per level. */
export const DEPTH_LIMIT = 256;

/** How calls of a known function read when they are arguments of another call. */
export interface Callee {
  readonly operands: number;
  /** Bit i: argument i is a function, so a name there is a reference and no call. */
  readonly functions: number;
}

export interface Rules {
  readonly expression: (p: Parser) => Expr;
  readonly innerExpression: (p: Parser) => Expr;
  readonly statement: (p: Parser) => Stmt;
}

export interface Parser {
  readonly source: string;
  readonly tokens: TokenList;
  readonly kinds: Uint8Array;
  readonly structure: Structure;
  readonly rules: Rules;
  readonly diagnostics: Diagnostic[];
  /** The functions whose header was read so far. Those further down are not known yet, which is part of the language. */
  readonly functions: Map<string, Callee>;
  /** Builtins and functions whose names the current declaration binds although it may not. */
  readonly hidden: Set<string>;
  /** Parts of the lists being read, outermost first; see `keep`. */
  readonly kept: unknown[];
  keptCount: number;
  position: number;
  depth: number;
  /** Inside a list without commas, where `[a b]` is two elements. */
  bareElements: boolean;
  readonly lambdaPrefix: string;
  lambdas: number;
  /** Set by rules whose trees need `finish.ts`: a lambda, or a name behind a dot. */
  needsFinish: boolean;
}

export class ParseFailure extends Error {
  override name = 'ParseFailure';
}
/** One item could not be read; its diagnostic has been reported. */
export const FAILED = new ParseFailure('failed');
/** Nested too deeply: the declaration is given up. */
export const TOO_DEEP = new ParseFailure('too deep');
/** The list of diagnostics is full: the parse is given up. */
export const TOO_MANY = new ParseFailure('too many');

// ---- places ----

export function startOf(p: Parser): number {
  return p.tokens.starts[p.position]!;
}

/** Where the token before the cursor ends. */
export function previousEnd(p: Parser): number {
  return p.position > 0 ? p.tokens.ends[p.position - 1]! : 0;
}

export function spanFrom(p: Parser, start: number): Span {
  const end = previousEnd(p);
  return { start, end: end > start ? end : start };
}

export function tokenSpan(p: Parser, index: number): Span {
  // Nothing can be shown at the end of the file: point at the last token instead.
  const shown = index >= p.tokens.count && p.tokens.count > 0 ? p.tokens.count - 1 : index;
  return { start: p.tokens.starts[shown]!, end: p.tokens.ends[shown]! };
}

export function atEnd(p: Parser): boolean {
  return p.position >= p.tokens.count;
}

/** The token at the cursor begins an unindented line. */
export function isFresh(p: Parser): boolean {
  return p.tokens.fresh[p.position] === 1;
}

/** The token at `index` begins exactly where the one before it ends. */
export function isFlush(p: Parser, index: number): boolean {
  return p.tokens.starts[index] === p.tokens.ends[index - 1];
}

/** The token at `index` is a separator that stands for a line break. */
export function isLineBreak(p: Parser, index: number): boolean {
  return p.kinds[index] === Kind.semicolon && p.source.charCodeAt(p.tokens.starts[index]!) === 10;
}

/** A token as a message shows it. */
export function showToken(p: Parser, index: number): string {
  const kind = p.kinds[index]!;
  if (index >= p.tokens.count) return showKind(Kind.end);
  if (kind === Kind.identifier) return `\`${p.tokens.names[index]}\``;
  if (kind === Kind.number) return `\`${p.source.slice(p.tokens.starts[index], p.tokens.ends[index])}\``;
  return showKind(kind);
}

// ---- reporting ----

/** Records a diagnostic, unless the same code was already reported at the same place. */
export function record(p: Parser, diagnostic: Diagnostic): void {
  const start = diagnostic.labels[0]?.span.start;
  for (const earlier of p.diagnostics)
    if (earlier.code === diagnostic.code && earlier.labels[0]?.span.start === start) return;
  p.diagnostics.push(diagnostic);
  if (p.diagnostics.length > DIAGNOSTIC_LIMIT) throw TOO_MANY;
}

/** Reports at a span and gives up the item. */
export function failAt<Code extends DiagnosticCode, V extends Variant<Code>>(
  p: Parser,
  span: Span,
  code: Code,
  variant: V,
  holes: HolesOf<Code, V>,
  suggestion?: string,
): never {
  const extras: DiagnosticExtras = { span, label: 'here', suggestion };
  record(p, diagnose(code, variant, holes, extras));
  throw FAILED;
}

/** Reports at the token under the cursor and gives up the item. */
export function fail<Code extends DiagnosticCode, V extends Variant<Code>>(
  p: Parser,
  code: Code,
  variant: V,
  holes: HolesOf<Code, V>,
  suggestion?: string,
): never {
  return failAt(p, tokenSpan(p, p.position), code, variant, holes, suggestion);
}

/** Fails where a value is missing at the end of a line and the next line begins a function. */
export function expectValueHere(p: Parser): void {
  if (!isFresh(p) || !mayBeFunctionHeader(p.tokens, p.position)) return;
  failAt(p, tokenSpan(p, p.position - 1), 'ILO-P009', 'expression', { got: 'end of line' });
}

/** Goes one level down; the caller subtracts it again on the way out. */
export function descend(p: Parser): void {
  if (++p.depth > DEPTH_LIMIT) tooDeep(p, tokenSpan(p, p.position));
}

/** Refuses a chain (`a+b+c`, `x>>f>>g`, `a.b.c`) with this many links so far. */
export function checkLinks(p: Parser, links: number): void {
  if (links > DEPTH_LIMIT) tooDeep(p, tokenSpan(p, p.position));
}

export function tooDeep(p: Parser, span: Span): never {
  record(p, diagnose('ILO-P022', 'depth', { limit: DEPTH_LIMIT }, { span, label: 'here' }));
  throw TOO_DEEP;
}

// ---- lists ----

/**
 * Puts a part of the list being read aside. Lists are gathered on one stack and cut off with `taken`, because an array
 * that grows by pushing holds room for seventeen entries, and most lists of a tree have one to three.
 */
export function keep(p: Parser, part: unknown): void {
  p.kept[p.keptCount++] = part;
}

/** The parts kept since the count was `from`, as an array of their own. */
export function taken<Part>(p: Parser, from: number): Part[] {
  const parts = p.kept.slice(from, p.keptCount) as Part[];
  p.keptCount = from;
  return parts;
}

// ---- tokens ----

/** Steps over a token of this kind, or fails. */
export function expect(p: Parser, kind: number): void {
  if (p.kinds[p.position] === kind) {
    p.position++;
    return;
  }
  if (atEnd(p)) fail(p, 'ILO-P004', 'token', { expected: showKind(kind) });
  const suggestion = tokenAdvice(kind, p.kinds[p.position]!, p.kinds[p.position + 1]!);
  fail(p, 'ILO-P003', 'token', { expected: showKind(kind), got: showToken(p, p.position) }, suggestion);
}

/** Steps over an identifier and gives its index, or fails. */
export function expectIdentifier(p: Parser): number {
  const index = p.position;
  const kind = p.kinds[index]!;
  if (kind === Kind.identifier) {
    p.position++;
    return index;
  }
  if (atEnd(p)) fail(p, 'ILO-P006', 'name', {});
  const advice = reservedAdvice(kind);
  if (advice !== undefined) fail(p, 'ILO-P011', 'reserved', { word: bareWord(kind) }, advice);
  return fail(p, 'ILO-P005', 'name', { got: showToken(p, index) });
}

/** A reserved word without the backticks. */
export function bareWord(kind: number): string {
  return showKind(kind).replaceAll('`', '');
}

export function nameAt(p: Parser, index: number): string {
  return p.tokens.names[index]!;
}

/** Whether the token under the cursor can begin an operand. The header of the next function cannot. */
export function startsOperand(p: Parser): boolean {
  return tokenStartsOperand(p, p.position);
}

export function tokenStartsOperand(p: Parser, index: number): boolean {
  const kind = p.kinds[index]!;
  if (kind === Kind.identifier) {
    if (p.tokens.roles[index] === Role.alias && p.tokens.fresh[index] === 1) return false;
    return !mayBeFunctionHeader(p.tokens, index);
  }
  return (TOKEN_BITS[kind]! & STARTS_OPERAND) !== 0;
}

/** Every builtin whose calls end by themselves, under its short name and its long aliases. */
const BUILTIN_CALLEES: ReadonlyMap<string, Callee> = new Map(
  BUILTIN_NAMES.flatMap(row => {
    const { operands } = row;
    if (operands === undefined) return [];
    const functions = (row.functions ?? []).reduce((bits, position) => bits | (1 << position), 0);
    return [row.name, ...(row.aliases ?? [])].map(name => [name, { operands, functions }] as const);
  }),
);

/** What is known of calls before any function was read. */
export function builtinCallees(): Map<string, Callee> {
  return new Map(BUILTIN_CALLEES);
}

/** What a call of this name is known to take. */
export function calleeOf(p: Parser, name: string): Callee | undefined {
  if (p.hidden.size > 0 && p.hidden.has(name)) return undefined;
  return p.functions.get(name) ?? BUILTIN_CALLEES.get(name);
}
