// Source to syntax tree: `parse` is the only way in.
//
// The parser is recursive descent over token arrays. Three things keep it linear and safe on any input: every question
// about tokens far ahead is answered from tables made in one pass (structure.ts), every nesting is counted and refused
// beyond DEPTH_LIMIT, and a mistake skips to the next statement, arm or declaration, so that it is reported once and
// what follows is still read. A declaration with a mistake in it becomes an ErrorDecl under its name.
//
// Files: lexer, layout, tokens · structure · cursor · types, patterns, literals · atoms, lambda, operands, expressions,
// match · blocks, statements · declarations · finish, scope-walk.
import { type Diagnostic, diagnose } from '../../diag/diagnostic.ts';
import { recycleTokens } from '../kit/token-list.ts';
import type { Decl, ErrorDecl, FunctionDecl, Program } from './ast.ts';
import { atEnd, FAILED, type Parser, TOO_DEEP, TOO_MANY, tooDeep } from './cursor.ts';
import { parseDeclaration } from './declarations.ts';
import { parseExpression, parseInnerExpression } from './expressions.ts';
import { finishFunction } from './finish.ts';
import { DIAGNOSTIC_LIMIT, type Lexed, lex, TOKEN_LIMIT } from './lexer.ts';
import { parseStatement } from './statements.ts';
import { findStructure, isFunctionHeader, recycleStructure, startsDeclaration } from './structure.ts';
import { Kind, Role } from './tokens.ts';

export interface Parsed {
  readonly program: Program;
  /** In source order. Empty when the program is well formed. */
  readonly diagnostics: Diagnostic[];
}

/** Bodies of fewer tokens cannot be too deep, whatever they are made of. */
const SHALLOW_TOKENS = 120;

/**
 * Parses a whole source. Never throws on any input. `lambdaPrefix` begins the names of inline functions.
 * With diagnostics, the program holds what could be read; declarations with mistakes are ErrorDecls.
 */
export function parse(source: string, lambdaPrefix = '__lit_'): Parsed {
  const lexed = lex(source);
  if (lexed.tokens.count > TOKEN_LIMIT) return refuse(source, lexed);
  const diagnostics = [...lexed.diagnostics];
  let decls: readonly Decl[] = [];
  if (diagnostics.length <= DIAGNOSTIC_LIMIT) {
    const p = newParser(source, lexed, lambdaPrefix);
    decls = parseDeclarations(p);
    if (lexed.diagnostics.length > 0) decls = decls.map(decl => (hasLexicalError(decl, lexed) ? poisoned(decl) : decl));
    // What the parser says about a declaration whose characters are wrong is most likely their fault.
    for (const diagnostic of p.diagnostics)
      if (!nearLexicalError(decls, lexed, diagnostic)) diagnostics.push(diagnostic);
    if (decls.length === 0 && diagnostics.length === 0)
      diagnostics.push(diagnose('ILO-P002', 'empty', {}, { span: { start: 0, end: 0 } }));
    recycleStructure(p.structure, lexed.tokens);
  }
  recycleTokens(lexed.tokens);
  return { program: { decls, comments: lexed.comments, source }, diagnostics: inOrder(diagnostics) };
}

/** What is left of a program that is too long to be read. */
function refuse(source: string, { tokens }: Lexed): Parsed {
  const last = tokens.count - 1;
  const span = { start: tokens.starts[last]!, end: tokens.ends[last]! };
  const diagnostic = diagnose('ILO-P022', 'length', { limit: TOKEN_LIMIT }, { span, label: 'here' });
  return { program: { decls: [], comments: [], source }, diagnostics: [diagnostic] };
}

function newParser(source: string, lexed: Lexed, lambdaPrefix: string): Parser {
  const { tokens } = lexed;
  return {
    source,
    tokens,
    kinds: tokens.kinds,
    structure: findStructure(tokens),
    rules: { expression: parseExpression, innerExpression: parseInnerExpression, statement: parseStatement },
    diagnostics: [],
    functions: new Map(),
    hidden: new Set(),
    kept: [],
    keptCount: 0,
    position: 0,
    depth: 0,
    bareElements: false,
    lambdaPrefix,
    lambdas: 0,
    needsFinish: false,
  };
}

function parseDeclarations(p: Parser): Decl[] {
  const decls: Decl[] = [];
  const unfinished: number[] = [];
  try {
    for (;;) {
      while (p.kinds[p.position] === Kind.semicolon) p.position++;
      if (atEnd(p)) break;
      const start = p.position;
      p.needsFinish = false;
      const decl = readDeclaration(p);
      const long = p.position - start > SHALLOW_TOKENS;
      if (decl.kind === 'function' && (p.needsFinish || long)) unfinished.push(decls.length);
      decls.push(decl);
    }
    const recordFields = fieldNames(decls);
    for (const index of unfinished) decls[index] = finished(p, decls[index] as FunctionDecl, recordFields);
  } catch (error) {
    if (error !== TOO_MANY) throw error;
  }
  return decls;
}

function readDeclaration(p: Parser): Decl {
  const start = p.position;
  const reported = p.diagnostics.length;
  p.depth = 0;
  p.bareElements = false;
  p.keptCount = 0;
  try {
    const decl = parseDeclaration(p);
    if (p.diagnostics.length === reported) return decl;
  } catch (error) {
    if (error !== FAILED && error !== TOO_DEEP) throw error;
    skipToDeclaration(p, start);
  } finally {
    if (p.hidden.size > 0) p.hidden.clear();
  }
  dropConsequences(p, start, reported);
  return errorDecl(p, start);
}

/**
 * Takes back all but the first mistake of a declaration whose brackets do not pair up: nobody can tell where its parts
 * end, so the others most likely follow from the missing bracket.
 */
function dropConsequences(p: Parser, start: number, reported: number): void {
  if (p.diagnostics.length > reported + 1 && !bracketsPair(p, start, p.position)) p.diagnostics.length = reported + 1;
}

function bracketsPair(p: Parser, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const kind = p.kinds[index]!;
    const bracket = kind >= Kind.openParen && kind <= Kind.closeBrace;
    if (bracket && p.structure.partner[index]! < 0) return false;
  }
  return true;
}

function errorDecl(p: Parser, start: number): ErrorDecl {
  const kind = p.kinds[start]!;
  const alias = p.tokens.roles[start] === Role.alias && p.kinds[start + 1] === Kind.identifier;
  const named = kind === Kind.identifier && !alias ? start : start + 1;
  const hasName = kind === Kind.identifier || kind === Kind.type || kind === Kind.tool;
  const name = hasName ? p.tokens.names[named] : undefined;
  const end = p.tokens.ends[Math.max(start, p.position - 1)]!;
  return { kind: 'error', name, span: { start: p.tokens.starts[start]!, end } };
}

/** Moves behind a declaration that could not be read, to where the next one begins. */
function skipToDeclaration(p: Parser, start: number): void {
  const { tokens, kinds, structure } = p;
  let at = start;
  while (at < tokens.count) {
    if (at > start && at >= p.position) {
      if (tokens.fresh[at] === 1 && startsDeclaration(tokens, at)) break;
      const kind = kinds[at]!;
      if (kind === Kind.type || kind === Kind.tool || kind === Kind.use) break;
      if (kinds[at - 1] === Kind.semicolon && isFunctionHeader(tokens, structure, at)) break;
    }
    const partner = structure.partner[at]!;
    at = partner > at ? partner + 1 : at + 1;
  }
  p.position = Math.max(at, start + 1);
}

function fieldNames(decls: readonly Decl[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const decl of decls) if (decl.kind === 'type') for (const field of decl.fields) names.add(field.name);
  return names;
}

function finished(p: Parser, decl: FunctionDecl, recordFields: ReadonlySet<string>): Decl {
  try {
    finishFunction(decl, recordFields, node => tooDeep(p, node.span));
    return decl;
  } catch (error) {
    if (error !== TOO_DEEP) throw error;
    return { kind: 'error', name: decl.name, span: decl.span };
  }
}

function nearLexicalError(decls: readonly Decl[], lexed: Lexed, diagnostic: Diagnostic): boolean {
  if (lexed.diagnostics.length === 0) return false;
  const place = diagnostic.labels[0]?.span.start ?? 0;
  const decl = decls.find(({ span }) => span.start <= place && place <= span.end);
  return decl !== undefined && hasLexicalError(decl, lexed);
}

function hasLexicalError({ span }: Decl, lexed: Lexed): boolean {
  return lexed.diagnostics.some(({ labels }) => {
    const at = labels[0]?.span.start ?? 0;
    return span.start <= at && at <= span.end;
  });
}

function poisoned(decl: Decl): Decl {
  return { kind: 'error', name: decl.kind === 'use' ? undefined : decl.name, span: decl.span };
}

/** By place, and shortened to the limit with a note about the rest. */
function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const place = (diagnostic: Diagnostic) => diagnostic.labels[0]?.span.start ?? 0;
  const sorted = [...diagnostics].sort((a, b) => place(a) - place(b));
  if (sorted.length <= DIAGNOSTIC_LIMIT) return sorted;
  const shown = sorted.slice(0, DIAGNOSTIC_LIMIT);
  const last = shown[DIAGNOSTIC_LIMIT - 1]!;
  shown[DIAGNOSTIC_LIMIT - 1] = {
    ...last,
    notes: [...last.notes, `more than ${DIAGNOSTIC_LIMIT} errors; the rest is not shown`],
  };
  return shown;
}
