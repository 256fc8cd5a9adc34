// Declarations: functions, `type`, `tool`, `alias`, `use`. Nothing but their first tokens separates them, so a header that is
// not finished on its line is reported against its own name (ILO-P020) and not against the line that follows.
import { diagnose } from '../../diag/diagnostic.ts';
import { isBuiltinName } from '../../spec/builtin-names.ts';
import type { Decl, FunctionDecl, Param, Stmt } from './ast.ts';
import { declarationAdvice, FUNCTION_ADVICE, parseBlock, parseStatements } from './blocks.ts';
import {
  atEnd,
  expect,
  expectIdentifier,
  FAILED,
  fail,
  failAt,
  isFresh,
  isLineBreak,
  nameAt,
  type Parser,
  record,
  showToken,
  spanFrom,
  startOf,
  tokenSpan,
} from './cursor.ts';
import { numberValue, textValue } from './literals.ts';
import { startsDestructure } from './match.ts';
import { refuseBuiltinBinding, refuseReservedBinding } from './statements.ts';
import { isFunctionHeader } from './structure.ts';
import { Kind, Role } from './tokens.ts';
import { parseParam, parseParams, parseType } from './types.ts';

export function parseDeclaration(p: Parser): Decl {
  if (p.kinds[p.position + 1] === Kind.equal) {
    refuseReservedBinding(p);
    if (refuseBuiltinBinding(p)) throw FAILED;
  }
  switch (p.kinds[p.position]) {
    case Kind.type:
      return parseTypeDeclaration(p);
    case Kind.tool:
      return parseTool(p);
    case Kind.use:
      return parseUse(p);
    case Kind.identifier:
      if (p.tokens.roles[p.position] === Role.alias) return parseAlias(p);
      if (nameAt(p, p.position) === 'function') {
        fail(p, 'ILO-P001', 'declaration', { got: showToken(p, p.position) }, FUNCTION_ADVICE);
      }
      return parseFunction(p);
    default:
      return fail(p, 'ILO-P001', 'declaration', { got: showToken(p, p.position) }, declarationAdvice(p));
  }
}

/** `type name{field:type;…}`. */
function parseTypeDeclaration(p: Parser): Decl {
  const start = startOf(p);
  p.position++;
  const index = expectIdentifier(p);
  expect(p, Kind.openBrace);
  const fields: Param[] = [];
  while (p.kinds[p.position] !== Kind.closeBrace) {
    if (fields.length > 0) expect(p, Kind.semicolon);
    if (p.kinds[p.position] === Kind.closeBrace) break;
    fields.push(parseParam(p));
  }
  p.position++;
  return { kind: 'type', name: nameAt(p, index), nameSpan: tokenSpan(p, index), fields, span: spanFrom(p, start) };
}

/** `tool name"description" params>type timeout:seconds,retry:times`. */
function parseTool(p: Parser): Decl {
  const start = startOf(p);
  p.position++;
  const index = expectIdentifier(p);
  if (p.kinds[p.position] !== Kind.text) fail(p, 'ILO-P015', 'description', {});
  const description = textValue(p, p.position++);
  const params = parseParams(p);
  expect(p, Kind.greater);
  const result = parseType(p);
  let timeout: number | undefined;
  let retry: number | undefined;
  for (;;) {
    const kind = p.kinds[p.position];
    if (kind !== Kind.timeout && kind !== Kind.retry) break;
    p.position++;
    expect(p, Kind.colon);
    const value = parseNumber(p);
    if (kind === Kind.timeout) timeout = value;
    else retry = value;
    if (p.kinds[p.position] === Kind.comma) p.position++;
  }
  const nameSpan = tokenSpan(p, index);
  const span = spanFrom(p, start);
  return { kind: 'tool', name: nameAt(p, index), nameSpan, description, params, result, timeout, retry, span };
}

function parseNumber(p: Parser): number {
  if (p.kinds[p.position] === Kind.number) return numberValue(p, p.position++);
  if (atEnd(p)) return fail(p, 'ILO-P014', 'number', {});
  return fail(p, 'ILO-P013', 'number', { got: showToken(p, p.position) });
}

/** `alias name type`. */
function parseAlias(p: Parser): Decl {
  const start = startOf(p);
  p.position++;
  const index = expectIdentifier(p);
  const target = parseType(p);
  return { kind: 'alias', name: nameAt(p, index), nameSpan: tokenSpan(p, index), target, span: spanFrom(p, start) };
}

/** `use "path"` or `use "path" [name name]`. */
function parseUse(p: Parser): Decl {
  const start = startOf(p);
  const useIndex = p.position++;
  if (p.kinds[p.position] !== Kind.text) fail(p, 'ILO-P016', 'usePath', { got: showToken(p, p.position) });
  const index = p.position++;
  const only = p.kinds[p.position] === Kind.openBracket ? parseUseNames(p, useIndex) : undefined;
  return { kind: 'use', path: textValue(p, index), pathSpan: tokenSpan(p, index), only, span: spanFrom(p, start) };
}

function parseUseNames(p: Parser, useIndex: number): { name: string; span: { start: number; end: number } }[] {
  const open = p.position++;
  const names: { name: string; span: { start: number; end: number } }[] = [];
  while (p.kinds[p.position] !== Kind.closeBracket) {
    if (p.structure.partner[open]! < 0) failAt(p, tokenSpan(p, open), 'ILO-P016', 'useUnclosed', {});
    const index = expectIdentifier(p);
    names.push({ name: nameAt(p, index), span: tokenSpan(p, index) });
    if (p.kinds[p.position] === Kind.comma) p.position++;
  }
  p.position++;
  if (names.length === 0)
    failAt(p, tokenSpan(p, useIndex), 'ILO-P016', 'useEmpty', {}, 'leave the brackets out to import all');
  return names;
}

/** `name param:type …>type;body`, or with the body in braces. */
function parseFunction(p: Parser): FunctionDecl {
  const start = startOf(p);
  const index = expectIdentifier(p);
  const name = nameAt(p, index);
  const allowed = checkFunctionName(p, index, name);
  const params = parseParams(p);
  checkHeaderGoesOn(p, index, name);
  if (allowed) registerFunction(p, name, params);
  if (params.length === 0 && p.kinds[p.position] === Kind.colon && p.kinds[p.position + 1] === Kind.greater)
    fail(
      p,
      'ILO-P003',
      'colonBeforeResult',
      { name },
      `write \`${name}>return;body\`, or \`${name} param:type>return;body\``,
    );
  // A header may go on in an indented line; the line break before its `>` is no separator.
  if (isLineBreak(p, p.position) && p.kinds[p.position + 1] === Kind.greater) p.position++;
  expect(p, Kind.greater);
  checkHeaderGoesOn(p, index, name);
  const result = parseType(p);
  if (p.kinds[p.position] === Kind.semicolon) p.position++;
  else if (isFresh(p) && !atEnd(p) && startsOtherDeclaration(p)) reportMissingBody(p, index, name);
  const body = parseBody(p);
  return { kind: 'function', name, nameSpan: tokenSpan(p, index), params, result, body, span: spanFrom(p, start) };
}

function parseBody(p: Parser): Stmt[] {
  if (p.kinds[p.position] === Kind.openBrace && !startsDestructure(p)) return parseBlock(p);
  return parseStatements(p, Kind.end);
}

/** Reports names that a function cannot have. The rest of it is still read. */
function checkFunctionName(p: Parser, index: number, name: string): boolean {
  const extras = { span: tokenSpan(p, index), label: 'here' };
  const role = p.tokens.roles[index]!;
  if (isBuiltinName(name)) {
    const suggestion = `rename to something like \`my${name}\` or \`${name}of\`: calls of this name go to the builtin`;
    record(p, diagnose('ILO-P011', 'builtinFunction', { name }, { ...extras, suggestion }));
    return false;
  }
  if (role >= Role.ret && role <= Role.wh) {
    record(p, diagnose('ILO-P011', 'reserved', { word: name }, extras));
    return false;
  }
  return true;
}

/** Lets recursive calls, and calls further down, know how many arguments the function takes. */
function registerFunction(p: Parser, name: string, params: readonly Param[]): void {
  let functions = 0;
  for (const [slot, param] of params.entries()) if (param.type.kind === 'fn' && slot < 31) functions |= 1 << slot;
  p.functions.set(name, { operands: params.length, functions });
}

function checkHeaderGoesOn(p: Parser, index: number, name: string): void {
  if (atEnd(p)) failAt(p, tokenSpan(p, index), 'ILO-P020', 'header', { name, end: 'file' }, HEADER_ADVICE);
  if (isFresh(p)) failAt(p, tokenSpan(p, index), 'ILO-P020', 'header', { name, end: 'line' }, HEADER_ADVICE);
}

const HEADER_ADVICE = 'a header is `name param:type>type;` on one line; indent what continues on the next';

/** Behind a header without body: the next line is a declaration of its own and not the body. */
function startsOtherDeclaration(p: Parser): boolean {
  const kind = p.kinds[p.position]!;
  if (kind === Kind.type || kind === Kind.tool || kind === Kind.use) return true;
  const withParams = p.kinds[p.position + 1] === Kind.identifier;
  return kind === Kind.identifier && withParams && isFunctionHeader(p.tokens, p.structure, p.position);
}

function reportMissingBody(p: Parser, index: number, name: string): never {
  return failAt(p, tokenSpan(p, index), 'ILO-P020', 'body', { name }, HEADER_ADVICE);
}
