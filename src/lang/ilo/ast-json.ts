// The syntax tree as JSON, in the reference's shape, for tools that read `ilo --ast`: every node is an object with its kind as
// the only key (`{"Call": {...}}`), kinds without content are plain text (`"Nil"`), numbers always show that they are doubles
// (`1.0`). Lambdas are lifted to functions `__lit_N` at the end of the program; `use` and broken declarations are left out.
//
// The text is much longer than the program, so it is made piece by piece: a node becomes plain data when it is printed, and
// the parts of long lists one after the other. (JSON.stringify could not print 1 as `1.0` either.)
import { unreachable } from '../../base/assert.ts';
import { ANY, type Type } from '../../core/type.ts';
import type {
  Arm,
  BinaryOp,
  Decl,
  Expr,
  FieldInit,
  LambdaExpr,
  LiteralValue,
  Param,
  Pattern,
  Program,
  Stmt,
  Unwrap,
} from './ast.ts';
import { walkBody } from './walk.ts';

/** A double, which prints with a fraction or an exponent. */
class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A list whose members become JSON when they are printed. */
class Members {
  readonly count: number;
  readonly at: (index: number) => Json;
  constructor(count: number, at: (index: number) => Json) {
    this.count = count;
    this.at = at;
  }
}

type Json = string | number | boolean | null | Double | Members | { readonly [key: string]: Json };

function members<T>(list: readonly T[], convert: (item: T) => Json): Members {
  return new Members(list.length, index => convert(list[index]!));
}

function pair(first: Json, second: Json): Members {
  return new Members(2, index => (index === 0 ? first : second));
}

/** The whole program as pretty-printed JSON, without a line break at the end. Throws a RangeError beyond 2^29 characters. */
export function programJson(program: Program): string {
  const parts: string[] = [];
  printProgramJson(program, text => parts.push(text));
  return parts.join('');
}

/** Hands the program's JSON to `write` in pieces of some kilobytes. */
export function printProgramJson(program: Program, write: (text: string) => void): void {
  const shown = program.decls.filter(({ kind }) => kind !== 'use' && kind !== 'error');
  const lifted = shown.flatMap(lambdasOf);
  const declarations = new Members(shown.length + lifted.length, index => {
    const decl = shown[index];
    return decl ? declJson(decl) : lambdaFunction(lifted[index - shown.length]!);
  });
  const out: Output = { parts: [], write };
  print({ declarations }, '\n', out);
  flush(out);
}

/** The lambdas of a declaration in the order of their names: as they end, so inner ones come first. */
function lambdasOf(decl: Decl): LambdaExpr[] {
  const found: LambdaExpr[] = [];
  if (decl.kind === 'function') walkBody(decl.body, { expr: expr => expr.kind === 'lambda' && found.push(expr) });
  return found.sort((a, b) => a.span.end - b.span.end);
}

function declJson(decl: Decl): Json {
  switch (decl.kind) {
    case 'function':
      return functionJson(decl.name, decl.params, decl.result, decl.body);
    case 'type':
      return { TypeDef: { name: decl.name, fields: members(decl.fields, paramJson) } };
    case 'tool':
      return {
        Tool: {
          name: decl.name,
          description: decl.description,
          params: members(decl.params, paramJson),
          return_type: typeJson(decl.result),
          timeout: decl.timeout === undefined ? null : new Double(decl.timeout),
          retry: decl.retry === undefined ? null : new Double(decl.retry),
        },
      };
    case 'alias':
      return { Alias: { name: decl.name, target: typeJson(decl.target) } };
    case 'use':
    case 'error':
      return null;
    default:
      return unreachable(decl);
  }
}

function functionJson(name: string, params: readonly Param[], result: Type, body: readonly Stmt[]): Json {
  return {
    Function: { name, params: members(params, paramJson), return_type: typeJson(result), body: bodyJson(body) },
  };
}

function paramJson(param: Param): Json {
  return { name: param.name, ty: typeJson(param.type) };
}

function typeJson(type: Type): Json {
  switch (type.kind) {
    case 'num':
      return 'Number';
    case 'text':
      return 'Text';
    case 'bool':
      return 'Bool';
    case 'nil':
    case 'any':
      return 'Any';
    case 'optional':
      return { Optional: typeJson(type.of) };
    case 'list':
      return { List: typeJson(type.of) };
    case 'map':
      return { Map: pair(typeJson(type.key), typeJson(type.value)) };
    case 'result':
      return { Result: pair(typeJson(type.ok), typeJson(type.err)) };
    case 'sum':
      return { Sum: members(type.variants, variant => variant) };
    case 'fn':
      return { Fn: pair(members(type.params, typeJson), typeJson(type.result)) };
    case 'named':
      return { Named: type.name };
    default:
      return unreachable(type);
  }
}

function bodyJson(body: readonly Stmt[]): Json {
  return members(body, stmtJson);
}

function stmtJson(stmt: Stmt): Json {
  switch (stmt.kind) {
    case 'let':
      return { Let: { name: stmt.name, value: exprJson(stmt.value) } };
    case 'guard':
      return {
        Guard: {
          condition: exprJson(stmt.condition),
          negated: stmt.negated,
          body: bodyJson(stmt.body),
          else_body: stmt.otherwise ? bodyJson(stmt.otherwise) : null,
          braceless: stmt.braceless,
        },
      };
    case 'match':
      return { Match: matchJson(stmt.subject, stmt.arms) };
    case 'foreach':
      return { ForEach: { binding: stmt.name, collection: exprJson(stmt.collection), body: bodyJson(stmt.body) } };
    case 'range':
      return {
        ForRange: { binding: stmt.name, start: exprJson(stmt.from), end: exprJson(stmt.to), body: bodyJson(stmt.body) },
      };
    case 'while':
      return { While: { condition: exprJson(stmt.condition), body: bodyJson(stmt.body) } };
    case 'return':
      return { Return: exprJson(stmt.value) };
    case 'break':
      return { Break: stmt.value ? exprJson(stmt.value) : null };
    case 'continue':
      return 'Continue';
    case 'destructure':
      return { Destructure: { bindings: members(stmt.names, ({ name }) => name), value: exprJson(stmt.value) } };
    case 'expr':
      return { Expr: exprJson(stmt.value) };
    default:
      return unreachable(stmt);
  }
}

function matchJson(subject: Expr | undefined, arms: readonly Arm[]): Json {
  return {
    subject: subject ? exprJson(subject) : null,
    arms: members(arms, arm => ({ pattern: patternJson(arm.pattern), body: bodyJson(arm.body) })),
  };
}

const IS_TYPES: Readonly<Record<'num' | 'text' | 'bool' | 'list', Json>> = {
  num: 'Number',
  text: 'Text',
  bool: 'Bool',
  list: { List: 'Text' },
};

function patternJson(pattern: Pattern): Json {
  switch (pattern.kind) {
    case 'ok':
      return { Ok: pattern.name };
    case 'err':
      return { Err: pattern.name };
    case 'literal':
      return { Literal: literalJson(pattern.value) };
    case 'wildcard':
      return 'Wildcard';
    case 'is':
      return { TypeIs: { ty: IS_TYPES[pattern.type], binding: pattern.name } };
    default:
      return unreachable(pattern);
  }
}

function literalJson(value: LiteralValue): Json {
  if (value === null) return 'Nil';
  if (typeof value === 'number') return { Number: new Double(value) };
  if (typeof value === 'string') return { Text: value };
  return { Bool: value };
}

const UNWRAPS: Readonly<Record<Unwrap, string>> = { none: 'None', propagate: 'Propagate', panic: 'Panic' };

const BINARY_NAMES: Readonly<Record<BinaryOp, string>> = {
  '+': 'Add',
  '-': 'Subtract',
  '*': 'Multiply',
  '/': 'Divide',
  '=': 'Equals',
  '!=': 'NotEquals',
  '>': 'GreaterThan',
  '<': 'LessThan',
  '>=': 'GreaterOrEqual',
  '<=': 'LessOrEqual',
  '&': 'And',
  '|': 'Or',
  '+=': 'Append',
};

function exprJson(node: Expr): Json {
  switch (node.kind) {
    case 'literal':
      return { Literal: literalJson(node.value) };
    case 'ref':
      return { Ref: node.name };
    case 'field':
      return { Field: { object: exprJson(node.object), field: node.field, safe: node.safe } };
    case 'index':
      return { Index: { object: exprJson(node.object), index: node.index, safe: node.safe } };
    case 'call':
      return { Call: { function: node.name, args: members(node.args, exprJson), unwrap: UNWRAPS[node.unwrap] } };
    case 'binary':
      return { BinOp: { op: BINARY_NAMES[node.op], left: exprJson(node.left), right: exprJson(node.right) } };
    case 'unary':
      return { UnaryOp: { op: node.op === '-' ? 'Negate' : 'Not', operand: exprJson(node.operand) } };
    case 'ok':
      return { Ok: exprJson(node.value) };
    case 'err':
      return { Err: exprJson(node.value) };
    case 'list':
      return { List: members(node.items, exprJson) };
    case 'record':
      return { Record: { type_name: node.typeName, fields: initsJson(node.fields) } };
    case 'match':
      return { Match: matchJson(node.subject, node.arms) };
    case 'coalesce':
      return { NilCoalesce: { value: exprJson(node.value), default: exprJson(node.fallback) } };
    case 'with':
      return { With: { object: exprJson(node.object), updates: initsJson(node.updates) } };
    case 'ternary':
      return {
        Ternary: {
          condition: exprJson(node.condition),
          then_expr: exprJson(node.then),
          else_expr: exprJson(node.otherwise),
        },
      };
    case 'lambda':
      return lambdaJson(node);
    default:
      return unreachable(node);
  }
}

function initsJson(fields: readonly FieldInit[]): Json {
  return members(fields, ({ name, value }) => pair(name, exprJson(value)));
}

function lambdaFunction(node: LambdaExpr): Json {
  const captured = node.captures.map(name => ({ name, type: ANY, span: node.span }));
  return functionJson(node.name, [...node.params, ...captured], node.result, node.body);
}

function lambdaJson(node: LambdaExpr): Json {
  if (node.captures.length === 0) return { Ref: node.name };
  return { MakeClosure: { fn_name: node.name, captures: members(node.captures, name => ({ Ref: name })) } };
}

interface Output {
  parts: string[];
  readonly write: (text: string) => void;
}

function flush(out: Output): void {
  out.write(out.parts.join(''));
  out.parts = [];
}

function print(value: Json, newline: string, out: Output): void {
  if (out.parts.length > 1000) flush(out);
  if (value instanceof Double) out.parts.push(doubleText(value.value));
  else if (value instanceof Members) printMembers(value, newline, out);
  else if (value === null || typeof value !== 'object') out.parts.push(JSON.stringify(value));
  else printObject(value, newline, out);
}

function printMembers({ count, at }: Members, newline: string, out: Output): void {
  if (count === 0) {
    out.parts.push('[]');
    return;
  }
  const inner = `${newline}  `;
  for (let index = 0; index < count; index++) {
    out.parts.push(index === 0 ? '[' : ',', inner);
    print(at(index), inner, out);
  }
  out.parts.push(newline, ']');
}

function printObject(object: { readonly [key: string]: Json }, newline: string, out: Output): void {
  const inner = `${newline}  `;
  let separator = '{';
  for (const [key, item] of Object.entries(object)) {
    out.parts.push(`${separator}${inner}"${key}": `);
    print(item, inner, out);
    separator = ',';
  }
  out.parts.push(newline, '}');
}

/**
 * The shortest text that reads back as the double, always recognisable as one: `1.0`, `0.001`, `1e21`, `1.5e-7`. From 1e16
 * upwards and below 1e-5 with an exponent, as the reference's printer does.
 */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return 'null';
  if (Object.is(value, -0)) return '-0.0';
  const [mantissa = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= 16 || exponent < -5) return `${mantissa}e${exponent}`;
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}
