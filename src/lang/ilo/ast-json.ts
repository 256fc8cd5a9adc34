// The syntax tree as JSON, in the reference's shape, for tools that read `ilo --ast`: every node is an object with its kind as
// the only key (`{"Call": {...}}`), kinds without content are plain text (`"Nil"`), numbers always show that they are doubles
// (`1.0`). Lambdas are lifted to functions `__lit_N` at the end of the program; `use` and broken declarations are left out.
//
// The tree is first turned into plain data and then printed, because JSON.stringify cannot print 1 as `1.0`.
import { unreachable } from '../../base/assert.ts';
import type { Type } from '../../core/type.ts';
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

/** A double, which prints with a fraction or an exponent. */
class Double {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

type Json = string | number | boolean | null | Double | readonly Json[] | { readonly [key: string]: Json };

/** The lifted functions found so far, innermost first, as their names count. */
type Lifted = Json[];

/** The whole program as pretty-printed JSON, without a line break at the end. */
export function programJson(program: Program): string {
  const lifted: Lifted = [];
  const declarations = program.decls.flatMap(decl => declJson(decl, lifted));
  const parts: string[] = [];
  print({ declarations: [...declarations, ...lifted] }, '\n', parts);
  return parts.join('');
}

function declJson(decl: Decl, lifted: Lifted): Json[] {
  switch (decl.kind) {
    case 'function':
      return [functionJson(decl.name, decl.params.map(paramJson), decl.result, decl.body, lifted)];
    case 'type':
      return [{ TypeDef: { name: decl.name, fields: decl.fields.map(paramJson) } }];
    case 'tool':
      return [
        {
          Tool: {
            name: decl.name,
            description: decl.description,
            params: decl.params.map(paramJson),
            return_type: typeJson(decl.result),
            timeout: decl.timeout === undefined ? null : new Double(decl.timeout),
            retry: decl.retry === undefined ? null : new Double(decl.retry),
          },
        },
      ];
    case 'alias':
      return [{ Alias: { name: decl.name, target: typeJson(decl.target) } }];
    case 'use':
    case 'error':
      return [];
    default:
      return unreachable(decl);
  }
}

function functionJson(name: string, params: Json[], result: Type, body: readonly Stmt[], lifted: Lifted): Json {
  return { Function: { name, params, return_type: typeJson(result), body: bodyJson(body, lifted) } };
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
      return { Map: [typeJson(type.key), typeJson(type.value)] };
    case 'result':
      return { Result: [typeJson(type.ok), typeJson(type.err)] };
    case 'sum':
      return { Sum: type.variants };
    case 'fn':
      return { Fn: [type.params.map(typeJson), typeJson(type.result)] };
    case 'named':
      return { Named: type.name };
    default:
      return unreachable(type);
  }
}

function bodyJson(body: readonly Stmt[], lifted: Lifted): Json[] {
  return body.map(stmt => stmtJson(stmt, lifted));
}

function stmtJson(stmt: Stmt, lifted: Lifted): Json {
  const expr = (value: Expr) => exprJson(value, lifted);
  const body = (stmts: readonly Stmt[]) => bodyJson(stmts, lifted);
  switch (stmt.kind) {
    case 'let':
      return { Let: { name: stmt.name, value: expr(stmt.value) } };
    case 'guard':
      return {
        Guard: {
          condition: expr(stmt.condition),
          negated: stmt.negated,
          body: body(stmt.body),
          else_body: stmt.otherwise ? body(stmt.otherwise) : null,
          braceless: stmt.braceless,
        },
      };
    case 'match':
      return { Match: matchJson(stmt.subject, stmt.arms, lifted) };
    case 'foreach':
      return { ForEach: { binding: stmt.name, collection: expr(stmt.collection), body: body(stmt.body) } };
    case 'range':
      return {
        ForRange: { binding: stmt.name, start: expr(stmt.from), end: expr(stmt.to), body: body(stmt.body) },
      };
    case 'while':
      return { While: { condition: expr(stmt.condition), body: body(stmt.body) } };
    case 'return':
      return { Return: expr(stmt.value) };
    case 'break':
      return { Break: stmt.value ? expr(stmt.value) : null };
    case 'continue':
      return 'Continue';
    case 'destructure':
      return { Destructure: { bindings: stmt.names.map(({ name }) => name), value: expr(stmt.value) } };
    case 'expr':
      return { Expr: expr(stmt.value) };
    default:
      return unreachable(stmt);
  }
}

function matchJson(subject: Expr | undefined, arms: readonly Arm[], lifted: Lifted): Json {
  return {
    subject: subject ? exprJson(subject, lifted) : null,
    arms: arms.map(arm => ({ pattern: patternJson(arm.pattern), body: bodyJson(arm.body, lifted) })),
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

function exprJson(node: Expr, lifted: Lifted): Json {
  const expr = (value: Expr) => exprJson(value, lifted);
  const inits = (fields: readonly FieldInit[]) => fields.map(({ name, value }) => [name, expr(value)]);
  switch (node.kind) {
    case 'literal':
      return { Literal: literalJson(node.value) };
    case 'ref':
      return { Ref: node.name };
    case 'field':
      return { Field: { object: expr(node.object), field: node.field, safe: node.safe } };
    case 'index':
      return { Index: { object: expr(node.object), index: node.index, safe: node.safe } };
    case 'call':
      return { Call: { function: node.name, args: node.args.map(expr), unwrap: UNWRAPS[node.unwrap] } };
    case 'binary':
      return { BinOp: { op: BINARY_NAMES[node.op], left: expr(node.left), right: expr(node.right) } };
    case 'unary':
      return { UnaryOp: { op: node.op === '-' ? 'Negate' : 'Not', operand: expr(node.operand) } };
    case 'ok':
      return { Ok: expr(node.value) };
    case 'err':
      return { Err: expr(node.value) };
    case 'list':
      return { List: node.items.map(expr) };
    case 'record':
      return { Record: { type_name: node.typeName, fields: inits(node.fields) } };
    case 'match':
      return { Match: matchJson(node.subject, node.arms, lifted) };
    case 'coalesce':
      return { NilCoalesce: { value: expr(node.value), default: expr(node.fallback) } };
    case 'with':
      return { With: { object: expr(node.object), updates: inits(node.updates) } };
    case 'ternary':
      return {
        Ternary: { condition: expr(node.condition), then_expr: expr(node.then), else_expr: expr(node.otherwise) },
      };
    case 'lambda':
      return lambdaJson(node, lifted);
    default:
      return unreachable(node);
  }
}

function lambdaJson(node: LambdaExpr, lifted: Lifted): Json {
  const params = [...node.params.map(paramJson), ...node.captures.map(name => ({ name, ty: 'Any' }))];
  // Printing the body first puts the lambdas inside it in front, which is the order of their names.
  const declaration = functionJson(node.name, params, node.result, node.body, lifted);
  lifted.push(declaration);
  if (node.captures.length === 0) return { Ref: node.name };
  return { MakeClosure: { fn_name: node.name, captures: node.captures.map(name => ({ Ref: name })) } };
}

function print(value: Json, newline: string, out: string[]): void {
  if (value instanceof Double) out.push(doubleText(value.value));
  else if (value === null || typeof value !== 'object') out.push(JSON.stringify(value));
  else if (isArray(value)) printArray(value, newline, out);
  else printObject(value, newline, out);
}

function isArray(value: readonly Json[] | { readonly [key: string]: Json }): value is readonly Json[] {
  return Array.isArray(value);
}

function printArray(items: readonly Json[], newline: string, out: string[]): void {
  if (items.length === 0) {
    out.push('[]');
    return;
  }
  const inner = `${newline}  `;
  let separator = '[';
  for (const item of items) {
    out.push(separator, inner);
    print(item, inner, out);
    separator = ',';
  }
  out.push(newline, ']');
}

function printObject(object: { readonly [key: string]: Json }, newline: string, out: string[]): void {
  const inner = `${newline}  `;
  let separator = '{';
  for (const [key, item] of Object.entries(object)) {
    out.push(separator, inner, JSON.stringify(key), ': ');
    print(item, inner, out);
    separator = ',';
  }
  out.push(newline, '}');
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
