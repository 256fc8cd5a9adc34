// A walk over the body of a function that knows at every point which names are bound there. Bindings become visible
// behind their statement and end with their block. The walk may put other nodes in the place of field accesses, and
// it measures how deep the tree is, because chains such as `a+b+c` grow deep without being nested in the source.

import type { Arm, Expr, FieldExpr, FieldInit, FunctionDecl, LambdaExpr, Stmt } from './ast.ts';
import { DEPTH_LIMIT } from './cursor.ts';

export interface Hooks {
  /** A use of a name, as a value or as the function of a call. */
  readonly reference: (name: string, scope: Scope) => void;
  readonly bind: (name: string) => void;
  /** Gives the node that takes the place of a field access. */
  readonly field: (field: FieldExpr, scope: Scope) => Expr;
  /** Names besides the parameters that are bound inside. */
  readonly enterLambda: (lambda: LambdaExpr) => readonly string[];
  readonly leaveLambda: (lambda: LambdaExpr, outer: Scope) => void;
  /** Never returns. */
  readonly tooDeep: (node: Expr | Stmt) => never;
}

/** Names in the order they were bound, and how often each is bound at this point. */
export interface Scope {
  readonly order: string[];
  readonly counts: Map<string, number>;
}

interface Walk {
  readonly hooks: Hooks;
  readonly scope: Scope;
  depth: number;
}

type Mutable<Node> = { -readonly [Key in keyof Node]: Node[Key] };

export function isBound(scope: Scope, name: string): boolean {
  return (scope.counts.get(name) ?? 0) > 0;
}

export function walkFunction(decl: FunctionDecl, hooks: Hooks): void {
  const walk: Walk = { hooks, scope: { order: [], counts: new Map() }, depth: 0 };
  for (const param of decl.params) bind(walk, param.name);
  walkBlock(walk, decl.body);
}

function bind(walk: Walk, name: string): void {
  const { order, counts } = walk.scope;
  order.push(name);
  counts.set(name, (counts.get(name) ?? 0) + 1);
  walk.hooks.bind(name);
}

function unbind(scope: Scope, size: number): void {
  while (scope.order.length > size) {
    const name = scope.order.pop()!;
    scope.counts.set(name, scope.counts.get(name)! - 1);
  }
}

function walkBlock(walk: Walk, body: readonly Stmt[], name?: string): void {
  const size = walk.scope.order.length;
  if (name !== undefined) bind(walk, name);
  for (const statement of body) walkStatement(walk, statement);
  unbind(walk.scope, size);
}

function walkStatement(walk: Walk, statement: Stmt): void {
  if (++walk.depth > DEPTH_LIMIT) walk.hooks.tooDeep(statement);
  const node = statement as Mutable<Stmt>;
  switch (node.kind) {
    case 'let':
      node.value = walkExpression(walk, node.value);
      bind(walk, node.name);
      break;
    case 'guard':
      node.condition = walkExpression(walk, node.condition);
      walkBlock(walk, node.body);
      if (node.otherwise !== undefined) walkBlock(walk, node.otherwise);
      break;
    case 'match':
      if (node.subject !== undefined) node.subject = walkExpression(walk, node.subject);
      walkArms(walk, node.arms);
      break;
    case 'foreach':
      node.collection = walkExpression(walk, node.collection);
      walkBlock(walk, node.body, node.name);
      break;
    case 'range':
      node.from = walkExpression(walk, node.from);
      node.to = walkExpression(walk, node.to);
      walkBlock(walk, node.body, node.name);
      break;
    case 'while':
      node.condition = walkExpression(walk, node.condition);
      walkBlock(walk, node.body);
      break;
    case 'return':
    case 'expr':
      node.value = walkExpression(walk, node.value);
      break;
    case 'break':
      if (node.value !== undefined) node.value = walkExpression(walk, node.value);
      break;
    case 'destructure':
      node.value = walkExpression(walk, node.value);
      for (const { name } of node.names) bind(walk, name);
      break;
    case 'continue':
      break;
  }
  walk.depth--;
}

function walkArms(walk: Walk, arms: readonly Arm[]): void {
  for (const { pattern, body } of arms) {
    const bound = pattern.kind === 'ok' || pattern.kind === 'err' || pattern.kind === 'is' ? pattern.name : undefined;
    walkBlock(walk, body, bound);
  }
}

function walkExpression(walk: Walk, expression: Expr): Expr {
  if (++walk.depth > DEPTH_LIMIT) walk.hooks.tooDeep(expression);
  const result = walkParts(walk, expression);
  walk.depth--;
  return result;
}

function walkParts(walk: Walk, expression: Expr): Expr {
  const node = expression as Mutable<Expr>;
  switch (node.kind) {
    case 'literal':
      break;
    case 'ref':
      walk.hooks.reference(node.name, walk.scope);
      break;
    case 'field':
      node.object = walkExpression(walk, node.object);
      return walk.hooks.field(node as FieldExpr, walk.scope);
    case 'index':
      node.object = walkExpression(walk, node.object);
      break;
    case 'call':
      walk.hooks.reference(node.name, walk.scope);
      walkList(walk, node.args);
      break;
    case 'binary':
      node.left = walkExpression(walk, node.left);
      node.right = walkExpression(walk, node.right);
      break;
    case 'unary':
      node.operand = walkExpression(walk, node.operand);
      break;
    case 'ok':
    case 'err':
      node.value = walkExpression(walk, node.value);
      break;
    case 'list':
      walkList(walk, node.items);
      break;
    case 'record':
      walkFields(walk, node.fields);
      break;
    case 'match':
      if (node.subject !== undefined) node.subject = walkExpression(walk, node.subject);
      walkArms(walk, node.arms);
      break;
    case 'coalesce':
      node.value = walkExpression(walk, node.value);
      node.fallback = walkExpression(walk, node.fallback);
      break;
    case 'with':
      node.object = walkExpression(walk, node.object);
      walkFields(walk, node.updates);
      break;
    case 'ternary':
      node.condition = walkExpression(walk, node.condition);
      node.then = walkExpression(walk, node.then);
      node.otherwise = walkExpression(walk, node.otherwise);
      break;
    case 'lambda':
      walkLambda(walk, node as LambdaExpr);
      break;
  }
  return expression;
}

function walkLambda(outer: Walk, lambda: LambdaExpr): void {
  const names = outer.hooks.enterLambda(lambda);
  const walk: Walk = { hooks: outer.hooks, scope: { order: [], counts: new Map() }, depth: outer.depth };
  for (const param of lambda.params) bind(walk, param.name);
  for (const name of names) bind(walk, name);
  walkBlock(walk, lambda.body);
  outer.hooks.leaveLambda(lambda, outer.scope);
}

function walkList(walk: Walk, items: readonly Expr[]): void {
  const list = items as Expr[];
  for (let index = 0; index < list.length; index++) {
    const before = list[index]!;
    const after = walkExpression(walk, before);
    if (after !== before) list[index] = after;
  }
}

function walkFields(walk: Walk, fields: readonly FieldInit[]): void {
  for (const field of fields) (field as Mutable<FieldInit>).value = walkExpression(walk, field.value);
}
